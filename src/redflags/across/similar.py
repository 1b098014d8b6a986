"""Parties that may be one: names that are nearly the same, and mentions that fit several firms.

They are reported and never merged: a name is no proof.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from redflags.across.identity import PartySeen

if TYPE_CHECKING:
    import polars as pl

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
    identities: Iterable[Identity],
    party_of: Callable[[Identity], PartySeen],
    about: Collection[Identity] | None = None,
) -> list[PerhapsSame]:
    """Pairs of parties that may be one, in the order of their names. Of very many parties few are
    in a pair: ``party_of`` is asked for these only.

    Names of one country are compared with their neighbours in alphabetical order, by their first
    and by their last letters; a difference nearer to the middle than both is still found through
    the words in order. A mention without a registration number is perhaps each of the firms of its
    name and country that have one, where there are several; one without a country perhaps each of
    its name, where these are in several.

    With ``about`` only the pairs of which one party has one of these identities.
    """
    named = {identity for identity in identities if identity[0]}
    asked = named if about is None else named.intersection(about)
    found: dict[tuple[Identity, Identity], str] = {}
    for one, other, why in (*_of_one_name(named, asked, party_of), *_alike(named, asked)):
        if one in asked or other in asked:
            found.setdefault((one, other), why)
    return [
        PerhapsSame(party_of(one), party_of(other), why)
        for (one, other), why in sorted(found.items())
    ]


def _of_one_name(
    identities: Set[Identity], asked: Set[Identity], party_of: Callable[[Identity], PartySeen]
) -> Iterator[tuple[Identity, Identity, str]]:
    by_name: dict[str, list[Identity]] = {name: [] for name, _, _ in asked}
    for identity in identities:
        if identity[0] in by_name:
            by_name[identity[0]].append(identity)
    for named in by_name.values():
        if len(named) < 2:
            continue
        named.sort()
        countries = {country for _, country, _ in named if country}
        for bare in named:
            _, country, registration = bare
            if not country and len(countries) > 1:
                shown = party_of(bare).shown
                why = f"{shown} has no country, and there are firms of that name in several"
                for other in [one for one in named if one[1]][:NEIGHBOURS]:
                    yield bare, other, why
            elif not registration:
                numbered = [one for one in named if one[2] and one[1] == country]
                if len({number for _, _, number in numbered}) > 1:
                    shown = party_of(bare).shown
                    why = f"{shown} has no number, and several firms of that name have one"
                    for other in numbered[:NEIGHBOURS]:
                        yield bare, other, why


def _alike(
    identities: Set[Identity], asked: Set[Identity]
) -> Iterator[tuple[Identity, Identity, str]]:
    by_country: dict[str, dict[str, Identity]] = {country: {} for _, country, _ in asked}
    for identity in identities:
        name, country, _ = identity
        if country in by_country and len(name) >= SHORTEST:
            named = by_country[country]
            held = named.get(name)
            if held is None or identity < held:
                named[name] = identity
    for named in by_country.values():
        wanted = {name for name, identity in named.items() if identity in asked}
        if not wanted:
            continue
        for (one, other), alike in _alike_names(named, wanted).items():
            first, second = sorted((named[one], named[other]))
            if first[2] and second[2]:
                continue  # two numbers are two firms
            yield first, second, f"{int(alike)} % of the letters of the two names are the same"


def _alike_names(names: Collection[str], asked: Set[str]) -> dict[tuple[str, str], float]:
    """The pairs of names that are alike, one of which is asked for, and how much they are."""
    from rapidfuzz.fuzz import ratio

    found: dict[tuple[str, str], float] = {}
    for key in _ORDERS:
        ordered = sorted(names, key=lambda name: (key(name), name))
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


_ORDERS: tuple[Callable[[str], str], ...] = (str, _backwards, _words)
"""What names are put in order by, to be compared with their neighbours."""


def with_neighbours(names: pl.DataFrame) -> pl.DataFrame:
    """Those of very many names with which :func:`perhaps_same` compares one that is asked for, and
    these themselves: it finds the same among them as among all. Columns ``code`` (of the country),
    ``key`` (of the name) and ``is_asked``; of each country each name once."""
    import polars as pl

    names = names.filter(pl.col("is_asked").any().over("code"))
    names = names.filter(pl.col("key").str.len_chars() >= SHORTEST)
    keys, found = names["key"].to_list(), []
    for key in _ORDERS:
        ordered = names.with_columns(pl.Series("by", list(map(key, keys)), dtype=pl.String))
        ordered = ordered.sort("code", "by", "key")
        near = ordered["is_asked"].cast(pl.UInt8)
        near = near.rolling_max(2 * NEIGHBOURS + 1, min_samples=1, center=True)
        found.append(ordered.filter(near == 1).select("code", "key"))
    return pl.concat(found).unique()
