"""What the goods of order lines are, as few kinds.

Lines whose goods are of one kind are judged alike. Most texts of products say nothing that a rule
asks about, and all those are one sort.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from redflags.engine.columns import same
from redflags.engine.judge import Judge
from redflags.engine.numberings import Numbering, Numberings, Pairs
from redflags.engine.reads import (
    GOODS,
    GOODS_COLUMNS,
    behind,
    fields_of,
    read_beside_goods,
    takes_for_granted,
)
from redflags.engine.sieve import Sieve
from redflags.model.contents import kind_of_content
from redflags.model.derived import DERIVATIONS
from redflags.model.goods import evidence, limit_marks
from redflags.model.notation import Notation, Notations
from redflags.model.record import Record, record_of_texts
from redflags.rulebook.tree import Test

if TYPE_CHECKING:
    import polars as pl


@dataclass(slots=True)
class _Sorts:
    """The sorts of goods that the texts of one column speak of, each with a text that stands for
    it. Sort zero is a text that was not looked at yet."""

    sort_of: pl.Series
    numbering: Numbering
    number: dict[object, int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=lambda: [""])


class GoodsKinds:
    """The kinds of goods met so far, by the sorts of all columns together, numbered from one.

    ``texts`` has for each kind texts that stand for it, by column, ``left`` the ways of holding
    that it leaves open; ``columns`` are those that say what the goods are.
    """

    def __init__(
        self,
        judge: Judge,
        sieve: Sieve,
        tests: Mapping[int, Test],
        columns: frozenset[str],
        notation: Notation | Notations,
        numberings: Numberings,
    ) -> None:
        self._sieve = sieve
        self._given = columns
        decided = [test for test in tests.values() if self._is_decided(test)]
        self._decided = [id(test) for test in decided]
        self._verdicts = judge.asker(decided)
        self._notation = notation
        self._numberings = numberings
        self.columns = tuple(name for name in GOODS_COLUMNS if name in columns)
        self._sorts: dict[str, _Sorts] = {}
        self._joined = [Pairs() for _ in self.columns[1:]]
        self.texts: list[tuple[tuple[str, str], ...]] = [()]
        self.left: list[int] = [0]
        self._table: list[tuple[int, pl.Series]] | None = None

    def table(self) -> list[tuple[int, pl.Series]]:
        """What each kind leaves open, for :func:`~redflags.engine.sieve.narrow`."""
        if self._table is None:
            self._table = self._sieve.table(self.left)
        return self._table

    def number(self, frame: pl.DataFrame, texts: Mapping[str, pl.Series]) -> pl.Series:
        """For each line the number of its kind of goods; ``texts`` has the numbers of the texts
        of the columns that say what the goods are."""
        import polars as pl

        if not self.columns:
            self._add_kinds(2, lambda number: ())
            return same(1, frame.height, pl.UInt32)
        kinds = self._sorted(self.columns[0], texts)
        count = len(self._sorts[self.columns[0]].texts)
        for pairs, name in zip(self._joined, self.columns[1:], strict=True):
            sorts = self._sorted(name, texts)
            kinds = pairs.numbers(kinds, sorts, (count, len(self._sorts[name].texts)), frame.height)
            count = pairs.count
        self._add_kinds(count, self._sorts_of_kind)
        return kinds

    def _sorted(self, name: str, texts: Mapping[str, pl.Series]) -> pl.Series:
        """For each line the sort of its text."""
        import polars as pl

        vocabulary, numbers = self._numberings.of_column(name), texts[name]
        sorts = self._sorts.get(name)
        if sorts is None:
            sorts = self._sorts[name] = _Sorts(pl.Series([], dtype=pl.UInt32), vocabulary)
        if sorts.numbering is not vocabulary:
            sorts.numbering, sorts.sort_of = vocabulary, sorts.sort_of.clear()
        missing = vocabulary.count - len(sorts.sort_of)
        if missing > 0:
            sorts.sort_of.extend(same(0, missing, pl.UInt32))
        found = sorts.sort_of[numbers]
        if len(found) and found.min() == 0:
            new = numbers.filter(found == 0).unique(maintain_order=True)
            told = [self._sort(sorts, name, text) for text in vocabulary.texts(new)]
            sorts.sort_of = sorts.sort_of.scatter(new, pl.Series(told, dtype=pl.UInt32))
            found = sorts.sort_of[numbers]
        return found

    def _sort(self, sorts: _Sorts, name: str, text: str) -> int:
        record = record_of_texts([(name, text)], self._notation)
        families = record[GOODS]
        # A stated family that is not known is unknown; a blank one is worked out from the others.
        sort: object = bool(text.strip()) if name == GOODS else None
        if families.value is not None:
            found = tuple(
                (one.family, one.support, one.strength, kind_of_content(one.content))
                for one in evidence(families)
            )
            sort = (families.value, found, families.partial)
        sort = (sort, limit_marks(record["cas"], record["product"]))
        number = sorts.number.get(sort)
        if number is None:
            number = sorts.number[sort] = len(sorts.texts)
            sorts.texts.append(text)
        return number

    def _sorts_of_kind(self, kind: int) -> tuple[int, ...]:
        """The sort of each column that a kind is made of."""
        found: tuple[int, ...] = ()
        for pairs in reversed(self._joined):
            kind, sort = pairs.pair(kind)
            found = (sort, *found)
        return (kind, *found)

    def _add_kinds(self, count: int, sorts_of: Callable[[int], tuple[int, ...]]) -> None:
        """Find out about the kinds up to a number."""
        for kind in range(len(self.texts), count):
            cells = tuple(
                (name, self._sorts[name].texts[sort])
                for name, sort in zip(self.columns, sorts_of(kind), strict=True)
            )
            self._table = None
            self.texts.append(cells)
            self.left.append(self._left_by_goods(record_of_texts(cells, self._notation)))

    def _left_by_goods(self, record: Record) -> int:
        """The rules that can still be true or unknown when only the goods are known.

        What is not known yet is absent, and so every test of it unknown: by Kleene's logic a rule
        that is false even so stays false whatever the other columns hold.
        """
        verdicts = self._verdicts(record)
        return self._sieve.left_by(
            {key: one for key, one in zip(self._decided, verdicts, strict=True) if one is not None}
        )

    def _is_decided(self, test: Test) -> bool:
        """Whether the goods can decide a test as long as nothing else is known."""
        fields = fields_of(test) - {GOODS}
        # What is taken for granted for want of a column is so for every line.
        granted = [path for path in fields if takes_for_granted(path)]
        columns = self._given
        if test.operator in ("same_as", "differs_from"):
            return False
        if any(not behind(path).isdisjoint(columns) for path in granted):
            return False
        reads = read_beside_goods(test) - {GOODS}
        if not reads.isdisjoint({"product", "cas", "hs_code"}):
            return False  # the kind of goods stands for many texts
        # What an order states wins over what its goods say.
        return not any(path in DERIVATIONS for path in reads & columns)
