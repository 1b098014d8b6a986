"""Opening a file of orders: the reader and the fields of its columns together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, cast

from redflags.errors import InputError
from redflags.intake.content import SAMPLE_ROWS
from redflags.intake.headers import HeaderMap, map_headers
from redflags.intake.mapping import Mapping
from redflags.intake.names import is_known
from redflags.intake.resolution import Samples
from redflags.readers import (
    Refused,
    Row,
    Selection,
    TableSource,
    TextBatches,
    open_batches,
    open_table,
)
from redflags.readers.closing import Closing
from redflags.readers.formats import is_database
from redflags.readers.selection import DEFAULT


def open_orders(
    source: Path | str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    mapping: Mapping | None = None,
    must_have: bool = True,
    selection: Selection = DEFAULT,
) -> tuple[TableSource, HeaderMap]:
    """Open an input of orders, of any format that :func:`~redflags.readers.open_table` reads, and
    map its header, to be read row by row. ``must_have`` is false for a table of which no column
    need be a field.

    Raises :class:`~redflags.errors.InputError` if it cannot be read as a table of orders, and
    :class:`~redflags.errors.ConfigurationError` for an impossible encoding or delimiter and for a
    mapping that does not fit.
    """
    opened = open_table(
        source,
        encoding=encoding,
        delimiter=delimiter,
        is_known=_names(mapping),
        selection=selection,
    )
    peeked = _Peeked(opened)
    # It has all that an open table has, most of it by handing on.
    return cast(TableSource, peeked), _mapped(opened, mapping, peeked.sample, must_have)


def open_order_batches(
    source: Path | str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    mapping: Mapping | None = None,
    selection: Selection = DEFAULT,
) -> tuple[TextBatches, HeaderMap]:
    """As :func:`open_orders`, to be read in batches of columns."""
    opened = open_batches(
        source,
        encoding=encoding,
        delimiter=delimiter,
        is_known=_names(mapping),
        selection=selection,
    )

    def sample() -> dict[int, list[str]]:
        # What can be read only once, such as a pipe, has no sample here: what its names leave open
        # stays open.
        if not is_database(source) and not Path(source).is_file():
            return {}
        try:
            with open_table(
                source,
                encoding=encoding,
                delimiter=delimiter,
                is_known=_names(mapping),
                selection=selection,
            ) as table:
                return _cells(islice(table.rows(), SAMPLE_ROWS))
        except InputError:
            return {}  # whoever reads the file for its rows says what is wrong with it

    return opened, _mapped(opened, mapping, sample)


class _Peeked(Closing):
    """An open table of which some rows can be looked at before they are read."""

    def __init__(self, table: TableSource) -> None:
        self._table = table
        self.counts_days = table.counts_days
        self._rows: Iterator[Row | Refused] | None = None
        self._ahead: list[Row | Refused] = []

    def sample(self) -> dict[int, list[str]]:
        """The first cells of each column, by position."""
        if self._rows is None:
            self._rows = iter(self._table.rows())
            self._ahead = list(islice(self._rows, SAMPLE_ROWS))
        return _cells(self._ahead)

    def rows(self) -> Iterator[Row | Refused]:
        """Every data row in the order of the file."""
        rows = iter(self._table.rows()) if self._rows is None else self._rows
        yield from self._ahead
        self._ahead = []
        yield from rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)

    def close(self) -> None:
        """Close the table beneath."""
        self._table.close()


def _cells(rows: Iterator[Row | Refused] | list[Row | Refused]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in rows:
        if isinstance(row, Row):
            for position, cell in enumerate(row.cells):
                found.setdefault(position, []).append(cell)
    return found


def _names(mapping: Mapping | None) -> Callable[[str], bool]:
    if mapping is None:
        return is_known
    return lambda name: is_known(name) or mapping.is_known(name)


def _mapped(
    opened: TableSource | TextBatches,
    mapping: Mapping | None,
    samples: Samples,
    must_have: bool = True,
) -> HeaderMap:
    try:
        found = map_headers(opened.header, opened.name, mapping, samples, must_have=must_have)
        opened.require([place for place, path in enumerate(found.fields) if path is not None])
        return found
    except BaseException:
        opened.close()
        raise
