"""Who is the same party, and which parties are linked, as known on each day.

Parties and what they share are nodes of one graph; every edge holds from the day on which both
ends are known to the day on which it is known to mean nothing (an address that a ninth firm uses,
a name under which a second registration appears). On each day the groups are the connected parts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from redflags.across.identity import Attribute, PartySeen

ALWAYS = -(10**9)
"""The day from which a fact without a date is known."""

NEVER = 10**9
"""A day after all others: the end of what never ends, and the day of a line without a date."""

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

LINKING_ROLES = frozenset({"buyer", "intermediate_consignee", "consignee", "end_user", "payer"})
"""Roles whose addresses, numbers and directors link parties."""

PROVIDERS = frozenset({"seller", "exporter", "forwarder", "bank"})
"""Roles of the own firm and of those who serve all: what belongs to them links nobody else."""

MOST_SHOWN = 50
"""Links and members of a group that are shown."""


@dataclass(frozen=True, slots=True)
class Link:
    """What two parties share: its kind and the text as the first of them has it."""

    one: str
    other: str
    kind: str
    written: str


@dataclass(frozen=True, slots=True)
class Hub:
    """Something that too many firms share, or a provider has: it links nobody."""

    kind: str
    written: str
    parties: int
    why: str


@dataclass(frozen=True, slots=True)
class PerhapsSame:
    """Two parties that may be one, and why they are not taken for one."""

    one: PartySeen
    other: PartySeen
    why: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Parties that are one or are linked. ``members`` has each identity once; ``links`` is a
    spanning tree of the group, at most fifty of them."""

    members: tuple[PartySeen, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class _Edge:
    one: int
    other: int
    start: int
    end: int


class Groups:
    """The groups of all parties of a run. ``by`` names what links them (see
    :data:`~redflags.across.identity.LINKS`); with nothing, a group is one party.

    Lines are added in any order, then :meth:`settle` is called once, then groups are asked for.
    """

    def __init__(self, by: frozenset[str] = frozenset()) -> None:
        self.by = by
        kinds = set(by)
        if "email" in kinds:
            kinds.add("website")  # the domain of a mail address that is a firm's own
        self._kinds = frozenset(kinds - {"registration"})  # that one is identity already
        self._number: dict[object, int] = {}
        self._party: list[PartySeen | None] = []
        self._first: list[int] = []
        self._uses: list[int] = []
        self._sightings: dict[int, list[int]] = {}
        self._kept: list[PartySeen] = []
        self._columns: dict[str, list[int]] = {}
        self._lines = 0
        self._payers: dict[tuple[int, int], int] = {}
        self._own_service: set[tuple[int, int]] = set()
        self._label: list[int] = []
        self._block: list[int] = []
        self._history: dict[int, tuple[list[int], list[int]]] = {}
        self._moving: frozenset[int] = frozenset()
        self._adjacent: dict[int, list[_Edge]] = {}
        self._written: dict[int, Attribute] = {}
        self._hubs: list[Hub] = []
        self._keys: list[str] = []

    # What is known

    def add(self, day: int | None, order: object, parties: Mapping[str, PartySeen]) -> int:
        """One line: its day (days since any fixed one; None where unknown) and its parties by
        role. Gives the number of the line."""
        nodes = self.note(day, parties)
        line = self._lines
        for role, node in nodes.items():
            column = self._columns.get(role)
            if column is None:
                column = self._columns[role] = []
            if len(column) < line:
                column.extend([-1] * (line - len(column)))
            column.append(node)
        self._lines += 1
        return line

    def note(self, day: int | None, parties: Mapping[str, PartySeen]) -> dict[str, int]:
        """Parties that stand together on a day, without a line of their own; their numbers."""
        nodes = {role: self.see(day, party) for role, party in parties.items()}
        if "payer" in nodes and "buyer" in nodes and "payer" in self._kinds:
            self.paid(day, nodes["payer"], nodes["buyer"])
        return nodes

    def see(self, day: int | None, party: PartySeen, times: int = 1) -> int:
        """A party that ``times`` lines name, on this day for the first time; gives its number."""
        known = ALWAYS if day is None else day
        sighting = self._sightings.get(id(party))
        if sighting is None:
            node = self._node(("party", *party.identity), party)
            sighting = self._sightings[id(party)] = [known, node]
            self._kept.append(party)  # an id is good while its object lives
        elif known < sighting[0]:
            sighting[0] = known
        node = sighting[1]
        if known < self._first[node]:
            self._first[node] = known
        self._uses[node] += times
        return node

    def mentions(self) -> Sequence[PartySeen]:
        """The parties that were seen, as lines name them."""
        return self._kept

    def paid(self, day: int | None, payer: int, buyer: int) -> None:
        """On this day one party, by its number, paid for another."""
        known = ALWAYS if day is None else day
        if payer != buyer and known < self._payers.get((payer, buyer), NEVER):
            self._payers[payer, buyer] = known

    def _node(self, key: object, party: PartySeen | None = None, first: int = NEVER) -> int:
        node = self._number.get(key)
        if node is None:
            node = self._number[key] = len(self._first)
            self._first.append(first)
            self._party.append(party)
            self._uses.append(0)
        return node

    # Groups

    def settle(self) -> None:
        """Work out the groups of every day; to be called once, after the last line."""
        for column in self._columns.values():
            column.extend([-1] * (self._lines - len(column)))
        self._name_by_first_mention()
        edges = [*self._same_party(), *self._links()]
        self._label = list(range(len(self._first)))
        for edge in edges:
            self._adjacent.setdefault(edge.one, []).append(edge)
            self._adjacent.setdefault(edge.other, []).append(edge)
        self._block = list(range(len(self._first)))
        moving: set[int] = set()
        for nodes in self._blocks():
            for node in nodes:
                self._block[node] = nodes[0]
            _Block(self, nodes).run(moving)
        self._moving = frozenset(moving)

    def _name_by_first_mention(self) -> None:
        """A party is shown as its first mention in time has it, whatever the order of lines."""
        best: dict[int, tuple[int, str, str]] = {}
        for party in self._kept:
            day, node = self._sightings[id(party)]
            rank = (day, party.shown, party.role)
            if node not in best or rank < best[node]:
                best[node] = rank
                self._party[node] = party

    def nodes(self, role: str) -> Sequence[int]:
        """The number of the party of a role for every line; -1 where it is not stated."""
        return self._columns.get(role) or [-1] * self._lines

    def of(self, line: int, role: str) -> Timed | None:
        """The group of a line's party, to be asked for as of a day; None where it is not stated."""
        column = self._columns.get(role)
        node = -1 if column is None else column[line]
        return None if node < 0 else Timed(self, node)

    def label(self, node: int, day: int | None = None) -> int:
        """The group of a party as known on a day (None: at the end). Two parties are of one group
        on a day where their labels for it are equal."""
        history = self._history.get(node)
        if history is None:
            return self._label[node]
        days, labels = history
        place = bisect_right(days, NEVER if day is None else day) - 1
        return labels[max(place, 0)]

    def is_steady(self, node: int) -> bool:
        """Whether no party ever leaves the group of this one or comes to it with orders from
        before: its label says on every day which lines are of its group."""
        return node not in self._history and self._label[node] not in self._moving

    def block(self, node: int) -> int:
        """All parties that are ever of one group with this one have the same block."""
        return self._block[node]

    def blocks(self) -> Sequence[int]:
        """The block of every party by its number."""
        return self._block

    def labels(self) -> Sequence[int]:
        """The last group of every party by its number."""
        return self._label

    def moving_nodes(self) -> Sequence[int]:
        """The parties whose group has a different label on different days."""
        return list(self._history)

    def moves(self, node: int) -> Iterable[tuple[int, int]]:
        """From which day on the party is of which group, in order of time."""
        history = self._history.get(node)
        return [(ALWAYS, self._label[node])] if history is None else zip(*history, strict=True)

    def shown(self, node: int) -> str:
        """The party's name as written."""
        party = self._party[node]
        return "" if party is None else party.shown

    def party(self, node: int) -> PartySeen | None:
        """The party of a number, as it was first seen."""
        return self._party[node]

    def _same_party(self) -> Iterator[_Edge]:
        """Edges between the mentions of one party."""
        names: dict[str, list[int]] = {}
        numbers: dict[str, list[int]] = {}
        for node, party in enumerate(self._party):
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

    def _one_number(self, nodes: Sequence[int]) -> Iterator[_Edge]:
        countries: dict[str, int] = {}
        registration = ""
        for node in nodes:
            party, day = self._party[node], self._first[node]
            assert party is not None
            registration = party.registration
            number = self._node(("number", party.country, registration), first=ALWAYS)
            self._written.setdefault(number, self._registration_of(node))
            yield _Edge(node, number, day, NEVER)
            countries[party.country] = min(countries.get(party.country, NEVER), day)
        yield from self._number_without_country(registration, countries)

    def _one_name(self, name: str, nodes: Sequence[int]) -> Iterator[_Edge]:
        countries: dict[str, dict[str, int]] = {}
        for node in nodes:
            party = self._party[node]
            assert party is not None
            countries.setdefault(party.country, {})[party.registration] = self._first[node]
        if "" in countries or any("" in known for known in countries.values()):
            yield from self._name_without_number(name, countries)

    def _registration_of(self, node: int) -> Attribute:
        party = self._party[node]
        assert party is not None
        return next(one for one in party.attributes if one.kind == "registration")

    def _number_without_country(self, number: str, countries: Mapping[str, int]) -> Iterator[_Edge]:
        if "" not in countries:
            return
        known = sorted((day, country) for country, day in countries.items() if country)
        if known:
            end = known[1][0] if len(known) > 1 else NEVER
            start = max(known[0][0], countries[""])
            one, other = ("number", "", number), ("number", known[0][1], number)
            yield from self._edge(self._number[one], self._number[other], start, end)

    def _name_without_number(
        self, name: str, countries: Mapping[str, Mapping[str, int]]
    ) -> Iterator[_Edge]:
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
                    yield from self._edge(one, other, first, second)
                    yield from self._same_number(name, country, known.keys() & nowhere, second)
                yield from self._sole(name, (country,), known, second, NEVER)
            elif country:
                yield from self._sole(name, (country,), known, ALWAYS, NEVER)
            else:
                yield from self._sole(name, ("",), known, ALWAYS, first)
                yield from self._sole(name, ("",), known, max(second, first), NEVER)

    def _same_number(
        self, name: str, country: str, numbers: Iterable[str], until: int
    ) -> Iterator[_Edge]:
        for number in numbers:
            if number:
                one, other = self._mention(name, country, number), self._mention(name, "", number)
                start = max(self._first[one], self._first[other])
                yield from self._edge(one, other, start, until)

    def _sole(
        self,
        name: str,
        countries: Sequence[str],
        numbers: Mapping[str, int],
        since: int,
        until: int,
    ) -> Iterator[_Edge]:
        known = sorted((day, number) for number, day in numbers.items() if number)
        if not known:
            return
        day, number = known[0]
        end = min(until, known[1][0] if len(known) > 1 else NEVER)
        for country in countries:
            node = self._number.get(("party", name, country, number))
            if node is not None:
                bare = self._mention(name, country, "")
                yield from self._edge(bare, node, max(since, day, self._first[node]), end)

    def _mention(self, name: str, country: str, number: str) -> int:
        return self._node(("party", name, country, number))

    def _edge(self, one: int, other: int, start: int, end: int) -> Iterator[_Edge]:
        if start < end:
            yield _Edge(one, other, start, end)

    def _links(self) -> Iterator[_Edge]:
        """Edges between parties and what they share with others."""
        if not self._kinds:
            return
        sharing: dict[tuple[str, str], dict[int, int]] = {}
        written: dict[tuple[str, str], tuple[int, str, Attribute]] = {}
        taken: dict[tuple[str, str], int] = {}
        for party in self._kept:
            day, node = self._sightings[id(party)]
            if party.role not in LINKING_ROLES and party.role not in PROVIDERS:
                continue
            for attribute in party.attributes:
                if attribute.kind not in self._kinds:
                    continue
                key = (attribute.kind, attribute.key)
                if party.role in PROVIDERS:
                    taken[key] = min(taken.get(key, NEVER), day)
                    continue
                rank = (day, attribute.written, attribute)
                if key not in written or rank[:2] < written[key][:2]:
                    written[key] = rank
                known = sharing.setdefault(key, {})
                known[node] = min(known.get(node, NEVER), day)
        for key, parties in sharing.items():
            if len(parties) > 1:
                yield from self._shared(key, parties, written[key][2], taken.get(key, NEVER))
        yield from self._paid_by_one()

    def _paid_by_one(self) -> Iterator[_Edge]:
        buyers: dict[tuple[str, str], dict[int, int]] = {}
        payers: dict[tuple[str, str], dict[int, int]] = {}
        for (payer, buyer), day in self._payers.items():
            one, other = self._party[payer], self._party[buyer]
            assert one is not None
            assert other is not None
            if one.name and (one.name, one.country) == (other.name, other.country):
                continue  # a firm that pays for itself
            key = (one.name or one.registration, one.country)
            known = buyers.setdefault(key, {})
            known[buyer] = min(known.get(buyer, NEVER), day)
            known = payers.setdefault(key, {})
            known[payer] = min(known.get(payer, NEVER), day)
        for (name, country), known in buyers.items():
            themselves = payers[name, country]
            shown = self.shown(min(themselves))
            attribute = Attribute("payer", f"{name}|{country}", shown)
            yield from self._shared(("payer", attribute.key), known, attribute, NEVER, themselves)

    def _shared(
        self,
        key: tuple[str, str],
        parties: Mapping[int, int],
        attribute: Attribute,
        taken: int,
        themselves: Mapping[int, int] | None = None,
    ) -> Iterator[_Edge]:
        """The edges to one value, until too many share it or it is known as a provider's."""
        names: dict[str, int] = {}
        for node, day in parties.items():
            party = self._party[node]
            assert party is not None
            name = party.name or party.registration
            names[name] = min(names.get(name, NEVER), day)
        most = MOST_SHARING[key[0]]
        crowded = sorted(names.values())[most] if len(names) > most else NEVER
        end = min(crowded, taken)
        if end < NEVER:
            why = (
                "it belongs to a bank, a forwarder or the selling firm"
                if taken <= crowded
                else f"more than {most} firms share it"
            )
            self._hubs.append(Hub(key[0], attribute.written, len(names), why))
        value = self._node(key, first=ALWAYS)
        self._written[value] = attribute
        for node, day in (*parties.items(), *(themselves or {}).items()):
            if day < end:
                yield _Edge(node, value, day, end)

    def _blocks(self) -> Iterator[list[int]]:
        """Nodes that are ever connected, those alone left out."""
        seen: set[int] = set()
        for start in self._adjacent:
            if start in seen:
                continue
            seen.add(start)
            nodes = [start]
            for node in nodes:
                for edge in self._adjacent[node]:
                    other = edge.other if edge.one == node else edge.one
                    if other not in seen:
                        seen.add(other)
                        nodes.append(other)
            yield nodes

    # Evidence

    def hubs(self) -> list[Hub]:
        """What links nobody because too many share it or a provider has it, the commonest first."""
        return sorted(self._hubs, key=lambda hub: (-hub.parties, hub.kind, hub.written))

    def connected(
        self, node: int, day: int | None = None, most: int = MOST_SHOWN
    ) -> tuple[list[int], list[Link]]:
        """The parties of a group as known on a day, this one first, and a spanning tree of their
        links; at most so many of each."""
        at = NEVER - 1 if day is None else day
        seen = {node}
        parties = [node]
        links: list[Link] = []
        waiting: deque[tuple[int, int]] = deque([(node, node)])
        while waiting and len(parties) < most:
            current, party = waiting.popleft()
            for edge in self._near(current):
                other = edge.other if edge.one == current else edge.one
                if other in seen or not edge.start <= at < edge.end:
                    continue
                seen.add(other)
                if self._party[other] is None:  # something shared, or a mention nobody made
                    waiting.append((other, party))
                    continue
                if self._first[other] <= at:
                    parties.append(other)
                attribute = self._written.get(current)
                if attribute is not None:
                    one, two = self._party[party], self._party[other]
                    if one is not None and two is not None and one.name != two.name:
                        links.append(Link(one.shown, two.shown, attribute.kind, attribute.written))
                waiting.append((other, other))
        return parties, links

    def _near(self, node: int) -> list[_Edge]:
        """The edges of a node in an order that does not depend on that of the lines."""
        edges = self._adjacent.get(node, [])
        if len(self._keys) < len(self._number):
            self._keys = [repr(key) for key in self._number]

        def rank(edge: _Edge) -> tuple[int, str]:
            return edge.start, self._keys[edge.other if edge.one == node else edge.one]

        return sorted(edges, key=rank)

    def clusters(self, day: int | None = None) -> list[Cluster]:
        """Every group of more than one party as known on a day, in the order of its names."""
        by_label: dict[int, list[int]] = {}
        for node, party in enumerate(self._party):
            if party is not None and node in self._adjacent:
                by_label.setdefault(self.label(node, day), []).append(node)
        found = []
        for nodes in by_label.values():
            if len(nodes) > 1:
                members = {self._party[node].identity: self._party[node] for node in nodes}  # type: ignore[union-attr]
                ordered = sorted(members.items())
                start = self._number["party", *ordered[0][0]]
                _, links = self.connected(start, day)
                kept = tuple(one for _, one in ordered if one is not None)
                found.append(Cluster(kept, tuple(links)))
        return sorted(found, key=lambda one: one.members[0].identity)


@dataclass(frozen=True, slots=True)
class Timed:
    """The group of one party, to be asked for as of a day."""

    groups: Groups
    node: int

    def on(self, day: int | None) -> int:
        """The label of the group as known on a day; None is the end of all that is known."""
        return self.groups.label(self.node, day)


class _Block:
    """The groups of one block of nodes through time."""

    def __init__(self, groups: Groups, nodes: list[int]) -> None:
        self._groups = groups
        self._nodes = nodes
        self._label = {node: node for node in nodes}
        self._members = {node: {node} for node in nodes}
        self._weight = dict.fromkeys(nodes, 0)
        self._adjacent: dict[int, Counter[int]] = {node: Counter() for node in nodes}
        self._changes: dict[int, tuple[list[int], list[int]]] = {}

    def run(self, moving: set[int]) -> None:
        groups = self._groups
        events: dict[int, tuple[list[_Edge], list[_Edge], list[int]]] = {}
        for node in self._nodes:
            events.setdefault(groups._first[node], ([], [], []))[2].append(node)
            for edge in groups._adjacent[node]:
                if edge.one == node:
                    events.setdefault(edge.start, ([], [], []))[0].append(edge)
                    if edge.end < NEVER:
                        events.setdefault(edge.end, ([], [], []))[1].append(edge)
        for day in sorted(events):
            joined, parted, born = events[day]
            for edge in joined:
                self._join(edge.one, edge.other, day)
            for edge in parted:
                self._part(edge.one, edge.other, day)
            for node in born:
                self._weight[self._label[node]] += 1 + groups._uses[node]
        for node in self._nodes:
            history = self._changes.get(node)
            if history is not None and len(history[0]) > 1:
                groups._history[node] = history
                moving.update(history[1])
            groups._label[node] = self._label[node]

    def _move(self, nodes: Iterable[int], label: int, day: int) -> None:
        first = self._groups._first
        for node in nodes:
            old = self._label[node]
            self._label[node] = label
            if first[node] >= day:  # nothing was asked of it before
                self._changes[node] = ([ALWAYS], [label])
                continue
            history = self._changes.get(node)
            if history is None:
                history = self._changes[node] = ([ALWAYS], [old])
            days, labels = history
            if days[-1] == day:
                days.pop()
                labels.pop()
            if not labels or labels[-1] != label:
                days.append(day)
                labels.append(label)

    def _join(self, one: int, other: int, day: int) -> None:
        self._adjacent[one][other] += 1
        self._adjacent[other][one] += 1
        a, b = self._label[one], self._label[other]
        if a == b:
            return
        if (self._weight[a], len(self._members[a])) < (self._weight[b], len(self._members[b])):
            a, b = b, a
        moved = self._members.pop(b)
        self._move(moved, a, day)
        self._members[a] |= moved
        self._weight[a] += self._weight.pop(b)

    def _part(self, one: int, other: int, day: int) -> None:
        for here, there in ((one, other), (other, one)):
            self._adjacent[here][there] -= 1
            if not self._adjacent[here][there]:
                del self._adjacent[here][there]
        if other in self._adjacent[one]:
            return
        separate = self._smaller_side(one, other)
        if separate is None:
            return
        groups = self._groups
        label = len(groups._label)
        groups._label.append(label)
        old = self._label[one]
        self._members[old] -= separate
        self._members[label] = separate
        weight = sum(1 + groups._uses[node] for node in separate if groups._first[node] < day)
        self._weight[old] -= weight
        self._weight[label] = weight
        self._move(separate, label, day)

    def _smaller_side(self, one: int, other: int) -> set[int] | None:
        """The nodes on the side of one of two ends that is exhausted first; None if the ends are
        still connected. The search goes on from both ends in turn, so it costs no more than twice
        the smaller side."""
        sides = ({one}, {other})
        fronts = (deque([one]), deque([other]))
        while True:
            for here, there in ((0, 1), (1, 0)):
                if not fronts[here]:
                    return sides[here]
                node = fronts[here].popleft()
                for near in self._adjacent[node]:
                    if near in sides[there]:
                        return None
                    if near not in sides[here]:
                        sides[here].add(near)
                        fronts[here].append(near)


def clusters(parties: Iterable[PartySeen], by: Iterable[str]) -> list[Cluster]:
    """The groups of parties that are one or share something, without regard to time."""
    groups = Groups(frozenset(by))
    for party in parties:
        groups.see(None, party)
    groups.settle()
    return groups.clusters()
