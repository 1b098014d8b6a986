"""What was said of the texts of order lines, for lines on which they come again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Alike = Callable[[Sequence[str]], int]
"""Gives a number for the texts of a line in some columns, the same for all lines of a run that have
the same texts there."""

MOST_REMEMBERED = 60_000
"""Answers that a run remembers for texts that come again."""

TRIED = 100
"""Combinations of texts in some columns after which it is seen whether they come again."""


class Answers:
    """Answers about texts. At most :data:`MOST_REMEMBERED` are kept.

    An answer about some columns stands under the texts in them. Where the texts of these columns
    hardly ever come again (an amount, a firm that orders once) nothing is kept.
    """

    __slots__ = ("_columns", "_count")

    def __init__(self) -> None:
        self._columns: dict[int, _Columns] = {}
        self._count = 0

    def about(
        self, reads: Sequence[str], texts: Mapping[str, str], alike: Alike | None = None
    ) -> dict[object, Any]:
        """The answers about the texts of a line in some columns; ``alike`` is its own, where that
        is known for many lines at once. To be called with one tuple for the same columns."""
        columns = self._columns.get(id(reads))
        if columns is None:
            columns = self._columns[id(reads)] = _Columns(reads)
        if columns.new > TRIED and columns.new > columns.again:
            return {}
        key = tuple(map(texts.get, reads)) if alike is None else alike(reads)
        found = columns.about.get(key)
        if found is None:
            columns.new += 1
            found = columns.about[key] = {}
            self.count()
        else:
            columns.again += 1
        return found

    def count(self) -> None:
        """Count one answer more; where they are too many, forget them all."""
        self._count += 1
        if self._count > MOST_REMEMBERED:
            self._columns, self._count = {}, 0


class _Columns:
    """Some columns, which are kept so that nothing else has their id, with the answers about their
    texts, and how many of these were new and how many came again."""

    __slots__ = ("about", "again", "new", "reads")

    def __init__(self, reads: Sequence[str]) -> None:
        self.reads = reads
        self.about: dict[object, dict[object, Any]] = {}
        self.new = 0
        self.again = 0
