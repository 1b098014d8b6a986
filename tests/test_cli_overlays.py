"""Overlays at the command line: reports say what was changed here, and runs can be repeated."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.commands import Finished, redflags

RULES = """
lists:
  shops: {kind: business, source: judgement, entries: [mobile-phone-shop, electronics-retailer]}
conditions:
  much: {quantity: {at_least: 100 kg}}
rules:
  - id: shop
    title: A shop orders paste
    severity: high
    fact: trade
    why: It is a shop.
    source: judgement
    when: {buyer.business: {in_list: shops}, product.family: aluminium-paste, holds: much}
  - id: place
    title: Goods to a place
    severity: medium
    fact: place
    why: It is a place.
    source: judgement
    when: {consignee.country: SY}
"""
HOUSE = """overlay: house
title: Ours
author: Export control
date: 2026-11-02
set:
  - condition: rules/much
    change: {quantity.at_least: 250 kg}
    reason: Our drums are <large>.
add:
  - {list: rules/shops, entries: [pharmacy], reason: They sell telephones.}
remove:
  - {list: rules/shops, entries: [electronics retailer], reason: We are one.}
disable:
  - {rule: rules/place, reason: "Asked elsewhere, *twice*."}
"""
ORDERS = """order_id,date,buyer_business,product,quantity,consignee_country
A,2026-03-01,mobile phone shop,aluminium paste,6 t,SY
B,2026-03-01,mobile phone shop,aluminium paste,150 kg,TR
C,2026-03-01,pharmacy,aluminium paste,1 t,TR
D,2026-03-01,bakery,flour,1 t,SY
"""
FILES = {"rules.yaml": RULES, "house.yaml": HOUSE, "orders.csv": ORDERS}
OWN = ("--rules", "rules.yaml", "--only-rules")
WITH = (*OWN, "--overlay", "house.yaml")
CHANGES = (
    "quantity.at_least is 250 kg instead of 100 kg",
    "also holds pharmacy",
    "no longer holds electronics retailer",
    "switched off",
)


def run(*arguments: str, **more: str) -> Finished:
    files = FILES | {name.replace("__", "."): text for name, text in more.items()}
    return redflags(*arguments, files=files)


def report_of(*arguments: str, **more: str) -> dict[str, object]:
    found = run("check", "orders.csv", *arguments, "--as-of", "2026-11-30", "-f", "json", **more)
    assert found.code in (0, 1), found
    report: dict[str, object] = json.loads(found.stdout)
    return report


def test_json_has_the_changes_of_each_flag_and_of_the_run() -> None:
    report: dict = report_of(*WITH)  # type: ignore[type-arg]
    [used] = report["run"]["overlays"]
    assert (used["id"], used["title"], used["path"]) == ("house", "Ours", "house.yaml")
    assert len(used["sha256"]) == 64
    assert tuple(one["change"] for one in used["changes"]) == CHANGES
    flags = {one["order_id"]: one["flags"] for one in report["assessments"]}
    assert set(flags) == {"A", "C"}
    for [flag] in flags.values():
        assert [one["change"] for one in flag["shaped_by"]] == list(CHANGES[:3])
        assert {one["overlay"] for one in flag["shaped_by"]} == {"house"}
        assert flag["shaped_by"][0]["place"] == "house.yaml:7:14"
    without: dict = report_of(*OWN)  # type: ignore[type-arg]
    assert without["run"]["overlays"] == []
    assert all(flag["shaped_by"] == [] for one in without["assessments"] for flag in one["flags"])


@pytest.mark.parametrize("name", ["table", "md", "html"])
def test_every_report_for_people_tells_the_changes(name: str) -> None:
    found = run("check", "orders.csv", *WITH, "-f", name)
    told = " ".join(found.stdout.replace("\\", "").split())
    for change in CHANGES:
        assert change in told, change
    assert "Export control, 2026-11-02" in told
    if name == "html":
        assert "Our drums are &lt;large&gt;." in told
        assert "<large>" not in told.replace("\\u003clarge", "")
    else:
        assert "overlay" in told
        assert "house shapes 1 of 1 flag" in told
    without = run("check", "orders.csv", *OWN, "-f", name)
    assert "overlay" not in without.stdout.partition("What this rests on")[0].split("<body")[-1]


def test_an_explanation_and_a_case_file_tell_them(tmp_path: Path) -> None:
    explained = run("explain", "orders.csv", "--order", "C", *WITH)
    for name in ("md", "html", "json"):
        case = run("case", "orders.csv", "--order", "C", *WITH, "-f", name)
        for found in (explained, case):
            assert found.code == 0, found
            told = " ".join(found.stdout.replace("\\", "").split())
            for change in CHANGES[:3]:
                assert change in told


def test_a_row_of_a_table_of_flags_tells_them() -> None:
    found = run("check", "orders.csv", *WITH, "-f", "csv")
    head, first, *_ = csv.reader(io.StringIO(found.stdout))
    assert first[head.index("shaped_by")] == "; ".join(f"house: {one}" for one in CHANGES[:3])
    without = run("check", "orders.csv", *OWN, "-f", "csv")
    head, first, *_ = csv.reader(io.StringIO(without.stdout))
    assert first[head.index("shaped_by")] == ""


@pytest.mark.parametrize("engine", ["judge", "columnar"])
def test_every_engine_is_shaped_alike(engine: str) -> None:
    report: dict = report_of(*WITH, "--engine", engine)  # type: ignore[type-arg]
    other: dict = report_of(*WITH)  # type: ignore[type-arg]
    assert report["assessments"] == other["assessments"]


@pytest.mark.parametrize("by", ["variable", "file"])
def test_a_setting_names_overlays_as_the_flag_does(by: str) -> None:
    settings = {"redflags__toml": 'overlay = ["house.yaml"]\n'} if by == "file" else {}
    if by == "variable":
        found = redflags(
            "check", "orders.csv", *OWN, "-f", "json", "--as-of", "2026-11-30",
            files=FILES, variables={"REDFLAGS_OVERLAY": "house.yaml"},
        )  # fmt: skip
        report = json.loads(found.stdout)
    else:
        report = report_of(*OWN, **settings)
    assert [one["id"] for one in report["run"]["overlays"]] == ["house"]


def verified(house: str, *arguments: str) -> Finished:
    report = json.dumps(report_of(*WITH))
    return run("verify", "run.json", "orders.csv", *arguments, run__json=report, house__yaml=house)


def test_a_run_is_repeated_with_its_overlay_and_a_change_of_it_is_named() -> None:
    assert verified(HOUSE).code == 0
    moved = HOUSE.replace("author: Export control\n", "author:   Export   control\n\n# moved\n")
    assert verified(moved).code == 0
    found = verified(HOUSE.replace("We are one.", "We were one."))
    assert found.code == 1
    assert "overlay    house: says something else than then" in found.stdout
    assert "rule" not in found.stdout
    found = verified(HOUSE.replace("250 kg", "300 kg"))
    assert "rules/shop: says something else than then" in found.stdout
    assert "overlay    house: says something else than then" in found.stdout


def test_a_run_with_an_overlay_that_is_gone_cannot_be_repeated_and_one_that_is_elsewhere_can() -> (
    None
):
    report = json.dumps(report_of(*WITH))
    files = {"rules.yaml": RULES, "orders.csv": ORDERS, "run.json": report}
    found = redflags("verify", "run.json", "orders.csv", files=files)
    assert found.code == 2
    assert "house.yaml:1:1: RF113" in found.stderr
    moved = files | {"elsewhere.yaml": HOUSE}
    again = ("verify", "run.json", "orders.csv", "--overlay", "elsewhere.yaml")
    assert redflags(*again, files=moved).code == 0


def test_a_mistake_is_shown_with_its_line_and_exit_code_two() -> None:
    found = run("check", "orders.csv", *WITH, house__yaml=HOUSE.replace("rules/much", "rules/mch"))
    assert found.code == 2
    assert "house.yaml:6:16: RF702: there is no condition `rules/mch`" in found.stderr
    assert "did you mean `rules/much`" in found.stderr


def test_a_rule_is_shown_with_what_it_refers_to_and_where_each_line_stands() -> None:
    found = run("rules", "show", "shop", "--resolved", *WITH)
    lines = [line.rstrip() for line in found.stdout.splitlines()]
    told = [line.split(maxsplit=1) for line in lines if line]
    assert ["rules.yaml:7", "id: shop"] in told
    assert any(
        one[0] == "house.yaml:7" and one[1].split() == ["*", "at_least:", "250", "kg"]
        for one in told
    )
    assert any(line.startswith("house.yaml:10 *") and line.endswith("- pharmacy") for line in lines)
    assert any("electronics-retailer is removed in house.yaml:12" in line for line in lines)
    assert any(line.endswith("# the condition rules/much") for line in lines)
    assert "Local changes (*)" in lines
    plain = run("rules", "show", "shop", "--resolved", *OWN)
    assert "*" not in plain.stdout
    assert "Local changes" not in plain.stdout


def test_a_rule_that_is_switched_off_is_listed_and_says_so() -> None:
    found = run("rules", "show", "place", *WITH)
    assert found.code == 2
    assert "switches the rule rules/place off: Asked elsewhere" in found.stderr
    listed = run("rules", "list", *WITH).stdout
    assert "rules/place: Asked elsewhere" in listed
    assert "changed by house" in listed
    assert "house" not in run("rules", "list", *OWN).stdout


def test_the_schema_of_overlays_is_printed() -> None:
    found = run("schema", "overlay", "--rules", "rules.yaml")
    offered = json.loads(found.stdout)["properties"]["disable"]["items"]["properties"]["rule"]
    assert "rules/shop" in offered["anyOf"][0]["enum"]


def test_an_overlay_of_own_rules_is_linted_beside_them() -> None:
    found = run("rules", "lint", "rules.yaml", "house.yaml", "--alone")
    assert "RF" not in found.stdout
    assert "1 pack and 1 overlay" in found.stderr
    stop = RULES.replace("severity: medium\n    fact: place", "kind: stop")
    off = run("rules", "lint", "rules.yaml", "house.yaml", "--alone", rules__yaml=stop)
    assert "house.yaml:14:5: RL904: a stop is switched off: rules/place" in off.stdout
    allowed = HOUSE.replace("disable:\n", "disable:\n  # redflags: allow RL904, because so\n")
    off = run("rules", "lint", "rules.yaml", "house.yaml", "--alone", rules__yaml=stop,
              house__yaml=allowed)  # fmt: skip
    assert "RL904" not in off.stdout
    assert "RL002" not in off.stdout
    wrong = run("rules", "lint", "house.yaml")
    assert wrong.code == 2
    assert "RF702" in wrong.stdout
