"""Which rules the values of one order leave open: what was found for the same values is kept.

Each part of a rule looks at a few fields, and those that look at the same fields are asked
together, of a record that has nothing but these. What they say is kept as bits, one for each way in
which a rule can hold, by the values that they looked at: they come again from order to order where
whole orders do not. A way of which one part is false is closed, by Kleene's logic, whatever the
rest of the order says; an order whose values leave no way open is finished.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from redflags.engine.facets import Facets, Values, alone, goods_of
from redflags.engine.leaves import Closure
from redflags.engine.reads import (
    behind,
    fields_of,
    read_beside_goods,
    takes_for_granted,
    tests_of,
)
from redflags.engine.sieve import ways_to_hold
from redflags.model.record import Record
from redflags.rulebook.tree import Condition

MOST_REMEMBERED = 50_000
"""Combinations of values of which it is remembered what they leave open."""

MOST_LAYOUTS = 2_000
"""Sets of stated fields for which it is remembered how orders are asked that state these."""

Part = tuple[Closure, int]
"""A part of rules, and the ways that it is a part of."""


class _Step(NamedTuple):
    """A facet with the ways that it can close."""

    bits: int
    number: int
    paths: tuple[str, ...]
    looks_at_goods: bool
    parts: tuple[Part, ...]


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
    values: Values


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
        self._facets: Facets[Part] = Facets(
            (reads, (compiled(part), needed[key]))
            for key, part in parts.items()
            for reads in _reads_of(part)
        )
        self._plans: dict[object, _Plan] = {}
        self._memory: dict[object, _Kept] = {}

    def of(self, record: Record) -> Iterable[int]:
        """The numbers of the conditions that may be true or unknown, in their order."""
        given = record.given
        layout = (frozenset(given), record.blanks)
        plan = self._plans.get(layout)
        if plan is None:
            plan = self._plan(layout)
        learning = plan.is_learning
        left, memory, get = plan.left, self._memory, given.get
        goods: Values | None = None
        for place, (bits, facet, paths, looks_at_goods, parts) in enumerate(plan.steps):
            if not left & bits:
                continue
            values: Values = tuple(map(get, paths))
            if looks_at_goods:
                if goods is None:
                    goods = goods_of(record)
                values += goods
            key = (facet, *map(id, values))
            known = memory.get(key)
            kept = known or self._ask(key, parts, alone(record, paths, values), values)
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
        left, facets = self._full, []
        for facet in self._facets.of(stated, blanks):
            if facet.is_settled:
                key = (facet.number,)
                known = self._memory.get(key)
                nothing = Record({}, blanks=blanks)
                left &= (known or self._ask(key, facet.things, nothing, ())).left
            else:
                facets.append(facet)
        steps = []
        for facet in facets:
            bits = 0
            for _, own in facet.things:
                bits |= own & left
            if bits:
                steps.append(
                    _Step(bits, facet.number, facet.paths, facet.looks_at_goods, facet.things)
                )
        if len(self._plans) >= MOST_LAYOUTS:
            self._plans.clear()
        plan = self._plans[layout] = _Plan(left, steps)
        return plan

    def _ask(self, key: object, parts: Sequence[Part], seen: Record, values: Values) -> _Kept:
        """What the values that some parts look at leave open, whatever else the order says."""
        self._prepare(seen)
        left = self._full
        for closure, bits in parts:
            if closure(seen) is False:
                left &= ~bits
        if len(self._memory) >= MOST_REMEMBERED:
            self._memory.clear()
        kept = self._memory[key] = _Kept(left, values)
        return kept


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
