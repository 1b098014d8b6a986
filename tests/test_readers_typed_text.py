"""Typed values as text: exact, and open to one reading."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.readers.typed_text import number_text, typed_text, unmistakable, untextual
from redflags.values.number import parse_number

TEXTS: list[tuple[Any, str]] = [
    (None, ""),
    ("", ""),
    (" a ", " a "),
    (True, "yes"),
    (0, "0"),
    (10**30, "1" + "0" * 30),
    (-0.0, "0"),
    (float("nan"), ""),
    (float("-inf"), "-inf"),
    (Decimal("6.000"), "6"),
    (Decimal("1E+3"), "1000"),
    (Decimal("-1.125"), "-1.1250"),
    (Decimal("1E+999999"), "1E+999999"),
    (datetime.date(2026, 1, 31), "2026-01-31"),
    (datetime.datetime(2026, 1, 31), "2026-01-31"),
    (datetime.datetime(2026, 1, 31, tzinfo=datetime.UTC), "2026-01-31T00:00:00+00:00"),
    (datetime.timedelta(hours=26, seconds=1.5), "26:00:01.5"),
    (datetime.timedelta(minutes=-90), "-1:30:00"),
    (["a", None, 2, True], "a; 2; yes"),
    (b"caf\xc3\xa9", "café"),
    (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
]


@pytest.mark.parametrize(("value", "text"), TEXTS)
def test_each_value_is_this_text(value: Any, text: str) -> None:
    assert typed_text(value) == text


@pytest.mark.parametrize("value", [b"\xff", {"a": 1}, [{"a": 1}]])
def test_what_is_no_single_text_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"decode|group"):
        typed_text(value)


@given(
    number=st.one_of(
        st.floats(-1e15, 1e15, allow_nan=False),
        st.decimals(-(10**12), 10**12, places=3, allow_nan=False),
    )
)
def test_a_number_is_understood_as_what_it_is(number: float | Decimal) -> None:
    text = number_text(number)
    assert Fraction(text) == Fraction(
        Decimal(repr(number)) if isinstance(number, float) else number
    )
    assert unmistakable(text) == text


@pytest.mark.parametrize("number", [1.125, 0.5, 6.0, 1234.5, 999.999, 12.25])
def test_the_parser_of_numbers_has_no_doubt(number: float) -> None:
    assert parse_number(number_text(number)).value == Fraction(str(number))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("plain", ""),
        ("çok güzel 😀", ""),
        ("a\0b", "a NUL character"),
        ("a\ud800", "half a character (U+D800)"),
        ("a\udcff", "byte 0xFF, which is not valid UTF-8"),
    ],
)
def test_what_no_cell_may_hold_is_named(text: str, reason: str) -> None:
    assert untextual(text) == reason
