"""The public face: rules, judge, score and explanation together, for one order and for files."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from redflags.cases import CaseBook
from redflags.engine.judge import Judge, Verdicts
from redflags.errors import ConfigurationError, OrderNotFoundError
from redflags.explain.assess import Line, assess
from redflags.explain.coverage import coverage
from redflags.explain.evidence import Plain, place_of
from redflags.explain.near import Explanation, close_rules
from redflags.files import (
    Gathered,
    Opening,
    gather_rows,
    is_large,
    open_one,
    order_number,
)
from redflags.intake import Mapping
from redflags.intake.records import settled_records
from redflags.model.kinds import AS_WRITTEN, Notation, Notations
from redflags.model.record import Record, record_of
from redflags.model.report import Assessments, Report
from redflags.model.results import (
    Assessment,
    Band,
    InputRead,
    PackUsed,
    Run,
    Settings,
    Summary,
)
from redflags.model.transaction import Transaction
from redflags.model.validity import expire
from redflags.policy import ACTIONS, Policy
from redflags.readers import Selection
from redflags.readers.selection import DEFAULT
from redflags.rulebook import RuleBook, load_rules
from redflags.version import __version__
from redflags.weights import BAND_NAMES

if TYPE_CHECKING:
    from redflags.engine.columnar import ColumnarEngine

Engine = Literal["auto", "judge", "columnar", "durable"]

ENGINES: tuple[Engine, ...] = ("auto", "judge", "columnar", "durable")
"""The engines to choose from; all say the same. ``auto`` judges one order, and small files, line
by line, and large files in columns."""


class LineEngine(Protocol):
    """An engine that judges one line at a time."""

    def verdicts(self, record: Record) -> Verdicts:
        """The rules that are true or unknown for the line."""


class Screener:
    """Judges orders by a rule book. It may be used from several threads at once.

    ``rules`` is every shipped pack where none are given. ``lists_as_of`` judges dated lists as of
    that day instead of the order's own; ``as_of`` decides only whether licences and statements
    have expired, and is part of the run's record. ``engine`` is one of :data:`ENGINES`; whichever
    it is, the judge explains what came out.

    Raises :class:`~redflags.errors.ConfigurationError` for an engine that is not there, or that
    cannot carry the rules.
    """

    def __init__(
        self,
        rules: RuleBook | None = None,
        *,
        policy: Policy | None = None,
        as_of: datetime.date | None = None,
        lists_as_of: datetime.date | None = None,
        engine: Engine = "auto",
    ) -> None:
        for name, day in (("as_of", as_of), ("lists_as_of", lists_as_of)):
            if day is not None and not isinstance(day, datetime.date):
                raise TypeError(f"{name} is a datetime.date, not {type(day).__name__}")
        self.rules = load_rules() if rules is None else rules
        self.policy = Policy() if policy is None else policy
        self.as_of = as_of
        self.lists_as_of = lists_as_of
        if engine not in ENGINES:
            raise ConfigurationError(
                f"there is no engine {engine!r}; there are {', '.join(ENGINES)}"
            )
        self.engine = engine
        self._judge = Judge(self.rules, lists_as_of)
        self._line_engine: LineEngine = self._judge
        if engine == "durable":
            from redflags.engine.durable import DurableEngine

            self._line_engine = DurableEngine(self.rules, lists_as_of)

    def check(self, order: Transaction | Sequence[Transaction]) -> Assessment:
        """Judge one order: a transaction, or the lines of one order.

        Raises ``ValueError`` for an empty sequence or lines of different orders, ``TypeError``
        for anything that is no transaction.
        """
        given = [order] if isinstance(order, Transaction) else list(order)
        for line in given:
            if not isinstance(line, Transaction):
                raise TypeError(
                    f"an order is a Transaction or a sequence of them, not {type(line).__name__}; "
                    "Transaction.model_validate makes one of a mapping"
                )
        if not given:
            raise ValueError("an order has at least one line")
        lines = [self._record(transaction) for transaction in given]
        numbers = {record["order_id"].value for record in lines} - {None}
        if len(numbers) > 1:
            raise ValueError(f"these are lines of {len(numbers)} orders; check one at a time")
        judged = [Line(record, self._line_engine.verdicts(record)) for record in lines]
        places = [place_of(record) for record in lines]
        number = str(next(iter(numbers), "order"))
        return Assessment.model_validate(assess(number, judged, places, self._judge, self.policy))

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
        mapping: Mapping | None = None,
        notation: Notation = AS_WRITTEN,
        selection: Selection = DEFAULT,
        show_all: bool = False,
        fail_on: Band = "medium",
        min_score: float = 0.0,
        progress: Callable[[str, float], None] | None = None,
    ) -> Report:
        """Judge every order of some inputs: files, ``-`` for standard input, or URLs of databases.

        An order number is one order in all of them. ``selection`` says what is to be read where
        a name does not: format, sheet, table, query.

        ``progress`` is called now and then with what is being done to large files and the share
        of that which is done, from 0 to 1.

        Raises :class:`~redflags.errors.InputError` for an input that cannot be read at all.
        """
        if isinstance(paths, str):
            raise TypeError("paths is a sequence of paths, not one path")
        opening = Opening(encoding, delimiter, mapping, notation, selection)
        used = self._engine_for(paths, show_all)
        book = CaseBook(self.policy)
        if used == "columnar":
            from redflags.bulk import gather_columns

            gathered = gather_columns(
                paths,
                opening,
                self._columnar_engine,
                self._judge,
                self.as_of,
                progress or (lambda step, share: None),
            )
        else:
            gathered = gather_rows(
                paths, opening, self._line_engine.verdicts, self.as_of, book.census.note
            )
        counted, shown = _Counts(), Assessments()
        for order in gathered.orders:
            one = assess(order.number, order.lines, order.places, self._judge, self.policy)
            counted.add(one)
            book.add(one, [line.record for line in order.lines])
            said = show_all or one["flags"] or one["incomplete"]
            if one["stop"] or (said and one["score"] >= min_score):
                shown.add(one)
        shown.sort()
        return Report(
            run=self._run(gathered.inputs, used, fail_on, min_score, notation),
            summary=self._summary(gathered, counted),
            assessments=shown,
            cases=book.cases(min_score),
        )

    def explain_file(
        self,
        path: str | Sequence[str],
        order_id: str,
        *,
        encoding: str | None = None,
        delimiter: str | None = None,
        mapping: Mapping | None = None,
        notation: Notation = AS_WRITTEN,
        selection: Selection = DEFAULT,
    ) -> Explanation:
        """One order of a file, or of several, with the rules that came close.

        Raises :class:`OrderNotFoundError` if it is in none of them.
        """
        opening = Opening(encoding, delimiter, mapping, notation, selection)
        lines: list[Record] = []
        names = []
        for one_path in [path] if isinstance(path, str) else path:
            source, header = open_one(one_path, opening)
            with source:
                names.append(source.name)
                lines += [
                    one
                    for one in settled_records(source, header, notation)
                    if isinstance(one, Record) and order_number(one) == order_id
                ]
        if not lines:
            raise OrderNotFoundError(order_id, ", ".join(names[:5]))
        return self.explain(lines, order_id)

    def explain(self, lines: Sequence[Record], order_id: str) -> Explanation:
        """The assessment of the lines of one order, with the rules that came close."""
        for record in lines:
            expire(record, self.as_of)
        judged = [Line(record, self._judge.verdicts(record)) for record in lines]
        places = [place_of(record) for record in lines]
        assessment = Assessment.model_validate(
            assess(order_id, judged, places, self._judge, self.policy)
        )
        decided = frozenset(
            [flag.rule for flag in assessment.flags]
            + [incomplete.rule for incomplete in assessment.incomplete]
        )
        return Explanation(assessment, close_rules(lines, self._judge, decided))

    def _engine_for(self, paths: Sequence[str], show_all: bool) -> Engine:
        """The engine for these files. That every order is to be listed needs every line's values,
        which only reading row by row keeps."""
        if show_all and self.engine == "columnar":
            raise ConfigurationError("the columnar engine does not list orders without a flag")
        if self.engine != "auto":
            return self.engine
        return "columnar" if is_large(paths) and not show_all else "judge"

    def _columnar_engine(self, notation: Notation | Notations) -> ColumnarEngine:
        from redflags.engine.columnar import ColumnarEngine

        return ColumnarEngine(self.rules, self.lists_as_of, as_of=self.as_of, notation=notation)

    def _run(
        self,
        inputs: Iterable[InputRead],
        engine: Engine,
        fail_on: Band,
        min_score: float,
        notation: Notation,
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
                engine=engine,
                fail_on=fail_on,
                min_score=min_score,
                policy=dict(self.policy.actions),
                decimal=notation.decimal,
                day_first=notation.day_first,
            ),
        )

    def _summary(self, gathered: Gathered, counted: _Counts) -> Summary:
        bands = dict.fromkeys(reversed(BAND_NAMES), 0) | counted.bands
        bands["none"] += gathered.quiet_orders
        return Summary(
            read=gathered.assessed + len(gathered.set_aside),
            assessed=gathered.assessed,
            set_aside=len(gathered.set_aside),
            orders=sum(bands.values()),
            alerts=counted.alerts,
            incomplete=counted.incomplete,
            bands=bands,
            actions=dict.fromkeys(reversed(ACTIONS), 0) | counted.actions,
            coverage=coverage(
                self.rules, frozenset.union(*gathered.present) if gathered.present else ()
            ),
            rows_set_aside=tuple(gathered.set_aside),
            misread=tuple(gathered.misread.first),
            misread_cells=gathered.misread.count,
            misread_columns=gathered.misread.columns(),
            duplicate_rows=gathered.duplicate_rows,
        )


@dataclass(slots=True)
class _Counts:
    """What the summary counts of the orders that were assessed."""

    bands: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    alerts: int = 0
    incomplete: int = 0

    def add(self, assessment: Plain) -> None:
        self.bands[assessment["band"]] += 1
        self.actions.update(assessment["action"])
        self.alerts += bool(assessment["flags"])
        self.incomplete += bool(assessment["incomplete"])
