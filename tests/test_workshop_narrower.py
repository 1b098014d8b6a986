"""What is said of a rule that changed is so for every order: narrower and wider are sound."""

from __future__ import annotations

import csv
import datetime
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags import RuleBook, Screener, Transaction
from redflags.engine.judge import Judge
from redflags.model.record import record_of
from redflags.rulebook import parse_rules
from redflags.workshop.narrower import MIRRORED, relation
from tests.strategies import LISTS, TABLES, blocks, leaves, orders


def book(*whens: dict[str, Any], lists: Any = None, across: Any = None) -> RuleBook:
    rules = [
        {"id": f"r{number}", "title": "A rule", "severity": "low", "fact": "trade", "when": when}
        | ({} if across is None else {"across": across[number]})
        for number, when in enumerate(whens)
    ]
    document = {"lists": lists or LISTS, "tables": TABLES, "rules": rules}
    return parse_rules(json.dumps(document))


PASTE = {"product.family": "aluminium-paste"}
BULK = {"quantity": {"at_least": "100 kg"}}
ABROAD = {"buyer.country": {"differs_from": "consignee.country"}}
RELATIONS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (BULK, BULK, "same"),
    (BULK, {"quantity": {"at_least": "0.1 t"}}, "same"),
    (BULK, {"quantity": {"at_least": "200 kg"}}, "narrower"),
    (BULK, {"quantity": {"more_than": "100 kg"}}, "narrower"),
    (BULK, {"quantity": {"at_least": "50 kg"}}, "wider"),
    (BULK, {"quantity": {"at_least": "100 pieces"}}, "neither"),
    (BULK, {"quantity": {"less_than": "100 kg"}}, "neither"),
    (PASTE, {"all": [PASTE, BULK]}, "narrower"),
    ({"all": [PASTE, BULK]}, {"all": [BULK, PASTE]}, "same"),
    ({"all": [PASTE, BULK]}, {"all": [{"all": [BULK]}, {"any": [PASTE]}]}, "same"),
    (PASTE, {"any": [PASTE, BULK]}, "wider"),
    (PASTE, {"product.family": ["aluminium-paste", "urea"]}, "wider"),
    ({"none": [PASTE]}, {"none": [PASTE, BULK]}, "narrower"),
    ({"none": [BULK]}, {"none": [{"quantity": {"at_least": "50 kg"}}]}, "narrower"),
    ({"all": [PASTE, {"none": [ABROAD]}]}, PASTE, "wider"),
    ({"any": [PASTE, ABROAD]}, {"any": [PASTE, {"all": [ABROAD, BULK]}]}, "narrower"),
    (ABROAD, {"buyer.country": {"differs_from": "payer.country"}}, "neither"),
    ({"buyer.age": {"less_than": "2 years"}}, {"buyer.age": {"less_than": "1 year"}}, "narrower"),
    ({"date": {"before": "2015-08-01"}}, {"date": {"before": "2016-08-01"}}, "wider"),
    ({"hs_code": {"under": ["3212"]}}, {"hs_code": {"under": ["321290"]}}, "narrower"),
    (PASTE, {"buyer.country": "TR"}, "neither"),
    (
        {"quantity": {"between": ["1 kg", "5 t"]}},
        {"quantity": {"between": ["10 kg", "4 t"]}},
        "narrower",
    ),
    # An empty field is unknown to the one and speaks for the other.
    ({"buyer.name": {"known": "no"}}, {"none": [{"buyer.name": {"known": "yes"}}]}, "same"),
    ({"none": [{"payment.method": "cash"}]}, {"payment.method": {"is_not": "cash"}}, "same"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), RELATIONS, ids=json.dumps)
def test_the_relation_of_two_conditions(
    old: dict[str, Any], new: dict[str, Any], expected: str
) -> None:
    one, other = book(old, new).rules
    assert relation(one, other) == expected
    assert relation(other, one) == MIRRORED[expected]  # type: ignore[index]


def with_entries(*entries: Any) -> Any:
    return LISTS | {"goods": LISTS["goods"] | {"entries": list(entries)}}


