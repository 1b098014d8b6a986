"""Names of parties that can be seen to be names, for whole columns at once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from redflags.reference import first_words_of_no_names
from redflags.values.text import fold

if TYPE_CHECKING:
    import polars as pl

_LONGEST = 200
_LETTER = "[A-Za-z0-9]"
_CODES = "#\\<("
"""What the marks of spreadsheets and databases for no value begin with."""


def are_plain_names(texts: pl.Series) -> pl.Series:
    """Which of some texts are understood as the name of a party beyond doubt, and have letters in
    their key: they begin as no phrase for what is missing, and have a Latin letter or a figure.
    Of the others nothing is said. A text of none is no name."""
    words = texts.str.extract(r"^\s*(\S+)")
    plain = [word for word in words.unique() if word is not None and _begins_a_name(word)]
    begins = words.is_in(plain)
    short = texts.str.len_bytes() <= _LONGEST
    return (begins & short & texts.str.contains(_LETTER)).fill_null(False)


@lru_cache(maxsize=65_536)
def _begins_a_name(word: str) -> bool:
    if len(word) > _LONGEST or word[0] in _CODES:
        return False
    parts = fold(word).split()
    return bool(parts) and parts[0] not in first_words_of_no_names()
