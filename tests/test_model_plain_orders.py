"""Plain mappings become transactions the short way: they are equal to what the validator makes."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from redflags import Transaction
from redflags.model import plain_orders
from redflags.model.plain_orders import PlainOrders
from redflags.model.record import record_of
from redflags.model.transaction import _PLAIN_ORDERS, _attribute, group_model
from tests.strategies import TEXTS


def the_long_way(given: Any) -> Transaction:
    return Transaction.__pydantic_validator__.validate_python(given)


def what_is_made(make: Callable[[Any], Transaction], given: Any) -> Transaction | list[Any]:
    """The transaction, or what is wrong with what was given."""
    try:
        return make(given)
    except ValidationError as error:
        return list(error.errors(include_url=False, include_context=False))


VALUES = st.one_of(
    st.sampled_from(["", "urea", "6 t", "TR", "n/a", "2015-07-01", "\ud800", "x" * 600]),
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(),
    st.decimals(),
    st.dates(),
    st.datetimes(),
    st.lists(st.sampled_from(["AE", "TR", None, 3]), max_size=3),
    st.tuples(st.just("AE"), st.just("TR")),
    st.just(b"bytes"),
    st.just({"country": "TR"}),
    st.sampled_from([Transaction(product="urea").product]),
)
KEYS = st.sampled_from(
    [
        "product", "quantity", "buyer", "buyer.country", "buyer_country", "licence",
        "licence_status", "transit_countries", "services_declined", "no such field",
        "observations", "date", "end_user", 5, None, "product_family", "buyer_region",
    ]
)  # fmt: skip
PARTIES = st.dictionaries(
    st.sampled_from(["country", "name", "region", "fit", "nothing", 7, "incorporated"]),
    VALUES,
    max_size=3,
)


@settings(max_examples=500, deadline=None)
@given(st.dictionaries(KEYS, st.one_of(VALUES, PARTIES), max_size=6))
def test_any_mapping_gives_what_the_validator_gives(row: dict[Any, Any]) -> None:
    wanted = what_is_made(the_long_way, row)
    if isinstance(wanted, list):
        assert what_is_made(Transaction.model_validate, row) == wanted
        return
    made = Transaction.model_validate(row)
    assert made == wanted
    assert made.model_fields_set == wanted.model_fields_set
    assert list(made.__dict__) == list(wanted.__dict__)
    assert made.model_dump_json() == wanted.model_dump_json()
    assert dict(record_of(made)) == dict(record_of(wanted))
    assert record_of(made).blanks == record_of(wanted).blanks


ROWS = [
    {"product": "urea", "buyer_country": "TR", "buyer_name": "Example One Ltd"},
    {"product": "urea", "buyer": {"country": "TR", "name": "Example One Ltd"}},
    {"buyer.country": "TR", "consignee": {}, "licence": "held", "quantity": 6, "unit": "t"},
    {"value": Decimal("18000.50"), "currency": "USD", "date": datetime.date(2015, 7, 1)},
    {"date": datetime.datetime(2015, 7, 1, 12), "transit_countries": ["AE", "IQ"]},
    {"notes": None, "end_user": {"name": "stock", "stated": ""}, "buyer": {"region": ""}},
    {"observations_refuses_end_use": True, "services_declined": "yes"},
]


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
def test_what_order_systems_give_takes_the_short_way(row: dict[str, Any]) -> None:
    made = _PLAIN_ORDERS.make(row)
    assert made == the_long_way(row)
    assert made.model_fields_set == the_long_way(row).model_fields_set


@pytest.mark.parametrize(
    "row",
    [
        {"buyer_country": "TR", "buyer": {"country": "TR"}},
        {"buyer": {"country": {"name": "TR"}}},
        {"product": b"urea"},
        {"prodct": "urea"},
        {7: "urea"},
        {"product": ["urea", None]},
    ],
    ids=["twice", "deep", "bytes", "unknown", "number", "nothing"],
)
def test_what_is_wrong_is_left_to_the_validator(row: dict[Any, Any]) -> None:
    assert _PLAIN_ORDERS.make(row) is None
    with pytest.raises(ValidationError):
        Transaction.model_validate(row)


def test_a_notation_or_a_model_within_is_left_to_the_validator() -> None:
    buyer = Transaction.model_validate({"buyer_country": "TR"}).buyer
    assert Transaction.model_validate({"buyer": buyer}).buyer == buyer
    from redflags.model.notation import Notation

    row = {"quantity": "1,500 kg"}
    comma = Transaction.model_validate(row, context=Notation(decimal=","))
    assert comma != Transaction.model_validate(row, context=Notation(decimal="."))


def test_a_model_of_its_own_is_made_by_its_own_validators() -> None:
    class Own(Transaction):
        pass

    assert type(Own.model_validate({"product": "urea"})) is Own


def test_orders_with_equal_values_of_other_types_are_not_taken_for_each_other() -> None:
    for value in (1, True, 1.0, Decimal("1.00"), "1"):
        row = {"quantity": value, "unit": "kg", "buyer": {"size": value}}
        assert Transaction.model_validate(row) == the_long_way(row)


def test_what_is_remembered_of_layouts_and_parties_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plain_orders, "MOST_LAYOUTS", 3)
    monkeypatch.setattr(plain_orders, "MOST_GROUPS", 4)
    orders = PlainOrders(Transaction, _attribute, group_model)
    columns = [path.replace(".", "_") for path in TEXTS]
    for number in range(40):
        row = {"buyer_name": f"Example {number}", columns[number % len(columns)]: "x"}
        assert orders.make(row) == the_long_way(row)
    assert orders._layout.cache_info().currsize == 3
    assert orders._group.cache_info().currsize == 4
