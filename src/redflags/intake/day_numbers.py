"""Whether a column of a sheet has the numbers of days, as spreadsheets store them, for dates.

A number such as 42186 is a day (1 July 2015) where the sheet counts from 1900. It could also be a
date without its leading nought or the day of a year. So a column settles it only if all that it
states are such numbers, none lies after the file, and each other reading fails for some of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from redflags.model.kinds import DATE
from redflags.values.dates import day_of_number

_FIRST: Final = 20_000
"""Of smaller numbers none is taken for a day: this one is in 1954."""

_FIRST_ORDER: Final = date(2000, 1, 1)
"""No order is read as older than this in one of the other readings."""


def _day_of_year(digits: str, year: Callable[[str], int]) -> date | None:
    number = int(digits[2:])
    found = date(year(digits[:2]), 1, 1) + timedelta(number - 1)
    return found if number and found.year == year(digits[:2]) else None


def _calendar_day(year: int, month: str, day: str) -> date | None:
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


_READINGS: Final[dict[str, Callable[[str, Callable[[str], int]], date | None]]] = {
    "YYDDD": _day_of_year,
    "MDDYY": lambda digits, year: _calendar_day(year(digits[3:]), digits[0], digits[1:3]),
    "DMMYY": lambda digits, year: _calendar_day(year(digits[3:]), digits[1:3], digits[0]),
    "YMMDD": lambda digits, year: _calendar_day(2000 + int(digits[0]), digits[1:3], digits[3:]),
}
"""What else five digits can be, by the letters for it."""


@dataclass(slots=True)
class DayNumbers:
    """What the cells of one column of dates say, in any order. ``of_orders``: they are the dates of
    the orders themselves, none of them after ``latest`` or older than the others can be."""

    latest: date
    of_orders: bool
    fail: bool = False
    first: tuple[int, str] | None = None
    others: set[str] = field(default_factory=lambda: set(_READINGS))

    def add(self, text: str, row: int | None) -> None:
        """Hear the text of one cell."""
        body = text.strip()
        if self.fail or not body or DATE.parse(body).is_blank:
            return
        day = day_of_number(body)
        if day is None or len(body) < 5 or int(body[:5]) < _FIRST or not self._can_be(day):
            self.fail = True
            return
        self.others = {one for one in self.others if self._reads(one, body)}
        if self.first is None or (row or 0, body) < self.first:
            self.first = row or 0, body

    @property
    def are_counted(self) -> bool:
        """Whether the column has the numbers of days and cannot have anything else."""
        return self.first is not None and not self.fail and not self.others

    def _can_be(self, day: date) -> bool:
        return not self.of_orders or day <= self.latest

    def _reads(self, reading: str, body: str) -> bool:
        if len(body) != 5:
            return False  # with a time of day
        day = _READINGS[reading](body, self._year)
        return day is not None and (not self.of_orders or _FIRST_ORDER <= day <= self.latest)

    def _year(self, digits: str) -> int:
        year = 2000 + int(digits)
        return year if not self.of_orders or year <= self.latest.year else year - 100
