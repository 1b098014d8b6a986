"""Rules across orders through the public face: one order with a history, files, explanations."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from redflags import Assessment, RuleBook, Screener, Transaction
from redflags.errors import ConfigurationError, InputError
from redflags.files import LARGE_FILE
from redflags.model.record import record_of
from redflags.model.report import Report
from redflags.questionnaire import questionnaire
from redflags.rulebook import load_rules, parse_rules
from tests.commands import redflags

CASES = Path(__file__).parent / "cases" / "orders.csv"

RULES = """rules:
  - id: split-orders
    title: Orders of one buyer add up to bulk
    severity: high
    fact: network
    why: Many small orders can make one large one.
    across:
      same: [buyer]
      within: 90 days
      where: {product.family: urea}
      having:
        count: {at_least: 2}
        sum(quantity): {at_least: 1 t}
    ask:
      - {of: sales, text: "Why does {buyer.name} order so often?"}
  - id: linked-buyers
    title: Linked buyers order the same goods
    severity: high
    fact: control
    across:
      same: [{linked: [phone]}]
      within: 90 days
      where: {product.family: urea}
      having: {distinct(buyer): {at_least: 2}}
  - id: first-order
    title: First order of sensitive goods
    severity: medium
    fact: new-party
    across:
      same: [buyer]
      within: 30 days
      where: {product.family: urea}
      having: {first: yes}
  - id: six-lines
    title: The lines of one order add up to bulk
    severity: medium
    fact: scale
    when: {quantity: {less_than: 100 kg}}
    across:
      same: [order_id]
      where: {product.family: urea}
      having: {sum(quantity): {at_least: 400 kg}}
