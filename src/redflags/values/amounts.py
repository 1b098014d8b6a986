"""Amounts of a dimension, exact, with the number and the unit in which they were stated."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from redflags.values.number import plain_number
from redflags.values.packages import one_of, plural_of
from redflags.values.text import shown
from redflags.values.understood import Understood, unknown
from redflags.values.units import Unit

LARGEST = 2**63
"""Amounts of so many base units and more are refused."""

# The unit in which conversions are told, with its size in base units.
_TOLD_IN = {
    "mass": ("kg", 10**9),
    "volume": ("l", 10**9),
    "length": ("m", 10**9),
    "count": ("pieces", 10**3),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in whole base units of its dimension, with number and unit as they were stated.

    ``noun`` is what one of a package is called, in a word near to the one that was written: a pail
    and a can are one unit. Quantities are equal and ordered by dimension and amount; ordering
    across dimensions raises TypeError.
    """

    dimension: str
    amount: int
    unit: str = field(compare=False)
    number: Fraction = field(compare=False)
    is_package: bool = field(default=False, compare=False)
    noun: str = field(default="", compare=False)

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


def quantity_of(unit: Unit, amount: int, number: Fraction) -> Quantity:
    """So many base units, stated as so many of a unit."""
    noun = one_of(unit.symbol) if unit.is_package else ""
    return Quantity(unit.dimension, amount, unit.id, number, unit.is_package, noun)


def measured(
    written: str, number: Fraction, unit: Unit, how_number: str, assumed: str = ""
) -> Understood:
    """So many of a unit, in whole base units, with the conversion told."""
    amount = round(number * unit.factor)
    if abs(amount) >= LARGEST:
        return unknown(written, f'"{shown(written)}" is too large')
    quantity = quantity_of(unit, amount, number)
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
        if quantity.is_package:
            number = quantity.number
        noun = noun_of(quantity)
        return f"{plain_number(number, 3)} {noun if number == 1 else plural_of(noun)}"
    if quantity.dimension == "mass" and size >= 10**12 and amount % 10**9 == 0:
        return f"{plain_number(Fraction(amount, 10**12), 3)} t"
    for base, symbol in _SHOWN_IN[quantity.dimension]:
        if size >= base:
            return f"{plain_number(Fraction(amount, base), 3)} {symbol}"
    return f"0 {_TOLD_IN[quantity.dimension][0]}"


def noun_of(quantity: Quantity) -> str:
    """What one of the things is called that a quantity counts."""
    if not quantity.is_package:
        return "piece"
    return quantity.noun or quantity.unit.replace("-", " ")


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
