"""What would bring an order below the line: smallest sets of facts, each verified by judging anew.

Candidates come from the tests that decide the order's flags, and from what would lower these.
Sets of one fact are tried first, then of two and three; a set counts only if the judge, asked about
every line with these facts, puts the order below the line, if no smaller part of the set does so,
and if no flag is merely unknown by then: that a fact is not stated explains nothing. Where other
orders decide what a part of a set does, and nobody knows, the set is not told. The work is
bounded by a number of trials and not by time, so that an order has the same answer everywhere.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import cast

from redflags.engine.judge import Judge, Verdicts
from redflags.explain.alternatives import Alternative, alternatives, changed
from redflags.explain.deciding import deciding_tests
from redflags.explain.outcomes import bits_left
from redflags.model.fields import field_table
from redflags.model.record import Record
from redflags.model.results import Band, Change, Counterfactual
from redflags.rulebook.tree import Condition, Named, Rule, Test
from redflags.scoring import Sign, band_of, is_at_least, score_of, weigh
from redflags.values.understood import ABSENT

MOST_TRIALS = 2_000
"""Lines that are judged anew for one order that is explained."""

MOST_FACTS = 3
"""Facts of one set."""

MOST_CANDIDATES = 80
"""Facts put otherwise that are tried one by one."""

MOST_IN_SETS = 24
"""Of those, how many are tried together."""

MOST_LINES = 500
"""Lines of an order beyond which nothing is tried."""

MOST_LISTED = 6
"""Sets that are listed of those that can be checked, and of the others."""


@dataclass(frozen=True, slots=True)
class Found:
    """The sets that were found; ``is_complete`` is false where more were left untried."""

    sets: tuple[Counterfactual, ...] = ()
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What the rules say of the order with some facts put otherwise; ``is_most`` where a rule
    across orders is among the flags, which other orders may yet take away."""

    bits: int
    band: str
    raised: frozenset[str]
    unknown: frozenset[str]
    is_most: bool
    stop: bool


JudgeLines = Callable[[Sequence[Record]], Sequence[Verdicts]]
"""Judges all lines of an order together, as rules that look across lines ask for."""


def counterfactuals(
    lines: Sequence[Record],
    judge: Judge,
    line: Band,
    as_of: datetime.date | None,
    *,
    most_trials: int = MOST_TRIALS,
    judge_lines: JudgeLines | None = None,
    judge_at_least: JudgeLines | None = None,
) -> Found:
    """The smallest sets of facts that would bring an order below the band ``line``; none for an
    order that is below it. ``lines`` are all lines of the order; ``judge_lines`` judges them where
    the judge alone, line by line, does not, and counts what nobody knows against the order;
    ``judge_at_least`` counts it for the order."""
    judge_lines = judge_lines or (lambda records: [judge.verdicts(one) for one in records])
    now = _judged(lines, judge, judge_lines)
    if not is_at_least(now.band, line):
        return Found()
    if len(lines) > MOST_LINES:
        return Found(is_complete=False)
    search = _Search(list(lines), judge, judge_lines, judge_at_least, line, as_of, now, most_trials)
    return search.run()


def _judged(records: Sequence[Record], judge: Judge, judge_lines: JudgeLines) -> _Outcome:
    signs: dict[str, Sign] = {}
    raised: set[str] = set()
    unknown: set[str] = set()
    is_most = False
    stop = False
    for record, verdicts in zip(records, judge_lines(records), strict=True):
        unknown.update(rule.name for rule in verdicts.unknown)
        for rule in verdicts.true:
            raised.add(rule.name)
            is_most = is_most or rule.across is not None
            stop = stop or rule.is_stop
            if rule.is_stop:
                continue
            bits = bits_left(rule, record, judge)
            if rule.name not in signs or bits > signs[rule.name].bits:
                signs[rule.name] = Sign(rule.name, rule.fact or "", rule.severity or "", bits)
    bits = weigh(signs.values()).bits
    band = band_of(bits, flagged=bool(raised), stop=stop)
    return _Outcome(bits, band, frozenset(raised), frozenset(unknown - raised), is_most, stop)


Set = frozenset[int]


