"""Product families: what they are, how they are recognised, how much of them is much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from redflags.reference.tables import public_id, read_rows, read_table, split_cell
from redflags.reference.units import units
from redflags.values.quantity import Quantity, Unit
from redflags.values.terms import Head, Other, Term, TermIndex

_FUSES_AND_DETONATORS = "3603"
"""The heading of the Harmonized System for safety fuses, detonators and igniters."""

_PREPARED_EXPLOSIVES = "360200"
"""The heading of the Harmonized System for dynamite and other prepared explosives."""


@dataclass(frozen=True, slots=True)
class Family:
    """A family of goods that can be misused.

    ``harm`` is ``by_nature`` (one piece matters) or ``by_quantity`` (only much of it matters).
    Below ``retail_below`` is a retail quantity, below ``trade_below`` a trade quantity, from there
    on bulk; zero for both means that any amount is bulk. The bounds are judgement, and
    ``scale_confidence`` says how good. ``density`` (kilograms per litre, of the usual commercial
    solution) only compares litres with kilograms. ``control`` points to control lists, from
    memory: it is never a classification. ``dimension`` is that of the bounds, ``group`` the wider
    group of goods.
    """

    id: str
    title: str
    group: str
    harm: str
    retail_below: Quantity | None
    trade_below: Quantity | None
    dimension: str
    density: Fraction | None
    control: str
    hs_codes: tuple[str, ...]
    cas: tuple[str, ...]
    scale_confidence: str


@dataclass(frozen=True, slots=True)
class HeadingMatch:
    """A family that a tariff code may stand for.

    ``also_covers`` says what other goods go under the heading. ``breadth`` is ``sole`` (the heading
    names this substance or device, and nothing else goes there), ``named`` (it names the goods of
    the family, in everyday forms too), ``shared`` (other goods of the same kind go there too)
    or ``wide`` (all sorts of goods do, so that the heading alone says little).
    """

    family: str
    heading: str
    also_covers: str
    breadth: str


@cache
def families() -> dict[str, Family]:
    """The product families by id."""
    titles = {public_id(family): title for family, title in read_rows("family_titles")}
    controls: dict[str, str] = {}
    codes: dict[str, dict[str, None]] = {}
    for stored, _, _, hs_codes, control, _ in read_rows("controlled_goods_terms"):
        family = public_id(stored)
        controls.setdefault(family, control)
        codes.setdefault(family, {}).update(dict.fromkeys(hs_codes.split(";")))
    for stored, hs_codes, control, _ in read_rows("extra_families"):
        family = public_id(stored)
        controls.setdefault(family, control)
        codes.setdefault(family, {}).update(dict.fromkeys(hs_codes.split(";")))
    groups = {public_id(family): group for family, group in read_rows("product_groups")}
    substances: dict[str, list[str]] = {}
    for stored, cas, _, _ in read_rows("cas_numbers"):
        substances.setdefault(public_id(stored), []).append(cas)
    found: dict[str, Family] = {}
    for row in read_table("family_scale"):
        family = public_id(row["product_family"])
        unit = units().find(row["unit"])
        density = row["density_kg_per_l"]
        found[family] = Family(
            id=family,
            title=titles[family],
            group=groups[family],
            harm=row["harm"],
            retail_below=_bound(row["retail_below"], unit),
            trade_below=_bound(row["trade_below"], unit),
            dimension="" if unit is None else unit.dimension,
            density=Fraction(density) if density else None,
            control=controls.get(family, ""),
            hs_codes=tuple(codes.get(family, ())),
            cas=tuple(substances.get(family, ())),
            scale_confidence=row["confidence"],
        )
    return found


@cache
def family_terms() -> TermIndex:
    """The terms that product texts are searched for, in eight languages; ids are families.

    Terms that are also everyday words are left out (``dropped_terms``); a family is voided where
    the text holds a phrase of ``family_exclusions``, such as ``wind turbine``, and is not found
    where its term only modifies one of the ``head_nouns``, as in ``nitric acid pump``.
    """
    dropped = {(public_id(row[0]), row[1], row[2]) for row in read_rows("dropped_terms")}
    terms = []
    for stored, term, language, _, _, confidence in read_rows("controlled_goods_terms"):
        family = public_id(stored)
        if (family, term, language) not in dropped:
            terms.append(Term(family, term, language, confidence))
    for stored, term, language, confidence, _ in read_rows("extra_family_terms"):
        terms.append(Term(public_id(stored), term, language, confidence))
    exclusions = [(public_id(row[0]), row[1]) for row in read_rows("family_exclusions")]
    return TermIndex(terms, exclusions, _heads(), _other_matter())


_COMPOUND_FIRST = frozenset({"fr", "es", "ru", "ar"})
"""Languages that name a compound before its metal: *oxyde d'aluminium*."""


