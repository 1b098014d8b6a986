"""Opening a file of orders: the reader and the fields of its columns together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from redflags.intake.headers import HeaderMap, map_headers
from redflags.intake.mapping import Mapping
from redflags.intake.names import is_known
from redflags.readers import Selection, TableSource, TextBatches, open_batches, open_table
from redflags.readers.selection import DEFAULT


def open_orders(
    source: Path | str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    mapping: Mapping | None = None,
    selection: Selection = DEFAULT,
) -> tuple[TableSource, HeaderMap]:
    """Open an input of orders, of any format that :func:`~redflags.readers.open_table` reads, and
    map its header, to be read row by row.

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
    return opened, _mapped(opened, mapping)


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
    return opened, _mapped(opened, mapping)


def _names(mapping: Mapping | None) -> Callable[[str], bool]:
    if mapping is None:
        return is_known
    return lambda name: is_known(name) or mapping.is_known(name)


def _mapped(opened: TableSource | TextBatches, mapping: Mapping | None) -> HeaderMap:
    try:
        found = map_headers(opened.header, opened.name, mapping)
        opened.require([place for place, path in enumerate(found.fields) if path is not None])
        return found
    except BaseException:
        opened.close()
        raise
