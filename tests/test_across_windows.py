"""Windows over order lines, against an oracle that looks at every line for every line."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from statistics import median
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags.across import windows
from redflags.across.groups import Groups
from redflags.across.measures import NOTHING, Measure, Measured, compare
from redflags.across.windows import Facts, measure
from tests.test_across_groups import Line, lines

INFINITE = 10**30


def oracle(facts: Facts, one: Measure, line: int) -> bool | None:
    """The verdict of one measure over the window of one line, by looking at everything."""
    day = facts.days[line]

    def key(other: int) -> tuple[Any, ...] | None:
        parts: list[Any] = []
        if facts.fixed is not None:
            parts.append(facts.fixed[other])
        for groups, nodes in facts.parties:
            parts.append(groups.label(nodes[other], day) if nodes[other] >= 0 else None)
        return None if None in parts else tuple(parts)

    if key(line) is None or (facts.within is not None and day is None):
        return None
    sure, possible = [], []
    for other in range(len(facts.days)):
        if key(other) != key(line) or facts.where[other] is False:
            continue
        dated = facts.days[other]
        if facts.within is not None and dated is not None:
            assert day is not None
            if not day - facts.within < dated <= day:
                continue
        is_sure = facts.where[other] is True and (facts.within is None or dated is not None)
        (sure if is_sure else possible).append(other)
    both = sure + possible

    def order(other: int) -> Any:
        return ("line", other) if facts.orders[other] is None else facts.orders[other]

    def value(other: int) -> Any:
        if one.party is not None:
            groups, nodes = one.party
            return groups.label(nodes[other], day) if nodes[other] >= 0 else None
        return one.values[other]

    def before(other: int) -> bool:
        dated = facts.days[other]
        return facts.within is None or dated is None or (day is not None and dated < day)

    covered = facts.within is None or (
        facts.earliest is not None and day is not None and facts.earliest <= day - facts.within
    )
    others = lambda where: {order(other) for other in where} - {order(line)}  # noqa: E731
    if one.kind == "count":
        low, high = len({order(x) for x in sure}), len({order(x) for x in both})
        return compare(low, high, one.operator, one.operand)
    if one.kind == "sum":
        known = [value(x) for x in sure if value(x) is not None]
        is_open = any(value(x) is None for x in both)
        high = INFINITE if is_open else sum(value(x) for x in both)
        return compare(sum(known), high, one.operator, one.operand)
    if one.kind == "max":
        if not both:
            return False
        known = [value(x) for x in sure if value(x) is not None]
        is_open = any(value(x) is None for x in both)
        high = INFINITE if is_open else max(value(x) for x in both)
        return compare(max(known, default=-1), high, one.operator, one.operand)
    if one.kind == "distinct":
        some = {value(x) for x in sure} - {None, NOTHING}
        low = max(len(some), int(any(value(x) is None for x in sure)))
        high = len({value(x) for x in both} - {None, NOTHING})
        high += sum(value(x) is None for x in both)
        return compare(low, high, one.operator, one.operand)
    if one.kind == "some":
        if any(value(x) is True and order(x) != order(line) for x in sure):
            return True
        if any(value(x) is not False and order(x) != order(line) for x in both):
            return None
        return False
    if one.kind == "first":
        if others(x for x in sure if before(x)):
            return not one.operand
        if others(x for x in both if before(x)) or not covered:
            return None
        return bool(one.operand)
    assert one.kind == "baseline"
    if not covered or others(x for x in possible if before(x)):
        return None
    totals: dict[Any, list[Any]] = {}
    for x in sure:
        if before(x) and order(x) != order(line):
            totals.setdefault(order(x), []).append(value(x))
    own = [value(x) for x in sure if order(x) == order(line)]
    if not totals:
        return False
    mine = [x for x in possible if order(x) == order(line)]
    if not own or mine or None in own or len({unit for unit, _ in own}) != 1:
        return None
    units = {unit for unit, _ in own}
    for values in totals.values():
        if None in values or {unit for unit, _ in values} != units:
            return None
    middle = median([Fraction(sum(a for _, a in values)) for values in totals.values()])
    if middle == 0:
        return None
    ratio = Fraction(sum(amount for _, amount in own)) / middle
    return compare(ratio, ratio, one.operator, one.operand)


AMOUNTS = st.one_of(st.none(), st.integers(0, 5))
VALUES = st.sampled_from(("p", "q", None, NOTHING))
TOTALS = st.tuples(st.sampled_from(("kg", "kg", "kg", "l")), st.integers(0, 5))
OPERATORS = st.sampled_from(("at_least", "more_than", "at_most", "less_than", "is", "is_not"))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Facts, list[Measure], list[Line]]:
    named = draw(lines(12))
    count = len(named)
    column = lambda entries: draw(st.lists(entries, min_size=count, max_size=count))  # noqa: E731
    linked, alone = Groups(frozenset({"phone", "director"})), Groups()
    for number, (day, parties) in enumerate(named):
        linked.add(day, number, parties)
        alone.add(day, number, parties)
    linked.settle()
    alone.settle()
    by: list[tuple[Groups, Sequence[int]]] = draw(
        st.sampled_from(
            (
                [],
                [(linked, linked.nodes("buyer"))],
                [(alone, alone.nodes("consignee"))],
                [(linked, linked.nodes("buyer")), (alone, alone.nodes("payer"))],
            )
        )
    )
    days = [day for day, _ in named]
    known = [day for day in days if day is not None]
    facts = Facts(
        days=days,
        orders=column(st.sampled_from(("a", "b", "c", "d", None))),
        where=column(st.sampled_from((True, True, True, None, False))),
        fixed=draw(st.one_of(st.none(), st.just(column(st.sampled_from(("x", "x", "y", None)))))),
        parties=by,
        within=draw(st.sampled_from((1, 2, 3, 7, None))),
        earliest=min(known) - draw(st.integers(0, 4)) if known else None,
    )
    operand = st.integers(0, 8)
    pairs = st.tuples(operand, operand)
    measures = [
        Measure("count", draw(OPERATORS), draw(operand)),
        Measure("count", "between", draw(pairs)),
        Measure("sum", draw(OPERATORS), draw(operand), column(AMOUNTS)),
        Measure("sum", "at_least", draw(operand), column(st.integers(0, 5))),
        Measure("max", draw(OPERATORS), draw(operand), column(AMOUNTS)),
        Measure("max", "more_than", draw(operand), column(st.integers(0, 5))),
        Measure("distinct", draw(OPERATORS), draw(operand), column(st.sampled_from("pqr"))),
        Measure("distinct", "at_least", draw(operand), column(VALUES)),
        Measure("distinct", draw(OPERATORS), draw(operand), party=(alone, alone.nodes("buyer"))),
        Measure("distinct", "at_least", 2, party=(linked, linked.nodes("consignee"))),
        Measure("some", values=column(st.sampled_from((True, False, None)))),
        Measure("first", operand=draw(st.booleans())),
        Measure("baseline", draw(OPERATORS), draw(st.sampled_from((1, 2, Fraction(1, 2)))),
                column(st.one_of(st.none(), TOTALS))),
        Measure("baseline", "at_least", 2, column(st.tuples(st.just("kg"), st.integers(1, 5)))),
    ]  # fmt: skip
    return facts, measures, named


@settings(max_examples=120)
@given(cases(), st.integers(1, 3))
def test_windows_are_what_looking_at_every_line_finds(
    case: tuple[Facts, list[Measure], list[Line]], most: int
) -> None:
    facts, measures, _ = case
    for one in measures:
        found = measure(facts, [one], range(len(facts.days)))
        for line, window in enumerate(found):
            assert window.verdict is oracle(facts, one, line), (one.kind, line)


@settings(max_examples=40)
@given(cases(), st.integers(0, 2**40))
def test_columns_say_what_one_pass_says(
    case: tuple[Facts, list[Measure], list[Line]], seed: int
) -> None:
    facts, measures, _ = case
    asked = list(range(len(facts.days)))
    random.Random(seed).shuffle(asked)
    for some in (
        measures,
        measures[:3],
        measures[3:6],
        measures[6:10],
        measures[10:12],
        measures[-3:],
    ):
        with pytest.MonkeyPatch.context() as patch:
            one_pass = measure(facts, some, asked)
            patch.setattr(windows, "FEW_LINES", -1)
            assert measure(facts, some, asked) == one_pass


def facts_of(days: Sequence[int | None], **other: Any) -> Facts:
    return Facts(
        days=days,
        orders=[f"O-{line}" for line in range(len(days))],
        where=[True] * len(days),
        **other,
    )


def test_a_window_begins_after_the_day_that_is_just_too_old() -> None:
    facts = facts_of([1, 2, 11], within=10)
    (window,) = measure(facts, [Measure("count", "at_least", 1)], [2])
    assert (window.orders, window.members, window.since) == (2, (1, 2), 2)


def test_an_amount_exactly_on_the_bound_counts() -> None:
    facts = facts_of([1, 2], within=10)
    (window,) = measure(facts, [Measure("sum", "at_least", 1_000, [400, 600])], [1])
    assert window.measured == (Measured(True, 1_000, 1_000),)


def test_sums_go_beyond_64_bits() -> None:
    large = 2**63 - 1
    facts = facts_of([1] * 3_000, within=10)
    (window,) = measure(facts, [Measure("sum", "more_than", 0, [large] * 3_000)], [5])
    assert window.measured[0].low == large * 3_000


def test_the_evidence_of_a_huge_window_is_small() -> None:
    facts = facts_of([line % 20 for line in range(5_000)], within=30)
    windows_found = measure(facts, [Measure("count", "at_least", 2)], range(5_000))
    assert all(len(window.members) == 50 for window in windows_found if window.orders > 50)
    assert all(line in window.members for line, window in enumerate(windows_found))
    assert max(window.orders for window in windows_found) == 5_000


def test_a_line_without_day_or_key_has_no_window_and_says_why() -> None:
    facts = facts_of([None, 1], within=5, fixed=["x", None])
    found = measure(facts, [Measure("count", "at_least", 1)], [0, 1])
    assert [window.verdict for window in found] == [None, None]
    assert [window.measured[0].why for window in found] == [
        "the date of the order is not known",
        "it is not stated whose orders belong together",
    ]


def test_first_and_baseline_are_unknown_where_the_history_is_too_short() -> None:
    totals = [("kg", 1), ("kg", 9)]
    asked = [Measure("first"), Measure("baseline", "at_least", 3, totals)]
    short = measure(facts_of([5, 8], within=10, earliest=5), asked, [0, 1])
    assert [[one.verdict for one in window.measured] for window in short] == [
        [None, None],
        [False, None],
    ]
    long = measure(facts_of([5, 8], within=10, earliest=-5), asked[1:], [0, 1])
    assert [window.verdict for window in long] == [False, True]
    assert long[1].measured[0].low == 9


@settings(max_examples=50)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_window(
    case: tuple[Facts, list[Measure], list[Line]], shuffler: random.Random
) -> None:
    facts, measures, _ = case
    order = list(range(len(facts.days)))
    shuffler.shuffle(order)

    def picked(values: Sequence[Any] | None) -> Any:
        return values and [values[line] for line in order]

    shuffled = Facts(
        picked(facts.days), picked(facts.orders), picked(facts.where), picked(facts.fixed),
        [(groups, picked(nodes)) for groups, nodes in facts.parties], facts.within, facts.earliest,
    )  # fmt: skip
    mixed = [
        Measure(one.kind, one.operator, one.operand, picked(one.values) or (),
                one.party and (one.party[0], picked(one.party[1])))
        for one in measures
    ]  # fmt: skip
    for one, other in zip(measures, mixed, strict=True):
        first = measure(facts, [one], order)
        second = measure(shuffled, [other], range(len(order)))
        assert [x.measured for x in first] == [x.measured for x in second]
        assert [x.orders for x in first] == [x.orders for x in second]
