"""CSV as rows of text with row and line numbers; what cannot be split is set aside, not guessed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from redflags.errors import ConfigurationError, InputError
from redflags.readers.csv_cells import BROKEN, OPEN, CellSplitter
from redflags.readers.text_lines import LONGEST_LINE, TextLines, undecoded

DELIMITERS = (",", ";", "\t", "|")
"""The delimiters that are tried, the first winning a tie."""

LONGEST_CELL = 1_000_000
"""Characters of one cell. A row with a longer one is set aside."""

MOST_LINES = 100
"""Lines over which one row may run by line breaks inside quoted cells."""

# Looking ahead for the end of a quoted cell may be in vain. A file made so that this happens on
# every line gets only this many characters of it, and afterwards two for each one read; a line
# costs as much as a hundred characters.
_VAIN_AT_FIRST = 10_000_000
_VAIN_FOR_EACH = 2
_COST_OF_LINE = 100

_SPACE = " \t\r\n\f\v"


class Row(NamedTuple):
    """One data row. ``row`` counts as a spreadsheet does (blank rows too), ``line`` is the
    physical line of the text on which it begins."""

    row: int
    line: int
    cells: tuple[str, ...]


class Refused(NamedTuple):
    """A row that could not be split into its cells, and why."""

    row: int
    line: int
    reason: str


class _Record(NamedTuple):
    line: int
    text: str
    cells: tuple[str, ...]
    reason: str
    """Why it could not be split, or empty."""


class CsvSource:
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
        lines: TextLines | None = None,
    ) -> None:
        self.name = str(source)
        self._lines = TextLines(source, encoding=encoding) if lines is None else lines
        self._ahead: deque[str] = deque()
        self._line = 0
        self._row = 0
        self._characters = 0
        self._in_vain = 0
        self._width: int | None = None
        self.row_count = 0
        self.encoding = self._lines.encoding
        self.delimiter = delimiter or ","
        try:
            self.header = self._read_header(delimiter, is_known)
        except BaseException:
            self.close()
            raise
        self._width = len(self.header)
        self._empty = self.delimiter + _SPACE

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes of the file, in hexadecimal."""
        return self._lines.sha256

    def rows(self) -> Iterator[Row | Refused]:
        """Every data row in the order of the file; blank rows are counted and passed over.

        Raises :class:`InputError` if the source breaks off.
        """
        delimiter, width = self.delimiter, self._width
        while (line := self._take()) is not None:
            self._row += 1
            if not line.strip(self._empty):
                continue
            self.row_count += 1
            row, start = self._row, self._line
            if '"' in line or len(line) > LONGEST_CELL:
                record = self._record(line)
                cells, reason = record.cells, record.reason
                if not reason and not any(cell.strip(_SPACE) for cell in cells):
                    self.row_count -= 1
                    continue
            else:
                cells = tuple(line.rstrip("\r\n").split(delimiter))
                reason = undecoded(line, self.encoding)
            if not reason and len(cells) != width:
                reason = self._ragged(len(cells))
            yield Refused(row, start, reason) if reason else Row(row, start, cells)
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

    def __enter__(self) -> CsvSource:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

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
        self._line += 1
        self._characters += len(line)
        return line

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
        splitter = CellSplitter(self.delimiter)
        texts = [line]
        state = splitter.feed(*_without_end(line))
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
            state = splitter.feed(*_without_end(following))
        cells = tuple(splitter.cells)
        ragged = self._width is not None and len(cells) != self._width
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
        if len(texts) == 1 or self._width is None or self._width < 3:
            return False
        return all(text.count(self.delimiter) == self._width - 1 for text in texts)

    def _ragged(self, cells: int) -> str:
        noun = "cell" if cells == 1 else "cells"
        return f"the row has {cells} {noun}, the header has {self._width}"

    def _read_header(
        self, delimiter: str | None, is_known: Callable[[str], bool] | None
    ) -> tuple[str, ...]:
        line = self._take()
        if line is not None:
            line = line.removeprefix("\ufeff")
        announced = _announced_delimiter(line)
        if announced is not None:
            self._row += 1
            delimiter = delimiter or announced
            line = self._take()
        while line is not None and not line.strip():
            self._row += 1
            line = self._take()
        if line is None:
            raise InputError(
                self.name, "the file has no header row", remedy="give a file with column names"
            )
        self._row += 1
        reason = undecoded(line, self.encoding)
        if reason:
            raise InputError(self.name, f"the header cannot be read: {reason}", row=self._row)
        self.delimiter = delimiter or self._best_delimiter(line, is_known)
        record = self._record(line)
        if record.reason:
            raise InputError(
                self.name,
                f"the header cannot be read: {record.reason}",
                remedy="check its quotes",
                row=self._row,
            )
        header = tuple(cell.strip() for cell in record.cells)
        seen: set[str] = set()
        for name in header:
            if name and name.lower() in seen:
                raise InputError(
                    self.name,
                    f"the column {name[:80]!r} is there twice",
                    remedy="rename or remove one of them",
                    row=self._row,
                )
            seen.add(name.lower())
        return header

    def _best_delimiter(self, line: str, is_known: Callable[[str], bool] | None) -> str:
        """The delimiter whose split of the header gives most known names, else most names."""
        best, most = DELIMITERS[0], (-1, -1)
        for delimiter in DELIMITERS:
            splitter = CellSplitter(delimiter)
            splitter.feed(*_without_end(line))
            names = [cell.strip() for cell in splitter.cells]
            known = sum(map(is_known, names)) if is_known is not None else 0
            merit = (known, len(names) if is_known is None else 0)
            if merit > most:
                best, most = delimiter, merit
        return best


