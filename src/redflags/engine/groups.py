"""Tests by the columns that they read: judged once for each combination of texts, by the judge's
own closure, or for whole columns at once where amounts and keys allow it.

Most combinations come out alike. What came out is one of few *outcomes*, and each combination is
remembered as the number of its outcome; outcome zero is one that was not judged.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from redflags.engine.aspects import Look, looks_of
from redflags.engine.batch import Lines
from redflags.engine.columns import either, same, where, where_null
from redflags.engine.comparisons import Comparisons
from redflags.engine.goods_kinds import GoodsKinds
from redflags.engine.judge import Judge
from redflags.engine.leaves import Verdict
from redflags.engine.numberings import Numbering, Numberings
from redflags.engine.plain_amounts import AMOUNT_OF, Turn, Turns, bounds_of, turn_of
from redflags.engine.reads import (
    GOODS,
    behind,
    compares_columns,
    fields_of,
    read_beside_goods,
    read_by,
)
from redflags.engine.sieve import Sieve, narrow
from redflags.engine.text_kinds import TextKinds, columns_of, firsts_of, is_of_kinds
from redflags.model.notation import Notation, Notations
from redflags.model.record import COMPANION_COLUMNS, Record, record_of_texts
from redflags.model.validity import expire
from redflags.rulebook.tree import Test

if TYPE_CHECKING:
    import polars as pl

Given = TypeVar("Given")

Row = tuple[Verdict, ...]
"""The verdicts of a group's tests."""


@dataclass(slots=True)
class Group:
    """Tests that read the same columns, and what came out of them for each combination of what
    they take from these, their ``looks``. Of tests that ask the same there is one.

    ``bits`` are the ways of holding that they have a part in. ``undated`` are the same tests as if
    the orders had no date: by Kleene's logic a verdict that is known even so stays when the date
    is told, and most values stand in no list on any date.
    """

    reads: tuple[str, ...]
    looks: tuple[Look, ...]
    tests: tuple[Test, ...]
    ask: Callable[[Record], Row]
    bits: int
    by_column: tuple[Test, ...] = ()
    undated: Group | None = None
    numbering: Numbering | None = None
    outcome_of: pl.Series | None = None
    outcomes: dict[Row, int] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    sets: list[int] = field(default_factory=list)
    table: list[tuple[int, pl.Series]] | None = None
    columns: dict[int, pl.Series] = field(default_factory=dict)

    def forget(self) -> None:
        """Begin anew with outcome zero, which says nothing and leaves everything open."""
        self.outcome_of = None
        self.outcomes.clear()
        self.rows[:] = [(None,) * len(self.tests)]
        del self.sets[1:]
        self.table = None
        self.columns.clear()


@dataclass(slots=True)
class Told:
    """Verdicts of tests on some lines by the ids of the tests, and the lines on which only the
    judge can tell some of them; None if there are none."""

    verdicts: dict[int, pl.Series]
    unsettled: pl.Series | None = None


