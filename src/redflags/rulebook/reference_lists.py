"""Shipped reference tables as lists of a rule pack: ``reference: chpl``."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from redflags import reference
from redflags.model.kinds import KINDS
from redflags.rulebook.tree import Entry

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """How a shipped table becomes a list: its kind, file, column of values and attributes.

    ``several`` is a column that holds several values, parted by semicolons: each makes an entry of
    its own, so that a rule can ask for one of them.
    """

    kind: str
    file: str
    column: str
    attributes: tuple[str, ...] = ()
    several: str = ""
    rows: Callable[[], Iterable[Row]] | None = None


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """A shipped table read as a list."""

    kind: str
    source: str
    vintage: str
    entries: tuple[Entry, ...]


_LIMITED_IN_GOODS = ("", "annexes of Reg. 833/2014")
"""What stands in ``limited_to`` where a measure speaks of everybody in the place."""

_OF_MEASURES = ("measure", "authority", "goods_scope", "covers", "limited_to", "legal_basis")


def _mail_domains() -> list[Row]:
    return [{"domain": domain} for domain in sorted(reference.free_mail_domains())]


def _disposable_domains() -> list[Row]:
    return [{"domain": domain} for domain in sorted(reference.disposable_mail_domains())]


def _country_measures() -> list[Row]:
    return [row for row in _measures() if not row["subdivision"]]


def _territory_measures() -> list[Row]:
    return [row for row in _measures() if row["subdivision"]]


def _measures() -> list[Row]:
    """The measures that are known well enough to judge by; ``covers`` says whether one speaks of
    everybody in the place, or only of some forces, persons or a part of it. One whose first day is
    not known counts from the day on which it was known to hold."""
    return [
        {
            **row,
            "covers": "whole" if row["limited_to"] in _LIMITED_IN_GOODS else "part",
            "from": row["from"] or f"{row['as_of']}-01",
        }
        for row in reference.list_table("embargo_measures")
        if row["confidence"] != "low"
    ]


REFERENCE_LISTS: Mapping[str, ReferenceTable] = {
    "conflict-adjacent-regions": ReferenceTable(
        "region", "conflict_adjacent_regions", "subdivision", ("country", "name", "why")
    ),
    "transshipment-hubs": ReferenceTable(
        "country", "transshipment_hubs", "country", ("named_for", "authority"), "named_for"
    ),
    "embargo-measures": ReferenceTable(
        "country", "embargo_measures", "country", _OF_MEASURES, rows=_country_measures
    ),
    "embargoed-territories": ReferenceTable(
        "region", "embargo_measures", "subdivision", _OF_MEASURES, rows=_territory_measures
    ),
    "chpl": ReferenceTable("tariff-code", "chpl_hs", "hs6", ("tier", "description")),
    "eu-2019-1148-annex-1": ReferenceTable(
        "cas", "eu_2019_1148_annex1", "cas", ("substance", "limit_value")
    ),
    "eu-2019-1148-annex-2": ReferenceTable("cas", "eu_2019_1148_annex2", "cas", ("substance",)),
    "free-mail-domains": ReferenceTable(
        "domain", "free_mail_domains", "domain", rows=_mail_domains
    ),
    "disposable-mail-domains": ReferenceTable(
        "domain", "disposable_mail_domains", "domain", rows=_disposable_domains
    ),
}
"""The tables that a list may take with `reference`, by their name in rule files."""


@cache
def reference_list(name: str) -> ReferenceList:
    """The shipped table of this name. Raises KeyError if there is none."""
    table = REFERENCE_LISTS[name]
    rows = table.rows() if table.rows is not None else reference.list_table(table.file)
    entries = tuple(entry for row in rows for entry in _entries(table, row))
    files = (table.file, f"{table.file}.csv")
    about = next((row for row in reference.sources() if row.file in files), None)
    return ReferenceList(
        table.kind,
        about.source if about is not None else "",
        about.vintage if about is not None else "",
        entries,
    )


def _entries(table: ReferenceTable, row: Row) -> list[Entry]:
    written = row[table.column]
    value = KINDS[table.kind].operand(written).value
    if value is None:
        return []
    attributes = {name: row[name] for name in table.attributes if row.get(name)}
    since, until = _day(row.get("from")), _day(row.get("until"))
    if not table.several:
        return [Entry(value, written, attributes, since, until)]
    return [
        Entry(value, written, {**attributes, table.several: one.strip()}, since, until)
        for one in row[table.several].split(";")
    ]


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
