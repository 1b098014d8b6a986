"""Lines of business: what they are, and how they are recognised."""

from __future__ import annotations

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


@cache
def lines_of_classes() -> dict[str, str]:
    """The line of business of a class of NACE Rev. 2, as ``47.42``, where the class names one.

    Classes that hold several lines (machinery and instruments, 46.69) are left out.
    """
    return {code: public_id(stored) for code, stored in read_rows("business_codes")}
