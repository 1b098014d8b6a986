"""Files of orders: read, judged line by line or in columns, and gathered by order."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from redflags.engine.judge import Verdicts
from redflags.errors import InputError
from redflags.explain.assess import Line
from redflags.intake import HeaderMap, Mapping, open_order_batches, open_orders, records
from redflags.intake.batches import MisreadCells, note_misread, order_batches
from redflags.model.kinds import AS_WRITTEN, Notation
from redflags.model.record import Record
from redflags.model.results import InputRead, LinePlace, SetAside
from redflags.model.validity import expire
from redflags.readers import Selection, TableSource, TextBatches
from redflags.readers.formats import size_as_text
from redflags.readers.selection import DEFAULT

if TYPE_CHECKING:
    import polars as pl

    from redflags.engine.columnar import ColumnarEngine

LARGE_FILE = 4_000_000
"""Bytes from which a file is read in columns: below, starting Polars takes longer than it saves."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How files are to be read."""

    encoding: str | None = None
    delimiter: str | None = None
    mapping: Mapping | None = None
    notation: Notation = AS_WRITTEN
    selection: Selection = DEFAULT


@dataclass(slots=True)
class OrderLines:
    """One order: where its lines stand, and of the lines those that a rule speaks of; if there is
    none, the first line, which says who the order is from."""

    places: list[LinePlace] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def add(self, record: Record, verdicts: Verdicts) -> None:
        """Add a line that was read and judged."""
        if not self.lines:
            self.lines.append(Line(record, verdicts))
        elif verdicts:
            if not self.lines[0].verdicts:
                self.lines.clear()
            self.lines.append(Line(record, verdicts))


@dataclass(slots=True)
class Gathered:
    """What came of some files. ``quiet_orders`` counts orders of which only the number is known:
    every rule is false on all their lines."""

    orders: dict[str, OrderLines] = field(default_factory=dict)
    quiet_orders: int = 0
    assessed: int = 0
    set_aside: list[SetAside] = field(default_factory=list)
    misread: MisreadCells = field(default_factory=MisreadCells)
    inputs: list[InputRead] = field(default_factory=list)
    present: list[frozenset[str]] = field(default_factory=list)

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

    def note(self, source: TableSource | TextBatches, header: HeaderMap) -> None:
        """Note a source that was read to its end."""
        self.present.append(header.present)
        self.inputs.append(
            InputRead(
                path=source.name,
                sha256=source.sha256,
                rows=source.row_count,
                encoding=source.encoding,
                delimiter=source.delimiter,
                unused_columns=header.unused,
            )
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
) -> Gathered:
    """Read files row by row and judge each line as it comes."""
    gathered = Gathered()
    with ExitStack() as stack:
        # All are opened before any is read: nothing is half done when one cannot be.
        opened = [_entered(stack, *open_one(path, opening)) for path in paths]
        for source, header in opened:
            read = records(source, header, opening.notation)
            for one in read:
                if isinstance(one, SetAside):
                    gathered.set_aside.append(one)
                    continue
                gathered.assessed += 1
                expire(one, as_of)
                order = gathered.orders.setdefault(order_number(one), OrderLines())
                order.places.append(LinePlace(file=one.file, row=one.row, line=one.line))
                order.add(one, judge(one))
            gathered.misread.first += read.misread
            gathered.misread.count += read.misread_cells
            gathered.note(source, header)
    gathered.close()
    return gathered


def open_one(path: str, opening: Opening) -> tuple[TableSource, HeaderMap]:
    """Open one file to be read row by row."""
    return open_orders(
        path,
        encoding=opening.encoding,
        delimiter=opening.delimiter,
        mapping=opening.mapping,
        selection=opening.selection,
    )


def _entered(
    stack: ExitStack, source: TableSource, header: HeaderMap
) -> tuple[TableSource, HeaderMap]:
    return stack.enter_context(source), header


