"""Rules across orders in words: what a window holds, and what is asked of it."""

from __future__ import annotations

from typing import Any

from redflags.model.fields import field_table, roles
from redflags.rulebook.tree import Across, Condition, Having, Rule, Same

_ASKED = {
    "at_least": "at least {}",
    "more_than": "more than {}",
    "at_most": "at most {}",
    "less_than": "less than {}",
    "between": "between {} and {}",
}

_LINKED_BY = {"email": "e-mail address", "phone": "telephone number", "website": "web site"}


def when_parts(rule: Rule) -> tuple[Condition, ...]:
    """The parts of a rule's own `when`, without those of the window's `where`."""
    if rule.across is None or rule.across.where is None:
        return rule.when.parts
    return rule.when.parts[: len(rule.when.parts) - len(rule.across.where.parts)]


def window_in_words(across: Across) -> str:
    """What a window holds, without its `where`: "transactions of the same consignee, in the 180
    days that end with the order's"."""
    if across.within is None:
        kept = [one for one in across.same if one.path != "order_id"]
        told = "the lines of one order"
        return told + (f" with {same_in_words(kept)}" if kept else "")
    span = "day" if across.within == 1 else f"{across.within} days"
    ends = "of the order" if across.within == 1 else "that end with the order's"
    return f"transactions with {same_in_words(across.same)}, in the {span} {ends}"


def same_in_words(same: tuple[Same, ...] | list[Same]) -> str:
    """What the transactions of a window have in common: "the same consignee"."""
    return " and ".join(_kept(one) for one in same)


def _kept(same: Same) -> str:
    if same.kind == "party":
        return f"the same {same.path.replace('_', ' ')}"
    if same.kind == "field":
        return f"the same {_label(same.path)}"
    kinds = [_LINKED_BY.get(kind, kind) for kind in same.by]
    told = " or ".join([", ".join(kinds[:-1]), kinds[-1]] if len(kinds) > 1 else kinds)
    return f"buyers linked by {told}"


def having_in_words(having: Having) -> str:
    """What is asked of a window, as a noun phrase: "2 or more different buyers" reads "number of
    different buyers at least 2"."""
    if having.measure == "some":
        return "another transaction of the window for which all of these hold"
    if having.measure == "first":
        return "no earlier order" if having.operand else "an earlier order"
    return f"{measure_in_words(having)} {asked_in_words(having)}"


def measure_in_words(having: Having) -> str:
    """What a measure is called: "number of orders", "total quantity"."""
    if having.measure == "count":
        return "number of orders"
    if having.measure == "distinct":
        return f"number of different {plural_of(having.field)}"
    label = _label(having.field)
    if having.measure == "sum":
        return f"total of {_label(having.field)}"
    if having.measure == "max":
        return f"largest {label} of a line"
    return f"{label} of the order against the median of the earlier orders,"


def asked_in_words(having: Having) -> str:
    """What the measure is compared with: "at least 1 t"."""
    operand = having.operand
    values = operand if having.operator == "between" else (operand,)
    return _ASKED[having.operator].format(*(shown_value(having, value) for value in values))


def shown_value(having: Having, value: Any) -> str:
    """A value of the measure as a person reads it."""
    if having.measure == "baseline":
        return f"{_decimal(value)} times"
    if having.measure in ("sum", "max"):
        return field_table()[having.field].kind.member.show(value)
    return f"{value:,}"


def _decimal(value: Any) -> str:
    """A fraction with at most two decimals."""
    hundredths = round(value * 100)
    whole, rest = divmod(hundredths, 100)
    return f"{whole:,}.{rest:02d}".rstrip("0").rstrip(".") if rest else f"{whole:,}"


def _label(path: str) -> str:
    return field_table()[path].label.removeprefix("the ")


def plural_of(path: str) -> str:
    """Several values of a field, or parties in a role: "product families", "buyers"."""
    word = path.replace("_", " ") if path in roles() else _label(path)
    if word.endswith(("s", "x", "ch")):
        return word
    return f"{word[:-1]}ies" if word.endswith("y") and word[-2:-1] not in "aeou" else f"{word}s"
