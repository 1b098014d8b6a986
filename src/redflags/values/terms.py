"""Trade terms found in free text: words in any order, with inflection, in seven languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the trade and what it stands for; ``language`` decides its inflection."""

    id: str
    text: str
    language: str
    confidence: str


class TermIndex:
    """Terms, and phrases that void an id where they are found: pairs of (id, phrase)."""

    def __init__(
        self, terms: Iterable[Term], exclusions: Iterable[tuple[str, str]] = ()
    ) -> None:
        self.terms = tuple(terms)
        self.exclusions = tuple(exclusions)
