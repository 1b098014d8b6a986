"""Reading a table both ways, row by row and in batches, with a check that they agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from redflags.intake.names import is_known
from redflags.readers import Refused, Row, open_batches, open_table


class Read(NamedTuple):
    """What was read: the names, (row, line, cells) of each row, (row, line, reason) of each that
    was refused, and the notes."""

    header: tuple[str, ...]
    rows: list[tuple[int, int, tuple[str, ...]]]
    refused: list[tuple[int, int, str]]
    notes: tuple[str, ...]

    @property
    def cells(self) -> list[tuple[str, ...]]:
        """The cells of the rows."""
        return [row[2] for row in self.rows]


def read_both(source: Path | str, **options: Any) -> Read:
    """Read a source row by row and in batches of two rows."""
    rows = []
    refused = []
    with open_table(source, is_known=is_known, **options) as table:
        for one in table.rows():
            if isinstance(one, Row):
                rows.append((one.row, one.line, one.cells))
            else:
                assert isinstance(one, Refused)
                refused.append(tuple(one))
        notes = tuple(getattr(table, "notes", ()))
    assert table.row_count == len(rows) + len(refused)
    in_batches = []
    refused_in_batches = []
    with open_batches(source, is_known=is_known, batch_rows=2, **options) as batches:
        assert batches.header == table.header
        for batch in batches.batches(range(len(table.header))):
            in_batches += zip(batch.rows, batch.lines, batch.frame.iter_rows(), strict=True)
            refused_in_batches += [tuple(one) for one in batch.refused]
    assert in_batches == rows
    assert refused_in_batches == refused
    refused = [one[:3] for one in refused]
    assert (batches.sha256, batches.row_count) == (table.sha256, table.row_count)
    assert len(table.sha256) == 64
    return Read(table.header, rows, refused, notes)
