"""Tests that durable-rules can decide itself: a value of the order against constants.

Only what was proven exact: whole numbers against whole numbers, and equality of short words of a
closed vocabulary. Every other test enters as the outcome that it had outside.
"""

from __future__ import annotations

import datetime
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass

from redflags.engine.leaves import in_currency
from redflags.engine.reads import COMPARED_BY_DENSITY, GOODS, beside_goods
from redflags.model import goods
from redflags.model.fields import field_table
from redflags.model.kind import Kind
from redflags.model.record import Record
from redflags.rulebook.operators import selected_entries
from redflags.rulebook.tree import ListReference, Test
from redflags.values.dates import Age, Duration
from redflags.values.measures import Concentration
from redflags.values.money import Money
from redflags.values.quantity import Quantity

LARGEST = min(2**53, 2 ** (8 * struct.calcsize("l") - 1)) - 1
"""The largest number that goes in: below the 53 bits of a double and what the C ``long`` of the
platform holds, in which durable-rules keeps the constants of a pattern."""

MOST_WORDS = 8
"""Words of ``in`` that become alternatives; a longer list is decided outside."""

_WORD = re.compile(r"[A-Za-z0-9_-]{1,60}", re.ASCII)
_OTHER_WORD = "~"

Comparison = tuple[str, int | str]
Alternatives = tuple[tuple[Comparison, ...], ...]
"""Some of the rows must hold; a row holds if all comparisons in it do."""

Reading = Callable[[Record], int | str | None]

_OPPOSITE = {"$gte": "$lt", "$lt": "$gte", "$gt": "$lte", "$lte": "$gt", "": "$neq", "$neq": ""}
_SIZE = {"at_least": "$gte", "more_than": "$gt", "at_most": "$lte", "less_than": "$lt"}


@dataclass(frozen=True, slots=True)
class NativeTest:
    """A test as comparisons of one property.

    ``key`` names what the property is, so that several tests share it; ``read`` gives its value
    for an order, None where the test is unknown; ``when_true`` and ``when_false`` are the
    comparisons that hold where the test is true and where it is false. Of a missing property
    neither holds.
    """

    key: tuple[str, ...]
    read: Reading
    when_true: Alternatives
    when_false: Alternatives

    @property
    def reads(self) -> frozenset[str]:
        """The stated fields that decide the value, as
        :func:`~redflags.engine.reads.read_beside_goods` has them."""
        path = self.key[0]
        return beside_goods(path) | ({GOODS} if path in COMPARED_BY_DENSITY else frozenset())


def native_test(test: Test) -> NativeTest | None:
    """The test as durable-rules decides it; None where it has to be decided outside."""
    kind = field_table()[test.field].kind
    if test.operator in _SIZE:
        return _by_size(test, test.operand, ((_SIZE[test.operator], test.operand),))
    if test.operator == "between":
        low, high = test.operand
        return _by_size(test, low, (("$gte", low), ("$lte", high)))
    if test.operator in ("before", "after"):
        return _by_day(test)
    if kind.is_set or not (kind.vocabulary is not None or kind.name == "country"):
        return None
    return _by_word(test, kind)


def _by_word(test: Test, kind: Kind) -> NativeTest | None:
    words = _words(test)
    if words is None or not 1 <= len(words) <= MOST_WORDS:
        return None
    if not all(isinstance(word, str) and _WORD.fullmatch(word) for word in words):
        return None
    path = test.field

    def read(record: Record) -> str | None:
        value = record[path].value
        if value is None:
            return None
        # No word of a pattern is the sign for another word.
        return value if isinstance(value, str) and _WORD.fullmatch(value) else _OTHER_WORD

    some: Alternatives = tuple((("", word),) for word in words)
    none: Alternatives = (tuple(("$neq", word) for word in words),)
    positive, negative = (some, none) if test.operator in _POSITIVE else (none, some)
    return NativeTest((path, "word"), read, positive, negative)


_POSITIVE = ("is", "in", "in_list")


def _words(test: Test) -> tuple[str, ...] | None:
    """The words that a value is compared with; None for an operator that does not compare so."""
    if test.operator in ("is", "is_not"):
        return (test.operand,)
    if test.operator in ("in", "not_in"):
        return tuple(sorted(test.operand))
    if test.operator in ("in_list", "not_in_list"):
        operand: ListReference = test.operand
        entries = selected_entries(operand)
        if any(entry.since or entry.until for entry in entries):
            return None
        return tuple(sorted({entry.value for entry in entries}))
    return None


