"""The example orders, the example program and the example pack do what the documents say."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from redflags import Report, Screener, Transaction, load_rules

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
STORIES = {
    "X-1008", "X-1011", "X-1017", "X-1021", "X-1024", "X-1027", "X-1030", "X-1032", "X-1034",
    "X-1035", "X-1036", "X-1037", "X-1045", "X-1046", "X-1047",
}  # fmt: skip
"""The orders that tell a story; all others are honest."""


@pytest.fixture(scope="module")
def report() -> Report:
    return Screener().check_files([str(EXAMPLES / "orders.csv")], show_all=True)


def test_the_aluminium_paste_comes_first(report: Report) -> None:
    first = report.assessments[0]
    assert first.order_id == "X-1017"
    assert first.band == "critical"
    assert "car-2020/phone-retailer-bulk-aluminium" in {flag.rule for flag in first.flags}


def test_exactly_the_stories_are_medium_or_above(report: Report) -> None:
    bands = {"medium", "high", "critical"}
    assert {one.order_id for one in report.assessments if one.band in bands} == STORIES


def test_every_row_is_assessed_or_set_aside(report: Report) -> None:
    summary = report.summary
    assert summary.read == summary.assessed + summary.set_aside
    assert summary.set_aside == 2
    assert summary.read == report.run.inputs[0].rows


def test_bad_cells_are_unknown_and_named(report: Report) -> None:
    written = {(one.column, one.written) for one in report.summary.misread}
    assert ("date", "31/02/2015") in written
    assert ("buyer_country", "Ruritania") in written
    assert len([column for column, _ in written if column == "quantity"]) == 2


def test_every_mail_address_is_invented() -> None:
    text = (EXAMPLES / "orders.csv").read_text(encoding="utf-8")
    addresses = [cell for line in text.splitlines() for cell in line.split(",") if "@" in cell]
    assert addresses
    for address in addresses:
        assert address.endswith(("@example.com", "@example.org", "@gmail.com"))
        if address.endswith("@gmail.com"):
            assert "example" in address or "ornek" in address or "exemple" in address


def test_the_example_program_runs(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(EXAMPLES / "library_use.py"), run_name="__main__")
    printed = capsys.readouterr().out
    assert printed.startswith("critical ")
    assert "Telephone retailer orders aluminium paste or powder in bulk" in printed


def test_the_example_pack_does_what_its_examples_say() -> None:
    book = load_rules([EXAMPLES / "my-rules"])
    rule = book.rule("my-rules/watched-goods-private-mail")
    assert rule is not None
    screener = Screener(book)
    for example in rule.examples:
        assessment = screener.check(Transaction.model_validate(dict(example.given)))
        flagged = rule.name in {flag.rule for flag in assessment.flags}
        is_open = rule.name in {one.rule for one in assessment.incomplete}
        said = "flag" if flagged else "incomplete" if is_open else "no flag"
        assert said == example.expect


def test_the_example_pack_flags_an_example_order() -> None:
    screener = Screener(load_rules([EXAMPLES / "my-rules"]))
    report = screener.check_files([str(EXAMPLES / "orders.csv")])
    flagged = {
        one.order_id
        for one in report.assessments
        for flag in one.flags
        if flag.rule == "my-rules/watched-goods-private-mail"
    }
    assert flagged == {"X-1028"}