def read_csv(
    source: Path | str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    is_known: Callable[[str], bool] | None = None,
) -> CsvSource:
    """Open a CSV file, or standard input for ``-``, and read its header.

    Without ``encoding`` it is UTF-8, or UTF-16 and UTF-32 by their byte order mark. Without
    ``delimiter`` it is the one of comma, semicolon, tab and bar by which the header has most
    names for which ``is_known`` is true.

    Raises :class:`InputError` if the file cannot be opened, is empty or is no CSV, or if its
    header cannot be read; :class:`ConfigurationError` for an impossible encoding or delimiter.
    """
    delimiter = stated_delimiter(delimiter)
    return CsvSource(source, encoding=encoding, delimiter=delimiter, is_known=is_known)


def stated_delimiter(delimiter: str | None) -> str | None:
    """The character that a user means by ``tab`` or ``\\t``, or any other as it stands.

    Raises :class:`ConfigurationError` if it cannot separate cells.
    """
    if delimiter is None:
        return None
    delimiter = {"\\t": "\t", "tab": "\t"}.get(delimiter, delimiter)
    if len(delimiter) != 1 or delimiter in '"\r\n\0':
        raise ConfigurationError(
            f"a delimiter is one character such as , ; | or tab, not {delimiter[:20]!r}"
        )
    return delimiter


def _without_end(line: str) -> tuple[str, str]:
    text = line.rstrip("\r\n")
    return text, line[len(text) :]


def _announced_delimiter(line: str | None) -> str | None:
    """The delimiter of a first line such as ``sep=;``, which spreadsheets write."""
    text = (line or "").strip("\r\n ").strip('"')
    if len(text) == 5 and text.lower().startswith("sep=") and text[4] in DELIMITERS:
        return text[4]
    return None


def _unsplit(state: str, cell: int, lines: int) -> str:
    if state == BROKEN:
        return (
            f"cell {cell} begins with a quote and has another one inside that is not doubled"
            if lines == 1
            else f"the quote at the start of cell {cell} is not closed"
        )
    return f"the quote at the start of cell {cell} is not closed"
