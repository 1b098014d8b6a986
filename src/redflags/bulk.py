"""Large files of orders: judged in columns, and what stays open put together by order."""

from __future__ import annotations

import gc
from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from redflags.across.identity import PARTY_PATHS
from redflags.bulk_judging import LineJudging
from redflags.bulk_lines import KeptLines, OrderNumbers, QuietOrders
from redflags.bystanders import Bystanders
from redflags.engine.line_texts import LineTexts
from redflags.engine.windows import WindowSheet, across_rules, settled
from redflags.files import (
    NO_VERDICTS,
    Gathered,
    Opening,
    OrderLines,
    Rows,
    order_number,
    read_history,
)
from redflags.intake import HeaderMap, open_order_batches
from redflags.intake.batches import MisreadSearch, OrderBatch, order_batches
from redflags.intake.digests import OrderDigests
from redflags.intake.duplicates import DuplicateRows
from redflags.intake.misread import MisreadCells
from redflags.intake.settling import InputReading
from redflags.model.answers import Answers
from redflags.model.notation import Notation, Notations
from redflags.model.record import Record, TextRecord
from redflags.model.validity import expire
from redflags.readers import TextBatches

if TYPE_CHECKING:
    import datetime

    import polars as pl

    from redflags.engine.columnar import ColumnarEngine
    from redflags.engine.judge import Judge, Standing
    from redflags.engine.windows import WindowVerdict
    from redflags.rulebook.tree import Rule, RuleBook


Given = TypeVar("Given")

MANY_LINES = 500_000
"""From so many lines on it pays to look for what is needed no more: that takes half a second."""


def gather_columns(
    paths: Sequence[str],
    opening: Opening,
    engine: Callable[[Notation | Notations], ColumnarEngine],
    judge: Judge,
    as_of: datetime.date | None,
    note: Callable[[pl.DataFrame], object],
    progress: Callable[[str, float], None],
    sheet: WindowSheet | None = None,
    history: Sequence[str] = (),
    digests: OrderDigests | None = None,
) -> Gathered:
    """Read files in batches of columns, judge each batch at once, and keep the lines that stay
    open. When all is read and it is known which lines are one order, these are judged one by one
    as the orders are taken, in the order of their first rows.

    ``note`` is given each batch of lines, perhaps more than once. ``progress`` is told what is
    being done, and which share of that is done. With a ``sheet`` the rules across orders are
    judged when all is read, over these lines and those of the inputs in ``history``. ``digests``
    takes the digest of each line.
    """
    gathered = Gathered()
    bystanders = None if sheet is None else Bystanders(sheet.looks_at_parties)
    notes = _Notes(note, bystanders, digests)
    numbers = OrderNumbers()
    kept = KeptLines()
    with ExitStack() as stack:
        opened = [stack.enter_context(_reading(path, opening)) for path in paths]
        # All that is only needed to read and judge is let go here: what follows needs room.
        _read(opened, engine, gathered, numbers, kept, notes, progress)
    if gathered.assessed >= MANY_LINES:
        gc.collect()  # an engine holds its parts in circles
    gathered.close()
    windows = _Windows(members=bytearray(len(kept.standings)))
    if sheet is not None:
        asked = _lay_out(sheet, windows, kept, opened, judge, as_of)
        gathered.history = read_history(
            history, paths, opening, sheet, as_of, numbers, gathered.history_digests
        )
        if asked:
            if bystanders is not None:
                bystanders.stand_by(sheet)
            windows.judge(sheet, asked)
        speaks = windows.speak(kept.standings, judge.book)
        quiet = kept.part_quiet(speaks, windows.members, numbers)
        gathered.quiet = _QuietOrders(quiet, opened, as_of)
    orders = _orders(gathered, numbers, kept, opened, judge, as_of, windows)
    gathered.orders = _told(orders, kept.order_count(), progress)
    gathered.read_again = partial(_read_again, opened, as_of)
    return gathered


