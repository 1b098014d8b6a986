"""Examples of rules: failures name what decided; coverage and mutation say what is not tried."""

from __future__ import annotations

import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags import Screener, Transaction, load_rules
from redflags.engine.judge import Judge
from redflags.engine.windows import rule_verdict
from redflags.errors import RuleBookError
from redflags.model.record import record_of
from redflags.reference import ecb_rates
from redflags.rulebook import parse_rules
from redflags.rulebook.tree import Condition, Example
from redflags.workshop.changes import (
    ALWAYS,
    ASKED_ALWAYS,
    ASKED_NEVER,
    NEVER,
    condition_with,
    rule_with,
)
from redflags.workshop.coverage import is_decisive
from redflags.workshop.lint import lint_text
from redflags.workshop.mutants import KINDS
from redflags.workshop.mutation import mutants
from redflags.workshop.new_rule import example_text
from redflags.workshop.rule_tests import RulesTested, rules_tested
from redflags.workshop.rule_tests_output import summary, write_tested
from redflags.workshop.subject import all_parts, example_records
from redflags.workshop.trials import Bench, Trial, Unit
from tests.strategies import blocks, book_of, orders

RULE = """
lists:
  cash: {kind: payment-method, source: judgement, vintage: '2026-11', entries: [cash, crypto]}
conditions:
  goods: {product.family: [aluminium-paste, urea]}
rules:
  - id: much-paid-in-cash
    title: Much is paid for in cash
    severity: low
    fact: payment
    when:
      holds: goods
      quantity: {at_least: 100 kg}
      payment.method: {in_list: cash}
    lowers:
      - {when: {buyer.fit: normal}, by: low, because: The goods suit the trade.}
    examples:
"""
FLAG = """
      - name: a tonne
        given: {product: urea, quantity: 1 t, payment.method: cash}
        expect: flag
"""
TIN = """
      - name: a tin
        given: {product: urea, quantity: 1 kg, payment.method: cash}
        expect: no flag
"""
BY_TRANSFER = """
      - name: by bank transfer
        given: {product: urea, quantity: 1 t, payment.method: bank transfer}
        expect: no flag
"""
OTHER_GOODS = """
      - name: other goods
        given: {product: office chairs, quantity: 1 t, payment.method: cash}
        expect: no flag
"""
NEAR = """
      - name: just below
        given: {product: urea, quantity: 99 kg, payment.method: cash}
        expect: no flag
      - name: just at it
        given: {product: urea, quantity: 100 kg, payment.method: cash, buyer.business: farm}
        expect: flag
"""


def run(tmp_path: Path, text: str) -> RulesTested:
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return rules_tested([path], with_coverage=True, with_mutation=True)


DEAR = """
rules:
  - id: dear
    title: The order is dear
    severity: low
    fact: payment
    when:
      value: {at_least: 20000 EUR}
    examples:
      - name: in dollars
        given: {date: 2020-01-10, value: 50000 USD}
        expect: flag
      - name: little of it
        given: {date: 2020-01-10, value: 5000 USD}
        expect: no flag
"""


def test_examples_are_judged_with_the_exchange_rates_of_a_check(tmp_path: Path) -> None:
    assert ecb_rates() is not None
    found = run(tmp_path, DEAR)
    assert (found.examples, found.failed) == (2, ())
    order = Transaction.model_validate({"date": "2020-01-10", "value": "50000 USD"})
    assert Screener(parse_rules(DEAR)).check(order).flags
    told = lint_text(DEAR, as_of=datetime.date(2026, 11, 23)).findings
    assert not [one for one in told if one.diagnostic.code == "RL503"]


OVERLAY = """
overlay: ours
title: Ours
set:
  - rule: own/much-paid-in-cash
    change: {when.quantity.at_least: {to: 2 t, was: 100 kg}}
    reason: A tonne is nothing to us.
"""


