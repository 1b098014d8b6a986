"""How dates are written, as a mapping or the name of a column states it, and dates read by it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from redflags.model.kinds import DATE
from redflags.model.notation import Notation
from redflags.values.dates import day_of_number

DAY_FIRST, MONTH_FIRST, EXCEL = "day-first", "month-first", "excel"

_LONGEST = 60
_TOKENS = {
    "d": r"(?P<day>\d{1,2})",
    "e": r"(?P<day>\d{1,2})",
    "m": r"(?P<month>\d{1,2})",
    "Y": r"(?P<year>\d{4})",
    "y": r"(?P<short>\d{2})",
    "b": r"(?P<word>[^\W\d_]{3,12}\.?)",
    "B": r"(?P<word>[^\W\d_]{3,12}\.?)",
    "H": r"\d{1,2}",
    "I": r"\d{1,2}",
    "M": r"\d{1,2}",
    "S": r"\d{1,2}",
    "f": r"\d{1,9}",
    "p": r"[AaPp]\.?[Mm]\.?",
    "a": r"[^\W\d_]{2,12}\.?",
    "A": r"[^\W\d_]{2,12}\.?",
    "%": "%",
}
_EVERYDAY = {
    "dd": "%d", "d": "%d", "mm": "%m", "m": "%m", "mmm": "%b", "mmmm": "%B", "yyyy": "%Y",
    "yy": "%y", "jjjj": "%Y", "jj": "%y", "tt": "%d", "t": "%d", "aaaa": "%Y", "aa": "%y",
    "gg": "%d", "g": "%d",
}  # fmt: skip
"""Letters for day, month and year as forms print them, also in German, French and Turkish."""


@dataclass(frozen=True, slots=True)
class DateFormat:
    """A way of writing dates: which of day and month comes first, or a whole pattern.

    ``pattern`` is a regular expression without nested repetition, so that no text takes long.
    With ``is_serial`` a day is the number that spreadsheets have for it, 1 being 1 January 1900.
    """

    text: str
    day_first: bool | None = None
    pattern: re.Pattern[str] | None = None
    is_serial: bool = False

    def read(self, text: str) -> str:
        """The date as 2015-07-01 if the text is written so, else the text as it is."""
        stripped = text.strip()
        if not stripped or len(stripped) > _LONGEST:
            return text
        if self.is_serial:
            day = day_of_number(stripped)
            return text if day is None else day.isoformat()
        if self.pattern is None:
            stated = DATE.parse(text, Notation(day_first=self.day_first))
            return stated.value.isoformat() if isinstance(stated.value, date) else text
        found = self.pattern.fullmatch(stripped)
        return text if found is None else self._day(found) or text

    def _day(self, found: re.Match[str]) -> str:
        parts = found.groupdict()
        year = int(parts.get("year") or 0)
        if parts.get("short") is not None:
            year = int(parts["short"])
            year += 1900 if year >= 69 else 2000  # as POSIX has it
        if parts.get("word") is not None:
            worded = DATE.parse(f"{parts['day']} {parts['word']} {year}")
            return worded.value.isoformat() if isinstance(worded.value, date) else ""
        try:
            return date(year, int(parts["month"]), int(parts["day"])).isoformat()
        except ValueError:
            return ""


@lru_cache(maxsize=256)
def date_format(text: str) -> DateFormat | None:
    """The format that a text describes: ``day-first``, ``month-first``, ``excel`` (the numbers of
    days in a spreadsheet), ``%d.%m.%Y`` or ``dd.mm.yyyy``. None if it describes none, or leaves
    day, month or year out."""
    plain = " ".join(text.split())
    if plain in (DAY_FIRST, MONTH_FIRST):
        return DateFormat(plain, day_first=plain == DAY_FIRST)
    if plain == EXCEL:
        return DateFormat(plain, is_serial=True)
    if len(plain) > _LONGEST:
        return None
    if "%" not in plain:
        plain = _spelled(plain)
    pattern, used = "", set()
    place = 0
    while place < len(plain):
        letter = plain[place]
        place += 1
        if letter != "%":
            pattern += r"\s+" if letter.isspace() else re.escape(letter)
            continue
        token = plain[place : place + 1]
        place += 1
        if token not in _TOKENS:
            return None
        group = {"e": "d", "y": "Y", "b": "m", "B": "m"}.get(token, token)
        if token not in "%" and group in used:
            return None
        used.add(group)
        pattern += _TOKENS[token]
    if not {"d", "m", "Y"} <= used:
        return None
    return DateFormat(" ".join(text.split()), pattern=re.compile(pattern))


def date_notation(text: str) -> DateFormat | None:
    """The format that a hint in the name of a column describes: ``(DD/MM/YYYY)``."""
    return date_format(text) if re.fullmatch(r"[A-Za-z%./\- ]{6,20}", text.strip()) else None


def _spelled(text: str) -> str:
    """``dd.mm.yyyy`` as ``%d.%m.%Y``; empty if it has any other letters."""
    spelled = ""
    for run in re.findall(r"[A-Za-z]+|[^A-Za-z]+", text):
        if run[0].isalpha():
            pieces = re.findall(r"([a-z])(\1*)", run.lower())
            tokens = [_EVERYDAY.get(first + more) for first, more in pieces]
            if None in tokens:
                return ""
            spelled += "".join(str(token) for token in tokens)
        elif any(letter.isdigit() for letter in run):
            return ""
        else:
            spelled += run
    return spelled
