"""Cells that say nothing are the same row by row and in columns."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from redflags import Screener
from redflags.screener import Engine

HEADER = [
    "order_id", "product", "quantity", "unit", "buyer_business", "buyer_country", "consignee_city",
    "licence", "outcome", "date",
]  # fmt: skip
ROWS = [
    ["n/a", "aluminium paste", "6 t", "", "mobile phone shop", "TR", "Istanbul", "held", "", ""],
    ["n/a", "see attached list", "-6", "t", "mobile phone shop", "n/a", "n/a", "EX-2026/0012",
     "iade", "Date Not Captured"],
    ["-", "siehe Anlage 3", "TBC", "kg", "n/a", "NA", "TRMER", "n/a", "n/a", "00.00.0000"],
    ["SEE-DN-304", "aluminium paste", "20 bags of 25 kg", "-", "mobile phone shop", "SY", "Halep",
     "maybe", "Storno", "2015-07-01"],
    ["O-1", "", "see DN-304", "", "не указано", "s/o", "Ankara Cad. 5", "NLR", "", "2015-07-01"],
]  # fmt: skip


def write(folder: Path) -> str:
    path = folder / "orders.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([HEADER, *ROWS])
    return str(path)


@pytest.mark.parametrize("engine", ["columnar", "durable"])
def test_the_engines_agree_on_cells_that_say_nothing(tmp_path: Path, engine: Engine) -> None:
    if engine == "durable":
        pytest.importorskip("durable")
    path = write(tmp_path)
    by_row = Screener(engine="judge").check_files([path])
    other = Screener(engine=engine).check_files([path])
    assert other.assessments == by_row.assessments
    assert other.summary == by_row.summary


def test_orders_without_a_number_are_orders_of_their_own(tmp_path: Path) -> None:
    report = Screener().check_files([write(tmp_path)])
    assert report.summary.orders == len(ROWS)


def test_what_points_elsewhere_is_reported(tmp_path: Path) -> None:
    report = Screener().check_files([write(tmp_path)])
    reported = {(one.column, one.written) for one in report.summary.misread}
    assert ("product", "see attached list") in reported
    assert ("product", "siehe Anlage 3") in reported
    assert ("quantity", "see DN-304") in reported
    assert not {column for column, written in reported if written in ("n/a", "TBC", "-")}
