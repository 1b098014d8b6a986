"""The public face: one order, its lines, files; and the laws that its results keep."""

from __future__ import annotations

import csv
import datetime
import io
import random
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from redflags import Assessment, RuleBookError, Screener, Transaction, load_rules, parse_rules
from redflags.engine.judge import Judge
from redflags.errors import InputError, OrderNotFoundError
from redflags.explain.evidence import evidence_for
from redflags.model.fields import field_table
from redflags.model.record import record_of
from redflags.rulebook.tree import Condition, Named, Test
from redflags.scoring import is_at_least
from tests.alone import rules_on_one_order
from tests.strategies import blocks, book_of, orders

CASES = Path(__file__).parent / "cases" / "orders.csv"
with CASES.open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))
PASTE = {
    "order_id": "A-1", "date": "2015-07-01", "buyer_business": "mobile phone shop",
    "product": "aluminium paste", "quantity": "6 t",
}  # fmt: skip


@cache
def screener() -> Screener:
    return Screener()


def check(*lines: dict[str, Any]) -> Assessment:
    return screener().check([Transaction.model_validate(line) for line in lines])


def test_nested_and_flat_input_are_the_same_order() -> None:
    nested = {**PASTE, "buyer": {"business": "mobile phone shop"}}
    del nested["buyer_business"]
    dotted = {**PASTE, "buyer.business": "mobile phone shop"}
    del dotted["buyer_business"]
    assert check(nested) == check(PASTE) == check(dotted)


def test_typed_values_are_taken() -> None:
    typed = {**PASTE, "date": datetime.date(2015, 7, 1), "quantity": 6, "unit": "t"}
    assert check(typed).bits == check(PASTE).bits
    assert check({**typed, "quantity": 6.0}).bits == check(PASTE).bits


@pytest.mark.parametrize(
    "number",
    [float("nan"), float("inf"), 10**5000, -(10**400), 1e300],
    ids=["nan", "inf", "huge", "huge negative", "float"],
)
def test_numbers_that_are_no_quantities_are_unknown(number: float) -> None:
    assessment = check({**PASTE, "quantity": number, "unit": "t"})
    assert "quantity" in {need for one in assessment.incomplete for need in one.needs}


@pytest.mark.parametrize("given", [
    {"byer_country": "TR"}, {"buyer": {"contry": "TR"}}, {"quantity": {"a": {"b": {"c": 1}}}},
    {"quantity": object()}, {"product": b"paste"}, {"buyer": "Example One"},
])  # fmt: skip
def test_input_that_is_no_order_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Transaction.model_validate(given)


def test_a_misspelt_field_is_told_with_the_nearest() -> None:
    with pytest.raises(ValidationError, match="did you mean 'buyer_country'"):
        Transaction.model_validate({"buyer_contry": "TR"})


def test_lines_of_one_order_are_one_assessment() -> None:
    harmless = {**PASTE, "product": "office chairs", "quantity": "4 pieces"}
    both = check(harmless, PASTE)
    assert both.bits == check(PASTE).bits
    assert len(both.lines) == 2
    assert "aluminium paste" in both.goods


def test_lines_of_different_orders_are_refused() -> None:
    with pytest.raises(ValueError, match="2 orders"):
        check(PASTE, {**PASTE, "order_id": "A-2"})
    with pytest.raises(ValueError, match="at least one line"):
        screener().check([])


def test_the_same_goods_on_two_lines_count_once() -> None:
    assert check(PASTE, {**PASTE, "line": "2"}).bits == check(PASTE).bits


@given(st.permutations(ROWS[:8]))
@settings(max_examples=15)
def test_the_order_of_rows_changes_nothing(rows: list[dict[str, str]]) -> None:
    straight = sorted(rows, key=lambda row: row["order_id"])
    assert assess_file(rows) == assess_file(straight)


