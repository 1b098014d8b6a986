"""The lines of a batch: their texts by number, and their plain amounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from redflags.engine.aspects import Look
from redflags.engine.numberings import Numbering, Numberings
from redflags.engine.plain_amounts import hundredths
from redflags.engine.reads import GOODS

if TYPE_CHECKING:
    import polars as pl


FEW_TEXTS = 1_000
"""Texts up to which a column is numbered for all lines of a batch at once."""

OTHERS_ASKED = 8
"""Lines are numbered with those that they were taken from where these are no more than so many
times as many."""


class Lines:
    """Some lines of a batch. Columns are numbered when they are first asked for, and then only on
    these lines."""

    def __init__(
        self,
        frame: pl.DataFrame,
        numberings: Numberings,
        rows: pl.Series | None = None,
        whole: Lines | None = None,
        places: pl.Series | None = None,
    ) -> None:
        self.frame = frame
        self.rows = rows
        self.height = frame.height if rows is None else len(rows)
        self.numberings = numberings
        self._whole = whole
        self._places = places
        self._goods: pl.Series | None = None
        self._kinds = 0
        self._numbers: dict[tuple[Look, ...], tuple[Numbering, pl.Series, int | None]] = {}
        self._amounts: dict[str, pl.Series] = {}
        self.keys: dict[tuple[str, str], pl.Series] = {}
        self.alike: dict[tuple[str, str], pl.Series] = {}
        self.doubtful: dict[tuple[str, ...], tuple[pl.Series | None, Lines]] = {}
        self._made: list[Lines] = [] if whole is None else whole._made
        self._made.append(self)

    def let_go(self) -> None:
        """Forget what was kept of these lines and of all that were taken from them: they name each
        other, and a batch that only the garbage collector finds stays in memory for long."""
        for one in self._made:
            one.doubtful.clear()
        self._made.clear()

    def anew(self) -> Lines:
        """The same lines with the numbers of their texts and their amounts, and nothing else that
        was worked out on them."""
        lines = Lines(self.frame, self.numberings, self.rows)
        lines._numbers = {
            reads: one
            for reads, one in self._numbers.items()
            if len(reads) == 1 and isinstance(reads[0], str)
        }
        lines._amounts = dict(self._amounts)
        return lines

    def part(self, places: pl.Series) -> Lines:
        """Some of these lines, by their places among them."""
        rows = places if self.rows is None else self.rows[places]
        part = Lines(self.frame, self.numberings, rows, self, places)
        part._kinds = self._kinds
        return part

    def set_goods(self, goods: pl.Series, kinds: int) -> None:
        """Tell the kind of goods of each line, and a number above those of all kinds."""
        self._goods, self._kinds = goods, kinds

    @property
    def goods(self) -> pl.Series:
        """The kind of goods on each line."""
        if self._goods is None:
            assert self._whole is not None
            assert self._places is not None
            self._goods = self._whole.goods[self._places]
        return self._goods

    def numbers(self, reads: tuple[str, ...], limit: int) -> pl.Series:
        """The number of the texts of some columns on each line (of the goods: of their kind). Of
        the combinations that have no number yet at most ``limit`` are given one; the others have
        zero."""
        if reads == (GOODS,):
            return self.goods
        if len(reads) == 1:
            return self.text_numbers(reads[0])
        pairs = self.numberings.of_columns(reads)
        known = self.known(reads, pairs, limit)
        if known is not None:
            return known
        left = self.numbers(reads[:-1], limit)
        right = self.numbers(reads[-1:], limit)
        counts = self.count(reads[:-1]), self.count(reads[-1:])
        # A combination of the others that has no number has none with this column either.
        above = 0 if len(reads) > 2 else -1
        found = pairs.numbers(left, right, counts, limit, (above, -1))
        return self.remember(reads, pairs, found, limit)

    def count(self, reads: tuple[str, ...]) -> int:
        """A number above those of all combinations of some columns."""
        if reads == (GOODS,):
            return self._kinds
        if len(reads) == 1:
            return self.numberings.of_column(reads[0]).count
        return self.numberings.of_columns(reads).count

    def amounts(self, path: str, decimal: str | None) -> pl.Series:
        """The plain amounts of a column with a decimal mark, in hundredths."""
        known = self._known_amounts(path)
        if known is None:
            known = self._amounts[path] = hundredths(self.column(path), decimal)
        return known

    def _known_amounts(self, path: str) -> pl.Series | None:
        """The amounts that these lines or those they were taken from have already."""
        known = self._amounts.get(path)
        if known is None and self._whole is not None:
            known = self._whole._known_amounts(path)
            if known is not None:
                assert self._places is not None
                known = self._amounts[path] = known[self._places]
        return known

    def seen(self, paths: tuple[str, str]) -> pl.Series | None:
        """Where two columns are written alike, if these lines or those they were taken from were
        looked at."""
        known = self.alike.get(paths)
        if known is None and self._whole is not None:
            known = self._whole.seen(paths)
            if known is not None:
                assert self._places is not None
                known = self.alike[paths] = known[self._places]
        return known

    def column(self, path: str) -> pl.Series:
        """The texts of a column."""
        return self.frame[path] if self.rows is None else self.frame[path][self.rows]

    def text_numbers(self, path: str) -> pl.Series:
        """The number of the text of a column on each line."""
        vocabulary = self.numberings.of_column(path)
        known = self.known((path,), vocabulary)
        if known is not None:
            return known
        if self._whole is not None and (
            vocabulary.has_few(FEW_TEXTS) or self._whole.height <= OTHERS_ASKED * self.height
        ):
            # Other lines will be asked for it, too: it is numbered once for all of them.
            assert self._places is not None
            known = self._whole.text_numbers(path)[self._places]
        else:
            known = vocabulary.numbers(self.column(path))
        return self.remember((path,), vocabulary, known)

    def remember(
        self,
        reads: tuple[Look, ...],
        numbering: Numbering,
        numbers: pl.Series,
        limit: int | None = None,
    ) -> pl.Series:
        """Keep numbers, for :meth:`known`. With a ``limit`` at most so many texts, or combinations,
        were looked at anew, and zero stands where that was too few."""
        self._numbers[reads] = numbering, numbers, limit
        return numbers

    def texts_at(self, paths: Sequence[str], places: pl.Series) -> list[tuple[str, ...]]:
        """The texts of some columns on some lines."""
        import polars as pl

        rows = places if self.rows is None else self.rows[places]
        columns = [self.frame[path][rows].cast(pl.String).fill_null("").to_list() for path in paths]
        return list(zip(*columns, strict=True)) if columns else [()] * len(rows)

    def known(
        self, reads: tuple[Look, ...], numbering: Numbering, limit: int = 0
    ) -> pl.Series | None:
        """The numbers that these lines or those they were taken from have already; none where a
        ``limit`` higher than theirs may tell more of them."""
        found = self._numbers.get(reads)
        if found is not None and found[0] is numbering:
            _, numbers, within = found
            if within is None or limit <= within or not len(numbers) or numbers.min() != 0:
                return numbers
        known = None if self._whole is None else self._whole.known(reads, numbering, limit)
        if known is None:
            return None
        assert self._places is not None
        return self.remember(reads, numbering, known[self._places], limit)
