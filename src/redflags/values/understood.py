"""What a parser returns: the text as written, its value, and how the one became the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Understood:
    """One value of an order.

    ``value`` is None when the value is unknown; then ``why`` says why in words that complete the
    sentence "... is unknown: ...", and ``needs`` names the fields that would settle it (empty: the
    field itself). ``how`` says how the text was understood where that is not obvious, ``assumed``
    what was taken for granted. ``partial`` is set on a set of which some elements could not be
    read: an element not found in it may still be there. ``detail`` carries structured evidence.
    """

    written: str = ""
    value: Any = None
    why: str = ""
    how: str = ""
    assumed: str = ""
    needs: tuple[str, ...] = ()
    partial: str = ""
    detail: Any = None

    @property
    def is_known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    @property
    def is_blank(self) -> bool:
        """Whether the field was given and says nothing: empty, or a placeholder such as “n/a”."""
        return self.value is None and self.why == NOT_STATED

    @property
    def is_stated(self) -> bool:
        """Whether the field was given and says something, understood or not."""
        return self is not ABSENT and not self.is_blank


def unknown(written: str, why: str, *needs: str) -> Understood:
    """An unknown value: what was written, why it says nothing, and what would settle it."""
    return Understood(written=written, why=why, needs=needs)


ABSENT = Understood(why="the input has no such field")
"""The field was not given at all: the file has no such column."""

NOT_STATED = "not stated"

BLANK = Understood(why=NOT_STATED)
"""The field was given and left empty."""
