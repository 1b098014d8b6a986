"""Reading a mapping file: TOML with a closed set of tables, every mistake with file and key."""

from __future__ import annotations

import collections.abc
import datetime
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

from redflags.diagnostics import nearest
from redflags.errors import ConfigurationError
from redflags.intake.date_patterns import DateFormat, date_format
from redflags.intake.mapping import Mapping
from redflags.intake.names import field_of
from redflags.intake.texts import PLAIN_SETTING, Setting
from redflags.model.fields import columns, field_table
from redflags.model.notation import AS_WRITTEN, Notation
from redflags.model.record import COMPANION_COLUMNS

TABLES: Final = (
    "columns", "constants", "join", "units", "numbers", "dates", "codes", "missing", "ignore",
)  # fmt: skip
"""Every table that a mapping file can have."""

_LARGEST: Final = 1_000_000
_DEEPEST: Final = 8
_MOST_JOINED: Final = 20
_WITH_NUMBERS: Final = ("quantity", "money", "concentration")
"""Kinds of fields that hold a number with a decimal mark."""

_Value = TypeVar("_Value")


def read_mapping(path: Path | str) -> Mapping:
    """Read a mapping file in TOML.

    Its tables, all optional: ``[columns]`` with ``field = "header"``, ``["header", "header"]``,
    which are joined, ``[["header"], ["header"]]``, of which the first that says something counts,
    or ``"#3"``, and ``join``, which stands between joined texts; ``[join]`` with that of a field;
    ``[constants]`` with ``field = "value"``; ``[units]`` with the unit of numbers that have none;
    ``[numbers]`` with ``decimal``, or a decimal mark for each field; ``[dates]`` with ``format``,
    or one for each field; ``[codes.field]`` with ``"code" = "text"``; ``[missing]`` with
    ``values``, or a list for each field; ``[ignore]`` with ``columns``. A field is a dotted
    path or the name of its column.

    Raises :class:`ConfigurationError`, with file and key, for whatever is wrong in it.
    """
    source = str(path)
    document = _toml(Path(path), source)
    for key, table in document.items():
        if key not in TABLES:
            raise ConfigurationError(f"{source}: {_no('table', key, TABLES)}")
        if not isinstance(table, dict):
            raise ConfigurationError(f"{source}: {key} is a table, written as [{key}]")
    reading = _Reading(source, document)
    given = reading.table("columns", _headers, apart="join")
    headers = {path: names for path, (names, _) in given.items()}
    alone = {path: count for path, (_, count) in given.items()}
    constants = reading.table("constants", _constant)
    for known in headers.keys() & constants.keys():
        raise ConfigurationError(
            f"{source}: constants.{reading.keys['constants', known]}: the field {known} is given "
            f"twice; columns.{reading.keys['columns', known]} has it too"
        )
    settings = _settings(reading, alone)
    ignored = reading.apart("ignore", "columns", _names)
    for key in document.get("ignore", {}):
        if key != "columns":
            raise ConfigurationError(f"{source}: ignore.{key[:80]}: there is only ignore.columns")
    if not (headers or constants or settings or ignored):
        raise ConfigurationError(f'{source} maps nothing; write [columns] with field = "header"')
    return Mapping(headers, constants, source, settings, ignored or ())


class _Reading:
    """A mapping file on the way to its meaning; ``keys`` has the key of each field as written."""

    def __init__(self, source: str, document: dict[str, Any]) -> None:
        self.source = source
        self.document = document
        self.keys: dict[tuple[str, str], str] = {}

    def table(
        self, name: str, read: Callable[[str, Any, str], _Value], *, apart: str | None = None
    ) -> dict[str, _Value]:
        """A table with a value for each field; the key ``apart`` is none of them."""
        found: dict[str, _Value] = {}
        given = {key: one for key, one in self.document.get(name, {}).items() if key != apart}
        for key, value in _flat(given, self.source, name):
            place = f"{self.source}: {name}.{key}"
            path = self.field(key, name, place)
            found[path] = read(path, value, place)
        return found

    def field(self, key: str, table: str, place: str) -> str:
        """The path of the field that a key names, once in each table."""
        path = field_of(key)
        if path is None:
            raise ConfigurationError(f"{place}: {_no('field', key, columns())}")
        if (table, path) in self.keys:
            raise ConfigurationError(
                f"{place}: the field {path} is given twice; {table}.{self.keys[table, path]} has "
                "it too"
            )
        self.keys[table, path] = key
        return path

    def apart(self, table: str, key: str, read: Callable[[str, Any, str], _Value]) -> _Value | None:
        """The value of a key that is no field but counts for all fields of a table."""
        given = self.document.get(table, {})
        if key not in given:
            return None
        return read("", given[key], f"{self.source}: {table}.{key}")

    def codes(self) -> dict[str, dict[str, str]]:
        """The tables of codes by field."""
        found: dict[str, dict[str, str]] = {}
        for key, table, place in _code_tables(self.document.get("codes", {}), self.source):
            path = self.field(key, "codes", place)
            if not table:
                raise ConfigurationError(f'{place} is empty; write "code" = "text"')
            found[path] = {
                code: _constant(path, text, f'{place}."{code[:40]}"')
                for code, text in table.items()
            }
        return found


