"""What the linter is certain of is so for every order: reasoning is sound."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from redflags import Transaction
from redflags.engine.judge import Judge
from redflags.model.record import Record, record_of
from redflags.workshop.reasoning import Reasoner
from tests.strategies import LEAVES, blocks, book_of, orders

by_field: dict[str, list[dict[str, Any]]] = {}
for path, test in LEAVES:
    by_field.setdefault(path, []).append({path: test})
tight = st.sampled_from(sorted(by_field)).flatmap(
    lambda path: st.lists(st.sampled_from(by_field[path]), min_size=1, max_size=3).flatmap(
        lambda parts: st.sampled_from([{kind: parts} for kind in ("all", "any", "none")])
    )
)
"""Blocks about one field, whose tests have something to do with each other."""

conditions = st.one_of(
    blocks, tight, st.lists(st.one_of(blocks, tight), min_size=1, max_size=3).map(
        lambda parts: {"all": parts}
    )
)  # fmt: skip


def record(order: dict[str, str]) -> Record:
    return record_of(Transaction.model_validate(order))


@settings(max_examples=300, deadline=None)
@given(conditions, st.lists(orders(), min_size=1, max_size=6))
def test_what_can_never_hold_holds_for_no_order(
    when: dict[str, Any], given_orders: list[dict[str, str]]
) -> None:
    book = book_of(when)
    judge, reasoner = Judge(book), Reasoner()
    condition = book.rules[0].when
    never_true = reasoner.conflict([(condition, True)]) is not None
    never_false = reasoner.conflict([(condition, False)]) is not None
    for order in given_orders:
        verdict = judge.verdict(condition, record(order))
        assert not (never_true and verdict is True)
        assert not (never_false and verdict is False)


@settings(max_examples=300, deadline=None)
@given(conditions, conditions, st.lists(orders(), min_size=1, max_size=6))
def test_what_follows_holds_wherever_the_other_does(
    one: dict[str, Any], other: dict[str, Any], given_orders: list[dict[str, str]]
) -> None:
    book = book_of(one, other, {"all": [one, other]}, {"any": [one, other]})
    judge, reasoner = Judge(book), Reasoner()
    whens = [rule.when for rule in book.rules]
    records = [record(order) for order in given_orders]
    verdicts = [[judge.verdict(when, one) for when in whens] for one in records]
    for narrow in range(len(whens)):
        for wide in range(len(whens)):
            if reasoner.implies(whens[narrow], whens[wide]):
                assert not any(row[narrow] is True and row[wide] is not True for row in verdicts)


@given(conditions)
def test_a_condition_follows_from_itself_with_more_demanded(when: dict[str, Any]) -> None:
    book = book_of({"all": [when, {"buyer.registration": {"known": "yes"}}]}, when)
    reasoner = Reasoner()
    narrow, wide = (rule.when for rule in book.rules)
    if reasoner.conflict([(narrow, True)]) is None and len(reasoner.branches(wide)) < 30:
        assert reasoner.implies(narrow, wide)
