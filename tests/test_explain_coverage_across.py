"""What the columns of an input allow, for rules that look across orders."""

from __future__ import annotations

import pytest

from redflags.explain.coverage import coverage
from redflags.rulebook import parse_rules

RULE = """rules:
  - id: a-rule
    title: A rule
    severity: high
    fact: network
    across:
      same: [{same}]
      {within}
      having: {having}
"""


def is_judgeable(same: str, having: str, *columns: str, within: str = "within: 9 days") -> bool:
    book = parse_rules(RULE.format(same=same, having=having, within=within))
    return coverage(book, columns).judgeable == 1


@pytest.mark.parametrize(
    ("same", "having", "columns"),
    [
        ("buyer", "{count: {at_least: 2}}", ("date", "buyer.name")),
        ("buyer", "{count: {at_least: 2}}", ("date", "buyer.registration")),
        ("buyer", "{sum(quantity): {at_least: 2 kg}}", ("date", "buyer.name", "quantity")),
        ("buyer", "{distinct(consignee): {at_least: 2}}", ("date", "buyer.name", "consignee.name")),
        ("buyer", "{distinct(product.family): {at_least: 2}}", ("date", "buyer.name", "product")),
        ("hs_code", "{count: {at_least: 2}}", ("date", "hs_code")),
        ("{linked: [phone, address]}", "{count: {at_least: 2}}",
         ("date", "buyer.name", "buyer.address")),
        ("{linked: [director]}", "{count: {at_least: 2}}",
         ("date", "buyer.name", "buyer.directors")),
    ],
)  # fmt: skip
def test_a_window_needs_its_columns_and_no_others(
    same: str, having: str, columns: tuple[str, ...]
) -> None:
    assert is_judgeable(same, having, *columns)
    for left_out in columns:
        assert not is_judgeable(same, having, *(one for one in columns if one != left_out))


def test_one_order_needs_no_date() -> None:
    having = "{max(quantity): {at_least: 2 kg}}"
    assert is_judgeable("order_id", having, "order_id", "quantity", within="")


def test_the_columns_that_would_help_are_those_of_the_window() -> None:
    book = parse_rules(
        RULE.format(same="buyer", having="{count: {at_least: 2}}", within="within: 9 days")
    )
    found = coverage(book, ["buyer.name"])
    assert found.never == ("rules/a-rule",)
    assert [one.column for one in found.helpful][:1] == ["date"]
