"""Phrases looked for in a text word by word, without inflection."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from redflags.values.text import fold


class PhraseSet:
    """Phrases of which the first to stand in a text is found: whole words, in their order.

    Two texts agree when their skeletons do (see :func:`redflags.values.text.fold`).
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self.phrases = tuple(phrases)
        self._by_first: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        for number, phrase in enumerate(self.phrases):
            words = tuple(fold(phrase).split())
            if words:
                self._by_first.setdefault(words[0], []).append((words, number))
        self._cached = lru_cache(maxsize=4096)(self._search)

    def find(self, text: str) -> str | None:
        """The phrase, as it was given, that stands first in the text; None if none does.

        Of phrases that begin at the same word the longest is found.
        """
        return self._cached(text) if len(text) <= 1_000 else self._search(text)

    def _search(self, text: str) -> str | None:
        words = tuple(fold(text).split())
        for start, word in enumerate(words):
            best: tuple[int, int] | None = None
            for phrase, number in self._by_first.get(word, ()):
                if words[start : start + len(phrase)] == phrase:
                    found = (-len(phrase), number)
                    best = found if best is None else min(best, found)
            if best is not None:
                return self.phrases[best[1]]
        return None
