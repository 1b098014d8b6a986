"""The public face: rules, judge, score and explanation together, for one order and for files."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from redflags.engine.judge import Judge
from redflags.errors import OrderNotFoundError
from redflags.explain.assess import Line, assess
from redflags.explain.coverage import coverage
from redflags.explain.near import Explanation, close_rules
from redflags.intake import open_orders, records
from redflags.model.kinds import AS_WRITTEN, Notation
from redflags.model.record import Record, record_of
from redflags.model.results import (
    Assessment,
    Band,
    InputRead,
    LinePlace,
    Misread,
    PackUsed,
    Report,
    Run,
    SetAside,
    Settings,
    Summary,
)
from redflags.model.transaction import Transaction
from redflags.model.validity import expire
from redflags.policy import ACTIONS, Policy
from redflags.rulebook import RuleBook, load_rules
from redflags.version import __version__
from redflags.weights import BAND_NAMES

ENGINE = "judge"
"""The engine that is used; others join it here."""


class Screener:
    """Judges orders by a rule book. It may be used from several threads at once.

    ``rules`` is every shipped pack where none are given. ``lists_as_of`` judges dated lists as of
    that day instead of the order's own; ``as_of`` decides only whether licences and statements
    have expired, and is part of the run's record.
    """

    def __init__(
        self,
        rules: RuleBook | None = None,
        *,
        policy: Policy | None = None,
        as_of: datetime.date | None = None,
        lists_as_of: datetime.date | None = None,
    ) -> None:
        self.rules = load_rules() if rules is None else rules
        self.policy = Policy() if policy is None else policy
        self.as_of = as_of
        self.lists_as_of = lists_as_of
        self._judge = Judge(self.rules, lists_as_of)

    def check(self, order: Transaction | Sequence[Transaction]) -> Assessment:
        """Judge one order: a transaction, or the lines of one order.

        Raises ``ValueError`` for an empty sequence or lines of different orders.
        """
        given = [order] if isinstance(order, Transaction) else list(order)
        if not given:
            raise ValueError("an order has at least one line")
        lines = [self._record(transaction) for transaction in given]
        numbers = {record["order_id"].value for record in lines} - {None}
        if len(numbers) > 1:
            raise ValueError(f"these are lines of {len(numbers)} orders; check one at a time")
        judged = [Line(record, self._judge.verdicts(record)) for record in lines]
        places = [LinePlace()] * len(lines)
        return assess(next(iter(numbers), "order"), judged, places, self._judge, self.policy)

    def _record(self, transaction: Transaction) -> Record:
        record = record_of(transaction)
        expire(record, self.as_of)
        return record

    def check_files(
        self,
        paths: Sequence[str],
        *,
        encoding: str | None = None,
        delimiter: str | None = None,
        notation: Notation = AS_WRITTEN,
        show_all: bool = False,
        fail_on: Band = "medium",
        min_score: float = 0.0,
    ) -> Report:
        """Judge every order of some files. An order number is one order in all of them.

        Raises :class:`~redflags.errors.InputError` for an input that cannot be read at all.
        """
        intake = _Intake()
        with ExitStack() as opened:
            # All are opened before any is read: nothing is half done when one cannot be.
            sources = [
                (opened.enter_context(source), header)
                for source, header in (
                    open_orders(path, encoding=encoding, delimiter=delimiter) for path in paths
                )
            ]
            for source, header in sources:
                read = records(source, header, notation)
                intake.take(read, self._judge, self.as_of)
                intake.misread += read.misread
                intake.misread_cells += read.misread_cells
                intake.present.append(header.present)
                intake.inputs.append(
                    InputRead(
                        path=source.name,
                        sha256=source.sha256,
                        rows=source.row_count,
                        encoding=source.encoding,
                        delimiter=source.delimiter,
                        unused_columns=header.unused,
                    )
                )
        assessments = sorted(
            self._assess_all(intake), key=lambda one: (not one.stop, -one.bits, one.order_id)
        )
        shown = tuple(
            one
            for one in assessments
            if one.stop or (one.score >= min_score and (show_all or one.flags or one.incomplete))
        )
        return Report(
            run=self._run(intake.inputs, fail_on, min_score, notation),
            summary=self._summary(intake, assessments),
            assessments=shown,
        )

    def explain_file(
        self,
        path: str,
        order_id: str,
        *,
        encoding: str | None = None,
        delimiter: str | None = None,
        notation: Notation = AS_WRITTEN,
    ) -> Explanation:
        """One order of a file, with the rules that came close.

        Raises :class:`OrderNotFoundError` if it is not in the file.
        """
        source, header = open_orders(path, encoding=encoding, delimiter=delimiter)
        with source:
            lines = [
                one
                for one in records(source, header, notation)
                if isinstance(one, Record) and order_number(one) == order_id
            ]
            if not lines:
                raise OrderNotFoundError(order_id, source.name)
        return self.explain(lines, order_id)

    def explain(self, lines: Sequence[Record], order_id: str) -> Explanation:
        """The assessment of the lines of one order, with the rules that came close."""
        for record in lines:
            expire(record, self.as_of)
        judged = [Line(record, self._judge.verdicts(record)) for record in lines]
        places = [LinePlace(file=one.file, row=one.row, line=one.line) for one in lines]
        assessment = assess(order_id, judged, places, self._judge, self.policy)
        decided = frozenset(
            [flag.rule for flag in assessment.flags]
            + [incomplete.rule for incomplete in assessment.incomplete]
        )
        return Explanation(assessment, close_rules(lines, self._judge, decided))

    def _assess_all(self, intake: _Intake) -> Iterator[Assessment]:
        for order_id, order in intake.orders.items():
            yield assess(order_id, order.lines, order.places, self._judge, self.policy)

    def _run(
        self, inputs: Iterable[InputRead], fail_on: Band, min_score: float, notation: Notation
    ) -> Run:
        return Run(
            version=__version__,
            as_of=self.as_of.isoformat() if self.as_of else "",
            lists_as_of=self.lists_as_of.isoformat() if self.lists_as_of else None,
            packs=tuple(
                PackUsed(
                    id=pack.id,
                    title=pack.title,
                    version=pack.version,
                    sha256=pack.sha256,
                    rules=len(pack.rules),
                )
                for pack in self.rules.packs
            ),
            rules_sha256=self.rules.sha256,
            inputs=tuple(inputs),
            settings=Settings(
                profile=self.rules.profile,
                engine=ENGINE,
                fail_on=fail_on,
                min_score=min_score,
                policy=dict(self.policy.actions),
                decimal=notation.decimal,
                day_first=notation.day_first,
            ),
        )

    def _summary(self, intake: _Intake, assessments: Sequence[Assessment]) -> Summary:
        bands = dict.fromkeys(reversed(BAND_NAMES), 0)
        actions = dict.fromkeys(reversed(ACTIONS), 0)
        for one in assessments:
            bands[one.band] += 1
            for action in one.action:
                actions[action] += 1
        return Summary(
            read=intake.assessed + len(intake.set_aside),
            assessed=intake.assessed,
            set_aside=len(intake.set_aside),
            orders=len(assessments),
            alerts=sum(one.is_alert for one in assessments),
            incomplete=sum(bool(one.incomplete) for one in assessments),
            bands=bands,
            actions=actions,
            coverage=coverage(
                self.rules, frozenset.union(*intake.present) if intake.present else ()
            ),
            rows_set_aside=tuple(intake.set_aside),
            misread=tuple(intake.misread),
            misread_cells=intake.misread_cells,
        )


def order_number(record: Record) -> str:
    """The number of the record's order; a row without one is an order of its own, file:row."""
    number = record["order_id"].value
    return f"{record.file}:{record.row}" if number is None else str(number)


@dataclass(slots=True)
class _Order:
    """The lines of one order: all their places, and of the lines themselves those that matter."""

    places: list[LinePlace] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class _Intake:
    """What has been read so far."""

    orders: dict[str, _Order] = field(default_factory=dict)
    set_aside: list[SetAside] = field(default_factory=list)
    misread: list[Misread] = field(default_factory=list)
    misread_cells: int = 0
    assessed: int = 0
    inputs: list[InputRead] = field(default_factory=list)
    present: list[frozenset[str]] = field(default_factory=list)

    def take(
        self, read: Iterable[Record | SetAside], judge: Judge, as_of: datetime.date | None
    ) -> None:
        for one in read:
            if isinstance(one, SetAside):
                self.set_aside.append(one)
                continue
            self.assessed += 1
            expire(one, as_of)
            order = self.orders.setdefault(order_number(one), _Order())
            order.places.append(LinePlace(file=one.file, row=one.row, line=one.line))
            verdicts = judge.verdicts(one)
            # A line of which every rule is false is only counted: its values are not needed
            # again, but for the first, which says who the order is from.
            if verdicts or not order.lines:
                order.lines.append(Line(one, verdicts))
