"""The columnar engine: many order lines at once, with the judge's meaning.

A test is judged once for each combination of texts that occurs, by the judge's own closure. First
the lines are sifted: what a combination leaves possible is a set of bits, and a line on which the
sets have nothing in common is finished without a look at single tests. On what is left the tests
that a rule still depends on are spread over the lines by number, and Polars combines the vectors
of three-valued verdicts by Kleene's rules. Where texts are too many for that, the judge is asked
line by line.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from redflags.engine.batch import MOST_REMEMBERED, Batch, join
from redflags.engine.goods_kinds import GoodsKinds
from redflags.engine.groups import Group, GroupJudge
from redflags.engine.judge import Judge, Standing, Verdicts
from redflags.engine.leaves import Verdict
from redflags.engine.membership import membership
from redflags.engine.open_tests import open_tests
from redflags.engine.reads import (
    tests_of,
)
from redflags.engine.sieve import Sieve, is_left, where_some
from redflags.model.notation import AS_WRITTEN, Notation, Notations
from redflags.model.record import Record, record_of_texts
from redflags.model.validity import expire
from redflags.rulebook.tree import Condition, Named, RuleBook, Test
from redflags.values.exchange import Rates, no_rates

if TYPE_CHECKING:
    import polars as pl

    Columns = Mapping[str, pl.Series]

_TRUE, _UNKNOWN, _OPEN = range(3)

_VERDICTS: Mapping[object, Verdict] = {0: False, 1: True, 2: None}
"""Verdicts by the numbers that stand for them in a column."""

CHEAP_SHARE = 10
"""A column is cheap where at most one line in this many has a text of its own."""


@dataclass(frozen=True, slots=True)
class OpenLines:
    """Lines of a batch on which not every rule is false, or that may be of a window: their numbers
    in the batch, and how the rules stand on each."""

    places: pl.Series
    standings: list[Standing]


class ColumnarEngine:
    """A rule book made ready to judge batches of lines with the same columns."""

    def __init__(
        self,
        book: RuleBook,
        lists_as_of: datetime.date | None = None,
        *,
        as_of: datetime.date | None = None,
        notation: Notation | Notations = AS_WRITTEN,
        always_cheap: int = 64,
        lines_to_a_turn: int = 40,
        rates: Rates = no_rates,
    ) -> None:
        self._always_cheap = always_cheap
        self._lines_to_a_turn = lines_to_a_turn
        self._rules = book.rules
        wheres = [membership(rule) for rule in book.across_rules]
        self._conditions = [*(rule.when for rule in book.rules), *wheres]
        self._judge = Judge(book, lists_as_of, rates)
        self._as_of = as_of
        self._notation = notation
        self._tests = {id(test): test for one in self._conditions for test in tests_of(one)}
        self._columns: frozenset[str] | None = None
        self._goods: GoodsKinds
        self._groups: GroupJudge
        self._sieve = Sieve(self._conditions)
        self._sifting: list[Group] | None = None
        self._tests_of = [frozenset(map(id, tests_of(one))) for one in self._conditions]
        self._standings: dict[tuple[int, ...], Standing] = {}
        self._wanted: list[tuple[int, tuple[Test, ...]]] = []
        self._kinds_wanting: dict[tuple[object, ...], int] = {}

    def open_lines(self, frame: pl.DataFrame) -> OpenLines:
        """The lines of a batch on which some rule is or may be true or unknown, or that may be of
        the window of a rule across orders, and how the rules stand there; on every other line
        every rule is false. Of a rule across orders that is what the line alone says.

        ``frame`` has a text column for each field that is given, named by its path; a field that
        has no column is absent. All batches of one engine have the same columns.
        """
        self._prepare(frozenset(frame.columns))
        goods = self._goods.number(frame)
        places, left = self._sift(frame, goods)
        if places.is_empty():
            return OpenLines(places, [])
        batch = Batch(frame[places], goods.gather(places))
        still, standings = self._still_open(batch, left, self._few_of(frame))
        return OpenLines(places.gather(still), standings)

    def verdicts(self, frame: pl.DataFrame) -> Iterator[tuple[int, Record, Verdicts]]:
        """The lines with a rule that is true or unknown: number in the batch, values, verdicts."""
        found = self.open_lines(frame)
        lines = frame[found.places].iter_rows()
        for place, standing, cells in zip(found.places, found.standings, lines, strict=True):
            record = record_of_texts(zip(frame.columns, cells, strict=True), self._notation)
            expire(record, self._as_of)
            verdicts = self._judge.verdicts(record, standing)
            if verdicts:
                yield place, record, verdicts

    def _prepare(self, columns: frozenset[str]) -> None:
        if self._columns == columns:
            return
        if self._columns is not None:
            raise ValueError("all batches of one engine have the same columns")
        self._columns = columns
        self._goods = GoodsKinds(self._judge, self._sieve, self._tests, columns, self._notation)
        self._groups = GroupJudge(
            self._judge,
            self._sieve,
            self._tests,
            columns,
            self._goods,
            self._notation,
            self._as_of,
            self._lines_to_a_turn,
        )

    def _sift(self, frame: pl.DataFrame, goods: pl.Series) -> tuple[pl.Series, list[pl.Series]]:
        """The lines on which columns with few texts leave some rule possible, and which ways of
        holding are left there."""
        left = self._sieve.narrow(None, self._goods.left, goods)
        lines = where_some(left).arg_true()
        if lines.is_empty():
            return lines, []
        if self._sifting is None:
            self._sifting = self._order_of_sifting(frame, goods, lines)
        left = [word.gather(lines) for word in left]
        batch, most = Batch(frame, goods, lines), self._few_of(frame)
        for group in self._sifting:
            if batch.fewest_combinations(group.reads) > most:
                continue
            codes, combinations = batch.combinations(group.reads)
            if len(combinations) > most:
                continue
            sets = [self._groups.left_by(group, one) for one in combinations]
            left = self._sieve.narrow(left, sets, codes)
            some = where_some(left)
            count = some.sum()
            if count == 0:
                return lines.clear(), []
            if count * 4 < batch.height * 3:
                # The columns of the others need not be numbered.
                places = some.arg_true()
                lines = lines.gather(places)
                left = [word.gather(places) for word in left]
                batch = Batch(frame, goods, lines)
        places = where_some(left).arg_true()
        return lines.gather(places), [word.gather(places) for word in left]

    def _few_of(self, frame: pl.DataFrame) -> int:
        """How many combinations of texts may be judged each by itself in a batch."""
        return max(self._always_cheap, frame.height // CHEAP_SHARE)

    def _order_of_sifting(
        self, frame: pl.DataFrame, goods: pl.Series, lines: pl.Series
    ) -> list[Group]:
        """The groups of columns that have few texts, the most telling first."""
        whole = Batch(frame, goods)
        most = self._few_of(frame)
        few = [one for one in self._groups.groups if whole.fewest_combinations(one.reads) <= most]
        some = lines.gather_every(max(1, len(lines) // SAMPLE))
        return self._most_telling(few, Batch(frame, goods, some))

    def _most_telling(self, groups: Sequence[Group], sample: Batch) -> list[Group]:
        """The groups of columns that rule out most, the most telling first, as some lines show."""
        groups = [
            self._groups.undated(group) if "date" in group.reads else group for group in groups
        ]
        columns = [(group, *sample.combinations(group.reads)) for group in groups if group.reads]
        candidates = {
            place: [self._groups.left_by(group, combinations[code]) for code in codes]
            for place, (group, codes, combinations) in enumerate(columns)
        }
        left = [self._sieve.full] * sample.height
        found = []
        while candidates:
            counts = {
                place: sum(
                    (mine & other).bit_count() for mine, other in zip(left, sets, strict=True)
                )
                for place, sets in candidates.items()
            }
            best = min(counts, key=counts.__getitem__)
            if counts[best] == sum(one.bit_count() for one in left):
                break
            found.append(columns[best][0])
            left = [mine & other for mine, other in zip(left, candidates.pop(best), strict=True)]
        return found

    def _still_open(
        self, batch: Batch, left: list[pl.Series], most: int
    ) -> tuple[pl.Series, list[Standing]]:
        """The lines on which not every rule is false, and how the rules stand on each. ``left``
        are the ways of holding that are left on each line."""
        import polars as pl

        nothing = pl.repeat(None, batch.height, dtype=pl.Boolean, eager=True)
        vectors = dict.fromkeys(self._tests, nothing)
        unsettled: set[int] = set()
        for group in self._groups.groups:
            for turn in self._groups.turns_of(group):
                lines = self._sieve.where_needed(left, [id(test) for test in turn.tests])
                if lines.is_empty():
                    continue
                part = batch if len(lines) == batch.height else batch.part(lines)
                judged = self._groups.judge(turn, part, most)
                for key, verdicts in judged.verdicts.items():
                    vectors[key] = _laid_over(vectors[key], verdicts, lines)
                if turn is group:
                    unsettled |= judged.unsettled
                own = [word.gather(lines) for word in left]
                for sets, codes in judged.left:
                    own = self._sieve.narrow(own, sets, codes)
                left = [
                    word.clone().scatter(lines, narrowed)
                    for word, narrowed in zip(left, own, strict=True)
                ]
        # For each line the rules that are not false, as one whole number for rule and verdict:
        # objects would keep the garbage collector busy.
        found: dict[int, list[int]] = {}
        known: dict[int, pl.Series] = {}
        for number, verdicts in self._sieve.verdicts(
            left, lambda part: _combine(part, vectors, known)
        ):
            if number >= len(self._rules):  # who may be of a window, for sure or not
                for mark, places in (
                    (_TRUE, verdicts.fill_null(False).arg_true()),
                    (_OPEN, verdicts.is_null().arg_true()),
                ):
                    for place in places.to_list():
                        found.setdefault(place, []).append(number * 3 + mark)
                continue
            for place in verdicts.arg_true().to_list():
                found.setdefault(place, []).append(number * 3 + _TRUE)
            if not verdicts.has_nulls():
                continue
            places = verdicts.is_null().arg_true()
            if not unsettled.isdisjoint(self._tests_of[number]):
                for place in places.to_list():
                    found.setdefault(place, []).append(number * 3 + _OPEN)
                continue
            wanting = self._wanting(number, places, vectors, left)
            for place, kind in zip(places.to_list(), wanting, strict=True):
                found.setdefault(place, []).append(kind * 3 + _UNKNOWN)
        lines_found = sorted(found)
        return pl.Series(lines_found, dtype=pl.UInt32), [
            self._shared(tuple(found[place])) for place in lines_found
        ]

    def _wanting(
        self,
        number: int,
        lines: pl.Series,
        vectors: Mapping[int, pl.Series],
        left: Sequence[pl.Series],
    ) -> list[int]:
        """For each of some lines on which a rule is unknown, which tests leave it so: the number
        of the rule with these tests."""
        import polars as pl

        ways = self._sieve.ways_of(number)
        tests = sorted(self._tests_of[number])
        known = [vectors[test].gather(lines).cast(pl.Int64).fill_null(2) for test in tests]
        known += [is_left(left, bit).gather(lines).cast(pl.Int64) for bit, _ in ways]
        codes, combinations = join([(column, (0, 1, 2)) for column in known])
        kinds = []
        for combination in combinations:
            key = (number, combination)
            if key not in self._kinds_wanting:
                self._kinds_wanting[key] = len(self._wanted)
                verdicts, is_alive = combination[: len(tests)], combination[len(tests) :]
                told = {test: _VERDICTS[one] for test, one in zip(tests, verdicts, strict=True)}
                alive = [way for (_, way), one in zip(ways, is_alive, strict=True) if one]
                possible = {id(part) for way in alive for part in way}
                false = {id(part) for _, way in ways for part in way} - possible
                wanted = self._open_tests(number, told, false)
                self._wanted.append((number, wanted))
            kinds.append(self._kinds_wanting[key])
        return pl.Series(kinds, dtype=pl.UInt32).gather(codes).to_list()

    def _open_tests(
        self, number: int, told: Mapping[int, Verdict], false: set[int]
    ) -> tuple[Test, ...]:
        return tuple(open_tests(self._conditions[number], lambda one: told[id(one)], false)[1])

    def _shared(self, marks: tuple[int, ...]) -> Standing:
        """How the rules stand, as one object for all lines: there are few different ones."""
        standing = self._standings.get(marks)
        if standing is None:
            if len(self._standings) > MOST_REMEMBERED:
                self._standings.clear()
            by_kind = [[mark // 3 for mark in marks if mark % 3 == kind] for kind in range(3)]
            wanted = [self._wanted[one] for one in by_kind[_UNKNOWN]]
            rules = len(self._rules)
            members = sorted(one - rules for one in by_kind[_TRUE] + by_kind[_OPEN] if one >= rules)
            standing = self._standings[marks] = Standing(
                true=tuple(one for one in by_kind[_TRUE] if one < rules),
                unknown=tuple(number for number, _ in wanted),
                open=tuple(one for one in by_kind[_OPEN] if one < rules),
                wanting=tuple(tests for _, tests in wanted),
                member_of=tuple(members),
                sure_of=tuple(one - rules for one in by_kind[_TRUE] if one >= rules),
            )
        return standing


def _laid_over(old: pl.Series, new: pl.Series, lines: pl.Series) -> pl.Series:
    """The verdicts on all lines with those that are newly known on some of them."""
    if len(new) < len(old):
        return old.clone().scatter(lines, new.zip_with(new.is_not_null(), old.gather(lines)))
    return new.zip_with(new.is_not_null(), old)


SAMPLE = 500
"""Lines that show which columns tell most."""


def _combine(
    condition: Condition, vectors: Mapping[int, pl.Series], known: dict[int, pl.Series]
) -> pl.Series:
    """The verdicts of a condition on every line; Polars' logic on nulls is Kleene's."""
    if isinstance(condition, Test):
        return vectors[id(condition)]
    if isinstance(condition, Named):
        condition = condition.block
    if id(condition) not in known:
        parts = [_combine(part, vectors, known) for part in condition.parts]
        verdict = parts[0]
        for part in parts[1:]:
            verdict = verdict & part if condition.kind == "all" else verdict | part
        known[id(condition)] = ~verdict if condition.kind == "none" else verdict
    return known[id(condition)]
