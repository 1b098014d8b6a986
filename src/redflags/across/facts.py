"""What windows are measured over, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from redflags.across.groups import ALWAYS, Groups
from redflags.across.measures import Measured

if TYPE_CHECKING:
    import polars as pl

Values = TypeVar("Values", bound=Sequence[Any])

MOST_MEMBERS = 50
"""Lines of a window that its evidence names; the count is of all."""


@dataclass(slots=True)
class Facts:
    """Order lines column by column, all of one length; the line's number is its place.

    ``days`` count from any fixed day (None: no date); ``orders`` are order numbers (None: the line
    has none and is an order of its own); ``where`` says whether a line can be of a window (None:
    unknown; a return is False, it is no purchase). ``fixed`` is the part of the key that does not
    change with what becomes known, such as a country (None: unknown, so no key), and ``parties``
    the groups that must be the same, each with the number of the line's party (-1: not stated).

    ``within`` is the length of a window in days; None: all lines of the same key, whatever their
    day. ``earliest`` is the first day of which there are orders, in whatever input. ``series`` can
    be shared by the facts of several rules, as long as their columns do not change.
    """

    days: Sequence[int | None]
    orders: Sequence[Hashable | None]
    where: Sequence[bool | None]
    fixed: Sequence[Hashable | None] | None = None
    parties: Sequence[tuple[Groups, Sequence[int]]] = ()
    within: int | None = None
    earliest: int | None = None
    series: dict[int, tuple[object, pl.Series]] = field(default_factory=dict)

    def column(self, values: Values, made: Callable[[Values], pl.Series]) -> pl.Series:
        """Some of the columns as ``made`` of it, which is done once."""
        found = self.series.get(id(values))
        if found is None:
            found = self.series[id(values)] = values, made(values)  # an id is good while it lives
        return found[1]

    def has_key(self, line: int) -> bool:
        """Whether all parts of the line's key are known."""
        if self.fixed is not None and self.fixed[line] is None:
            return False
        return all(nodes[line] >= 0 for _, nodes in self.parties)

    def unable(self, lines: Collection[int]) -> dict[int, str]:
        """Of some lines those that have no window, with the reason."""
        found: dict[int, str] = {}
        days, fixed = self.days, self.fixed
        if self.within is not None:
            found.update((line, NO_DAY) for line in lines if days[line] is None)
        for _, nodes in self.parties:
            found.update((line, NO_KEY) for line in lines if nodes[line] < 0)
        if fixed is not None:
            found.update((line, NO_KEY) for line in lines if fixed[line] is None)
        return found

    def place_in_time(self, line: int) -> tuple[int, str, int]:
        """What lines are put in order by: their day, those without one first, then the order."""
        day = self.days[line]
        return (ALWAYS if day is None else day, str(self.orders[line]), line)

    def since(self, day: int) -> int | None:
        """The first day of the window of a day; None where windows have no beginning."""
        return None if self.within is None else day - self.within + 1

    def covers(self, day: int) -> bool:
        """Whether there are orders from before the window of a day, in whatever input."""
        if self.within is None:
            return True
        return self.earliest is not None and self.earliest <= day - self.within


@dataclass(frozen=True, slots=True)
class Window:
    """What was measured over the window of one line.

    ``members`` are the latest lines of the window in order of time, at most fifty; ``orders`` and
    ``lines`` count all that are surely of it, ``possible`` the lines that may be. They are given
    only where the verdict is not false. ``since`` is the first day of the window, None without
    one. ``history_before`` is set where orders before that day would settle what is unknown.
    """

    measured: tuple[Measured, ...]
    members: tuple[int, ...] = ()
    orders: int = 0
    lines: int = 0
    possible: int = 0
    since: int | None = None
    history_before: int | None = None

    @property
    def verdict(self) -> bool | None:
        """Whether all that was asked holds."""
        verdicts = [one.verdict for one in self.measured]
        if False in verdicts:
            return False
        return None if None in verdicts else True


NO_KEY = "it is not stated whose orders belong together"
NO_DAY = "the date of the order is not known"
NOT_ASKED = "something else that was asked of the window is false"
TOO_SHORT = "the history does not go back to the beginning of the window"
