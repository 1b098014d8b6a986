"""Parquet as columns and rows of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redflags.readers.column_files import ColumnFile

if TYPE_CHECKING:
    import polars


class ParquetSource(ColumnFile):
    """An open Parquet file."""

    encoding = "parquet"
    title = "a Parquet"

    def _scan(self, start: bytes) -> polars.LazyFrame:
        import polars

        if not start.startswith(b"PAR1"):
            raise self._not_this()
        # The path is a name here, never a pattern.
        return polars.scan_parquet(self._path, glob=False)
