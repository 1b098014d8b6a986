"""The invented stories of examples/networks, hidden in a year of honest orders: each is found with
its own orders and links, and its honest twin stays at or below medium."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from redflags import Screener
from redflags.scoring import is_at_least

FOLDER = Path(__file__).parent.parent / "examples" / "networks"
STORIES = (
    "one-address",
    "weekly-split",
    "telephone-of-a-refused-firm",
    "kit-for-one-consignee",
    "six-lines",
    "one-payer",
    "moved-flow",
    "surge",
    "refused-comes-back",
    "junction",
)
FOUND_BY = {
    "one-address": ("pigment-paste-or-hexamine-in-parts", "high"),
    "weekly-split": ("sorbitol-sulphur-or-magnesium-nitrate-in-parts", "high"),
    "telephone-of-a-refused-firm": ("refused-order-returns-through-linked-buyer", "high"),
    "kit-for-one-consignee": ("kit-for-one-consignee", "high"),
    "six-lines": ("potassium-or-sodium-nitrate-in-parts", "medium"),
    "one-payer": ("one-payer-for-several-buyers", "high"),
    "moved-flow": ("stopped-trade-goes-on-through-linked-firm", "high"),
    "surge": ("surge-against-own-orders", "medium"),
    "refused-comes-back": ("refused-order-returns-through-linked-buyer", "high"),
    "junction": ("one-unsuited-consignee-of-several-buyers", "high"),
}
"""For each story the rule that sees it and the band that some of its orders reaches."""

LINKED_BY = {
    "one-address": "address",
    "telephone-of-a-refused-firm": "phone",
    "one-payer": "payer",
    "moved-flow": "email",
    "refused-comes-back": "email",
}
"""What the firms of a story have in common, where it is more than one party."""


class Alert(NamedTuple):
    """What a check said of one order: its band, and the orders in the window of each flag."""

    band: str
    windows: dict[str, tuple[str, ...]]


class Group(NamedTuple):
    """A case: its orders, its band, and the kinds of its links."""

    orders: frozenset[str]
    band: str
    links: frozenset[str]


class Checked(NamedTuple):
    """What a check of some files said."""

    alerts: dict[str, Alert]
    cases: tuple[Group, ...]


@cache
def labels() -> tuple[dict[str, str], ...]:
    with (FOLDER / "labels.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def orders_of(file: str, *, in_case: bool = False) -> frozenset[str]:
    return frozenset(
        row["order_id"]
        for row in labels()
        if row["file"] == file and (not in_case or row["in_case"] == "yes")
    )


def checked(paths: tuple[str, ...]) -> Checked:
    report = Screener().check_files(paths)
    alerts = {
        one.order_id: Alert(
            one.band,
            {flag.rule: flag.window.orders for flag in one.flags if flag.window is not None},
        )
        for one in report.assessments
        if one.order_id is not None and one.flags
    }
    cases = tuple(
        Group(frozenset(one.orders), one.band, frozenset(link.kind for link in one.links))
        for one in report.cases
    )
    return Checked(alerts, cases)


@cache
def everything() -> Checked:
    """The honest year with all stories and all their twins in it."""
    files = sorted(path for path in FOLDER.glob("*.csv") if path.name != "labels.csv")
    return checked(tuple(str(path) for path in files))


@cache
def honest_alone() -> Checked:
    return checked((str(FOLDER / "honest.csv"),))


def test_the_files_are_what_their_generator_makes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(FOLDER / "make.py"), str(tmp_path)], check=True)
    made = {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")}
    assert made == {path.name: path.read_bytes() for path in FOLDER.glob("*.csv")}


def test_every_story_has_its_twin_and_its_labels() -> None:
    assert {row["story"] for row in labels()} == set(STORIES) == FOUND_BY.keys()
    for story in STORIES:
        assert orders_of(f"{story}.csv", in_case=True)
        assert orders_of(f"{story}-honest.csv")
        assert not orders_of(f"{story}-honest.csv", in_case=True)


@pytest.mark.parametrize("story", STORIES)
def test_a_story_is_found_by_its_rule_at_its_band(story: str) -> None:
    rule, band = FOUND_BY[story]
    bands = [
        alert.band
        for number, alert in everything().alerts.items()
        if number in orders_of(f"{story}.csv") and f"networks/{rule}" in alert.windows
    ]
    assert any(is_at_least(one, band) for one in bands), bands
    assert all(is_at_least(one, "medium") for one in bands), bands


@pytest.mark.parametrize("story", STORIES)
def test_the_windows_of_a_story_hold_its_orders_and_no_others(story: str) -> None:
    own = orders_of(f"{story}.csv")
    rule, _ = FOUND_BY[story]
    named: set[str] = set()
    for number in own & everything().alerts.keys():
        for orders in everything().alerts[number].windows.values():
            assert set(orders) <= own
        named |= set(everything().alerts[number].windows.get(f"networks/{rule}", ()))
    assert named >= orders_of(f"{story}.csv", in_case=True)


@pytest.mark.parametrize("story", [story for story in STORIES if story != "six-lines"])
def test_a_story_is_one_case_of_its_own_orders(story: str) -> None:
    own = orders_of(f"{story}.csv")
    (case,) = (one for one in everything().cases if one.orders & own)
    assert case.orders <= own
    assert case.orders >= orders_of(f"{story}.csv", in_case=True)
    assert is_at_least(case.band, FOUND_BY[story][1])
    if story in LINKED_BY:
        assert LINKED_BY[story] in case.links


@pytest.mark.parametrize("story", STORIES)
def test_the_honest_twin_stays_at_or_below_medium(story: str) -> None:
    own = orders_of(f"{story}-honest.csv")
    for number in own & everything().alerts.keys():
        alert = everything().alerts[number]
        assert is_at_least("medium", alert.band), (number, alert)
        for orders in alert.windows.values():
            assert set(orders) <= own
    for case in everything().cases:
        if case.orders & own:
            assert case.orders <= own
            assert is_at_least("medium", case.band)


def test_honest_orders_raise_no_network_alert_and_nothing_above_medium() -> None:
    assert len(honest_alone().alerts) < 80
    for number, alert in honest_alone().alerts.items():
        assert alert.windows == {}, number
        assert is_at_least("medium", alert.band), number


def test_the_stories_change_nothing_for_the_honest_orders() -> None:
    beside = {
        number: alert
        for number, alert in everything().alerts.items()
        if number in honest_alone().alerts
    }
    assert beside == honest_alone().alerts


def test_the_order_of_the_rows_changes_nothing(tmp_path: Path) -> None:
    rows: list[dict[str, str]] = []
    for path in sorted(FOLDER.glob("*.csv"), reverse=True):
        if path.name != "labels.csv":
            with path.open(encoding="utf-8", newline="") as file:
                rows += csv.DictReader(file)
    with (tmp_path / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(reversed(rows))
    found = checked((str(tmp_path / "orders.csv"),))
    assert found.alerts == everything().alerts
    assert Counter(found.cases) == Counter(everything().cases)


@pytest.mark.parametrize("story", ["weekly-split", "telephone-of-a-refused-firm", "surge"])
def test_with_the_honest_year_as_history_a_story_is_found_as_well(story: str) -> None:
    report = Screener().check_files(
        [str(FOLDER / f"{story}.csv")], history=[str(FOLDER / "honest.csv")]
    )
    rule, _ = FOUND_BY[story]
    flagged = {
        one.order_id
        for one in report.assessments
        if any(flag.rule == f"networks/{rule}" for flag in one.flags)
    }
    assert flagged
    assert flagged == {
        number
        for number, alert in everything().alerts.items()
        if number in orders_of(f"{story}.csv") and f"networks/{rule}" in alert.windows
    }
