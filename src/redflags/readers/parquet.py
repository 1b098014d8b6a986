"""Parquet as columns and rows of text."""

from __future__ import annotations

from redflags.readers.column_files import ColumnFile


class ParquetSource(ColumnFile):
    """An open Parquet file."""

    encoding = "parquet"
    title = "a Parquet"

    def _kind(self, start: bytes) -> str:
        if not start.startswith(b"PAR1"):
            raise self._not_this()
        return "parquet"
