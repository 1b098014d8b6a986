"""The shipped rules that look at one order alone, for tests that judge orders one at a time."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from redflags import RuleBook, load_rules


@cache
def rules_on_one_order() -> RuleBook:
    """All shipped rules but those across orders, of which an order alone says less than a file."""
    book = load_rules()
    packs = tuple(
        replace(pack, rules=tuple(rule for rule in pack.rules if rule.across is None))
        for pack in book.packs
    )
    return replace(book, packs=packs)
