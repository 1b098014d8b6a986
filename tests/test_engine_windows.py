"""Rules across orders: the windows of the engine against the oracle, and their laws."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags import Transaction
from redflags.across.windows import FEW_LINES
from redflags.engine.judge import Judge
from redflags.engine.windows import judge_windows, settled
from redflags.model.record import Record, record_of
from redflags.rulebook import RuleBook, parse_rules
from tests import across_oracle as oracle

WITHINS = (1, 30, 31, 366)


@cache
def _book(text: str) -> RuleBook:
    return parse_rules(text)


def book_of(*rules: dict[str, Any]) -> RuleBook:
    """A rule book with one rule for each window, r0, r1 and so on."""
    written = [
        {"id": f"r{number}", "title": "A rule", "severity": "low", "fact": "network", **rule}
        for number, rule in enumerate(rules)
    ]
    return _book(json.dumps({"rules": written}))


def record(order: oracle.Order) -> Record:
    return record_of(Transaction.model_validate(dict(order)))


def verdicts(book: RuleBook, orders: Sequence[oracle.Order]) -> list[list[oracle.Verdict]]:
    """Of every line, the verdict of every rule."""
    judge = Judge(book)
    lines = [record(order) for order in orders]
    found = judge_windows(lines, range(len(lines)), judge)
    told = []
    for line, windows in zip(lines, found, strict=True):
        one = settled(judge.verdicts(line), windows)
        true = {rule.name for rule in one.true}
        unknown = {rule.name for rule in one.unknown}
        told.append(
            [
                True if rule.name in true else None if rule.name in unknown else False
                for rule in book.rules
            ]
        )
    return told


COUNTRIES = {"buyer.country": st.just("TR"), "consignee.country": st.just("TR")}

messy = st.fixed_dictionaries(
    {
        **COUNTRIES,
        "product": st.sampled_from(sorted(oracle.PRODUCTS)),
        "buyer.name": st.sampled_from(sorted(oracle.FIRMS)),
        "consignee.name": st.sampled_from(sorted(oracle.FIRMS)),
    },
    optional={
        "order_id": st.sampled_from(["", "O-1", "O-2", "O-3", "O-4"]),
        "date": st.sampled_from(sorted(oracle.DATES)),
        "quantity": st.sampled_from(sorted(oracle.QUANTITIES)),
        "buyer.phone": st.sampled_from(oracle.PHONES),
    },
)
"""Orders of which much is missing, unreadable or a return."""

full = st.fixed_dictionaries(
    {
        **COUNTRIES,
        "order_id": st.sampled_from([f"O-{number}" for number in range(9)]),
        "date": st.sampled_from([day for day, read in oracle.DATES.items() if read is not None]),
        "product": st.sampled_from(["urea", "urea, prilled", "ammonium nitrate"]),
        "quantity": st.sampled_from(["400 kg", "0.4 t", "600 kg", "1 t", "200 kg"]),
        "buyer.name": st.sampled_from(
            ["Delta Trading Ltd", "DELTA TRADING LIMITED", "Omega Foods GmbH"]
        ),
        "consignee.name": st.sampled_from(["Omega Foods GmbH", "Kappa Chemie AG"]),
        "buyer.phone": st.sampled_from(["", "+90 212 555 01 01", "0212 555 01 01"]),
    }
)
"""Orders of which all is known."""

files = st.one_of(
    st.lists(full, min_size=1, max_size=12),
    st.lists(st.one_of(full, full, messy), min_size=1, max_size=12),
    st.lists(messy, min_size=1, max_size=9),
)


@st.composite
def rules(draw: st.DrawFn) -> tuple[dict[str, Any], Callable[[oracle.Lines, int], oracle.Verdict]]:
    """A rule across orders, and its meaning."""
    when, when_means = draw(st.sampled_from(oracle.BLOCKS))
    where, where_means = draw(st.sampled_from(oracle.BLOCKS))
    same, keys = draw(st.sampled_from([*oracle.SAMES, (["order_id"], ("order_id",))]))
    within = None if keys == ("order_id",) else draw(st.sampled_from(WITHINS))
    choices = oracle.OF_ONE_ORDER if within is None else oracle.HAVINGS
    chosen = draw(st.lists(st.sampled_from(choices), min_size=1, max_size=2))
    having: dict[str, Any] = {}
    measures = []
    for asked, means in chosen:
        if not having.keys() & asked.keys():
            having |= asked
            measures.append(means)
    across: dict[str, Any] = {"same": same, "having": having}
    across |= {} if within is None else {"within": f"{within} days"}
    across |= {} if where is None else {"where": where}
    rule = {"across": across} | ({} if when is None else {"when": when})

    def meaning(lines: oracle.Lines, line: int) -> oracle.Verdict:
        return oracle.verdict(lines, line, keys, within, when_means, where_means, measures)

    return rule, meaning


@pytest.mark.parametrize("few", [FEW_LINES, -1], ids=["one pass", "columns"])
@settings(max_examples=150)
@given(chosen=st.lists(rules(), min_size=1, max_size=3), lines=files)
def test_the_engine_agrees_with_the_oracle(
    few: int,
    chosen: list[tuple[dict[str, Any], Callable[[oracle.Lines, int], oracle.Verdict]]],
    lines: list[dict[str, str]],
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("redflags.across.windows.FEW_LINES", few)
        found = verdicts(book_of(*(rule for rule, _ in chosen)), lines)
    known = oracle.Lines(lines)
    for line, own in enumerate(found):
        assert own == [meaning(known, line) for _, meaning in chosen]


@settings(max_examples=60)
@given(st.lists(rules(), min_size=1, max_size=2), files, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_nothing(
    chosen: list[tuple[dict[str, Any], Any]], lines: list[dict[str, str]], pick: random.Random
) -> None:
    book = book_of(*(rule for rule, _ in chosen))
    places = list(range(len(lines)))
    pick.shuffle(places)
    shuffled = verdicts(book, [lines[place] for place in places])
    found = verdicts(book, lines)
    assert [found[place] for place in places] == shuffled


def on_days_of_their_own(lines: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The same lines with a day for each order, four days apart."""
    days: dict[str, str] = {}
    told = []
    for place, line in enumerate(lines):
        number = line.get("order_id") or f"N-{place}"
        day = datetime.date(2016, 2, 1) + datetime.timedelta(days=4 * len(days))
        days.setdefault(number, day.isoformat())
        told.append({**line, "order_id": number, "date": days[number]})
    return told