@pytest.mark.parametrize("is_path", [True, False])
def test_an_overlay_changes_rules_before_their_examples_are_run(
    tmp_path: Path, is_path: bool
) -> None:
    own, local = tmp_path / "own.yaml", tmp_path / "ours.yaml"
    own.write_text(RULE + FLAG + TIN, encoding="utf-8")
    local.write_text(OVERLAY, encoding="utf-8")
    assert not rules_tested([own]).failed
    found = rules_tested([own, local]) if is_path else rules_tested([own], overlays=[local])
    assert found.packs == ("own",)
    assert [one.example.name for one in found.failed] == ["a tonne"]


def test_an_overlay_alone_is_tried_on_the_shipped_packs(tmp_path: Path) -> None:
    local = tmp_path / "ours.yaml"
    local.write_text(
        "overlay: ours\ntitle: Ours\n"
        "disable:\n  - {rule: car-2020/third-party-payer, reason: Not for us.}\n",
        encoding="utf-8",
    )
    names = {rule.name for rule in load_rules(profile=None).rules}
    assert rules_tested([local]).rules == len(names) - 1


def untried(found: RulesTested) -> set[str]:
    assert found.coverage is not None
    return {f"{one.what}: {one.text}" for pack in found.coverage for one in pack.untried}


def survivors(found: RulesTested) -> set[str]:
    assert found.mutation is not None
    return {f"{one.kind}: {one.text}" for pack in found.mutation for one in pack.survivors}


@pytest.mark.parametrize(
    ("given_text", "expect", "outcome", "because"),
    [
        ("product: urea, quantity: 1 kg, payment.method: cash", "flag", "no flag",
         ["the quantity is 1 kg, below 100 kg"]),
        ("product: urea, payment.method: cash, quantity: '6'", "flag", "incomplete",
         ["the quantity is unknown"]),
        ("product: urea, quantity: 1 t, payment.method: cash", "no flag", "flag",
         ["urea", "1 t, at least 100 kg", "cash"]),
        ("product: chairs, quantity: 1 kg, payment.method: cash", "flag", "no flag",
         ["none of", "below 100 kg"]),
    ],
)  # fmt: skip
def test_a_failure_names_the_condition_that_decided(
    tmp_path: Path, given_text: str, expect: str, outcome: str, because: list[str]
) -> None:
    example = f"\n      - {{name: x, given: {{{given_text}}}, expect: {expect}}}\n"
    found = run(tmp_path, RULE + example)
    (ran,) = found.failed
    assert (ran.outcome, ran.passed) == (outcome, False)
    sentences = [one.sentence for one in ran.decided]
    assert len(sentences) == len(because)
    for one, expected in zip(sentences, because, strict=True):
        assert expected.lower() in one.replace("\u202f", " ").lower()


def test_what_no_example_makes_decisive_is_named(tmp_path: Path) -> None:
    found = run(tmp_path, RULE + FLAG + TIN)
    assert not found.failed
    assert untried(found) == {"entry: crypto", "lowering: The goods suit the trade."}
    found = run(tmp_path, RULE + TIN)
    assert "condition: payment.method: {in_list: cash}" in untried(found)
    assert "condition: quantity: {at_least: 100 kg}" not in untried(found)
    assert not untried(run(tmp_path, RULE + FLAG + TIN + NEAR)) - {"entry: crypto"}


def test_changes_that_no_example_notices_are_named(tmp_path: Path) -> None:
    found = run(tmp_path, RULE + FLAG + TIN)
    assert survivors(found) == {
        "bound moved: quantity: {at_least: 100 kg} with the bound doubled",
        "bound moved: quantity: {at_least: 100 kg} with the bound halved",
        "condition dropped: without holds: goods",
        "condition dropped: without payment.method: {in_list: cash}",
    }
    assert not survivors(run(tmp_path, RULE + FLAG + NEAR + BY_TRANSFER + OTHER_GOODS))


def test_a_rule_without_examples_notices_nothing(tmp_path: Path) -> None:
    found = run(tmp_path, RULE.replace("    examples:\n", ""))
    assert found.without == ("own/much-paid-in-cash",)
    assert found.mutation is not None
    for pack in found.mutation:
        assert all(pack.noticed[kind][0] == 0 for kind in KINDS)