"""
BOOK = parse_rules(RULES)
BASE = {
    "product": "urea", "quantity": "400 kg", "buyer_name": "Delta Trading Ltd",
    "buyer_country": "TR",
}  # fmt: skip


def order(number: str, day: str, **changed: str) -> dict[str, str]:
    return {"order_id": number, "date": day, **BASE, **changed}


ORDERS = [
    order("A-1", "2016-03-03", buyer_phone="+90 212 555 01 00"),
    order("A-2", "2016-03-10", buyer_name="DELTA TRADING"),
    order("A-3", "2016-03-24"),
    order("B-1", "2016-03-25", buyer_name="Omega Foods", buyer_phone="0212 555 01 00"),
    order("C-1", "2016-03-26", product="wooden chairs"),
]


def transactions(orders: Sequence[Mapping[str, str]]) -> list[Transaction]:
    return [Transaction.model_validate(dict(one)) for one in orders]


def check(book: RuleBook, one: Mapping[str, str], *before: Mapping[str, str]) -> Assessment:
    return Screener(book).check(transactions([one])[0], history=transactions(before))


def table(rows: Sequence[Mapping[str, str]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, names)
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def file_of(folder: Path, name: str, rows: Sequence[Mapping[str, str]]) -> str:
    path = folder / name
    path.write_text(table(rows), encoding="utf-8")
    return str(path)


def flags(report: Report | Sequence[Assessment]) -> dict[str, set[str]]:
    found = report.assessments if isinstance(report, Report) else report
    return {one.order_id: {flag.rule for flag in one.flags} for one in found if one.flags}


SPLIT, LINKED = "rules/split-orders", "rules/linked-buyers"


def test_one_order_is_judged_with_its_history() -> None:
    assert check(BOOK, ORDERS[2]).flags == ()
    assessment = check(BOOK, ORDERS[2], *ORDERS[:2])
    assert [flag.rule for flag in assessment.flags] == [SPLIT]
    window = assessment.flags[0].window
    assert window is not None
    assert window.orders == ("A-1", "A-2", "A-3")
    assert (window.count, window.lines) == (3, 3)
    assert (window.first, window.last) == ("2016-03-03", "2016-03-24")
    assert window.key == "buyer Delta Trading Ltd"
    assert window.sentences == (
        "3 orders (the rule asks for at least 2) of the buyer Delta Trading Ltd from 2016-03-03 to "
        "2016-03-24",
        "1.2 t together (the rule asks for at least 1 t)",
    )
    assert "1.2 t together (the rule asks for at least 1 t)" in assessment.flags[0].sentence


def test_the_order_s_own_number_in_the_history_is_left_out() -> None:
    assert check(BOOK, ORDERS[2], ORDERS[0], ORDERS[2], ORDERS[2]).flags == ()


def test_the_order_s_own_lines_in_the_history_are_left_out() -> None:
    lines = transactions([{**one, "order_id": ""} for one in ORDERS[:3]])
    assert not Screener(BOOK).check(lines[2], history=[lines[2]] * 5).flags
    assert Screener(BOOK).check(lines[2], history=lines).flags


def test_a_need_of_a_window_is_a_field_that_an_order_states() -> None:
    book = parse_rules(RULES.replace("same: [buyer]", "same: [product.family]"))
    found = check(book, {"order_id": "A-1", "date": "2016-03-03"}).incomplete
    needs = {one.rule: set(one.needs) for one in found}
    assert "product" in needs["rules/split-orders"]
    assert "product.family" not in needs["rules/split-orders"]


def test_orders_without_a_number_count_and_are_not_named() -> None:
    lines = [{**one, "order_id": ""} for one in ORDERS[:3]]
    found = check(BOOK, lines[2], lines[0], {**lines[1], "order_id": "A-2"}).flags
    window = found[0].window
    assert window is not None
    assert (window.orders, window.count) == (("A-2", "order"), 3)


def test_links_are_told_with_what_is_shared() -> None:
    found = {flag.rule: flag for flag in check(BOOK, ORDERS[3], *ORDERS[:3]).flags}
    window = found[LINKED].window
    assert window is not None
    assert [(one.one, one.other, one.by) for one in window.links] == [
        ("Omega Foods", "Delta Trading Ltd", "phone")
    ]
    assert "those linked with it" in window.sentences[0]


def test_what_is_known_of_history_settles_first() -> None:
    alone = check(BOOK, ORDERS[0])
    needs = {one.rule: one.needs for one in alone.incomplete}
    assert needs == {"rules/first-order": ("history",)}
    assert "before 2016-02-03" in " ".join(alone.incomplete[0].because)
    old = order("X-1", "2016-02-02", product="wooden chairs")
    assert {flag.rule for flag in check(BOOK, ORDERS[0], old).flags} == {"rules/first-order"}
    younger = {**old, "date": "2016-02-03"}
    assert check(BOOK, ORDERS[0], younger).flags == ()


def test_the_lines_of_one_order_add_up() -> None:
    lines = [order("A-1", "2016-03-03", quantity="80 kg") for _ in range(6)]
    found = Screener(BOOK).check(transactions(lines))
    window = {flag.rule: flag.window for flag in found.flags}["rules/six-lines"]
    assert window is not None
    assert window.sentences[0] == "6 lines of one order"
    assert window.sentences[1].startswith("480 kg together")
    assert not Screener(BOOK).check(transactions(lines[:4])).flags


@pytest.mark.parametrize("history", [["a"], [None], [{"product": "urea"}]])
def test_a_history_that_holds_no_transactions_is_refused(history: list[Any]) -> None:
    with pytest.raises(TypeError, match="history"):
        Screener(BOOK).check(transactions(ORDERS[:1])[0], history=history)


def test_files_are_one_set_of_lines(tmp_path: Path) -> None:
    whole = file_of(tmp_path, "all.csv", ORDERS)
    parts = [file_of(tmp_path, f"{number}.csv", [one]) for number, one in enumerate(ORDERS)]
    expected = {"A-3": {SPLIT}, "B-1": {LINKED}}
    assert flags(Screener(BOOK).check_files([whole])) == expected
    assert flags(Screener(BOOK).check_files(parts)) == expected
    assert flags(Screener(BOOK).check_files(parts[::-1])) == expected


def test_orders_of_the_history_are_seen_and_not_assessed(tmp_path: Path) -> None:
    new = file_of(tmp_path, "new.csv", ORDERS[2:])
    old = file_of(tmp_path, "old.csv", ORDERS[:2])
    report = Screener(BOOK).check_files([new], history=[old])
    assert flags(report) == {"A-3": {SPLIT}, "B-1": {LINKED}}
    assert report.summary.orders == report.summary.read == 3
    assert [(one.path, one.rows) for one in report.run.history] == [(old, 2)]
    assert [one.path for one in report.run.inputs] == [new]
    assert flags(Screener(BOOK).check_files([new])) == {}


def test_overlapping_exports_count_once(tmp_path: Path) -> None:
    new = file_of(tmp_path, "new.csv", ORDERS[2:])
    old = file_of(tmp_path, "old.csv", [*ORDERS[:1], ORDERS[2]])
    older = file_of(tmp_path, "older.csv", ORDERS[:1])
    report = Screener(BOOK).check_files([new], history=[old, older, new])
    assert flags(report) == {"B-1": {LINKED}}
    assert [one.notes for one in report.run.history] == [
        ("1 line of orders that are checked, left out",),
        ("1 line that an earlier input has, left out",),
    ]


def test_lines_of_one_order_that_say_the_same_count_each_time(tmp_path: Path) -> None:
    new = file_of(tmp_path, "new.csv", ORDERS[2:3])
    old = file_of(tmp_path, "old.csv", [ORDERS[0], ORDERS[0]])
    assert flags(Screener(BOOK).check_files([new], history=[old])) == {"A-3": {SPLIT}}


def test_what_is_wrong_in_the_history_is_said(tmp_path: Path) -> None:
    new = file_of(tmp_path, "new.csv", ORDERS[2:])
    old = tmp_path / "old.csv"
    old.write_text(table([{**ORDERS[0], "date": "no day"}]) + "a,b,c,d,e,f,g,h,i,j\n")
    report = Screener(BOOK).check_files([new], history=[str(old)])
    notes = " | ".join(report.run.history[0].notes)
    assert "1 cell not understood" in notes
    assert "1 line set aside; the first, row 3:" in notes
    assert report.summary.set_aside == 0
    with pytest.raises(InputError):
        Screener(BOOK).check_files([new], history=[str(tmp_path / "not-there.csv")])


def test_a_history_is_not_read_where_no_rule_looks_at_it(tmp_path: Path) -> None:
    book = parse_rules(RULES[: RULES.index("    across:")] + "    when: {product.family: urea}\n")
    new = file_of(tmp_path, "new.csv", ORDERS)
    assert Screener(book).check_files([new], history=["not-there.csv"]).run.history == ()


def test_one_path_is_one_file(tmp_path: Path) -> None:
    new, old = file_of(tmp_path, "new.csv", ORDERS[2:]), file_of(tmp_path, "old.csv", ORDERS[:2])
    one, several = (Screener(BOOK).check_files(new, history=past) for past in (old, [old]))
    assert one.assessments == several.assessments
    assert one.run.history == several.run.history


def test_an_explanation_sees_the_whole_file_and_the_history(tmp_path: Path) -> None:
    whole = file_of(tmp_path, "all.csv", ORDERS)
    explained = Screener(BOOK).explain_file(whole, "A-3").assessment
    explained = explained.model_copy(update={"what_if": None})  # a check does not work that out
    [assessment] = [
        one for one in Screener(BOOK).check_files([whole]).assessments if one.order_id == "A-3"
    ]
    assert explained == assessment
    new = file_of(tmp_path, "new.csv", ORDERS[2:])
    old = file_of(tmp_path, "old.csv", ORDERS[:2])
    later = Screener(BOOK).explain_file(new, "A-3", history=[old]).assessment
    assert [flag.window for flag in later.flags] == [flag.window for flag in assessment.flags]


def test_a_large_file_is_read_in_columns(tmp_path: Path) -> None:
    filler = [order(f"F-{n}", "2016-03-01", product="chairs " * 40) for n in range(20)]
    path = tmp_path / "large.csv"
    text = table([*ORDERS, *filler])
    body = text[text.index("F-0") :]
    path.write_text(text + body * (LARGE_FILE // len(body) + 1), encoding="utf-8")
    report = Screener(BOOK).check_files([str(path)])
    assert report.run.settings.engine == "columnar"
    assert flags(report) == {"A-3": {SPLIT}, "B-1": {LINKED}}


def test_the_durable_engine_leaves_windows_to_the_judge(tmp_path: Path) -> None:
    whole = file_of(tmp_path, "all.csv", ORDERS)
    try:
        screener = Screener(BOOK, engine="durable")
    except ConfigurationError as error:
        pytest.skip(str(error))
    assert flags(screener.check_files([whole])) == {"A-3": {SPLIT}, "B-1": {LINKED}}


def test_json_and_text_tell_the_window(tmp_path: Path) -> None:
    files = {"rules.yaml": RULES, "new.csv": table(ORDERS[2:]), "old.csv": table(ORDERS[:2])}
    options = ("-r", "rules.yaml", "--only-rules", "--as-of", "2016-04-01")
    options += ("--history", "old.csv")
    as_json = redflags("check", "new.csv", "-f", "json", *options, files=files)
    assert as_json.code == 1, as_json.stderr
    report = json.loads(as_json.stdout)
    found = {one["order_id"]: one["flags"] for one in report["assessments"]}
    assert found["A-3"][0]["window"]["orders"] == ["A-1", "A-2", "A-3"]
    assert [one["path"] for one in report["run"]["history"]] == ["old.csv"]
    shown = redflags("check", "new.csv", *options, files=files)
    assert "1.2 t together (the rule asks for at least 1 t)" in " ".join(shown.stdout.split())
    assert "history    old.csv (2 rows" in shown.stdout
    explained = redflags("explain", "new.csv", "--order", "A-3", *options, files=files)
    assert explained.code == 0, explained.stderr
    assert "orders     A-3, A-2, A-1, the latest first" in explained.stdout
    linked = redflags("explain", "new.csv", "--order", "B-1", *options, files=files)
    assert "Omega Foods and Delta Trading Ltd share the telephone number" in " ".join(
        linked.stdout.split()
    )


def test_that_no_rule_looks_at_the_history_is_said_on_standard_error() -> None:
    rule = RULES[: RULES.index("    across:")] + "    when: {product.family: urea}\n"
    files = {"rules.yaml": rule, "new.csv": table(ORDERS), "old.csv": table(ORDERS[:2])}
    told = redflags("check", "new.csv", "-r", "rules.yaml", "--only-rules", "--history", "old.csv",
                    files=files)  # fmt: skip
    assert "no rule in force looks across orders" in told.stderr


def test_an_output_is_never_written_over_the_history() -> None:
    files = {"rules.yaml": RULES, "new.csv": table(ORDERS), "old.csv": table(ORDERS[:2])}
    told = redflags("check", "new.csv", "-r", "rules.yaml", "--history", "old.csv", "-o", "old.csv",
                    "-f", "csv", files=files)  # fmt: skip
    assert told.code == 2
    assert "over the input" in told.stderr


def test_a_questionnaire_leaves_the_windows_alone() -> None:
    lines = [record_of(one) for one in transactions(ORDERS[:1])]
    asked = questionnaire(Screener(BOOK), lines, "A-1", most=None)
    assert asked.band == "none"
    assert all(not one.rules for one in asked.questions)


SHARED = """lists:
  watched: {kind: harm, source: judgement, entries: [by_nature, by_quantity]}
