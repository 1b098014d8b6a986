"""Sums of money: a currency and an exact amount in ten-thousandths of its unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from redflags.values.number import parse_number
from redflags.values.text import fold, shown
from redflags.values.understood import BLANK, Understood, unknown

_LARGEST = 2**63
_LONGEST = 120
_SHARED_SYMBOLS = frozenset("$¥₨£₱¢") | {"kr", "kr.", "Kr", "Rs", "Rs."}
_NUMBER = re.compile(r"[(（]?[-+−–]?\s*[.,٫]?\d(?:[\d.,'’ʼ٬٫\s]*\d)?(?:[)）]|-(?!\S))?")


class CurrencyTable:
    """ISO 4217 codes with their names, and the symbols that stand for one currency only."""

    def __init__(self, codes: Mapping[str, str], symbols: Mapping[str, str]) -> None:
        self.codes = dict(codes)
        self.symbols = dict(symbols)
        self._caseless = {symbol.casefold(): code for symbol, code in symbols.items()}
        self._names: dict[str, str | None] = {}
        for code, name in codes.items():
            key = fold(name)
            self._names[key] = code if self._names.get(key, code) == code else None

    def find(self, text: str) -> str | None:
        """The code for a code in any case, an unambiguous symbol, or a name; else None."""
        stripped = text.strip()
        if stripped in self.symbols:
            return self.symbols[stripped]
        if (code := stripped.upper()) in self.codes:
            return code
        caseless = self._caseless.get(stripped.casefold())
        return caseless if caseless is not None else self._names.get(fold(stripped[:80]))


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in ten-thousandths of the unit of an ISO 4217 currency.

    Sums are ordered within a currency; across currencies ordering raises TypeError.
    """

    currency: str
    amount: int

    def _other(self, other: Money) -> int:
        if self.currency != other.currency:
            raise TypeError(f"{self.currency} cannot be compared with {other.currency}")
        return other.amount

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._other(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._other(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._other(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._other(other)


def parse_money(
    text: str, currency: str | None, currencies: CurrencyTable, decimal: str | None = None
) -> Understood:
    """A sum such as ``1,234.56 EUR``, ``€ 500`` or a number with its currency given beside it.

    Symbols of several currencies (``$``) say nothing unless the currency is given; two currencies
    that disagree make the sum unknown.
    """
    stripped, beside = text.strip(), (currency or "").strip()
    if not stripped:
        return BLANK
    if len(text) > _LONGEST:
        return unknown(text, f'"{shown(stripped)}" is too long for a sum of money')
    body = re.sub(r"[.,]\s?[-–—]{1,2}(?=\D|$)", "", stripped)
    match = _NUMBER.search(body)
    if match is None:
        return unknown(text, f'"{shown(stripped)}" has no number')
    before, after = body[: match.start()].strip(), body[match.end() :].strip()
    minus = before[-1:] in ("-", "−", "–") or before[:1] in ("-", "−", "–")
    words = [word for word in (before.strip("-−– "), after) if word]
    number = parse_number(match.group(), decimal)
    if number.value is None:
        return Understood(written=text, why=number.why, detail=number.detail)
    stated: str | None = None
    if beside:
        stated = currencies.find(beside)
        if stated is None:
            why = f'"{shown(beside)}" is no currency that is known'
            if beside in _SHARED_SYMBOLS:
                why = f"{beside} can be several currencies"
            return unknown(text, why, "currency")
    for word in words:
        found = currencies.find(word)
        if found is None and word in _SHARED_SYMBOLS:
            if stated is None and len(words) == 1:
                return unknown(text, f"{word} can be several currencies", "currency")
            continue
        if found is None:
            return unknown(text, f'"{shown(word)}" is no currency that is known', "currency")
        if stated is not None and stated != found:
            why = f"the sum says {found} and its currency is stated as {stated}"
            return unknown(text, why, "value", "currency")
        stated = found
    if stated is None:
        return unknown(text, f"{shown(stripped)} has no currency", "currency")
    amount = round((-number.value if minus else number.value) * 10_000)
    if abs(amount) >= _LARGEST:
        return unknown(text, f'"{shown(stripped)}" is too large')
    return Understood(written=text, value=Money(stated, amount), how=number.how)


def format_money(money: Money) -> str:
    """The sum for a reader: ``45,000.00 EUR``, with more decimals only where there are more."""
    whole, rest = divmod(abs(money.amount), 10_000)
    decimals = f"{rest:04d}"
    decimals = decimals[:2] if decimals.endswith("00") else decimals.rstrip("0")
    sign = "-" if money.amount < 0 else ""
    return f"{sign}{whole:,}.{decimals} {money.currency}"


def money_number(money: Money) -> Fraction:
    """The amount in whole units of the currency."""
    return Fraction(money.amount, 10_000)
