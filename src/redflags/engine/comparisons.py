"""Fields compared with one another, for whole columns at once.

Each text is understood once, and what is compared is a number for its meaning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from redflags.engine.batch import Lines
from redflags.engine.columns import same as same_value
from redflags.engine.numberings import MOST_REMEMBERED, Numberings, Vocabulary
from redflags.model.fields import field_table
from redflags.model.notation import Notation, Notations
from redflags.model.record import record_of_texts
from redflags.rulebook.operators import comparison_key
from redflags.rulebook.tree import Test

if TYPE_CHECKING:
    import polars as pl

NOT_READ = -1
"""In place of a number for what a text is compared by: the text was not read yet."""


class Comparisons:
    """What the texts of columns are compared by, for fields that rest on their own texts alone."""

    def __init__(self, numberings: Numberings, notation: Notation | Notations) -> None:
        self._numberings = numberings
        self._notation = notation
        self._keys: dict[tuple[str, str], tuple[Vocabulary, pl.Series]] = {}
        self._key_numbers: dict[tuple[str, object], int] = {}

    def begin(self) -> None:
        """Before a batch: forget what is remembered of too many texts."""
        if len(self._key_numbers) > MOST_REMEMBERED:
            self._key_numbers.clear()
            self._keys.clear()

    def verdicts(self, test: Test, lines: Lines) -> pl.Series:
        """The verdict of a comparison on each line; null where it is unknown."""
        import polars as pl

        kind = field_table()[test.field].kind.name
        mine, *theirs = (
            self._key_column(path, kind, lines) for path in (test.field, *test.operand)
        )
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
        return same if test.operator == "same_as" else ~same

    def unread(self, test: Test, lines: Lines) -> int:
        """How many texts there are to be read before a comparison has its verdicts."""
        kind, count = field_table()[test.field].kind.name, 0
        for path in (test.field, *test.operand):
            if (path, kind) not in lines.keys:
                numbers, keys = lines.text_numbers(path), self._known_keys(path, kind, lines)
                found = keys[numbers]
                if len(found) and found.min() == NOT_READ:
                    count = max(count, numbers.filter(found == NOT_READ).n_unique())
        return count

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
