"""Counterfactuals where rules look across orders: what is told holds in the whole file."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags import Screener
from redflags.engine.windows import WindowSheet
from redflags.model.fields import columns
from redflags.model.record import record_of_texts
from redflags.model.results import Assessment, Change
from redflags.model.validity import expire
from redflags.rulebook import parse_rules
from redflags.scoring import is_at_least

NETWORKS = Path(__file__).parents[1] / "examples" / "networks"
SHIPPED = Screener(as_of=datetime.date(2026, 1, 31))


def with_changes(path: Path, order: str, changes: Iterable[Change], written: Path) -> Path:
    """The file with the cells of one order written as a counterfactual says."""
    cells = {column: text for one in changes for column, text in one.cells.items()}
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    header = [*rows[0], *(column for column in cells if column not in rows[0])]
    with written.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, header, restval="")
        writer.writeheader()
        writer.writerows(row | cells if row["order_id"] == order else row for row in rows)
    return written


def assessed(path: Path, order: str) -> Assessment:
    report = SHIPPED.check_files([str(path)], show_all=True)
    return next(one for one in report.assessments if one.order_id == order)


@pytest.mark.parametrize(
    "name", ["kit-for-one-consignee", "moved-flow", "one-payer", "surge", "weekly-split"]
)
def test_an_order_with_these_facts_is_below_the_line_beside_the_others(
    name: str, tmp_path: Path
) -> None:
    path = NETWORKS / f"{name}.csv"
    report = SHIPPED.check_files([str(path)], counterfactuals=True)
    across = [
        one for one in report.assessments if any(flag.window is not None for flag in one.flags)
    ]
    assert across
    tried = 0
    for one in across:
        assert one.what_if is not None
        for told in one.what_if.counterfactuals[:3]:
            written = with_changes(path, one.order_id, told.changes, tmp_path / "changed.csv")
            after = assessed(written, one.order_id)
            tried += 1
            assert not is_at_least(after.band, "medium"), told.sentence
            assert after.bits <= told.bits, told.sentence
            if " at most" not in told.sentence:
                assert (after.bits, after.band) == (told.bits, told.band)
    assert tried or not any(one.what_if.is_complete for one in across if one.what_if)


def test_only_the_orders_that_are_named_have_counterfactuals() -> None:
    path = NETWORKS / "one-payer.csv"
    report = SHIPPED.check_files([str(path)], counterfactuals={"F-02"})
    assert [one.order_id for one in report.assessments if one.what_if is not None] == ["F-02"]


ACROSS = """
rules:
  - id: window
    title: Several orders
    severity: high
    fact: network
    why: They are several.
    source: judgement
    {when}
    across:
      same: [{same}]
      within: 30 days
      where: {where}
      having: {having}
  - id: alone
    title: A bakery orders paste
    severity: medium
    fact: trade
    why: It is a bakery.
    source: judgement
    when: {{buyer.business: bakery, product: {{mentions: paste}}}}
"""
SAME = ("buyer", "consignee", "consignee.country", "buyer, buyer.country")
WHERE = (
    "{product: {mentions: paste}}",
    "{buyer.business: bakery}",
    "{any: [{buyer.country: TR}, {quantity: {at_least: 1 t}}]}",
)
HAVING = (
    "{count: {at_least: 2}}",
    "{sum(quantity): {at_least: 3 t}}",
    "{distinct(buyer): {at_least: 2}}",
    "{first: no}",
    "{count: {at_least: 2}, max(quantity): {at_least: 2 t}}",
    "{some: {buyer.country: DE}}",
)
WHEN = (
    "",
    "when: {buyer.business: bakery}",
    "when: {quantity: {at_least: 1 t}, buyer.country: {differs_from: consignee.country}}",
)
Lines = list[dict[str, str]]

order_lines = st.fixed_dictionaries(
    {
        "date": st.sampled_from(["2025-03-01", "2025-03-05", "2025-06-01", ""]),
        "buyer.name": st.sampled_from(["Example One", "Example Two", ""]),
        "buyer.business": st.sampled_from(["bakery", "paint manufacturer", ""]),
        "buyer.country": st.sampled_from(["TR", "DE"]),
        "consignee.name": st.sampled_from(["Example One", "Example Three"]),
        "consignee.country": st.sampled_from(["TR", "DE", ""]),
        "product": st.sampled_from(["aluminium paste", "flour"]),
        "quantity": st.sampled_from(["500 kg", "2 t", ""]),
    }
)


def beside(screener: Screener, others: list[Lines], lines: Lines) -> Assessment:
    """The assessment of an order whose windows hold others, too."""
    sheet = WindowSheet(screener._judge)
    for number, other in enumerate(others):
        for texts in other:
            record = record_of_texts(texts.items())
            expire(record, screener.as_of)
            sheet.add(record, f"other {number}")
    records = [record_of_texts(texts.items()) for texts in lines]
    return screener.explain_records(records, "O", sheet, fail_on="medium").assessment


@settings(deadline=None, max_examples=120)
@given(
    rule=st.tuples(*map(st.sampled_from, (WHEN, SAME, WHERE, HAVING))),
    others=st.lists(st.lists(order_lines, min_size=1, max_size=2), max_size=3),
    lines=st.lists(order_lines, min_size=1, max_size=2),
)
def test_of_generated_windows_each_is_below_the_line_and_no_part_of_it_is(
    rule: tuple[str, str, str, str], others: list[Lines], lines: Lines
) -> None:
    when, same, where, having = rule
    book = parse_rules(ACROSS.format(when=when, same=same, where=where, having=having))
    screener = Screener(book, as_of=datetime.date(2026, 1, 31))
    found = beside(screener, others, lines).what_if
    assert found is not None
    for one in found.counterfactuals:
        after = beside(screener, others, changed_lines(lines, one.changes))
        assert not is_at_least(after.band, "medium"), one.sentence
        assert after.bits <= one.bits, one.sentence
        for size in range(len(one.changes)):
            for part in combinations(one.changes, size):
                less = beside(screener, others, changed_lines(lines, part))
                assert is_at_least(less.band, "medium"), (one.sentence, part)


def changed_lines(lines: Lines, changes: Iterable[Change]) -> Lines:
    paths = columns()
    cells = {paths[column]: text for one in changes for column, text in one.cells.items()}
    return [{**texts, **cells} for texts in lines]
