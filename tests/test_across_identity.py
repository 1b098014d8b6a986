"""Keys under which two spellings of one firm, address, number or person meet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.across.identity import (
    address_key,
    director_keys,
    email_key,
    own_domain,
    parties_of,
    party_seen,
    phone_keys,
    registration_key,
    site_keys,
)
from redflags.model.record import record_of_texts

SAME_ADDRESS = [
    ("GB", "Leeds", "Unit 4, 12 Harbour Road", "12 Harbour Rd., Unit 4"),
    ("GB", "Leeds", "12 Harbour Road", "12 HARBOUR RD, Leeds LS1 4AB, United Kingdom"),
    ("GB", "Leeds", "1st floor, 12 High Street", "12 High St, Floor 1"),
    ("TR", "Şanlıurfa", "Gazi Cad. No:5 D:3", "GAZİ CADDESİ NO 5/3"),
    ("TR", "Şanlıurfa", "Gazi Caddesi No: 5 Daire 3", "Gazi Cd. No.5 D.3, 63000 Şanlıurfa"),
    ("TR", "Mersin", "Liman Mah. 123. Sok. No:7", "Liman Mahallesi 123 Sk. No 7"),
    ("DE", "Köln", "Hafenstraße 12a", "Hafenstr. 12 a, 50667 Koeln"),
    ("DE", "Hamburg", "Große Bleichen 3", "Grosse Bleichen 3"),
    ("RU", "Москва", "ул. Ленина, д. 5", "Lenina ul., d. 5"),
    ("SY", "حلب", "شارع الملك فيصل 12", "شارع الملك فيصل ١٢"),
    ("US", "Houston", "12345 Main St, Houston, TX 77001", "12345 Main Street"),
]
OTHER_ADDRESS = [
    ("GB", "Leeds", "Unit 4, 12 Harbour Road", "Unit 5, 12 Harbour Road"),
    ("GB", "Leeds", "12 Harbour Road", "14 Harbour Road"),
    ("GB", "Leeds", "12 Harbour Road", "12 Harbour Street"),
    ("TR", "Mersin", "Gazi Cad. No:5 D:3", "Gazi Cad. No:3 D:5"),
]


@pytest.mark.parametrize(("country", "city", "one", "other"), SAME_ADDRESS)
def test_spellings_of_one_address_have_one_key(
    country: str, city: str, one: str, other: str
) -> None:
    assert address_key(one, city, country) == address_key(other, city, country) != ""


@pytest.mark.parametrize(("country", "city", "one", "other"), OTHER_ADDRESS)
def test_different_addresses_have_different_keys(
    country: str, city: str, one: str, other: str
) -> None:
    assert "" != address_key(one, city, country) != address_key(other, city, country) != ""


@pytest.mark.parametrize(
    ("text", "city", "country"),
    [
        ("P.O. Box 1234", "Dubai", "AE"),
        ("Postfach 10 20 30", "Köln", "DE"),
        ("Dubai", "Dubai", "AE"),
        ("50667 Köln", "Köln", "DE"),
        ("Harbour Road", "Leeds", "GB"),
        ("Örnek Cad. 5", "", "TR"),
        ("", "Leeds", "GB"),
        ("7", "Leeds", "GB"),
        ("1 " * 10_000, "Leeds", "GB"),
    ],
)
def test_what_is_no_full_street_address_has_no_key(text: str, city: str, country: str) -> None:
    assert address_key(text, city, country) == ""


@pytest.mark.parametrize(
    "text",
    [
        "+90 212 555 01 00", "0212 555 01 00", "90 212 555 0100", "(212) 555-0100",
        "00902125550100", "+90 (0) 212 555 01 00", "Tel: +90-212-555-0100 ext. 12",
        "٠٢١٢٥٥٥٠١٠٠",
    ],
)  # fmt: skip
def test_a_telephone_number_with_and_without_its_prefix_is_one(text: str) -> None:
    assert phone_keys(text, "TR") == ("+902125550100",)


@pytest.mark.parametrize("text", ["", "n/a", "12345", "0000000000", "1111111", "1234567890"])
def test_what_is_no_telephone_number_has_no_key(text: str) -> None:
    assert phone_keys(text, "TR") == ()


def test_several_telephone_numbers_are_each_a_key() -> None:
    assert phone_keys("+44 20 7946 0000; 020 7946 0001", "GB") == (
        "+442079460000",
        "+442079460001",
    )


@pytest.mark.parametrize(
    ("text", "country", "key"),
    [
        ("DE 123 456 789", "DE", "123456789"),
        ("VAT No. DE123456789", "DE", "123456789"),
        ("HRB 12345", "DE", "hrb12345"),
        ("HRB 00000", "DE", ""),
        ("n/a", "DE", ""),
        ("12", "DE", ""),
    ],
)
def test_a_registration_number_is_read_without_its_labels(
    text: str, country: str, key: str
) -> None:
    assert registration_key(text, country) == key


def test_a_domain_links_only_where_it_is_a_firms_own() -> None:
    assert own_domain("mail.example-firm.com.tr") == "example-firm.com.tr"
    assert own_domain("shop.example-firm.de") == "example-firm.de"
    assert own_domain("gmail.com") == own_domain("facebook.com") == own_domain("localhost") == ""
    assert site_keys("https://www.example-firm.de/x", "a@mail.example-firm.de") == (
        ("example-firm.de", "https://www.example-firm.de/x"),
    )
    assert email_key("Orders+Spring@GMAIL.com") == "orders@gmail.com"


def test_a_director_is_known_by_all_words_of_a_name_in_any_order() -> None:
    keys = [key for key, _ in director_keys("Mr Adam Example; EXAMPLE, Adam; Ali; B. C.")]
    assert keys == ["adam example"]


def test_parties_of_a_record_are_those_with_a_name_or_a_number() -> None:
    record = record_of_texts(
        {
            "buyer.name": "Örnek Ticaret Ltd. Şti.",
            "buyer.country": "Turkey",
            "buyer.phone": "0212 555 01 00",
            "consignee.name": "n/a",
            "consignee.country": "TR",
            "payer.registration": "1234567",
            "end_user.name": "stock",
        }.items()
    )
    found = parties_of(record)
    assert sorted(found) == ["buyer", "payer"]
    assert found["buyer"].identity == ("ornek ticaret", "TR", "")
    assert found["buyer"].phone == "+902125550100"
    assert found["payer"].shown == "1234567"


@given(*(st.text(max_size=60) for _ in range(6)))
def test_no_text_of_a_party_raises(
    name: str, registration: str, city: str, address: str, phone: str, email: str
) -> None:
    seen = party_seen("buyer", name, registration, "TR", city, address, phone, email, email, name)
    assert seen is None or seen.identity != ("", "TR", "")
