"""Texts and combinations of texts by number: the same number in every batch.

What has been found out about a text then stands in a column at its number, and a batch looks it up
for all its lines at once. The numbers of one column come from a table of categories of its own;
those of several columns number the pairs that occur.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

from redflags.engine.aspects import Aspect, Look
from redflags.engine.columns import counted, same
from redflags.engine.reads import GOODS

if TYPE_CHECKING:
    import polars as pl

MOST_REMEMBERED = 200_000
"""Texts of one column, and combinations of texts, that are remembered between batches."""

OFTEN = 3
"""Texts come again and again where there are so many times as many lines."""

LARGEST_TABLE = 1 << 18
"""Pairs up to which a table of all possible ones is kept; beyond, those that occur."""


class Vocabulary:
    """The texts of one column, numbered from zero as they appear."""

    first = 0

    def __init__(self, kind: pl.Categorical | None = None) -> None:
        import polars as pl

        # A table of categories of its own: the global one would number on from other columns.
        self._kind = kind or pl.Categorical(pl.Categories.random())
        # The table lives as long as a column of it does.
        self._kept = pl.Series([], dtype=self._kind)
        self.count = 0
        self._asked = 0

    def has_few(self, most: int) -> bool:
        """Whether the texts are no more than this, and come again and again."""
        return self.count <= most and self.count * OFTEN < self._asked

    def has_numbers_of(self, column: pl.Series) -> bool:
        """Whether the numbers that a column of categories has already are those given here."""
        import polars as pl

        return not isinstance(column.dtype, pl.Categorical) or column.dtype == self._kind

    def numbers(self, column: pl.Series) -> pl.Series:
        """The number of the text on each line."""
        import polars as pl

        if column.has_nulls():
            column = column.fill_null("")
        if column.dtype != self._kind:
            column = column.cast(pl.String).cast(self._kind)
        if self._kept.is_empty():
            self._kept = column.head(1)
        numbers = column.to_physical()
        if numbers.dtype != pl.UInt32:
            numbers = numbers.cast(pl.UInt32)
        self._asked += len(numbers)
        if len(numbers):
            self.count = max(self.count, int(numbers.max()) + 1)  # type: ignore[arg-type]
        return numbers

    def texts(self, numbers: pl.Series) -> list[str]:
        """The texts of these numbers."""
        return self.column(numbers).to_list()

    def column(self, numbers: pl.Series) -> pl.Series:
        """The texts of these numbers as a column."""
        import polars as pl

        return numbers.cat.to(self._kind).cast(pl.String)


class Pairs:
    """The pairs of numbers of two columns that occur, numbered from one; zero is a pair that has
    not been given a number."""

    first = 1

    def __init__(self) -> None:
        import polars as pl

        self._left = pl.Series([0], dtype=pl.UInt32)
        self._right = pl.Series([0], dtype=pl.UInt32)
        self._rows = self._width = 0
        self._table: pl.Series | None = pl.Series([], dtype=pl.UInt32)
        self._number_of: dict[int, int] = {}

    @property
    def count(self) -> int:
        """The numbers up to which pairs have been given one."""
        return len(self._left)

    def numbers(
        self,
        left: pl.Series,
        right: pl.Series,
        counts: tuple[int, int],
        limit: int,
        above: tuple[int, int] = (-1, -1),
    ) -> pl.Series:
        """The number of the pair on each line. ``counts`` are above all numbers of either side;
        at most ``limit`` pairs are given a number that have none yet (see :func:`few_of`), and
        only those of which both numbers are ``above`` these."""

        if self._table is not None:
            self._make_room(*counts)
        if self._table is None:
            return self._sparse(left, right, limit, above)
        keys = left * self._width + right
        found = self._table[keys]
        if len(found) and found.min() == 0:
            where = found == 0
            for side, one in zip((left, right), above, strict=True):
                if one >= 0:
                    where = where & (side > one)
            new = few_of(keys.filter(where), limit)
            if len(new):
                numbers = counted(self.count + len(new))[self.count :]
                self._table = self._table.scatter(new, numbers)
                self._add(new // self._width, new % self._width)
                found = self._table[keys]
        return found

    def pair(self, number: int) -> tuple[int, int]:
        """The two numbers of a pair."""
        return self._left[number], self._right[number]

    def parts(self, numbers: pl.Series) -> tuple[pl.Series, pl.Series]:
        """The two numbers of each of some pairs."""
        return self._left[numbers], self._right[numbers]

    def _add(self, left: pl.Series, right: pl.Series) -> None:
        import polars as pl

        self._left.extend(left.cast(pl.UInt32))
        self._right.extend(right.cast(pl.UInt32))

    def _make_room(self, rows: int, width: int) -> None:
        """Let the table hold pairs of numbers below these, with room to grow."""
        import polars as pl

        if rows <= self._rows and width <= self._width:
            return
        self._rows = max(self._rows, _rounded(rows))
        self._width = max(self._width, _rounded(width))
        numbers = counted(self.count)[1:]
        left, right = self._left[1:], self._right[1:]
        if self._rows * self._width > LARGEST_TABLE:
            self._table = None
            keys = (left.cast(pl.Int64) * SIDE + right.cast(pl.Int64)).to_list()
            self._number_of = dict(zip(keys, numbers.to_list(), strict=True))
            return
        table = same(0, self._rows * self._width, pl.UInt32)
        self._table = table.scatter(left * self._width + right, numbers)

    def _sparse(
        self, left: pl.Series, right: pl.Series, limit: int, above: tuple[int, int]
    ) -> pl.Series:
        import polars as pl

        keys = left.cast(pl.Int64) * SIDE + right.cast(pl.Int64)
        distinct = keys.unique(maintain_order=True)
        known = self._number_of
        fresh = [
            key
            for key in distinct.to_list()
            if key not in known and key // SIDE > above[0] and key % SIDE > above[1]
        ]
        if fresh:
            new = few_of(keys.filter(keys.is_in(fresh)), limit)
            for number, key in enumerate(new.to_list(), start=self.count):
                known[key] = number
            self._add(new // SIDE, new % SIDE)
        numbers = [known.get(key, 0) for key in distinct.to_list()]
        return keys.replace_strict(
            distinct, pl.Series(numbers, dtype=pl.UInt32), return_dtype=pl.UInt32
        )


SIDE = 2**32
"""Above every number of one side of a pair."""


def few_of(numbers: pl.Series, limit: int) -> pl.Series:
    """The numbers that occur, each once. Of more than ``limit`` so many, if each comes twice or
    more: those that do not come back are not worth remembering."""
    distinct = numbers.unique(maintain_order=True)
    if len(distinct) <= limit:
        return distinct
    return distinct.head(limit if len(numbers) >= 2 * len(distinct) else 0)


def _rounded(count: int) -> int:
    """A power of two that is no less, so that a table seldom grows."""
    return 1 << max(count - 1, 1).bit_length()


class Sorts:
    """The sorts of texts that an aspect tells apart, numbered from one; zero is a text, or a
    combination of texts, that was not looked at yet."""

    first = 1

    def __init__(self) -> None:
        import polars as pl

        self.base: object = None
        self._sort_of = pl.Series([], dtype=pl.UInt32)
        self._number: dict[Hashable, int] = {}

    @property
    def count(self) -> int:
        """A number above those of all sorts."""
        return len(self._number) + 1

    @property
    def size(self) -> int:
        """How much is remembered."""
        return max(len(self._number), len(self._sort_of))

    def of(self, numbers: pl.Series, base: object, count: int) -> pl.Series:
        """The sort of the text on each line by the text's number in the numbering ``base``, which
        has numbers below ``count``."""
        import polars as pl

        if self.base is not base:
            self.base, self._sort_of = base, self._sort_of.clear()
        missing = count - len(self._sort_of)
        if missing > 0:
            self._sort_of.extend(same(0, missing, pl.UInt32))
        return self._sort_of[numbers]

    def name(self, told: Sequence[Hashable]) -> None:
        """Number what can be told, in this order, before any text is looked at."""
        for one in told:
            self._number.setdefault(one, len(self._number) + 1)

    def add(self, numbers: pl.Series, told: Sequence[Hashable]) -> None:
        """Remember what was told of the texts of these numbers."""
        import polars as pl

        known = self._number
        sorts = [known.setdefault(one, len(known) + 1) for one in told]
        self._sort_of = self._sort_of.scatter(numbers, pl.Series(sorts, dtype=pl.UInt32))


Numbering = Vocabulary | Pairs | Sorts


class Numberings:
    """The numberings of the columns of one engine, and of their combinations."""

    def __init__(self) -> None:
        self._found: dict[tuple[Look, ...], Numbering] = {}

    def of_column(self, path: str) -> Vocabulary:
        """The texts of one column."""
        found = self._found.get((path,))
        if not isinstance(found, Vocabulary):
            found = self._found[path,] = Vocabulary()
        return found

    def of_aspect(self, aspect: Aspect) -> Sorts:
        """The sorts of texts that an aspect tells apart."""
        found = self._found.get((aspect,))
        if not isinstance(found, Sorts):
            found = self._found[aspect,] = Sorts()
        return found

    def of_columns(self, paths: tuple[Look, ...]) -> Pairs:
        """The combinations of several columns, or of aspects of them: pairs of those of all but
        the last and the last."""
        found = self._found.get(paths)
        if not isinstance(found, Pairs):
            found = self._found[paths] = Pairs()
        return found

    def texts(self, reads: tuple[str, ...], numbers: pl.Series) -> list[tuple[object, ...]]:
        """The texts that numbers stand for, of one column or of several; of the goods the number
        of their kind."""
        if reads == (GOODS,):
            return [(kind,) for kind in numbers.to_list()]
        if len(reads) == 1:
            return [(text,) for text in self.of_column(reads[0]).texts(numbers)]
        left, right = self.of_columns(reads).parts(numbers)
        others = self.texts(reads[:-1], left), self.texts(reads[-1:], right)
        return [(*one, *other) for one, other in zip(*others, strict=True)]

    def begin(self, columns: Mapping[str, pl.Series]) -> None:
        """Before a batch: forget what is remembered of too many texts, and number a column anew
        that comes with other numbers than before."""
        import polars as pl

        for paths, one in list(self._found.items()):
            size = one.size if isinstance(one, Sorts) else one.count
            if size > MOST_REMEMBERED:
                self._forget(paths)
        for path, column in columns.items():
            if isinstance(column.dtype, pl.Categorical):
                known = self._found.get((path,))
                if isinstance(known, Vocabulary) and known.has_numbers_of(column):
                    continue
                self._forget((path,))
                self._found[path,] = Vocabulary(column.dtype)

    def _forget(self, paths: tuple[Look, ...]) -> None:
        """Forget a numbering and those that are made of it."""
        for others in list(self._found):
            if others[: len(paths)] == paths or (len(paths) == 1 and paths[0] in others):
                del self._found[others]
