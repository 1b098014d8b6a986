"""How far the cells of OpenDocument sheets are spread: one tag may stand for a million rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Final

from redflags.errors import InputError

MOST_ROWS: Final = 1_048_576
"""Rows that a sheet of any spreadsheet program can have."""

_PIECE: Final = 1 << 20
_LONGEST_ROW: Final = 1 << 26

# What is written otherwise than programs write it is taken for too much rather than too little.
_START = re.compile(rb"<table:table(-row)?(?=[\s/>])")
_ROW_END: Final = b"</table:table-row"
_ROWS = re.compile(rb"""table:number-rows-repeated\s*=\s*["']([^"']*)["']""")
_COLUMNS = re.compile(rb"""table:number-columns-repeated\s*=\s*["']([^"']*)["']""")
_CONTENT = re.compile(rb"(?:value|value-type|formula)\s*=")
_BEYOND: Final = 10**12


def refuse_spread(opened: IO[bytes], name: str, most_cells: int) -> None:
    """Raise :class:`InputError` if a sheet of this ``content.xml`` has a row that holds something
    below where a sheet ends, or if such rows span more cells than these. Empty rows below the
    last one, and empty cells behind the last one, do no harm, however many they are."""
    rows = first = wide = 0
    for part in _parts(opened, name):
        start = _START.match(part)
        if start is None:
            continue
        if not start[1]:  # another sheet
            rows = first = wide = 0
            continue
        above = rows
        rows += _repeated(_ROWS.search(part, 0, _end_of_tag(part)))
        row = part[: part.find(_ROW_END)] if _ROW_END in part else b""
        end = _last_content(row)
        if end < 0:
            continue
        first = first or above + 1
        wide = max(wide, _width(row, end))
        if rows > MOST_ROWS:
            raise InputError(
                name,
                f"a sheet holds something in row {_counted(rows)}; a sheet ends at row {MOST_ROWS}",
                remedy="delete the rows that are repeated below the table",
            )
        if (rows - first + 1) * wide > most_cells:
            raise InputError(
                name,
                f"the cells of a sheet are spread over {rows} rows and {wide} columns",
                remedy="delete what stands far from the table, or save the sheet as CSV",
            )


def _parts(opened: IO[bytes], name: str) -> Iterator[bytes]:
    """The text in parts that begin where a row or a sheet does, but for the first one."""
    rest = b""
    while piece := opened.read(_PIECE):
        text = rest + piece
        starts = [found.start() for found in _START.finditer(text)]
        for start, end in zip([0, *starts], starts, strict=False):
            yield text[start:end]
        rest = text[starts[-1] :] if starts else text
        if len(rest) > _LONGEST_ROW:
            raise InputError(
                name,
                f"a row of a sheet takes more than {_LONGEST_ROW >> 20} megabytes",
                remedy="save the sheet as CSV",
            )
    yield rest


def _end_of_tag(part: bytes) -> int:
    """Where what follows the first tag begins."""
    end = part.find(b"<", 1)
    return len(part) if end < 0 else end


def _last_content(row: bytes) -> int:
    """Where the last thing stands that shows that a cell is not empty; -1 if none does."""
    text = row.rfind(b"<text:")
    if max(row.rfind(b"value"), row.rfind(b"formula")) < text:
        return text
    return max((found.start() for found in _CONTENT.finditer(row, max(text, 0))), default=text)


def _width(row: bytes, end: int) -> int:
    """How many columns the cells that begin before this place take."""
    wide = row.count(b"<table:table-cell", 0, end) + row.count(b"<table:covered-table-cell", 0, end)
    # The count of a cell may stand behind what shows that it holds something.
    after = row.find(b"<", end + 1)
    after = len(row) if after < 0 else after
    if row.find(b"columns-repeated", 0, after) >= 0:
        wide += sum(_repeated(found) - 1 for found in _COLUMNS.finditer(row, 0, after))
    return wide


def _repeated(found: re.Match[bytes] | None) -> int:
    if found is None:
        return 1
    digits = found[1]
    return int(digits) if digits.isdigit() and len(digits) <= 12 else _BEYOND


def _counted(number: int) -> str:
    return str(number) if number < _BEYOND else "10^12 or later"
