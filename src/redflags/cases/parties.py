"""The parties of alerts, each once, as far as they can link orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from redflags.across.identity import PARTY_PATHS, PartySeen, party_of
from redflags.cases.census import LINKING_ROLES
from redflags.cases.others import Others, is_nobody
from redflags.model.notation import Notation, Notations
from redflags.model.record import Record, TextRecord

if TYPE_CHECKING:
    import polars as pl

OWN_ROLES = ("seller", "exporter")
"""The roles of the firm whose orders these are: where it is also consignee or payer, that links
nothing."""

PROVIDERS = (*OWN_ROLES, "forwarder", "bank")
"""Roles whose addresses and numbers link nobody else who has them."""

PASSING_TRADES = frozenset(
    {"freight-forwarder", "courier-mailbox", "warehouse-free-zone", "bank-or-factoring"}
)
"""Trades that handle the goods or the money of many: in whatever role such a firm stands in an
order, it links nothing (judgement)."""

_READS: Mapping[str, tuple[str, ...]] = {
    role: (*PARTY_PATHS[role], f"{role}.business") for role in (*PROVIDERS, *LINKING_ROLES)
}
"""The fields that say of each role who it is and whether it links orders."""


class _Told(NamedTuple):
    """A party as some texts of a role say it. ``number`` is None where it names nobody; one that
    ``passes`` on the goods or the money of many links nothing."""

    party: PartySeen
    number: int | None
    passes: bool


class Parties:
    """The parties of alerts, each once in ``seen``; ``passing`` are the numbers of those whose
    trade serves many. ``others`` are those of orders without a flag, known by their texts."""

    def __init__(self) -> None:
        self.seen: list[PartySeen] = []
        self.passing: set[int] = set()
        self.others = Others(PASSING_TRADES)
        self._numbers: dict[PartySeen, int] = {}
        self._told: dict[str, dict[object, _Told | None]] = {role: {} for role in _READS}
        self._nobody: dict[str, bool] = {}
        self._notations: dict[int, Notation | Notations] = {}

    def of_line(self, line: Record) -> tuple[int, ...]:
        """The numbers in :attr:`seen` of the parties of a line in a linking role. One that links
        nothing in this order comes as ``~number``."""
        own = []
        for role in PROVIDERS:
            told = self._of_role(line, role)
            if told is not None and role in OWN_ROLES:
                own.append(told.party)
        numbers = []
        for role in LINKING_ROLES:
            told = self._of_role(line, role)
            if told is None or told.number is None:
                continue
            number = told.number
            if told.passes or any(_is_the_same(told.party, one) for one in own):
                number = ~number
            numbers.append(number)
        return tuple(numbers)

    def stand_by(self, role: str, notation: Notation | Notations, texts: pl.DataFrame) -> None:
        """Note parties of a role of orders without a flag: texts in columns named by the paths of
        fields. Those who link nobody are read at once."""
        if role in _READS:
            for line in self.others.add(role, notation, texts, whole=role in PROVIDERS):
                self._of_role(line, role)

    def _of_role(self, line: Record, role: str) -> _Told | None:
        if not isinstance(line, TextRecord):
            return self._read(line, role)
        known, reads, text_of = self._told[role], _READS[role], line.texts.get
        if text_of(reads[0]) is None and text_of(reads[1]) is None:
            return None
        texts = tuple(map(text_of, reads))
        key = (id(line.notation), texts)
        if key not in known:
            self._notations[id(line.notation)] = line.notation  # an id is good while it lives
            known[key] = self._read(line, role)
        return known[key]

    def _read(self, line: Record, role: str) -> _Told | None:
        party = party_of(line, role)
        if party is None:
            return None
        if role in PROVIDERS:
            return _Told(party, self._number(party), False)
        if not party.registration and self._is_nobody(party.shown):
            return _Told(party, None, False)
        number = self._number(party)
        passes = line[f"{role}.business"].value in PASSING_TRADES
        if passes:
            self.passing.add(number)
        return _Told(party, number, passes)

    def _is_nobody(self, name: str) -> bool:
        found = self._nobody.get(name)
        if found is None:
            found = self._nobody[name] = is_nobody(name)
        return found

    def _number(self, party: PartySeen) -> int:
        number = self._numbers.setdefault(party, len(self.seen))
        if number == len(self.seen):
            self.seen.append(party)
        elif party is not self.seen[number] and _as_written(party) < _as_written(self.seen[number]):
            self.seen[number] = party  # whichever row comes first
        return number


def _as_written(party: PartySeen) -> tuple[str, ...]:
    return tuple(one.written for one in party.attributes)


def _is_the_same(one: PartySeen, other: PartySeen) -> bool:
    """Whether two parties of one order are one firm: by registration where both have one, else by
    name, and by country as far as it is stated."""
    if one.registration and other.registration:
        return one.registration == other.registration
    countries = {one.country, other.country} - {""}
    return bool(one.name) and one.name == other.name and len(countries) < 2
