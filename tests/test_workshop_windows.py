"""What the linter says of rules across orders is so: of the windows of any orders."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags.rulebook import parse_rules
from redflags.workshop.lint import lint_text
from redflags.workshop.reasoning import Reasoner
from redflags.workshop.window_reasoning import across_implies, range_of
from tests import across_oracle as oracle
from tests.test_engine_windows import book_of, files, verdicts

AS_OF = datetime.date(2026, 11, 23)

HAVINGS: list[dict[str, Any]] = [
    *(asked for asked, _ in oracle.HAVINGS),
    {"count": {"at_least": 1}},
    {"count": {"more_than": 1}},
    {"count": {"at_least": 3}},
    {"count": {"between": [2, 4]}},
    {"count": {"less_than": 1}},
    {"count": {"at_least": 4, "at_most": 2}},
    {"sum(quantity)": {"at_least": "500 kg"}},
    {"max(quantity)": {"more_than": "200 kg"}},
    {"distinct(buyer)": {"at_least": 1}},
    {"distinct(consignee.name)": {"at_least": 2}},
    {"distinct(buyer.country)": {"less_than": 2}},
    {"baseline(quantity)": {"at_least": "0"}},
]


@st.composite
def windows(draw: st.DrawFn, like: dict[str, Any] | None = None) -> dict[str, Any]:
    """A rule across orders; one that is much like another, where one is given."""
    if like is not None and draw(st.booleans()):
        same, within = like["across"]["same"], like["across"].get("within")
    else:
        same = draw(st.sampled_from([one for one, _ in oracle.SAMES] + [["order_id", "buyer"]]))
        within = draw(st.sampled_from(["1 day", "30 days", "31 days", "366 days"]))
    blocks = st.sampled_from([block for block, _ in oracle.BLOCKS])
    when, where = draw(blocks), draw(blocks)
    having: dict[str, Any] = {}
    for asked in draw(st.lists(st.sampled_from(HAVINGS), min_size=1, max_size=2)):
        having |= asked
    across = {"same": same, "within": within, "having": having}
    across |= {} if where is None else {"where": where}
    return {"across": across} | ({} if when is None else {"when": when})


@st.composite
def pairs(draw: st.DrawFn) -> list[dict[str, Any]]:
    one = draw(windows())
    return [one, draw(windows(one))]


@settings(max_examples=300)
@given(chosen=pairs(), lines=files)
def test_a_rule_that_is_said_to_follow_follows(
    chosen: list[dict[str, Any]], lines: list[dict[str, str]]
) -> None:
    book = book_of(*chosen)
    reasoner = Reasoner()
    one, other = book.rules
    told = verdicts(book, lines)
    for narrow, wide, places in ((one, other, (0, 1)), (other, one, (1, 0))):
        assert across_implies(reasoner, narrow, narrow)
        if across_implies(reasoner, narrow, wide):
            assert not any(line[places[0]] is True and line[places[1]] is not True for line in told)


@settings(max_examples=300)
@given(chosen=windows(), lines=files)
def test_what_can_never_be_never_is_and_what_always_is_always_is(
    chosen: dict[str, Any], lines: list[dict[str, str]]
) -> None:
    book = book_of(chosen)
    text = json.dumps(
        {"rules": [{"id": "r0", "title": "A rule", "severity": "low", "fact": "network", **chosen}]}
    )
    found = {one.diagnostic.code for one in lint_text(text, as_of=AS_OF).findings}
    told = [line[0] for line in verdicts(book, lines)]
    if found & {"RL801", "RL802", "RL804"}:
        assert True not in told
    having = chosen["across"]["having"]
    if "RL803" in found and len(having) == 1 and "RL801" not in found:
        others = {key: one for key, one in chosen.items() if key != "across"}
        where = chosen["across"].get("where")
        alone = {**chosen["across"], "having": {"count": {"at_least": 1}}}
        all_ = [line[0] for line in verdicts(book_of({**others, "across": alone}), lines)]
        # Only what is unknown can be less sure.
        pairs_of = zip(told, all_, strict=True)
        assert all(one is two or one is None for one, two in pairs_of), (where, told, all_)


FIRST = {
    "same": ["consignee"], "within": "30 days", "where": {"product.family": "urea"},
    "having": {"distinct(buyer)": {"at_least": 2}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "follows"),
    [
        ({}, (True, True)),
        ({"within": "60 days"}, (True, False)),
        ({"same": ["consignee", "buyer.country"]}, (False, True)),
        ({"where": {"product.family": ["urea", "sulphur"]}}, (True, False)),
        ({"having": {"distinct(buyer)": {"at_least": 3}}}, (False, True)),
        ({"having": {"distinct(buyer)": {"at_least": 2}, "count": {"at_least": 2}}}, (False, True)),
        ({"having": {"count": {"at_least": 2}}}, (False, False)),
        # A window with more in it can have too much.
        ({"within": "60 days", "having": {"distinct(buyer)": {"at_most": 2}}}, (False, False)),
    ],
)
def test_one_rule_across_orders_follows_from_another(
    changed: dict[str, Any], follows: tuple[bool, bool]
) -> None:
    one, other = book_of({"across": FIRST}, {"across": {**FIRST, **changed}}).rules
    reasoner = Reasoner()
    found = across_implies(reasoner, one, other), across_implies(reasoner, other, one)
    assert found == follows


def test_a_rule_across_orders_is_shadowed_by_one_on_a_single_line() -> None:
    when = {"product.family": "urea", "buyer.business": "bakery"}
    rules = [
        {"id": "one", "title": "One", "severity": "low", "fact": "network", "when": when},
        {"id": "many", "title": "Many", "severity": "low", "fact": "network",
         "when": when, "across": FIRST},
    ]  # fmt: skip
    report = lint_text(json.dumps({"rules": rules}), as_of=AS_OF)
    found = {(one.diagnostic.code, one.about) for one in report.findings}
    assert ("RL202", "rules/many") in found
    assert not any(code == "RL201" for code, _ in found)


@pytest.mark.parametrize(
    ("operator", "operand", "allowed"),
    [
        ("at_least", 2, (2, None)),
        ("more_than", 2, (3, None)),
        ("at_most", 2, (None, 2)),
        ("less_than", 2, (None, 1)),
        ("between", [2, 4], (2, 4)),
    ],
)
def test_the_range_of_a_count(operator: str, operand: Any, allowed: tuple[Any, Any]) -> None:
    across = {**FIRST, "having": {"count": {operator: operand}}}
    text = json.dumps({"rules": [{"id": "r", "title": "R", "severity": "low", "fact": "network",
                                  "across": across}]})  # fmt: skip
    rule = parse_rules(text).rules[0]
    assert rule.across is not None
    found = range_of(rule.across.having[0])
    assert found is not None
    assert (found.low, found.high) == allowed
    assert not found.is_empty()
