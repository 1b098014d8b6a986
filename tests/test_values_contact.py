"""Mail addresses, web sites and the country of a telephone number."""

from __future__ import annotations

import pytest

from redflags import reference
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


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("+7 495 555 01 00", "RU"), ("+7 701 555 0100", "KZ"), ("+44 20 5555 0100", "GB"),
        ("+44 1481 555010", "GG"), ("+44 7700 900000", None), ("0090 212 555 01 00", "TR"),
        ("+1 212 555 0100", None), ("+1 242 555 0100", "BS"), ("0212 555 01 00", None),
    ],
)  # fmt: skip
def test_countries_by_the_shipped_dial_codes(text: str, country: str | None) -> None:
    assert phone_country(text, reference.dial_codes()).value == country


def test_throw_away_domains_are_domains_in_lower_case() -> None:
    domains = reference.disposable_mail_domains()
    assert "mailinator.com" in domains
    assert "gmail.com" not in domains
    assert not {one for one in domains if email_domain(one).value != one}
