"""Small changes of rules that their examples should notice: a bound moved, an operator turned, a
condition left out. A change that no example notices is a gap among the examples."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from redflags.diagnostics import Place
from redflags.engine.leaves import compile_test
from redflags.rulebook.tree import Condition, Group, LimitTable, Named, Test
from redflags.values import truth
from redflags.values.dates import Duration
from redflags.values.measures import Concentration
from redflags.values.money import Money
from redflags.values.quantity import Quantity
from redflags.workshop.coverage import written
from redflags.workshop.trials import Bench, Change, Unit

KINDS = ("bound moved", "operator turned", "condition dropped")
"""The kinds of changes."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one condition. ``about`` is the full name of the rule or condition."""

    kind: str
    about: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class PackMutation:
    """The changes of one pack: of each kind how many were noticed and how many there were, and
    those that no example noticed."""

    pack: str
    noticed: dict[str, tuple[int, int]]
    survivors: tuple[Mutant, ...]


def mutation(bench: Bench) -> tuple[PackMutation, ...]:
    """Change the conditions of the packs under trial one by one, and ask the examples.

    A rule's own conditions are judged on its own examples; a named condition on those of all rules
    that hold it.
    """
    rows: dict[str, list[tuple[Mutant, bool]]] = {pack.id: [] for pack in bench.packs}
    for unit in bench.units():
        for mutant, target, change in mutants(bench, unit):
            noticed = any(
                bench.verdict(trial, target, change) is not trial.verdict for trial in unit.trials
            )
            rows[unit.pack].append((mutant, noticed))
    return tuple(_counted(pack, found) for pack, found in rows.items())


def _counted(pack: str, rows: list[tuple[Mutant, bool]]) -> PackMutation:
    noticed = {}
    for kind in KINDS:
        of = [was_noticed for mutant, was_noticed in rows if mutant.kind == kind]
        noticed[kind] = (sum(of), len(of))
    survivors = tuple(mutant for mutant, was_noticed in rows if not was_noticed)
    return PackMutation(pack, noticed, survivors)


def mutants(bench: Bench, unit: Unit) -> Iterator[tuple[Mutant, Condition, Change]]:
    """Every change of a unit: what it is, the part that it changes, and what that says then."""
    yield from _of_group(bench, unit, unit.block, is_only_part=True)


def _of_group(
    bench: Bench, unit: Unit, group: Group, *, is_only_part: bool
) -> Iterator[tuple[Mutant, Condition, Change]]:
    for part in group.parts:
        if len(group.parts) > 1 or not is_only_part:
            text = f"without {_told(part)}"
            yield Mutant("condition dropped", unit.name, text, part.place), part, None
        if isinstance(part, Test):
            yield from _of_test(bench, unit, part)
        elif isinstance(part, Group):
            yield from _of_group(bench, unit, part, is_only_part=len(group.parts) == 1)


def _told(condition: Condition) -> str:
    if isinstance(condition, Test):
        return written(condition)
    if isinstance(condition, Named):
        return f"holds: {condition.name.partition('/')[2]}"
    return f"`{condition.kind}` of {len(condition.parts)}"


def _of_test(bench: Bench, unit: Unit, test: Test) -> Iterator[tuple[Mutant, Condition, Change]]:
    def turned(record: Any) -> bool | None:
        return truth.negation(bench.judge.verdict(test, record))

    text = f"the opposite of {written(test)}"
    yield Mutant("operator turned", unit.name, text, test.place), test, turned
    for how, operand in moved(test):
        change = compile_test(replace(test, operand=operand), None)
        text = f"{written(test)} with {how}"
        yield Mutant("bound moved", unit.name, text, test.place), test, change


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
                replace(row, limit=_scaled(row.limit, up, down) or row.limit)
                for row in operand.rows
            )
            yield how.replace("bound", "limits"), replace(operand, rows=rows)
        elif test.operator == "between":
            low, high = operand
            # Only outwards and inwards: a range stays a range.
            end = _scaled(high, up, down)
            if end is not None and _is_ordered(low, end):
                yield how.replace("bound", "upper end"), (low, end)
            end = _scaled(low, up, down)
            if end is not None and _is_ordered(end, high):
                yield how.replace("bound", "lower end"), (end, high)
        else:
            scaled = _scaled(operand, up, down)
            if scaled is not None:
                yield how, scaled


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


def _scaled(value: Any, up: int, down: int) -> Any:
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