@dataclass(slots=True)
class _Notes:
    """What is noted of all lines, whether a rule speaks of them or not; nothing that is judged
    waits for it. The ``census`` is given each batch, perhaps more than once."""

    census: Callable[[pl.DataFrame], object]
    bystanders: Bystanders | None
    digests: OrderDigests | None
    duplicates: DuplicateRows = field(default_factory=DuplicateRows)
    misread: MisreadCells = field(default_factory=MisreadCells)
    _stood: tuple[int, dict[tuple[str, ...], int]] | None = None
    _digested: int = 0

    def begin(self) -> None:
        """Begin an input: its duplicate rows and misread cells are counted anew."""
        self.duplicates, self.misread = DuplicateRows(), MisreadCells()
        if self.bystanders is not None:
            self._stood = self.bystanders.mark()
        if self.digests is not None:
            self._digested = self.digests.mark()

    def begin_again(self) -> None:
        """Forget what was noted since the input began."""
        self.duplicates, self.misread = DuplicateRows(), MisreadCells()
        if self.bystanders is not None and self._stood is not None:
            self.bystanders.cut(self._stood)
        if self.digests is not None:
            self.digests.cut(self._digested)

    def take(
        self, batch: OrderBatch, notation: Notation | Notations, search: MisreadSearch | None
    ) -> None:
        """Note a batch; with a ``search`` also its cells that are not understood."""
        if search is not None:
            search.note(batch, self.misread)
        self.duplicates.add_batch(batch.frame)
        self.census(batch.frame)
        if self.bystanders is not None:
            self.bystanders.add(batch.frame, notation)
        if self.digests is not None:
            self.digests.add_batch(batch.cells, batch.frame)


def _read(
    opened: Sequence[InputReading],
    engine: Callable[[Notation | Notations], ColumnarEngine],
    gathered: Gathered,
    numbers: OrderNumbers,
    kept: KeptLines,
    notes: _Notes,
    progress: Callable[[str, float], None],
) -> None:
    """Read inputs in batches, judge each batch, and keep the lines that stay open; the other
    arguments are as in :func:`gather_columns`. Notes are taken of a batch while it is judged."""
    for number, reading in enumerate(opened):
        marks = numbers.mark(), kept.mark(), len(gathered.set_aside), gathered.assessed
        notes.begin()
        with ThreadPoolExecutor(1, "take notes") as beside:
            while True:
                judging = engine(reading.notation)  # an engine knows one set of columns
                search = _misread_search(reading)
                batches = order_batches(reading.source, reading.header)
                for batch, is_searched in _read_ahead(_searched(batches, search, notes.misread)):
                    if not reading.still_holds(batch):
                        break
                    if not is_searched and not reading.is_settled:
                        if not reading.settle(batch):
                            break
                        judging, search = engine(reading.notation), _misread_search(reading)
                    later = None if is_searched else search
                    noted = beside.submit(notes.take, batch, reading.notation, later)
                    gathered.set_aside += batch.set_aside
                    gathered.assessed += batch.frame.height
                    hashes = numbers.add(number, reading.source.name, batch)
                    found = judging.open_lines(batch.frame)
                    if found.standings:
                        kept.add(number, batch, hashes, numbers.count_before, found)
                    noted.result()
                    done = (number + reading.source.share_read) / len(opened)
                    progress("Reading and judging", done)
                else:
                    break
                # What the first batches said is read again in the notation of the whole.
                notes.begin_again()
                numbers.cut(marks[0])
                kept.cut(marks[1])
                del gathered.set_aside[marks[2] :]
                gathered.assessed = marks[3]
        gathered.misread.add_all(notes.misread)
        gathered.duplicate_rows += notes.duplicates.count()
        gathered.note(reading.source, reading.header, reading.settled)


def _read_again(
    read: Sequence[InputReading], as_of: datetime.date | None, rows: Rows
) -> Iterator[TextRecord]:
    """The records of some rows of the inputs, which are opened anew and read with what is known
    of their notation."""
    for reading in read:
        wanted = rows.get(reading.source.name)
        if wanted:
            yield from _records_at(reading, wanted, as_of)


