"""Arrow files (also called IPC, and Feather) as columns and rows of text."""

from __future__ import annotations

from redflags.readers.column_files import ColumnFile

_STREAM = b"\xff\xff\xff\xff"


class ArrowSource(ColumnFile):
    """An open Arrow file; an Arrow stream in a file is read into memory as a whole."""

    encoding = "arrow"
    title = "an Arrow"

    def _kind(self, start: bytes) -> str:
        if start.startswith(b"ARROW1"):
            return "arrow"
        if start.startswith(_STREAM):
            return "stream"
        if start.startswith(b"FEA1"):
            raise self._not_this("it is of the first version of Feather: write it as version 2")
        raise self._not_this()
