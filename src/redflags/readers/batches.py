"""Any table of text in batches of columns: what is proven regular fast, the rest row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Protocol, Self

from redflags.readers.blocks import BlockLines
from redflags.readers.closing import Closing
from redflags.readers.csv_cells import CellSplitter
from redflags.readers.csv_rows import CsvSource, Refused, Row
from redflags.readers.delimiters import stated_delimiter
from redflags.readers.formats import input_format, open_columns, open_rows
from redflags.readers.layout import HeaderRow
from redflags.readers.proof import can_be_proven, has_quotes, why_irregular
from redflags.readers.selection import DEFAULT, Selection

if TYPE_CHECKING:
    import polars

BATCH_ROWS: Final = 100_000
"""Rows of a batch. Larger ones are hardly faster and cost memory."""

_LARGEST_BLOCK: Final = 1 << 23
"""Bytes of the largest block: with those that are made of it memory holds several times as much."""

_SMALLEST_BLOCK: Final = 1 << 18
"""Bytes of the smallest block for which the fast reader is asked: about a thousand rows."""

_SPACE: Final = " \t\r\n\f\v"

_STAND_IN: Final = "\x1f"
"""What stands for a delimiter of several characters where the text has neither it nor quotes."""


@dataclass(frozen=True, slots=True)
class TextBatch:
    """Some rows of a table.

    ``frame`` has the wanted columns as text, named ``c`` and their position; an empty cell is the
    empty text and nothing is null. ``rows`` and ``lines`` (UInt32) say where each row stands, as
    :class:`~redflags.readers.Row` does. ``refused`` are the rows up to here, and after those of
    the batch before, that could not be split into their cells.
    """

    frame: polars.DataFrame
    rows: polars.Series
    lines: polars.Series
    refused: list[Refused] = field(default_factory=list)


class TextBatches(Protocol):
    """A table that is read in batches. ``sha256``, ``row_count`` (those refused included),
    ``is_regular`` and ``why_not`` are complete once :meth:`batches` is exhausted."""

    counts_days: bool
    """Whether a date may stand as a number, the number of days since 1900."""

    @property
    def name(self) -> str:
        """The source as the user gave it."""

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""

    @property
    def encoding(self) -> str:
        """The encoding of the text, or the name of the format where that decides it."""

    @property
    def delimiter(self) -> str:
        """The character between cells; empty where the format needs none."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found out about the source and not told by anyone, one sentence each."""

    @property
    def is_regular(self) -> bool:
        """Whether all that was read so far was fit for the fast reader."""

    @property
    def why_not(self) -> str:
        """Why something had to be read row by row, and where; empty if nothing had."""

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""

    @property
    def row_count(self) -> int:
        """Data rows."""

    @property
    def share_read(self) -> float:
        """Which share of the source is read, from 0 to 1; 0 while that cannot be told."""

    def require(self, columns: Sequence[int]) -> None:
        """Raise :class:`~redflags.errors.InputError` if one of these columns is no text."""

    def batches(self, columns: Sequence[int]) -> Iterator[TextBatch]:
        """The rows with the columns at these positions, in the order of the source.

        To be called once. Raises :class:`~redflags.errors.InputError` if the source breaks off.
        """

    def close(self) -> None:
        """Close the file. Standard input stays open."""

    def __enter__(self) -> Self:
        """The table itself; leaving the context closes it."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""


def open_batches(
    source: Path | str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    is_known: Callable[[str], bool] | None = None,
    selection: Selection = DEFAULT,
    batch_rows: int = BATCH_ROWS,
) -> TextBatches:
    """Open an input of any format and read the names of its columns.

    The options and errors are those of :func:`~redflags.readers.open_table`, whose cells, rows,
    lines and refusals the batches hold.
    """
    kind = input_format(source, selection)
    in_columns = open_columns(source, kind, batch_rows=batch_rows)
    if in_columns is not None:
        return in_columns
    in_rows = open_rows(source, kind, encoding=encoding, is_known=is_known, selection=selection)
    if in_rows is not None:
        from redflags.readers.row_batches import RowBatches

        return RowBatches(in_rows, batch_rows=batch_rows)
    return CsvBatches(
        source,
        encoding=encoding,
        delimiter=stated_delimiter(delimiter),
        is_known=is_known,
        header_row=selection.header_row,
        batch_rows=batch_rows,
    )


class CsvBatches(Closing):
    """A CSV file in batches, in one pass over its bytes.

    The file is taken in blocks of whole lines. A block that is proven regular goes to the fast
    reader; of any other a smaller one is tried, so that a stray quote costs the few rows around
    it and not the file. What stays doubtful goes row by row.
    """

    def __init__(
        self,
        source: Path | str,
        *,
        encoding: str | None,
        delimiter: str | None,
        is_known: Callable[[str], bool] | None,
        header_row: HeaderRow = None,
        batch_rows: int = BATCH_ROWS,
        smallest_block: int = _SMALLEST_BLOCK,
    ) -> None:
        """Open the source and read its header; errors as in :func:`open_batches`."""
        self._lines = BlockLines(source, encoding=encoding, is_known=is_known)
        self._source = CsvSource(
            source,
            encoding=encoding,
            delimiter=delimiter,
            is_known=is_known,
            header_row=header_row,
            lines=self._lines,
        )
        self._batch_rows = batch_rows
        self._smallest = smallest_block
        self._is_at_end = False
        self._size = 0 if str(source) == "-" else Path(source).stat().st_size
        self.name = self._source.name
        self.header = self._source.header
        self.header_row = self._source.header_row
        self.delimiter = self._source.delimiter
        layout = self._source.layout
        self._width = len(self.header) + layout.extra
        self._mark = _STAND_IN if len(self.delimiter) > 1 else self.delimiter
        self._has_escapes = layout.escapes
        self._sign, self._sign_text = self._sign_of_header()
        self.why_not = ""
        if not self._lines.has_blocks:
            self.why_not = f"{self.encoding} without line feeds is read row by row"
        elif layout.unwraps:
            self.why_not = "rows stand in quotes as a whole"
        elif not can_be_proven(self._mark, self._width):
            self.why_not = "there is one column only, or a rare delimiter"
        self._has_fast_reader = not self.why_not

    @property
    def encoding(self) -> str:
        """The encoding of the text, settled with the last row; see :attr:`CsvSource.encoding`."""
        return self._source.encoding

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found out about the file and not told by anyone; complete with the last row."""
        return self._source.notes

    @property
    def is_regular(self) -> bool:
        """Whether all that was read so far was fit for the fast reader."""
        return not self.why_not

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        return self._lines.sha256

    @property
    def row_count(self) -> int:
        """Data rows, those refused included."""
        return self._source.row_count

    @property
    def share_read(self) -> float:
        """Which share of the file is read, from 0 to 1; 0 for standard input."""
        return min(self._lines.position / self._size, 1.0) if self._size else 0.0

    def require(self, columns: Sequence[int]) -> None:
        """Every column of a CSV file is text."""

    def close(self) -> None:
        """Close the file. Standard input stays open."""
        self._source.close()

    def batches(self, columns: Sequence[int]) -> Iterator[TextBatch]:
        """The rows with the columns at these positions, in the order of the file."""
        held: list[TextBatch] = []
        height = 0
        for piece in self._pieces(columns):
            held.append(piece)
            height += len(piece.rows)
            if height >= self._batch_rows or len(held) > 1_000:
                whole = _joined(held)
                # What is more than full batches waits for the next pieces.
                rest = height % self._batch_rows if height > self._batch_rows else 0
                yield from _cut(_part(whole, 0, height - rest), self._batch_rows)
                held, height = ([_part(whole, height - rest, rest)] if rest else []), rest
        if held:
            yield from _cut(_joined(held), self._batch_rows)
        self.close()

    def _pieces(self, columns: Sequence[int]) -> Iterator[TextBatch]:
        lines = self._lines
        if not self._has_fast_reader:
            yield from self._by_rows(columns, None)
            return
        size = self._smallest * 16
        while not self._is_at_end:
            block = lines.block(size) if self._source.is_between_rows else b""
            if block:
                text = _as_utf8(block, lines.encoding)
                doubt = self._doubt(text)
                if not doubt:
                    table = self._table(text)
                    last = f"c{self._width - 1}"
                    chosen = [self._sign, "c0", last, *(f"c{one}" for one in columns)]
                    frame = table.select(list(dict.fromkeys(chosen))).collect()
                    if b"\r" in text and frame[last].str.contains("\r", literal=True).any():
                        doubt = "a carriage return that is no line end"
                if not doubt:
                    doubt = self._doubt_within(frame, table)
                if not doubt:
                    lines.take(len(block))
                    piece, read = self._fast(frame, table, columns, len(text))
                    yield piece
                    # As many bytes as a batch has, now that it is known how long a line is.
                    enough = min(len(text) // read * self._batch_rows, _LARGEST_BLOCK)
                    size = min(size * 4, max(enough, self._smallest))
                    continue
                self.why_not = self.why_not or self._place(doubt)
                if len(block) > self._smallest:
                    size = max(len(block) // 4, self._smallest)
                    continue
            for piece in self._by_rows(columns, lines.position + max(len(block), 1)):
                self.why_not = self.why_not or self._place("old line ends, or a very long line")
                yield piece

    def _place(self, doubt: str) -> str:
        return f"{doubt}, at or after row {self._source.row + 1}"

    def _doubt(self, text: bytes) -> str:
        if not text:
            return f"bytes that are not {self.encoding.upper()}"
        if self._has_escapes and b"\\" in text:
            return "a backslash before a mark"
        if len(self.delimiter) > 1:
            stand_in = self._mark.encode()
            if b'"' in text or stand_in in text:
                return "a quote in a file with a delimiter of several characters"
            text = text.replace(self.delimiter.encode(), stand_in)
        return why_irregular(text, self._mark, self._width)

    def _table(self, text: bytes) -> polars.LazyFrame:
        """A regular block as the fast reader reads it."""
        import polars

        if len(self.delimiter) > 1:
            text = text.replace(self.delimiter.encode(), self._mark.encode())
        names = [f"c{position}" for position in range(self._width)]
        # With a line in front, no block is mistaken for something else by its first bytes.
        return polars.scan_csv(
            (self._mark.join(names) + "\n").encode() + text,
            separator=self._mark,
            quote_char='"' if has_quotes(text) else None,
            schema=dict.fromkeys(names, polars.String),
            empty_string_is_null=False,
        )

    def _sign_of_header(self) -> tuple[str, str]:
        """A column whose text, as in the header, says that a row may repeat the header; the text
        is empty if none can."""
        splitter = CellSplitter(self.delimiter)
        splitter.feed(self._source.header_line, "")
        for position, text in enumerate(splitter.cells[: self._width]):
            if text:
                return f"c{position}", text
        return "c0", ""

    def _doubt_within(self, frame: polars.DataFrame, table: polars.LazyFrame) -> str:
        """What the cells of a regular block say against it: the names of the columns once more,
        or something beyond the last column, where all cells have to be empty."""
        if self._sign_text and (frame[self._sign] == self._sign_text).any():
            return "perhaps the names of the columns once more"
        if self._width == len(self.header):
            return ""
        import polars

        beyond = [f"c{position}" for position in range(len(self.header), self._width)]
        filled = table.select((polars.col(beyond).str.strip_chars(_SPACE) != "").any())
        return "a cell beyond the last column" if any(filled.collect().row(0)) else ""

    def _fast(
        self,
        frame: polars.DataFrame,
        table: polars.LazyFrame,
        columns: Sequence[int],
        size: int,
    ) -> tuple[TextBatch, int]:
        """The rows of a regular block of ``size`` bytes, and how many lines it had."""
        import polars

        wanted = [f"c{position}" for position in columns]
        blank = _blank(frame)
        if blank.any():
            everything = table.select(
                polars.all_horizontal(polars.all().str.strip_chars(_SPACE) == "").alias("blank")
            )
            blank = everything.collect()["blank"]
        count = frame.height
        row, line = self._source.pass_over(count, int(blank.sum()), size)
        rows = polars.int_range(row, row + count, dtype=polars.UInt32, eager=True)
        lines = polars.int_range(line, line + count, dtype=polars.UInt32, eager=True)
        if blank.any():
            frame, rows, lines = frame.filter(~blank), rows.filter(~blank), lines.filter(~blank)
        return TextBatch(frame.select(wanted), rows, lines), count

    def _by_rows(self, columns: Sequence[int], until: int | None) -> Iterator[TextBatch]:
        """Read row by row up to a position in the bytes, or to the end."""
        rows: list[Row] = []
        refused: list[Refused] = []
        self._is_at_end = True
        for row in self._source.rows():
            if isinstance(row, Row):
                rows.append(row)
            else:
                refused.append(row)
            if len(rows) + len(refused) >= self._batch_rows:
                yield batch_of_rows(rows, refused, columns)
                rows, refused = [], []
            if (
                until is not None
                and self._lines.position >= until
                and self._source.is_between_rows
                and self._lines.is_between_lines
            ):
                self._is_at_end = False
                break
        if rows or refused:
            yield batch_of_rows(rows, refused, columns)


def _as_utf8(block: bytes, encoding: str) -> bytes:
    """A block as UTF-8 text with a last line end; empty if it is not of its encoding."""
    if not block.endswith(b"\n"):
        block += b"\n"
    if block.isascii():
        return block
    try:
        if encoding == "utf-8":
            _check_utf8(block)
            return block
        return block.decode(encoding).encode("utf-8")
    except UnicodeError:
        return b""


def _check_utf8(block: bytes) -> None:
    """Raise ``UnicodeError`` for bytes that are not UTF-8, without making a text of them, which
    could take four times the memory."""
    import polars

    try:
        polars.Series([block], dtype=polars.Binary).cast(polars.String)
    except polars.exceptions.PolarsError as error:
        raise UnicodeError("not UTF-8") from error


def _blank(frame: polars.DataFrame) -> polars.Series:
    """Which rows have nothing in any of these columns."""
    import polars

    blank = frame.select(polars.col("c0").str.strip_chars(_SPACE) == "").to_series()
    if not blank.any():
        return blank
    return frame.select(
        polars.all_horizontal(polars.all().str.strip_chars(_SPACE) == "")
    ).to_series()


def batch_of_rows(rows: list[Row], refused: list[Refused], columns: Sequence[int]) -> TextBatch:
    """Some rows as a batch of the columns at these positions."""
    import polars

    by_column = list(zip(*(row.cells for row in rows), strict=True)) if rows else []
    return TextBatch(
        polars.DataFrame(
            {
                f"c{position}": polars.Series(
                    by_column[position] if rows else (), dtype=polars.String
                )
                for position in columns
            }
        ),
        polars.Series([row.row for row in rows], dtype=polars.UInt32),
        polars.Series([row.line for row in rows], dtype=polars.UInt32),
        refused,
    )


def _joined(pieces: list[TextBatch]) -> TextBatch:
    import polars

    if len(pieces) == 1:
        return pieces[0]
    return TextBatch(
        polars.concat([piece.frame for piece in pieces]),
        polars.concat([piece.rows for piece in pieces]),
        polars.concat([piece.lines for piece in pieces]),
        [one for piece in pieces for one in piece.refused],
    )


def _part(batch: TextBatch, start: int, count: int) -> TextBatch:
    """Some rows of a batch; what was refused is with the first."""
    return TextBatch(
        batch.frame.slice(start, count),
        batch.rows.slice(start, count),
        batch.lines.slice(start, count),
        [] if start else batch.refused,
    )


def _cut(batch: TextBatch, most: int) -> Iterator[TextBatch]:
    """A batch in parts of at most ``most`` rows, what was refused being with the first."""
    for start in range(0, max(len(batch.rows), 1), most):
        yield _part(batch, start, most)
