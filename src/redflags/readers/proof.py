"""Proving that a block of CSV text is so regular that a fast reader reads it as the strict one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from redflags.readers.csv_rows import LONGEST_CELL

_ODD_QUOTE: Final = "a quote inside a cell, or a quoted cell over several lines"
_TOLD: Final = b'\n\r"\0\x1a'


@lru_cache(maxsize=64)
def _silent(delimiter: bytes) -> bytes:
    """Every byte that says nothing about how a text falls into lines and cells."""
    return bytes(set(range(256)) - set(_TOLD + delimiter))


@lru_cache(maxsize=64)
def _quoted_cell(delimiter: bytes) -> re.Pattern[bytes]:
    """A quoted cell within one line: from the start of a cell to the end of a cell, every quote
    inside doubled. Each step is possessive, so that nothing is tried twice."""
    edge = re.escape(delimiter)
    # The quote stands first in the pattern, so that the search leaps from quote to quote.
    return re.compile(rb'"(?<![^\n%s]")[^"\r\n]*+(?:""[^"\r\n]*+)*+"(?=[\r\n%s])' % (edge, edge))


def why_irregular(block: bytes, delimiter: str, width: int) -> str:
    """Why a block of UTF-8 text is not proven regular; empty if it is.

    ``block`` ends with a line end and begins where a row begins. It is regular if every line
    falls alone into exactly ``width`` cells, all line ends are the same, a quote stands only where
    it encloses a whole cell or is doubled within one, and no byte could mean different things to
    different readers. What remains of such a block when all other bytes are left out is the same
    few bytes for each line, and that is one comparison. Where no cell has quotes it is left to the
    caller that no cell of the last column holds a return: to look for it in the bytes would cost
    as much as the rest of the proof.
    """
    separator = delimiter.encode()
    unit = separator * (width - 1)
    marks = block.translate(None, _silent(separator))
    if _repeats(marks, unit + b"\n") or _repeats(marks, unit + b"\r\n"):
        return _longest(block)
    if b"\0" in marks:
        return "a NUL character"
    if b"\x1a" in marks:
        return "an end-of-file mark"
    if b'"' in marks:
        if marks.count(b'"') % 2:
            return _ODD_QUOTE
        bare = _quoted_cell(separator).sub(b"", block)
        if b'"' in bare:
            return _ODD_QUOTE
        marks = bare.translate(None, _silent(separator))
        if _repeats(marks, unit + b"\n") or _repeats_with_returns(marks, unit, bare):
            return _longest(block)
    if b"\r" in marks and block.count(b"\r\n") != marks.count(b"\r"):
        return "a carriage return that is no line end"
    if b"\r" in marks and marks.count(b"\r") != marks.count(b"\n"):
        return "different line ends"
    return f"a line that has not {width} cells"


def has_quotes(block: bytes) -> bool:
    """Whether the reader has to look for quoted cells in a regular block."""
    return b'"' in block


def can_be_proven(delimiter: str, width: int) -> bool:
    """Whether blocks of this shape can be proven at all: with one column a blank row and an empty
    cell look alike, and the fast reader takes one mark of ASCII as the delimiter."""
    is_mark = len(delimiter) == 1 and delimiter.isascii() and not delimiter.isalnum()
    return is_mark and delimiter not in ' \n\v\f\r"\0\x1a' and width > 1


def _repeats(marks: bytes, unit: bytes) -> bool:
    times, rest = divmod(len(marks), len(unit))
    return not rest and marks == unit * times


def _repeats_with_returns(marks: bytes, unit: bytes, block: bytes) -> bool:
    """Whether each line ends with a return and a line feed, nothing being between the two."""
    line = unit + b"\r\n"
    return _repeats(marks, line) and block.count(b"\r\n") * len(line) == len(marks)


def _longest(block: bytes) -> str:
    """A line that might hold a cell too long for the strict reader is left to it."""
    position = 0
    while len(block) - position > LONGEST_CELL:
        end = block.rfind(b"\n", position, position + LONGEST_CELL)
        if end < 0:
            return f"a line longer than {LONGEST_CELL} bytes"
        position = end + 1
    return ""
