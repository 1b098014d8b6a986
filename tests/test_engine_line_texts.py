"""Order lines as columns of text say what their records say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.engine.line_texts import LineTexts, reads_of_field
from redflags.engine.rule_window import _amount_in, _amount_with_unit
from redflags.engine.windows import _returned, is_return
from redflags.model.answers import Answers
from redflags.model.notation import AS_WRITTEN, Notation
from redflags.model.record import Record, record_of_texts

AMOUNTS = (
    None, "", "5", "-5", "(5)", "5-", "\N{MINUS SIGN}5", "5 kg", "-5 kg", "5 x -3 kg", "minus 5",
    "5 CR", "(\N{EURO SIGN}5)", "1,234.50", "n/a", "- 5", "\uff0d5", "1/2",
)  # fmt: skip
UNITS = (None, "", "kg", "pcs", "EUR", "-", "(kg)", "$")
DATES = (None, "", "2024-02-30", "2024-02-28", "28/02/2024", "n/a")
NUMBERS = (None, "", " ", "A-1", " A-1 ", "n/a", "-", "see annex 3", "0")


def lines(
    rows: list[tuple[str | None, ...]], *names: str, notation: Notation = AS_WRITTEN
) -> LineTexts:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return LineTexts(frame, notation, lambda record: None, Answers())


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


PLAIN = st.one_of(
    st.decimals(min_value=0, max_value=2_000_000_000, places=2).map(str),
    st.sampled_from([None, "", "5", "0", "-5", "6 t", "1,500", "1,5", "1.500", "n/a", "9" * 30]),
)
LINES = st.tuples(
    PLAIN,
    st.sampled_from([None, "", "kg", "t", "lb", "µg", "l", "drums", "drums of 25 kg", "25", "?"]),
    st.sampled_from([None, "office chairs", "nitric acid, 30 l", "urea, 50 kg", "nitromethane"]),
    PLAIN,
    st.sampled_from([None, "EUR", "USD", "JPY", "xx", ""]),
)
TELLS: list[tuple[str, Callable[[Record], Any]]] = [
    ("quantity", partial(_amount_with_unit, "quantity")),
    ("quantity", partial(_amount_in, "quantity", "mass")),
    ("quantity", partial(_amount_in, "quantity", "volume")),
    ("quantity", partial(_amount_in, "quantity", "count")),
    ("value", partial(_amount_with_unit, "value")),
    ("value", partial(_amount_in, "value", "EUR")),
]


@pytest.mark.parametrize("decimal", [None, ".", ","])
@given(st.lists(LINES, min_size=1, max_size=12))
def test_amounts_told_by_their_units_are_those_of_the_records(
    decimal: str | None, rows: list[tuple[str | None, ...]]
) -> None:
    names = ("quantity", "unit", "product", "value", "currency")
    texts = lines(rows, *names, notation=Notation(decimal=decimal))
    for path, tell in TELLS:
        reads = reads_of_field(path)
        places = list(range(0, len(rows), 2))
        assert texts.each_amount(path, reads, tell, places) == texts.each(reads, tell, places)


def test_an_amount_without_a_column_for_its_unit_is_read_by_itself() -> None:
    texts = lines([("5 kg",), ("7",)], "quantity")
    tell = partial(_amount_with_unit, "quantity")
    told = texts.each_amount("quantity", reads_of_field("quantity"), tell, [0, 1])
    assert told == [("mass", 5 * 10**9), None]


def test_an_amount_is_asked_for_once_for_each_unit() -> None:
    asked = []

    def tell(record: Record) -> Any:
        asked.append(record["quantity"].written)
        return _amount_with_unit("quantity", record)

    texts = lines([(str(number), "kg") for number in range(1, 500)], "quantity", "unit")
    told = texts.each_amount("quantity", reads_of_field("quantity"), tell, list(range(499)))
    assert told == [("mass", number * 10**9) for number in range(1, 500)]
    assert len(asked) < 10