def test_an_example_that_states_nothing_is_incomplete(tmp_path: Path) -> None:
    found = run(tmp_path, RULE + "\n      - {name: x, given: {}, expect: flag}\n")
    assert [one.outcome for one in found.failed] == ["incomplete"]


def test_files_that_cannot_be_loaded_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleBookError):
        run(tmp_path, "rules: [{id: a}]")


@pytest.mark.parametrize("name", ["table", "json"])
def test_what_came_of_it_can_be_written(tmp_path: Path, name: str) -> None:
    wrong = FLAG.replace("1 t", "1 kg")
    found = run(tmp_path, RULE + FLAG + wrong)
    stream = io.StringIO()
    write_tested(found, name, stream)
    assert "much-paid-in-cash" in stream.getvalue()
    assert "1 failed" in summary(found)
    if name == "json":
        value: dict[str, Any] = json.loads(stream.getvalue())
        assert value["failed"][0]["came_out"] == "no flag"
        assert value["coverage"][0]["conditions"] == {"done": 3, "of": 3}


def test_the_examples_of_the_shipped_packs_come_out_as_they_say() -> None:
    found = rules_tested([])
    assert not found.failed
    assert not found.without
    assert found.examples > 300


def test_the_examples_of_the_shipped_packs_notice_nearly_every_change() -> None:
    found = rules_tested([], with_mutation=True).mutation
    assert found is not None
    noticed = sum(done for one in found for done, _ in one.noticed.values())
    every = sum(of for one in found for _, of in one.noticed.values())
    assert noticed >= 0.95 * every


def test_every_lowering_of_the_shipped_packs_is_had_by_an_example() -> None:
    found = rules_tested([], with_coverage=True).coverage
    assert found is not None
    assert not [one for pack in found for one in pack.untried if one.what == "lowering"]
    assert sum(one.lowerings[1] for one in found) > 200


@settings(max_examples=150, deadline=None)
@given(blocks, orders(), st.booleans())
def test_a_trial_with_a_changed_test_is_what_the_judge_says_of_the_changed_rule(
    when: dict[str, Any], order: dict[str, str], holds: bool
) -> None:
    book = book_of(when)
    rule = book.rules[0]
    record = record_of(Transaction.model_validate(order))
    judge = Judge(book)
    bench = object.__new__(Bench)
    bench.judge, bench._above = judge, {}
    said = ALWAYS if holds else NEVER
    verdict = judge.verdict(rule.when, record)
    trial = Trial(rule, Example("", {}, "flag", rule.place), record, verdict)
    for part in all_parts(rule.when):
        # What is changed to what it is already changes nothing.
        assert bench.verdict(trial, part, part) is verdict
        changed = bench.verdict(trial, part, said)
        if changed is not verdict and not _is_group(part):
            assert is_decisive(bench, trial, part)  # type: ignore[arg-type]
    unit = Unit(rule.name, rule.pack, rule.when, (trial,))
    for mutant, target, change in mutants(unit):
        assert mutant.kind in KINDS
        assert bench.verdict(trial, target, change) in (True, False, None)


def _is_group(condition: Condition) -> bool:
    return hasattr(condition, "parts") or hasattr(condition, "block")


