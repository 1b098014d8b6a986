"""Cases: alerts that belong together, because their parties are the same or are linked.

These models are part of the JSON output. The schema may gain keys and never changes one.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from redflags.model.results import Ask, Band, LinePlace, Result, Severity

LinkKind = Literal[
    "party",
    "address",
    "phone",
    "email",
    "website",
    "registration",
    "payer",
    "director",
    "window",
]
"""What links two orders: the same party, a detail that two parties share, or a rule that looked
at several orders together and names them."""


class CaseParty(Result):
    """A party of a case, under whatever spellings its orders have."""

    name: str = Field(description="The fullest spelling of the name")
    country: str = Field(description="Country (ISO 3166 alpha-2); empty where none is stated")
    roles: tuple[str, ...] = Field(description="What it is in the orders of the case")
    orders: int = Field(description="In how many orders of the case it stands")
    also_written: tuple[str, ...] = Field(default=(), description="Other spellings of its name")


class CaseLink(Result):
    """Why orders belong together: one link with its evidence."""

    kind: LinkKind
    parties: tuple[str, ...] = Field(description="The parties that the link speaks of, by name")
    orders: tuple[str, ...] = Field(
        default=(), description="The orders it speaks of, at most fifty, in time"
    )
    written: str = Field(default="", description="The detail that is shared, as written")
    sentence: str


class CaseFlag(Result):
    """A rule that came out true in a case, with the orders in which it did."""

    rule: str = Field(description="Full name, pack/id")
    title: str
    kind: Literal["sign", "stop"]
    severity: Severity | None
    fact: str | None
    share: int = Field(description="What it adds to the case's bits, in whole thousandths")
    orders: tuple[str, ...] = Field(description="Order ids, in time")


class CaseFamily(Result):
    """A family of goods in a case, with the orders that ask for it."""

    family: str
    title: str
    orders: tuple[str, ...] = Field(description="Order ids, in time")
    first_date: str | None = None
    last_date: str | None = None


class CaseAsk(Ask):
    """A question to put, with the orders that raise it."""

    orders: tuple[str, ...] = Field(default=(), description="Order ids, in time")


class CaseOrder(Result):
    """An order of a case. One without a flag of its own is in it because a rule names it."""

    order_id: str
    date: str | None = Field(default=None, description="Its day (ISO 8601); null: not known")
    alert: bool = Field(description="Whether it has a flag of its own")
    stop: bool = False
    score: float = 0.0
    band: Band = "none"
    parties: str = ""
    goods: str = ""
    families: tuple[str, ...] = ()
    flags: tuple[str, ...] = Field(default=(), description="Its rules that came out true")
    lines: tuple[LinePlace, ...] = ()


class Case(Result):
    """Alerts whose parties are the same or linked, as one.

    ``case_id`` is the first sixteen hexadecimal digits of the SHA-256 of its order ids, sorted by
    code point and joined by line feeds, in UTF-8.
    """

    case_id: str
    orders: tuple[str, ...] = Field(description="Order ids, in time; those without a date last")
    parties: tuple[CaseParty, ...]
    links: tuple[CaseLink, ...]
    score: float = Field(description="100 · (1 − 2^−bits), one decimal; urgency, no probability")
    bits: int = Field(
        description="Evidence in thousandths of a bit, each fact counted once over all orders"
    )
    band: Band
    action: tuple[str, ...]
    stop: bool
    flags: tuple[CaseFlag, ...]
    families: tuple[CaseFamily, ...] = Field(default=(), description="Families of goods, in time")
    ask: tuple[CaseAsk, ...] = Field(default=(), description="The questions of all, each once")
    timeline: tuple[CaseOrder, ...] = Field(default=(), description="The orders, in time")
    perhaps_same: tuple[str, ...] = Field(
        default=(), description="Parties that may be one firm and were not taken for one"
    )
    left_out: tuple[str, ...] = Field(
        default=(), description="What too many share for it to be a link"
    )
    first_date: str | None = None
    last_date: str | None = None
