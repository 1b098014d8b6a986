"""Fields compared with one another, for whole columns at once.

Each text is understood once, and what is compared is a number for its meaning. Names that are
written alike are the same unread, where they can be seen to be names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from redflags.engine.batch import Lines
from redflags.engine.columns import same as same_value
from redflags.engine.columns import where
from redflags.engine.numberings import MOST_REMEMBERED, Numberings, Vocabulary
from redflags.model.fields import field_table
from redflags.model.notation import Notation, Notations
from redflags.model.plain_names import are_plain_names
from redflags.model.record import record_of_texts
from redflags.rulebook.operators import comparison_key
from redflags.rulebook.tree import Test

if TYPE_CHECKING:
    import polars as pl

NOT_READ = -1
"""In place of a number for what a text is compared by: the text was not read yet."""

_UNSEEN = 2
"""Of a text nobody has looked yet whether it is plainly a name."""


class Comparisons:
    """What the texts of columns are compared by, for fields that rest on their own texts alone."""

    def __init__(self, numberings: Numberings, notation: Notation | Notations) -> None:
        self._numberings = numberings
        self._notation = notation
        self._keys: dict[tuple[str, str], tuple[Vocabulary, pl.Series]] = {}
        self._key_numbers: dict[tuple[str, object], int] = {}
        self._plain: dict[str, tuple[Vocabulary, pl.Series]] = {}

    def begin(self) -> None:
        """Before a batch: forget what is remembered of too many texts."""
        if len(self._key_numbers) > MOST_REMEMBERED:
            self._key_numbers.clear()
            self._keys.clear()

    def verdicts(self, test: Test, lines: Lines) -> pl.Series:
        """The verdict of a comparison on each line; null where it is unknown."""
        import polars as pl

        paths = (test.field, *test.operand)
        places, part = self._doubtful(paths, lines)
        found = self._by_keys(paths, part)
        if places is not None:
            found = same_value(True, lines.height, pl.Boolean).scatter(places, found)
        return found if test.operator == "same_as" else ~found

    def same_names(self, paths: tuple[str, ...], lines: Lines) -> pl.Series:
        """Whether two columns hold one name on each line, by number: it is unknown (1), they do
        not (2), they do (3), or they do and the name has no letters (4)."""
        import polars as pl

        places, part = self._doubtful(paths, lines)
        found = self._by_keys(paths, part).cast(pl.UInt32) + 2
        bare = self._key_numbers.get(("name", ""))
        if bare is not None:
            is_bare = (self._key_column(paths[0], "name", part) == bare) & (found == 3)
            found = (found + 1).zip_with(is_bare.fill_null(False), found)
        found = found.fill_null(1)
        if places is not None:
            found = same_value(3, lines.height, pl.UInt32).scatter(places, found)
        return found

    def unread(self, paths: tuple[str, ...], lines: Lines) -> int:
        """How many texts there are to be read before these columns can be compared."""
        kind, count = field_table()[paths[0]].kind.name, 0
        _, lines = self._doubtful(paths, lines)
        for path in paths:
            if (path, kind) not in lines.keys:
                numbers, keys = lines.text_numbers(path), self._known_keys(path, kind, lines)
                found = keys[numbers]
                if len(found) and found.min() == NOT_READ:
                    count = max(count, numbers.filter(found == NOT_READ).n_unique())
        return count

    def _by_keys(self, paths: tuple[str, ...], lines: Lines) -> pl.Series:
        """Whether the first column holds the same as one of the others; null where it is
        unknown."""
        import polars as pl

        kind = field_table()[paths[0]].kind.name
        mine, *theirs = (self._key_column(path, kind, lines) for path in paths)
        same = mine == theirs[0]
        for other in theirs[1:]:
            # Of the other fields those that are known count, and one at least must be.
            one = mine == other
            if not same.has_nulls() and not one.has_nulls():
                same = same | one
                continue
            same = (same | one).zip_with(
                same.is_not_null() & one.is_not_null(),
                pl.select(pl.coalesce(same, one)).to_series(),
            )
        return same

    def _doubtful(self, paths: tuple[str, ...], lines: Lines) -> tuple[pl.Series | None, Lines]:
        """The lines on which columns may hold different things, and their places: names that are
        written alike need not be read. No places where that is all lines."""
        if field_table()[paths[0]].kind.name != "name":
            return None, lines
        known = lines.doubtful.get(paths)
        if known is None:
            places = where(~self._alike(paths, lines))
            is_all = len(places) == lines.height
            known = (None, lines) if is_all else (places, lines.part(places))
            lines.doubtful[paths] = known
        return known

    def _alike(self, paths: tuple[str, ...], lines: Lines) -> pl.Series:
        """On which lines the first column is written as one of the others, and is a name."""
        import polars as pl

        found: pl.Series | None = None
        for other in paths[1:]:
            first, second = sorted((paths[0], other))
            one = lines.seen((first, second))
            if one is None:
                mine, theirs = (lines.column(path).cast(pl.String) for path in (first, second))
                one = (mine == theirs).fill_null(False)
                if one.any():
                    one &= self._are_plain(first, lines)
                lines.alike[first, second] = one
            found = one if found is None else found | one
        assert found is not None
        return found

    def _are_plain(self, path: str, lines: Lines) -> pl.Series:
        """On which lines the text of a column is a name beyond doubt."""
        import polars as pl

        numbers = lines.text_numbers(path)
        vocabulary = self._numberings.of_column(path)
        known = self._plain.get(path)
        marks = known[1] if known is not None and known[0] is vocabulary else None
        if marks is None:
            marks = pl.Series([], dtype=pl.UInt8)
        missing = vocabulary.count - len(marks)
        if missing > 0:
            marks.extend(same_value(_UNSEEN, missing, pl.UInt8))
        found = marks[numbers]
        if len(found) and found.max() == _UNSEEN:
            new = numbers.filter(found == _UNSEEN).unique(maintain_order=True)
            plain = are_plain_names(vocabulary.column(new))
            marks = marks.scatter(new, plain.cast(pl.UInt8))
            found = marks[numbers]
        self._plain[path] = vocabulary, marks
        return found == 1

    def _known_keys(self, path: str, kind: str, lines: Lines) -> pl.Series:
        """What the texts of a column are compared by, by their numbers."""
        import polars as pl

        lines.text_numbers(path)
        vocabulary = self._numberings.of_column(path)
        known = self._keys.get((path, kind))
        keys = known[1] if known is not None and known[0] is vocabulary else None
        if keys is None:
            keys = pl.Series([], dtype=pl.Int64)
        missing = vocabulary.count - len(keys)
        if missing > 0:
            keys.extend(same_value(NOT_READ, missing, pl.Int64))
        self._keys[path, kind] = vocabulary, keys
        return keys

    def _key_column(self, path: str, kind: str, lines: Lines) -> pl.Series:
        """For each line a number for what its text is compared by; null where it is not
        understood."""
        import polars as pl

        if (path, kind) in lines.keys:
            return lines.keys[path, kind]
        numbers, keys = lines.text_numbers(path), self._known_keys(path, kind, lines)
        vocabulary = self._numberings.of_column(path)
        found = keys[numbers]
        if len(found) and found.min() == NOT_READ:
            new = numbers.filter(found == NOT_READ).unique(maintain_order=True)
            told = [self._key(path, kind, text) for text in vocabulary.texts(new)]
            keys = keys.scatter(new, pl.Series(told, dtype=pl.Int64))
            found = keys[numbers]
        self._keys[path, kind] = vocabulary, keys
        lines.keys[path, kind] = found
        return found

    def _key(self, path: str, kind: str, text: str) -> int | None:
        """A number for what a text is compared by; none where it is not understood."""
        value = record_of_texts([(path, text)], self._notation)[path].value
        if value is None:
            return None
        key = comparison_key(field_table()[path].kind)(value)
        return self._key_numbers.setdefault((kind, key), len(self._key_numbers))
