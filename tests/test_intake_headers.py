"""Which column is which field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.errors import InputError
from redflags.intake import map_headers
from redflags.intake.headers import field_of
from redflags.model.fields import field_table


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


def test_a_field_in_two_columns_is_an_input_error() -> None:
    with pytest.raises(InputError, match="'Buyer Country' and 'buyer_country' are the same field"):
        map_headers(["Buyer Country", "buyer_country"])


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
