"""The table of header names: every meaning exists, and one name means one thing in one language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags import reference
from redflags.model.fields import columns, field_table, roles
from redflags.reference.headers import LANGUAGES, STRENGTHS, header_key, header_names
from redflags.reference.tables import read_rows
from redflags.values.text import fold

OF_NO_FIELD = {"number", "postcode", "given_name", "family_name"}
SETTLED_LATER = {"weight", "weight.unit", "-"}
ROWS = list(read_rows("header_names"))
SYSTEMS = {"SAP", "Odoo", "Dynamics", "NetSuite", "Xero", "Shopify", "WooCommerce",
           "QuickBooks"}  # fmt: skip


def test_every_meaning_is_a_field_or_is_settled_later() -> None:
    attributes = {path.partition(".")[2] for path in field_table() if path.startswith("end_user.")}
    for header, field, origin, confidence, _ in ROWS:
        assert origin in {*LANGUAGES, *SYSTEMS}, header
        assert confidence in STRENGTHS, header
        for meaning in field.partition(":")[0].split("|"):
            path = meaning.rstrip("?")
            if path in field_table() or path in SETTLED_LATER:
                continue
            role, _, attribute = path.partition(".")
            assert role in {*roles(), "bill_to", "*"}, header
            assert attribute in attributes | {"*", *OF_NO_FIELD}, header


def test_every_header_has_a_key() -> None:
    for header, *_ in ROWS:
        assert header_key(header), header


def test_every_language_names_the_main_fields() -> None:
    wanted = {
        "product", "quantity", "unit", "value", "currency", "date", "order_id", "hs_code", "cas",
        "buyer.*", "consignee.*", "end_user.*", "payer.*", "*.country", "*.name", "*.city",
        "*.address", "end_use", "incoterm", "destination.country", "weight",
    }  # fmt: skip
    for language in LANGUAGES:
        named = {field for _, field, origin, *_ in ROWS if origin == language}
        assert wanted <= named, language


def test_the_units_that_names_state_are_understood() -> None:
    units = {field.partition(":")[2] for _, field, *_ in ROWS} - {""}
    assert units
    for unit in units:
        assert reference.units().find(unit) is not None, unit


def test_no_name_means_two_things_in_one_language() -> None:
    for key, names in header_names().whole.items():
        for language in LANGUAGES:
            meant = {name.meanings for name in names if name.origin == language}
            assert len(meant) <= 1, (key, language)


def test_a_word_for_a_party_is_none_for_what_is_said_of_it() -> None:
    names = header_names()
    assert not names.roles.keys() & names.attributes.keys()
    assert names.roles
    assert names.attributes


def test_no_name_takes_that_of_a_field_for_something_else() -> None:
    for key, names in header_names().whole.items():
        if key in columns():
            for name in names:
                assert columns()[key] in name.meanings or name.strength == 0, name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ship-to party", "SHIP_TO_PARTY"),
        ("shipToParty", "Ship to (party)"),
        ("PO #", "PO no"),
        ("n° commande", "No Commande"),
        ("Alıcı Ülkesi", "ALICI ÜLKESİ"),
        ("alici ulkesi", "Alıcı ülkesi"),
        ("Ｑｔｙ", "qty"),
    ],
)
def test_spellings_have_one_key(one: str, other: str) -> None:
    assert header_key(one) == header_key(other) != ""


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=60))
def test_the_fast_way_to_a_key_is_the_same_as_the_full_one(text: str) -> None:
    assert header_key(text) == fold(text.replace("#", " no ")).replace(" ", "")


@given(st.text(max_size=300))
def test_a_key_has_no_spaces_and_is_its_own_key(text: str) -> None:
    key = header_key(text)
    assert " " not in key
    assert header_key(key[:200]) == key[:200]
