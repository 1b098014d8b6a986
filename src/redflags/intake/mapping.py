"""What a mapping says: which column of a file is which field, and how its cells are to be taken."""

from __future__ import annotations

import collections.abc
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from redflags.diagnostics import nearest
from redflags.errors import ConfigurationError
from redflags.intake.answers import Answers
from redflags.intake.names import normal_name
from redflags.intake.texts import Setting

_POSITION: Final = re.compile(r"#([1-9][0-9]{0,5})")


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a mapping file says.

    ``columns`` has the header for each field path, as the file of orders writes it, or its place
    as ``#3``; several are joined to one text. ``constants`` has the text that a field has in every
    row, ``settings`` how the cells of a field are to be taken. ``ignored`` are columns that are
    not used whatever their names say, unless ``columns`` names them. ``source`` is the mapping
    file as the user named it. ``answers`` are observations that come from a file
    of their own, by order number.
    """

    columns: collections.abc.Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    constants: collections.abc.Mapping[str, str] = field(default_factory=dict)
    source: str = "the mapping"
    settings: collections.abc.Mapping[str, Setting] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    answers: Answers | None = None

    def is_known(self, name: str) -> bool:
        """Whether a column of this name is used."""
        own = normal_name(name)
        return any(
            own == normal_name(one) for names in self.columns.values() for one in _all(names)
        )

    def is_ignored(self, position: int, name: str) -> bool:
        """Whether a column, named ``name`` and at a place counted from 0, is to be left out."""
        own = normal_name(name)
        return any(
            int(place[1]) == position + 1
            if (place := _POSITION.fullmatch(one)) is not None
            else one == name or (own != "" and normal_name(one) == own)
            for one in self.ignored
        )

    def positions(self, header: Sequence[str], file: str) -> dict[str, tuple[int, ...]]:
        """The columns of each field that the mapping names, by position.

        A name counts as it is written, else by its spelling without case and punctuation; written
        ``#3`` it is the place of the column. Raises :class:`ConfigurationError` for a name
        that ``header`` lacks or has twice, and for two fields from one column.
        """
        found: dict[str, tuple[int, ...]] = {}
        given: dict[int, str] = {}
        for path, names in self.columns.items():
            places = []
            for name in _all(names):
                position = self._position(path, name, header, file)
                if position in given:
                    raise ConfigurationError(
                        f"{self.source}: columns.{path}: the column {name[:80]!r} is given to "
                        f"{given[position]} already; copy it in the file to use it for both"
                    )
                given[position] = path
                places.append(position)
            found[path] = tuple(places)
        return found

    def _position(self, path: str, name: str, header: Sequence[str], file: str) -> int:
        place = f"{self.source}: columns.{path}: {file}"
        by_place = _POSITION.fullmatch(name)
        if by_place is not None:
            position = int(by_place[1]) - 1
            if position < len(header):
                return position
            raise ConfigurationError(f"{place} has {len(header)} columns, so there is no {name}")
        for is_same in (
            lambda other: other == name,
            lambda other: normal_name(other) == normal_name(name) != "",
        ):
            matches = [position for position, other in enumerate(header) if is_same(other)]
            if len(matches) == 1:
                return matches[0]
            if matches:
                raise ConfigurationError(
                    f"{place} has several columns like {name[:80]!r}; name the one by its place, "
                    f"such as '#{matches[0] + 1}'"
                )
        close = nearest(name[:80], [other[:80] for other in header if other])
        raise ConfigurationError(
            f"{place} has no column {name[:80]!r}"
            + (f"; did you mean {close!r}?" if close else "; use a name of its first row")
        )


def _all(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names
