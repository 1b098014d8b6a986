"""Parties that may be one: names that are nearly the same, and mentions that fit several firms.

They are reported and never merged: a name is no proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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


@dataclass(frozen=True, slots=True)
class PerhapsSame:
    """Two parties that may be one, and why they are not taken for one."""

    one: PartySeen
    other: PartySeen
    why: str


def perhaps_same(parties: Iterable[PartySeen]) -> list[PerhapsSame]:
    """Pairs of parties that may be one, in the order of their names.

    Names of one country are compared with their neighbours in alphabetical order, by their first
    and by their last letters; a difference nearer to the middle than both is still found through
    the words in order. A mention without a registration number is perhaps each of the firms of its
    name and country that have one, where there are several; one without a country perhaps each of
    its name, where these are in several.
    """
    kept: dict[tuple[str, str, str], PartySeen] = {}
    for party in parties:
        if party.name:
            kept.setdefault(party.identity, party)
    ordered = [kept[key] for key in sorted(kept)]
    found: dict[tuple[object, object], PerhapsSame] = {}
    for pair in (*_of_one_name(ordered), *_alike(ordered)):
        found.setdefault((pair.one.identity, pair.other.identity), pair)
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


def _alike(ordered: Sequence[PartySeen]) -> Iterator[PerhapsSame]:
    from rapidfuzz.fuzz import ratio

    by_country: dict[str, dict[str, PartySeen]] = {}
    for party in ordered:
        if len(party.name) >= SHORTEST:
            by_country.setdefault(party.country, {}).setdefault(party.name, party)
    for named in by_country.values():
        for key in (str, _backwards, _words):
            names = sorted(named, key=key)
            for place, name in enumerate(names):
                for other in names[place + 1 : place + 1 + NEIGHBOURS]:
                    if named[name].registration and named[other].registration:
                        continue  # two numbers are two firms
                    alike = ratio(name, other, score_cutoff=LEAST_ALIKE)
                    if alike:
                        first, second = sorted((named[name], named[other]), key=_identity)
                        why = f"{int(alike)} % of the letters of the two names are the same"
                        yield PerhapsSame(first, second, why)


def _backwards(name: str) -> str:
    return name[::-1]


def _words(name: str) -> str:
    return " ".join(sorted(name.split()))


def _identity(party: PartySeen) -> tuple[str, str, str]:
    return party.identity
