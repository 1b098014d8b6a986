"""Whose an attribute of no stated party is by where it stands: beside the columns of a party."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from redflags.intake.open_columns import Column, Resolution
from redflags.intake.whose import (
    RECEIVING,
    is_named,
    is_number,
    is_party,
    is_stated,
    parties_of,
)
from redflags.model.fields import field_table, roles
from redflags.reference.headers import ANY_PARTY, NO_FIELD

_OF_AN_ADDRESS = ("country", "city", "address")
"""Attributes that a party is not named without, where it has a column for one of them."""


def settle_blocks(work: Resolution) -> None:
    """Attributes of no stated party that stand right after a party are its own, where that is sure.

    It is where a number is followed by a name, ``KUNNR | NAME1 | LAND1``, where a party is followed
    by an address of several columns, ``Customer | Street | City``, where each attribute comes
    once for each party, ``Sold-to | Name | Country | Ship-to | Name | Country``, and where one
    stands between two columns of a party, ``Customer | City | Customer country``, or right behind
    them with all others apart: ``Customer | City | Consignee | Consignee country``.
    """
    counts = Counter(
        column.only.path
        for column in work.columns
        if column.only is not None and column.only.role == ANY_PARTY
    )
    owned: dict[str, list[tuple[Column, Column]]] = {}
    for owner, run in runs(work):
        paths = [column.meanings[0].path for column in run]
        is_numbered = is_number(owner.meanings[0])
        if is_numbered and paths[:1] == [f"{ANY_PARTY}.name"] and len(set(paths)) == len(paths):
            for column in run:
                counts[column.meanings[0].path] -= 1
                _own(column, owner)
            continue
        for column, path in zip(run, paths, strict=True):
            owned.setdefault(path, []).append((column, owner))
        if len(run) > 1 and all(counts[path] == 1 for path in paths):
            for column, path in zip(run, paths, strict=True):
                if not (path == f"{ANY_PARTY}.name" and is_named(owner)):
                    _own(column, owner)
    for path, found in owned.items():
        owners = {owner.meanings[0].role for _, owner in found}
        if 1 < len(found) == len(owners) == counts[path]:
            for column, owner in found:
                _own(column, owner)
    _settle_enclosed(work)
    _settle_followers(work)


def _settle_enclosed(work: Resolution) -> None:
    """An attribute of no stated party between two columns of one party is that party's."""
    for before, column, after in _placed(work):
        role = _party_of(before)
        if role and role == _party_of(after) and not _has(work, role, column):
            _own(column, before, f"it stands between {before.name[:60]!r} and {after.name[:60]!r}")


def _settle_followers(work: Resolution) -> None:
    """A lone part of an address belongs to the party that it follows, where all others are apart.

    That is: the columns of every other party that could own it, and that goods go to, name that
    party in more than its name; and none of them stands right behind. Of a party that is not the
    buyer there must be another one behind: at the end of all parties it may be of the order.
    """
    counts = Counter(
        meaning.path for column in work.columns for meaning in column.meanings
    ) + Counter(list(work.taken))
    for before, column, after in _placed(work):
        attribute = column.meanings[0].path.partition(".")[2]
        role = _party_of(before)
        if not role or attribute not in _OF_AN_ADDRESS or _has(work, role, column):
            continue
        if counts[column.meanings[0].path] > 1 or not _ends_a_block(role, after):
            continue
        others = parties_of(work) & {"buyer", *RECEIVING} - {role}
        if role == "buyer":
            others -= {"payer", "bill_to"}
        if all(
            is_stated(work, counts, f"{other}.{attribute}") or _is_described(work, other)
            for other in others
        ):
            because = f"it follows {before.name[:60]!r}"
            if others:
                because += ", and the columns of every other party name it"
            _own(column, before, because)


def _placed(work: Resolution) -> list[tuple[Column, Column, Column]]:
    """The attributes of no stated party, each with the columns before and behind it; a column
    that is known to be no field counts for none."""
    edge = Column(-1, "", [])
    parts: list[list[Column]] = [[]]
    end = -1
    for column in sorted((*work.columns, *work.settled), key=lambda one: one.position):
        if column.position != end + 1:
            parts.append([])
        end = column.position
        if column.only is None or column.only.path != NO_FIELD:
            parts[-1].append(column)
    return [
        (before, column, after)
        for part in parts
        for before, column, after in zip([edge, *part], part, [*part[1:], edge], strict=False)
        if column.only is not None
        and column.only.role == ANY_PARTY
        and f"buyer.{column.only.path.partition('.')[2]}" in field_table()
        and column.only.path != f"{ANY_PARTY}.name"
    ]


def _party_of(column: Column) -> str:
    """The party that a column speaks of; empty if of none that is stated."""
    role = column.only.role if column.only is not None else ""
    return role if role in {*roles(), "bill_to"} else ""


def _has(work: Resolution, role: str, column: Column) -> bool:
    """Whether a party has another column for what this one says."""
    path = f"{role}.{column.meanings[0].path.partition('.')[2]}"
    return path in work.taken or any(
        meaning.path == path for one in work.columns for meaning in one.meanings
    )


def _ends_a_block(role: str, after: Column) -> bool:
    """Whether what stands behind the columns of a party is not an attribute of another one."""
    if not _party_of(after):
        return role == "buyer"
    return after.only is not None and is_party(after.only)


def _is_described(work: Resolution, role: str) -> bool:
    """Whether some column names a party for more than its name or number."""
    paths = {one.only.path for one in (*work.columns, *work.settled) if one.only is not None}
    return any(f"{role}.{attribute}" in paths for attribute in (*_OF_AN_ADDRESS, "region"))


def runs(work: Resolution) -> Iterator[tuple[Column, list[Column]]]:
    """Each party that a column is named after, with the attributes of no stated party that follow
    it at once; others of its own may stand between."""
    owner: Column | None = None
    run: list[Column] = []
    end = -1
    for column in sorted((*work.columns, *work.settled), key=lambda one: one.position):
        meaning = column.only
        follows = owner is not None and column.position == end + 1
        end = column.position
        if meaning is not None and is_party(meaning):
            if owner is not None:
                yield owner, run
            owner, run = column, []
        elif follows and meaning is not None and meaning.role == ANY_PARTY:
            run.append(column)
        elif follows and owner is not None and _party_of(column) == _party_of(owner) != "":
            continue
        elif not follows or meaning is None or meaning.path != NO_FIELD:
            if owner is not None:
                yield owner, run
            owner, run = None, []
    if owner is not None:
        yield owner, run


def _own(column: Column, owner: Column, because: str = "") -> None:
    meaning = column.meanings[0]
    path = f"{owner.meanings[0].role}.{meaning.path.partition('.')[2]}"
    why = f"{meaning.why}; {because or f'it follows {owner.name[:60]!r}'}"
    column.meanings = [replace(meaning, path=path, why=why)]
