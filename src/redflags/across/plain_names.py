"""The keys of names that can be read in one way only, for whole columns at once."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from redflags import reference
from redflags.values.names import WORDS_OF_CARE

if TYPE_CHECKING:
    import polars as pl

_PLAIN = "^[A-Za-z0-9]+(?: [A-Za-z0-9]+)*$"
_INITIAL = "(?:^| )[A-Za-z](?: |$)"
_LONGEST = 200


def plain_name_keys(texts: pl.Series) -> pl.Series:
    """The key of each text that is the name of a firm beyond doubt, and is its own value; null for
    all others, of which nothing is said.

    Such a name has Latin letters and figures in words with one space between them, none of a
    letter alone. It does not begin like a phrase for no firm, no word of it begins one, names a
    branch or for whom something is meant, and it has no legal form but for one of one word at the
    end.
    """
    import polars as pl

    users = reference.end_user_words()
    forms = reference.legal_forms()
    odd = forms.single | WORDS_OF_CARE | users.inside_words
    first = users.first_words | reference.first_words_of_no_names()
    text = pl.col("text")
    words = text.str.to_lowercase()
    last = words.str.extract("([a-z0-9]+)$")
    before = words.str.extract("^(.*) [a-z0-9]+$")
    ends_in_form = _is_one_of(last, forms.single - users.inside_words)
    telling = pl.when(ends_in_form).then(before).otherwise(words)
    is_plain = (
        text.str.contains(_PLAIN)
        & ~text.str.contains(_INITIAL)
        & (text.str.len_bytes() <= _LONGEST)
        & ~_has_one_of(telling, odd)
        & ~_has_one_of(words, forms.several)
        & ~_is_one_of(words.str.extract("^([a-z0-9]+)"), first)
    )
    key = telling
    for pair in ("ae", "oe", "ue"):
        key = key.str.replace_all(pair, pair[0], literal=True)
    return texts.to_frame("text").select(pl.when(is_plain).then(key)).to_series()


def _has_one_of(words: pl.Expr, phrases: Collection[str]) -> pl.Expr:
    import polars as pl

    padded = pl.concat_str(pl.lit(" "), words, pl.lit(" "))
    return padded.str.contains_any(sorted(f" {phrase} " for phrase in phrases))


def _is_one_of(word: pl.Expr, words: Collection[str]) -> pl.Expr:
    import polars as pl

    return word.is_in(pl.Series(sorted(words), dtype=pl.String).implode())