def _settings(reading: _Reading, alone: collections.abc.Mapping[str, int]) -> dict[str, Setting]:
    """How the cells of each field are to be taken; of the columns of some so many are ``alone``."""
    join = reading.apart("columns", "join", _plain_text)
    joins = reading.table("join", _plain_text)
    units = reading.table("units", _unit)
    decimal = reading.apart("numbers", "decimal", _decimal)
    decimals = reading.table("numbers", _decimal, apart="decimal")
    date = reading.apart("dates", "format", _date_format)
    dates = reading.table("dates", _date_format, apart="format")
    values = reading.apart("missing", "values", _texts)
    missing = reading.table("missing", _texts, apart="values")
    codes = reading.codes()
    settings: dict[str, Setting] = {}
    for path, field in field_table().items():
        setting = Setting(
            join=joins.get(path, " " if join is None else join),
            alone=alone.get(path, 0),
            missing=frozenset(missing.get(path, ())).union(values or ()),
            codes=codes.get(path, {}),
            decimal=decimals.get(path, decimal if field.kind.name in _WITH_NUMBERS else None),
            date=dates.get(path, date if field.kind.name == "date" else None),
            unit=units.get(path, ""),
        )
        if setting != PLAIN_SETTING:
            settings[path] = setting
    return settings


def _toml(path: Path, source: str) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            text = stream.read(_LARGEST + 1)
        if len(text) > _LARGEST:
            raise ConfigurationError(f"the mapping file {source} is larger than {_LARGEST} bytes")
        # Numbers stay as they are written.
        return tomllib.loads(text.decode("utf-8-sig"), parse_float=str)
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ConfigurationError(
            f"the mapping file {source} cannot be read: {reason or 'nested too deep'}"
        ) from error


def _flat(
    table: dict[str, Any], source: str, name: str, above: str = "", depth: int = 0
) -> Iterator[tuple[str, Any]]:
    """The keys with their values; ``buyer.country`` is a table in a table to TOML."""
    if depth > _DEEPEST:
        raise ConfigurationError(f"{source}: {name}.{above[:80]} is nested too deep")
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, source, name, f"{above}{key}.", depth + 1)
        else:
            yield above + key, value


