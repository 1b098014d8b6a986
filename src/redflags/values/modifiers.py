"""Where a term of goods does not name the goods: it is called absent, or modifies a head noun.

A pump for nitric acid is a pump, and so is a nitric acid pump.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from redflags.values.small_words import (
    ABOUT,
    ABSENT_AFTER,
    ABSENT_BEFORE,
    APART,
    BARRIER,
    FOR,
    FOR_AFTER,
    FREE_OTHERWISE,
    STOP,
)
from redflags.values.text import fold

_ARABIC_FOR = fold("ل")
_FARTHEST_HEAD = 2
# Languages in which the head noun comes first: with "de" or the like between, or with nothing.
_LINKED_BY_OF = frozenset({"fr", "es"})
_HEAD_FIRST = frozenset({"ru", "ar"})


@dataclass(frozen=True, slots=True)
class Head:
    """A noun that makes the terms beside it mere modifiers: a *pump* for nitric acid, an acid pump.

    ``ids`` are those it can void. With ``only_before`` it counts only where it says what it is for
    (a *bag* for ammonium nitrate): after a term it is the packing of the goods. With ``anywhere``
    it says what kind of thing the text is of wherever it stands: a *novel* "The Detonator".
    """

    text: str
    language: str
    ids: frozenset[str]
    only_before: bool
    anywhere: bool = False


def is_modifier(
    own: str,
    places: Collection[int],
    words: Sequence[str],
    breaks: Collection[int],
    apart: Collection[int],
    heads: Mapping[int, Sequence[Head]],
) -> bool:
    """Whether the term of ``own`` only modifies a head noun, or names what a book is called after.

    ``places`` are those of its words, ``breaks`` those before which a phrase begins, ``apart``
    those before which another thing may begin, ``heads`` the head nouns by place.
    """
    first, last = min(places), max(places)
    return (
        _modifies_next(own, last, words, breaks, heads)
        or _modifies_earlier(own, first, words, breaks, heads)
        or _is_of_another_kind(own, first, last, words, apart, heads)
    )


def _modifies_next(
    own: str,
    last: int,
    words: Sequence[str],
    breaks: Collection[int],
    heads: Mapping[int, Sequence[Head]],
) -> bool:
    """Whether a head noun comes right after the term, at most one word between."""
    place = last + 1
    meant = place < len(words) and words[place] in FOR_AFTER
    place += meant
    for _ in range(2):
        if place >= len(words) or place in breaks:
            return False
        word = words[place]
        for head in heads.get(place, ()):
            if own in head.ids and (meant or not head.only_before):
                return True
        if word in STOP or word in BARRIER or word in APART or word[0].isdigit():
            return False
        place += 1
    return False


def _modifies_earlier(
    own: str,
    first: int,
    words: Sequence[str],
    breaks: Collection[int],
    heads: Mapping[int, Sequence[Head]],
) -> bool:
    """Whether a head noun before the term says what it is for, or rules it in its language."""
    place = first
    meant = words[place][0] == _ARABIC_FOR
    linked = False
    foreign = 0
    while place > 0 and place not in breaks and foreign <= _FARTHEST_HEAD:
        place -= 1
        word = words[place]
        if word[0].isdigit() and not meant:
            # What is measured out is the packing: a tank of 1000 l of acid.
            return False
        if word in FOR or word in ABOUT:
            meant = True
        elif word in STOP:
            linked = True
        elif word in BARRIER or word in APART:
            return False
        else:
            for head in heads.get(place, ()):
                ruled = head.language in _HEAD_FIRST or (linked and head.language in _LINKED_BY_OF)
                if own in head.ids and (meant or (ruled and not head.only_before)):
                    return True
            foreign += 1
    return False


def _is_of_another_kind(
    own: str,
    first: int,
    last: int,
    words: Sequence[str],
    apart: Collection[int],
    heads: Mapping[int, Sequence[Head]],
) -> bool:
    """Whether a noun that need not stand beside the term says that the thing is of its kind.

    A book *with* a drone is both, and a drone *for* films is no film.
    """
    for place, found in heads.items():
        if not any(head.anywhere and own in head.ids for head in found):
            continue
        begin, end = (place, first) if place < first else (last, place)
        if any(begin < other <= end for other in apart):
            continue
        between = words[begin + 1 : end]
        if APART.isdisjoint(between) and (place < first or FOR.isdisjoint(between)):
            return True
    return False


def is_called_absent(words: Sequence[str], before: int, after: int) -> bool:
    """Whether the words next to a term say that the thing is absent."""
    while before >= 0 and words[before] in STOP:
        before -= 1
    if before >= 0 and words[before] in ABSENT_BEFORE:
        return True
    if after >= len(words) or words[after] not in ABSENT_AFTER:
        return False
    return after + 1 >= len(words) or words[after + 1] not in FREE_OTHERWISE
