"""Batches of order lines as columns of text by field, and the cells in them that say nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from redflags.intake.continuation import ContinuedOrders, may_continue
from redflags.intake.headers import HeaderMap
from redflags.intake.misread import KEPT, MisreadCells
from redflags.intake.notation import PLAIN_NUMBERS, is_open
from redflags.intake.records import no_order_line, set_aside
from redflags.intake.report_rows import looked_at, maybe_no_orders, no_order
from redflags.intake.texts import field_texts, frame_texts
from redflags.model.fields import field_table
from redflags.model.kind import LONGEST_TEXT
from redflags.model.notation import AS_WRITTEN, Notation, Notations
from redflags.model.record import COMPANION_COLUMNS, record_of_texts
from redflags.model.results import Misread, SetAside
from redflags.readers import Row, TextBatches
from redflags.reference import first_words_of_references
from redflags.values.text import fold
from redflags.values.understood import ABSENT

if TYPE_CHECKING:
    import polars as pl

NEVER_MISREAD = frozenset({"identifier", "phone", "names"})
"""Kinds whose parser understands every text, or finds that nothing is stated."""

PLAIN = {
    "date": re.compile(r"^(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])$"),
    "email": re.compile(r"^[a-z0-9][a-z0-9_-]*@[a-z0-9][a-z0-9-]*[a-z0-9]\.[a-z]{2,10}$"),
    "name": re.compile(r"^[A-Za-z0-9 .,&-]{0,40}[A-Za-z]{2}[A-Za-z0-9 .,&-]{0,60}$"),
}
"""Texts of a kind that are understood, or say nothing, beyond doubt, as patterns that Python and
Polars both know: they spare the parser where nearly every row has a text of its own."""

PLAIN_DAY = re.compile(r"^(?:0[1-9]|1[0-9]|2[0-8])\.(?:0[1-9]|1[0-2])\.(?:19|20)[0-9]{2}$")
"""Days with points that are understood whichever of day and month comes first."""

_LARGEST_PLAIN = "999999"
_OWN_UNIT = r" ?([^ \t\d.,'’()+/-]{1,12})$"
"""A unit behind a number in one cell, in place of the end of a pattern of numbers."""

_LONGEST_WORD = 200

MOST_REMEMBERED = 200_000
"""Texts of a column that are remembered between batches."""

MANY = 10
"""A column has many texts where more than one row in this many has a text of its own."""


@dataclass(frozen=True, slots=True)
class OrderBatch:
    """Some order lines: a text column for each field that is given, named by its path."""

    frame: pl.DataFrame
    rows: pl.Series
    lines: pl.Series
    set_aside: tuple[SetAside, ...]
    cells: pl.DataFrame
    """The fields that the input itself states, without constants and answers."""
    read: pl.DataFrame
    """As ``cells``, with the rows that are no orders, too: all of them settle the notation."""
    read_rows: pl.Series
    continued: int = 0
    """How many of the lines continue the order above them."""


def order_batches(
    source: TextBatches, header: HeaderMap, only: Collection[str] | None = None
) -> Iterator[OrderBatch]:
    """The batches of a source with its columns named by field, constants included; ``only`` some
    of the fields."""
    import polars as pl

    fields = [one for one in field_texts(header) if only is None or one.path in only]
    positions = sorted({place for one in fields for place in one.positions})
    constants = [pl.lit(text).alias(path) for path, text in header.constants.items()]
    looked = looked_at([one.path for one in fields]) if only is None else ()
    carries = only is None and may_continue(source)
    orders = ContinuedOrders([one.path for one in fields] if carries else ())
    for batch in source.batches(positions):
        texts = frame_texts(fields, batch.frame)
        read, rows, lines = texts, batch.rows, batch.lines
        refused = [set_aside(source.name, one) for one in batch.refused]
        if looked and (no_orders := _no_orders(source.name, texts, rows, lines, looked)):
            refused = sorted([*refused, *no_orders.values()], key=lambda one: one.row)
            kept = ~pl.int_range(texts.height, eager=True).is_in(list(no_orders))
            texts, rows, lines = texts.filter(kept), rows.filter(kept), lines.filter(kept)
        before, texts = orders.count, orders.frame(texts, rows)
        frame = _numbered(texts.with_columns(constants))
        if header.answers is not None and only is None:
            keys = _order_numbers(frame, rows, source.name)
            frame = header.answers.lay_over_columns(frame, keys)
        yield OrderBatch(
            frame,
            rows,
            lines,
            tuple(refused),
            texts,
            read,
            batch.rows,
            orders.count - before,
        )


def _no_orders(
    file: str, texts: pl.DataFrame, rows: pl.Series, lines: pl.Series, looked: Sequence[str]
) -> dict[int, SetAside]:
    """The rows of a batch that are totals or remarks, by their places in it."""
    found: dict[int, SetAside] = {}
    maybe = maybe_no_orders(texts, looked)
    for place, cells in zip(maybe.to_list(), texts[maybe].iter_rows(), strict=True):
        reason = no_order(dict(zip(texts.columns, cells, strict=True)), looked)
        if reason:
            row = Row(rows[place], lines[place], cells)
            found[place] = no_order_line(file, row, reason, cells)
    return found


def _order_numbers(frame: pl.DataFrame, rows: pl.Series, file: str) -> pl.Series:
    """The order number of each line; a line without one is an order of its own, file:row."""
    import polars as pl

    own = pl.select(pl.concat_str(pl.lit(f"{file}:"), rows.cast(pl.String))).to_series()
    if "order_id" not in frame.columns:
        return own
    numbers = frame["order_id"].str.strip_chars()
    return pl.select(pl.when(numbers == "").then(own).otherwise(numbers)).to_series()


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """The batch with blank order numbers where the cell says that there is none, such as “n/a”:
    those lines are no one order."""
    import polars as pl

    if "order_id" not in frame.columns:
        return frame
    kind = field_table()["order_id"].kind
    column = frame["order_id"]
    # No phrase for what is missing has a figure in it other than a nought.
    doubtful = column.filter(~column.str.contains("[1-9]")).unique()
    blank = [text for text in doubtful if text.strip() and kind.parse(text).is_blank]
    if not blank:
        return frame
    emptied = (
        pl.when(pl.col("order_id").is_in(blank)).then(pl.lit("")).otherwise(pl.col("order_id"))
    )
    return frame.with_columns(emptied.alias("order_id"))


@dataclass(slots=True)
class MisreadSearch:
    """Finds the cells of a source that are given but not understood, as the row-by-row intake
    does. Each text is read once, and those that are plain beyond doubt are not read at all: of the
    different texts of a column, or of all its cells where nearly every row has a text of its own.
    ``is_open`` becomes true when a text could be
    understood if the notation of its column were known; without ``seeks_open`` nobody asks."""

    header: HeaderMap
    file: str
    notation: Notation | Notations = AS_WRITTEN
    is_open: bool = False
    seeks_open: bool = True
    _reasons: dict[str, dict[tuple[str, ...], tuple[str, str] | None]] = field(default_factory=dict)
    _has_many: dict[str, bool] = field(default_factory=dict)

    def note(self, batch: OrderBatch, into: MisreadCells, *, until_open: bool = False) -> None:
        """Add the cells of a batch that are not understood; none if ``until_open`` and one of
        them is open."""
        if batch.frame.is_empty():
            return
        present = set(batch.frame.columns)
        found: list[tuple[str, _Lost]] = []
        for path in batch.frame.columns:
            kind = field_table()[path].kind
            if kind.name in NEVER_MISREAD:
                continue
            companion = COMPANION_COLUMNS.get(path)
            columns = [path] if companion not in present else [path, str(companion)]
            lost = self._misread(batch, columns, kind.name, until_open)
            if until_open and self.is_open:
                return
            if lost is not None:
                found.append((self.header.column_of(path) or f"{path} (constant)", lost))
        if into.wants_places and found:
            into.first += self._first_cells(found, KEPT - len(into.first))
        for column, lost in found:
            into.count_texts(column, lost.counted())

    def _first_cells(self, found: Sequence[tuple[str, _Lost]], most: int) -> Iterator[Misread]:
        """The first cells of a batch that are not understood, by row and then by column."""
        places = [
            (row, number, code)
            for number, (_, lost) in enumerate(found)
            for row, code in lost.cells.head(most).iter_rows()
        ]
        for row, number, code in sorted(places)[:most]:
            column, lost = found[number]
            written, why = lost.reasons[code]
            yield Misread(file=self.file, row=row, column=column, written=written, why=why)

    def _misread(
        self, batch: OrderBatch, columns: Sequence[str], kind: str, until_open: bool
    ) -> _Lost | None:
        """The cells of a column (with its unit's) that are not understood; None if there are
        none."""
        import polars as pl

        frame, path, rows = batch.frame[list(columns)], columns[0], batch.rows
        if path not in self._has_many:
            self._has_many[path] = frame[path].n_unique() * MANY > frame.height
        if self._has_many[path]:
            doubtful = _doubtful(frame, columns, kind, self.notation)
            if doubtful is not None:
                if not doubtful.any():
                    return None
                places = doubtful.arg_true()
                frame, rows = frame[places], rows.gather(places)
        # Of one column alone this takes a third of the time that it takes of a frame.
        distinct = frame.unique() if len(columns) > 1 else frame[path].unique().to_frame()
        if not self._has_many[path]:
            doubtful = _doubtful(distinct, columns, kind, self.notation)
            if doubtful is not None:
                distinct = distinct.filter(doubtful)
            if distinct.is_empty():
                return None
        if len(columns) == 1 and kind == "text":
            distinct = distinct.filter(_may_be_no_text(distinct[path]))
        known = self._reasons.setdefault(path, {})
        if len(known) > MOST_REMEMBERED:
            known.clear()
        reasons: dict[tuple[str, ...], tuple[str, str]] = {}
        for cells in distinct.iter_rows():
            if cells not in known:
                known[cells] = self._reason(columns, cells)
                if until_open and self.is_open:
                    return None
            reason = known[cells]
            if reason is not None:
                reasons[cells] = reason
        if not reasons:
            return None
        lost = pl.DataFrame(
            list(reasons), schema=dict.fromkeys(columns, pl.String), orient="row"
        ).with_row_index("code")
        lost_cells = frame.with_columns(rows.alias("row")).join(
            lost, on=list(columns), how="inner", maintain_order="left"
        )
        return _Lost(lost_cells.select("row", "code"), tuple(reasons.values()))

    def _reason(self, columns: Sequence[str], cells: tuple[str, ...]) -> tuple[str, str] | None:
        path = columns[0]
        record = record_of_texts(zip(columns, cells, strict=True), self.notation)
        if not record.states(path):
            return None
        if self.seeks_open and not self.is_open:
            self.is_open = is_open(columns, cells, self.notation)
        understood = record[path]
        if understood.value is not None or understood.is_blank or understood is ABSENT:
            return None
        return understood.written, understood.why


@dataclass(frozen=True, slots=True)
class _Lost:
    """The cells of one column that are not understood: the row of each, in order, and the place in
    ``reasons`` of its text and why it is not understood."""

    cells: pl.DataFrame
    reasons: tuple[tuple[str, str], ...]

    def counted(self) -> Iterator[tuple[str, int]]:
        """Each text with the number of its cells, by its first row."""
        counts = self.cells.group_by("code", maintain_order=True).len()
        for code, count in counts.iter_rows():
            yield self.reasons[code][0], count


def _may_be_no_text(texts: pl.Series) -> pl.Series:
    """Which of different texts may not be understood: those that begin as one that points
    elsewhere, and what is too long for a text."""
    words = texts.str.extract(r"^\s*(\S+)").fill_null("")
    leading = [word for word in words.unique() if _may_lead(word)]
    return words.is_in(leading) | (texts.str.len_bytes() > LONGEST_TEXT)


@lru_cache(maxsize=65_536)
def _may_lead(word: str) -> bool:
    """Whether a text that begins with this word may point elsewhere."""
    parts = fold(word[:_LONGEST_WORD]).split()
    return not parts or parts[0] in first_words_of_references()


def _doubtful(
    frame: pl.DataFrame, columns: Sequence[str], kind: str, notation: Notation | Notations
) -> pl.Series | None:
    """Which cells of a column are not understood beyond doubt by their look; None if none is."""
    column = frame[columns[0]]
    if kind == "date":
        return ~column.str.contains(f"{PLAIN['date'].pattern}|{PLAIN_DAY.pattern}")
    if kind in PLAIN:
        return ~column.str.contains(PLAIN[kind].pattern)
    if kind not in ("quantity", "money"):
        return None
    return ~_is_plain_amount(frame, columns, notation)


def _is_plain_amount(
    frame: pl.DataFrame, columns: Sequence[str], notation: Notation | Notations
) -> pl.Series:
    """Which amounts are a plain number with a unit that is known, in its own cell or beside it."""
    import polars as pl

    column = frame[columns[0]]
    number = PLAIN_NUMBERS[notation.of(columns[0]).decimal].pattern
    is_bare = column.str.contains(number)
    units = frame.with_columns(pl.lit("").alias(columns[0]))
    plain = is_bare if len(columns) > 1 else pl.repeat(False, frame.height, eager=True)
    plain &= _have_known_units(units, columns, notation)
    others = (~is_bare).arg_true()
    own = column.gather(others).str.extract(number.replace("$", _OWN_UNIT))
    units = units[others].with_columns(own.alias(columns[0]))
    found = _have_known_units(units, columns, notation) & own.is_not_null()
    return plain.scatter(others.filter(found), True)


def _have_known_units(
    frame: pl.DataFrame, columns: Sequence[str], notation: Notation | Notations
) -> pl.Series:
    """In which rows an amount with its own unit, and the one beside it, is understood."""
    import polars as pl

    distinct = frame.select(columns).unique()
    known = [
        record_of_texts(
            zip(columns, (f"{_LARGEST_PLAIN} {units[0] or ''}".strip(), *units[1:]), strict=True),
            notation,
        )[columns[0]].is_known
        for units in distinct.iter_rows()
    ]
    table = distinct.with_columns(pl.Series("\0known", known, dtype=pl.Boolean))
    found = frame.join(table, on=list(columns), how="left", nulls_equal=True, maintain_order="left")
    return found["\0known"]
