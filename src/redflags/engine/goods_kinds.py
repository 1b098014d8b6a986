"""What the goods of order lines are, as few kinds.

Lines whose goods are of one kind are judged alike. Most texts of products say nothing that a rule
asks about, and all those are one sort.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from redflags.engine.batch import MOST_REMEMBERED, join, numbered
from redflags.engine.judge import Judge
from redflags.engine.reads import (
    GOODS,
    GOODS_COLUMNS,
    behind,
    fields_of,
    read_by,
    takes_for_granted,
)
from redflags.engine.sieve import Sieve
from redflags.model.derived import DERIVATIONS
from redflags.model.goods import evidence
from redflags.model.notation import Notation, Notations
from redflags.model.record import Record, record_of_texts
from redflags.rulebook.tree import Test

if TYPE_CHECKING:
    import polars as pl


@dataclass(slots=True)
class _Sorts:
    """The sorts of goods that the texts of one column speak of, each with a text that stands for
    it."""

    sort_of_text: dict[str, int] = field(default_factory=dict)
    number: dict[object, int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


class GoodsKinds:
    """The kinds of goods met so far, by the sorts of all columns together.

    ``texts`` has for each kind texts that stand for it, by column, ``left`` the ways of holding
    that it leaves open.
    """

    def __init__(
        self,
        judge: Judge,
        sieve: Sieve,
        tests: Mapping[int, Test],
        columns: frozenset[str],
        notation: Notation | Notations,
    ) -> None:
        self._judge = judge
        self._sieve = sieve
        self._tests = tests
        self._columns = columns
        self._notation = notation
        self._sorts: dict[str, _Sorts] = {}
        self._kind_of_texts: dict[tuple[object, ...], int] = {}
        self.texts: list[tuple[tuple[str, str], ...]] = []
        self.left: list[int] = []

    def number(self, frame: pl.DataFrame) -> pl.Series:
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

        sorts = self._sorts.setdefault(name, _Sorts())
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
        kind = self._kind_of_texts.get(texts)
        if kind is None:
            cells = tuple((name, str(text)) for name, text in zip(columns, texts, strict=True))
            kind = self._kind_of_texts[texts] = len(self.texts)
            self.texts.append(cells)
            record = record_of_texts(cells, self._notation)
            self.left.append(self._left_by_goods(record))
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
        columns = self._columns
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
