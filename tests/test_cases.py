"""The labelled orders: documented cases reach their bands, honest orders stay within theirs, and
neither a country nor a trade alone changes that."""

from __future__ import annotations

import csv
import datetime
from functools import cache
from pathlib import Path

import pytest

from redflags import Assessment, Screener, Transaction
from redflags.scoring import is_at_least

FOLDER = Path(__file__).parent / "cases"
FROM_THE_REPORT = ("O-101", "O-102", "O-103", "O-104", "O-105")
BY_THEIR_GOODS = ("O-107", "O-108", "O-110", "O-111", "O-112")
COUNTRIES = ("TR", "AE", "HK", "FR", "GE", "PL")


def rows(name: str) -> dict[str, dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return {row["order_id"]: row for row in csv.DictReader(file)}


ORDERS = rows("orders.csv")
LABELS = rows("labels.csv")
HONEST = sorted(name for name, label in LABELS.items() if label["kind"] == "benign")


@cache
def screener() -> Screener:
    return Screener(lists_as_of=datetime.date(2025, 1, 1))


def check(row: dict[str, str]) -> Assessment:
    return screener().check(Transaction.model_validate(row))


@pytest.mark.parametrize("name", BY_THEIR_GOODS)
def test_orders_that_their_goods_give_away_reach_their_bands(name: str) -> None:
    assessment = check(ORDERS[name])
    assert is_at_least(assessment.band, LABELS[name]["at_least"]), assessment.band


@pytest.mark.parametrize("name", FROM_THE_REPORT)
def test_the_report_s_own_orders_reach_their_bands(name: str) -> None:
    assessment = check(ORDERS[name])
    assert is_at_least(assessment.band, LABELS[name]["at_least"]), assessment.band


@pytest.mark.parametrize("name", HONEST)
def test_honest_orders_stay_within_their_bands(name: str) -> None:
    assessment = check(ORDERS[name])
    assert is_at_least(LABELS[name]["at_most"], assessment.band), [
        flag.rule for flag in assessment.flags
    ]


def named_end_user(row: dict[str, str]) -> dict[str, str]:
    return row | {"end_user_name": row["end_user_name"] or "Plant Example-17, main site"}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_buyer_as_a_trader_with_a_named_end_user_stays_at_medium(name: str) -> None:
    row = named_end_user(ORDERS[name]) | {"buyer_business": "trading company"}
    assert is_at_least("medium", check(row).band)


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("name", HONEST)
def test_an_honest_order_from_another_country_stays_at_medium(name: str, country: str) -> None:
    row = ORDERS[name]
    moved = row | {
        "buyer_country": country,
        "consignee_country": country,
        "consignee_region": "",
        "consignee_city": "",
        "buyer_city": "",
    }
    only_buyer = row | {"buyer_country": country, "buyer_city": ""}
    trader = named_end_user(moved) | {"buyer_business": "trading company"}
    for variant in (moved, only_buyer, trader):
        assert is_at_least("medium", check(variant).band), [
            flag.rule for flag in check(variant).flags
        ]


@pytest.mark.parametrize("name", FROM_THE_REPORT)
def test_a_documented_order_is_no_less_urgent_under_other_names(name: str) -> None:
    """Names decide nothing: only whether two parties have the same one."""
    row = dict(ORDERS[name])
    for column in ("buyer_name", "consignee_name", "payer_name", "end_user_name"):
        if row[column]:
            row[column] = f"Invented {ORDERS[name][column].split()[-1]}"
    assert check(row).bits == check(ORDERS[name]).bits


def test_every_case_has_a_label() -> None:
    assert ORDERS.keys() == LABELS.keys()
