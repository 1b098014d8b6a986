"""Opening a file of orders: the reader and the fields of its columns together."""

from __future__ import annotations

from pathlib import Path

from redflags.intake.headers import HeaderMap, is_known, map_headers
from redflags.readers import CsvSource, read_csv


def open_orders(
    source: Path | str, *, encoding: str | None = None, delimiter: str | None = None
) -> tuple[CsvSource, HeaderMap]:
    """Open a CSV file of orders (``-`` is standard input) and map its header.

    Raises :class:`~redflags.errors.InputError` if it cannot be read as a table of orders, and
    :class:`~redflags.errors.ConfigurationError` for an impossible encoding or delimiter.
    """
    opened = read_csv(source, encoding=encoding, delimiter=delimiter, is_known=is_known)
    try:
        return opened, map_headers(opened.header, opened.name)
    except BaseException:
        opened.close()
        raise
