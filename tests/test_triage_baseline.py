"""What is new, gone and changed since an earlier run."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Finished, redflags
from tests.test_triage_verify import ORDERS, RULES, TABLE, as_csv, run_of

ROOT = Path(__file__).parents[1]
OWN = ("-r", "rules.yaml", "--only-rules")


def own_run(rows: list[list[str]], rules: str = RULES) -> str:
    return run_of(as_csv(rows), *OWN, rules_yaml=rules)


def compared(rows: list[list[str]], earlier: str, *arguments: str, rules: str = RULES) -> Finished:
    return redflags(
        "check", "orders.csv", *OWN, "--baseline", "earlier.json", "--as-of", "2026-01-31",
        *arguments,
        files={"orders.csv": as_csv(rows), "earlier.json": earlier, "rules.yaml": rules},
    )  # fmt: skip


def changes(rows: list[list[str]], earlier: str, rules: str = RULES) -> dict[str, dict[str, Any]]:
    found = json.loads(compared(rows, earlier, "-f", "json", rules=rules).stdout)
    return {one["order_id"]: one for one in found["baseline"]["orders"]}


def with_cell(row: int, column: int, text: str) -> list[list[str]]:
    rows = [list(one) for one in TABLE]
    rows[row][column] = text
    return rows


def test_the_same_orders_are_no_news_whatever_the_order_of_rows_and_the_words_of_rules() -> None:
    earlier = own_run(TABLE)
    rows = TABLE[:1] + random.Random(5).sample(TABLE[1:], len(TABLE) - 1)
    worded = RULES.replace("It is a shop.", "It sells telephones.")
    found = json.loads(compared(rows, earlier, "-f", "json", rules=worded).stdout)["baseline"]
    assert found["orders"] == []
    assert found["unchanged"] == 3
    assert found["notes"] == ["the rules are not those of then"]


def test_new_gone_raised_lowered_and_changed() -> None:
    earlier = own_run(TABLE)
    assert changes(with_cell(2, 5, "SY"), earlier)["B"]["change"] == "new"
    gone = changes(with_cell(1, 2, "bakery"), own_run(with_cell(1, 5, "DE")))
    assert gone["A"]["change"] == "lowered"
    gone = changes([TABLE[0], *TABLE[2:]], earlier)
    assert (gone["A"]["change"], gone["A"]["band"]) == ("gone", "none")
    assert gone["A"]["gone_flags"] == ["rules/place", "rules/shop"]
    raised = changes(with_cell(3, 2, "mobile phone shop"), earlier)["C"]
    assert (raised["change"], raised["new_flags"]) == ("raised", ["rules/shop"])
    lowered = changes(TABLE, own_run(with_cell(3, 2, "mobile phone shop")))["C"]
    assert (lowered["change"], lowered["gone_flags"]) == ("lowered", ["rules/shop"])
    changed = changes(with_cell(1, 2, "electronics shop"), earlier)["A"]
    assert (changed["change"], changed["changed_flags"]) == ("changed", ["rules/shop"])
    assert changed["new_flags"] == changed["gone_flags"] == []


def test_a_row_without_a_number_that_moved_is_no_news() -> None:
    earlier = own_run(TABLE)
    rows = [TABLE[0], TABLE[5], *TABLE[1:5]]
    assert changes(rows, earlier) == {}
    other = [TABLE[0], ["", *TABLE[5][1:4], "4 t", *TABLE[5][5:]], *TABLE[1:5]]
    assert changes(other, earlier) == {}  # the rule does not look at the quantity
    other[1][2] = "electronics shop"
    assert {one["change"] for one in changes(other, earlier).values()} == {"new", "gone"}


def test_the_table_begins_with_what_is_new() -> None:
    found = compared(with_cell(2, 5, "SY"), own_run(TABLE))
    first = found.stdout.splitlines()
    assert first[0] == "Since earlier.json"
    assert "1 new, 0 raised, 0 changed, 0 lowered, 0 gone, 3 as they were" in first[2]
    assert first[3].startswith("new        B: medium")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 1),
        (("--fail-on-new",), 1),
        (("--fail-on-new", "--fail-on", "high"), 0),
    ],
)
def test_the_exit_code_is_as_always_or_of_new_orders_alone(
    arguments: tuple[str, ...], code: int
) -> None:
    earlier = own_run(TABLE)
    assert compared(with_cell(2, 5, "SY"), earlier, *arguments).code == code


def test_nothing_new_exits_0_with_fail_on_new_though_there_are_alerts() -> None:
    earlier = own_run(TABLE)
    assert compared(TABLE, earlier).code == 1
    assert compared(TABLE, earlier, "--fail-on-new").code == 0
    raised = compared(with_cell(3, 2, "mobile phone shop"), earlier, "--fail-on-new")
    assert raised.code == 1


def test_a_report_of_before_there_were_fingerprints_is_compared_by_rules() -> None:
    plain = json.loads(own_run(TABLE))
    for one in plain["assessments"]:
        del one["fingerprint"]
        for flag in one["flags"]:
            del flag["fingerprint"]
    for pack in plain["run"]["packs"]:
        for name in ("rule_hashes", "lists", "other_hashes"):
            del pack[name]
    found = changes(with_cell(1, 2, "electronics shop"), json.dumps(plain))
    assert found == {}
    found = changes(with_cell(3, 2, "mobile phone shop"), json.dumps(plain))
    assert found["C"]["change"] == "raised"


ACROSS = """
rules:
  - id: several
    title: Paste again
    severity: medium
    fact: network
    why: It is ordered again.
    source: judgement
    across:
      same: [buyer]
      within: 30 days
      where: {product.family: aluminium-paste}
      having: {count: {at_least: 2}}
"""
WINDOW = [
    ["order_id", "date", "buyer_name", "product", "quantity"],
    ["1", "2025-03-01", "Example Phones", "aluminium paste", "6 t"],
    ["2", "2025-03-05", "Example Phones", "aluminium paste", "6 t"],
    ["3", "2025-03-05", "Example Phones", "aluminium paste", "6 t"],
]


def test_a_window_of_more_orders_is_news_and_one_of_fewer_is_none() -> None:
    few, many = own_run(WINDOW[:3], ACROSS), own_run(WINDOW, ACROSS)
    grown = changes(WINDOW, few, ACROSS)
    assert (grown["2"]["change"], grown["2"]["grown_flags"]) == ("changed", ["rules/several"])
    assert grown["2"]["changed_flags"] == []
    assert grown["3"]["change"] == "new"
    assert "2: medium 35.0 as before; over more orders several" in compared(
        WINDOW, few, rules=ACROSS
    ).stdout.replace("\n           ", " ")
    assert {number: one["change"] for number, one in changes(WINDOW[:3], many, ACROSS).items()} == {
        "3": "gone"
    }


def test_fail_on_new_needs_a_baseline() -> None:
    found = redflags("check", "orders.csv", "--fail-on-new", files={"orders.csv": ORDERS})
    assert found.code == 2
    assert "--baseline" in found.stderr


def test_a_baseline_that_is_no_report_exits_2_before_anything_is_read() -> None:
    found = redflags(
        "check", "no.csv", "--baseline", "earlier.json", files={"earlier.json": "order_id\n1\n"}
    )
    assert found.code == 2
    assert "no report that can be used" in found.stderr
