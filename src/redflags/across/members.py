"""Which lines a window holds: the presences of a key, looked through from the latest back."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from redflags.across.facts import MOST_MEMBERS
from redflags.across.groups import ALWAYS

if TYPE_CHECKING:
    import polars as pl


class Present:
    """The presences of some keys, to name the lines of a window."""

    def __init__(self, rows: pl.DataFrame, first: int, within: int | None) -> None:
        """``rows`` are in order of key and time, with their own days; ``since`` and ``until``
        count from the day ``first``."""
        self._first = first
        self._within = within
        self._days, self._lines, self._since, self._until = (
            rows[name].to_list() for name in ("day", "line", "since", "until")
        )
        spans = rows.group_by("key", maintain_order=True).len()
        self._spans: dict[int, tuple[int, int]] = {}
        start = 0
        for key, count in spans.iter_rows():
            self._spans[key] = (start, start + count)
            start += count

    def latest(self, key: int, day: int) -> list[int]:
        """The latest lines that are present on a day, at most fifty, the last one first."""
        within = self._within
        today = day + self._first
        start, place = self._spans.get(key, (0, 0))
        if within is not None:
            place = bisect_right(self._days, today, start, place)
        found: list[int] = []
        while place > start and len(found) < MOST_MEMBERS:
            place -= 1
            if self._since[place] <= day < self._until[place]:
                found.append(self._lines[place])
            elif within is not None and ALWAYS < self._days[place] <= today - within:
                # Older than the window: what is left are the lines without a date.
                place = min(place, bisect_right(self._days, ALWAYS, start, place))
        return found
