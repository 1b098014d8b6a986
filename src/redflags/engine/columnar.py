"""The columnar engine: many order lines at once, with the judge's meaning.

A test is judged once for each combination of texts that occurs, by the judge's own closure. What
came out stands at the number of the combination, which it keeps from batch to batch. First the
lines are sifted: what a combination leaves possible is a set of bits, and a line on which the sets
have nothing in common is finished without a look at single tests. On what is left the tests that a
rule still depends on are spread over the lines by number, and Polars combines the vectors of
three-valued verdicts by Kleene's rules. Where texts are too many for that, the judge is asked line
by line.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from redflags.engine.batch import Lines
from redflags.engine.columns import counted, same, where
from redflags.engine.goods_kinds import GoodsKinds
from redflags.engine.groups import Group, GroupJudge
from redflags.engine.judge import Judge, Standing, Verdicts
from redflags.engine.leaves import Verdict
from redflags.engine.membership import membership
from redflags.engine.numberings import MOST_REMEMBERED, Numberings
from redflags.engine.open_tests import open_tests
from redflags.engine.reads import tests_of
from redflags.engine.sieve import Sieve, is_left, narrow, where_some
from redflags.model.notation import AS_WRITTEN, Notation, Notations
from redflags.model.record import Record, record_of_texts
from redflags.model.validity import expire
from redflags.rulebook.tree import Condition, Named, RuleBook, Test
from redflags.values.exchange import Rates, no_rates

if TYPE_CHECKING:
    import polars as pl

    Columns = Mapping[str, pl.Series]

_TRUE, _UNKNOWN, _OPEN = range(3)

MOST_KINDS = 20_000
"""Kinds of goods that are remembered between batches."""

CHEAP_SHARE = 10
"""A column is cheap where at most one line in this many has a text of its own."""


@dataclass(frozen=True)
class OpenLines:
    """Lines of a batch on which not every rule is false, or that may be of a window: their numbers
    in the batch, and how the rules stand on each.

    ``marks`` have for each rule, and for each way in which it stands, the places of its lines
    among these.
    """

    places: pl.Series
    marks: list[tuple[int, pl.Series]]
    share: Callable[[tuple[int, ...]], Standing]
    rule_count: int = 0

    @cached_property
    def standings(self) -> list[Standing]:
        """How the rules stand on each line."""
        # As whole numbers for rule and verdict: objects would keep the garbage collector busy.
        found: list[list[int]] = [[] for _ in range(len(self.places))]
        for mark, places in self.marks:
            for place in places.to_list():
                found[place].append(mark)
        return [self.share(tuple(one)) for one in found]

    def true(self) -> dict[int, pl.Series]:
        """The lines of each rule that is true somewhere, by its number; of a rule across orders
        and of who may be of a window nothing more is said."""
        return {mark // 3: self.places[places] for mark, places in self.marks if mark % 3 == _TRUE}

    def to_ask(self) -> pl.Series:
        """The places, among these lines, of those with a rule that only the judge can tell."""
        import polars as pl

        columns = [
            places
            for mark, places in self.marks
            if mark % 3 == _OPEN and mark // 3 < self.rule_count
        ]
        if not columns:
            return pl.Series([], dtype=pl.UInt32)
        return pl.concat(columns).unique().sort()


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
        self._numberings = Numberings()
        self._sieve: Sieve
        self._sifting: list[Group] | None = None
        self._tests_of = [frozenset(map(id, tests_of(one))) for one in self._conditions]
        self._standings: dict[tuple[int, ...], Standing] = {}
        self._wanted: list[tuple[int, tuple[Test, ...]]] = []
        self._kinds_wanting: dict[tuple[object, ...], int] = {}

    def number(self, frame: pl.DataFrame) -> Lines:
        """A batch whose texts that the rules read are numbered, and whose plain amounts are read,
        for :meth:`open_lines`. Nothing is judged."""
        lines = self._lines(frame)
        for path in self._groups.columns():
            lines.text_numbers(path)
        for path in self._groups.amounts():
            lines.amounts(path, self._notation.of(path).decimal)
        return lines

    def open_lines(self, batch: pl.DataFrame | Lines) -> OpenLines:
        """The lines of a batch on which some rule is or may be true or unknown, or that may be of
        the window of a rule across orders, and how the rules stand there; on every other line
        every rule is false. Of a rule across orders that is what the line alone says.

        A frame has a text column for each field that is given, named by its path; a field that
        has no column is absent. All batches of one engine have the same columns.
        """
        if isinstance(batch, Lines) and batch.numberings is self._numberings:
            lines = batch.anew()
        else:
            lines = self._lines(batch.frame if isinstance(batch, Lines) else batch)
        try:
            return self._open_lines(lines)
        finally:
            lines.let_go()

    def _open_lines(self, lines: Lines) -> OpenLines:
        texts = {name: lines.text_numbers(name) for name in self._goods.columns}
        lines.set_goods(self._goods.number(lines.frame, texts), len(self._goods.texts))
        most = max(self._always_cheap, lines.height // CHEAP_SHARE)
        places, lines, left = self._sift(lines, most)
        if places.is_empty():
            return OpenLines(places, [], self._shared, len(self._rules))
        still, marks = self._still_open(lines, left)
        return OpenLines(places[still], marks, self._shared, len(self._rules))

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

    def _lines(self, frame: pl.DataFrame) -> Lines:
        self._prepare(frozenset(frame.columns))
        if len(self._goods.texts) > MOST_KINDS:
            self._make_ready()
        self._groups.begin()
        self._numberings.begin({name: frame[name] for name in frame.columns})
        return Lines(frame, self._numberings)

    def _prepare(self, columns: frozenset[str]) -> None:
        if self._columns == columns:
            return
        if self._columns is not None:
            raise ValueError("all batches of one engine have the same columns")
        self._columns = columns
        self._make_ready()

    def _make_ready(self) -> None:
        """Begin with nothing remembered of any text."""
        columns = self._columns
        assert columns is not None
        self._sifting = None
        self._sieve = Sieve(self._conditions)
        self._numberings = Numberings()
        self._goods = GoodsKinds(
            self._judge, self._sieve, self._tests, columns, self._notation, self._numberings
        )
        self._groups = GroupJudge(
            self._judge,
            self._sieve,
            self._tests,
            columns,
            self._goods,
            self._numberings,
            self._notation,
            self._as_of,
            self._lines_to_a_turn,
        )

    def _sift(self, lines: Lines, most: int) -> tuple[pl.Series, Lines, list[pl.Series]]:
        """The lines on which some rule is left possible, as numbers in the batch and as lines, and
        which ways of holding are left there."""
        left = self._sieve.all_left(lines.height)
        narrow(left, self._goods.table(), lines.goods)
        places = counted(lines.height)
        lines, left, places = _thinned(lines, left, places)
        if lines.height and self._sifting is None:
            self._sifting = self._order_of_sifting(lines, left)
        late: list[Group] = []
        for group in self._sifting or ():
            if not lines.height:
                break
            if self._groups.is_late(group, lines):
                late.append(group)
                continue
            self._sift_by(group, lines, left, most, False)
            lines, left, places = _thinned(lines, left, places)
        dated = [group for group in self._groups.groups if group.undated is not None]
        late = [*(group for group in late if group.undated is None), *dated]
        for group in late:
            if not lines.height:
                break
            self._sift_by(group, lines, left, most, True)
            lines, left, places = _thinned(lines, left, places)
        some = where_some(left)
        if some.all():
            return places, lines, left
        rest = where(some)
        return places[rest], lines.part(rest), [word[rest] for word in left]

    def _sift_by(
        self, group: Group, lines: Lines, left: list[pl.Series], limit: int, with_date: bool
    ) -> None:
        """Let one group of tests close ways, on the lines where it may close any. At most
        ``limit`` texts are read anew."""
        needed = self._sieve.where_left(left, group.bits)
        count = 0 if needed is None else needed.sum()
        if needed is None or count == 0:
            return
        sift = self._groups.sift_dated if with_date and group.undated else self._groups.sift
        if count * 2 > lines.height:
            sift(group, lines, left, limit)
            return
        places = where(needed)
        with self._sieve.at(left, group.bits, places) as own:
            sift(group, lines.part(places), own, limit)

    def _order_of_sifting(self, lines: Lines, left: Sequence[pl.Series]) -> list[Group]:
        """The groups of columns in the order in which they are asked: the most telling first, for
        what they cost, as some lines show."""
        groups = self._groups.groups
        step = max(1, lines.height // SAMPLE)
        places = counted(lines.height).gather_every(step)
        sample = lines.part(places)
        alive = [word[places] for word in left]
        few = [place for place, group in enumerate(groups) if self._has_few_texts(group, sample)]
        for place in few:
            self._groups.sift(groups[place], sample, alive, SAMPLE)
        # To judge many texts is dear: a part of what the few leave open shows enough.
        shown = where(where_some(alive)).head(SHOWN)
        sample, alive = sample.part(shown), [word[places[shown]] for word in left]
        closed: list[list[int]] = []
        before = self._sieve.sets(alive)
        for group in groups:
            own = list(alive)
            self._groups.sift(group, sample, own, SAMPLE)
            after = self._sieve.sets(own)
            closed.append([was & ~one for was, one in zip(before, after, strict=True)])

        def gain(place: int) -> int:
            pairs = zip(before, closed[place], strict=True)
            count = sum((mine & own).bit_count() for mine, own in pairs)
            return count * COST_OF_MANY if place in few else count

        found: list[int] = []
        waiting = [(-gain(place), place) for place in range(len(groups))]
        heapify(waiting)
        while waiting:
            _, best = heappop(waiting)
            # What others have closed since is no gain any more: gains only fall.
            now = (-gain(best), best)
            if waiting and now > waiting[0]:
                heappush(waiting, now)
            elif now[0]:
                before = [mine & ~own for mine, own in zip(before, closed[best], strict=True)]
                found.append(best)
        # Whole columns are compared with each other before amounts are: that closes more.
        others = [place for place in range(len(groups)) if place not in found]
        others.sort(key=lambda one: (one not in few, self._groups.has_amounts(groups[one])))
        return [groups[place] for place in (*found, *others)]

    def _has_few_texts(self, group: Group, sample: Lines) -> bool:
        """Whether the texts that a group reads come again and again in some lines."""
        if group.by_column:
            return False
        numbers = sample.numbers((group.undated or group).reads, SAMPLE)
        return numbers.n_unique() * FEW_OF_SAMPLE <= sample.height

    def _still_open(
        self, lines: Lines, left: list[pl.Series]
    ) -> tuple[pl.Series, list[tuple[int, pl.Series]]]:
        """The lines on which not every rule is false, and how the rules stand on each. ``left``
        are the ways of holding that are left on each line. However many texts that takes, to read
        them is less work than to ask the judge of each of these lines again and again."""
        import polars as pl

        somewhere = self._sieve.ways_left(left)
        vectors = {
            key: same(verdict, lines.height, pl.Boolean)
            for key, verdict in self._groups.always.items()
        }
        unsettled: dict[int, pl.Series] = {}
        for group in self._groups.groups:
            needed = self._sieve.where_left(left, group.bits & somewhere)
            if needed is None:
                continue
            told = self._groups.verdicts_where(needed, group, lines, lines.height)
            vectors.update(told.verdicts)
            if told.unsettled is not None:
                unsettled.update(dict.fromkeys(told.verdicts, told.unsettled))
        marks: list[tuple[int, pl.Series]] = []
        known: dict[int, pl.Series] = {}

        def verdict_of(part: Condition) -> pl.Series:
            return _combine(part, vectors, known)

        for number in self._sieve.conditions_of(somewhere):
            verdicts = self._sieve.verdict(number, left, verdict_of)
            if number >= len(self._rules):  # who may be of a window, for sure or not
                marks.append((number * 3 + _TRUE, where(verdicts)))
                marks.append((number * 3 + _OPEN, where(verdicts.is_null())))
                continue
            marks.append((number * 3 + _TRUE, where(verdicts)))
            if not verdicts.has_nulls():
                continue
            unknown = verdicts.is_null()
            to_ask = [unsettled[test] for test in self._tests_of[number] if test in unsettled]
            if to_ask:
                some = to_ask[0]
                for one in to_ask[1:]:
                    some = some | one
                marks.append((number * 3 + _OPEN, where(unknown & some)))
                unknown = unknown & ~some
            places = where(unknown)
            if not places.is_empty():
                marks += self._unknown(number, places, vectors, left)
        marks = [(mark, places) for mark, places in marks if len(places)]
        alive = same(False, lines.height, pl.Boolean)
        for _, places in marks:
            alive.scatter(places, True)
        if alive.all():
            return counted(lines.height), marks
        still = where(alive)
        table = same(0, lines.height, pl.UInt32)
        table.scatter(still, counted(len(still)))
        return still, [(mark, table[places]) for mark, places in marks]

    def _unknown(
        self,
        number: int,
        places: pl.Series,
        vectors: Mapping[int, pl.Series],
        left: Sequence[pl.Series],
    ) -> list[tuple[int, pl.Series]]:
        """The lines on which a rule is unknown, by which tests leave it so."""
        import polars as pl

        by_kind: dict[int, list[int]] = {}
        kinds = self._wanting(number, places, vectors, left)
        for place, kind in zip(places.to_list(), kinds, strict=True):
            by_kind.setdefault(kind, []).append(place)
        return [
            (kind * 3 + _UNKNOWN, pl.Series(own, dtype=pl.UInt32)) for kind, own in by_kind.items()
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
        ways = self._sieve.ways_of(number)
        # A test that was asked nowhere has a part in no way that is left.
        tests = sorted(test for test in self._tests_of[number] if test in vectors)
        columns = [vectors[test][lines].to_list() for test in tests]
        columns += [is_left(left, bit)[lines].to_list() for bit, _ in ways]
        kinds = []
        for combination in zip(*columns, strict=True):
            key = (number, tuple(tests), combination)
            kind = self._kinds_wanting.get(key)
            if kind is None:
                kind = self._kinds_wanting[key] = len(self._wanted)
                verdicts, is_alive = combination[: len(tests)], combination[len(tests) :]
                told = dict(zip(tests, verdicts, strict=True))
                alive = [way for (_, way), one in zip(ways, is_alive, strict=True) if one]
                possible = {id(part) for way in alive for part in way}
                false = {id(part) for _, way in ways for part in way} - possible
                wanted = self._open_tests(number, told, false)
                self._wanted.append((number, wanted))
            kinds.append(kind)
        return kinds

    def _open_tests(
        self, number: int, told: Mapping[int, Verdict], false: set[int]
    ) -> tuple[Test, ...]:
        return tuple(open_tests(self._conditions[number], lambda one: told.get(id(one)), false)[1])

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


def _thinned(
    lines: Lines, left: list[pl.Series], places: pl.Series
) -> tuple[Lines, list[pl.Series], pl.Series]:
    """Only the lines on which some way is left, where enough others are gone to be worth it."""
    if lines.height > A_LOOK * SAMPLE:
        some_places = counted(SAMPLE) * (lines.height // SAMPLE)
        look = where_some([word[some_places] for word in left])
        if look.sum() * 8 >= len(look) * 7:
            return lines, left, places  # as it seems
    some = where_some(left)
    if some.sum() * 4 >= lines.height * 3:
        return lines, left, places
    rest = where(some)
    return lines.part(rest), [word.filter(some) for word in left], places.filter(some)


SAMPLE = 500
"""Lines that show which columns tell most."""

A_LOOK = 10
"""Times as many lines as a sample from which on a look at one is worth it."""

FEW_OF_SAMPLE = 3
"""A column has few texts if each comes so often among these lines."""

SHOWN = 60
"""Of these lines so many show what columns with many texts tell."""

COST_OF_MANY = 4
"""Times as much as for a column of few texts it takes to number one of many."""


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
