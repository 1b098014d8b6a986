"""Lines of business: what they are, and how they are recognised."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from redflags.reference.tables import public_id, read_rows
from redflags.values.terms import Term, TermIndex


@dataclass(frozen=True, slots=True)
class BusinessLine:
    """A line of business with its classes in ISIC Rev. 4 and NACE Rev. 2.

    ``passes_goods_on`` is ``yes``, ``no`` or ``partly``: whether it sells on what it buys.
    """

    id: str
    title: str
    description: str
    isic: str
    nace: str
    passes_goods_on: str
    confidence: str


@cache
def business_lines() -> dict[str, BusinessLine]:
    """The lines of business by id."""
    titles = {public_id(line): title for line, title in read_rows("business_titles")}
    found: dict[str, BusinessLine] = {}
    for row in read_rows("business_types"):
        stored, description, isic, _, nace, _, passes_goods_on, confidence = row
        line = public_id(stored)
        found[line] = BusinessLine(
            line, titles[line], description, isic, nace, passes_goods_on, confidence
        )
    return found


@cache
def business_terms() -> TermIndex:
    """The terms that descriptions of a trade are searched for; ids are lines of business."""
    terms = [
        Term(public_id(stored), term, language, confidence)
        for stored, term, language, confidence in read_rows("business_terms")
    ]
    terms += [
        Term(public_id(stored), term, language, confidence)
        for stored, term, language, confidence, _ in read_rows("extra_business_terms")
    ]
    exclusions = [(public_id(row[0]), row[1]) for row in read_rows("business_exclusions")]
    return TermIndex(terms, exclusions)


_NACE = re.compile(
    r"(?:(?:nace|sic|uk\s?sic|wz|naf|ape|ateco|cnae|pkd|sbi|nacebel|оквэд|окэд|caen|kód)"
    r"(?:[\s_-]?(?:code|kodu|kode|rev))?[\s.:#-]*(?:2(?:[.,]1)?|2003|2006|2007|2008|2009)?[\s.:#,-]*)?"
    r"(?:[A-U][\s.-]?)?(?P<class>[0-9]{2}\.[0-9]{1,2})(?:\.[0-9]{1,2})?[\s.-]?[A-Z]?"
    r"(?:\s*[-–—:,;(].{0,200}|\s.{0,200})?",
    re.IGNORECASE,
)


@cache
def _lines_of_nace() -> dict[str, str]:
    return {code: public_id(stored) for code, stored in read_rows("nace_lines")}


def line_of_nace(text: str) -> tuple[str, str] | None:
    """The line of business that a code of NACE Rev. 2 stands for, with the code that decides.

    The code has its point (``46.52``), as in NACE and the national lists made from it (WZ, NAF,
    ATECO, PKD, SIC 2007): without it, four digits can be a code of another list. None where the
    text has no such code, or one that holds several lines.
    """
    match = _NACE.fullmatch(text.strip()) if len(text) <= 300 else None
    if match is None:
        return None
    code = match["class"]
    if len(code) < 5 and not text.strip()[0].isalpha():
        return None  # a decimal number, unless a word before it says what it is
    for length in range(len(code), 1, -1):
        line = _lines_of_nace().get(code[:length])
        if line is not None:
            return line, code[:length]
    return None
