"""How numbers and dates are written where a text leaves it open: by setting, or by column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Notation:
    """What a setting or a whole column says about texts whose notation is open.

    ``minus_is_open``: negative quantities are so many in the column that a minus may mark goods
    that leave the store rather than goods that come back. ``latest_day`` is the last day that a
    year of two digits can mean; without it such a year is unknown. ``counts_days``: a bare number
    is that of a day, 1 being 1 January 1900; None where the input is a sheet that counts so, and
    nothing is settled yet.
    """

    decimal: str | None = None
    day_first: bool | None = None
    minus_is_open: bool = False
    latest_day: date | None = None
    counts_days: bool | None = False

    def as_of(self, day: date | None) -> Notation:
        """The same for a file that is read on a day: no date in it is more than a year later."""
        if day is None or self.latest_day is not None or day > date(9990, 1, 1):
            return self
        return replace(self, latest_day=day + timedelta(366))

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
