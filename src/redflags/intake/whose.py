"""What the columns of a file say of its parties: who is named, and what is stated of whom."""

from __future__ import annotations

from collections import Counter

from redflags.intake import content
from redflags.intake.open_columns import Column, Resolution
from redflags.intake.recognition import Meaning
from redflags.model.fields import roles
from redflags.reference.headers import ANY_PARTY

RECEIVING = ("consignee", "end_user", "intermediate_consignee", "bill_to", "payer")
"""Parties beside the buyer to whom an attribute of no stated party could belong."""

MAY_BE_NAMES = ("consignee.address", "bill_to.address")
"""Addresses by their headers, of which a system may write the name alone."""


def parties_of(work: Resolution) -> set[str]:
    """The parties of which some column speaks."""
    known = {path.partition(".")[0] for path in work.taken}
    known.update(
        column.only.role
        for column in work.columns
        if column.only is not None and "." in column.only.path
    )
    return known & {*roles(), "bill_to"}


def is_stated(work: Resolution, paths: Counter[str], path: str) -> bool:
    """Whether a column of its own states an attribute of a party.

    The name of a party alone, “Auftraggeber”, may stand over its number where there is another
    column for a name: so it does not count, unless its cells are words.
    """
    if path == "consignee.country" and "destination.country" in paths:
        return True  # whose country the goods go to has a column of its own
    if path not in paths:
        return False
    if not path.endswith(".name") or path in work.taken:
        return True
    return not all(
        meaning.is_role and not content.are_words(column.texts)
        for column in work.columns
        for meaning in column.meanings
        if meaning.path == path
    )


def is_named(owner: Column) -> bool:
    """Whether a column of a party holds its name for sure, and not its number."""
    return not owner.meanings[0].is_role or content.are_words(owner.texts)


def is_party(meaning: Meaning) -> bool:
    """Whether a column says who a party is: its name or its number."""
    return is_number(meaning) or (
        meaning.path.endswith(".name") and meaning.role not in (ANY_PARTY, "payment")
    )


def is_number(meaning: Meaning) -> bool:
    """Whether a column holds a number that the seller has given to a party."""
    return meaning.path.endswith(".number") and meaning.path != "licence.number"
