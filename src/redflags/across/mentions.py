"""Whom all lines of a run name, in columns: each party once, with what it has and since when.

Links between parties follow from all lines, also from those of harmless goods. What the texts of
parties say is read once for each text, and what follows for each party is worked out in columns;
of very many parties few have anything to do with those on whom a window looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from redflags.across.edges import LINKING_ROLES, PROVIDERS
from redflags.across.identity import PARTY_PARTS
from redflags.across.kin import Kin
from redflags.across.known import ALWAYS, Known
from redflags.across.party_texts import DAY as DAY
from redflags.across.party_texts import DETAILS, IDENTITY, NAMED, identities, no_details
from redflags.across.party_texts import details as details_told

if TYPE_CHECKING:
    import polars as pl


class Mentions:
    """The parties that lines name, and who paid for whom. ``kinds`` are the links that are asked
    for, as in :class:`~redflags.across.groups.Groups`."""

    def __init__(self, kinds: frozenset[str]) -> None:
        self._kinds = kinds
        self._parties: list[pl.DataFrame] = []
        self._payments: list[pl.DataFrame] = []

    def add(self, role: str, texts: pl.DataFrame) -> None:
        """Add parties of a role by their texts, in columns named by the parts of a party; a column
        that is not there is blank."""
        import polars as pl

        links = role in LINKING_ROLES or role in PROVIDERS
        parts = [*NAMED, *(DETAILS if links else ())]
        given = [part for part in parts if part in texts.columns]
        frame = texts.select(*given, pl.col(DAY).fill_null(ALWAYS))
        if "address" not in given and "city" in given:
            frame = frame.drop("city")
        elif "city" in given:  # it tells only where an address is read
            is_read = pl.col("address") != ""
            frame = frame.with_columns(city=pl.when(is_read).then("city").otherwise(pl.lit("")))
        given = [part for part in given if part in frame.columns]
        frame = frame.group_by(given).agg(pl.col(DAY).min())
        missing = [pl.lit("").alias(part) for part in PARTY_PARTS if part not in given]
        self._parties.append(
            frame.with_columns(*missing, role=pl.lit(role)).select("role", *PARTY_PARTS, DAY)
        )

    def add_payments(self, texts: pl.DataFrame) -> None:
        """Add who paid for whom: columns as for :meth:`add`, those of the buyer after
        ``buyer.``."""
        import polars as pl

        parts = [*NAMED, *(f"buyer.{part}" for part in NAMED)]
        missing = [pl.lit("").alias(part) for part in parts if part not in texts.columns]
        frame = texts.with_columns(*missing, pl.col(DAY).fill_null(ALWAYS))
        self._payments.append(frame.group_by(parts).agg(pl.col(DAY).min()))

    def kin(self, sheet: Known) -> Kin:
        """The parties of all these lines and of a sheet, each once, and what they have."""
        import polars as pl

        found = pl.concat([*self._parties, _no_parties()])
        self._parties.clear()  # the columns of a large run are let go as soon as they are read
        named = identities(found)
        found = (
            found.with_columns(is_user=pl.col("role") == "end_user")
            .join(named, on=[*NAMED, "is_user"], maintain_order="left")
            .drop(*NAMED, "is_user")
        )
        sightings = found.select(*IDENTITY, "shown", "registered", "role", DAY)
        details = pl.concat([details_told(found, self._kinds), _details_of(sheet, self._kinds)])
        paid = _paid(pl.concat([*self._payments, _no_payments()]), named)
        paid = pl.concat([paid, _paid_of(sheet)])
        return Kin(pl.concat([sightings, _sightings_of(sheet)]), details, paid, named)


def _no_parties() -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(schema={**dict.fromkeys(("role", *PARTY_PARTS), pl.String), DAY: pl.Int64})


def _no_payments() -> pl.DataFrame:
    import polars as pl

    parts = [*NAMED, *(f"buyer.{part}" for part in NAMED)]
    return pl.DataFrame(schema={**dict.fromkeys(parts, pl.String), DAY: pl.Int64})


def _paid(texts: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """Who paid for whom, by what they are known by."""
    import polars as pl

    own = named.filter(~pl.col("is_user")).select(*NAMED, *IDENTITY)
    buyers = own.rename({name: f"buyer.{name}" for name in own.columns})
    return (
        texts.join(own, on=NAMED)
        .join(buyers, on=[f"buyer.{name}" for name in NAMED])
        .select(*_no_paid().columns)
    )


def _no_paid() -> pl.DataFrame:
    import polars as pl

    parts = [*IDENTITY, *(f"buyer.{part}" for part in IDENTITY)]
    return pl.DataFrame(schema={**dict.fromkeys(parts, pl.String), DAY: pl.Int64})


# What a sheet knows already


def _sightings_of(sheet: Known) -> pl.DataFrame:
    import polars as pl

    rows: list[tuple[Any, ...]] = []
    for party, (day, _) in sheet.sightings:
        rows.append((*party.identity, party.shown, party.registered, party.role, day))
    names = (*IDENTITY, "shown", "registered", "role")
    return pl.DataFrame(
        rows, schema={**dict.fromkeys(names, pl.String), DAY: pl.Int64}, orient="row"
    )


def _details_of(sheet: Known, kinds: Iterable[str]) -> pl.DataFrame:
    import polars as pl

    rows = [
        (*party.identity, one.kind, one.key, one.written, party.role in PROVIDERS, day)
        for party, (day, _) in sheet.sightings
        if party.role in LINKING_ROLES or party.role in PROVIDERS
        for one in party.attributes
        if one.kind in kinds
    ]
    return pl.DataFrame(rows, schema=no_details().schema, orient="row")


def _paid_of(sheet: Known) -> pl.DataFrame:
    import polars as pl

    rows = []
    for (payer, buyer), day in sheet.payers.items():
        one, other = sheet.parties[payer], sheet.parties[buyer]
        assert one is not None
        assert other is not None
        rows.append((*one.identity, *other.identity, day))
    return pl.DataFrame(rows, schema=_no_paid().schema, orient="row")
