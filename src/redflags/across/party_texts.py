"""What the texts about parties say, read once for each text: by whom parties are known, and which
details they have that can link them.

Texts of the usual form are read by whole columns; what comes out is what the parsers say of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from redflags import reference
from redflags.across.edges import LINKING_ROLES, PROVIDERS
from redflags.across.identity import (
    PARTY_PARTS,
    SECOND_LEVEL,
    address_key,
    director_keys,
    email_key,
    hosts_of_many,
    phone_keys,
    registration_key,
    site_keys,
)
from redflags.across.plain_names import plain_name_keys
from redflags.model.fields import field_table
from redflags.model.kind import Kind
from redflags.values.names import name_key

if TYPE_CHECKING:
    import polars as pl

DAY = "day"
"""The column of days, as numbers; null is a line without one."""

IDENTITY = ("key", "code", "number")
"""By what a party is known: the key of its name, the code of its country, its number."""

NAMED = ("name", "registration", "country")
"""The texts that say by what a party is known."""

DETAILS = PARTY_PARTS[3:]
"""The texts about what a party has."""


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


def identities(found: pl.DataFrame) -> pl.DataFrame:
    """By whom parties of these texts are known: the key of the name, the code of the country, the
    number; with the name as it is shown, and the number as written. Those of none are left out."""
    import polars as pl

    named = found.select(*NAMED, is_user=pl.col("role") == "end_user").unique()
    once = named.select("name", "is_user").unique()
    once = once.with_columns(plain_name_keys(once["name"]).alias("key"))
    plain = once.filter(pl.col("key").is_not_null()).with_columns(shown=pl.col("name"))
    odd = once.filter(pl.col("key").is_null()).drop("key")
    told = [_odd_name(text, is_user=is_user) for text, is_user in odd.iter_rows()]
    odd = odd.with_columns(
        pl.Series("key", [key for _, key in told], pl.String),
        pl.Series("shown", [shown for shown, _ in told], pl.String),
    )
    once = pl.concat([plain, odd])
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


def _odd_name(text: str, *, is_user: bool) -> tuple[str, str]:
    """A name as shown, and its key. Words for no end user name nobody."""
    name = _value("name", text)
    if is_user and reference.end_user_words().find(name) is not None:
        name = ""
    return name.strip(), name_key(name, reference.legal_forms())


def details(found: pl.DataFrame, kinds: frozenset[str]) -> pl.DataFrame:
    """What parties have that can link them: one row for each detail."""
    import polars as pl

    able = found.filter(pl.col("role").is_in([*LINKING_ROLES, *PROVIDERS]))
    tables = [no_details()]
    for kind in DETAIL_KINDS:
        if kind not in kinds:
            continue
        reads, _ = _READERS[kind]
        rows = (
            able.filter(_is_stated(kind))
            .group_by(
                *IDENTITY,
                *(one for one in reads if one != "code"),
                is_provided=pl.col("role").is_in(list(PROVIDERS)),
            )
            .agg(pl.col(DAY).min())
        )
        if rows.height:
            told = _with_details(kind, rows).with_columns(kind=pl.lit(kind))
            tables.append(told.select(*no_details().columns))
    return pl.concat(tables)


def details_in_order(kind: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of ``rows`` that have details of a kind, once for each ``detail``, which is
    ``written`` so: in their order, and those of a row in the order in which they stand there."""
    return _with_details(kind, rows.filter(_is_stated(kind)))


def _is_stated(kind: str) -> pl.Expr:
    import polars as pl

    reads, _ = _READERS[kind]
    stated = reads[:2] if kind == "website" else reads[:1]
    return pl.any_horizontal(pl.col(one) != "" for one in stated)


