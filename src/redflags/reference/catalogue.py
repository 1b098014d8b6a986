"""The documented red flags, the base facts they speak of, and where every data file comes from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from redflags.reference.tables import read_rows, read_table


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One red flag as an authority or a report has stated it.

    ``fact`` is its base fact; ``evaluable`` says what it needs (order, order+lists,
    history_or_links, documents, person, outside); ``automate`` whether a tool may decide it:
    ``yes`` (it can be computed, which does not make it a rule by itself), ``ask`` or ``never``.
    """

    id: str
    group: str
    statement: str
    severity: str
    sources: str
    fact: str
    evaluable: str
    automate: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a data file comes from: source, vintage, how far verified, how far to be trusted."""

    file: str
    what: str
    source: str
    vintage: str
    verified: str
    confidence: str
    licence: str


@cache
def red_flag_catalogue() -> dict[str, RedFlag]:
    """The documented red flags by id, such as ``BIZ-01``."""
    return {
        row["id"]: RedFlag(
            id=row["id"],
            group=row["group"],
            statement=row["statement"],
            severity=row["severity_base"],
            sources=row["sources"],
            fact=row["fact"],
            evaluable=row["evaluable"],
            automate=row["automate"],
            confidence=row["confidence"],
        )
        for row in read_table("red_flags")
    }


@cache
def base_facts() -> dict[str, str]:
    """The closed vocabulary of base facts, each with its meaning.

    Two rules that rest on the same base fact must not add up.
    """
    return {fact: meaning for fact, meaning, _, _ in read_rows("base_facts")}


@cache
def sources() -> tuple[Source, ...]:
    """A row for every data file of this package."""
    return tuple(Source(*row) for row in read_rows("SOURCES"))
