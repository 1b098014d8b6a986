"""Dates, ages and durations: exact days, whole months, and no guess at day and month."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from redflags.values.text import fold, shown
from redflags.values.understood import BLANK, NOT_STATED, Understood, unknown

EARLIEST_YEAR = 1900
LATEST_YEAR = 2100
_LONGEST = 80
_MOST_COUNT = 100_000

_MONTH_NAMES = (
    "january jan janvier janv januar jan jänner enero ene ocak oca январь января янв يناير",
    "february feb février févr fev februar febrero şubat şub февраль февраля фев فبراير شباط",
    "march mar mars märz mrz marzo mart март марта мар مارس آذار",
    "april apr avril avr abril abr nisan nis апрель апреля апр أبريل نيسان",
    "may mai mayo mayıs май мая مايو أيار",
    "june jun juin juni junio haziran haz июнь июня июн يونيو حزيران",
    "july jul juillet juil juli julio temmuz tem июль июля июл يوليو تموز",
    "august aug août aout agosto ago ağustos ağu август августа авг أغسطس آب",
    "september sep sept septembre septiembre set eylül eyl сентябрь сентября сен سبتمبر أيلول",
    "october oct octobre oktober okt octubre ekim eki октябрь октября окт أكتوبر",
    "november nov novembre noviembre kasım kas ноябрь ноября ноя نوفمبر",
    "december dec décembre déc dezember dez diciembre dic aralık ara декабрь декабря дек ديسمبر",
)  # fmt: skip
_MONTHS = {
    fold(word): number for number, words in enumerate(_MONTH_NAMES, 1) for word in words.split()
}
_ENGLISH = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_BASIC = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[01]\d|2[0-3])?(?:[0-5]\d){0,2}")
_MARKED = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]?")
_DOTTED = re.compile(r"(\d{4})\. (\d{1,2})\. (\d{1,2})\.?")
# As OData writes a moment: milliseconds since 1970, in UTC.
_MILLISECONDS = re.compile(r"\\?/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\\?/")
_NUMBER_OF_DAY = re.compile(r"([0-9]{2,5})(?:[.,][0-9]{1,15})?")
_DAY_NOUGHT = date(1899, 12, 30)
_SERIAL = re.compile(r"[2-7]\d{4}(?:[.,]\d{1,12})?")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:\s?г\.?)?")
_MONTH = re.compile(
    r"(?:0?[1-9]|1[0-2])[-/.](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}[-/.](?:0?[1-9]|1[0-2])"
)
_NUMERIC = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4})(?:\.|\s?г\.?)?")
_SHORT_YEAR = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{2})\.?")
_WORDED_SHORT = re.compile(r"(\d{1,2})[-/. ]{1,2}[^\W\d_]{3,12}\.?[-/. ]{1,2}(\d{2})")
# What systems print for a date that was never entered.
_NO_DAY = re.compile(r"0{1,4}(?:([-/.])0{1,2}\1)0{1,4}|0{6}|0{8}")
_TIME_AT_END = re.compile(
    r"(?:[T\s]+\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?|T\d{4}(?:\d{2})?)"
    r"\s?(?:[AaPp]\.?[Mm]\.?|Uhr|h)?\s?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?$"
    r"|(?<=\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})$"
    r"|\s?[上下]午\s?\d{1,2}[:时]\d{2}(?:[:分]\d{2})?秒?$"
)


def _digits(text: str) -> str:
    """Digits of every script as ASCII, and nothing unseen."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in text
        if unicodedata.category(character) != "Cf"
    )


def _without_time(text: str) -> str:
    """The text with ASCII digits and single spaces, a time of day at its end left out."""
    body = " ".join(_digits(text).split())
    time = _TIME_AT_END.search(body)
    return body[: time.start()].rstrip(" ,") if time is not None and time.start() > 5 else body


def _dated(text: str, year: int, month: int, day: int, how: str = "") -> Understood:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        why = f"the year {year} is not between {EARLIEST_YEAR} and {LATEST_YEAR}"
        return unknown(text, why)
    try:
        value = date(year, month, day)
    except ValueError:
        return unknown(text, f'"{shown(text.strip())}" is no day of the calendar')
    return Understood(written=text, value=value, how=how)