def test_proposed_examples_come_out_as_they_say_and_notice_more(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    other = OTHER_GOODS.replace("1 t", "99 kg")
    text = RULE + FLAG + TIN + BY_TRANSFER.replace("1 t", "2 kg") + other
    path.write_text(text, encoding="utf-8")
    before = rules_tested([path], with_mutation=True, with_suggestions=True, shipped=False)
    assert before.suggestions
    added = "".join(example_text(one.name, one.given, one.expect) for one in before.suggestions)
    path.write_text(text + added, encoding="utf-8")
    after = rules_tested([path], with_mutation=True, shipped=False)
    assert not after.failed
    assert len(survivors(after)) < len(survivors(before))
    assert len(survivors(before)) - len(survivors(after)) >= max(
        one.notices for one in before.suggestions
    )


def test_an_example_is_written_so_that_it_is_read_the_same() -> None:
    given = {"product": 'a: "b", {c} #d', "quantity": "6", "buyer.name": "x" * 120, "notes": ""}
    text = RULE + example_text("one: two", given, "flag") + example_text("none", {}, "flag")
    example, none = parse_rules(text).rules[0].examples
    assert (example.name, dict(example.given)) == ("one: two", given)
    assert dict(none.given) == {}


@settings(max_examples=100, deadline=None)
@given(blocks, orders(), st.booleans())
def test_a_changed_tree_says_what_the_trial_says(
    when: dict[str, Any], order: dict[str, str], holds: bool
) -> None:
    book = book_of(when)
    rule = book.rules[0]
    record = record_of(Transaction.model_validate(order))
    judge = Judge(book)
    bench = object.__new__(Bench)
    bench.judge, bench._above = judge, {}
    trial = Trial(rule, Example("", {}, "flag", rule.place), record, None)
    for part in all_parts(rule.when):
        for change in (ALWAYS if holds else NEVER, None):
            changed = condition_with(rule.when, part, change)
            asked = bench.verdict(trial, part, change)
            assert changed is None or judge.verdict(changed, record) is asked


TWO_BUYERS = """
rules:
  - id: one-consignee-gathers
    title: One consignee gathers precursors from several buyers
    severity: medium
    fact: network
    when:
      consignee.name: {differs_from: buyer.name}
    across:
      same: [consignee, product.family]
      within: 90 days
      where:
        product.family: [urea, sulphur]
        buyer.business: {not_in: [farm]}
      having:
        distinct(buyer): {at_least: 2}
        sum(quantity): {at_least: 100 kg}
    lowers:
      - {when: {consignee.fit: normal}, by: low, because: The consignee uses such goods.}
    examples:
"""
PAIR = """
      - name: NAME
        given: {date: 2024-03-01, buyer.name: Example One, buyer.business: bakery,
                consignee.name: Example Store, product: urea, quantity: 60 kg}
        orders:
          - {order_id: A, date: DAY, buyer.name: BUYER, buyer.business: TRADE,
             consignee.name: STORE, product: GOODS, quantity: AMOUNT}
        expect: SAYS
"""


def pair(
    says: str, day: str = "2024-02-01", buyer: str = "Example Two", trade: str = "bakery",
    store: str = "Example Store", goods: str = "urea", amount: str = "60 kg",
) -> str:  # fmt: skip
    told = {
        "NAME": f"{day} {buyer} {trade} {store} {goods} {amount}", "DAY": day, "BUYER": buyer,
        "TRADE": trade, "STORE": store, "GOODS": goods, "AMOUNT": amount, "SAYS": says,
    }  # fmt: skip
    text = PAIR
    for word, value in told.items():
        text = text.replace(word, value)
    return text


def test_the_examples_of_rules_across_orders_are_run_with_the_orders_beside_them(
    tmp_path: Path,
) -> None:
    found = run(tmp_path, TWO_BUYERS + pair("flag") + pair("flag", amount="10 kg"))
    assert found.examples == 2
    (ran,) = found.failed
    assert ran.outcome == "no flag"
    # Two buyers there are: only the amount fails.
    (because,) = ran.decided
    assert "sum(quantity): {at_least: 100 kg}" in because.test
    assert "70" in because.sentence
    assert "at least 100" in because.sentence.replace("\u202f", " ")


def test_changes_of_windows_are_noticed_by_the_orders_beside(tmp_path: Path) -> None:
    found = run(tmp_path, TWO_BUYERS + pair("flag"))
    left = survivors(found)
    assert "window changed: within: 90 days made half as long" in left
    assert "window changed: same: without consignee" in left
    assert "window changed: same: without product.family" in left
    assert "condition dropped: without distinct(buyer): {at_least: 2}" in left
    assert "condition dropped: without buyer.business: {not_in: farm}" in left
    assert "bound moved: sum(quantity): {at_least: 100 kg} with the bound halved" in left
    # Twice the bound, and one buyer more, are asked for in vain.
    assert "bound moved: sum(quantity): {at_least: 100 kg} with the bound doubled" not in left
    assert "bound moved: distinct(buyer): {at_least: 2} with the bound one more" not in left
    assert "operator turned: the opposite of distinct(buyer): {at_least: 2}" not in left
    examples = [
        pair("flag"), pair("flag", day="2023-12-10"), pair("no flag", day="2023-11-01"),
        pair("no flag", store="Example Depot"), pair("no flag", goods="sulphur"),
        pair("no flag", buyer="Example One"), pair("no flag", trade="farm"),
        pair("no flag", amount="1 kg"),
    ]  # fmt: skip
    found = run(tmp_path, TWO_BUYERS + "".join(examples))
    assert not found.failed
    assert survivors(found) == {
        "condition dropped: without product.family: {in: urea, sulphur}",
        "condition dropped: without consignee.name: {differs_from: buyer.name}",
    }


def test_what_is_asked_of_a_window_is_decisive_or_named(tmp_path: Path) -> None:
    found = run(tmp_path, TWO_BUYERS + pair("no flag", buyer="Example One"))
    assert "condition: sum(quantity): {at_least: 100 kg}" in untried(found)
    assert "condition: distinct(buyer): {at_least: 2}" not in untried(found)
    assert "lowering: The consignee uses such goods." in untried(found)


def test_a_rule_changed_to_ask_nothing_or_the_impossible_of_its_window(tmp_path: Path) -> None:
    rule = parse_rules(TWO_BUYERS + pair("flag")).rules[0]
    assert rule.across is not None
    one, other = rule.across.having
    always = rule_with(rule, one, ASKED_ALWAYS)
    assert always is not None
    assert always.across is not None
    assert always.across.having == (ASKED_ALWAYS, other)
    never = rule_with(rule, one, ASKED_NEVER)
    assert never is not None
    records = example_records(rule.examples[0])
    judge = Judge(parse_rules(TWO_BUYERS + pair("flag")))
    assert rule_verdict(rule, records[0], records[1:], judge) is True
    assert rule_verdict(always, records[0], records[1:], judge) is True
    assert rule_verdict(never, records[0], records[1:], judge) is False
    assert rule_with(rule, rule.across, None) is None
    assert rule_with(rule, ALWAYS, NEVER) is rule


def test_proposed_examples_have_what_lowers_a_flag(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    rule = RULE.replace(
        "because: The goods suit the trade.}",
        "because: The goods suit the trade.}\n"
        "      - {when: {payer.relation: same_group}, by: low, because: The payer is of a group.}",
    )
    path.write_text(rule + FLAG + TIN, encoding="utf-8")
    before = rules_tested([path], with_coverage=True, with_suggestions=True)
    assert "lowering: The payer is of a group." in untried(before)
    assert before.suggestions is not None
    added = "".join(
        example_text(one.name, one.given, one.expect, one.orders) for one in before.suggestions
    )
    path.write_text(rule + FLAG + TIN + added, encoding="utf-8")
    after = rules_tested([path], with_coverage=True)
    assert not after.failed
    assert not {one for one in untried(after) if one.startswith("lowering")}


def test_proposed_examples_of_rules_across_orders_come_out_as_they_say_and_notice_more(
    tmp_path: Path,
) -> None:
    path = tmp_path / "own.yaml"
    text = TWO_BUYERS + pair("flag")
    path.write_text(text, encoding="utf-8")
    before = rules_tested([path], with_mutation=True, with_suggestions=True, shipped=False)
    assert before.suggestions
    added = "".join(
        example_text(one.name, one.given, one.expect, one.orders) for one in before.suggestions
    )
    path.write_text(text + added, encoding="utf-8")
    after = rules_tested([path], with_mutation=True, with_coverage=True, shipped=False)
    assert not after.failed
    left = survivors(after)
    assert not {one for one in left if one.startswith("window changed")}
    assert len(left) <= 2
    assert not {one for one in untried(after) if not one.startswith("entry")}
