"""Which rules an overlay shapes: those that it changes, and those that refer to what it changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from redflags.rulebook.changes import Change
from redflags.rulebook.tree import (
    Condition,
    LimitTable,
    ListReference,
    Mitigation,
    Named,
    Rule,
    Test,
)

Thing = tuple[str, str]
"""What a change is of, and its full name."""


class Shaping:
    """Tells which changes shape a rule."""

    def __init__(
        self,
        changes: Iterable[Change],
        extended: Mapping[str, str],
        mitigated: Mapping[str, str],
    ) -> None:
        """``extended`` names the table that each table adds its rows to; ``mitigated`` the fact of
        each mitigation that is switched off."""
        self._of: dict[Thing, list[Change]] = {}
        for one in changes:
            if not one.is_in_force or not one.has_effect:
                continue
            things = [(one.of, one.target)]
            if one.of == "table" and one.target in extended:
                things.append(("table", extended[one.target]))
            if one.of == "mitigation" and one.target in mitigated:
                things = [("fact", mitigated[one.target])]
            for thing in things:
                self._of.setdefault(thing, []).append(one)
        self._named: dict[str, frozenset[Thing]] = {}

    def shaped(self, rule: Rule) -> Rule:
        """The rule with the changes that shape it, in the order of their places."""
        if not self._of:
            return rule
        things = {("rule", rule.name), ("fact", rule.fact or ""), *self._things(rule)}
        found = {id(one): one for thing in things for one in self._of.get(thing, ())}
        if not found:
            return rule
        return replace(rule, shaped_by=tuple(sorted(found.values(), key=_order)))

    def _things(self, rule: Rule) -> Iterator[Thing]:
        blocks: list[Condition] = [rule.when, *(one.when for one in rule.lowers)]
        if rule.across is not None:
            blocks += [one.block for one in rule.across.having if one.block is not None]
        for block in blocks:
            yield from self._in(block, rule.pack)

    def _in(self, condition: Condition, pack: str) -> Iterator[Thing]:
        """The lists, tables and conditions that a condition refers to."""
        if isinstance(condition, Named):
            found = self._named.get(condition.name)
            if found is None:
                own = condition.name.partition("/")[0]
                found = frozenset({("condition", condition.name), *self._in(condition.block, own)})
                self._named[condition.name] = found
            yield from found
        elif isinstance(condition, Test):
            if isinstance(condition.operand, ListReference):
                yield "list", condition.operand.list.name
            elif isinstance(condition.operand, LimitTable):
                yield "table", condition.operand.name
            elif condition.operator == "mentions" and not condition.written.startswith("“"):
                name = condition.written
                yield "list", name if "/" in name else f"{pack}/{name}"
        else:
            for part in condition.parts:
                yield from self._in(part, pack)


def shaped_rules(rules: Iterable[Rule], shaping: Shaping) -> tuple[Rule, ...]:
    """The rules, each with the changes that shape it."""
    return tuple(shaping.shaped(rule) for rule in rules)


def facts_of(mitigations: Iterable[Mitigation]) -> dict[str, str]:
    """The fact of each mitigation by its full name."""
    return {one.name: one.fact for one in mitigations}


def _order(change: Change) -> tuple[object, ...]:
    return (change.place, change.target, change.what)