def parse_date(
    text: str,
    day_first: bool | None = None,
    latest: date | None = None,
    *,
    counts_days: bool = False,
) -> Understood:
    """A day, as ``datetime.date``; a time of day beside it is left out.

    ISO 8601, day and month in figures, and month names in seven languages are read. Where day and
    month could be exchanged the date is unknown unless ``day_first`` says which comes first;
    points between them (``01.02.2026``) mean day first by custom. A year of two digits is one of
    this century where ``day_first`` is given and the day is not after ``latest``; else it is
    unknown, as are years outside 1900 to 2100. A bare number is that of a day in a spreadsheet only
    with ``counts_days``; it is not guessed.
    """
    stripped = text.strip()
    if not stripped:
        return BLANK
    if len(text) > _LONGEST:
        return unknown(text, f'"{shown(stripped)}" is no date')
    body = _without_time(stripped)
    if _NO_DAY.fullmatch(body):
        return unknown(text, NOT_STATED)
    if (iso := _ISO.fullmatch(body)) is not None:
        return _dated(text, int(iso[1]), int(iso[3]), int(iso[4]))
    if (basic := _BASIC.fullmatch(body)) is not None:
        return _dated(text, int(basic[1]), int(basic[2]), int(basic[3]))
    if (marked := _MARKED.fullmatch(body)) is not None:
        return _dated(text, int(marked[1]), int(marked[2]), int(marked[3]))
    if (dotted := _DOTTED.fullmatch(body)) is not None:
        return _dated(text, int(dotted[1]), int(dotted[2]), int(dotted[3]))
    if (moment := _MILLISECONDS.fullmatch(body)) is not None:
        return _of_moment(text, int(moment[1]))
    if (numeric := _NUMERIC.fullmatch(body)) is not None:
        return _numeric(text, numeric, day_first)
    if (short := _SHORT_YEAR.fullmatch(body)) is not None:
        if day_first is None or latest is None:
            return unknown(text, f'"{shown(stripped)}" has a year of two digits')
        return _of_this_century(_numeric(text, short, day_first), latest)
    if (short := _WORDED_SHORT.fullmatch(body)) is not None and day_first is not None and latest:
        whole = _worded(text, f"{body[: short.start(2)]}20{short[2]}")
        return _of_this_century(whole, latest)
    if _YEAR.fullmatch(body):
        return unknown(text, f'"{shown(stripped)}" is a year: the day is needed')
    if _MONTH.fullmatch(body):
        return unknown(text, f'"{shown(stripped)}" is a month: the day is needed')
    if _SERIAL.fullmatch(body):
        day = day_of_number(body)
        if counts_days and day is not None:
            return _dated(text, day.year, day.month, day.day, "the number of a day")
        return unknown(text, f'"{shown(stripped)}" {NUMBER_OF_A_DAY} ({day})')
    return _worded(text, body)


NUMBER_OF_A_DAY = "can be the number of a day in a spreadsheet"
"""Why a bare number is no date, in words that the day follows."""

_FIRST_NUMBER = 61
"""1 March 1900: before it spreadsheets count a day too many."""


def day_of_number(text: str) -> date | None:
    """The day that a spreadsheet which counts from 1900 means by a number, such as ``42186`` or,
    with a time of day, ``42186.75``; None for any other text."""
    number = _NUMBER_OF_DAY.fullmatch(text)
    if number is None or int(number[1]) < _FIRST_NUMBER:
        return None
    return _DAY_NOUGHT + timedelta(int(number[1]))


def _of_moment(text: str, milliseconds: int) -> Understood:
    """The day, in UTC, of so many milliseconds since the start of 1970."""
    number = milliseconds // 86_400_000 + _START_OF_1970
    if not date(EARLIEST_YEAR, 1, 1).toordinal() <= number <= date(LATEST_YEAR, 12, 31).toordinal():
        return unknown(text, f'"{shown(text.strip())}" is no date')
    day = date.fromordinal(number)
    return _dated(text, day.year, day.month, day.day, f"read as {day} in UTC")


_START_OF_1970 = date(1970, 1, 1).toordinal()


def _of_this_century(found: Understood, latest: date) -> Understood:
    if found.value is None or found.value > latest:
        said = f'"{shown(found.written.strip())}" has a year of two digits'
        later = f", and {found.value} is later than the file can be" if found.value else ""
        return unknown(found.written, found.why or said + later)
    how = "; ".join(part for part in (found.how, f"read as {found.value.year}") if part)
    return Understood(written=found.written, value=found.value, how=how)


