"""Who of the parties of alerts is one firm, which firms are linked, and what links nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from redflags.across.groups import MOST_SHARING, Groups
from redflags.across.identity import LINKS, Attribute, PartySeen
from redflags.across.similar import Identity, PerhapsSame, perhaps_same
from redflags.cases.census import DETAILS, LINKING_ROLES, Census
from redflags.cases.others import Key, Met, OthersMet
from redflags.cases.parties import PROVIDERS, Parties

_LINKS = frozenset(LINKS) - {"payer"}
"""Payers link the orders that they pay for, as parties of these; not all that their buyers do."""


@dataclass(frozen=True, slots=True)
class Firms:
    """The firms behind the parties of alerts: ``firm`` tells of each party its firm, ``group`` the
    group of linked firms to which that belongs. ``hubs`` are details that link nobody, by kind and
    key, with how many firms share each; 0 says that it belongs to one who serves all. ``known``
    has the firm of each identity that has to do with these parties, ``others`` the parties of
    orders without a flag."""

    firm: list[int]
    group: list[int]
    hubs: Mapping[Key, int]
    known: Mapping[Identity, int]
    others: OthersMet


def firms_of(parties: Parties, census: Census) -> Firms:
    """The firms of these parties and what links them. The same whatever came first."""
    details: dict[Identity, dict[Key, Attribute]] = {}
    serving: set[Key] = set()
    met: dict[Identity, PartySeen] = {}
    for number, party in enumerate(parties.seen):
        met[party.identity] = party
        own = details.setdefault(party.identity, {})
        serves_many = party.role in PROVIDERS or number in parties.passing
        for one in party.attributes:
            if serves_many:
                serving.add((one.kind, one.key))
            else:
                own[one.kind, one.key] = one
    others = parties.others.met(details)
    for identity, firm in others.related(details).items():
        details.setdefault(identity, {}).update(firm.details)
        if identity not in met:
            met[identity] = _party(identity, firm)
    known = _labels(Groups(), met, {})
    hubs = _hubs(details, serving, known, census)
    linking = {
        identity: {key: one for key, one in own.items() if key not in hubs}
        for identity, own in details.items()
    }
    linked = _labels(Groups(_LINKS), met, linking)
    return Firms(
        [known[party.identity] for party in parties.seen],
        [linked[party.identity] for party in parties.seen],
        hubs,
        known,
        others,
    )


def _labels(
    groups: Groups,
    parties: Mapping[Identity, PartySeen],
    details: Mapping[Identity, Mapping[Key, Attribute]],
) -> dict[Identity, int]:
    """The group of each identity. ``details`` are those that link. Most have nothing in common with
    another and are a group of their own, below zero."""
    shared = Counter(one for identity in parties for one in _in_common(identity, details))
    labels: dict[Identity, int] = {}
    nodes = {}
    for number, (identity, party) in enumerate(parties.items()):
        if all(shared[one] == 1 for one in _in_common(identity, details)):
            labels[identity] = ~number
        else:
            own = _linkable(party, details[identity]) if details else party
            nodes[identity] = groups.see(None, own)
    groups.settle()
    return labels | {identity: groups.label(node) for identity, node in nodes.items()}


def _in_common(
    identity: Identity, details: Mapping[Identity, Mapping[Key, Attribute]]
) -> Iterator[Key]:
    """What a party of an identity may have in common with another."""
    name, _, registration = identity
    if name:
        yield "name", name
    if registration:
        yield "number", registration
    yield from (key for key in details.get(identity, ()) if key[0] != "registration")


def _party(identity: Identity, firm: Met) -> PartySeen:
    name, country, registration = identity
    number = Attribute("registration", f"{country}|{registration}", firm.registered)
    own = (number,) if registration else ()
    return PartySeen(firm.role, firm.shown, name, country, registration, attributes=own)


def _linkable(party: PartySeen, details: Mapping[Key, Attribute]) -> PartySeen:
    """The party with all details that can link the firm of its name, and its number."""
    number = [one for one in party.attributes if one.kind == "registration"]
    kept = [one for one in details.values() if one.kind != "registration"]
    return replace(party, role=LINKING_ROLES[0], attributes=(*number, *kept))


def perhaps_of(
    parties: Parties, firms: Firms, numbers: Iterable[int]
) -> dict[int, list[PerhapsSame]]:
    """For each firm of some parties the pairs of parties, one of them its own, that may be one."""
    asked = {firms.firm[number] for number in numbers}
    best: dict[Identity, PartySeen] = {}
    for party in parties.seen:
        if party.role in LINKING_ROLES:
            first = best.setdefault(party.identity, party)
            if (party.role, party.shown) < (first.role, first.shown):
                best[party.identity] = party
    candidates = {identity for identity, firm in firms.known.items() if firm in asked}
    others = dict(firms.others.near(candidates, best))

    def party_of(identity: Identity) -> PartySeen:
        seen, first = best.get(identity), others.get(identity)
        if seen is None or (first is not None and first < (seen.role, seen.shown)):
            return PartySeen(*others[identity], *identity)
        return seen

    about = {one for one in candidates if one in best or one in others}
    found: dict[int, list[PerhapsSame]] = {}
    for pair in perhaps_same({*best, *others}, party_of, about):
        one, other = firms.known.get(pair.one.identity), firms.known.get(pair.other.identity)
        if one != other:
            for own in (one, other):
                if own is not None and own in asked:
                    found.setdefault(own, []).append(pair)
    return found


def _hubs(
    details: Mapping[Identity, Mapping[Key, Attribute]],
    serving: Collection[Key],
    known: Mapping[Identity, int],
    census: Census,
) -> dict[Key, int]:
    """The details that parties of alerts share and that link nobody: too many firms of the whole
    run have them, or one who serves all."""
    holders: dict[Key, set[int]] = {}
    for identity, own in details.items():
        for key in own:
            holders.setdefault(key, set()).add(known[identity])
    hubs = dict.fromkeys(serving, 0)
    for kind in DETAILS:
        shared = {key for (of, key), firms in holders.items() if of == kind and len(firms) > 1}
        if shared:
            for told, count in census.sharing(kind, shared).items():
                if count > MOST_SHARING[kind]:
                    hubs.setdefault((kind, told), count)
    return hubs
