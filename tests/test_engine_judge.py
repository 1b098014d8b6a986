"""The judge: three-valued logic, operators, and the index that changes nothing."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags.engine.judge import Judge
from redflags.engine.leaves import FORMS
from redflags.model import Record, Transaction
from redflags.model.derived import DERIVATIONS
from redflags.model.fields import field_table
from redflags.model.record import record_of
from redflags.rulebook.operators import OPERATORS
from redflags.rulebook.tree import Condition, Named, Test
from redflags.values.understood import ABSENT, BLANK
from tests.strategies import LEAVES, TEXTS, blocks, book_of, orders


def record(**fields: str) -> Record:
    return record_of(Transaction.model_validate(fields))


def given_as(order: dict[str, str]) -> Record:
    return record_of(Transaction.model_validate(order))


def verdict(when: dict[str, Any], order: dict[str, str]) -> bool | None:
    book = book_of(when)
    return Judge(book).verdict(book.rules[0].when, given_as(order))


def kleene(condition: Condition, values: Record, judge: Judge) -> bool | None:
    """Strong Kleene logic written down a second time: minimum, maximum and complement."""
    number = {False: 0.0, None: 0.5, True: 1.0}
    back = {value: key for key, value in number.items()}
    if isinstance(condition, Test):
        return judge.verdict(condition, values)
    if isinstance(condition, Named):
        return kleene(condition.block, values, judge)
    parts = [number[kleene(part, values, judge)] for part in condition.parts]
    if condition.kind == "all":
        return back[min(parts)]
    return back[max(parts)] if condition.kind == "any" else back[1 - max(parts)]


def test_every_operator_of_the_language_has_a_form() -> None:
    assert set(FORMS) == set(OPERATORS)


@given(blocks, orders())
def test_blocks_follow_kleene(when: dict[str, Any], order: dict[str, str]) -> None:
    book = book_of(when)
    judge, values = Judge(book), given_as(order)
    assert judge.verdict(book.rules[0].when, values) == kleene(book.rules[0].when, values, judge)


@given(st.lists(blocks, min_size=1, max_size=6), orders())
def test_the_index_changes_no_verdict(whens: list[dict[str, Any]], order: dict[str, str]) -> None:
    book = book_of(*whens)
    judge, values = Judge(book), given_as(order)
    found = judge.verdicts(values)
    for rule in book.rules:
        expected = judge.verdict(rule.when, values)
        assert (rule in found.true) == (expected is True)
        assert (rule in found.unknown) == (expected is None)


@given(st.sampled_from(LEAVES), orders())
def test_a_test_of_a_known_single_value_means_what_the_table_says(
    leaf: tuple[str, Any], order: dict[str, str]
) -> None:
    book = book_of({leaf[0]: leaf[1]})
    rule = book.rules[0]
    [test] = rule.when.parts
    assert isinstance(test, Test)
    kind = field_table()[test.field].kind
    values = given_as(order)
    value = values[test.field].value
    found = Judge(book).verdict(test, values)
    dated = test.operator == "in_list" and test.operand.list.is_dated
    if kind.is_set or kind.order or dated or test.operator in ("known", "same_as", "differs_from"):
        return
    if value is None:
        assert found is None
    elif found is not None:
        assert found == OPERATORS[test.operator].holds(value, test.operand, kind)


@given(st.sampled_from(LEAVES), orders())
def test_a_missing_value_is_never_true_or_false(
    leaf: tuple[str, Any], order: dict[str, str]
) -> None:
    path, test = leaf
    if "known" in test:
        return
    assert verdict({path: test}, {}) is None


@pytest.mark.parametrize(("wanted", "columns", "expected"), [
    ("yes", {"end_user.name": "University Four"}, True),
    ("yes", {"end_user.name": ""}, False),
    ("yes", {}, None),
    ("no", {"end_user.name": "University Four"}, False),
    ("no", {"end_user.name": ""}, True),
    ("no", {}, None),
])  # fmt: skip
def test_known_tells_an_empty_cell_from_no_column(
    wanted: str, columns: dict[str, str], expected: bool | None
) -> None:
    assert verdict({"end_user.name": {"known": wanted}}, columns) is expected


NOT_READ_BY_DERIVED_FIELDS = sorted(
    set(TEXTS)
    - {base for one in DERIVATIONS.values() for group in one.inputs for base in group}
    - {"licence.status", "end_user.name"}
)


@settings(max_examples=300)
@given(st.data(), blocks, orders())
def test_filling_an_unknown_field_never_turns_true_into_false(
    data: st.DataObject, when: dict[str, Any], order: dict[str, str]
) -> None:
    """Unless a derived field reads it, or `known` or a list of other fields asks for it."""
    path = data.draw(st.sampled_from(NOT_READ_BY_DERIVED_FIELDS))
    text = str(when)
    if "known" in text or "differs_from" in text or "same_as" in text or "from" in text:
        return
    bare = {key: value for key, value in order.items() if key != path}
    filled = bare | {path: data.draw(st.sampled_from(TEXTS[path]))}
    before, after = verdict(when, bare), verdict(when, filled)
    assert before is None or after is before


@pytest.mark.parametrize(("quantity", "expected"), [
    ("6 t", True), ("6000 kg", True), ("13228 lb", True), ("6 tonnes", True), ("6 MT", True),
    ("500 g", False), ("99.999 kg", None), ("99,999.5 g", False), ("6", None), ("", None),
    ("6.000 kg", None), ("40 pieces", None), ("200 l", None), ("2 drums", None),
])  # fmt: skip
def test_quantities_are_compared_in_one_dimension(quantity: str, expected: bool | None) -> None:
    assert verdict({"quantity": {"at_least": "100 kg"}}, {"quantity": quantity}) is expected


def test_litres_are_weighed_by_the_density_of_the_goods() -> None:
    order = {"product": "nitric acid", "quantity": "100 l"}
    assert verdict({"quantity": {"at_least": "139 kg"}}, order) is True
    assert verdict({"quantity": {"at_least": "141 kg"}}, order) is False


@pytest.mark.parametrize(("family", "date", "expected"), [
    ("urea", "", True),
    ("aluminium-paste", "2015-01-01", True),
    ("aluminium-paste", "2014-12-31", False),
    ("aluminium-paste", "", None),
    ("ammonium-nitrate", "2010-12-31", True),
    ("ammonium-nitrate", "2011-01-01", False),
    ("sorbitol", "2011-01-01", False),
])  # fmt: skip
def test_an_entry_counts_on_the_date_of_the_order(
    family: str, date: str, expected: bool | None
) -> None:
    order = {"product_family": family, "date": date}
    assert verdict({"product.family": {"in_list": "goods"}}, order) is expected


def test_lists_can_be_read_as_of_another_day() -> None:
    book = book_of({"product.family": {"in_list": "goods"}})
    order = given_as({"product_family": "aluminium-paste", "date": "2010-01-01"})
    assert Judge(book).verdict(book.rules[0].when, order) is False
    judge = Judge(book, datetime.date(2025, 1, 1))
    assert judge.verdict(book.rules[0].when, order) is True


@pytest.mark.parametrize(("code", "expected"), [
    ("321290", True), ("3212.90.00", True), ("32", None), ("3213", False), ("760310", True),
    ("76031000", True), ("7603", None), ("", None),
])  # fmt: skip
def test_a_list_of_codes_means_each_code_and_all_below(code: str, expected: bool | None) -> None:
    assert verdict({"hs_code": {"in_list": "headings"}}, {"hs_code": code}) is expected


@pytest.mark.parametrize(("order", "expected"), [
    ({"product": "aluminium paste", "quantity": "60 kg"}, None),
    ({"product": "aluminium paste", "quantity": "60 kg", "buyer.business": "university"}, True),
    ({"product": "aluminium paste", "quantity": "2 kg", "buyer.business": "university"}, False),
    ({"product": "aluminium paste", "quantity": "2 kg", "buyer.business": "phone shop"}, True),
    ({"product": "sorbitol", "quantity": "90 t", "buyer.business": "phone shop"}, False),
])  # fmt: skip
def test_of_a_table_the_row_that_names_most_decides(
    order: dict[str, str], expected: bool | None
) -> None:
    assert verdict({"quantity": {"more_than": {"table": "lots"}}}, order) is expected


def test_a_region_that_is_not_known_lies_in_its_country() -> None:
    rule = {"destinations.region": {"in_list": "regions"}}
    assert verdict(rule, {"buyer.country": "DE", "buyer.city": ""}) is False
    assert verdict(rule, {"buyer.country": "TR", "buyer.city": ""}) is None
    assert verdict(rule, {"buyer.country": "TR", "buyer.city": "Şanlıurfa"}) is True


@pytest.mark.parametrize(
    ("date", "expected"),
    [("2015-03-01", True), ("2020-03-01", False), ("", None)],
)
def test_a_region_that_is_listed_for_some_days_is_unknown_without_a_day(
    date: str, expected: bool | None
) -> None:
    order = {"buyer.country": "TR", "buyer.city": "Mardin", "date": date}
    assert verdict({"destinations.region": {"in_list": "regions"}}, order) is expected


def test_of_other_fields_those_known_count_and_one_must_be() -> None:
    rule = {"payer.country": {"differs_from": ["buyer.country", "consignee.country"]}}
    assert verdict(rule, {"payer.country": "NL", "buyer.country": "TR"}) is True
    assert verdict(rule, {"payer.country": "NL", "consignee.country": "NL"}) is False
    assert verdict(rule, {"payer.country": "NL"}) is None


def test_derived_fields_come_from_what_is_stated() -> None:
    values = record(product="aluminium paste", buyer_business="phone shop", quantity="6 t")
    assert values["product.family"].value == {"aluminium-paste"}
    assert values["buyer.fit"].value == "incompatible"
    assert values["quantity.scale"].value == "bulk"


def test_a_stated_derived_field_wins_and_an_empty_one_is_derived() -> None:
    stated = record(product="aluminium paste", buyer_business="phone shop", buyer_fit="normal")
    assert stated["buyer.fit"].value == "normal"
    empty = record(product="aluminium paste", buyer_business="phone shop", buyer_fit="")
    assert empty["buyer.fit"].value == "incompatible"
    assert record(buyer_email_domain="")["buyer.email_domain"] is BLANK
    assert record()["buyer.email_domain"] is ABSENT


def test_a_firm_formed_after_the_order_has_no_age() -> None:
    age = record(date="2015-07-01", buyer_incorporated="2016-01-01")["buyer.age"]
    assert age.value is None
    assert "after the date of the order" in age.why


def test_goods_of_no_family_suit_every_trade_and_none() -> None:
    order = {"product": "rocket salad seeds", "buyer.business": "phone shop", "quantity": "9 t"}
    for path, value in (("buyer.fit", "incompatible"), ("quantity.scale", "bulk")):
        assert verdict({path: value}, order) is False


def test_nested_blocks_are_judged() -> None:
    when: dict[str, Any] = {"quantity": {"at_least": "1 kg"}}
    for _ in range(6):
        when = {"all": [{"none": [when]}]}
    assert verdict(when, {"quantity": "2 kg"}) is True


@pytest.mark.parametrize(("when", "order", "expected"), [
    ({"parties.name": {"same_as": "buyer.name"}}, {"buyer.name": "Example One"}, True),
    ({"destinations": {"differs_from": "buyer.country"}},
     {"buyer.country": "TR", "consignee.country": "SY"}, True),
    ({"destinations": {"same_as": "buyer.country"}},
     {"buyer.country": "TR", "consignee.country": "TR"}, True),
    ({"destinations": {"same_as": "payer.country"}},
     {"payer.country": "TR", "consignee.country": "SY", "transit_countries": "Nowhereland"}, None),
])  # fmt: skip
def test_a_set_is_the_same_as_another_where_they_share_an_element(
    when: dict[str, Any], order: dict[str, str], expected: bool | None
) -> None:
    assert verdict(when, order) is expected
