"""What is measured over a window of order lines, as intervals of what is possible."""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Number = int | Fraction


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure over one window: its bounds and what the comparison says.

    ``low`` and ``high`` are the least and the most that is possible; None is no bound. ``why``
    says why the verdict is unknown: the words complete "... is unknown: ...".
    """

    verdict: bool | None
    low: Number | None = None
    high: Number | None = None
    why: str = ""


class Nothing:
    """The value of a line that is known to have none: goods of no family."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NOTHING"


NOTHING = Nothing()

MEASURES = ("count", "sum", "max", "distinct", "baseline", "first", "some")


@dataclass(slots=True)
class Measure:
    """One thing to measure and what it is compared with.

    ``values`` has an entry for each line: for ``sum`` and ``max`` a whole number of base units,
    all of one unit; for ``baseline`` a pair of unit and number; for ``distinct`` anything that can
    be a key, or :data:`NOTHING`; for ``some`` a verdict. None is unknown. ``count`` and ``first``
    need none. ``party`` stands instead of values where different parties are counted: their
    groups, and the number of the line's party (-1 where it is not stated).

    ``operand`` is a number, a pair for ``between``, a yes or no for ``first``.
    """

    kind: str
    operator: str = "is"
    operand: Any = True
    values: Sequence[Any] = ()
    party: tuple[Any, Sequence[int]] | None = None


_HOLDS: Mapping[str, Callable[[Number, Any], bool]] = {
    "at_least": lambda value, bound: bool(value >= bound),
    "more_than": lambda value, bound: bool(value > bound),
    "at_most": lambda value, bound: bool(value <= bound),
    "less_than": lambda value, bound: bool(value < bound),
}
_RISING = frozenset({"at_least", "more_than"})


def compare(low: Number | None, high: Number | None, operator: str, operand: Any) -> bool | None:
    """Whether a number between two bounds compares as asked: true or false where it does so
    wherever it lies, else unknown. A bound that is None is open."""
    if operator == "between":
        first = compare(low, high, "at_least", operand[0])
        second = compare(low, high, "at_most", operand[1])
        if first is False or second is False:
            return False
        return None if first is None or second is None else True
    if operator in ("is", "is_not"):
        inside = (low is None or low <= operand) and (high is None or operand <= high)
        verdict = None if inside else False
        if inside and low is not None and low == high:
            verdict = True
        return verdict if operator == "is" or verdict is None else not verdict
    holds = _HOLDS[operator]
    # What grows with the value is sure where it holds at the lower end.
    sure, possible = (low, high) if operator in _RISING else (high, low)
    if sure is not None and holds(sure, operand):
        return True
    if possible is not None and not holds(possible, operand):
        return False
    return None


