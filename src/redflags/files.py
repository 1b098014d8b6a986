"""Files of orders: read and judged line by line, and gathered by order."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from redflags.engine.judge import Verdicts
from redflags.engine.windows import WindowSheet, WindowVerdict, across_rules, settled
from redflags.errors import InputError, OrderNotFoundError
from redflags.explain.assess import Line
from redflags.explain.evidence import Plain, place_of
from redflags.intake import HeaderMap, Mapping, open_orders
from redflags.intake.digests import OrderDigests
from redflags.intake.misread import MisreadCells
from redflags.intake.records import settled_records
from redflags.model.notation import AS_WRITTEN, Notation, Notations
from redflags.model.record import Record
from redflags.model.results import InputRead, SetAside
from redflags.model.validity import expire
from redflags.readers import Selection, TableSource, TextBatches
from redflags.readers.formats import size_as_text
from redflags.readers.selection import DEFAULT
from redflags.rulebook.tree import Rule

if TYPE_CHECKING:
    import polars as pl

LARGE_FILE = 500_000
"""Bytes from which a file is read in columns: below, starting Polars takes longer than it saves."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How files are to be read."""

    encoding: str | None = None
    delimiter: str | None = None
    mapping: Mapping | None = None
    notation: Notation = AS_WRITTEN
    selection: Selection = DEFAULT


MOST_HISTORY_DIGESTS = 100_000
"""Lines of earlier orders up to which the record of a run has what they state."""

Rows = dict[str, frozenset[int]]
"""Rows of files, by the file's name."""

NO_VERDICTS = Verdicts((), ())


@dataclass(slots=True)
class OrderLines:
    """One order: its number, where its lines stand, and of the lines those that a rule speaks of;
    if there is none, the first line, which says who the order is from. ``member`` is the first
    line that may be of the window of a rule across orders. ``records`` are those of all lines,
    where they were asked for."""

    number: str
    places: list[Plain] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    asked: dict[int, int] = field(default_factory=dict)
    member: Line | None = None
    records: list[Record] = field(default_factory=list)

    def add(
        self,
        record: Record,
        verdicts: Verdicts,
        number: int | None = None,
        windows: dict[str, WindowVerdict] | None = None,
        *,
        is_member: bool = False,
    ) -> None:
        """Add a line that was read and judged; ``number`` is its number on the sheet of windows,
        where a window has still to be asked of it, ``windows`` what they said already.
        ``is_member`` says that the line may be of some window."""
        line = Line(record, verdicts, windows or {})
        if is_member and self.member is None:
            self.member = Line(record, NO_VERDICTS)
        if not self.lines:
            self.lines.append(line)
        elif verdicts:
            # What a window may still take away does not stand for the first line.
            if number is None and not self.lines[0].verdicts:
                self._drop_first()
            self.lines.append(line)
        else:
            return
        if number is not None:
            self.asked[len(self.lines) - 1] = number

    def telling(self) -> list[Line]:
        """The lines that say what there is to say of the order, when all is settled: those that a
        rule speaks of; if there is none, the one for which a window names the order, else the
        first."""
        told = [line for line in self.lines if line.verdicts]
        if told:
            return told
        return self.lines[:1] if self.member is None else [self.member]

    def _drop_first(self) -> None:
        del self.lines[0]
        self.asked = {place - 1: number for place, number in self.asked.items()}


def judged_lines(
    number: str,
    records: Iterable[Record],
    judge: Callable[[Record], Verdicts],
    sheet: Callable[[Collection[Rule]], WindowSheet | None],
) -> list[Line]:
    """The lines of one order, judged; those of rules across orders over what else is on the
    sheet. It is asked for the windows of those rules that the lines alone leave open."""
    judged = [(record, judge(record)) for record in records]
    order = OrderLines(number)
    needed = sheet({rule.name: rule for _, one in judged for rule in across_rules(one)}.values())
    for record, verdicts in judged:
        add_line(order, record, verdicts, needed)
    if needed is not None:
        settle_windows([order], needed)
    return order.telling()


def add_line(
    order: OrderLines, record: Record, verdicts: Verdicts, sheet: WindowSheet | None
) -> None:
    """Add a judged line to its order and to the sheet of windows."""
    if sheet is None:
        order.add(record, verdicts)
        return
    line = sheet.add(record, order.number)
    asked = line if across_rules(verdicts) else None
    order.add(record, verdicts, asked, is_member=sheet.is_of_some_window(line))


def settle_windows(orders: Iterable[OrderLines], sheet: WindowSheet) -> None:
    """Let the windows decide what lines alone left open. All is asked at once: the sheet goes
    through its lines once for each rule."""
    waiting = [(order, place, number) for order in orders for place, number in order.asked.items()]
    found = sheet.judge(
        {number: across_rules(order.lines[place].verdicts) for order, place, number in waiting}
    )
    for order, place, number in waiting:
        line, windows = order.lines[place], found[number]
        order.lines[place] = Line(line.record, settled(line.verdicts, windows), windows)
    for order, _, _ in waiting:
        order.asked.clear()


