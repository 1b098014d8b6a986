"""Which column is which field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.errors import InputError
from redflags.intake import map_headers, open_orders, records
from redflags.intake.headers import field_of
from redflags.intake.mapping import Mapping
from redflags.model.fields import field_table
from redflags.model.record import Record


@pytest.mark.parametrize("path", field_table())
def test_every_field_is_found_by_its_column_and_by_its_path(path: str) -> None:
    field = field_table()[path]
    assert field_of(field.column) == path
    assert field_of(path) == path


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Buyer Country", "buyer.country"),
        (" BUYER-COUNTRY ", "buyer.country"),
        ("buyer.country", "buyer.country"),
        ("Order  ID", "order_id"),
        ("licence", "licence.status"),
        ("Services declined", "observations.services_declined"),
        ("quantity", "quantity"),
        ("colour", None),
        ("", None),
        ("_", None),
    ],
)
def test_spelling_of_words_does_not_matter(name: str, path: str | None) -> None:
    assert field_of(name) == path


def test_columns_that_are_no_field_are_named() -> None:
    found = map_headers(["order_id", "colour", "", "Product"])
    assert found.fields == ("order_id", None, None, "product")
    assert found.unused == ("colour",)
    assert found.present == {"order_id", "product"}
    assert found.column_of("product") == "Product"
    assert found.column_of("date") is None


def test_of_two_columns_for_one_field_none_is_guessed() -> None:
    found = map_headers(["order_id", "Buyer Country", "buyer_country", "Land des Kunden"])
    assert found.fields == ("order_id", None, None, None)
    assert dict(found.ambiguous) == {
        "Buyer Country": ("buyer.country",),
        "buyer_country": ("buyer.country",),
        "Land des Kunden": ("buyer.country",),
    }
    assert "'Buyer Country', 'buyer_country', 'Land des Kunden' all" in found.reasons[1]
    with pytest.raises(InputError, match="no column is told for sure"):
        map_headers(["product", "Product"])


def test_of_columns_named_alike_the_only_one_with_cells_is_taken() -> None:
    header = ["order_id", "product", "product", "quantity", "quantity"]
    cells = {1: ["", " "], 2: ["paste", ""], 3: ["1 kg"], 4: ["2 kg"]}
    found = map_headers(header, samples=lambda: cells)
    assert found.fields == ("order_id", None, "product", None, None)
    assert set(found.ambiguous) == {"quantity"}


def test_a_mapping_says_which_of_two_columns_named_alike_is_meant() -> None:
    mapping = Mapping({"product": "#2"})
    found = map_headers(["order_id", "product", "product"], mapping=mapping)
    assert found.fields == ("order_id", "product", None)
    assert found.ambiguous == {}


def test_a_header_without_any_field_is_an_input_error_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match="did you mean 'product'") as error:
        map_headers(["O-101", "prodcut"], "orders.csv")
    assert "redflags fields" in error.value.remedy
    assert error.value.source == "orders.csv"


@given(st.lists(st.text(max_size=30), max_size=6))
def test_no_header_raises_anything_but_an_input_error(header: list[str]) -> None:
    try:
        found = map_headers(header)
    except InputError:
        return
    assert len(found.fields) == len(header)


def test_an_amount_nested_in_json_is_an_amount_with_its_unit(tmp_path: Path) -> None:
    order = {
        "product": "urea",
        "quantity": {"value": 6, "unit": "t"},
        "total": {"value": "1000", "currencyCode": "EUR"},
    }
    path = tmp_path / "orders.json"
    path.write_text(json.dumps([order]), encoding="utf-8")
    source, header = open_orders(path)
    (record,) = (one for one in records(source, header) if isinstance(one, Record))
    assert record["quantity"].how == "6 t = 6000 kg"
    assert str(record["value"].value.currency) == "EUR"
    assert header.unused == ()
