"""The values that a single test allows: a set of them, or a range of sizes or days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from redflags.model.fields import field_table
from redflags.model.kind import Kind
from redflags.rulebook.operators import OPERATORS, comparison_key, is_under, selected_entries
from redflags.rulebook.tree import LimitTable, ListReference, Test
from redflags.values.dates import Duration
from redflags.values.measures import Concentration
from redflags.values.money import Money
from redflags.values.quantity import Quantity
from redflags.values.text import fold

MOST_VALUES = 3_000
"""Values of one test that are reasoned about."""

_MORE_THAN_THEIR_WORDS = frozenset({"fit", "scale"})
"""Kinds of which a derived value can be another than the words that a person may write."""

_LONGEST_VOCABULARY = 60


@dataclass(frozen=True, slots=True)
class Extent:
    """The values that a test speaks of, by what they are compared by.

    ``is_positive`` says whether the test holds for these or for all others. ``certain`` are those
    that count on every day. Of codes that stand for everything below them ``lengths`` has their
    lengths, else it is empty. ``is_many`` says that a field can have several of them at once.
    ``every`` has all values that there are, where these are few and closed.
    """

    sort: str
    is_positive: bool
    values: frozenset[Any]
    certain: frozenset[Any]
    lengths: tuple[int, ...]
    is_many: bool
    kind: Kind
    every: frozenset[Any] | None

    def has(self, value: Any) -> bool:
        """Whether a value is one of these, on some day."""
        return self._is_among(value, self.values)

    def surely_has(self, value: Any) -> bool:
        """Whether a value is one of these, whatever the day."""
        return self._is_among(value, self.certain)

    def _is_among(self, value: Any, members: frozenset[Any]) -> bool:
        if not self.lengths:
            return value in members
        for length in self.lengths:
            if length > len(value):
                break
            if value[:length] in members and is_under(value, value[:length], self.kind):
                return True
        return False

    def candidates(self, others: Iterable[Extent]) -> Iterator[Any]:
        """Values that stand for all that this test allows: its own, and of codes longer ones."""
        yield from self.values
        if self.lengths:
            for other in others:
                yield from (value for value in other.values if self.has(value))

    def surely_covers(self, other: Extent) -> bool:
        """Whether every value that the other allows is certainly one of these."""
        if self.sort != other.sort or (other.lengths and not self.lengths):
            return False
        return all(self.surely_has(value) for value in other.values)

    def is_disjoint(self, other: Extent) -> bool:
        """Whether no value of this test can be one of the other's."""
        if self.sort != other.sort or self.sort == "phrases":
            return False
        return not any(other.has(value) for value in self.values) and not (
            (self.lengths or other.lengths)
            and any(_is_beginning(value, other.values) for value in self.values)
        )


def _is_beginning(value: Any, codes: frozenset[Any]) -> bool:
    return any(code.startswith(value) for code in codes)


def extent_of(test: Test) -> Extent | None:
    """The values that a test speaks of; None for tests of sizes, days, other fields, and where
    there are too many values."""
    kind = field_table()[test.field].kind
    operator = OPERATORS[test.operator]
    if isinstance(test.operand, LimitTable):
        return None
    key = comparison_key(kind)
    is_below = False
    if operator.shape == "value":
        values = certain = frozenset({key(test.operand)})
    elif operator.shape == "values":
        values = certain = frozenset(map(key, test.operand))
    elif operator.shape == "prefixes":
        values = certain = frozenset(map(key, test.operand))
        is_below = True
    elif operator.shape == "phrases":
        values = certain = frozenset(map(fold, test.operand))
    elif isinstance(test.operand, ListReference):
        if len(test.operand.list.entries) > MOST_VALUES:
            return None
        entries = selected_entries(test.operand)
        values = frozenset(key(entry.value) for entry in entries)
        certain = frozenset(
            key(one.value) for one in entries if one.since is None and one.until is None
        )
        is_below = kind.member.is_code
    else:
        return None
    if len(values) > MOST_VALUES:
        return None
    is_phrases = operator.shape == "phrases"
    return Extent(
        sort="phrases" if is_phrases else "values",
        is_positive=not operator.is_negative,
        values=values,
        certain=certain,
        lengths=tuple(sorted({len(value) for value in values})) if is_below else (),
        is_many=kind.is_set or is_phrases,
        kind=kind,
        every=_every(kind),
    )


def _every(kind: Kind) -> frozenset[Any] | None:
    if kind.vocabulary is None or kind.name in _MORE_THAN_THEIR_WORDS or kind.is_set:
        return None
    words = kind.vocabulary()
    return frozenset(words) if len(words) <= _LONGEST_VOCABULARY else None