rules:
  - {id: a, title: A, severity: high, fact: network, across: {same: [buyer], within: 60 days,
     where: {product.harm: {in_list: watched}}, having: {count: {at_least: 2}}}}
  - {id: b, title: B, severity: high, fact: network, across: {same: [consignee], within: 200 days,
     having: {distinct(product.family): {at_least: 2}}}}
  - {id: c, title: C, severity: high, fact: network, across: {same: [buyer], within: 20 days,
     having: {first: yes}}}
  - {id: d, title: D, severity: high, fact: network, across: {same: [buyer.country],
     within: 90 days, where: {product.harm: {in_list: watched}},
     having: {sum(quantity): {at_least: 50 t}, distinct(consignee): {at_least: 2}}}}
  - {id: e, title: E, severity: high, fact: network, across: {same: [buyer.country],
     within: 90 days, having: {baseline(value): {at_least: 3}}}}
  - {id: f, title: F, severity: high, fact: network, across: {same: [{linked: [phone, address,
     payer, director, email, website, registration]}], within: 300 days,
     having: {some: {product.harm: {in_list: watched}}}}}
"""


def test_the_shared_orders_come_out_one_by_one_as_all_at_once(tmp_path: Path) -> None:
    book = parse_rules(SHARED)
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    days: dict[str, str] = {}
    for row in rows:
        day = datetime.date(2016, 1, 1) + datetime.timedelta(days=5 * len(days))
        row["date"] = days.setdefault(row["order_id"], day.isoformat())
    at_once = Screener(book).check_files([file_of(tmp_path, "all.csv", rows)], show_all=True)
    known = transactions([{name: text for name, text in row.items() if text} for row in rows])
    screener = Screener(book)
    one_by_one = {}
    for number, day in days.items():
        own = [one for one, row in zip(known, rows, strict=True) if row["order_id"] == number]
        before = [one for one, row in zip(known, rows, strict=True) if row["date"] < day]
        one_by_one[number] = screener.check(own, history=before)
    found = flags(list(one_by_one.values()))
    assert found
    assert found == flags(at_once)
    assert {
        one.order_id: sorted(i.rule for i in one.incomplete) for one in at_once.assessments
    } == {number: sorted(i.rule for i in one.incomplete) for number, one in one_by_one.items()}


def test_the_shipped_rules_are_read_with_those_of_a_file_across_orders(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(RULES, encoding="utf-8")
    book = load_rules([path])
    assert len(book.across_rules) >= 4
    report = Screener(book).check_files([str(CASES)])
    assert report.summary.orders


def test_a_field_that_the_line_and_its_window_both_need_is_asked_for_once() -> None:
    root = Path(__file__).parents[1]
    report = Screener().check_files([str(root / "examples" / "orders.csv")])
    asked = [one.needs for found in report.assessments for one in found.incomplete]
    assert ("date",) in asked
    assert all(len(set(needs)) == len(needs) for needs in asked)
