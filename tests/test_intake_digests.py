"""Digests of orders: what their lines state, free of the order of rows and columns."""

from __future__ import annotations

import csv
import datetime
import io
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags import Screener
from redflags.intake.digests import OrderDigests, line_digest

ROOT = Path(__file__).parents[1]
ROWS = [
    ["order_id", "product", "quantity", "unit", "buyer_name"],
    ["A", "urea", "5", "t", "One Ltd"],
    ["A", "sorbitol", "1", "kg", "One Ltd"],
    ["B", "urea", "", "", "Örnek İki"],
    ["", "paste", "2", "kg", "Three"],
    ["n/a", "paste", "2", "kg", "Three"],
]

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)


def digests_of(folder: Path, rows: list[list[str]], **options: object) -> list[tuple[str, str]]:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    path = folder / "orders.csv"
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")
    digests = OrderDigests()
    screener = Screener(engine=options.get("engine", "judge"))  # type: ignore[arg-type]
    screener.check_files([str(path)], digests=digests)
    return list(digests.of_orders())


def test_the_form_of_a_digest_never_changes() -> None:
    assert (
        line_digest(["product", "order_id", "unit"], ["urea", "A", ""]).hex()
        == "7364da75ba4ebb54f5bc2d211691279c"
    )


@pytest.mark.parametrize("engine", ["judge", "columnar"])
def test_rows_and_columns_in_another_order_are_the_same(tmp_path: Path, engine: str) -> None:
    once = digests_of(tmp_path, ROWS)
    rows = ROWS[:1] + random.Random(1).sample(ROWS[1:], len(ROWS) - 1)
    turned = [row[::-1] for row in rows]
    assert digests_of(tmp_path, turned, engine=engine) == once
    assert [number for number, _ in once] == ["", "", "A", "B"]


@pytest.mark.parametrize("row", range(1, 6))
@pytest.mark.parametrize("column", range(1, 5))
def test_one_changed_cell_changes_its_order_alone(tmp_path: Path, row: int, column: int) -> None:
    once = digests_of(tmp_path, ROWS)
    rows = [list(one) for one in ROWS]
    rows[row][column] += "x"
    changed = set(digests_of(tmp_path, rows)) ^ set(once)
    assert {number for number, _ in changed} == {rows[row][0].replace("n/a", "")}


def test_an_empty_column_and_one_that_is_not_used_change_nothing(tmp_path: Path) -> None:
    once = digests_of(tmp_path, ROWS)
    more = ["notes", *[""] * 5], ["our colour", *"abcde"]
    wider = [[*row, *(column[place] for column in more)] for place, row in enumerate(ROWS)]
    assert digests_of(tmp_path, wider) == once


def test_a_line_twice_is_not_a_line_once(tmp_path: Path) -> None:
    assert digests_of(tmp_path, ROWS) != digests_of(tmp_path, [*ROWS, ROWS[1]])


@given(one=st.lists(texts, min_size=3, max_size=3), other=st.lists(texts, min_size=3, max_size=3))
def test_lines_with_other_cells_have_other_digests(one: list[str], other: list[str]) -> None:
    paths = ["product", "unit", "notes"]
    assert (line_digest(paths, one) == line_digest(paths, other)) == (one == other)


@given(rows=st.lists(st.lists(texts, min_size=2, max_size=2), min_size=1, max_size=5))
def test_lines_one_by_one_and_in_columns_are_the_same(rows: list[list[str]]) -> None:
    import polars as pl

    paths = ["notes", "product"]
    row_by_row, in_columns = OrderDigests(), OrderDigests()
    for row in rows:
        row_by_row.add(None, paths, row)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(paths, pl.String), orient="row")
    in_columns.add_batch(frame, frame)
    assert list(row_by_row.of_orders()) == list(in_columns.of_orders())


def test_the_examples_have_the_same_in_both_ways_of_reading() -> None:
    found = []
    for engine in ("judge", "columnar"):
        digests = OrderDigests()
        screener = Screener(engine=engine, as_of=datetime.date(2026, 1, 31))
        screener.check_files([str(ROOT / "examples" / "orders.csv")], digests=digests)
        found.append(list(digests.of_orders()))
    assert found[0] == found[1]
    assert len(found[0]) == 46


def test_beyond_the_most_there_are_none() -> None:
    digests = OrderDigests(most=2)
    for number in ("A", "B", "C"):
        digests.add(number, ["product"], ["urea"])
    assert not digests.is_kept
    assert list(digests.of_orders()) == []
