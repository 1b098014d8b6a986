"""Texts about parties read by whole columns say what the parsers say of each."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags.across.identity import email_key, own_domain, phone_keys, site_keys
from redflags.across.party_texts import DAY, details, own_domains
from redflags.model.record import record_of_texts

Detail = tuple[str, str, str]
"""A kind, a key, and how it is written."""

PHONES = (
    "+49 40 5008805", "+49 (0)40 500 88 05", "0049 40 5008805", "00 49 (40) 500-8805", "+1234567",
    "+0123456789", "0040404040", "+49", "+49 40 5008805 ext 12", "+49 40 1; +49 40 5008806", "n/a",
    "+" + "1234567890" * 2, "+90.212.555.01.00", "+90 212 (5550100", "00000000", "(+49) 40 5008805",
    "+49 40 500 / +49 40 5008807", "tel:+4940500880", "+1112223", "+1112221", "040 5008805", "+",
)  # fmt: skip
MAILS = (
    "office@8805.example", "Office@Firm-One.EXAMPLE", "a.b-c_d@mail.firm.com.tr", "x@firm.e",
    "x+tag@firm.example", "Sales <sales@firm.example>", "mailto:x@firm.example", "x@gmail.com",
    "x@firm", "x@@firm.example", "x@-firm.example", "x@firm..example", "x@fi_rm.example",
    "x@firm.1a", "see annex 3", "x@" + "a" * 64 + ".example", "a" * 65 + "@firm.example", "n/a",
    "", " x@firm.example ", "x@firm.example.", "x@firm.exam-",
)  # fmt: skip
SITES = (
    "", "https://www.firm.example/tr", "firm.example", "www.www.firm.example", "other.co.uk",
    "facebook.com/x", "n/a", "http://mail.firm.com.tr:80",
)  # fmt: skip


def phones() -> st.SearchStrategy[str]:
    marks = st.text("0123456789 ()+-./;,x", max_size=24)
    return st.one_of(st.sampled_from(PHONES), marks, marks.map(lambda text: "+" + text),
                     marks.map(lambda text: "00" + text))  # fmt: skip


def mails() -> st.SearchStrategy[str]:
    return st.one_of(
        st.sampled_from(MAILS), st.from_regex(r"\A[aB1._+-]{0,4}@[aB1._-]{0,6}\.[aB1-]{0,4}\Z")
    )


def told_in_columns(kind: str, **texts: str) -> list[Detail]:
    row = {
        "key": "firm", "code": "DE", "number": "", "role": "buyer", "city": "", "address": "",
        "phone": "", "email": "", "website": "", "directors": "", DAY: 1, **texts,
    }  # fmt: skip
    found = details(pl.DataFrame([row]), frozenset({kind}))
    return sorted(found.select("kind", "detail", "written").rows())


def value(part: str, text: str) -> str:
    found = record_of_texts([(f"buyer.{part}", text)])[f"buyer.{part}"].value
    return found or ""


@settings(max_examples=300)
@given(phones())
@pytest.mark.parametrize("country", ["DE", "TR"])
def test_telephone_numbers_have_the_keys_of_the_parser(country: str, text: str) -> None:
    own = value("phone", text)
    expected = sorted(("phone", key, own) for key in phone_keys(own, country))
    assert told_in_columns("phone", phone=text, code=country) == expected


@pytest.mark.parametrize("text", PHONES)
def test_a_telephone_number_has_the_keys_of_the_parser(text: str) -> None:
    own = value("phone", text)
    expected = sorted(("phone", key, own) for key in phone_keys(own, "DE"))
    assert told_in_columns("phone", phone=text) == expected


@settings(max_examples=300)
@given(mails())
def test_mail_addresses_have_the_key_of_the_parser(text: str) -> None:
    own = value("email", text)
    key = email_key(own) if own else ""
    assert told_in_columns("email", email=text) == ([("email", key, own)] if key else [])


@settings(max_examples=300)
@given(st.sampled_from(SITES), mails())
def test_domains_of_sites_and_of_mail_are_those_of_the_parser(site: str, mail: str) -> None:
    expected = [
        ("website", key, written)
        for key, written in site_keys(value("website", site), value("email", mail))
    ]
    assert told_in_columns("website", website=site, email=mail) == sorted(expected)


def test_an_example_of_each_is_of_the_usual_form() -> None:
    assert told_in_columns("phone", phone=PHONES[0]) == [("phone", "+49405008805", PHONES[0])]
    assert told_in_columns("email", email=MAILS[1]) == [
        ("email", "office@firm-one.example", "Office@firm-one.example")
    ]
    assert told_in_columns("website", website="firm.example", email="x@other.example") == [
        ("website", "firm.example", "firm.example"),
        ("website", "other.example", "x@other.example"),
    ]


LABELS = ("firm", "com", "co", "tr", "uk", "gmail", "mail", "facebook", "example", "wa", "me", "x1")


@given(st.lists(st.lists(st.sampled_from(LABELS), min_size=2, max_size=4), max_size=6))
def test_the_domain_of_a_host_in_a_column_is_that_of_the_host(hosts: list[list[str]]) -> None:
    texts = [".".join(labels) for labels in hosts]
    found = pl.DataFrame({"host": texts}, schema={"host": pl.String}).select(
        own_domains(pl.col("host"))
    )
    assert found.to_series().to_list() == [own_domain(text) for text in texts]