@pytest.mark.parametrize(
    ("old", "new", "operator", "expected"),
    [
        (["urea"], ["urea", "sorbitol"], "in_list", "wider"),
        (["urea"], ["urea", "sorbitol"], "not_in_list", "narrower"),
        (["urea", "sorbitol"], ["sorbitol", "urea"], "in_list", "same"),
        (["urea"], [{"value": "urea", "until": "2020-01-01"}], "in_list", "narrower"),
        (
            [{"value": "urea", "until": "2020-01-01"}],
            [{"value": "urea", "until": "2020-01-01"}],
            "in_list",
            "same",
        ),
    ],
)
def test_a_list_that_gains_or_loses_entries(
    old: list[Any], new: list[Any], operator: str, expected: str
) -> None:
    when = {"product.family": {operator: "goods"}}
    before, after = (book(when, lists=with_entries(*entries)).rules[0] for entries in (old, new))
    assert relation(before, after) == expected
    assert relation(after, before) == MIRRORED[expected]  # type: ignore[index]


def test_fields_that_are_judged_otherwise_leave_nothing_to_be_said() -> None:
    one, other = book({"buyer.fit": "incompatible"}, {"any": [{"buyer.fit": "incompatible"}]}).rules
    assert relation(one, other) == "same"
    assert relation(one, other, {"fit"}) == "neither"
    assert relation(one, other, {"quantity.scale"}) == "same"


