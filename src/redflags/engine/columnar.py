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
from redflags.engine.leaves import Verdict
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
from redflags.engine.sieve import Sieve, is_left, open_tests, where_some
from redflags.model.derived import DERIVATIONS
from redflags.model.fields import field_table
from redflags.model.goods import evidence
from redflags.model.kinds import AS_WRITTEN, Notation, Notations
from redflags.model.record import COMPANION_COLUMNS, Record, record_of_texts
from redflags.model.validity import expire
from redflags.rulebook.operators import comparison_key
from redflags.rulebook.tree import Condition, Named, RuleBook, Test

if TYPE_CHECKING:
    import polars as pl

    Columns = Mapping[str, pl.Series]

MOST_REMEMBERED = 500_000
"""Texts and combinations of texts that are remembered between batches."""

_TRUE, _UNKNOWN, _OPEN = range(3)

_VERDICTS: Mapping[object, Verdict] = {0: False, 1: True, 2: None}
"""Verdicts by the numbers that stand for them in a column."""

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
    left: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    """Tests that read the same columns, and their verdicts for each combination of texts."""

    reads: tuple[str, ...]
    tests: list[Test] = field(default_factory=list)
    remembered: dict[tuple[object, ...], tuple[bool | None, ...]] = field(default_factory=dict)
    left: dict[tuple[object, ...], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Judged:
    """Verdicts of tests on some lines, those tests that only the judge can tell on some of them,
    and what the facts leave open: sets of ways, and for each line the place of its set."""

    verdicts: dict[int, pl.Series]
    unsettled: set[int]
    left: list[tuple[list[int], pl.Series]]


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
    ) -> None:
        self._always_cheap = always_cheap
        self._lines_to_a_turn = lines_to_a_turn
        self._rules = book.rules
        self._judge = Judge(book, lists_as_of)
        self._as_of = as_of
        self._notation = notation
        self._tests = {id(test): test for rule in self._rules for test in tests_of(rule.when)}
        self._goods = _Goods()
        self._columns: frozenset[str] | None = None
        self._groups: list[_Group] = []
        self._sieve = Sieve([rule.when for rule in self._rules])
        self._sifting: list[_Group] | None = None
        self._without_date: dict[tuple[str, ...], _Group] = {}
        self._tests_of = [frozenset(map(id, tests_of(rule.when))) for rule in book.rules]
        self._standings: dict[tuple[int, ...], Standing] = {}
        self._wanted: list[tuple[int, tuple[Test, ...]]] = []
        self._kinds_wanting: dict[tuple[object, ...], int] = {}
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
        self._prepare(frozenset(frame.columns))
        goods = self._number_goods(frame)
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
        groups: dict[tuple[str, ...], _Group] = {}
        for test in self._tests.values():
            reads = tuple(sorted(path for path in read_by(test) if path in columns | {GOODS}))
            groups.setdefault(reads, _Group(reads)).tests.append(test)
            self._bounds[id(test)] = bounds_of(test, tuple(columns), self._notation)
            if compares_columns(test, columns):
                self._compares.add(id(test))
        self._groups = sorted(groups.values(), key=lambda group: len(group.reads))
        for group in self._groups:
            if not group.reads:
                verdicts = self._judge_texts(group, ())
                self._sieve.take_for_known(dict(zip(map(id, group.tests), verdicts, strict=True)))

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
            sets = [self._left_by(group, one) for one in combinations]
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
    ) -> list[_Group]:
        """The groups of columns that have few texts, the most telling first."""
        whole = Batch(frame, goods)
        most = self._few_of(frame)
        few = [one for one in self._groups if whole.fewest_combinations(one.reads) <= most]
        some = lines.gather_every(max(1, len(lines) // SAMPLE))
        return self._most_telling(few, Batch(frame, goods, some))

    def _left_by(self, group: _Group, combination: tuple[object, ...]) -> int:
        """The rules that a group's texts leave possible."""
        left = group.left.get(combination)
        if left is None:
            if len(group.left) > MOST_REMEMBERED:
                group.left.clear()
            verdicts = self._told(group, combination)
            known = dict(zip(map(id, group.tests), verdicts, strict=True))
            left = group.left[combination] = self._sieve.left_by(known)
        return left

    def _most_telling(self, groups: Sequence[_Group], sample: Batch) -> list[_Group]:
        """The groups of columns that rule out most, the most telling first, as some lines show."""
        groups = [self._undated(group) if "date" in group.reads else group for group in groups]
        columns = [(group, *sample.combinations(group.reads)) for group in groups if group.reads]
        candidates = {
            place: [self._left_by(group, combinations[code]) for code in codes]
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
            goods.left.append(self._left_by_goods(record))
        return kind

    def _left_by_goods(self, record: Record) -> int:
        """The rules that can still be true or unknown when only the goods are known.

        What is not known yet is absent, and so every test of it unknown: by Kleene's logic a rule
        that is false even so stays false whatever the other columns hold.
        """
        known = {key: self._by_goods(test, record) for key, test in self._tests.items()}
        return self._sieve.left_by({key: one for key, one in known.items() if one is not None})

    def _by_goods(self, test: Test, record: Record) -> bool | None:
        """The verdict of a test as far as the goods decide it."""
        fields = fields_of(test) - {GOODS}
        # What is taken for granted for want of a column is so for every line.
        granted = [path for path in fields if takes_for_granted(path)]
        columns = self._columns or frozenset()
        if test.operator in ("same_as", "differs_from"):
            return None
        if any(not behind(path).isdisjoint(columns) for path in granted):
            return None
        reads = read_by(test) - {GOODS}
        if not reads.isdisjoint({"product", "cas", "hs_code"}):
            return None  # the kind of goods stands for many texts
        if any(path in DERIVATIONS for path in reads & columns):
            return None  # what an order states wins over what its goods say
        return self._judge.verdict(test, record)

    def _still_open(
        self, batch: Batch, left: list[pl.Series], most: int
    ) -> tuple[pl.Series, list[Standing]]:
        """The lines on which not every rule is false, and how the rules stand on each. ``left``
        are the ways of holding that are left on each line."""
        import polars as pl

        nothing = pl.repeat(None, batch.height, dtype=pl.Boolean, eager=True)
        vectors = dict.fromkeys(self._tests, nothing)
        unsettled: set[int] = set()
        for group in self._groups:
            for turn in self._turns_of(group):
                lines = self._sieve.where_needed(left, [id(test) for test in turn.tests])
                if lines.is_empty():
                    continue
                part = batch if len(lines) == batch.height else batch.part(lines)
                judged = self._judge_lines(turn, part, most)
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
                _, wanted = open_tests(self._rules[number].when, told, false)
                self._wanted.append((number, tuple(wanted)))
            kinds.append(self._kinds_wanting[key])
        return pl.Series(kinds, dtype=pl.UInt32).gather(codes).to_list()

    def _turns_of(self, group: _Group) -> tuple[_Group, ...]:
        """A group, after the same without the date if it reads that: most values stand in no list
        on any date, and by Kleene's logic a verdict that is known without it stays with it."""
        if "date" not in group.reads:
            return (group,)
        return self._undated(group), group

    def _judge_lines(self, group: _Group, batch: Batch, most: int) -> _Judged:
        """The verdicts of a group's tests on these lines."""
        import polars as pl

        whole = self._by_vectors(group, batch, most)
        open_tests = {key for key, verdicts in whole.items() if verdicts.has_nulls()}
        if open_tests or len(whole) < len(group.tests):
            judged = self._judge_group(group, batch, most)
            if judged is not None:
                return judged
        unsettled = open_tests.union({id(test) for test in group.tests} - whole.keys())
        left = [
            (
                [self._sieve.left_by({key: verdict}) for verdict in (False, True, None)],
                verdicts.cast(pl.UInt32).fill_null(2),
            )
            for key, verdicts in whole.items()
        ]
        return _Judged(whole, unsettled, left)

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
            by_kind = [[mark // 3 for mark in marks if mark % 3 == kind] for kind in range(3)]
            wanted = [self._wanted[one] for one in by_kind[_UNKNOWN]]
            standing = self._standings[marks] = Standing(
                true=tuple(by_kind[_TRUE]),
                unknown=tuple(number for number, _ in wanted),
                open=tuple(by_kind[_OPEN]),
                wanting=tuple(tests for _, tests in wanted),
            )
        return standing

    def _judge_group(self, group: _Group, batch: Batch, most: int) -> _Judged | None:
        """The verdicts of a group's tests, judged for each combination of texts; None where these
        are too many."""
        import polars as pl

        if batch.fewest_combinations(group.reads) > most:
            return None
        codes, combinations = batch.combinations(group.reads)
        if len(combinations) > most:
            return None
        found = [self._told(group, combination) for combination in combinations]
        verdicts = {
            id(test): pl.Series([one[position] for one in found], dtype=pl.Boolean).gather(codes)
            for position, test in enumerate(group.tests)
        }
        sets = [self._left_by(group, combination) for combination in combinations]
        return _Judged(verdicts, set(), [(sets, codes)])

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

    def _told(self, group: _Group, combination: tuple[object, ...]) -> tuple[bool | None, ...]:
        """The verdicts of a group's tests on a combination of texts, judged once."""
        known = group.remembered.get(combination)
        if known is None:
            if len(group.remembered) > MOST_REMEMBERED:
                group.remembered.clear()
            known = group.remembered[combination] = self._judge_texts(group, combination)
        return known

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
