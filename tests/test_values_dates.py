"""Days are exact, ages count whole months, and day and month are never guessed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.values.dates import (
    Age,
    Duration,
    age_on,
    compare_age,
    parse_age,
    parse_date,
    parse_duration,
)

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
FIRST_OF_JULY = date(2015, 7, 1)


@pytest.mark.parametrize(
    "text",
    ["2015-07-01", "2015-7-1", "20150701", "2015/07/01", "2015-07-01T10:20:30Z",
     "2015-07-01 10:20", "2015-07-01T10:20:30.123+03:00", "1 July 2015", "1st July 2015",
     "Jul 1, 2015", "July 1 2015", "2015-Jul-01", "01-Jul-2015", "1. Juli 2015",
     "1 juillet 2015", "1er juillet 2015", "1 de julio de 2015", "1 temmuz 2015",
     "1 TEMMUZ 2015", "1 июля 2015 г.", "01.07.2015", "1.7.2015", "٢٠١٥-٠٧-٠١", "١ يوليو ٢٠١٥",
     "Wed, 01 Jul 2015 10:00:00 GMT", "Mittwoch, 1. Juli 2015", "1 Temmuz 2015 Çarşamba",
     "miércoles 1 de julio de 2015", "mercredi 1 juillet 2015", "2015. 7. 1.", "2015-07-01+02:00",
     "2015-07-01Z", "2015/7/1 上午9:05", "2015年7月1日", "/Date(1435708800000)/",
     "/Date(1435795199999+0000)/", "01.07.2015 г."],
)  # fmt: skip
def test_one_day_in_many_spellings(text: str) -> None:
    assert parse_date(text).value == FIRST_OF_JULY


def test_points_mean_day_first_and_say_so() -> None:
    assert parse_date("01.07.2015").how == "day first, as is the custom with points"
    assert parse_date("01.07.2015", day_first=False).value == date(2015, 1, 7)


@pytest.mark.parametrize(
    ("text", "value"),
    [("13/02/2026", date(2026, 2, 13)), ("02/13/2026", date(2026, 2, 13)),
     ("02/02/2026", date(2026, 2, 2)), ("13-2-2026", date(2026, 2, 13))],
)  # fmt: skip
def test_figures_that_have_one_reading(text: str, value: date) -> None:
    assert parse_date(text).value == value


def test_figures_that_have_two_readings_are_unknown_until_settled() -> None:
    assert parse_date("01/02/2026").why == '"01/02/2026" can be 1 February or 2 January'
    assert parse_date("01/02/2026", day_first=True).value == date(2026, 2, 1)
    assert parse_date("01/02/2026", day_first=False).value == date(2026, 1, 2)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "42000", "01/02/26", "1 Jul 15", "30.02.2024", "2023-02-29", "1899-12-31",
     "2101-01-01", "13/13/2020", "00/01/2020", "2020-00-10", "July 2015", "2015", "1 July",
     "1 July 2015 and 2 July 2015", "2015-07/01", "/Date(99999999999999)/", "/Date()/",
     "/Date(-99999999999999)/", "2015-07-01-1"],
)  # fmt: skip
def test_no_dates(text: str) -> None:
    day = parse_date(text)
    assert day.value is None
    assert day.why


@given(DAYS)
def test_iso_dates_come_back(day: date) -> None:
    assert parse_date(day.isoformat()).value == day
    assert parse_date(f"{day:%Y%m%d}").value == day
    assert parse_date(f"{day.day}/{day.month}/{day.year}", day_first=True).value == day


@given(st.dates(date(1900, 1, 1), date(2050, 1, 1)), st.integers(0, 20_000))
def test_an_age_adds_up(start: date, days: int) -> None:
    age = age_on(start, start + timedelta(days=days))
    assert age.days == days
    assert 0 <= age.days_over <= 31
    assert age.months * 28 <= days


@given(st.dates(date(1900, 1, 1), date(2000, 1, 1)), st.integers(0, 10_000))
def test_a_day_more_never_makes_younger(start: date, days: int) -> None:
    younger = age_on(start, start + timedelta(days=days))
    older = age_on(start, start + timedelta(days=days + 1))
    assert (younger.months, younger.days_over) < (older.months, older.days_over)


@pytest.mark.parametrize(
    ("start", "on", "age"),
    [
        (date(2020, 2, 29), date(2021, 2, 27), Age(11, 29, 364)),
        (date(2020, 2, 29), date(2021, 2, 28), Age(12, 0, 365)),
        (date(2020, 2, 29), date(2024, 2, 29), Age(48, 0, 1461)),
        (date(2020, 1, 31), date(2020, 2, 29), Age(1, 0, 29)),
        (date(2020, 1, 31), date(2020, 2, 28), Age(0, 28, 28)),
        (date(2020, 1, 1), date(2020, 1, 1), Age(0, 0, 0)),
        (date(2013, 7, 2), date(2015, 7, 1), Age(23, 29, 729)),
    ],
)
def test_ages(start: date, on: date, age: Age) -> None:
    assert age_on(start, on) == age


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [("2 years", 2, "years"), ("2y", 2, "years"), ("6 months", 6, "months"),
     ("90 days", 90, "days"),
     ("3 weeks", 3, "weeks"), ("2 yıl", 2, "years"), ("6 Monate", 6, "months"),
     ("2 ans", 2, "years"),
     ("2 años", 2, "years"), ("2 года", 2, "years"), ("٣ أشهر", 3, "months"), ("سنتين", 2, "years"),
     ("two years", 2, "years"), ("0 days", 0, "days")],
)  # fmt: skip
def test_durations(text: str, count: int, unit: str) -> None:
    assert parse_duration(text).value == Duration(count, unit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "years",
        "2",
        "2 quux",
        "999999999 years",
        "2 years 3 months",
        "-2 years",
        "−90 days",
        "- 5 years",
    ],
)
def test_no_durations(text: str) -> None:
    assert parse_duration(text).value is None


@pytest.mark.parametrize(
    ("age", "duration", "verdict"),
    [
        (Age(23, 29, 729), Duration(2, "years"), -1),
        (Age(24, 0, 730), Duration(2, "years"), 0),
        (Age(24, 1, 731), Duration(2, "years"), 1),
        (Age(5, 30, 183), Duration(6, "months"), -1),
        (Age(2, 30, 90), Duration(90, "days"), 0),
        (Age(2, 30, 90), Duration(13, "weeks"), -1),
    ],
)
def test_comparison(age: Age, duration: Duration, verdict: int) -> None:
    assert compare_age(age, duration) == verdict


@given(st.integers(0, 1_000), st.sampled_from(["days", "weeks", "months", "years"]))
def test_a_stated_age_equals_the_length_it_states(count: int, unit: str) -> None:
    age = parse_age(f"{count} {unit}").value
    assert compare_age(age, Duration(count, unit)) == 0


@pytest.mark.parametrize(
    ("text", "part"),
    [("2011", "year"), ("1998 г.", "year"), ("03/2022", "month"), ("2022-03", "month"),
     ("3.2022", "month")],
)  # fmt: skip
def test_a_date_without_its_day_says_what_is_missing(text: str, part: str) -> None:
    found = parse_date(text)
    assert found.value is None
    assert found.why == f'"{text}" is a {part}: the day is needed'
