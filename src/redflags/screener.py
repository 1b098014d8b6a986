"""The public face: rules, judge, score and explanation together, for one order and for files."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Container, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from redflags.arguments import (
    Paths,
    day_given,
    inputs_given,
    must_be,
    must_be_band,
    must_be_score,
    must_say_how,
    paths_given,
)
from redflags.cases import CaseBook
from redflags.engine.judge import Judge
from redflags.engine.windows import WindowSheet
from redflags.errors import ConfigurationError, OrderNotFoundError
from redflags.explain.assess import Line, assess
from redflags.explain.evidence import place_of
from redflags.explain.near import Explanation, close_rules
from redflags.explain.what_if import what_if, windows_of
from redflags.files import (
    Opening,
    gather_rows,
    is_large,
    judged_lines,
    open_one,
    order_number,
    read_history,
)
from redflags.intake import Mapping
from redflags.intake.digests import OrderDigests
from redflags.intake.records import settled_records
from redflags.model.notation import AS_WRITTEN, Notation, Notations
from redflags.model.record import Record
from redflags.model.report import Assessments, Report
from redflags.model.results import (
    Assessment,
    Band,
    PackUsed,
    Run,
    WhatIf,
)
from redflags.model.transaction import Transaction
from redflags.model.validity import expire
from redflags.policy import Policy
from redflags.readers import Selection
from redflags.readers.selection import DEFAULT
from redflags.reference import rates_of
from redflags.rulebook import RuleBook, load_rules
from redflags.run_record import (
    answers_used,
    few_digests,
    history_digests,
    mapping_used,
    overlays_used,
    packs_used,
    rates_used,
    settings_used,
)
from redflags.run_summary import Counts, run_summary
from redflags.second_look import SecondLook
from redflags.single_orders import LineEngine, SingleOrders
from redflags.values.exchange import RateTable
from redflags.version import __version__

if TYPE_CHECKING:
    from redflags.engine.columnar import ColumnarEngine

FEW_DIGESTS = 1_000
"""Order lines up to which a run keeps the digests of its orders without being asked to."""

Engine = Literal["auto", "judge", "columnar", "durable"]

ENGINES: tuple[Engine, ...] = ("auto", "judge", "columnar", "durable")
"""The engines to choose from; all say the same. ``auto`` judges one order, and small files, line
by line, and large files in columns."""


class Screener:
    """Judges orders by a rule book. It may be used from several threads at once, and pickled: a
    process that gets it builds it anew from the same rules and settings.

    ``rules`` is every shipped pack where none are given. ``lists_as_of`` judges dated lists as of
    that day instead of the order's own; ``as_of`` decides only whether licences and statements
    have expired, and is part of the run's record. ``engine`` is one of :data:`ENGINES`; whichever
    it is, the judge explains what came out. ``rates`` is a table of exchange rates, or a file of
    one; without it sums are compared by the rates of the European Central Bank, where the package
    that ships them is installed.

    Raises :class:`~redflags.errors.ConfigurationError` for an engine that is not there or that
    cannot carry the rules, and for rates that cannot be read; ``TypeError`` for a setting of the
    wrong type, also for a day with a time.
    """

    def __init__(
        self,
        rules: RuleBook | None = None,
        *,
        policy: Policy | None = None,
        as_of: datetime.date | None = None,
        lists_as_of: datetime.date | None = None,
        engine: Engine = "auto",
        rates: RateTable | Path | str | None = None,
    ) -> None:
        as_of, lists_as_of = day_given("as_of", as_of), day_given("lists_as_of", lists_as_of)
        of_files = "load_rules makes one of files and folders"
        must_be("rules", rules, RuleBook, of_files, or_none=True)
        must_be("policy", policy, Policy, "write Policy({'low': ['note']})", or_none=True)
        self.rules = load_rules() if rules is None else rules
        self.policy = Policy() if policy is None else policy
        self.as_of = as_of
        self.lists_as_of = lists_as_of
        if engine not in ENGINES:
            raise ConfigurationError(
                f"there is no engine {engine!r}; there are {', '.join(ENGINES)}"
            )
        self.engine = engine
        self.rates = rates_of(rates)
        self._rates_object = rates
        self._rates_given = rates.source if isinstance(rates, RateTable) else rates
        self._judge = Judge(self.rules, lists_as_of, self.rates)
        self._across = self.rules.across_rules
        self._line_engine: LineEngine = self._judge
        if engine == "durable":
            from redflags.engine.durable import DurableEngine

            self._line_engine = DurableEngine(self.rules, lists_as_of, self.rates)
        self._single = SingleOrders(self._judge, self._line_engine, self.policy, as_of)

    def __reduce__(self) -> tuple[Any, ...]:
        # What was compiled and what is remembered stay behind.
        settings = (
            self.rules,
            self.policy,
            self.as_of,
            self.lists_as_of,
            self.engine,
            self._rates_object,
        )
        return _built, settings

    def check(
        self, order: Transaction | Sequence[Transaction], *, history: Iterable[Transaction] = ()
    ) -> Assessment:
        """Judge one order: a transaction, or the lines of one order.

        ``history`` holds earlier transactions, in any order, into which the windows of rules
        across orders reach; lines in it that have the order's own number, or that are the order's
        own lines, are left out.

        Raises :class:`~redflags.errors.OrderLinesError`, which is a ``ValueError`` too, for an
        empty sequence or lines of different orders, ``TypeError`` for anything that is no
        transaction.
        """
        return self._single.check(order, history)

    def check_files(
        self,
        paths: Paths,
        *,
        encoding: str | None = None,
        delimiter: str | None = None,
        mapping: Mapping | None = None,
        notation: Notation = AS_WRITTEN,
        selection: Selection = DEFAULT,
        history: Paths = (),
        show_all: bool = False,
        fail_on: Band = "medium",
        min_score: float = 0.0,
        counterfactuals: bool | Container[str] = False,
        most_counterfactuals: int | None = None,
        digests: OrderDigests | None = None,
        progress: Callable[[str, float], None] | None = None,
    ) -> Report:
        """Judge every order of some inputs: files, ``-`` for standard input, or URLs of databases.
        One path alone is one input.

        An order number is one order in all of them. ``selection`` says what is to be read where
        a name does not: format, sheet, table, query. ``history`` names inputs of earlier orders,
        into which the windows of rules across orders reach; their orders are not assessed.

        ``counterfactuals`` works out for each alert, or for the orders of these numbers, what
        would bring it below the band ``fail_on`` and which missing facts are worth asking for. It
        takes some hundredths of a second for each alert; with ``most_counterfactuals`` it is worked
        out for so many, the most urgent, and for no other.

        ``digests`` takes the digest of every order. Without it a run that is read row by row
        keeps those of up to :data:`FEW_DIGESTS` lines in its record.

        ``progress`` is called now and then with what is being done to large files and the share
        of that which is done, from 0 to 1.

        Raises :class:`~redflags.errors.InputError` for an input that cannot be read at all,
        :class:`~redflags.errors.ConfigurationError` for a setting that does not exist or for no
        input, ``TypeError`` for what is no path and for a setting of the wrong type.
        """
        paths, history = inputs_given("paths", paths), paths_given("history", history)
        must_be_band("fail_on", fail_on)
        must_be_score("min_score", min_score)
        if isinstance(counterfactuals, str):
            raise TypeError("counterfactuals are numbers of orders, not one of them; give a list")
        must_say_how(encoding, delimiter, mapping, notation, selection)
        opening = Opening(encoding, delimiter, mapping, notation.as_of(self.as_of), selection)
        used = self._engine_for(paths, show_all)
        book, sheet = CaseBook(self.policy, self._across), self._sheet()
        few: OrderDigests | None = None

        def asks_of(number: str) -> bool:
            if isinstance(counterfactuals, bool):
                return counterfactuals
            return number in counterfactuals

        if used == "columnar":
            from redflags.bulk import gather_columns

            gathered = gather_columns(
                paths,
                opening,
                self._columnar_engine,
                self._judge,
                self.as_of,
                book.census.note_batch,
                progress or (lambda step, share: None),
                sheet,
                history,
                digests,
            )
        else:
            few = OrderDigests(FEW_DIGESTS) if digests is None else None
            gathered = gather_rows(
                paths,
                opening,
                self._line_engine.verdicts,
                self.as_of,
                book.census.note,
                sheet,
                history,
                keep_records=asks_of,
                digests=few or digests,
            )
        counted, shown = Counts(), Assessments()
        second = SecondLook(shown, self._judge, fail_on, self.as_of, most_counterfactuals)
        for order in gathered.orders:
            lines = order.telling()
            one = assess(order.number, lines, order.places, self._judge, self.policy)
            counted.add(one)
            if one["flags"] or order.member is not None:
                book.add(one, [line.record for line in lines])
            said = show_all or one["flags"] or one["incomplete"]
            if one["stop"] or (said and one["score"] >= min_score):
                if one["flags"] and asks_of(order.number):
                    second.add(one, order)
                else:
                    shown.add(one)
        second.finish(gathered.read_again)
        if gathered.quiet is not None:
            book.stand_by(gathered.quiet.parties())
            for order in gathered.quiet.named(book.named()):
                lines = order.telling()
                one = assess(order.number, lines, order.places, self._judge, self.policy)
                book.add(one, [line.record for line in lines])
            gathered.quiet = None  # cases need the room
        shown.sort()
        settings = settings_used(
            self.rules,
            self.policy,
            notation,
            selection,
            engine=used,
            fail_on=fail_on,
            min_score=min_score,
            show_all=show_all,
            encoding=encoding,
            delimiter=delimiter,
            rates=None if self._rates_given is None else str(self._rates_given),
        )
        return Report(
            run=Run(
                version=__version__,
                as_of=self.as_of.isoformat() if self.as_of else "",
                lists_as_of=self.lists_as_of.isoformat() if self.lists_as_of else None,
                packs=self._packs_used,
                rules_sha256=self.rules.sha256,
                inputs=tuple(gathered.inputs),
                settings=settings,
                history=tuple(gathered.history),
                overlays=overlays_used(self.rules),
                history_digests=history_digests(gathered.history_digests, FEW_DIGESTS),
                rates=rates_used(self._rates_object, self.rates),
                mapping=mapping_used(mapping),
                answers=answers_used(mapping),
                digests=None if few is None else few_digests(few),
            ),
            summary=run_summary(self.rules, gathered, counted),
            assessments=shown,
            cases=book.cases(min_score, None if sheet is None else sheet.days_of),
        )

    def what_if(
        self,
        order: Transaction | Sequence[Transaction],
        *,
        history: Iterable[Transaction] = (),
        fail_on: Band = "medium",
    ) -> WhatIf:
        """What would bring an order below the band ``fail_on``, and which missing facts are worth
        asking for: of a transaction, or the lines of one order. ``history`` is as in
        :meth:`check`, and so are the errors raised."""
        must_be_band("fail_on", fail_on)
        earlier = list(history)
        lines, judged = self._single.judged(order, earlier)
        windows = windows_of(lines, judged) if earlier else None
        return what_if(lines, self._judge, fail_on, self.as_of, windows=windows)

    def explain_file(
        self,
        path: Paths,
        order_id: str,
        *,
        encoding: str | None = None,
        delimiter: str | None = None,
        mapping: Mapping | None = None,
        notation: Notation = AS_WRITTEN,
        selection: Selection = DEFAULT,
        history: Paths = (),
        fail_on: Band = "medium",
    ) -> Explanation:
        """One order of a file, or of several, with what would bring it below the band ``fail_on``
        and the rules that came close. The windows of rules across orders hold all orders of these
        files and of those in ``history``.

        Raises :class:`~redflags.errors.OrderNotFoundError` if it is in none of them, and the
        errors of :meth:`check_files`.
        """
        paths, history = inputs_given("path", path), paths_given("history", history)
        must_be_band("fail_on", fail_on)
        must_say_how(encoding, delimiter, mapping, notation, selection)
        opening = Opening(encoding, delimiter, mapping, notation.as_of(self.as_of), selection)
        sheet = self._sheet()
        lines: list[Record] = []
        names = []
        numbers: set[str] = set()
        for one_path in paths:
            source, header = open_one(one_path, opening)
            with source:
                names.append(source.name)
                for one in settled_records(source, header, opening.notation):
                    if not isinstance(one, Record):
                        continue
                    number = order_number(one)
                    if number == order_id:
                        lines.append(one)
                    elif sheet is not None:
                        expire(one, self.as_of)
                        sheet.add(one, number)
                        numbers.add(number)
        if not lines:
            raise OrderNotFoundError(order_id, ", ".join(names[:5]))
        if sheet is not None:
            read_history(history, paths, opening, sheet, self.as_of, numbers | {order_id})
        return self.explain_records(lines, order_id, sheet, fail_on=fail_on)

    def explain(
        self,
        order: Transaction | Sequence[Transaction],
        order_id: str | None = None,
        *,
        history: Iterable[Transaction] = (),
        fail_on: Band = "medium",
    ) -> Explanation:
        """The assessment of an order, a transaction or the lines of one order, with what would
        bring it below the band ``fail_on`` and the rules that came close. ``history`` is as in
        :meth:`check`, and so are the errors raised. ``order_id`` is what to call an order that
        states no number."""
        must_be_band("fail_on", fail_on)
        earlier = list(history)
        lines, judged = self._single.judged(order, earlier)
        numbers = (str(line["order_id"].value) for line in lines if line["order_id"].is_known)
        number = next(numbers, order_id or "order")
        return self._explained(number, lines, judged, bool(earlier), fail_on)

    def explain_records(
        self,
        lines: Sequence[Record],
        order_id: str,
        sheet: WindowSheet | None = None,
        *,
        fail_on: Band = "medium",
    ) -> Explanation:
        """As :meth:`explain`, of lines that are records already: of a file, for one. ``sheet`` has
        the other orders that windows see; without one they see this one alone."""
        for record in lines:
            expire(record, self.as_of)
        own = self._sheet() if sheet is None else sheet
        judged = judged_lines(order_id, lines, self._judge.verdicts, lambda asking: own)
        return self._explained(order_id, lines, judged, sheet is not None, fail_on)

    def _explained(
        self,
        number: str,
        lines: Sequence[Record],
        judged: list[Line],
        has_others: bool,
        fail_on: Band,
    ) -> Explanation:
        places = [place_of(record) for record in lines]
        plain = assess(number, judged, places, self._judge, self.policy)
        windows = windows_of(lines, judged) if has_others else None
        plain["what_if"] = what_if(lines, self._judge, fail_on, self.as_of, windows=windows)
        assessment = Assessment.model_validate(plain)
        decided = frozenset(
            [flag.rule for flag in assessment.flags]
            + [incomplete.rule for incomplete in assessment.incomplete]
        )
        return Explanation(assessment, close_rules(lines, self._judge, decided))

    def _sheet(self) -> WindowSheet | None:
        """Where lines are gathered for the windows of rules across orders, if there are any."""
        return WindowSheet(self._judge) if self._across else None

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

        return ColumnarEngine(
            self.rules,
            self.lists_as_of,
            as_of=self.as_of,
            notation=notation,
            rates=self.rates,
        )

    @cached_property
    def _packs_used(self) -> tuple[PackUsed, ...]:
        return packs_used(self.rules)


def _built(
    rules: RuleBook,
    policy: Policy,
    as_of: datetime.date | None,
    lists_as_of: datetime.date | None,
    engine: Engine,
    rates: RateTable | Path | str | None,
) -> Screener:
    """The screener of these rules and settings, as pickling needs it: without keywords."""
    return Screener(
        rules, policy=policy, as_of=as_of, lists_as_of=lists_as_of, engine=engine, rates=rates
    )