def _code_tables(
    table: dict[str, Any], source: str, above: str = "", depth: int = 0
) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Each table of codes with its key; ``[codes.payment.method]`` is a table in a table."""
    place = f"{source}: codes.{above[:80]}".rstrip(".")
    if depth > _DEEPEST:
        raise ConfigurationError(f"{place} is nested too deep")
    inner = {key: one for key, one in table.items() if isinstance(one, dict)}
    if above and len(inner) < len(table):
        if inner:
            raise ConfigurationError(f"{place} has codes and tables; give each field its own table")
        yield above.rstrip("."), table, place
        return
    if not above and len(inner) < len(table):
        raise ConfigurationError(f"{place} has a table for each field, written as [codes.field]")
    if above and not table:
        yield above.rstrip("."), table, place
    for key, one in inner.items():
        yield from _code_tables(one, source, f"{above}{key}.", depth + 1)


def _headers(path: str, value: Any, place: str) -> tuple[str | tuple[str, ...], int]:
    """The columns of a field, and how many of them, from the first, are the whole text alone."""
    names = value if isinstance(value, list) else [value]
    alone = 0
    if names and all(isinstance(one, list) for one in names):
        alone = len(names) - 1
        if any(len(one) != 1 for one in names[:-1]):
            raise ConfigurationError(
                f"{place}: each list but the last names one column, written as "
                '[["name"], ["name", "name"]]'
            )
        names = [name for one in names for name in one]
    if not all(isinstance(name, str) and name.strip() for name in names) or len(names) <= alone:
        raise ConfigurationError(
            f'{place} is the name of a column, written as "name", or several, written as '
            '["name", "name"] if they are joined and [["name"], ["name"]] if the first that says '
            "something counts"
        )
    if len(names) > _MOST_JOINED:
        raise ConfigurationError(f"{place} has more than {_MOST_JOINED} columns")
    stripped = tuple(name.strip() for name in names)
    return stripped if len(stripped) > 1 else stripped[0], alone


def _constant(path: str, value: Any, place: str) -> str:
    if isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, str):
        text = value
    elif isinstance(value, int) or (
        isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)
    ):
        text = str(value)
    else:
        raise ConfigurationError(f'{place} is one value, written as "value"')
    kind = field_table()[path].kind
    tried = [
        kind.parse(text, notation)
        for notation in (AS_WRITTEN, Notation(".", True), Notation(",", False))
    ]
    if path in COMPANION_COLUMNS or not text.strip() or any(one.is_known for one in tried):
        return text
    raise ConfigurationError(f"{place} cannot be understood: {tried[0].why}")


def _unit(path: str, value: Any, place: str) -> str:
    """A unit that makes a bare number understood in this field."""
    if not isinstance(value, str) or not value.strip():
        raise ConfigurationError(f'{place} is a unit, written as "kg"')
    kind = field_table()[path].kind
    if kind.name not in _WITH_NUMBERS:
        raise ConfigurationError(
            f"{place}: {path} has no unit; fields with one are quantity, value"
        )
    tried = kind.parse(f"1 {value.strip()}")
    if not tried.is_known:
        raise ConfigurationError(f"{place} cannot be understood: {tried.why}")
    return value.strip()


def _decimal(path: str, value: Any, place: str) -> str:
    if value not in (".", ","):
        raise ConfigurationError(f'{place} is the decimal mark, "." or ","')
    if path and field_table()[path].kind.name not in _WITH_NUMBERS:
        raise ConfigurationError(f"{place}: {path} holds no number")
    return str(value)


def _date_format(path: str, value: Any, place: str) -> DateFormat:
    found = date_format(value) if isinstance(value, str) else None
    if found is None:
        raise ConfigurationError(
            f"{place} is how dates are written: day-first, month-first, excel (day numbers), or a "
            'pattern of day, month and year such as "%d.%m.%Y" or "dd.mm.yyyy"'
        )
    if path and field_table()[path].kind.name != "date":
        raise ConfigurationError(f"{place}: {path} holds no date")
    return found


def _texts(path: str, value: Any, place: str) -> tuple[str, ...]:
    texts = value if isinstance(value, list) else [value]
    if not texts or not all(
        isinstance(text, str) or (isinstance(text, int) and not isinstance(text, bool))
        for text in texts
    ):
        raise ConfigurationError(f'{place} is a list of texts, written as ["n/a", "0000"]')
    return tuple(str(text).strip().casefold() for text in texts)


def _names(path: str, value: Any, place: str) -> tuple[str, ...]:
    names = value if isinstance(value, list) else [value]
    if not all(isinstance(name, str) and name.strip() for name in names):
        raise ConfigurationError(f'{place} is a list of columns, written as ["name", "#3"]')
    return tuple(name.strip() for name in names)


def _plain_text(path: str, value: Any, place: str) -> str:
    if not isinstance(value, str) or len(value) > 20:
        raise ConfigurationError(f'{place} is a short text, written as ", "')
    return value


def _no(what: str, name: str, legal: collections.abc.Iterable[str]) -> str:
    names = list(legal)
    close = nearest(name[:80], names)
    if close:
        return f"there is no {what} {name[:80]!r}; did you mean {close}?"
    return f"there is no {what} {name[:80]!r}; " + (
        f"there are {', '.join(names)}" if len(names) < 10 else "`redflags fields` lists them"
    )
