"""Any table of text row by row, whatever the format of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from redflags.readers.csv_rows import Refused, Row, read_csv
from redflags.readers.layout import HeaderRow


class TableSource(Protocol):
    """An open table. ``sha256`` and ``row_count`` (data rows, those set aside included) are
    complete once :meth:`rows` is exhausted. Usable as a context manager."""

    name: str
    header: tuple[str, ...]
    delimiter: str
    row_count: int

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


def is_parquet(source: Path | str) -> bool:
    """Whether the name of a file says that it is Parquet."""
    return str(source) != "-" and Path(source).suffix.lower() == ".parquet"


def open_table(
    source: Path | str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    is_known: Callable[[str], bool] | None = None,
    header_row: HeaderRow = None,
) -> TableSource:
    """Open a CSV or Parquet file, or CSV on standard input for ``-``, and read its header.

    The options and errors are those of :func:`~redflags.readers.read_csv`; a Parquet file has
    neither encoding nor delimiter.
    """
    if is_parquet(source):
        from redflags.readers.parquet import ParquetSource

        return ParquetSource(source)
    return read_csv(
        source,
        encoding=encoding,
        delimiter=delimiter,
        is_known=is_known,
        header_row=header_row,
    )
