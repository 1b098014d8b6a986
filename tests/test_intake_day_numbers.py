"""Numbers of days in a sheet are read where they can be nothing else, and told where they can."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from redflags import Screener
from redflags.intake.day_numbers import DayNumbers
from redflags.intake.orders import open_orders
from redflags.intake.records import settled_records
from redflags.model.notation import Notation
from redflags.model.record import Record
from redflags.values.dates import day_of_number, parse_date
from redflags.writers.open_notation import remedies

AS_OF = date(2026, 1, 1)
LATEST = AS_OF + timedelta(366)


def are_counted(texts: list[str], *, of_orders: bool = True) -> bool:
    found = DayNumbers(LATEST, of_orders)
    for row, text in enumerate(texts, start=2):
        found.add(text, row)
    return found.are_counted


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["42186", "42190", "42200"], True),  # July 2015
        (["42186", "", "n/a", "42190.75"], True),
        (["40126"], False),  # 9 November 2009, or 4 January 2026 without its nought
        (["40126", "40126.5"], True),  # a time of day settles it
        (["40126", "44999"], True),
        (["31225"], False),  # 1985, or 12 March 2025
        (["26182"], False),  # 1971, or day 182 of 2026
        (["42186", "2015-07-01"], False),
        (["42186", "12"], False),
        (["42186", "47999"], False),  # after the file
        (["42186", "421867"], False),
        (["4218", "42186"], False),
        ([], False),
        (["", "-"], False),
    ],
)
def test_a_column_of_orders_counts_days_only_where_nothing_else_fits(
    texts: list[str], expected: bool
) -> None:
    assert are_counted(texts) is expected
    assert are_counted(texts[::-1]) is expected


def test_other_dates_may_lie_in_the_future_and_are_old() -> None:
    assert are_counted(["47999", "47970"], of_orders=False)  # a licence until 2031
    assert are_counted(["31500", "28999"], of_orders=False)  # formed in 1986 and 1979
    assert not are_counted(["42186"], of_orders=False)  # or 21 April 1986


@given(
    st.lists(st.dates(date(2009, 1, 1), date(2026, 1, 1)), min_size=8, max_size=30, unique=True),
    st.randoms(use_true_random=False),
)
def test_what_is_read_is_the_day_that_was_meant(days: list[date], order: Any) -> None:
    texts = [str((day - date(1899, 12, 30)).days) for day in days]
    counted = are_counted(texts)
    order.shuffle(texts)
    assert are_counted(texts) is counted
    for text, day in zip([str((day - date(1899, 12, 30)).days) for day in days], days, strict=True):
        assert day_of_number(text) == parse_date(text, counts_days=True).value == day


def workbook(folder: Path, dates: list[Any], *, epoch: Any = None) -> Path:
    book = openpyxl.Workbook()
    if epoch is not None:
        book.epoch = epoch
    sheet = book.active
    assert sheet is not None
    sheet.append(["order_id", "date", "buyer_name", "product"])
    for number, day in enumerate(dates, start=1):
        sheet.append([f"A{number}", day, "Alpha Ltd", "aluminium paste"])
    path = folder / "orders.xlsx"
    book.save(path)
    return path


def understood(path: Path) -> list[tuple[str, str]]:
    """Each date as written and, where it is understood, as a day; else why it is not."""
    notation = Notation().as_of(AS_OF)
    source, header = open_orders(path)
    with source:
        rows = settled_records(source, header, notation)
        records = [one for one in rows if isinstance(one, Record)]
    return [(one["date"].written, str(one["date"].value or one["date"].why)) for one in records]


NUMBERS = [42186, 42190, 42200.5]


def test_a_whole_column_of_a_workbook_is_read(tmp_path: Path) -> None:
    assert understood(workbook(tmp_path, NUMBERS)) == [
        ("42186", "2015-07-01"),
        ("42190", "2015-07-05"),
        ("42200.5", "2015-07-15"),
    ]


@pytest.mark.parametrize("engine", ["judge", "columnar"])
def test_a_check_says_that_it_took_numbers_for_days(tmp_path: Path, engine: Any) -> None:
    path = workbook(tmp_path, NUMBERS)
    report = Screener(as_of=AS_OF, engine=engine).check_files([path])
    assert report.summary.misread_cells == 0
    told = "date: its cells are the numbers of days: “42186” (row 2) is 2015-07-01"
    assert told in report.run.inputs[0].notes


@pytest.mark.parametrize("engine", ["judge", "columnar"])
def test_a_later_cell_of_another_kind_takes_it_back(tmp_path: Path, engine: Any) -> None:
    path = workbook(tmp_path, [*NUMBERS, datetime(2015, 7, 20)])
    report = Screener(as_of=AS_OF, engine=engine).check_files([path])
    assert report.summary.misread_cells == len(NUMBERS)


def test_a_sheet_that_counts_from_1904_is_not_read(tmp_path: Path) -> None:
    path = workbook(tmp_path, NUMBERS, epoch=CALENDAR_MAC_1904)
    assert all("can be the number of a day" in why for _, why in understood(path))


def test_a_text_file_does_not_say_from_when_it_counts(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("order_id,date,product\nA1,42186,paste\nA2,42190,paste\n")
    why = '"42186" can be the number of a day in a spreadsheet (2015-07-01)'
    assert understood(path)[0] == ("42186", why)
    (remedy,) = remedies([why])
    assert 'format = "excel"' in remedy


def test_the_remedy_is_the_one_for_what_is_open() -> None:
    days, two_ways = '"42186" can be the number of a day in a spreadsheet (x)', '"6.000" can be 6'
    assert len(remedies([days, two_ways])) == 2
    assert "day_first" in remedies([two_ways])[0]
    assert remedies(["no date"]) == []
