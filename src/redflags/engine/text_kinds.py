"""The lines of a batch by the kinds of their texts: those that tests tell apart.

The kinds of one aspect are found out once for each text, or combination of texts, and stand in a
column by its number; those of several aspects are numbered together as they occur.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING

from redflags.engine.aspects import GIVEN, SAME_NAME, Aspect, Look
from redflags.engine.batch import Lines
from redflags.engine.columns import same
from redflags.engine.comparisons import Comparisons
from redflags.engine.numberings import Numbering, Numberings, Sorts, few_of
from redflags.engine.reads import GOODS
from redflags.model.fields import field_table
from redflags.model.plain_names import are_plain_names
from redflags.model.record import Record

if TYPE_CHECKING:
    import polars as pl


class TextKinds:
    """The numbers of kinds of texts, for the groups of one engine."""

    def __init__(
        self,
        numberings: Numberings,
        comparisons: Comparisons,
        record_of: Callable[[Mapping[str, str]], Record],
    ) -> None:
        self._numberings = numberings
        self._comparisons = comparisons
        self._record_of = record_of

    def numbering(self, looks: tuple[Look, ...]) -> Numbering | None:
        """What the numbers of these kinds come from; none for the kinds of goods, and where no
        column is looked at."""
        if not looks:
            return None
        if len(looks) > 1:
            return self._numberings.of_columns(looks)
        look = looks[0]
        if look == GOODS:
            return None
        if isinstance(look, Aspect):
            return self._numberings.of_aspect(look)
        return self._numberings.of_column(look)

    def numbers(self, looks: tuple[Look, ...], lines: Lines, limit: int) -> pl.Series:
        """The number of the kinds on each line. At most ``limit`` texts, and combinations of kinds,
        are looked at anew; where that is too few the number is zero, which is no other's but of
        the whole text of one column. Where no column is looked at it is zero."""
        import polars as pl

        if not looks:
            return same(0, lines.height, pl.UInt32)
        if len(looks) == 1:
            if isinstance(looks[0], Aspect):
                return self._sorts(looks[0], lines, limit)
            return lines.numbers((looks[0],), limit)
        pairs = self._numberings.of_columns(looks)
        known = lines.known(looks, pairs, limit)
        if known is not None:
            return known
        left = self.numbers(looks[:-1], lines, limit)
        right = self.numbers(looks[-1:], lines, limit)
        counts = self.count(looks[:-1], lines), self.count(looks[-1:], lines)
        above = _above(looks[:-1]), _above(looks[-1:])
        found = pairs.numbers(left, right, counts, limit, above)
        return lines.remember(looks, pairs, found, limit)

    def count(self, looks: tuple[Look, ...], lines: Lines) -> int:
        """A number above those of all kinds."""
        if not looks:
            return 1
        numbering = self.numbering(looks)
        return lines.count((GOODS,)) if numbering is None else numbering.count

    def _sorts(self, aspect: Aspect, lines: Lines, limit: int) -> pl.Series:
        """The sort of the texts on each line that an aspect tells apart."""
        sorts = self._numberings.of_aspect(aspect)
        known = lines.known((aspect,), sorts, limit)
        if known is not None:
            return known
        if aspect.part == SAME_NAME:
            found = self._same_names(aspect, sorts, lines, limit)
        else:
            found = self._told(aspect, sorts, lines, limit)
        return lines.remember((aspect,), sorts, found, limit)

    def _told(self, aspect: Aspect, sorts: Sorts, lines: Lines, limit: int) -> pl.Series:
        numbers = lines.numbers(aspect.columns, limit)
        base, count = self.numbering(aspect.columns), lines.count(aspect.columns)
        found = sorts.of(numbers, base, count)
        if len(found) == 0 or found.min() != 0:
            return found
        if aspect.part == GIVEN and field_table()[aspect.field].kind.name == "name":
            self._take_plain_names(aspect, sorts, numbers.filter(found == 0))
            found = sorts.of(numbers, base, count)
        new = numbers.filter(found == 0)
        if len(aspect.columns) > 1:
            new = new.filter(new != 0)
        new = few_of(new, limit)
        if len(new):
            texts = self._numberings.texts(aspect.columns, new)
            sorts.add(new, [self._tell(aspect, one) for one in texts])
        return sorts.of(numbers, base, count)

    def _take_plain_names(self, aspect: Aspect, sorts: Sorts, new: pl.Series) -> None:
        """Of some texts tell those that can be seen to name somebody."""
        new = new.unique(maintain_order=True)
        named = new.filter(
            are_plain_names(self._numberings.of_column(aspect.columns[0]).column(new))
        )
        sorts.add(named, [NAMED] * len(named))

    def _tell(self, aspect: Aspect, texts: tuple[object, ...]) -> Hashable:
        cells = {path: str(text) for path, text in zip(aspect.columns, texts, strict=True)}
        return aspect.tell(self._record_of(cells))

    def _same_names(self, aspect: Aspect, sorts: Sorts, lines: Lines, limit: int) -> pl.Series:
        """Whether two columns hold one name: unknown, no or yes; a key without letters is no
        name."""
        import polars as pl

        sorts.name(_SAME)
        if self._comparisons.unread(aspect.columns, lines) > limit:
            return same(0, lines.height, pl.UInt32)
        return self._comparisons.same_names(aspect.columns, lines)


NAMED: Hashable = (False, False, False)
"""What :data:`~redflags.engine.aspects.GIVEN` tells of a text that names somebody."""

_SAME = ("unknown", "other", "same", "no letters")


def is_of_kinds(looks: tuple[Look, ...]) -> bool:
    """Whether zero is the number of what was not looked at."""
    return len(looks) > 1 or (len(looks) == 1 and isinstance(looks[0], Aspect))


def columns_of(look: Look) -> tuple[str, ...]:
    """The columns that something is taken from."""
    return look.columns if isinstance(look, Aspect) else (look,)


def firsts_of(numbers: pl.Series, places: pl.Series, limit: int) -> pl.Series:
    """Of these places the first of each number. Of more than ``limit`` so many, if each comes
    twice or more: those that do not come back are not worth remembering."""
    firsts = places[numbers[places].arg_unique()]
    if len(firsts) <= limit:
        return firsts
    return firsts.head(limit if len(places) >= 2 * len(firsts) else 0)


def _above(looks: tuple[Look, ...]) -> int:
    """The number that stands for what was not looked at; below all others where every number is
    a text or a kind."""
    return 0 if is_of_kinds(looks) else -1
