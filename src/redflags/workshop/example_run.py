"""Examples of rules: what the rule says of them, and the conditions that decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from redflags.engine.judge import Judge
from redflags.engine.windows import rule_verdict
from redflags.explain.deciding import deciding_tests
from redflags.explain.evidence import evidence_of
from redflags.model.record import Record
from redflags.rulebook.tree import Condition, Example, Named, Rule, Test
from redflags.workshop.window_run import OUTCOMES, Decided, window_decided

UNREADABLE = "no order"
"""The outcome of an example of which no order can be made."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One example with what the rule said of it; ``decided`` are the conditions that made it so,
    given where it is not what was expected."""

    rule: Rule
    example: Example
    outcome: str
    decided: tuple[Decided, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the rule says what the example expects."""
        return self.outcome == self.example.expect


def run_example(rule: Rule, example: Example, records: Sequence[Record], judge: Judge) -> Ran:
    """What a rule says of one of its examples; ``records`` are the example's order and those
    beside it, none where no order can be made of one of them."""
    if not records:
        return Ran(rule, example, UNREADABLE)
    record, *others = records
    outcome = OUTCOMES[rule_verdict(rule, record, others, judge)]
    if outcome == example.expect:
        return Ran(rule, example, outcome)
    windows = window_decided(rule, record, others, judge, outcome)
    if windows and outcome == "no flag":
        return Ran(rule, example, outcome, windows)
    decided = (
        Decided(f"{test.field}: {{{test.operator}: {test.written}}}",
                evidence_of(test, record, judge)["sentence"])
        for test in {id(one): one for one in _deciding(rule.when, record, judge)}.values()
    )  # fmt: skip
    return Ran(rule, example, outcome, (*decided, *windows))


def _deciding(condition: Condition, record: Record, judge: Judge) -> list[Test]:
    """The tests that made a condition come out as it did.

    Of one that is true or unknown those that make it so; of one that is false only those that
    would have to change.
    """
    verdict = judge.verdict(condition, record)
    if isinstance(condition, Test):
        return [condition]
    if isinstance(condition, Named):
        return _deciding(condition.block, record, judge)
    if verdict is True and condition.kind != "none":
        return list(deciding_tests(condition, record, judge))
    wanted = verdict if condition.kind != "none" or verdict is None else not verdict
    return [
        test
        for part in condition.parts
        if judge.verdict(part, record) is wanted
        for test in _deciding(part, record, judge)
    ]
