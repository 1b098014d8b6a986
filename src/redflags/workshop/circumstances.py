"""Which circumstance of an order a field speaks of, and which tests speak of a conflict.

What separates guilty from honest orders is combination: a circumstance that is ordinary by itself
is at most a low sign, and a high one needs circumstances of two kinds or a conflict between them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from redflags.workshop.reasoning import Asserted, Branch

_BY_FIELD = {
    "quantity": "scale", "quantity.scale": "scale", "value": "scale", "unit": "scale",
    "currency": "scale", "end_use": "end user", "incoterm": "transport", "ship_via": "transport",
    "notes": "behaviour", "hs_code": "goods", "cas": "goods", "control_code": "control",
    "concentration": "goods", "particle_size": "goods", "product": "goods",
    "product.limit": "control", "product.controlled": "control", "transit_countries": "place",
    "destinations": "place", "destinations.region": "place", "destination.country": "place",
    "parties.country": "place", "parties.name": "parties", "order_id": "", "line": "", "date": "",
    "outcome": "behaviour", "payment.bank_country": "payer", "payment.countries": "payer",
}  # fmt: skip

_BY_GROUP = {
    "product": "goods", "payment": "payment", "end_use_statement": "end user",
    "licence": "control", "observations": "behaviour", "observed": "behaviour",
}  # fmt: skip

_OF_PARTY = {
    "business": "trade", "trade_known": "trade", "fit": "trade", "size": "trade",
    "country": "place", "region": "place", "city": "place", "name": "parties",
    "relation": "parties", "stated": "end user",
}  # fmt: skip


@cache
def circumstance(path: str) -> str:
    """The circumstance that a field speaks of: goods, scale, trade, place, payer, payment, end
    user, control, transport, behaviour, parties, or how little is known of a party; empty for the
    number and date of an order."""
    if path in _BY_FIELD:
        return _BY_FIELD[path]
    group, _, attribute = path.rpartition(".")
    if group in _BY_GROUP:
        return _BY_GROUP[group]
    found = _OF_PARTY.get(attribute, "new party")
    return "payer" if group in ("payer", "bank") and found in ("parties", "place") else found


_CONFLICTING = {
    "fit": frozenset({"incompatible", "unusual"}),
    "end_use_statement.status": frozenset({"inconsistent", "refused"}),
    "licence.status": frozenset({"refused"}),
}
"""Values that say themselves that two things do not go together."""


def is_conflict(literal: Asserted) -> bool:
    """Whether a test speaks of two things of the order that do not go together: a party that is
    another than expected, goods that do not suit a trade, a statement that is refused. What a
    person has looked at and noted is one too: it is no ordinary circumstance, but a judgement."""
    test = literal.test
    if test.operator in ("same_as", "differs_from"):
        return (test.operator == "differs_from") == literal.holds
    if not literal.holds or test.operator not in ("is", "in"):
        return False
    if circumstance(test.field) == "behaviour":
        return test.field.startswith(("observations.", "observed."))
    attribute = test.field.rpartition(".")[2]
    conflicting = _CONFLICTING.get(test.field, _CONFLICTING.get(attribute, frozenset()))
    wanted: frozenset[str] = test.operand if test.operator == "in" else frozenset({test.operand})
    return conflicting.issuperset(wanted)


def circumstances(branch: Branch) -> frozenset[str]:
    """The kinds of circumstances that one way for a condition to hold speaks of."""
    found = {circumstance(one.test.field) for one in branch if _says_something(one)}
    return frozenset(found - {""})


def _says_something(literal: Asserted) -> bool:
    """Not that a field is stated, which every other test of it needs anyway, nor that no limit
    exempts the goods."""
    test = literal.test
    if test.operator == "known":
        return bool(test.operand != literal.holds)
    return test.field not in ("product.exempt", "product.known_by")


def has_conflict(branch: Iterable[Asserted]) -> bool:
    """Whether any test of one way for a condition to hold speaks of a conflict."""
    return any(is_conflict(literal) for literal in branch)
