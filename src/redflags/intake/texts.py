"""From the cells of a row to the text of each field: joined, decoded, with its unit.

A text is turned into a text, before any parser sees it, and by the same function row by row and in
columns: so both ways of reading a file understand the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from redflags.intake.date_patterns import DateFormat
from redflags.model.record import COMPANION_COLUMNS

if TYPE_CHECKING:
    import polars as pl

    from redflags.intake.headers import HeaderMap

_REMEMBERED = 65_536
"""Texts of one field whose reading is kept."""

# One point or comma before exactly three digits: a number that can be read in two ways.
_OPEN_NUMBER = re.compile(r"(?<![\d.,])([1-9]\d{0,2})([.,])(\d{3})(?![\d.,]{0,40}\d|[eE][+-]?\d)")
_BARE_NUMBER = re.compile(
    r"[(+\-−–]?\s{0,3}\d[\d.,'’٬٫\s]{0,60}(?:[eE][+-]?\d{1,3})?\s{0,3}[)\-]?"
    r"(?:\s{0,3}(?:[Dd][Rr]|[Cc][Rr])\.?)?"
)
_PLAIN_NUMBER = re.compile(r"^[1-9][0-9]{0,8}(?:\.[0-9]{1,2})?$")
"""Numbers that every reading leaves alone, as a pattern that Python and Polars both know."""

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Setting:
    """How the cells of one field are to be taken.

    ``join`` stands between the texts of several columns. Of these the first ``alone`` are the whole
    text by themselves: the first that says something counts, and else the others joined.
    ``missing`` are texts that mean that nothing is stated, and ``codes`` texts that stand for
    others, both without case; ``decimal`` and ``date`` say how numbers and dates are written;
    ``unit`` is that of a number that has none.
    """

    join: str = " "
    alone: int = 0
    missing: frozenset[str] = frozenset()
    codes: Mapping[str, str] = field(default_factory=dict)
    decimal: str | None = None
    date: DateFormat | None = None
    unit: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether every text of one column stays as it is."""
        return not (
            self.missing or self.codes or self.decimal is not None or self.date or self.unit
        )


PLAIN_SETTING = Setting()


class FieldText:
    """The text of one field from the cells of its columns."""

    def __init__(self, path: str, positions: tuple[int, ...], setting: Setting) -> None:
        self.path = path
        self.positions = positions
        self.setting = setting
        self._missing = frozenset(text.strip().casefold() for text in setting.missing)
        self._codes = {key.strip().casefold(): text for key, text in setting.codes.items()}
        self._exact = {key.strip(): text for key, text in setting.codes.items()}
        self._known: dict[tuple[str, bool], str] = {}

    @property
    def is_plain(self) -> bool:
        """Whether the text is the cell."""
        return len(self.positions) == 1 and self.setting.is_plain

    def joined(self, cells: Sequence[str]) -> str:
        """The cells of several columns as one text, without those that say nothing."""
        if len(cells) == 1:
            return cells[0]
        parts = [cell.strip() for cell in cells]
        parts = ["" if part.casefold() in self._missing else part for part in parts]
        alone = self.setting.alone
        whole = next(filter(None, parts[:alone]), "")
        return whole or self.setting.join.join(filter(None, parts[alone:]))

    def read(self, text: str, *, with_unit: bool = True) -> str:
        """What a text stands for. ``with_unit`` is false where a unit stands beside it."""
        key = text, with_unit
        found = self._known.get(key)
        if found is None:
            found = self._read(text, with_unit)
            if len(self._known) < _REMEMBERED:
                self._known[key] = found
        return found

    def _read(self, text: str, with_unit: bool) -> str:
        stripped = text.strip()
        if not stripped:
            return text
        folded = stripped.casefold()
        if folded in self._missing:
            return ""
        code = self._exact.get(stripped, self._codes.get(folded))
        if code is not None:
            return code
        if len(stripped) > _LONGEST:
            return text
        setting = self.setting
        if setting.date is not None:
            text = setting.date.read(text)
        if setting.decimal is not None:
            text = _OPEN_NUMBER.sub(lambda found: _settled(found, setting.decimal), text)
        if setting.unit and with_unit and _BARE_NUMBER.fullmatch(stripped):
            text = f"{text.strip()} {setting.unit}"
        return text


def as_text(cell: str) -> str:
    """The text of a cell that is a formula of a text alone, ``="0012"``: so exports keep a
    spreadsheet from making a number of it."""
    if len(cell) > 2 and cell.startswith('="') and cell.endswith('"'):
        inner = cell[2:-1]
        if '"' not in inner.replace('""', ""):
            return inner.replace('""', '"')
    return cell


def _settled(found: re.Match[str], decimal: str | None) -> str:
    """A number that can be read in two ways, written so that only the stated one is left."""
    whole, mark, digits = found.groups()
    return f"{whole}{mark}{digits}0" if mark == decimal else f"{whole}{digits}"


