"""Mail addresses, web sites and the country of a telephone number."""

from __future__ import annotations

import pytest

from redflags.values.contact import email_domain, parse_email, parse_website, phone_country

DIAL_CODES = {"90": "TR", "49": "DE", "1": "", "1876": "JM", "7": ""}


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("A.B@Gmail.COM", "gmail.com"), ("Foo <x@y.co.uk>", "y.co.uk"), ("gmail.com", "gmail.com"),
        ("@gmail.com", "gmail.com"), ("mailto:x@y.de", "y.de"), ("x@bücher.de", "bücher.de"),
        ("x", None), ("a@b", None), ("a@b..c", None), ("a b@c.de", None), ("", None),
        ("x@y.de; z@y.de", None), ("@" * 300, None),
    ],
)  # fmt: skip
def test_domains(text: str, domain: str | None) -> None:
    assert email_domain(text).value == domain


def test_an_address_keeps_its_local_part() -> None:
    assert parse_email("A.B@Gmail.COM").value == "A.B@gmail.com"
    assert parse_email("gmail.com").value is None


@pytest.mark.parametrize(
    ("text", "host"),
    [("https://www.Foo.com/x?y", "foo.com"), ("foo.com", "foo.com"), ("none", None), ("", None)],
)
def test_web_sites(text: str, host: str | None) -> None:
    assert parse_website(text).value == host


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("+90 532 000", "TR"), ("0090 532", "TR"), ("(+49) 30", "DE"), ("+1 876 1", "JM"),
        ("+90", "TR"), ("+٩٠ 532", "TR"), ("+1 212", None), ("+7 495", None), ("0532", None),
        ("+999", None), ("90", None), ("", None), ("+", None),
    ],
)  # fmt: skip
def test_countries_of_numbers(text: str, country: str | None) -> None:
    phone = phone_country(text, DIAL_CODES)
    assert phone.value == country
    assert (phone.why == "") is (country is not None)
