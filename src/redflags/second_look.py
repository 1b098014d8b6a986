"""The alerts of a run looked at once more: what would change each of them.

That takes some hundredths of a second for an alert, so it can be had of the most urgent alone, and
which those are is known when all are. Of a large file only the lines of which a rule speaks are at
hand: the others of an order are read once more.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from redflags.explain.what_if import TRIALS_IN_A_FILE, what_if, windows_of
from redflags.files import OrderLines, Rows, order_number

if TYPE_CHECKING:
    from redflags.engine.judge import Judge
    from redflags.explain.evidence import Plain
    from redflags.model.record import Record
    from redflags.model.report import Assessments
    from redflags.model.results import Band

ReadAgain = Callable[[Rows], Iterable["Record"]]
"""Reads some rows of the files of a run once more."""

Urgency = tuple[bool, int, str]


@dataclass(slots=True)
class SecondLook:
    """What would change the alerts of a run, among those that are ``shown``.

    ``most`` is the number of alerts, the most urgent, for which it is worked out; None: for all.
    """

    shown: Assessments
    judge: Judge
    line: Band
    as_of: datetime.date | None
    most: int | None = None
    _waiting: list[tuple[Urgency, int, OrderLines]] = field(default_factory=list)

    def add(self, alert: Plain, order: OrderLines) -> None:
        """Add an alert to those that are shown, and look at it now or when all are known."""
        at_once = self.most is None and _is_whole(order)
        if at_once:
            alert["what_if"] = self._told(order, _records(order))
        number = self.shown.add(alert)
        if at_once:
            return
        key = (not alert["stop"], -alert["bits"], alert["order_id"])
        self._waiting.append((key, number, order))
        if self.most is not None and len(self._waiting) > 2 * self.most + 100:
            self._keep_the_most_urgent()

    def finish(self, read_again: ReadAgain | None) -> None:
        """Look at those that wait. ``read_again`` is None where nothing can be read twice."""
        self._keep_the_most_urgent()
        rows: dict[str, set[int]] = {}
        for _, _, order in self._waiting:
            for file, row in _missing(order):
                rows.setdefault(file, set()).add(row)
        again: dict[tuple[str, int], Record] = {}
        if rows and read_again is not None:
            wanted = {file: frozenset(some) for file, some in rows.items()}
            for record in read_again(wanted):
                if record.file is not None and record.row is not None:
                    again[record.file, record.row] = record
        for _, number, order in self._waiting:
            alert = self.shown.added(number)
            alert["what_if"] = self._told(order, _with_again(order, again))
            self.shown.put(number, alert)
        self._waiting.clear()

    def _keep_the_most_urgent(self) -> None:
        if self.most is not None and len(self._waiting) > self.most:
            self._waiting.sort(key=lambda one: one[0])
            del self._waiting[self.most :]

    def _told(self, order: OrderLines, records: Sequence[Record]) -> Plain:
        found = what_if(
            records,
            self.judge,
            self.line,
            self.as_of,
            windows=windows_of(records, order.lines),
            is_whole=len(records) == len(order.places),
            most_trials=TRIALS_IN_A_FILE,
        )
        return found.model_dump()


def _records(order: OrderLines) -> Sequence[Record]:
    return order.records or [line.record for line in order.lines]


def _is_whole(order: OrderLines) -> bool:
    return len(_records(order)) == len(order.places)


def _missing(order: OrderLines) -> Iterable[tuple[str, int]]:
    """The places of the lines of an order that are not at hand."""
    if _is_whole(order):
        return
    known = {(record.file, record.row) for record in _records(order)}
    for place in order.places:
        if (place["file"], place["row"]) not in known and None not in (place["file"], place["row"]):
            yield place["file"], place["row"]


def _with_again(order: OrderLines, again: Mapping[tuple[str, int], Record]) -> Sequence[Record]:
    """All lines of an order in their order, those that were read once more among them; where one
    is another order's now, or is not there, the ones at hand."""
    own = _records(order)
    if _is_whole(order):
        return own
    known = {(record.file, record.row): record for record in own}
    found: list[Record] = []
    for place in order.places:
        key = place["file"], place["row"]
        record = known.get(key) or again.get(key)
        if record is None or order_number(record) != order.number:
            return own
        found.append(record)
    return found
