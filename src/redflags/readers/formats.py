"""Which reader an input belongs to: what is stated, else a URL, else the suffix of its name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from redflags.readers.selection import Selection

if TYPE_CHECKING:
    from redflags.readers.batches import TextBatches
    from redflags.readers.tables import TableSource

SUFFIXES: Final = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
    ".psv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".arrows": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".xls": "excel",
    ".ods": "excel",
}
"""The suffixes of readable files, without that of a compression, and their formats."""

COMPRESSIONS: Final = (".gz", ".zst")

_URL = re.compile(r"[a-z][a-z0-9]*(?:\+[a-z0-9_]+)?://")


def is_database(source: Path | str) -> bool:
    """Whether an input is the URL of a database, ``sqlite:///orders.db``, and no file."""
    return isinstance(source, str) and _URL.match(source) is not None


def format_by_name(source: Path | str) -> str | None:
    """The format that the suffix of a file stands for, that of a compression left aside; None
    for a suffix that says nothing."""
    path = Path(source)
    suffix = path.suffix.lower()
    if suffix in COMPRESSIONS:
        suffix = path.with_suffix("").suffix.lower()
    return SUFFIXES.get(suffix)


PACKED: Final = 20
"""How many times as large a packed file would be as text, about."""

_PACKED = ("parquet", "arrow", "excel")
_SERVER = 1 << 30


def size_as_text(source: Path | str) -> int | None:
    """About how many bytes an input would have as text; None if that cannot be known without
    reading it. The table of a database server counts as large."""
    path = Path(source)
    if str(source) == "-":
        return None
    if is_database(source):
        if not str(source).startswith("sqlite"):
            return _SERVER
        path = Path(re.sub(r"^[^/]*:///|\?.*$", "", str(source)))
    try:
        size = path.stat().st_size
    except (OSError, ValueError):
        return None
    is_packed = path.suffix.lower() in COMPRESSIONS or format_by_name(path) in _PACKED
    return size * PACKED if is_packed else size


def input_format(source: Path | str, selection: Selection) -> str:
    """The format of an input: ``sql`` for a URL, else one of
    :data:`~redflags.readers.selection.FORMATS`, CSV where nothing says otherwise.

    Raises :class:`~redflags.errors.ConfigurationError` for a format that cannot come by standard
    input.
    """
    if str(source) == "-":
        return selection.on_standard_input()
    if is_database(source):
        return "sql"
    return selection.format or format_by_name(source) or "csv"


def open_columns(source: Path | str, kind: str, *, batch_rows: int) -> TextBatches | None:
    """A reader of columns for a format that has one; None for the others."""
    if kind == "parquet":
        from redflags.readers.parquet import ParquetSource

        return ParquetSource(source, batch_rows=batch_rows)
    if kind == "arrow":
        from redflags.readers.arrow import ArrowSource

        return ArrowSource(source, batch_rows=batch_rows)
    return None


def open_rows(
    source: Path | str,
    kind: str,
    *,
    encoding: str | None,
    is_known: Callable[[str], bool] | None,
    selection: Selection,
) -> TableSource | None:
    """A reader of rows for a format that is not CSV; None for CSV."""
    if kind in ("parquet", "arrow"):
        from redflags.readers.arrow import ArrowSource
        from redflags.readers.parquet import ParquetSource

        return ParquetSource(source) if kind == "parquet" else ArrowSource(source)
    if kind in ("json", "jsonl"):
        from redflags.readers.json_source import JsonSource

        return JsonSource(source, is_lines=kind == "jsonl", encoding=encoding, is_known=is_known)
    if kind == "excel":
        from redflags.readers.excel import ExcelSource

        return ExcelSource(
            source, sheet=selection.sheet, header_row=selection.header_row, is_known=is_known
        )
    if kind == "sql":
        from redflags.readers.sql import SqlSource

        return SqlSource(
            str(source), table=selection.table, query=selection.query, is_known=is_known
        )
    return None
