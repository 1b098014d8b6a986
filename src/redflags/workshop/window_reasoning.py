"""What follows from what is asked of a window: ranges of measures, and whether one rule across
orders certainly holds wherever another does.

As in ``reasoning``: sound, not complete.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from redflags.rulebook.tree import Across, Group, Having, Rule, Same, Test
from redflags.values.money import Money
from redflags.values.quantity import Quantity
from redflags.workshop.reasoning import Reasoner

_GROWING = ("count", "sum", "max", "distinct")
"""The measures that never get less when a window has more transactions in it."""


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers that a measure is allowed, both ends included; None is open. ``is_open_low`` and
    ``is_open_high`` leave the end itself out. ``unit`` is what they are counted in."""

    unit: str
    low: Fraction | None = None
    high: Fraction | None = None
    is_open_low: bool = False
    is_open_high: bool = False

    def is_empty(self) -> bool:
        """Whether no number is allowed."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (
            self.low == self.high and (self.is_open_low or self.is_open_high)
        )

    def both(self, other: Range) -> Range:
        """What this range and another of the same unit allow."""
        low, is_open_low = _narrower(
            (self.low, self.is_open_low), (other.low, other.is_open_low), 1
        )
        high, is_open_high = _narrower(
            (self.high, self.is_open_high), (other.high, other.is_open_high), -1
        )
        return Range(self.unit, low, high, is_open_low, is_open_high)

    def has(self, other: Range) -> bool:
        """Whether this range allows all that another of the same unit does."""
        return self.unit == other.unit and self.both(other) == other


End = tuple[Fraction | None, bool]


def _narrower(one: End, other: End, sign: int) -> End:
    if one[0] is None or other[0] is None:
        return other if one[0] is None else one
    if one[0] == other[0]:
        return one[0], one[1] or other[1]
    return one if (one[0] - other[0]) * sign > 0 else other


def range_of(having: Having) -> Range | None:
    """The numbers that a comparison allows; None where nothing is compared."""
    if having.operator == "":
        return None
    is_range = having.operator == "between"
    first, last = having.operand if is_range else (having.operand, having.operand)
    unit, low, high = _unit_of(first), _number_of(first), _number_of(last)
    if is_range:
        return Range(unit, low, high)
    if having.operator in ("at_least", "more_than"):
        return _whole(having, Range(unit, low=low, is_open_low=having.operator == "more_than"))
    return _whole(having, Range(unit, high=high, is_open_high=having.operator == "less_than"))


def _whole(having: Having, found: Range) -> Range:
    """Of whole numbers the last one that is allowed is an end."""
    if having.measure not in ("count", "distinct"):
        return found
    low = None if found.low is None else found.low + found.is_open_low
    high = None if found.high is None else found.high - found.is_open_high
    return Range(found.unit, low, high)


def _unit_of(value: object) -> str:
    if isinstance(value, Quantity):
        return value.dimension
    return value.currency if isinstance(value, Money) else ""


def _number_of(value: object) -> Fraction:
    amount = value.amount if isinstance(value, Quantity | Money) else value
    assert isinstance(amount, int | Fraction)
    return Fraction(amount)


def possible(across: Across, having: Having, reasoner: Reasoner) -> Range | None:
    """The numbers that a measure can come to at all; None where it is no number.

    A window always has the transaction in it that is judged, so an order counts at least once.
    """
    if having.measure == "count":
        is_one = _keeps(across, "field", "order_id")
        return Range("", Fraction(1), Fraction(1) if is_one else None)
    if having.measure == "distinct":
        most = _most_distinct(across, having, reasoner)
        return Range("", Fraction(1), None if most is None else Fraction(most))
    found = range_of(having)
    return None if found is None else Range(found.unit, Fraction(0), None)


def _keeps(across: Across, kind: str, path: str) -> bool:
    return any(one.kind == kind and one.path == path for one in across.same)


def _most_distinct(across: Across, having: Having, reasoner: Reasoner) -> int | None:
    """How many different values there can be; None where nobody can tell."""
    if _keeps(across, "field", having.field) or _keeps(across, "party", having.field):
        return 1
    found: list[int] = []
    for part in () if across.where is None else across.where.parts:
        if isinstance(part, Test) and part.field == having.field:
            extent = reasoner.extent(part)
            # A line of several families counts for one of them, which may be another one.
            if extent is None or extent.is_many or extent.lengths:
                continue
            if extent.is_positive:
                found.append(len(extent.values))
            elif extent.every is not None:
                found.append(len(extent.every - extent.certain))
    return min(found, default=None)


def across_implies(reasoner: Reasoner, narrow: Rule, wide: Rule) -> bool:
    """Whether ``wide`` certainly holds for every order, with any others beside it, for which
    ``narrow`` does. Either may be a rule that one line decides."""
    if not reasoner.implies(narrow.when, wide.when):
        return False
    if wide.across is None:
        return True
    if narrow.across is None:
        return False
    one, other = narrow.across, wide.across
    is_larger = _is_larger(reasoner, one, other)
    is_same = is_larger and _is_larger(reasoner, other, one)
    if not is_larger:
        return False
    return all(
        any(_having_implies(reasoner, mine, asked, is_same=is_same) for mine in one.having)
        for asked in other.having
    )


def _is_larger(reasoner: Reasoner, one: Across, other: Across) -> bool:
    """Whether the window of ``other`` has in it all that the window of ``one`` has."""
    if one.within is None or other.within is None:
        if one.within is not other.within:
            return False
    elif one.within > other.within:
        return False
    # A transaction without a key is in no window: what the other keeps together by must be kept.
    if not all(any(_is_kept(key, mine) for mine in one.same) for key in other.same):
        return False
    if other.where is None:
        return True
    return one.where is not None and reasoner.implies(one.where, other.where)


def _is_kept(key: Same, mine: Same) -> bool:
    """Whether transactions that have ``mine`` in common have ``key`` in common too."""
    # Links through what too many share are left out, so being linked by more is no weaker.
    return key == mine


def _having_implies(reasoner: Reasoner, one: Having, other: Having, *, is_same: bool) -> bool:
    """Whether what is asked of a window follows from what is asked of one that it has in it."""
    if one.measure != other.measure or one.field != other.field:
        return False
    if one.block is not None and other.block is not None:
        return reasoner.implies(one.block, other.block)
    if one.measure == "first":
        return is_same and bool(one.operand == other.operand)
    mine, asked = range_of(one), range_of(other)
    if mine is None or asked is None or not asked.has(mine):
        return False
    return is_same or (other.measure in _GROWING and asked.high is None)


def where_and(across: Across, block: Group) -> list[tuple[Group, bool]]:
    """What another transaction of the window satisfies that satisfies a block of `some`."""
    return [(one, True) for one in (across.where, block) if one is not None]
