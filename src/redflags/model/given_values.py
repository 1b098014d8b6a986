"""Values as programs hold them: each as the text that it would be written as.

Numbers and days of numpy and pandas are taken as Python's own. Neither package is imported: a value
of theirs is known by the module of its type.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

_LARGEST_NUMBER = 400
"""Bits of a whole number up to which it is printed: str() refuses thousands of digits."""

NUMPY_KINDS_READ_AS = {"b": bool, "i": int, "u": int}
"""Kinds of numpy's scalars that are Python's own values of another name."""


def text_of(value: Any, depth: int = 0) -> str:
    """The text that a plain value is written as; the empty one of nothing, and of what stands for
    nothing in tables: NaN, NaT and pandas' NA. Raises ``ValueError`` for a type that no value is
    written in."""
    if isinstance(value, str):
        # Of a member of an enumeration its text, and not its name.
        return value if type(value) is str else str.__str__(value)
    if value is None and depth == 0:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        is_huge = value.bit_length() > _LARGEST_NUMBER
        return "a number of more than 100 digits" if is_huge else int.__repr__(value)
    if isinstance(value, float):
        return _text_of_float(float(value))
    package = type(value).__module__.partition(".")[0]
    if package == "pandas" and type(value).__name__ in ("NAType", "NaTType"):
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        if value.is_nan():
            return ""
        return format(value, "f") if value.is_finite() else str(value)
    if isinstance(value, list | tuple | set | frozenset) and depth == 0:
        members = [text_of(member, depth + 1) for member in value]
        return "; ".join(sorted(members) if isinstance(value, set | frozenset) else members)
    if package == "numpy":
        return _text_of_numpy(value, depth)
    raise _no_value(value)


def _text_of_float(value: float) -> str:
    if value != value:
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)


def _text_of_numpy(value: Any, depth: int) -> str:
    """The text of a scalar of numpy, or of an array of them in one dimension."""
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if getattr(value, "shape", None) != ():
        if depth == 0 and len(getattr(value, "shape", None) or ()) == 1:
            return text_of(list(value), depth)
        raise _no_value(value)
    if kind in NUMPY_KINDS_READ_AS:
        return text_of(NUMPY_KINDS_READ_AS[kind](value), depth)
    if kind == "f":
        # By its own digits: as one of Python's, 0.1 of 32 bits is 0.10000000149011612.
        return _text_of_float(float(str(value)))
    if kind == "M":
        written = str(value)
        return "" if written == "NaT" else written.partition("T")[0]
    raise _no_value(value)


def _no_value(value: Any) -> ValueError:
    return ValueError(
        f"a value is written as text, a number or a date, not as {type(value).__name__}"
    )
