"""The edges between parties: who is the same one, and what two of them share, from day to day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from redflags.across.identity import Attribute, PartySeen
from redflags.across.known import ALWAYS, NEVER, Known

MOST_SHARING: Mapping[str, int] = {
    "address": 8,
    "phone": 5,
    "email": 5,
    "website": 8,
    "payer": 6,
    "director": 6,
}
"""How many firms of different names can share something for it to link them. What more of them
share is a common hub (a business centre, an accountant's telephone, a payment service). A
judgement: groups of linked firms in the reports had three to eight members."""

Key = tuple[str, str]
"""Something that parties can share: its kind and its key."""

LINKING_ROLES = frozenset({"buyer", "intermediate_consignee", "consignee", "end_user", "payer"})
"""Roles whose addresses, numbers and directors link parties."""

PROVIDERS = frozenset({"seller", "exporter", "forwarder", "bank"})
"""Roles of the own firm and of those who serve all: what belongs to them links nobody else."""


@dataclass(frozen=True, slots=True)
class Hub:
    """Something that too many firms share, or a provider has: it links nobody."""

    kind: str
    written: str
    parties: int
    why: str
    key: str = ""


class Edge(NamedTuple):
    """Two nodes that are connected from one day up to another."""

    one: int
    other: int
    start: int
    end: int


class SameParty:
    """Edges between the mentions of one party."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def edges(self) -> Iterator[Edge]:
        """All of them."""
        names: dict[str, list[int]] = {}
        numbers: dict[str, list[int]] = {}
        for node, party in enumerate(self._known.parties):
            assert party is not None
            if party.registration:
                numbers.setdefault(party.registration, []).append(node)
            if party.name:
                names.setdefault(party.name, []).append(node)
        for nodes in numbers.values():
            if len(nodes) > 1:  # a number or name that is met once makes nobody the same
                yield from self._one_number(nodes)
        for name, nodes in names.items():
            if len(nodes) > 1:
                yield from self._one_name(name, nodes)

    def _one_number(self, nodes: Sequence[int]) -> Iterator[Edge]:
        countries: dict[str, int] = {}
        registration = ""
        best: dict[int, tuple[int, str]] = {}
        for node in nodes:
            party, day = self._known.parties[node], self._known.first[node]
            assert party is not None
            registration = party.registration
            number = self._known.node(("number", party.country, registration), first=ALWAYS)
            written = (day, party.registered)
            if number not in best or written < best[number]:
                best[number] = written
                self._known.written[number] = self._registration_of(party)
            yield Edge(node, number, day, NEVER)
            countries[party.country] = min(countries.get(party.country, NEVER), day)
        yield from self._number_without_country(registration, countries)

    def _one_name(self, name: str, nodes: Sequence[int]) -> Iterator[Edge]:
        countries: dict[str, dict[str, int]] = {}
        for node in nodes:
            party = self._known.parties[node]
            assert party is not None
            countries.setdefault(party.country, {})[party.registration] = self._known.first[node]
        if "" in countries or any("" in known for known in countries.values()):
            yield from self._name_without_number(name, countries)

    def _registration_of(self, party: PartySeen) -> Attribute:
        return next(one for one in party.attributes if one.kind == "registration")

    def _number_without_country(self, number: str, countries: Mapping[str, int]) -> Iterator[Edge]:
        if "" not in countries:
            return
        known = sorted((day, country) for country, day in countries.items() if country)
        if known:
            end = known[1][0] if len(known) > 1 else NEVER
            start = max(known[0][0], countries[""])
            one, other = ("number", "", number), ("number", known[0][1], number)
            yield from _edge(self._known.numbers[one], self._known.numbers[other], start, end)

    def _name_without_number(
        self, name: str, countries: Mapping[str, Mapping[str, int]]
    ) -> Iterator[Edge]:
        """A mention without a number is the one firm of its name and country that has one, as long
        as there is one; a mention without a country is of the one country known for the name."""
        days = sorted(
            (min(known.values()), country) for country, known in countries.items() if country
        )
        first = days[0][0] if days else NEVER
        second = days[1][0] if len(days) > 1 else NEVER
        nowhere = countries.get("", {})
        for country, known in countries.items():
            if country and (first, country) == days[0] and first < second:
                together = dict(known)
                for number, day in nowhere.items():
                    together[number] = min(together.get(number, NEVER), day)
                yield from self._sole(name, (country, ""), together, first, second)
                if nowhere:
                    one = self._mention(name, country, "")
                    other = self._mention(name, "", "")
                    yield from _edge(one, other, first, second)
                    yield from self._same_number(name, country, known.keys() & nowhere, second)
                yield from self._sole(name, (country,), known, second, NEVER)
            elif country:
                yield from self._sole(name, (country,), known, ALWAYS, NEVER)
            else:
                yield from self._sole(name, ("",), known, ALWAYS, first)
                yield from self._sole(name, ("",), known, max(second, first), NEVER)

    def _same_number(
        self, name: str, country: str, numbers: Iterable[str], until: int
    ) -> Iterator[Edge]:
        for number in numbers:
            if number:
                one, other = self._mention(name, country, number), self._mention(name, "", number)
                start = max(self._known.first[one], self._known.first[other])
                yield from _edge(one, other, start, until)

    def _sole(
        self,
        name: str,
        countries: Sequence[str],
        numbers: Mapping[str, int],
        since: int,
        until: int,
    ) -> Iterator[Edge]:
        known = sorted((day, number) for number, day in numbers.items() if number)
        if not known:
            return
        day, number = known[0]
        end = min(until, known[1][0] if len(known) > 1 else NEVER)
        for country in countries:
            node = self._known.numbers.get(("party", name, country, number))
            if node is not None:
                bare = self._mention(name, country, "")
                yield from _edge(bare, node, max(since, day, self._known.first[node]), end)

    def _mention(self, name: str, country: str, number: str) -> int:
        return self._known.node(("party", name, country, number))


class Shared:
    """Edges between parties and what they share with others. ``hubs`` is what links nobody."""

    def __init__(self, known: Known, kinds: frozenset[str]) -> None:
        self._known = known
        self._kinds = kinds
        self.hubs: list[Hub] = []

    def edges(self) -> Iterator[Edge]:
        """All of them."""
        kinds, taken = self._kinds, self._known.taken
        alone: dict[Key, tuple[int, int, Attribute]] = {}  # most values are those of one party
        sharing: dict[Key, dict[int, int]] = {}
        written: dict[Key, tuple[int, str, Attribute]] = {}

        def share(key: Key, node: int, day: int, attribute: Attribute) -> None:
            known = sharing.get(key)
            if known is None:
                first = alone.get(key)
                if first is None:
                    alone[key] = (node, day, attribute)
                    return
                known = sharing[key] = {first[0]: first[1]}
                written[key] = (first[1], first[2].written, first[2])
            if day < known.get(node, NEVER):
                known[node] = day
            best = written[key]
            if day < best[0] or (day == best[0] and attribute.written < best[1]):
                written[key] = (day, attribute.written, attribute)

        for party, (day, node) in self._known.sightings:
            if party.role in LINKING_ROLES:
                for attribute in party.attributes:
                    if attribute.kind in kinds:
                        share((attribute.kind, attribute.key), node, day, attribute)
            elif party.role in PROVIDERS:
                for attribute in party.attributes:
                    if attribute.kind in kinds:
                        key = (attribute.kind, attribute.key)
                        taken[key] = min(taken.get(key, NEVER), day)
        for node, day, attribute in self._known.having:
            if attribute.kind in kinds:
                share((attribute.kind, attribute.key), node, day, attribute)
        for key, parties in sharing.items():
            if len(parties) > 1:
                yield from self._shared(key, parties, written[key][2], taken.get(key, NEVER))
        if "payer" in kinds:
            yield from self._paid_by_one()

    def _paid_by_one(self) -> Iterator[Edge]:
        buyers: dict[tuple[str, str], dict[int, int]] = {}
        payers: dict[tuple[str, str], dict[int, int]] = {}
        for (payer, buyer), day in self._known.payers.items():
            one, other = self._known.parties[payer], self._known.parties[buyer]
            assert one is not None
            assert other is not None
            if one.name and (one.name, one.country) == (other.name, other.country):
                continue  # a firm that pays for itself
            key = paid_by(one)
            known = buyers.setdefault(key, {})
            known[buyer] = min(known.get(buyer, NEVER), day)
            known = payers.setdefault(key, {})
            known[payer] = min(known.get(payer, NEVER), day)
        for (name, country), known in buyers.items():
            themselves = payers[name, country]
            shown = min(map(self._known.shown, themselves))
            attribute = Attribute("payer", f"{name}|{country}", shown)
            yield from self._shared(("payer", attribute.key), known, attribute, NEVER, themselves)

    def _shared(
        self,
        key: tuple[str, str],
        parties: Mapping[int, int],
        attribute: Attribute,
        taken: int,
        themselves: Mapping[int, int] | None = None,
    ) -> Iterator[Edge]:
        """The edges to one value, until too many share it or it is known as a provider's."""
        most = MOST_SHARING[key[0]]
        names = self._names(parties) if len(parties) > most or taken < NEVER else {}
        count = len(names)
        crowded = sorted(names.values())[most] if count > most else NEVER
        if key in self._known.crowded:
            crowded, count = self._known.crowded[key]
        end = min(crowded, taken)
        if end < NEVER:
            why = (
                "it belongs to a bank, a forwarder or the selling firm"
                if taken <= crowded
                else f"more than {most} firms share it"
            )
            self.hubs.append(Hub(key[0], attribute.written, count, why, key[1]))
        value = self._known.node(key, first=ALWAYS)
        self._known.written[value] = attribute
        for node, day in (*parties.items(), *(themselves or {}).items()):
            if day < end:
                yield Edge(node, value, day, end)

    def _names(self, parties: Mapping[int, int]) -> dict[str, int]:
        """The names of some parties, each with the first of their days."""
        names: dict[str, int] = {}
        for node, day in parties.items():
            party = self._known.parties[node]
            assert party is not None
            name = party.name or party.registration
            names[name] = min(names.get(name, NEVER), day)
        return names


def paid_by(payer: PartySeen) -> tuple[str, str]:
    """What tells apart who pays for several buyers."""
    return payer.name or payer.registration, payer.country


def _edge(one: int, other: int, start: int, end: int) -> Iterator[Edge]:
    if start < end:
        yield Edge(one, other, start, end)
