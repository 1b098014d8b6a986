"""Which line of business a description of a trade stands for.

Terms of whole trades come first. What they do not name is composed: a noun of goods beside a word
of commerce, *mobile phones* and *wholesale*. General lines, such as general trading, count only
where no goods are named that the trade would be limited to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from redflags import reference
from redflags.reference.trades import COMMERCE, NEUTRAL
from redflags.values.terms import TermMatch
from redflags.values.text import fold
from redflags.values.understood import Understood, unknown

GENERAL_LINES = frozenset(
    {"general-trading", "import-export", "commercial-agent", "online-shop", "holding-shell"}
)
"""Lines that say nothing about the goods: a bare *trader* is one, a *carpet trader* is none."""

_SHOWN = 80
_LONGEST = 500
_WORD = re.compile(r"[^\W\d_]{7,40}")
# A noun after which another may follow that it only modifies: "wholesale of phone cases".
_MODIFIER_FIRST = frozenset({"en", "de", "tr"})
_SMALL_WORDS = frozenset(
    fold(
        "in at by with from to on and or und oder mit bei ve ile veya et ou avec y o e con и или с "
        "по в на و مع its their all other etc near based as is our we nach außer"
    ).split()
)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A noun of goods and the word of commerce beside it."""

    goods: TermMatch
    commerce: TermMatch

    def says_more(self, than: TermMatch) -> bool:
        """Whether it reads more of the description than the term of a whole trade."""
        return (
            self.goods.words + self.commerce.words > than.words
            and self.goods.characters + self.commerce.characters > than.characters
        )


@dataclass(frozen=True, slots=True)
class _Read:
    """A description: its words, its goods, its words of commerce, and the places of small words."""

    words: tuple[str, ...]
    ends: frozenset[int]
    goods: tuple[TermMatch, ...]
    commerce: tuple[TermMatch, ...]
    plain: frozenset[int]


def recognise(text: str) -> Understood:
    """The line of business that a description in free text stands for, or unknown with the reason.

    Never guesses: a description that can be two lines, or that names goods without a line for what
    is done with them, is unknown.
    """
    matches = reference.business_terms().find(text)
    special = [match for match in matches if match.id not in GENERAL_LINES]
    general = [match for match in matches if match.id in GENERAL_LINES]
    read = _read(text[:_LONGEST])
    pairs = _pairs(read)
    if special and not any(pair.says_more(special[0]) for pair in pairs):
        if _is_of_a_shop(special[0]) and _is_made(text, special[0], read):
            return _made(text, special[0], pairs)
        return _by_term(text, special)
    is_whole = general and not special and not _is_limited(text, general[0], read)
    if pairs and not (is_whole and general[0].words > 1):
        return _composed(text, pairs)
    alone = _alone(read)
    if alone is not None:
        return _as_named(text, alone)
    if is_whole:
        return _by_term(text, general)
    return unknown(text, f"no known trade is recognised in “{_short(text)}”")


def _short(text: str) -> str:
    return text.strip()[:_SHOWN]


def _by_term(text: str, matches: list[TermMatch]) -> Understood:
    best = matches[0]
    rivals = [
        match
        for match in matches[1:]
        if (match.words, match.characters) == (best.words, best.characters)
    ]
    if rivals:
        return _undecided(text, (best.id, *(match.id for match in rivals)))
    return Understood(
        written=text,
        value=best.id,
        how=f"term “{best.term}” ({best.language})",
        detail=tuple(matches),
    )


def _is_of_a_shop(term: TermMatch) -> bool:
    return reference.business_lines()[term.id].passes_goods_on == "yes"


def _is_made(text: str, term: TermMatch, read: _Read) -> bool:
    """Whether a word of making stands beside the term, and is no part of it: a *fabricant de
    papeterie* makes what a *papeterie* sells."""
    words, _ = reference.business_terms().layout(text)
    own = words[term.position : term.end]
    places = [place for place, word in enumerate(read.words) if word in own]
    if not places or len(places) > len(own):
        return False
    taken = set(places)
    for match in read.commerce:
        if match.id != "making" or not taken.isdisjoint(range(match.position, match.end)):
            continue
        between = range(match.end, places[0])
        if match.position > places[-1]:
            between = range(places[-1] + 1, match.position)
        if all(place in read.plain for place in between):
            return True
    return False


def _made(text: str, term: TermMatch, pairs: list[_Pair]) -> Understood:
    """The line that makes the goods, or unknown: it is not the shop that sells them."""
    making = [pair for pair in pairs if pair.commerce.id == "making"]
    if making:
        return _composed(text, making)
    title = reference.business_lines()[term.id].title
    return unknown(
        text,
        f"“{_short(text)}” names a maker, and “{term.term}” is what a {title} is called",
    )


def _undecided(text: str, lines: Iterable[str]) -> Understood:
    known = reference.business_lines()
    titles = " or ".join(known[line].title for line in lines)
    return unknown(text, f"“{_short(text)}” can be {titles}")


def _composed(text: str, pairs: list[_Pair]) -> Understood:
    """The line of the pairs of the longest noun; making counts before selling and repairing."""
    lines: dict[str, _Pair] = {}
    for kinds in (("making",), ("retail", "wholesale"), ("trade",), ("repair",)):
        for pair in pairs:
            if pair.commerce.id in kinds:
                line = reference.trade_goods()[pair.goods.id].lines.get(pair.commerce.id, "")
                lines.setdefault(line, pair)
        if any(lines):
            break
    named = [line for line in lines if line]
    if not named:
        pair = pairs[0]
        return unknown(
            text,
            f"“{_short(text)}” names a trade in goods (“{pair.goods.term}”) that is none of the "
            "known lines of business",
        )
    if len(named) > 1:
        return _undecided(text, named)
    pair = lines[named[0]]
    return Understood(
        written=text,
        value=named[0],
        how=f"terms “{pair.goods.term}” ({pair.goods.language}) and “{pair.commerce.term}” "
        f"({pair.commerce.language})",
        detail=(pair.goods, pair.commerce),
    )


