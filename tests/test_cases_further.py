"""Documented patterns in other words and languages, and honest orders that look like them."""

from __future__ import annotations

import csv
import datetime
from functools import cache
from pathlib import Path

import pytest

from redflags import Assessment, Screener, Transaction
from redflags.scoring import is_at_least

FOLDER = Path(__file__).parent / "cases"


def rows(name: str) -> dict[str, dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return {row["order_id"]: row for row in csv.DictReader(file)}


ORDERS = rows("further_orders.csv")
LABELS = rows("further_labels.csv")
PATTERNS = sorted(name for name, label in LABELS.items() if label["kind"] == "pattern")
HONEST = sorted(name for name, label in LABELS.items() if label["kind"] == "benign")


@cache
def screener() -> Screener:
    return Screener(lists_as_of=datetime.date(2025, 1, 1))


def check(row: dict[str, str]) -> Assessment:
    return screener().check(Transaction.model_validate(row))


def test_every_order_has_its_label() -> None:
    assert set(ORDERS) == set(LABELS)
    assert len(PATTERNS) > 100
    assert len(HONEST) > 100


@pytest.mark.parametrize("name", PATTERNS)
def test_a_documented_pattern_in_other_words_reaches_its_band(name: str) -> None:
    assessment = check(ORDERS[name])
    assert is_at_least(assessment.band, LABELS[name]["at_least"]), assessment.band


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_order_that_looks_like_one_stays_within_its_band(name: str) -> None:
    assessment = check(ORDERS[name])
    assert is_at_least(LABELS[name]["at_most"], assessment.band), [
        flag.rule for flag in assessment.flags
    ]
