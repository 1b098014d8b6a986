"""Arrow files (also called IPC, and Feather) as columns and rows of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redflags.readers.column_files import ColumnFile

if TYPE_CHECKING:
    import polars

_STREAM = b"\xff\xff\xff\xff"


class ArrowSource(ColumnFile):
    """An open Arrow file; an Arrow stream in a file is read into memory as a whole."""

    encoding = "arrow"
    title = "an Arrow"

    def _scan(self, start: bytes) -> polars.LazyFrame:
        import polars

        if start.startswith(b"ARROW1"):
            return polars.scan_ipc(self._path, glob=False, hive_partitioning=False)
        if start.startswith(_STREAM):
            return polars.read_ipc_stream(self._path).lazy()
        if start.startswith(b"FEA1"):
            raise self._not_this("it is of the first version of Feather: write it as version 2")
        raise self._not_this()
