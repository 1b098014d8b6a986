"""Real order lines that are no business of this tool stay quiet, and what is planted is found.

The lines (541,909 of a gift shop) stand beside the project and are not part of it; where they are
missing the tests are skipped.
"""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from redflags import Screener, reference
from redflags.intake import Mapping, read_mapping
from redflags.scoring import is_at_least

ROOT = Path(__file__).parents[1]
LINES = ROOT.parent / "shared" / "data" / "online_retail.parquet"

pytestmark = pytest.mark.skipif(
    not LINES.exists(), reason="the retail lines (shared/data) are not beside the project"
)

MAPPING = """\
[columns]
order_id = "InvoiceNo"
product = "Description"
quantity = "Quantity"
date = "InvoiceDate"
value = "UnitPrice"
"buyer.country" = "Country"
"buyer.name" = "CustomerID"
"""
WITH_BUSINESS = MAPPING + '"buyer.business" = "buyer_business"\n'
UNITS = '\n[constants]\nunit = "pcs"\ncurrency = "GBP"\n"seller.country" = "GB"\n'

PLANTED = (
    ("aluminium paste, 65 %", "6 t", "mobile phone shop"),
    ("alüminyum tozu", "900 kg", "cep telefonu mağazası"),
    ("ammonium nitrate", "5 t", "jeweller"),
    ("small turbojet engine", "2 pcs", "car rental"),
)


@cache
def lines() -> Any:
    import polars as pl

    return pl.read_parquet(LINES)


def mapping(folder: Path, text: str) -> Mapping:
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(str(path))


def test_the_lines_raise_no_alert_at_medium_or_above(tmp_path: Path) -> None:
    report = Screener().check_files([str(LINES)], mapping=mapping(tmp_path, MAPPING + UNITS))
    summary = report.summary
    assert (summary.read, summary.assessed, summary.set_aside) == (541_909, 541_909, 0)
    assert summary.bands["medium"] == summary.bands["high"] == summary.bands["critical"] == 0
    assert summary.orders == lines()["InvoiceNo"].n_unique()


def test_of_lines_with_invented_trades_only_what_was_planted_is_high(tmp_path: Path) -> None:
    import polars as pl

    pick = random.Random(7)
    trades = sorted(line.title for line in reference.business_lines().values())
    table = lines().with_columns(
        pl.all().cast(pl.String),
        pl.Series("buyer_business", [pick.choice(trades) for _ in range(lines().height)]),
    )
    planted = [
        {"InvoiceNo": f"P-{number}", "Description": goods, "Quantity": amount,
         "InvoiceDate": "2011-05-05", "Country": "France", "buyer_business": trade}
        for number, (goods, amount, trade) in enumerate(PLANTED * 5)
    ]  # fmt: skip
    path = tmp_path / "lines.parquet"
    pl.concat([table, pl.DataFrame(planted)], how="diagonal").write_parquet(path)
    report = Screener().check_files(
        [str(path)], mapping=mapping(tmp_path, WITH_BUSINESS + '\n[constants]\ncurrency = "GBP"\n')
    )
    high = {one.order_id for one in report.assessments if is_at_least(one.band, "high")}
    assert high == {f"P-{number}" for number in range(20)}
    others = [
        one.order_id
        for one in report.assessments
        if is_at_least(one.band, "medium") and not one.order_id.startswith("P-")
    ]
    assert len(others) <= report.summary.orders / 5000