def _with_details(kind: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Each row with its details: they are read once for the same texts."""
    reads, read = _READERS[kind]
    told = read(rows.select(reads).unique())
    on = [one for one in reads if one in told.columns]
    return rows.join(told, on=on, maintain_order="left_right")


def no_details() -> pl.DataFrame:
    """An empty table of details."""
    import polars as pl

    return pl.DataFrame(
        schema={
            **dict.fromkeys((*IDENTITY, "kind", "detail", "written"), pl.String),
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


_PLAIN_PHONE = r"^(?:\+|00)[0-9 ().-]{3,58}$"
"""One number in international form, with nothing but marks between its figures."""

_IN_ORDER = "01234567890"
"""What stands in for a number: no part of it is one."""


def _phones(read: pl.DataFrame) -> pl.DataFrame:
    """A number in international form is the same in every country."""
    import polars as pl

    once = read.select("phone").unique()
    is_plain = pl.col("phone").str.contains(_PLAIN_PHONE) & pl.col("phone").str.contains("[1-9]")
    plain = _plain_phones(once.filter(is_plain))
    abroad, at_home = _Told(), []
    values = {}
    odd = once.filter(~is_plain)
    for place, text in enumerate(odd["phone"]):
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
    alone = read.join(pl.concat([plain, abroad.beside(odd)]), on="phone")
    return pl.concat([alone, national.beside(others).select(alone.columns)])


def _plain_phones(texts: pl.DataFrame) -> pl.DataFrame:
    """As :func:`~redflags.across.identity.phone_keys`, of plain numbers in international form."""
    import polars as pl

    digits = pl.col("digits")
    different = pl.sum_horizontal(
        digits.str.contains(figure, literal=True).cast(pl.UInt8) for figure in "0123456789"
    )
    in_order = [
        _IN_ORDER[start : start + length] for length in range(7, 12) for start in range(12 - length)
    ]
    return (
        texts.with_columns(
            written=pl.col("phone").str.strip_chars(" "),
            digits=pl.col("phone")
            .str.replace_all("(0)", "", literal=True)
            .str.replace_all("[^0-9]", ""),
        )
        .filter(
            digits.str.len_bytes().is_between(7, 17)
            & (different >= 3)
            & ~digits.is_in(pl.Series(in_order).implode())
        )
        .select(
            "phone",
            detail=pl.lit("+")
            + pl.when(pl.col("phone").str.starts_with("+"))
            .then(digits)
            .otherwise(digits.str.slice(2)),
            written="written",
        )
    )


_PLAIN_MAIL = (
    r"^[A-Za-z0-9][A-Za-z0-9._-]*@(?:[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*\.)+[A-Za-z][A-Za-z0-9-]+$"
)
_LONGEST_PLAIN = 63
"""Bytes of a mail address of which no part can be too long."""


def _mails(read: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    is_plain = _is_plain_mail("email")
    local, domain = _parts_of_mail("email")
    plain = read.filter(is_plain).select(
        "email",
        detail=pl.col("email").str.to_lowercase(),
        written=pl.concat_str(local, pl.lit("@"), domain),
    )
    odd = read.filter(~is_plain)
    told = _Told()
    for place, text in enumerate(odd["email"]):
        mail = _value("email", text)
        key = email_key(mail) if mail else ""
        if key:
            told.add(place, key, mail)
    return pl.concat([plain, told.beside(odd)])


def _is_plain_mail(column: str) -> pl.Expr:
    """Which texts are mail addresses that can be read in one way only."""
    import polars as pl

    text = pl.col(column)
    return (text.str.len_bytes() <= _LONGEST_PLAIN) & text.str.contains(_PLAIN_MAIL)


def _parts_of_mail(column: str) -> tuple[pl.Expr, pl.Expr]:
    """What stands before the sign in a plain mail address, and its domain."""
    import polars as pl

    parts = pl.col(column).str.split_exact("@", 1).struct
    return parts.field("field_0"), parts.field("field_1").str.to_lowercase()


def _sites(read: pl.DataFrame) -> pl.DataFrame:
    """The domains of web sites, and those of mail addresses that are others."""
    import polars as pl

    sites = read.select("website").unique()
    sites = _own_sites(sites, "website", [_value("website", text) for text in sites["website"]])
    mails = read.select("email").unique()
    is_plain = _is_plain_mail("email")
    local, domain = _parts_of_mail("email")
    plain = mails.filter(is_plain)
    odd = mails.filter(~is_plain)
    named = plain.select("email", domain=domain, written=pl.concat_str(local, pl.lit("@"), domain))
    domains = named.select("domain").unique()
    domains = domains.with_columns(own_domains(pl.col("domain")).alias("detail"))
    own = pl.concat(
        [
            named.join(domains.filter(pl.col("detail") != ""), on="domain").select(
                "email", "detail", "written"
            ),
            _own_sites(odd, "email", [_value("email", text) for text in odd["email"]]),
        ]
    )
    first = read.join(sites, on="website")
    second = (
        read.join(own, on="email")
        .join(sites.select("website", site="detail"), on="website", how="left")
        .filter(pl.col("site").is_null() | (pl.col("site") != pl.col("detail")))
    )
    return pl.concat([first, second.select(first.columns)])


def own_domains(host: pl.Expr) -> pl.Expr:
    """As :func:`~redflags.across.identity.own_domain`, of hosts in lower case, two labels at least,
    none of them blank."""
    import polars as pl

    labels = host.str.split(".")
    third, second, last = (labels.list.get(place, null_on_oob=True) for place in (-3, -2, -1))
    in_country = (last.str.len_chars() == 2) & _is_one_of(second, SECOND_LEVEL)
    domain = pl.concat_str(second, last, separator=".")
    domain = (
        pl.when(in_country & third.is_not_null())
        .then(pl.concat_str(third, domain, separator="."))
        .otherwise(domain)
    )
    shared = pl.any_horizontal(
        _is_one_of(one, hosts) for hosts in hosts_of_many() for one in (host, domain)
    )
    return pl.when(shared).then(pl.lit("")).otherwise(domain)


def _is_one_of(text: pl.Expr, texts: Collection[str]) -> pl.Expr:
    import polars as pl

    return text.is_in(pl.Series(sorted(texts), dtype=pl.String).implode())


def _own_sites(texts: pl.DataFrame, column: str, values: list[str]) -> pl.DataFrame:
    """Texts of web sites or of mail addresses with the domains in them that are a firm's own."""
    told = _Told()
    for place, value in enumerate(values):
        key = _own_domain(*((value, "") if column == "website" else ("", value)))
        if key:
            told.add(place, key, value)
    return told.beside(texts)


def _own_domain(website: str, email: str) -> str:
    return next((key for key, _ in site_keys(website, email)), "")


def _directors(read: pl.DataFrame) -> pl.DataFrame:
    told = _Told()
    for place, text in enumerate(read["directors"]):
        for key, written in director_keys(_value("directors", text)):
            told.add(place, key, written)
    return told.beside(read)


_READERS: Mapping[str, tuple[tuple[str, ...], Callable[[pl.DataFrame], pl.DataFrame]]] = {
    "address": (("address", "city", "code"), _addresses),
    "phone": (("phone", "code"), _phones),
    "email": (("email",), _mails),
    "website": (("website", "email"), _sites),
    "director": (("directors",), _directors),
}
"""Each kind of detail with the texts that it is read from, ``code`` being the country's, and what
reads them."""

DETAIL_KINDS = tuple(_READERS)
"""The kinds of details in the order in which a party has them."""
