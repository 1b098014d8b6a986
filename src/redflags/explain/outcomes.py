"""What the rules that speak of a line come to, as far as the verdicts of their tests decide it.

Which tests decide each rule, what lowers it, what it weighs then, and which tests leave an unknown
rule open: all that follows from how the tests come out, and lines of the most different texts have
that in common. It is worked out once for the same rules with the same verdicts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from redflags.engine.judge import Asked, Judge, Verdicts
from redflags.engine.leaves import Verdict
from redflags.explain.deciding import decision, form_of, holds, verdict_of
from redflags.model.record import Record
from redflags.rulebook.tree import Rule, Test

Plain = dict[str, Any]

MOST_OUTCOMES = 2_000
"""Outcomes that are remembered; where there are more, all are forgotten."""


class Holding(NamedTuple):
    """A rule that is true: what it weighs after what lowers it, the tests that decide it, each
    once, and of these one for each of the facts that they rest on."""

    rule: Rule
    bits: int
    lowered: tuple[Plain, ...]
    deciding: tuple[Asked, ...]
    facts: tuple[Asked, ...]


class Open(NamedTuple):
    """A rule that is unknown: what it would weigh (None: it is a stop), and the tests that leave
    it so."""

    rule: Rule
    bits: int | None
    wanting: tuple[Asked, ...]


class Outcome:
    """What the rules that speak of a line come to."""

    __slots__ = ("asks_windows", "holding", "listed", "open", "wanting", "weight")

    def __init__(self, holding: tuple[Holding, ...], open_: tuple[Open, ...]) -> None:
        self.holding = holding
        self.open = open_
        self.wanting = tuple(dict.fromkeys(asked for one in open_ for asked in one.wanting))
        self.asks_windows = any(one.rule.across is not None for one in open_)
        # What is told of an order of this line alone: its weight, and
        # its incompletes by what they need.
        self.weight: Any = None
        self.listed: dict[object, Any] = {}


class Speaking:
    """Some rules that speak of a line, with all tests of theirs and of what lowers them."""

    __slots__ = ("asked", "outcomes", "verdicts")

    def __init__(self, verdicts: Verdicts, judge: Judge) -> None:
        self.verdicts = verdicts
        self.asked = tuple(
            dict.fromkeys(
                asked
                for rule in (*verdicts.true, *verdicts.unknown)
                for asked in asked_by(rule, judge)
            )
        )
        self.outcomes: dict[tuple[Verdict, ...], Outcome] = {}


class Outcomes:
    """The outcomes that the explanations of a judge came to."""

    __slots__ = ("count", "speaking")

    def __init__(self) -> None:
        self.speaking: dict[object, Speaking] = {}
        self.count = 0

    def speaking_of(self, verdicts: Verdicts, judge: Judge) -> Speaking:
        """The rules that speak of a line, as one object for all lines of which they do."""
        # The rules are the judge's own, and the mapping is kept: no other object has their ids.
        key = (
            tuple(map(id, verdicts.true)),
            tuple(map(id, verdicts.unknown)),
            id(verdicts.wanting) if verdicts.wanting else 0,
        )
        found = self.speaking.get(key)
        if found is None:
            self.add_one()
            found = self.speaking[key] = Speaking(verdicts, judge)
        return found

    def add_one(self) -> None:
        """Count one more that is remembered."""
        self.count += 1
        if self.count > MOST_OUTCOMES:
            self.speaking, self.count = {}, 1


def outcomes_of(judge: Judge) -> Outcomes:
    """The outcomes that are remembered of a judge's rules."""
    found: Outcomes | None = judge.explained.get(Outcomes)
    if found is None:
        found = judge.explained[Outcomes] = Outcomes()
    return found


def outcome(verdicts: Verdicts, record: Record, judge: Judge) -> Outcome:
    """What the rules that are true or unknown for a record come to."""
    outcomes = outcomes_of(judge)
    speaking = outcomes.speaking_of(verdicts, judge)
    known = record.known
    told = tuple(
        [
            known[asked] if asked in known else verdict_of(asked.test, record, judge)
            for asked in speaking.asked
        ]
    )
    found = speaking.outcomes.get(told)
    if found is None:
        outcomes.add_one()
        found = speaking.outcomes[told] = Outcome(
            tuple([_holding(rule, record, judge) for rule in verdicts.true]),
            tuple([_open(rule, verdicts, record, judge) for rule in verdicts.unknown]),
        )
    return found


def _holding(rule: Rule, record: Record, judge: Judge) -> Holding:
    bits, lowered = _lowered(rule, record, judge)
    tests = decision(rule.when, record, judge).deciding
    once: dict[tuple[str, str, str], Test] = {}
    facts: dict[object, Test] = {}
    for test in tests:
        once.setdefault((test.field, test.operator, test.written), test)
        others = test.operand if test.operator in ("same_as", "differs_from") else ()
        facts.setdefault((test.field, frozenset(others)), test)
    return Holding(
        rule,
        bits,
        lowered,
        tuple([judge.asked(test) for test in once.values()]),
        tuple([judge.asked(test) for test in facts.values()]),
    )


def _open(rule: Rule, verdicts: Verdicts, record: Record, judge: Judge) -> Open:
    tests: Sequence[Test] | None = verdicts.wanting.get(rule.name)
    if tests is None:
        tests = decision(rule.when, record, judge).wanting
    bits = None if rule.is_stop else bits_left(rule, record, judge)
    return Open(rule, bits, tuple([judge.asked(test) for test in tests]))


def _lowered(rule: Rule, record: Record, judge: Judge) -> tuple[int, tuple[Plain, ...]]:
    """A rule's bits on one line, less its own lowerings and the mitigations of its fact.

    Never below zero; a lowering whose facts are unknown does not lower.
    """
    lowered: list[Plain] = []
    left = rule.bits
    for lowering in judge.lowerings(rule):
        if left > 0 and holds(lowering.when, record, judge):
            taken = min(left, lowering.bits)
            left -= taken
            lowered.append({"by": taken, "because": lowering.because})
    return left, tuple(lowered)


def bits_left(rule: Rule, record: Record, judge: Judge) -> int:
    """What a rule weighs on a record after what lowers it."""
    return _lowered(rule, record, judge)[0]


def asked_by(rule: Rule, judge: Judge) -> Iterable[Asked]:
    """The tests of a rule and of what lowers it."""
    for condition in (rule.when, *(one.when for one in judge.lowerings(rule))):
        yield from form_of(condition, judge).tests
