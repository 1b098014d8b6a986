"""Windows over order lines: what the orders with the same key, of the same days, come to.

One pass over the days, in which lines come into the window of their key and leave it again when
they are too old. Where a party's group changes from one day to the next, its lines move with it.
Each line comes once, leaves once and moves only when its side of a merger is the smaller one, so
the work grows with the number of lines and not with the size of windows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import chain, islice
from typing import Any

from redflags.across.groups import ALWAYS, NEVER, Groups
from redflags.across.measures import (
    COLLECTED,
    Baseline,
    Collected,
    Count,
    First,
    Measure,
    Measured,
    Total,
)

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
    day. ``earliest`` is the first day of which there are orders, in whatever input.
    """

    days: Sequence[int | None]
    orders: Sequence[Hashable | None]
    where: Sequence[bool | None]
    fixed: Sequence[Hashable | None] | None = None
    parties: Sequence[tuple[Groups, Sequence[int]]] = ()
    within: int | None = None
    earliest: int | None = None

    def has_key(self, line: int) -> bool:
        """Whether all parts of the line's key are known."""
        if self.fixed is not None and self.fixed[line] is None:
            return False
        return all(nodes[line] >= 0 for _, nodes in self.parties)


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
TOO_SHORT = "the history does not go back to the beginning of the window"


def measure(facts: Facts, measures: Sequence[Measure], asked: Sequence[int]) -> list[Window]:
    """The window of each line that is asked for, in their order."""
    found: dict[int, Window] = {}
    sweep: list[int] = []
    for line in asked:
        why = ""
        if not facts.has_key(line):
            why = NO_KEY
        elif facts.within is not None and facts.days[line] is None:
            why = NO_DAY
        if why:
            unknown = Measured(None, why=why)
            found[line] = Window(tuple(unknown for _ in measures))
        else:
            sweep.append(line)
    found.update(_Sweep(facts, measures).run(sweep))
    return [found[line] for line in asked]


class _State:
    """The window of one key on the day that the pass has reached."""

    __slots__ = ("cells", "collected", "lines", "orders", "possible", "recent", "told")

    def __init__(self, measures: Sequence[Measure]) -> None:
        self.collected: list[Collected] = [COLLECTED[one.kind](one) for one in measures]
        self.orders = Count(Measure("count", "at_least", 0))
        self.lines = 0
        self.possible = 0
        self.cells: set[_Cell] = set()
        self.recent: list[int] | None = None
        self.told: list[Measured | None] | None = None


@dataclass(eq=False, slots=True)
class _Cell:
    """Lines whose key and counted parties are made of the same parts: they move together."""

    fixed: Hashable
    nodes: tuple[int, ...]
    counted: tuple[int, ...]
    lines: deque[int] = field(default_factory=deque)
    undated: list[int] = field(default_factory=list)
    key: Hashable = None
    labels: tuple[int, ...] = ()