def _other_matter() -> Iterator[Other]:
    """Phrases in which a metal is no powder, or a powder none of the metal, with the family.

    A compound of the metal (*aluminium oxide*), a pack made of it (*in aluminium bags*, *polvo en
    bolsas de aluminio*), a powder of its own name (*milk powder*). They void only a term that uses
    one of their words: "aluminium powder, aluminium oxide below 1 %" is the metal all the same.
    Where a pack may follow its content, as in "powder aluminium bag", nothing is voided.
    """
    words: dict[tuple[str, str], list[str]] = {}
    metals: list[tuple[str, str, frozenset[str], bool]] = []
    for kind, word, language, stored, _ in read_rows("metal_neighbours"):
        ids = frozenset(map(public_id, split_cell(stored)))
        if kind == "whole":
            yield Other(word, language, ids)
        elif ids:
            metals.append((word, language, ids, kind == "metal of packs"))
        else:
            words.setdefault((kind, language), []).append(word)
    every = frozenset().union(*(ids for _, _, ids, _ in metals))
    for (kind, language), others in words.items():
        if kind == "other":
            yield from (Other(word, language, every) for word in others)
    for metal, language, ids, makes_packs in metals:
        comes_first = language in _COMPOUND_FIRST
        for word in words["compound", language]:
            yield Other(f"{metal} {word}", language, ids)
            if comes_first:
                yield Other(f"{word} {metal}", language, ids)
        for pack in words["pack", language] if makes_packs else ():
            for where in words.get(("within", language), ()):
                yield Other(f"{where} {metal} {pack}", language, ids)
            for form in words.get(("form", language), ()):
                phrase = f"{form} {pack} {metal}" if comes_first else f"{metal} {pack} {form}"
                yield Other(phrase, language, ids)


def _heads() -> Iterator[Head]:
    """The nouns that make a product beside them a mere modifier, each for the families it can.

    A tank or a pump counts for a ``substance`` (goods measured by mass or volume): a pump of a
    turbine is a part of it. A case or a bag counts for a ``device``, for it is the packing of the
    others; a detector for a ``chemical`` (a substance or an explosive), for it is the heart of a
    thermal camera. A book or a drink counts for what they are called after: every ``title`` but
    plain substances.
    """
    every = frozenset(families())
    substances = frozenset(
        family.id for family in families().values() if family.dimension in ("mass", "volume")
    )
    explosives = frozenset(
        family.id
        for family in families().values()
        if any(code.startswith(_FUSES_AND_DETONATORS) for code in family.hs_codes)
    )
    blasting = frozenset(
        family.id for family in families().values() if _PREPARED_EXPLOSIVES in family.hs_codes
    )
    scopes = {
        "substance": substances,
        "chemical": substances | explosives,
        "device": every - substances - explosives,
        "title": every - (substances - blasting),
        "all": every,
    }
    for noun, language, scope, place, _ in read_rows("head_nouns"):
        yield Head(noun, language, scopes[scope], place == "before", place == "anywhere")


def families_of_heading(code: str) -> tuple[HeadingMatch, ...]:
    """The families that a tariff code (digits only) may stand for.

    A family's six-digit code stands for every longer code below it. A code of fewer than six
    digits says nothing about a family: no match. Of the families found, those whose heading is
    the narrowest come first.
    """
    return _headings().get(code[:6], ()) if len(code) >= 6 else ()


def families_of_cas(cas: str) -> tuple[str, ...]:
    """The families whose substance has this CAS number, as ``7429-90-5``.

    Aluminium has one number for paste and for powder, so there can be several.
    """
    return _substances().get(cas, ())


@cache
def _headings() -> dict[str, tuple[HeadingMatch, ...]]:
    order = {"sole": 0, "named": 1, "shared": 2, "wide": 3}
    notes = {row[0]: (row[1], row[2]) for row in read_rows("tariff_headings")}
    found: dict[str, list[HeadingMatch]] = {}
    for family in families().values():
        for code in family.hs_codes:
            breadth, also_covers = notes[code]
            found.setdefault(code, []).append(HeadingMatch(family.id, code, also_covers, breadth))
    return {
        code: tuple(sorted(matches, key=lambda match: order[match.breadth]))
        for code, matches in found.items()
    }


@cache
def _substances() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for family in families().values():
        for cas in family.cas:
            found.setdefault(cas, []).append(family.id)
    return {cas: tuple(ids) for cas, ids in found.items()}


def _bound(number: str, unit: Unit | None) -> Quantity | None:
    if unit is None or not number:
        return None
    value = Fraction(number)
    return Quantity(unit.dimension, int(value * unit.factor), unit.id, value)
