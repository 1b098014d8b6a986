"""The labelled orders in ``tests/cases``, and the screener that they are checked with."""

from __future__ import annotations

import csv
import datetime
from functools import cache
from pathlib import Path

from redflags import Assessment, Screener, Transaction
from redflags.scoring import is_at_least

FOLDER = Path(__file__).parent / "cases"


def rows(name: str) -> dict[str, dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return {row["order_id"]: row for row in csv.DictReader(file)}


@cache
def screener() -> Screener:
    return Screener(lists_as_of=datetime.date(2025, 1, 1))


def check(row: dict[str, str]) -> Assessment:
    return screener().check(Transaction.model_validate(row))


def reaches_its_band(row: dict[str, str], label: dict[str, str]) -> None:
    assessment = check(row)
    assert is_at_least(assessment.band, label["at_least"]), assessment.band


def stays_within_its_band(row: dict[str, str], label: dict[str, str]) -> None:
    assessment = check(row)
    assert is_at_least(label["at_most"], assessment.band), [flag.rule for flag in assessment.flags]
