"""Lines of business: what they are, how they are recognised, which goods suit them."""

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


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether goods of a family suit a line of business, by judgement, with the reason.

    ``value`` is ``normal``, ``unusual``, ``incompatible`` or ``reseller``: the goods pass through,
    and nothing can be said until the end user is known.
    """

    business: str
    family: str
    value: str
    reason: str
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


def fit(business: str, family: str) -> Fit | None:
    """Whether goods of ``family`` suit ``business`` (both ids), or None if nobody has judged."""
    row = _judged().get((business.replace("-", "_"), family.replace("-", "_")))
    return None if row is None else Fit(business, family, *row)


@cache
def _judged() -> dict[tuple[str, str], tuple[str, str, str]]:
    shared: dict[str, str] = {}
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    for table in ("business_product_fit", "extra_fit"):
        for business, family, value, reason, confidence, *_ in read_rows(table):
            # The same few reasons stand in thousands of rows: keep one copy of each.
            kept = shared.setdefault(reason, reason)
            found[business, family] = (value, kept, confidence)
    return found
