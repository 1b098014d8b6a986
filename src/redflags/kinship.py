"""Which texts about parties can matter to some parties: those that share something with them, or
with others that do, and so on.

What is shared is told by coarse keys, which are alike wherever the keys of links are: a text that
is left out here has nothing in common with those that are asked for. Each text is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from redflags import reference
from redflags.across.identity import (
    PartySeen,
    address_key,
    director_keys,
    email_key,
    phone_keys,
    registration_key,
    site_keys,
)
from redflags.model.fields import field_table
from redflags.values.names import name_key

LAST_DIGITS = 6
"""The last digits of a telephone number are the same in national and in international form."""

Key = tuple[str, str]

_KEYS: Sequence[tuple[str, tuple[str, ...], Callable[..., Iterable[str]]]] = (
    ("name", ("name",), lambda name: [name_key(name, reference.legal_forms())]),
    ("number", ("registration", "country"), lambda *given: [registration_key(*given)]),
    ("address", ("address", "city", "country"), lambda *given: [address_key(*given)]),
    ("phone", ("phone",), lambda phone: [key[-LAST_DIGITS:] for key in phone_keys(phone, "")]),
    ("email", ("email",), lambda email: [email_key(email)]),
    ("website", ("website", "email"), lambda *given: [key for key, _ in site_keys(*given)]),
    ("director", ("directors",), lambda names: [key for key, _ in director_keys(names)]),
)
"""Each sort of key with the parts of a party that it is read from; without the first of them (of
web sites: without both) there is none."""


class Kinship:
    """Keys that are put together where one party has them."""

    def __init__(self) -> None:
        self._numbers: dict[Key, int] = {}
        self._above: list[int] = []
        self._asked: set[int] = set()
        self._is_settled = False
        self._values: dict[tuple[int, str], str] = {}
        self._read: dict[tuple[str, ...], tuple[Key, ...]] = {}

    def ask(self, party: PartySeen) -> None:
        """Ask for what can matter to a party."""
        keys = [("name", party.name), ("number", party.registration)]
        for one in party.attributes:
            if one.kind == "phone":
                keys.append(("phone", one.key[-LAST_DIGITS:]))
            elif one.kind != "registration":
                keys.append((one.kind, one.key))
        self._asked.add(self._join(keys))

    def add(self, paths: Sequence[str], texts: Sequence[str]) -> int:
        """Add the parties of one line by their texts; gives their place, for :meth:`matters`."""
        roles: dict[str, dict[str, str]] = {}
        for path, text in zip(paths, texts, strict=True):
            if text:
                role, _, part = path.partition(".")
                roles.setdefault(role, {})[part] = self._value(path, text)
        return self._join([key for parts in roles.values() for key in self._keys(parts)])

    def matters(self, place: int) -> bool:
        """Whether what has this place has anything to do with the parties that were asked for;
        known when all is added."""
        if not self._is_settled:
            self._is_settled = True
            self._asked = {self._root(one) for one in self._asked if one >= 0}
        return self._root(place) in self._asked

    def _value(self, path: str, text: str) -> str:
        """What a text says, as a text."""
        kind = field_table()[path].kind
        key = (id(kind), text)
        found = self._values.get(key)
        if found is None:
            value: Any = kind.parse(text).value
            if isinstance(value, frozenset):
                value = "; ".join(sorted(value))
            found = self._values[key] = "" if value is None else str(value)
        return found

    def _keys(self, parts: dict[str, str]) -> Iterable[Key]:
        for kind, names, read in _KEYS:
            given = tuple([parts.get(name, "") for name in names])
            if not (given[0] or (kind == "website" and given[1])):
                continue
            known = (kind, *given)
            found = self._read.get(known)
            if found is None:
                found = self._read[known] = tuple((kind, key) for key in read(*given) if key)
            yield from found

    def _join(self, keys: Iterable[Key]) -> int:
        first = -1
        for key in keys:
            if not key[1]:
                continue
            number = self._numbers.get(key)
            if number is None:
                number = self._numbers[key] = len(self._above)
                self._above.append(number)
            if first < 0:
                first = self._root(number)
            else:
                other = self._root(number)
                first, other = min(first, other), max(first, other)
                self._above[other] = first
        return first

    def _root(self, number: int) -> int:
        above = self._above
        if number < 0:
            return number
        while above[number] != number:
            above[number] = above[above[number]]
            number = above[number]
        return number
