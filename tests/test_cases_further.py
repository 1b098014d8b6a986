"""Documented patterns in other words and languages, and honest orders that look like them."""

from __future__ import annotations

import pytest

from tests.labelled import reaches_its_band, rows, stays_within_its_band

ORDERS = rows("further_orders.csv")
LABELS = rows("further_labels.csv")
PATTERNS = sorted(name for name, label in LABELS.items() if label["kind"] == "pattern")
HONEST = sorted(name for name, label in LABELS.items() if label["kind"] == "benign")


def test_every_order_has_its_label() -> None:
    assert set(ORDERS) == set(LABELS)
    assert len(PATTERNS) > 100
    assert len(HONEST) > 100


@pytest.mark.parametrize("name", PATTERNS)
def test_a_documented_pattern_in_other_words_reaches_its_band(name: str) -> None:
    reaches_its_band(ORDERS[name], LABELS[name])


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_order_that_looks_like_one_stays_within_its_band(name: str) -> None:
    stays_within_its_band(ORDERS[name], LABELS[name])
