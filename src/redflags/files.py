"""Files of orders: read and judged line by line, and gathered by order."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from redflags.engine.judge import Verdicts
from redflags.errors import InputError
from redflags.explain.assess import Line
from redflags.explain.evidence import Plain, place_of
from redflags.intake import HeaderMap, Mapping, open_orders
from redflags.intake.misread import MisreadCells
from redflags.intake.records import settled_records
from redflags.model.kinds import AS_WRITTEN, Notation
from redflags.model.record import Record
from redflags.model.results import InputRead, SetAside
from redflags.model.validity import expire
from redflags.readers import Selection, TableSource, TextBatches
from redflags.readers.formats import size_as_text
from redflags.readers.selection import DEFAULT

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
    """One order: its number, where its lines stand, and of the lines those that a rule speaks of;
    if there is none, the first line, which says who the order is from."""

    number: str
    places: list[Plain] = field(default_factory=list)
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
    """What came of some files. ``orders`` come once, in the order of their first rows.
    ``quiet_orders`` counts those that do not come, as every rule is false on all their lines; it
    is complete after the last one came."""

    orders: Iterator[OrderLines] = field(default_factory=lambda: iter(()))
    quiet_orders: int = 0
    assessed: int = 0
    set_aside: list[SetAside] = field(default_factory=list)
    misread: MisreadCells = field(default_factory=MisreadCells)
    duplicate_rows: int = 0
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

    def note(
        self, source: TableSource | TextBatches, header: HeaderMap, settled: tuple[str, ...]
    ) -> None:
        """Note a source that was read to its end, and what its columns settled."""
        self.present.append(header.present)
        self.inputs.append(
            InputRead(
                path=source.name,
                sha256=source.sha256,
                rows=source.row_count,
                encoding=source.encoding,
                delimiter=source.delimiter,
                unused_columns=header.unused,
                ambiguous_columns=dict(header.ambiguous),
                notes=(*source.notes, *settled),
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
    note: Callable[[Record], object],
) -> Gathered:
    """Read files row by row, note each line and judge it as it comes."""
    gathered = Gathered()
    orders: dict[str, OrderLines] = {}
    with ExitStack() as stack:
        # All are opened before any is read: nothing is half done when one cannot be.
        opened = [entered(stack, *open_one(path, opening)) for path in paths]
        for source, header in opened:
            read = settled_records(source, header, opening.notation)
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
                order.add(one, judge(one))
            gathered.misread.add_all(read.misread)
            gathered.duplicate_rows += read.duplicates.count()
            gathered.note(source, header, read.settled)
    gathered.close()
    # An order's lines are let go as soon as it is assessed: they take more memory than that.
    gathered.orders = (orders.pop(number) for number in list(orders))
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


def entered(
    stack: ExitStack, source: TableSource, header: HeaderMap
) -> tuple[TableSource, HeaderMap]:
    """A source that the stack closes, with its header."""
    return stack.enter_context(source), header


def order_number(record: Record) -> str:
    """The number of the record's order; a row without one is an order of its own, file:row."""
    number = record["order_id"].value
    return f"{record.file}:{record.row}" if number is None else str(number)
