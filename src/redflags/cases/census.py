"""What all lines of a run say of its parties: who shares a detail, and who stands beside whom.

Of each line only the texts about its parties are noted, each combination once and unread. When
the alerts are known, what matters for them is looked up: reading all names and addresses would
cost more than judging the orders.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from redflags import reference
from redflags.across.identity import (
    address_key,
    director_keys,
    email_key,
    phone_keys,
    site_keys,
)
from redflags.cases.census_columns import CensusColumns, Texts
from redflags.model.record import Record, TextRecord
from redflags.values.country import parse_country
from redflags.values.names import name_key

if TYPE_CHECKING:
    import polars as pl

LINKING_ROLES = ("buyer", "intermediate_consignee", "consignee", "end_user", "payer")
"""The roles that link orders. A seller, an exporter, a bank, a forwarder or a notify party is in
the orders of many firms that have nothing to do with each other."""

ATTRIBUTES = (
    "name", "registration", "country", "city", "address", "phone", "email", "website", "directors",
)  # fmt: skip
PATHS: Mapping[str, tuple[str, ...]] = {
    role: tuple(f"{role}.{attribute}" for attribute in ATTRIBUTES) for role in LINKING_ROLES
}
"""The fields that are noted of each role; a party is stated by the first two."""


def _country(text: str) -> str:
    found: str | None = parse_country(text, reference.countries()).value if text else None
    return found or ""


DETAILS: Mapping[str, tuple[tuple[str, ...], Callable[..., Iterable[str]]]] = {
    "address": (
        ("address", "city", "country"),
        lambda address, city, country: [address_key(address, city, _country(country))],
    ),
    "phone": (
        ("phone", "country"),
        lambda phone, country: phone_keys(phone, _country(country)),
    ),
    "email": (("email",), lambda email: [email_key(email)]),
    "website": (
        ("website", "email"),
        lambda website, email: [key for key, _ in site_keys(website, email)],
    ),
    "director": (("directors",), lambda directors: [key for key, _ in director_keys(directors)]),
}
"""Each kind of detail with the texts that it is read from, and the keys that they give."""


class Census:
    """The parties of all lines of a run, noted either all line by line or all batch by batch, in
    any order."""

    def __init__(self) -> None:
        self._texts: dict[str, dict[Texts, int]] = {role: {} for role in PATHS}
        self._beside: dict[str, set[tuple[int, int]]] = {role: set() for role in PATHS}
        self._columns: CensusColumns | None = None

    def note(self, line: Record) -> None:
        """Note the parties of a line."""
        buyer = -1
        for role, paths in PATHS.items():
            texts = tuple(_text(line, path) for path in paths)
            if not (texts[0] or texts[1]):
                continue
            known = self._texts[role]
            number = known.setdefault(texts, len(known))
            if role == "buyer":
                buyer = number
            elif buyer >= 0:
                self._beside[role].add((number, buyer))

    def note_batch(self, frame: pl.DataFrame) -> None:
        """Note the parties of a batch of lines: texts in columns named by the paths of fields."""
        if self._columns is None:
            self._columns = CensusColumns(PATHS, ATTRIBUTES)
        self._columns.add(frame)

    def sharing(self, kind: str, wanted: Collection[str]) -> dict[str, int]:
        """How many firms of different names share each of these details of a kind."""
        attributes, keys_of = DETAILS[kind]
        places = [ATTRIBUTES.index(one) for one in attributes]
        known: dict[Texts, list[str]] = {}

        def keys(own: Texts) -> list[str]:
            found = known.get(own)
            if found is None:
                # A detail that is not stated has no key, whatever else the line says.
                told = keys_of(*own) if any(own[: 2 if kind == "website" else 1]) else ()
                found = known[own] = [key for key in told if key in wanted]
            return found

        found: dict[str, set[str]] = {}
        for texts in chain.from_iterable(self._texts.values()):
            for key in keys(tuple(texts[place] for place in places)):
                found.setdefault(key, set()).add(_name(texts[0], texts[1]))
        if self._columns is not None:
            told = self._columns.sharing(kind, attributes, keys, wanted)
            for own, name, registration in told:
                for key in keys(own):
                    found.setdefault(key, set()).add(_name(name, registration))
        return {key: len(names) for key, names in found.items()}

    def served(self, role: str, names: Collection[tuple[str, int]], most: int) -> dict[int, int]:
        """How many buyers stand beside each firm, where they are more than ``most``. ``names`` are
        the names that the firms have in a role, as written, each with the number of the firm."""
        if self._columns is not None:
            return self._columns.served(role, names, most, _name)
        firms: dict[str, list[int]] = {}
        for name, firm in names:
            firms.setdefault(name, []).append(firm)
        numbers = {
            number: firms[texts[0]]
            for texts, number in self._texts[role].items()
            if texts[0] in firms
        }
        buyers = list(self._texts["buyer"])
        found: dict[int, set[str]] = {}
        for number, buyer in self._beside[role]:
            for firm in numbers.get(number, ()):
                texts = buyers[buyer]
                found.setdefault(firm, set()).add(_name(texts[0], texts[1]))
        return {firm: len(beside) for firm, beside in found.items() if len(beside) > most}


@lru_cache(maxsize=131_072)
def _name(name: str, registration: str) -> str:
    """What tells firms apart when they are counted."""
    return name_key(name, reference.legal_forms()) or registration


def _text(line: Record, path: str) -> str:
    if isinstance(line, TextRecord):
        return line.texts.get(path, "")
    stated = line.get(path)
    return "" if stated is None else stated.written
