"""What is to be read of an input, where its name alone does not say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from redflags.errors import ConfigurationError

FORMATS = ("csv", "json", "jsonl", "parquet", "arrow", "excel")
"""Formats that can be named; without a name the suffix of the file decides."""

_ON_STDIN = ("csv", "json", "jsonl")


@dataclass(frozen=True, slots=True)
class Selection:
    """The format of the input, the sheet of a workbook, the table or query of a database, and the
    row in which CSV names its columns.

    ``sheet`` is a name, or a position counted from 1; so is ``header_row``, which is “none” where
    no row has names. Each is for inputs of its own kind and does
    nothing to the others.
    """

    format: str | None = None
    sheet: str | None = None
    table: str | None = None
    query: str | None = None
    header_row: int | Literal["none"] | None = None

    def __post_init__(self) -> None:
        """Raise :class:`ConfigurationError` for a format that is not there, or both a table and a
        query."""
        if self.format is not None and self.format not in FORMATS:
            raise ConfigurationError(
                f"there is no input format {self.format[:40]!r}; there are {', '.join(FORMATS)}"
            )
        if self.table is not None and self.query is not None:
            raise ConfigurationError("give a table or a query, not both")

    def on_standard_input(self) -> str:
        """The format of standard input: CSV if none is named. Raises
        :class:`ConfigurationError` for a format that cannot come that way."""
        if self.format is None:
            return "csv"
        if self.format not in _ON_STDIN:
            raise ConfigurationError(
                f"{self.format} cannot be read from standard input, only {', '.join(_ON_STDIN)}; "
                "save it as a file"
            )
        return self.format


DEFAULT = Selection()
