"""How a CSV file is laid out, found from its first lines: delimiter, header row, odd quoting."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from redflags.errors import InputError
from redflags.readers.csv_cells import OPEN, CellSplitter
from redflags.readers.delimiters import DELIMITERS, announced_delimiter, plausible_delimiters

HeaderRow = int | Literal["none"] | None
"""Where the names of the columns stand: a row as a spreadsheet counts, nowhere, or to be found."""

SPACE: Final = " \t\r\n\f\v"

MOST_LINES: Final = 100
"""Lines over which one row may run by line breaks inside quoted cells."""

_MOST_RECORDS: Final = 100
_MOST_ABOVE: Final = 40
"""Rows that may stand above the names of the columns."""

_NUMBER = re.compile(r"[\d\s.,:/+\-%€$£]+")
_EDGES = re.compile(r"[\w#(](?:.*[\w)\].%*])?\Z", re.DOTALL)
_MOST_NAMES: Final = 5_000
_LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of a file are to be read.

    ``names`` are those of the columns; ``rows`` and ``lines`` count what stands before the first
    data row, as a spreadsheet and as a text editor count, the last ``header_lines`` being the
    header; ``extra`` is how many empty cells each
    data row has beyond the last column. With ``escapes`` a backslash stands before a quote that
    is text; with ``unwraps`` a row that is one quoted cell is the row that this cell holds.
    """

    delimiter: str
    names: tuple[str, ...] = ()
    rows: int = 0
    lines: int = 0
    header_lines: int = 0
    extra: int = 0
    escapes: bool = False
    unwraps: bool = False
    notes: tuple[str, ...] = ()


class _Record(NamedTuple):
    """A row of the first lines that is not blank. ``cells`` is empty if it could not be split."""

    row: int
    lines: int
    lines_end: int
    cells: tuple[str, ...]
    was_wrapped: bool


class _Trial(NamedTuple):
    """A layout that was tried: how well it fits, and the record of the header."""

    merit: tuple[float, ...]
    layout: Layout
    known: int
    fits: float


def find_layout(
    name: str,
    lines: Sequence[str],
    *,
    delimiter: str | None,
    header_row: HeaderRow,
    is_known: Callable[[str], bool] | None,
) -> Layout:
    """Find how a file is laid out from its first ``lines``, which have their line ends.

    Of all delimiters and ways of quoting that the lines allow, that one is taken under which most
    names of columns are known and most rows have as many cells as there are names. The header is
    the row with most known names; where none is known, the first that is as wide as the rows
    below it.

    Raises :class:`InputError` if there is no row to take the names from.
    """
    start = 0
    while start < len(lines) and not lines[start].strip(SPACE + "\ufeff\x1a"):
        start += 1
    if start < len(lines):
        announced = announced_delimiter(lines[start].lstrip("\ufeff"))
        if announced is not None:
            delimiter, start = delimiter or announced, start + 1
    if not any(line.strip(SPACE + "\x1a") for line in lines[start:]):
        raise InputError(name, "the file has no header row", remedy="give a file with column names")
    first = [line for line in lines[start : start + _MOST_ABOVE] if line.strip(SPACE)]
    tried = [delimiter] if delimiter else plausible_delimiters(first)
    text = "".join(lines)
    is_known = None if is_known is None else lru_cache(maxsize=None)(is_known)
    best: _Trial | None = None
    for place, mark in enumerate(tried):
        if place and mark not in text:
            continue
        if best is not None and _is_beyond_doubt(best):
            break
        for escapes, unwraps in _quotings(text):
            if best is not None and best.fits == 1 and _is_beyond_doubt(best):
                break
            layout = Layout(mark, escapes=escapes, unwraps=unwraps)
            trial = _try(lines, start, layout, header_row, is_known)
            if trial is None or not _is_allowed(trial, best, is_stated=delimiter is not None):
                continue
            if best is None or trial.merit > best.merit:
                best = trial
    if best is None:
        _refuse_header(name, lines, start, tried, header_row)
    assert best is not None
    return best.layout


