"""Who is the same party, and which parties are linked, as known on each day.

Parties and what they share are nodes of one graph; every edge holds from the day on which both
ends are known to the day on which it is known to mean nothing (an address that a ninth firm uses,
a name under which a second registration appears). On each day the groups are the connected parts.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from redflags.across.edges import LINKING_ROLES as LINKING_ROLES
from redflags.across.edges import MOST_SHARING as MOST_SHARING
from redflags.across.edges import PROVIDERS as PROVIDERS
from redflags.across.edges import Edge, Hub, SameParty, Shared
from redflags.across.identity import PartySeen
from redflags.across.known import ALWAYS as ALWAYS
from redflags.across.known import NEVER as NEVER
from redflags.across.known import Known, without_collector
from redflags.across.timeline import Timeline

if TYPE_CHECKING:
    import polars as pl

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
class Cluster:
    """Parties that are one or are linked. ``members`` has each identity once; ``links`` is a
    spanning tree of the group, at most fifty of them."""

    members: tuple[PartySeen, ...]
    links: tuple[Link, ...]


class Groups(Known):
    """The groups of all parties of a run. ``by`` names what links them (see
    :data:`~redflags.across.identity.LINKS`); with nothing, a group is one party.

    Lines are added in any order, then :meth:`settle` is called once, then groups are asked for.
    """

    def __init__(self, by: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.by = by
        kinds = set(by)
        if "email" in kinds:
            kinds.add("website")  # the domain of a mail address that is a firm's own
        self.kinds = frozenset(kinds - {"registration"})  # that one is identity already
        self._label: list[int] = []
        self._block: list[int] = []
        self._history: dict[int, tuple[list[int], list[int]]] = {}
        self._moving: frozenset[int] = frozenset()
        self._edges: dict[int, list[Edge]] = {}
        self._adjacent: dict[int, list[Edge]] = {}
        self._hubs: list[Hub] = []
        self._keys: list[str] = []

    def mentions(self) -> Sequence[PartySeen]:
        """The parties that were seen, as lines name them."""
        return [party for party, _ in self.sightings]

    def settle(self) -> None:
        """Work out the groups of every day; to be called once, after the last line."""
        with without_collector():
            self._settle()

    def _settle(self) -> None:
        self.show_first_mentions()
        shared = Shared(self, self.kinds)
        edges = [*SameParty(self).edges(), *shared.edges()]
        self._hubs = shared.hubs
        self._block, moving = self._connect(edges)
        self._label = list(self._block)
        parts: dict[int, list[Edge]] = {}
        for edge in edges:
            parts.setdefault(self._block[edge.one], []).append(edge)
        self._edges = parts
        members: dict[int, list[int]] = {block: [] for block in moving}
        if moving:
            for node, block in enumerate(self._block):
                if block in moving:
                    members[block].append(node)
        for block, nodes in members.items():
            self._adjacent_of(block)
            labels, history = Timeline(self, nodes, self._adjacent, self._fresh).run()
            self._history.update(history)
            for node, label in labels.items():
                self._label[node] = label
        self._moving = frozenset(label for _, labels in self._history.values() for label in labels)

    def _connect(self, edges: Sequence[Edge]) -> tuple[list[int], set[int]]:
        """The block of each node, which is the first of all that are ever connected with it; and
        the blocks in which a party that was known before changes its group: some edge ends, or
        connects groups that were both there before."""
        above = list(range(len(self.first)))
        oldest = [
            NEVER if party is None else day
            for party, day in zip(self.parties, self.first, strict=True)
        ]
        moved: list[int] = []
        for one, other, start, end in sorted(edges, key=_start):
            if end < NEVER:
                moved.append(one)
            while above[one] != one:
                above[one] = one = above[above[one]]
            while above[other] != other:
                above[other] = other = above[above[other]]
            if one == other:
                continue
            if other < one:
                one, other = other, one
            above[other] = one
            if oldest[other] < start and oldest[one] < start:
                moved.append(one)
            if oldest[other] < oldest[one]:
                oldest[one] = oldest[other]
        for node, higher in enumerate(above):  # what is above has a smaller number
            above[node] = above[higher]
        return above, {above[node] for node in moved}

    def place(self, laid: Mapping[str, pl.Series], told: pl.DataFrame, count: int) -> None:
        """Say who the parties are of lines for which room was left; to be called once, after
        :meth:`settle`.

        ``laid`` has by role the number of each line's party in another count of ``count``, null
        where it has none or is known already. ``told`` says which ``known`` number such a ``node``
        has here; a party that has none here is of a group of its own.
        """
        import polars as pl

        here = pl.repeat(-1, count, dtype=pl.Int64, eager=True)
        here.scatter(told["node"], told["known"])
        alone = pl.concat([pl.Series([], dtype=pl.UInt32), *laid.values()]).drop_nulls().unique()
        alone = alone.filter(here.gather(alone) < 0)
        first = max(len(self._label), len(self.first))
        end = first + len(alone)
        here.scatter(alone, pl.int_range(first, end, dtype=pl.Int64, eager=True))
        for column in (self._label, self._block):
            column += range(len(column), end)
        self.parties += [None] * (end - len(self.parties))
        self.first += [NEVER] * (end - len(self.first))
        self.uses += [0] * (end - len(self.uses))
        for role, numbers in laid.items():
            own = pl.Series(self.nodes(role), dtype=pl.Int64)
            placed = here.gather(numbers)
            self._columns[role] = array(
                "q", pl.select(pl.coalesce(placed, own)).to_series().to_list()
            )

    def _fresh(self) -> int:
        self._label.append(-1)
        return len(self._label) - 1

    def of(self, line: int, role: str) -> Timed | None:
        """The group of a line's party, to be asked for as of a day; None where it is not stated."""
        column = self._columns.get(role, ())
        node = column[line] if line < len(column) else -1
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
                if self.parties[other] is None:  # something shared, or a mention nobody made
                    waiting.append((other, party))
                    continue
                if self.first[other] <= at:
                    parties.append(other)
                attribute = self.written.get(current)
                if attribute is not None:
                    one, two = self.parties[party], self.parties[other]
                    if one is not None and two is not None and one.name != two.name:
                        links.append(Link(one.shown, two.shown, attribute.kind, attribute.written))
                waiting.append((other, other))
        return parties, links

    def _near(self, node: int) -> list[Edge]:
        """The edges of a node in an order that does not depend on that of the lines."""
        if len(self._keys) < len(self.numbers):
            self._keys = [repr(key) for key in self.numbers]

        def rank(edge: Edge) -> tuple[int, str]:
            return edge.start, self._keys[edge.other if edge.one == node else edge.one]

        self._adjacent_of(self._block[node])
        return sorted(self._adjacent.get(node, ()), key=rank)

    def _adjacent_of(self, block: int) -> None:
        """Let the edges of a block stand by both of their ends."""
        for edge in self._edges.pop(block, ()):
            self._adjacent.setdefault(edge.one, []).append(edge)
            self._adjacent.setdefault(edge.other, []).append(edge)

    def clusters(self, day: int | None = None) -> list[Cluster]:
        """Every group of more than one party as known on a day, in the order of its names."""
        by_label: dict[int, list[int]] = {}
        for node, party in enumerate(self.parties):
            if party is not None:
                by_label.setdefault(self.label(node, day), []).append(node)
        found = []
        for nodes in by_label.values():
            if len(nodes) > 1:
                members = {self.parties[node].identity: self.parties[node] for node in nodes}  # type: ignore[union-attr]
                ordered = sorted(members.items())
                start = self.numbers["party", *ordered[0][0]]
                _, links = self.connected(start, day)
                kept = tuple(one for _, one in ordered if one is not None)
                found.append(Cluster(kept, tuple(links)))
        return sorted(found, key=lambda one: one.members[0].identity)


_start = itemgetter(2)


@dataclass(frozen=True, slots=True)
class Timed:
    """The group of one party, to be asked for as of a day."""

    groups: Groups
    node: int

    def on(self, day: int | None) -> int:
        """The label of the group as known on a day; None is the end of all that is known."""
        return self.groups.label(self.node, day)


def clusters(parties: Iterable[PartySeen], by: Iterable[str]) -> list[Cluster]:
    """The groups of parties that are one or share something, without regard to time."""
    with without_collector():
        groups = Groups(frozenset(by))
        for party in parties:
            groups.see(None, party)
        groups.settle()
        return groups.clusters()
