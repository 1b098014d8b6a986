"""The parties that columns of texts name: of each row what
:func:`~redflags.across.identity.party_of` says of a record, read once for the same texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redflags.across.identity import PARTY_PARTS, Attribute, PartySeen
from redflags.across.party_texts import (
    DETAIL_KINDS,
    DETAILS,
    IDENTITY,
    NAMED,
    details_in_order,
    identities,
)

if TYPE_CHECKING:
    import polars as pl

_PLACE = "place"


def parties_in(role: str, texts: pl.DataFrame) -> list[PartySeen | None]:
    """The party of a role that each row names, None where it names none. ``texts`` has a column
    for each part of a party, without nulls."""
    import polars as pl

    rows = texts.select(PARTY_PARTS).with_columns(role=pl.lit(role)).with_row_index(_PLACE)
    rows = rows.join(identities(rows), on=NAMED, maintain_order="left")
    held: dict[int, list[Attribute]] = {}
    for kind in DETAIL_KINDS:
        texts_of = rows.select(_PLACE, *DETAILS, "code")
        told = details_in_order(kind, texts_of).select(_PLACE, "detail", "written")
        for place, key, written in told.iter_rows():
            held.setdefault(place, []).append(Attribute(kind, key, written))
    found: list[PartySeen | None] = [None] * texts.height
    who = rows.select(_PLACE, "shown", *IDENTITY, "registered")
    for place, shown, name, country, number, registered in who.iter_rows():
        own = held.get(place, [])
        if number:
            own.insert(0, Attribute("registration", f"{country}|{number}", registered))
        found[place] = _party(role, shown, (name, country, number), own)
    return found


def _party(
    role: str, shown: str, identity: tuple[str, str, str], details: list[Attribute]
) -> PartySeen:
    if not details:
        return PartySeen(role, shown, *identity)
    first: dict[str, str] = {}
    for one in details:
        first.setdefault(one.kind, one.key)
    return PartySeen(
        role,
        shown,
        *identity,
        address=first.get("address", ""),
        phone=first.get("phone", ""),
        email=first.get("email", ""),
        website=first.get("website", ""),
        directors=tuple(one.key for one in details if one.kind == "director"),
        attributes=tuple(details),
    )
