"""Columns on the way to their fields, and what is settled of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from redflags.intake.recognition import Meaning


@dataclass(slots=True, eq=False)
class Column:
    """One column on the way to its field.

    ``behind`` is one whose cells are joined to its own; or, if it is ``alone``, stand in where its
    own say nothing.
    """

    position: int
    name: str
    meanings: list[Meaning]
    texts: Sequence[str] = ()
    field: str | None = None
    reason: str = ""
    candidates: tuple[str, ...] = ()
    unit: str = ""
    date_format: str = ""
    is_open: bool = False
    behind: Column | None = None
    alone: bool = False

    @property
    def only(self) -> Meaning | None:
        """Its meaning, if it has one only."""
        return self.meanings[0] if len(self.meanings) == 1 else None

    def chain(self) -> tuple[Column, ...]:
        """The columns of which the text of its field comes, itself first."""
        return (self, *(self.behind.chain() if self.behind is not None else ()))

    def drop(self, reason: str, candidates: Iterable[str] = (), *, is_open: bool = False) -> None:
        """Settle that it is no field; ``is_open`` if that is for want of knowing which."""
        self.reason, self.candidates, self.is_open = reason, tuple(candidates), is_open
        self.meanings = []


@dataclass(slots=True)
class Resolution:
    """All columns of a file, and the fields that are taken already.

    ``settled`` are the columns whose fields were settled before, by a mapping or their own names.
    """

    columns: list[Column]
    taken: dict[str, str] = field(default_factory=dict)
    settled: Sequence[Column] = ()

    def waiting(self) -> list[Column]:
        """The columns that still have a meaning."""
        return [column for column in self.columns if column.meanings]
