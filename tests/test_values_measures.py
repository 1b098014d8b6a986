"""Concentrations as exact parts per million with their basis."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.values.measures import (
    Concentration,
    ShareBounds,
    find_concentration,
    format_concentration,
    parse_concentration,
)


@pytest.mark.parametrize(
    ("text", "parts", "basis"),
    [
        ("65 %", 650_000, ""), ("65%", 650_000, ""), ("%65", 650_000, ""), ("65", 650_000, ""),
        ("0.65 %", 6_500, ""), ("1", 10_000, ""), ("12,5 %", 125_000, ""), ("3.000 %", 30_000, ""),
        ("12 % w/w", 120_000, "w/w"), ("12 wt%", 120_000, "w/w"), ("35 vol%", 350_000, "v/v"),
        ("35 % v/v", 350_000, "v/v"), ("33.5 N", 335_000, "nitrogen"),
        ("33.5 % N", 335_000, "nitrogen"), ("65 % (w/w)", 650_000, "w/w"), ("500 ppm", 500, ""),
        ("5 ‰", 5_000, ""), ("٦٥٪", 650_000, ""), ("65 percent", 650_000, ""), ("0 %", 0, ""),
        ("100 %", 1_000_000, ""),
    ],
)  # fmt: skip
def test_read(text: str, parts: int, basis: str) -> None:
    assert parse_concentration(text).value == Concentration(parts, basis)


def test_a_bare_number_is_read_as_per_cent_and_says_so() -> None:
    assert parse_concentration("3.0").how == "read as per cent"
    assert parse_concentration("3.0 %").how == ""


@pytest.mark.parametrize(
    "text",
    ["", "0.65", "0,35", "0.35 w/w", "10-3", "35-37-40 %", "min.", "500 g/l", "101", "101 %", "-3",
     "> 12 %", "10-12 %", "12 % w/v", "pure", "1e9 %"],
)  # fmt: skip
def test_refused(text: str) -> None:
    share = parse_concentration(text)
    assert share.value is None
    assert share.why


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("hydrogen peroxide 50 %", 500_000), ("paste of aluminium, 65 %", 650_000),
        ("%50 hidrojen peroksit", 500_000), ("nitric acid 68% w/w, 68 %", 680_000),
    ],
)  # fmt: skip
def test_found_in_a_text(text: str, parts: int) -> None:
    found = find_concentration(text)
    assert found is not None
    assert found.value.parts_per_million == parts


@pytest.mark.parametrize("text", ["5 % and 6 %", "min 60-65 %", "> 12 %", "60 to 65 %"])
def test_two_shares_or_a_range_in_a_text_are_unknown(text: str) -> None:
    found = find_concentration(text)
    assert found is not None
    assert found.value is None
    assert found.why


@pytest.mark.parametrize("text", ["", "aluminium paste", "NPK 15-15-15", "model 65", "500 g/l"])
def test_no_share_in_a_text(text: str) -> None:
    assert find_concentration(text) is None


@given(st.integers(0, 10**6))
def test_a_shown_share_is_read_back(parts: int) -> None:
    share = Concentration(parts, "w/w")
    assert parse_concentration(format_concentration(share)).value == share


def test_a_share_below_one_without_a_sign_asks_for_the_sign() -> None:
    assert "per cent sign" in parse_concentration("0.35").why


def test_an_approximate_share_is_shown_as_assumed() -> None:
    share = parse_concentration("ca. 35 %")
    assert share.value == Concentration(350_000)
    assert share.assumed


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("min. 35 %", 350_000, None), ("≥ 99,5 %", 995_000, None), (">99%", 990_000, None),
        ("99.5% min.", 995_000, None), ("99%+", 990_000, None), ("en az %35", 350_000, None),
        ("не менее 99,5 %", 995_000, None), ("min 99", 990_000, None),
        ("max 3 %", None, 30_000), ("<12%", None, 120_000), ("up to 12 % w/w", None, 120_000),
        ("35-37%", 350_000, 370_000), ("68 – 70 % w/w", 680_000, 700_000),
        ("68% bis 70%", 680_000, 700_000), ("%35-37", 350_000, 370_000), ("5-10 ppm", 5, 10),
    ],
)  # fmt: skip
def test_bounds_and_ranges_are_no_share_and_keep_their_ends(
    text: str, least: int | None, most: int | None
) -> None:
    share = parse_concentration(text)
    assert share.value is None
    assert isinstance(share.detail, ShareBounds)
    ends = (share.detail.least, share.detail.most)
    assert tuple(end and end.parts_per_million for end in ends) == (least, most)


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [("hydrogen peroxide > 35 %", 350_000, None), ("nitric acid 68-70 %", 680_000, 700_000),
     ("Salpetersäure 60 % bis 65 %", 600_000, 650_000), ("solution <3 %", None, 30_000)],
)  # fmt: skip
def test_bounds_in_a_text_keep_their_ends(text: str, least: int | None, most: int | None) -> None:
    found = find_concentration(text)
    assert found is not None
    assert found.value is None
    ends = (found.detail.least, found.detail.most)
    assert tuple(end and end.parts_per_million for end in ends) == (least, most)


@given(st.text(alphabet="0123456789.,-–<>≥ %minaxtobsw/", max_size=40))
def test_no_text_breaks_the_reading_of_bounds(text: str) -> None:
    share = parse_concentration(text)
    assert share.value is None or share.why == ""
