"""Units of measure and packages by spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from redflags.values.text import fold

BASE = {
    "mass": "microgram",
    "volume": "nanolitre",
    "length": "nanometre",
    "count": "thousandth of a piece",
}
"""The base unit of each dimension: amounts are whole numbers of it."""

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure or a package.

    ``dimension`` is mass, volume, count or length; ``factor`` is the size of one unit in base
    units (see ``BASE``); ``symbol`` is what it is shown as, of a package the word for several,
    near to its spelling; ``assumed`` says what is taken for granted where this unit is read, for
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
        # What stands before it is no mark of punctuation then: a 40' container is not 40 of them.
        return self._skeletons.get(fold(key)) if _has_latin(key) and key[0].isalnum() else None
