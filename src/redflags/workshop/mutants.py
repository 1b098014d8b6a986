"""Small changes of conditions: a bound moved, an operator turned, a condition left out."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from redflags.diagnostics import Place
from redflags.rulebook.tree import Condition, Group, LimitTable, Named, Test
from redflags.values.dates import Duration
from redflags.values.measures import Concentration
from redflags.values.money import Money
from redflags.values.quantity import Quantity
from redflags.workshop.changes import Change, Part, opposite
from redflags.workshop.coverage import written
from redflags.workshop.trials import Unit

BOUND = "bound moved"
TURNED = "operator turned"
DROPPED = "condition dropped"
WINDOW = "window changed"

KINDS = (BOUND, TURNED, DROPPED, WINDOW)
"""The kinds of changes; the last is one of rules across orders only."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one condition. ``about`` is the full name of the rule or condition."""

    kind: str
    about: str
    text: str
    place: Place


Changed = tuple[Mutant, Part, Change]
"""A change: what it is, the part that it changes, and what then stands there."""


def block_mutants(unit: Unit, block: Group) -> Iterator[Changed]:
    """The changes of one block of conditions."""
    return _of_group(unit, block, is_only_part=True)


def _of_group(unit: Unit, group: Group, *, is_only_part: bool) -> Iterator[Changed]:
    for part in group.parts:
        if len(group.parts) > 1 or not is_only_part:
            yield Mutant(DROPPED, unit.name, f"without {_told(part)}", part.place), part, None
        if isinstance(part, Test):
            yield from _of_test(unit, part)
        elif isinstance(part, Group):
            yield from _of_group(unit, part, is_only_part=len(group.parts) == 1)


def _told(condition: Condition) -> str:
    if isinstance(condition, Test):
        return written(condition)
    if isinstance(condition, Named):
        return f"holds: {condition.name.partition('/')[2]}"
    return f"`{condition.kind}` of {len(condition.parts)}"


def _of_test(unit: Unit, test: Test) -> Iterator[Changed]:
    text = f"the opposite of {written(test)}"
    yield Mutant(TURNED, unit.name, text, test.place), test, opposite(test)
    for how, operand in moved(test):
        text = f"{written(test)} with {how}"
        yield Mutant(BOUND, unit.name, text, test.place), test, replace(test, operand=operand)


_DOUBLED = ("the bound doubled", 2, 1)
_HALVED = ("the bound halved", 1, 2)


def moved(test: Test) -> Iterator[tuple[str, Any]]:
    """The operands of a comparison with its bound doubled and halved, or moved by a year."""
    operand = test.operand
    if test.operator in ("before", "after"):
        for how, days in (("the day a year earlier", -365), ("the day a year later", 365)):
            day = _shifted(operand, days)
            if day is not None:
                yield how, day
        return
    if test.operator not in ("at_least", "more_than", "at_most", "less_than", "between"):
        return
    for how, up, down in (_DOUBLED, _HALVED):
        if isinstance(operand, LimitTable):
            rows = tuple(
                replace(row, limit=scaled(row.limit, up, down) or row.limit) for row in operand.rows
            )
            yield how.replace("bound", "limits"), replace(operand, rows=rows)
        elif test.operator == "between":
            low, high = operand
            # Only outwards and inwards: a range stays a range.
            end = scaled(high, up, down)
            if end is not None and _is_ordered(low, end):
                yield how.replace("bound", "upper end"), (low, end)
            end = scaled(low, up, down)
            if end is not None and _is_ordered(end, high):
                yield how.replace("bound", "lower end"), (end, high)
        else:
            changed = scaled(operand, up, down)
            if changed is not None:
                yield how, changed


def _is_ordered(low: Any, high: Any) -> bool:
    if isinstance(low, Duration):
        return True
    if isinstance(low, Concentration):
        return bool(low.parts_per_million <= high.parts_per_million)
    return bool(low <= high)


def _shifted(day: datetime.date, days: int) -> datetime.date | None:
    try:
        return day + datetime.timedelta(days=days)
    except OverflowError:
        return None


def scaled(value: Any, up: int, down: int) -> Any:
    """A size times a fraction; None where nothing would change or it makes no sense."""
    if isinstance(value, Quantity | Money):
        amount = value.amount * up // down
        return None if amount in (0, value.amount) else replace(value, amount=amount)
    if isinstance(value, Concentration):
        share = value.parts_per_million * up // down
        if share == 0 or share > 1_000_000:
            return None
        return replace(value, parts_per_million=share)
    if isinstance(value, Duration):
        if down > 1 and value.unit == "years":
            value = Duration(value.count * 12, "months")
        count = value.count * up // down
        return None if count in (0, value.count) else replace(value, count=count)
    return None