def assess_file(rows: list[dict[str, str]]) -> list[Any]:
    """The assessments of a file with these rows, but for where the rows stand in it."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    with TemporaryDirectory() as folder:
        target = Path(folder) / "orders.csv"
        target.write_text(buffer.getvalue(), encoding="utf-8")
        report = screener().check_files([str(target)], show_all=True)
    return [(one.order_id, one.bits, one.band, [(f.rule, f.share, f.sentence) for f in one.flags],
             [(i.rule, i.needs, i.would_add) for i in one.incomplete])
            for one in report.assessments]  # fmt: skip


def test_a_file_and_the_library_say_the_same() -> None:
    alone = Screener(rules_on_one_order())
    report = alone.check_files([str(CASES)], show_all=True)
    found = {one.order_id: one for one in report.assessments}
    for row in ROWS:
        single = alone.check(Transaction.model_validate(row))
        in_file = found[row["order_id"]]
        assert (single.bits, single.band, single.goods) == (
            in_file.bits, in_file.band, in_file.goods,
        )  # fmt: skip
        assert [flag.sentence for flag in single.flags] == [flag.sentence for flag in in_file.flags]
        assert single.incomplete == in_file.incomplete


def test_the_summary_adds_up() -> None:
    report = screener().check_files([str(CASES)])
    summary = report.summary
    assert summary.read == summary.assessed + summary.set_aside == 34
    assert summary.orders == sum(summary.bands.values())
    assert summary.alerts == summary.orders - summary.bands["none"]
    assert summary.coverage.judgeable + len(summary.coverage.never) == summary.coverage.rules


def test_a_row_without_a_number_is_an_order_named_by_its_place(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("order_id,product\n,urea\nA,urea\n,urea\nA,urea\n", encoding="utf-8")
    report = screener().check_files([str(path)], show_all=True)
    assert {one.order_id for one in report.assessments} == {"A", f"{path}:2", f"{path}:4"}
    assert report.summary.orders == 3


def test_an_unknown_order_is_said() -> None:
    with pytest.raises(OrderNotFoundError, match="no order 'O-999'"):
        screener().explain_file(str(CASES), "O-999")


def test_an_input_that_is_not_there_is_said() -> None:
    with pytest.raises(InputError, match="nowhere"):
        screener().check_files(["nowhere.csv"])


def test_an_explanation_names_what_came_close() -> None:
    explanation = screener().explain_file(str(CASES), "O-122")
    assert explanation.assessment.band == "none"
    assert explanation.close
    for close in explanation.close:
        assert all(one.verdict == "true" for one in close.held)
        assert close.missing
        assert all(one.verdict == "false" for one in close.missing if one.operator != "none")


ENDED = {**PASTE, "product": "safety fuse", "quantity": "500 m", "licence": "held"}


@pytest.mark.parametrize(("until", "as_of", "lowered"), [
    ("2016-01-31", None, True),
    ("2016-01-31", datetime.date(2016, 1, 31), True),
    ("2016-01-31", datetime.date(2016, 2, 1), False),
    ("", datetime.date(2016, 2, 1), True),
])  # fmt: skip
def test_a_licence_past_its_last_day_explains_nothing(
    until: str, as_of: datetime.date | None, lowered: bool
) -> None:
    order = Transaction.model_validate({**ENDED, "licence_until": until})
    assessment = Screener(screener().rules, as_of=as_of).check(order)
    [flag] = [
        one for one in assessment.flags if one.rule.endswith("blasting-goods-for-unfitting-trade")
    ]
    assert bool(flag.lowered) is lowered


@pytest.mark.parametrize(("as_of", "lowered"), [
    (datetime.date(2016, 4, 30), True), (datetime.date(2016, 5, 1), False),
])  # fmt: skip
def test_a_statement_is_good_for_twelve_months(as_of: datetime.date, lowered: bool) -> None:
    order = Transaction.model_validate(
        {**PASTE, "end_use_statement": "verified", "end_use_statement_date": "2015-05-01"}
    )
    assessment = Screener(screener().rules, as_of=as_of).check(order)
    assert bool(assessment.flags[0].lowered) is lowered


def leaves_of(condition: Condition, judge: Judge, record: Any) -> bool | None:
    """The verdict of a condition from the listed evidence alone."""
    if isinstance(condition, Test):
        listed = {
            (one["field"], one["operator"], one["operand"]): one["verdict"]
            for one in evidence_for(condition, record, judge)
        }
        word = listed[(condition.field, condition.operator, condition.written)]
        return {"true": True, "false": False, "unknown": None}[word]
    if isinstance(condition, Named):
        return leaves_of(condition.block, judge, record)
    parts = [leaves_of(part, judge, record) for part in condition.parts]
    if condition.kind == "all":
        return False if False in parts else None if None in parts else True
    some = True if True in parts else None if None in parts else False
    if condition.kind == "any":
        return some
    return None if some is None else not some


@given(blocks, orders())
def test_the_conditions_of_an_explanation_evaluate_to_the_verdict(
    when: dict[str, Any], order: dict[str, str]
) -> None:
    book = book_of(when)
    judge, record = Judge(book), record_of(Transaction.model_validate(order))
    condition = book.rules[0].when
    assert leaves_of(condition, judge, record) == judge.verdict(condition, record)
    listed = evidence_for(condition, record, judge)
    assert all(one["sentence"] and "\n" not in one["sentence"] for one in listed)
    assert not [one for one in listed if "\u202e" in one["sentence"]]


@given(st.lists(blocks, min_size=1, max_size=4), st.lists(blocks, max_size=3), orders())
def test_more_rules_never_lower_a_score(
    few: list[dict[str, Any]], more: list[dict[str, Any]], order: dict[str, str]
) -> None:
    transaction = Transaction.model_validate(order)
    # Four rules take each of four facts and severities in turn, whatever comes after them.
    few = (few * 4)[:4]
    fewer = Screener(book_of(*few)).check(transaction)
    larger = Screener(book_of(*few, *more)).check(transaction)
    assert larger.bits >= fewer.bits
    assert is_at_least(larger.band, fewer.band)


@given(st.lists(blocks, min_size=2, max_size=5), orders(), st.randoms())
def test_the_order_of_rules_changes_no_evidence(
    whens: list[dict[str, Any]], order: dict[str, str], shuffler: random.Random
) -> None:
    transaction = Transaction.model_validate(order)
    book = book_of(*whens)
    pack = book.packs[0]
    rules = list(pack.rules)
    shuffler.shuffle(rules)
    other = replace(book, packs=(replace(pack, rules=tuple(rules)),))
    assert Screener(book).check(transaction) == Screener(other).check(transaction)


@given(st.lists(st.tuples(st.sampled_from(ROWS), orders()), min_size=2, max_size=4))
@settings(max_examples=25)
def test_what_is_said_of_an_order_does_not_depend_on_the_orders_before_it(
    pairs: list[tuple[dict[str, str], dict[str, str]]],
) -> None:
    # Mixed, so that orders have some values in common and others not.
    column = {path: field.column for path, field in field_table().items()}
    mixed = [
        {**row, **{column[path]: text for path, text in order.items()}} for row, order in pairs
    ]
    given_orders = [Transaction.model_validate(one) for one in mixed]
    warm = [screener().check(one) for one in (*given_orders, *given_orders)]
    cold = [Screener(screener().rules).check(one) for one in given_orders]
    assert warm == [*cold, *cold]


@pytest.mark.parametrize("one", ["own.yaml", Path("own.yaml")])
def test_one_path_instead_of_several_is_told(one: str | Path) -> None:
    with pytest.raises(TypeError, match="extra is a sequence of paths, not one path"):
        load_rules(one)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="overlays is a sequence of paths, not one path"):
        load_rules(overlays=one)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"rules is a RuleBook, not (str|.*Path); load_rules makes"):
        Screener(one)  # type: ignore[arg-type]


def test_the_text_of_a_mistake_in_rules_says_where_it_stands() -> None:
    with pytest.raises(RuleBookError, match=r"1 mistake .* the first: own\.yaml:[12]:1: "):
        parse_rules("rules: [", "own.yaml")
