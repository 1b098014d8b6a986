"""CSV as rows of text with row and line numbers; what cannot be split is set aside, not guessed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from redflags.errors import InputError
from redflags.readers.blocks import BlockLines
from redflags.readers.closing import Closing
from redflags.readers.csv_cells import BROKEN, OPEN, CellSplitter
from redflags.readers.delimiters import stated_delimiter
from redflags.readers.header_rows import tell_twins_apart
from redflags.readers.layout import (
    MOST_LINES,
    SPACE,
    HeaderRow,
    Layout,
    find_layout,
    unwrapped,
    without_end,
)
from redflags.readers.own_text import OwnTexts
from redflags.readers.text_lines import LONGEST_LINE, TextLines, undecoded

LONGEST_CELL = 1_000_000
"""Characters of one cell. A row with a longer one is set aside."""

# Looking ahead for the end of a quoted cell may be in vain. A file made so that this happens on
# every line gets only this many characters of it, and afterwards two for each one read; a line
# costs as much as a hundred characters.
_VAIN_AT_FIRST = 10_000_000
_VAIN_FOR_EACH = 2
_COST_OF_LINE = 100


class Row(NamedTuple):
    """One data row. ``row`` counts as a spreadsheet does (blank rows too), ``line`` is the
    physical line of the text on which it begins."""

    row: int
    line: int
    cells: tuple[str, ...]


class Refused(NamedTuple):
    """A row that could not be split into its cells, and why; ``text`` is the row as written."""

    row: int
    line: int
    reason: str
    text: str = ""


class _Record(NamedTuple):
    line: int
    text: str
    cells: tuple[str, ...]
    reason: str
    """Why it could not be split, or empty."""


class CsvSource(Closing):
    """An open CSV file: its header at once, its rows one by one, memory bounded by one row.

    ``sha256`` and ``row_count`` (data rows, those set aside included) are complete once
    :meth:`rows` is exhausted. Usable as a context manager.
    """

    def __init__(
        self,
        source: Path | str,
        *,
        encoding: str | None,
        delimiter: str | None,
        is_known: Callable[[str], bool] | None,
        header_row: HeaderRow = None,
        lines: TextLines | None = None,
    ) -> None:
        self.name = str(source)
        if lines is None:
            lines = BlockLines(source, encoding=encoding, is_known=is_known)
        self._lines = lines
        self._ahead: deque[str] = deque()
        self._line = 0
        self._row = 0
        self._characters = 0
        self._in_vain = 0
        self._texts = OwnTexts()
        self.row_count = 0
        self.header_line = ""
        """The line of the header as it stands; empty if there is none or it has one column."""
        try:
            self.layout = self._read_header(delimiter, header_row, is_known)
        except BaseException:
            self.close()
            raise
        self.delimiter = self.layout.delimiter
        self.header = self.layout.names
        self.header_row: int | None = self.layout.rows if self.layout.header_lines else None
        self._width = len(self.header) + self.layout.extra
        self._empty = self.delimiter + SPACE

    @property
    def encoding(self) -> str:
        """The encoding of the text. Where the text begins with ASCII alone, it may come out only
        while the rows are read."""
        return self._lines.encoding

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found out about the file and not told by anyone; complete with the last row."""
        return (*self._lines.notes, *self.layout.notes)

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes of the file, in hexadecimal."""
        return self._lines.sha256

    def rows(self) -> Iterator[Row | Refused]:
        """Every data row in the order of the file; blank rows are counted and passed over.

        Raises :class:`InputError` if the source breaks off.
        """
        delimiter, width, extra = self.delimiter, self._width, self.layout.extra
        names = self.header_line
        told = '"\\' if self.layout.escapes else '"'
        while (line := self._take()) is not None:
            self._row += 1
            if not line.strip(self._empty) and self._is_blank(line):
                continue
            self.row_count += 1
            row, start, text = self._row, self._line, line
            if names and line.startswith(names) and line.rstrip("\r\n") == names:
                reason = "the row repeats the names of the columns"
                yield Refused(row, start, reason, self._texts.keep(line))
                continue
            if '"' in line or told[-1] in line or len(line) > LONGEST_CELL:
                record = self._record(line)
                cells, reason, text = record.cells, record.reason, record.text
                if not reason and not any(cell.strip(SPACE) for cell in cells):
                    self.row_count -= 1
                    continue
            else:
                cells = tuple(line.rstrip("\r\n").split(delimiter))
                reason = undecoded(line, self.encoding)
            if not reason and len(cells) != width:
                reason = self._ragged(len(cells))
            elif extra and not reason:
                cells, beyond = cells[:-extra], cells[-extra:]
                if any(cell.strip(SPACE) for cell in beyond):
                    reason = self._ragged(width)
            if reason:
                yield Refused(row, start, reason, self._texts.keep(text))
            else:
                yield Row(row, start, cells)
        self.close()

    def require(self, columns: Sequence[int]) -> None:
        """Every column of a CSV file is text."""

    @property
    def is_between_rows(self) -> bool:
        """Whether no line beyond the last row was looked at."""
        return not self._ahead

    @property
    def row(self) -> int:
        """The row that was read last, as a spreadsheet counts."""
        return self._row

    def pass_over(self, lines: int, blank: int, characters: int) -> tuple[int, int]:
        """Count lines that someone else has read as one row each, ``blank`` of them being blank.

        Returns the row and the line of the first of them.
        """
        first = self._row + 1, self._line + 1
        self._row += lines
        self._line += lines
        self._characters += characters
        self.row_count += lines - blank
        return first

    def close(self) -> None:
        """Close the file. Standard input stays open."""
        self._lines.close()

    def _is_blank(self, line: str) -> bool:
        """Whether a line of marks and spaces only is a blank row; a part of a longer delimiter
        is text."""
        if len(self.delimiter) == 1:
            return True
        return not any(cell.strip(SPACE) for cell in line.split(self.delimiter))

    def _take(self) -> str | None:
        """The next physical line with its line end; None at the end."""
        line = self._ahead.popleft() if self._ahead else self._lines.next()
        if line is None:
            return None
        if not line.endswith(("\n", "\r")):
            # The last line: an old end-of-file mark (Ctrl-Z) may follow the text.
            line = line.rstrip("\x1a")
            if not line:
                return None
        elif line.strip(SPACE) == "\x1a" and self._peek(0) is None:
            return None
        self._line += 1
        self._characters += len(line)
        return line if self._line > 1 else line.removeprefix("\ufeff")

    def _peek(self, index: int) -> str | None:
        """The line ``index`` places ahead, not taken yet."""
        while len(self._ahead) <= index:
            line = self._lines.next()
            if line is None:
                return None
            self._ahead.append(line)
        return self._ahead[index]

    def _record(self, line: str) -> _Record:
        """Split the record that begins with ``line``, taking further lines if it runs over them.

        If it cannot be split, or comes out ragged over several lines, only this line is used up.
        """
        start = self._line
        if len(line) > LONGEST_LINE:
            return _Record(start, line, (), f"the line is longer than {LONGEST_LINE} characters")
        splitter = CellSplitter(self.delimiter, escapes=self.layout.escapes)
        texts = [line]
        state = splitter.feed(*without_end(line))
        first_open = splitter.cell
        length = len(line)
        while state == OPEN:
            allowed = _VAIN_AT_FIRST + _VAIN_FOR_EACH * self._characters
            following = self._peek(len(texts) - 1) if self._in_vain <= allowed else None
            if following is None or len(texts) >= MOST_LINES or length > LONGEST_CELL:
                break
            if not following.endswith(("\n", "\r")):
                following = following.rstrip("\x1a")
            texts.append(following)
            length += len(following)
            state = splitter.feed(*without_end(following))
        cells = tuple(splitter.cells)
        if self.layout.unwraps and len(cells) == 1 and not state and line.startswith('"'):
            inner = unwrapped(cells[0], self.layout)
            # What is no row inside its quotes stays one cell, and so is ragged.
            cells = cells if inner is None else tuple(inner)
        ragged = len(cells) != self._width
        reason = ""
        if state:
            reason = _unsplit(state, first_open, len(texts))
        elif len(texts) > 1 and ragged:
            reason = (
                f"{self._ragged(len(cells))}, when its quoted cell is read over {len(texts)} lines"
            )
        if reason:
            if len(texts) > 1:
                self._in_vain += length - len(line) + _COST_OF_LINE * len(texts)
            return _Record(start, line, (), undecoded(line, self.encoding) or reason)
        for _ in texts[1:]:
            self._take()
        text = "".join(texts)
        reason = undecoded(text, self.encoding)
        if not reason and any(len(text) > LONGEST_LINE for text in texts):
            reason = f"a line is longer than {LONGEST_LINE} characters"
        if not reason and any(len(cell) > LONGEST_CELL for cell in cells):
            reason = f"a cell is longer than {LONGEST_CELL} characters"
        if not reason and self._looks_like_rows(texts):
            reason = (
                f"its quoted cell runs from line {start} to line {self._line}, and each of these "
                "lines looks like a row of its own; a closing quote may be missing"
            )
        return _Record(start, text, cells, reason)

    def _looks_like_rows(self, texts: list[str]) -> bool:
        """Whether each line of a record over several lines would itself be a row.

        Then a stray quote may have swallowed rows, which must not pass in silence. With fewer
        than three columns that is too ordinary to mean anything.
        """
        if len(texts) == 1 or self._width < 3 or self.layout.unwraps:
            return False
        return all(text.count(self.delimiter) == self._width - 1 for text in texts)

    def _ragged(self, cells: int) -> str:
        noun = "cell" if cells == 1 else "cells"
        if self.layout.extra:
            return (
                f"the row has {cells} {noun}, the header has {len(self.header)}, and rows of this "
                f"file end with {self.layout.extra} empty beyond them"
            )
        return f"the row has {cells} {noun}, the header has {self._width}"

    def _read_header(
        self,
        delimiter: str | None,
        header_row: HeaderRow,
        is_known: Callable[[str], bool] | None,
    ) -> Layout:
        """Find the layout by the first lines, and take those up to the header."""
        lines, ends = self._lines.first_lines()
        if len(lines) == 1 and not ends and not lines[0].endswith(("\n", "\r")):
            raise InputError(
                self.name, "the header cannot be read: its line is too long", remedy="check it"
            )
        layout = find_layout(
            self.name, lines, delimiter=delimiter, header_row=header_row, is_known=is_known
        )
        for place in range(layout.lines):
            line = self._take() or ""
            reason = undecoded(line, self.encoding)
            if reason and place >= layout.lines - layout.header_lines:
                raise InputError(self.name, f"the header cannot be read: {reason}", row=layout.rows)
            if layout.header_lines == 1 and len(layout.names) > 1:
                self.header_line = line.rstrip("\r\n")
        self._row = layout.rows
        names, note = tell_twins_apart(layout.names, is_known)
        return replace(layout, names=names, notes=(*layout.notes, note)) if note else layout


def read_csv(
    source: Path | str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    is_known: Callable[[str], bool] | None = None,
    header_row: HeaderRow = None,
) -> CsvSource:
    """Open a CSV file, or standard input for ``-``, and read its header.

    A file that is gzip or Zstandard data is unpacked. Without ``encoding`` it is UTF-8, or what
    the bytes tell. Without ``delimiter`` it is the one by which most names of columns are known,
    for which ``is_known`` is true, and most rows have as many cells as there are names.
    ``header_row`` is the row of the names as a spreadsheet counts, or ``"none"`` for a file
    without names: its columns are then ``#1``, ``#2`` and so on. What was found out stands in
    the source's ``notes``.

    Raises :class:`InputError` if the file cannot be opened, is empty or is no CSV, or if its
    header cannot be read; :class:`ConfigurationError` for an impossible encoding or delimiter.
    """
    return CsvSource(
        source,
        encoding=encoding,
        delimiter=stated_delimiter(delimiter),
        is_known=is_known,
        header_row=header_row,
    )


def _unsplit(state: str, cell: int, lines: int) -> str:
    if state == BROKEN:
        return (
            f"cell {cell} begins with a quote and has another one inside that is not doubled"
            if lines == 1
            else f"the quote at the start of cell {cell} is not closed"
        )
    return f"the quote at the start of cell {cell} is not closed"
