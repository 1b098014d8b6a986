"""Facts put otherwise: for a test that decides a flag, other values that would turn it round.

Every alternative is a text that could stand in the order, read by the same parsers, so that whoever
doubts a counterfactual can write it into the file and check again. The values are examples of what
would do: another trade, a named end user, a verified statement. Which facts an enquiry can show and
which are terms of the order itself, one table says.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from redflags import reference
from redflags.engine.judge import Judge
from redflags.explain.other_values import fitting_trades, texts
from redflags.model.derived import PAYMENT_COUNTRIES
from redflags.model.fields import field_table
from redflags.model.observed import observations_by_theme
from redflags.model.record import COMPANION_COLUMNS, Record, altered
from redflags.model.roles import OTHERS, SHIP_TO
from redflags.model.validity import expire
from redflags.rulebook.operators import incomparable
from redflags.rulebook.tree import Test
from redflags.values.money import Money
from redflags.values.quantity import Quantity
from redflags.values.text import display

MOST_OF_A_TEST = 3
"""Alternatives that are kept of one field for one test."""

_TERMS_OF_THE_ORDER = frozenset(
    {
        "cas", "concentration", "control_code", "currency", "date", "hs_code", "incoterm", "line",
        "notes", "order_id", "outcome", "particle_size", "payment.method", "payment.terms",
        "product", "quantity", "ship_via", "unit", "value",
    }
)  # fmt: skip
"""Stated fields that are what was ordered: an enquiry shows nothing else, another order does."""

_GOODS = ("product", "cas", "hs_code", "control_code", "product.family")

_OURSELVES = ("seller", "exporter")
"""The parties on the own side of the sale, of whom there is nothing to find out."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One fact put otherwise: ``cells`` are texts by path, ``clause`` completes “if …”, and
    ``distance`` is how far an amount is from the one that is stated."""

    path: str
    cells: tuple[tuple[str, str], ...]
    instead: str
    clause: str
    can_be_checked: bool
    distance: int = 0

    @property
    def paths(self) -> frozenset[str]:
        """The fields that it writes."""
        return frozenset(path for path, _ in self.cells)


def changed(
    record: Record, alternatives: Iterable[Alternative], as_of: datetime.date | None
) -> Record:
    """The record of a line with some facts put otherwise."""
    cells = {path: text for one in alternatives for path, text in one.cells}
    found = altered(record, cells)
    expire(found, as_of)
    return found


def alternatives(
    test: Test, wanted: bool, record: Record, judge: Judge, as_of: datetime.date | None
) -> Iterator[Alternative]:
    """The ways to turn a test round so that its verdict is ``wanted``; where none does so alone,
    those that take something from it: another stop of the goods can keep it as it is."""
    for path in _settable(test, record):
        turned: list[Alternative] = []
        others: list[Alternative] = []
        for proposed in islice(_proposed(path, test, record), 12):
            one = _in_force(proposed, record, as_of)
            if _says_the_same(one, record):
                continue
            verdict = judge.verdict(test, changed(record, [one], as_of))
            if verdict is wanted:
                turned.append(one)
            elif verdict is not None and path.endswith((".country", ".region", "_countries")):
                others.append(one)
            if len(turned) == MOST_OF_A_TEST:
                break
        yield from turned or others[:1]


_DAYS_BEHIND = {
    "end_use_statement.status": "end_use_statement.date",
    "licence.status": "licence.until",
}
"""Days that decide whether a paper has run out."""


def _in_force(one: Alternative, record: Record, as_of: datetime.date | None) -> Alternative:
    """A paper that is in force: where a stated day would have it run out, with another day."""
    day = _DAYS_BEHIND.get(one.path)
    if day is None or as_of is None or record[day].value is None:
        return one
    return replace(one, cells=(*one.cells, (day, as_of.isoformat())))


def _says_the_same(one: Alternative, record: Record) -> bool:
    return all(record[path].written.strip() == text for path, text in one.cells)


def _settable(test: Test, record: Record) -> list[str]:
    """The fields that decide a test and can be stated, without repetition."""
    found = dict.fromkeys(_stated_for(test.field, record))
    return [path for path in found if path.partition(".")[0] not in _OURSELVES]


def _stated_for(path: str, record: Record) -> Iterable[str]:
    """The fields to be stated otherwise, so that this one has another value."""
    if record.states(path) or not field_table()[path].is_derived:
        return (path,)
    role, _, attribute = path.partition(".")
    if attribute in _BEHIND:
        return (f"{role}.{_BEHIND[attribute]}",)
    if attribute in ("region", "address_type", "relation"):
        return (path,)
    if path in _BEHIND_ONE:
        return _BEHIND_ONE[path]
    if path.startswith("observed."):
        return tuple(one for one in observations_by_theme()[path] if record.states(one))
    if path == "destinations.region":
        return tuple(f"{party}.region" for party in (*SHIP_TO, "buyer"))
    return tuple(one for one in _COUNTRIES.get(path, ()) if record.states(one))


_BEHIND: Mapping[str, str] = {
    "fit": "business",
    "trade_known": "business",
    "age": "incorporated",
    "customer_for": "customer_since",
    "email_domain": "email",
    "phone_country": "phone",
}
_BEHIND_ONE: Mapping[str, tuple[str, ...]] = {
    "quantity.scale": ("quantity", "product"),
    "end_user.stated": ("end_user.name",),
    "licence.in_hand": ("licence.status",),
    "product.family": ("product",),
    "product.harm": ("product",),
    "product.known_by": ("product",),
    "product.headings": ("product",),
    "product.controlled": ("product",),
    "product.limit": ("concentration", "product"),
    "product.exempt": ("concentration", "product"),
}
_STOPS = tuple(f"{role}.country" for role in (*SHIP_TO, "buyer"))
_COUNTRIES: Mapping[str, tuple[str, ...]] = {
    "destinations": (*_STOPS, "transit_countries"),
    "destination.country": _STOPS,
    "payment.countries": PAYMENT_COUNTRIES,
    "parties.country": tuple(f"{role}.country" for role in OTHERS),
    "parties.name": tuple(f"{role}.name" for role in OTHERS),
}


def _proposed(path: str, test: Test, record: Record) -> Iterator[Alternative]:
    """Other values of one field, the most telling first."""
    if path in _GOODS:
        yield _other_goods(record)
        return
    role = path.partition(".")[0]
    if role in ("payer", "consignee"):
        yield from _is_the_buyer(role, record)
    if path == "end_user.business":
        yield from _named_end_user(record)
    for text in texts(path, test, record):
        found = _stated_as(path, text, record)
        if found is not None:
            yield found


def _stated_as(path: str, text: str, record: Record) -> Alternative | None:
    """The field with this text, and what stands beside it emptied."""
    cells = [(path, text)]
    companion = COMPANION_COLUMNS.get(path)
    if companion is not None and not record[companion].is_blank and record.states(companion):
        cells.append((companion, ""))
    understood = field_table()[path].kind.parse(text)
    if understood.value is None and text:
        return None
    shown = display(field_table()[path].kind.shown(understood)) or "not stated"
    distance = _distance(record[path].value, understood.value)
    clause = _clause(path, shown, text, distance, record)
    return Alternative(path, tuple(cells), shown, clause, _is_checkable(path), abs(distance))


def _is_checkable(path: str) -> bool:
    return path not in _TERMS_OF_THE_ORDER and not path.startswith(("product.", "quantity."))


def _distance(stated: Any, other: Any) -> int:
    """How much more an amount is than the one stated, in base units; 0 where that says nothing."""
    for kind, attribute in ((Quantity, "amount"), (Money, "amount")):
        if isinstance(stated, kind) and isinstance(other, kind) and not incomparable(stated, other):
            more: int = getattr(other, attribute) - getattr(stated, attribute)
            return more
    return 0


def _clause(path: str, shown: str, text: str, distance: int, record: Record) -> str:
    """What would be the case, as a clause after “if”."""
    label = field_table()[path].label
    if path.endswith(".business") and text in fitting_trades(record):
        party = label.removesuffix("business")
        return f"{party}trade were one that uses such goods, such as {shown}"
    if path == "end_use_statement.status":
        return f"the end-use statement were {shown}"
    if path == "licence.status":
        return f"the licence were {shown}"
    if path == "end_user.name":
        return "an end user were named"
    if path.endswith(".relation"):
        return f"{label} were on file as “{shown}”"
    if distance:
        return f"{label} were {'more' if distance > 0 else 'less'}, such as {shown}"
    if path.endswith(_ANOTHER) or field_table()[path].kind.order:
        return f"{label} were another, such as {shown}"
    return f"{label} were {shown}"


_ANOTHER = (
    ".name", ".email", ".website", ".registration", ".address", ".phone", ".country", ".region",
    "_countries", ".incorporated", ".customer_since", "date",
)  # fmt: skip
"""Fields of which any other value of the kind would do."""


def _other_goods(record: Record) -> Alternative:
    """Goods of no family that any rule knows."""
    cells = [("product", "other goods")]
    cells += [(path, "") for path in _GOODS[1:] if record.states(path)]
    return Alternative(
        "product", tuple(cells), "other goods", "the goods were of no listed kind", False
    )


def _is_the_buyer(role: str, record: Record) -> Iterator[Alternative]:
    """That the buyer itself pays, or takes the goods: what is said of the party is said of it."""
    own = sorted(path for path in record.stated_paths() if path.startswith(f"{role}."))
    if not own or record["buyer.name"].value is None:
        return
    cells = []
    for path in own:
        same = f"buyer.{path.partition('.')[2]}"
        stated = record.states(same) and not path.endswith(".relation")
        cells.append((path, record[same].written if stated else ""))
    named = f"{role}.name"
    if named not in own:
        cells.append((named, record["buyer.name"].written))
    shown = display(record["buyer.name"].written.strip())
    clause = "the buyer itself paid" if role == "payer" else "the goods went to the buyer itself"
    yield Alternative(named, tuple(cells), shown, clause, True)


def _named_end_user(record: Record) -> Iterator[Alternative]:
    """An end user with a name, whose trade uses the goods."""
    if record["end_user.stated"].value == "named":
        return
    for trade in fitting_trades(record):
        title = reference.business_lines()[trade].title
        yield Alternative(
            "end_user.business",
            (("end_user.business", trade), ("end_user.name", "Example Works Ltd")),
            title,
            f"an end user were named whose trade uses such goods, such as {title}",
            True,
        )