def _is_beyond_doubt(best: _Trial) -> bool:
    """Whether no other delimiter needs to be tried: all rows fit and half of the names are known,
    or nearly all fit and all are known; and no name has a mark at its edge that could be part of a
    longer delimiter."""
    names = best.layout.names
    return (
        best.known > 1
        and best.known >= (1 if best.fits < 1 else 0.5) * len(names)
        and best.fits >= 0.9
        and all(one and _EDGES.match(one) for one in names)
    )


def _quotings(text: str) -> list[tuple[bool, bool]]:
    """Ways of quoting that a text allows, as (escapes, unwraps), the standard one first."""
    ways = [(False, False)]
    if '\\"' in text:
        ways.append((True, False))
    if '"' in text:
        ways.append((False, True))
    return ways


def _is_allowed(trial: _Trial, best: _Trial | None, *, is_stated: bool) -> bool:
    """Whether a layout that is out of the ordinary has enough that speaks for it."""
    layout = trial.layout
    if layout.escapes:
        return trial.fits == 1 and best is not None and best.fits < 1
    if layout.unwraps:
        if trial.known < 2:
            return False
        # Either the header stood in quotes too, or this is what makes all rows fit.
        return best is None or trial.known > best.known or trial.fits == 1 > best.fits
    if layout.delimiter in DELIMITERS or is_stated:
        return True
    return trial.known > 1 or (len(layout.names) > 2 and trial.fits == 1)


def _try(
    lines: Sequence[str],
    start: int,
    layout: Layout,
    header_row: HeaderRow,
    is_known: Callable[[str], bool] | None,
) -> _Trial | None:
    records = _records(lines, start, layout)
    if not records:
        return None
    place = _header_place(records, header_row, is_known)
    if place is None:
        return None
    if place < 0:
        width = _usual_width(records)
        numbered = tuple(f"#{number}" for number in range(1, width + 1))
        note = "the file has no header; its columns are #1, #2 and so on"
        found = replace(layout, names=numbered, rows=start, lines=start, notes=(note,))
        fits = _share(records, width)
        usual = layout.delimiter in DELIMITERS
        return _Trial((0, (width > 1) * fits, 0, 0, fits, usual, width, 0), found, 0, fits)
    header = records[place]
    below = [one for one in records[place + 1 :] if one.cells]
    given, notes = _named(records, place, is_known)
    names, extra, about_width = _fitted(given, below)
    known = _known(names, is_known)
    fits = _share(records[place + 1 :], len(names) + extra)
    if layout.unwraps and not _wraps_well(records[place:], len(names) + extra):
        return None
    edges = sum(not (one[0].isalnum() and one[-1].isalnum()) for one in names if one)
    unknown = len(names) - known
    merit = (
        known * (1 + 3 * fits),
        (len(names) > 1) * fits,
        -unknown if known else 0,
        -edges,
        fits,
        0 if known else layout.delimiter in DELIMITERS,
        0 if known else len(names),
        -layout.escapes - layout.unwraps,
    )
    if about_width:
        notes.append(about_width)
    if layout.escapes:
        notes.append("a backslash stands before each quote that is text")
    if layout.unwraps:
        notes.append("rows that stood in quotes as a whole were taken out of them")
    found = replace(
        layout,
        names=names,
        rows=header.row,
        lines=header.lines_end,
        header_lines=header.lines,
        extra=extra,
        notes=tuple(notes),
    )
    return _Trial(merit, found, known, fits)


def _records(lines: Sequence[str], start: int, layout: Layout) -> list[_Record]:
    """The records of the first lines that are not blank."""
    records: list[_Record] = []
    row, place = start, start
    blank = SPACE + (layout.delimiter if len(layout.delimiter) == 1 else "")
    while place < len(lines) and len(records) < _MOST_RECORDS:
        row += 1
        cells, count, was_wrapped = split_lines(lines, place, layout)
        place += count
        if any(cell.strip(blank + "\x1a\ufeff") for cell in cells) or not cells:
            records.append(_Record(row, count, place, cells, was_wrapped))
    return records


