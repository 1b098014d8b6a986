"""Sums are converted at the last rate on or before the day, never at one that is a guess."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.values.exchange import MOST_DAYS, NO_RATES, RateTable, convert_money
from redflags.values.money import Money
from redflags.values.understood import ABSENT, BLANK, Understood

FRIDAY = date(2026, 2, 13)
TABLE = RateTable(
    "EUR",
    [
        (FRIDAY, "USD", Decimal("1.2500")), (FRIDAY, "GBP", Decimal("0.8")),
        (FRIDAY - timedelta(1), "USD", Decimal("2")), (FRIDAY, "TRY", Decimal("3")),
        (FRIDAY - timedelta(30), "RUB", Decimal("90")),
    ],
    "the bank",
)  # fmt: skip
SUM = Money("USD", 1000 * 10_000)


def on(day: date) -> Understood:
    return Understood(value=day)


@pytest.mark.parametrize(
    ("money", "currency", "day", "amount"),
    [
        (SUM, "EUR", FRIDAY, 800), (SUM, "EUR", FRIDAY + timedelta(2), 800),
        (SUM, "EUR", FRIDAY - timedelta(1), 500), (SUM, "GBP", FRIDAY, 640),
        (Money("EUR", 10 * 10_000), "USD", FRIDAY, Fraction(25, 2)),
        (Money("USD", -10_000), "EUR", FRIDAY, Fraction(-4, 5)), (SUM, "USD", FRIDAY, 1000),
        (SUM, "EUR", FRIDAY + timedelta(MOST_DAYS), 800),
        (Money("EUR", 1), "EUR", FRIDAY, Fraction(1, 10_000)),
        (Money("EUR", 10_000), "TRY", FRIDAY, 3),
        (Money("TRY", 10_000), "EUR", FRIDAY, Fraction(3333, 10_000)),
    ],
)  # fmt: skip
def test_converted(money: Money, currency: str, day: date, amount: Fraction) -> None:
    assert convert_money(money, currency, on(day), TABLE).value == Money(currency, amount * 10_000)


def test_the_rate_its_day_and_the_table_are_told() -> None:
    assert convert_money(SUM, "EUR", on(FRIDAY + timedelta(2)), TABLE).how == (
        "1,000.00 USD = 800.00 EUR at 1.25 USD for 1 EUR on 2026-02-13 (the bank)"
    )
    assert convert_money(SUM, "GBP", on(FRIDAY), TABLE).how == (
        "1,000.00 USD = 640.00 GBP at 1.25 USD for 1 EUR on 2026-02-13 and 0.8 GBP for 1 EUR on "
        "2026-02-13 (the bank)"
    )
    assert convert_money(SUM, "USD", on(FRIDAY), None).how == ""


@pytest.mark.parametrize(
    ("currency", "day", "why", "needs"),
    [
        ("EUR", on(FRIDAY + timedelta(MOST_DAYS + 1)), "there is no rate of USD", ()),
        ("EUR", on(FRIDAY - timedelta(2)), "there is no rate of USD", ()),
        ("RUB", on(FRIDAY), "there is no rate of RUB for 2026-02-13", ()),
        ("XAU", on(FRIDAY), "there is no rate of XAU", ()),
        ("EUR", BLANK, "depends on the date of the order, which is not known", ("date",)),
        ("EUR", ABSENT, "depends on the date of the order, which is not known", ("date",)),
    ],
)
def test_unknown(currency: str, day: Understood, why: str, needs: tuple[str, ...]) -> None:
    found = convert_money(SUM, currency, day, TABLE)
    assert found.value is None
    assert why in found.why
    assert found.needs == needs


def test_without_a_table_two_currencies_cannot_be_compared() -> None:
    found = convert_money(SUM, "EUR", on(FRIDAY), None)
    assert found.why == f"1,000.00 USD cannot be compared with EUR: {NO_RATES}"


def test_an_amount_beyond_all_bounds_is_refused() -> None:
    tiny = RateTable("EUR", [(FRIDAY, "USD", Decimal("0.000001"))], "the bank")
    assert "too large" in convert_money(Money("USD", 2**62), "EUR", on(FRIDAY), tiny).why


@given(st.integers(-(10**12), 10**12), st.sampled_from(["USD", "GBP", "TRY"]))
def test_there_and_back_is_the_same_within_a_rounding(amount: int, currency: str) -> None:
    there = convert_money(Money("EUR", amount), currency, on(FRIDAY), TABLE).value
    back = convert_money(there, "EUR", on(FRIDAY), TABLE).value
    assert abs(back.amount - amount) <= 1


def test_the_table_says_what_it_covers() -> None:
    assert TABLE.currencies == ("EUR", "GBP", "RUB", "TRY", "USD")
    assert TABLE.days == (FRIDAY - timedelta(30), FRIDAY)
    assert RateTable("EUR", [], "nothing").days is None