class StandingBy(Protocol):
    """Orders that no rule speaks of, of which lines are of windows: cases may ask for them."""

    def parties(self) -> Iterable[tuple[str, Notation | Notations, pl.DataFrame]]:
        """All their parties: the role, the notation of the input, and texts in columns named by
        the paths of fields."""

    def named(self, wanted: Collection[str]) -> Iterable[OrderLines]:
        """Those of them that have one of these numbers."""


@dataclass(slots=True)
class Gathered:
    """What came of some files. ``orders`` come once, in the order of their first rows.
    ``quiet_orders`` counts those that do not come, as every rule is false on all their lines; it
    is complete after the last one came. ``quiet`` are those of them that cases may ask for.
    ``read_again`` reads some rows, by file, once more, where not all records are kept."""

    orders: Iterator[OrderLines] = field(default_factory=lambda: iter(()))
    quiet_orders: int = 0
    quiet: StandingBy | None = None
    assessed: int = 0
    set_aside: list[SetAside] = field(default_factory=list)
    misread: MisreadCells = field(default_factory=MisreadCells)
    duplicate_rows: int = 0
    inputs: list[InputRead] = field(default_factory=list)
    history: list[InputRead] = field(default_factory=list)
    present: list[frozenset[str]] = field(default_factory=list)
    history_digests: OrderDigests = field(
        default_factory=lambda: OrderDigests(MOST_HISTORY_DIGESTS)
    )
    read_again: Callable[[Rows], Iterable[Record]] | None = None

    def close(self) -> None:
        """Raise :class:`InputError` if there were rows and none of them could be read."""
        if self.set_aside and not self.assessed:
            first = self.set_aside[0]
            raise InputError(
                first.file,
                f"none of the {len(self.set_aside)} rows could be split into cells; the first: "
                f"{first.reason}",
                row=first.row,
            )

    def note(
        self, source: TableSource | TextBatches, header: HeaderMap, settled: tuple[str, ...]
    ) -> None:
        """Note a source that was read to its end, and what its columns settled."""
        self.present.append(header.present)
        self.inputs.append(input_read(source, header, (*source.notes, *settled)))


def input_read(
    source: TableSource | TextBatches, header: HeaderMap, notes: tuple[str, ...]
) -> InputRead:
    """What is said of an input that was read to its end."""
    return InputRead(
        path=source.name,
        sha256=source.sha256,
        rows=source.row_count,
        encoding=source.encoding,
        delimiter=source.delimiter,
        unused_columns=header.unused,
        ambiguous_columns=dict(header.ambiguous),
        notes=notes,
    )


def is_large(paths: Sequence[str]) -> bool:
    """Whether the files together are worth reading in columns."""
    total = 0
    for path in paths:
        size = size_as_text(path)
        if size is None:
            return False  # standard input, or the reader says what is wrong with it
        total += size
    return total >= LARGE_FILE


def gather_rows(
    paths: Sequence[str],
    opening: Opening,
    judge: Callable[[Record], Verdicts],
    as_of: datetime.date | None,
    note: Callable[[Record], object],
    sheet: WindowSheet | None = None,
    history: Sequence[str] = (),
    *,
    keep_records: Callable[[str], bool] | None = None,
    digests: OrderDigests | None = None,
) -> Gathered:
    """Read files row by row, ``note`` each line and judge it as it comes. With a ``sheet`` the
    rules across orders are judged when all is read, over these lines and those of the inputs in
    ``history``. ``keep_records`` says of which orders to keep the records of lines that no rule
    speaks of, too.
    ``digests`` takes the digest of each line."""
    gathered = Gathered()
    orders: dict[str, OrderLines] = {}
    with ExitStack() as stack:
        # All are opened before any is read: nothing is half done when one cannot be.
        opened = [entered(stack, *open_one(path, opening)) for path in paths]
        earlier = [
            entered(stack, *open_one(path, of_history(opening)))
            for path in history
            if sheet is not None and not is_among(path, paths)
        ]
        for source, header in opened:
            read = settled_records(source, header, opening.notation)
            read.digests = digests
            for one in read:
                if isinstance(one, SetAside):
                    gathered.set_aside.append(one)
                    continue
                gathered.assessed += 1
                expire(one, as_of)
                number = order_number(one)
                order = orders.setdefault(number, OrderLines(number))
                order.places.append(place_of(one))
                note(one)
                add_line(order, one, judge(one), sheet)
                if keep_records is not None and keep_records(number):
                    order.records.append(one)
            gathered.misread.add_all(read.misread)
            gathered.duplicate_rows += read.duplicates.count()
            gathered.note(source, header, read.settled)
        gathered.close()
        if sheet is not None:
            reader = HistoryReader(sheet, as_of, orders.keys(), gathered.history_digests)
            gathered.history = [
                reader.read(source, header, opening.notation) for source, header in earlier
            ]
            settle_windows(orders.values(), sheet)
    # An order's lines are let go as soon as it is assessed: they take more memory than that.
    gathered.orders = (orders.pop(number) for number in list(orders))
    return gathered


