"""Collecting the findings of all rule files, each with its line of text and a caret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from redflags.diagnostics import Collector, Diagnostic, Place, nearest
from redflags.rulebook.codes import CODES
from redflags.values.text import display

MOST_FINDINGS = 500
"""Findings that are kept of one file; a file with more is not one that a person wrote."""

_LONGEST_LINE = 160
_LONGEST_WORD = 60

# The line breaks of YAML, so that lines are counted as its marks count them.
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff]"
)


def quoted(text: str) -> str:
    """Text of a file made safe and short, for use inside a sentence."""
    line = display(text[: _LONGEST_WORD + 1]).strip()
    if len(text) > _LONGEST_WORD or len(line) > _LONGEST_WORD:
        line = line[: _LONGEST_WORD - 1] + "…"
    return f"`{line}`"


def or_list(words: Iterable[str]) -> str:
    """Words as an enumeration: ``a, b or c``."""
    members = list(words)
    return " or ".join([", ".join(members[:-1]), members[-1]] if len(members) > 1 else members)


def line_breaks() -> re.Pattern[str]:
    """What parts the lines of a rule file."""
    return _BREAK


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a character, both counted from 1."""
    line, start = 1, 0
    for found in _BREAK.finditer(text, 0, offset):
        line, start = line + 1, found.end()
    return line, offset - start + 1


class Findings:
    """The findings of one load, with the lines of every file read for it."""

    def __init__(self) -> None:
        self._collector = Collector()
        self._texts: dict[str, str] = {}
        self._lines: dict[str, list[str]] = {}
        self._counts: dict[str, int] = {}
        self._shown_at: set[tuple[str, Place | None, str]] = set()

    def add_text(self, file: str, text: str) -> None:
        """Keep the text of a file, from which findings show a line."""
        self._texts[file] = text

    def report(
        self, code: str, message: str, place: Place | None, width: int = 1, remedy: str = ""
    ) -> None:
        """Add one finding; the same at the same place is kept once."""
        key = (code, place, message)
        if key in self._shown_at:
            return
        self._shown_at.add(key)
        file = "" if place is None else place.file
        count = self._counts.get(file, 0) + 1
        self._counts[file] = count
        if count > MOST_FINDINGS:
            if count == MOST_FINDINGS + 1:
                more = CODES["RF199"]
                message = f"{file} has more than {MOST_FINDINGS} mistakes"
                self._collector.add(Diagnostic(more.code, message, None, more.remedy))
            return
        line = self.line_at(place)
        width = max(1, min(width, len(line) - place.column + 1)) if place and line else 1
        self._collector.add(
            Diagnostic(code, message, place, remedy or CODES[code].remedy, line, width)
        )

    def unknown_word(
        self,
        code: str,
        message: str,
        word: str,
        legal: Iterable[str],
        place: Place | None,
        width: int = 1,
        remedy: str = "",
        meant: str | None = None,
    ) -> None:
        """Add a finding about a word that is not one of the legal ones, naming the nearest, or
        the one that was ``meant``."""
        is_worth_it = len(word) <= _LONGEST_WORD and not self.is_full(place)
        close = meant or (nearest(word, legal) if is_worth_it else None)
        if close is not None and close != word:
            usual = remedy or CODES[code].remedy
            remedy = f"did you mean `{close}`? Otherwise {usual}"
        self.report(code, message, place, width, remedy)

    def sorted(self) -> list[Diagnostic]:
        """All findings by file, line and column."""
        return self._collector.sorted()

    @property
    def any_found(self) -> bool:
        """Whether there is any finding."""
        return bool(self._collector.found)

    def is_full(self, place: Place | None) -> bool:
        """Whether no more findings of this place's file are kept, and work on them is lost."""
        return place is not None and self._counts.get(place.file, 0) > MOST_FINDINGS

    @property
    def texts(self) -> Mapping[str, str]:
        """The text of every file read, by the file's name."""
        return self._texts

    def has_any_in(self, file: str) -> bool:
        """Whether there is a finding in a file."""
        return file in self._counts

    def line_at(self, place: Place | None) -> str:
        """The line of text at a place, made safe to show; empty where there is none."""
        if place is None or place.file not in self._texts:
            return ""
        lines = self._lines.get(place.file)
        if lines is None:
            lines = self._lines[place.file] = _BREAK.split(self._texts[place.file])
        if place.line > len(lines):
            return ""
        line = lines[place.line - 1]
        if len(line) > _LONGEST_LINE:
            if place.column > _LONGEST_LINE - 20:
                return ""
            line = line[: _LONGEST_LINE - 1] + "…"
        # One character for one, so that the caret stays under its place.
        return _UNSEEN.sub(lambda m: " " if m.group() == "\t" else "\ufffd", line)
