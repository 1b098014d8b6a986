"""Countries from every code system and seven languages; two readings are no reading."""

from __future__ import annotations

import pytest

from redflags.values.country import (
    CountryTable,
    parse_country,
    parse_country_set,
    parse_region,
)
from redflags.values.text import fold

COUNTRIES = CountryTable(
    [
        ("TR", "TUR", "792", ["Türkiye", "Turkey", "Türkei", "Турция", "تركيا"], []),
        ("NO", "NOR", "578", ["Norway"], []),
        ("NA", "NAM", "516", ["Namibia"], []),
        ("GB", "GBR", "826", ["United Kingdom", "Great Britain"], ["UK"]),
        ("GR", "GRC", "300", ["Greece"], ["EL"]),
        ("AU", "AUS", "036", ["Australia"], []),
        ("US", "USA", "840", ["United States"], []),
        ("IR", "IRN", "364", ["Iran"], []),
        ("IQ", "IRQ", "368", ["Iraq"], []),
        ("SY", "SYR", "760", ["Syria", "سوريا"], []),
        ("FR", "FRA", "250", ["France"], []),
        ("CD", "COD", "180", ["Congo - Kinshasa", "Congo"], []),
        ("CG", "COG", "178", ["Congo - Brazzaville", "Congo", "Republic of the Congo"], []),
        ("KR", "KOR", "410", ["South Korea", "Republic of Korea", "Korea"], []),
        ("KP", "PRK", "408", ["North Korea", "Korea"], []),
        ("BA", "BIH", "070", ["Bosnia & Herzegovina", "Bosnia and Herzegovina"], []),
        ("DO", "DOM", "214", ["Dominican Republic"], []),
        ("DM", "DMA", "212", ["Dominica"], []),
    ]
)
REGIONS = {"TR-63": "TR-63", fold("Şanlıurfa"): "TR-63", fold("Kiev"): "UA-30"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("TR-Türkiye", "TR"), ("TR:Turkey", "TR"), ("Türkiye-TR", "TR"), ("792 Turkey", "TR"),
        ("TR", "TR"), ("tr", "TR"), ("TUR", "TR"), ("792", "TR"), ("ТR", "TR"), ("Turkey", "TR"),
        ("TÜRKİYE", "TR"), ("Turkiye Cumhuriyeti", "TR"), ("Republic of Türkiye", "TR"),
        ("Турция", "TR"), ("تركيا", "TR"), ("Turkey (TR)", "TR"), ("TR - Turkey", "TR"),
        ("NO", "NO"), ("no", "NO"), ("NA", "NA"), ("UK", "GB"), ("EL", "GR"), ("036", "AU"),
        ("36", "AU"), ("U.S.A.", "US"), ("U.K.", "GB"), ("Iran (Islamic Republic of)", "IR"),
        ("The United States", "US"), ("République française", None), ("Korea, Republic of", "KR"),
        ("Bosnia and Herzegovina", "BA"), ("Dominican Republic", "DO"), ("Dominica", "DM"),
    ],
)  # fmt: skip
def test_read(text: str, code: str | None) -> None:
    assert parse_country(text, COUNTRIES).value == code


@pytest.mark.parametrize(
    "text",
    [
        "N/A",
        "n.a.",
        "xx",
        "IQ-Turkey",
        "US-CA",
        "ZZZ",
        "999",
        "Gaziantep, Turkey",
        "Republic",
        "the",
        "",
        "-",
    ],
)
def test_unknown(text: str) -> None:
    country = parse_country(text, COUNTRIES)
    assert country.value is None
    assert country.why


def test_a_name_of_two_countries_names_both() -> None:
    assert parse_country("Congo", COUNTRIES).why == (
        '"Congo" can be Congo - Kinshasa or Congo - Brazzaville'
    )
    assert parse_country("Korea", COUNTRIES).value is None


def test_a_name_is_told_and_a_code_is_not() -> None:
    assert parse_country("turkey", COUNTRIES).how == '"turkey" is Türkiye'
    assert parse_country("TR", COUNTRIES).how == ""
    assert COUNTRIES.name("TR") == "Türkiye"
    assert COUNTRIES.name("QQ") == "QQ"


@pytest.mark.parametrize(
    "text",
    ["TR;IQ", "TR, IQ", "Turkey/Iraq", "TR|IQ", "TR → IQ", "TR -> IQ", "Turkey via Iraq",
     "Turkey and Iraq", "Turkey - Iraq", "TR IQ"],
)  # fmt: skip
def test_lists_and_routes(text: str) -> None:
    countries = parse_country_set(text, COUNTRIES)
    assert countries.value == frozenset({"TR", "IQ"})
    assert countries.detail == ("TR", "IQ")
    assert countries.partial == ""


def test_a_name_with_a_comma_or_an_and_is_not_split() -> None:
    text = "Korea, Republic of; Bosnia and Herzegovina"
    assert parse_country_set(text, COUNTRIES).value == frozenset({"KR", "BA"})


def test_an_element_that_cannot_be_read_is_told() -> None:
    countries = parse_country_set("TR, quux", COUNTRIES)
    assert countries.value == frozenset({"TR"})
    assert "quux" in countries.partial
    assert parse_country_set("quux, quuz", COUNTRIES).value is None
    assert parse_country_set(" ", COUNTRIES).why == "not stated"


@pytest.mark.parametrize(
    ("text", "code"),
    [("TR-63", "TR-63"), ("tr-63", "TR-63"), ("tr63", "TR-63"), ("Şanlıurfa", "TR-63"),
     ("SANLIURFA Province", "TR-63"), ("US-CA", "US-CA"), ("12-34", None), ("quux", None),
     ("tr99", None), ("", None)],
)  # fmt: skip
def test_regions(text: str, code: str | None) -> None:
    assert parse_region(text, REGIONS).value == code