def read_history(
    history: Sequence[str],
    paths: Sequence[str],
    opening: Opening,
    sheet: WindowSheet,
    as_of: datetime.date | None,
    checked: Container[str],
    digests: OrderDigests | None = None,
) -> list[InputRead]:
    """Read earlier files onto the sheet of windows, but for those that are checked themselves.
    ``digests`` takes the digest of each line."""
    reader = HistoryReader(sheet, as_of, checked, digests)
    found = []
    for path in history:
        if not is_among(path, paths):
            source, header = open_one(path, of_history(opening))
            with source:
                found.append(reader.read(source, header, opening.notation))
    return found


def of_history(opening: Opening) -> Opening:
    """How earlier files are read: as the others, without answers, which are those of new orders."""
    mapping = opening.mapping
    if mapping is None or mapping.answers is None:
        return opening
    return replace(opening, mapping=replace(mapping, answers=None))


def is_among(path: str, paths: Sequence[str]) -> bool:
    """Whether a file is one of these, however its name is written."""
    own = os.path.realpath(path) if os.path.exists(path) else path
    return any(own == (os.path.realpath(one) if os.path.exists(one) else one) for one in paths)


class HistoryReader:
    """Reads earlier files onto the sheet of windows. Lines of orders that are checked now are left
    out, and lines that an earlier input had already: exports often overlap."""

    def __init__(
        self,
        sheet: WindowSheet,
        as_of: datetime.date | None,
        checked: Container[str],
        digests: OrderDigests | None = None,
    ) -> None:
        self._sheet = sheet
        self._digests = digests
        self._as_of = as_of
        self._checked = checked
        self._seen: set[int] = set()

    def read(self, source: TableSource, header: HeaderMap, notation: Notation) -> InputRead:
        """Read one input to its end, and say what came of it."""
        left_out = repeated = 0
        refused: list[SetAside] = []
        read = settled_records(source, header, notation)
        read.digests = self._digests
        new: set[int] = set()
        for one in read:
            if isinstance(one, SetAside):
                refused.append(one)
                continue
            number = order_number(one)
            if number in self._checked:
                left_out += 1
                continue
            if one["order_id"].value is not None:
                # What is said of the line in every field; within one input it counts each time.
                said = hash(tuple(sorted((path, text.written) for path, text in one.items())))
                if said in self._seen:
                    repeated += 1
                    continue
                new.add(said)
            expire(one, self._as_of)
            self._sheet.add(one, number)
        self._seen |= new
        notes = [*source.notes, *read.settled]
        notes += _counted(left_out, "of orders that are checked, left out")
        notes += _counted(repeated, "that an earlier input has, left out")
        notes += _counted(read.misread.count, "not understood", "cell")
        if refused:
            why = f"; the first, row {refused[0].row}: {refused[0].reason}"
            notes += [one + why for one in _counted(len(refused), "set aside")]
        return input_read(source, header, tuple(notes))


def _counted(count: int, what: str, noun: str = "line") -> list[str]:
    return [f"{count:,} {noun}{'' if count == 1 else 's'} {what}"] if count else []


def open_one(path: str, opening: Opening) -> tuple[TableSource, HeaderMap]:
    """Open one file to be read row by row."""
    return open_orders(
        path,
        encoding=opening.encoding,
        delimiter=opening.delimiter,
        mapping=opening.mapping,
        selection=opening.selection,
    )


def lines_of_order(paths: Sequence[str], order_id: str, opening: Opening) -> list[Record]:
    """The lines of one order in some files. Raises :class:`OrderNotFoundError` if it is in none
    of them, and the errors of reading one."""
    lines: list[Record] = []
    names = []
    for path in paths:
        source, header = open_one(path, opening)
        with source:
            names.append(source.name)
            lines += [
                one
                for one in settled_records(source, header, opening.notation)
                if isinstance(one, Record) and order_number(one) == order_id
            ]
    if not lines:
        raise OrderNotFoundError(order_id, ", ".join(names[:5]))
    return lines


def entered(
    stack: ExitStack, source: TableSource, header: HeaderMap
) -> tuple[TableSource, HeaderMap]:
    """A source that the stack closes, with its header."""
    return stack.enter_context(source), header


def order_number(record: Record) -> str:
    """The number of the record's order; a row without one is an order of its own, file:row."""
    number = record["order_id"].value
    return f"{record.file}:{record.row}" if number is None else str(number)