def _as_named(text: str, match: TermMatch) -> Understood:
    """The line that a bare noun of goods stands for as the description of a trade."""
    return Understood(
        written=text,
        value=reference.trade_goods()[match.id].alone,
        how=f"goods “{match.term}” ({match.language}), named as the trade",
        assumed="goods named as a trade are taken to be sold",
        detail=(match,),
    )


def _read(text: str) -> _Read:
    index = reference.trade_words()
    text = _WORD.sub(lambda match: _parted(match.group()), text)
    words, ends = index.layout(text)
    goods: list[TermMatch] = []
    commerce: list[TermMatch] = []
    plain = {place for place, word in enumerate(words) if word in _SMALL_WORDS}
    plain |= index.stop_words(words)
    for match in index.find_all(text):
        if match.id == NEUTRAL:
            plain.update(range(match.position, match.end))
        elif match.id in COMMERCE:
            commerce.append(match)
        else:
            goods.append(match)
    return _Read(words, ends, tuple(goods), tuple(commerce), frozenset(plain))


@cache
def _endings() -> tuple[tuple[str, str], ...]:
    return tuple((fold(ending), ending) for ending in reference.compound_endings())


@cache
def _nouns() -> frozenset[str]:
    """The German nouns of goods, folded, of which compounds are made."""
    terms = reference.trade_words().terms
    return frozenset(
        fold(term.text)
        for term in terms
        if term.language == "de" and term.id not in (*COMMERCE, NEUTRAL)
    )


_ADDED = ("e", "er", "n", "en")
_LINKING = ("s", "es", "n", "en")


def _noun_of(stem: str) -> str:
    """The noun that the first part of a compound is a form of: *Schuh* of *Schuhe*, which the
    tables have in the plural, *Zeitungs* of *Zeitung*; the part itself if it is none."""
    folded = fold(stem)
    if folded in _nouns():
        return stem
    for ending in _ADDED:
        if folded + ending in _nouns():
            return stem + ending
    for ending in _LINKING:
        if folded.endswith(ending) and folded[: -len(ending)] in _nouns():
            return stem[: -len(ending)]
    return stem


def _parted(word: str) -> str:
    """A compound of goods and commerce as two words: *Handyladen* as *Handy laden*, and
    *Schuhladen* as *Schuhe laden*."""
    folded = fold(word)
    for ending, _ in _endings():
        if folded == ending:
            return word
        # Folding keeps the number of letters in these languages, or the word is left as it is.
        if folded.endswith(ending) and len(folded) == len(word) > len(ending) + 2:
            return f"{_noun_of(word[: -len(ending)])} {word[-len(ending) :]}"
    return word


def _pairs(read: _Read) -> list[_Pair]:
    """Each noun of goods with each word of commerce that nothing unknown stands between."""
    known = set(read.plain)
    for match in (*read.goods, *read.commerce):
        known.update(range(match.position, match.end))
    pairs = [
        _Pair(goods, commerce)
        for goods in read.goods
        for commerce in read.commerce
        if _beside(goods, commerce, known) and not _modifies(goods, commerce, known, read)
    ]
    longest = max((pair.goods.words for pair in pairs), default=0)
    return [pair for pair in pairs if pair.goods.words == longest]


def _beside(one: TermMatch, other: TermMatch, known: set[int]) -> bool:
    first, last = sorted((one, other), key=lambda match: match.position)
    if last.position < first.end:
        return False
    return all(place in known for place in range(first.end, last.position))


def _modifies(goods: TermMatch, commerce: TermMatch, known: set[int], read: _Read) -> bool:
    """Whether the noun only modifies a word after it: sale of *phone* cases."""
    after = goods.end
    return (
        commerce.position < goods.position
        and goods.language in _MODIFIER_FIRST
        and after < len(read.words)
        and after not in known
        and after not in read.ends
        and not read.words[after][0].isdigit()
    )


def _alone(read: _Read) -> TermMatch | None:
    """The noun of goods, if the description is that noun and says nothing else."""
    if read.commerce or len({match.id for match in read.goods}) != 1:
        return None
    places = set(read.plain)
    for match in read.goods:
        places.update(range(match.position, match.end))
    if len(places) < len(read.words):
        return None
    found = read.goods[0]
    return found if reference.trade_goods()[found.id].alone else None


def _is_limited(text: str, general: TermMatch, read: _Read) -> bool:
    """Whether a general word (*trader*) stands beside goods, known or not, that limit it."""
    words, ends = reference.business_terms().layout(text)
    own = words[general.position : general.end]
    if any(not set(read.words[one.position : one.end]) <= set(own) for one in read.goods):
        return True
    if general.words > 1:
        return False
    plain = {read.words[place] for place in read.plain}
    for match in read.commerce:
        plain.update(read.words[match.position : match.end])
    beside: Iterator[int] = iter((general.position - 1,))
    if general.language in ("fr", "es", "ru", "ar"):
        beside = iter((general.position - 1, _next_word(words, general.end, plain)))
    for place in beside:
        parted = max(place, general.position) in ends
        if 0 <= place < len(words) and not parted and words[place] not in plain:
            return not words[place][0].isdigit()
    return False


def _next_word(words: tuple[str, ...], place: int, plain: set[str]) -> int:
    while place < len(words) and words[place] in plain:
        place += 1
    return place
