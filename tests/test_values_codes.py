"""Codes stay text, and a CAS number has the right check digit or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.values.codes import find_cas, parse_cas, parse_control_code, parse_tariff_code


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("3212.90", "321290"), ("010121", "010121"), ("01", "01"), ("7603", "7603"),
        ("ex 2808 00 00", "28080000"), ("HS 3212.90", "321290"), ("3212 90 00 00", "3212900000"),
        ("3212.90 (pigments)", "321290"), ("٣٢١٢", "3212"), ("3212.90.00.00.11", "321290000011"),
    ],
)  # fmt: skip
def test_tariff_codes(text: str, digits: str) -> None:
    assert parse_tariff_code(text).value == digits


@pytest.mark.parametrize(
    "text", ["", "abc", "1", "321", "3" * 13, "0000", "3212 pigments", "-3212"]
)
def test_no_tariff_codes(text: str) -> None:
    code = parse_tariff_code(text)
    assert code.value is None
    assert code.why


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("80510", None), ("805.10", None), ("8051000", None), ("805.100.010", None),
        ("80510001000", None), ("08051", "08051"), ("3212.9", "32129"), ("3212.90.1", "3212901"),
        ("851762090", "851762090"), ("8806", "8806"), ("880610", "880610"),
    ],
)  # fmt: skip
def test_a_code_that_may_have_lost_its_zero_is_unknown(text: str, digits: str | None) -> None:
    code = parse_tariff_code(text)
    assert code.value == digits
    assert ("a 0 before it may be lost" in code.why) is (digits is None)


@pytest.mark.parametrize(
    "text", ["7429-90-5", " 7429-90-5 ", "CAS 7429-90-5", "CAS-No. 7429-90-5", "7429–90–5"]
)
def test_cas_numbers(text: str) -> None:
    assert parse_cas(text).value == "7429-90-5"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("7429-90-6", 'the check digit of "7429-90-6" is wrong'),
        ("7429905", '"7429905" is no CAS number'),
        ("1E001", '"1E001" is no CAS number'),
        ("", "not stated"),
    ],
)
def test_no_cas_numbers(text: str, why: str) -> None:
    assert parse_cas(text).why == why


@given(st.integers(10, 9_999_999), st.integers(0, 99))
def test_one_check_digit_in_ten_is_right(first: int, second: int) -> None:
    read = [parse_cas(f"{first}-{second:02d}-{check}").value for check in range(10)]
    assert sum(value is not None for value in read) == 1


def test_cas_numbers_inside_a_text() -> None:
    text = "aluminium (7429-90-5), urea 57-13-6, 57-13-7, 7429-90-5 and 1-57-13-6"
    assert find_cas(text) == ("7429-90-5", "57-13-6")
    assert find_cas("no number") == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [("1e001", "1E001"), (" ML8 ", "ML8"), ("5A992.c", "5A992.C"), ("EAR99", "EAR99"),
     ("9A012", "9A012"), ("--", None), ("", None),
     ("ECCN 2B231.a", "2B231.A"), ("AL: 2B231", "2B231"), ("Annex I 5A002", "5A002"),
     ("EU 5A002.a.1 (Cat 5 Part 2)", "5A002.A.1"), ("9 A 012", "9A012"), ("EU ML 10.c", "ML10.C"),
     ("AL 0006", "0006"), ("ECCN: EAR99", "EAR99"), ("USML VIII(h)", "USML VIII(H)"),
     ("2B231; 3A001", "2B231; 3A001"), ("ECCN", "ECCN"), ("AL: N", "AL: N")],
)  # fmt: skip
def test_control_codes_stay_text(text: str, code: str | None) -> None:
    assert parse_control_code(text).value == code
