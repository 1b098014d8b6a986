"""Which ways of holding a single fact leaves open, as bits: most lines are finished by these alone.

A condition that is false however little else is known stays false, by Kleene's logic, whatever the
rest of the line holds. A rule is taken apart into the ways in which it can hold (``any`` offers
several), each of them a number of parts that must all hold. Each text of a column leaves a set of
ways open; a line on which the sets of its texts have none in common needs no further look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
        ways: list[Way] = []
        self._ways_of: list[list[tuple[int, Way]]] = []
        for condition in conditions:
            own = ways_to_hold(condition)
            self._ways_of.append(list(enumerate(own, start=len(ways))))
            ways += own
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

    def where_needed(self, left: Sequence[pl.Series], tests: Iterable[int]) -> pl.Series:
        """The lines on which a way is left that one of these tests has a part in."""
        needed = 0
        for test in tests:
            for place in self._parts_of_test.get(test, ()):
                needed |= self._needed_by[place]
        words = self._in_words(needed)
        return where_some([word & one for word, one in zip(left, words, strict=True)]).arg_true()

    def verdicts(
        self, left: Sequence[pl.Series], verdict_of: Callable[[Condition], pl.Series]
    ) -> Iterator[tuple[int, pl.Series]]:
        """For each condition that is not false everywhere its number and its verdict on each line.
        A way that is not left is false; ``verdict_of`` gives the verdicts of a part."""
        somewhere = 0
        for word, column in enumerate(left):
            some: int = column.bitwise_or() or 0  # type: ignore[assignment]
            somewhere |= some << word * WORD
        found: dict[int, pl.Series] = {}
        for number, ways in enumerate(self._ways_of):
            for bit, way in ways:
                if not somewhere >> bit & 1:
                    continue
                holds = is_left(left, bit)
                for part in way:
                    holds = holds & verdict_of(part)
                found[number] = found[number] | holds if number in found else holds
        yield from found.items()

    def ways_of(self, number: int) -> list[tuple[int, Way]]:
        """The ways of one condition, each with the number of its bit."""
        return self._ways_of[number]

    def _in_words(self, bits: int) -> list[int]:
        mask = (1 << WORD) - 1
        return [(bits >> word * WORD) & mask for word in range(self._words)]

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
            lines = pl.Series(words, dtype=pl.Int64).gather(codes)
            found.append(lines if left is None else left[word] & lines)
        return found


def is_left(left: Sequence[pl.Series], bit: int) -> pl.Series:
    """On which lines a way is left."""
    return (left[bit // WORD] & (1 << bit % WORD)) != 0


def where_some(left: Sequence[pl.Series]) -> pl.Series:
    """On which lines any bit is set."""
    some = left[0] != 0
    for word in left[1:]:
        some |= word != 0
    return some


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
