"""Units of measure, currencies, and the packages that goods are counted in."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from redflags.reference.tables import read_rows, split_cell
from redflags.values.money import CurrencyTable
from redflags.values.quantity import Unit, UnitTable


@cache
def units() -> UnitTable:
    """Units by their spellings in seven languages, and by the codes of UN/ECE Rec. 20 and SAP.

    Factors are exact by definition: the international pound and yard agreement of 1959, the US
    gallon of 231 cubic inches, the imperial gallon of 4.54609 l. A bare ``gallon`` is not listed,
    because nothing says which of the two it is; a bare ``ton`` is read as a metric tonne, and
    says so.
    """
    known: dict[tuple[str, str, str], Unit] = {}
    pairs: list[tuple[str, Unit]] = []
    for spelling, _, unit_id, dimension, factor, symbol, is_package, assumed in read_rows("units"):
        unit = known.get((unit_id, symbol, assumed))
        if unit is None:
            unit = Unit(unit_id, dimension, Fraction(factor), symbol, is_package == "yes", assumed)
            known[unit_id, symbol, assumed] = unit
        pairs.append((spelling, unit))
    return UnitTable(pairs)


@cache
def currencies() -> CurrencyTable:
    """ISO 4217 codes with their English names, and the symbols and words that mean one only.

    ``$``, ``¥`` and ``kr`` stand for several currencies and are therefore not in the table.
    """
    codes: dict[str, str] = {}
    symbols: dict[str, str] = {}
    for code, name, _, spellings in read_rows("currencies"):
        codes[code] = name
        for spelling in split_cell(spellings):
            symbols[spelling] = code
    return CurrencyTable(codes, symbols)
