"""Rules with one part changed: put in the place of another, or left out.

A change is made in the tree and judged by the engine that judges everything, so a changed rule can
differ from the rule in nothing but the change.
"""

from __future__ import annotations

from dataclasses import replace

from redflags.diagnostics import Place
from redflags.rulebook.across_words import when_parts
from redflags.rulebook.tree import Across, Condition, Group, Having, Named, Rule, Same, Test

Part = Condition | Having | Same | Across
"""What can be changed of a rule: a condition, or of its window what is asked, a key, or all."""

Change = Part | None
"""What stands in the place of a part; None leaves it out."""

_NOWHERE = Place("", 0, 0)

ALWAYS = Group("all", (), _NOWHERE)
"""A condition that holds for every order."""

NEVER = Group("any", (), _NOWHERE)
"""A condition that holds for none."""

ASKED_ALWAYS = Having("count", "", "at_least", 0, None, "0", _NOWHERE)
"""What every window has."""

ASKED_NEVER = Having("count", "", "less_than", 0, None, "0", _NOWHERE)
"""What no window has."""


def opposite(condition: Condition) -> Group:
    """The condition that holds where another is false."""
    return Group("none", (condition,), condition.place)


def condition_with(condition: Condition, part: Part, change: Change) -> Condition | None:
    """A condition with one part changed wherever it stands; None if nothing is left of it."""
    if condition is part:
        return change if isinstance(change, Test | Group | Named) else None
    if isinstance(condition, Test):
        return condition
    if isinstance(condition, Named):
        block = condition_with(condition.block, part, change)
        if block is condition.block:
            return condition
        return None if block is None else replace(condition, block=_block(block))
    parts = tuple(condition_with(one, part, change) for one in condition.parts)
    if all(new is old for new, old in zip(parts, condition.parts, strict=True)):
        return condition
    left = tuple(one for one in parts if one is not None)
    return replace(condition, parts=left) if left else None


def _block(condition: Condition) -> Group:
    """A condition as a block of its own."""
    if isinstance(condition, Group):
        return condition
    return Group("all", (condition,), condition.place)


def rule_with(rule: Rule, part: Part, change: Change) -> Rule | None:
    """A rule across orders with one part of its conditions or its window changed; the rule itself
    where the part is none of its own, None where nothing would be left of it."""
    across = rule.across
    assert across is not None
    if across is part:
        return replace(rule, across=change) if isinstance(change, Across) else None
    when = tuple(condition_with(one, part, change) for one in when_parts(rule))
    where = across.where and condition_with(across.where, part, change)
    same = _replaced_in(across.same, part, change)
    having = tuple(_having_with(one, part, change) for one in across.having)
    left = tuple(one for one in having if one is not None)
    if not same or not left:
        return None
    is_as_before = where is across.where and same == across.same
    if is_as_before and _are_same(when, when_parts(rule)) and _are_same(having, across.having):
        return rule
    block = None if where is None else _block(where)
    parts = (*(one for one in when if one is not None), *(block.parts if block is not None else ()))
    return replace(
        rule,
        when=Group("all", parts, rule.when.place),
        across=replace(across, same=same, where=block, having=left),
    )


def _replaced_in(same: tuple[Same, ...], part: Part, change: Change) -> tuple[Same, ...]:
    found = (change if one is part else one for one in same)
    return tuple(one for one in found if isinstance(one, Same))


def _having_with(having: Having, part: Part, change: Change) -> Having | None:
    if having is part:
        return change if isinstance(change, Having) else None
    if having.block is None:
        return having
    block = condition_with(having.block, part, change)
    if block is having.block:
        return having
    # Another order of which nothing is asked is one that is there.
    return replace(having, block=ALWAYS if block is None else _block(block))


def _are_same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return len(one) == len(other) and all(map(_is, one, other))


def _is(one: object, other: object) -> bool:
    return one is other
