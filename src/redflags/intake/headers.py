"""Which column of a file is which field."""

from __future__ import annotations

import collections.abc
from collections.abc import Sequence
from dataclasses import dataclass, field

from redflags.diagnostics import nearest
from redflags.errors import InputError
from redflags.intake.answers import Answers
from redflags.intake.mapping import Mapping
from redflags.intake.names import field_of, is_known, normal_name
from redflags.model.fields import columns

__all__ = ["HeaderMap", "field_of", "is_known", "map_headers"]


@dataclass(frozen=True, slots=True)
class HeaderMap:
    """The field of each column by position (None: not used), and the names of those not used.

    ``constants`` are fields that have the same text in every row, by path; they have no column.
    ``answers`` are laid over the rows by order number.
    """

    names: tuple[str, ...]
    fields: tuple[str | None, ...]
    unused: tuple[str, ...]
    constants: collections.abc.Mapping[str, str] = field(default_factory=dict)
    answers: Answers | None = None

    @property
    def present(self) -> frozenset[str]:
        """The paths of all fields that have a column, an answer or the same text in every row."""
        found = frozenset(path for path in self.fields if path is not None).union(self.constants)
        return found if self.answers is None else found.union(self.answers.paths)

    def column_of(self, path: str) -> str | None:
        """The header over a field as the file writes it; None if it has no column."""
        return self.names[self.fields.index(path)] if path in self.fields else None


def map_headers(
    header: Sequence[str], source: str = "the input", mapping: Mapping | None = None
) -> HeaderMap:
    """Find the field of each column: what ``mapping`` says, else what its name stands for.

    A column whose field the mapping takes from elsewhere is not used.

    Raises :class:`InputError` if no column is a field, or two columns are the same field, and
    :class:`~redflags.errors.ConfigurationError` if the mapping does not fit the header.
    """
    mapping = Mapping() if mapping is None else mapping
    fields: dict[int, str] = mapping.positions(header, source)
    taken = frozenset(fields.values()).union(mapping.constants)
    first: dict[str, str] = {}
    for position, name in enumerate(header):
        path = field_of(name)
        if position in fields or path is None or path in taken:
            continue
        if path in first:
            raise InputError(
                source,
                f"the columns {first[path][:80]!r} and {name[:80]!r} are the same field, {path}",
                remedy="rename or remove one of them, or name the right one in a mapping file",
            )
        first[path] = name
        fields[position] = path
    if not fields:
        raise InputError(source, _no_header(header), remedy=_NAMES)
    return HeaderMap(
        names=tuple(header),
        fields=tuple(fields.get(position) for position in range(len(header))),
        unused=tuple(
            name for position, name in enumerate(header) if name and position not in fields
        ),
        constants=mapping.constants,
        answers=mapping.answers,
    )


_NAMES = (
    "the first row must name the columns; `redflags fields` lists their names, and a mapping file "
    "(--mapping) gives others a meaning"
)


def _no_header(header: Sequence[str]) -> str:
    shown = ", ".join(repr(name[:40]) for name in header[:5]) + (", …" if len(header) > 5 else "")
    message = f"no column name is known among {shown}"
    for name in header[:50]:
        close = nearest(normal_name(name)[:60], columns()) if name else None
        if close:
            return f"{message}; did you mean {close!r}?"
    return message
