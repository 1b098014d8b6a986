"""What differs between two rule books: which rules are the same, and what became of each."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from redflags.rulebook.tree import Pack, Rule
from redflags.values.text import fold
from redflags.workshop.condition_changes import paired
from redflags.workshop.narrower import across_meaning, meaning
from redflags.workshop.pack_changes import lists_read, pack_changes, unsettled
from redflags.workshop.rule_changes import rule_change
from redflags.workshop.rule_sources import SideOfDiff
from redflags.workshop.version_changes import (
    STEPS,
    OtherChange,
    PackStep,
    RuleChange,
    Step,
    step_between,
    step_of,
)


@dataclass(frozen=True, slots=True)
class RuleDiff:
    """What differs between the compared packs of two rule books. ``names_before`` has the full
    name then of each rule that has another now."""

    old: SideOfDiff
    new: SideOfDiff
    rules: tuple[RuleChange, ...]
    others: tuple[OtherChange, ...]
    packs: tuple[PackStep, ...]
    names_before: Mapping[str, str]

    @property
    def step(self) -> Step:
        """The step that all changes together deserve."""
        changes: list[RuleChange | OtherChange] = [*self.rules, *self.others]
        return step_of(one.effects for one in changes)

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not self.rules and not self.others


PackPair = tuple[Pack | None, Pack | None]
RulePair = tuple[Rule | None, Rule | None]


def rule_diff(old: SideOfDiff, new: SideOfDiff) -> RuleDiff:
    """What differs between the compared packs of two rule books."""
    fields = unsettled(old.book.judgements, new.book.judgements)
    read = lists_read((old.book, new.book))
    packs = _pack_pairs(old, new)
    same_pack = {one.id: other.id for one, other in packs if one is not None and other is not None}
    pairs = _rule_pairs(packs)
    rules: list[RuleChange] = []
    names_before: dict[str, str] = {}
    for one, other in pairs:
        is_renamed = False
        if one is not None and other is not None:
            is_renamed = (same_pack.get(one.pack), one.id) != (other.pack, other.id)
            if one.name != other.name:
                names_before[other.name] = one.name
        change = rule_change(one, other, fields, is_renamed=is_renamed)
        if change is not None:
            rules.append(change)
    others = [change for pair in packs for change in pack_changes(*pair, read, fields)]
    return RuleDiff(
        old,
        new,
        tuple(sorted(rules, key=_rank)),
        tuple(sorted(others, key=lambda one: (one.what, one.kind, one.name))),
        tuple(_pack_step(*pair, rules, others) for pair in packs),
        names_before,
    )


_KINDS = ("removed", "renamed", "changed", "added")


def _rank(one: RuleChange) -> tuple[int, str]:
    return _KINDS.index(one.kind), one.name


def _pack_pairs(old: SideOfDiff, new: SideOfDiff) -> list[PackPair]:
    """The packs of both sides in pairs. A pack that is the only one left on its side is the same
    as the only one left on the other: two folders of one pack seldom have the same name."""
    before = {pack.id: pack for pack in old.book.packs if pack.id in old.compared}
    after = {pack.id: pack for pack in new.book.packs if pack.id in new.compared}
    lost = sorted(before.keys() - after.keys())
    gained = sorted(after.keys() - before.keys())
    pairs: list[PackPair] = [
        (before[name], after[name]) for name in sorted(before.keys() & after.keys())
    ]
    if len(lost) == len(gained) == 1:
        return [*pairs, (before[lost[0]], after[gained[0]])]
    pairs += [(before[name], None) for name in lost]
    return [*pairs, *((None, after[name]) for name in gained)]


def _rule_pairs(packs: Sequence[PackPair]) -> list[RulePair]:
    """The rules of both sides in pairs: of the same id in the same pack; of the others those that
    say the same, then those of the same title."""
    pairs: list[RulePair] = []
    lost: list[Rule] = []
    gained: list[Rule] = []
    for one, other in packs:
        before = {} if one is None else {rule.id: rule for rule in one.rules}
        after = {} if other is None else {rule.id: rule for rule in other.rules}
        pairs += [(before[name], after[name]) for name in sorted(before.keys() & after.keys())]
        lost += [rule for name, rule in sorted(before.items()) if name not in after]
        gained += [rule for name, rule in sorted(after.items()) if name not in before]
    lost.sort(key=lambda rule: (rule.id, rule.name))
    gained.sort(key=lambda rule: (rule.id, rule.name))
    said: list[tuple[Rule, Rule]] = []
    for key in (_says, _is_titled):
        said += paired(lost, gained, key)
    return [*pairs, *said, *((rule, None) for rule in lost), *((None, rule) for rule in gained)]


def _says(rule: Rule) -> Hashable:
    return rule.kind, rule.fact, meaning(rule.when), across_meaning(rule.across)


def _is_titled(rule: Rule) -> Hashable:
    return rule.kind, fold(rule.title)


def _pack_step(
    old: Pack | None, new: Pack | None, rules: Sequence[RuleChange], others: Sequence[OtherChange]
) -> PackStep:
    pack = new or old
    assert pack is not None
    names = {one.id for one in (old, new) if one is not None}
    step = step_of(_effects_of(names, rules, others))
    before, after = _version(old), _version(new)
    stated = step_between(before, after) if before and after else None
    is_too_small = stated is not None and STEPS.index(stated) < STEPS.index(step)
    return PackStep(
        pack.id,
        None if old is None else old.id,
        after,
        before,
        step,
        is_too_small,
    )


def _version(pack: Pack | None) -> str | None:
    """The version that a pack states; of one without a pack file empty, None without a pack."""
    if pack is None:
        return None
    return pack.version if pack.title else ""


def _effects_of(
    names: set[str], rules: Sequence[RuleChange], others: Sequence[OtherChange]
) -> Iterator[frozenset[str]]:
    for rule in rules:
        if {rule.name.partition("/")[0], (rule.name_before or "").partition("/")[0]} & names:
            yield rule.effects
    for other in others:
        if other.name.partition("/")[0] in names:
            yield other.effects
