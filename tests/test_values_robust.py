"""No text makes a parser raise, and none takes long."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.values.codes import (
    find_cas,
    parse_cas,
    parse_control_code,
    parse_licence_number,
    parse_tariff_code,
)
from redflags.values.contact import email_domain, parse_email, parse_website, phone_country
from redflags.values.country import CountryTable, parse_country, parse_country_set, parse_region
from redflags.values.dates import parse_age, parse_date, parse_duration
from redflags.values.measures import find_concentration, parse_concentration
from redflags.values.money import CurrencyTable, parse_money
from redflags.values.names import LegalForms, name_key, parse_name
from redflags.values.number import parse_number
from redflags.values.quantity import Unit, UnitTable, parse_quantity
from redflags.values.terms import Term, TermIndex
from redflags.values.text import display, fold
from redflags.values.truth import parse_yes_no
from redflags.values.understood import Understood

COUNTRIES = CountryTable([("TR", "TUR", "792", ["Turkey"], []), ("IQ", "IRQ", "368", ["Iraq"], [])])
UNITS = UnitTable([("kg", Unit("kg", "mass", Fraction(10**9), "kg"))])
CURRENCIES = CurrencyTable({"EUR": "Euro"}, {"€": "EUR"})
TERMS = TermIndex([Term("shop", "mobile phone shop", "en", "high"), Term("a", "drone", "en", "")])
FORMS = LegalForms(["Ltd", "GmbH & Co. KG"])
PARSERS: list[Callable[[str], Understood]] = [
    parse_yes_no,
    parse_number,
    lambda text: parse_number(text, ","),
    lambda text: parse_quantity(text, None, UNITS),
    lambda text: parse_quantity("6", text, UNITS),
    lambda text: parse_quantity(f"6 {text}", "kg", UNITS),
    lambda text: parse_money(text, None, CURRENCIES),
    lambda text: parse_money("6", text, CURRENCIES),
    lambda text: parse_country(text, COUNTRIES),
    lambda text: parse_country_set(text, COUNTRIES),
    lambda text: parse_region(text, {"TR-63": "TR-63"}),
    parse_tariff_code,
    parse_cas,
    parse_control_code,
    parse_licence_number,
    parse_date,
    lambda text: parse_date(text, day_first=False),
    parse_duration,
    parse_age,
    parse_name,
    parse_concentration,
    email_domain,
    parse_email,
    parse_website,
    lambda text: phone_country(text, {"90": "TR"}),
]
OTHERS: list[Callable[[str], object]] = [
    fold,
    display,
    find_cas,
    find_concentration,
    TERMS.find,
    lambda text: name_key(text, FORMS),
]
# All of Unicode, lone surrogates and NUL included, and texts that are nearly something.
ANY_TEXT = st.text(alphabet=st.characters())
NEARLY = st.text(
    alphabet="0123456789٦²½.,'- ()/eE+%kg€$TRx×\u00a0\u200b\ud800\x00:;→@", max_size=40
)
LONG = [
    unit * (100_000 // len(unit))
    for unit in ["a", "1", "1,", "1.", " ", "(", "-", "1 ", "kg ", "drone ", "&", "a@", "TR,", "é",
                 "\u0301", "\x00", "ﷺ", "1-", "12-34-5 ", "5 %", "a.", "ve ", "و", "l l c ", "1 x ",
                 "mobile phone shop "]
]  # fmt: skip


@given(ANY_TEXT | NEARLY)
def test_no_text_makes_a_parser_raise(text: str) -> None:
    for parser in PARSERS:
        understood = parser(text)
        assert (understood.value is None) is (understood.why != "")
    for function in OTHERS:
        function(text)


@pytest.mark.parametrize("text", LONG, ids=lambda text: repr(text[:8]))
def test_long_texts_are_read_in_bounded_work(text: str) -> None:
    for parser in PARSERS:
        understood = parser(text)
        assert len(understood.why) < 1_000
    for function in OTHERS:
        function(text)