class RowTexts:
    """The texts of all fields of a row, in the order of the columns."""

    def __init__(self, header: HeaderMap) -> None:
        self.fields = field_texts(header)
        places = {one.path: place for place, one in enumerate(self.fields)}
        self._beside = [
            places.get(COMPANION_COLUMNS.get(one.path, "")) if one.setting.unit else None
            for one in self.fields
        ]
        self._is_plain = all(one.is_plain for one in self.fields)
        self._only = [one.positions[0] for one in self.fields]
        # A unit that stands beside a number is read before the number.
        self._order = sorted(
            range(len(self.fields)), key=lambda place: self._beside[place] is not None
        )

    @property
    def paths(self) -> list[str]:
        """The path of each text."""
        return [one.path for one in self.fields]

    def of(self, cells: Sequence[str]) -> list[str]:
        """The texts of one row."""
        if any(cell.startswith('="') for cell in cells):
            cells = [as_text(cell) for cell in cells]
        if self._is_plain:
            return [cells[position] for position in self._only]
        texts = [""] * len(self.fields)
        for place in self._order:
            one = self.fields[place]
            beside = self._beside[place]
            text = one.joined([cells[position] for position in one.positions])
            if not one.setting.is_plain:
                with_unit = beside is None or not texts[beside].strip()
                text = one.read(text, with_unit=with_unit)
            texts[place] = text
        return texts


def field_texts(header: HeaderMap) -> list[FieldText]:
    """Each field of a header that has columns, with these, in the order of its first one."""
    positions: dict[str, list[int]] = {}
    for position, path in enumerate(header.fields):
        if path is not None:
            positions.setdefault(path, []).append(position)
    found = []
    for path, places in positions.items():
        order = header.orders.get(path, tuple(places))
        setting = header.settings.get(path, PLAIN_SETTING)
        companion = COMPANION_COLUMNS.get(path)
        if setting.unit and companion is not None and header.constants.get(companion, "").strip():
            setting = _without_unit(setting)  # a unit that is the same in every row is stated
        found.append(FieldText(path, order, setting))
    return found


def _without_unit(setting: Setting) -> Setting:
    from dataclasses import replace

    return replace(setting, unit="")


def frame_texts(fields: Sequence[FieldText], frame: pl.DataFrame) -> pl.DataFrame:
    """As :meth:`RowTexts.of` for many rows: from columns ``c0``, ``c1`` … to columns by path."""
    import polars as pl

    columns: dict[str, pl.Series] = {}
    for one in fields:
        names = [f"c{position}" for position in one.positions]
        parts = frame.select([_without_formulas(frame[name]) for name in names])
        column = parts[names[0]] if len(names) == 1 else _joined(one, parts)
        columns[one.path] = column
    plain = dict(columns)
    for one in fields:
        if one.setting.is_plain:
            continue
        beside = COMPANION_COLUMNS.get(one.path)
        if one.setting.unit and beside in columns:
            companion = _mapped(_field(fields, beside), plain[beside], with_unit=True)
            is_blank = companion.str.strip_chars() == ""
            table = pl.DataFrame(
                {
                    "is_blank": is_blank,
                    "with": _mapped(one, plain[one.path], with_unit=True),
                    "without": _mapped(one, plain[one.path], with_unit=False),
                }
            )
            columns[one.path] = table.select(
                pl.when(pl.col("is_blank")).then(pl.col("with")).otherwise(pl.col("without"))
            ).to_series()
        else:
            columns[one.path] = _mapped(one, plain[one.path], with_unit=True)
    return pl.DataFrame(
        [column.alias(path) for path, column in columns.items()],
        schema=dict.fromkeys(columns, pl.String),
    )


def _without_formulas(column: pl.Series) -> pl.Series:
    is_formula = column.str.starts_with('="')
    if not is_formula.any():
        return column
    old = column.filter(is_formula).unique()
    new = [as_text(cell) for cell in old]
    return column.replace(old, type(old)("new", new, dtype=old.dtype))


def _field(fields: Sequence[FieldText], path: str) -> FieldText:
    return next(one for one in fields if one.path == path)


def _mapped(one: FieldText, column: pl.Series, *, with_unit: bool) -> pl.Series:
    """A column with each text read once."""
    import polars as pl

    setting = one.setting
    if setting.is_plain:
        return column
    rest = column
    if setting.unit and with_unit and not (setting.missing or setting.codes):
        # A column of weights has nearly as many texts as rows: the plainest need no reading.
        is_plain = column.str.contains(_PLAIN_NUMBER.pattern)
        rest = column.filter(~is_plain)
        column = (column + f" {setting.unit}").zip_with(is_plain, column)
    old, new = [], []
    for text in rest.unique():
        read = one.read(text, with_unit=with_unit)
        if read != text:
            old.append(text)
            new.append(read)
    if not old:
        return column
    return column.replace(pl.Series(old, dtype=pl.String), pl.Series(new, dtype=pl.String))


def _joined(one: FieldText, frame: pl.DataFrame) -> pl.Series:
    """Several columns as one, each combination of texts joined once."""
    import polars as pl

    names = frame.columns
    combinations = frame.unique()
    texts = [one.joined(cells) for cells in combinations.iter_rows()]
    table = combinations.with_columns(pl.Series("joined", texts, dtype=pl.String))
    found = frame.join(table, on=names, how="left", maintain_order="left", nulls_equal=True)
    return found["joined"]
