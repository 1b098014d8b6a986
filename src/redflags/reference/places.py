"""Places: towns, provinces, ports and crossings by name, and regions by their ISO 3166-2 code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from redflags.reference.tables import read_rows, read_table
from redflags.values.text import fold

_LONGEST = 1_000
"""No address is longer; a place further on is not looked for."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a text names.

    ``subdivision`` is an ISO 3166-2 code; ``kind`` is province, city, town, port, free zone or
    crossing; ``ambiguous`` says that the name is also a common word or a place elsewhere.
    """

    name: str
    country: str
    subdivision: str
    kind: str
    ambiguous: bool
    confidence: str


_ALSO_WRITTEN = {"UA-43": "RU", "UA-40": "RU"}
"""Territories whose addresses are often written with another country's name. Both countries find
the place: measures on the territory hold whatever an order writes."""


@lru_cache(maxsize=20_000)
def find_place(text: str, country: str | None) -> Place | None:
    """The place that ``text`` is, or that an address in ``text`` contains as whole words.

    ``country`` (alpha-2) is that of the party, or None where it is unknown. A place elsewhere
    than in a known ``country`` is not found, and an ambiguous name is found only in its own known
    country. Of several, the longest name wins, then the most precise kind, then the first in the
    text. No gazetteer stands behind this: a place that is not listed is unknown, not harmless.
    """
    words = fold(text[:_LONGEST]).split()
    places, longest = _places()
    best: tuple[int, int, int] | None = None
    found: Place | None = None
    for start in range(len(words)):
        for length in range(min(longest, len(words) - start), 0, -1):
            for place in places.get(" ".join(words[start : start + length]), ()):
                if country is None:
                    if place.ambiguous:
                        continue
                elif country not in (place.country, _ALSO_WRITTEN.get(place.subdivision)):
                    continue
                rank = (length, _PRECISION.get(place.kind, 0), -start)
                if best is None or rank > best:
                    best, found = rank, place
    return found


def region_name(code: str) -> str | None:
    """The name of the region with this ISO 3166-2 code (``TR-63``), or None if there is none."""
    return _region_names().get(code)


@cache
def regions() -> Mapping[str, str]:
    """ISO 3166-2 codes by folded code and by folded name of the region.

    A name that stands for regions of two codes is left out: it decides nothing.
    """
    found: dict[str, str] = {}
    shared: set[str] = set()

    def add(name: str, code: str) -> None:
        key = fold(name)
        if key and found.setdefault(key, code) != code:
            shared.add(key)

    for code, name in _region_names().items():
        add(name, code)
    for name, _, _, subdivision, kind, ambiguous, _, _ in read_rows("places"):
        if kind == "province" and ambiguous == "no" and subdivision:
            add(name, subdivision)
    for key in shared:
        del found[key]
    for code in _region_names():
        found[fold(code)] = code
    return found


@cache
def conflict_adjacent_regions() -> tuple[dict[str, str], ...]:
    """Regions next to, or inside, areas of conflict: country, subdivision, name, why, source.

    Sample data that a user replaces. To be in it says nothing about the people and firms there:
    it counts only together with goods and parties.
    """
    return tuple(read_table("conflict_adjacent_regions"))


_PRECISION = {"province": 1, "city": 2, "port": 3, "free zone": 3, "town": 3, "crossing": 4}


@cache
def _places() -> tuple[dict[str, tuple[Place, ...]], int]:
    found: dict[str, list[Place]] = {}
    longest = 1
    for name, _, country, subdivision, kind, ambiguous, _, confidence in read_rows("places"):
        key = fold(name)
        place = Place(name, country, subdivision, kind, ambiguous == "yes", confidence)
        known = found.setdefault(key, [])
        # Spellings with and without accents have one skeleton: the first stands for both.
        if all((one.subdivision, one.ambiguous) != (subdivision, place.ambiguous) for one in known):
            known.append(place)
        longest = max(longest, key.count(" ") + 1)
    return {key: tuple(places) for key, places in found.items()}, longest


@cache
def _region_names() -> dict[str, str]:
    return {code: name for code, name, _ in read_rows("regions")}
