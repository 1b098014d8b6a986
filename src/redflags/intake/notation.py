"""The notation of a whole column: one text that can be read in one way only settles the others.

Only unambiguous texts count. Where two of them contradict each other nothing is settled, and the
contradiction is told. Each column speaks for itself: dates may come from one system and sums of
money from another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from redflags.intake.day_numbers import DayNumbers
from redflags.model.fields import field_table
from redflags.model.notation import AS_WRITTEN, Notation, Notations
from redflags.model.record import record_of_texts
from redflags.values.dates import day_comes_first, day_of_number, short_year
from redflags.values.number import decimal_mark
from redflags.values.text import shown

if TYPE_CHECKING:
    import polars as pl

    from redflags.readers import TableSource, TextBatches

NUMBERS = frozenset({"quantity", "money", "concentration"})
"""Kinds of fields in which numbers stand whose decimal mark may be open."""

DATES = frozenset({"date"})
"""Kinds of fields in which day and month may be open."""

PLAIN_NUMBERS = {
    None: re.compile(r"^[1-9][0-9]{0,5}(?:[.,][0-9]{1,2})?$"),
    ".": re.compile(r"^[1-9](?:[0-9]{0,5}|[0-9]{0,2},[0-9]{3})(?:\.[0-9]{1,4})?$"),
    ",": re.compile(r"^[1-9](?:[0-9]{0,5}|[0-9]{0,2}\.[0-9]{3})(?:,[0-9]{1,4})?$"),
}
"""By the decimal mark: numbers that are understood beyond doubt, in front of a unit with which the
largest of them is; as patterns that Python and Polars both know."""

_LONGEST = 120
_MOST_NUMBERS = 4
# A number as a person writes it, within a text that has a unit or a currency in it as well.
_NUMBER = re.compile(r"[0-9٠-٩۰-۹](?:[0-9٠-٩۰-۹.,'’٫٬ \u00a0\u202f]{0,58}[0-9٠-٩۰-۹])?")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A text that can be read in one way only, and the row it stands in, if that is known."""

    text: str
    row: int | None = None

    def __str__(self) -> str:
        place = "" if self.row is None else f" (row {self.row})"
        return f"“{shown(self.text.strip())}”{place}"


@dataclass(frozen=True, slots=True)
class ColumnNotation:
    """What the texts of one column settle.

    ``notation`` has what is settled, and None for what stays open. ``reason`` says why in a
    sentence without a full stop; it is empty where nothing speaks either way. ``evidence`` is the
    text that settled it; of a contradiction, the first text of each side.
    """

    notation: Notation = AS_WRITTEN
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    is_contradictory: bool = False


