"""The text of rows that could not be read, kept so that a person can mend them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

LONGEST_KEPT: Final = 32_000
"""Characters that are kept of one row: what a cell of a spreadsheet holds."""

MOST_KEPT: Final = 64_000_000
"""Characters that are kept of one source; of further rows there are only place and reason."""

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class OwnTexts:
    """Keeps the texts of the rows of one source, in bounded memory."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._left = most

    def keep(self, text: str) -> str:
        """The text without its line end; what cannot stand in a text file is escaped. Empty once
        the source has no room left."""
        if self._left <= 0:
            return ""
        kept = text.rstrip("\r\n")
        kept = f"{kept[:LONGEST_KEPT]}…" if len(kept) > LONGEST_KEPT else kept
        kept = _UNFIT.sub(_escaped, kept)
        self._left -= len(kept)
        return kept

    def keep_cells(self, cells: Sequence[str]) -> str:
        """The cells of a row that has no text of its own, with tabs between them."""
        return self.keep("\t".join(" ".join(cell[:LONGEST_KEPT].split()) for cell in cells))


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    # A byte that is not of the encoding was read as a half character of its own.
    code = code - 0xDC00 if 0xDC80 <= code <= 0xDCFF else code
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
