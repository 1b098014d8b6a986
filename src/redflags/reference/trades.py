"""Words that descriptions of a trade are made of: goods, and what is done with them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from redflags.reference.tables import public_id, read_rows
from redflags.values.terms import Term, TermIndex

COMMERCE = ("retail", "wholesale", "trade", "repair", "making")
"""The kinds of commerce; ``trade`` is selling of which the scale is not said."""

NEUTRAL = "neutral"
"""The id of words that say nothing about the trade, such as *company* or *used*."""


@dataclass(frozen=True, slots=True)
class TradeGoods:
    """A class of goods, and the line of business of each kind of commerce in them.

    A kind that is missing has no line among those of the tables: the trade is unknown. ``alone``
    is the line that the bare noun stands for where a trade is asked for, empty if it is open.
    """

    id: str
    lines: dict[str, str]
    alone: str


@cache
def trade_goods() -> dict[str, TradeGoods]:
    """The classes of goods by id."""
    found = {}
    for goods, *stored, alone in read_rows("trade_goods"):
        lines = {kind: public_id(line) for kind, line in zip(COMMERCE, stored, strict=True) if line}
        found[goods] = TradeGoods(goods, lines, public_id(alone))
    return found


@cache
def trade_words() -> TermIndex:
    """Nouns of goods, words of commerce and neutral words, in eight languages.

    Ids are those of :func:`trade_goods`, the kinds of ``COMMERCE``, and ``NEUTRAL``.
    """
    return TermIndex(
        Term(identifier, term, language, "medium")
        for _, identifier, term, language in read_rows("trade_words")
    )


@cache
def compound_endings() -> tuple[str, ...]:
    """Words of commerce that German and English write as the end of one word, longest first.

    As in *Handyladen* or *bookshop*.
    """
    words = {
        term
        for kind, identifier, term, language in read_rows("trade_words")
        if kind == "commerce"
        and identifier != NEUTRAL
        and " " not in term
        and len(term) > 3
        and (language == "de" or term in ("shop", "store"))
    }
    return tuple(sorted(words, key=lambda word: (-len(word), word)))
