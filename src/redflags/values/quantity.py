"""Quantities: a number and a unit, as an exact whole number of a small base unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from redflags.values.number import parse_number, plain_number
from redflags.values.text import fold, shown
from redflags.values.understood import BLANK, Understood, unknown

BASE = {
    "mass": "microgram",
    "volume": "nanolitre",
    "length": "nanometre",
    "count": "thousandth of a piece",
}
"""The base unit of each dimension: amounts are whole numbers of it."""

_LARGEST = 2**63
_LONGEST = 200

# The unit in which conversions are told, with its size in base units.
_TOLD_IN = {
    "mass": ("kg", 10**9),
    "volume": ("l", 10**9),
    "length": ("m", 10**9),
    "count": ("pieces", 10**3),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure or a package.

    ``dimension`` is mass, volume, count or length; ``factor`` is the size of one unit in base
    units (see ``BASE``); ``assumed`` says what is taken for granted where this unit is read, for
    spellings such as ``ton`` that stand for several.
    """

    id: str
    dimension: str
    factor: Fraction
    symbol: str
    is_package: bool = False
    assumed: str = ""


_INCH = re.compile("[″”“〃]|''|’’|′′")


def _exact_key(text: str) -> str:
    """The spelling of a unit with its case kept: marks, widths and accents unified."""
    if text.isascii():
        key = text
    else:
        key = _INCH.sub('"', text).replace("µ", "u").replace("μ", "u").replace("ı", "i")
        spread = unicodedata.normalize("NFKD", key)
        key = "".join(c for c in spread if unicodedata.category(c) not in ("Mn", "Cf"))
    return " ".join(key.replace("''", '"').split()).rstrip(".").strip()


def _has_latin(text: str) -> bool:
    return any("a" <= letter <= "z" or "A" <= letter <= "Z" for letter in text)


def _enter(index: dict[str, Unit | None], key: str, unit: Unit) -> None:
    """Enter a unit under a key; a key of two units stands for none."""
    known = index.setdefault(key, unit)
    if known is not None and known.id != unit.id:
        index[key] = None


