"""Sums keep their cents and their currency, and a symbol of several currencies says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags import reference
from redflags.values.money import CurrencyTable, Money, format_money, parse_money

CURRENCIES = CurrencyTable(
    {"EUR": "Euro", "USD": "US Dollar", "GBP": "Pound Sterling", "JPY": "Yen", "TRY": "Lira"},
    {"€": "EUR", "£": "GBP", "US$": "USD", "TL": "TRY"},
)


@pytest.mark.parametrize(
    ("text", "beside", "currency", "amount"),
    [
        ("1,234.56 EUR", None, "EUR", 12_345_600), ("EUR 1.234,56", None, "EUR", 12_345_600),
        ("€500", None, "EUR", 5_000_000), ("500 €", "EUR", "EUR", 5_000_000),
        ("£ 0.5", None, "GBP", 5_000), ("US$ 20", None, "USD", 200_000),
        ("$ 20", "USD", "USD", 200_000), ("20", "usd", "USD", 200_000),
        ("20 euro", "", "EUR", 200_000),
        ("-20", "EUR", "EUR", -200_000), ("EUR -20", None, "EUR", -200_000),
        ("(20)", "EUR", "EUR", -200_000), ("5,- EUR", None, "EUR", 50_000), ("0", "JPY", "JPY", 0),
        ("500 TL", None, "TRY", 5_000_000), ("1'000.05", "EUR", "EUR", 10_000_500),
    ],
)  # fmt: skip
def test_read(text: str, beside: str | None, currency: str, amount: int) -> None:
    assert parse_money(text, beside, CURRENCIES).value == Money(currency, amount)


@pytest.mark.parametrize(
    ("text", "beside", "why", "needs"),
    [
        ("$ 20", None, "$ can be several currencies", ("currency",)),
        ("20", "$", "$ can be several currencies", ("currency",)),
        ("20", None, "20 has no currency", ("currency",)),
        ("20", "quux", '"quux" is no currency that is known', ("currency",)),
        ("20 quux", None, '"quux" is no currency that is known', ("currency",)),
        ("20 EUR", "USD", "the sum says EUR and its currency is stated as USD",
         ("value", "currency")),
        ("1.234", "EUR", "1.234 can be 1.234 or 1234", ()),
        ("free", "EUR", '"free" has no number', ()),
        ("", "EUR", "not stated", ()),
        ("9" * 20, "EUR", f'"{"9" * 20}" is too large', ()),
    ],
)  # fmt: skip
def test_unknown_with_its_reason(
    text: str, beside: str | None, why: str, needs: tuple[str, ...]
) -> None:
    money = parse_money(text, beside, CURRENCIES)
    assert (money.value, money.why, money.needs) == (None, why, needs)


@given(st.integers(-(10**14), 10**14))
def test_a_shown_sum_is_read_back(amount: int) -> None:
    money = Money("EUR", amount * 100)
    assert parse_money(format_money(money), None, CURRENCIES).value == money


def test_shown_with_two_decimals_or_more_where_there_are_more() -> None:
    assert format_money(Money("EUR", 450_000_000)) == "45,000.00 EUR"
    assert format_money(Money("EUR", -12_345)) == "-1.2345 EUR"


def test_order_within_a_currency_only() -> None:
    assert Money("EUR", 1) < Money("EUR", 2)
    assert Money("EUR", 2) >= Money("EUR", 2)
    with pytest.raises(TypeError):
        assert Money("EUR", 1) < Money("USD", 2)


@pytest.mark.parametrize(
    ("text", "beside", "said"),
    [
        ("1'234.50 CHF", "", "1,234.50 CHF"), ("₹1,00,000.00", "", "100,000.00 INR"),
        ("US $1,234.56", "", "1,234.56 USD"), ("1.5 Mio. EUR", "", "1,500,000.00 EUR"),
        ("USD 5k", "", "5,000.00 USD"), ("12 млн руб.", "", "12,000,000.00 RUB"),
        ("500 EUR net", "", "500.00 EUR"), ("Total: 500 EUR", "", "500.00 EUR"),
        ("$500", "CAD", "500.00 CAD"), ("500 dollars", "USD", "500.00 USD"),
        ("500-", "EUR", "-500.00 EUR"),
        ("5 Mio.", "EUR", "5,000,000.00 EUR"), ("1 234,50 грн", "", "1,234.50 UAH"),
    ],
)  # fmt: skip
def test_shipped_currencies_in_the_ways_people_write_them(
    text: str, beside: str, said: str
) -> None:
    found = parse_money(text, beside, reference.currencies())
    assert format_money(found.value) == said


@pytest.mark.parametrize(
    ("text", "beside", "why"),
    [
        ("$500", "EUR", "the sum says $ and its currency is stated as EUR"),
        ("kr 500", "EUR", "the sum says kr and its currency is stated as EUR"),
        ("500 dollars", "", "dollars can be several currencies"),
        ("USD 5m", "", '"m" is no currency that is known'),
        ("1,234.56 USD per MT", "", '"USD per MT" is no currency that is known'),
        ("1.000 EUR", "", "1.000 can be 1 or 1000"),
        ("EUR 5 k k", "", '"k" is no currency that is known'),
    ],
)
def test_a_symbol_of_several_currencies_must_fit_the_stated_one(
    text: str, beside: str, why: str
) -> None:
    assert parse_money(text, beside, reference.currencies()).why == why


def test_an_approximate_sum_says_so() -> None:
    found = parse_money("ca. 500 EUR", None, reference.currencies())
    assert found.assumed == "the amount is stated as approximate"