@settings(max_examples=60)
@given(st.lists(rules(), min_size=1, max_size=3), files)
def test_orders_one_by_one_come_out_as_all_at_once(
    chosen: list[tuple[dict[str, Any], Any]], lines: list[dict[str, str]]
) -> None:
    book = book_of(*(rule for rule, _ in chosen))
    lines = on_days_of_their_own(lines)
    at_once = verdicts(book, lines)
    for line, own in zip(lines, at_once, strict=True):
        known = [one for one in lines if one["date"] <= line["date"]]
        assert verdicts(book, known)[known.index(line)] == own


# Each window at its edges, by hand: rows of date and quantity of one buyer, what is asked, and the
# verdict on the last row.
EDGES: Sequence[tuple[str, Sequence[tuple[str, str]], dict[str, Any], str, bool | None]] = (
    ("the day at its start is outside",
     [("2016-03-01", "600 kg"), ("2016-03-31", "400 kg")],
     {"sum(quantity)": {"at_least": "1 t"}}, "30 days", False),
    ("the day after is inside",
     [("2016-03-02", "600 kg"), ("2016-03-31", "400 kg")],
     {"sum(quantity)": {"at_least": "1 t"}}, "30 days", True),
    ("a leap day counts as a day",
     [("2016-02-28", "600 kg"), ("2016-03-01", "400 kg")],
     {"sum(quantity)": {"at_least": "1 t"}}, "2 days", False),
    ("without a leap day the window is a day shorter",
     [("2017-02-28", "600 kg"), ("2017-03-01", "400 kg")],
     {"sum(quantity)": {"at_least": "1 t"}}, "2 days", True),
    ("one unit below the threshold",
     [("2016-03-30", "600 kg"), ("2016-03-31", "399999 g")],
     {"sum(quantity)": {"at_least": "1 t"}}, "30 days", False),
    ("exactly on the threshold is not more than it",
     [("2016-03-30", "600 kg"), ("2016-03-31", "400 kg")],
     {"sum(quantity)": {"more_than": "1 t"}}, "30 days", False),
    ("between holds at both ends",
     [("2016-03-30", "600 kg"), ("2016-03-31", "400 kg")],
     {"sum(quantity)": {"between": ["1 t", "2 t"]}}, "30 days", True),
    ("the whole of the own day is inside, whatever the order of rows",
     [("2016-03-31", "600 kg"), ("2016-03-31", "600 kg"), ("2016-03-31", "1 kg")],
     {"sum(quantity)": {"at_least": "1201 kg"}}, "1 day", True),
    ("a later day is not",
     [("2016-04-01", "600 kg"), ("2016-03-31", "600 kg")],
     {"sum(quantity)": {"at_least": "1 t"}}, "30 days", False),
    ("what is known is enough where it reaches the threshold alone",
     [("2016-03-30", "12 pieces"), ("2016-03-30", ""), ("2016-03-31", "1 t")],
     {"sum(quantity)": {"at_least": "1 t"}}, "30 days", True),
    ("pieces leave a sum of kilograms unknown",
     [("2016-03-30", "12 pieces"), ("2016-03-31", "400 kg")],
     {"sum(quantity)": {"at_least": "1 t"}}, "30 days", None),
    ("an undated order may be of the window",
     [("", "600 kg"), ("2016-03-31", "400 kg")],
     {"sum(quantity)": {"at_least": "1 t"}}, "30 days", None),
    ("and cannot matter where it is too small",
     [("", "599 kg"), ("2016-03-31", "400 kg")],
     {"sum(quantity)": {"at_least": "1 t"}}, "30 days", False),
    ("a return takes nothing away and adds nothing",
     [("2016-03-30", "600 kg"), ("2016-03-30", "-600 kg"), ("2016-03-31", "400 kg")],
     {"sum(quantity)": {"at_least": "1 t"}}, "30 days", True),
    ("a return asks for nothing",
     [("2016-03-30", "2 t"), ("2016-03-31", "-400 kg")],
     {"sum(quantity)": {"at_least": "1 t"}}, "30 days", False),
    ("litres of urea leave a sum of kilograms unknown, its density being in no table",
     [("2016-03-30", "500 kg"), ("2016-03-31", "500 l")],
     {"sum(quantity)": {"at_least": "1 t"}}, "30 days", None),
    ("first without a history that long is unknown",
     [("2016-03-31", "400 kg")], {"first": "yes"}, "30 days", None),
    ("a threshold in litres",
     [("2016-03-30", "500 l"), ("2016-03-31", "500 l")],
     {"sum(quantity)": {"at_least": "1000 l"}}, "30 days", True),
    ("twice the median of those before",
     [("2016-01-01", "1 kg"), ("2016-03-10", "300 kg"), ("2016-03-20", "500 kg"),
      ("2016-03-31", "800 kg")],
     {"baseline(quantity)": {"at_least": "2"}}, "30 days", True),
    ("a gram below twice the median",
     [("2016-01-01", "1 kg"), ("2016-03-10", "300 kg"), ("2016-03-20", "500 kg"),
      ("2016-03-31", "799999 g")],
     {"baseline(quantity)": {"at_least": "2"}}, "30 days", False),
)  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "having", "within", "expected"),
    [row[1:] for row in EDGES], ids=[row[0] for row in EDGES],
)  # fmt: skip
def test_a_window_at_its_edge(
    rows: Sequence[tuple[str, str]], having: dict[str, Any], within: str, expected: bool | None
) -> None:
    book = book_of({"across": {"same": ["buyer"], "within": within, "having": having}})
    lines = [
        {"product": "urea", "date": day, "quantity": quantity, "order_id": f"O-{number}",
         "buyer.name": "Delta Trading", "buyer.country": "TR"}
        for number, (day, quantity) in enumerate(rows)
    ]  # fmt: skip
    assert verdicts(book, lines)[-1] == [expected]


