"""In which block a text about a party belongs: texts of different blocks have no detail in common.

To read a telephone number or a mail address costs more than to put its text in a block, and most
blocks have the texts of one firm. A text whose block cannot be told so easily has none: it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

LAST_DIGITS = 5
"""The last digits of a telephone number are the same in national and in international form; of
seven figures, two of them noughts that lead abroad, five are left."""

_PLAIN_PHONE = r"^[+0-9 ().-]{7,60}$"
_PLAIN_MAIL = r"^[A-Za-z0-9._-][A-Za-z0-9._+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$"
_PLAIN_SITE = r"^(?:[A-Za-z]{2,6}://)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:[/?#:][ -~]*)?$"
_LAST_LABELS = r"([a-z0-9-]+\.[a-z0-9-]+)$"


def _phone() -> pl.Expr:
    import polars as pl

    text = pl.col("phone")
    digits = text.str.replace_all("(0)", "", literal=True).str.replace_all("[^0-9]", "")
    return pl.when(text.str.contains(_PLAIN_PHONE)).then(digits.str.tail(LAST_DIGITS))


def _mail() -> pl.Expr:
    import polars as pl

    text = pl.col("email")
    whole = text.str.to_lowercase().str.replace(r"\+[^@]*@", "@")
    return pl.when(text.str.contains(_PLAIN_MAIL)).then(whole)


def _site() -> pl.Expr:
    import polars as pl

    site, mail = pl.col("website"), pl.col("email")
    host = site.str.to_lowercase().str.replace("^[a-z]{2,6}://", "").str.replace("[/?#:].*$", "")
    by_site = pl.when(site.str.contains(_PLAIN_SITE)).then(host.str.extract(_LAST_LABELS))
    by_mail = pl.when(mail.str.contains(_PLAIN_MAIL)).then(
        mail.str.to_lowercase().str.extract(_LAST_LABELS)
    )
    return (
        pl.when(mail == "")
        .then(by_site)
        .when(site == "")
        .then(by_mail)
        .when(by_site == by_mail)
        .then(by_site)
    )


BLOCKS: Mapping[str, Callable[[], pl.Expr]] = {"phone": _phone, "email": _mail, "website": _site}
"""The block of the texts of each kind of detail, in columns named by the parts of a party; null
where it is not told. What has no block is read always."""


def block_of(kind: str, key: str) -> str:
    """The block of a detail by its key."""
    if kind == "phone":
        return key[-LAST_DIGITS:]
    return key if kind == "email" else ".".join(key.split(".")[-2:])
