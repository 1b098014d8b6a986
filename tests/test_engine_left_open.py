"""What the values of orders leave open: never less than what is true or unknown."""

from __future__ import annotations

import threading
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags import Transaction, load_rules
from redflags.engine import left_open
from redflags.engine.judge import Judge
from redflags.model import Record
from redflags.model.record import record_of
from tests.strategies import TEXTS, blocks, book_of

ROWS = st.lists(
    st.fixed_dictionaries({}, optional={path: st.sampled_from(TEXTS[path]) for path in TEXTS}),
    min_size=1,
    max_size=5,
)


def record(row: dict[str, str]) -> Record:
    return record_of(Transaction.model_validate(row))


def asked_one_by_one(judge: Judge, row: dict[str, str]) -> tuple[list[str], list[str]]:
    """The names of the rules that are true and unknown, each asked by itself."""
    one = record(row)
    verdicts = {rule.name: judge.verdict(rule.when, one) for rule in judge.book.rules}
    return (
        [name for name, verdict in verdicts.items() if verdict],
        [name for name, verdict in verdicts.items() if verdict is None],
    )


def found_by(judge: Judge, row: dict[str, str]) -> tuple[list[str], list[str]]:
    verdicts = judge.verdicts(record(row))
    return [rule.name for rule in verdicts.true], [rule.name for rule in verdicts.unknown]


@settings(max_examples=200, deadline=None)
@given(st.lists(blocks, min_size=1, max_size=6), ROWS)
def test_orders_one_after_the_other_are_judged_as_each_alone(
    whens: list[dict[str, Any]], rows: list[dict[str, str]]
) -> None:
    judge = Judge(book_of(*whens))
    for row in rows:
        assert found_by(judge, row) == asked_one_by_one(judge, row)


@cache
def shipped() -> Judge:
    return Judge(load_rules())


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_orders_are_judged_as_each_alone_by_the_shipped_rules(rows: list[dict[str, str]]) -> None:
    for row in rows:
        assert found_by(shipped(), row) == asked_one_by_one(shipped(), row)


def test_the_examples_of_the_shipped_rules_are_judged_as_each_alone() -> None:
    judge = shipped()
    rows = [dict(one.given) for rule in judge.book.rules for one in rule.examples]
    undated = [{path: text for path, text in row.items() if path != "date"} for row in rows]
    for row in [*rows, *undated[::5]]:
        assert found_by(judge, row) == asked_one_by_one(judge, row)


@settings(max_examples=40, deadline=None)
@given(st.lists(blocks, min_size=1, max_size=4), ROWS)
def test_what_is_forgotten_is_found_again(
    whens: list[dict[str, Any]], rows: list[dict[str, str]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(left_open, "MOST_REMEMBERED", 2)
        patch.setattr(left_open, "MOST_LAYOUTS", 1)
        judge = Judge(book_of(*whens))
        for row in [*rows, *rows]:
            assert found_by(judge, row) == asked_one_by_one(judge, row)
        assert len(judge._left_open._memory) <= 2
        assert len(judge._left_open._plans) <= 1


def test_a_rule_that_the_values_close_is_not_asked() -> None:
    judge = Judge(book_of({"product.family": ["urea"], "buyer.country": "TR"}))
    open_to = judge._left_open.of
    assert list(open_to(record({"product": "office chair", "buyer_country": "TR"}))) == []
    assert list(open_to(record({"product": "urea", "buyer_country": "DE"}))) == []
    assert list(open_to(record({"product": "urea", "buyer_country": "TR"}))) == [0]
    assert list(open_to(record({"product": "urea"}))) == [0]


def test_goods_of_no_family_are_told_apart_by_a_legal_limit_of_their_cas_number() -> None:
    judge = Judge(book_of({"product.limit": "not_listed"}))
    plain = {"product": "office chair", "cas": "50-00-0"}
    listed = {"product": "office chair", "cas": "7697-37-2"}
    for row in (plain, listed, plain):
        assert found_by(judge, row) == asked_one_by_one(judge, row)
    assert found_by(judge, plain) != found_by(judge, listed)


def test_a_status_that_has_run_out_is_judged_as_such() -> None:
    import datetime

    from redflags.model.validity import expire

    judge = Judge(book_of({"licence.status": "held"}))
    row = {"licence_status": "held", "licence_until": "2015-12-31"}
    seen = []
    for day in (None, datetime.date(2016, 1, 1), datetime.date(2015, 12, 31)):
        one = record(row)
        expire(one, day)
        seen.append(bool(judge.verdicts(one).true))
    assert seen == [True, False, True]


def test_what_is_remembered_is_shared_by_threads() -> None:
    judge = shipped()
    rows = [
        {"product": product, "buyer_country": country, "quantity": amount, "date": "2015-07-01"}
        for product in ("urea", "office chair", "small turbojet engine", "aluminium paste")
        for country in ("TR", "DE", "SY")
        for amount in ("6 t", "1 kg", "6")
    ]
    wanted = [asked_one_by_one(judge, row) for row in rows]
    found: list[list[tuple[list[str], list[str]]]] = []

    def work() -> None:
        found.append([found_by(judge, row) for row in rows for _ in range(3)][::3])

    threads = [threading.Thread(target=work) for _ in range(4)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(left_open, "MOST_REMEMBERED", 20)
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert found == [wanted] * 4