@dataclass(slots=True)
class _Gathered:
    """The first text that speaks for each way in which a column can be read."""

    kind: str
    is_stated: bool = False
    day_numbers: DayNumbers | None = None
    found: dict[str | bool, Evidence] = field(default_factory=dict)
    negative: int = 0
    others: int = 0
    latest: int | None = None
    short: Evidence | None = None
    worded: Evidence | None = None
    firsts: set[int] = field(default_factory=set)
    lasts: set[int] = field(default_factory=set)

    def add(self, text: str, row: int | None, count: int = 1) -> None:
        if self.kind == "quantity":
            sign = _sign(text)
            self.negative += count * (sign < 0)
            self.others += count * (sign > 0)
        if self.day_numbers is not None:
            self.day_numbers.add(text, row)
        if self.is_stated:
            return
        if self.kind in DATES and (parts := _short_year(text)) is not None:
            if self.latest is None:
                return  # nothing can be made of such a date, so it settles nothing
            self._note_short_year(parts, Evidence(text, row))
        for way in _ways(text, self.kind in DATES):
            known = self.found.get(way)
            # Texts may come in any order: what is told is the same every time.
            if known is None or _rank(Evidence(text, row)) < _rank(known):
                self.found[way] = Evidence(text, row)

    def without_plain(self, column: pl.DataFrame) -> pl.DataFrame:
        """A batch of texts without those that say nothing that earlier rows did not say: numbers
        that are plain with the one mark that is known. They are counted."""
        if self.is_stated or len(self.found) != 1:
            return column
        plain = PLAIN_NUMBERS[str(next(iter(self.found)))]
        rest = column.filter(~column["text"].str.contains(plain.pattern))
        self.others += column.height - rest.height
        return rest

    def _note_short_year(self, parts: tuple[int, int, bool], evidence: Evidence) -> None:
        first, last, is_worded = parts
        self.firsts.add(first)
        self.lasts.add(last)
        if self.short is None or _rank(evidence) < _rank(self.short):
            self.short = evidence
        if is_worded and (self.worded is None or _rank(evidence) < _rank(self.worded)):
            self.worded = evidence

    def _may_begin_with_year(self) -> bool:
        """Whether dates with years of two digits look as if the year came first: few different
        numbers at their beginnings, none of them a year to come, and more at their ends."""
        return (
            self.latest is not None
            and len(self.firsts) < len(self.lasts)
            and max(self.firsts) <= self.latest
            and max(self.lasts) <= 31
        )

    @property
    def minus_is_open(self) -> bool:
        """Whether more quantities are negative than are not."""
        return self.negative > self.others

    def settled(self) -> ColumnNotation:
        """What the notation is, and why. The minus is told apart from it."""
        if self.day_numbers is not None and self.day_numbers.are_counted:
            return _counted_days(self.day_numbers)
        found = self._of_marks()
        if not self.minus_is_open:
            return found
        reason = "most quantities are negative, so a minus may mark goods that leave"
        return replace(
            found,
            notation=replace(found.notation, minus_is_open=True),
            reason=f"{found.reason}; {reason}" if found.reason else reason,
        )

    def _of_marks(self) -> ColumnNotation:
        if self.short is not None and self._may_begin_with_year():
            reason = f"{self.short} may begin with the year, so nothing is settled"
            return ColumnNotation(AS_WRITTEN, reason, (self.short,), is_contradictory=True)
        if not self.found and self.worded is not None and len(self.lasts) < len(self.firsts):
            reason = f"{self.worded} and the other dates say the day comes first"
            return ColumnNotation(Notation(day_first=True), reason, (self.worded,))
        if not self.found:
            return ColumnNotation()
        evidence = tuple(sorted(self.found.values(), key=_rank))
        if len(self.found) > 1:
            first, second = evidence[0], evidence[-1]
            if first.text == second.text:
                reason = f"{first} can be read in no one way"
            else:
                reason = f"{first} and {second} cannot both be read in one way"
            return ColumnNotation(
                AS_WRITTEN, f"{reason}, so nothing is settled", evidence, is_contradictory=True
            )
        way = next(iter(self.found))
        if isinstance(way, bool):
            said = "the day comes first" if way else "the month comes first"
            return ColumnNotation(Notation(day_first=way), f"{evidence[0]} says {said}", evidence)
        said = "the comma is the decimal mark" if way == "," else "the point is the decimal mark"
        return ColumnNotation(Notation(decimal=way), f"{evidence[0]} says {said}", evidence)


def _counted_days(found: DayNumbers) -> ColumnNotation:
    row, text = found.first or (0, "")
    evidence = Evidence(text, row or None)
    reason = f"its cells are the numbers of days: {evidence} is {day_of_number(text)}"
    return ColumnNotation(Notation(counts_days=True), reason, (evidence,))


def _rank(one: Evidence) -> tuple[bool, int, int, str]:
    return (one.row is None, one.row or 0, len(one.text), one.text)


