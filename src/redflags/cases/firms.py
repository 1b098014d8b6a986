"""Who of the parties of alerts is one firm, which firms are linked, and what links nobody."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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
    others = parties.others.met(parties.seen)
    details: dict[Identity, dict[Key, Attribute]] = {}
    serving: set[Key] = set()
    for number, party in enumerate(parties.seen):
        own = details.setdefault(party.identity, {})
        serves_many = party.role in PROVIDERS or number in parties.passing
        for one in party.attributes:
            if serves_many:
                serving.add((one.kind, one.key))
            else:
                own[one.kind, one.key] = one
    met = {party.identity: party for party in parties.seen}
    for number in others.related(details):
        identity, firm = others.identities[number], others.firms[number]
        details.setdefault(identity, {}).update(firm.details)
        met.setdefault(identity, _party(identity, firm))
    known = _labels(Groups(), met.values())
    hubs = _hubs(details, serving, known, census)
    linked = _labels(
        Groups(_LINKS),
        (_linkable(party, details[identity], hubs) for identity, party in met.items()),
    )
    return Firms(
        [known[party.identity] for party in parties.seen],
        [linked[party.identity] for party in parties.seen],
        hubs,
        known,
        others,
    )


def _labels(groups: Groups, parties: Iterable[PartySeen]) -> dict[Identity, int]:
    """The group of each identity."""
    nodes = {party.identity: groups.see(None, party) for party in parties}
    groups.settle()
    return {identity: groups.label(node) for identity, node in nodes.items()}


def _party(identity: Identity, firm: Met) -> PartySeen:
    name, country, registration = identity
    number = Attribute("registration", f"{country}|{registration}", firm.registered)
    own = (number,) if registration else ()
    return PartySeen(firm.role, firm.shown, name, country, registration, attributes=own)


def _linkable(
    party: PartySeen, details: Mapping[Key, Attribute], hubs: Mapping[Key, int]
) -> PartySeen:
    """The party with all details that can link the firm of its name, and its number."""
    number = [one for one in party.attributes if one.kind == "registration"]
    kept = [one for key, one in details.items() if one.kind != "registration" and key not in hubs]
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
    about = {identity for identity in best if firms.known[identity] in asked}
    for identity, firm in zip(firms.others.identities, firms.others.firms, strict=True):
        seen = best.get(identity)
        if seen is None or (firm.role, firm.shown) < (seen.role, seen.shown):
            best[identity] = PartySeen(firm.role, firm.shown, *identity)
            if firms.known.get(identity) in asked:
                about.add(identity)
    found: dict[int, list[PerhapsSame]] = {}
    for pair in perhaps_same(best.values(), about):
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
