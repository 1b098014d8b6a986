"""How a condition comes out on one record, and which of its tests decide that.

Both follow from the verdicts of its tests. Explanations ask for the same tests again and again, in
other rules and on lines of the same texts: each verdict is remembered by the texts that decide it,
and what follows from some verdicts by these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from redflags.engine.judge import Asked, Judge
from redflags.engine.leaves import Verdict
from redflags.engine.open_tests import open_tests
from redflags.engine.reads import tests_of
from redflags.model.record import Record
from redflags.rulebook.tree import Condition, Named, Test

MOST_FORMS = 20_000
"""Combinations of verdicts that are remembered of one condition."""


class Decision(NamedTuple):
    """The verdict of a condition; the tests that decide it: of ``any`` that holds the parts that
    hold, of the others every part; and those that leave it unknown."""

    verdict: Verdict
    deciding: tuple[Test, ...]
    wanting: tuple[Test, ...]


class Form:
    """A condition by its tests, with what follows from their verdicts as far as it was asked."""

    __slots__ = ("condition", "decisions", "tests")

    def __init__(self, condition: Condition, judge: Judge) -> None:
        self.condition = condition
        self.tests: tuple[Asked, ...] = tuple(
            dict.fromkeys(judge.asked(test) for test in tests_of(condition))
        )
        self.decisions: dict[tuple[Verdict, ...], Decision] = {}

    def decision(self, verdicts: tuple[Verdict, ...], judge: Judge) -> Decision:
        """What follows from the verdicts of the tests."""
        if len(self.decisions) > MOST_FORMS:
            self.decisions.clear()
        by_asked = dict(zip(self.tests, verdicts, strict=True))
        told = {id(test): by_asked[judge.asked(test)] for test in tests_of(self.condition)}
        verdict, wanting = open_tests(self.condition, lambda test: told[id(test)])
        deciding = _deciding(self.condition, told)
        found = self.decisions[verdicts] = Decision(verdict, tuple(deciding), tuple(wanting))
        return found


def decision(condition: Condition, record: Record, judge: Judge) -> Decision:
    """How a condition comes out on a record, as the judge has it, and why."""
    form = form_of(condition, judge)
    known = record.known
    verdicts = tuple(
        [known[asked] if asked in known else _verdict(asked, record, judge) for asked in form.tests]
    )
    return form.decisions.get(verdicts) or form.decision(verdicts, judge)


def form_of(condition: Condition, judge: Judge) -> Form:
    """A condition by its tests."""
    form: Form | None = judge.forms.get(id(condition))
    if form is None:
        judge.reads_of(condition)  # and so its id is not used again
        form = judge.forms[id(condition)] = Form(condition, judge)
    return form


def holds(condition: Condition, record: Record, judge: Judge) -> bool:
    """Whether a condition is true. Many rules share what lowers them."""
    known, key = record.known, id(condition)
    if key in known:
        return known[key] is True
    verdict = known[key] = decision(condition, record, judge).verdict
    return verdict is True


def verdict_of(test: Test, record: Record, judge: Judge) -> Verdict:
    """The verdict of a test, as the judge has it."""
    asked = judge.asked(test)
    known = record.known
    return known[asked] if asked in known else _verdict(asked, record, judge)


def deciding_tests(condition: Condition, record: Record, judge: Judge) -> tuple[Test, ...]:
    """The tests that decide a condition, each as often as it stands there."""
    return decision(condition, record, judge).deciding


def _verdict(asked: Asked, record: Record, judge: Judge) -> Verdict:
    code = record.remembered(asked, asked.reads, lambda: _CODES[judge.verdict(asked.test, record)])
    verdict = record.known[asked] = _VERDICTS[code]
    return verdict


_VERDICTS: tuple[Verdict, ...] = (False, True, None)
_CODES: dict[Verdict, int] = {verdict: code for code, verdict in enumerate(_VERDICTS)}
"""A record remembers what is not None."""


def _deciding(condition: Condition, told: Mapping[int, Verdict]) -> list[Test]:
    if isinstance(condition, Test):
        return [condition]
    if isinstance(condition, Named):
        condition = condition.block
    parts = condition.parts
    if condition.kind == "any":
        holding = [one for one in parts if open_tests(one, lambda test: told[id(test)])[0] is True]
        parts = tuple(holding) or parts
    return [test for part in parts for test in _deciding(part, told)]
