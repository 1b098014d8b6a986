"""One text that can be read in one way settles its column; contradictions settle nothing."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags import Screener
from redflags.intake.notation import (
    NotationScan,
    column_notations,
    dates_of,
    is_open,
    numbers_of,
)
from redflags.intake.orders import open_orders
from redflags.intake.records import settled_records
from redflags.model.kinds import DATE
from redflags.model.notation import AS_WRITTEN, Notation, Notations
from redflags.model.record import Record, record_of_texts
from redflags.values.dates import day_comes_first
from redflags.values.number import decimal_mark


@pytest.mark.parametrize(
    ("texts", "decimal"),
    [
        (["6.000", "1.234,56"], ","), (["6.000", "12,5"], ","), (["6.000", "0,125"], ","),
        (["6.000", "1.234.567"], ","), (["6.000", "1 234,5"], ","), (["6.000", "-7,25 kg"], ","),
        (["6.000", "1.234,56 EUR"], ","), (["6,000", "€ 1.234,56"], ","), (["3,5 %"], ","),
        (["6,000", "1,234.56"], "."), (["6,000", "12.5"], "."), (["6,000", "0.125"], "."),
        (["6,000", "1,00,000"], "."), (["6,000", "1'234.50"], "."), (["6.000", "6.0"], "."),
        (["6,000", "12 x 2.5 kg"], "."), (["٦٬٠٠٠", "١٫٥"], None), (["1234.567"], "."),
        ([], None), (["6.000", "6,000"], None), (["6.000"], None), (["6000", "", "n/a"], None),
        (["3.4.2026"], None), (["1.2.3.4", "10.0.0.1"], None), (["1,2;3,4;5,6;7,8;9,1"], None),
        (["x" * 500 + "1,5"], None),
    ],
)  # fmt: skip
def test_decimal_mark_of_a_column(texts: list[str], decimal: str | None) -> None:
    found = numbers_of(texts)
    assert found.notation == Notation(decimal=decimal)
    assert not found.is_contradictory
    assert (found.reason == "") is (decimal is None)


@pytest.mark.parametrize(
    ("texts", "day_first"),
    [
        (["01/02/2026", "13/02/2026"], True), (["01/02/2026", "02/13/2026"], False),
        (["01-02-2026", "31-01-2026 10:30"], True), (["13.02.2026"], True), (["02.13.2026"], False),
        (["01/02/2026"], None), (["05/05/2026"], None), (["2026-02-13", "13 May 2026"], None),
        (["13/32/2026", "99/99/2026", "13/13/2026"], None), (["13/02/26"], None), ([], None),
        (["١٣/٠٢/٢٠٢٦"], True), (["31/02/2026"], None),
    ],
)  # fmt: skip
def test_order_of_day_and_month_of_a_column(texts: list[str], day_first: bool | None) -> None:
    assert dates_of(texts).notation == Notation(day_first=day_first)


def test_the_reason_names_the_text_and_its_row() -> None:
    found = numbers_of(["6.000", "1.234,56"], {"6.000": 2, "1.234,56": 7})
    assert found.reason == "“1.234,56” (row 7) says the comma is the decimal mark"
    assert dates_of(["13/02/2026"]).reason == "“13/02/2026” says the day comes first"


def test_a_contradiction_settles_nothing_and_is_told() -> None:
    found = numbers_of(["1.234,56", "6.000", "1,234.56"])
    assert found.notation == AS_WRITTEN
    assert found.is_contradictory
    assert {one.text for one in found.evidence} == {"1.234,56", "1,234.56"}
    assert "“1.234,56”" in found.reason
    assert "“1,234.56”" in found.reason
    assert dates_of(["13/02/2026", "02/13/2026"]).is_contradictory
    assert numbers_of(["1.5 x 2,5 kg"]).is_contradictory


@given(st.permutations(["1.234,56", "6.000", "12,5", "0,75", "7"]), st.integers(0, 3))
def test_the_order_of_the_texts_does_not_matter(texts: list[str], seed: int) -> None:
    assert numbers_of(texts) == numbers_of(random.Random(seed).sample(texts, len(texts)))


@given(st.integers(0, 10**9), st.integers(0, 10**6), st.integers(1, 6), st.sampled_from(".,"))
def test_what_is_settled_is_what_was_meant(whole: int, rest: int, places: int, mark: str) -> None:
    """Whatever a number is printed like, no other decimal mark than that is taken from it."""
    tail = f"{rest:06d}"[:places]
    grouped = f"{whole:,}".replace(",", "." if mark == "," else ",")
    for text in (f"{grouped}{mark}{tail}", grouped, f"{whole}{mark}{tail}"):
        assert decimal_mark(text) in (mark, None)
    if len(tail) != 3:
        assert decimal_mark(f"{whole}{mark}{tail}") == mark


@given(st.dates())
def test_a_date_never_says_the_other_order(day: object) -> None:
    assert day_comes_first(f"{day:%d/%m/%Y}") in (True, None)
    assert day_comes_first(f"{day:%m/%d/%Y}") in (False, None)


def test_each_column_speaks_for_itself() -> None:
    found = column_notations(
        {
            "quantity": ["6.000", "1,5"],
            "value": ["6,000", "1.5"],
            "concentration": ["6.000"],
            "date": ["13/02/2026"],
            "buyer.incorporated": ["01/02/2026"],
            "product": ["13/02/2026 1,5"],
            "no.such.field": ["1,5"],
        }
    )
    assert found.of("quantity") == Notation(decimal=",")
    assert found.of("value") == Notation(decimal=".")
    assert found.of("concentration") == AS_WRITTEN
    assert found.of("date") == Notation(day_first=True)
    assert found.of("buyer.incorporated") == AS_WRITTEN
    assert found.of("product") == AS_WRITTEN


def test_the_user_s_setting_wins() -> None:
    stated = Notation(decimal=".")
    found = column_notations({"quantity": ["1,5"], "date": ["13/02/2026"]}, stated)
    assert found.of("quantity") == stated
    scan = NotationScan(("quantity",), stated)
    scan.add_texts("quantity", ["1,5"])
    assert scan.columns() == {}
    assert found.of("date") == Notation(".", True)


def test_rows_and_texts_settle_alike() -> None:
    rows = [["13/02/2026", "x", "1,5 kg"], ["01/02/2026", "y", "6.000 kg"]]
    by_row = NotationScan(("date", None, "quantity"))
    for number, row in enumerate(rows, 2):
        by_row.add_row(row, number)
    by_text = NotationScan(("date", None, "quantity"))
    by_text.add_texts("date", [row[0] for row in rows])
    by_text.add_texts("quantity", [None, *(row[2] for row in rows)])
    by_text.add_texts("product", ["1,5"])
    assert by_row.notations() == by_text.notations()
    assert by_row.columns()["quantity"].evidence[0].row == 2
    assert by_row.fields == ("date", "quantity")
    assert NotationScan(("date", "value"), Notation(".", True)).fields == ()
    # The sign of quantities is always looked at.
    assert NotationScan(("quantity",), Notation(".", True)).fields == ("quantity",)


def test_a_record_is_read_by_the_notation_of_each_column() -> None:
    notation = Notations(
        AS_WRITTEN,
        {"quantity": Notation(","), "value": Notation("."), "date": Notation(day_first=True)},
    )
    cells = [
        ("quantity", "6.000"), ("unit", "kg"), ("value", "6.000"), ("currency", "EUR"),
        ("date", "01/02/2026"), ("buyer.incorporated", "01/02/2020"),
    ]  # fmt: skip
    record = record_of_texts(cells, notation)
    assert record["quantity"].value.number == 6000
    assert record["value"].value.amount == 6 * 10_000
    assert record["date"].value.isoformat() == "2026-02-01"
    assert record["buyer.incorporated"].value is None


@pytest.mark.parametrize(
    ("texts", "is_open"),
    [
        (["-5 kg", "-6 kg", "7 kg"], True), (["-5 kg", "6 kg", "7 kg"], False),
        (["-5", "6"], False), (["5-", "6- KG", "(7)"], True),
        (["6-KG", "-5"], False), (["", "n/a", "0"], False),
        (["-5"], True), (["6 - 12 oz bottles", "2-3 t"], False),
    ],
)  # fmt: skip
def test_where_most_quantities_are_negative_a_minus_may_mark_sales(
    texts: list[str], is_open: bool
) -> None:
    found = numbers_of(texts)
    assert found.notation.minus_is_open is is_open
    assert ("negative" in found.reason) is is_open


def test_such_a_minus_is_no_return() -> None:
    notation = column_notations({"quantity": ["-5", "-6"], "unit": ["kg"]})
    record = record_of_texts([("quantity", "-5"), ("unit", "kg")], notation)
    assert record["quantity"].value is None
    assert "can be a return or goods sold" in record["quantity"].why


LINES = [
    "order_id,date,quantity,unit,value,buyer_incorporated",
    "1,01/02/2026,6.000,kg,\"1,000\",01/02/2020", "2,13/02/2026,\"1,5\",kg,5.25,02/13/2020",
    "3,05/02/2026,-7,kg,x,13/02/2020", "4,06/02/2026,-8,kg,,", "5,06/02/2026,-8,kg,,",
]  # fmt: skip


def test_a_file_settles_its_columns_alike_by_rows_and_in_batches(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(LINES) + "\n", encoding="utf-8")
    source, header = open_orders(path)
    with source:
        read = settled_records(source, header)
        records = [one for one in read if isinstance(one, Record)]
    notes = [
        Screener(engine=engine).check_files([str(path)]).run.inputs[0].notes
        for engine in ("judge", "columnar")
    ]
    assert notes[0] == notes[1] == read.settled
    assert [note.split(":")[0] for note in read.settled] == [
        "date", "quantity", "value", "buyer_incorporated",
    ]  # fmt: skip
    assert "so nothing is settled" in read.settled[3]
    assert records[0]["quantity"].value.number == 6000
    assert records[0]["value"].value is None  # without a currency
    assert records[0]["date"].value.isoformat() == "2026-02-01"
    assert records[0]["buyer.incorporated"].value is None
    assert "can be a return or goods sold" in records[2]["quantity"].why
    assert len(records) == 5


def test_the_user_s_setting_needs_no_second_look(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("order_id,date,value\n1,01/02/2026,6.000 EUR\n", encoding="utf-8")
    source, header = open_orders(path)
    with source:
        read = settled_records(source, header, Notation(",", False))
        record = next(iter(read))
    assert read.settled == ()
    assert isinstance(record, Record)
    assert record["date"].value.isoformat() == "2026-01-02"
    assert record["value"].value.amount == 6000 * 10_000


KNOWN_DAY = Notation().as_of(date(2026, 11, 23))


@pytest.mark.parametrize(
    ("texts", "day_first", "read"),
    [
        (["01.02.26", "13.02.26"], True, ["2026-02-01", "2026-02-13"]),
        (["02/01/26", "02/13/26"], False, ["2026-02-01", "2026-02-13"]),
        (["01.02.26", "13.02.2026"], True, ["2026-02-01", "2026-02-13"]),
        (["13-Feb-26", "01-Mar-26"], True, ["2026-02-13", "2026-03-01"]),
        (["13 Şub 26", "01 Mar 25"], None, ["?", "?"]),
        (["13.02.26", "13.02.98"], True, ["2026-02-13", "?"]),
        (["13.02.27", "13.12.27"], True, ["2027-02-13", "?"]),
        (["01.02.26", "03.02.26"], None, ["?", "?"]),
        (["01.02.26", "13.02.26", "02.14.26"], None, ["?", "?", "?"]),
        (["26-02-01", "26-02-13", "26-02-28"], None, ["?", "?", "?"]),
        (["26/02/13", "26/02/14", "26/03/15"], None, ["?", "?", "?"]),
        (["13-Feb-26"], None, ["?"]),
        (["32.13.26", "01.02.26"], None, ["?", "?"]),
    ],
)
def test_years_of_two_digits_are_read_where_the_column_settles_them(
    texts: list[str], day_first: bool | None, read: list[str]
) -> None:
    scan = NotationScan(["date"], KNOWN_DAY)
    scan.add_texts("date", texts)
    notation = scan.notations().of("date")
    assert notation.day_first is day_first
    found = [DATE.parse(text, notation).value for text in texts]
    assert ["?" if day is None else day.isoformat() for day in found] == read


def test_without_a_day_of_reading_no_century_is_known() -> None:
    scan = NotationScan(["date"])
    scan.add_texts("date", ["01.02.26", "13.02.26"])
    assert scan.notations().of("date") == AS_WRITTEN
    assert DATE.parse("13.02.26", Notation(day_first=True)).value is None
    assert is_open(["date"], ["13.02.26"], KNOWN_DAY)
    assert not is_open(["date"], ["13.02.26"])


@given(st.dates(date(2000, 1, 1), date(2027, 11, 24)), st.booleans())
def test_a_short_date_reads_back_in_the_order_that_is_stated(day: date, day_first: bool) -> None:
    text = day.strftime("%d.%m.%y" if day_first else "%m/%d/%y")
    notation = Notation(day_first=day_first).as_of(date(2026, 11, 23))
    assert DATE.parse(text, notation).value == day
