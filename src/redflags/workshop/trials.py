"""Trials of rules on the orders of their own examples, with one part of a rule changed.

Everything but the changed part is asked of the judge as ever, so a trial can differ from it in
nothing but the change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from redflags.engine.judge import Judge
from redflags.engine.leaves import Verdict
from redflags.engine.windows import rule_verdict
from redflags.model.record import Record
from redflags.reference import rates_of
from redflags.rulebook.loader import Reading
from redflags.rulebook.tree import Across, Condition, Example, Group, Named, Pack, Rule, Test
from redflags.values import truth
from redflags.workshop.changes import Change, Part, rule_with
from redflags.workshop.subject import example_records

MOST_TRIALS = 400
"""Trials of one named condition; rules that hold it beyond them are not asked."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One rule on the order of one of its examples, with the verdict it comes to unchanged.
    ``others`` are the orders beside it that a rule across orders sees."""

    rule: Rule
    example: Example
    record: Record
    verdict: Verdict
    others: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """What is tried by itself: the own conditions of a rule, or a named condition on the examples
    of all rules that hold it. ``block`` is what one line alone must say; a rule across orders has
    its window in ``across``."""

    name: str
    pack: str
    block: Group
    trials: tuple[Trial, ...]
    across: Across | None = None

    @property
    def blocks(self) -> tuple[Group, ...]:
        """All blocks of conditions: of a rule across orders also those of `some`."""
        having = () if self.across is None else self.across.having
        return (self.block, *(one.block for one in having if one.block is not None))


class Bench:
    """The packs under trial, with a judge, which has the exchange rates of a check, and the order
    of every example."""

    def __init__(self, reading: Reading, given: frozenset[str]) -> None:
        self.reading = reading
        self.given = given
        self.judge = Judge(reading.rule_book(), rates=rates_of(None))
        self._above: dict[tuple[int, int], frozenset[int]] = {}
        self._trials: dict[str, tuple[Trial, ...]] = {}
        self._changed: dict[tuple[int, int, int], tuple[Rule, Part, Change, Rule | None]] = {}

    @property
    def packs(self) -> tuple[Pack, ...]:
        """The packs under trial."""
        return tuple(pack for pack in self.reading.book.packs if pack.id in self.given)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules under trial, by name."""
        found = [rule for pack in self.packs for rule in pack.rules]
        return tuple(sorted(found, key=lambda rule: rule.name))

    def trials(self, rule: Rule) -> tuple[Trial, ...]:
        """A rule on each of its examples of which an order can be made."""
        found = self._trials.get(rule.name)
        if found is None:
            every = (self.trial(rule, one) for one in rule.examples)
            found = tuple(one for one in every if one is not None)
            self._trials[rule.name] = found
        return found

    def trial(self, rule: Rule, example: Example) -> Trial | None:
        """A rule on one example; None if no order can be made of it."""
        records = example_records(example)
        if not records:
            return None
        record, *others = records
        verdict = rule_verdict(rule, record, others, self.judge)
        return Trial(rule, example, record, verdict, tuple(others))

    def units(self) -> Iterator[Unit]:
        """Every rule with its own conditions, then every named condition of the packs."""
        holding: dict[str, list[Rule]] = {}
        for rule in self.rules:
            unit = Unit(rule.name, rule.pack, rule.when, self.trials(rule), rule.across)
            for name in sorted(set().union(*map(_held, unit.blocks))):
                holding.setdefault(name, []).append(rule)
            yield unit
        for name, named in self.reading.library.conditions.items():
            pack = name.partition("/")[0]
            if named is not None and pack in self.given:
                trials = [one for rule in holding.get(name, ()) for one in self.trials(rule)]
                yield Unit(name, pack, named.block, tuple(trials[:MOST_TRIALS]))

    def verdict(self, trial: Trial, target: Part, change: Change) -> Verdict:
        """The verdict of the trial's rule with one part of it changed; of a rule of which nothing
        is left, the verdict of the rule."""
        if trial.rule.across is not None:
            changed = self._with(trial.rule, target, change)
            if changed is None or changed is trial.rule:
                return trial.verdict
            return rule_verdict(changed, trial.record, trial.others, self.judge)
        found = self._ask(trial.rule.when, trial, target, change)
        return trial.verdict if isinstance(found, str) else found

    def _with(self, rule: Rule, target: Part, change: Change) -> Rule | None:
        """A rule across orders with one part changed."""
        key = (id(rule), id(target), id(change))
        if key not in self._changed:
            # What is named by its place in memory is kept, so that nothing else gets that place.
            self._changed[key] = (rule, target, change, rule_with(rule, target, change))
        return self._changed[key][3]

    def _ask(
        self, condition: Condition, trial: Trial, target: Part, change: Change
    ) -> Verdict | str:
        if condition is target:
            if not isinstance(change, Test | Group | Named):
                return "nothing"
            return self.judge.verdict(change, trial.record)
        if id(condition) not in self._ancestors(trial.rule.when, target):
            return self.judge.verdict(condition, trial.record)
        if isinstance(condition, Named):
            return self._ask(condition.block, trial, target, change)
        assert isinstance(condition, Group)
        asked = [self._ask(part, trial, target, change) for part in condition.parts]
        verdicts: Sequence[Verdict] = [one for one in asked if not isinstance(one, str)]
        if not verdicts:
            return "nothing"
        if condition.kind == "all":
            return truth.all_of(verdicts)
        some = truth.any_of(verdicts)
        return some if condition.kind == "any" else truth.negation(some)

    def _ancestors(self, top: Condition, target: Part) -> frozenset[int]:
        """The parts of a condition that have another in them."""
        key = (id(top), id(target))
        found = self._above.get(key)
        if found is None:
            above: set[int] = set()
            _find(top, target, above, set())
            found = self._above[key] = frozenset(above)
        return found


def _find(condition: Condition, target: Part, above: set[int], seen: set[int]) -> bool:
    if condition is target or id(condition) in above:
        return True
    if isinstance(condition, Test) or id(condition) in seen:
        return False
    parts = (condition.block,) if isinstance(condition, Named) else condition.parts
    is_inside = False
    for part in parts:
        is_inside |= _find(part, target, above, seen)
    (above if is_inside else seen).add(id(condition))
    return is_inside


def _held(condition: Condition) -> set[str]:
    """The names of all conditions that a condition holds, directly or through others."""
    found: set[str] = set()
    waiting = [condition]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Named):
            if one.name not in found:
                found.add(one.name)
                waiting.append(one.block)
        elif isinstance(one, Group):
            waiting.extend(one.parts)
    return found
