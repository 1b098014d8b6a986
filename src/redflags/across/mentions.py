"""Whom all lines of a run name, in columns: each party once, with what it has and since when.

Links between parties follow from all lines, also from those of harmless goods. What the texts of
parties say is read once for each text, and what follows for each party is worked out in columns;
of very many parties few have anything to do with those on whom a window looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from redflags import reference
from redflags.across.edges import LINKING_ROLES, PROVIDERS
from redflags.across.identity import (
    PARTY_PARTS,
    address_key,
    director_keys,
    email_key,
    phone_keys,
    registration_key,
    site_keys,
)
from redflags.across.kin import Kin
from redflags.across.known import ALWAYS, Known
from redflags.model.fields import field_table
from redflags.model.kind import Kind
from redflags.values.names import name_key

if TYPE_CHECKING:
    import polars as pl

DAY = "day"
"""The column of days, as numbers; null is a line without one."""

_NAMED = ("name", "registration", "country")
_IDENTITY = ("key", "code", "number")
_DETAILS = PARTY_PARTS[3:]


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
        parts = [*_NAMED, *(_DETAILS if links else ())]
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

        parts = [*_NAMED, *(f"buyer.{part}" for part in _NAMED)]
        missing = [pl.lit("").alias(part) for part in parts if part not in texts.columns]
        frame = texts.with_columns(*missing, pl.col(DAY).fill_null(ALWAYS))
        self._payments.append(frame.group_by(parts).agg(pl.col(DAY).min()))

    def kin(self, sheet: Known) -> Kin:
        """The parties of all these lines and of a sheet, each once, and what they have."""
        import polars as pl

        found = pl.concat([*self._parties, _no_parties()])
        self._parties.clear()  # the columns of a large run are let go as soon as they are read
        named = _identities(found)
        found = (
            found.with_columns(is_user=pl.col("role") == "end_user")
            .join(named, on=[*_NAMED, "is_user"], maintain_order="left")
            .drop(*_NAMED, "is_user")
        )
        sightings = found.select(*_IDENTITY, "shown", "registered", "role", DAY)
        details = pl.concat([_details(found, self._kinds), _details_of(sheet, self._kinds)])
        paid = _paid(pl.concat([*self._payments, _no_payments()]), named)
        paid = pl.concat([paid, _paid_of(sheet)])
        return Kin(pl.concat([sightings, _sightings_of(sheet)]), details, paid, named)


def _no_parties() -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(schema={**dict.fromkeys(("role", *PARTY_PARTS), pl.String), DAY: pl.Int64})


def _no_payments() -> pl.DataFrame:
    import polars as pl

    parts = [*_NAMED, *(f"buyer.{part}" for part in _NAMED)]
    return pl.DataFrame(schema={**dict.fromkeys(parts, pl.String), DAY: pl.Int64})


# What texts say


@cache
def _kind(part: str) -> Kind:
    return field_table()[f"buyer.{part}"].kind


def _value(part: str, text: str) -> str:
    """What a text says of a part of a party, as a text; "" where it says nothing."""
    value: Any = _kind(part).parse(text).value if text else None
    if value is None:
        return ""
    return "; ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _values(part: str, texts: pl.Series) -> pl.Series:
    """What each of some texts says, each read once."""
    import polars as pl

    once = texts.unique()
    values = pl.Series([_value(part, text) for text in once], dtype=pl.String)
    return texts.replace_strict(once, values, return_dtype=pl.String)


def _identities(found: pl.DataFrame) -> pl.DataFrame:
    """By whom parties of these texts are known: the key of the name, the code of the country, the
    number; with the name as it is shown, and the number as written. Those of none are left out."""
    import polars as pl

    named = found.select(*_NAMED, is_user=pl.col("role") == "end_user").unique()
    once = named.select("name", "is_user").unique()
    forms, words = reference.legal_forms(), reference.end_user_words()
    shown, keys = [], []
    for text, is_user in once.iter_rows():
        name = _value("name", text)
        if is_user and words.find(name) is not None:
            name = ""
        shown.append(name.strip())
        keys.append(name_key(name, forms))
    once = once.with_columns(
        pl.Series("shown", shown, pl.String), pl.Series("key", keys, pl.String)
    )
    named = named.join(once, on=["name", "is_user"])
    named = named.with_columns(
        _values("country", named["country"]).alias("code"),
        _values("registration", named["registration"]).alias("registered"),
    )
    numbers = named.select("registered", "code").filter(pl.col("registered") != "").unique()
    numbers = numbers.with_columns(
        pl.Series("number", [registration_key(*one) for one in numbers.iter_rows()], pl.String)
    )
    bare = pl.Series([text.strip() for text in named["registered"]], dtype=pl.String)
    return (
        named.with_columns(
            shown=pl.when(pl.col("shown") != "").then("shown").otherwise(bare),
        )
        .join(numbers, on=["registered", "code"], how="left")
        .with_columns(pl.col("number").fill_null(""))
        .filter((pl.col("key") != "") | (pl.col("number") != ""))
    )


def _details(found: pl.DataFrame, kinds: frozenset[str]) -> pl.DataFrame:
    """What parties have that can link them: one row for each detail."""
    import polars as pl

    able = found.filter(pl.col("role").is_in([*LINKING_ROLES, *PROVIDERS]))
    tables = [_no_details()]
    for kind, reads, table in (
        ("address", ("address", "city", "code"), _addresses),
        ("phone", ("phone", "code"), _phones),
        ("email", ("email",), _mails),
        ("website", ("website", "email"), _sites),
        ("director", ("directors",), _directors),
    ):
        if kind not in kinds:
            continue
        stated = pl.col(reads[0]) != ""
        if kind == "website":
            stated |= pl.col("email") != ""
        rows = (
            able.filter(stated)
            .group_by(
                *_IDENTITY,
                *(one for one in reads if one != "code"),
                is_provided=pl.col("role").is_in(list(PROVIDERS)),
            )
            .agg(pl.col(DAY).min())
        )
        if not rows.height:
            continue
        told = table(rows.select(reads).unique())
        tables.append(
            rows.join(told, on=[one for one in reads if one in told.columns])
            .with_columns(kind=pl.lit(kind))
            .select(*_no_details().columns)
        )
    return pl.concat(tables)


def _no_details() -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(
        schema={
            **dict.fromkeys((*_IDENTITY, "kind", "detail", "written"), pl.String),
            "is_provided": pl.Boolean,
            DAY: pl.Int64,
        }
    )


class _Told:
    """The details that texts tell: the key of each, and as written."""

    def __init__(self) -> None:
        self.places: list[int] = []
        self.keys: list[str] = []
        self.written: list[str] = []

    def add(self, place: int, key: str, written: str) -> None:
        """The text of this place has a detail."""
        self.places.append(place)
        self.keys.append(key)
        self.written.append(written)

    def beside(self, read: pl.DataFrame) -> pl.DataFrame:
        """The texts, each with its details."""
        import polars as pl

        return read[self.places].with_columns(
            pl.Series("detail", self.keys, pl.String), pl.Series("written", self.written, pl.String)
        )


def _addresses(read: pl.DataFrame) -> pl.DataFrame:
    told = _Told()
    cities = {text: _value("city", text) for text in read["city"].unique()}
    for place, (text, city, code) in enumerate(read.iter_rows()):
        address = _value("address", text)
        key = address_key(address, cities[city], code)
        if key:
            told.add(place, key, address)
    return told.beside(read)


def _phones(read: pl.DataFrame) -> pl.DataFrame:
    """A number in international form is the same in every country."""
    import polars as pl

    abroad, at_home = _Told(), []
    values = {}
    once = read.select("phone").unique()
    for place, text in enumerate(once["phone"]):
        value = values[text] = _value("phone", text)
        keys = phone_keys(value, "")
        if all(key.startswith("+") for key in keys):
            for key in keys:
                abroad.add(place, key, value)
        else:
            at_home.append(text)
    others = read.filter(pl.col("phone").is_in(pl.Series(at_home, dtype=pl.String).implode()))
    national = _Told()
    for place, (text, code) in enumerate(others.iter_rows()):
        for key in phone_keys(values[text], code):
            national.add(place, key, values[text])
    alone = read.join(abroad.beside(once), on="phone")
    return pl.concat([alone, national.beside(others).select(alone.columns)])


def _mails(read: pl.DataFrame) -> pl.DataFrame:
    told = _Told()
    for place, text in enumerate(read["email"]):
        mail = _value("email", text)
        key = email_key(mail) if mail else ""
        if key:
            told.add(place, key, mail)
    return told.beside(read)


def _sites(read: pl.DataFrame) -> pl.DataFrame:
    told = _Told()
    for place, (site, text) in enumerate(read.iter_rows()):
        for key, written in site_keys(_value("website", site), _value("email", text)):
            told.add(place, key, written)
    return told.beside(read)


def _directors(read: pl.DataFrame) -> pl.DataFrame:
    told = _Told()
    for place, text in enumerate(read["directors"]):
        for key, written in director_keys(_value("directors", text)):
            told.add(place, key, written)
    return told.beside(read)


def _paid(texts: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """Who paid for whom, by what they are known by."""
    import polars as pl

    own = named.filter(~pl.col("is_user")).select(*_NAMED, *_IDENTITY)
    buyers = own.rename({name: f"buyer.{name}" for name in own.columns})
    return (
        texts.join(own, on=_NAMED)
        .join(buyers, on=[f"buyer.{name}" for name in _NAMED])
        .select(*_no_paid().columns)
    )


def _no_paid() -> pl.DataFrame:
    import polars as pl

    parts = [*_IDENTITY, *(f"buyer.{part}" for part in _IDENTITY)]
    return pl.DataFrame(schema={**dict.fromkeys(parts, pl.String), DAY: pl.Int64})


# What a sheet knows already


def _sightings_of(sheet: Known) -> pl.DataFrame:
    import polars as pl

    rows: list[tuple[Any, ...]] = []
    for party, (day, _) in sheet.sightings:
        rows.append((*party.identity, party.shown, party.registered, party.role, day))
    names = (*_IDENTITY, "shown", "registered", "role")
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
    return pl.DataFrame(rows, schema=_no_details().schema, orient="row")


def _paid_of(sheet: Known) -> pl.DataFrame:
    import polars as pl

    rows = []
    for (payer, buyer), day in sheet.payers.items():
        one, other = sheet.parties[payer], sheet.parties[buyer]
        assert one is not None
        assert other is not None
        rows.append((*one.identity, *other.identity, day))
    return pl.DataFrame(rows, schema=_no_paid().schema, orient="row")
