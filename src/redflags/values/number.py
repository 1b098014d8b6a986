"""Numbers in any notation, as exact fractions; what can be read in two ways is not guessed."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from redflags.values.text import shown
from redflags.values.understood import BLANK, Understood, unknown

MOST_DIGITS = 40
LARGEST_EXPONENT = 18
_LONGEST = 120

_MARKS = str.maketrans(
    {
        "−": "-", "–": "-", "‐": "-", "‑": "-", "﹣": "-", "－": "-", "＋": "+", "（": "(",
        "）": ")", "’": "'", "‘": "'", "ʼ": "'", "′": "'", "´": "'", "`": "'", "，": ",",
        "．": ".", "、": ",", "·": ".", "،": ",", "˙": "'", "_": "'",
    }
)  # fmt: skip
_SHAPE = re.compile(r"([0-9., '٬٫]+?)(?:[eE]([+-]?[0-9]{1,6}))?")
_DIGITS = re.compile(r"[0-9]{1,18}")
_SEPARATOR = re.compile(r"[., '٬٫]")


def plain_number(number: Fraction, places: int = 6) -> str:
    """The number with a decimal point and at most ``places`` decimals (half to even), no grouping.

    A number too small for the places shows as 0.
    """
    # Whole numbers alone: a fraction would be reduced at each step.
    scaled, left = divmod(number.numerator * 10**places, number.denominator)
    if 2 * left > number.denominator or (2 * left == number.denominator and scaled % 2):
        scaled += 1
    sign = "-" if scaled < 0 else ""
    whole, rest = divmod(abs(scaled), 10**places)
    decimals = f"{rest:0{places}d}".rstrip("0") if places > 0 else ""
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def _ascii_marks(text: str) -> str:
    """Digits of every script as ASCII, one kind of each mark, plain spaces, nothing unseen."""
    if text.isascii():
        return " ".join(text.split())
    marked = []
    for character in text.translate(_MARKS):
        if character.isdecimal():
            marked.append(str(unicodedata.decimal(character)))
        elif unicodedata.category(character) != "Cf":
            marked.append(character)
    return " ".join("".join(marked).split())


def _take_sign(body: str) -> tuple[int, str] | None:
    """The sign (1 or -1) and the unsigned rest; None where two signs contradict each other."""
    signs = 0
    sign = 1
    if body.startswith("(") and body.endswith(")"):
        sign, signs, body = -1, signs + 1, body[1:-1].strip()
    if body[:1] in ("+", "-"):
        sign, signs, body = (-1 if body[0] == "-" else sign), signs + 1, body[1:].strip()
    if body[-1:] in ("+", "-"):
        sign, signs, body = (-1 if body[-1] == "-" else sign), signs + 1, body[:-1].strip()
    return None if signs > 1 else (sign, body)


def _well_grouped(groups: list[str]) -> bool:
    """Whether digit groups are in threes, or as in India in twos with a last group of three."""
    first, rest = groups[0], groups[1:]
    if not rest or not 1 <= len(first) <= 3 or len(rest[-1]) != 3 or first.startswith("0"):
        return False
    if all(len(group) == 3 for group in rest):
        return True
    return len(first) <= 2 and all(len(group) == 2 for group in rest[:-1])


class _UnreadableError(Exception):
    """Carries the reason why a body of digits and separators says no number."""

    def __init__(self, why: str, readings: tuple[Fraction, ...] = ()) -> None:
        super().__init__(why)
        self.why = why
        self.readings = readings


def _fraction(whole: str, decimals: str = "") -> Fraction:
    return Fraction(int((whole + decimals) or "0"), 10 ** len(decimals))


def _read_body(body: str, decimal: str | None, scientific: bool, written: str) -> Fraction:
    """The value of digits and separators; raises _UnreadableError with the reason."""
    used = _SEPARATOR.findall(body)
    if not used:
        return _fraction(body)
    kinds = list(dict.fromkeys(used))
    not_a_number = _UnreadableError(f'"{written}" is not a number')
    last = used[-1]
    if len(kinds) > 2:
        raise not_a_number
    if len(kinds) == 2:
        group = kinds[0]
        if used.count(last) != 1 or last not in ".,٫" or group == "٫":
            raise not_a_number
        head, tail = body.rsplit(last, 1)
        groups = head.split(group)
        if not _well_grouped(groups) or not tail:
            raise not_a_number
        if decimal is not None and decimal != last and last != "٫":
            raise _UnreadableError(f'"{written}" does not fit the decimal "{decimal}"')
        return _fraction("".join(groups), tail)
    groups = body.split(last)
    if last == "٫" and len(groups) == 2 and any(groups):
        return _fraction(groups[0], groups[1])
    if last in " '٬":
        if not _well_grouped(groups):
            raise not_a_number
        return _fraction("".join(groups))
    if len(groups) > 2:
        if not _well_grouped(groups):
            raise not_a_number
        if decimal == last:
            raise _UnreadableError(f'"{written}" does not fit the decimal "{decimal}"')
        return _fraction("".join(groups))
    whole, tail = groups
    if not whole and not tail:
        raise not_a_number
    if decimal is not None and decimal != last:
        if not _well_grouped(groups):
            raise _UnreadableError(f'"{written}" does not fit the decimal "{decimal}"')
        return _fraction(whole + tail)
    if decimal is None and not scientific and _well_grouped(groups):
        readings = (_fraction(whole, tail), _fraction(whole + tail))
        small, large = (plain_number(reading) for reading in readings)
        raise _UnreadableError(f"{written} can be {small} or {large}", readings)
    return _fraction(whole, tail)


def parse_number(text: str, decimal: str | None = None) -> Understood:
    """A number in any notation, as an exact Fraction.

    Grouping by comma, point, space, apostrophe or the Arabic mark is read, also in the Indian
    manner, and digits of every script, a sign before or after, and brackets for a negative. One
    comma or point before exactly three digits can be a decimal or a thousands mark: unknown (both
    readings stand in ``detail``), unless ``decimal`` ("." or ",") settles it.
    """
    if _DIGITS.fullmatch(text) is not None:  # most numbers by far
        return Understood(written=text, value=Fraction(int(text)))
    if not text.strip():
        return BLANK
    written = shown(text.strip())
    if len(text) > _LONGEST:
        return unknown(text, f'"{written}" is too long for a number')
    marked = _ascii_marks(text)
    signed = _take_sign(marked)
    shape = None if signed is None else _SHAPE.fullmatch(signed[1])
    if signed is None or shape is None or not any(c.isdigit() for c in shape[1]):
        return unknown(text, f'"{written}" is not a number')
    body, exponent = shape[1].strip(), int(shape[2] or 0)
    if sum(c.isdigit() for c in body) > MOST_DIGITS:
        return unknown(text, f'"{written}" has more than {MOST_DIGITS} digits')
    if abs(exponent) > LARGEST_EXPONENT:
        return unknown(text, f'"{written}" is beyond any amount in an order')
    try:
        value = _read_body(body, decimal, shape[2] is not None, written)
    except _UnreadableError as reason:
        return Understood(written=text, why=reason.why, detail=reason.readings or None)
    if signed[0] < 0:
        value = -value
    if exponent:
        value *= Fraction(10) ** exponent
    if any(mark in body for mark in ", '٬٫") or not text.isascii() or body.count(".") > 1:
        return Understood(written=text, value=value, how=f"read as {plain_number(value)}")
    return Understood(written=text, value=value)


def decimal_mark(text: str) -> str | None:
    """The decimal mark, "." or ",", that a number can only be read with; None if either will do.

    ``1.234,5`` and ``1.234.567`` leave only the comma, ``0.125`` and ``1,234,567`` the point;
    ``6.000``, ``6000`` and what is no number leave it open.
    """
    if len(text) > _LONGEST:
        return None
    body = _ascii_marks(text)
    if "," not in body and "." not in body:
        return None
    readings = {mark: parse_number(body, mark).value for mark in ".,"}
    fitting = [mark for mark, value in readings.items() if value is not None]
    return fitting[0] if len(fitting) == 1 else None
