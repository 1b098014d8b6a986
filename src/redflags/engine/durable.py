"""The durable engine: a rule book on durable-rules, with the verdicts of the judge.

durable-rules knows two outcomes, so every rule stands there twice: when it holds, and when it could
hold. A rule that could hold and does not is unknown. Tests of values against constants are decided
by durable-rules itself where it was proven exact; the outcome of the others is worked out by the
judge's own closures and goes in as a whole number.
"""

from __future__ import annotations

import datetime
import threading
import weakref
from collections.abc import Callable

from redflags.engine.durable_plan import FALSE, TRUE, UNKNOWN, Target, plan
from redflags.engine.durable_rules import (
    MOST_SETS,
    EngineError,
    PatternSet,
    core,
    delete_all,
    property_name,
)
from redflags.engine.judge import Verdicts
from redflags.engine.leaves import Closure, compile_test
from redflags.model.record import Record
from redflags.rulebook.tree import RuleBook
from redflags.values.exchange import Rates, no_rates

__all__ = ["DurableEngine", "EngineError"]

_OUTCOME = {False: str(FALSE), None: str(UNKNOWN), True: str(TRUE)}


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
        self._readings = [
            *(
                (number, _outcome(compile_test(test, lists_as_of), number in made.needs_false))
                for number, test in made.tests.items()
            ),
            *((number, _value(test.read)) for number, test in made.native.items()),
        ]
        self._lock = threading.Lock()
        sets: list[PatternSet] = []
        # Whatever happens below, what was made in the core is given back with this object.
        weakref.finalize(self, delete_all, sets)
        self._levels = []
        for level in made.levels:
            ready = []
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
                members = tuple((number, f'"{names[number]}":') for number in numbers)
                ready.append((sets[-1], members, [tuple(targets) for _, targets in patterns]))
            self._levels.append(ready)

    @property
    def pattern_sets(self) -> tuple[PatternSet, ...]:
        """The sets of patterns that one order is matched against."""
        return tuple(one for level in self._levels for one, _, _ in level)

    def verdicts(self, record: Record) -> Verdicts:
        """Every rule that is true or unknown for the record, in the order of the rule book.

        Raises :class:`EngineError` if durable-rules reports an error; no fact stays behind.
        """
        record.judge_by(self.book.judgements, self._rates)
        properties: list[str | None] = [None] * self._property_count
        for number, read in self._readings:
            properties[number] = read(record)
        found: dict[str, set[int]] = {"true": set(), "possible": set()}
        for kind, position in self._always:
            found[kind].add(position)
        with self._lock:
            for level in self._levels:
                for pattern_set, members, targets in level:
                    fact = ",".join(
                        [
                            name + value
                            for number, name in members
                            if (value := properties[number]) is not None
                        ]
                    )
                    if not fact:  # every pattern asks for some property
                        continue
                    for match in pattern_set.matches(fact):
                        _note(targets[match], found, properties)
        true, possible = found["true"], found["possible"]
        return Verdicts(
            tuple(self._rules[position] for position in sorted(true)),
            tuple(self._rules[position] for position in sorted(possible - true)),
        )


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
