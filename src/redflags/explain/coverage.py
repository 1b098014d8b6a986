"""What the columns of an input allow: rules it could never trigger, columns that would help."""

from __future__ import annotations

from collections.abc import Iterable

from redflags.explain.evidence import base_fields
from redflags.model.derived import DERIVATIONS
from redflags.model.fields import field_table, roles
from redflags.model.results import Coverage, HelpfulColumn
from redflags.rulebook.tree import Across, Condition, Named, Rule, RuleBook, Test

MOST_COLUMNS = 5
"""How many helpful columns are named."""


def coverage(book: RuleBook, present: Iterable[str]) -> Coverage:
    """Which rules the fields present could ever trigger, and which fields would add most.

    ``present`` holds field paths. A column that helps only together with another is named once
    no column helps alone.
    """
    have = frozenset(present)
    never = [rule for rule in book.rules if not rule_can_hold(rule, have)]
    return Coverage(
        rules=len(book.rules),
        judgeable=len(book.rules) - len(never),
        never=tuple(rule.name for rule in never),
        helpful=tuple(_helpful(book, have)),
    )


def _helpful(book: RuleBook, have: frozenset[str]) -> list[HelpfulColumn]:
    found: list[HelpfulColumn] = []
    for _ in range(MOST_COLUMNS):
        never = [rule for rule in book.rules if not rule_can_hold(rule, have)]
        uses = {rule.name: _fields_of_rule(rule) - have for rule in never}
        wanted = sorted(frozenset().union(*uses.values()) if uses else frozenset())
        # A field can help only rules that rest on it.
        unlocked = {
            path: sum(rule_can_hold(one, have | {path}) for one in never if path in uses[one.name])
            for path in wanted
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


def rule_can_hold(rule: Rule, have: frozenset[str]) -> bool:
    """Whether a rule could come out true for an input with these fields and no others."""
    groups = () if rule.across is None else asked_by(rule.across)
    return can_hold(rule.when, have) and all(
        any(can_be_known(path, have) for path in group) for group in groups
    )


def _fields_of_rule(rule: Rule) -> frozenset[str]:
    groups = () if rule.across is None else asked_by(rule.across)
    asked = {base for group in groups for path in group for base in base_fields(path)}
    return _fields(rule.when) | asked


def asked_by(across: Across) -> list[tuple[str, ...]]:
    """The fields that a window asks for, of each group one."""
    groups: list[tuple[str, ...]] = [] if across.within is None else [("date",)]
    for same in across.same:
        groups.append((same.path,) if same.kind == "field" else _naming(same.path))
        if same.kind == "linked":
            groups.append(tuple(f"buyer.{_ATTRIBUTES.get(one, one)}" for one in same.by))
    for having in across.having:
        if having.field:
            is_party = having.field in roles()
            groups.append(_naming(having.field) if is_party else (having.field,))
    return groups


_ATTRIBUTES = {"payer": "name", "director": "directors"}


def _naming(role: str) -> tuple[str, str]:
    """The fields by which a party is known again."""
    return f"{role}.name", f"{role}.registration"


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
