"""Which column of a file is which field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from redflags.diagnostics import nearest
from redflags.errors import InputError
from redflags.model.fields import columns

_BETWEEN_WORDS = re.compile(r"[\s.\-_/]+")


@dataclass(frozen=True, slots=True)
class HeaderMap:
    """The field of each column by position (None: not used), and the names of those not used."""

    names: tuple[str, ...]
    fields: tuple[str | None, ...]
    unused: tuple[str, ...]

    @property
    def present(self) -> frozenset[str]:
        """The paths of all fields that have a column."""
        return frozenset(path for path in self.fields if path is not None)

    def column_of(self, path: str) -> str | None:
        """The header over a field as the file writes it; None if it has no column."""
        return self.names[self.fields.index(path)] if path in self.fields else None


def field_of(name: str) -> str | None:
    """The path of the field that a column name stands for: ``Buyer Country`` is ``buyer.country``.

    Names in other languages and of other systems belong here, as a further table that is asked
    when the first one does not know the name.
    """
    return columns().get(_normal(name))


def is_known(name: str) -> bool:
    """Whether a column name stands for a field."""
    return field_of(name) is not None


def map_headers(header: Sequence[str], source: str = "the input") -> HeaderMap:
    """Find the field of each column.

    Raises :class:`InputError` if no column is a field, or two columns are the same field.
    """
    fields: list[str | None] = []
    first: dict[str, str] = {}
    for name in header:
        path = field_of(name)
        if path is not None and path in first:
            raise InputError(
                source,
                f"the columns {first[path][:80]!r} and {name[:80]!r} are the same field, {path}",
                remedy="rename or remove one of them",
            )
        if path is not None:
            first[path] = name
        fields.append(path)
    if not first:
        raise InputError(source, _no_header(header), remedy=_NAMES)
    unused = tuple(name for name, path in zip(header, fields, strict=True) if name and path is None)
    return HeaderMap(names=tuple(header), fields=tuple(fields), unused=unused)


_NAMES = "the first row must name the columns; `redflags fields` lists their names"


def _normal(name: str) -> str:
    return _BETWEEN_WORDS.sub("_", name[:200].strip().lower()).strip("_")


def _no_header(header: Sequence[str]) -> str:
    shown = ", ".join(repr(name[:40]) for name in header[:5]) + (", …" if len(header) > 5 else "")
    message = f"no column name is known among {shown}"
    for name in header[:50]:
        close = nearest(_normal(name)[:60], columns()) if name else None
        if close:
            return f"{message}; did you mean {close!r}?"
    return message
