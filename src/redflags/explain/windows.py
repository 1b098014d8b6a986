"""The window of a rule across orders, in words: which orders, what they come to, how linked."""

from __future__ import annotations

from fractions import Fraction

from redflags.across.measures import Measured
from redflags.engine.windows import WindowVerdict
from redflags.explain.evidence import Plain, shorten
from redflags.model.fields import field_table
from redflags.model.record import Record
from redflags.rulebook.across_words import asked_in_words, plural_of, shown_value
from redflags.rulebook.tree import Having, Rule, Same
from redflags.values.money import Money
from redflags.values.quantity import Quantity
from redflags.values.text import display


def window_evidence(rule: Rule, record: Record, found: WindowVerdict) -> Plain:
    """The window of a flag as a :class:`~redflags.model.results.WindowEvidence`."""
    assert rule.across is not None
    key = " and ".join(_kept(one, record) for one in rule.across.same)
    return {
        "key": key,
        "orders": list(found.orders),
        "count": found.order_count,
        "lines": found.line_count,
        "first": None if found.first is None else found.first.isoformat(),
        "last": None if found.last is None else found.last.isoformat(),
        "sentences": [
            _of_window(rule, found, key),
            *(_told(*one) for one in found.measured if one[0].measure != "count"),
        ],
        "links": [
            {"one": one.one, "other": one.other, "by": one.kind, "written": one.written}
            for one in found.links
        ],
    }


def _kept(same: Same, record: Record) -> str:
    """What the orders have in common, with this order's own value."""
    if same.kind == "field":
        if same.path == "order_id":
            return "order itself"
        understood = record[same.path]
        field = field_table()[same.path]
        return (
            f"{field.label.removeprefix('the ')} {shorten(display(field.kind.shown(understood)))}"
        )
    name = record[f"{same.path}.name"]
    shown = shorten(display(name.written.strip())) or "not named"
    role = same.path.replace("_", " ")
    return (
        f"{role} {shown} and those linked with it" if same.kind == "linked" else f"{role} {shown}"
    )


def _of_window(rule: Rule, found: WindowVerdict, key: str) -> str:
    """How many orders there are, of whom, and when."""
    assert rule.across is not None
    if rule.across.within is None:
        lines = "1 line" if found.line_count == 1 else f"{found.line_count:,} lines"
        return f"{lines} of one order"
    counted = [one for one in found.measured if one[0].measure == "count"]
    number = _amount(*counted[0]) if counted else f"{found.order_count:,}"
    orders = f"{number} {'order' if number == '1' else 'orders'}"
    if counted:
        orders += f" (the rule asks for {' and '.join(asked_in_words(one) for one, _ in counted)})"
    return f"{orders} of the {key}{_when(rule.across.within, found)}"


def _when(within: int, found: WindowVerdict) -> str:
    if found.last is None:
        return ""
    if found.first is None:
        return f" in the {within} days to {found.last}"
    if found.first == found.last:
        return f" on {found.first}"
    return f" from {found.first} to {found.last}"


def _told(having: Having, measured: Measured) -> str:
    """One thing that was measured, and what the rule asks of it."""
    if having.measure == "some":
        return "another of them has what the rule looks for beside this one"
    if having.measure == "first":
        return "none is earlier" if having.operand else "another one is earlier"
    asked = f"the rule asks for {asked_in_words(having)}"
    if having.measure == "sum":
        return f"{_amount(having, measured)} together ({asked})"
    if having.measure == "max":
        return f"{_amount(having, measured)} on the largest line ({asked})"
    if having.measure == "distinct":
        return f"different {plural_of(having.field)}: {_amount(having, measured)} ({asked})"
    # The words of what is asked are those of what was measured: times the median.
    return f"this one is {_amount(having, measured)} the median of those before ({asked})"


def _amount(having: Having, measured: Measured) -> str:
    """What is sure, and what is possible beyond it."""
    low, high = measured.low, measured.high
    if low is None:
        return "an unknown number" if high is None else f"up to {_shown(having, high)}"
    if low == high:
        return _shown(having, low)
    return f"{_shown(having, low)}, perhaps {'more' if high is None else _shown(having, high)},"


def _shown(having: Having, number: int | Fraction) -> str:
    """A measure as a person reads it; an amount in the unit of what the rule asks for."""
    if having.measure not in ("sum", "max"):
        return shown_value(having, number)
    operand = having.operand[0] if isinstance(having.operand, tuple) else having.operand
    amount = int(number)
    value = (
        Money(operand.currency, amount)
        if isinstance(operand, Money)
        else Quantity(operand.dimension, amount, operand.unit, Fraction(0))
    )
    return shown_value(having, value)


def in_one_clause(window: Plain) -> str:
    """The sentences of a window's evidence as one."""
    first, *others = window["sentences"]
    return f"{first}: {', '.join(others)}" if others else str(first)
