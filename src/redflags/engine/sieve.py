"""Which ways of holding a single fact leaves open, as bits: most lines are finished by these alone.

A condition that is false however little else is known stays false, by Kleene's logic, whatever the
rest of the line holds. A rule is taken apart into the ways in which it can hold (``any`` offers
several), each of them a number of parts that must all hold. Each text of a column leaves a set of
ways open; a line on which the sets of its texts have none in common needs no further look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from redflags.engine.leaves import Verdict
from redflags.engine.reads import tests_of
from redflags.rulebook.tree import Condition, Named, Test

if TYPE_CHECKING:
    import polars as pl

MOST_WAYS = 24
"""Ways to hold that a rule is taken apart into; what would make more stays one part."""

WORD = 63
"""Ways in one whole number of a column."""

Way = tuple[Condition, ...]


class Sieve:
    """The ways in which some conditions can hold, as bits."""

    def __init__(self, conditions: Sequence[Condition]) -> None:
        ways = [way for condition in conditions for way in ways_to_hold(condition)]
        self._words = -(-len(ways) // WORD)
        self.full = (1 << len(ways)) - 1
        self._parts: list[Condition] = []
        self._needed_by: list[int] = []
        places: dict[int, int] = {}
        for number, way in enumerate(ways):
            for part in way:
                place = places.setdefault(id(part), len(self._parts))
                if place == len(self._parts):
                    self._parts.append(part)
                    self._needed_by.append(0)
                self._needed_by[place] |= 1 << number
        self._parts_of_test: dict[int, list[int]] = {}
        for place, part in enumerate(self._parts):
            for test in {id(test) for test in tests_of(part)}:
                self._parts_of_test.setdefault(test, []).append(place)
        self._always: Mapping[int, Verdict] = {}

    def take_for_known(self, verdicts: Mapping[int, Verdict]) -> None:
        """Verdicts of tests, by their ids, that hold on every line."""
        self._always = verdicts
        self.full = self.left_by({}, verdicts)

    def left_by(self, verdicts: Mapping[int, Verdict], tests: Iterable[int] = ()) -> int:
        """The ways that are open where these tests have these verdicts and nothing else is known;
        ``tests`` are others whose parts are to be looked at."""
        known = {**self._always, **verdicts}
        left = self.full
        looked_at = {
            place for test in (*verdicts, *tests) for place in self._parts_of_test.get(test, ())
        }
        for place in looked_at:
            if left & self._needed_by[place] and could_be(self._parts[place], known) is False:
                left &= ~self._needed_by[place]
        return left

    def narrow(
        self, left: Sequence[pl.Series] | None, sets: Sequence[int], codes: pl.Series
    ) -> list[pl.Series]:
        """What is left open on each line, a column for each word, after one more fact: ``sets``
        are what its values leave open, ``codes`` the value on each line."""
        import polars as pl

        mask = (1 << WORD) - 1
        found = []
        for word in range(self._words):
            words = [(one >> word * WORD) & mask for one in sets]
            if left is not None and not any(
                (one ^ self.full) >> word * WORD & mask for one in sets
            ):
                found.append(left[word])
                continue
            spread = pl.Series(words, dtype=pl.Int64).gather(codes)
            found.append(spread if left is None else left[word] & spread)
        return found


def ways_to_hold(condition: Condition) -> list[Way]:
    """The condition as alternatives, each of parts that must all hold."""
    if isinstance(condition, Named):
        return ways_to_hold(condition.block)
    if isinstance(condition, Test) or condition.kind == "none":
        return [(condition,)]
    if condition.kind == "any":
        ways = [way for part in condition.parts for way in ways_to_hold(part)]
        return ways if len(ways) <= MOST_WAYS else [(condition,)]
    ways = [()]
    for part in condition.parts:
        more = ways_to_hold(part)
        if len(ways) * len(more) > MOST_WAYS:
            more = [(part,)]
        ways = [(*way, *one) for way in ways for one in more]
    return ways


def could_be(condition: Condition, known: Mapping[int, Verdict]) -> Verdict:
    """The verdict of a condition when only some of its tests are known, by their ids."""
    if isinstance(condition, Test):
        return known.get(id(condition))
    if isinstance(condition, Named):
        return could_be(condition.block, known)
    settling = condition.kind != "all"
    verdict: Verdict = not settling
    for part in condition.parts:
        one = could_be(part, known)
        if one is settling:
            verdict = settling
            break
        if one is None:
            verdict = None
    return verdict if condition.kind != "none" else None if verdict is None else not verdict
