"""A batch of order lines, its columns numbered by text: what the columnar engine counts with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from redflags.engine.plain_amounts import hundredths
from redflags.engine.reads import GOODS

if TYPE_CHECKING:
    import polars as pl


MOST_REMEMBERED = 500_000
"""Texts and combinations of texts that are remembered between batches."""


class Batch:
    """The open lines of a batch, their columns numbered by text when first asked for."""

    def __init__(
        self, frame: pl.DataFrame, goods: pl.Series, lines: pl.Series | None = None
    ) -> None:
        self._frame = frame
        self._goods = goods
        self._numbered: dict[str, tuple[pl.Series, pl.Series]] = {}
        self._texts: dict[str, list[object]] = {}
        self._joined: dict[tuple[str, ...], tuple[pl.Series, list[tuple[object, ...]]]] = {}
        self._amounts: dict[str, pl.Series] = {}
        self.keys: dict[tuple[str, str], pl.Series] = {}
        self.height = frame.height if lines is None else len(lines)
        self._lines = lines
        self._parts: list[tuple[pl.Series, Batch]] = []

    def part(self, lines: pl.Series) -> Batch:
        """Some of the lines, by their numbers in this batch."""
        for others, part in self._parts:
            if others.equals(lines):
                return part
        own = lines if self._lines is None else self._lines.gather(lines)
        part = Batch(self._frame, self._goods, own)
        self._parts.append((lines, part))
        return part

    def _own(self, column: pl.Series) -> pl.Series:
        return column if self._lines is None else column.gather(self._lines)

    def fewest_combinations(self, reads: tuple[str, ...]) -> int:
        """A number below which the combinations of some columns cannot lie."""
        return max((len(self._column(path)[1]) for path in reads), default=1)

    def combinations(self, reads: tuple[str, ...]) -> tuple[pl.Series, list[tuple[object, ...]]]:
        """For each line a number, and for each number the texts (of the goods: their number)."""
        import polars as pl

        if not reads:
            return pl.zeros(self.height, dtype=pl.UInt32, eager=True), [()]
        if reads not in self._joined:
            columns = [(self._column(path)[0], self.texts(path)) for path in reads]
            self._joined[reads] = join(columns)
        return self._joined[reads]

    def count(self, path: str) -> int:
        """How many texts a column has."""
        return len(self._column(path)[1])

    def texts(self, path: str) -> list[object]:
        """The texts of a column by their numbers (of the goods: the numbers of the kinds)."""
        if path not in self._texts:
            self._texts[path] = self._column(path)[1].to_list()
        return self._texts[path]

    def codes(self, path: str) -> pl.Series:
        """The number of the text on each line."""
        return self._column(path)[0]

    def amounts(self, path: str) -> pl.Series:
        """The plain amounts of a column, in hundredths."""
        if path not in self._amounts:
            self._amounts[path] = hundredths(self._own(self._frame[path]))
        return self._amounts[path]

    def _column(self, path: str) -> tuple[pl.Series, pl.Series]:
        if path not in self._numbered:
            self._numbered[path] = (
                _kinds(self._own(self._goods))
                if path == GOODS
                else numbered(self._own(self._frame[path]))
            )
        return self._numbered[path]


def _kinds(goods: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The kinds of goods numbered anew from zero, with their own numbers."""
    return _renumbered(goods, int(goods.max() or 0) + 1)  # type: ignore[arg-type]


def numbered(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    """A number for each row and the text of each number. A column that is categorical already
    need not be looked at text by text."""
    import polars as pl

    if not isinstance(column.dtype, pl.Categorical):
        # A table of categories of its own: the global one would number on from other columns.
        column = column.cast(pl.Categorical(pl.Categories.random()))
    distinct = column.unique()
    numbers = distinct.to_physical().cast(pl.UInt32)
    highest = int(numbers.max() or 0)  # type: ignore[arg-type]
    table = pl.zeros(highest + 1, dtype=pl.UInt32, eager=True)
    table = table.scatter(numbers, pl.int_range(len(distinct), dtype=pl.UInt32, eager=True))
    return table.gather(column.to_physical()), distinct.cast(pl.String)


LARGEST_TABLE = 4_000_000
"""Numbers up to which a table of all of them is made to number those that occur anew."""


def _renumbered(numbers: pl.Series, below: int) -> tuple[pl.Series, pl.Series]:
    """Whole numbers numbered anew from zero, and the old number of each new one."""
    import polars as pl

    if below > LARGEST_TABLE:
        distinct = numbers.unique()
        new = pl.int_range(len(distinct), dtype=pl.UInt32, eager=True)
        return numbers.replace_strict(distinct, new, return_dtype=pl.UInt32), distinct
    occurs = pl.zeros(below, dtype=pl.UInt32, eager=True).scatter(numbers, 1)
    distinct = (occurs > 0).arg_true()
    table = occurs.scatter(distinct, pl.int_range(len(distinct), dtype=pl.UInt32, eager=True))
    return table.gather(numbers), distinct


def join(
    columns: Sequence[tuple[pl.Series, Sequence[object]]],
) -> tuple[pl.Series, list[tuple[object, ...]]]:
    """One number for each combination of the numbers of several columns."""
    import polars as pl

    codes, texts = columns[0]
    combined: list[tuple[object, ...]] = [(text,) for text in texts]
    for others, more in columns[1:]:
        key = codes.cast(pl.Int64) * len(more) + others.cast(pl.Int64)
        codes, distinct = _renumbered(key, len(combined) * len(more))
        combined = [
            (*combined[pair // len(more)], more[pair % len(more)]) for pair in distinct.to_list()
        ]
    return codes, combined
