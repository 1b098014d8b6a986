"""Where the header of a sheet is: below titles and blank rows, and perhaps in two rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

LOOKED_AT = 50
"""Rows from the top among which the header is looked for."""


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns, and the positions of the first and last row that hold them."""

    names: tuple[str, ...]
    first: int
    last: int


def find_header(
    rows: Sequence[Sequence[str]],
    is_known: Callable[[str], bool],
    groups: Sequence[Sequence[str]] | None = None,
) -> Header | None:
    """The header among the first rows of a table: the row with most names for which ``is_known``
    is true, the fuller one and then the first winning a tie; where no name is known, the first
    row that is at least half as full as the fullest. None if all rows are blank.

    ``groups`` are the rows with the text of each merged cell in all the cells that it covers;
    without it a name is taken to reach as far as the cells on its right are empty. A name above
    several columns goes in front of theirs where that makes known names of them.
    """
    fullest = max((_filled(row) for row in rows), default=0)
    if not fullest:
        return None
    best: tuple[int, int] = (0, 0)
    found: Header | None = None
    for place, row in enumerate(rows):
        names = tuple(cell.strip() for cell in row)
        merit = (sum(map(is_known, set(names))), _filled(row))
        first = place
        if place and merit[1] and all(map(_may_be_name, names)):
            above = rows[place - 1] if groups is None else groups[place - 1]
            joined = _joined(
                _spread(above) if groups is None else above, rows[place - 1], names, is_known
            )
            better = sum(map(is_known, set(joined)))
            if better > merit[0]:
                names, merit, first = joined, (better, merit[1]), place - 1
        if merit[0] and merit > best:
            best, found = merit, Header(names, first, place)
    if found is None:
        place = next(place for place, row in enumerate(rows) if 2 * _filled(row) >= fullest)
        found = Header(tuple(cell.strip() for cell in rows[place]), place, place)
    return found


def _may_be_name(text: str) -> bool:
    """Whether a cell can stand in a row of names: a number, with no letter in it, cannot."""
    return not text or any(map(str.isalpha, text))


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _spread(row: Sequence[str]) -> list[str]:
    """Each cell that is empty with what stands to its left."""
    spread, last = [], ""
    for cell in row:
        last = cell.strip() or last
        spread.append(last)
    return spread


def _joined(
    groups: Sequence[str],
    above: Sequence[str],
    names: Sequence[str],
    is_known: Callable[[str], bool],
) -> tuple[str, ...]:
    joined = []
    for group, top, name in zip(groups, above, names, strict=True):
        both = f"{group.strip()} {name}"
        if not name:
            joined.append(top.strip())
        else:
            joined.append(both if group.strip() and is_known(both) else name)
    return tuple(joined)


def tell_twins_apart(
    names: Sequence[str], is_known: Callable[[str], bool] | None
) -> tuple[tuple[str, ...], str]:
    """The names, those that are there twice with a number behind them, and a note of that.

    A name for which ``is_known`` is true stays as it is: whoever knows it knows what to make of
    columns that are named alike.
    """
    counts: dict[str, int] = {}
    found, twins = [], []
    for name in names:
        key = name.lower()
        count = counts[key] = counts.get(key, 0) + bool(name)
        if count > 1 and is_known is not None and not (is_known(name) or is_known(key)):
            name = f"{name} ({count})"
            twins.append(name)
        found.append(name)
    told = f"names that are there twice were given a number: {', '.join(twins)[:200]}"
    return tuple(found), told if twins else ""