class _Sweep:
    def __init__(self, facts: Facts, measures: Sequence[Measure]) -> None:
        self._facts = facts
        self._measures = measures
        self._groups = [groups for groups, _ in facts.parties]
        self._counting = [one.party for one in measures if one.party is not None]
        self._place_of_party: list[int | None] = []
        for one in measures:
            self._place_of_party.append(
                None if one.party is None else sum(p is not None for p in self._place_of_party)
            )
        self._states: dict[Hashable, _State] = {}
        self._cells: dict[Hashable, _Cell] = {}
        self._cell_of: dict[int, _Cell] = {}
        self._day = ALWAYS
        self._looks_earlier = any(COLLECTED[one.kind].earlier_only for one in measures)

    def run(self, asked: Sequence[int]) -> Iterator[tuple[int, Window]]:
        """The windows of the lines that are asked for, each with a key and a day where one is
        needed; in no order."""
        facts = self._facts
        by_day: dict[int, list[int]] = {}
        for line in asked:
            day = facts.days[line]
            by_day.setdefault(NEVER if day is None else day, []).append(line)
        if not by_day:
            return
        coming: dict[int, list[int]] = {}
        for line in self._members(asked):
            day = facts.days[line]
            if day is None or facts.within is None:
                day = ALWAYS
            coming.setdefault(day, []).append(line)
        self._make_cells(coming)
        moves = self._moves()
        going: deque[tuple[int, int]] = deque()
        self._enter(coming.pop(ALWAYS, ()))
        for day in sorted({*by_day, *coming, *moves}):
            self._day = day
            if facts.within is not None:
                while going and going[0][0] <= day - facts.within:
                    self._leave(going.popleft()[1])
            for cell in moves.get(day, ()):
                self._move(cell)
            here, new = by_day.get(day, ()), coming.get(day, ())
            early = self._earlier(here, new) if self._looks_earlier else {}
            self._enter(new)
            going.extend((day, line) for line in new)
            for line in here:
                yield line, self._window(line, early.get(line, {}))

    # Which lines

    def _reach(self, line: int) -> Hashable:
        """What all lines have in common that can ever be of one window."""
        facts = self._facts
        fixed = None if facts.fixed is None else facts.fixed[line]
        return (fixed, *(groups.block(nodes[line]) for groups, nodes in facts.parties))

    def _members(self, asked: Sequence[int]) -> list[int]:
        """Lines that can be of a window, in order of time; the order number breaks ties."""
        facts = self._facts
        reached = {self._reach(line) for line in asked}
        lines = [
            line
            for line, where in enumerate(facts.where)
            if where is not False and facts.has_key(line) and self._reach(line) in reached
        ]
        lines.sort(key=self._place_in_time)
        return lines

    def _place_in_time(self, line: int) -> tuple[int, str]:
        day = self._facts.days[line]
        return (ALWAYS if day is None else day, str(self._facts.orders[line]))

    def _order(self, line: int) -> Hashable:
        order = self._facts.orders[line]
        return ("line", line) if order is None else order

    # Keys and groups

    def _make_cells(self, coming: Mapping[int, Sequence[int]]) -> None:
        for lines in coming.values():
            for line in lines:
                self._cell_of[line] = self._cell(line)

    def _cell(self, line: int) -> _Cell:
        facts = self._facts
        fixed = None if facts.fixed is None else facts.fixed[line]
        nodes = tuple(column[line] for _, column in facts.parties)
        counted = tuple(column[line] for _, column in self._counting)
        parts = (fixed, nodes, counted)
        cell = self._cells.get(parts)
        if cell is None:
            cell = self._cells[parts] = _Cell(fixed, nodes, counted)
            cell.key, cell.labels = self._placed(cell, ALWAYS)
        return cell

    def _placed(self, cell: _Cell, day: int) -> tuple[Hashable, tuple[int, ...]]:
        key = (
            cell.fixed,
            *(g.label(n, day) for g, n in zip(self._groups, cell.nodes, strict=True)),
        )
        labels = tuple(
            groups.label(node, day) if node >= 0 else -1
            for (groups, _), node in zip(self._counting, cell.counted, strict=True)
        )
        return key, labels

    def _moves(self) -> dict[int, list[_Cell]]:
        moves: dict[int, list[_Cell]] = {}
        for cell in self._cells.values():
            days: set[int] = set()
            pairs = [*zip(self._groups, cell.nodes, strict=True)]
            pairs += [
                (groups, node)
                for (groups, _), node in zip(self._counting, cell.counted, strict=True)
                if node >= 0
            ]
            for groups, node in pairs:
                days.update(day for day, _ in groups.moves(node) if day != ALWAYS)
            for day in days:
                moves.setdefault(day, []).append(cell)
        return moves

    # Coming and going

    def _state(self, key: Hashable) -> _State:
        state = self._states.get(key)
        if state is None:
            state = self._states[key] = _State(self._measures)
        return state

    def _enter(self, lines: Sequence[int]) -> None:
        facts = self._facts
        for line in lines:
            cell = self._cell_of[line]
            if facts.within is not None and facts.days[line] is None:
                cell.undated.append(line)
            else:
                cell.lines.append(line)
            self._count_in(self._state(cell.key), cell, line)

    def _leave(self, line: int) -> None:
        cell = self._cell_of[line]
        gone = cell.lines.popleft()
        assert gone == line, "lines of one cell leave in the order in which they came"
        self._count_out(self._state(cell.key), cell, line)

    def _move(self, cell: _Cell) -> None:
        key, labels = self._placed(cell, self._day)
        if (key, labels) == (cell.key, cell.labels):
            return
        lines = (*cell.undated, *cell.lines)
        old = self._state(cell.key)
        for line in lines:
            self._count_out(old, cell, line)
        old.cells.discard(cell)
        cell.key, cell.labels = key, labels
        new = self._state(key)
        for line in lines:
            self._count_in(new, cell, line)

    def _is_sure(self, line: int) -> bool:
        facts = self._facts
        if facts.where[line] is None:
            return False
        return facts.within is None or facts.days[line] is not None

    def _values(self, cell: _Cell, line: int) -> Iterator[Any]:
        for one, place in zip(self._measures, self._place_of_party, strict=True):
            if place is not None:
                label = cell.labels[place]
                yield None if label < 0 else label
            else:
                yield one.values[line] if one.values else None

    def _count_in(self, state: _State, cell: _Cell, line: int) -> None:
        order, is_sure = self._order(line), self._is_sure(line)
        for collected, value in zip(state.collected, self._values(cell, line), strict=True):
            collected.add(line, order, is_sure, value)
        state.orders.add(line, order, is_sure, None)
        state.lines += is_sure
        state.possible += not is_sure
        state.cells.add(cell)
        state.recent = state.told = None

    def _count_out(self, state: _State, cell: _Cell, line: int) -> None:
        order, is_sure = self._order(line), self._is_sure(line)
        for collected, value in zip(state.collected, self._values(cell, line), strict=True):
            collected.remove(line, order, is_sure, value)
        state.orders.remove(line, order, is_sure, None)
        state.lines -= is_sure
        state.possible -= not is_sure
        state.recent = state.told = None

    # What comes out

    def _key_of(self, line: int) -> Hashable:
        facts = self._facts
        fixed = None if facts.fixed is None else facts.fixed[line]
        labels = (groups.label(nodes[line], self._day) for groups, nodes in facts.parties)
        return (fixed, *labels)

    def _earlier(self, asked: Sequence[int], new: Sequence[int]) -> dict[int, dict[int, Measured]]:
        """What the measures that look at earlier days alone find, before a day's own lines come:
        for each line that is asked for, by the place of the measure."""
        own: dict[Hashable, list[int]] = {}
        for line in new:
            own.setdefault((self._cell_of[line].key, self._order(line)), []).append(line)
        found: dict[int, dict[int, Measured]] = {}
        for line in asked:
            key, order = self._key_of(line), self._order(line)
            state = self._state(key)
            found[line] = {}
            for place, collected in enumerate(state.collected):
                if isinstance(collected, Baseline):
                    total = self._whole_order(collected, order, place, own.get((key, order), ()))
                    told = collected.against(total, order)
                elif collected.earlier_only:
                    told = collected.tell(order)
                else:
                    continue
                found[line][place] = self._as_far_as_known(told, collected)
        return found

    def _whole_order(
        self, collected: Baseline, order: Hashable, place: int, new: Sequence[int]
    ) -> Total:
        """What an order comes to with its lines of the day."""
        total = Total()
        before = collected.orders.get(order)
        if before is not None:
            total.add(before)
        values = self._measures[place].values
        for line in new:
            total.change(values[line] if self._is_sure(line) else None, 1)
        return total

    def _as_far_as_known(self, told: Measured, collected: Collected) -> Measured:
        """What is said of earlier days, unknown where the history does not go back far enough. An
        earlier order that is seen is one, however short the history."""
        facts = self._facts
        if facts.within is None or _covers(facts, self._day):
            return told
        if isinstance(collected, First) and told.low:
            return told
        return Measured(None, why=TOO_SHORT)

    def _window(self, line: int, early: Mapping[int, Measured]) -> Window:
        state, order = self._state(self._key_of(line)), self._order(line)
        told = state.told
        if told is None:
            told = state.told = [
                None if one.per_order else one.tell(order) for one in state.collected
            ]
        measured = []
        for place, collected in enumerate(state.collected):
            one = early.get(place) or told[place]
            measured.append(collected.tell(order) if one is None else one)
        window = Window(tuple(measured))
        if window.verdict is False:
            return window
        facts = self._facts
        since = None if facts.within is None else self._day - facts.within + 1
        too_short = any(one.why is TOO_SHORT for one in measured)
        return Window(
            window.measured,
            self._shown_members(state, line),
            len(state.orders.sure),
            state.lines,
            state.possible,
            since,
            since if too_short else None,
        )

    def _shown_members(self, state: _State, line: int) -> tuple[int, ...]:
        recent = state.recent
        if recent is None:
            columns = [
                chain(reversed(cell.lines), reversed(cell.undated)) for cell in state.cells
            ]
            latest = merge(*columns, key=self._place_in_time, reverse=True)
            recent = state.recent = list(islice(latest, MOST_MEMBERS))[::-1]
        if line in recent or line not in self._cell_of:
            return tuple(recent)
        return tuple(sorted([*recent[-(MOST_MEMBERS - 1) :], line], key=self._place_in_time))


def _covers(facts: Facts, day: int) -> bool:
    """Whether there are orders from before the window of a day, in whatever input."""
    assert facts.within is not None
    return facts.earliest is not None and facts.earliest <= day - facts.within
