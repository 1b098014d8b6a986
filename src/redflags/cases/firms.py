"""Who of the parties of a run is one firm, and which firms are linked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from redflags.across.groups import Groups, Hub, Link
from redflags.across.identity import LINKS, PartySeen
from redflags.cases.census import Census

MOST_CONNECTED = 1_000
"""Firms of one linked group that are looked at for the links of a case."""


@dataclass(frozen=True, slots=True)
class Firms:
    """The firms behind the parties of a run: ``firm`` tells of each party its firm, ``group`` the
    group of linked firms to which that belongs. ``hubs`` are details that link nobody, by kind and
    key."""

    firm: list[int]
    group: list[int]
    hubs: dict[tuple[str, str], Hub]
    _linked: Groups
    _nodes: list[int]

    def links(self, number: int) -> list[Link]:
        """What holds the group of a party together: a tree of links, beginning with that party."""
        return self._linked.connected(self._nodes[number], most=MOST_CONNECTED)[1]


def firms_of(census: Census) -> Firms:
    """The firms of a census and what links them. The same whatever came first in it."""
    same, linked = Groups(), Groups(frozenset(LINKS))
    numbers = sorted(range(len(census.seen)), key=lambda number: _key(census.seen[number]))
    same_nodes, nodes = [0] * len(numbers), [0] * len(numbers)
    for number in numbers:
        party = census.seen[number]
        if number in census.passing:
            party = replace(party, role="forwarder")
        same_nodes[number] = same.see(None, party)
        nodes[number] = linked.see(None, party)
    for number in numbers:
        if census.seen[number].role == "payer":
            for buyer in sorted(census.buyers.get(number, ()), key=lambda one: nodes[one]):
                linked.paid(None, nodes[number], nodes[buyer])
    same.settle()
    linked.settle()
    return Firms(
        firm=[same.label(node) for node in same_nodes],
        group=[linked.label(node) for node in nodes],
        hubs={(hub.kind, hub.key): hub for hub in linked.hubs()},
        _linked=linked,
        _nodes=nodes,
    )


def _key(party: PartySeen) -> tuple[object, ...]:
    return (party.identity, party.role, party.shown, _attributes(party))


def _attributes(party: PartySeen) -> tuple[tuple[str, str], ...]:
    return tuple((one.kind, one.key) for one in party.attributes)
