"""The lines of large files that stay open, made records and judged one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from redflags.bulk_lines import OpenLine, SameTexts
from redflags.explain.evidence import Plain
from redflags.explain.foresight import Foresight
from redflags.model.answers import Answers
from redflags.model.notation import Notation, Notations
from redflags.model.record import Record, TextRecord
from redflags.model.validity import expire

if TYPE_CHECKING:
    import datetime

    from redflags.engine.judge import Judge, Verdicts

AT_ONCE = 100
"""Lines that are records at the same time: more would not stay in the cache of the processor."""

OpenOrder = tuple[list[Plain], list[OpenLine]]
"""An order: the places of all its lines, and those that stay open."""

JudgedLine = tuple[int, TextRecord, "Verdicts"]
"""A line that stays open: its number among those kept, its values, how the rules stand on it."""


class LineJudging:
    """Judges lines that stay open, and finds what explanations will ask of them for many lines at
    once. What is said of a text depends on the ``notations`` of its file: for each file it is
    remembered by itself."""

    def __init__(
        self,
        judge: Judge,
        notations: Sequence[Notation | Notations],
        as_of: datetime.date | None,
    ) -> None:
        self._judge = judge
        self._notations = notations
        self._as_of = as_of
        self._answers = [Answers() for _ in notations]
        self._foresights = [Foresight(judge) for _ in notations]

    def orders(self, orders: Iterable[OpenOrder]) -> Iterator[tuple[list[Plain], list[JudgedLine]]]:
        """The same orders with the records of their lines and what is true or unknown on them."""
        waiting: list[OpenOrder] = []
        lines = 0
        for order in orders:
            waiting.append(order)
            lines += len(order[1])
            if lines >= AT_ONCE:
                yield from self._together(waiting)
                waiting, lines = [], 0
        yield from self._together(waiting)

    def _together(self, orders: Iterable[OpenOrder]) -> list[tuple[list[Plain], list[JudgedLine]]]:
        found = []
        same: dict[tuple[int, SameTexts], list[tuple[int, Record, Verdicts]]] = {}
        for places, lines in orders:
            judged: list[JudgedLine] = []
            for line in lines:
                number, file, _, standing, _, texts, own = line
                record = self._record(line)
                verdicts = self._judge.verdicts(record, standing)
                judged.append((number, record, verdicts))
                same.setdefault((file, texts), []).append((own, record, verdicts))
            found.append((places, judged))
        for (file, texts), some in same.items():
            self._foresights[file].tell(some, texts)
        return found

    def _record(self, line: OpenLine) -> TextRecord:
        _, file, place, _, cells, same, own = line
        record = TextRecord(
            {path: text for path, text in cells.items() if text is not None},
            self._notations[file],
            **place,
            answers=self._answers[file],
            alike=partial(same.number, own),
        )
        expire(record, self._as_of)
        return record
