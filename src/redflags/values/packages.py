"""Packages in words: what one is called, and several."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=256)
def one_of(plural: str) -> str:
    """What one of a package is called, from what several are called."""
    for ending in ("es", "s"):
        one = plural.removesuffix(ending)
        if one != plural and plural_of(one) == plural:
            return one
    return plural


def plural_of(noun: str) -> str:
    """What several of a package are called."""
    return noun + ("es" if noun.endswith(("x", "s", "ch", "sh")) else "s")


def with_article(noun: str) -> str:
    """One of a package: “a sack”, “an IBC”."""
    return f"{'an' if noun[:1].lower() in 'aeio' else 'a'} {noun}"
