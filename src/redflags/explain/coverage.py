"""What the columns of an input allow: rules it could never trigger, columns that would help."""

from __future__ import annotations

from collections.abc import Iterable

from redflags.explain.evidence import base_fields
from redflags.model.derived import DERIVATIONS
from redflags.model.fields import field_table
from redflags.model.results import Coverage, HelpfulColumn
from redflags.rulebook.tree import Condition, Named, RuleBook, Test

MOST_COLUMNS = 5
"""How many helpful columns are named."""


def coverage(book: RuleBook, present: Iterable[str]) -> Coverage:
    """Which rules the fields present could ever trigger, and which fields would add most.

    ``present`` holds field paths. A column that helps only together with another is named once
    no column helps alone.
    """
    have = frozenset(present)
    never = [rule for rule in book.rules if not can_hold(rule.when, have)]
    return Coverage(
        rules=len(book.rules),
        judgeable=len(book.rules) - len(never),
        never=tuple(rule.name for rule in never),
        helpful=tuple(_helpful(book, have)),
    )


def _helpful(book: RuleBook, have: frozenset[str]) -> list[HelpfulColumn]:
    found: list[HelpfulColumn] = []
    for _ in range(MOST_COLUMNS):
        never = [rule for rule in book.rules if not can_hold(rule.when, have)]
        uses = {rule.name: _fields(rule.when) - have for rule in never}
        wanted = sorted(frozenset().union(*uses.values()) if uses else frozenset())
        unlocked = {
            path: sum(can_hold(rule.when, have | {path}) for rule in never) for path in wanted
        }
        named = {path: sum(path in used for used in uses.values()) for path in wanted}
        best = max(wanted, key=lambda path: (unlocked[path], named[path]), default=None)
        if best is None:
            break
        have |= {best}
        found.append(
            HelpfulColumn(column=field_table()[best].column, rules=unlocked[best] or named[best])
        )
    return found


def _fields(condition: Condition) -> frozenset[str]:
    if isinstance(condition, Test):
        paths = base_fields(condition.field)
        if condition.operator in ("same_as", "differs_from"):
            paths = paths.union(*(base_fields(other) for other in condition.operand))
        return paths
    if isinstance(condition, Named):
        return _fields(condition.block)
    return frozenset().union(*(_fields(part) for part in condition.parts))


def can_hold(condition: Condition, have: frozenset[str]) -> bool:
    """Whether a condition could come out true for an input with these fields and no others."""
    if isinstance(condition, Test):
        return _can_be_judged(condition, have)
    if isinstance(condition, Named):
        return can_hold(condition.block, have)
    if condition.kind == "any":
        return any(can_hold(part, have) for part in condition.parts)
    if condition.kind == "none":
        return all(_can_fail(part, have) for part in condition.parts)
    return all(can_hold(part, have) for part in condition.parts)


def _can_fail(condition: Condition, have: frozenset[str]) -> bool:
    if isinstance(condition, Test):
        return _can_be_judged(condition, have)
    if isinstance(condition, Named):
        return _can_fail(condition.block, have)
    if condition.kind == "all":
        return any(_can_fail(part, have) for part in condition.parts)
    if condition.kind == "none":
        return any(can_hold(part, have) for part in condition.parts)
    return all(_can_fail(part, have) for part in condition.parts)


def _can_be_judged(test: Test, have: frozenset[str]) -> bool:
    if not can_be_known(test.field, have):
        return False
    if test.operator in ("same_as", "differs_from"):
        return any(can_be_known(other, have) for other in test.operand)
    return True


def can_be_known(path: str, have: frozenset[str]) -> bool:
    """Whether a field is present or follows from fields that are."""
    if path in have:
        return True
    derivation = DERIVATIONS.get(path)
    return derivation is not None and all(
        any(can_be_known(one, have) for one in group) for group in derivation.inputs
    )
