"""Rules that came close: false by one or two conditions, with what held and what did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from redflags.engine.judge import Judge
from redflags.explain.evidence import evidence_of
from redflags.model.record import Record
from redflags.model.results import Assessment, ConditionEvidence, Counterfactual, WorthAsking
from redflags.rulebook.tree import Condition, Named, Rule, Test

MOST_SHOWN = 5
"""How many rules that came close are shown."""


@dataclass(frozen=True, slots=True)
class CloseRule:
    """A rule that came out false although most of it holds."""

    rule: str
    title: str
    severity: str | None
    held: tuple[ConditionEvidence, ...]
    missing: tuple[ConditionEvidence, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """An assessment, what would change it, and the rules that came close."""

    assessment: Assessment
    close: tuple[CloseRule, ...]

    @property
    def counterfactuals(self) -> tuple[Counterfactual, ...]:
        """Smallest sets of facts that would bring the order below the line."""
        found = self.assessment.what_if
        return () if found is None else found.counterfactuals

    @property
    def worth_asking(self) -> tuple[WorthAsking, ...]:
        """The missing facts that could add or take away most evidence, those that could first."""
        found = self.assessment.what_if
        return () if found is None else found.worth_asking


@dataclass(frozen=True, slots=True)
class _Split:
    held: tuple[Test, ...]
    failed: tuple[Test, ...]
    steps: int  # how many parts would have to change


def close_rules(
    records: Sequence[Record], judge: Judge, exclude: frozenset[str]
) -> tuple[CloseRule, ...]:
    """The rules nearest to coming out true: at most two parts fail and at least one holds."""
    best: dict[str, tuple[int, int, Rule, Record, _Split]] = {}
    for record in records:
        for rule in judge.book.rules:
            if rule.name in exclude or judge.verdict(rule.when, record) is not False:
                continue
            split = _split(rule.when, record, judge)
            if not 1 <= split.steps <= 2 or len(split.held) < split.steps:
                continue
            if any(test.field.startswith("product") for test in split.failed):
                continue  # a rule about other goods is not close
            rank = (split.steps, -len(split.held))
            if rule.name not in best or rank < best[rule.name][:2]:
                best[rule.name] = (*rank, rule, record, split)
    ranked = sorted(best.values(), key=lambda one: (one[0], -one[2].bits, one[1], one[2].name))
    return tuple(
        CloseRule(
            rule=rule.name,
            title=rule.title,
            severity=rule.severity,
            held=_told(split.held, record, judge),
            missing=_told(split.failed, record, judge),
        )
        for _, _, rule, record, split in ranked[:MOST_SHOWN]
    )


def _told(tests: Sequence[Test], record: Record, judge: Judge) -> tuple[ConditionEvidence, ...]:
    return tuple(
        ConditionEvidence.model_validate(evidence_of(test, record, judge)) for test in tests
    )


def _split(condition: Condition, record: Record, judge: Judge) -> _Split:
    if isinstance(condition, Test):
        verdict = judge.verdict(condition, record)
        held = (condition,) if verdict is True else ()
        failed = (condition,) if verdict is False else ()
        return _Split(held, failed, len(failed))
    if isinstance(condition, Named):
        return _split(condition.block, record, judge)
    if condition.kind == "none":
        if judge.verdict(condition, record) is not False:
            return _Split((), (), 0)
        hit = tuple(
            test
            for part in condition.parts
            if judge.verdict(part, record) is True
            for test in _split(part, record, judge).held
        )
        return _Split((), hit, 1)
    parts = [_split(part, record, judge) for part in condition.parts]
    if condition.kind == "all":
        return _Split(
            tuple(test for part in parts for test in part.held),
            tuple(test for part in parts for test in part.failed),
            sum(part.steps for part in parts),
        )
    holding = [part for part in parts if part.steps == 0 and part.held]
    return holding[0] if holding else min(parts, key=lambda part: part.steps)
