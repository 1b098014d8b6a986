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

    __slots__ = ("_about", "_count", "_seen")

    def __init__(self) -> None:
        self._about: dict[tuple[object, ...], dict[object, Any]] = {}
        self._count = 0
        self._seen: dict[int, list[Any]] = {}  # by the id of the columns: these, new, again

    def about(
        self, reads: Sequence[str], texts: Mapping[str, str], alike: Alike | None = None
    ) -> dict[object, Any]:
        """The answers about the texts of a line in some columns; ``alike`` is its own, where that
        is known for many lines at once. To be called with one tuple for the same columns."""
        seen = self._seen.get(id(reads))
        if seen is None:
            seen = self._seen[id(reads)] = [reads, 0, 0]  # so long as it is kept the id is its own
        if seen[1] > TRIED and seen[1] > seen[2]:
            return {}
        key: tuple[object, ...] = (id(reads),)
        key += tuple(map(texts.get, reads)) if alike is None else (alike(reads),)
        found = self._about.get(key)
        if found is None:
            seen[1] += 1
            found = self._about[key] = {}
            self.count()
        else:
            seen[2] += 1
        return found

    def count(self) -> None:
        """Count one answer more; where they are too many, forget them all."""
        self._count += 1
        if self._count > MOST_REMEMBERED:
            self._about, self._seen, self._count = {}, {}, 0
