"""Places: towns, provinces, ports and crossings by name, and regions by their ISO 3166-2 code."""

from __future__ import annotations

import re
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
    country. Of several, the longest name wins, then the most precise kind; if two in different
    regions are left, none is found. A name that a street bears (“Ankara Caddesi”) does not count.
    A text that is nothing but a UN/LOCODE (``AEJEA``, ``TR MER``) is that port. No gazetteer
    stands behind this: a place that is not listed is unknown, not harmless.
    """
    cut = text[:_LONGEST]
    by_code = _locode(cut)
    if by_code is not None:
        return by_code if country in (None, by_code.country) else None
    words = fold(cut).split()
    places, longest = _places()
    best: tuple[int, int] = (0, 0)
    found: list[Place] = []
    for start in range(len(words)):
        for length in range(min(longest, len(words) - start), 0, -1):
            named = places.get(" ".join(words[start : start + length]), ())
            if not named or _is_street(words, start, length):
                continue
            for place in named:
                if not _can_be_meant(place, country):
                    continue
                rank = (length, _PRECISION.get(place.kind, 0))
                if rank > best:
                    best, found = rank, [place]
                elif rank == best:
                    found.append(place)
    if not found and not cut.isascii():
        found = [place for place in _written_together(cut) if _can_be_meant(place, country)]
    return found[0] if len({place.subdivision for place in found}) == 1 else None


def _can_be_meant(place: Place, country: str | None) -> bool:
    if country is None:
        return not place.ambiguous
    return country in (place.country, _ALSO_WRITTEN.get(place.subdivision))


def _is_street(words: list[str], start: int, length: int) -> bool:
    after = words[start + length] if start + length < len(words) else ""
    place = start - 1
    while place >= 0 and words[place] in _OF:
        place -= 1
    return after in _STREETS_AFTER or (place >= 0 and words[place] in _STREETS_BEFORE)


_OF = frozenset({"de", "du", "des", "la", "del", "di", "d"})


_STREETS_AFTER = frozenset(
    fold(word)
    for word in (
        "cad", "caddesi", "cadde", "cd", "cd.", "sok", "sokak", "sokağı", "sk", "bulvarı", "bulvar",
        "bul", "blv", "blvd", "yolu", "karayolu", "asfaltı", "mah", "mahallesi", "meydanı", "oteli",
        "köprüsü", "street", "str", "road", "rd", "avenue", "ave", "boulevard", "lane", "highway",
        "square", "hotel", "straße", "strasse", "platz", "allee", "gasse", "ring", "ulitsa",
        "улица", "ул", "проспект", "пр", "шоссе", "переулок", "prospekt", "shosse", "вулиця",
        "路", "街",
    )
)  # fmt: skip
_STREETS_BEFORE = frozenset(
    fold(word)
    for word in (
        "rue", "avenue", "av", "boulevard", "bd", "calle", "avenida", "avda", "via", "ul", "ulica",
        "улица", "ул", "проспект", "вулиця", "вул", "شارع", "طريق", "خیابان", "جادة", "ساحة",
    )
)  # fmt: skip
# Chinese, Japanese and Korean are written without spaces between words.
_TOGETHER = re.compile("[\u3400-\u9fff\uac00-\ud7af]")


def _written_together(text: str) -> list[Place]:
    """The places of the longest name in a text of a script without spaces between words."""
    if not _TOGETHER.search(text):
        return []
    known = _names_written_together()
    longest = max((len(name) for name in known if name in text), default=0)
    return [
        place for name in known if len(name) == longest and name in text for place in known[name]
    ]


@cache
def _names_written_together() -> Mapping[str, tuple[Place, ...]]:
    places, _ = _places()
    return {
        name: tuple(found)
        for name, found in places.items()
        if len(name) > 1 and _TOGETHER.match(name) and " " not in name
    }


_CODE = re.compile(r"([A-Za-z]{2})[ -]?([A-Za-z2-9]{3})")


def _locode(text: str) -> Place | None:
    code = _CODE.fullmatch(text.strip())
    return None if code is None else _locodes().get(f"{code[1]}{code[2]}".upper())


@cache
def _locodes() -> Mapping[str, Place]:
    return {
        code: Place(f"{code}, {name}", code[:2], subdivision, "port", False, "medium")
        for code, name, subdivision in read_rows("un_locodes")
    }


def region_name(code: str) -> str | None:
    """The name of the region with this ISO 3166-2 code (``TR-63``), or None if there is none."""
    return _region_names().get(code)


@cache
def regions() -> Mapping[str, str]:
    """ISO 3166-2 codes by folded code and by folded name of the region, or of a town in it.

    A name that stands for regions of two codes is left out: it decides nothing. A town counts
    where no region has its name: people write the chief town for the province.
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
    for key, code in _regions_of_towns().items():
        if key not in shared:
            found.setdefault(key, code)
    for code in _region_names():
        found[fold(code)] = code
    return found


def _regions_of_towns() -> Mapping[str, str]:
    found: dict[str, set[str]] = {}
    for name, _, _, subdivision, kind, ambiguous, _, _ in read_rows("places"):
        if kind == "city" and ambiguous == "no" and subdivision:
            found.setdefault(fold(name), set()).add(subdivision)
    return {key: codes.pop() for key, codes in found.items() if key and len(codes) == 1}


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
