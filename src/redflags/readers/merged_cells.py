"""Cells of a sheet that are merged: what they say counts in all rows that they cover."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Range = Sequence[Sequence[int]]
"""First row and column, last row and column, counted from 0."""

_MOST_MERGED = 200_000
"""Cells covered by merged ones, at the top of a sheet, that are looked at."""


def spread_at_top(
    rows: list[list[str]], above: int, merged: Sequence[Range] | None
) -> list[list[str]] | None:
    """The first rows with the text of each merged cell in all that it covers; None where the
    format does not tell which cells are merged. ``above`` rows stand over the first of them."""
    if merged is None:
        return None
    filled = [list(row) for row in rows]
    left_over = _MOST_MERGED
    for (first, left), (last, right) in merged:
        top, bottom = first - above, last - above
        if top < 0 or bottom >= len(rows) or left >= len(rows[top]):
            continue
        left_over -= (bottom - top + 1) * (right - left + 1)
        if left_over < 0:
            break
        for row in filled[top : bottom + 1]:
            row[left : right + 1] = [rows[top][left]] * len(row[left : right + 1])
    return filled


class FilledDown:
    """Rows in which a cell that is merged over several of them stands in each.

    Spreadsheets keep its text in the first row alone: the order's number and buyer would be lost
    for every further line. A row in which nothing else stands stays blank. ``count`` is of the
    cells that were filled.
    """

    def __init__(self, merged: Sequence[Range] | None, first: int) -> None:
        """``first`` is the position of the first row that will come; those above are passed."""
        self.count = 0
        self._first = first
        self._begin: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _) in merged or ():
            if top >= first and bottom > top:
                self._begin.setdefault(top, []).append((left, bottom))

    def rows(self, rows: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
        """The rows, one by one."""
        if not self._begin:
            yield from rows
            return
        # By column, so that however many are said to be merged no row takes more than its width.
        running: dict[int, tuple[int, str]] = {}
        for place, row in enumerate(rows, start=self._first):
            if running and any(map(str.strip, row)):
                row = self._filled(place, row, running)
            for column, last in self._begin.get(place, ()):
                if column < len(row) and row[column].strip():
                    running[column] = last, row[column]
            yield row

    def _filled(
        self, place: int, row: Sequence[str], running: dict[int, tuple[int, str]]
    ) -> Sequence[str]:
        cells = list(row)
        for column, (last, text) in list(running.items()):
            if place > last:
                del running[column]
            elif column < len(cells) and not cells[column].strip():
                cells[column] = text
                self.count += 1
        return cells