def short_year(text: str) -> tuple[int, int, bool] | None:
    """The first and the last number of a date with a year of two digits, and whether its month is
    in words; None for any other text."""
    if len(text) > _LONGEST:
        return None
    body = _without_time(text)
    if (figures := _SHORT_YEAR.fullmatch(body)) is not None:
        return int(figures[1]), int(figures[4]), False
    words = _WORDED_SHORT.fullmatch(body)
    if words is None or _worded(text, f"{body[: words.start(2)]}20{words[2]}").value is None:
        return None
    return int(words[1]), int(words[2]), True


def _numeric(text: str, match: re.Match[str], day_first: bool | None) -> Understood:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    year += 2000 if len(match[4]) == 2 else 0
    if first > 12 or second > 12 or first == second:
        day, month = (first, second) if first > 12 or first == second else (second, first)
        return _dated(text, year, month, day)
    if day_first is None and match[2] == ".":
        return _dated(text, year, second, first, "day first, as is the custom with points")
    if day_first is None:
        if first == 0 or second == 0:
            return unknown(text, f'"{shown(text.strip())}" is no day of the calendar')
        one, other = f"{first} {_ENGLISH[second - 1]}", f"{second} {_ENGLISH[first - 1]}"
        return unknown(text, f'"{shown(text.strip())}" can be {one} or {other}')
    day, month = (first, second) if day_first else (second, first)
    return _dated(text, year, month, day, "day first" if day_first else "month first")


def day_comes_first(text: str) -> bool | None:
    """Whether a date in figures can only be read with the day first (True) or the month (False).

    None where both can be, where day and month are the same figure, and for any other text.
    """
    if len(text) > _LONGEST:
        return None
    body = _without_time(text)
    match = _NUMERIC.fullmatch(body) or _SHORT_YEAR.fullmatch(body)
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    if first == second or (first > 12) == (second > 12):
        return None
    # Only a day of the calendar speaks for anything: 13/31/2026 is a mistake.
    return first > 12 if _numeric(text, match, True).value is not None else None


def _worded(text: str, body: str) -> Understood:
    """A date with the month in words; anything else is refused."""
    refused = unknown(text, f'"{shown(text.strip())}" is no date')
    words = fold(
        body.replace("كانون الثاني", "يناير")
        .replace("كانون الأول", "ديسمبر")
        .replace("تشرين الأول", "أكتوبر")
        .replace("تشرين الثاني", "نوفمبر")
    ).split()
    months: list[int] = []
    numbers: list[str] = []
    for word in words:
        if word in _MONTHS:
            months.append(_MONTHS[word])
        elif word.isdigit():
            numbers.append(word)
        elif (ordinal := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th|er|de)", word)) is not None:
            numbers.append(ordinal[1])
        elif word not in _DATE_WORDS:
            return refused
    if len(months) != 1 or len(numbers) != 2:
        return refused
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    if len(days) == 2:
        return unknown(text, f'"{shown(text.strip())}" has a year of two digits')
    if len(years) != 1 or len(days) != 1:
        return refused
    return _dated(text, int(years[0]), months[0], int(days[0]))


