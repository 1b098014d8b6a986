"""What one package of the goods holds, as the product text says it: “50 kg sack”, “Fass 200 l”.

A text often states a size, and beside it the container that the size is of. The size says what a
package holds that is counted; with the container it also says what a piece is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from redflags import reference
from redflags.values.amounts import Quantity
from redflags.values.packages import one_of
from redflags.values.quantity import parse_quantity
from redflags.values.units import Unit

_SEARCHED = 500

_NUMBER = r"(?<![\w.,/×x])(\d{1,4}(?:[.,]\d{1,2})?)[\s-]?"
_UNIT = (
    r"((?:kgs?|kilos?|kilograms?|kilogramm|kilogrammes?|g|gr|grams?|l|lt|ltr|litres?|liters?|litros?"
    r"|litri|ml|t|кг|гр?|л|литр\w{0,2}|мл|т|كغم?|كجم|كيلو|لتر|کیلوگرم|لیتر)(?!\w)|公斤|千克|升|吨)"
)
# What follows makes it a rate and no content: 200 g/m², 1.4 kg/l, 60 g per mol.
_RATE = (
    r"(?!\.?\s?(?:[/⁄]|per\b|pro\b)\s?"
    r"(?:[cdmkµ]?m[²³23]?|sqm|m\^\d|[cm]?l|lit\w*|ltr|mol|k?g|100)\b)"
)
_CONTENT = re.compile(_NUMBER + _UNIT + _RATE, re.IGNORECASE)

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_JOINING = frozenset(
    {
        "of", "a", "à", "d", "de", "di", "da", "van", "von", "zu", "je", "mit", "with",
        "containing", "each", "e", "per", "pro", "par", "por", "in", "im", "en", "по", "в",
        "net", "netto", "nett", "nt", "gross", "brutto", "нетто", "lık", "lik", "luk",
        "lük", "plastic", "paper", "kraft", "steel", "metal", "iron", "fibre", "fiber",
        "woven", "poly", "pp", "pe", "hdpe", "kunststoff", "papier", "stahl", "plastik",
        "metall", "plastique", "acier", "acero", "plástico", "çelik",
    }
)  # fmt: skip
"""Words that stand between an amount and its container, and say nothing else."""

_MARKS_BEFORE = frozenset(",(:[@–-'’")
_MARKS_AFTER = frozenset(",/-–)]'’")
_TIMES_BEFORE = re.compile(r"\d\s*[x×*]\s*$|[x×*]\s*$", re.IGNORECASE)
_TIMES_AFTER = re.compile(r"\s*[x×*]\s*\d", re.IGNORECASE)
_COMPOUND = re.compile(
    r"(?:.+)(säcke|sack|fässer|fass|kanister|eimer|flaschen|flasche|beutel|dosen|dose|trommel|tüte)"
)
_NEAR = 48
_MOST_JOINING = 3
_MOST_WORDS = 3

_HELD_TOGETHER = frozenset({"pallet", "set", "tray", "bundle", "sheet"})
"""Packages of several things, of which a piece can be one as well as the whole."""

_NO_CONTAINER = frozenset({"CAN"})
"""A short name of calcium ammonium nitrate, where it stands before an amount."""

_EVERYDAY = frozenset({"top"})
"""Words for packages of which most mean something else."""

_SHORTEST = 3
"""Letters of a Latin word for a container: shorter ones are codes, and mean other things too."""


@dataclass(frozen=True, slots=True)
class Content:
    """What one package holds; ``container`` is the package that the text names beside the amount,
    as the id of its unit, and ``noun`` its name in words. Both are empty where it names none."""

    amount: Quantity
    container: str = ""
    noun: str = ""


def kind_of_content(content: Content | None) -> tuple[Quantity, str] | None:
    """All of a content that decides how amounts compare: texts of one kind are judged alike."""
    return None if content is None else (content.amount, content.container)


def content_of_package(text: str) -> Content | None:
    """The mass or volume that a product text states, as in “urea, 50 kg bags”, with the container
    that it is the content of.

    None where it states none, or two that differ.
    """
    if not any(character.isdigit() for character in text):
        return None
    searched = text[:_SEARCHED]
    found: Quantity | None = None
    container: Unit | None = None
    is_several = False
    for match in _CONTENT.finditer(searched):
        stated = parse_quantity(f"{match[1]} {match[2]}", None, reference.units(), decimal=None)
        if found is not None and stated.value != found:
            return None
        found = stated.value
        before, after = searched[: match.start()][-_NEAR:], searched[match.end() :][:_NEAR]
        is_several |= bool(_TIMES_BEFORE.search(before) or _TIMES_AFTER.match(after))
        named, of_several = _container(before, after)
        container, is_several = container or named, is_several or of_several
    if found is None or found.amount <= 0:
        return None
    if container is None or is_several:
        return Content(found)
    return Content(found, container.id, one_of(container.symbol))


def _container(before: str, after: str) -> tuple[Unit | None, bool]:
    """The container that is named beside an amount, and whether the text has several of it."""
    following = _words_from(_TOKEN.findall(after), _MARKS_AFTER)
    for count in range(len(following), 0, -1):
        if (unit := _package(" ".join(following[:count]))) is not None:
            return unit, False
    tokens = _TOKEN.findall(before)
    preceding = _words_from(tokens[::-1], _MARKS_BEFORE)[::-1]
    for count in range(len(preceding), 0, -1):
        words = preceding[-count:]
        unit = None if words[-1] in _NO_CONTAINER else _package(" ".join(words))
        if unit is not None:
            is_counted = re.search(r"(\d+)\s*[x×]?\s*" + r"[\s-]+".join(words), before)
            return unit, is_counted is not None and is_counted[1] != "1"
    return None, False


def _words_from(tokens: list[str], marks: frozenset[str]) -> list[str]:
    """The first words of some tokens, after those that only join."""
    place = skipped = 0
    while place < len(tokens) and (tokens[place] in marks or tokens[place].lower() in _JOINING):
        skipped += tokens[place] not in marks
        place += 1
        if skipped > _MOST_JOINING:
            return []
    found: list[str] = []
    for token in tokens[place : place + _MOST_WORDS]:
        if not token.isalpha():
            break
        found.append(token)
    return found


def _package(words: str) -> Unit | None:
    """The container that some words of a text name."""
    if words.lower() in _EVERYDAY or (words.isascii() and len(words) < _SHORTEST):
        return None
    unit = reference.units().find(words)
    if unit is None and (compound := _COMPOUND.fullmatch(words.lower())) is not None:
        unit = reference.units().find(compound[1])
    if unit is None or not unit.is_package or unit.id in _HELD_TOGETHER:
        return None
    return unit
