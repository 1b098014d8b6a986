"""Who of the parties of alerts is one firm, which firms are linked, and what links nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from redflags.across.groups import MOST_SHARING, Groups
from redflags.across.identity import LINKS, PartySeen
from redflags.across.similar import PerhapsSame, perhaps_same
from redflags.cases.census import DETAILS, LINKING_ROLES, Census
from redflags.cases.parties import PROVIDERS, Parties

_LINKS = frozenset(LINKS) - {"payer"}
"""Payers link the orders that they pay for, as parties of these; not all that their buyers do."""


@dataclass(frozen=True, slots=True)
class Firms:
    """The firms behind the parties of alerts: ``firm`` tells of each party its firm, ``group`` the
    group of linked firms to which that belongs. ``hubs`` are details that link nobody, by kind and
    key, with how many firms share each; 0 says that it belongs to one who serves all. ``perhaps``
    has for each firm the pairs of parties, one of them its own, that may be one."""

    firm: list[int]
    group: list[int]
    hubs: Mapping[tuple[str, str], int]
    perhaps: Mapping[int, list[PerhapsSame]]


def firms_of(parties: Parties, census: Census) -> Firms:
    """The firms of these parties and what links them. The same whatever came first."""
    numbers = sorted(range(len(parties.seen)), key=lambda number: _key(parties.seen[number]))
    same = Groups()
    same_nodes = [0] * len(numbers)
    for number in numbers:
        same_nodes[number] = same.see(None, parties.seen[number])
    same.settle()
    firm = [same.label(node) for node in same_nodes]
    hubs = _hubs(parties, firm, census)
    linked = Groups(_LINKS)
    nodes = [0] * len(numbers)
    for number in numbers:
        nodes[number] = linked.see(None, _without(parties.seen[number], hubs))
    linked.settle()
    group = [linked.label(node) for node in nodes]
    return Firms(firm, group, hubs, _perhaps(parties, firm, numbers))


def _perhaps(
    parties: Parties, firm: Sequence[int], numbers: Sequence[int]
) -> dict[int, list[PerhapsSame]]:
    linking = [number for number in numbers if parties.seen[number].role in LINKING_ROLES]
    of = {parties.seen[number].identity: firm[number] for number in linking}
    found: dict[int, list[PerhapsSame]] = {}
    for pair in perhaps_same(parties.seen[number] for number in linking):
        one, other = of[pair.one.identity], of[pair.other.identity]
        if one != other:
            found.setdefault(one, []).append(pair)
            found.setdefault(other, []).append(pair)
    return found


def _hubs(parties: Parties, firm: list[int], census: Census) -> dict[tuple[str, str], int]:
    """The details that parties of alerts share and that link nobody: too many firms of the whole
    run have them, or one who serves all."""
    holders: dict[tuple[str, str], set[int]] = {}
    hubs: dict[tuple[str, str], int] = {}
    for number, party in enumerate(parties.seen):
        for one in party.attributes:
            if party.role in PROVIDERS or number in parties.passing:
                hubs[one.kind, one.key] = 0
            else:
                holders.setdefault((one.kind, one.key), set()).add(firm[number])
    for kind in DETAILS:
        shared = {key for (of, key), firms in holders.items() if of == kind and len(firms) > 1}
        if shared:
            for key, count in census.sharing(kind, shared).items():
                if count > MOST_SHARING[kind]:
                    hubs.setdefault((kind, key), count)
    return hubs


def _without(party: PartySeen, hubs: Mapping[tuple[str, str], int]) -> PartySeen:
    """The party without the details that link nobody."""
    kept = tuple(one for one in party.attributes if (one.kind, one.key) not in hubs)
    return party if len(kept) == len(party.attributes) else replace(party, attributes=kept)


def _key(party: PartySeen) -> tuple[object, ...]:
    details = tuple((one.kind, one.key) for one in party.attributes)
    return (party.identity, party.role, party.shown, details)
