"""What only a person can see: the questions, their themes, and flags that no rule answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from redflags.reference.tables import read_rows, split_cell


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that a person can see, hear or look up, answered with yes, no or unknown.

    ``statement`` is a clause that says what a yes means; ``question`` is put to ``of`` (a word of
    :data:`~redflags.rulebook.schema.ADDRESSEES`; the seller's own people and registers rather
    than the customer, whom a question can warn). ``flags`` are the documented red flags that a yes
    speaks for; ``note`` names honest reasons for a yes.
    """

    id: str
    theme: str
    statement: str
    question: str
    of: str
    flags: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Observations that speak of one thing: they count once. ``title`` is a noun phrase."""

    id: str
    title: str
    meaning: str
    observations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlagReason:
    """Why no rule on single orders answers a documented red flag, or not alone.

    ``kind`` is ``never``, ``other-suppliers``, ``trade-data``, ``watch-lists`` or
    ``across-orders``.
    """

    flag: str
    kind: str
    reason: str


@cache
def observations() -> dict[str, Observation]:
    """Every observation by its id, such as ``services_declined``, theme by theme."""
    return {
        name: Observation(name, theme, statement, question, of, split_cell(flags), note)
        for name, theme, statement, question, of, flags, note in read_rows("observations")
    }


@cache
def observation_themes() -> dict[str, Theme]:
    """Every theme by its id, with the observations that belong to it."""
    return {
        name: Theme(
            name,
            title,
            meaning,
            tuple(one.id for one in observations().values() if one.theme == name),
        )
        for name, title, meaning in read_rows("observation_themes")
    }


@cache
def flag_reasons() -> dict[str, FlagReason]:
    """The reasons by documented red flag."""
    return {row[0]: FlagReason(*row) for row in read_rows("flag_reasons")}