def variations(when: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Conditions that have something to do with one."""
    return st.one_of(
        blocks.map(lambda other: {"all": [when, other]}),
        blocks.map(lambda other: {"any": [when, other]}),
        blocks.map(lambda other: {"none": [{"none": [when]}, other]}),
        blocks.map(lambda other: {"none": [{"none": [{"any": [other, when]}]}]}),
        leaves.map(lambda leaf: {"any": [{"all": [when, leaf]}, {"all": [leaf, when, leaf]}]}),
        blocks,
    )


pairs = blocks.flatmap(lambda when: st.tuples(st.just(when), variations(when)))


@settings(max_examples=300, deadline=None)
@given(pairs, st.lists(orders(), min_size=1, max_size=8))
def test_what_the_narrower_rule_flags_the_other_flags_too(
    pair: tuple[dict[str, Any], dict[str, Any]], given_orders: list[dict[str, str]]
) -> None:
    rules = book(*pair)
    one, other = rules.rules
    said = relation(one, other)
    assert relation(other, one) == MIRRORED[said]
    judge = Judge(rules)
    for order in given_orders:
        record = record_of(Transaction.model_validate(order))
        before, after = (judge.verdict(rule.when, record) for rule in (one, other))
        assert not (said in ("narrower", "same") and after is True and before is not True)
        assert not (said in ("wider", "same") and before is True and after is not True)


def test_large_conditions_are_compared_part_by_part() -> None:
    codes = [{"hs_code": {"under": [str(1000 + number)]}} for number in range(120)]
    old = {"any": [{"all": [code, BULK]} for code in codes]}
    new = {"any": [{"all": [code, {"quantity": {"at_least": "200 kg"}}]} for code in codes[1:]]}
    one, other = book(old, new).rules
    assert relation(one, other) == "narrower"


UREA = {"product.family": "urea"}


def window(**changes: Any) -> dict[str, Any]:
    return {
        "same": ["consignee"],
        "within": "30 days",
        "where": UREA,
        "having": {"count": {"at_least": 2}},
    } | changes


WINDOWS = [
    (window(), window(), "same"),
    (window(), window(having={"count": {"at_least": 3}}), "narrower"),
    (window(), window(having={"count": {"more_than": 2}}), "narrower"),
    (window(), window(within="60 days"), "wider"),
    (window(), window(where={"all": [UREA, BULK]}), "narrower"),
    (window(), window(same=["consignee", "buyer"]), "neither"),
    (
        window(having={"sum(quantity)": {"at_least": "1 t"}}),
        window(having={"sum(quantity)": {"at_least": "500 kg"}}),
        "wider",
    ),
    (
        window(having={"sum(quantity)": {"at_least": "1 t"}}),
        window(having={"sum(quantity)": {"at_least": "1 t"}}, within="60 days"),
        "neither",
    ),
    (
        window(having={"count": {"at_most": 3}}),
        window(having={"count": {"at_most": 2}}),
        "narrower",
    ),
    (window(having={"count": {"at_most": 3}}), window(having={"count": {"at_most": 3}},
     within="60 days"), "neither"),
    (window(), window(having={"count": {"at_least": 2}, "distinct(buyer)": {"at_least": 2}}),
     "narrower"),
    (window(having={"first": "yes"}), window(having={"first": "yes"}, within="60 days"), "neither"),
    (window(having={"some": {"buyer.country": "TR"}}),
     window(having={"some": {"buyer.country": ["TR", "NO"]}}), "wider"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), WINDOWS, ids=json.dumps)
def test_the_relation_of_two_windows(
    old: dict[str, Any], new: dict[str, Any], expected: str
) -> None:
    one, other = book(UREA, UREA, across=[old, new]).rules
    assert relation(one, other) == expected
    assert relation(other, one) == MIRRORED[expected]  # type: ignore[index]


def test_a_window_makes_a_rule_narrower() -> None:
    plain, across = book(UREA).rules[0], book(UREA, across=[window()]).rules[0]
    assert relation(plain, across) == "narrower"
    assert relation(across, plain) == "wider"


lines = st.fixed_dictionaries(
    {
        "order_id": st.sampled_from(["1", "2", "3", "4", "5"]),
        "date": st.sampled_from(["2020-01-01", "2020-01-20", "2020-02-10", "2020-03-15", ""]),
        "consignee_name": st.sampled_from(["Example One", "Example Two", ""]),
        "consignee_country": st.just("TR"),
        "buyer_name": st.sampled_from(["Buyer One", "Buyer Two", ""]),
        "buyer_country": st.sampled_from(["TR", "NO", ""]),
        "product": st.sampled_from(["urea", "aluminium paste", ""]),
        "quantity": st.sampled_from(["50 kg", "600 kg", "2 t", "5 pieces", ""]),
    }
)
amounts = st.sampled_from(["at_least", "more_than", "at_most", "less_than"]).flatmap(
    lambda word: st.integers(0, 3).map(lambda bound: {word: bound})
)
masses = st.sampled_from(["at_least", "at_most"]).flatmap(
    lambda word: st.sampled_from(["100 kg", "1 t"]).map(lambda bound: {word: bound})
)
windows = st.fixed_dictionaries(
    {
        "same": st.sampled_from([["consignee"], ["buyer"]]),
        "within": st.sampled_from(["10 days", "30 days", "60 days"]),
        "where": st.sampled_from([UREA, {"all": [UREA, BULK]}, {"product.family": ["urea"]}]),
        "having": st.dictionaries(
            st.sampled_from(["count", "distinct(buyer)"]), amounts, max_size=2
        ).flatmap(
            lambda some: st.sampled_from(
                [{}, {"first": "yes"}, {"some": {"buyer.country": "TR"}}]
            ).flatmap(
                lambda more: st.one_of(
                    st.just({"count": {"at_least": 1}} | some | more),
                    masses.map(lambda mass: some | {"sum(quantity)": mass}),
                    masses.map(lambda mass: some | {"max(quantity)": mass}),
                )
            )
        ),
    }
)


@settings(max_examples=120, deadline=None)
@given(windows, windows, st.booleans(), st.lists(lines, min_size=1, max_size=12))
def test_windows_keep_what_is_said_of_them(
    old: dict[str, Any], new: dict[str, Any], is_close: bool, given_lines: list[dict[str, str]]
) -> None:
    if is_close:
        new = old | {"within": new["within"], "where": new["where"]}
    rules = book(UREA, UREA, across=[old, new])
    one, other = rules.rules
    said = relation(one, other)
    assert relation(other, one) == MIRRORED[said]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        with path.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, list(given_lines[0]))
            writer.writeheader()
            writer.writerows(given_lines)
        report = Screener(rules, as_of=datetime.date(2020, 6, 1)).check_files([str(path)])
    for assessment in report.assessments:
        flags = {flag.rule for flag in assessment.flags}
        before, after = one.name in flags, other.name in flags
        assert not (said in ("narrower", "same") and after and not before)
        assert not (said in ("wider", "same") and before and not after)
