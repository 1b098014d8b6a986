"""Sheets of workbooks (xlsx, xls, ods) as rows of text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from redflags.errors import ConfigurationError, InputError
from redflags.readers.csv_rows import LONGEST_CELL, Refused, Row
from redflags.readers.header_rows import LOOKED_AT, Header, find_header
from redflags.readers.text_lines import unreadable
from redflags.readers.typed_text import typed_text, untextual
from redflags.readers.workbook_guard import inspected

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook


class ExcelSource:
    """One sheet of a workbook as a table of text.

    Rows count as in the spreadsheet; the line is the row. A text cell is as it was typed; a
    number has no needless zeros; a date, and a time at midnight, is 2015-07-01; a truth value yes
    or no; a formula its stored result; an error, such as #N/A, is empty, which a note says.
    """

    delimiter = ""

    def __init__(
        self,
        source: Path | str,
        *,
        sheet: str | None = None,
        is_known: Callable[[str], bool] | None = None,
    ) -> None:
        """Open the workbook, choose the sheet and find its header.

        Without ``sheet`` it is the only one that is not empty, else the one whose header has most
        known names. Raises :class:`InputError` if the workbook cannot be read or no sheet can be
        chosen, and :class:`ConfigurationError` where the package that reads workbooks is missing.
        """
        self.name = str(source)
        self._path = Path(source)
        self.row_count = 0
        self.sha256 = ""
        self._is_known = is_known or (lambda name: False)
        book = inspected(self._path, self.name)
        self.encoding = book.kind
        self.notes: tuple[str, ...] = ()
        self._workbook = self._opened(book.kind)
        try:
            self._sheet, header = self._chosen(sheet)
        except BaseException:
            self.close()
            raise
        if book.errors:
            self.notes += (
                f"{book.errors} cells of the workbook hold an error such as #N/A and "
                "are read as empty",
            )
        if book.without_result:
            self.notes += (
                f"{book.without_result} formulas of the workbook have no stored result "
                "and are read as empty; open and save it in a spreadsheet program",
            )
        if header.last:
            self.notes += (_where(header),)
        self._first = header.last + 1
        self.header = _distinct(header, self.name)

    def _opened(self, kind: str) -> CalamineWorkbook:
        try:
            from python_calamine import CalamineError, CalamineWorkbook, PasswordError
        except ImportError as error:
            raise ConfigurationError(
                f"{self.name}: reading a workbook needs the package python-calamine; install it: "
                "pip install 'redflags[excel]'"
            ) from error
        try:
            if self._path.suffix.lower() in _SUFFIXES[kind]:
                return CalamineWorkbook.from_path(self._path)
            # The name says another kind than what it is: the content decides.
            with self._path.open("rb") as stream:
                return CalamineWorkbook.from_filelike(stream)
        except PasswordError as error:
            raise InputError(
                self.name, "the workbook is protected by a password", remedy="save it without one"
            ) from error
        except CalamineError as error:
            raise self._damaged(error) from error
        except (OSError, ValueError) as error:
            raise unreadable(self.name, error) from error

    def _damaged(self, error: Exception) -> InputError:
        reason = " ".join(str(error).split())[:200]
        return InputError(self.name, f"the workbook is damaged: {reason}", remedy="save it again")

    def _chosen(self, wanted: str | None) -> tuple[CalamineSheet, Header]:
        names = self._workbook.sheet_names
        if wanted is not None:
            name = _named(wanted, names)
            if name is None:
                raise InputError(
                    self.name,
                    f"there is no sheet {wanted[:40]!r}",
                    remedy=f"name one of its sheets: {_listed(names)}",
                )
            sheet = self._loaded(name)
            header = self._header_of(sheet)
            if header is None:
                raise InputError(
                    self.name, f"the sheet {name[:40]!r} is empty", remedy="name another sheet"
                )
            return sheet, header
        found = self._likeliest(names=self._worksheets(shown=True))
        if not found:
            found = self._likeliest(names=self._worksheets(shown=False))
        if not found:
            raise InputError(
                self.name, "the workbook is empty", remedy="give one with a header and rows"
            )
        if len(found) > 1:
            several = _listed([sheet.name for sheet, _ in found])
            raise InputError(
                self.name,
                f"several sheets could hold the orders: {several}",
                remedy="name one with --sheet",
            )
        (chosen,) = found
        if len(names) > 1:
            self.notes += (f"read the sheet {chosen[0].name[:60]!r}, one of {len(names)}",)
        return chosen

    def _likeliest(self, names: Sequence[str]) -> list[tuple[CalamineSheet, Header]]:
        """Those sheets that are not empty and whose headers have most known names."""
        found: list[tuple[CalamineSheet, Header]] = []
        most = -1
        for name in names:
            sheet = self._loaded(name)
            header = self._header_of(sheet)
            if header is None:
                continue
            known = sum(map(self._is_known, set(header.names)))
            if known > most:
                found, most = [], known
            if known == most:
                found.append((sheet, header))
        return found

    def _worksheets(self, *, shown: bool) -> list[str]:
        """The sheets that are shown, or those that are hidden."""
        from python_calamine import SheetTypeEnum, SheetVisibleEnum

        return [
            one.name
            for one in self._workbook.sheets_metadata
            if one.typ == SheetTypeEnum.WorkSheet
            and (one.visible == SheetVisibleEnum.Visible) is shown
        ]

    def _loaded(self, name: str) -> CalamineSheet:
        from python_calamine import CalamineError

        try:
            return self._workbook.get_sheet_by_name(name)
        except CalamineError as error:
            raise self._damaged(error) from error

    def _header_of(self, sheet: CalamineSheet) -> Header | None:
        """The header of a sheet, its names from the first column on."""
        if sheet.start is None:
            return None
        top = [_texts(row) for row in islice(_rows(sheet), sheet.start[0] + LOOKED_AT)]
        return find_header(top, self._is_known, _groups(top, sheet))

    def require(self, columns: Sequence[int]) -> None:
        """Every cell is text."""

    def rows(self) -> Iterator[Row | Refused]:
        """Every row below the header in the order of the sheet; blank ones are passed over."""
        width = len(self.header)
        beyond = 0
        for place, values in enumerate(islice(_rows(self._sheet), self._first, None)):
            row = self._first + place + 1
            cells = tuple(_texts(values))
            if not any(map(str.strip, cells)):
                continue
            beyond += any(map(str.strip, cells[width:]))
            cells = cells[:width] + ("",) * (width - len(cells))
            self.row_count += 1
            reason = _unusable(cells)
            yield Refused(row, row, reason) if reason else Row(row, row, cells)
        if beyond:
            self.notes += (
                f"{beyond} rows have cells right of the last name of the header; those "
                "were passed over",
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
        from python_calamine import WorkbookClosed

        with suppress(WorkbookClosed):
            self._workbook.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


_SUFFIXES = {"xlsx": (".xlsx", ".xlsm"), "xls": (".xls",), "ods": (".ods",)}


def _rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """The rows of a sheet from the first one on, each from the first column on."""
    start = sheet.start or (0, 0)
    left = [""] * start[1]
    return (left + row for row in sheet.iter_rows())


def _texts(values: Sequence[Any]) -> list[str]:
    return [value if type(value) is str else typed_text(value) for value in values]


def _groups(top: list[list[str]], sheet: CalamineSheet) -> list[list[str]] | None:
    """The rows with the text of each merged cell in all that it covers; None where the format
    does not tell which cells are merged."""
    ranges = sheet.merged_cell_ranges
    if ranges is None:
        return None
    filled = [list(row) for row in top]
    for (first, left), (last, right) in ranges:
        if last >= len(top):
            continue
        for row in range(first, last + 1):
            for column in range(left, min(right + 1, len(top[row]))):
                filled[row][column] = top[first][left] if left < len(top[first]) else ""
    return filled


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
    rows = (
        f"row {header.last + 1}"
        if header.first == header.last
        else f"rows {header.first + 1} and {header.last + 1}"
    )
    above = f"; {header.first} rows above it were passed over" if header.first else ""
    return f"the header is on {rows}{above}"


def _distinct(header: Header, source: str) -> tuple[str, ...]:
    """The names without the empty ones at the end. Raises :class:`InputError` if a name is there
    twice."""
    seen: set[str] = set()
    width = 0
    for position, name in enumerate(header.names):
        if not name:
            continue
        width = position + 1
        if name.lower() in seen:
            raise InputError(
                source,
                f"the column {name[:80]!r} is there twice",
                remedy="rename or remove one of them",
                row=header.last + 1,
            )
        seen.add(name.lower())
    return header.names[:width]


def _unusable(cells: Sequence[str]) -> str:
    for position, cell in enumerate(cells, start=1):
        if len(cell) > LONGEST_CELL:
            return f"cell {position} is longer than {LONGEST_CELL} characters"
        reason = untextual(cell)
        if reason:
            return f"{reason} in cell {position}"
    return ""
