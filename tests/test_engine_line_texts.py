"""Order lines as columns of text say what their records say."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from redflags.engine.line_texts import LineTexts
from redflags.engine.windows import _returned, is_return
from redflags.model.answers import Answers
from redflags.model.notation import AS_WRITTEN
from redflags.model.record import record_of_texts

AMOUNTS = (
    None, "", "5", "-5", "(5)", "5-", "\N{MINUS SIGN}5", "5 kg", "-5 kg", "5 x -3 kg", "minus 5",
    "5 CR", "(\N{EURO SIGN}5)", "1,234.50", "n/a", "- 5", "\uff0d5", "1/2",
)  # fmt: skip
UNITS = (None, "", "kg", "pcs", "EUR", "-", "(kg)", "$")
DATES = (None, "", "2024-02-30", "2024-02-28", "28/02/2024", "n/a")
NUMBERS = (None, "", " ", "A-1", " A-1 ", "n/a", "-", "see annex 3", "0")


def lines(rows: list[tuple[str | None, ...]], *names: str) -> LineTexts:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return LineTexts(frame, AS_WRITTEN, lambda record: None, Answers())


amounts = st.tuples(
    st.sampled_from(AMOUNTS), st.sampled_from(UNITS), st.sampled_from(AMOUNTS),
    st.sampled_from(UNITS),
)  # fmt: skip


@given(st.lists(amounts, min_size=1, max_size=12))
def test_a_line_is_a_return_in_columns_as_by_itself(
    rows: list[tuple[str | None, ...]],
) -> None:
    names = ("quantity", "unit", "value", "currency")
    expected = [
        is_return(
            record_of_texts(
                (path, text) for path, text in zip(names, row, strict=True) if text is not None
            )
        )
        for row in rows
    ]
    assert _returned(lines(rows, *names)) == expected


def test_without_amounts_nothing_is_a_return() -> None:
    assert _returned(lines([("x",), ("y",)], "product")) == [False, False]


@given(st.lists(st.tuples(st.sampled_from(DATES), st.sampled_from(NUMBERS)), max_size=12))
def test_a_field_that_stands_by_itself_is_read_as_in_a_record(
    rows: list[tuple[str | None, ...]],
) -> None:
    texts = lines(rows, "date", "order_id")
    records = [
        record_of_texts(
            (path, text)
            for path, text in zip(("date", "order_id"), row, strict=True)
            if text is not None
        )
        for row in rows
    ]
    days: list[date | None] = [record["date"].value for record in records]
    assert texts.stated("date", date.toordinal) == [
        None if day is None else day.toordinal() for day in days
    ]
    assert texts.stated("order_id", str) == [record["order_id"].value for record in records]
    assert texts.stated("currency", str) == [None] * len(rows)
