"""Sums of money: a currency and an exact amount in ten-thousandths of its unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from redflags.values.number import parse_number, plain_number
from redflags.values.text import fold, shown
from redflags.values.understood import BLANK, Understood, unknown

_LARGEST = 2**63
_LONGEST = 120
_DOLLARS = frozenset(
    ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN", "ARS", "CLP", "COP", "UYU", "BRL",
     "BSD", "BBD", "BMD", "BZD", "KYD", "FJD", "GYD", "JMD", "LRD", "NAD", "SBD", "SRD", "TTD",
     "XCD", "BND", "DOP", "CUP", "NIO", "BOB", "ZWL", "ZWG")
)  # fmt: skip
_SHARED: Mapping[str, frozenset[str]] = {
    "$": _DOLLARS,
    "¢": _DOLLARS | {"EUR"},
    "¥": frozenset({"JPY", "CNY"}),
    "£": frozenset({"GBP", "EGP", "LBP", "SYP", "SDG", "SSP", "GIP", "FKP", "SHP", "GGP", "IMP"}),
    "₱": frozenset({"PHP", "CUP"}),
    **dict.fromkeys(("kr", "kr.", "Kr", "Kr."), frozenset({"SEK", "NOK", "DKK", "ISK"})),
    **dict.fromkeys(
        ("Rs", "Rs.", "rs", "rs.", "₨"),
        frozenset({"INR", "PKR", "LKR", "NPR", "MUR", "SCR"}),
    ),
    **dict.fromkeys(("Fr", "Fr.", "fr.", "francs"), frozenset({"CHF", "XOF", "XAF", "DJF", "RWF"})),
    **dict.fromkeys(("dollars", "dollar", "Dollars", "Dollar", "Dolar", "dolar"), _DOLLARS),
}
"""Symbols and words of several currencies, with those that they can stand for. Alone they say
nothing; beside a currency they must be one of its own."""

_TIMES = {
    fold(word): times
    for times, words in (
        (1_000, "k thousand thousands tsd tsd. tausend mille bin тыс тыс. ألف 千"),
        (1_000_000, "million millions mio mio. mill mill. mn mln mln. millionen millón millones "
                    "milyon млн млн. миллион миллиона миллионов مليون 百万"),
        (1_000_000_000, "billion billions bn mrd mrd. milliarde milliarden milliard milliards "
                        "milyar млрд млрд. миллиард مليار"),
    )
    for word in words.split()
}  # fmt: skip
_BESIDE = frozenset(
    fold(word)
    for word in (
        "net", "netto", "gross", "brutto", "total", "total value", "incl. VAT", "excl. VAT",
        "inkl. MwSt", "zzgl. MwSt", "exkl. MwSt", "HT", "TTC", "KDV dahil", "KDV hariç",
        "IVA incluido", "only",
        "toplam", "insgesamt", "итого", "всего", "amount", "value", "price",
    )
)  # fmt: skip
_ABOUT = re.compile(
    r"(?:[~≈]|(?:ca|circa|approx|about|etwa|rund|env|environ|aprox|yaklaşık|около)\.?(?=[\s\d]))\s*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[(（]?[-+−–]?\s*[.,٫]?\d(?:[\d.,'’ʼ٬٫\s]*\d)?(?:[)）]|-(?!\S))?")


_IN_BRACKETS = re.compile(r"[(（]\s*(?=\D)([^()（）]+?)\s*[)）]")
"""A negative sum with its currency in the brackets, too: ``($200.00)``."""

_SIDE = re.compile(r"(?<![^\W\d_])(dr|cr|soll|haben)(?![^\W\d_])\.?", re.IGNORECASE)
"""The side of an account behind a sum: debit or credit."""


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
        if " " in stripped and (closed := stripped.replace(" ", "")) in self.symbols:
            return self.symbols[closed]
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

    Thousands and millions in words are multiplied out (``1.5 Mio. EUR``). Symbols of several
    currencies (``$``) say nothing unless the currency is given; two currencies that disagree make
    the sum unknown.
    """
    stripped, beside = text.strip(), (currency or "").strip()
    if not stripped:
        return BLANK
    if len(text) > _LONGEST:
        return unknown(text, f'"{shown(stripped)}" is too long for a sum of money')
    body = re.sub(r"[.,]\s?[-–—]{1,2}(?=\D|$)", "", stripped)
    about = _ABOUT.match(body)
    body = body if about is None else body[about.end() :]
    in_brackets = _IN_BRACKETS.fullmatch(body)
    body = body if in_brackets is None else in_brackets[1]
    match = _NUMBER.search(body)
    if match is None:
        return unknown(text, f'"{shown(stripped)}" has no number')
    before, after = body[: match.start()].strip(), body[match.end() :].strip()
    if (side := _SIDE.search(after)) is not None:
        if side[1].lower() in ("cr", "haben"):
            return unknown(text, f'"{shown(stripped)}" is a credit, which can be a repayment')
        after = f"{after[: side.start()]}{after[side.end() :]}".strip()
    minus = (
        in_brackets is not None or before[-1:] in ("-", "−", "–") or before[:1] in ("-", "−", "–")
    )
    number = parse_number(match.group(), decimal)
    if number.value is None:
        return Understood(written=text, why=number.why, detail=number.detail)
    first, times_before = _times(before.strip("-−– :"))
    second, times_after = _times(after)
    words = [word for word in (_bare(first), _bare(second)) if word]
    found = _currency(text, words, beside, currencies)
    if found.value is None:
        return (
            found if found.why else unknown(text, f"{shown(stripped)} has no currency", "currency")
        )
    value = number.value * times_before * times_after
    amount = round((-value if minus else value) * 10_000)
    if abs(amount) >= _LARGEST:
        return unknown(text, f'"{shown(stripped)}" is too large')
    how = number.how if times_before == times_after == 1 else f"read as {plain_number(value)}"
    return Understood(
        written=text,
        value=Money(found.value, amount),
        how=how,
        assumed="" if about is None else "the amount is stated as approximate",
    )


