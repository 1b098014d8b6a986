"""The parties of alerts, each once, as far as they can link orders."""

from __future__ import annotations

from collections.abc import Mapping

from redflags.across.identity import PartySeen, parties_of
from redflags.cases.census import LINKING_ROLES
from redflags.model.record import Record
from redflags.reference import end_user_words, is_placeholder_name

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


class Parties:
    """The parties of alerts, each once in ``seen``; ``passing`` are the numbers of those whose
    trade serves many."""

    def __init__(self) -> None:
        self.seen: list[PartySeen] = []
        self.passing: set[int] = set()
        self._numbers: dict[PartySeen, int] = {}

    def of_line(self, line: Record) -> tuple[int, ...]:
        """The numbers in :attr:`seen` of the parties of a line in a linking role. One that links
        nothing in this order comes as ``~number``."""
        parties = parties_of(line)
        for role in PROVIDERS:
            if role in parties:
                self._number(parties[role])
        return tuple(self._linking(line, parties))

    def _linking(self, line: Record, parties: Mapping[str, PartySeen]) -> list[int]:
        own = [parties[role] for role in OWN_ROLES if role in parties]
        numbers = []
        for role in LINKING_ROLES:
            party = parties.get(role)
            if party is None or _names_nobody(party):
                continue
            number = self._number(party)
            if line[f"{role}.business"].value in PASSING_TRADES:
                self.passing.add(number)
                number = ~number
            elif any(_is_the_same(party, one) for one in own):
                number = ~number
            numbers.append(number)
        return numbers

    def _number(self, party: PartySeen) -> int:
        number = self._numbers.setdefault(party, len(self.seen))
        if number == len(self.seen):
            self.seen.append(party)
        elif party is not self.seen[number] and _as_written(party) < _as_written(self.seen[number]):
            self.seen[number] = party  # whichever row comes first
        return number


def _as_written(party: PartySeen) -> tuple[str, ...]:
    return tuple(one.written for one in party.attributes)


def _names_nobody(party: PartySeen) -> bool:
    """Whether the name is none, “same as buyer”, “various customers”, “stock”, and no number
    stands for it."""
    if party.registration:
        return False
    return is_placeholder_name(party.shown) or end_user_words().find(party.shown) is not None


def _is_the_same(one: PartySeen, other: PartySeen) -> bool:
    """Whether two parties of one order are one firm: by registration where both have one, else by
    name, and by country as far as it is stated."""
    if one.registration and other.registration:
        return one.registration == other.registration
    countries = {one.country, other.country} - {""}
    return bool(one.name) and one.name == other.name and len(countries) < 2
