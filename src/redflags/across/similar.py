"""Parties that may be one: names that are nearly the same, and mentions that fit several firms.

They are reported and never merged: a name is no proof.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from redflags.across.identity import PartySeen

LEAST_ALIKE = 88
"""From how many per cent of equal letters (normalised insertions and deletions) two names of
different firms are perhaps one. A judgement: one letter in nine or more."""

SHORTEST = 6
"""A name of fewer letters is alike to too many."""

NEIGHBOURS = 10
"""With how many of the names that follow it in alphabetical order, read forwards and backwards, a
name is compared: work that grows with the number of names and not with its square."""


Identity = tuple[str, str, str]
"""Name, country and registration, as :attr:`~redflags.across.identity.PartySeen.identity`."""


@dataclass(frozen=True, slots=True)
class PerhapsSame:
    """Two parties that may be one, and why they are not taken for one."""

    one: PartySeen
    other: PartySeen
    why: str


def perhaps_same(
    parties: Iterable[PartySeen], about: Container[Identity] | None = None
) -> list[PerhapsSame]:
    """Pairs of parties that may be one, in the order of their names.

    Names of one country are compared with their neighbours in alphabetical order, by their first
    and by their last letters; a difference nearer to the middle than both is still found through
    the words in order. A mention without a registration number is perhaps each of the firms of its
    name and country that have one, where there are several; one without a country perhaps each of
    its name, where these are in several.

    With ``about`` only the pairs of which one party has one of these identities.
    """
    kept: dict[Identity, PartySeen] = {}
    for party in parties:
        if party.name:
            kept.setdefault(party.identity, party)
    ordered = [kept[key] for key in sorted(kept)]
    found: dict[tuple[Identity, Identity], PerhapsSame] = {}
    for pair in (*_of_one_name(ordered), *_alike(ordered, about)):
        one, other = pair.one.identity, pair.other.identity
        if about is None or one in about or other in about:
            found.setdefault((one, other), pair)
    return [found[key] for key in sorted(found)]


def _of_one_name(ordered: Sequence[PartySeen]) -> Iterator[PerhapsSame]:
    by_name: dict[str, list[PartySeen]] = {}
    for party in ordered:
        by_name.setdefault(party.name, []).append(party)
    for named in by_name.values():
        countries = {party.country for party in named if party.country}
        for bare in named:
            if not bare.country and len(countries) > 1:
                for other in [one for one in named if one.country][:NEIGHBOURS]:
                    why = (
                        f"{bare.shown} has no country, and there are firms of that name in several"
                    )
                    yield PerhapsSame(bare, other, why)
            elif not bare.registration:
                numbered = [
                    one for one in named if one.registration and one.country == bare.country
                ]
                if len({one.registration for one in numbered}) > 1:
                    for other in numbered[:NEIGHBOURS]:
                        why = f"{bare.shown} has no number, and several firms of that name have one"
                        yield PerhapsSame(bare, other, why)


def _alike(
    ordered: Sequence[PartySeen], about: Container[Identity] | None
) -> Iterator[PerhapsSame]:
    by_country: dict[str, dict[str, PartySeen]] = {}
    for party in ordered:
        if len(party.name) >= SHORTEST:
            by_country.setdefault(party.country, {}).setdefault(party.name, party)
    for named in by_country.values():
        asked = {name for name, party in named.items() if about is None or party.identity in about}
        if not asked:
            continue
        for (one, other), alike in _alike_names(named, asked).items():
            if named[one].registration and named[other].registration:
                continue  # two numbers are two firms
            first, second = sorted((named[one], named[other]), key=_identity)
            why = f"{int(alike)} % of the letters of the two names are the same"
            yield PerhapsSame(first, second, why)


def _alike_names(names: Collection[str], asked: Set[str]) -> dict[tuple[str, str], float]:
    """The pairs of names that are alike, one of which is asked for, and how much they are."""
    from rapidfuzz.fuzz import ratio

    found: dict[tuple[str, str], float] = {}
    for key in (str, _backwards, _words):
        ordered = sorted(names, key=key)
        for place, name in enumerate(ordered):
            if name not in asked:
                continue
            # The pairs of two that are asked for are met from the first of them.
            before = ordered[max(0, place - NEIGHBOURS) : place]
            after = ordered[place + 1 : place + 1 + NEIGHBOURS]
            for other in (*[one for one in before if one not in asked], *after):
                alike = ratio(name, other, score_cutoff=LEAST_ALIKE)
                if alike:
                    found[name, other] = alike
    return found


def _backwards(name: str) -> str:
    return name[::-1]


def _words(name: str) -> str:
    return " ".join(sorted(name.split()))


def _identity(party: PartySeen) -> Identity:
    return party.identity
