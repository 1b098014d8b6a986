"""The text of rows that could not be read is kept as written, fit for a text file, and bounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.readers.own_text import LONGEST_KEPT, OwnTexts


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("1;urea;6 t\r\n", "1;urea;6 t"),
        ("1\turea\t6 t", "1\turea\t6 t"),
        ("şeker\x00\x1b[31m", "şeker\\x00\\x1b[31m"),
        ("a\udcffb\ud800", "a\\xffb\\ud800"),
        ("x" * (LONGEST_KEPT + 5), "x" * LONGEST_KEPT + "…"),
    ],
)
def test_a_row_is_kept_as_written(text: str, kept: str) -> None:
    assert OwnTexts().keep(text) == kept


def test_cells_stand_apart_by_tabs() -> None:
    assert OwnTexts().keep_cells(["1", "two\nlines", "a\tb", ""]) == "1\ttwo lines\ta b\t"


def test_of_many_rows_only_so_much_is_kept() -> None:
    texts = OwnTexts(most=10)
    assert [texts.keep("123456") for _ in range(4)] == ["123456", "123456", "", ""]


@given(st.text(alphabet=st.characters(), max_size=200))
def test_what_is_kept_can_be_written(text: str) -> None:
    OwnTexts().keep(text).encode("utf-8")
