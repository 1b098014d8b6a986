"""Which alerts are one case, and what a case says."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import random
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags import Case, Report, RuleBook, Screener
from redflags.cases import case_by_id, case_of_order
from redflags.cases.telling import case_id
from redflags.errors import CaseNotFoundError
from redflags.rulebook import load_rules
from redflags.scoring import score_of

RULES = """
rules:
  - id: acid
    title: Nitric acid is ordered
    severity: medium
    fact: precursor
    when: {product.family: {in: [nitric-acid]}}
    ask:
      - {of: sales, text: "Who visited {buyer.name}?"}
      - {of: customer, text: "What is it for?"}
  - id: far
    title: The goods go to Norway
    severity: medium
    fact: place
    when: {consignee.country: {is: NO}}
    ask:
      - {of: customer, text: "What is it for?"}
  - id: near
    title: The goods go to Norway by the usual way
    severity: low
    fact: place
    when: {consignee.country: {is: NO}}
"""
ACROSS = """
rules:
  - id: together
    title: Half a tonne for one consignee within a month
    severity: high
    fact: network
    across:
      same: [consignee]
      within: 30 days
      where: {product.family: {in: [aluminium-paste]}}
      having: {sum(quantity): {at_least: 500 kg}}
  - id: more-than-before
    title: Far more than before
    severity: low
    fact: scale
    across:
      same: [buyer]
      within: 30 days
      where: {product.family: {in: [nitric-acid]}}
      having: {baseline(quantity): {at_least: "3"}}
