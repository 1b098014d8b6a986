"""Opening a file of orders: the reader and the fields of its columns together."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

from redflags.errors import InputError
from redflags.intake.content import SAMPLE_ROWS
from redflags.intake.headers import HeaderMap, map_headers
from redflags.intake.mapping import Mapping
from redflags.intake.names import field_of, is_known
from redflags.readers import Row, TableSource, TextBatches, open_batches, open_table


def open_orders(
    source: Path | str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    mapping: Mapping | None = None,
) -> tuple[TableSource, HeaderMap]:
    """Open a CSV or Parquet file of orders (``-`` is CSV on standard input) and map its header,
    to be read row by row.

    Raises :class:`~redflags.errors.InputError` if it cannot be read as a table of orders, and
    :class:`~redflags.errors.ConfigurationError` for an impossible encoding or delimiter and for a
    mapping that does not fit.
    """
    opened = open_table(source, encoding=encoding, delimiter=delimiter, is_known=_names(mapping))
    return opened, _mapped(opened, mapping, _samples(source, encoding, delimiter, mapping))


def open_order_batches(
    source: Path | str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    mapping: Mapping | None = None,
) -> tuple[TextBatches, HeaderMap]:
    """As :func:`open_orders`, to be read in batches of columns."""
    opened = open_batches(source, encoding=encoding, delimiter=delimiter, is_known=_names(mapping))
    return opened, _mapped(opened, mapping, _samples(source, encoding, delimiter, mapping))


Samples = Callable[[], dict[int, list[str]]]


def _samples(
    source: Path | str, encoding: str | None, delimiter: str | None, mapping: Mapping | None
) -> Samples:
    """What reads the first cells of each column, when they are asked for.

    The file is opened once more for it. What can be read only once, such as standard input or a
    pipe, has no sample, and what its names leave open stays open.
    """

    def read() -> dict[int, list[str]]:
        try:
            if str(source) == "-" or not Path(source).is_file():
                return {}
            found: dict[int, list[str]] = {}
            with open_table(
                source, encoding=encoding, delimiter=delimiter, is_known=_names(mapping)
            ) as table:
                for row in islice(table.rows(), SAMPLE_ROWS):
                    if isinstance(row, Row):
                        for position, cell in enumerate(row.cells):
                            found.setdefault(position, []).append(cell)
            return found
        except (OSError, ValueError, InputError):
            return {}  # whoever reads the file for its rows says what is wrong with it

    return read


def _names(mapping: Mapping | None) -> Callable[[str], bool]:
    if mapping is None:
        return is_known
    return lambda name: is_known(name) or mapping.is_known(name)


def _mapped(
    opened: TableSource | TextBatches, mapping: Mapping | None, samples: Samples
) -> HeaderMap:
    try:
        is_settled = all(field_of(name) is not None for name in opened.header if name)
        found = map_headers(opened.header, opened.name, mapping, {} if is_settled else samples())
        opened.require([place for place, path in enumerate(found.fields) if path is not None])
        return found
    except BaseException:
        opened.close()
        raise