def order_number(record: Record) -> str:
    """The number of the record's order; a row without one is an order of its own, file:row."""
    number = record["order_id"].value
    return f"{record.file}:{record.row}" if number is None else str(number)


def gather_columns(
    paths: Sequence[str], opening: Opening, engine: Callable[[], ColumnarEngine]
) -> Gathered:
    """Read files in batches of columns and judge each batch at once."""
    gathered = Gathered()
    numbers = _OrderNumbers()
    with ExitStack() as stack:
        opened = []
        for path in paths:
            source, header = open_order_batches(
                path,
                encoding=opening.encoding,
                delimiter=opening.delimiter,
                mapping=opening.mapping,
                selection=opening.selection,
            )
            opened.append((stack.enter_context(source), header))
        for source, header in opened:
            judging = engine()  # an engine knows one set of columns
            for batch in order_batches(source, header):
                gathered.set_aside += batch.set_aside
                gathered.assessed += batch.frame.height
                note_misread(batch, header, source.name, gathered.misread, opening.notation)
                numbers.add(source.name, batch.frame, batch.rows, batch.lines)
                for place, record, verdicts in judging.verdicts(batch.frame):
                    record.file = source.name
                    record.row, record.line = batch.rows[place], batch.lines[place]
                    order = gathered.orders.setdefault(order_number(record), OrderLines())
                    order.add(record, verdicts)
            gathered.note(source, header)
    for order_id, where in numbers.places(gathered.orders):
        gathered.orders[order_id].places.append(where)
    gathered.quiet_orders = numbers.count() - len(gathered.orders)
    gathered.close()
    return gathered


@dataclass(slots=True)
class _Numbers:
    file: str
    hashes: pl.Series
    rows: pl.Series
    lines: pl.Series


@dataclass(slots=True)
class _OrderNumbers:
    """Which row belongs to which order, in sixteen bytes a row: orders are told apart by 64 bits
    of their numbers' hash (of four million orders two would share one in one of two million
    runs), and only those that are needed are looked up."""

    batches: list[_Numbers] = field(default_factory=list)
    unnumbered: int = 0

    def add(self, file: str, frame: pl.DataFrame, rows: pl.Series, lines: pl.Series) -> None:
        if "order_id" not in frame.columns:
            self.unnumbered += frame.height
            self._add_unnumbered(file, rows, lines)
            return
        ids = frame["order_id"].str.strip_chars()
        blank = ids == ""
        if blank.any():
            self.unnumbered += int(blank.sum())
            self._add_unnumbered(file, rows.filter(blank), lines.filter(blank))
            ids, rows, lines = ids.filter(~blank), rows.filter(~blank), lines.filter(~blank)
        self.batches.append(_Numbers(file, ids.hash(), rows, lines))

    def _add_unnumbered(self, file: str, rows: pl.Series, lines: pl.Series) -> None:
        import polars as pl

        ids = pl.select(pl.concat_str(pl.lit(f"{file}:"), rows.cast(pl.String))).to_series()
        self.batches.append(_Numbers(file, ids.hash(), rows, lines))

    def count(self) -> int:
        """How many orders there are."""
        import polars as pl

        if not self.batches:
            return 0
        return pl.concat([batch.hashes for batch in self.batches]).n_unique()

    def places(self, orders: dict[str, OrderLines]) -> Iterator[tuple[str, LinePlace]]:
        """Where each line of these orders stands, in the order of the files."""
        import polars as pl

        wanted = pl.Series(list(orders), dtype=pl.String)
        order_of = dict(zip(wanted.hash(), wanted, strict=True))
        hashes = pl.Series(list(order_of), dtype=pl.UInt64)
        for batch in self.batches:
            mask = batch.hashes.is_in(hashes.implode())
            found = (batch.hashes.filter(mask), batch.rows.filter(mask), batch.lines.filter(mask))
            for number, row, line in zip(*found, strict=True):
                yield order_of[number], LinePlace(file=batch.file, row=row, line=line)
