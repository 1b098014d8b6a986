"""One order at a time: from its transactions to its assessment."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from redflags.engine.judge import Judge, Verdicts
from redflags.engine.windows import WindowSheet
from redflags.errors import OrderLinesError
from redflags.explain.assess import Line, assess
from redflags.explain.evidence import place_of
from redflags.explain.quiet import QuietAssessments
from redflags.files import judged_lines
from redflags.model.record import Record, record_of
from redflags.model.results import Assessment
from redflags.model.transaction import Transaction
from redflags.model.validity import expire
from redflags.policy import Policy
from redflags.rulebook.tree import Rule

MOST_REMEMBERED = 20_000
"""Answers about values that are remembered between orders."""


class LineEngine(Protocol):
    """An engine that judges one line at a time."""

    def verdicts(self, record: Record) -> Verdicts:
        """The rules that are true or unknown for the line."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """An order as it is to be judged: the number it is called by, the numbers that its lines
    state, these as given and as records, and its history."""

    number: str
    numbers: Container[object]
    given: Sequence[Transaction]
    lines: Sequence[Record]
    earlier: Sequence[Transaction]


class SingleOrders:
    """Judges orders by the verdicts of an engine. Safe from several threads.

    The judge explains what comes out, by the policy; ``as_of`` is the day by which licences and
    statements have expired.
    """

    def __init__(
        self, judge: Judge, engine: LineEngine, policy: Policy, as_of: datetime.date | None
    ) -> None:
        self._judge = judge
        self._engine = engine
        self._policy = policy
        self._as_of = as_of
        self._across = judge.book.across_rules
        self._quiet = QuietAssessments(judge, policy)
        self._memory: dict[object, object] = {}

    def check(
        self, order: Transaction | Sequence[Transaction], history: Iterable[Transaction]
    ) -> Assessment:
        """The assessment of an order: of a transaction, or of the lines of one order.

        Raises :class:`OrderLinesError` for an empty sequence or lines of different orders,
        ``TypeError`` for anything that is no transaction, or one whose values were never read.
        """
        taken = self._taken(order, history)
        verdicts = [self._engine.verdicts(record) for record in taken.lines]
        if len(verdicts) == 1 and not verdicts[0]:
            return self._quiet.of(taken.number, taken.lines[0])
        judged = self._over_windows(taken, verdicts)
        places = [place_of(record) for record in taken.lines]
        return Assessment.model_validate(
            assess(taken.number, judged, places, self._judge, self._policy)
        )

    def judged(
        self, order: Transaction | Sequence[Transaction], history: Iterable[Transaction]
    ) -> tuple[Sequence[Record], list[Line]]:
        """The records of an order's lines, and the lines of which a rule speaks; the errors raised
        are those of :meth:`check`."""
        taken = self._taken(order, history)
        verdicts = [self._engine.verdicts(record) for record in taken.lines]
        return taken.lines, self._over_windows(taken, verdicts)

    def _taken(
        self, order: Transaction | Sequence[Transaction], history: Iterable[Transaction]
    ) -> _Taken:
        """An order and its history as they are to be judged."""
        given = [order] if isinstance(order, Transaction) else _lines(order)
        if not given:
            raise OrderLinesError("an order has at least one line, and none is given")
        lines = [self._record(transaction) for transaction in given]
        numbers = {record["order_id"].value for record in lines} - {None}
        if len(numbers) > 1:
            raise OrderLinesError(f"these are lines of {len(numbers)} orders; check one at a time")
        earlier = list(history)
        for one in earlier:
            _must_be_transaction(one, "the history holds transactions")
        return _Taken(str(next(iter(numbers), "order")), numbers, given, lines, earlier)

    def _over_windows(self, taken: _Taken, verdicts: Sequence[Verdicts]) -> list[Line]:
        """Of the lines of an order those of which a rule speaks, over the windows of its history.
        ``verdicts`` are those on its lines."""

        def sheet(asking: Collection[Rule]) -> WindowSheet | None:
            # Of several lines of which no rule speaks, one that is of some window stands for all.
            if not asking and (len(taken.lines) == 1 or not self._across):
                return None
            made = WindowSheet(self._judge, list(asking) or self._across)
            for one in taken.earlier:
                record = self._record(one)
                own = record["order_id"].value
                is_the_order = (
                    own in taken.numbers
                    if own is not None
                    else any(one is of for of in taken.given)
                )
                if not is_the_order:
                    made.add(record, None if own is None else str(own))
            return made

        by_line = {id(record): one for record, one in zip(taken.lines, verdicts, strict=True)}
        return judged_lines(taken.number, taken.lines, lambda one: by_line[id(one)], sheet)

    def _record(self, transaction: Transaction) -> Record:
        if len(self._memory) > MOST_REMEMBERED:
            self._memory = {}
        record = record_of(transaction, memory=self._memory)
        expire(record, self._as_of)
        return record


def _lines(order: Sequence[Transaction]) -> Sequence[Transaction]:
    what = "an order is a Transaction or a sequence of them"
    if not isinstance(order, Iterable) or isinstance(order, Mapping | str):
        _must_be_transaction(order, what)
    lines = list(order)
    for line in lines:
        _must_be_transaction(line, what)
    return lines


def _must_be_transaction(given: object, what: str) -> None:
    if not isinstance(given, Transaction):
        raise TypeError(
            f"{what}, not {type(given).__name__}; Transaction.model_validate makes one of a mapping"
        )
