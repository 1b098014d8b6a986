"""Splitting the text of one CSV record into its cells (RFC 4180, without guessing)."""

from __future__ import annotations

from typing import Final

OPEN: Final = "open"
"""The text ends inside a quoted cell: the record may go on in the next line."""

BROKEN: Final = "broken"
"""A quoted cell holds a quote that is neither doubled nor its end."""


class CellSplitter:
    """Splits one record, fed line by line, in time linear in its length.

    A quote that does not stand at the start of a cell is text (``5" pipe``). After each line
    :attr:`state` is empty (the record is complete), :data:`OPEN` or :data:`BROKEN`.
    """

    def __init__(self, delimiter: str) -> None:
        self.cells: list[str] = []
        self.state = ""
        self.cell = 0
        self._delimiter = delimiter
        self._parts: list[str] = []

    def feed(self, text: str, line_end: str) -> str:
        """Take one line without its line end; returns the state after it."""
        if self.state == OPEN:
            position = self._quoted(text, 0, line_end)
        else:
            position = self._start(text, 0, line_end)
        while position >= 0:
            position = self._start(text, position, line_end)
        return self.state

    def _start(self, text: str, position: int, line_end: str) -> int:
        """Read the cell that begins at ``position``; -1 when the line is used up."""
        self.cell = len(self.cells) + 1
        if text.startswith('"', position):
            self._parts = []
            return self._quoted(text, position + 1, line_end)
        end = text.find(self._delimiter, position)
        self.state = ""
        if end < 0:
            self.cells.append(text[position:])
            return -1
        self.cells.append(text[position:end])
        return end + 1

    def _quoted(self, text: str, position: int, line_end: str) -> int:
        """Go on inside a quoted cell; -1 when the line is used up or broken."""
        parts = self._parts
        while True:
            quote = text.find('"', position)
            if quote < 0:
                parts += (text[position:], line_end)
                self.state = OPEN
                return -1
            parts.append(text[position:quote])
            following = text[quote + 1 : quote + 2]
            if following == '"':
                parts.append('"')
                position = quote + 2
                continue
            if following not in ("", self._delimiter):
                self.state = BROKEN
                return -1
            self.cells.append("".join(parts))
            self.state = ""
            return quote + 2 if following else -1
