"""Which rules the values of one order leave open: what was found for the same values is kept.

Each part of a rule looks at a few fields, and those that look at the same fields are asked
together, of a record that has nothing but these. What they say is kept as bits, one for each way in
which a rule can hold, by the values that they looked at: they come again from order to order where
whole orders do not. A way of which one part is false is closed, by Kleene's logic, whatever the
rest of the order says; an order whose values leave no way open is finished.
"""

from __future__ import annotations

import itertools
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
    """The facets that look at the same fields of orders that state the same fields: ``key`` says
    which they are, ``paths`` are the fields."""

    bits: int
    key: int
    paths: tuple[str, ...]
    looks_at_goods: bool
    facets: tuple[_Facet, ...]


class _Plan:
    """How orders are asked that state the same fields. ``left`` is what the fields that they do
    not state leave open. What closes most for least is to be asked first: that is seen from the
    first orders. Threads may count at once and lose a count; the order of steps changes nothing."""

    __slots__ = ("_tally", "_to_see", "left", "steps")

    def __init__(self, left: int, steps: Sequence[_Step]) -> None:
        self.left = left
        self.steps = tuple(sorted(steps, key=lambda one: (len(one.paths), -one.bits.bit_count())))
        self._to_see = SEEN_FIRST
        self._tally = [[0, 1] for _ in steps]

    @property
    def is_learning(self) -> bool:
        """Whether it is still seen what the steps close."""
        return self._to_see > 0

    def note(self, place: int, closed: int, was_new: bool) -> None:
        """Note how many ways a step closed, and whether its values were new."""
        tally = self._tally[place]
        tally[0] += closed
        tally[1] += NEW_COSTS if was_new else 1

    def end_order(self) -> None:
        """Note that an order was seen; after the last of them put the steps in order."""
        self._to_see -= 1
        if self._to_see == 0:
            places = range(len(self.steps))
            by_use = sorted(places, key=lambda one: -self._tally[one][0] / self._tally[one][1])
            self.steps = tuple([self.steps[place] for place in by_use])


SEEN_FIRST = 200
"""Orders from which it is seen what each step closes."""

NEW_COSTS = 10
"""How many times longer it takes to ask about values that are new."""


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
        self._plans: dict[object, _Plan] = {}
        self._memory: dict[object, _Kept] = {}
        self._numbers: dict[object, int] = {}
        self._next = itertools.count()

    def of(self, record: Record) -> Iterable[int]:
        """The numbers of the conditions that may be true or unknown, in their order."""
        given = record.given
        layout = (frozenset(given), record.blanks)
        plan = self._plans.get(layout)
        if plan is None:
            plan = self._plan(layout)
        learning = plan.is_learning
        left, memory, get = plan.left, self._memory, given.get
        goods: tuple[Understood | None, ...] | None = None
        for place, (bits, key, paths, looks_at_goods, facets) in enumerate(plan.steps):
            if not left & bits:
                continue
            values: tuple[Understood | None, ...] = tuple(map(get, paths))
            if looks_at_goods:
                if goods is None:
                    goods = _goods_of(record)
                values += goods
            full = (key, *map(id, values))
            known = memory.get(full)
            kept = known or self._keep(full, self._ask(facets, record, values, paths))
            if learning:
                plan.note(place, (left & ~kept.left).bit_count(), known is None)
            left &= kept.left
            if not left:
                break
        if learning:
            plan.end_order()
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

    def _plan(self, layout: tuple[frozenset[str], frozenset[str]]) -> _Plan:
        """How orders are asked that state the same fields."""
        stated, blanks = layout
        alike: dict[tuple[tuple[str, ...], bool], list[_Facet]] = {}
        for facet in self._facets:
            paths = tuple(sorted(facet.reads & stated))
            alike.setdefault((paths, facet.looks_at_goods), []).append(facet)
        left, steps = self._full, []
        for (paths, looks_at_goods), facets in alike.items():
            reads = frozenset().union(*(facet.reads for facet in facets))
            numbers = tuple([facet.number for facet in facets])
            key = self._number((numbers, paths, reads & blanks))
            step = _Step(0, key, paths, looks_at_goods, tuple(facets))
            if paths or looks_at_goods:
                steps.append(step)
                continue
            nothing = Record({}, blanks=blanks)
            kept = self._memory.get((step.key,)) or self._keep(
                (step.key,), self._ask(step.facets, nothing, (), ())
            )
            left &= kept.left
        for place, step in enumerate(steps):
            bits = 0
            for facet in step.facets:
                bits |= facet.bits
            steps[place] = step._replace(bits=bits & left)
        if len(self._plans) >= MOST_LAYOUTS:
            self._plans.clear()
        plan = self._plans[layout] = _Plan(left, [step for step in steps if step.bits])
        return plan

    def _number(self, key: object) -> int:
        """A number for some facets and the fields of them that are stated: quick to look up."""
        if len(self._numbers) >= MOST_REMEMBERED:
            self._numbers.clear()
        return self._numbers.setdefault(key, next(self._next))

    def _keep(self, key: object, kept: _Kept) -> _Kept:
        if len(self._memory) >= MOST_REMEMBERED:
            self._memory.clear()
        self._memory[key] = kept
        return kept

    def _ask(
        self,
        facets: Sequence[_Facet],
        record: Record,
        values: tuple[Understood | None, ...],
        paths: tuple[str, ...],
    ) -> _Kept:
        """What the values that some facets look at leave open, whatever else the order says."""
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
        for facet in facets:
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
