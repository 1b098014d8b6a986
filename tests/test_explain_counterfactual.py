"""Counterfactuals: each brings the order below the line, and no part of it does."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags import Screener, Transaction
from redflags.model.fields import columns
from redflags.model.record import record_of_texts
from redflags.model.results import Assessment, Band, Change, WhatIf
from redflags.model.validity import expire
from redflags.rulebook import parse_rules
from redflags.scoring import is_at_least
from tests.strategies import blocks, book_of, orders

ROOT = Path(__file__).parents[1]
DAY = datetime.date(2026, 1, 31)

Texts = dict[str, str]


def with_changes(lines: Sequence[Texts], changes: Iterable[Change]) -> list[Texts]:
    """The lines with the cells written as the counterfactual says, by column."""
    paths = columns()
    cells = {paths[column]: text for one in changes for column, text in one.cells.items()}
    return [{**texts, **cells} for texts in lines]


def judged(screener: Screener, lines: Sequence[Texts]) -> Assessment:
    """The assessment of an order from the texts of its lines alone."""
    records = [record_of_texts(texts.items()) for texts in lines]
    return screener.explain_records(records, "O").assessment


def assert_verified(screener: Screener, lines: Sequence[Texts], line: Band = "medium") -> WhatIf:
    records = [record_of_texts(texts.items()) for texts in lines]
    found = screener.explain_records(records, "O", fail_on=line)
    now = {flag.rule for flag in found.assessment.flags}
    told = found.assessment.what_if
    assert told is not None
    for one in told.counterfactuals:
        after = judged(screener, with_changes(lines, one.changes))
        assert not is_at_least(after.band, line), one.sentence
        assert (after.bits, after.band) == (one.bits, one.band)
        assert not now & {left.rule for left in after.incomplete}, one.sentence
        assert one.can_be_checked == all(change.can_be_checked for change in one.changes)
        for size in range(len(one.changes)):
            for part in combinations(one.changes, size):
                less = judged(screener, with_changes(lines, part))
                assert is_at_least(less.band, line), (one.sentence, part)
    if not is_at_least(found.assessment.band, line):
        assert told.counterfactuals == ()
    return told


def orders_of(path: Path) -> dict[str, list[Texts]]:
    paths = columns()
    found: dict[str, list[Texts]] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        header = next(rows)
        for row in rows:
            if len(row) == len(header):
                cells = zip(header, row, strict=True)
                texts = {paths[name]: text for name, text in cells if name in paths}
                found.setdefault(texts.get("order_id", ""), []).append(texts)
    return found


EXAMPLES = orders_of(ROOT / "examples" / "orders.csv")
CASES = orders_of(ROOT / "tests" / "cases" / "orders.csv")
SHIPPED = Screener(as_of=DAY)


@pytest.mark.parametrize("number", sorted(EXAMPLES))
def test_of_every_example_each_is_below_the_line_and_no_part_of_it_is(number: str) -> None:
    assert_verified(SHIPPED, EXAMPLES[number])


@pytest.mark.parametrize("number", sorted(CASES)[::3])
@pytest.mark.parametrize("line", ["low", "high"])
def test_of_the_labelled_orders_at_other_lines(number: str, line: Band) -> None:
    assert_verified(SHIPPED, CASES[number], line)


def test_nearly_every_alert_of_the_examples_has_one_that_can_be_checked() -> None:
    told = [assert_verified(SHIPPED, lines) for lines in EXAMPLES.values()]
    alerts = [one for one in told if one.counterfactuals or not one.is_complete]
    with_one = [one for one in alerts if any(c.can_be_checked for c in one.counterfactuals)]
    assert len(alerts) >= 15
    assert len(with_one) >= len(alerts) - 1


@settings(deadline=None, max_examples=150)
@given(order=orders(), when=st.lists(blocks, min_size=1, max_size=4))
def test_of_generated_orders_and_rules_too(order: Texts, when: list[dict[str, object]]) -> None:
    screener = Screener(book_of(*when), as_of=DAY)
    assert_verified(screener, [order], "low")


@settings(deadline=None, max_examples=40)
@given(lines=st.lists(orders(), min_size=2, max_size=3), when=st.lists(blocks, min_size=1))
def test_of_orders_with_several_lines(lines: list[Texts], when: list[dict[str, object]]) -> None:
    screener = Screener(book_of(*when), as_of=DAY)
    shared = {path for texts in lines for path in texts}
    # One file has one set of columns.
    whole = [{path: texts.get(path, "") for path in shared} for texts in lines]
    assert_verified(screener, whole, "medium")


def test_the_terms_of_the_order_cannot_change_and_say_so() -> None:
    told = assert_verified(SHIPPED, EXAMPLES["X-1027"])
    fixed = [one for one in told.counterfactuals if not one.can_be_checked]
    assert {change.field for one in fixed for change in one.changes} >= {"quantity", "product"}
    assert all(one.sentence.endswith("(cannot change)") for one in fixed)
    checkable = [one.can_be_checked for one in told.counterfactuals]
    assert checkable == sorted(checkable, reverse=True)


STOP = """
rules:
  - id: stop
    title: A refused end use
    kind: stop
    why: It was refused.
    source: judgement
    when: {end_use_statement.status: refused}
  - id: sign
    title: A sign
    severity: high
    fact: trade
    why: It is a sign.
    source: judgement
    when: {buyer.business: mobile-phone-shop}
    lowers:
      - {when: {licence.status: held}, by: critical, because: There is a licence.}
