"""Typed values of formats that have types, written as text: exactly, and open to one reading."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal

_LIKE_THOUSANDS = re.compile(r"-?[0-9]{1,3}\.[0-9]{3}")


def unmistakable(number: str) -> str:
    """A number with a decimal point so that the point cannot be taken for a mark of thousands:
    ``1.125`` becomes ``1.1250``, every other text stays as it is.

    Only for what is known to be a number with a decimal point; never for a text.
    """
    return number + "0" if _LIKE_THOUSANDS.fullmatch(number) else number


def number_text(number: float | Decimal) -> str:
    """A number in full: no exponent, no needless zeros, never like a mark of thousands; a float
    has the fewest digits that lead back to it, and one that is no number is empty."""
    exact = number if isinstance(number, Decimal) else Decimal(repr(number))
    if exact.is_nan():
        return ""
    if exact.is_infinite():
        return "inf" if exact > 0 else "-inf"
    if exact.adjusted() > _LONGEST_NUMBER or exact.as_tuple().exponent < -_LONGEST_NUMBER:  # type: ignore[operator]
        return str(exact)
    text = f"{exact:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return unmistakable("0" if text == "-0" else text)


_LONGEST_NUMBER = 1_000
"""Digits before or behind the point beyond which a number is left with its exponent."""


def typed_text(value: object) -> str:
    """A single value as text.

    None is empty; a truth value yes or no; an integer as it is; any other number as
    :func:`number_text` says; a date, and a time at midnight, as 2015-07-01, any other time in
    ISO 8601; a length of time as hours, minutes and seconds; bytes as UTF-8; several values one
    after the other with ``"; "`` between them.

    Raises ``ValueError`` for bytes that are no text and for groups of named values.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float | Decimal):
        return number_text(value)
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None and value.time() == datetime.time():
            return value.date().isoformat()
        return value.isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return _length_of_time(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8")
    if isinstance(value, list | tuple | set | frozenset):
        return "; ".join(text for text in map(typed_text, value) if text)
    if isinstance(value, Mapping):
        raise ValueError("a group of named values is no single value")
    return str(value)


def _length_of_time(value: datetime.timedelta) -> str:
    seconds = value.days * 86_400 + value.seconds
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    fraction = f".{value.microseconds:06d}".rstrip("0") if value.microseconds and not sign else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{fraction}"


def untextual(text: str) -> str:
    """Why a text cannot be used as a cell: a NUL or half a character in it; else ""."""
    if "\0" in text:
        return "a NUL character"
    if text.isascii():
        return ""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        odd = ord(text[error.start])
        if 0xDC80 <= odd <= 0xDCFF:
            return f"byte 0x{odd - 0xDC00:02X}, which is not valid UTF-8"
        return f"half a character (U+{odd:04X})"
    return ""