def _by_day(test: Test) -> NativeTest | None:
    path = test.field

    def read(record: Record) -> int | None:
        value = record[path].value
        return value.toordinal() if isinstance(value, datetime.date) else None

    if not isinstance(test.operand, datetime.date):
        return None
    operator = "$lt" if test.operator == "before" else "$gt"
    return _compared((path, "day"), read, ((operator, test.operand.toordinal()),))


def _by_size(
    test: Test, bound: object, comparisons: tuple[tuple[str, object], ...]
) -> NativeTest | None:
    """Sizes in whole base units; both bounds of a range are of one sort."""
    highest = max((one.amount for _, one in comparisons if isinstance(one, Quantity)), default=0)
    measure = _measure(test.field, bound, highest)
    if measure is None:
        return None
    key, read, size = measure
    numbers: list[Comparison] = []
    for operator, one in comparisons:
        other, number = _measure(test.field, one, highest), size(one)
        if other is None or other[0] != key or number is None or abs(number) >= LARGEST:
            return None
        numbers.append((operator, number))
    return _compared(key, _clamped(read), tuple(numbers))


def _compared(
    key: tuple[str, ...], read: Reading, comparisons: tuple[Comparison, ...]
) -> NativeTest:
    outside = tuple(((_OPPOSITE[operator], number),) for operator, number in comparisons)
    return NativeTest(key, read, (comparisons,), outside)


def _clamped(read: Callable[[Record], int | None]) -> Reading:
    """A number beyond the largest compares with every bound as the largest does."""

    def run(record: Record) -> int | None:
        number = read(record)
        return None if number is None else max(-LARGEST, min(LARGEST, number))

    return run


Size = Callable[[object], int | None]


def _measure(
    path: str, bound: object, highest: int
) -> tuple[tuple[str, ...], Callable[[Record], int | None], Size] | None:
    """How values of a field are made whole numbers that compare as they do with this bound;
    ``highest`` is the highest amount that a quantity is compared with in the same test."""
    if isinstance(bound, Quantity):
        return _of_quantity(path, bound.dimension, highest)
    if isinstance(bound, Money):
        return _of_money(path, bound.currency)
    if isinstance(bound, Concentration):
        return _of_share(path, bound.basis)
    if isinstance(bound, Duration):
        return _of_age(path, bound.unit in ("days", "weeks"))
    return None


_Measure = tuple[tuple[str, ...], Callable[[Record], int | None], Size]


def _of_quantity(path: str, dimension: str, highest: int) -> _Measure:
    """Of an amount of which only the least is known nothing is told but that it is above all."""

    def read(record: Record) -> int | None:
        value = record[path].value
        if not isinstance(value, Quantity):
            return None
        amount, _, is_least, _ = goods.measured(record["product.family"], value, dimension)
        if amount is None or (is_least and amount.amount <= highest):
            return None
        return amount.amount

    return (path, "amount", dimension, str(highest)), read, lambda one: getattr(one, "amount", None)


def _of_money(path: str, currency: str) -> _Measure:
    bound = Money(currency, 0)

    def read(record: Record) -> int | None:
        value = record[path].value
        if not isinstance(value, Money):
            return None
        converted = in_currency(record, value, bound).value
        return None if converted is None else int(converted.amount)

    return (path, "money", currency), read, lambda one: getattr(one, "amount", None)


def _of_share(path: str, basis: str) -> _Measure:
    def read(record: Record) -> int | None:
        value = record[path].value
        if not isinstance(value, Concentration):
            return None
        if value.basis and basis and value.basis != basis:
            return None
        return value.parts_per_million

    return (path, "share", basis), read, lambda one: getattr(one, "parts_per_million", None)


def _of_age(path: str, by_days: bool) -> _Measure:
    def read(record: Record) -> int | None:
        value = record[path].value
        if not isinstance(value, Age):
            return None
        # A month has fewer than a hundred days: the two numbers compare as the pair does.
        return value.days if by_days else value.months * 100 + value.days_over

    def size(one: object) -> int | None:
        if not isinstance(one, Duration):
            return None
        if by_days:
            return one.count * (7 if one.unit == "weeks" else 1)
        return one.count * (12 if one.unit == "years" else 1) * 100

    return (path, "days" if by_days else "months"), read, size
