"""Derived fields read what they say they read, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from redflags.model import Record, Transaction
from redflags.model.derived import DERIVATIONS
from redflags.model.fields import field_table
from redflags.model.record import record_of
from tests.strategies import orders


class Watched(Record):
    """A record that notes which paths were asked for."""

    __slots__ = ("asked",)

    def __getitem__(self, path: str) -> Any:
        self.asked.add(path)
        return super().__getitem__(path)


@given(orders())
def test_a_derivation_reads_only_the_fields_it_names(order: dict[str, str]) -> None:
    stated = record_of(Transaction.model_validate(order))
    for path, derivation in DERIVATIONS.items():
        values = Watched(dict(stated))
        values.asked = set()
        derivation.derive(values)
        # What a derivation of a derivation reads is that one's own business.
        extra = values.asked - set(derivation.reads)
        nested = {base for one in derivation.reads for base in all_reads(one)}
        assert extra <= nested, path


def all_reads(path: str) -> set[str]:
    derivation = DERIVATIONS.get(path)
    if derivation is None:
        return {path}
    return {path}.union(*(all_reads(one) for one in derivation.reads))


@pytest.mark.parametrize("path", sorted(DERIVATIONS))
def test_what_is_needed_is_read(path: str) -> None:
    derivation = DERIVATIONS[path]
    needed = {one for group in derivation.inputs for one in group}
    assert needed <= {base for one in derivation.reads for base in all_reads(one)}


def test_every_derived_field_has_a_derivation_and_the_reverse() -> None:
    derived = {path for path, field in field_table().items() if field.is_derived}
    assert derived == DERIVATIONS.keys()


def value_of(path: str, **given: str) -> Any:
    order = {key.replace("__", "."): text for key, text in given.items()}
    return record_of(Transaction.model_validate(order))[path].value


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"date": "2021-06-10", "buyer__customer_since": "2015-06-01"}, 72),
        ({"date": "2021-06-10", "buyer__customer_since": "2021-06-10"}, 0),
        ({"date": "2021-06-10", "buyer__customer_since": "2022-01-01"}, None),
        ({"date": "", "buyer__customer_since": "2015-06-01"}, None),
        ({"date": "2021-06-10", "buyer__customer_since": ""}, None),
    ],
)
def test_how_long_a_customer_counts_to_the_date_of_the_order(
    given: dict[str, str], expected: int | None
) -> None:
    age = value_of("buyer.customer_for", **given)
    assert (None if age is None else age.months) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, set()),
        ({"payer__country": "TR"}, {"TR"}),
        (
            {"payer__country": "TR", "payment__bank_country": "CY", "bank__country": ""},
            {"TR", "CY"},
        ),
        ({"payer__country": "Atlantis"}, set()),
    ],
)
def test_the_countries_of_payment_are_those_that_the_order_states(
    given: dict[str, str], expected: set[str]
) -> None:
    assert value_of("payment.countries", **given) == frozenset(expected)


def test_a_country_of_payment_that_cannot_be_read_leaves_the_set_open() -> None:
    order = {"payer.country": "Atlantis", "payment.bank_country": "TR"}
    found = record_of(Transaction.model_validate(order))["payment.countries"]
    assert found.value == frozenset({"TR"})
    assert found.partial
    assert found.needs == ("payer.country",)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"consignee__address": "Flat 3, 12 Example Road"}, "residential"),
        ({"consignee__city": "residential address"}, "residential"),
        ({"consignee__address": "PO Box 261", "consignee__city": "Jebel Ali"}, "free_zone"),
        ({"consignee__address": "Example Road 5"}, None),
        ({"consignee__address": "Flat 3", "consignee__address_type": "office"}, "business"),
        ({"consignee__address": "Flat 3", "consignee__address_type": ""}, "residential"),
        ({"consignee__city": "Jebel Ali", "consignee__country": "DE"}, None),
    ],
)
def test_the_kind_of_address_follows_from_its_words_unless_it_is_stated(
    given: dict[str, str], expected: str | None
) -> None:
    assert value_of("consignee.address_type", **given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"buyer__business": "paper mill"}, "yes"),
        ({"buyer__business": "Quux and partners"}, "no"),
        ({"buyer__business": ""}, "no"),
        ({"buyer__business": "n/a"}, "no"),
        ({"buyer__name": "Quux"}, None),
        ({"buyer__business": "", "buyer__trade_known": "yes"}, "yes"),
    ],
)
def test_a_trade_that_no_term_recognises_is_as_little_known_as_a_blank_one(
    given: dict[str, str], expected: str | None
) -> None:
    assert value_of("buyer.trade_known", **given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"consignee__name": "Example Cargo", "consignee__business": "freight forwarder"}, True),
        ({"consignee__name": "Example Cargo Ltd", "consignee__business": "general trader"}, True),
        ({"consignee__name": "Example Cargo", "consignee__business": "university"}, False),
        ({"consignee__name": "Example Cargo"}, False),
        ({"intermediate_consignee__name": "Example Cargo",
          "intermediate_consignee__business": "warehouse"}, True),
        ({"forwarder__name": "Example Cargo"}, True),
        ({"bank__name": "Example Cargo"}, True),
        ({"notify_party__name": "Example Cargo", "notify_party__business": "freight forwarder"},
         True),
        ({"buyer__name": "Example Cargo", "buyer__business": "trading company"}, True),
        ({"forwarder__name": "Another Cargo"}, False),
    ],
)  # fmt: skip
def test_a_party_that_passes_goods_on_is_no_end_user(given: dict[str, str], expected: bool) -> None:
    found = value_of("end_user.stated", end_user__name="Example Cargo", **given)
    assert (found == "intermediary") is expected


def test_a_buyer_that_uses_the_goods_itself_is_the_end_user() -> None:
    given = {"buyer__name": "Example Works", "buyer__business": "paint manufacturer"}
    assert value_of("end_user.stated", end_user__name="Example Works", **given) == "self"
