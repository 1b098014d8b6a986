"""Cells that are given but were not understood: how many, the first ones, the commonest texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from redflags.model.results import Misread, MisreadColumn

KEPT: Final = 1_000
"""Cells that are kept with their place; beyond that they are counted."""

_EXAMPLES: Final = 3
_MOST_TEXTS: Final = 10_000
"""Different texts of a column that are told apart; further ones are counted."""


@dataclass(slots=True)
class MisreadCells:
    """Cells that are given but were not understood."""

    first: list[Misread] = field(default_factory=list)
    count: int = 0
    _columns: dict[str, Counter[str]] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)

    def add(self, cell: Misread) -> None:
        """Count a cell, and keep it if it is one of the first."""
        self.count += 1
        self._counts[cell.column] += 1
        texts = self._columns.setdefault(cell.column, Counter())
        if cell.written in texts or len(texts) < _MOST_TEXTS:
            texts[cell.written] += 1
        if len(self.first) < KEPT:
            self.first.append(cell)

    @property
    def wants_places(self) -> bool:
        """Whether further cells are kept with their place, and not only counted."""
        return len(self.first) < KEPT

    def count_texts(self, column: str, texts: Iterable[tuple[str, int]]) -> None:
        """Count cells of a column by their texts, in the order of the first row of each; of
        :attr:`first` the caller takes care."""
        known = self._columns.setdefault(column, Counter())
        for written, count in texts:
            self.count += count
            self._counts[column] += count
            if written in known or len(known) < _MOST_TEXTS:
                known[written] += count

    def add_all(self, other: MisreadCells) -> None:
        """Add the cells of another input."""
        self.first += other.first[: KEPT - len(self.first)]
        self.count += other.count
        self._counts.update(other._counts)
        for column, texts in other._columns.items():
            self._columns.setdefault(column, Counter()).update(texts)

    def columns(self) -> tuple[MisreadColumn, ...]:
        """Each column with its number of such cells and the commonest texts, most cells first."""
        ranked = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        return tuple(
            MisreadColumn(column=column, cells=count, examples=_commonest(self._columns[column]))
            for column, count in ranked
        )


def _commonest(texts: Counter[str]) -> tuple[str, ...]:
    ranked = sorted(texts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(text[:200] for text, _ in ranked[:_EXAMPLES])
