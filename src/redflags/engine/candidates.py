"""Which rules can be true or unknown for an order, before any of them is asked.

A rule that is false when one field alone is known is false whatever the others say, by Kleene's
logic. For fields with few values, such as what the goods are or whether they fit the buyer, the
rules that each value leaves possible are found out once and kept as bits of one whole number; what
the values of an order leave possible together is the `and` of a few such numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from redflags.engine.leaves import Closure, Verdict
from redflags.engine.reads import fields_of, tests_of
from redflags.engine.sieve import could_be
from redflags.model.fields import field_table
from redflags.model.record import Record
from redflags.rulebook.tree import Condition, LimitTable, Test
from redflags.values.understood import ABSENT, BLANK, Understood

MOST_VALUES = 10_000
"""Values that are remembered of all fields together: sets of product families can be many."""

WORTH_ASKING = 3
"""Rules that a field must be able to rule out for it to be read: to read one can cost as much as
to judge a rule."""


class Candidates:
    """The conditions of some rules, by what the fields with few values leave possible."""

    def __init__(
        self, conditions: Sequence[Condition], compiled: Callable[[Test], Closure]
    ) -> None:
        self._conditions = conditions
        self._every = (1 << len(conditions)) - 1
        by_field: dict[str, dict[int, Test]] = {}
        concerned: dict[str, int] = {}
        for number, condition in enumerate(conditions):
            for test in tests_of(condition):
                if _tells_alone(test):
                    by_field.setdefault(test.field, {})[id(test)] = test
                    concerned[test.field] = concerned.get(test.field, 0) | 1 << number
        self._tests = {
            path: [(key, compiled(test)) for key, test in tests.items()]
            for path, tests in by_field.items()
        }
        # Those that concern most rules first: they may leave the others nothing to rule out.
        order = sorted(concerned, key=lambda path: (-concerned[path].bit_count(), path))
        self._fields = [(path, concerned[path]) for path in order]
        self._few = frozenset(path for path in order if _has_few_values(path))
        # A region that is not known may still lie in a country that is.
        table = field_table()
        self._regions = frozenset(
            path for path in order if table[path].kind.member.name == "region"
        )
        self._left: dict[tuple[str, object], int] = {}

    def of(self, record: Record) -> Iterator[int]:
        """The numbers of the conditions that may be true or unknown, in their order."""
        left = self._every
        for path, concerned in self._fields:
            if (left & concerned).bit_count() < WORTH_ASKING:
                continue
            understood = record[path]
            if understood.partial or (understood.value is None and path in self._regions):
                continue
            key = path, _key(understood, path in self._few)
            known = self._left.get(key)
            left &= self._find(key, understood) if known is None else known
        while left:
            lowest = left & -left
            yield lowest.bit_length() - 1
            left ^= lowest

    def _find(self, key: tuple[str, object], understood: Understood) -> int:
        """The conditions that are left possible where a field alone is told."""
        path = key[0]
        # Without the date: a value that is in a list on no day is not in it, whatever the day.
        record = Record({path: understood})
        known: dict[int, Verdict] = {test: asks(record) for test, asks in self._tests[path]}
        left = self._every
        concerned = dict(self._fields)[path]
        for number, condition in enumerate(self._conditions):
            if concerned >> number & 1 and could_be(condition, known) is False:
                left ^= 1 << number
        if len(self._left) >= MOST_VALUES:
            self._left.clear()
        self._left[key] = left
        return left


def _key(understood: Understood, has_few: bool) -> object:
    """What decides the tests of a field: its value, or whether there is one."""
    if understood.value is not None:
        return understood.value if has_few else KNOWN
    if understood is ABSENT:
        return MISSING
    return BLANK if understood.is_blank else UNKNOWN


KNOWN, MISSING, UNKNOWN = object(), object(), object()
"""In place of values: there is one, no such field was given, what was given is not understood."""


def _has_few_values(path: str) -> bool:
    kind = field_table()[path].kind.member
    return kind.vocabulary is not None or kind.name == "country"


def _tells_alone(test: Test) -> bool:
    """Whether one field with few values, or that it has any, can decide a test."""
    if not fields_of(test) <= {test.field, "date"} or isinstance(test.operand, LimitTable):
        return False
    if test.field == "date":
        return False
    return test.operator == "known" or _has_few_values(test.field)
