"""Every rule that is shipped: its examples come out as they say, its texts keep the rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from redflags import Transaction, load_rules
from redflags.engine.judge import Judge
from redflags.engine.windows import rule_verdict
from redflags.model.record import record_of
from redflags.reference import countries, red_flag_catalogue
from redflags.rulebook.across_words import having_in_words, window_in_words
from redflags.rulebook.tree import Condition, Example, Named, Rule, RuleBook, Test

BOOK: RuleBook = load_rules()
JUDGE = Judge(BOOK)
OUTCOME = {True: "flag", False: "no flag", None: "incomplete"}
WORDS_NOT_USED = ("hit", "match", "violation", "whitelist", "clear", "approved", "fraud", "front")


EXAMPLES = [(rule, example) for rule in BOOK.rules for example in rule.examples]


@pytest.mark.parametrize(
    ("rule", "example"), EXAMPLES, ids=[f"{rule.id}: {one.name}" for rule, one in EXAMPLES]
)
def test_an_example_comes_out_as_it_says(rule: Rule, example: Example) -> None:
    given, *orders = [
        record_of(Transaction.model_validate(dict(one))) for one in (example.given, *example.orders)
    ]
    assert OUTCOME[rule_verdict(rule, given, orders, JUDGE)] == example.expect


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.name)
def test_a_rule_has_an_example_of_each_outcome(rule: Rule) -> None:
    assert {example.expect for example in rule.examples} == set(OUTCOME.values())


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.name)
def test_a_rule_says_why_asks_something_and_names_its_source(rule: Rule) -> None:
    assert rule.why
    assert rule.ask
    assert rule.notes
    assert any(source.flags for source in rule.sources)
    for source in rule.sources:
        assert set(source.flags) <= red_flag_catalogue().keys()


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.name)
def test_no_rule_rests_on_a_name_or_names_a_country(rule: Rule) -> None:
    for test in leaves_of(rule.when):
        if test.field.endswith((".name", ".directors")):
            assert test.operator in ("known", "same_as", "differs_from")
        if test.field.endswith("country") or test.field == "destinations":
            assert test.operator in ("known", "same_as", "differs_from", "in_list", "not_in_list")
    names = {countries().name(code).lower() for code in ("TR", "SY", "IQ", "GB", "AE", "CN")}
    assert not any(name in rule.title.lower() for name in names)
    words = set(re.findall(r"[a-z]+", f"{rule.title} {rule.why}".lower()))
    assert not words & set(WORDS_NOT_USED)


def leaves_of(condition: Condition) -> Iterator[Test]:
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Named):
        yield from leaves_of(condition.block)
    else:
        for part in condition.parts:
            yield from leaves_of(part)


def test_no_two_rules_have_the_same_condition() -> None:
    seen: dict[str, str] = {}
    for rule in BOOK.rules:
        key = repr([(t.field, t.operator, t.written) for t in leaves_of(rule.when)])
        if rule.across is not None:
            asked = map(having_in_words, rule.across.having)
            key += window_in_words(rule.across) + "; ".join(asked)
        assert key not in seen, f"{rule.name} and {seen[key]}"
        seen[key] = rule.name
