"""Terms of the trade, the ways to write them, and what is found of them in a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from redflags.values.modifiers import is_called_absent


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the trade and what it stands for; ``language`` decides its inflection."""

    id: str
    text: str
    language: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Other:
    """A name of other goods, which voids the terms of these ``ids`` that share a word with it."""

    text: str
    language: str
    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class TermMatch:
    """A term found in a text.

    ``words`` and ``characters`` count the term's own words without stop words, ``position`` the
    word of the text at which it begins, ``end`` the word after its last; ``exact`` says that no
    word was inflected or joined.
    """

    id: str
    term: str
    language: str
    confidence: str
    words: int
    characters: int
    position: int
    exact: bool
    end: int = 0


class Form(NamedTuple):
    """One way to write a term: the numbers of its words, some of them perhaps joined.

    ``also`` are words that are stop words of other languages only, and must stand in the text.
    """

    term: int
    words: tuple[int, ...]
    joined: bool
    crossing: bool
    also: frozenset[str]


class Piece(NamedTuple):
    """A word of a segment, or two joined: from ``start`` up to ``end`` among its words."""

    start: int
    end: int
    exact: bool


class Segment(NamedTuple):
    """Words of the text without stop words, and the place of each among all words."""

    words: list[str]
    at: list[int]


class Occurrence(NamedTuple):
    """A form found: the places of its words, the segment, the first of the places."""

    term: int
    places: frozenset[int]
    segment: int
    position: int
    exact: bool
    absent: bool


def occurrence(
    form: Form, pieces: tuple[Piece, ...], words: list[str], segment: Segment, number: int
) -> Occurrence:
    """What was found where the pieces of a text are the words of a form."""
    places = [segment.at[place] for piece in pieces for place in range(piece.start, piece.end)]
    first, last = min(places), max(places)
    return Occurrence(
        term=form.term,
        places=frozenset(places),
        segment=number,
        position=first,
        exact=not form.joined and all(piece.exact for piece in pieces),
        absent=is_called_absent(words, first - 1, last + 1),
    )
