"""What kind of place an address is, from its own words."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.values.address import address_type

KINDS = {"free_zone", "virtual_office", "mail_drop", "warehouse", "residential", "po_box"}

TOLD = [
    ("P.O. Box 12345, Dubai", "po_box"),
    ("p.o.box 77 Doha", "po_box"),
    ("Postfach 10 20 30, 10115 Berlin", "po_box"),
    ("BP 1234, Douala", "po_box"),
    ("Apartado Postal 55, Panamá", "po_box"),
    ("P.K. 34 Ankara", "po_box"),
    ("а/я 112, Алматы", "po_box"),
    ("ص.ب 1234 دبي", "po_box"),
    ("Example Free Zone, Building 4", "free_zone"),
    ("Example Free Trade Zone, PO Box 12", "free_zone"),
    ("MERSİN SERBEST BÖLGESİ A Ada", "free_zone"),
    ("Mersin Serbest Bölge", "free_zone"),
    ("Zona Franca de Ejemplo, nave 3", "free_zone"),
    ("свободная экономическая зона, д. 1", "free_zone"),
    ("Flat 3, 12 Example Road", "residential"),
    ("Apartment 5B, 12 Example Road", "residential"),
    ("ул. Примерная 5, кв. 12", "residential"),
    ("PMB 223, 100 Example St", "mail_drop"),
    ("Packstation 123, 10115 Berlin", "mail_drop"),
    ("Virtual Office 12, Example Tower", "virtual_office"),
    ("Sanal Ofis, Örnek Cad. 5", "virtual_office"),
    ("Bonded Warehouse 7, Example Port", "warehouse"),
    ("Zolllager 3, Hamburg", "warehouse"),
]

NOT_TOLD = [
    "",
    "Example Road 5, Leeds",
    "Flat Rock Road 7",  # a name
    "12 Free Street",
    "Boxwood House, 4 Post Road",
    "Örnek Cad. Apt. No:5 Daire:3",  # offices stand in such houses too
    "Warehouse 5, Example Estate",
    "Business Centre, Example Street 9",
    "PO Box 5, 34 High Street",  # a box beside a house number
    "Calle Ejemplo 4, piso 3",
]


@pytest.mark.parametrize(("text", "kind"), TOLD, ids=[text for text, _ in TOLD])
def test_the_words_of_an_address_say_what_it_is(text: str, kind: str) -> None:
    found = address_type(text)
    assert found is not None
    assert found[0] == kind
    assert found[1]
    assert found[1] in text


@pytest.mark.parametrize("text", NOT_TOLD)
def test_an_address_that_does_not_say_it_stays_open(text: str) -> None:
    assert address_type(text) is None


@given(st.text(max_size=700))
def test_any_text_has_one_of_the_kinds_or_none(text: str) -> None:
    found = address_type(text)
    assert found is None or found[0] in KINDS


def test_a_text_without_end_is_read_at_its_beginning_only() -> None:
    began = time.process_time()
    assert address_type("p.o " * 500_000 + "box 7") is None
    assert address_type("9" * 2_000_000) is None
    assert time.process_time() - began < 1
