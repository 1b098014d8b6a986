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


# A class of NACE Rev. 2 or of a national list made from it, with the name of the list or without,
# and perhaps with its title behind it.
_NACE = re.compile(
    r"(?:(?:code\s+)?(?:(?P<list>(?:sk |cz-)?nace(?:-?bel)?|wz|naf|ape|ateco|cnae|pkd|sbi|caen|"
    r"teaor|okved|оквэд|окэд|квед|kód)|(?P<sic>(?:uk\s?)?sic))"
    r"(?:[\s_-]?(?:codes?|kodu|kode|kod|nr|rev)\b)?[\s.:#-]*"
    r"(?:(?:2(?:[.,]1)?|20\d\d)(?=\D))?[\s.:#,-]*)?"
    r"(?:[A-U][\s.-]?)?(?P<division>\d\d)(?P<point>\.?)(?P<rest>\d{1,2})(?:\.?(?P<own>\d{1,2}))?"
    r"\.?[\s-]?[A-Z]?(?P<title>\s*[-–—:,;(].{0,200}|\s.{0,200})?",
    re.IGNORECASE,
)
_WORD_OF_A_TITLE = re.compile(r"[^\W\d_]{4}")


@dataclass(frozen=True, slots=True)
class ClassOfNace:
    """A class or group of NACE Rev. 2 that names a line of business. ``is_named``: the text says
    what list the number is from."""

    code: str
    line: str
    is_named: bool


@cache
def _lines_of_nace() -> dict[str, str]:
    return {code: public_id(stored) for code, stored in read_rows("nace_lines")}


def line_of_nace(text: str) -> ClassOfNace | None:
    """The line of business that a code of NACE Rev. 2 stands for.

    The code has its point (``46.52``), as in NACE and the national lists made from it (WZ, NAF,
    ATECO, PKD, SIC 2007), or the name of the list before it. Without either, four digits can be a
    code of another list, and so can four digits of a SIC, which has five in Britain. None where
    the text has no such code, or one that holds several lines.
    """
    match = _NACE.fullmatch(text.strip()) if len(text) <= 300 else None
    if match is None or not _is_a_class(match):
        return None
    code = f"{match['division']}.{match['rest']}"
    for length in range(len(code), 1, -1):
        line = _lines_of_nace().get(code[:length])
        if line is not None:
            return ClassOfNace(code[:length], line, match["list"] is not None or _is_sic(match))
    return None


def _is_a_class(match: re.Match[str]) -> bool:
    """Whether a number is a class beyond doubt, or at least written as one."""
    if match["list"] is not None:
        return bool(match["point"]) or len(match["rest"]) == 2
    if match["sic"] is not None:
        return bool(match["point"]) or _is_sic(match)
    begins_with_letter = match.string[match.start()].isalpha()
    title = match["title"]
    is_titled = title is None or _WORD_OF_A_TITLE.search(title) is not None
    return bool(match["point"]) and is_titled and (len(match["rest"]) == 2 or begins_with_letter)


def _is_sic(match: re.Match[str]) -> bool:
    return match["sic"] is not None and len(match["rest"] + (match["own"] or "")) == 3
