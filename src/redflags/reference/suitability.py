"""Which goods suit which line of business: judged pair by pair, else by the broader classes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from redflags.reference.business import business_lines
from redflags.reference.families import families
from redflags.reference.tables import read_rows

SECTIONS = (
    (3, "A"), (9, "B"), (33, "C"), (35, "D"), (39, "E"), (43, "F"), (47, "G"), (53, "H"),
    (56, "I"), (63, "J"), (66, "K"), (68, "L"), (75, "M"), (82, "N"), (84, "O"), (85, "P"),
    (88, "Q"), (93, "R"), (96, "S"), (98, "T"), (99, "U"),
)  # fmt: skip
"""The last division of each section of ISIC Rev. 4 (United Nations, 2008)."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether goods of a family suit a line of business, by judgement, with the reason.

    ``value`` is ``normal``, ``unusual``, ``incompatible`` or ``reseller``: the goods pass through,
    and nothing can be said until the end user is known. ``by_class`` says that nobody has judged
    the pair, and that the value is that of the broader classes of both.
    """

    business: str
    family: str
    value: str
    reason: str
    confidence: str
    by_class: bool = False


@cache
def fit(business: str, family: str) -> Fit | None:
    """Whether goods of ``family`` suit ``business`` (both ids).

    A pair that nobody has judged follows from the class of the business in ISIC (group before
    division before section) and the group of the goods. None if that says nothing either.
    """
    row = _judged().get((business, family))
    if row is not None:
        return Fit(business, family, *row)
    line, goods = business_lines().get(business), families().get(family)
    if line is None or goods is None:
        return None
    for isic in classes(line.isic):
        found = _by_class().get((isic, goods.group))
        if found is not None:
            return Fit(business, family, *found, by_class=True)
    return None


def classes(isic: str) -> tuple[str, ...]:
    """The group, the division and the section of a class of ISIC Rev. 4, the narrowest first.

    None for a blank code: private persons have no class.
    """
    if len(isic) < 3 or not isic[:3].isdigit():
        return ()
    division = int(isic[:2])
    section = next((letter for last, letter in SECTIONS if division <= last), "")
    return isic[:3], isic[:2], section


@cache
def _judged() -> dict[tuple[str, str], tuple[str, str, str]]:
    shared: dict[str, str] = {}
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    for table in ("business_product_fit", "extra_fit"):
        for business, family, value, reason, confidence, *_ in read_rows(table):
            # The same few reasons stand in thousands of rows: keep one copy of each.
            kept = shared.setdefault(reason, reason)
            key = business.replace("_", "-"), family.replace("_", "-")
            found[key] = (value, kept, confidence)
    return found


@cache
def _by_class() -> dict[tuple[str, str], tuple[str, str, str]]:
    return {
        (isic, group): (value, reason, confidence)
        for isic, group, value, reason, confidence, _ in read_rows("fit_by_class")
    }
