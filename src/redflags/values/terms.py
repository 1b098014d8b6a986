"""Trade terms found in free text: words in any order, with inflection, in eight languages."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from redflags.values.han import CHINESE, HanWords, has_runs, simple
from redflags.values.inflection import (
    INFLECTED,
    bases_of_term_word,
    bases_of_text_word,
    british,
    figures_in,
    languages_of,
)
from redflags.values.marks import AMPERES, BARRIER_MARKS, BREAK_MARKS
from redflags.values.modifiers import Head, is_modifier
from redflags.values.phrases import PhraseSet
from redflags.values.small_words import BARRIER, STOP, STOP_OF
from redflags.values.term_matches import (
    Form,
    Occurrence,
    Other,
    Piece,
    Segment,
    Term,
    TermMatch,
    occurrence,
)
from redflags.values.text import LONGEST_FOLDED, fold

__all__ = ["Head", "Other", "PhraseSet", "Term", "TermIndex", "TermMatch"]

_CACHED_TEXT = 500
_MEMO_LIMIT = 50_000
_SHORT_WORD = 3
_SHORTEST_JOIN = 6
_LONGEST_BEGINNING = 10
PART = "part"
"""The language of terms that are the beginnings of part numbers."""


_ARABIC_AND = fold("و")
_NONE: frozenset[str] = frozenset()


class TermIndex:
    """Terms, and phrases that void an id where they are found: pairs of (id, phrase).

    The words of a term may stand in any order, inflected by the rules of the term's language, with
    stop words and at most one foreign word between them, but not across "and" or the like. Words
    written apart or together are the same. A term directly called absent ("without", "-free") is
    not found, nor one that is part of a longer term of another id. A phrase of an exclusion voids
    its id between the same barriers, one of ``others`` only where the term shares a word with it:
    the aluminium of "aluminium oxide powder" is no metal. A term that only modifies one of the
    ``heads`` is not found.
    """

    def __init__(
        self,
        terms: Iterable[Term],
        exclusions: Iterable[tuple[str, str]] = (),
        heads: Iterable[Head] = (),
        others: Iterable[Other] = (),
    ) -> None:
        self.terms = tuple(terms)
        self.exclusions = tuple(exclusions)
        self._others = tuple(others)
        self._numbers: dict[tuple[str, str, bool], int] = {}
        self._endings: dict[tuple[str, str], tuple[str, ...]] = {}
        self._spelled: list[str] = []
        self._bases: dict[str, dict[str, tuple[int, ...]]] = {}
        self._plain: dict[str, tuple[int, ...]] = {}
        self._beginnings: dict[str, tuple[int, ...]] = {}
        self._forms: list[Form] = []
        self._crossing: set[int] = set()
        self._sizes: list[tuple[int, int]] = []
        for number, term in enumerate(self.terms):
            self._add(number, term.text, term.language, True)
        # An exclusion is a term with a number after those of the terms.
        for number, (_, phrase) in enumerate(self.exclusions, len(self.terms)):
            language = (
                CHINESE
                if has_runs(phrase)
                else (languages_of(fold(phrase).replace(" ", "")) or ("en",))[0]
            )
            self._add(number, phrase, language, False)
        self._sharing = len(self.terms) + len(self.exclusions)
        for number, other in enumerate(self._others, self._sharing):
            self._add_other(number, other)
        self._anchored = self._anchor()
        self._heads: dict[int, list[Head]] = {}
        for head in heads:
            self._heads.setdefault(self._word(fold(head.text), head.language, False), []).append(
                head
            )
        self._figures = {figures_in(word) for word in self._spelled if not word.isalpha()}
        self._han = HanWords(
            word
            for text in (
                *(term.text for term in self.terms if term.language == CHINESE),
                *(phrase for _, phrase in self.exclusions if not phrase.isascii()),
                *(other.text for other in self._others if other.language == CHINESE),
            )
            for word in text.split()
        )
        self._memo: dict[str, dict[int, bool]] = {}
        self._cached = lru_cache(maxsize=8192)(self._search)

    def find(self, text: str) -> tuple[TermMatch, ...]:
        """The best match of each id, best first.

        Most words come first, then most characters, exact before inflected, earliest position.
        """
        return self._cached(text) if len(text) <= _CACHED_TEXT else self._search(text)

    def find_all(self, text: str) -> tuple[TermMatch, ...]:
        """Every match that stands, in the order of the text; of one id there may be several."""
        best: dict[tuple[str, int, int], TermMatch] = {}
        for match in map(self._match, self._found(*self._read(text))):
            key = (match.id, match.position, match.end)
            if key not in best or (match.exact, match.words) > (best[key].exact, best[key].words):
                best[key] = match
        return tuple(sorted(best.values(), key=lambda match: (match.position, match.end, match.id)))

    def layout(self, text: str) -> tuple[tuple[str, ...], frozenset[int]]:
        """The folded words of a text, as ``position`` and ``end`` of a match count them, and the
        places before which a phrase begins."""
        words, _, breaks, _ = self._read(text)
        return tuple(words), frozenset(breaks)

    @staticmethod
    def stop_words(words: Sequence[str]) -> set[int]:
        """The places of words that count for nothing, or that join others."""
        return {place for place, word in enumerate(words) if word in STOP or word in BARRIER}

    # -- building

    def _add(self, number: int, text: str, language: str, joins: bool) -> None:
        abbreviations = {
            fold(word) for word in text.split() if 1 < len(word) <= 6 and word.isupper()
        }
        every = simple(fold(text)).split() if language == CHINESE else fold(text).split()
        words = [word for word in every if word not in STOP and word not in BARRIER] or every
        self._sizes.append((len(words), sum(map(len, words))))
        if not words:
            return
        numbers = [self._word(word, language, word in abbreviations) for word in words]
        own = STOP_OF.get(language, STOP)
        also = (
            frozenset(word for word in every if word in STOP and len(word) > 1 and word not in own)
            if joins and len(words) < len(every)
            else _NONE
        )
        crossing = BARRIER_MARKS.search(text) is not None or not BARRIER.isdisjoint(every)
        self._forms.append(Form(number, tuple(numbers), False, crossing, also))
        if crossing:
            self._crossing.add(number)
        if not joins or crossing or len(words) < 2 or len(words) > 4:
            return
        for first in range(len(words) - 1):
            if len(words[first]) + len(words[first + 1]) >= _SHORTEST_JOIN:
                joined = self._joined(words[first], words[first + 1], language)
                rest = (*numbers[:first], joined, *numbers[first + 2 :])
                self._forms.append(Form(number, rest, True, False, also))
        if len(words) > 2:
            joined = self._joined("".join(words[:-1]), words[-1], language)
            self._forms.append(Form(number, (joined,), True, False, also))

    def _add_other(self, number: int, other: Other) -> None:
        """A name of other goods: thousands are made of few words, so these are folded one by one.

        Its small words must stand in the text."""
        every = [simple(fold(word)) for word in other.text.split()]
        words = [word for word in every if word not in STOP]
        also = _NONE if len(words) == len(every) else frozenset(every).difference(words)
        numbers = tuple([self._word(word, other.language, False) for word in words])
        self._forms.append(Form(number, numbers, False, False, also))

    def _word(self, word: str, language: str, abbreviation: bool) -> int:
        """The number of a word of a term; its bases are entered when it is new."""
        plain = (
            abbreviation
            or language not in INFLECTED
            or (word.isascii() and len(word) <= _SHORT_WORD)
        )
        key = (word, "" if plain and language != PART else language, plain)
        number = self._numbers.get(key)
        if number is not None:
            return number
        number = self._numbers[key] = len(self._spelled)
        self._spelled.append(word)
        if plain:
            table = self._beginnings if language == PART else self._plain
            for form in (word,) if language == PART else (word, word + "s"):
                table[form] = (*table.get(form, ()), number)
            return number
        inflected = self._bases.setdefault(language, {})
        # Tuples of numbers cost the garbage collector nothing, and most hold one.
        for base in dict.fromkeys(bases_of_term_word(word, language)):
            inflected[base] = (*inflected.get(base, ()), number)
        return number

    def _joined(self, first: str, last: str, language: str) -> int:
        """The number of two words written together: only the last of them is inflected, and its
        bases are worked out once for all first words."""
        if language == "ar" or language not in INFLECTED or len(last) <= _SHORT_WORD:
            return self._word(first + last, language, False)
        word = first + last
        key = (word, language, False)
        number = self._numbers.get(key)
        if number is not None:
            return number
        number = self._numbers[key] = len(self._spelled)
        self._spelled.append(word)
        table = self._bases.setdefault(language, {})
        bases = self._endings.get((last, language))
        if bases is None:
            bases = tuple(dict.fromkeys(bases_of_term_word(last, language)))
            self._endings[last, language] = bases
        before = british(first) if language == "en" else first
        for ending in bases:
            base = before + ending
            table[base] = (*table[base], number) if base in table else (number,)
        return number

    def _anchor(self) -> dict[int, list[Form]]:
        """Each form under the rarest of its words."""
        frequency = [0] * len(self._spelled)
        for form in self._forms:
            for word in form.words:
                frequency[word] += 1
        anchored: dict[int, list[Form]] = {}
        for form in self._forms:
            anchor, *others = form.words
            for word in others:
                if frequency[word] < frequency[anchor]:
                    anchor = word
            anchored.setdefault(anchor, []).append(form)
        return anchored

    # -- finding

    def _words_of(self, token: str) -> dict[int, bool]:
        """The words of terms that a token can be a form of, and whether it is one to the letter."""
        known = self._memo.get(token)
        if known is not None:
            return known
        found = self._begun(token)
        if not token.isalpha() and (own := figures_in(token)) and own not in self._figures:
            return found  # numbers of articles, which seldom come again, are not remembered
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
            # A Russian word made wholly of look-alike letters has lost its script: only long ones
            # are read with Russian endings.
            table = self._bases.get("ru", {})
            bases = bases_of_text_word(token, "ru") if len(token) > _SHORTEST_JOIN else [token]
            for base in bases:
                for number in table.get(base, ()):
                    found.setdefault(number, self._spelled[number] == token)
        if len(self._memo) >= _MEMO_LIMIT:
            self._memo.clear()
        self._memo[token] = found
        return found

    def _begun(self, token: str) -> dict[int, bool]:
        """The beginnings of part numbers that a token goes on from (STM32F405RGT6), and whether it
        is one to the letter."""
        found: dict[int, bool] = {}
        if self._beginnings and token.isascii():
            shortest = len(token) if token.isalpha() else _SHORT_WORD
            for size in range(shortest, min(len(token), _LONGEST_BEGINNING) + 1):
                for number in self._beginnings.get(token[:size], ()):
                    found[number] = self._spelled[number] == token
        return found

    def _read(self, text: str) -> tuple[list[str], list[Segment], set[int], set[int]]:
        """All words of the text, its segments (the whole, then each between two barriers), the
        places before which a phrase ends, and those before which another thing may begin."""
        words: list[str] = []
        barriers: list[int] = []
        breaks: set[int] = set()
        apart: set[int] = set()
        text = text[:LONGEST_FOLDED]
        if not text.isascii():
            text = self._han.part(text)
        if "A" in text:
            text = AMPERES.sub(" ampere ", text)
        for stretch in BARRIER_MARKS.split(text):
            if words:
                barriers.append(len(words))
            for number, phrase in enumerate(BREAK_MARKS.split(stretch)):
                if number % 2:
                    if phrase:
                        apart.add(len(words))
                    continue
                breaks.add(len(words))
                for word in fold(phrase).split():
                    if word in BARRIER:
                        barriers.append(len(words))
                    elif word[0] == _ARABIC_AND and len(word) > 3 and not self._words_of(word):
                        # The Arabic "and" is written together with the word that follows it.
                        barriers.append(len(words))
                        word = word[1:]
                    words.append(word)
        places = [
            place for place, word in enumerate(words) if word not in STOP and word not in BARRIER
        ]
        segments = [Segment([words[place] for place in places], places)]
        if barriers:
            begin = 0
            for barrier in (*barriers, len(words)):
                end = bisect_left(places, barrier)
                between = places[begin:end]
                segments.append(Segment([words[place] for place in between], between))
                begin = end
        breaks.update(barriers)
        apart.update(barriers)
        return words, segments, breaks, apart

    def _found(
        self, words: list[str], segments: list[Segment], breaks: set[int], apart: set[int]
    ) -> list[Occurrence]:
        """What stands in a text that was read."""
        found = self._occurrences(words, segments[0], 0, len(segments) > 1)
        for number, segment in enumerate(segments[1:], 1):
            found += self._occurrences(words, segment, number, None)
        if breaks != {0}:
            # "detonators, case of 100" is no detonator case.
            found = [one for one in found if not self._is_broken(one, breaks)]
        return self._without_modifiers(self._standing(found), words, breaks, apart)

    def _is_broken(self, one: Occurrence, breaks: set[int]) -> bool:
        """Whether an exclusion is read across the end of a phrase."""
        return (
            one.term >= len(self.terms)
            and one.term not in self._crossing
            and len(one.places) > 1
            and any(place in breaks for place in range(one.position + 1, max(one.places) + 1))
        )

    def _match(self, one: Occurrence) -> TermMatch:
        term = self.terms[one.term]
        size, characters = self._sizes[one.term]
        return TermMatch(
            term.id, term.text, term.language, term.confidence,
            size, characters, one.position, one.exact, max(one.places) + 1,
        )  # fmt: skip

    def _search(self, text: str) -> tuple[TermMatch, ...]:
        best: dict[str, tuple[tuple[int, int, bool, int, int], TermMatch]] = {}
        for one in self._found(*self._read(text)):
            match = self._match(one)
            rank = (-match.words, -match.characters, not one.exact, one.position, one.term)
            if match.id not in best or rank < best[match.id][0]:
                best[match.id] = (rank, match)
        return tuple(match for _, match in sorted(best.values(), key=lambda pair: pair[0]))

    # -- terms that only modify another noun

    def _without_modifiers(
        self, standing: list[Occurrence], words: list[str], breaks: set[int], apart: set[int]
    ) -> list[Occurrence]:
        """Those that do not merely modify a head noun beside them, or anywhere."""
        if not self._heads or not standing:
            return standing
        taken = frozenset().union(*(one.places for one in standing))
        heads = {
            place: [head for number in known for head in self._heads.get(number, ())]
            for place, word in enumerate(words)
            if place not in taken and (known := self._words_of(word))
        }
        heads = {place: found for place, found in heads.items() if found}
        if not heads:
            return standing
        return [
            one
            for one in standing
            if not is_modifier(self.terms[one.term].id, one.places, words, breaks, apart, heads)
        ]

    def _standing(self, found: list[Occurrence]) -> list[Occurrence]:
        """The occurrences not called absent, not excluded, and not part of a longer one."""
        count = len(self.terms)
        excluded: set[tuple[str, int]] = set()
        shared: set[tuple[str, int]] = set()
        at: dict[int, list[Occurrence]] = {}
        for one in found:
            if one.term >= self._sharing:
                ids = self._others[one.term - self._sharing].ids
                shared.update((own, place) for own in ids for place in one.places)
                continue
            if one.term >= count:
                excluded.add((self.exclusions[one.term - count][0], one.segment))
                continue
            for place in one.places:
                at.setdefault(place, []).append(one)
        standing = []
        for one in found:
            if one.term >= count or one.absent or self._reaches_across(one, at):
                continue
            own = self.terms[one.term].id
            if excluded and ((own, one.segment) in excluded or (own, 0) in excluded):
                continue
            if shared and any((own, place) in shared for place in one.places):
                continue
            if not any(
                one.places < other.places and self.terms[other.term].id != own
                for other in at[one.position]
            ):
                standing.append(one)
        return standing

    def _reaches_across(self, one: Occurrence, at: dict[int, list[Occurrence]]) -> bool:
        """Whether the word between those of an occurrence is a whole term of another id: a "GPS
        autopilot module" is an autopilot and no GPS module."""
        last = max(one.places)
        if last - one.position < len(one.places):
            return False
        gap = frozenset(range(one.position, last)) - one.places
        own = self.terms[one.term].id
        return any(
            other.places <= gap and not other.absent and self.terms[other.term].id != own
            for place in gap
            for other in at.get(place, ())
        )

    def _occurrences(
        self, words: list[str], segment: Segment, number: int, crossing: bool | None
    ) -> list[Occurrence]:
        """The forms found in a segment; only those that do (or do not) cross barriers if told."""
        present: dict[int, list[Piece]] = {}
        for place, word in enumerate(segment.words):
            for known, exact in self._words_of(word).items():
                present.setdefault(known, []).append(Piece(place, place + 1, exact))
            if place + 1 < len(segment.words) and segment.at[place + 1] == segment.at[place] + 1:
                for known in self._words_of(word + segment.words[place + 1]):
                    if len(self._spelled[known]) >= _SHORTEST_JOIN:
                        present.setdefault(known, []).append(Piece(place, place + 2, False))
        found: list[Occurrence] = []
        for known in present:
            for form in self._anchored.get(known, ()):
                if crossing and not form.crossing:
                    continue
                if len(form.words) > 1 and not all(word in present for word in form.words):
                    continue
                if form.also and not form.also.issubset(words):
                    continue
                for pieces in self._placed(form, present):
                    found.append(occurrence(form, pieces, words, segment, number))
        return found

    def _placed(self, form: Form, present: dict[int, list[Piece]]) -> Iterator[tuple[Piece, ...]]:
        """The ways in which all words of a form stand close together, one for each first word."""
        first, *others = form.words
        ordered = form.term >= len(self.terms)
        for piece in present[first]:
            pieces = self._around((piece,), others, present, ordered)
            if pieces is not None:
                yield pieces

    def _around(
        self,
        chosen: tuple[Piece, ...],
        others: list[int],
        present: dict[int, list[Piece]],
        ordered: bool,
    ) -> tuple[Piece, ...] | None:
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