"""


def book(text: str) -> RuleBook:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.yaml"
        path.write_text(text, encoding="utf-8")
        return load_rules([str(path)], shipped=False)


PLAIN, WINDOWS = book(RULES), book(ACROSS)
Row = Mapping[str, str]


def checked(
    *tables: Sequence[Row], rules: RuleBook = PLAIN, engine: str = "judge", least: float = 0.0
) -> Report:
    screener = Screener(rules, as_of=datetime.date(2024, 1, 1), engine=engine)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, rows in enumerate(tables):
            columns = list(dict.fromkeys(name for row in rows for name in row))
            stream = io.StringIO()
            writer = csv.DictWriter(stream, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
            paths.append(str(Path(folder) / f"{number}.csv"))
            Path(paths[-1]).write_text(stream.getvalue(), encoding="utf-8")
        return screener.check_files(paths, min_score=least)


def order(number: str, buyer: str, **cells: str) -> dict[str, str]:
    given = {"order_id": number, "date": "2023-05-01", "buyer_name": buyer, "buyer_country": "GB"}
    return {**given, "product": "nitric acid 65 %", "quantity": "20 kg", **cells}


def members(report: Report) -> list[set[str]]:
    return sorted((set(case.orders) for case in report.cases), key=sorted)


LINKED = [
    pytest.param({}, {}, "party", id="the same buyer"),
    pytest.param({"buyer_name": "One"}, {"buyer_name": "ONE LTD."}, "party", id="another spelling"),
    *(
        pytest.param(
            {"buyer_name": "One", f"{role}_name": "Third Ltd", f"{role}_country": "NO"},
            {"buyer_name": "Two", f"{role}_name": "Third Limited", f"{role}_country": "NO"},
            "payer" if role == "payer" else "party",
            id=f"the same {role}",
        )
        for role in ("consignee", "end_user", "payer", "intermediate_consignee")
    ),
    pytest.param(
        {"buyer_name": "One", "consignee_name": "Third", "consignee_country": "GB"},
        {"buyer_name": "Third"},
        "party",
        id="consignee of one and buyer of the other",
    ),
    *(
        pytest.param(
            {"buyer_name": "One", "buyer_city": "Hull", f"buyer_{detail}": first},
            {"buyer_name": "Two", "buyer_city": "Hull", f"buyer_{detail}": second},
            detail if detail != "directors" else "director",
            id=f"the same {detail}",
        )
        for detail, first, second in (
            ("address", "12 Harbour Road", "12 Harbour Rd."),
            ("phone", "+44 1482 555 101", "0044 1482 555101"),
            ("email", "Desk@firm-one.example", "desk@firm-one.example"),
            ("website", "www.firm-one.example", "https://firm-one.example/shop"),
            ("directors", "Ann Example; Bo Sample", "EXAMPLE, Ann"),
        )
    ),
    pytest.param(
        {"buyer_name": "One", "buyer_registration": "HRB 48213"},
        {"buyer_name": "Another name", "buyer_registration": "HRB-48213"},
        "party",
        id="the same registration number",
    ),
]


@pytest.mark.parametrize(("first", "second", "kind"), LINKED)
def test_alerts_with_something_in_common_are_one_case(first: Row, second: Row, kind: str) -> None:
    rows = [order("A", "One", **first), order("B", "One", **second), order("C", "Other Firm")]
    report = checked(rows)
    assert members(report) == [{"A", "B"}]
    assert kind in {link.kind for link in report.cases[0].links}
    assert members(checked(rows, engine="columnar")) == [{"A", "B"}]


@pytest.mark.parametrize(
    "cells",
    [
        {"seller_name": "Own Firm", "exporter_name": "Own Firm"},
        {"bank_name": "Example Bank", "notify_party_name": "Example Agents"},
        {"forwarder_name": "Example Cargo", "forwarder_phone": "+44 20 7946 0000"},
        {"consignee_name": "Example Cargo", "consignee_business": "freight forwarder"},
        {"seller_name": "Own Firm", "consignee_name": "Own Firm Ltd"},
        {"end_user_name": "stock"},
        {"end_user_name": "various customers"},
        {"consignee_name": "n/a", "payer_name": "same as buyer"},
        {"buyer_city": "Hull", "buyer_business": "mobile phone shop"},
        {"buyer_email": "someone@gmail.com", "payer_email": ""},
        {},
    ],
)
def test_what_many_orders_have_anyway_links_nothing(cells: Row) -> None:
    rows = [order("A", "Alpha Works", **cells), order("B", "Beta Works", **cells)]
    if "buyer_email" in cells:
        rows[1]["buyer_email"] = "another@gmail.com"
    assert members(checked(rows)) == []


@pytest.mark.parametrize("engine", ["judge", "columnar"])
@pytest.mark.parametrize(
    "cells",
    [
        {"buyer_address": "Mall Road 5", "buyer_city": "Hull"},
        {"buyer_phone": "+44 1482 555101"},
        {"consignee_name": "Port Depot", "consignee_country": "GB"},
        {"payer_name": "Example Pay", "payer_country": "GB"},
    ],
)
def test_what_too_many_firms_of_the_file_share_links_nothing(engine: str, cells: Row) -> None:
    alerts = [order("A", "Alpha Works", **cells), order("B", "Beta Works", **cells)]
    honest = [
        order(f"H{number}", f"Honest {number:03d} Works", **{**cells, "product": "soap"})
        for number in range(50)
    ]
    assert members(checked(alerts, engine=engine)) == [{"A", "B"}]
    assert members(checked([*alerts, *honest], engine=engine)) == []


def test_a_shared_detail_beside_a_link_is_told_to_be_none() -> None:
    cells = {"buyer_phone": "+44 1482 555101"}
    rows = [order("A", "Alpha Works", **cells), order("B", "Alpha Works", **cells)]
    rows += [order(f"H{n}", f"Honest {n:03d}", **cells, product="soap") for n in range(9)]
    assert checked([*rows, order("C", "Gamma", **cells)]).cases[0].left_out == (
        "the telephone number +44 1482 555101 links nobody: 11 firms share it",
    )


def test_parties_that_may_be_one_are_told_and_not_taken_for_it() -> None:
    rows = [order("A", "Northern Coatings"), order("B", "Northern Coatings")]
    case = checked([*rows, order("C", "Northern Coating")]).cases[0]
    assert case.orders == ("A", "B")
    (told,) = case.perhaps_same
    assert told.startswith("Northern Coating (GB) and Northern Coatings (GB) are perhaps one")


def test_orders_that_a_window_names_belong_to_the_case() -> None:
    rows = [
        order(str(day), f"Buyer {day} Ltd", product="aluminium paste", quantity="200 kg",
              date=f"2023-05-0{day}", consignee_name="Depot Z", consignee_country="TR")
        for day in range(1, 5)
    ]  # fmt: skip
    honest = order("9", "Buyer 1 Ltd", product="soap", consignee_name="Depot Z")
    report = checked([*rows, honest], rules=WINDOWS)
    assert [one.order_id for one in report.assessments if one.flags] == ["3", "4"]
    case = report.cases[0]
    assert case.orders == ("1", "2", "3", "4")
    assert [one.alert for one in case.timeline] == [False, False, True, True]
    window = next(link for link in case.links if link.kind == "window")
    assert window.orders == ("1", "2", "3", "4")
    assert "800 kg" in window.sentence


def test_orders_that_one_is_only_measured_by_do_not() -> None:
    rows = [order(str(day), "One", date=f"2023-03-{day:02d}") for day in range(1, 29)]
    rows.append(order("big", "One", date="2023-03-31", quantity="900 kg"))
    report = checked([order("old", "X", date="2022-01-01"), *rows], rules=WINDOWS)
    assert [one.order_id for one in report.assessments if one.flags] == ["big"]
    assert members(report) == []


def test_each_fact_counts_once_over_all_orders() -> None:
    rows = [
        order("A", "One", consignee_country="NO"),
        order("B", "One", consignee_country="NO", product="soap"),
        order("C", "One"),
    ]
    case = checked(rows).cases[0]
    shares = {flag.rule.split("/")[-1]: flag.share for flag in case.flags}
    assert shares == {"acid": 621, "far": 621, "near": 0}
    assert (case.bits, case.score, case.band) == (1242, score_of(1242), "high")
    assert case.action == ("hold",)
    assert {flag.rule.split("/")[-1]: flag.orders for flag in case.flags} == {
        "acid": ("A", "C"), "far": ("A", "B"), "near": ("A", "B")
    }  # fmt: skip


def test_each_question_comes_once_with_its_orders_and_the_customer_last() -> None:
    case = checked([order("A", "One", consignee_country="NO"), order("B", "One")]).cases[0]
    assert [(one.of, one.text, one.orders) for one in case.ask] == [
        ("sales", "Who visited One?", ("A", "B")),
        ("customer", "What is it for?", ("A", "B")),
    ]


def test_orders_stand_in_time_and_those_without_a_date_last() -> None:
    days = {"A": "", "B": "2023-05-03", "C": "2023-05-01", "D": "2023-05-03"}
    case = checked([order(one, "One", date=day) for one, day in days.items()]).cases[0]
    assert case.orders == ("C", "B", "D", "A")
    assert (case.first_date, case.last_date) == ("2023-05-01", "2023-05-03")


def test_the_id_is_the_hash_that_is_promised() -> None:
    case = checked([order("B", "One"), order("A", "One", date="2023-06-01")]).cases[0]
    assert case.case_id == hashlib.sha256(b"A\nB").hexdigest()[:16]
    assert case_id(["\ud800", "é"])  # half characters have an id, too


def test_a_least_score_leaves_cases_out_and_not_the_alerts_of_those_that_stay() -> None:
    rows = [order("A", "One", consignee_country="NO"), order("B", "One"), order("C", "Two"),
            order("D", "Two")]  # fmt: skip
    assert members(checked(rows)) == [{"A", "B"}, {"C", "D"}]
    report = checked(rows, least=50)
    assert members(report) == [{"A", "B"}]
    assert [one.order_id for one in report.assessments] == ["A"]


def test_a_case_is_found_by_an_order_by_its_id_or_by_how_that_begins() -> None:
    report = checked([order("A", "One"), order("B", "One"), order("C", "Two")])
    case = report.cases[0]
    assert case_of_order(report, "B") == case_by_id(report, case.case_id) == case
    assert case_by_id(report, case.case_id[:6].upper()) == case
    with pytest.raises(CaseNotFoundError, match="no other alert"):
        case_of_order(report, "C")
    with pytest.raises(CaseNotFoundError, match="raises no flag"):
        case_of_order(report, "Z")
    for unknown in ("", case.case_id[:3], "zzzzzz"):
        with pytest.raises(CaseNotFoundError, match="there is no case"):
            case_by_id(report, unknown)


NAMES = ["Alpha Ltd", "ALPHA LIMITED", "Beta GmbH", "Gamma", "", "stock", "Ünal Ticaret A.Ş."]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "date": st.sampled_from(["2023-05-01", "2023-05-02", ""]),
            "buyer_name": st.sampled_from(NAMES),
            "buyer_country": st.sampled_from(["GB", "DE", ""]),
            "buyer_phone": st.sampled_from(["", "", "+44 1482 555101", "+44 1482 555102"]),
            "consignee_name": st.sampled_from(NAMES),
            "consignee_country": st.sampled_from(["NO", "GB", ""]),
            "payer_name": st.sampled_from(NAMES),
            "product": st.sampled_from(["nitric acid", "soap"]),
        }
    ),
    max_size=14,
)


def numbered(rows: Sequence[Row]) -> list[dict[str, str]]:
    return [
        {"order_id": f"O{number}", "quantity": "20 kg", **row} for number, row in enumerate(rows)
    ]


def without_places(cases: Sequence[Case]) -> list[dict[str, object]]:
    plain = [case.model_dump() for case in cases]
    for case in plain:
        for moment in case["timeline"]:
            del moment["lines"]
    return plain


@settings(max_examples=25)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_files_changes_no_case(
    rows: list[dict[str, str]], pick: random.Random
) -> None:
    rows = numbered(rows)
    if not rows:
        return
    expected = without_places(checked(rows).cases)
    mixed = pick.sample(rows, len(rows))
    cut = pick.randrange(len(rows) + 1)
    tables = [part for part in (mixed[:cut], mixed[cut:]) if part]
    assert without_places(checked(*tables).cases) == expected


@settings(max_examples=15)
@given(ROWS)
def test_every_engine_makes_the_same_cases(rows: list[dict[str, str]]) -> None:
    if rows:
        rows = numbered(rows)
        expected = without_places(checked(rows).cases)
        assert without_places(checked(rows, engine="columnar").cases) == expected


@settings(max_examples=25)
@given(ROWS)
def test_a_case_has_two_orders_and_no_order_has_two_cases(rows: list[dict[str, str]]) -> None:
    rows = numbered(rows)
    if not rows:
        return
    report = checked(rows)
    alerts = {one.order_id for one in report.assessments if one.flags}
    seen: set[str] = set()
    for case in report.cases:
        assert len(case.orders) > 1
        assert not seen & set(case.orders)
        assert set(case.orders) <= alerts
        seen |= set(case.orders)
        assert case.bits == sum(flag.share for flag in case.flags)
        assert case.links
    # Whoever has the same buyer, by name and country, is in the same case.
    buyers: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        if row["order_id"] in alerts and row["buyer_name"] in ("Gamma", "Beta GmbH"):
            key = (row["buyer_name"], row["buyer_country"])
            buyers.setdefault(key, set()).add(row["order_id"])
    for together in buyers.values():
        if len(together) > 1:
            assert any(together <= set(case.orders) for case in report.cases)
