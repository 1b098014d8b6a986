"""For each documented flag two orders that differ in the deciding fact only: on one a rule that
cites the flag fires, on the other none does.

The orders are data, in tests/flag_pairs/FLAG.csv, with the rows ``fires`` and ``quiet``. A flag
that also has a question to ask has a second pair, FLAG-asked.csv.
"""

from __future__ import annotations

import csv
import datetime
from functools import cache
from pathlib import Path

import pytest

from redflags import Transaction, load_rules
from redflags.engine.judge import Judge
from redflags.model.record import record_of
from redflags.reference import red_flag_catalogue
from redflags.rulebook.tree import Rule, RuleBook

FOLDER = Path(__file__).parent / "flag_pairs"
PAIRS = sorted(FOLDER.glob("*.csv"))
MOST_DIFFERENCES = 4
"""Columns in which the two orders may differ: a place takes several to say, as do two parties."""

LEFT_TO_LATER = {"PTY-01", "PTY-02", "PTY-19", "PRD-05", "PRD-06"}
"""Flags that wait for the screening against watch lists, or that rules across orders answer."""


@cache
def book() -> RuleBook:
    return load_rules()


@cache
def judge() -> Judge:
    return Judge(book(), datetime.date(2025, 1, 1))


def pair(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["order_id"]: row for row in csv.DictReader(file)}


def flag_of(path: Path) -> str:
    return path.stem.removesuffix("-asked")


def citing(flag: str) -> list[Rule]:
    """The rules on single orders that cite the flag; a pair is two orders and no history."""
    return [
        rule
        for rule in book().rules
        if rule.across is None and any(flag in one.flags for one in rule.sources)
    ]


def fired(flag: str, row: dict[str, str]) -> list[str]:
    record = record_of(Transaction.model_validate(row))
    true = {rule.name for rule in judge().verdicts(record).true}
    return [rule.name for rule in citing(flag) if rule.name in true]


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_a_rule_that_cites_the_flag_fires_on_one_order_and_none_on_its_twin(path: Path) -> None:
    orders = pair(path)
    assert orders.keys() == {"fires", "quiet"}
    assert citing(flag_of(path)), "no rule cites the flag"
    assert fired(flag_of(path), orders["fires"])
    assert fired(flag_of(path), orders["quiet"]) == []


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_the_two_orders_differ_in_the_deciding_fact_only(path: Path) -> None:
    assert flag_of(path) in red_flag_catalogue()
    orders = pair(path)
    assert len(orders["fires"]) >= 6, "an order of a few columns is not realistic"
    different = [
        column
        for column, text in orders["fires"].items()
        if column != "order_id" and orders["quiet"][column] != text
    ]
    assert 1 <= len(different) <= MOST_DIFFERENCES, different


def test_every_flag_that_a_tool_may_decide_has_its_pair() -> None:
    needed = {
        flag.id
        for flag in red_flag_catalogue().values()
        if flag.automate == "yes" and flag.evaluable in ("order", "order+lists", "documents")
    }
    missing = needed - {path.stem for path in PAIRS} - LEFT_TO_LATER
    assert missing == set()
