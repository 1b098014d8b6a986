"""Places are found by name, in any script, and only where they can be meant."""

from __future__ import annotations

import pytest

from redflags import reference
from redflags.model.kinds import REGION
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


@pytest.mark.parametrize(
    ("text", "country", "subdivision"),
    [
        ("Istanbul", "TR", "TR-34"), ("İSTANBUL", None, "TR-34"),
        ("Istanbul (Asia)", None, "TR-34"),
        ("34000 Istanbul/Kadıköy", "TR", "TR-34"), ("Стамбул", None, "TR-34"),
        ("اسطنبول", None, "TR-34"),
        ("Kocaeli", None, "TR-41"), ("Van", "TR", "TR-65"), ("Damascus", None, "SY-DI"),
        ("دمشق", "SY", "SY-DI"), ("Hama", "SY", "SY-HM"), ("Baghdad", None, "IQ-BG"),
        ("البصرة", None, "IQ-BA"), ("Beirut", None, "LB-BA"), ("Tripoli", "LB", "LB-AS"),
        ("Tripoli", "LY", "LY-TB"), ("Tripoli, Libya", None, "LY-TB"), ("Kharkiv", None, "UA-63"),
        ("Харків", None, "UA-63"), ("Белгород", "RU", "RU-BEL"), ("Dubai", None, "AE-DU"),
        ("Jebel Ali Free Zone, Dubai", "AE", "AE-DU"), ("Bandar Abbas", None, "IR-22"),
        ("Bishkek", None, "KG-GB"), ("Almaty", None, "KZ-75"), ("Yerevan", None, "AM-ER"),
        ("Karachi", None, "PK-SD"), ("Maiduguri", None, "NG-BO"), ("Timbuktu", None, "ML-6"),
        ("Limassol", "CY", "CY-02"), ("深圳", None, "CN-GD"), ("广东省深圳市南山区", "CN", "CN-GD"),
        ("Misrata", None, "LY-MI"), ("Erbil", "IQ", "IQ-AR"), ("Gence", "AZ", "AZ-GA"),
        ("AEJEA", None, "AE-DU"), ("TR IST", None, "TR-34"), ("TR-MER", "TR", "TR-33"),
        ("cylms", "CY", "CY-02"), ("SYLTK", "SY", "SY-LA"), ("IQUQR", None, "IQ-BA"),
        ("AEJEA", "TR", None), ("QQQQQ", None, None),
    ],
)  # fmt: skip
def test_chief_towns_and_ports_lie_in_their_region(
    text: str, country: str | None, subdivision: str | None
) -> None:
    found = reference.find_place(text, country)
    assert (found.subdivision if found else None) == subdivision


@pytest.mark.parametrize(
    ("address", "subdivision"),
    [
        ("Ankara Caddesi 5, Istanbul", "TR-34"), ("Hatay Sok. No 3 Konak/İzmir", "TR-35"),
        ("Urfa Yolu 5. km, Gaziantep", "TR-27"), ("ул. Московская 5, Харьков", "UA-63"),
        ("rue de Damas 3, Beyrouth", "LB-BA"), ("شارع بغداد، دمشق", "SY-DI"),
        ("Baghdad Street 4, Aleppo", "SY-HL"), ("Ankara Caddesi 5", None),
        ("Ankara - Istanbul", None), ("Fatih Mah. Atatürk Cad. 5, Başakşehir, İstanbul", "TR-34"),
    ],
)  # fmt: skip
def test_a_street_s_name_is_no_place(address: str, subdivision: str | None) -> None:
    for country in (subdivision[:2] if subdivision else "TR", None):
        found = reference.find_place(address, country)
        assert (found.subdivision if found else None) == subdivision


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Istanbul", "TR-34"), ("Kharkiv Oblast", "UA-63"), ("Харьковская область", "UA-63"),
        ("Kyiv Oblast", "UA-32"), ("Kyiv", "UA-30"), ("Moscow Oblast", "RU-MOS"),
        ("Moscow", "RU-MOW"),
        ("محافظة حلب", "SY-HL"), ("Basra Governorate", "IQ-BA"), ("Belgorod Oblast", "RU-BEL"),
        ("Anbar", "IQ-AN"), ("Khuzestan", "IR-06"), ("Guangdong", "CN-GD"),
        ("Şanlıurfa ili", "TR-63"),
    ],
)  # fmt: skip
def test_a_region_is_known_by_its_chief_town_and_in_its_own_script(text: str, code: str) -> None:
    assert REGION.parse(text).value == code


def test_every_province_of_turkey_has_its_town() -> None:
    for code in (f"TR-{number:02d}" for number in range(1, 82)):
        name = reference.region_name(code)
        found = reference.find_place(str(name), "TR")
        assert found is not None, name
        assert found.subdivision == code


def test_every_port_s_code_exists_and_lies_in_its_country() -> None:
    rows = list(read_rows("un_locodes"))
    assert len({row[0] for row in rows}) == len(rows)
    for code, _, subdivision in rows:
        assert len(code) == 5
        assert subdivision[:2] == code[:2]
        assert reference.region_name(subdivision) is not None, code


@pytest.mark.parametrize("text", ["深圳" * 50_000, "Istanbul " * 20_000, "شارع " * 20_000])
def test_long_texts_are_searched_in_bounded_work(text: str) -> None:
    reference.find_place(text, None)


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
