"""The durable engine: a rule book on durable-rules, with the verdicts of the judge.

durable-rules knows two outcomes, so every rule stands there twice: when it holds, and when it could
hold. A rule that could hold and does not is unknown. What it said of a fact is remembered for a
while: of the same fact it says the same. Tests of values against constants are decided
by durable-rules itself where it was proven exact; the outcome of the others is worked out by the
judge's own closures and goes in as a whole number.
"""

from __future__ import annotations

import datetime
import threading
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from redflags.engine.durable_plan import FALSE, TRUE, UNKNOWN, Target, plan
from redflags.engine.durable_rules import (
    MOST_SETS,
    EngineError,
    PatternSet,
    core,
    delete_all,
    property_name,
)
from redflags.engine.facets import Facet, Facets, Values, alone, goods_of
from redflags.engine.judge import Verdicts
from redflags.engine.leaves import Closure, compile_test
from redflags.engine.reads import read_beside_goods
from redflags.model.record import Record, TextRecord
from redflags.rulebook.tree import RuleBook
from redflags.values.exchange import Rates, no_rates

__all__ = ["DurableEngine", "EngineError"]

_OUTCOME = {False: str(FALSE), None: str(UNKNOWN), True: str(TRUE)}


MOST_REMEMBERED = 50_000
"""Combinations of values of which it is remembered what is told of them."""

MOST_LAYOUTS = 2_000
"""Sets of stated fields for which it is remembered how orders are asked that state these."""

MOST_SAID = 2_000
"""Facts for each set of patterns of which it is remembered what durable-rules said."""