def split_lines(
    lines: Sequence[str], place: int, layout: Layout
) -> tuple[tuple[str, ...], int, bool]:
    """The cells of the record that begins with a line, over how many lines it runs, and whether
    it stood in quotes as a whole. A record that cannot be split has no cells and one line."""
    line = lines[place].removeprefix("\ufeff") if place == 0 else lines[place]
    if '"' not in line and not layout.escapes:
        return tuple(line.rstrip("\r\n").split(layout.delimiter)), 1, False
    splitter = CellSplitter(layout.delimiter, escapes=layout.escapes)
    state = splitter.feed(*without_end(line))
    count = 1
    while state == OPEN and count < MOST_LINES and place + count < len(lines):
        state = splitter.feed(*without_end(lines[place + count]))
        count += 1
    if state:
        return (), 1, False
    if layout.unwraps and len(splitter.cells) == 1 and line.startswith('"'):
        inner = unwrapped(splitter.cells[0], layout)
        return (tuple(inner), count, True) if inner is not None else ((), 1, False)
    return tuple(splitter.cells), count, False


def unwrapped(text: str, layout: Layout) -> list[str] | None:
    """The cells of a row that stood in quotes as a whole; None if it cannot be split."""
    splitter = CellSplitter(layout.delimiter, escapes=layout.escapes)
    return None if splitter.feed(text, "") else splitter.cells


def without_end(line: str) -> tuple[str, str]:
    """A line and its line end apart."""
    text = line.rstrip("\r\n")
    return text, line[len(text) :]


def _header_place(
    records: Sequence[_Record], header_row: HeaderRow, is_known: Callable[[str], bool] | None
) -> int | None:
    """Where among the records the header is; -1 for nowhere, None if it cannot be split."""
    if header_row == "none":
        return -1
    if header_row is not None:
        return next(
            (place for place, one in enumerate(records) if one.row == header_row and one.cells),
            None,
        )
    above = records[: _MOST_ABOVE + 1]
    width = _usual_width(records)
    if _is_evident(above[0], width, is_known):
        return 0
    known = [_known([cell.strip() for cell in one.cells], is_known) for one in above]
    most = max(known)
    place = known.index(most)
    is_enough = most > 1 or (most and (place == 0 or _all_known(above[place], is_known)))
    if is_enough and (place == 0 or _looks_like_names(above[place].cells)):
        return place
    place = _first_full(above, width)
    return place if records[place].cells else None


