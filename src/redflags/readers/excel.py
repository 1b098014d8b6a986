"""Sheets of workbooks (xlsx, xls, ods) as rows of text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from redflags.errors import InputError
from redflags.readers.closing import Closing
from redflags.readers.csv_rows import LONGEST_CELL, Refused, Row
from redflags.readers.header_rows import LOOKED_AT, Header, find_header, tell_twins_apart
from redflags.readers.layout import HeaderRow
from redflags.readers.merged_cells import FilledDown, Range, spread_at_top
from redflags.readers.own_text import OwnTexts
from redflags.readers.text_lines import unreadable
from redflags.readers.typed_text import untextual
from redflags.readers.workbook_guard import inspected
from redflags.readers.workbook_process import WorkbookProcess


class ExcelSource(Closing):
    """One sheet of a workbook as a table of text.

    Rows count as in the spreadsheet; the line is the row. A text cell is as it was typed; a
    number has no needless zeros; a date, and a time at midnight, is 2015-07-01; a truth value yes
    or no; a formula its stored result; an error, such as #N/A, is empty, which a note says. A cell
    that is merged over several rows counts in each of them.
    """

    delimiter = ""

    def __init__(
        self,
        source: Path | str,
        *,
        sheet: str | None = None,
        header_row: HeaderRow = None,
        is_known: Callable[[str], bool] | None = None,
    ) -> None:
        """Open the workbook, choose the sheet and find its header, or take it from the row that
        is named; without one (``"none"``) the columns are ``#1``, ``#2`` and so on.

        Without ``sheet`` it is the only one that is not empty, else the one whose header has most
        known names. Raises :class:`InputError` if the workbook cannot be read or no sheet can be
        chosen, and :class:`ConfigurationError` where the package that reads workbooks is missing.
        """
        self.name = str(source)
        self._path = Path(source)
        self.row_count = 0
        self.sha256 = ""
        self._is_known = is_known or (lambda name: False)
        self._header_row = header_row
        self._merged: dict[str, Sequence[Range] | None] = {}
        book = inspected(self._path, self.name)
        self.encoding = book.kind
        self.counts_days = book.counts_days
        self.notes: tuple[str, ...] = ()
        self._workbook = WorkbookProcess(
            self._path,
            self.name,
            by_content=self._path.suffix.lower() not in _SUFFIXES[book.kind],
        )
        try:
            self._sheet, header = self._chosen(sheet)
            self._first = header.last + 1
            self.header, twins = tell_twins_apart(_names(header), is_known)
        except BaseException:
            self.close()
            raise
        if book.errors:
            self.notes += (
                f"{_counted(book.errors, 'cell')} of the workbook {_verb(book.errors, 'hold')} an "
                f"error such as #N/A and {_verb(book.errors, 'are')} read as empty",
            )
        if book.without_result:
            count = book.without_result
            self.notes += (
                f"{_counted(count, 'formula')} of the workbook {_verb(count, 'have')} no stored "
                f"result and {_verb(count, 'are')} read as empty; open and save it in a "
                "spreadsheet program",
            )
        if header.last or header_row == "none":
            self.notes += (_where(header),)
        if twins:
            self.notes += (twins,)

    def _chosen(self, wanted: str | None) -> tuple[str, Header]:
        """The name of the sheet that is read, and its header."""
        sheets = self._workbook.sheets()
        names = [name for name, _ in sheets]
        if wanted is not None:
            sheet = _named(wanted, names)
            if sheet is None:
                raise InputError(
                    self.name,
                    f"there is no sheet {wanted[:40]!r}",
                    remedy=f"name one of its sheets: {_listed(names)}",
                )
            header = self._header_of(sheet)
            if header is None:
                self._refuse_header()
                raise InputError(
                    self.name, f"the sheet {sheet[:40]!r} is empty", remedy="name another sheet"
                )
            return sheet, header
        found = self._likeliest([name for name, is_shown in sheets if is_shown])
        if not found:
            found = self._likeliest([name for name, is_shown in sheets if not is_shown])
        if not found:
            self._refuse_header()
            raise InputError(
                self.name, "the workbook is empty", remedy="give one with a header and rows"
            )
        if len(found) > 1:
            raise InputError(
                self.name,
                f"several sheets could hold the orders: {_listed([name for name, _ in found])}",
                remedy="name one with --sheet",
            )
        (chosen,) = found
        if len(names) > 1:
            self.notes += (f"read the sheet {chosen[0][:60]!r}, one of {len(names)}",)
        return chosen

    def _refuse_header(self) -> None:
        """Say that the row that should name the columns has nothing in it."""
        if isinstance(self._header_row, int):
            raise InputError(
                self.name,
                f"there is no row {self._header_row} with names of columns",
                remedy="give the row of the names, counted as in the spreadsheet, or none",
            )

    def _likeliest(self, names: Sequence[str]) -> list[tuple[str, Header]]:
        """Those sheets that are not empty and whose headers have most known names."""
        found: list[tuple[str, Header]] = []
        most = -1
        for name in names:
            header = self._header_of(name)
            if header is None:
                continue
            known = sum(map(self._is_known, set(header.names)))
            if known > most:
                found, most = [], known
            if known == most:
                found.append((name, header))
        return found

    def _header_of(self, sheet: str) -> Header | None:
        """The header of a sheet, its names from the first column on; None if it is empty."""
        stated = self._header_row
        count = max(LOOKED_AT, stated) if isinstance(stated, int) else LOOKED_AT
        top = self._workbook.top(sheet, count)
        if top is None:
            return None
        self._merged[sheet] = top["merged"]
        rows, above = top["rows"], top["above"]
        if stated == "none":
            numbered = tuple(f"#{number}" for number in range(1, top["width"] + 1))
            return Header(numbered, -1, above - 1)
        if stated is not None:
            place = stated - 1
            names = rows[place - above] if above <= place < above + len(rows) else []
            stripped = tuple(cell.strip() for cell in names)
            return Header(stripped, place, place) if any(stripped) else None
        header = find_header(rows, self._is_known, spread_at_top(rows, above, top["merged"]))
        if header is None:
            return None
        return Header(header.names, header.first + above, header.last + above)

    def require(self, columns: Sequence[int]) -> None:
        """Every cell is text."""

    def rows(self) -> Iterator[Row | Refused]:
        """Every row below the header in the order of the sheet; blank ones are passed over."""
        width = len(self.header)
        beyond = 0
        own_texts = OwnTexts()
        merged = FilledDown(self._merged[self._sheet], self._first)
        written = self._workbook.rows(self._sheet, self._first)
        for row, texts in enumerate(merged.rows(written), start=self._first + 1):
            cells = tuple(texts)
            if not any(map(str.strip, cells)):
                continue
            beyond += any(map(str.strip, cells[width:]))
            cells = cells[:width] + ("",) * (width - len(cells))
            self.row_count += 1
            reason = _unusable(cells)
            if reason:
                yield Refused(row, row, reason, own_texts.keep_cells(cells))
            else:
                yield Row(row, row, cells)
        if merged.count:
            self.notes += (
                f"{_counted(merged.count, 'cell')} below a merged one {_verb(merged.count, 'are')} "
                "read as what the merged one says",
            )
        if beyond:
            self.notes += (
                f"{_counted(beyond, 'row')} {_verb(beyond, 'have')} cells right of the last name "
                "of the header, which were passed over",
            )
        self._hash()
        self.close()

    def _hash(self) -> None:
        try:
            with self._path.open("rb") as stream:
                self.sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise unreadable(self.name, error) from error

    def close(self) -> None:
        """Close the workbook."""
        self._workbook.close()


_SUFFIXES = {"xlsx": (".xlsx", ".xlsm"), "xls": (".xls",), "ods": (".ods",)}


def _named(wanted: str, names: Sequence[str]) -> str | None:
    """The sheet of this name, else, case aside, the only one, else the one in this position."""
    if wanted in names:
        return wanted
    alike = [name for name in names if name.strip().casefold() == wanted.strip().casefold()]
    if len(alike) == 1:
        return alike[0]
    if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted[:9]) <= len(names):
        return names[int(wanted[:9]) - 1]
    return None


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name[:40]) for name in names[:10])
    return shown + (", …" if len(names) > 10 else "")


def _where(header: Header) -> str:
    if header.first < 0:
        return "the sheet has no header; its columns are #1, #2 and so on"
    rows = (
        f"row {header.last + 1}"
        if header.first == header.last
        else f"rows {header.first + 1} and {header.last + 1}"
    )
    if not header.first:
        return f"the header is on {rows}"
    above = _counted(header.first, "row")
    passed = "was" if header.first == 1 else "were"
    return f"the header is on {rows}; {above} above it {passed} passed over"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _verb(count: int, plural: str) -> str:
    singular = {"have": "has", "are": "is", "hold": "holds"}[plural]
    return singular if count == 1 else plural


def _names(header: Header) -> tuple[str, ...]:
    """The names without the empty ones at the end."""
    width = max((place for place, name in enumerate(header.names, 1) if name), default=0)
    return header.names[:width]


def _unusable(cells: Sequence[str]) -> str:
    for position, cell in enumerate(cells, start=1):
        if len(cell) > LONGEST_CELL:
            return f"cell {position} is longer than {LONGEST_CELL} characters"
        reason = untextual(cell)
        if reason:
            return f"{reason} in cell {position}"
    return ""
