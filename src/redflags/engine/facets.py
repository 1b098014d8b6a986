"""Things to ask of orders, grouped by the fields that decide the answer.

What a few fields of an order say comes again from order to order where whole orders do not. So
what looks at the same fields is asked together, of a record that has nothing but these, and the
answers are kept by the values that were looked at.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from redflags import reference
from redflags.engine.reads import GOODS
from redflags.model.record import Record
from redflags.values.understood import Understood

Thing = TypeVar("Thing")
Values = tuple[Understood | None, ...]

MOST_NUMBERED = 50_000
"""Groups that are remembered by their number."""

_GOODS_TEXTS = ("cas", "product")
"""The texts that say what the goods are, beside the heading."""


@dataclass(frozen=True, slots=True)
class Facet(Generic[Thing]):
    """Things that look at the same fields of orders that state the same fields.

    ``paths`` are those fields. Where ``looks_at_goods``, what the goods are stands for the texts
    that say so. ``number`` is the facet's own: no other has it.
    """

    number: int
    paths: tuple[str, ...]
    looks_at_goods: bool
    things: tuple[Thing, ...]

    @property
    def is_settled(self) -> bool:
        """Whether the orders state nothing that it looks at: the answer is one for all of them."""
        return not self.paths and not self.looks_at_goods


class Facets(Generic[Thing]):
    """Things with the stated fields that decide the answer to each, those behind
    ``product.family`` standing as that, as :func:`~redflags.engine.reads.read_beside_goods` has
    it."""

    def __init__(self, things: Iterable[tuple[frozenset[str], Thing]]) -> None:
        self._things: dict[frozenset[str], list[Thing]] = {}
        for reads, thing in things:
            self._things.setdefault(reads, []).append(thing)
        self._numbers: dict[object, int] = {}
        self._next = itertools.count()

    def of(self, stated: Collection[str], blanks: frozenset[str]) -> list[Facet[Thing]]:
        """The facets of orders that state these fields and give those derived ones empty."""
        alike: dict[tuple[tuple[str, ...], bool], list[frozenset[str]]] = {}
        for reads in self._things:
            paths = tuple(sorted(reads.intersection(stated)))
            alike.setdefault((paths, GOODS in reads), []).append(reads)
        if len(self._numbers) >= MOST_NUMBERED:
            self._numbers.clear()
        found = []
        for (paths, looks_at_goods), several in alike.items():
            looked_at = frozenset().union(*several)
            key = (frozenset(several), paths, blanks & looked_at)
            found.append(
                Facet(
                    self._numbers.setdefault(key, next(self._next)),
                    paths,
                    looks_at_goods,
                    tuple([thing for reads in several for thing in self._things[reads]]),
                )
            )
        return found


def goods_of(record: Record) -> Values:
    """What the goods are, and the texts that say so where these say anything beside it. Goods of
    no family are all alike, unless their CAS number has a legal limit of its own."""
    families, given = record[GOODS], record.given
    cas = given.get("cas")
    if families.value is not None and not families.value and not families.partial:
        number = None if cas is None else cas.value
        if number is None or reference.legal_limit(number) is None:
            return (None,)
    return (families, *map(given.get, _GOODS_TEXTS))


def alone(record: Record, paths: tuple[str, ...], values: Values) -> Record:
    """A record that states nothing but these fields of an order; beyond the values of ``paths``,
    ``values`` may have those of :func:`goods_of`."""
    goods = values[len(paths) :]
    own = {path: value for path, value in zip(paths, values, strict=False) if value is not None}
    for path, value in zip(_GOODS_TEXTS, goods[1:], strict=False):
        if value is not None:
            own[path] = value
    seen = Record(own, blanks=record.blanks)
    if goods and GOODS not in own:
        seen[GOODS] = record[GOODS]
    return seen