_DATE_WORDS = frozenset(
    map(
        fold,
        (
            "of", "the", "de", "del", "le", "el", "den", "der", "am", "du", "года", "год", "г", "y",
            "mon", "monday", "tue", "tuesday", "wed", "wednesday", "thu", "thursday", "fri",
            "friday", "sat", "saturday", "sun", "sunday",
            "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend",
            "sonntag", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
            "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo",
            "pazartesi", "salı", "çarşamba", "perşembe", "cuma", "cumartesi", "pazar",
            "понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье",
        ),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Age:
    """A span of time: completed months and the days over them, and all its days."""

    months: int
    days_over: int
    days: int


@dataclass(frozen=True, slots=True)
class Duration:
    """A stated length of time; ``unit`` is days, weeks, months or years."""

    count: int
    unit: str


def _months_after(start: date, months: int) -> date:
    """The same day ``months`` later; the last day of a shorter month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for day in range(start.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, min(start.day, 28))


def age_on(start: date, on: date) -> Age:
    """The age on a day; ``start`` must not be later than ``on``.

    Who starts on 29 February completes a year on 28 February in common years.
    """
    months = (on.year - start.year) * 12 + on.month - start.month
    if months > 0 and _months_after(start, months) > on:
        months -= 1
    return Age(months, (on - _months_after(start, months)).days, (on - start).days)


_UNIT_WORDS = {
    "days": "day days d tage tag tagen jour jours día días gün день дня дней сут يوم أيام يوما",
    "weeks": "week weeks w wk wks woche wochen semaine semaines semana semanas hafta неделя недели "
    "недель أسبوع أسابيع",
    "months": "month months mo mos mth mths monat monate monaten mois mes meses ay месяц месяца "
    "месяцев мес شهر أشهر شهور",
    "years": "year years y yr yrs jahr jahre jahren an ans année années año años yıl sene год года "
    "лет г سنة سنوات عام أعوام",
}
_UNITS = {fold(word): unit for unit, words in _UNIT_WORDS.items() for word in words.split()}
_NUMBER_WORDS = {
    fold(word): number
    for number, words in enumerate(
        (
            "one a an ein eine einem un une uno una bir один одна",
            "two zwei deux dos iki два две",
            "three drei trois tres üç три",
            "four vier quatre cuatro dört четыре",
            "five fünf cinq cinco beş пять",
            "six sechs seis altı шесть",
            "seven sieben sept siete yedi семь",
            "eight acht huit ocho sekiz восемь",
            "nine neun neuf nueve dokuz девять",
            "ten zehn dix diez on десять",
        ),
        1,
    )
    for word in words.split()
}
_COUNTED = re.compile(r"(\d{1,9})\s?([^\W\d_]+)")
# Folding leaves signs out, and five years less than nothing are not five years.
_BELOW_NOTHING = re.compile(r"[-\u2010-\u2015\u2212]\s?\d")


def parse_duration(text: str) -> Understood:
    """A length of time such as ``2 years``, ``90 days`` or ``6 Monate``, as a Duration."""
    stripped = text.strip()
    if not stripped:
        return BLANK
    refused = unknown(text, f'"{shown(stripped)}" is no length of time')
    if len(text) > _LONGEST or _BELOW_NOTHING.match(stripped):
        return refused
    words = fold(_digits(stripped))
    if (dual := {fold("سنتان"): "years", fold("سنتين"): "years", fold("شهرين"): "months",
                 fold("يومين"): "days"}.get(words)) is not None:  # fmt: skip
        return Understood(written=text, value=Duration(2, dual))
    match = _COUNTED.fullmatch(words)
    if match is not None:
        count, word = int(match[1]), match[2]
    else:
        first, _, word = words.partition(" ")
        if first not in _NUMBER_WORDS:
            return refused
        count = _NUMBER_WORDS[first]
    unit = _UNITS.get(word)
    if unit is None or count > _MOST_COUNT:
        return refused
    return Understood(written=text, value=Duration(count, unit))


def compare_age(age: Age, duration: Duration) -> int:
    """-1, 0 or 1 as the age is less than, equal to or more than the duration.

    Days and weeks are compared by days; months and years by completed months and days over.
    """
    if duration.unit in ("days", "weeks"):
        days = duration.count * (7 if duration.unit == "weeks" else 1)
        return (age.days > days) - (age.days < days)
    months = duration.count * (12 if duration.unit == "years" else 1)
    stated, other = (age.months, age.days_over), (months, 0)
    return (stated > other) - (stated < other)


def parse_age(text: str) -> Understood:
    """An age stated as a length of time, as an Age.

    Months count 30.436875 days (the mean of the Gregorian calendar) in its days, days count
    towards months at the same rate, both rounded down.
    """
    stated = parse_duration(text)
    if stated.value is None:
        return stated
    duration: Duration = stated.value
    if duration.unit in ("days", "weeks"):
        days = duration.count * (7 if duration.unit == "weeks" else 1)
        # 146,097 days are 4,800 months.
        months = days * 4_800 // 146_097
        over = days - -(-months * 146_097 // 4_800)
        return Understood(written=text, value=Age(months, max(0, over), days))
    months = duration.count * (12 if duration.unit == "years" else 1)
    return Understood(written=text, value=Age(months, 0, months * 146_097 // 4_800))
