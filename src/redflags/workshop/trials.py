"""Trials of rules on the orders of their own examples, with parts of a condition changed.

What is changed in a trial is one test or one part of a group; everything else is asked of the
judge, so a trial can differ from it in nothing but the change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from redflags.engine.judge import Judge
from redflags.engine.leaves import Verdict
from redflags.model.record import Record
from redflags.rulebook.loader import Reading
from redflags.rulebook.tree import Condition, Example, Group, Named, Pack, Rule, Test
from redflags.values import truth
from redflags.workshop.subject import across_of, example_record

MOST_TRIALS = 400
"""Trials of one named condition; rules that hold it beyond them are not asked."""

Change = Callable[[Record], Verdict] | None
"""What a part says instead of what it says; None leaves the part out."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One rule on the order of one of its examples, with the verdict it comes to unchanged."""

    rule: Rule
    example: Example
    record: Record
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Unit:
    """What is tried by itself: the own conditions of a rule, or a named condition on the examples
    of all rules that hold it. ``tops`` are the conditions of those rules."""

    name: str
    pack: str
    block: Group
    trials: tuple[Trial, ...]


class Bench:
    """The packs under trial, with a judge and the order of every example."""

    def __init__(self, reading: Reading, given: frozenset[str]) -> None:
        self.reading = reading
        self.given = given
        self.judge = Judge(reading.rule_book())
        self._above: dict[tuple[int, int], frozenset[int]] = {}
        self._trials: dict[str, tuple[Trial, ...]] = {}

    @property
    def packs(self) -> tuple[Pack, ...]:
        """The packs under trial."""
        return tuple(pack for pack in self.reading.book.packs if pack.id in self.given)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules under trial that one line decides, by name."""
        found = [rule for pack in self.packs for rule in pack.rules if across_of(rule) is None]
        return tuple(sorted(found, key=lambda rule: rule.name))

    @property
    def left_out(self) -> tuple[Rule, ...]:
        """The rules across several orders, which are not tried here."""
        rules = (rule for pack in self.packs for rule in pack.rules)
        return tuple(rule for rule in rules if across_of(rule) is not None)

    def trials(self, rule: Rule) -> tuple[Trial, ...]:
        """A rule on each of its examples of which an order can be made."""
        found = self._trials.get(rule.name)
        if found is None:
            records = ((one, example_record(one)) for one in rule.examples)
            found = self._trials[rule.name] = tuple(
                Trial(rule, one, record, self.judge.verdict(rule.when, record))
                for one, record in records
                if record is not None
            )
        return found

    def units(self) -> Iterator[Unit]:
        """Every rule with its own conditions, then every named condition of the packs."""
        holding: dict[str, list[Rule]] = {}
        for rule in self.rules:
            for name in _held(rule.when):
                holding.setdefault(name, []).append(rule)
            yield Unit(rule.name, rule.pack, rule.when, self.trials(rule))
        for name, named in self.reading.library.conditions.items():
            pack = name.partition("/")[0]
            if named is not None and pack in self.given:
                trials = [one for rule in holding.get(name, ()) for one in self.trials(rule)]
                yield Unit(name, pack, named.block, tuple(trials[:MOST_TRIALS]))

    def verdict(self, trial: Trial, target: Condition, change: Change) -> Verdict:
        """The verdict of the trial's rule with one part of its condition changed."""
        found = self._ask(trial.rule.when, trial, target, change)
        return trial.verdict if isinstance(found, str) else found

    def _ask(
        self, condition: Condition, trial: Trial, target: Condition, change: Change
    ) -> Verdict | str:
        if condition is target:
            return "nothing" if change is None else change(trial.record)
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

    def _ancestors(self, top: Condition, target: Condition) -> frozenset[int]:
        """The parts of a condition that have another in them."""
        key = (id(top), id(target))
        found = self._above.get(key)
        if found is None:
            above: set[int] = set()
            _find(top, target, above, set())
            found = self._above[key] = frozenset(above)
        return found


def _find(condition: Condition, target: Condition, above: set[int], seen: set[int]) -> bool:
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
