"""What is new, gone and changed since an earlier run, in every format for people."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import openpyxl
import pytest

from redflags.model.comparisons import Baseline, OrderChange
from redflags.model.report import Report
from redflags.writers import write_report
from redflags.writers.html.since_section import MOST_CHANGED, MOST_OPEN
from tests.handmade_reports import assessment, report


def change(order_id: str, kind: str, **more: object) -> OrderChange:
    values: dict[str, object] = {
        "order_id": order_id,
        "change": kind,
        "band": "none" if kind == "gone" else "high",
        "band_before": "none" if kind == "new" else "medium",
        "score": 60.0,
        "score_before": 35.0,
        "new_flags": ("pack/first",),
        "parties": f"Buyer of {order_id}",
        "goods": "6 t aluminium paste",
    }
    return OrderChange.model_validate(values | more)


def since(orders: Sequence[OrderChange], **more: object) -> Baseline:
    kinds = [one.change for one in orders]
    values: dict[str, object] = {
        "path": "last week.json",
        "sha256": "ab" * 32,
        "notes": ("the rules are not those of then",),
        "unchanged": 1,
        "orders": tuple(orders),
        **{kind: kinds.count(kind) for kind in ("new", "raised", "lowered", "changed", "gone")},
    }
    return Baseline.model_validate(values | more)


CHANGES = (
    change("N-1", "new"),
    change("R-1", "raised"),
    change("C-1", "changed", new_flags=(), changed_flags=("pack/a",), grown_flags=("pack/b",)),
    change("L-1", "lowered"),
    change("G-1", "gone"),
)


def made(orders: Sequence[OrderChange] = CHANGES, **more: object) -> Report:
    shown = [assessment(order_id=one) for one in ("N-1", "R-1", "C-1", "L-1", "S-1")]
    return report(*shown).model_copy(update={"baseline": since(orders, **more)})


def text_of(one: Report, name: str) -> str:
    stream = io.StringIO()
    write_report(one, name, stream)
    return stream.getvalue()


@pytest.mark.parametrize("name", ["table", "md", "html"])
def test_it_stands_before_the_alerts_with_counts_orders_and_notes(name: str) -> None:
    told = text_of(made(), name)
    if name == "html":
        told = re.sub(r"<(script|style)\b.*?</\1>", "", told, flags=re.DOTALL)
        told = re.sub(r"<[^>]*>", "", told)
    assert told.index("Since last week.json") < told.index("raise red flags" if name == "table"
                                                           else "Alerts")  # fmt: skip
    for number in ("N-1", "R-1", "C-1", "L-1", "G-1"):
        assert number in told
    for word in ("new", "raised", "changed", "lowered", "gone", "as they were"):
        assert f"1 {word}" in told
    assert "on other facts a" in told
    assert "over more orders b" in told
    assert "the rules are not those of then" in told.lower()


def test_a_page_links_the_orders_that_it_lists_and_no_other() -> None:
    told = text_of(made(), "html")
    section = told[told.index('aria-labelledby="since"') : told.index('aria-labelledby="today"')]
    linked = set(re.findall(r'href="#order=([^"]*)"', section))
    assert linked == {"N-1", "R-1", "C-1", "L-1"}
    assert set(re.findall(r'data-filter="change" data-value="([^"]*)"', section)) == {
        "new", "raised", "changed", "lowered", "as they were",
    }  # fmt: skip
    assert '"change":["new","raised","changed","lowered","as they were"]' in told
    assert 'id="filter-change"' in told


def test_without_a_baseline_a_page_says_nothing_of_one() -> None:
    told = text_of(report(assessment()), "html")
    assert 'id="since"' not in told
    assert 'id="filter-change"' not in told
    assert '"change":' not in told.split("<script>")[0]


@pytest.mark.parametrize("count", [MOST_OPEN, MOST_OPEN + 1, MOST_CHANGED + 7])
def test_many_new_orders_stand_folded_and_are_cut_with_a_count(count: int) -> None:
    told = text_of(made([change(f"N-{number}", "new") for number in range(count)]), "html")
    section = told[told.index('aria-labelledby="since"') : told.index('aria-labelledby="today"')]
    assert ("<details open" in section) is (count <= MOST_OPEN)
    assert section.count("<tr>") - 1 == min(count, MOST_CHANGED)
    assert ("and 7 more orders" in section) is (count > MOST_CHANGED)


def test_a_workbook_has_a_sheet_of_the_changes() -> None:
    stream = io.BytesIO()
    write_report(made(), "xlsx", stream)
    book = openpyxl.load_workbook(stream)
    rows = list(book["Changes"].iter_rows(values_only=True))
    assert rows[0][:3] == ("order_id", "change", "band")
    assert [row[:2] for row in rows[1:]] == [(one.order_id, one.change) for one in CHANGES]
    run = {row[0]: row[1] for row in book["Run"].iter_rows(values_only=True)}
    assert run["since then"].startswith("1 new, 1 raised")
    assert run["compared with"].startswith("last week.json, SHA-256")
    stream = io.BytesIO()
    write_report(report(assessment()), "xlsx", stream)
    assert "Changes" not in openpyxl.load_workbook(stream).sheetnames
