"""Derived values in words: what is the case, rather than the name of a field and a code."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from redflags import reference
from redflags.model import goods
from redflags.model.fields import field_table
from redflags.model.record import Record
from redflags.values.text import display
from redflags.values.understood import Understood


def in_words(path: str, record: Record) -> str:
    """What the value of a derived field says, as a clause; empty where the usual form
    ("the buyer's age is …") says it well enough."""
    attribute = path.split(".")[-1]
    teller = _TELLERS.get(attribute if attribute in ("fit", "trade_known") else path)
    understood = record[path]
    if teller is None or understood.value is None:
        return ""
    return teller(path, understood, record)


def _fit(path: str, understood: Understood, record: Record) -> str:
    role = path.removesuffix(".fit")
    business = record[f"{role}.business"]
    title = field_table()[f"{role}.business"].kind.shown(business)
    subject = f"the {role.replace('_', ' ')}'s trade" + (f", {title}," if title else "")
    said = {
        "normal": "uses such goods",
        "reseller": "passes such goods on",
        "unusual": "seldom uses such goods",
        "incompatible": "has no use for such goods",
        goods.NOT_APPLICABLE: "says nothing here, the goods being of no listed family",
    }
    return f"{subject} {said[understood.value]}"


def _trade_known(path: str, understood: Understood, record: Record) -> str:
    role = path.removesuffix(".trade_known")
    business = record[f"{role}.business"]
    subject = f"the {role.replace('_', ' ')}'s trade"
    if understood.value == "yes":
        return f"{subject} is one that the tables know"
    if business.is_stated:
        return f"{subject}, “{display(business.written.strip())}”, is not one that the tables know"
    return f"{subject} is not stated"


def _families(record: Record) -> str:
    families = record["product.family"]
    if not families.value:
        return "the goods"
    return reference.families()[goods.evidence(families)[0].family].title


def _scale(path: str, understood: Understood, record: Record) -> str:
    if understood.value == goods.NOT_APPLICABLE:
        return "the goods are of no listed family, so no quantity of them is bulk"
    amount = field_table()["quantity"].kind.shown(record["quantity"]) or "the quantity"
    said = {"retail": "a retail quantity", "trade": "a trade lot", "bulk": "bulk"}
    clause = f"{amount} of {understood.detail or _families(record)} is {said[understood.value]}"
    return clause + (f" (assumed: {understood.assumed})" if understood.assumed else "")


def _harm(path: str, understood: Understood, record: Record) -> str:
    if "by_nature" in understood.value:
        return f"{_families(record)} matters by its nature, not only in bulk"
    if understood.value:
        return f"{_families(record)} matters only in bulk"
    return "the goods are of no listed family"


def _end_user(path: str, understood: Understood, record: Record) -> str:
    name = display(record["end_user.name"].written.strip())
    said: Mapping[str, str] = {
        "named": f"the end user is named: {name}",
        "generic": f"the end user is given as “{name}”, which names nobody",
        "self": "the buyer is named as the end user",
        "intermediary": f"the end user is given as {name}, a party that passes goods on",
        "not_stated": "no end user is stated",
    }
    return said[understood.value]


def _limit(path: str, understood: Understood, record: Record) -> str:
    said: Mapping[str, str] = {
        "above": "the concentration is above the legal limit",
        "not_above": "the concentration is not above the legal limit",
        "not_listed": "no legal limit is listed for the goods",
    }
    remarks = [part for part in (understood.how, understood.assumed) if part]
    return f"{said[understood.value]} ({'; '.join(remarks)})"


def _exempt(path: str, understood: Understood, record: Record) -> str:
    limit = record["product.limit"]
    if limit.value is not None:
        return _limit(path, limit, record)
    return "no concentration at or below a legal limit is stated"


def _controlled(path: str, understood: Understood, record: Record) -> str:
    if understood.value == "no":
        return "neither a control-list entry nor a licence is stated"
    return f"the order treats the goods as listed: {understood.how or display(understood.written)}"


def _headings(path: str, understood: Understood, record: Record) -> str:
    if not understood.value:
        return "no tariff code is stated"
    return ""


def _in_hand(path: str, understood: Understood, record: Record) -> str:
    return "a licence is in hand" if understood.value == "yes" else "no licence is in hand"


def _known_by(path: str, understood: Understood, record: Record) -> str:
    if understood.value in ("heading", "sole_heading"):
        return f"the goods are known from {understood.how}"
    return f"the goods are known by {understood.how or 'what is stated'}"


Teller = Callable[[str, Understood, Record], str]

_TELLERS: Mapping[str, Teller] = {
    "fit": _fit,
    "trade_known": _trade_known,
    "quantity.scale": _scale,
    "product.harm": _harm,
    "product.limit": _limit,
    "product.exempt": _exempt,
    "product.controlled": _controlled,
    "product.headings": _headings,
    "licence.in_hand": _in_hand,
    "product.known_by": _known_by,
    "end_user.stated": _end_user,
}
