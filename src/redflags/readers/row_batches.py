"""A table that is read row by row as a table that is read in batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redflags.readers.batches import BATCH_ROWS, TextBatch, batch_of_rows
from redflags.readers.closing import Closing
from redflags.readers.csv_rows import Refused, Row
from redflags.readers.tables import TableSource

MOST_CHARACTERS = 1 << 25
"""Characters of the cells of one batch, about; a batch of long rows has fewer of them."""


class RowBatches(Closing):
    """Any table that is read row by row, in batches of columns."""

    is_regular = False

    def __init__(self, source: TableSource, *, batch_rows: int = BATCH_ROWS) -> None:
        self._source = source
        self._batch_rows = batch_rows
        self.name = source.name
        self.header = source.header
        self.encoding = source.encoding
        self.delimiter = source.delimiter
        self.counts_days = source.counts_days
        self.why_not = "the format is read row by row"

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found out about the source; complete with the last row."""
        return self._source.notes

    @property
    def sha256(self) -> str:
        """SHA-256 of what was read, in hexadecimal."""
        return self._source.sha256

    @property
    def row_count(self) -> int:
        """Data rows, those refused included."""
        return self._source.row_count

    @property
    def share_read(self) -> float:
        """Which share of the source is read, from 0 to 1; 0 where that cannot be told."""
        return float(getattr(self._source, "share_read", 0.0))

    def require(self, columns: Sequence[int]) -> None:
        """Raise :class:`~redflags.errors.InputError` if one of these columns is no text."""
        self._source.require(columns)

    def batches(self, columns: Sequence[int]) -> Iterator[TextBatch]:
        """The rows with the columns at these positions, in the order of the source."""
        rows: list[Row] = []
        refused: list[Refused] = []
        length = 0
        for row in self._source.rows():
            if isinstance(row, Row):
                rows.append(row)
                length += sum(map(len, row.cells))
            else:
                refused.append(row)
            if len(rows) + len(refused) >= self._batch_rows or length > MOST_CHARACTERS:
                yield batch_of_rows(rows, refused, columns)
                rows, refused, length = [], [], 0
        if rows or refused:
            yield batch_of_rows(rows, refused, columns)
        self.close()

    def close(self) -> None:
        """Close the source. Standard input stays open."""
        self._source.close()