@dataclass(slots=True)
class _Search:
    """One order, its candidates, and what came of the sets that were tried."""

    lines: list[Record]
    judge: Judge
    judge_lines: JudgeLines
    judge_at_least: JudgeLines | None
    line: str
    as_of: datetime.date | None
    now: _Outcome
    left: int
    is_complete: bool = True
    candidates: list[Alternative] = field(default_factory=list)
    tried: dict[Set, _Outcome] = field(default_factory=dict)
    doubtful: dict[Set, bool] = field(default_factory=dict)

    def run(self) -> Found:
        """Try sets of one fact, then of more until one is found that can be checked, and one at
        all."""
        self.candidates = self._candidates()
        found: list[Set] = []
        for number in range(len(self.candidates)):
            if not self._can_try():
                break
            self._note({number}, found)
        checkable = [n for n, one in enumerate(self.candidates) if one.can_be_checked]
        self._together(checkable, found)
        if not found:
            self._together(list(range(len(self.candidates))), found)
        return Found(self._listed(found), self.is_complete)

    def _together(self, numbers: list[int], found: list[Set]) -> None:
        """Sets of two and three of these candidates, while none of them is found."""
        if any(one <= set(numbers) for one in found):
            return
        pool = self._pool(numbers)
        for size in range(2, MOST_FACTS + 1):
            before = len(found)
            for some in combinations(pool, size):
                if not self._are_apart(some) or self._has_below(some):
                    continue
                if not self._can_try():
                    return
                self._note(set(some), found)
            if len(found) > before:
                return

    def _pool(self, numbers: list[int]) -> list[int]:
        """Of candidates that write the same fields the one that helps most, the best first."""
        best: dict[frozenset[str], int] = {}
        ranked = sorted((one for one in numbers if frozenset({one}) in self.tried), key=self._rank)
        for number in ranked:
            if not self._could_be_below(frozenset({number})):
                best.setdefault(self.candidates[number].paths, number)
        pool = list(best.values())
        if len(pool) > MOST_IN_SETS:
            self.is_complete = False
        return pool[:MOST_IN_SETS]

    def _rank(self, number: int) -> tuple[bool, int, int, int]:
        outcome = self.tried[frozenset({number})]
        return outcome.stop, outcome.bits, len(outcome.raised), number

    def _are_apart(self, some: Sequence[int]) -> bool:
        """Whether no two of the candidates write the same field."""
        paths = [path for number in some for path in self.candidates[number].paths]
        return len(paths) == len(set(paths))

    def _has_below(self, some: Sequence[int]) -> bool:
        """Whether a smaller part is below the line already, or could be."""
        return any(
            self._could_be_below(frozenset(part))
            for size in range(1, len(some))
            for part in combinations(some, size)
        )

    def _can_try(self) -> bool:
        if self.left > 0:
            return True
        self.is_complete = False
        return False

    def _note(self, some: set[int], found: list[Set]) -> None:
        outcome = self._outcome(frozenset(some))
        if self._is_below(outcome) and not self.now.raised & outcome.unknown:
            found.append(frozenset(some))

    def _is_below(self, outcome: _Outcome) -> bool:
        return not is_at_least(outcome.band, self.line)

    def _could_be_below(self, some: Set) -> bool:
        """Whether a set is below the line, or would be if the windows that nobody knows said so."""
        outcome = self._outcome(some)
        if self._is_below(outcome) or not outcome.is_most or self.judge_at_least is None:
            return self._is_below(outcome)
        if some not in self.doubtful:
            self.left -= len(self.lines)
            least = _judged(self._changed(some), self.judge, self.judge_at_least)
            self.doubtful[some] = self._is_below(least)
            # Sets that hold this one are not tried.
            self.is_complete = self.is_complete and not self.doubtful[some]
        return self.doubtful[some]

    def _outcome(self, some: Set) -> _Outcome:
        if some not in self.tried:
            self.left -= len(self.lines)
            self.tried[some] = _judged(self._changed(some), self.judge, self.judge_lines)
        return self.tried[some]

    def _changed(self, some: Set) -> list[Record]:
        chosen = [self.candidates[number] for number in sorted(some)]
        return [changed(record, chosen, self.as_of) for record in self.lines]

    def _candidates(self) -> list[Alternative]:
        """Every fact put otherwise that turns round a test of a flag, or of what lowers one."""
        found: dict[tuple[tuple[str, str], ...], Alternative] = {}
        asked: set[tuple[int, bool, int]] = set()
        judged = zip(self.lines, self.judge_lines(self.lines), strict=True)
        for place, (record, verdicts) in enumerate(judged):
            rules = sorted(verdicts.true, key=_weight)
            for test, wanted in self._tests(rules, record):
                if (id(test), wanted, place) in asked:
                    continue
                asked.add((id(test), wanted, place))
                self.left -= 1
                for one in alternatives(test, wanted, record, self.judge, self.as_of):
                    found.setdefault(one.cells, one)
            if len(found) > MOST_CANDIDATES or self.left < len(self.lines) * MOST_CANDIDATES // 4:
                self.is_complete = self.is_complete and place == len(self.lines) - 1
                break
        ranked = sorted(found.values(), key=lambda one: not one.can_be_checked)
        self.is_complete = self.is_complete and len(ranked) <= MOST_CANDIDATES
        return ranked[:MOST_CANDIDATES]

    def _tests(self, rules: Iterable[Rule], record: Record) -> Iterator[tuple[Test, bool]]:
        """The tests of the flags with the verdicts that would take something from them."""
        for rule in rules:
            for test in deciding_tests(rule.when, record, self.judge):
                verdict = self.judge.verdict(test, record)
                if verdict is not None:
                    yield test, not verdict
            for lowering in self.judge.lowerings(rule):
                if self.judge.verdict(lowering.when, record) is not True:
                    yield from self._missing(lowering.when, True, record)

    def _missing(
        self, condition: Condition, wanted: bool, record: Record
    ) -> Iterator[tuple[Test, bool]]:
        """The tests that keep a condition from being as wanted."""
        if isinstance(condition, Test):
            if self.judge.verdict(condition, record) is not wanted:
                yield condition, wanted
        elif isinstance(condition, Named):
            yield from self._missing(condition.block, wanted, record)
        else:
            for part in condition.parts:
                yield from self._missing(part, wanted is (condition.kind != "none"), record)

    def _listed(self, found: Sequence[Set]) -> tuple[Counterfactual, ...]:
        """The sets as results: one for each set of fields, those that can be checked first."""
        ranked = sorted(
            found,
            key=lambda some: (
                not self._is_checkable(some),
                len(some),
                sum(self.candidates[number].distance for number in some),
                self.tried[some].bits,
                sorted(some),
            ),
        )
        kept: dict[frozenset[str], Set] = {}
        for some in ranked:
            kept.setdefault(frozenset(self.candidates[n].path for n in some), some)
        listed: list[Set] = []
        for can_be_checked in (True, False):
            of_kind = [one for one in kept.values() if self._is_checkable(one) is can_be_checked]
            self.is_complete = self.is_complete and len(of_kind) <= MOST_LISTED
            listed += of_kind[:MOST_LISTED]
        return tuple(self._told(some) for some in listed)

    def _is_checkable(self, some: Set) -> bool:
        return all(self.candidates[number].can_be_checked for number in some)

    def _told(self, some: Set) -> Counterfactual:
        outcome = self.tried[some]
        chosen = [self.candidates[number] for number in sorted(some)]
        clauses = ", and ".join(one.clause for one in chosen)
        band = "no flag would be left" if not outcome.raised else (
            f"the order would be in band {outcome.band}, score {score_of(outcome.bits):.1f}"
            + (" at most" if outcome.is_most else "")
        )  # fmt: skip
        checkable = self._is_checkable(some)
        return Counterfactual(
            changes=tuple(self._change(one) for one in chosen),
            can_be_checked=checkable,
            score=score_of(outcome.bits),
            bits=outcome.bits,
            band=cast("Band", outcome.band),
            sentence=f"If {clauses}, {band}" + ("" if checkable else " (cannot change)"),
        )

    def _change(self, one: Alternative) -> Change:
        table = field_table()
        stated = self.lines[0][one.path]
        return Change(
            field=one.path,
            column=table[one.path].column,
            stated=None if stated is ABSENT or stated.is_blank else stated.written,
            instead=one.instead,
            cells={table[path].column: text for path, text in one.cells},
            can_be_checked=one.can_be_checked,
            sentence=one.clause,
        )


def _weight(rule: Rule) -> tuple[bool, int, str]:
    return not rule.is_stop, -rule.bits, rule.name
