"""Quantities: a number and a unit, as an exact whole number of a small base unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


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


class UnitTable:
    """Units by spelling, from pairs of a spelling and its unit."""

    def __init__(self, spellings: Iterable[tuple[str, Unit]]) -> None:
        self.spellings: dict[str, Unit] = dict(spellings)
