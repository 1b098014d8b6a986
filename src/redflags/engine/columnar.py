"""The columnar engine: many order lines at once, with the judge's meaning.

A test is judged once for each combination of texts that occurs, by the judge's own closure, and
spread over the lines by number; Polars combines the vectors of three-valued verdicts by Kleene's
rules. Cheap columns come first: lines whose goods leave every rule false are finished before any
other column is looked at, then those that columns with few different texts finish. Only for what
is left, mostly the lines that will be explained anyway, the judge is asked line by line.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from redflags.engine.batch import Batch, join, numbered
from redflags.engine.judge import Judge, Standing, Verdicts
from redflags.engine.plain_amounts import Turn, bounds_of, spread, turn_of
from redflags.engine.reads import (
    GOODS,
    GOODS_COLUMNS,
    behind,
    compares_columns,
    fields_of,
    read_by,
    takes_for_granted,
    tests_of,
)
from redflags.model.fields import field_table
from redflags.model.goods import evidence
from redflags.model.kinds import AS_WRITTEN, Notation, Notations
from redflags.model.record import COMPANION_COLUMNS, Record, record_of_texts
from redflags.model.validity import expire
from redflags.rulebook.operators import comparison_key
from redflags.rulebook.tree import Condition, Named, RuleBook, Test
from redflags.values.exchange import Rates, no_rates

if TYPE_CHECKING:
    import polars as pl

    Columns = Mapping[str, pl.Series]

MOST_REMEMBERED = 500_000
"""Texts and combinations of texts that are remembered between batches."""

_TRUE, _UNKNOWN, _OPEN = range(3)

CHEAP_SHARE = 10
"""A column is cheap where at most one line in this many has a text of its own."""


@dataclass(slots=True)
class _Sorts:
    """The sorts of goods that the texts of one column speak of, each with a text that stands for
    it: most texts of products say nothing that a rule asks about, and all those are one sort."""

    sort_of_text: dict[str, int] = field(default_factory=dict)
    number: dict[object, int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Goods:
    """The kinds of goods met so far, by the sorts of all columns together. Lines whose goods are
    of one kind are judged alike."""

    sorts: dict[str, _Sorts] = field(default_factory=dict)
    kind_of_texts: dict[tuple[object, ...], int] = field(default_factory=dict)
    texts: list[tuple[tuple[str, str], ...]] = field(default_factory=list)
    is_open: list[bool] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    """Tests that read the same columns, and their verdicts for each combination of texts."""

    reads: tuple[str, ...]
    tests: list[Test] = field(default_factory=list)
    remembered: dict[tuple[object, ...], tuple[bool | None, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenLines:
    """Lines of a batch on which not every rule is false: their numbers in the batch, and how the
    rules stand on each."""

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
        self._judge = Judge(book, lists_as_of, rates)
        self._as_of = as_of
        self._notation = notation
        self._tests = {id(test): test for rule in self._rules for test in tests_of(rule.when)}
        self._goods = _Goods()
        self._columns: frozenset[str] | None = None
        self._groups: list[_Group] = []
        self._without_date: dict[tuple[str, ...], _Group] = {}
        self._tests_of = [frozenset(map(id, tests_of(rule.when))) for rule in book.rules]
        self._standings: dict[tuple[int, ...], Standing] = {}
        self._bounds: dict[int, tuple[Test, ...]] = {}
        self._turns: dict[tuple[object, ...], tuple[Turn, int] | None] = {}
        self._compares: set[int] = set()
        self._keys: dict[tuple[str, str], dict[str, int | None]] = {}
        self._key_numbers: dict[tuple[str, object], int] = {}

    def open_lines(self, frame: pl.DataFrame) -> OpenLines:
        """The lines of a batch on which some rule is or may be true or unknown, and how the rules
        stand there; on every other line every rule is false.

        ``frame`` has a text column for each field that is given, named by its path; a field that
        has no column is absent. All batches of one engine have the same columns.
        """
        import polars as pl

        self._prepare(frozenset(frame.columns))
        goods = self._number_goods(frame)
        places = pl.Series(self._goods.is_open, dtype=pl.Boolean).gather(goods).arg_true()
        if places.is_empty():
            return OpenLines(places, [])
        still, standings = self._still_open(Batch(frame[places], goods.gather(places)))
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
        groups: dict[tuple[str, ...], _Group] = {}
        for test in self._tests.values():
            reads = tuple(sorted(path for path in read_by(test) if path in columns | {GOODS}))
            groups.setdefault(reads, _Group(reads)).tests.append(test)
            self._bounds[id(test)] = bounds_of(test, tuple(columns), self._notation)
            if compares_columns(test, columns):
                self._compares.add(id(test))
        self._groups = sorted(groups.values(), key=lambda group: len(group.reads))

    def _number_goods(self, frame: pl.DataFrame) -> pl.Series:
        """For each line the number of its kind of goods."""
        import polars as pl

        columns = [name for name in GOODS_COLUMNS if name in frame.columns]
        if not columns:
            self._kind_of((), ())
            return pl.zeros(frame.height, dtype=pl.UInt32, eager=True)
        codes, texts = join([self._sorted_texts(name, frame[name]) for name in columns])
        kinds = [self._kind_of(combination, columns) for combination in texts]
        return pl.Series(kinds, dtype=pl.UInt32).gather(codes)

    def _sorted_texts(self, name: str, column: pl.Series) -> tuple[pl.Series, list[str]]:
        """For each line the sort of its text, and for each sort the text that stands for it."""
        import polars as pl

        sorts = self._goods.sorts.setdefault(name, _Sorts())
        codes, texts = numbered(column)
        if len(sorts.sort_of_text) > MOST_REMEMBERED:
            sorts.sort_of_text.clear()
        found = []
        for text in texts.to_list():
            sort = sorts.sort_of_text.get(text)
            if sort is None:
                sort = sorts.sort_of_text[text] = self._add_text(sorts, name, text)
            found.append(sort)
        return pl.Series(found, dtype=pl.UInt32).gather(codes), sorts.texts

    def _add_text(self, sorts: _Sorts, name: str, text: str) -> int:
        families = record_of_texts([(name, text)], self._notation)[GOODS]
        # A stated family that is not known is unknown; a blank one is worked out from the others.
        sort: object = bool(text.strip()) if name == GOODS else None
        if families.value is not None:
            found = tuple(
                (one.family, one.support, one.strength, one.content) for one in evidence(families)
            )
            sort = (families.value, found, families.partial)
        number = sorts.number.get(sort)
        if number is None:
            number = sorts.number[sort] = len(sorts.texts)
            sorts.texts.append(text)
        return number

    def _kind_of(self, texts: tuple[object, ...], columns: Sequence[str]) -> int:
        goods = self._goods
        kind = goods.kind_of_texts.get(texts)
        if kind is None:
            cells = tuple((name, str(text)) for name, text in zip(columns, texts, strict=True))
            kind = goods.kind_of_texts[texts] = len(goods.texts)
            goods.texts.append(cells)
            record = record_of_texts(cells, self._notation)
            goods.is_open.append(self._leaves_a_rule_open(record))
        return kind

    def _leaves_a_rule_open(self, record: Record) -> bool:
        """Whether any rule can still be true or unknown when only the goods are known.

        What is not known yet is absent, and so every test of it unknown: by Kleene's logic a rule
        that is false even so stays false whatever the other columns hold.
        """
        return any(self._could_hold(rule.when, record) is not False for rule in self._rules)

    def _could_hold(self, condition: Condition, record: Record) -> bool | None:
        if isinstance(condition, Test):
            fields = fields_of(condition) - {GOODS}
            compares = condition.operator in ("same_as", "differs_from")
            # What is taken for granted for want of a column is so for every line.
            granted = [path for path in fields if takes_for_granted(path)]
            columns = self._columns or frozenset()
            if compares or any(not behind(path).isdisjoint(columns) for path in granted):
                return None
            if fields & {"product", "cas", "hs_code"}:
                return None  # the kind of goods stands for many texts
            return self._judge.verdict(condition, record)
        if isinstance(condition, Named):
            return self._could_hold(condition.block, record)
        parts = [self._could_hold(part, record) for part in condition.parts]
        if condition.kind == "all":
            return False if False in parts else None if None in parts else True
        some = True if True in parts else None if None in parts else False
        return some if condition.kind == "any" else None if some is None else not some

    def _still_open(self, batch: Batch) -> tuple[pl.Series, list[Standing]]:
        """The lines that the cheap columns leave open, and how the rules stand on each."""
        import polars as pl

        nothing = pl.repeat(None, batch.height, dtype=pl.Boolean, eager=True)
        vectors = dict.fromkeys(self._tests, nothing)
        left: set[int] = set()
        for group in self._groups:
            if len(group.reads) <= 1:
                self._judge_lines(group, batch, vectors, left)
                continue
            # What reads several columns is judged only where a rule depends on it still.
            lines = self._open_on(group, vectors, batch.height)
            if len(lines) * 2 > batch.height:
                self._judge_lines(group, batch, vectors, left)
            elif len(lines):
                part = batch.part(lines)
                none = pl.repeat(None, part.height, dtype=pl.Boolean, eager=True)
                own = {id(test): none for test in group.tests}
                self._judge_lines(group, part, own, left)
                where = pl.repeat(None, batch.height, dtype=pl.UInt32, eager=True).scatter(
                    lines, pl.int_range(part.height, dtype=pl.UInt32, eager=True)
                )
                vectors.update((key, verdicts.gather(where)) for key, verdicts in own.items())
        known: dict[int, pl.Series] = {}
        # For each line the rules that are not false, as one whole number for rule and verdict:
        # objects would keep the garbage collector busy.
        found: dict[int, list[int]] = {}
        for number, rule in enumerate(self._rules):
            verdicts = _combine(rule.when, vectors, known)
            for place in verdicts.arg_true().to_list():
                found.setdefault(place, []).append(number * 3 + _TRUE)
            if verdicts.has_nulls():
                is_settled = left.isdisjoint(self._tests_of[number])
                mark = number * 3 + (_UNKNOWN if is_settled else _OPEN)
                for place in verdicts.is_null().arg_true().to_list():
                    found.setdefault(place, []).append(mark)
        places = sorted(found)
        return pl.Series(places, dtype=pl.UInt32), [
            self._shared(tuple(found[place])) for place in places
        ]

    def _open_on(self, group: _Group, vectors: Mapping[int, pl.Series], height: int) -> pl.Series:
        """The lines on which a rule with a test of the group is neither true nor false yet."""
        import polars as pl

        tests = {id(test) for test in group.tests}
        is_open = pl.repeat(False, height, dtype=pl.Boolean, eager=True)
        known: dict[int, pl.Series] = {}
        for number, rule in enumerate(self._rules):
            if not tests.isdisjoint(self._tests_of[number]):
                is_open |= _combine(rule.when, vectors, known).is_null()
        return is_open.arg_true()

    def _judge_lines(
        self, group: _Group, batch: Batch, vectors: dict[int, pl.Series], left: set[int]
    ) -> None:
        """The verdicts of a group's tests on these lines; ``left`` gets those tests that only the
        judge can tell on some of them."""
        most = max(self._always_cheap, batch.height // CHEAP_SHARE)
        whole = self._by_vectors(group, batch, most)
        vectors.update(whole)
        open_tests = {key for key, verdicts in whole.items() if verdicts.has_nulls()}
        if len(whole) == len(group.tests) and not open_tests:
            return
        if self._judge_group(group, batch, most, vectors):
            return
        left.update(open_tests, {id(test) for test in group.tests} - whole.keys())
        if "date" in group.reads:
            # Most values stand in no list on any date: that is known without the date.
            self._judge_group(self._undated(group), batch, most, vectors)
            vectors.update(whole)

    def _undated(self, group: _Group) -> _Group:
        """The same tests as if the orders had no date: by Kleene's logic a verdict that is known
        even so stays when the date is told."""
        reads = tuple(path for path in group.reads if path != "date")
        return self._without_date.setdefault(group.reads, _Group(reads, group.tests))

    def _shared(self, marks: tuple[int, ...]) -> Standing:
        """How the rules stand, as one object for all lines: there are few different ones."""
        standing = self._standings.get(marks)
        if standing is None:
            if len(self._standings) > MOST_REMEMBERED:
                self._standings.clear()
            standing = self._standings[marks] = Standing(
                *(
                    tuple(mark // 3 for mark in marks if mark % 3 == kind)
                    for kind in (_TRUE, _UNKNOWN, _OPEN)
                )
            )
        return standing

    def _judge_group(
        self, group: _Group, batch: Batch, most: int, vectors: dict[int, pl.Series]
    ) -> bool:
        """Judge the tests of a group for each combination of texts, if these are few."""
        import polars as pl

        if batch.fewest_combinations(group.reads) > most:
            return False
        codes, combinations = batch.combinations(group.reads)
        if len(combinations) > most:
            return False
        if len(group.remembered) > MOST_REMEMBERED:
            group.remembered.clear()
        found = []
        for combination in combinations:
            known = group.remembered.get(combination)
            if known is None:
                known = group.remembered[combination] = self._judge_texts(group, combination)
            found.append(known)
        for position, test in enumerate(group.tests):
            table = pl.Series([one[position] for one in found], dtype=pl.Boolean)
            vectors[id(test)] = table.gather(codes)
        return True

    def _by_vectors(self, group: _Group, batch: Batch, most: int) -> dict[int, pl.Series]:
        """The verdicts of those tests of a group that whole columns can be compared for; null on
        the lines where that does not settle it."""
        found = {}
        for test in group.tests:
            if self._bounds[id(test)]:
                verdicts = self._by_plain_amounts(test, batch)
            elif id(test) in self._compares:
                verdicts = self._by_keys(test, batch, most)
            else:
                continue
            if verdicts is not None:
                found[id(test)] = verdicts
        return found

    def _by_plain_amounts(self, test: Test, batch: Batch) -> pl.Series | None:
        """The verdicts of a bound on the lines whose amount is a plain number."""
        verdicts: pl.Series | None = None
        for bound in self._bounds[id(test)]:
            reads: tuple[str, ...] = (COMPANION_COLUMNS[bound.field],)
            if GOODS in read_by(bound):
                reads = (*reads, GOODS)
            codes, combinations = batch.combinations(reads)
            # To find a turn costs as much as to judge some lines one by one.
            new = sum((id(bound), *one) not in self._turns for one in combinations)
            if new * self._lines_to_a_turn > batch.height:
                return None
            turns = [self._turn(bound, reads, combination) for combination in combinations]
            found = spread(batch.amounts(bound.field), codes, turns)
            verdicts = found if verdicts is None else verdicts & found
        return verdicts

    def _by_keys(self, test: Test, batch: Batch, most: int) -> pl.Series | None:
        """The verdicts of a comparison of fields that rest on their own texts alone, if these are
        few: each text is understood once, and what is compared is a number for its meaning."""
        import polars as pl

        paths: list[str] = [test.field, *test.operand]
        if max(batch.count(path) for path in paths) > most:
            return None
        kind = field_table()[test.field].kind.name
        mine, *theirs = (self._key_column(path, kind, batch) for path in paths)
        same = mine == theirs[0]
        for other in theirs[1:]:
            # Of the other fields those that are known count, and one at least must be.
            one = mine == other
            same = (same | one).zip_with(
                same.is_not_null() & one.is_not_null(),
                pl.select(pl.coalesce(same, one)).to_series(),
            )
        return same if test.operator == "same_as" else ~same

    def _key_column(self, path: str, kind: str, batch: Batch) -> pl.Series:
        """For each line a number for what its text is compared by."""
        import polars as pl

        if (path, kind) not in batch.keys:
            keys = [self._key(path, kind, str(text)) for text in batch.texts(path)]
            batch.keys[path, kind] = pl.Series(keys, dtype=pl.Int64).gather(batch.codes(path))
        return batch.keys[path, kind]

    def _key(self, path: str, kind: str, text: str) -> int | None:
        """A number for what a text is compared by; none where it is not understood."""
        known = self._keys.setdefault((path, kind), {})
        if text not in known:
            if len(known) > MOST_REMEMBERED:
                known.clear()
            value = record_of_texts([(path, text)], self._notation)[path].value
            if value is None:
                known[text] = None
            else:
                key = comparison_key(field_table()[path].kind)(value)
                known[text] = self._key_numbers.setdefault((kind, key), len(self._key_numbers))
        return known[text]

    def _turn(
        self, bound: Test, reads: tuple[str, ...], combination: tuple[object, ...]
    ) -> tuple[Turn, int] | None:
        key = (id(bound), *combination)
        if key not in self._turns:
            cells = self._cells(reads, combination)

            def ask(test: Test, amount: str) -> bool | None:
                record = record_of_texts({**cells, test.field: amount}.items(), self._notation)
                return self._judge.verdict(test, record)

            if len(self._turns) > MOST_REMEMBERED:
                self._turns.clear()
            self._turns[key] = turn_of(bound, str(combination[0]), ask)
        return self._turns[key]

    def _judge_texts(
        self, group: _Group, combination: tuple[object, ...]
    ) -> tuple[bool | None, ...]:
        record = record_of_texts(self._cells(group.reads, combination).items(), self._notation)
        expire(record, self._as_of)
        return tuple(self._judge.verdict(test, record) for test in group.tests)

    def _cells(self, reads: tuple[str, ...], combination: tuple[object, ...]) -> dict[str, str]:
        """The texts that a combination stands for, by column."""
        cells: dict[str, str] = {}
        for path, given in zip(reads, combination, strict=True):
            if isinstance(given, int):
                for name, text in self._goods.texts[given]:
                    cells.setdefault(name, text)
            else:
                cells[path] = str(given)
        return cells


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
