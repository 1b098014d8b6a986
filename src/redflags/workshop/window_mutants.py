"""Small changes of the windows of rules across orders: what they ask, how far they reach back, and
what their orders have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from redflags.rulebook.tree import Across, Condition, Group, Having, Named, Same, Test
from redflags.workshop.mutants import (
    BOUND,
    DROPPED,
    TURNED,
    WINDOW,
    Changed,
    Mutant,
    block_mutants,
    scaled,
)
from redflags.workshop.trials import Unit
from redflags.workshop.window_run import asked_of, opposites


def window_mutants(unit: Unit) -> Iterator[Changed]:
    """Every change of the window of a rule across orders; none of any other unit.

    What the orders satisfy (`where`) is part of what one line alone must say and is changed there.
    """
    across = unit.across
    if across is None:
        return
    for having in across.having:
        yield from _of_having(unit, across, having)
    yield from _of_length(unit, across)
    yield from _of_keys(unit, across)


def _of_having(unit: Unit, across: Across, having: Having) -> Iterator[Changed]:
    text = asked_of(having)
    if len(across.having) > 1:
        yield Mutant(DROPPED, unit.name, f"without {text}", having.place), having, None
    if having.block is not None:
        yield from block_mutants(unit, having.block)
        return
    turned = list(opposites(having))
    if len(turned) == 1:  # A range has two sides, and none of them is its opposite.
        text_of = f"the opposite of {text}"
        yield Mutant(TURNED, unit.name, text_of, having.place), having, turned[0]
    for how, operand in _moved(having):
        changed = replace(having, operand=operand)
        yield Mutant(BOUND, unit.name, f"{text} with {how}", having.place), having, changed


def _moved(having: Having) -> Iterator[tuple[str, Any]]:
    """The operands with the bound moved: by one where orders or values are counted, else doubled
    and halved."""
    if having.measure == "first":
        return
    is_range = having.operator == "between"
    low, high = having.operand if is_range else (having.operand, having.operand)
    ends = (("the lower end", low), ("the upper end", high)) if is_range else (("the bound", low),)
    for end, bound in ends:
        for how, changed in _steps(bound):
            if not is_range:
                yield f"{end} {how}", changed
            elif (changed, high) != (low, high) and end == "the lower end" and changed <= high:
                yield f"{end} {how}", (changed, high)
            elif end == "the upper end" and low <= changed:
                yield f"{end} {how}", (low, changed)


def _steps(bound: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(bound, int):
        yield "one more", bound + 1
        if bound > 0:
            yield "one less", bound - 1
        return
    for how, up, down in (("doubled", 2, 1), ("halved", 1, 2)):
        changed = bound * Fraction(up, down) if isinstance(bound, Fraction) else None
        changed = scaled(bound, up, down) if changed is None else changed
        if changed is not None and changed != bound:
            yield how, changed


def _of_length(unit: Unit, across: Across) -> Iterator[Changed]:
    if across.within is None:
        return
    for how, days in (("twice", across.within * 2), ("half", across.within // 2)):
        if days:
            text = f"within: {across.within} days made {how} as long"
            changed = replace(across, within=days)
            yield Mutant(WINDOW, unit.name, text, across.place), across, changed


def _of_keys(unit: Unit, across: Across) -> Iterator[Changed]:
    for same in across.same:
        # Without a window's length only the order's own lines are together.
        is_needed = across.within is None and same.path == "order_id"
        if len(across.same) > 1 and not is_needed:
            text = f"same: without {_named(same)}"
            yield Mutant(WINDOW, unit.name, text, across.place), same, None


def _named(same: Same) -> str:
    return f"linked by {', '.join(same.by)}" if same.by else same.path


def is_repeated(unit: Unit, part: object) -> bool:
    """Whether a part of `when` stands in the window's `where` as well: without it the rule says
    the same."""
    across = unit.across
    if across is None or across.where is None:
        return False
    where = across.where.parts
    own = unit.block.parts[: len(unit.block.parts) - len(where)]
    return any(one is part for one in own) and any(_is_equal(part, one) for one in where)


def _is_equal(one: object, other: Condition) -> bool:
    if isinstance(one, Named) and isinstance(other, Named):
        return one.name == other.name
    if isinstance(one, Test) and isinstance(other, Test):
        return (one.field, one.operator, one.operand) == (
            other.field,
            other.operator,
            other.operand,
        )
    if isinstance(one, Group) and isinstance(other, Group):
        return one.kind == other.kind and len(one.parts) == len(other.parts) and all(
            map(_is_equal, one.parts, other.parts)
        )  # fmt: skip
    return False