def _records_at(
    reading: InputReading, rows: frozenset[int], as_of: datetime.date | None
) -> Iterator[TextRecord]:
    """The records of some rows, read once more in the notation that was settled."""
    import polars as pl

    wanted = pl.Series(sorted(rows), dtype=pl.UInt64).implode()
    source, header = reading.open_again()
    with source:
        for batch in order_batches(source, header):
            chosen = batch.rows.cast(pl.UInt64).is_in(wanted)
            for row, line, cells in zip(
                batch.rows.filter(chosen),
                batch.lines.filter(chosen),
                batch.frame.filter(chosen).iter_rows(named=True),
                strict=True,
            ):
                texts = {path: text for path, text in cells.items() if text is not None}
                record = TextRecord(texts, reading.notation, source.name, row, line)
                expire(record, as_of)
                yield record


def _reading(path: str, opening: Opening) -> InputReading:
    """One input, to be read in the notation that its columns settle."""

    def open_input() -> tuple[TextBatches, HeaderMap]:
        return open_order_batches(
            path,
            encoding=opening.encoding,
            delimiter=opening.delimiter,
            mapping=opening.mapping,
            selection=opening.selection,
        )

    return InputReading(open_input, opening.notation)


def _misread_search(reading: InputReading) -> MisreadSearch:
    return MisreadSearch(
        reading.header, reading.source.name, reading.notation, seeks_open=not reading.is_settled
    )


def _searched(
    batches: Iterator[OrderBatch], search: MisreadSearch, into: MisreadCells
) -> Iterator[tuple[OrderBatch, bool]]:
    """Each batch, and whether its cells that are not understood are noted: until one is met that
    could be understood if the notation of its column were known."""
    for batch in batches:
        is_searched = search.seeks_open and not search.is_open
        if is_searched:
            search.note(batch, into, until_open=True)
        yield batch, is_searched and not search.is_open


def _read_ahead(batches: Iterator[Given]) -> Iterator[Given]:
    """The same batches, each read while the one before is judged."""
    with ThreadPoolExecutor(1, "read ahead") as reader:
        coming = reader.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = reader.submit(next, batches, None)
            yield batch


def _told(
    orders: Iterator[OrderLines], count: int, progress: Callable[[str, float], None]
) -> Iterator[OrderLines]:
    for number, order in enumerate(orders):
        if number % 1_000 == 0:
            progress("Explaining", number / max(count, 1))
        yield order


def _orders(
    gathered: Gathered,
    numbers: OrderNumbers,
    kept: KeptLines,
    read: Sequence[InputReading],
    judge: Judge,
    as_of: datetime.date | None,
    windows: _Windows,
) -> Iterator[OrderLines]:
    gathered.quiet_orders = numbers.count()
    names = [one.source.name for one in read]
    judging = LineJudging(judge, [one.notation for one in read], as_of)
    for places, lines in judging.orders(kept.by_order(numbers, names)):
        found: OrderLines | None = None
        for line, record, verdicts in lines:
            told = windows.told.get(line, {})
            if told:
                verdicts = settled(verdicts, told)
            is_member = bool(windows.members[line])
            if verdicts or is_member:
                if found is None:
                    found = OrderLines(order_number(record), places)
                found.add(record, verdicts, windows=told, is_member=is_member)
        if found is not None:
            gathered.quiet_orders -= 1
            yield found


@dataclass(slots=True)
class _Windows:
    """What the windows of rules across orders say of lines, by their numbers among those kept:
    the verdicts of lines that were asked, and which lines are or may be of some window."""

    told: dict[int, dict[str, WindowVerdict]] = field(default_factory=dict)
    members: bytearray = field(default_factory=bytearray)
    lines: array[int] = field(default_factory=lambda: array("Q"))

    def judge(self, sheet: WindowSheet, asked: Mapping[int, Sequence[Rule]]) -> None:
        """Ask the windows, by the numbers of the lines on the sheet."""
        self.told = {self.lines[own]: told for own, told in sheet.judge(asked).items()}

    def speak(self, standings: Sequence[Standing], book: RuleBook) -> list[bool]:
        """Of which lines some rule speaks, or may: of the rules across orders their windows have
        told."""
        across = {number for number, rule in enumerate(book.rules) if rule.across is not None}
        known: dict[int, bool] = {}
        found = []
        for line, standing in enumerate(standings):
            own = known.get(id(standing))
            if own is None:
                alone = {*standing.true, *standing.unknown, *standing.open}
                own = known[id(standing)] = bool(standing.open) or not alone <= across
            told = None if own else self.told.get(line)
            found.append(
                own
                or (
                    told is not None
                    and any(window.verdict is not False for window in told.values())
                )
            )
        return found