def test_money_is_added_within_its_currency() -> None:
    having = {"sum(value)": {"at_least": "1000 EUR"}}
    book = book_of({"across": {"same": ["buyer"], "within": "9 days", "having": having}})
    rows = [("600 EUR", False), ("600 USD", None), ("400 EUR", True)]
    lines = [
        {"date": f"2016-03-0{day}", "value": value, "buyer.name": "Delta", "buyer.country": "TR"}
        for day, (value, _) in enumerate(rows, start=1)
    ]
    assert verdicts(book, lines) == [[expected] for _, expected in rows]


def test_a_key_of_fields_needs_all_of_them() -> None:
    having = {"count": {"at_least": 2}}
    same = ["consignee.country", "buyer.business"]
    book = book_of({"across": {"same": same, "within": "9 days", "having": having}})
    base = {"date": "2016-03-01", "consignee.country": "TR", "buyer.business": "bakery"}
    lines = [base, base, {**base, "consignee.country": "SY"}, {**base, "buyer.business": ""}]
    assert verdicts(book, lines) == [[True], [True], [False], [None]]
    judge = Judge(book)
    found = judge_windows([record(line) for line in lines], [3], judge)
    assert [path for path, _ in found[0]["rules/r0"].needs] == ["buyer.business"]


NEEDS: Sequence[tuple[str, dict[str, str], dict[str, Any], list[str]]] = (
    ("no date", {"date": ""}, {"count": {"at_least": 2}}, ["date"]),
    ("no buyer", {"buyer.name": ""}, {"count": {"at_least": 2}}, ["buyer.name"]),
    ("no quantity", {"quantity": ""}, {"sum(quantity)": {"at_least": "1 t"}}, ["quantity"]),
    ("no consignee", {}, {"distinct(consignee)": {"at_least": 2}}, ["consignee.name"]),
    ("no history", {}, {"first": "yes"}, ["history"]),
    ("no history", {}, {"baseline(quantity)": {"at_least": 2}}, ["history"]),
    ("another order's", {}, {"some": {"consignee.country": "TR"}}, ["history"]),
)


