"""The tables of reference data: complete, consistent, and each with its source."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import redflags.reference as package
from redflags import reference
from redflags.reference.tables import read_rows, split_cell
from redflags.values.codes import parse_cas
from redflags.values.country import parse_country
from redflags.values.text import fold

DATA = Path(package.__file__).parent / "data"


def test_every_data_file_has_a_row_in_sources_and_every_row_a_file() -> None:
    files = {path.name for path in DATA.glob("*.csv")} - {"SOURCES.csv"}
    listed = [source.file for source in reference.sources()]
    assert set(listed) == files
    assert len(listed) == len(set(listed))
    for source in reference.sources():
        stated = (source.what, source.source, source.vintage, source.confidence)
        assert all(stated), source.file


@pytest.mark.parametrize("path", sorted(DATA.glob("*.csv")), ids=lambda path: path.name)
def test_every_row_has_as_many_cells_as_the_header(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}


def test_country_codes_are_unique_and_shared_names_are_few() -> None:
    codes: dict[str, str] = {}
    names: dict[str, set[str]] = {}
    for alpha2, alpha3, numeric, name, *localised, others, further in read_rows("countries"):
        for code in (alpha2, alpha3, numeric, *split_cell(further)):
            if code:
                assert codes.setdefault(code, alpha2) == alpha2, code
        for one in (name, *localised, *split_cell(others)):
            if one:
                names.setdefault(fold(one), set()).add(alpha2)
    shared = [found for found in names.values() if len(found) > 1]
    ambiguous = ({"CG", "CD"}, {"KR", "KP"}, {"VG", "VI"})
    assert [found for found in shared if found not in ambiguous] == []


def test_dial_codes_belong_to_countries_that_exist() -> None:
    known = {row[0] for row in read_rows("countries")}
    assert set(reference.dial_codes().values()) <= known | {""}
    assert reference.dial_codes()["90"] == "TR"
    assert reference.dial_codes()["1"] == ""


def test_the_legal_limits_of_the_annex_are_found_by_number_and_by_family() -> None:
    by_number = reference.legal_limit("7722-84-1")
    assert by_number is not None
    assert by_number == reference.legal_limit("hydrogen-peroxide")
    assert by_number.parts_per_million == 120_000
    assert reference.legal_limit("mobile-phone") is None


def test_every_cas_number_of_the_annexes_has_its_check_digit() -> None:
    for row in reference.list_table("eu_2019_1148_annex1"):
        assert parse_cas(row["cas"]).value == row["cas"]


@pytest.mark.parametrize("name", reference.LIST_TABLES)
def test_every_list_table_has_rows(name: str) -> None:
    assert len(reference.list_table(name)) > 0


def test_a_table_that_is_not_for_rule_packs_is_refused() -> None:
    with pytest.raises(KeyError):
        reference.list_table("red_flags")


def test_every_red_flag_speaks_of_a_base_fact() -> None:
    facts = set(reference.base_facts())
    for flag in reference.red_flag_catalogue().values():
        assert flag.statement
        for fact in flag.fact.replace(";", " ").replace("|", " ").split():
            assert fact in facts, flag.id


@pytest.mark.parametrize("name", reference.choice_names())
def test_no_phrase_of_a_vocabulary_stands_for_two_values(name: str) -> None:
    owners: dict[str, set[str]] = {}
    for choice, value, phrase, _, _ in read_rows("choices"):
        if choice == name:
            owners.setdefault(fold(phrase.replace("_", " ")) or phrase, set()).add(value)
    assert {key: found for key, found in owners.items() if len(found) > 1} == {}
    for value in reference.choices(name).values:
        assert reference.choices(name).find(value) == value


def test_units_currencies_and_lists_are_read() -> None:
    kilogram = reference.units().find("kg")
    assert kilogram is not None
    assert kilogram.dimension == "mass"
    assert "gmail.com" in reference.free_mail_domains()
    assert reference.end_user_words().find("various customers") == "generic"
    for words in ("end customer", "Endkunde", "client final", "son müşteri", "конечный потребитель",
                  "cliente finale", "klient końcowy", "最终用户", "مشتریان"):  # fmt: skip
        assert reference.end_user_words().find(words) == "generic", words
    assert reference.end_user_words().find("Kunde") == "self"
    assert reference.end_user_words().find("Example Customs Services Ltd") is None
    assert reference.legal_forms() is reference.legal_forms()
    assert reference.currencies() is reference.currencies()


@pytest.mark.parametrize(
    ("text", "code"),
    [("Russian Fed.", "RU"), ("Utd.Arab Emir.", "AE"), ("Dem. Rep. Congo", "CD"),
     ("Korea DPR", "KP"), ("Rep. of Korea", "KR"), ("IR Iran", "IR"), ("Dominican Rep.", "DO")],
)  # fmt: skip
def test_countries_are_known_by_the_short_forms_of_statistics_and_erp_systems(
    text: str, code: str
) -> None:
    assert parse_country(text, reference.countries()).value == code