def _lay_out(
    sheet: WindowSheet,
    windows: _Windows,
    kept: KeptLines,
    read: Sequence[InputReading],
    judge: Judge,
    as_of: datetime.date | None,
) -> dict[int, tuple[Rule, ...]]:
    """Put the lines that may be of some window on the sheet, in the order of the rows; which rules
    are to be asked of which line of the sheet."""
    rules, names = judge.book.rules, [rule.name for rule in judge.book.across_rules]
    asked: dict[int, tuple[Rule, ...]] = {}
    windows.members = bytearray(len(kept.standings))
    answers = [Answers() for _ in read]
    known: dict[int, _Role] = {}

    def prepare(record: Record) -> None:
        expire(record, as_of)
        judge.prepare(record)

    def role_of(standing: Standing, place: int, texts: LineTexts) -> _Role:
        role = known.get(id(standing))
        if role is not None:
            return role
        if standing.open:  # it has to be asked of the line itself
            found = across_rules(judge.verdicts(texts.record(place), standing))
        else:
            found = tuple(
                rules[number]
                for number in sorted((*standing.true, *standing.unknown))
                if rules[number].across is not None
            )
        own = {names[number] for number in standing.member_of}
        sure = frozenset(names[number] for number in standing.sure_of)
        role = _Role(found, own.union(rule.name for rule in found), sure)
        if not standing.open:
            known[id(standing)] = role
        return role

    for part in kept.by_row():
        notation, shared = read[part.file].notation, answers[part.file]
        whole = LineTexts(part.texts, notation, prepare, shared)
        roles = [
            role_of(kept.standings[line], place, whole) for place, line in enumerate(part.lines)
        ]
        places = [place for place, role in enumerate(roles) if role.possible]
        if not places:
            continue
        texts = LineTexts(part.texts[places], notation, prepare, shared)
        own_numbers = texts.stated("order_id", str)
        rows, name = part.rows.gather(places).to_list(), read[part.file].source.name
        orders = [
            f"{name}:{row}" if number is None else number
            for number, row in zip(own_numbers, rows, strict=True)
        ]
        roles = [roles[place] for place in places]
        added = sheet.add_lines(
            texts, orders, [one.possible for one in roles], [one.sure for one in roles]
        )
        for own, place, role in zip(added, places, roles, strict=True):
            line = part.lines[place]
            windows.lines.append(line)
            if role.asked:
                asked[own] = role.asked
            windows.members[line] = sheet.is_of_some_window(own)
    return asked


class _Role(NamedTuple):
    """What a line has to do with windows: the rules that ask for its own, those of whose windows
    it may be, and those of which it is known to be able to."""

    asked: tuple[Rule, ...]
    possible: frozenset[str] | set[str]
    sure: frozenset[str]


class _QuietOrders:
    """Orders that no rule speaks of, as far as cases ask for them."""

    def __init__(
        self,
        orders: QuietOrders,
        read: Sequence[InputReading],
        as_of: datetime.date | None,
    ) -> None:
        self._orders = orders
        self._read = read
        self._as_of = as_of

    def parties(self) -> Iterator[tuple[str, Notation | Notations, pl.DataFrame]]:
        """Their parties, each combination of texts of a role once: the role, the notation of the
        input, and the texts."""
        for role, paths in PARTY_PATHS.items():
            for file, texts in self._orders.texts((*paths, f"{role}.business")):
                yield role, self._read[file].notation, texts

    def named(self, wanted: Collection[str]) -> Iterator[OrderLines]:
        """Those of these numbers."""
        names = [one.source.name for one in self._read]
        for places, file, place, texts in self._orders.find(wanted, names):
            record = TextRecord(texts, self._read[file].notation, **place)
            expire(record, self._as_of)
            found = OrderLines(order_number(record), places)
            found.add(record, NO_VERDICTS, is_member=True)
            yield found