Reading = tuple[int, Callable[[Record], str | None]]
"""A property by its number, and what gives its value."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """A set of patterns with its properties: their values in a fact, and what stands before each
    of them there. ``said`` has what durable-rules said of facts, by these values."""

    patterns: PatternSet
    values_in: Callable[[Sequence[str | None]], tuple[str | None, ...]]
    names: tuple[str, ...]
    targets: list[tuple[Target, ...]]
    said: dict[tuple[str | None, ...], Sequence[int]]


class DurableEngine:
    """A rule book made ready to be judged by durable-rules. Safe from several threads; one order
    is judged at a time.

    Raises :class:`EngineError` if durable-rules is not there or the rule book does not fit it.
    """

    def __init__(
        self,
        book: RuleBook,
        lists_as_of: datetime.date | None = None,
        rates: Rates = no_rates,
    ) -> None:
        core()
        self._rates = rates
        self.book = book
        self._rules = book.rules
        made = plan(self._rules)
        count = sum(map(len, made.levels))
        if count > MOST_SETS:
            raise EngineError(
                f"the rule book needs {count} sets of patterns, and the durable engine takes "
                f"{MOST_SETS}; use the engine judge"
            )
        self._property_count = made.property_count
        self._always = tuple(made.always)
        outcomes = (
            (
                read_beside_goods(test),
                (number, _outcome(compile_test(test, lists_as_of), number in made.needs_false)),
            )
            for number, test in made.tests.items()
        )
        values = ((one.reads, (number, _value(one.read))) for number, one in made.native.items())
        readings = [*outcomes, *values]
        self._readings = [one for _, one in readings]
        self._facets: Facets[Reading] = Facets(readings)
        self._layouts: dict[object, list[Facet[Reading]]] = {}
        self._memory: dict[object, tuple[tuple[tuple[int, str | None], ...], Values]] = {}
        self._lock = threading.Lock()
        sets: list[PatternSet] = []
        # Whatever happens below, what was made in the core is given back with this object.
        weakref.finalize(self, delete_all, sets)
        self._levels: list[list[_Ready]] = []
        for level in made.levels:
            ready_sets = []
            for patterns in level:
                numbers = sorted({atom[0] for pattern, _ in patterns for atom in pattern})
                names = {number: property_name(place) for place, number in enumerate(numbers)}
                sets.append(
                    PatternSet(
                        [
                            [
                                (names[atom[0]], atom[1], atom[2])
                                for atom in sorted(pattern, key=str)
                            ]
                            for pattern, _ in patterns
                        ]
                    )
                )
                ready_sets.append(
                    _Ready(
                        sets[-1],
                        _several(numbers),
                        tuple([f'"{names[number]}":' for number in numbers]),
                        [tuple(targets) for _, targets in patterns],
                        {},
                    )
                )
            self._levels.append(ready_sets)

    @property
    def pattern_sets(self) -> tuple[PatternSet, ...]:
        """The sets of patterns that one order is matched against."""
        return tuple(ready.patterns for level in self._levels for ready in level)

    def verdicts(self, record: Record) -> Verdicts:
        """Every rule that is true or unknown for the record, in the order of the rule book.

        Raises :class:`EngineError` if durable-rules reports an error; no fact stays behind.
        """
        record.judge_by(self.book.judgements, self._rates)
        properties = self._properties(record)
        found: dict[str, set[int]] = {"true": set(), "possible": set()}
        for kind, position in self._always:
            found[kind].add(position)
        for level in self._levels:
            for ready in level:
                values = ready.values_in(properties)
                matches = ready.said.get(values)
                if matches is None:
                    matches = self._ask(ready, values)
                for match in matches:
                    _note(ready.targets[match], found, properties)
        true, possible = found["true"], found["possible"]
        return Verdicts(
            tuple(self._rules[position] for position in sorted(true)),
            tuple(self._rules[position] for position in sorted(possible - true)),
        )

    def _ask(self, ready: _Ready, values: tuple[str | None, ...]) -> Sequence[int]:
        """The patterns of a set that durable-rules finds matched by a fact of these values."""
        fact = ",".join(
            [
                name + value
                for name, value in zip(ready.names, values, strict=True)
                if value is not None
            ]
        )
        matches: Sequence[int] = ()
        if fact:  # every pattern asks for some property
            with self._lock:
                matches = ready.patterns.matches(fact)
        if len(ready.said) >= MOST_SAID:
            ready.said.clear()
        ready.said[values] = matches
        return matches

    def _properties(self, record: Record) -> list[str | None]:
        """What is told of a record, by the numbers of the properties. Of values that come again
        it is told once."""
        properties: list[str | None] = [None] * self._property_count
        if isinstance(record, TextRecord):  # its texts are read when they are asked for
            for number, read in self._readings:
                properties[number] = read(record)
            return properties
        given = record.given
        layout = (frozenset(given), record.blanks)
        facets = self._layouts.get(layout)
        if facets is None:
            if len(self._layouts) >= MOST_LAYOUTS:
                self._layouts.clear()
            facets = self._layouts[layout] = self._facets.of(*layout)
        memory, get = self._memory, given.get
        goods: Values | None = None
        for facet in facets:
            values: Values = tuple(map(get, facet.paths))
            if facet.looks_at_goods:
                if goods is None:
                    goods = goods_of(record)
                values += goods
            key = (facet.number, *map(id, values))
            known = memory.get(key)
            if known is None:
                seen = alone(record, facet.paths, values)
                seen.judge_by(self.book.judgements, self._rates)
                told = [(number, read(seen)) for number, read in facet.things]
                if len(memory) >= MOST_REMEMBERED:
                    memory.clear()
                told_of = tuple([one for one in told if one[1] is not None])
                known = memory[key] = told_of, values
            for number, value in known[0]:
                properties[number] = value
        return properties


def _several(numbers: Sequence[int]) -> Callable[[Sequence[str | None]], tuple[str | None, ...]]:
    """The values at these places, as a tuple even of one."""
    if len(numbers) == 1:
        place = numbers[0]
        return lambda values: (values[place],)
    return itemgetter(*numbers)


def _note(
    targets: tuple[Target, ...], found: dict[str, set[int]], properties: list[str | None]
) -> None:
    for kind, number in targets:
        if kind == "property":
            properties[number] = "1"
        else:
            found[kind].add(number)


def _outcome(closure: Closure, needs_false: bool) -> Callable[[Record], str | None]:
    """The outcome of a test as a property. It is left out when it is false and no pattern asks
    for that: a missing property matches nothing."""

    def read(record: Record) -> str | None:
        verdict = closure(record)
        return None if verdict is False and not needs_false else _OUTCOME[verdict]

    return read


def _value(read: Callable[[Record], int | str | None]) -> Callable[[Record], str | None]:
    """A value as JSON: whole numbers in digits, words in quotes."""

    def write(record: Record) -> str | None:
        value = read(record)
        if value is None:
            return None
        return f'"{value}"' if isinstance(value, str) else str(value)

    return write
