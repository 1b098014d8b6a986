"""The names that columns of order exports have, in twelve languages and in order systems."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from redflags.reference.tables import SEPARATOR, read_rows
from redflags.values.text import fold

ANY_PARTY = "*"
"""Stands for the role in the path of an attribute that any party can have: ``*.country``."""

NO_FIELD = "-"
"""The meaning of a name that is known to be no field of an order."""

PAYMENT = ("payment.method", "payment.terms")
"""The meanings of a word for the payment alone: it says neither how nor when is paid."""

LANGUAGES = (
    "English", "German", "French", "Spanish", "Turkish", "Russian", "Chinese", "Arabic", "Italian",
    "Portuguese", "Dutch", "Polish",
)  # fmt: skip
"""The languages of the table; all else that names are from is a system."""

STRENGTHS: Mapping[str, int] = {"high": 4, "medium": 3, "low": 2, "least": 1, "part": 0}
"""How sure a name is: the strongest column of a field wins. ``part`` counts only as a part of a
longer name, such as ``Liefer`` in ``Lieferland``."""

_NOT_WORD = re.compile("[^a-z0-9]+")
_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_NUMBER_SIGNS = str.maketrans({"#": " no ", "°": "o", "№": " no "})


@dataclass(frozen=True, slots=True)
class HeaderName:
    """One way in which a column is named.

    ``meanings`` are the paths that it can stand for: a field (``quantity``), a role with whatever
    attribute (``buyer.*``), an attribute of whatever party (``*.country``) or :data:`NO_FIELD`.
    ``on_content`` are those of them that only the cells of the column can confirm. ``unit`` is the
    unit that the name itself states.
    """

    header: str
    meanings: tuple[str, ...]
    on_content: frozenset[str]
    unit: str
    origin: str
    strength: int
    note: str

    @property
    def is_language(self) -> bool:
        """Whether the name is from a language and not from a system."""
        return self.origin in LANGUAGES


@dataclass(frozen=True, slots=True)
class HeaderNames:
    """All names: whole ones, and the words for roles and attributes of which longer names are
    made, each in all languages in which it means the same. ``payments`` are the words for the
    payment alone. The keys are those of :func:`header_key`."""

    whole: Mapping[str, tuple[HeaderName, ...]]
    roles: Mapping[str, tuple[HeaderName, ...]]
    attributes: Mapping[str, tuple[HeaderName, ...]]
    payments: tuple[str, ...]


def header_key(name: str) -> str:
    """What is left of a name without case, accents, punctuation and spaces: ``Ship-to (party)``,
    ``shipToParty`` and ``SHIP_TO_PARTY`` are the same."""
    name = name[:200]
    if name.isascii():  # the same, five times as fast
        return _NOT_WORD.sub("", name.replace("#", " no ").lower())
    return fold(name.translate(_NUMBER_SIGNS)).replace(" ", "")


@cache
def header_names() -> HeaderNames:
    """The names of the table ``header_names``; umlauts can be written with an e.

    Where a word stands for several roles or attributes the first row of the table counts.
    """
    whole: dict[str, list[HeaderName]] = {}
    roles: dict[str, list[HeaderName]] = {}
    attributes: dict[str, list[HeaderName]] = {}
    payments: dict[str, None] = {}
    for header, field, origin, confidence, note in read_rows("header_names"):
        path, _, unit = field.partition(":")
        meanings = path.split(SEPARATOR)
        name = HeaderName(
            header=header,
            meanings=tuple(one.rstrip("?") for one in meanings),
            on_content=frozenset(one.rstrip("?") for one in meanings if one.endswith("?")),
            unit=unit,
            origin=origin,
            strength=STRENGTHS[confidence],
            note=note,
        )
        keys = {header_key(header)}
        if not header.isascii():
            keys.add(header_key(header.translate(_DIGRAPHS)))
        for key in keys:
            if name.strength or path == f"{ANY_PARTY}.postcode":
                whole.setdefault(key, []).append(name)
            if path.endswith(f".{ANY_PARTY}") and SEPARATOR not in path:
                roles.setdefault(key, []).append(name)
            elif path.startswith(f"{ANY_PARTY}."):
                attributes.setdefault(key, []).append(name)
            elif name.meanings == PAYMENT:
                payments[key] = None
    return HeaderNames(
        {key: tuple(names) for key, names in whole.items()},
        {key: _alike(names) for key, names in roles.items()},
        {key: _alike(names) for key, names in attributes.items()},
        tuple(payments),
    )


def _alike(names: list[HeaderName]) -> tuple[HeaderName, ...]:
    """The names that mean the same as the first one."""
    return tuple(name for name in names if name.meanings == names[0].meanings)
