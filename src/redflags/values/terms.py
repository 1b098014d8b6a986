"""Trade terms found in free text: words in any order, with inflection, in seven languages."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from redflags.values.inflection import (
    bases_of_term_word,
    bases_of_text_word,
    languages_of,
)
from redflags.values.phrases import PhraseSet
from redflags.values.text import LONGEST_FOLDED, fold

__all__ = ["PhraseSet", "Term", "TermIndex", "TermMatch"]

_CACHED_TEXT = 500
_MEMO_LIMIT = 50_000
_SHORT_WORD = 3
_SHORTEST_JOIN = 6


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the trade and what it stands for; ``language`` decides its inflection."""

    id: str
    text: str
    language: str
    confidence: str


@dataclass(frozen=True, slots=True)
class TermMatch:
    """A term found in a text.

    ``words`` and ``characters`` count the term's own words without stop words, ``position`` the
    word of the text at which it begins; ``exact`` says that no word was inflected or joined.
    """

    id: str
    term: str
    language: str
    confidence: str
    words: int
    characters: int
    position: int
    exact: bool


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


# Words that may stand between the words of a term and count for nothing.
_STOP = _folded(
    "of for the a an in s per de d du des la le les l el los las del da pour para en au aux "
    "für aus von zur zum der die das den dem im für için من في لل для из على"
)
# Words that join two things, so that a term cannot reach across them.
_BARRIER = _folded("and or und oder ve veya et ou y o и или و أو sowie")
_BARRIER_MARKS = re.compile(r"[&+/;|＆＋／；؛•]")
# What comes directly before a term, or after it, and says that the thing is absent.
_ABSENT_BEFORE = _folded(
    "without non ohne sans sin без بدون خالي خال خالية nicht kein keine libre exempt not lacking"
)
_ABSENT_AFTER = _folded("free frei freie freier freies freien içermez içermeyen olmadan")
_FREE_OTHERWISE = _folded(
    "on of from alongside carrier sample samples delivery delivered shipping charge zone trade "
    "haus an bord"
)
_ARABIC_AND = fold("و")


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to write a term: the numbers of its words, some of them perhaps joined."""

    term: int
    words: tuple[int, ...]
    joined: bool
    crossing: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word of a segment, or two joined: from ``start`` up to ``end`` among its words."""

    start: int
    end: int
    exact: bool


@dataclass(frozen=True, slots=True)
class _Segment:
    """Words of the text without stop words, and the place of each among all words."""

    words: list[str]
    at: list[int]


@dataclass(frozen=True, slots=True)
class _Occurrence:
    """A form found: the places of its words, the segment, the first of the places."""

    term: int
    places: frozenset[int]
    segment: int
    position: int
    exact: bool
    absent: bool


