"""Files of typed columns as columns and rows of text: every value exactly, nothing rounded."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from redflags.errors import InputError
from redflags.readers.batches import BATCH_ROWS, TextBatch
from redflags.readers.closing import Closing
from redflags.readers.column_probe import refuse_deadly
from redflags.readers.column_texts import as_text, frames_of, height_of, scanned
from redflags.readers.csv_rows import Row
from redflags.readers.text_lines import unreadable

if TYPE_CHECKING:
    import polars

_START: Final = 8
"""Bytes that tell the format."""


class ColumnFile(Closing):
    """An open file of typed columns, in batches of columns or row by row.

    Row numbers count as if the names of the columns were row 1; the line is the row. An integer
    or decimal number is written in full; a date, and a time at midnight, as 2015-07-01; any other
    time in ISO 8601; a truth value as yes or no; an empty value and a float that is no number as
    an empty cell. Columns of lists and of groups are no text: using one is an error.
    """

    encoding: str
    """The name of the format."""
    title: str
    """The format in messages."""
    delimiter = ""
    is_regular = True
    why_not = ""

    def __init__(self, source: Path | str, *, batch_rows: int = BATCH_ROWS) -> None:
        """Open the file and read the names of its columns.

        Raises :class:`InputError` if it cannot be opened or is of another format.
        """
        import polars

        self.name = str(source)
        self.notes: tuple[str, ...] = ()
        self._path = Path(source)
        self._batch_rows = batch_rows
        self.sha256 = ""
        self.row_count = 0
        try:
            with self._path.open("rb") as stream:
                start = stream.read(_START)
            kind = self._kind(start)
            refuse_deadly(self._path, self.name, kind)
            self._table = scanned(str(self._path), kind)
            self._schema = self._table.collect_schema()
            self._height = height_of(self._table)
        except (OSError, ValueError) as error:
            raise unreadable(self.name, error) from error
        except (polars.exceptions.PolarsError, polars.exceptions.PanicException) as error:
            raise self._broken(error) from error
        self._names = self._schema.names()
        self._required: set[int] = set()
        self.header = tuple(name.strip() for name in self._names)
        if not self.header:
            raise InputError(self.name, "the file has no columns", remedy="give one with columns")

    @property
    def share_read(self) -> float:
        """Which share of the file is read, from 0 to 1."""
        return self.row_count / self._height if self._height else 0.0

    @abstractmethod
    def _kind(self, start: bytes) -> str:
        """What :func:`~redflags.readers.column_texts.scanned` calls it. Raises
        :class:`InputError` if its first bytes say that it is of another format."""

    def _not_this(self, remedy: str = "name the file as what it is") -> InputError:
        return InputError(self.name, f"not {self.title} file", remedy=remedy)

    def require(self, columns: Sequence[int]) -> None:
        """Raise :class:`InputError` if one of these columns holds what is no text."""
        self._required.update(columns)
        for position in columns:
            if as_text(self._names[position], self._schema[self._names[position]]) is None:
                raise InputError(
                    self.name,
                    "each cell of this column holds several values",
                    remedy="write its values as one text, or leave it out by another name",
                    column=self._names[position][:80],
                )

    def batches(self, columns: Sequence[int]) -> Iterator[TextBatch]:
        """The rows with the columns at these positions, in the order of the file.

        Raises :class:`InputError` for a column that is no text and for a damaged file.
        """
        import polars

        self.require(columns)
        first = 2
        for frame in self._frames(columns):
            rows = polars.int_range(first, first + frame.height, dtype=polars.UInt32, eager=True)
            wanted = frame.select([f"c{position}" for position in columns])
            first += frame.height
            self.row_count += frame.height
            yield TextBatch(wanted, rows, rows)
        self._hash()

    def rows(self) -> Iterator[Row]:
        """Every row with all its cells; those of a column that is no text are empty.

        Raises :class:`InputError` for a damaged file.
        """
        for frame in self._frames(range(len(self.header))):
            for cells in frame.drop("row").iter_rows():
                self.row_count += 1
                yield Row(self.row_count + 1, self.row_count + 1, cells)
        self._hash()

    def _frames(self, columns: Sequence[int]) -> Iterator[polars.DataFrame]:
        """The columns as text in frames of some rows, with a column ``row`` beside them."""
        import polars

        chosen = []
        floats = []
        for position in dict.fromkeys(columns):
            name = self._names[position]
            if self._schema[name].is_float():
                floats.append(f"c{position}")
            # Bytes that are no text matter only where they are to be a field.
            is_needed = not self._required or position in self._required
            text = as_text(name, self._schema[name], is_needed=is_needed)
            chosen.append(
                (polars.lit("") if text is None else text.fill_null("")).alias(f"c{position}")
            )
        try:
            for frame in frames_of(self._table, chosen, self._batch_rows):
                yield _without_exponents(frame, floats)
        except (polars.exceptions.PolarsError, polars.exceptions.PanicException) as error:
            self._refuse_bytes()
            raise self._broken(error) from error
        except OSError as error:
            raise unreadable(self.name, error) from error

    def _refuse_bytes(self) -> None:
        """Raise :class:`InputError` if a column that is needed holds bytes that are no text."""
        import polars

        for position in sorted(self._required) or range(len(self._names)):
            name = self._names[position]
            if self._schema[name] != polars.Binary:
                continue
            try:
                cells = self._table.select(name).collect()[name]
            except (polars.exceptions.PolarsError, polars.exceptions.PanicException):
                continue  # damaged: not what is looked for here
            odd = next((row for row, cell in enumerate(cells) if cell and not _is_text(cell)), None)
            if odd is not None:
                raise InputError(
                    self.name,
                    "a cell of this column holds bytes that are no UTF-8 text",
                    remedy="write the column as text, or leave it out by another name",
                    row=odd + 2,
                    column=name[:80],
                )

    def _hash(self) -> None:
        try:
            with self._path.open("rb") as stream:
                self.sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise unreadable(self.name, error) from error

    def _broken(self, error: Exception) -> InputError:
        reason = " ".join(str(error).split())[:200]
        return InputError(
            self.name, f"{self.title} file that cannot be read: {reason}", remedy="export it again"
        )

    def close(self) -> None:
        """Nothing stays open between reads; here so that every source can be closed."""


def _is_text(cell: bytes) -> bool:
    try:
        cell.decode()
    except UnicodeDecodeError:
        return False
    return True


def _without_exponents(frame: polars.DataFrame, numbers: Sequence[str]) -> polars.DataFrame:
    """Floats that are written with an exponent, very large and very small ones, in full."""
    import polars

    for name in numbers:
        odd = frame[name].str.contains("e", literal=True)
        if odd.any():
            texts = frame[name].to_list()
            full = [_in_full(text) if "e" in text else text for text in texts]
            frame = frame.with_columns(polars.Series(name, full, dtype=polars.String))
    return frame


def _in_full(text: str) -> str:
    return f"{Decimal(text):f}"
