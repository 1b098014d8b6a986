"""The errors that this project raises. They carry data; putting words around it is the caller's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redflags.diagnostics import Diagnostic


class RedflagsError(Exception):
    """Base of every error raised on purpose. ``str()`` of it is fit for a user to read."""


class ConfigurationError(RedflagsError):
    """A setting, a flag or a file of settings that cannot be used (exit code 2)."""


class RuleBookError(RedflagsError):
    """Rule files that cannot be used (exit code 2), with every mistake found in all of them."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        count = len(self.diagnostics)
        noun = "mistake" if count == 1 else "mistakes"
        first = "no detail"
        if self.diagnostics:
            one = self.diagnostics[0]
            first = one.message if one.place is None else f"{one.place}: {one.message}"
        super().__init__(f"{count} {noun} in the rule files; the first: {first}")


class InputError(RedflagsError):
    """An input that cannot be read at all (exit code 3).

    ``source`` is the path as the user gave it; ``row`` counts as a spreadsheet does, the header
    being row 1; ``column`` is a header.
    """

    def __init__(
        self,
        source: str,
        message: str,
        *,
        remedy: str = "",
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        self.source = source
        self.message = message
        self.remedy = remedy
        self.row = row
        self.column = column
        place = source
        if row is not None:
            place += f", row {row}"
        if column is not None:
            place += f", column {column}"
        super().__init__(f"{place}: {message}" + (f"; {remedy}" if remedy else ""))


class OrderNotFoundError(RedflagsError):
    """No order of that number stands in the input (exit code 2)."""

    def __init__(self, order_id: str, source: str) -> None:
        self.order_id = order_id
        self.source = source
        super().__init__(f"there is no order {order_id!r} in {source}")


class OrderLinesError(RedflagsError, ValueError):
    """Lines that are not those of one order: none, or those of several."""


class CaseNotFoundError(RedflagsError):
    """No case of that id, or none with that order, came of the input (exit code 2)."""