"""


def test_a_stop_ends_only_with_its_own_facts() -> None:
    screener = Screener(parse_rules(STOP), as_of=DAY)
    told = assert_verified(
        screener, [{"end_use_statement.status": "refused", "buyer.business": "bakery"}]
    )
    fields = [[change.field for change in one.changes] for one in told.counterfactuals]
    assert fields == [["end_use_statement.status"]]


def test_a_stop_and_a_sign_need_facts_of_both() -> None:
    screener = Screener(parse_rules(STOP), as_of=DAY)
    order = {
        "end_use_statement.status": "refused",
        "buyer.business": "mobile phone shop",
        "licence.status": "",
    }
    told = assert_verified(screener, [order])
    fields = {frozenset(change.field for change in one.changes) for one in told.counterfactuals}
    assert fields == {
        frozenset({"end_use_statement.status", "buyer.business"}),
        frozenset({"end_use_statement.status", "licence.status"}),
    }


@pytest.mark.parametrize("day", ["2025-12-01", "2020-01-01"])
def test_a_statement_that_has_run_out_needs_a_new_day_too(day: str) -> None:
    rules = """
rules:
  - id: sign
    title: A sign
    severity: high
    fact: trade
    why: It is a sign.
    source: judgement
    when: {product: {mentions: paste}}
    lowers:
      - {when: {end_use_statement.status: verified}, by: critical, because: It was checked.}
"""
    screener = Screener(parse_rules(rules), as_of=DAY)
    order = {
        "product": "paste",
        "end_use_statement.status": "received",
    }
    order["end_use_statement.date"] = day
    first = assert_verified(screener, [order]).counterfactuals[0].changes[0]
    assert first.field == "end_use_statement.status"
    assert first.cells["end_use_statement_date"] == DAY.isoformat()


def test_what_is_only_not_stated_explains_nothing() -> None:
    """A blank trade would leave the rule open: no counterfactual makes a flag unknown."""
    for lines in list(EXAMPLES.values())[:20]:
        for one in assert_verified(SHIPPED, lines).counterfactuals:
            assert all(any(change.cells.values()) for change in one.changes)


def test_the_work_is_bounded_and_says_when_it_was_cut() -> None:
    lines = EXAMPLES["X-1017"]
    many = [dict(texts, line=str(n)) for n in range(600) for texts in lines]
    records = [record_of_texts(texts.items()) for texts in many]
    told = SHIPPED.explain_records(records, "O").assessment.what_if
    assert told is not None
    assert not told.is_complete
    assert told.counterfactuals == ()


def test_the_same_order_has_the_same_answer_whatever_the_order_of_its_lines() -> None:
    lines = EXAMPLES["X-1037"]
    assert len(lines) > 1
    one = assert_verified(SHIPPED, lines)
    other = assert_verified(SHIPPED, lines[::-1])
    assert {frozenset(c.field for c in s.changes) for s in one.counterfactuals} == {
        frozenset(c.field for c in s.changes) for s in other.counterfactuals
    }


def test_one_transaction_has_them_too() -> None:
    order = Transaction.model_validate(
        {
            "buyer": {"business": "mobile phone shop", "country": "TR"},
            "product": "aluminium paste",
            "quantity": "6 t",
        }
    )
    told = SHIPPED.what_if(order)
    assert told.counterfactuals
    assert told.worth_asking
    texts = {
        "buyer.business": "mobile phone shop",
        "buyer.country": "TR",
        "product": "aluminium paste",
        "quantity": "6 t",
    }
    record = record_of_texts(texts.items())
    expire(record, DAY)
    assert SHIPPED.explain_records([record], "O").counterfactuals == told.counterfactuals