@pytest.mark.parametrize(("order", "having", "needs"), [row[1:] for row in NEEDS])
def test_what_would_settle_a_window_is_named(
    order: dict[str, str], having: dict[str, Any], needs: list[str]
) -> None:
    book = book_of({"across": {"same": ["buyer"], "within": "9 days", "having": having}})
    base = {"date": "2016-03-01", "buyer.name": "Delta", "quantity": "400 kg"}
    lines = [record({**base, "quantity": "1 kg"}), record({**base, **order})]
    [found] = judge_windows(lines, [1], Judge(book))
    assert found["rules/r0"].verdict is None
    assert [path for path, _ in found["rules/r0"].needs] == needs
    assert all(why for _, why in found["rules/r0"].needs)


def test_the_orders_of_a_window_are_named_in_order_of_time() -> None:
    having = {"count": {"at_least": 60}}
    book = book_of({"across": {"same": ["buyer"], "within": "90 days", "having": having}})
    first = datetime.date(2016, 3, 1)
    lines = [
        record({"order_id": f"O-{number}", "buyer.name": "Delta",
                "date": (first + datetime.timedelta(days=number)).isoformat()})
        for number in range(70)
    ]  # fmt: skip
    random.Random(1).shuffle(lines)
    last = next(place for place, line in enumerate(lines) if line["order_id"].value == "O-69")
    [found] = judge_windows(lines, [last], Judge(book))
    window = found["rules/r0"]
    assert window.order_count == window.line_count == 70
    assert window.orders == tuple(f"O-{number}" for number in range(20, 70))
    assert (window.first, window.last) == (None, datetime.date(2016, 5, 9))
