"""What can stand between cells: the delimiters that are tried, and those that a user states."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from redflags.errors import ConfigurationError

DELIMITERS: Final = (",", ";", "\t", "|")
"""The usual delimiters, the first winning a tie."""

LONGEST: Final = 10
"""Characters of the longest delimiter."""

_NAMED: Final = {"\\t": "\t", "tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_CODE = re.compile(r"(?:\\x|\\u00|0x)([0-9a-fA-F]{2})")

_IN_NAMES: Final = frozenset("_.-'()\"\\ \r\n\0\x1a")
"""What stands inside names and values so often that it is no delimiter unless a user says so."""

_SPACES: Final = frozenset("\v\f\x85\u00a0\u2002\u2003\u2009\u200a\u2028\u2029\u202f\u3000\ufeff")

_RUN = re.compile(r"[^\w\s\"'.()\-\\\0\x1a]{2,40}")
_UNIT = re.compile(r"(.{2,10}?)\1*", re.DOTALL)


def stated_delimiter(delimiter: str | None) -> str | None:
    """The delimiter that a user means by ``tab``, ``\\t`` or ``0x1F``, or any other as it stands,
    of one character or several.

    Raises :class:`ConfigurationError` if it cannot separate cells.
    """
    if delimiter is None:
        return None
    delimiter = _NAMED.get(delimiter, delimiter)
    code = _CODE.fullmatch(delimiter)
    if code is not None:
        delimiter = chr(int(code[1], 16))
    if not 1 <= len(delimiter) <= LONGEST or set(delimiter) & set('"\r\n\0\x1a'):
        raise ConfigurationError(
            f"a delimiter is one character such as , ; | or tab, or a few such as ||, not "
            f"{delimiter[:20]!r}"
        )
    if "\ud800" <= max(delimiter) <= "\udfff":
        raise ConfigurationError("the delimiter is no text")
    return delimiter


def announced_delimiter(line: str) -> str | None:
    """The delimiter of a first line such as ``sep=;``, which spreadsheets write."""
    text = line.strip("\r\n ").strip('"')
    if not 5 <= len(text) <= 8 or not text.lower().startswith("sep="):
        return None
    mark = text[4:]
    is_mark = not any(one.isalnum() or one in '" \\' for one in mark)
    return mark if is_mark and mark.isprintable() | (mark == "\t") else None


def plausible_delimiters(lines: Sequence[str]) -> list[str]:
    """The delimiters that some first lines allow, the likeliest first: the usual ones, then
    several characters that always stand together, then any other single one that is no part of
    words."""
    runs: Counter[str] = Counter()
    singles: Counter[str] = Counter()
    for line in lines:
        found = {_unit(run) for run in _RUN.findall(line)}
        found |= {one + " " for one in DELIMITERS if one + " " in line}
        runs.update(found)
        singles.update(
            one
            for one in set(line)
            if not one.isalnum() and one not in _IN_NAMES and one not in DELIMITERS
        )
    enough = min(len(lines), 2)
    several = [run for run, count in runs.most_common(8) if count >= enough]
    others = [
        one
        for one, count in singles.most_common(8)
        if count >= enough and one not in _SPACES and not "\ud800" <= one <= "\udfff"
    ]
    return list(dict.fromkeys([*DELIMITERS, *several, *others]))


def _unit(run: str) -> str:
    """The shortest text that a run of marks repeats: ``|~|`` of ``|~||~|``."""
    found = _UNIT.fullmatch(run)
    return found[1] if found is not None else run[:LONGEST]