class TermIndex:
    """Terms, and phrases that void an id where they are found: pairs of (id, phrase).

    The words of a term may stand in any order, inflected by the rules of the term's language, with
    stop words and at most one foreign word between them, but not across "and" or the like. Words
    written apart or together are the same. A term directly called absent ("without", "-free") is
    not found, nor one that is part of a longer term of another id. A phrase of an exclusion voids
    its id between the same barriers.
    """

    def __init__(self, terms: Iterable[Term], exclusions: Iterable[tuple[str, str]] = ()) -> None:
        self.terms = tuple(terms)
        self.exclusions = tuple(exclusions)
        self._numbers: dict[tuple[str, str, bool], int] = {}
        self._spelled: list[str] = []
        self._bases: dict[str, dict[str, list[int]]] = {}
        self._plain: dict[str, list[int]] = {}
        self._forms: list[_Form] = []
        self._sizes: list[tuple[int, int]] = []
        for number, term in enumerate(self.terms):
            self._add(number, term.text, term.language, True)
        # An exclusion is a term with a number after those of the terms.
        for number, (_, phrase) in enumerate(self.exclusions, len(self.terms)):
            language = (languages_of(fold(phrase).replace(" ", "")) or ("en",))[0]
            self._add(number, phrase, language, False)
        self._anchored = self._anchor()
        self._memo: dict[str, dict[int, bool]] = {}
        self._cached = lru_cache(maxsize=8192)(self._search)

    def find(self, text: str) -> tuple[TermMatch, ...]:
        """The best match of each id, best first.

        Most words come first, then most characters, exact before inflected, earliest position.
        """
        return self._cached(text) if len(text) <= _CACHED_TEXT else self._search(text)

    # -- building

    def _add(self, number: int, text: str, language: str, joins: bool) -> None:
        originals = text.split()
        abbreviations = {
            fold(word) for word in originals if len(word) <= 6 and word.isupper() and len(word) > 1
        }
        every = fold(text).split()
        words = [word for word in every if word not in _STOP and word not in _BARRIER] or every
        self._sizes.append((len(words), sum(map(len, words))))
        if not words:
            return
        numbers = [self._word(word, language, word in abbreviations) for word in words]
        crossing = _BARRIER_MARKS.search(text) is not None or not _BARRIER.isdisjoint(every)
        self._forms.append(_Form(number, tuple(numbers), False, crossing))
        if not joins or crossing or len(words) < 2 or len(words) > 4:
            return
        for first in range(len(words) - 1):
            pair = words[first] + words[first + 1]
            if len(pair) >= _SHORTEST_JOIN:
                joined = self._word(pair, language, False)
                rest = (*numbers[:first], joined, *numbers[first + 2 :])
                self._forms.append(_Form(number, rest, True, False))
        if len(words) > 2:
            joined = self._word("".join(words), language, False)
            self._forms.append(_Form(number, (joined,), True, False))

    def _word(self, word: str, language: str, abbreviation: bool) -> int:
        """The number of a word of a term; its bases are entered when it is new."""
        plain = abbreviation or (word.isascii() and len(word) <= _SHORT_WORD)
        key = (word, "" if plain else language, plain)
        number = self._numbers.get(key)
        if number is not None:
            return number
        number = self._numbers[key] = len(self._spelled)
        self._spelled.append(word)
        if plain:
            self._plain.setdefault(word, []).append(number)
            self._plain.setdefault(word + "s", []).append(number)
            return number
        table = self._bases.setdefault(language, {})
        for base in dict.fromkeys(bases_of_term_word(word, language)):
            table.setdefault(base, []).append(number)
        return number

    def _anchor(self) -> dict[int, list[_Form]]:
        """Each form under the rarest of its words."""
        frequency = [0] * len(self._spelled)
        for form in self._forms:
            for word in form.words:
                frequency[word] += 1
        anchored: dict[int, list[_Form]] = {}
        for form in self._forms:
            anchor = min(form.words, key=frequency.__getitem__)
            anchored.setdefault(anchor, []).append(form)
        return anchored

    # -- finding

    def _words_of(self, token: str) -> dict[int, bool]:
        """The words of terms that a token can be a form of, and whether it is one to the letter."""
        known = self._memo.get(token)
        if known is not None:
            return known
        found: dict[int, bool] = {}
        for number in self._plain.get(token, ()):
            found[number] = self._spelled[number] == token
        for language in languages_of(token):
            table = self._bases.get(language)
            if table is None:
                continue
            for base in bases_of_text_word(token, language):
                for number in table.get(base, ()):
                    found[number] = self._spelled[number] == token
        if token.isascii():
            # A Russian word made wholly of look-alike letters has lost its script: to the letter
            # it still fits.
            for number in self._bases.get("ru", {}).get(token, ()):
                found.setdefault(number, self._spelled[number] == token)
        if len(self._memo) >= _MEMO_LIMIT:
            self._memo.clear()
        self._memo[token] = found
        return found

    def _read(self, text: str) -> tuple[list[str], list[_Segment]]:
        """All words of the text, and its segments: the whole, then each between two barriers."""
        words: list[str] = []
        barriers: list[int] = []
        for stretch in _BARRIER_MARKS.split(text[:LONGEST_FOLDED]):
            if words:
                barriers.append(len(words))
            for word in fold(stretch).split():
                if word in _BARRIER:
                    barriers.append(len(words))
                elif word[0] == _ARABIC_AND and len(word) > 3 and not self._words_of(word):
                    # The Arabic "and" is written together with the word that follows it.
                    barriers.append(len(words))
                    word = word[1:]
                words.append(word)
        places = [
            place for place, word in enumerate(words) if word not in _STOP and word not in _BARRIER
        ]
        segments = [_Segment([words[place] for place in places], places)]
        if barriers:
            begin = 0
            for barrier in (*barriers, len(words)):
                end = bisect_left(places, barrier)
                between = places[begin:end]
                segments.append(_Segment([words[place] for place in between], between))
                begin = end
        return words, segments

    def _search(self, text: str) -> tuple[TermMatch, ...]:
        words, segments = self._read(text)
        found = self._occurrences(words, segments[0], 0, len(segments) > 1)
        for number, segment in enumerate(segments[1:], 1):
            found += self._occurrences(words, segment, number, None)
        best: dict[str, tuple[tuple[int, int, bool, int, int], TermMatch]] = {}
        for one in self._standing(found):
            term = self.terms[one.term]
            size, characters = self._sizes[one.term]
            rank = (-size, -characters, not one.exact, one.position, one.term)
            if term.id not in best or rank < best[term.id][0]:
                match = TermMatch(
                    term.id, term.text, term.language, term.confidence,
                    size, characters, one.position, one.exact,
                )  # fmt: skip
                best[term.id] = (rank, match)
        return tuple(match for _, match in sorted(best.values(), key=lambda pair: pair[0]))

    def _standing(self, found: list[_Occurrence]) -> list[_Occurrence]:
        """The occurrences not called absent, not excluded, and not part of a longer one."""
        count = len(self.terms)
        excluded: set[tuple[str, int]] = set()
        at: dict[int, list[_Occurrence]] = {}
        for one in found:
            if one.term >= count:
                excluded.add((self.exclusions[one.term - count][0], one.segment))
                continue
            for place in one.places:
                at.setdefault(place, []).append(one)
        standing = []
        for one in found:
            if one.term >= count or one.absent:
                continue
            own = self.terms[one.term].id
            if excluded and ((own, one.segment) in excluded or (own, 0) in excluded):
                continue
            if not any(
                one.places < other.places and self.terms[other.term].id != own
                for other in at[one.position]
            ):
                standing.append(one)
        return standing

    def _occurrences(
        self, words: list[str], segment: _Segment, number: int, crossing: bool | None
    ) -> list[_Occurrence]:
        """The forms found in a segment; only those that do (or do not) cross barriers if told."""
        present: dict[int, list[_Piece]] = {}
        for place, word in enumerate(segment.words):
            for known, exact in self._words_of(word).items():
                present.setdefault(known, []).append(_Piece(place, place + 1, exact))
            if place + 1 < len(segment.words) and segment.at[place + 1] == segment.at[place] + 1:
                for known in self._words_of(word + segment.words[place + 1]):
                    if len(self._spelled[known]) >= _SHORTEST_JOIN:
                        present.setdefault(known, []).append(_Piece(place, place + 2, False))
        found: list[_Occurrence] = []
        for known in present:
            for form in self._anchored.get(known, ()):
                if crossing and not form.crossing:
                    continue
                if len(form.words) > 1 and not all(word in present for word in form.words):
                    continue
                for pieces in self._placed(form, present):
                    found.append(_occurrence(form, pieces, words, segment, number))
        return found

    def _placed(
        self, form: _Form, present: dict[int, list[_Piece]]
    ) -> Iterator[tuple[_Piece, ...]]:
        """The ways in which all words of a form stand close together, one for each first word."""
        first, *others = form.words
        ordered = form.term >= len(self.terms)
        for piece in present[first]:
            pieces = self._around((piece,), others, present, ordered)
            if pieces is not None:
                yield pieces

    def _around(
        self,
        chosen: tuple[_Piece, ...],
        others: list[int],
        present: dict[int, list[_Piece]],
        ordered: bool,
    ) -> tuple[_Piece, ...] | None:
        """The chosen pieces with one for each other word, or None if they are not close."""
        if not others:
            low, high = min(p.start for p in chosen), max(p.end for p in chosen)
            foreign = high - low - sum(p.end - p.start for p in chosen)
            return chosen if foreign <= (0 if ordered else 1) else None
        reach = 2 * (len(chosen) + len(others)) + 1
        pieces = present[others[0]]
        middle = chosen[-1].end if ordered else chosen[0].start - reach
        begin = bisect_left(pieces, middle, key=lambda piece: piece.start)
        for piece in pieces[begin:]:
            if piece.start > chosen[0].start + reach or (ordered and piece.start != middle):
                break
            if any(piece.start < other.end and other.start < piece.end for other in chosen):
                continue
            found = self._around((*chosen, piece), others[1:], present, ordered)
            if found is not None:
                return found
        return None


def _occurrence(
    form: _Form, pieces: tuple[_Piece, ...], words: list[str], segment: _Segment, number: int
) -> _Occurrence:
    places = [segment.at[place] for piece in pieces for place in range(piece.start, piece.end)]
    first, last = min(places), max(places)
    return _Occurrence(
        term=form.term,
        places=frozenset(places),
        segment=number,
        position=first,
        exact=not form.joined and all(piece.exact for piece in pieces),
        absent=_called_absent(words, first - 1, last + 1),
    )


def _called_absent(words: list[str], before: int, after: int) -> bool:
    """Whether the words next to a term say that the thing is absent."""
    while before >= 0 and words[before] in _STOP:
        before -= 1
    if before >= 0 and words[before] in _ABSENT_BEFORE:
        return True
    if after >= len(words) or words[after] not in _ABSENT_AFTER:
        return False
    return after + 1 >= len(words) or words[after + 1] not in _FREE_OTHERWISE