def numbers_of(texts: Iterable[str], rows: Mapping[str, int] | None = None) -> ColumnNotation:
    """What the texts of a column of numbers settle about the decimal mark.

    ``1.234,56`` and ``12,5`` say comma, ``1,234.56`` and ``0.125`` say point; ``6.000`` says
    nothing. Units and currencies may stand beside the numbers. ``rows`` gives the row of a text.
    """
    return _settled("quantity", texts, rows)


def dates_of(texts: Iterable[str], rows: Mapping[str, int] | None = None) -> ColumnNotation:
    """What the texts of a column of dates settle about day and month: ``13/02/2026`` says that
    the day comes first, ``02/13/2026`` the month; ``01/02/2026`` says nothing."""
    return _settled("date", texts, rows)


def _settled(kind: str, texts: Iterable[str], rows: Mapping[str, int] | None) -> ColumnNotation:
    gathered = _Gathered(kind)
    for text in texts:
        gathered.add(text, None if rows is None else rows.get(text))
    return gathered.settled()


def column_notations(
    texts_by_field: Mapping[str, Iterable[str]], stated: Notation = AS_WRITTEN
) -> Notations:
    """The notation of each field from the distinct texts of its column.

    ``texts_by_field`` has fields of any kind, those without numbers or dates are passed over.
    What ``stated``, the user's setting, settles wins over what a column says.
    """
    scan = NotationScan(tuple(texts_by_field), stated)
    for path, texts in texts_by_field.items():
        scan.add_texts(path, texts)
    return scan.notations()


class NotationScan:
    """Gathers what the columns of one input say about their notation, in flat memory.

    ``fields`` has the field of each column by position, None for a column that is not used.
    ``stated`` is the user's setting: what it settles is not looked for.
    """

    def __init__(self, fields: Sequence[str | None], stated: Notation = AS_WRITTEN) -> None:
        self._stated = stated
        table = field_table()
        self._gathered: dict[str, _Gathered] = {}
        self._columns: list[tuple[int, _Gathered]] = []
        for position, path in enumerate(fields):
            if path is None or path not in table or not _is_open(table[path].kind.name, stated):
                continue
            kind = table[path].kind.name
            is_stated = kind in NUMBERS and stated.decimal is not None
            is_stated |= kind in DATES and stated.day_first is not None
            one = self._gathered[path] = _Gathered(kind, is_stated)
            if stated.latest_day is not None:
                one.latest = stated.latest_day.year - 2000
                if kind in DATES and stated.counts_days is None:
                    one.day_numbers = DayNumbers(stated.latest_day, of_orders=path == "date")
            self._columns.append((position, one))

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields whose texts are needed; none where the user's setting says everything."""
        return tuple(self._gathered)

    def add_row(self, cells: Sequence[str], row: int | None = None) -> None:
        """Add the cells of one row, in the order of the columns."""
        for position, gathered in self._columns:
            gathered.add(cells[position], row)

    def add_texts(self, path: str, texts: Iterable[str | None]) -> None:
        """Add texts of the column of one field, such as the distinct ones of a batch."""
        gathered = self._gathered.get(path)
        if gathered is None:
            return
        for text in texts:
            if text is not None:
                gathered.add(text, None)

    def add_batch(self, frame: pl.DataFrame, rows: pl.Series) -> None:
        """Add a batch of rows: the text column of each of :attr:`fields`, named by its path, and
        the row that each stands in. Each text is read once."""
        import polars as pl

        for path in frame.columns:
            gathered = self._gathered.get(path)
            if gathered is None:
                continue
            column = pl.DataFrame({"text": frame[path], "row": rows})
            shape = pl.col("text")
            if gathered.kind in NUMBERS:
                column = gathered.without_plain(column)
                # What a number says of its notation, its digits do not matter for, but a nought
                # at its beginning: there are few shapes where nearly every row has its own number.
                begins = shape.str.contains(r"(?:^|[^0-9.,])0|[^ -~]")
                shape = pl.when(begins).then(shape).otherwise(shape.str.replace_all("[0-9]", "1"))
            counted = (
                column.group_by(shape.alias("shape"))
                .agg(pl.len(), pl.col("text").first(), pl.col("row").first())
                .select("text", "len", "row")
            )
            for text, count, row in counted.iter_rows():
                gathered.add(text, row, count)

    def columns(self) -> Mapping[str, ColumnNotation]:
        """What each column says, for the account of what was read; silent ones are left out."""
        settled = {path: one.settled() for path, one in self._gathered.items()}
        return {path: one for path, one in settled.items() if one.reason}

    def notations(self) -> Notations:
        """The notation of every field: the user's setting, and what its own column settles."""
        found = {}
        for path, one in self.columns().items():
            notation = Notation(
                one.notation.decimal if self._stated.decimal is None else self._stated.decimal,
                one.notation.day_first
                if self._stated.day_first is None
                else self._stated.day_first,
                one.notation.minus_is_open,
                self._stated.latest_day,
                one.notation.counts_days or self._stated.counts_days,
            )
            if notation != self._stated:
                found[path] = notation
        return Notations(self._stated, found)


