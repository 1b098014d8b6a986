"""Sums of money: a currency and an exact amount in ten-thousandths of its unit."""

from __future__ import annotations

from collections.abc import Mapping


class CurrencyTable:
    """ISO 4217 codes with their names, and the symbols that stand for one currency only."""

    def __init__(self, codes: Mapping[str, str], symbols: Mapping[str, str]) -> None:
        self.codes = dict(codes)
        self.symbols = dict(symbols)
