"""Order lines as columns of text, of which each combination of texts is read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from redflags.engine.plain_amounts import Scale, hundredths, plain_text, scale_of
from redflags.engine.reads import COMPANIONS, GOODS, GOODS_COLUMNS, behind
from redflags.model.answers import Answers
from redflags.model.derived import DERIVATIONS
from redflags.model.fields import field_table
from redflags.model.notation import Notation, Notations
from redflags.model.record import COMPANION_COLUMNS, Record, TextRecord

if TYPE_CHECKING:
    import polars as pl

Told = TypeVar("Told")

_Combined = tuple[list[int], list["Record | tuple[str | None, ...]"]]
"""The number of each line's combination, and of each of these its texts, or its record."""


class LineTexts:
    """Lines of one input: ``frame`` has a text column for each field that is given, named by its
    path. ``prepare`` is done to each record before it is asked; ``answers`` are those of all
    records of the input."""

    def __init__(
        self,
        frame: pl.DataFrame,
        notation: Notation | Notations,
        prepare: Callable[[Record], object],
        answers: Answers,
    ) -> None:
        self.frame = frame
        self._notation = notation
        self._prepare = prepare
        self._answers = answers
        self._combinations: dict[tuple[str, ...], _Combined] = {}
        self._amounts: dict[str, tuple[list[int | None], list[str]]] = {}

    @property
    def height(self) -> int:
        """How many lines there are."""
        return self.frame.height

    def each(
        self,
        reads: Iterable[str],
        tell: Callable[[Record], Told],
        places: Sequence[int] | None = None,
    ) -> list[Told]:
        """What ``tell`` says of each line, or of those at some places, where it looks at no other
        fields than ``reads``."""
        columns = tuple(sorted(set(reads).intersection(self.frame.columns)))
        found = self._combinations.get(columns)
        if found is None:
            found = self._combinations[columns] = self._combined(columns)
        codes, records = found
        told: dict[int, Told] = {}
        wanted = codes if places is None else [codes[place] for place in places]
        for code in wanted:
            if code not in told:
                record = records[code]
                if not isinstance(record, Record):
                    record = records[code] = self._record(columns, record)
                told[code] = tell(record)
        return [told[code] for code in wanted]

    def each_amount(
        self,
        path: str,
        reads: Iterable[str],
        tell: Callable[[Record], Any],
        places: Sequence[int],
    ) -> list[Any]:
        """As :meth:`each`, where what is told is so many times a plain amount: a number, a name
        with a number, or nothing. Where the unit beside it decides the rest, as it mostly does, it
        is asked for each unit, and not for each amount."""
        beside = COMPANION_COLUMNS[path]
        if not {path, beside} <= set(self.frame.columns):
            return self.each(reads, tell, places)
        known = self._amounts.get(path)
        if known is None:
            units = self.frame[beside].fill_null("").to_list()
            plain = hundredths(self.frame[path], self._notation.of(path).decimal)
            known = self._amounts[path] = plain.to_list(), units
        numbers, units = known
        scales: dict[str, Scale | None] = {}
        found: list[Any] = [None] * len(places)
        others: list[int] = []
        for nth, place in enumerate(places):
            number, unit = numbers[place], units[place]
            if number is None:
                others.append(nth)
                continue
            if unit not in scales:
                scales[unit] = self._scale(path, unit, tell)
            scale = scales[unit]
            if scale is None or number > scale.top:
                others.append(nth)
            else:
                found[nth] = scale.of(number)
        if others:
            told = self.each(reads, tell, [places[nth] for nth in others])
            for nth, one in zip(others, told, strict=True):
                found[nth] = one
        return found

    def _scale(self, path: str, unit: str, tell: Callable[[Record], Any]) -> Scale | None:
        """What is told of plain amounts of a unit; None where that rests on more than the unit."""
        fields, decimal = (path, COMPANION_COLUMNS[path]), self._notation.of(path).decimal

        def ask(number: int) -> tuple[Any, int | None]:
            record = self._record(fields, (plain_text(number, decimal), unit))
            value, told = record[path].value, tell(record)
            if not record.keys() <= set(fields):
                return None, None
            return told, None if value is None else value.amount

        return scale_of(unit, ask)

    def stated(self, path: str, tell: Callable[[Any], Told]) -> list[Told | None]:
        """What ``tell`` says of the value of a field on each line; None where it is not known. The
        field is one that is decided by nothing but its own text."""
        assert path not in DERIVATIONS
        assert path not in COMPANIONS
        if path not in self.frame.columns:
            return [None] * self.height
        kind, notation = field_table()[path].kind, self._notation.of(path)
        column = self.frame[path]
        found: dict[str | None, Told | None] = {None: None}
        for text in column.unique().drop_nulls():
            value = kind.parse(text, notation).value
            found[text] = None if value is None else tell(value)
        return list(map(found.__getitem__, column))

    def record(self, place: int) -> Record:
        """The record of one line."""
        return self._record(self.frame.columns, self.frame.row(place))

    def _combined(self, columns: tuple[str, ...]) -> _Combined:
        """Of some columns the number of each line's combination of texts, and these."""
        if not columns:
            return [0] * self.height, [()]
        texts = self.frame.select(columns)
        once = texts.unique(maintain_order=True).with_row_index(_NUMBER)
        codes = texts.join(
            once, on=list(columns), how="left", nulls_equal=True, maintain_order="left"
        )[_NUMBER]
        return codes.to_list(), once.drop(_NUMBER).rows()  # type: ignore[return-value]

    def _record(self, columns: Sequence[str], texts: Sequence[str | None]) -> Record:
        given = {path: text for path, text in zip(columns, texts, strict=True) if text is not None}
        record = TextRecord(given, self._notation, answers=self._answers)
        self._prepare(record)
        return record


_NUMBER = "\0number"


def reads_of_field(path: str) -> frozenset[str]:
    """The columns that decide a field, in which measure ever it is taken."""
    found = behind(path)
    if GOODS in found or path == "quantity":  # mass and volume by the density of the goods
        found = found.union(GOODS_COLUMNS)
    return found