class UnitTable:
    """Units by spelling, from pairs of a spelling and its unit.

    A spelling is found as written first, then whatever its case, then by its skeleton; a spelling
    that would then stand for two units (``Mg`` and ``mg`` as ``MG``) is not found.
    """

    def __init__(self, spellings: Iterable[tuple[str, Unit]]) -> None:
        self.spellings: dict[str, Unit] = {}
        exact: dict[str, Unit] = {}
        loose: dict[str, Unit | None] = {}
        skeletons: dict[str, Unit | None] = {}
        for spelling, unit in spellings:
            self.spellings[spelling] = unit
            key = _exact_key(spelling)
            exact.setdefault(key, unit)
            _enter(loose, key.casefold(), unit)
            if _has_latin(key):
                _enter(skeletons, fold(key), unit)
        self._exact = exact
        self._loose = loose
        self._skeletons = skeletons

    def find(self, text: str) -> Unit | None:
        """The unit that ``text`` spells, or None."""
        if len(text) > _LONGEST:
            return None
        key = _exact_key(text)
        if not key:
            return None
        found = self._find(key)
        if found is not None:
            return found
        for ending in ("(s)", "(es)", "(e)", "(n)", "es", "s", "S", "ES"):
            if key.endswith(ending) and len(key) > len(ending) + 1:
                found = self._find(key.removesuffix(ending).strip())
                if found is not None:
                    return found
        return None

    def _find(self, key: str) -> Unit | None:
        found = self._exact.get(key)
        if found is not None:
            return found
        caseless = key.casefold()
        if caseless in self._loose:
            return self._loose[caseless]
        # Letters drawn alike are exchanged only within a word that is Latin in part: the Cyrillic
        # abbreviations are words of their own.
        return self._skeletons.get(fold(key)) if _has_latin(key) else None


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in whole base units of its dimension, with number and unit as they were stated.

    Quantities are equal and ordered by dimension and amount; ordering across dimensions raises
    TypeError.
    """

    dimension: str
    amount: int
    unit: str = field(compare=False)
    number: Fraction = field(compare=False)
    is_package: bool = field(default=False, compare=False)

    def _other(self, other: Quantity) -> int:
        if self.dimension != other.dimension:
            raise TypeError(f"{self.dimension} cannot be compared with {other.dimension}")
        return other.amount

    def __lt__(self, other: Quantity) -> bool:
        return self.amount < self._other(other)

    def __le__(self, other: Quantity) -> bool:
        return self.amount <= self._other(other)

    def __gt__(self, other: Quantity) -> bool:
        return self.amount > self._other(other)

    def __ge__(self, other: Quantity) -> bool:
        return self.amount >= self._other(other)


# A number within a text. Only the number itself may hold spaces, so one scan is enough.
_NUMBER = re.compile(
    r"[(（]?\s*[-+−–]?\s*[.,٫]?\d(?:[\d.,'’ʼ٬٫\s]*\d)?(?:[eE][+-]?\d+)?(?:\s*[)）]|-(?!\S))?"
)
_ABOUT = frozenset(
    fold(word)
    for word in (
        "ca", "circa", "approx", "approximately", "about", "around", "etwa", "rund", "yaklaşık",
        "env", "environ", "aprox", "aproximadamente", "около", "примерно", "ок", "حوالي", "تقريبا",
    )
)  # fmt: skip
_TIMES = re.compile(
    r"(?P<package>[^\d]{0,40}?)\s*(?:[x×*@]|\b(?:à|of|de|of about|von|zu|je|zu je|по)\b)\s*"
    r"(?P<each>\d[^x×*@]*)",
    re.IGNORECASE,
)


def _unit_text(text: str) -> str:
    return text.strip().strip("-–").strip()


def parse_quantity(
    text: str, unit: str | None, units: UnitTable, decimal: str | None = None
) -> Understood:
    """A quantity such as ``6 t``, ``kg 6000`` or ``6`` with the unit given beside it.

    The value is a :class:`Quantity`, exact and rounded half to even to whole base units. A number
    without a unit, an unknown unit, or two units that disagree make it unknown; negative amounts
    are kept.
    """
    stripped = text.strip()
    beside = (unit or "").strip()
    if not stripped:
        return BLANK
    if len(text) > _LONGEST:
        return unknown(text, f'"{shown(stripped)}" is too long for a quantity')
    match = _NUMBER.search(stripped)
    if match is None:
        return unknown(text, f'"{shown(stripped)}" has no number')
    before, after = stripped[: match.start()].strip(), stripped[match.end() :].strip()
    assumed = ""
    if before and (before.strip("~≈") == "" or fold(before) in _ABOUT):
        before, assumed = "", "the amount is stated as approximate"
    number = parse_number(match.group(), decimal)
    if number.value is None:
        return Understood(written=text, why=number.why, detail=number.detail)
    before, after = _unit_text(before), _unit_text(after)
    if before and after:
        return unknown(text, f'"{shown(stripped)}" is not a number with a unit')
    inside = before or after
    if not inside and not beside:
        return unknown(text, f"{shown(stripped)} has no unit", "unit")
    found = units.find(inside) if inside else None
    if inside and found is None:
        packed = _TIMES.fullmatch(after)
        if packed is not None:
            return _packed(text, number.value, packed, beside, units, decimal)
        if _has_digit(inside):
            return unknown(text, f'"{shown(stripped)}" has more than one number')
        return unknown(text, f'"{shown(inside)}" is no unit that is known', "unit")
    if beside:
        stated = units.find(beside)
        if stated is None and found is None and _has_digit(beside):
            # A unit that carries its content, “drums of 60 kg”, reads as one text with the number.
            return parse_quantity(f"{stripped} {beside}", None, units, decimal)
        if stated is None:
            return unknown(text, f'"{shown(beside)}" is no unit that is known', "unit")
        if found is not None and found.id != stated.id:
            why = f'the quantity says "{shown(inside)}" and the unit says "{shown(beside)}"'
            return unknown(text, why, "quantity", "unit")
        found = stated
    assert found is not None
    return _measured(text, number.value, found, number.how, assumed)


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _packed(
    written: str,
    count: Fraction,
    packed: re.Match[str],
    beside: str,
    units: UnitTable,
    decimal: str | None,
) -> Understood:
    """So many times a quantity: ``20 x 25 kg``, ``6 drums of 200 l``."""
    package = packed["package"].strip()
    each = parse_quantity(packed["each"], None, units, decimal)
    refused = unknown(written, f'"{shown(written.strip())}" has more than one number')
    outer = units.find(package) if package else None
    if each.value is None and each.detail is not None:
        return Understood(written=written, why=each.why, detail=each.detail)
    if each.value is None or (package and (outer is None or outer.dimension != "count")):
        return refused
    stated = units.find(beside) if beside else None
    if beside and (stated is None or stated.id not in {each.value.unit, outer and outer.id}):
        why = f'the quantity says "{shown(packed.group())}" and the unit says "{shown(beside)}"'
        return unknown(written, why, "quantity", "unit")
    amount = round(count * each.value.amount)
    if abs(amount) >= _LARGEST:
        return unknown(written, f'"{shown(written.strip())}" is too large')
    total = Quantity(each.value.dimension, amount, each.value.unit, count * each.value.number,
                     each.value.is_package)  # fmt: skip
    times = f"{plain_number(count)} × {format_quantity(each.value)}"
    return Understood(
        written=written,
        value=total,
        how=f"{times} = {format_quantity(total)}",
        assumed=each.assumed,
    )


def _measured(
    written: str, number: Fraction, unit: Unit, how_number: str, assumed: str
) -> Understood:
    amount = round(number * unit.factor)
    if abs(amount) >= _LARGEST:
        return unknown(written, f'"{shown(written)}" is too large')
    quantity = Quantity(unit.dimension, amount, unit.id, number, unit.is_package)
    hows = [] if unit.is_package else _conversion(quantity, unit)
    if how_number and not hows:
        hows = [how_number]
    assumptions = "; ".join(part for part in (assumed, unit.assumed) if part)
    return Understood(written=written, value=quantity, how="; ".join(hows), assumed=assumptions)


def _conversion(quantity: Quantity, unit: Unit) -> list[str]:
    symbol, size = _TOLD_IN[quantity.dimension]
    if unit.factor == size:
        return []
    if quantity.dimension == "length" and set(str(unit.factor)) <= {"0", "1"}:
        return []
    told = Fraction(quantity.amount, size)
    if quantity.amount != 0 and abs(told) < Fraction(1, 1000):
        converted = format_quantity(quantity)
    else:
        converted = f"{plain_number(told, 3)} {symbol}"
    stated = f"{plain_number(quantity.number)} {unit.symbol}"
    return [] if stated == converted else [f"{stated} = {converted}"]


_SHOWN_IN: dict[str, tuple[tuple[int, str], ...]] = {
    "mass": ((10**9, "kg"), (10**6, "g"), (10**3, "mg"), (1, "µg")),
    "volume": ((10**9, "l"), (10**6, "ml"), (10**3, "µl"), (1, "nl")),
    "length": ((10**9, "m"), (10**6, "mm"), (10**3, "µm"), (1, "nm")),
}


def format_quantity(quantity: Quantity) -> str:
    """The quantity for a reader, with at most three decimals; tonnes only where they are exact."""
    amount, size = quantity.amount, abs(quantity.amount)
    if quantity.dimension == "count":
        number = Fraction(amount, 1000)
        noun = quantity.unit.replace("-", " ").replace("_", " ")
        if not quantity.is_package:
            noun = "piece"
        else:
            number = quantity.number
        return f"{plain_number(number, 3)} {noun if number == 1 else _plural(noun)}"
    if quantity.dimension == "mass" and size >= 10**12 and amount % 10**9 == 0:
        return f"{plain_number(Fraction(amount, 10**12), 3)} t"
    for base, symbol in _SHOWN_IN[quantity.dimension]:
        if size >= base:
            return f"{plain_number(Fraction(amount, base), 3)} {symbol}"
    return f"0 {_TOLD_IN[quantity.dimension][0]}"


def _plural(noun: str) -> str:
    if noun.endswith(("x", "s", "ch", "sh")):
        return noun + "es"
    return noun if noun == "ibc" else noun + "s"


def convert(quantity: Quantity, dimension: str, density: Fraction) -> Quantity:
    """The quantity as mass or volume, at a density in kilograms per litre.

    Raises ValueError for any other pair of dimensions, and for a density that is not positive.
    """
    if quantity.dimension == dimension:
        return quantity
    if density <= 0:
        raise ValueError("a density must be positive")
    # One kilogram per litre is one microgram per nanolitre: the base units need no factor.
    if (quantity.dimension, dimension) == ("volume", "mass"):
        amount = round(quantity.amount * density)
        return Quantity("mass", amount, "kg", Fraction(amount, 10**9))
    if (quantity.dimension, dimension) == ("mass", "volume"):
        amount = round(quantity.amount / density)
        return Quantity("volume", amount, "l", Fraction(amount, 10**9))
    raise ValueError(f"{quantity.dimension} cannot be converted into {dimension}")
