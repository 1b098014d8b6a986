"""Which ways of holding a single fact leaves open, as bits: most lines are finished by these alone.

A condition that is false however little else is known stays false, by Kleene's logic, whatever the
rest of the line holds. A rule is taken apart into the ways in which it can hold (``any`` offers
several), each of them a number of parts that must all hold. Each text of a column leaves a set of
ways open; a line on which the sets of its texts have none in common needs no further look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from redflags.engine.columns import same
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

    def bits_of(self, tests: Iterable[int]) -> int:
        """The ways that one of these tests has a part in."""
        bits = 0
        for test in tests:
            for place in self._parts_of_test.get(test, ()):
                bits |= self._needed_by[place]
        return bits & self.full

    def where_left(self, left: Sequence[pl.Series], bits: int) -> pl.Series | None:
        """On which lines one of these ways is left; none where there are no such ways."""
        some: pl.Series | None = None
        for column, word in zip(left, self._in_words(bits), strict=True):
            if word:
                here = (column & word) != 0
                some = here if some is None else some | here
        return some

    def conditions_of(self, bits: int) -> list[int]:
        """The numbers of the conditions that one of these ways is a way of."""
        return [
            number
            for number, ways in enumerate(self._ways_of)
            if any(bits >> bit & 1 for bit, _ in ways)
        ]

    def verdict(
        self, number: int, left: Sequence[pl.Series], verdict_of: Callable[[Condition], pl.Series]
    ) -> pl.Series:
        """The verdict of a condition on each line. A way that is not left is false; ``verdict_of``
        gives the verdicts of a part."""
        found: pl.Series | None = None
        for bit, way in self._ways_of[number]:
            holds = is_left(left, bit)
            if len(self._ways_of[number]) > 1 and not holds.any():
                continue
            for part in way:
                holds = holds & verdict_of(part)
            found = holds if found is None else found | holds
        return is_left(left, self._ways_of[number][0][0]) if found is None else found

    def ways_of(self, number: int) -> list[tuple[int, Way]]:
        """The ways of one condition, each with the number of its bit."""
        return self._ways_of[number]

    def ways_left(self, left: Sequence[pl.Series]) -> int:
        """The ways that are left on some line."""
        somewhere = 0
        for word, column in enumerate(left):
            some: int = column.bitwise_or() or 0  # type: ignore[assignment]
            somewhere |= some << word * WORD
        return somewhere

    def sets(self, left: Sequence[pl.Series]) -> list[int]:
        """The ways that are left on each line, as one set of bits."""
        return [
            sum(word << number * WORD for number, word in enumerate(words))
            for words in zip(*(column.to_list() for column in left), strict=True)
        ]

    def _in_words(self, bits: int) -> list[int]:
        mask = (1 << WORD) - 1
        return [(bits >> word * WORD) & mask for word in range(self._words)]

    def table(self, sets: Sequence[int]) -> list[tuple[int, pl.Series]]:
        """What some facts leave open, in words: for each word in which one of them closes
        anything its place and a column of the facts."""
        import polars as pl

        mask = (1 << WORD) - 1
        found = []
        for word in range(self._words):
            shift = word * WORD
            if any((one ^ self.full) >> shift & mask for one in sets):
                words = [one >> shift & mask for one in sets]
                found.append((word, pl.Series(words, dtype=pl.Int64)))
        return found

    def all_left(self, height: int) -> list[pl.Series]:
        """Every way on every one of some lines, a column for each word."""
        import polars as pl

        return [same(word, height, pl.Int64) for word in self._in_words(self.full)]

    @contextmanager
    def at(self, left: list[pl.Series], bits: int, places: pl.Series) -> Iterator[list[pl.Series]]:
        """What is left on the lines at some places, to close there some of these ways and no
        others: the words in which none of them stands are those of all lines."""
        words = [place for place, word in enumerate(self._in_words(bits)) if word]
        own = list(left)
        for word in words:
            own[word] = left[word][places]
        yield own
        for word in words:
            left[word] = left[word].clone().scatter(places, own[word])

    def close(self, left: list[pl.Series], bits: int, where: pl.Series) -> None:
        """Close these ways on some lines; unknown is no reason to."""
        for word, one in enumerate(self._in_words(bits)):
            if one:
                closed = left[word] & ((1 << WORD) - 1 ^ one)
                left[word] = closed.zip_with(where, left[word])


def narrow(left: list[pl.Series], table: Sequence[tuple[int, pl.Series]], facts: pl.Series) -> None:
    """Leave open on each line what its fact leaves open."""
    for word, sets in table:
        left[word] = left[word] & sets[facts]


def is_left(left: Sequence[pl.Series], bit: int) -> pl.Series:
    """On which lines a way is left."""
    return (left[bit // WORD] & (1 << bit % WORD)) != 0


def where_some(left: Sequence[pl.Series]) -> pl.Series:
    """On which lines any bit is set."""
    some = left[0]
    for word in left[1:]:
        some = some | word
    return some != 0


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
