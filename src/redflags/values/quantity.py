"""Quantities as people write them: a number and a unit, in one cell or in two."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from fractions import Fraction

from redflags.values.amounts import Quantity, convert, format_quantity, measured
from redflags.values.grains import parse_grains
from redflags.values.number import parse_number
from redflags.values.packing import parse_content, parse_packed
from redflags.values.text import shown
from redflags.values.understood import BLANK, Understood, unknown
from redflags.values.units import BASE, Unit, UnitTable

__all__ = [
    "BASE",
    "Quantity",
    "Unit",
    "UnitTable",
    "convert",
    "format_quantity",
    "parse_quantity",
]

_LONGEST = 200

# A number within a text. Only the number itself may hold spaces, so one scan is enough.
_NUMBER = re.compile(
    r"[(（]?\s*[-+−–]?\s*[.,٫]?\d(?:[\d.,'’ʼ٬٫\s]*\d)?(?:[eE][+-]?\d+)?(?:\s*[)）]|-(?!\S))?"
)
_ABOUT = tuple(
    sorted(
        (
            "ca", "circa", "approx", "approximately", "about", "around", "abt", "appr", "etwa",
            "rund", "ungefähr", "zirka", "yaklaşık", "takriben", "env", "environ", "aprox",
            "aproximadamente", "unos", "около", "примерно", "ок", "прибл", "حوالي", "تقريبا", "约",
            "nominal", "roughly",
        ),
        key=len,
        reverse=True,
    )
)  # fmt: skip
_BOUNDS = (
    "max", "maximum", "min", "minimum", "up to", "at least", "at most", "more than", "less than",
    "not more than", "no more than", "over", "under", "above", "below", "exceeding", "mindestens",
    "höchstens", "maximal", "bis zu", "über", "unter", "mehr als", "weniger als", "en az",
    "en fazla", "en çok", "jusqu'à", "au moins", "au plus", "plus de", "moins de", "hasta",
    "al menos", "como máximo", "más de", "menos de", "не более", "не менее", "до", "свыше",
    "более", "менее", "حتى", "أكثر من", "أقل من",
)  # fmt: skip
_APPROXIMATE = re.compile(
    r"\s*(?:[~≈]|(?:" + "|".join(map(re.escape, _ABOUT)) + r")(?![^\W\d_])\.?)\s*(?=[\d(+.,-])",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"\s*(?:[<>≤≥]=?|(?:" + "|".join(map(re.escape, _BOUNDS)) + r")(?![^\W\d_])\.?:?)\s*\d",
    re.IGNORECASE,
)
_BOUND_AFTER = re.compile(r"\d[^\d]{0,20}(?:\+|\bor more|\bor less|\bmax\.?|\bmin\.?)\s*$", re.I)
_TOLERANCE = re.compile(r"\s*[(,]?\s*(?:\+\s?/\s?[-–−]|±)\s?\d{1,2}(?:[.,]\d{1,2})?\s?%\s?\)?\s*$")


# Most quantities by far: a number, and perhaps a unit of Latin letters.
_SIMPLE = re.compile(r"([0-9](?:[0-9.,]*[0-9])?)\s?[A-Za-z]{0,12}")


# A half, written with a sign, or in figures with or without whole ones before it.
_FRACTION = re.compile(
    r"(?:(?P<whole>\d{1,6})\s*(?=[¼-¾⅐-⅞])|(?P<before>\d{1,6})[\s-]\s*(?=\d))?"
    r"(?:(?P<sign>[¼-¾⅐-⅞])|(?P<upper>\d{1,2})\s?(?P<slash>[/⁄])\s?(?P<lower>\d{1,2}))"
    r"(?![\d./⁄,])\s*(?P<unit>[^\d¼-¾⅐-⅞]{0,40})"
)
_USUAL_FRACTIONS = frozenset({(1, 2), (1, 3), (2, 3), (1, 4), (3, 4)})
"""Fractions that a plain slash means; 4/5 can be four packs of five."""


def _unit_text(text: str) -> str:
    return text.strip().strip("-–").strip()


def parse_quantity(
    text: str, unit: str | None, units: UnitTable, decimal: str | None = None
) -> Understood:
    """A quantity such as ``6 t``, ``kg 6000``, ``20 bags of 25 kg`` or ``6`` with the unit given
    beside it.

    The value is a :class:`Quantity`, exact and rounded half to even to whole base units. A number
    without a unit, an unknown unit, or two units that disagree make it unknown, and so do ranges
    and bounds (``2-3 t``, ``max. 5 kg``), unless they are sizes of grains (see
    :func:`~redflags.values.grains.parse_grains`); negative amounts are kept.
    """
    stripped = text.strip()
    beside = (unit or "").strip()
    if not stripped:
        return BLANK
    if len(text) > _LONGEST:
        return unknown(text, f'"{shown(stripped)}" is too long for a quantity')
    match = _SIMPLE.fullmatch(stripped)
    whole = f"{stripped} {beside}" if beside else stripped
    if match is None or whole[-4:].lower() == "mesh":
        grains = parse_grains(text, whole, decimal)
        if grains is not None:
            return grains
    if match is not None:
        return _as_written(text, "", _parse(text, stripped, match, beside, units, decimal))
    if (fraction := _fraction(stripped)) is not None:
        return _part(text, stripped, fraction, beside, units)
    if _BOUND.match(stripped) or _BOUND_AFTER.search(stripped):
        return unknown(text, f'"{shown(stripped)}" is a bound and no amount')
    body, assumed = _plainly(stripped)
    match = _NUMBER.search(body)
    if match is None:
        found = parse_packed(body, beside, units, decimal)
        return found or unknown(text, f'"{shown(stripped)}" has no number')
    return _as_written(text, assumed, _parse(text, body, match, beside, units, decimal))


def _plainly(stripped: str) -> tuple[str, str]:
    """The text without words for about and without a tolerance, and what was thereby assumed."""
    body, assumed = stripped, ""
    if (about := _APPROXIMATE.match(body)) is not None:
        body, assumed = body[about.end() :], "the amount is stated as approximate"
    if (tolerance := _TOLERANCE.search(body)) is not None and tolerance.start() > 0:
        body, assumed = body[: tolerance.start()], "the amount is stated with a tolerance"
    return body, assumed


def _as_written(text: str, assumed: str, found: Understood) -> Understood:
    if not assumed and found.written == text:
        return found
    both = "; ".join(part for part in (assumed, found.assumed) if part)
    return Understood(
        written=text,
        value=found.value,
        why=found.why,
        how=found.how,
        assumed=both if found.value is not None else "",
        needs=found.needs,
        detail=found.detail,
    )


def _parse(
    text: str,
    stripped: str,
    match: re.Match[str],
    beside: str,
    units: UnitTable,
    decimal: str | None,
) -> Understood:
    number = parse_number(match[match.lastindex or 0], decimal)
    before = _unit_text(stripped[: match.start(match.lastindex or 0)])
    after = _unit_text(stripped[match.end(match.lastindex or 0) :])
    inside = before or after
    found = units.find(inside) if inside and not (before and after) else None
    if number.value is None or (inside and found is None):
        packed = parse_packed(stripped, beside, units, decimal)
        if packed is not None:
            return packed
    if number.value is None:
        return Understood(written=text, why=number.why, detail=number.detail)
    if inside and found is None:
        if _has_digit(before) or _has_digit(after):
            return unknown(text, f'"{shown(stripped)}" has more than one number')
        if before and after:
            return unknown(text, f'"{shown(stripped)}" is not a number with a unit')
        return unknown(text, f'"{shown(inside)}" is no unit that is known', "unit")
    if not inside and not beside:
        return unknown(text, f"{shown(stripped)} has no unit", "unit")
    if beside:
        stated = units.find(beside)
        if stated is None and found is None and _has_digit(beside):
            content = parse_content(beside, units, decimal)
            if content is not None:
                return _times(text, stripped, number, content)
        if stated is None:
            return unknown(text, f'"{shown(beside)}" is no unit that is known', "unit")
        if found is not None and found.id != stated.id:
            why = f'the quantity says "{shown(inside)}" and the unit says "{shown(beside)}"'
            return unknown(text, why, "quantity", "unit")
        found = stated
    assert found is not None
    return measured(text, number.value, found, number.how)


def _fraction(stripped: str) -> tuple[Fraction, str, str] | None:
    """The number and the unit of a text such as ``1/2 t``, ``1 1/2 t`` and ``2½ kg``, and what is
    assumed of it: a plain slash could stand between packs and what one holds."""
    match = _FRACTION.fullmatch(stripped)
    if match is None:
        return None
    whole, assumed = int(match["whole"] or match["before"] or 0), ""
    if match["sign"] is not None:
        part = Fraction(unicodedata.numeric(match["sign"])).limit_denominator(10)
    else:
        upper, lower = int(match["upper"]), int(match["lower"])
        is_plain = match["slash"] == "/" and match["before"] is None
        if not 0 < upper < lower or (is_plain and (upper, lower) not in _USUAL_FRACTIONS):
            return None
        part = Fraction(upper, lower)
        assumed = f"{upper}/{lower} is taken as a fraction" if is_plain else ""
    return whole + part, match["unit"].strip(), assumed


def _part(
    text: str, stripped: str, found: tuple[Fraction, str, str], beside: str, units: UnitTable
) -> Understood:
    """So much of a unit as a fraction says."""
    number, unit, assumed = found
    one = parse_quantity(f"1 {unit}".strip(), beside, units)
    if one.value is None:
        return Understood(
            written=text, why=one.why.replace(f"1 {unit}".strip(), shown(stripped)), needs=one.needs
        )
    each: Quantity = one.value
    amount = round(number * each.amount)
    if abs(amount) >= 2**63:
        return unknown(text, f'"{shown(stripped)}" is too large')
    part = replace(each, amount=amount, number=number * each.number)
    told = f"{stripped} = {format_quantity(part)}"
    both = "; ".join(said for said in (assumed, one.assumed) if said)
    return Understood(written=text, value=part, how=told, assumed=both)


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _times(text: str, stripped: str, number: Understood, content: Understood) -> Understood:
    """So many of a unit that carries its content, “drums of 60 kg”."""
    if content.value is None:
        return Understood(written=text, why=content.why, detail=content.detail, needs=("unit",))
    each: Quantity = content.value
    amount = round(number.value * each.amount)
    if abs(amount) >= 2**63:
        return unknown(text, f'"{shown(stripped)}" is too large')
    total = replace(each, amount=amount, number=number.value * each.number)
    told = f"{stripped} × {format_quantity(each)} = {format_quantity(total)}"
    return Understood(written=text, value=total, how=told, assumed=content.assumed)
