"""Which rules the values of one order leave open: what was found for the same values is kept.

Each part of a rule looks at a few fields, and those that look at the same fields are asked
together, of a record that has nothing but these. What they say is kept as bits, one for each way in
which a rule can hold, by the values that they looked at: they come again from order to order where
whole orders do not. A way of which one part is false is closed, by Kleene's logic, whatever the
rest of the order says; an order whose values leave no way open is finished.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from redflags import reference
from redflags.engine.leaves import Closure
from redflags.engine.reads import (
    GOODS,
    behind,
    fields_of,
    read_beside_goods,
    takes_for_granted,
    tests_of,
)
from redflags.engine.sieve import ways_to_hold
from redflags.model.record import Record
from redflags.rulebook.tree import Condition
from redflags.values.understood import Understood

MOST_REMEMBERED = 50_000
"""Combinations of values of which it is remembered what they leave open."""

MOST_LAYOUTS = 2_000
"""Sets of stated fields for which it is remembered how orders are asked that state these."""

_GOODS_TEXTS = ("cas", "product")
"""The fields behind what the goods are that :func:`read_beside_goods` leaves out."""


@dataclass(slots=True)
class _Facet:
    """The parts that look at the same fields, and the ways that they are parts of.

    ``reads`` are the stated fields behind these; where ``looks_at_goods``, what the goods are
    stands for the texts that say so.
    """

    number: int
    reads: frozenset[str]
    looks_at_goods: bool
    parts: list[tuple[Closure, int]]
    bits: int = 0


class _Step(NamedTuple):
    """A facet as it is asked of orders that state the same fields: ``key`` says which, ``paths``
    are those of them that it reads."""

    bits: int
    facet: _Facet
    key: object
    paths: tuple[str, ...]


class _Kept(NamedTuple):
    """What some values leave open. The values are kept with it, so that no other object can come
    to have the id of one of them."""

    left: int
    values: tuple[Understood | None, ...]


class LeftOpen:
    """What the values of orders leave open of some conditions. Safe from several threads.

    ``compiled`` gives the closure of a part, ``prepare`` makes a record ready for closures,
    ``sameness`` is a key that is equal for parts that ask the same.
    """

    def __init__(
        self,
        conditions: Sequence[Condition],
        compiled: Callable[[Condition], Closure],
        prepare: Callable[[Record], None],
        sameness: Callable[[Condition], object],
    ) -> None:
        self._prepare = prepare
        self._owner: list[int] = []
        parts: dict[object, Condition] = {}
        needed: dict[object, int] = {}
        for number, condition in enumerate(conditions):
            for way in ways_to_hold(condition):
                bit = 1 << len(self._owner)
                self._owner.append(number)
                for part in way:
                    key = sameness(part)
                    parts.setdefault(key, part)
                    needed[key] = needed.get(key, 0) | bit
        self._full = (1 << len(self._owner)) - 1
        facets: dict[frozenset[str], _Facet] = {}
        for key, part in parts.items():
            for reads in _reads_of(part):
                facet = facets.get(reads)
                if facet is None:
                    facet = facets[reads] = _Facet(len(facets), reads, GOODS in reads, [])
                facet.parts.append((compiled(part), needed[key]))
                facet.bits |= needed[key]
        self._facets = list(facets.values())
        self._plans: dict[object, tuple[int, tuple[_Step, ...]]] = {}
        self._memory: dict[object, _Kept] = {}

    def of(self, record: Record) -> Iterable[int]:
        """The numbers of the conditions that may be true or unknown, in their order."""
        given = record.given
        layout = (frozenset(given), record.blanks)
        plan = self._plans.get(layout)
        if plan is None:
            plan = self._plan(layout)
        left, steps = plan
        memory, get = self._memory, given.get
        goods: tuple[Understood | None, ...] | None = None
        for bits, facet, key, paths in steps:
            if not left & bits:
                continue
            values: tuple[Understood | None, ...] = tuple(map(get, paths))
            if facet.looks_at_goods:
                if goods is None:
                    goods = _goods_of(record)
                values += goods
            full = (key, *map(id, values))
            kept = memory.get(full)
            if kept is None:
                kept = self._keep(full, self._ask(facet, record, values, paths))
            left &= kept.left
            if not left:
                return ()
        return self._conditions(left) if left else ()

    def _conditions(self, left: int) -> list[int]:
        """The conditions of which a way is left."""
        found: list[int] = []
        while left:
            lowest = left & -left
            number = self._owner[lowest.bit_length() - 1]
            if not found or found[-1] != number:
                found.append(number)
            left ^= lowest
        return found

    def _plan(self, layout: tuple[frozenset[str], frozenset[str]]) -> tuple[int, tuple[_Step, ...]]:
        """How orders are asked that state the same fields: what the fields that they do not state
        leave open, and the facets that look at others, those first that close most for least."""
        stated, blanks = layout
        left, steps = self._full, []
        for facet in self._facets:
            paths = tuple(sorted(facet.reads & stated))
            key = (facet.number, paths, facet.reads & blanks)
            if paths or facet.looks_at_goods:
                steps.append(_Step(facet.bits, facet, key, paths))
                continue
            kept = self._memory.get((key,))
            if kept is None:
                nothing = Record({}, blanks=blanks)
                kept = self._keep((key,), self._ask(facet, nothing, (), ()))
            left &= kept.left
        steps = [one for one in steps if one.bits & left]
        steps.sort(key=lambda one: (len(one.paths), -one.bits.bit_count(), one.facet.number))
        if len(self._plans) >= MOST_LAYOUTS:
            self._plans.clear()
        plan = self._plans[layout] = (left, tuple(steps))
        return plan

    def _keep(self, key: object, kept: _Kept) -> _Kept:
        if len(self._memory) >= MOST_REMEMBERED:
            self._memory.clear()
        self._memory[key] = kept
        return kept

    def _ask(
        self,
        facet: _Facet,
        record: Record,
        values: tuple[Understood | None, ...],
        paths: tuple[str, ...],
    ) -> _Kept:
        """What the values of a facet leave open, whatever the rest of the order says."""
        own = {path: value for path, value in zip(paths, values, strict=False) if value is not None}
        goods = values[len(paths) :]
        for path, value in zip(_GOODS_TEXTS, goods[1:], strict=False):
            if value is not None:
                own[path] = value
        seen = Record(own, blanks=record.blanks)
        if goods and GOODS not in own:
            seen[GOODS] = record[GOODS]
        self._prepare(seen)
        left = self._full
        for closure, bits in facet.parts:
            if closure(seen) is False:
                left &= ~bits
        return _Kept(left, values)


def _goods_of(record: Record) -> tuple[Understood | None, ...]:
    """What the goods are, and the texts that say so where these say anything beside it. Goods of
    no family are all alike, unless their CAS number has a legal limit of its own."""
    families, given = record[GOODS], record.given
    cas = given.get("cas")
    if families.value is not None and not families.value and not families.partial:
        number = None if cas is None else cas.value
        if number is None or reference.legal_limit(number) is None:
            return (None,)
    return (families, *map(given.get, _GOODS_TEXTS))


def _reads_of(part: Condition) -> list[frozenset[str]]:
    """The stated fields that decide a part. There are many days, and mostly the other fields
    alone say that a part is false: then it is so on every day, and is asked without it first."""
    fields = {path for test in tests_of(part) for path in fields_of(test)}
    reads = frozenset().union(*map(read_beside_goods, tests_of(part)))
    if "date" not in reads or reads == {"date"}:
        return [reads]
    # What is taken for granted for want of a date would not be so with one.
    if any(takes_for_granted(path) and "date" in behind(path) for path in fields):
        return [reads]
    return [reads - {"date"}, reads]
