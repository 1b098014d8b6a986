"""What would change the alerts of a file: of which alerts, and the same however it is read."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from redflags import Screener
from redflags.model.report import Report
from redflags.model.results import WhatIf
from redflags.rulebook import RuleBook, parse_rules
from redflags.screener import Engine

ROOT = Path(__file__).parents[1]
DAY = datetime.date(2026, 1, 31)
HEADER = (
    "order_id,line,buyer_name,buyer_business,buyer_country,product,quantity,consignee_country\n"
)
SHOP = "Example Phones Ltd,mobile phone shop,TR"
ORDERS = (
    HEADER
    + f"1,1,{SHOP},aluminium paste,600 kg,TR\n"
    + "2,1,Example Bakery,bakery,DE,flour,1 t,DE\n"
    + f"1,2,{SHOP},telephone cases,5 pieces,TR\n"
    + f"3,1,{SHOP},aluminium powder,400 kg,TR\n"
    + f",,{SHOP},aluminium paste,700 kg,TR\n"
    + f"1,3,{SHOP},chargers,5 pieces,TR\n"
    + "4,1,Example Paints,paint manufacturer,DE,aluminium paste,400 kg,DE\n"
)

PASTE = """
rules:
  - id: paste
    title: Paste for a shop
    severity: high
    fact: trade
    why: It is paste.
    source: judgement
    when: {product: {mentions: paste}, buyer.business: mobile-phone-shop}
  - id: cases
    title: Cases for a bakery
    severity: high
    fact: place
    why: They are cases.
    source: judgement
    when: {product: {mentions: cases}, buyer.business: bakery}
"""
"""Rules of which one speaks of another line of the order as soon as its buyer is a bakery."""


def checked(
    path: Path, engine: Engine, most: int | None = None, rules: RuleBook | None = None
) -> Report:
    return Screener(rules, as_of=DAY, engine=engine).check_files(
        [str(path)], counterfactuals=True, most_counterfactuals=most
    )


def what_ifs(report: Report) -> dict[str, WhatIf]:
    return {one.order_id: one.what_if for one in report.assessments if one.what_if is not None}


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    return path


@pytest.mark.parametrize("rules", [None, parse_rules(PASTE)], ids=["shipped", "own"])
def test_an_order_of_several_lines_has_the_same_in_rows_and_in_columns(
    orders: Path, rules: RuleBook | None
) -> None:
    rows, columns = checked(orders, "judge", rules=rules), checked(orders, "columnar", rules=rules)
    assert what_ifs(rows) == what_ifs(columns)
    assert what_ifs(columns)["1"].is_complete
    assert what_ifs(columns)["1"].counterfactuals
    assert list(rows.assessments) == list(columns.assessments)


@pytest.mark.parametrize("most", [None, 3])
def test_the_examples_have_the_same_in_rows_and_in_columns(most: int | None) -> None:
    path = ROOT / "examples" / "orders.csv"
    rows, columns = checked(path, "judge", most), checked(path, "columnar", most)
    assert list(rows.assessments) == list(columns.assessments)
    assert len(what_ifs(columns)) == (most or columns.summary.alerts)


@pytest.mark.parametrize("name", ["weekly-split", "surge"])
def test_beside_other_orders_too(name: str) -> None:
    path = ROOT / "examples" / "networks" / f"{name}.csv"
    assert what_ifs(checked(path, "judge")) == what_ifs(checked(path, "columnar"))


@pytest.mark.parametrize("engine", ["judge", "columnar"])
def test_with_a_most_only_the_most_urgent_have_them(tmp_path: Path, engine: Engine) -> None:
    line = f"{SHOP},aluminium paste,600 kg,TR\n"
    noise = "Example Bakery,bakery,DE,acetone,900 kg,DE\n"
    rows = [f"{n:03},1,{noise if n % 4 else line}" for n in range(280)]
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    found = checked(path, engine, 2)
    assert [one.what_if is not None for one in found.assessments][:3] == [True, True, False]
    assert list(what_ifs(found)) == [one.order_id for one in found.assessments[:2]]
    # In the order of rows, whenever they were worked out.
    by_row = [line[:20] for line in found.assessments.json_by_row()]
    assert by_row == sorted(by_row)


def test_a_file_that_is_another_when_it_is_read_again_has_none_that_is_not_so(
    orders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from redflags import bulk

    read_again = bulk._read_again

    def after_a_change(*given: object) -> object:
        orders.write_text(ORDERS.replace("1,2,", "9,2,"), encoding="utf-8")
        return read_again(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk, "_read_again", after_a_change)
    found = what_ifs(checked(orders, "columnar", rules=parse_rules(PASTE)))
    assert found["1"].counterfactuals == ()
    assert not found["1"].is_complete
    assert found[f"{orders}:6"].counterfactuals
