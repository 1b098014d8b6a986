"""The labelled orders: documented cases reach their bands, honest orders stay within theirs, and
neither a country nor a trade alone changes that."""

from __future__ import annotations

from functools import cache

import pytest

from redflags import Screener, Transaction, load_rules
from redflags.engine import reads
from redflags.model.derived import DERIVATIONS
from redflags.model.fields import columns
from redflags.scoring import is_at_least
from tests.labelled import FOLDER, check, reaches_its_band, rows, screener, stays_within_its_band

FROM_THE_REPORT = ("O-101", "O-102", "O-103", "O-104", "O-105")
COUNTRIES = ("TR", "AE", "HK", "FR", "GE", "PL")


ORDERS = rows("orders.csv")
LABELS = rows("labels.csv")
DOCUMENTED = sorted(name for name, label in LABELS.items() if label["judged_from"] == "order"
                    and label["kind"] == "documented")  # fmt: skip
HONEST = sorted(name for name, label in LABELS.items() if label["kind"] == "benign")


@pytest.mark.parametrize("name", DOCUMENTED)
def test_documented_orders_that_show_it_themselves_reach_their_bands(name: str) -> None:
    reaches_its_band(ORDERS[name], LABELS[name])


@pytest.mark.parametrize("name", HONEST)
def test_honest_orders_stay_within_their_bands(name: str) -> None:
    stays_within_its_band(ORDERS[name], LABELS[name])


def named_end_user(row: dict[str, str]) -> dict[str, str]:
    return row | {"end_user_name": row["end_user_name"] or "Plant Example-17, main site"}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_buyer_as_a_trader_with_a_named_end_user_stays_at_medium(name: str) -> None:
    row = named_end_user(ORDERS[name]) | {"buyer_business": "trading company"}
    assert is_at_least("medium", check(row).band)


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("name", HONEST)
def test_an_honest_order_from_another_country_stays_at_medium(name: str, country: str) -> None:
    row = ORDERS[name]
    moved = row | {
        "buyer_country": country,
        "consignee_country": country,
        "consignee_region": "",
        "consignee_city": "",
        "buyer_city": "",
    }
    only_buyer = row | {"buyer_country": country, "buyer_city": ""}
    trader = named_end_user(moved) | {"buyer_business": "trading company"}
    for variant in (moved, only_buyer, trader):
        assert is_at_least("medium", check(variant).band), [
            flag.rule for flag in check(variant).flags
        ]


@pytest.mark.parametrize("name", FROM_THE_REPORT)
def test_a_documented_order_is_no_less_urgent_under_other_names(name: str) -> None:
    """Names decide nothing: only whether two parties have the same one."""
    row = dict(ORDERS[name])
    for column in ("buyer_name", "consignee_name", "payer_name", "end_user_name"):
        if row[column]:
            row[column] = f"Invented {ORDERS[name][column].split()[-1]}"
    assert check(row).bits == check(ORDERS[name]).bits


FILLED = {
    "end_use": "own production",
    "end_user_name": "Plant Example-17, main site",
    "payment_method": "bank transfer",
    "incoterm": "DAP",
    "ship_via": "road",
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_order_with_its_blanks_filled_or_more_of_them_stays_at_medium(name: str) -> None:
    row = ORDERS[name]
    filled = row | {column: text for column, text in FILLED.items() if not row.get(column)}
    for column, text in filled.items():
        if column != "order_id" and text:
            assert is_at_least("medium", check(row | {column: ""}).band), column
    assert is_at_least("medium", check(filled).band)


@cache
def may_lift() -> frozenset[str]:
    """The stated fields whose absence may lift a band: those behind a lowering or mitigation, a
    test that something is not stated, or the derivation of another field."""
    book = load_rules()
    conditions = [one.when for rule in book.rules for one in rule.lowers]
    conditions += [one.when for one in book.mitigations]
    tests = [test for condition in conditions for test in reads.tests_of(condition)]
    tests += [
        test
        for rule in book.rules
        for test in reads.tests_of(rule.when)
        if test.operator == "known" and test.written == "no"
    ]
    named = frozenset[str]().union(*(reads.read_by(test) for test in tests))
    fed = frozenset[str]().union(*(one.reads for one in DERIVATIONS.values()))
    return named | fed


def test_masking_one_field_lifts_a_band_only_where_its_absence_counts() -> None:
    lifted = set()
    for row in ORDERS.values():
        before = check(row).band
        for column, text in row.items():
            masked = check(row | {column: ""}).band if text and column != "order_id" else before
            if not is_at_least(before, masked):
                lifted.add(columns()[column])
    print("absence lifts a band:", ", ".join(sorted(lifted)))
    assert lifted <= may_lift()


def test_few_incompletes_could_lift_the_band_of_a_mean_order() -> None:
    found = [sum(one.would_lift for one in check(row).incomplete) for row in ORDERS.values()]
    assert sum(found) <= 3 * len(found)


def test_what_the_lists_of_the_order_s_own_date_change_is_known() -> None:
    own = Screener()
    changed = {
        name
        for name, row in ORDERS.items()
        if own.check(Transaction.model_validate(row)).band != check(row).band
    }
    # Two documented orders are older than the lists that would name their goods or places; one
    # honest order is low only by a list of later years.
    assert changed == {"O-108", "O-110", "O-121"}


def test_every_case_has_a_label() -> None:
    assert ORDERS.keys() == LABELS.keys()


def test_the_three_orders_of_one_buyer_in_the_report_are_one_case() -> None:
    report = screener().check_files([str(FOLDER / "orders.csv")])
    case = next(case for case in report.cases if "O-103" in case.orders)
    assert case.orders == ("O-104", "O-105", "O-103")
    assert [link.sentence for link in case.links] == [
        "Tech GB-802 (GB) is the buyer in 3 orders (O-104, O-105, O-103)"
    ]
    assert (case.first_date, case.last_date) == ("2015-01-19", "2015-07-27")
    assert len(case.families) == 3
