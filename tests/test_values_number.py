"""Numbers in any notation come back exactly, and what has two readings is not guessed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from redflags.values.number import parse_number, plain_number


def grouped(whole: int, mark: str) -> str:
    return f"{whole:,}".replace(",", mark)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.56", "1234.56"), ("1.234,56", "1234.56"), ("1 234,56", "1234.56"),
        ("1'234.56", "1234.56"), ("1’234,5", "1234.5"), ("1٬234٫56", "1234.56"),
        ("١٢٣٤٫٥", "1234.5"), ("۶", "6"), ("６", "6"), ("1\u00a0234\u202f567", "1234567"),
        ("+5", "5"), ("-5", "-5"), ("−5", "-5"), ("5-", "-5"), ("(5)", "-5"), (" 6 ", "6"),
        ("- 5", "-5"), ("0", "0"), ("-0", "0"), ("0.500", "0.5"), ("0,500", "0.5"),
        (".5", "0.5"), (",5", "0.5"), ("5.", "5"), ("1234.567", "1234.567"),
        ("1,234,567", "1234567"), ("1.234.567", "1234567"), ("12,34,567", "1234567"),
        ("1,23,45,678.5", "12345678.5"), ("1 234,567", "1234.567"), ("6,5", "6.5"),
        ("1.5", "1.5"), ("1.2345", "1.2345"), ("1E5", "100000"), ("1.5e-3", "0.0015"),
        ("6.000E3", "6000"), ("007", "7"), ("\u200e6\u200f", "6"),
    ],
)  # fmt: skip
def test_read(text: str, value: str) -> None:
    assert parse_number(text).value == Fraction(value)


@pytest.mark.parametrize(
    "text",
    ["", " ", "abc", "nan", "inf", "-inf", "NaN", "1/2", "½", "12 34", "1.2.3", "1,2,3", "--5",
     "(-5)", "-5-", ".", ",", "-", "1e400", "1e19", "1e-19", "1e3.5", "9" * 41, "1,234 567",
     "1.234,567.8", "1_000_", "0x10", "10²", "1e", "e5", "5%", "²"],
)  # fmt: skip
def test_refused(text: str) -> None:
    number = parse_number(text)
    assert number.value is None
    assert number.why


@pytest.mark.parametrize(
    ("text", "small", "large"),
    [("6.000", 6, 6000), ("6,000", 6, 6000), ("-123.456", Fraction("123.456"), 123456)],
)
def test_a_mark_before_three_digits_is_not_guessed(
    text: str, small: Fraction, large: Fraction
) -> None:
    number = parse_number(text)
    assert number.value is None
    assert "can be" in number.why
    assert number.detail == (small, large)
    assert number.needs == ()


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [("6.000", ".", 6), ("6.000", ",", 6000), ("6,000", ",", 6), ("6,000", ".", 6000)],
)
def test_the_decimal_mark_settles_it(text: str, decimal: str, value: int) -> None:
    assert parse_number(text, decimal).value == value


@pytest.mark.parametrize(
    ("text", "decimal"),
    [("1,234.56", ","), ("1.234,56", "."), ("1.5", ","), ("0,500", "."), ("1.234.567", ".")],
)
def test_a_text_that_contradicts_the_decimal_mark_is_unknown(text: str, decimal: str) -> None:
    number = parse_number(text, decimal)
    assert number.value is None
    assert "does not fit" in number.why


@given(
    st.integers(0, 10**15),
    st.integers(0, 99),
    st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("٬", "٫"), ("\u202f", ",")]),
    st.sampled_from(["", "-"]),
)
def test_formatted_numbers_come_back(
    whole: int, cents: int, marks: tuple[str, str], sign: str
) -> None:
    text = f"{sign}{grouped(whole, marks[0])}{marks[1]}{cents:02d}"
    expected = Fraction(whole * 100 + cents, 100)
    assert parse_number(text).value == (-expected if sign else expected)


@given(st.integers(-(10**30), 10**30))
def test_whole_numbers_come_back(number: int) -> None:
    assert parse_number(str(number)).value == number


@given(st.fractions(max_denominator=10**6))
def test_plain_numbers_are_near_and_have_no_float(number: Fraction) -> None:
    assert abs(Fraction(plain_number(number, 6)) - number) <= Fraction(1, 2 * 10**6)


@given(st.decimals(-(10**9), 10**9, places=3), st.sampled_from([".", ","]))
def test_a_setting_reads_every_decimal(number: object, decimal: str) -> None:
    text = str(number).replace(".", decimal)
    assume("E" not in text)
    assert parse_number(text, decimal).value == Fraction(str(number))
