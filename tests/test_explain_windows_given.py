"""Counterfactuals where rules look across orders: what is told holds in the whole file."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable
from pathlib import Path

import pytest

from redflags import Screener
from redflags.model.results import Assessment, Change
from redflags.scoring import is_at_least

NETWORKS = Path(__file__).parents[1] / "examples" / "networks"
SHIPPED = Screener(as_of=datetime.date(2026, 1, 31))


def with_changes(path: Path, order: str, changes: Iterable[Change], written: Path) -> Path:
    """The file with the cells of one order written as a counterfactual says."""
    cells = {column: text for one in changes for column, text in one.cells.items()}
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    header = [*rows[0], *(column for column in cells if column not in rows[0])]
    with written.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, header, restval="")
        writer.writeheader()
        writer.writerows(row | cells if row["order_id"] == order else row for row in rows)
    return written


def assessed(path: Path, order: str) -> Assessment:
    report = SHIPPED.check_files([str(path)], show_all=True)
    return next(one for one in report.assessments if one.order_id == order)


@pytest.mark.parametrize(
    "name", ["kit-for-one-consignee", "moved-flow", "one-payer", "surge", "weekly-split"]
)
def test_an_order_with_these_facts_is_below_the_line_beside_the_others(
    name: str, tmp_path: Path
) -> None:
    path = NETWORKS / f"{name}.csv"
    report = SHIPPED.check_files([str(path)], counterfactuals=True)
    across = [
        one for one in report.assessments if any(flag.window is not None for flag in one.flags)
    ]
    assert across
    tried = 0
    for one in across:
        assert one.what_if is not None
        for told in one.what_if.counterfactuals[:3]:
            written = with_changes(path, one.order_id, told.changes, tmp_path / "changed.csv")
            after = assessed(written, one.order_id)
            tried += 1
            assert not is_at_least(after.band, "medium"), told.sentence
            assert after.bits <= told.bits, told.sentence
            if " at most" not in told.sentence:
                assert (after.bits, after.band) == (told.bits, told.band)
    assert tried or not any(one.what_if.is_complete for one in across if one.what_if)


def test_only_the_orders_that_are_named_have_counterfactuals() -> None:
    path = NETWORKS / "one-payer.csv"
    report = SHIPPED.check_files([str(path)], counterfactuals={"F-02"})
    assert [one.order_id for one in report.assessments if one.what_if is not None] == ["F-02"]