class Collected:
    """What one measure knows of the lines of one window. Lines come and go in any order."""

    __slots__ = ("measure",)

    per_order = False
    """Whether what comes out depends on the order that is asked for."""

    earlier_only = False
    """Whether only lines of days before the asked line's own count."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure

    def add(self, line: int, order: Hashable, is_sure: bool, value: Any) -> None:
        """A line comes into the window; ``is_sure`` is False where it only may be of it."""
        raise NotImplementedError

    def remove(self, line: int, order: Hashable, is_sure: bool, value: Any) -> None:
        """A line leaves the window."""
        raise NotImplementedError

    def tell(self, order: Hashable) -> Measured:
        """What the measure says, asked for a line of this order."""
        raise NotImplementedError

    def _told(self, low: Number | None, high: Number | None, why: str) -> Measured:
        verdict = compare(low, high, self.measure.operator, self.measure.operand)
        return Measured(verdict, low, high, why if verdict is None else "")


def _take(counter: Counter[Any], key: Hashable) -> None:
    left = counter[key] - 1
    if left:
        counter[key] = left
    else:
        del counter[key]


PERHAPS = "of some orders it is unknown whether they count"


class Count(Collected):
    """How many orders."""

    __slots__ = ("both", "sure")

    def __init__(self, measure: Measure) -> None:
        super().__init__(measure)
        self.sure: Counter[Hashable] = Counter()
        self.both: Counter[Hashable] = Counter()

    def add(self, line: int, order: Hashable, is_sure: bool, value: Any) -> None:
        self.both[order] += 1
        if is_sure:
            self.sure[order] += 1

    def remove(self, line: int, order: Hashable, is_sure: bool, value: Any) -> None:
        _take(self.both, order)
        if is_sure:
            _take(self.sure, order)

    def tell(self, order: Hashable) -> Measured:
        return self._told(len(self.sure), len(self.both), PERHAPS)


class Sum(Collected):
    """A sum of amounts, none of which is negative: one that is unknown makes it open above."""

    __slots__ = ("known", "open", "possible")

    def __init__(self, measure: Measure) -> None:
        super().__init__(measure)
        self.known = self.possible = self.open = 0

    def add(self, line: int, order: Hashable, is_sure: bool, value: Any) -> None:
        self._change(is_sure, value, 1)

    def remove(self, line: int, order: Hashable, is_sure: bool, value: Any) -> None:
        self._change(is_sure, value, -1)

    def _change(self, is_sure: bool, value: Any, sign: int) -> None:
        if value is None:
            self.open += sign
        elif is_sure:
            self.known += sign * value
        else:
            self.possible += sign * value

    def tell(self, order: Hashable) -> Measured:
        high = None if self.open else self.known + self.possible
        why = "an amount is not known, or cannot be converted" if self.open else PERHAPS
        return self._told(self.known, high, why)


class Largest(Collected):
    """The largest amount."""

    __slots__ = ("both", "open", "sure")

    def __init__(self, measure: Measure) -> None:
        super().__init__(measure)
        self.sure = _Top()
        self.both = _Top()
        self.open = 0

    def add(self, line: int, order: Hashable, is_sure: bool, value: Any) -> None:
        if value is None:
            self.open += 1
            return
        self.both.add(value)
        if is_sure:
            self.sure.add(value)

    def remove(self, line: int, order: Hashable, is_sure: bool, value: Any) -> None:
        if value is None:
            self.open -= 1
            return
        _take(self.both.counts, value)
        if is_sure:
            _take(self.sure.counts, value)

    def tell(self, order: Hashable) -> Measured:
        low, high = self.sure.largest(), self.both.largest()
        if high is None and not self.open:
            return Measured(False)  # an empty window has no largest amount
        why = "an amount is not known, or cannot be converted" if self.open else PERHAPS
        return self._told(low, None if self.open else high, why)


class _Top:
    """The largest of numbers that come and go."""

    __slots__ = ("counts", "heap")

    def __init__(self) -> None:
        self.counts: Counter[int] = Counter()
        self.heap: list[int] = []

    def add(self, value: int) -> None:
        """One more of a number."""
        if value not in self.counts:
            heapq.heappush(self.heap, -value)
        self.counts[value] += 1

    def largest(self) -> int | None:
        """The largest number that is left; None if none is."""
        while self.heap and -self.heap[0] not in self.counts:
            heapq.heappop(self.heap)
        return -self.heap[0] if self.heap else None


class Distinct(Collected):
    """How many different values. One that is unknown may be any: one more, or one of these."""

    __slots__ = ("both", "open", "sure", "sure_open")

    def __init__(self, measure: Measure) -> None:
        super().__init__(measure)
        self.sure: Counter[Hashable] = Counter()
        self.both: Counter[Hashable] = Counter()
        self.open = self.sure_open = 0

    def add(self, line: int, order: Hashable, is_sure: bool, value: Any) -> None:
        if value is None:
            self.open += 1
            self.sure_open += is_sure
        elif value is not NOTHING:
            self.both[value] += 1
            if is_sure:
                self.sure[value] += 1

    def remove(self, line: int, order: Hashable, is_sure: bool, value: Any) -> None:
        if value is None:
            self.open -= 1
            self.sure_open -= is_sure
        elif value is not NOTHING:
            _take(self.both, value)
            if is_sure:
                _take(self.sure, value)

    def tell(self, order: Hashable) -> Measured:
        low = max(len(self.sure), 1 if self.sure_open else 0)
        why = "a value is not known" if self.open else PERHAPS
        return self._told(low, len(self.both) + self.open, why)


class Some(Collected):
    """Whether another order of the window has a line of which a condition holds."""

    __slots__ = ("maybe", "true")

    per_order = True

    def __init__(self, measure: Measure) -> None:
        super().__init__(measure)
        self.true: Counter[Hashable] = Counter()
        self.maybe: Counter[Hashable] = Counter()

    def add(self, line: int, order: Hashable, is_sure: bool, value: Any) -> None:
        if value is not False:
            (self.true if value and is_sure else self.maybe)[order] += 1

    def remove(self, line: int, order: Hashable, is_sure: bool, value: Any) -> None:
        if value is not False:
            _take(self.true if value and is_sure else self.maybe, order)

    def tell(self, order: Hashable) -> Measured:
        if len(self.true) > (order in self.true):
            return Measured(True)
        if len(self.maybe) > (order in self.maybe):
            return Measured(None, why="of another order it is unknown whether the condition holds")
        return Measured(False)


class First(Collected):
    """Whether no other order of the window is of an earlier day."""

    __slots__ = ("both", "sure")

    per_order = True
    earlier_only = True

    def __init__(self, measure: Measure) -> None:
        super().__init__(measure)
        self.sure: Counter[Hashable] = Counter()
        self.both: Counter[Hashable] = Counter()

    add = Count.add  # type: ignore[assignment]
    remove = Count.remove  # type: ignore[assignment]

    def tell(self, order: Hashable) -> Measured:
        wanted = self.measure.operand is not False
        if self.measure.operator == "is_not":
            wanted = not wanted
        others = len(self.sure) - (order in self.sure)
        if others:
            return Measured(not wanted, others)
        if len(self.both) > (order in self.both):
            return Measured(None, why=PERHAPS)
        return Measured(wanted)


class Baseline(Collected):
    """The total of an order over the median of the totals of the orders before it.

    Where there was no order before there is nothing to compare with, and the comparison is false.
    """

    __slots__ = ("amounts", "orders", "possible", "sorts")

    per_order = True
    earlier_only = True

    def __init__(self, measure: Measure) -> None:
        super().__init__(measure)
        self.orders: dict[Hashable, Total] = {}
        self.possible: Counter[Hashable] = Counter()
        self.amounts: list[int] = []  # of all orders, the smallest first
        self.sorts: Counter[Hashable] = Counter()

    def add(self, line: int, order: Hashable, is_sure: bool, value: Any) -> None:
        self._change(order, is_sure, value, 1)

    def remove(self, line: int, order: Hashable, is_sure: bool, value: Any) -> None:
        self._change(order, is_sure, value, -1)

    def _change(self, order: Hashable, is_sure: bool, value: Any, sign: int) -> None:
        if not is_sure:
            if sign > 0:
                self.possible[order] += 1
            else:
                _take(self.possible, order)
            return
        total = self.orders.get(order)
        if total is None:
            total = self.orders[order] = Total()
        else:
            del self.amounts[bisect_left(self.amounts, total.amount)]
            _take(self.sorts, total.sort)
        total.change(value, sign)
        if total.lines:
            insort(self.amounts, total.amount)
            self.sorts[total.sort] += 1
        else:
            del self.orders[order]

    def against(self, own: Total | None, order: Hashable) -> Measured:
        """The comparison of an order's whole total with the orders here, itself left out."""
        before = self.orders.get(order)
        if len(self.possible) > (order in self.possible):
            return Measured(None, why=PERHAPS)
        if len(self.orders) == (before is not None):
            return Measured(False)
        if own is None or own.sort is None or order in self.possible:
            return Measured(None, why="the order's own total is not known")
        same = self.sorts[own.sort] - (before is not None and before.sort == own.sort)
        if same < len(self.orders) - (before is not None):
            return Measured(None, why="the total of an earlier order is not known in that unit")
        middle = self._median(before)
        if middle == 0:
            return Measured(None, why="the earlier orders come to nothing")
        ratio = Fraction(own.amount) / middle
        return self._told(ratio, ratio, "")

    def _median(self, left_out: Total | None) -> Fraction:
        amounts = self.amounts
        skipped = len(amounts)
        if left_out is not None:
            skipped = bisect_left(amounts, left_out.amount)
        count = len(amounts) - (left_out is not None)
        middle = (count // 2,) if count % 2 else (count // 2 - 1, count // 2)
        values = [amounts[place + (place >= skipped)] for place in middle]
        return Fraction(sum(values), len(values))


class Total:
    """What one order comes to: an amount of one unit, unknown where a part of it is."""

    __slots__ = ("amount", "lines", "units", "unknown")

    def __init__(self) -> None:
        self.amount = self.lines = self.unknown = 0
        self.units: Counter[Hashable] = Counter()

    @property
    def sort(self) -> Hashable | None:
        """The unit of the total; None where it is unknown or there are several."""
        return None if self.unknown or len(self.units) != 1 else next(iter(self.units))

    def add(self, other: Total) -> None:
        """All lines of another total come."""
        self.lines += other.lines
        self.amount += other.amount
        self.unknown += other.unknown
        self.units += other.units

    def change(self, value: Any, sign: int) -> None:
        """A line of the order comes (1) or goes (-1)."""
        self.lines += sign
        if value is None:
            self.unknown += sign
            return
        unit, amount = value
        self.amount += sign * amount
        if sign > 0:
            self.units[unit] += 1
        else:
            _take(self.units, unit)


COLLECTED: Mapping[str, type[Collected]] = {
    "count": Count,
    "sum": Sum,
    "max": Largest,
    "distinct": Distinct,
    "some": Some,
    "first": First,
    "baseline": Baseline,
}
