"""A new rule loads, its examples come out as they say, and the linter has nothing against it."""

from __future__ import annotations

import datetime
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags.engine.judge import Judge
from redflags.errors import ConfigurationError
from redflags.rulebook import parse_rules
from redflags.workshop.example_run import run_example
from redflags.workshop.lint import lint_text
from redflags.workshop.new_rule import NewRule, Wanted, new_rule_text, read_condition
from redflags.workshop.subject import example_records
from tests.strategies import LEAVES

AS_OF = datetime.date(2026, 11, 23)


def rule(*when: str, severity: str = "low") -> NewRule:
    conditions = tuple(read_condition(one) for one in when)
    return NewRule("a-rule", "Goods for a shop: “in bulk”", severity, "trade", conditions)


def check_examples(text: str) -> list[str]:
    book = parse_rules(text)
    judge = Judge(book)
    for example in book.rules[0].examples:
        ran = run_example(book.rules[0], example, example_records(example), judge)
        assert ran.passed, (example, ran)
    return [example.expect for example in book.rules[0].examples]


def test_a_rule_has_an_example_of_each_outcome_and_lints_clean() -> None:
    text = new_rule_text(
        rule(
            "product.family in aluminium-paste, aluminium-powder",
            "buyer.business is mobile-phone-shop",
            "quantity at_least 100 kg",
            severity="medium",
        )
    )
    assert check_examples(text) == ["flag", *["no flag"] * 3, "incomplete"]
    assert lint_text(text, as_of=AS_OF).findings == ()
    assert "# one line that states facts of the order, never guilt" in text


@pytest.mark.parametrize(
    "when",
    [
        "payer.name differs_from buyer.name, consignee.name",
        "consignee.country differs_from buyer.country",
        "buyer.age less_than 2 years",
        "buyer.incorporated after 2022-02-23",
        "value between 1000 EUR, 5000 EUR",
        "concentration more_than 12 %",
        "hs_code under 3212, 7603",
        "product mentions salad seeds, paste",
        "buyer.website known no",
        "payment.method not_in cash, crypto",
        "observations.refuses_end_use is yes",
        "destinations in TR, SY",
    ],
)
def test_every_operator_gets_examples(when: str) -> None:
    expected = check_examples(new_rule_text(rule(when)))
    assert expected[:2] == ["flag", "no flag"]


@pytest.mark.parametrize(
    ("when", "written"),
    [
        ("buyer.business in bakery, general-trading", "in: [bakery, general-trading]"),
        ("buyer.business in [bakery, general-trading]", "in: [bakery, general-trading]"),
        ("buyer.country in [\"TR\", 'AE']", "in: [TR, AE]"),
        ("hs_code under [3212]", "under: [3212]"),
        ("quantity between 10 kg, 20 kg", "between: [10 kg, 20 kg]"),
        ("quantity between 10 kg and 20 kg", "between: [10 kg, 20 kg]"),
        ("quantity between 10 kg to 20 kg", "between: [10 kg, 20 kg]"),
        ("quantity between [10 kg, 20 kg]", "between: [10 kg, 20 kg]"),
        ("product mentions bricks and mortar, sand", "mentions: [bricks and mortar, sand]"),
    ],
)
def test_several_values_are_written_as_in_a_rule_file_or_as_they_are_said(
    when: str, written: str
) -> None:
    text = new_rule_text(rule(when))
    assert f"{when.split()[0]}: {{{written}}}" in text.replace('"', "")
    check_examples(text)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"when": "buyer.business in cash, bakery"}, "--when 'buyer.business in cash, bakery': "),
        ({"when": "quantity at_least 10"}, "--when 'quantity at_least 10': .* 10 has no unit"),
        ({"when": "hs_code under 8"}, """--when 'hs_code under 8': .*; did you mean "08"?"""),
        ({"id": "A Rule", "when": "hs_code under 88"}, "--id: "),
    ],
)
def test_a_mistake_names_the_option_and_no_file(asked: dict[str, Any], told: str) -> None:
    new = replace(rule(asked.pop("when")), **asked)
    with pytest.raises(ConfigurationError, match=told) as caught:
        new_rule_text(new)
    assert ".yaml" not in str(caught.value)


def test_a_bracket_that_nothing_closes_is_told() -> None:
    with pytest.raises(ConfigurationError, match="a bracket that nothing closes"):
        read_condition("buyer.business in [bakery, import-export")


def _asked(path: str, test: Any) -> Wanted | None:
    if isinstance(test, str):
        return Wanted(path, "is", test)
    ((word, operand),) = test.items()
    if isinstance(operand, dict) or word in ("in_list", "not_in_list"):
        return None
    return Wanted(path, word, ", ".join(operand) if isinstance(operand, list) else operand)


asked = st.sampled_from([one for one in (_asked(*leaf) for leaf in LEAVES) if one is not None])


@settings(max_examples=60, deadline=None)
@given(st.lists(asked, min_size=1, max_size=4, unique_by=lambda one: (one.field, one.operator)))
def test_examples_of_any_conditions_come_out_as_they_say(wanted: list[Wanted]) -> None:
    text = new_rule_text(NewRule("a-rule", "A rule", "low", "trade", tuple(wanted)))
    check_examples(text)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=80))
def test_any_words_make_a_rule_or_a_clear_mistake(title: str, name: str, why: str) -> None:
    new = NewRule(name, title, "low", "trade", (Wanted("quantity", "at_least", "1 kg"),), why, why)
    text = ""
    with suppress(ConfigurationError):
        text = new_rule_text(new)
    if text:
        assert parse_rules(text).rules[0].title == " ".join(title.split())
        check_examples(text)


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("", "there is no field ''"),
        ("buyer.contry is TR", "did you mean buyer.country"),
        ("quantity at_leest 5 kg", "did you mean at_least"),
        ("quantity is 5 kg", "goes with"),
        ("quantity at_least", "lacks its value"),
    ],
)
def test_a_condition_that_cannot_be_read_says_why(condition: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        read_condition(condition)
