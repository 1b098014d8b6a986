"""Large files of orders: judged in columns, and what stays open put together by order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from redflags.bystanders import Bystanders
from redflags.engine.windows import WindowSheet, across_rules, settled
from redflags.explain.evidence import Plain
from redflags.files import Gathered, Opening, OrderLines, Rows, order_number, read_history
from redflags.intake import HeaderMap, open_order_batches
from redflags.intake.batches import MisreadSearch, OrderBatch, order_batches
from redflags.intake.digests import OrderDigests
from redflags.intake.duplicates import DuplicateRows
from redflags.intake.misread import MisreadCells
from redflags.intake.settling import InputReading
from redflags.model.kind import LONGEST_TEXT
from redflags.model.notation import Notation, Notations
from redflags.model.record import TextRecord
from redflags.model.validity import expire
from redflags.readers import TextBatches

if TYPE_CHECKING:
    import datetime

    import polars as pl

    from redflags.engine.columnar import ColumnarEngine, OpenLines
    from redflags.engine.judge import Judge, Standing
    from redflags.engine.windows import WindowVerdict
    from redflags.rulebook.tree import Rule

AT_ONCE = 20_000
"""Open lines that are taken out of the columns at a time."""


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
    numbers = _OrderNumbers()
    kept = _OpenLines()
    with ExitStack() as stack:
        opened = [stack.enter_context(_reading(path, opening)) for path in paths]
        for number, reading in enumerate(opened):
            marks = numbers.mark(), kept.mark(), len(gathered.set_aside), gathered.assessed
            stood = None if bystanders is None else bystanders.mark()
            digested = 0 if digests is None else digests.mark()
            while True:
                judging = engine(reading.notation)  # an engine knows one set of columns
                duplicates, misread = DuplicateRows(), MisreadCells()
                search = _misread_search(reading)
                for batch in _read_ahead(order_batches(reading.source, reading.header)):
                    if not reading.still_holds(batch):
                        break
                    seeks = not reading.is_settled
                    search.note(batch, misread, until_open=seeks)
                    if seeks and search.is_open:
                        if not reading.settle(batch):
                            break
                        judging, search = engine(reading.notation), _misread_search(reading)
                        search.note(batch, misread)
                    gathered.set_aside += batch.set_aside
                    gathered.assessed += batch.frame.height
                    duplicates.add_batch(batch.frame)
                    note(batch.frame)
                    if bystanders is not None:
                        bystanders.add(batch.frame, reading.notation)
                    if digests is not None:
                        digests.add_batch(batch.cells, batch.frame)
                    hashes = numbers.add(number, reading.source.name, batch)
                    found = judging.open_lines(batch.frame)
                    if found.standings:
                        kept.add(batch.frame, hashes, numbers.count_before, found)
                    done = (number + reading.source.share_read) / len(opened)
                    progress("Reading and judging", done)
                else:
                    break
                # What the first batches said is read again in the notation of the whole.
                if digests is not None:
                    digests.cut(digested)
                numbers.cut(marks[0])
                kept.cut(marks[1])
                if bystanders is not None and stood is not None:
                    bystanders.cut(stood)
                del gathered.set_aside[marks[2] :]
                gathered.assessed = marks[3]
            gathered.misread.add_all(misread)
            gathered.duplicate_rows += duplicates.count()
            gathered.note(reading.source, reading.header, reading.settled)
    gathered.close()
    windows = _Windows()
    if sheet is not None:
        asked = _lay_out(sheet, windows, kept, numbers, opened, judge, as_of)
        gathered.history = read_history(
            history, paths, opening, sheet, as_of, numbers, gathered.history_digests
        )
        if asked:
            if bystanders is not None:
                bystanders.stand_by(sheet)
            windows.judge(sheet, asked)
    orders = _orders(gathered, numbers, kept, opened, judge, as_of, windows)
    gathered.orders = _told(orders, kept.order_count(), progress)
    gathered.read_again = partial(_read_again, opened, as_of)
    return gathered


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


def _read_ahead(batches: Iterator[OrderBatch]) -> Iterator[OrderBatch]:
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
    numbers: _OrderNumbers,
    kept: _OpenLines,
    read: Sequence[InputReading],
    judge: Judge,
    as_of: datetime.date | None,
    windows: _Windows,
) -> Iterator[OrderLines]:
    gathered.quiet_orders = numbers.count()
    memories: list[dict[object, Any]] = [{} for _ in read]
    names = [one.source.name for one in read]
    for places, lines in kept.by_order(numbers, names):
        found: OrderLines | None = None
        for line, record, standing in _records(lines, read, as_of, memories):
            verdicts = judge.verdicts(record, standing)
            told = windows.told.get(line, {})
            if told:
                verdicts = settled(verdicts, told)
            is_member = line in windows.members
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
    members: set[int] = field(default_factory=set)
    line_of: dict[int, int] = field(default_factory=dict)

    def judge(self, sheet: WindowSheet, asked: Mapping[int, Sequence[Rule]]) -> None:
        """Ask the windows, by the numbers of the lines on the sheet."""
        self.told = {self.line_of[own]: told for own, told in sheet.judge(asked).items()}


def _lay_out(
    sheet: WindowSheet,
    windows: _Windows,
    kept: _OpenLines,
    numbers: _OrderNumbers,
    read: Sequence[InputReading],
    judge: Judge,
    as_of: datetime.date | None,
) -> dict[int, tuple[Rule, ...]]:
    """Put the lines that may be of some window on the sheet, in the order of the rows; which rules
    are to be asked of which line of the sheet."""
    names = [rule.name for rule in judge.book.across_rules]
    asked: dict[int, tuple[Rule, ...]] = {}
    memories: list[dict[object, Any]] = [{} for _ in read]
    lines = kept.by_row(numbers, [one.source.name for one in read])
    for line, record, standing in _records(lines, read, as_of, memories):
        rules = across_rules(judge.verdicts(record, standing))
        members = {names[number] for number in standing.member_of}
        if rules or members:
            own = sheet.add(record, order_number(record), members.union(r.name for r in rules))
            if rules:
                asked[own], windows.line_of[own] = rules, line
            if sheet.is_of_some_window(own):
                windows.members.add(line)
    return asked


JudgedLine = tuple[int, TextRecord, "Standing"]
"""A line that stays open: its number among those kept, its values, how the rules stand on it."""


def _records(
    lines: Iterable[OpenLine],
    read: Sequence[InputReading],
    as_of: datetime.date | None,
    memories: Sequence[dict[object, Any]],
) -> Iterator[JudgedLine]:
    """The records of lines that stay open. What is said of a text depends on the notation of its
    file: each has its memory."""
    for number, file, place, standing, cells in lines:
        texts = {path: text for path, text in cells.items() if text is not None}
        record = TextRecord(texts, read[file].notation, **place, memory=memories[file])
        expire(record, as_of)
        yield number, record, standing


OpenLine = tuple[int, int, Plain, "Standing", dict[str, Any]]
"""A line that stays open: its number among those kept, its file's number, its place, how the rules
stand on it, its texts."""


@dataclass(slots=True)
class _OpenLines:
    """The lines that stay open, as columns of text, with the hash of their order's number and
    their place among all rows."""

    frames: list[pl.DataFrame] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)

    def add(self, frame: pl.DataFrame, hashes: pl.Series, before: int, found: OpenLines) -> None:
        """Add those of a batch, before which there were so many rows."""
        import polars as pl

        self.frames.append(
            frame[found.places].with_columns(
                hashes.gather(found.places).alias(_HASH),
                (found.places.cast(pl.UInt64) + before).alias(_PLACE),
            )
        )
        self.standings += found.standings

    def mark(self) -> tuple[int, int]:
        """How much there is, for :meth:`cut`."""
        return len(self.frames), len(self.standings)

    def cut(self, mark: tuple[int, int]) -> None:
        """Forget what was added since."""
        del self.frames[mark[0] :]
        del self.standings[mark[1] :]

    def order_count(self) -> int:
        """Of how many orders lines are open."""
        import polars as pl

        return pl.concat([one[_HASH] for one in self.frames]).n_unique() if self.frames else 0

    def by_row(self, numbers: _OrderNumbers, names: Sequence[str]) -> Iterator[OpenLine]:
        """The lines that stay open, in the order of all rows."""
        import polars as pl

        if not self.frames:
            return
        # A column that one file has and another has not is null there.
        frame = pl.concat(self.frames, how="diagonal", rechunk=False)
        rows = numbers.rows_of(frame[_HASH].unique())
        order = frame.select(_HASH, _PLACE).with_row_index("line")
        for _, one in self._lines(frame, order, rows, names):
            yield one

    def by_order(
        self, numbers: _OrderNumbers, names: Sequence[str]
    ) -> Iterator[tuple[list[Plain], list[OpenLine]]]:
        """Orders by their first rows: the places of all their lines, and of each line that stays
        open its place, how the rules stand on it, and its texts by column. The columns are let go:
        they are taken for the last time."""
        import polars as pl

        if not self.frames:
            return
        # A column that one file has and another has not is null there.
        frame = pl.concat(self.frames, how="diagonal", rechunk=False)
        self.frames = []
        rows = numbers.rows_of(frame[_HASH].unique())
        firsts = rows.group_by(_HASH).agg(
            pl.col(_PLACE).min().alias("first"), pl.len().alias("lines")
        )
        order = (
            frame.select(_HASH, _PLACE)
            .with_row_index("line")
            .join(firsts, on=_HASH, how="left")
            .sort("first", _PLACE)
        )
        several = firsts.filter(pl.col("lines") > 1)[_HASH].implode()
        places: dict[int, list[Plain]] = {}
        for hashed, file, row, line in (
            rows.filter(pl.col(_HASH).is_in(several))
            .select(_HASH, "file", "row", "text_line")
            .iter_rows()
        ):
            places.setdefault(hashed, []).append({"file": names[file], "row": row, "line": line})
        current: int | None = None
        lines: list[OpenLine] = []
        for hashed, one in self._lines(frame, order, rows, names):
            if hashed != current and lines:
                yield places.get(current or 0) or [lines[0][2]], lines
                lines = []
            current = hashed
            lines.append(one)
        yield places.get(current or 0) or [lines[0][2]], lines

    def _lines(
        self,
        frame: pl.DataFrame,
        order: pl.DataFrame,
        rows: pl.DataFrame,
        names: Sequence[str],
    ) -> Iterator[tuple[int, OpenLine]]:
        """The lines of a frame in a given order, each with the hash of its order."""
        own = rows.select(_PLACE, "file", "row", "text_line")
        columns = [name for name in frame.columns if name not in (_HASH, _PLACE)]
        for start in range(0, order.height, AT_ONCE):
            part = order.slice(start, AT_ONCE)
            where = part.select(_PLACE).join(own, on=_PLACE, how="left", maintain_order="left")
            texts = frame[part["line"]].select(columns)
            for hashed, line, (_, file, row, text_line), cells in zip(
                part[_HASH], part["line"], where.iter_rows(), texts.iter_rows(), strict=True
            ):
                place = {"file": names[file], "row": row, "line": text_line}
                given = dict(zip(columns, cells, strict=True))
                yield hashed, (line, file, place, self.standings[line], given)


_HASH = "\0hash"
_PLACE = "\0place"
"""Names that no field has."""


@dataclass(slots=True)
class _OrderNumbers:
    """Which row belongs to which order, in sixteen bytes a row: orders are told apart by 64 bits
    of their numbers' hash (of four million orders two would share one in one of two million
    runs)."""

    batches: list[tuple[int, pl.Series, pl.Series, pl.Series]] = field(default_factory=list)
    count_before: int = 0
    _height: int = 0
    _all: frozenset[int] | None = None

    def mark(self) -> tuple[int, int]:
        """How much there is, for :meth:`cut`."""
        return len(self.batches), self._height

    def cut(self, mark: tuple[int, int]) -> None:
        """Forget what was added since."""
        del self.batches[mark[0] :]
        self._height = mark[1]

    def add(self, number: int, file: str, batch: OrderBatch) -> pl.Series:
        """Note the rows of a batch; the hash of each row's order."""
        import polars as pl

        frame, rows, lines = batch.frame, batch.rows, batch.lines

        self.count_before, self._height = self._height, self._height + len(rows)
        if "order_id" in frame.columns:
            ids = frame["order_id"].str.strip_chars()
            unnumbered = (ids == "") | (ids.str.len_chars() > LONGEST_TEXT)
        else:
            ids = pl.repeat("", len(rows), dtype=pl.String, eager=True)
            unnumbered = pl.repeat(True, len(rows), dtype=pl.Boolean, eager=True)
        if unnumbered.any():
            own = pl.select(pl.concat_str(pl.lit(f"{file}:"), rows.cast(pl.String))).to_series()
            ids = ids.zip_with(~unnumbered, own)
        hashes = ids.hash()
        self.batches.append((number, hashes, rows, lines))
        return hashes

    def __contains__(self, number: object) -> bool:
        """Whether there is an order of this number."""
        import polars as pl

        if self._all is None:
            self._all = frozenset(
                pl.concat([hashes for _, hashes, _, _ in self.batches]).unique().to_list()
                if self.batches
                else ()
            )
        return pl.Series([str(number)]).hash()[0] in self._all

    def count(self) -> int:
        """How many orders there are."""
        import polars as pl

        if not self.batches:
            return 0
        return pl.concat([hashes for _, hashes, _, _ in self.batches]).n_unique()

    def rows_of(self, wanted: pl.Series) -> pl.DataFrame:
        """All rows of these orders: hash, place among all rows, file number, row and line."""
        import polars as pl

        found, before = [], 0
        for number, hashes, rows, lines in self.batches:
            places = hashes.is_in(wanted.implode()).arg_true()
            found.append(
                pl.DataFrame(
                    {
                        _HASH: hashes.gather(places),
                        _PLACE: places.cast(pl.UInt64) + before,
                        "row": rows.gather(places),
                        "text_line": lines.gather(places),
                    }
                ).with_columns(pl.lit(number, dtype=pl.UInt32).alias("file"))
            )
            before += len(rows)
        return pl.concat(found)
