"""Rows that repeat another are counted, on both paths alike."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from redflags.intake.duplicates import DuplicateRows

CELLS = st.text(alphabet="ab:1 \u00e9\ud800", max_size=3)
PLAIN_CELLS = st.text(alphabet="ab:1 \u00e9", max_size=3)


def of_rows(rows: list[tuple[str, ...]]) -> int:
    found = DuplicateRows()
    for row in rows:
        found.add(row)
    assert found.rows == len(rows)
    return found.count()


@given(st.lists(st.tuples(CELLS, CELLS), max_size=30))
def test_every_row_beyond_the_first_of_its_kind_is_counted(rows: list[tuple[str, ...]]) -> None:
    assert of_rows(rows) == len(rows) - len(set(rows))


@given(st.lists(st.tuples(PLAIN_CELLS, PLAIN_CELLS), min_size=1, max_size=30), st.integers(1, 30))
def test_batches_say_the_same_as_rows(rows: list[tuple[str, ...]], cut: int) -> None:
    found = DuplicateRows()
    for part in (rows[:cut], rows[cut:]):
        found.add_batch(pl.DataFrame(part, schema={"a": pl.String, "b": pl.String}, orient="row"))
    assert found.rows == len(rows)
    assert found.count() == of_rows(rows)


def test_cells_do_not_run_into_each_other() -> None:
    assert of_rows([("ab", "c"), ("a", "bc"), ("a:1", "b"), ("a", "1:b")]) == 0


def test_columns_may_stand_in_another_order_but_not_under_another_name() -> None:
    found = DuplicateRows()
    found.add_batch(pl.DataFrame({"a": ["1"], "b": ["2"]}))
    found.add_batch(pl.DataFrame({"b": ["2"], "a": ["1"]}))
    assert found.count() == 1
    found.add_batch(pl.DataFrame({"a": ["1"], "c": ["2"]}))
    assert found.count() == 1


def test_nothing_read_is_nothing_repeated() -> None:
    assert DuplicateRows().count() == 0
