"""What the rules that speak of a line come to, as far as the verdicts of their tests decide it.

Which tests decide each rule, what lowers it, what it weighs then, and which tests leave an unknown
rule open: all that follows from how the tests come out, and lines of the most different texts have
that in common. It is worked out once for the same rules with the same verdicts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from redflags.engine.judge import Asked, Judge, Verdicts
from redflags.engine.leaves import Verdict
from redflags.explain.deciding import decision, form_of, holds, verdict_of
from redflags.model.record import Record
from redflags.rulebook.tree import Rule, Test

Plain = dict[str, Any]

MOST_OUTCOMES = 5_000
"""Outcomes of rules and of lines that are remembered; where there are more, all are forgotten."""


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
    it so, as they stand in it and as all rules ask them."""

    rule: Rule
    bits: int | None
    tests: tuple[Test, ...]
    wanting: tuple[Asked, ...]


class Outcome:
    """What the rules that speak of a line come to, with what follows from that for an order of
    this line alone, as far as it was asked: the weight of its flags, and its incompletes by what
    they need."""

    __slots__ = ("across", "holding", "listed", "open", "wanting", "weight")

    def __init__(self, holding: tuple[Holding, ...], open_: tuple[Open, ...]) -> None:
        self.holding = holding
        self.open = open_
        self.wanting = tuple(dict.fromkeys(asked for one in open_ for asked in one.wanting))
        self.across = tuple(one.rule for one in open_ if one.rule.across is not None)
        self.weight: Any = None
        self.listed: dict[object, Any] = {}


class _Part:
    """A rule with all tests of its own and of what lowers it, and what it comes to by their
    verdicts."""

    __slots__ = ("asked", "holding", "open")

    def __init__(self, rule: Rule, judge: Judge) -> None:
        conditions = (rule.when, *(one.when for one in judge.lowerings(rule)))
        self.asked: tuple[Asked, ...] = tuple(
            dict.fromkeys(asked for one in conditions for asked in form_of(one, judge).tests)
        )
        self.holding: dict[object, Holding] = {}
        self.open: dict[object, Open] = {}


class Outcomes:
    """The outcomes that the explanations of a judge came to, and ``told``, the incompletes as they
    were told, by all that decides what is."""

    __slots__ = ("_count", "_found", "_parts", "told")

    def __init__(self) -> None:
        self._parts: dict[int, _Part] = {}
        self._found: dict[object, Outcome] = {}
        self.told: dict[object, Plain] = {}
        self._count = 0

    def of(self, verdicts: Verdicts, record: Record, judge: Judge) -> Outcome:
        """What the rules that are true or unknown for a record come to."""
        known, parts, wanting = record.known, self._parts, verdicts.wanting
        holding = []
        for rule in verdicts.true:
            part = parts.get(id(rule)) or self._part(rule, judge)
            told = _verdicts_of(part.asked, known, record, judge)
            holds = part.holding.get(told)
            if holds is None:
                self.count_one()
                holds = part.holding[told] = _holding(rule, record, judge)
            holding.append(holds)
        open_ = []
        for rule in verdicts.unknown:
            part = parts.get(id(rule)) or self._part(rule, judge)
            tests = wanting.get(rule.name)
            of_tests = None if tests is None else tuple([id(test) for test in tests])
            key = _verdicts_of(part.asked, known, record, judge), of_tests
            opens = part.open.get(key)
            if opens is None:
                self.count_one()
                opens = part.open[key] = _open(rule, tests, record, judge)
            open_.append(opens)
        # What is found keeps them: so long as it does, nothing else has their ids.
        ids = tuple(map(id, holding)), tuple(map(id, open_))
        found = self._found.get(ids)
        if found is None:
            self.count_one()
            found = self._found[ids] = Outcome(tuple(holding), tuple(open_))
        return found

    def _part(self, rule: Rule, judge: Judge) -> _Part:
        found = self._parts[id(rule)] = _Part(rule, judge)  # the judge keeps the rule
        return found

    def count_one(self) -> None:
        """Count one more that is remembered."""
        self._count += 1
        if self._count > MOST_OUTCOMES:
            self._parts, self._found, self.told, self._count = {}, {}, {}, 1


def _verdicts_of(
    tests: Iterable[Asked], known: Mapping[Any, Verdict], record: Record, judge: Judge
) -> tuple[Verdict, ...]:
    return tuple(
        [
            known[asked] if asked in known else verdict_of(asked.test, record, judge)
            for asked in tests
        ]
    )


def outcomes_of(judge: Judge) -> Outcomes:
    """What is remembered of the outcomes of a judge's rules."""
    found: Outcomes | None = judge.explained.get(Outcomes)
    if found is None:
        found = judge.explained[Outcomes] = Outcomes()
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


def _open(rule: Rule, tests: tuple[Test, ...] | None, record: Record, judge: Judge) -> Open:
    if tests is None:
        tests = decision(rule.when, record, judge).wanting
    bits = None if rule.is_stop else bits_left(rule, record, judge)
    return Open(rule, bits, tests, tuple([judge.asked(test) for test in tests]))


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
