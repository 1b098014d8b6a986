"""Places are found by name, in any script, and only where they can be meant."""

from __future__ import annotations

import pytest

from redflags import reference
from redflags.reference.tables import read_rows
from redflags.values.text import fold


@pytest.mark.parametrize("country", ["TR", None])
@pytest.mark.parametrize(
    ("text", "subdivision"),
    [
        ("Sanliurfa", "TR-63"),
        ("Şanlıurfa", "TR-63"),
        ("ŞANLIURFA", "TR-63"),
        ("Urfa / Türkiye", "TR-63"),
        ("Sanliurfa / Türkiye", "TR-63"),
        ("Akçakale", "TR-63"),
        ("Akcakale, Sanliurfa", "TR-63"),
        ("شانلي أورفا", "TR-63"),
        ("Шанлыурфа", "TR-63"),
        ("Gaziantep", "TR-27"),
        ("Atatürk Cad. 5, Gaziantep", "TR-27"),
    ],
)
def test_a_place_is_found_however_it_is_written(
    text: str, country: str | None, subdivision: str
) -> None:
    place = reference.find_place(text, country)
    assert place is not None
    assert (place.country, place.subdivision) == ("TR", subdivision)


@pytest.mark.parametrize("text", ["", "Nowhere", "Sanliurfax", "12345", "x" * 5_000])
def test_a_text_without_a_listed_place_names_none(text: str) -> None:
    assert reference.find_place(text, None) is None


def test_a_place_of_another_country_is_not_found() -> None:
    assert reference.find_place("Sanliurfa", "DE") is None


def test_an_ambiguous_name_counts_only_with_its_own_country() -> None:
    ambiguous = [row for row in read_rows("places") if row[5] == "yes"]
    assert ambiguous
    for name, _, country, *_ in ambiguous:
        own = reference.find_place(name, country)
        assert own is not None
        assert own.country == country
        bare = reference.find_place(name, None)
        assert bare is None or not bare.ambiguous


def test_every_place_and_region_has_a_code_that_exists() -> None:
    for name, _, country, subdivision, *_ in read_rows("places"):
        assert not subdivision or subdivision.startswith(f"{country}-"), name
        assert not subdivision or reference.region_name(subdivision) is not None, name
    for row in reference.conflict_adjacent_regions():
        assert row["country"]


def test_a_region_is_known_by_its_code_and_by_its_name() -> None:
    assert reference.regions()[fold("TR-63")] == "TR-63"
    assert reference.regions()[fold("Şanlıurfa")] == "TR-63"
    assert reference.region_name("XX-99") is None


@pytest.mark.parametrize("country", ["UA", "RU", None])
@pytest.mark.parametrize(
    ("text", "subdivision"),
    [("Simferopol", "UA-43"), ("Керчь", "UA-43"), ("Sevastopol", "UA-40")],
)
def test_a_territory_is_found_under_both_countries_that_addresses_write(
    text: str, country: str | None, subdivision: str
) -> None:
    place = reference.find_place(text, country)
    assert place is not None
    assert place.subdivision == subdivision


def test_a_territory_is_not_found_in_other_countries() -> None:
    assert reference.find_place("Simferopol", "TR") is None
    assert reference.find_place("Kherson", "RU") is None
