"""How numbers and dates are written where a text leaves it open: by setting, or by column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Notation:
    """What a setting or a whole column says about texts whose notation is open.

    ``minus_is_open``: negative quantities are so many in the column that a minus may mark goods
    that leave the store rather than goods that come back.
    """

    decimal: str | None = None
    day_first: bool | None = None
    minus_is_open: bool = False

    def of(self, path: str) -> Notation:
        """The notation of a field: the same for all of them."""
        return self


AS_WRITTEN = Notation()


@dataclass(frozen=True, slots=True)
class Notations:
    """The notation of each field of one input: its own, or else ``default``."""

    default: Notation = AS_WRITTEN
    fields: Mapping[str, Notation] = field(default_factory=dict)

    def of(self, path: str) -> Notation:
        """The notation of a field."""
        return self.fields.get(path, self.default)
