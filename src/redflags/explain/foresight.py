"""The verdicts that explanations will ask for, found for many lines at once.

Of some lines the rules that speak are known. The tests of these rules, and of what lowers them, are
asked once for each combination of texts that decides them, and every line that has it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from redflags.engine.judge import Asked, Judge, Verdicts
from redflags.engine.leaves import Verdict
from redflags.explain.deciding import form_of
from redflags.model.record import Record
from redflags.rulebook.tree import Rule

MOST_KNOWN = 300_000
"""Verdicts that are remembered for texts that come again."""

_NOT_ASKED = object()


class SameTexts(Protocol):
    """Tells which of some lines have the same texts."""

    def numbers(self, reads: Sequence[str]) -> Sequence[int]:
        """For each line a number for its texts in some columns, equal where these are."""


class Foresight:
    """Tells records of one input the verdicts that will be asked of them."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._known: dict[Asked, dict[int, Verdict]] = {}
        self._count = 0
        self._asked: dict[str, dict[Asked, None]] = {}

    def tell(self, records: Sequence[tuple[int, Record, Verdicts]], same: SameTexts) -> None:
        """Tell some records, each with its place among those of ``same`` and the rules that are
        true or unknown for it."""
        alike: dict[tuple[int, ...], list[tuple[int, Record, Verdicts]]] = {}
        for one in records:
            speaking = one[2]
            key = tuple(map(id, (*speaking.true, *speaking.unknown)))
            alike.setdefault(key, []).append(one)
        waiting: dict[Asked, list[list[tuple[int, Record, Verdicts]]]] = {}
        for some in alike.values():
            for asked in self._asked_by(some[0][2]):
                waiting.setdefault(asked, []).append(some)
        for asked, lists in waiting.items():
            self._tell(asked, lists, same.numbers(asked.reads))

    def _tell(
        self,
        asked: Asked,
        lists: list[list[tuple[int, Record, Verdicts]]],
        numbers: Sequence[int],
    ) -> None:
        known = self._known.setdefault(asked, {})
        before = len(known)
        test, verdict_of = asked.test, self._judge.verdict
        for some in lists:
            for place, record, _ in some:
                number = numbers[place]
                verdict = known.get(number, _NOT_ASKED)
                if verdict is _NOT_ASKED:
                    verdict = known[number] = verdict_of(test, record)
                record.known[asked] = verdict  # type: ignore[assignment]
        self._count += len(known) - before
        if self._count > MOST_KNOWN:
            self._known.clear()
            self._count = 0

    def _asked_by(self, speaking: Verdicts) -> tuple[Asked, ...]:
        """The tests of the rules that speak, and of what lowers them."""
        found: dict[Asked, None] = {}
        for rule in (*speaking.true, *speaking.unknown):
            asked = self._asked.get(rule.name)
            if asked is None:
                asked = self._asked[rule.name] = self._asked_for(rule)
            found.update(asked)
        return tuple(found)

    def _asked_for(self, rule: Rule) -> dict[Asked, None]:
        conditions = [rule.when, *(one.when for one in self._judge.lowerings(rule))]
        return dict.fromkeys(
            asked for condition in conditions for asked in form_of(condition, self._judge).tests
        )
