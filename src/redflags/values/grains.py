"""Sizes of grains as powders are sold: sieve numbers, and bounds that no grain exceeds."""

from __future__ import annotations

import re
from fractions import Fraction

from redflags.values.amounts import Quantity
from redflags.values.measures import AT_MOST
from redflags.values.number import parse_number
from redflags.values.text import shown
from redflags.values.understood import Understood, unknown

SIEVES = {
    4: 4750, 5: 4000, 6: 3350, 7: 2800, 8: 2360, 10: 2000, 12: 1700, 14: 1400, 16: 1180, 18: 1000,
    20: 850, 25: 710, 30: 600, 35: 500, 40: 425, 45: 355, 50: 300, 60: 250, 70: 212, 80: 180,
    100: 150, 120: 125, 140: 106, 170: 90, 200: 75, 230: 63, 270: 53, 325: 45, 400: 38, 450: 32,
    500: 25, 635: 20,
}  # fmt: skip
"""Openings in micrometres of the sieves of ASTM E11 (ISO 3310-1), by their number."""

_FACTORS = {"n": 1, "u": 1_000, "m": 1_000_000}
"""Nanometres of a unit, by its first letter as :func:`_unit` gives it."""

_UNIT = r"(?P<unit>nm|mm|[µμu]m|mcm|mkm|microns?|mikron|micromet(?:er|re)s?|mikrometer|мкм|нм|мм)"
_NUMBER = r"[0-9]{1,6}(?:[.,][0-9]{1,6})?"
_SIZE = re.compile(
    rf"(?:(?P<below>{AT_MOST}|[-−–])\s?|(?P<least>{_NUMBER})\s?(?:[a-zµμ]{{2,7}}\s?)?"
    rf"(?:[-−–]|to\b|bis\b|à(?!\w)|до\b)\s?)(?P<most>{_NUMBER})\s?{_UNIT}\.?",
    re.IGNORECASE,
)
_MESH = re.compile(
    r"(?:mesh\s?)?(?P<sign>[-−–<]?)\s?(?P<coarse>[0-9]{1,3})\s?(?:mesh)?"
    r"(?:\s?(?P<joint>[-−–/+x×]|to\b)\s?(?P<fine>[0-9]{1,3})\s?(?:mesh)?)?\s?(?:mesh|us\smesh)?",
    re.IGNORECASE,
)
_OTHER_WORDS = re.compile(r"(?!mesh|us\b)\b[^\W\d_]+", re.IGNORECASE)
_IS_SIZE = re.compile(rf"mesh|{_UNIT}\.?$", re.IGNORECASE)


def parse_grains(text: str, stripped: str, decimal: str | None) -> Understood | None:
    """The size that no grain exceeds: of ``< 63 µm``, ``20-63 µm`` and ``-325 mesh``.

    None where a text is none of these. A bound on the other side (``> 100 µm``, ``+100 mesh``)
    says nothing of the largest grain and is left to be unknown.
    """
    if _IS_SIZE.search(stripped) is None:
        return None
    spaced = " ".join(stripped.split())
    if "mesh" in spaced.lower():
        return _of_sieve(text, spaced)
    match = _SIZE.fullmatch(spaced)
    number = None if match is None else parse_number(match["most"], decimal).value
    if match is None or number is None or number <= 0:
        return None
    factor = _FACTORS[_unit(match["unit"])]
    amount = round(number * factor)
    if (match["below"] or "").strip() == "<":
        amount -= 1  # nanometre: 200 µm itself is not below 200 µm
    return Understood(
        text,
        Quantity("length", amount, match["unit"], Fraction(amount, factor)),
        how=f'"{shown(spaced)}": no grain is larger',
    )


def _unit(written: str) -> str:
    first = written[0].lower().replace("н", "n")
    is_whole_milli = written.lower() in ("mm", "мм")
    return "m" if is_whole_milli else "n" if first == "n" else "u"


def _of_sieve(text: str, spaced: str) -> Understood | None:
    match = _MESH.fullmatch(spaced)
    if match is None:
        if _OTHER_WORDS.search(spaced) is not None:
            return None  # rolls of mesh are no sieve
        return unknown(text, f'"{shown(spaced)}" does not say which sieve all grains pass')
    numbers = [int(part) for part in (match["coarse"], match["fine"]) if part is not None]
    # Of two sieves the grains pass the coarser one, which has the smaller number.
    micrometres = SIEVES.get(min(numbers))
    if micrometres is None:
        return unknown(text, f'there is no sieve "{shown(spaced)}" in ASTM E11')
    return Understood(
        text,
        Quantity("length", micrometres * 1_000, "um", Fraction(micrometres)),
        how=f"{min(numbers)} mesh = {micrometres} µm (ASTM E11)",
        assumed="" if match["sign"] else "all grains are taken to pass this sieve",
    )
