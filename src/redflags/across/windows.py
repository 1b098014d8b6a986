"""Windows over order lines: what the orders with the same key, of the same days, come to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from redflags.across.columns import VECTORED, Columns
from redflags.across.facts import MOST_MEMBERS as MOST_MEMBERS
from redflags.across.facts import NO_DAY as NO_DAY
from redflags.across.facts import NO_KEY as NO_KEY
from redflags.across.facts import NOT_ASKED
from redflags.across.facts import TOO_SHORT as TOO_SHORT
from redflags.across.facts import Facts as Facts
from redflags.across.facts import Window as Window
from redflags.across.measures import Measure, Measured
from redflags.across.sweep import Sweep

FEW_LINES = 2_000
"""Up to so many lines one pass in plain Python is quicker than columns, and loads no library."""


def measure(facts: Facts, measures: Sequence[Measure], asked: Sequence[int]) -> list[Window]:
    """The window of each line that is asked for, in their order.

    A window of which something is false says no more than that: its bounds are left out.
    """
    lines = dict.fromkeys(asked)
    unable = facts.unable(lines)
    found = {line: _unknown(len(measures), why) for line, why in unable.items()}
    able = [line for line in lines if line not in unable] if unable else list(lines)
    take = _by_sweep if len(facts.days) <= FEW_LINES else _by_columns
    found.update(take(facts, measures, able))
    return [found[line] for line in asked]


@lru_cache(maxsize=256)
def _unknown(count: int, why: str) -> Window:
    """The window of a line that has none."""
    return Window((Measured(None, why=why),) * count)


def _by_sweep(facts: Facts, measures: Sequence[Measure], asked: Sequence[int]) -> dict[int, Window]:
    found = {}
    for line, window in Sweep(facts, measures).run(asked):
        false = sum(1 << place for place, one in enumerate(window.measured) if one.verdict is False)
        quick = sum(1 << place for place, one in enumerate(measures) if one.kind in VECTORED)
        found[line] = _false(len(measures), (false & quick) or false) if false else window
    return found


@lru_cache(maxsize=1_024)
def _false(count: int, false: int) -> Window:
    """A window of which some measures are false (two to the power of their places); what the
    others say is left open."""
    return Window(
        tuple(
            Measured(False) if false >> place & 1 else Measured(None, why=NOT_ASKED)
            for place in range(count)
        )
    )


def _by_columns(
    facts: Facts, measures: Sequence[Measure], asked: Sequence[int]
) -> dict[int, Window]:
    """By columns as far as these go, then the rest in one pass over what is not false by then."""
    if not asked:
        return {}
    count = len(measures)
    columns = Columns(facts, asked)
    taken = {place: columns.take(one) for place, one in enumerate(measures) if one.kind in VECTORED}
    false, standing = columns.standing(taken)
    found = {
        line: _false(count, some) for line, some in zip(asked, false.to_list(), strict=True) if some
    }
    told = {place: one.told(standing) for place, one in taken.items()}
    lines = [asked[place] for place in standing.to_list()]
    rest = [place for place in range(count) if place not in taken]
    if rest:
        swept = dict(Sweep(facts, [measures[place] for place in rest]).run(lines))
        for number, place in enumerate(rest):
            told[place] = [swept[line].measured[number] for line in lines]
    sizes = [one.to_list() for one in columns.counts(standing)]
    members = columns.members(standing.to_list())
    rows = zip(lines, zip(*(told[place] for place in range(count)), strict=True), strict=True)
    for (line, measured), *size, named in zip(rows, *sizes, members, strict=True):
        some = sum(1 << place for place, one in enumerate(measured) if one.verdict is False)
        found[line] = _false(count, some) if some else _made(facts, line, measured, named, size)
    return found


def _made(
    facts: Facts,
    line: int,
    measured: tuple[Measured, ...],
    members: tuple[int, ...],
    sizes: Sequence[int],
) -> Window:
    day = facts.days[line]
    since = None if day is None else facts.since(day)
    is_short = any(one.why is TOO_SHORT for one in measured)
    orders, sure, possible = sizes
    short = since if is_short else None
    return Window(measured, members, orders, sure, possible, since, short)