class GroupJudge:
    """The tests of a rule book in groups, ready to judge batches with the same columns."""

    def __init__(
        self,
        judge: Judge,
        sieve: Sieve,
        tests: Mapping[int, Test],
        columns: frozenset[str],
        goods: GoodsKinds,
        numberings: Numberings,
        notation: Notation | Notations,
        as_of: datetime.date | None,
        lines_to_a_turn: int,
    ) -> None:
        self._judge = judge
        self._sieve = sieve
        self._goods = goods
        self._numberings = numberings
        self._notation = notation
        self._as_of = as_of
        self._lines_to_a_turn = lines_to_a_turn
        self._bounds: dict[int, tuple[Test, ...]] = {}
        self._turns: dict[int, Turns] = {}
        self._looks_of_bound: dict[int, tuple[Look, ...]] = {}
        self._columns = columns
        self._comparisons = Comparisons(numberings, notation)
        self._kinds = TextKinds(numberings, self._comparisons, self._record_of)
        self._alike: dict[int, list[int]] = {}
        by_reads: dict[tuple[str, ...], list[Test]] = {}
        for test, *others in judge.alike(tests.values()):
            self._alike[id(test)] = [id(test), *map(id, others)]
            reads = self._reads(test, columns)
            by_reads.setdefault(reads, []).append(test)
            if compares_columns(test, columns):
                self._bounds[id(test)] = ()
            elif bounds := bounds_of(test, columns):
                self._bounds[id(test)] = bounds
                for bound in bounds:
                    beside = bound_reads(bound, reads, columns)
                    self._looks_of_bound[id(bound)] = self._looks([bound], beside)
        self.always: dict[int, Verdict] = {}
        """The verdicts of tests that none of the columns decides, by their ids."""
        unread = by_reads.pop((), [])
        record = self._record_of({})
        self.always = self._of_all(
            dict(zip(map(id, unread), judge.asker(unread)(record), strict=True))
        )
        sieve.take_for_known(self.always)
        self.groups = [
            self._group(reads, own)
            for reads, own in sorted(by_reads.items(), key=lambda item: len(item[0]))
        ]
        """The groups, those that read least first."""
        self._closes = {
            key: [
                sieve.full & ~sieve.left_by(dict.fromkeys(self._alike[key], verdict))
                for verdict in (False, True)
            ]
            for key in self._bounds
        }

    def columns(self) -> list[str]:
        """The columns whose texts the tests read, and those that say what the goods are. Amounts
        that are compared as numbers are not among them."""
        found = {path for group in self.groups for path in group.reads if path != GOODS}
        return sorted(found.union(self._goods.columns).difference(self.amounts()))

    def amounts(self) -> list[str]:
        """The columns of amounts that are compared as numbers."""
        return sorted(
            {
                AMOUNT_OF.get(bound.field, bound.field)
                for bounds in self._bounds.values()
                for bound in bounds
            }
        )

    def has_amounts(self, group: Group) -> bool:
        """Whether some tests of a group are bounds on plain amounts."""
        return any(self._bounds[id(test)] for test in (group.undated or group).by_column)

    def begin(self) -> None:
        """Before a batch: forget what is remembered of too many texts."""
        self._comparisons.begin()
        for group in self.groups:
            for one in (group, group.undated):
                if one is not None and len(one.rows) > MOST_OUTCOMES:
                    one.forget()

    def _reads(self, test: Test, columns: frozenset[str]) -> tuple[str, ...]:
        """The columns that decide a test, in a fixed order."""
        found = read_beside_goods(test)
        if "date" in found and not self._judge.has_rates:
            # A sum depends on the day by the exchange rate alone.
            others = fields_of(test) - {"value"}
            if not any("date" in behind(path) for path in others):
                found -= {"date"}
        return tuple(sorted(path for path in found if path in columns or path == GOODS))

    def sift(self, group: Group, lines: Lines, left: list[pl.Series], limit: int) -> None:
        """Close on each line the ways that the tests of a group rule out, as far as they can be
        told without the date. At most ``limit`` texts, or combinations of texts, are read anew."""
        group = group.undated or group
        some: pl.Series | None = None
        for test in group.by_column:
            verdicts, unsettled = self._by_column(test, lines, limit)
            if_false, if_true = self._closes[id(test)]
            self._sieve.close(left, if_false, ~verdicts)
            self._sieve.close(left, if_true, verdicts)
            some = either(some, unsettled)
        if len(group.by_column) < len(group.tests) or (some is not None and some.all()):
            self._narrow(group, lines, left, limit)
        elif some is not None:
            self._sift_part(group, lines, left, where(some), limit)

    def is_late(self, group: Group, lines: Lines) -> bool:
        """Whether the comparisons of a group take so much reading that it is better done when
        fewer lines are left."""
        return any(
            not self._bounds[id(test)]
            and self._comparisons.unread((test.field, *test.operand), lines) * LINES_TO_A_TEXT
            > lines.height
            for test in (group.undated or group).by_column
        )

    def sift_dated(self, group: Group, lines: Lines, left: list[pl.Series], limit: int) -> None:
        """As :meth:`sift`, with the date: on the lines where that may tell something new."""
        assert group.undated is not None
        told = self._verdicts(group.undated, lines, limit).verdicts.values()
        self._sift_part(group, lines, left, where(where_null(told, lines.height)), limit)

    def _sift_part(
        self, group: Group, lines: Lines, left: list[pl.Series], places: pl.Series, limit: int
    ) -> None:
        if places.is_empty():
            return
        with self._sieve.at(left, group.bits, places) as own:
            self._narrow(group, lines.part(places), own, limit)

    def _narrow(self, group: Group, lines: Lines, left: list[pl.Series], limit: int) -> None:
        outcomes = self.outcomes(group, lines, limit)
        if group.table is None:
            group.table = self._sieve.table(group.sets)
        narrow(left, group.table, outcomes)

    def verdicts_where(self, needed: pl.Series, group: Group, lines: Lines, limit: int) -> Told:
        """The verdicts of a group's tests on some of these lines; on the others nothing is told."""
        import polars as pl

        places = where(needed)
        if len(places) == lines.height:
            told = self._verdicts(group, lines, limit)
            return Told(self._of_all(told.verdicts), told.unsettled)
        told = self._verdicts(group, lines.part(places), limit)
        verdicts = {
            test: same(None, lines.height, pl.Boolean).scatter(places, own)
            for test, own in told.verdicts.items()
        }
        unsettled = told.unsettled
        if unsettled is not None:
            unsettled = same(False, lines.height, pl.Boolean).scatter(places, unsettled)
        return Told(self._of_all(verdicts), unsettled)

    def _of_all(self, verdicts: Mapping[int, Given]) -> dict[int, Given]:
        """What is said of some tests, by their ids, also of those that ask the same."""
        return {other: one for test, one in verdicts.items() for other in self._alike[test]}

    def _verdicts(self, group: Group, lines: Lines, limit: int) -> Told:
        """The verdicts of a group's tests on these lines, of those that ask the same of one."""
        if group.undated is not None:
            told = self._verdicts(group.undated, lines, limit)
            open_lines = where_null(told.verdicts.values(), lines.height)
            return self._judged_where(open_lines, group, told.verdicts, lines, limit)
        verdicts: dict[int, pl.Series] = {}
        some: pl.Series | None = None
        for test in group.by_column:
            verdicts[id(test)], unsettled = self._by_column(test, lines, limit)
            some = either(some, unsettled)
        if len(group.by_column) < len(group.tests):
            some = _everywhere(lines)
        if some is None:
            return Told(verdicts)
        return self._judged_where(some, group, verdicts, lines, limit)

    def _judged_where(
        self,
        open_lines: pl.Series,
        group: Group,
        told: Mapping[int, pl.Series],
        lines: Lines,
        limit: int,
    ) -> Told:
        """What is told, with what is judged for each combination of texts on some lines."""
        import polars as pl

        places = where(open_lines)
        if places.is_empty():
            return Told(dict(told))
        part = lines if len(places) == lines.height else lines.part(places)
        outcomes = self.outcomes(group, part, limit)
        verdicts = {}
        for position, test in enumerate(group.tests):
            old = told.get(id(test))
            if old is None or old.has_nulls():
                new = self._column(group, position)[outcomes]
                if part is not lines:
                    new = same(None, lines.height, pl.Boolean).scatter(places, new)
                old = new if old is None else old.zip_with(old.is_not_null(), new)
            verdicts[id(test)] = old
        if outcomes.min() != 0:
            return Told(verdicts)
        unsettled = outcomes == 0
        if part is not lines:
            unsettled = same(False, lines.height, pl.Boolean).scatter(places, unsettled)
        return Told(verdicts, unsettled)

    def outcomes(self, group: Group, lines: Lines, limit: int) -> pl.Series:
        """What came out of a group's tests on each line, by number; zero where it was not judged,
        there being more than ``limit`` combinations of texts to judge anew."""
        import polars as pl

        numbers = self._kinds.numbers(group.looks, lines, limit)
        numbering = self._kinds.numbering(group.looks)
        if group.outcome_of is None or group.numbering is not numbering:
            group.numbering = numbering
            group.outcome_of = pl.Series([], dtype=pl.UInt32)
        missing = self._kinds.count(group.looks, lines) - len(group.outcome_of)
        if missing > 0:
            group.outcome_of.extend(same(0, missing, pl.UInt32))
        found = group.outcome_of[numbers]
        if len(found) and found.min() == 0:
            is_new = found == 0
            if is_of_kinds(group.looks):
                is_new &= numbers != 0
            places = firsts_of(numbers, where(is_new), limit)
            if len(places):
                told = [self._outcome(group, one) for one in self._cells_at(group, lines, places)]
                new = numbers[places]
                group.outcome_of = group.outcome_of.scatter(new, pl.Series(told, dtype=pl.UInt32))
                found = group.outcome_of[numbers]
        return found

    def _group(self, reads: tuple[str, ...], tests: Sequence[Test]) -> Group:
        undated = None
        asked = [other for test in tests for other in self._alike[id(test)]]
        ask, bits = self._judge.asker(tests), self._sieve.bits_of(asked)
        by_column = tuple(test for test in tests if id(test) in self._bounds)
        if "date" in reads and reads != ("date",):
            others = tuple(path for path in reads if path != "date")
            undated = Group(others, self._looks(tests, others), tuple(tests), ask, bits, by_column)
            by_column = ()
        looks = self._looks(tests, reads)
        found = Group(reads, looks, tuple(tests), ask, bits, by_column, undated)
        for group in (found, undated):
            if group is not None:
                group.sets.append(self._sieve.full)
                group.forget()
        return found

    def _looks(self, tests: Sequence[Test], reads: tuple[str, ...]) -> tuple[Look, ...]:
        return looks_of(tests, reads, self._columns)

    def _outcome(self, group: Group, cells: Mapping[str, str]) -> int:
        row = group.ask(self._record_of(cells))
        found = group.outcomes.get(row)
        if found is None:
            found = group.outcomes[row] = len(group.rows)
            group.rows.append(row)
            known = dict(zip(map(id, group.tests), row, strict=True))
            group.sets.append(self._sieve.left_by(self._of_all(known)))
            group.table = None
            group.columns.clear()
        return found

    def _column(self, group: Group, position: int) -> pl.Series:
        """The verdict of one test of a group for each outcome."""
        import polars as pl

        if position not in group.columns:
            verdicts = [row[position] for row in group.rows]
            group.columns[position] = pl.Series(verdicts, dtype=pl.Boolean)
        return group.columns[position]

    def _by_column(
        self, test: Test, lines: Lines, limit: int
    ) -> tuple[pl.Series, pl.Series | None]:
        """The verdicts of a test that whole columns can be compared for, and the lines on which
        that does not settle it, if there are any."""
        import polars as pl

        if self._bounds[id(test)]:
            return self._by_plain_amounts(test, lines)
        if self._unread(test, lines) > limit:
            return same(None, lines.height, pl.Boolean), _everywhere(lines)
        return self._comparisons.verdicts(test, lines), None

    def _unread(self, test: Test, lines: Lines) -> int:
        return self._comparisons.unread((test.field, *test.operand), lines)

    def _by_plain_amounts(self, test: Test, lines: Lines) -> tuple[pl.Series, pl.Series | None]:
        """The verdicts of a bound on the lines whose amount is a plain number."""
        verdicts: pl.Series | None = None
        unsettled: pl.Series | None = None
        for bound in self._bounds[id(test)]:
            looks = self._looks_of_bound[id(bound)]
            numbers = self._kinds.numbers(looks, lines, lines.height)
            turns = self._turns_on(bound, looks, numbers, lines)
            amount_of = AMOUNT_OF.get(bound.field, bound.field)
            amounts = lines.amounts(amount_of, self._notation.of(amount_of).decimal)
            found, open_lines = turns.verdicts(amounts, numbers)
            verdicts = found if verdicts is None else verdicts & found
            unsettled = either(unsettled, open_lines)
        assert verdicts is not None
        return verdicts, unsettled

    def _turns_on(
        self, bound: Test, looks: tuple[Look, ...], numbers: pl.Series, lines: Lines
    ) -> Turns:
        """Where a bound turns with each unit and kind of goods that occurs, unless to find that
        costs more than to judge the lines."""
        numbering = self._kinds.numbering(looks)
        turns = self._turns.get(id(bound))
        if turns is None or turns.numbering is not numbering:
            turns = self._turns[id(bound)] = Turns(bound, numbering)
        missing = turns.missing(numbers, self._kinds.count(looks, lines))
        # To find a turn costs as much as to judge some lines one by one.
        if len(missing) and len(missing) * self._lines_to_a_turn > lines.height:
            missing = turns.often_met(numbers, self._lines_to_a_turn)
        if is_of_kinds(looks):
            missing = missing.filter(missing != 0)  # of these nothing is known
        if len(missing):
            places = firsts_of(numbers, where(numbers.is_in(missing.implode())), len(missing))
            columns = [path for look in looks for path in columns_of(look) if path != GOODS]
            cells = self._cells_of(columns, GOODS in looks, lines, places)
            found = [turns.noted(self._turn(bound, one, turns.between)) for one in cells]
            turns.add(numbers[places], found)
        return turns

    def _turn(
        self, bound: Test, cells: Mapping[str, str], others: Sequence[tuple[int, int]]
    ) -> Turn | None:
        amount_of = AMOUNT_OF.get(bound.field, bound.field)

        def ask(test: Test, amount: str) -> tuple[Verdict, int | None]:
            record = self._record_of({**cells, amount_of: amount})
            value = record[amount_of].value
            return self._judge.verdict(test, record), None if value is None else value.amount

        beside = cells.get(COMPANION_COLUMNS[amount_of], "")
        return turn_of(bound, beside, ask, others, self._notation.of(amount_of).decimal)

    def _record_of(self, cells: Mapping[str, str]) -> Record:
        record = record_of_texts(cells.items(), self._notation)
        expire(record, self._as_of)
        return record

    def _cells_at(
        self, group: Group, lines: Lines, places: pl.Series
    ) -> Iterator[Mapping[str, str]]:
        """The texts of some lines in the columns that a group reads."""
        own = [path for path in group.reads if path != GOODS]
        return self._cells_of(own, GOODS in group.reads, lines, places)

    def _cells_of(
        self, columns: Sequence[str], with_goods: bool, lines: Lines, places: pl.Series
    ) -> Iterator[Mapping[str, str]]:
        kinds = lines.goods[places].to_list() if with_goods else [0] * len(places)
        for kind, texts in zip(kinds, lines.texts_at(columns, places), strict=True):
            cells = dict(zip(columns, texts, strict=True))
            for name, text in self._goods.texts[kind]:
                cells.setdefault(name, text)
            yield cells


LINES_TO_A_TEXT = 200
"""Lines that it takes to be worth reading a text that may be needed for no line in the end."""

MOST_OUTCOMES = 20_000
"""Outcomes of one group of tests that are remembered between batches."""


def bound_reads(bound: Test, reads: Collection[str], columns: frozenset[str]) -> tuple[str, ...]:
    """The columns beside the amount that decide where a bound turns, of those that a test reads."""
    amount = AMOUNT_OF.get(bound.field, bound.field)
    own = {path for path in reads if path not in (amount, "date")}
    if GOODS not in read_by(bound):
        own.discard(GOODS)
    return tuple(sorted(own | ({COMPANION_COLUMNS[amount]} & columns)))


def _everywhere(lines: Lines) -> pl.Series:
    import polars as pl

    return same(True, lines.height, pl.Boolean)
