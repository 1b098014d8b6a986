"""The parties of the lines of a run are put together as they come, and nothing is lost."""

from __future__ import annotations

import polars as pl
import pytest

from redflags import bystanders
from redflags.bystanders import Bystanders
from redflags.model.notation import AS_WRITTEN


def batch(first: int, count: int, **others: str | None) -> pl.DataFrame:
    rows = [
        {"buyer.name": f"Firm {number % 7}", "date": f"2024-01-{number % 28 + 1:02}", **others}
        for number in range(first, first + count)
    ]
    return pl.DataFrame(rows)


def told(noted: Bystanders) -> list[tuple[object, ...]]:
    """Each buyer with its first day, of all batches."""
    frames = noted._seen[("buyer",)]
    whole = pl.concat(frames, how="diagonal")
    days = [name for name in whole.columns if name.endswith("day")]
    found = whole.group_by("buyer.name").agg(pl.col(days).min()).sort("buyer.name")
    return found.rows()


@pytest.mark.parametrize("few", [0, 3, 100_000])
def test_batches_put_together_say_what_they_said_apart(
    monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    whole, parted = Bystanders(), Bystanders()
    monkeypatch.setattr(bystanders, "FEW_PARTIES", few)
    for start in range(0, 60, 5):
        parted.add(batch(start, 5), AS_WRITTEN)
    whole.add(batch(0, 60), AS_WRITTEN)
    assert told(parted) == told(whole)
    if few < 100:
        assert sum(frame.height for frame in parted._seen[("buyer",)]) < 40


def test_what_is_cut_was_never_told_and_what_was_marked_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bystanders, "FEW_PARTIES", 0)
    noted, expected = Bystanders(), Bystanders()
    noted.add(batch(0, 4), AS_WRITTEN)
    mark = noted.mark()
    for start in range(100, 120, 5):
        noted.add(batch(start, 5, **{"buyer.country": "TR"}), AS_WRITTEN)
    noted.cut(mark)
    noted.add(batch(4, 3), AS_WRITTEN)
    expected.add(batch(0, 7), AS_WRITTEN)
    assert told(noted) == told(expected)
    assert len(noted._first) == 2
