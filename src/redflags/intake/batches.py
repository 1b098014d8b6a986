"""Batches of order lines as columns of text by field, and the cells in them that say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from redflags.intake.headers import HeaderMap
from redflags.intake.records import MISREAD_KEPT
from redflags.model.fields import field_table
from redflags.model.kinds import AS_WRITTEN, Notation
from redflags.model.record import COMPANION_COLUMNS, record_of_texts
from redflags.model.results import Misread, SetAside
from redflags.readers import TextBatches
from redflags.values.understood import ABSENT

if TYPE_CHECKING:
    import polars as pl

NEVER_MISREAD = frozenset({"text", "identifier", "phone", "names"})
"""Kinds whose parser understands every text."""

PLAIN = {
    "date": re.compile(r"^(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])$"),
    "email": re.compile(r"^[a-z0-9][a-z0-9_-]*@[a-z0-9][a-z0-9-]*[a-z0-9]\.[a-z]{2,10}$"),
    "name": re.compile(r"^[A-Za-z0-9 .,&-]{0,40}[A-Za-z]{2}[A-Za-z0-9 .,&-]{0,60}$"),
}
"""Texts of a kind that are understood, or say nothing, beyond doubt, as patterns that Python and
Polars both know: they spare the parser where nearly every row has a text of its own."""

PLAIN_NUMBER = re.compile(r"^[1-9][0-9]{0,8}(?:\.[0-9]{1,2})?$")
"""Numbers that are understood beyond doubt, in front of a unit that is."""

MANY = 10
"""A column has many texts where more than one row in this many has a text of its own."""


@dataclass(frozen=True, slots=True)
class OrderBatch:
    """Some order lines: a text column for each field that is given, named by its path."""

    frame: pl.DataFrame
    rows: pl.Series
    lines: pl.Series
    set_aside: tuple[SetAside, ...]


@dataclass(slots=True)
class MisreadCells:
    """Cells that are given but were not understood: the first ones, and how many there are."""

    first: list[Misread] = field(default_factory=list)
    count: int = 0


def order_batches(source: TextBatches, header: HeaderMap) -> Iterator[OrderBatch]:
    """The batches of a source with its columns named by field, constants included."""
    import polars as pl

    positions = [place for place, path in enumerate(header.fields) if path is not None]
    names = {f"c{place}": str(header.fields[place]) for place in positions}
    constants = [pl.lit(text).alias(path) for path, text in header.constants.items()]
    for batch in source.batches(positions):
        frame = batch.frame.rename(names).with_columns(constants)
        if header.answers is not None:
            keys = _order_numbers(frame, batch.rows, source.name)
            frame = header.answers.lay_over_columns(frame, keys)
        yield OrderBatch(
            frame,
            batch.rows,
            batch.lines,
            tuple(
                SetAside(file=source.name, row=one.row, line=one.line, reason=one.reason)
                for one in batch.refused
            ),
        )


def _order_numbers(frame: pl.DataFrame, rows: pl.Series, file: str) -> pl.Series:
    """The order number of each line; a line without one is an order of its own, file:row."""
    import polars as pl

    own = pl.select(pl.concat_str(pl.lit(f"{file}:"), rows.cast(pl.String))).to_series()
    if "order_id" not in frame.columns:
        return own
    numbers = frame["order_id"].str.strip_chars()
    return pl.select(pl.when(numbers == "").then(own).otherwise(numbers)).to_series()


def note_misread(
    batch: OrderBatch,
    header: HeaderMap,
    file: str,
    into: MisreadCells,
    notation: Notation = AS_WRITTEN,
) -> None:
    """Find the cells of a batch that are given but not understood, as the row-by-row intake does.

    Each text is read once; where nearly every row has a text of its own, those that are plain
    beyond doubt are not read at all.
    """
    found: list[tuple[int, str, str, str]] = []
    order = {path: position for position, path in enumerate(batch.frame.columns)}
    for path in batch.frame.columns:
        kind = field_table()[path].kind
        if kind.name in NEVER_MISREAD or batch.frame.is_empty():
            continue
        companion = COMPANION_COLUMNS.get(path)
        columns = [path] if companion not in batch.frame.columns else [path, str(companion)]
        for row, written, why in _misread(batch, columns, kind.name, notation):
            found.append((row, path, written, why))
    found.sort(key=lambda one: (one[0], order[one[1]]))
    into.count += len(found)
    for row, path, written, why in found[: max(0, MISREAD_KEPT - len(into.first))]:
        column = header.column_of(path) or f"{path} (constant)"
        into.first.append(Misread(file=file, row=row, column=column, written=written, why=why))


def _misread(
    batch: OrderBatch, columns: Sequence[str], kind: str, notation: Notation
) -> Iterator[tuple[int, str, str]]:
    """Row, text and reason of each cell of a column (with its unit's) that is not understood."""
    import polars as pl

    frame = batch.frame.select(columns).with_columns(batch.rows.alias("row"))
    if frame[columns[0]].n_unique() * MANY > frame.height:
        frame = frame.filter(~_is_plain(frame, columns, kind, notation))
    reasons: dict[tuple[str, ...], tuple[str, str]] = {}
    for texts in frame.select(columns).unique().iter_rows():
        understood = record_of_texts(zip(columns, texts, strict=True), notation).get(columns[0])
        if understood is None or understood is ABSENT or understood.is_blank:
            continue
        if understood.value is None:
            reasons[texts] = (understood.written, understood.why)
    if not reasons:
        return
    lost = pl.DataFrame(list(reasons), schema=dict.fromkeys(columns, pl.String), orient="row")
    for cells in frame.join(lost, on=list(columns), how="semi").iter_rows():
        written, why = reasons[cells[:-1]]
        yield cells[-1], written, why


def _is_plain(
    frame: pl.DataFrame, columns: Sequence[str], kind: str, notation: Notation
) -> pl.Series:
    import polars as pl

    column = frame[columns[0]]
    if kind in PLAIN:
        return column.str.contains(PLAIN[kind].pattern)
    if kind not in ("quantity", "money") or len(columns) == 1:
        return pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    units = [
        unit
        for unit in frame[columns[1]].unique()
        if record_of_texts(zip(columns, ("1", unit), strict=True), notation)[columns[0]].is_known
    ]
    if notation.decimal == ",":
        return pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    return column.str.contains(PLAIN_NUMBER.pattern) & frame[columns[1]].is_in(units)
