"""Parties read by whole columns are those that records name."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags.across.identity import PARTY_PARTS, PartySeen, party_of
from redflags.across.party_columns import parties_in
from redflags.cases import parties
from redflags.model.record import record_of_texts
from tests.test_across_party_texts import MAILS, PHONES, SITES

TEXTS = {
    "name": [
        "Delta Trading Ltd", "DELTA TRADING", "Müller GmbH & Co. KG", "stock", "same as buyer",
        "n/a", "", "  ", "Firm 12 Ltd ", "c/o Delta", "الشركة", "Ltd", "-",
    ],
    "registration": ["", "", "HRB 48213", "DE123456789", "00000", "n/a", " 48213 "],
    "country": ["", "DE", "Germany", "Türkiye", "nowhere", "GB"],
    "city": ["", "Hull", "Hamburg", "n/a"],
    "address": ["", "1 Quay Street", "Quay St. 1, Hull, GB", "P.O. Box 7", "n/a"],
    "phone": ["", *PHONES, "040 5008805; +49 40 5008805 / 040 5008806"],
    "email": list(MAILS),
    "website": list(SITES),
    "directors": ["", "Ada Example; Mr Bob Sample", "Bob Sample;Bob Sample", "Kim"],
}  # fmt: skip
PARTY = st.fixed_dictionaries({part: st.sampled_from(texts) for part, texts in TEXTS.items()})


def one_by_one(role: str, texts: dict[str, str]) -> PartySeen | None:
    return party_of(record_of_texts([(f"{role}.{part}", one) for part, one in texts.items()]), role)


def written(party: PartySeen | None) -> list[str] | None:
    return None if party is None else [one.written for one in party.attributes]


@settings(max_examples=200)
@given(st.sampled_from(["buyer", "end_user", "forwarder"]), st.lists(PARTY, max_size=6))
def test_parties_in_columns_are_those_of_records(role: str, rows: list[dict[str, str]]) -> None:
    found = parties_in(role, pl.DataFrame(rows, schema=dict.fromkeys(PARTY_PARTS, pl.String)))
    expected = [one_by_one(role, texts) for texts in rows]
    assert found == expected
    assert [written(one) for one in found] == [written(one) for one in expected]


@settings(max_examples=100)
@given(
    st.sampled_from(["buyer", "end_user", "payer", "bank"]),
    st.lists(
        st.tuples(PARTY, st.sampled_from(["", "bakery", "freight forwarder"])),
        min_size=1,
        max_size=6,
    ),
)
def test_what_cases_read_of_many_parties_is_what_they_read_of_few(
    role: str, rows: list[tuple[dict[str, str], str]]
) -> None:
    several = [(*texts.values(), trade) for texts, trade in rows]
    assert list(parties._read_all(role, several)) == list(parties._read_each(role, several))


@pytest.mark.parametrize("part", ["name", "registration"])
def test_a_party_is_stated_by_its_name_or_its_number(part: str) -> None:
    texts = dict.fromkeys(PARTY_PARTS, "") | {"phone": PHONES[0]}
    (nobody,) = parties_in("buyer", pl.DataFrame([texts]))
    (somebody,) = parties_in("buyer", pl.DataFrame([texts | {part: "HRB 48213"}]))
    assert nobody is None
    assert somebody is not None
    assert somebody.phone == "+49405008805"
