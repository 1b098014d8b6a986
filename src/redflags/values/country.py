"""Countries and their regions: ISO 3166 codes from codes and names in any language."""

from __future__ import annotations

from collections.abc import Iterable


class CountryTable:
    """Countries by code and by name.

    Each row is (alpha-2, alpha-3, numeric, names, other codes). The first name is the one shown.
    A name that stands in the rows of two countries is ambiguous, and is reported as such.
    """

    def __init__(
        self, rows: Iterable[tuple[str, str, str, Iterable[str], Iterable[str]]]
    ) -> None:
        self.rows = tuple(rows)
