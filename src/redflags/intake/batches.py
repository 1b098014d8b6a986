"""Batches of order lines as columns of text by field, and the cells in them that say nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from redflags.intake.headers import HeaderMap
from redflags.intake.misread import MisreadCells
from redflags.intake.notation import is_open
from redflags.intake.records import no_order_line, set_aside
from redflags.intake.report_rows import looked_at, maybe_no_orders, no_order
from redflags.intake.texts import field_texts, frame_texts
from redflags.model.fields import field_table
from redflags.model.notation import AS_WRITTEN, Notation, Notations
from redflags.model.record import COMPANION_COLUMNS, record_of_texts
from redflags.model.results import Misread, SetAside
from redflags.readers import Row, TextBatches
from redflags.reference import first_words_of_references
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

PLAIN_NUMBERS = {
    None: re.compile(r"^[1-9][0-9]{0,5}(?:[.,][0-9]{1,2})?$"),
    ".": re.compile(r"^[1-9](?:[0-9]{0,5}|[0-9]{0,2},[0-9]{3})(?:\.[0-9]{1,4})?$"),
    ",": re.compile(r"^[1-9](?:[0-9]{0,5}|[0-9]{0,2}\.[0-9]{3})(?:,[0-9]{1,4})?$"),
}
"""By the decimal mark: numbers that are understood beyond doubt, in front of a unit with which the
largest of them is."""

_LARGEST_PLAIN = "999999"

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
    for batch in source.batches(positions):
        texts = frame_texts(fields, batch.frame)
        rows, lines = batch.rows, batch.lines
        refused = [set_aside(source.name, one) for one in batch.refused]
        if looked and (no_orders := _no_orders(source.name, texts, rows, lines, looked)):
            refused = sorted([*refused, *no_orders.values()], key=lambda one: one.row)
            kept = ~pl.int_range(texts.height, eager=True).is_in(list(no_orders))
            texts, rows, lines = texts.filter(kept), rows.filter(kept), lines.filter(kept)
        frame = _numbered(texts.with_columns(constants))
        if header.answers is not None and only is None:
            keys = _order_numbers(frame, rows, source.name)
            frame = header.answers.lay_over_columns(frame, keys)
        yield OrderBatch(frame, rows, lines, tuple(refused), texts)


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
    does. Each text is read once; where nearly every row has a text of its own, those that are
    plain beyond doubt are not read at all. ``is_open`` becomes true when a text could be
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
        found: list[tuple[int, str, str, str]] = []
        order = {path: position for position, path in enumerate(batch.frame.columns)}
        for path in batch.frame.columns:
            kind = field_table()[path].kind
            if kind.name in NEVER_MISREAD:
                continue
            companion = COMPANION_COLUMNS.get(path)
            columns = [path] if companion not in order else [path, str(companion)]
            for row, written, why in self._misread(batch, columns, kind.name, until_open):
                found.append((row, path, written, why))
            if until_open and self.is_open:
                return
        found.sort(key=lambda one: (one[0], order[one[1]]))
        for row, path, written, why in found:
            column = self.header.column_of(path) or f"{path} (constant)"
            into.add(Misread(file=self.file, row=row, column=column, written=written, why=why))

    def _misread(
        self, batch: OrderBatch, columns: Sequence[str], kind: str, until_open: bool
    ) -> Iterator[tuple[int, str, str]]:
        """Row, text and reason of each cell of a column (with its unit's) not understood."""
        import polars as pl

        frame, path = batch.frame.select(columns), columns[0]
        if path not in self._has_many:
            self._has_many[path] = frame[path].n_unique() * MANY > frame.height
        if kind == "text":
            if self._has_many[path]:
                # Any text is understood but one that points elsewhere.
                frame = frame.filter(_may_point_elsewhere(frame[path]))
        elif self._has_many[path]:
            places = (~_is_plain(frame, columns, kind, self.notation)).arg_true()
            frame = frame[places]
        distinct = frame[path].unique() if len(columns) == 1 else frame.unique()
        known = self._reasons.setdefault(path, {})
        if len(known) > MOST_REMEMBERED:
            known.clear()
        texts = zip(distinct) if isinstance(distinct, pl.Series) else distinct.iter_rows()
        reasons: dict[tuple[str, ...], tuple[str, str]] = {}
        for cells in texts:
            if cells not in known:
                known[cells] = self._reason(columns, cells)
                if until_open and self.is_open:
                    return
            reason = known[cells]
            if reason is not None:
                reasons[cells] = reason
        if not reasons:
            return
        lost = pl.DataFrame(list(reasons), schema=dict.fromkeys(columns, pl.String), orient="row")
        rows = batch.frame.select(columns).with_columns(batch.rows.alias("row"))
        for cells in rows.join(lost, on=list(columns), how="semi").iter_rows():
            written, why = reasons[cells[:-1]]
            yield cells[-1], written, why

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


def _may_point_elsewhere(column: pl.Series) -> pl.Series:
    first = column.str.extract("^[^A-Za-z0-9]*([A-Za-z0-9]+)").str.to_lowercase()
    leads = list(first_words_of_references())
    return (column.str.len_chars() <= 100) & (
        first.is_in(leads).fill_null(False) | column.str.contains("[^ -~]")
    )


def _is_plain(
    frame: pl.DataFrame, columns: Sequence[str], kind: str, notation: Notation | Notations
) -> pl.Series:
    """Which cells of a column are understood beyond doubt, by their look."""
    import polars as pl

    column = frame[columns[0]]
    if kind == "date":
        return column.str.contains(f"{PLAIN['date'].pattern}|{PLAIN_DAY.pattern}")
    if kind in PLAIN:
        return column.str.contains(PLAIN[kind].pattern)
    if kind not in ("quantity", "money") or len(columns) == 1:
        return pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    units = [
        unit
        for unit in frame[columns[1]].unique()
        if record_of_texts(zip(columns, (_LARGEST_PLAIN, unit), strict=True), notation)[
            columns[0]
        ].is_known
    ]
    plain = PLAIN_NUMBERS[notation.of(columns[0]).decimal]
    return column.str.contains(plain.pattern) & frame[columns[1]].is_in(units)
