"""A file, by rows and by columns, says of each order what the library says of it alone."""

from __future__ import annotations

import csv
import datetime
import random
from pathlib import Path
from typing import Any

import pytest

from redflags import Assessment, Screener, Transaction, reference
from tests.alone import rules_on_one_order
from tests.test_retail_lines import LINES, PLANTED

ROOT = Path(__file__).parents[1]
FILES = {
    "cases": ROOT / "tests" / "cases" / "orders.csv",
    "examples": ROOT / "examples" / "orders.csv",
}
AS_OF = datetime.date(2026, 1, 1)

Rows = list[dict[str, str]]


def rows_of(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        # One row of the examples has too many cells, to show what becomes of it.
        return [row for row in csv.DictReader(file) if None not in row]


def retail_rows() -> Rows:
    """The first 20,000 retail lines with invented trades, twenty planted orders among them."""
    import polars as pl

    pick = random.Random(11)
    trades = sorted(line.title for line in reference.business_lines().values())
    rows = [
        {
            "order_id": line["InvoiceNo"],
            "product": line["Description"] or "",
            "quantity": str(line["Quantity"]),
            "unit": "pcs",
            "date": str(line["InvoiceDate"])[:10],
            "buyer_country": line["Country"],
            "buyer_business": pick.choice(trades),
        }
        for line in pl.read_parquet(LINES, n_rows=20_000).iter_rows(named=True)
    ]
    for number, (goods, amount, trade) in enumerate(PLANTED * 5):
        quantity, unit = amount.split()
        planted = {"order_id": f"P-{number}", "product": goods, "quantity": quantity,
                   "unit": unit, "date": "2011-05-05", "buyer_country": "France",
                   "buyer_business": trade}  # fmt: skip
        rows.insert(pick.randrange(len(rows)), planted)
    return rows


def without_places(assessment: Assessment) -> dict[str, Any]:
    """An assessment but for where its lines stand."""

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: strip(one) for key, one in value.items() if key != "place"}
        if isinstance(value, list | tuple):
            return [strip(one) for one in value]
        return value

    plain: dict[str, Any] = strip(assessment.model_dump())
    plain["lines"] = len(plain["lines"])
    for flag in plain["flags"]:
        flag["lines"] = len(flag["lines"])
    return plain


def one_by_one(rows: Rows, screener: Screener) -> dict[str, dict[str, Any]]:
    orders: dict[str, list[Transaction]] = {}
    for row in rows:
        orders.setdefault(row["order_id"], []).append(Transaction.model_validate(row))
    return {
        number: without_places(screener.check(lines))
        for number, lines in orders.items()
    }  # fmt: skip


def compare(rows: Rows, path: Path, engine: Any) -> int:
    """Compare every order; the number of those of which something is said."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    screener = Screener(rules_on_one_order(), as_of=AS_OF, engine=engine)
    expected = one_by_one(rows, Screener(rules_on_one_order(), as_of=AS_OF))
    said = {number: one for number, one in expected.items() if one["flags"] or one["incomplete"]}
    report = screener.check_files([str(path)])
    found = {one.order_id: without_places(one) for one in report.assessments}
    assert found == said
    assert report.summary.orders == len(expected)
    return len(said)


@pytest.mark.parametrize("engine", ["judge", "columnar"])
@pytest.mark.parametrize("name", sorted(FILES))
def test_example_orders(name: str, engine: str, tmp_path: Path) -> None:
    assert compare(rows_of(FILES[name]), tmp_path / "orders.csv", engine) > 5


@pytest.mark.skipif(not LINES.exists(), reason="the retail lines (shared/data) are not there")
def test_retail_lines_with_planted_orders(tmp_path: Path) -> None:
    assert compare(retail_rows(), tmp_path / "orders.csv", "columnar") >= 20
