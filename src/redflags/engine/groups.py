"""Tests by the columns that they read: judged once for each combination of texts, by the judge's
own closure, or for whole columns at once where amounts and keys allow it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from redflags.engine.batch import MOST_REMEMBERED, Batch
from redflags.engine.goods_kinds import GoodsKinds
from redflags.engine.judge import Judge
from redflags.engine.plain_amounts import Turn, bounds_of, spread, turn_of
from redflags.engine.reads import GOODS, compares_columns, read_by
from redflags.engine.sieve import Sieve
from redflags.model.fields import field_table
from redflags.model.notation import Notation, Notations
from redflags.model.record import COMPANION_COLUMNS, record_of_texts
from redflags.model.validity import expire
from redflags.rulebook.operators import comparison_key
from redflags.rulebook.tree import Test

if TYPE_CHECKING:
    import polars as pl


@dataclass(slots=True)
class Group:
    """Tests that read the same columns, and their verdicts for each combination of texts."""

    reads: tuple[str, ...]
    tests: list[Test] = field(default_factory=list)
    remembered: dict[tuple[object, ...], tuple[bool | None, ...]] = field(default_factory=dict)
    left: dict[tuple[object, ...], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """Verdicts of tests on some lines, those tests that only the judge can tell on some of them,
    and what the facts leave open: sets of ways, and for each line the place of its set."""

    verdicts: dict[int, pl.Series]
    unsettled: set[int]
    left: list[tuple[list[int], pl.Series]]


class GroupJudge:
    """The tests of a rule book in groups, ready to judge batches with the same columns."""

    def __init__(
        self,
        judge: Judge,
        sieve: Sieve,
        tests: Mapping[int, Test],
        columns: frozenset[str],
        goods: GoodsKinds,
        notation: Notation | Notations,
        as_of: datetime.date | None,
        lines_to_a_turn: int,
    ) -> None:
        self._judge = judge
        self._sieve = sieve
        self._goods = goods
        self._notation = notation
        self._as_of = as_of
        self._lines_to_a_turn = lines_to_a_turn
        self._bounds: dict[int, tuple[Test, ...]] = {}
        self._turns: dict[tuple[object, ...], tuple[Turn, int] | None] = {}
        self._compares: set[int] = set()
        self._keys: dict[tuple[str, str], dict[str, int | None]] = {}
        self._key_numbers: dict[tuple[str, object], int] = {}
        self._without_date: dict[tuple[str, ...], Group] = {}
        groups: dict[tuple[str, ...], Group] = {}
        for test in tests.values():
            reads = tuple(sorted(path for path in read_by(test) if path in columns | {GOODS}))
            groups.setdefault(reads, Group(reads)).tests.append(test)
            self._bounds[id(test)] = bounds_of(test, tuple(columns), notation)
            if compares_columns(test, columns):
                self._compares.add(id(test))
        self.groups = sorted(groups.values(), key=lambda group: len(group.reads))
        """The groups, those that read least first."""
        for group in self.groups:
            if not group.reads:
                verdicts = self._judge_texts(group, ())
                sieve.take_for_known(dict(zip(map(id, group.tests), verdicts, strict=True)))

    def turns_of(self, group: Group) -> tuple[Group, ...]:
        """A group, after the same without the date if it reads that: most values stand in no list
        on any date, and by Kleene's logic a verdict that is known without it stays with it."""
        if "date" not in group.reads:
            return (group,)
        return self.undated(group), group

    def undated(self, group: Group) -> Group:
        """The same tests as if the orders had no date: by Kleene's logic a verdict that is known
        even so stays when the date is told."""
        reads = tuple(path for path in group.reads if path != "date")
        return self._without_date.setdefault(group.reads, Group(reads, group.tests))

    def left_by(self, group: Group, combination: tuple[object, ...]) -> int:
        """The rules that a group's texts leave possible."""
        left = group.left.get(combination)
        if left is None:
            if len(group.left) > MOST_REMEMBERED:
                group.left.clear()
            verdicts = self._told(group, combination)
            known = dict(zip(map(id, group.tests), verdicts, strict=True))
            left = group.left[combination] = self._sieve.left_by(known)
        return left

    def judge(self, group: Group, batch: Batch, most: int) -> Judged:
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
        return Judged(whole, unsettled, left)

    def _judge_group(self, group: Group, batch: Batch, most: int) -> Judged | None:
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
        sets = [self.left_by(group, combination) for combination in combinations]
        return Judged(verdicts, set(), [(sets, codes)])

    def _by_vectors(self, group: Group, batch: Batch, most: int) -> dict[int, pl.Series]:
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

    def _told(self, group: Group, combination: tuple[object, ...]) -> tuple[bool | None, ...]:
        """The verdicts of a group's tests on a combination of texts, judged once."""
        known = group.remembered.get(combination)
        if known is None:
            if len(group.remembered) > MOST_REMEMBERED:
                group.remembered.clear()
            known = group.remembered[combination] = self._judge_texts(group, combination)
        return known

    def _judge_texts(
        self, group: Group, combination: tuple[object, ...]
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
