"""The rules that few-valued fields leave possible: all that are true or unknown are among them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags.engine import candidates
from redflags.engine.candidates import Candidates
from redflags.engine.judge import Judge
from redflags.engine.leaves import compile_test
from redflags.model.record import record_of_texts
from tests.strategies import TEXTS, blocks, book_of


@settings(max_examples=200, deadline=None)
@given(
    st.lists(blocks, min_size=1, max_size=6),
    st.lists(
        st.fixed_dictionaries({}, optional={path: st.sampled_from(TEXTS[path]) for path in TEXTS}),
        min_size=1,
        max_size=4,
    ),
)
def test_no_rule_that_is_true_or_unknown_is_left_out(
    whens: list[dict[str, Any]], rows: list[dict[str, str]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "WORTH_ASKING", 0)
        book = book_of(*whens)
        judge, conditions = Judge(book), [rule.when for rule in book.rules]
        found = Candidates(conditions, lambda test: compile_test(test, None))
        for row in rows:
            record = record_of_texts(row.items())
            left = set(found.of(record))
            for number, condition in enumerate(conditions):
                if judge.verdict(condition, record) is not False:
                    assert number in left


@pytest.mark.parametrize(
    ("when", "text"),
    [
        ({"product.family": ["urea"]}, {"product": "small turbojet engine"}),
        ({"payment.method": "cash"}, {"payment.method": "bank transfer"}),
        ({"payment.method": {"known": "no"}}, {"payment.method": "cash"}),
        ({"end_use": {"known": "yes"}}, {"end_use": ""}),
        ({"none": [{"buyer.country": "DE"}]}, {"buyer.country": "DE"}),
    ],
)
def test_a_rule_that_one_field_makes_false_is_not_asked(
    when: dict[str, Any], text: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "WORTH_ASKING", 0)
    conditions = [rule.when for rule in book_of(when).rules]
    found = Candidates(conditions, lambda test: compile_test(test, None))
    assert list(found.of(record_of_texts(text.items()))) == []
    assert list(found.of(record_of_texts([]))) == [0]


def test_many_values_are_not_all_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "WORTH_ASKING", 0)
    monkeypatch.setattr(candidates, "MOST_VALUES", 3)
    conditions = [rule.when for rule in book_of({"buyer.country": "DE"}).rules]
    found = Candidates(conditions, lambda test: compile_test(test, None))
    for country in ("FR", "DE", "TR", "PL", "DE", "AE", "FR"):
        left = list(found.of(record_of_texts([("buyer.country", country)])))
        assert left == ([0] if country == "DE" else [])
        assert len(found._left) <= 3
