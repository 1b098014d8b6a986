"""A mapping file: which column of a file is which field, and what is the same in every row."""

from __future__ import annotations

import collections.abc
import datetime
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from redflags.diagnostics import nearest
from redflags.errors import ConfigurationError
from redflags.intake.answers import Answers
from redflags.intake.names import field_of, normal_name
from redflags.model.fields import columns, field_table
from redflags.model.kinds import AS_WRITTEN, Notation

_TABLES: Final = ("columns", "constants")
_LARGEST: Final = 1_000_000
_DEEPEST: Final = 8
_JOINED: Final = ("quantity", "value")
"""Fields that may need a second one, the unit or the currency, to be understood."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a mapping file says.

    ``columns`` has the header for each field path, as the file of orders writes it; ``constants``
    the text that a field has in every row. ``source`` is the mapping file as the user named it.
    ``answers`` are observations that come from a file of their own, by order number.
    """

    columns: collections.abc.Mapping[str, str] = field(default_factory=dict)
    constants: collections.abc.Mapping[str, str] = field(default_factory=dict)
    source: str = "the mapping"
    answers: Answers | None = None

    def is_known(self, name: str) -> bool:
        """Whether a column of this name is used."""
        return any(normal_name(name) == normal_name(header) for header in self.columns.values())

    def positions(self, header: Sequence[str], file: str) -> dict[int, str]:
        """The field of each column that the mapping names, by position.

        A name counts as it is written, else by its spelling without case and punctuation. Raises
        :class:`ConfigurationError` for a name that ``header`` lacks or has twice, and for two
        fields from one column.
        """
        found: dict[int, str] = {}
        for path, name in self.columns.items():
            position = self._position(path, name, header, file)
            if position in found:
                raise ConfigurationError(
                    f"{self.source}: columns.{path}: the column {name[:80]!r} is given to "
                    f"{found[position]} already; copy it in the file to use it for both"
                )
            found[position] = path
        return found

    def _position(self, path: str, name: str, header: Sequence[str], file: str) -> int:
        for is_same in (
            lambda other: other == name,
            lambda other: normal_name(other) == normal_name(name) != "",
        ):
            matches = [position for position, other in enumerate(header) if is_same(other)]
            if len(matches) == 1:
                return matches[0]
            if matches:
                raise ConfigurationError(
                    f"{self.source}: columns.{path}: {file} has several columns like {name[:80]!r}"
                )
        close = nearest(name[:80], [other[:80] for other in header if other])
        raise ConfigurationError(
            f"{self.source}: columns.{path}: {file} has no column {name[:80]!r}"
            + (f"; did you mean {close!r}?" if close else "; use a name of its first row")
        )


def read_mapping(path: Path | str) -> Mapping:
    """Read a mapping file in TOML: ``[columns]`` with ``field = "header"``, ``[constants]`` with
    ``field = "value"``. A field is a dotted path or the name of its column.

    Raises :class:`ConfigurationError`, with file and key, for whatever is wrong in it.
    """
    source = str(path)
    document = _toml(Path(path), source)
    for key, table in document.items():
        if key not in _TABLES:
            raise ConfigurationError(f"{source}: {_no('table', key, _TABLES)}")
        if not isinstance(table, dict):
            raise ConfigurationError(f"{source}: {key} is a table, written as [{key}]")
    found: dict[str, dict[str, str]] = {name: {} for name in _TABLES}
    given: dict[str, str] = {}
    for table in _TABLES:
        for key, value in _flat(document.get(table, {}), source, table):
            place = f"{source}: {table}.{key}"
            known = field_of(key)
            if known is None:
                raise ConfigurationError(f"{place}: {_no('field', key, columns())}")
            if known in given:
                raise ConfigurationError(
                    f"{place}: the field {known} is given twice; {given[known]} has it too"
                )
            given[known] = f"{table}.{key}"
            found[table][known] = (
                _header(value, place) if table == "columns" else _constant(known, value, place)
            )
    if not given:
        raise ConfigurationError(f'{source} maps nothing; write [columns] with field = "header"')
    return Mapping(found["columns"], found["constants"], source)


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


def _header(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ConfigurationError(f'{place} is the name of a column, written as "name"')
    return value.strip()


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
    if path in _JOINED or not text.strip() or any(one.is_known for one in tried):
        return text
    raise ConfigurationError(f"{place} cannot be understood: {tried[0].why}")


def _no(what: str, name: str, legal: collections.abc.Iterable[str]) -> str:
    names = list(legal)
    close = nearest(name[:80], names)
    if close:
        return f"there is no {what} {name[:80]!r}; did you mean {close}?"
    return f"there is no {what} {name[:80]!r}; " + (
        f"there are {', '.join(names)}" if len(names) < 10 else "`redflags fields` lists them"
    )