def compared_fields(test: Test) -> tuple[str, ...]:
    """The fields that a test compares its own with."""
    return tuple(test.operand) if test.operator in ("same_as", "differs_from") else ()


@dataclass(frozen=True, slots=True)
class Sizes:
    """A range of sizes or days in one unit. An end of None is open; ``low_out`` and ``high_out``
    say that the end itself is outside. A range that is not in one piece has no ends."""

    of: str
    unit: str
    low: int | None = None
    high: int | None = None
    low_out: bool = False
    high_out: bool = False
    in_one_piece: bool = True

    def is_apart(self, other: Sizes) -> bool:
        """Whether no value can be compared with both: kilograms and pieces, two currencies."""
        if self.unit == other.unit or self.of not in ("quantity", "money", "concentration"):
            return False
        if self.of == "concentration":
            return "" not in (self.unit, other.unit)
        return {self.unit, other.unit} != {"mass", "volume"}

    def excludes(self, other: Sizes) -> bool:
        """Whether no value lies in both ranges."""
        if not self._is_comparable(other):
            return self.of == "age" and (
                _are_days_apart(self, other) or _are_days_apart(other, self)
            )
        return _is_above(self, other) or _is_above(other, self)

    def contains(self, other: Sizes) -> bool:
        """Whether every value of the other range lies in this one."""
        if not self._is_comparable(other) or not (self.in_one_piece and other.in_one_piece):
            return False
        if self.of == "concentration" and self.unit not in ("", other.unit):
            return False
        if self.low is not None:
            if other.low is None or other.low < self.low:
                return False
            if other.low == self.low and self.low_out and not other.low_out:
                return False
        if self.high is not None:
            if other.high is None or other.high > self.high:
                return False
            if other.high == self.high and self.high_out and not other.high_out:
                return False
        return True

    def _is_comparable(self, other: Sizes) -> bool:
        return self.of == "concentration" or self.unit == other.unit


def _is_above(one: Sizes, other: Sizes) -> bool:
    if one.low is None or other.high is None:
        return False
    return one.low > other.high or (one.low == other.high and (one.low_out or other.high_out))


def _are_days_apart(one: Sizes, other: Sizes) -> bool:
    """Whether the first begins after the second ends, whichever days the months have."""
    if one.low is None or other.high is None:
        return False
    return _in_days(one.low, one.unit, -1) > _in_days(other.high, other.unit, 1)


def _in_days(count: int, unit: str, towards: int) -> int:
    """The least or the most days of a length of time; months by the Gregorian mean."""
    return count if unit == "days" else count * 146_097 // 4_800 + 4 * towards


_ENDS = {
    ("at_least", True): "low", ("less_than", False): "low",
    ("more_than", True): "low out", ("at_most", False): "low out",
    ("at_most", True): "high", ("more_than", False): "high",
    ("less_than", True): "high out", ("at_least", False): "high out",
}  # fmt: skip


def sizes_of(test: Test, holds: bool) -> Sizes | None:
    """The sizes or days for which a test holds, or is false; None for other tests."""
    if isinstance(test.operand, LimitTable):
        return None
    if test.operator in ("before", "after"):
        day = test.operand.toordinal()
        if test.operator == "after":
            return Sizes("date", "days", low=day + 1) if holds else Sizes("date", "days", high=day)
        return Sizes("date", "days", high=day - 1) if holds else Sizes("date", "days", low=day)
    if test.operator == "between":
        low, high = (_size(end) for end in test.operand)
        if low is None or high is None or low[:2] != high[:2]:
            return None
        if not holds:
            return Sizes(low[0], low[1], in_one_piece=False)
        return Sizes(low[0], low[1], low=low[2], high=high[2])
    end = _ENDS.get((test.operator, holds))
    size = _size(test.operand) if end is not None else None
    if end is None or size is None:
        return None
    of, unit, amount = size
    if end.startswith("low"):
        return Sizes(of, unit, low=amount, low_out=end.endswith("out"))
    return Sizes(of, unit, high=amount, high_out=end.endswith("out"))


def _size(value: Any) -> tuple[str, str, int] | None:
    if isinstance(value, Quantity):
        return "quantity", value.dimension, value.amount
    if isinstance(value, Money):
        return "money", value.currency, value.amount
    if isinstance(value, Concentration):
        return "concentration", value.basis, value.parts_per_million
    if isinstance(value, Duration):
        if value.unit in ("days", "weeks"):
            return "age", "days", value.count * (7 if value.unit == "weeks" else 1)
        return "age", "months", value.count * (12 if value.unit == "years" else 1)
    return None