def _bare(words: str) -> str:
    """The words without those that say nothing of the currency: net, total."""
    if fold(words) in _BESIDE:
        return ""
    parts = words.split()
    while parts and fold(parts[-1]) in _BESIDE:
        parts.pop()
    while parts and fold(parts[0]) in _BESIDE:
        parts.pop(0)
    return " ".join(parts)


def _times(words: str) -> tuple[str, int]:
    """The words without one for thousands or millions at either end, and what it stands for."""
    parts = words.split()
    for place in (0, -1):
        if parts and (times := _TIMES.get(fold(parts[place]))) is not None:
            del parts[place]
            return " ".join(parts), times
    return words, 1


def _currency(text: str, words: list[str], beside: str, currencies: CurrencyTable) -> Understood:
    """The code of the currency that is stated beside the sum and in it; blank if none is."""
    stated: str | None = None
    shared: str | None = None
    for word in (beside, *words):
        if not word:
            continue
        found = currencies.find(word)
        if found is None and word in _SHARED:
            shared = word
            continue
        if found is None:
            return unknown(text, f'"{shown(word)}" is no currency that is known', "currency")
        if stated is not None and stated != found:
            why = f"the sum says {found} and its currency is stated as {stated}"
            return unknown(text, why, "value", "currency")
        stated = found
    if shared is not None and stated is None:
        return unknown(text, f"{shared} can be several currencies", "currency")
    if shared is not None and stated not in _SHARED[shared]:
        why = f"the sum says {shared} and its currency is stated as {stated}"
        return unknown(text, why, "value", "currency")
    return Understood(written=text, value=stated)


def format_money(money: Money) -> str:
    """The sum for a reader: ``45,000.00 EUR``, with more decimals only where there are more."""
    whole, rest = divmod(abs(money.amount), 10_000)
    decimals = f"{rest:04d}"
    decimals = decimals[:2] if decimals.endswith("00") else decimals.rstrip("0")
    sign = "-" if money.amount < 0 else ""
    return f"{sign}{whole:,}.{decimals} {money.currency}"
