"""Words that stand in a cell and give no value: ``n/a``, ``Date Not Captured``, ``See DN-304``."""

from __future__ import annotations

import re
from functools import cache

from redflags.reference.tables import read_rows
from redflags.values.text import fold
from redflags.values.understood import NOT_STATED

ELSEWHERE = "it refers to another document"
"""Why a text such as “see DN-304” says nothing."""

_LONGEST = 80
_MOST_WORDS = 6
_CODES = "#\\<("
"""What the marks of spreadsheets and databases for no value begin with; they count as written."""

_MARKS = frozenset("-–—−_.…?*/\\~# \u00a0\u2002\u2003\u2007\u202f·•")


def missing(text: str, is_free_text: bool = False) -> str | None:
    """Why a text gives no value: :data:`NOT_STATED` or :data:`ELSEWHERE`; None if it may give one.

    The whole text must be such a phrase, in one of thirteen languages, or marks alone. Where
    ``is_free_text``, a text counts as pointing elsewhere only if it names a document or has a
    figure ("see annex 3"); otherwise ("see …", "… not captured") its beginning or end decides,
    which is meant for texts that could not be read in another way, and so do short ones: ``NA`` is
    a country and an element as well.
    """
    stripped = text.strip()
    if len(stripped) > _LONGEST or (is_free_text and _is_plainly_a_text(stripped)):
        return None
    if _MARKS.issuperset(stripped):
        return NOT_STATED if stripped else None
    words = _words()
    if stripped[0] in _CODES:
        if stripped.casefold() in words["as_written"]:
            return NOT_STATED
        if stripped[0] != "(":
            return None
    key = fold(stripped)
    if key in words["not_stated"]:
        return NOT_STATED
    parts = key.split()
    if len(parts) > _MOST_WORDS:
        return None
    if _leads(parts, key, words, is_free_text):
        return ELSEWHERE
    if not is_free_text and (key in words["short"] or _has_ending(parts, words["ending"])):
        return NOT_STATED
    return None


def _is_plainly_a_text(text: str) -> bool:
    """Whether a text can be no phrase for what is missing, as most can be seen not to be: it is
    long, or has a figure in it and does not begin as one that points elsewhere."""
    if not text.isascii():
        return False
    if len(text) > _LONGEST_PHRASE:
        return True
    first = _FIRST_WORD.match(text)
    return (
        first is not None
        and _FIGURE.search(text) is not None
        and first[1].lower() not in first_words_of_references()
    )


_LONGEST_PHRASE = 60
_FIRST_WORD = re.compile(r"[^A-Za-z0-9]*([A-Za-z0-9]+)")
_FIGURE = re.compile("[1-9]")


def _leads(
    parts: list[str], key: str, words: dict[str, frozenset[str]], is_free_text: bool
) -> bool:
    for length in (1, 2):
        if len(parts) <= length or " ".join(parts[:length]) not in words["refers"]:
            continue
        rest = parts[length:]
        if not is_free_text:
            return True
        if " ".join(rest) in words["document"]:
            return True
        # “see annex 3”, “see DN-304”, but no “see-through film” and no “see 2 samples”.
        return any(part in words["document"] for part in rest[:2]) or (
            rest[-1].isdigit() and len(rest) == 2 and not rest[0].isdigit()
        )
    return False


def _has_ending(parts: list[str], endings: frozenset[str]) -> bool:
    return any(" ".join(parts[start:]) in endings for start in range(len(parts)))


@cache
def first_words_of_references() -> frozenset[str]:
    """The words with which a text that points elsewhere can begin, folded."""
    return frozenset(phrase.split()[0] for phrase in _words()["refers"])


@cache
def first_words_not_stated() -> frozenset[str]:
    """The words with which a phrase for what is missing can begin, folded."""
    return frozenset(phrase.split()[0] for phrase in _words()["not_stated"] if phrase)


@cache
def _words() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for phrase, _, means in read_rows("missing_words"):
        if phrase[0] in _CODES:
            found.setdefault("as_written", set()).add(phrase.casefold())
        else:
            found.setdefault(means, set()).add(fold(phrase))
    return {means: frozenset(phrases) for means, phrases in found.items()}
