"""Any table of text row by row, whatever the format of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from redflags.readers.csv_rows import Refused, Row, read_csv
from redflags.readers.formats import input_format, open_rows
from redflags.readers.selection import DEFAULT, Selection


class TableSource(Protocol):
    """An open table. ``sha256`` and ``row_count`` (data rows, those set aside included) are
    complete once :meth:`rows` is exhausted. Usable as a context manager."""

    name: str
    header: tuple[str, ...]
    delimiter: str
    row_count: int
    counts_days: bool
    """Whether a date may stand as a number, the number of days since 1900."""

    @property
    def encoding(self) -> str:
        """The encoding of the text, or the name of the format where that decides it."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found out about the source and not told by anyone, one sentence each."""

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes of the file, in hexadecimal."""

    def require(self, columns: Sequence[int]) -> None:
        """Raise :class:`~redflags.errors.InputError` if one of these columns is no text."""

    def rows(self) -> Iterator[Row | Refused]:
        """Every data row in the order of the file."""

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


def open_table(
    source: Path | str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    is_known: Callable[[str], bool] | None = None,
    selection: Selection = DEFAULT,
) -> TableSource:
    """Open an input of any format and read the names of its columns.

    ``source`` is a file, ``-`` for standard input, or the URL of a database;
    :func:`~redflags.readers.formats.input_format` says how its format is found, and ``selection``
    what is to be read of it. The other options are those of :func:`~redflags.readers.read_csv`;
    formats that need none of them pass them over.

    Raises :class:`~redflags.errors.InputError` for an input that cannot be read, and
    :class:`~redflags.errors.ConfigurationError` for options that are impossible.
    """
    kind = input_format(source, selection)
    opened = open_rows(source, kind, encoding=encoding, is_known=is_known, selection=selection)
    if opened is not None:
        return opened
    return read_csv(
        source,
        encoding=encoding,
        delimiter=delimiter,
        is_known=is_known,
        header_row=selection.header_row,
    )
