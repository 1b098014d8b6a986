"""Splitting the text of one CSV record into its cells (RFC 4180, without guessing)."""

from __future__ import annotations

import re
from typing import Final

OPEN: Final = "open"
"""The text ends inside a quoted cell: the record may go on in the next line."""

BROKEN: Final = "broken"
"""A quoted cell holds a quote that is neither doubled nor its end."""

_TOLD = re.compile(r'["\\]')


class CellSplitter:
    """Splits one record, fed line by line, in time linear in its length.

    A quote that does not stand at the start of a cell is text (``5" pipe``). After each line
    :attr:`state` is empty (the record is complete), :data:`OPEN` or :data:`BROKEN`. The delimiter
    is one character or several. With ``escapes`` a backslash before a quote, a backslash or the
    delimiter says that it is text.
    """

    def __init__(self, delimiter: str, *, escapes: bool = False) -> None:
        self.cells: list[str] = []
        self.state = ""
        self.cell = 0
        self._delimiter = delimiter
        self._step = len(delimiter)
        self._escaped = _escaped(delimiter) if escapes else None
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
        if self._escaped is not None:
            return self._bare(text, position)
        end = text.find(self._delimiter, position)
        self.state = ""
        if end < 0:
            self.cells.append(text[position:])
            return -1
        self.cells.append(text[position:end])
        return end + self._step

    def _bare(self, text: str, position: int) -> int:
        """A cell without quotes in which a backslash can stand before the delimiter."""
        assert self._escaped is not None
        self.state = ""
        parts: list[str] = []
        for found in self._escaped.finditer(text, position):
            if found[0] == self._delimiter:
                self.cells.append("".join((*parts, text[position : found.start()])))
                return found.end()
            parts += (text[position : found.start()], found[0][1:])
            position = found.end()
        self.cells.append("".join((*parts, text[position:])))
        return -1

    def _quoted(self, text: str, position: int, line_end: str) -> int:
        """Go on inside a quoted cell; -1 when the line is used up or broken."""
        parts = self._parts
        while True:
            quote = self._next_quote(text, position)
            if quote < 0:
                parts += (text[position:], line_end)
                self.state = OPEN
                return -1
            parts.append(text[position:quote])
            following = text[quote + 1 : quote + 2]
            if text[quote] == "\\":
                is_mark = following in ('"', "\\") and following != ""
                parts.append(following if is_mark else "\\")
                position = quote + 1 + is_mark
                continue
            if following == '"':
                parts.append('"')
                position = quote + 2
                continue
            if following and not text.startswith(self._delimiter, quote + 1):
                self.state = BROKEN
                return -1
            self.cells.append("".join(parts))
            self.state = ""
            return quote + 1 + self._step if following else -1

    def _next_quote(self, text: str, position: int) -> int:
        """Where the next quote stands, or backslash if that means something; -1 if nowhere."""
        if self._escaped is None:
            return text.find('"', position)
        found = _TOLD.search(text, position)
        return -1 if found is None else found.start()


def _escaped(delimiter: str) -> re.Pattern[str]:
    edge = re.escape(delimiter)
    return re.compile(rf'\\(?:["\\]|{edge})|{edge}')