def _is_evident(first: _Record, width: int, is_known: Callable[[str], bool] | None) -> bool:
    """Whether the first record is the header without a look at the others."""
    names = [cell.strip() for cell in first.cells]
    return (
        len(names) == width > 1
        and _is_full(first)
        and _known(names, is_known) > max(1, len(names) // 2)
    )


def _first_full(above: Sequence[_Record], width: int) -> int:
    """The first record that is as wide as most and has more than half of its cells filled with
    what could be names; else the first of all."""
    is_usual = sum(len(one.cells) == width for one in above) > 1
    if (
        width > 1
        and is_usual
        and not (above[0].cells and len(above[0].cells) == width and _is_full(above[0]))
    ):
        for place, one in enumerate(above):
            if len(one.cells) == width and _is_full(one) and _looks_like_names(one.cells):
                return place
    return 0


def _is_full(record: _Record) -> bool:
    return 2 * sum(bool(cell.strip(SPACE)) for cell in record.cells) > len(record.cells)


def _looks_like_names(cells: Sequence[str]) -> bool:
    filled = [cell.strip(SPACE) for cell in cells if cell.strip(SPACE)]
    return bool(filled) and not any(
        _NUMBER.fullmatch(cell) or len(cell) > _LONGEST_NAME for cell in filled
    )


def _known(names: Sequence[str], is_known: Callable[[str], bool] | None) -> int:
    if is_known is None:
        return 0
    asked = {one for one in names[:_MOST_NAMES] if one and len(one) < _LONGEST_NAME}
    return sum(map(is_known, asked))


def _all_known(record: _Record, is_known: Callable[[str], bool] | None) -> bool:
    return is_known is not None and all(
        is_known(cell.strip()) for cell in record.cells if cell.strip()
    )


def _usual_width(records: Sequence[_Record]) -> int:
    """How many cells most records have, the most of these on a tie."""
    widths = Counter(len(one.cells) for one in records if one.cells)
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _share(records: Sequence[_Record], width: int) -> float:
    if not records:
        return 1.0
    return sum(len(one.cells) == width for one in records) / len(records)


def _wraps_well(records: Sequence[_Record], width: int) -> bool:
    """Whether some rows stood in quotes as a whole, and each of these gives all its cells; if the
    header did too, most of them."""
    wrapped = [one for one in records if one.was_wrapped or not one.cells]
    well = sum(len(one.cells) == width for one in wrapped)
    return (
        bool(wrapped)
        and width > 1
        and (2 * well > len(wrapped) if records[0].was_wrapped else well == len(wrapped))
    )


def _named(
    records: Sequence[_Record], place: int, is_known: Callable[[str], bool] | None
) -> tuple[list[str], list[str]]:
    """The names of the columns, and notes on what was done to find them."""
    header = records[place]
    names = [cell.strip() for cell in header.cells]
    notes = []
    joined = _under_groups(records, place, names, is_known)
    if joined is not None:
        names = joined
        notes.append(
            f"the header is on rows {records[place - 1].row} and {header.row}: the names of the "
            "first stand before those of the second"
        )
    elif header.row > 1:
        notes.append(f"the header is on row {header.row}")
    above = place - (joined is not None)
    if above:
        told = "row above it with text was" if above == 1 else "rows above it with text were"
        notes[-1] += f"; {above} {told} passed over"
    return names, notes


def _under_groups(
    records: Sequence[_Record],
    place: int,
    names: Sequence[str],
    is_known: Callable[[str], bool] | None,
) -> list[str] | None:
    """Names joined with those of merged cells in the row above, if that makes more of them known
    or tells apart those that are the same; else None."""
    if place == 0 or is_known is None:
        return None
    groups = [cell.strip() for cell in records[place - 1].cells]
    filled = [one for one in groups if one]
    if records[place - 1].row + 1 != records[place].row or len(filled) < 2:
        return None
    groups += [""] * (len(names) - len(groups))
    counts = Counter(one.lower() for one in names)
    joined = []
    group = ""
    for above, one in zip(groups, names, strict=False):
        group = above or group
        both = f"{group} {one}".strip() if one else one
        is_better = is_known(both) and not is_known(one)
        joined.append(both if one and (counts[one.lower()] > 1 or is_better) else one)
    return joined if joined != list(names) else None


def _fitted(names: list[str], below: Sequence[_Record]) -> tuple[tuple[str, ...], int, str]:
    """The names of as many columns as the rows have, how many empty cells each row has beyond
    them, and a note. Only cells that are empty everywhere are left out, never one that is not."""
    widths = Counter(len(one.cells) for one in below)
    if not widths or len(names) in widths:
        return tuple(names), 0, ""
    width = max(widths, key=lambda one: (widths[one], one))
    if 2 * widths[width] < len(below):
        return tuple(names), 0, ""
    if width < len(names) and not any(names[width:]):
        left = f"the header ends with {len(names) - width} empty cells more than the rows"
        return tuple(names[:width]), 0, left
    more = width - len(names)
    if more > 0 and widths[width] > 1 and not any(
        cell.strip(SPACE)
        for one in below
        if len(one.cells) == width
        for cell in one.cells[len(names) :]
    ):  # fmt: skip
        noun = "one empty cell" if more == 1 else f"{more} empty cells"
        return tuple(names), more, f"each row ends with {noun} more than the header; left out"
    return tuple(names), 0, ""


def _refuse_header(
    name: str,
    lines: Sequence[str],
    start: int,
    tried: Sequence[str],
    header_row: HeaderRow,
) -> None:
    """Say why there is no header."""
    if header_row is not None:
        raise InputError(
            name,
            f"the first {len(lines)} lines have no row {header_row} with names of columns",
            remedy="give the row of the names, counted as in a spreadsheet, or none",
        )
    row = start + 1
    splitter = CellSplitter(tried[0])
    state = splitter.feed(*without_end(lines[start]))
    if not state:
        raise InputError(
            name, "the header cannot be read: its row has no names", remedy="name the columns",
            row=row,
        )  # fmt: skip
    reason = (
        f"the quote at the start of cell {splitter.cell} is not closed"
        if state == OPEN
        else f"cell {splitter.cell} begins with a quote and has another one inside that is not "
        "doubled"
    )
    raise InputError(
        name, f"the header cannot be read: {reason}", remedy="check its quotes", row=row
    )