def _is_open(kind: str, stated: Notation) -> bool:
    if kind in NUMBERS:
        return stated.decimal is None or kind == "quantity"
    return kind in DATES and (stated.day_first is None or stated.counts_days is None)


def in_sheet(source: TableSource | TextBatches, stated: Notation) -> Notation:
    """What is stated for a source: the dates of a sheet may be the numbers of days."""
    return replace(stated, counts_days=None) if source.counts_days else stated


_MINUS = re.compile(
    r"\s*(?:[-−–(]\s*[0-9.,]|[0-9][0-9.,' ]{0,40}(?<=[0-9])[-−](?:\s+[^\W\d]|\s*$))"
)
_DIGIT = re.compile(r"[1-9]")


@lru_cache(maxsize=65_536)
def _sign(text: str) -> int:
    """-1 for a text that begins as a negative number, 1 for another with a number, else 0."""
    if _DIGIT.search(text[:_LONGEST]) is None:
        return 0
    return -1 if _MINUS.match(text) else 1


@lru_cache(maxsize=65_536)
def _ways(text: str, is_date: bool) -> tuple[str | bool, ...]:
    """The ways of which the text leaves only one; more than one if it contradicts itself."""
    if len(text) > _LONGEST:
        return ()
    if is_date:
        first = day_comes_first(text)
        return () if first is None else (first,)
    return tuple(dict.fromkeys(_marks(text)))


def _marks(text: str) -> Iterator[str]:
    numbers = _NUMBER.findall(text)
    # A text with many numbers in it is no amount: a list of sizes, a number of a document.
    if len(numbers) > _MOST_NUMBERS:
        return
    for number in numbers:
        mark = decimal_mark(number)
        if mark is not None:
            yield mark


_BOTH_WAYS = (Notation(".", True), Notation(",", False))


@lru_cache(maxsize=65_536)
def _short_year(text: str) -> tuple[int, int, bool] | None:
    return short_year(text)


def is_open(
    paths: Sequence[str], texts: Sequence[str], notation: Notation | Notations = AS_WRITTEN
) -> bool:
    """Whether the notation of its column could change how a cell is understood: a number or a
    date that can be read in two ways, or a quantity with a minus.

    ``paths`` are the field and, where it has one, that of its unit; ``texts`` their cells.
    """
    path = paths[0]
    if field_table()[path].kind.name not in NUMBERS | DATES:
        return False
    found = record_of_texts(zip(paths, texts, strict=True), notation)[path]
    if found.value is not None:
        return path == "quantity" and found.value.amount < 0
    if found.is_blank:
        return False
    own = notation.of(path)
    counts_days = own.counts_days is None
    return any(
        record_of_texts(
            zip(paths, texts, strict=True),
            replace(other, latest_day=own.latest_day, counts_days=counts_days),
        )[path].is_known
        for other in _BOTH_WAYS
    )
