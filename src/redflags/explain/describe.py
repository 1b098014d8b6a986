"""An order in few words: who, what, when, and where to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from redflags.explain.evidence import Plain, shorten
from redflags.model.fields import field_table
from redflags.model.record import Record
from redflags.model.roles import ROLES
from redflags.values.text import display
from redflags.values.understood import Understood


def parties(record: Record) -> str:
    """The parties in the order of the goods: buyer, then those to whom they go, then the payer."""
    told = [_told(record, "buyer") or "buyer not stated"]
    seen = {told[0]}
    for role, word in (
        ("intermediate_consignee", "via"),
        ("consignee", "to"),
        ("end_user", "for"),
        ("payer", "paid by"),
    ):
        party = _told(record, role)
        if party and party not in seen:
            if _is_only_the_buyer_s_country(record, role):
                continue  # delivered where the buyer sits, as most goods are
            seen.add(party)
            told.append(f"{word} {party}")
    return ", ".join(told)


class _Firm(NamedTuple):
    """What an order says of a party, whatever its role: in the line of parties, and the texts of a
    :class:`~redflags.model.results.Participant`, empty where nothing is said."""

    told: str
    texts: Plain


_NOBODY = _Firm("", {})


def _told(record: Record, role: str) -> str:
    return _firm(record, role).told


def _firm(record: Record, role: str) -> _Firm:
    """The party of a role. Buyer, consignee and payer are mostly one firm: it is told once."""
    paths = _STATED[role]
    known: _Firm | None = record.told.get(paths)
    if known is None:
        if record.states_some(paths):
            said = tuple([record[path] for path in paths])
            same = ("firm", *map(id, said))  # the record keeps the values
            known = record.told.get(same)
            if known is None:
                known = record.told[same] = _firm_of(*said)
        else:
            known = _NOBODY
        record.told[paths] = known
    return known


def _firm_of(
    name: Understood, business: Understood, city: Understood, country: Understood
) -> _Firm:
    called, trade = name.value or "", business.written.strip()
    town, land = city.written.strip(), country.value or country.written.strip()
    where = " ".join(part for part in (town, land) if part)
    first = called or trade
    told = where
    if first:
        inner = ", ".join(part for part in (trade if called else "", where) if part)
        told = f"{first} ({inner})" if inner else first
    texts = {
        "name": shorten(display(name.written.strip())),
        "business": shorten(display(trade)),
        "city": shorten(display(town)),
        "country": shorten(display(land)),
    }
    return _Firm(shorten(display(told)), texts if any(texts.values()) else {})


def _is_only_the_buyer_s_country(record: Record, role: str) -> bool:
    *said, country = _STATED[role]
    if any(record[path].written.strip() for path in said):
        return False
    return bool(record[country].value == record["buyer.country"].value)


_PATH_OF_THE_GOODS = tuple(role for role in ROLES if role != "notify_party")
"""Roles in the order of the goods, then those that pay and carry."""


NO_SETTING: Plain = {"date": "", "destination": "", "families": [], "participants": []}
"""The setting of an order in which no rule matched: it is not worked out."""


def setting(records: Sequence[Record]) -> Plain:
    """Who takes part in an order, when, of which families its goods are and where they go: what a
    picture needs. The parties are those of the first record, the families those of all."""
    first = records[0]
    day = next((one["date"].value for one in records if one["date"].value is not None), None)
    families = {family for one in records for family in one["product.family"].value or ()}
    return {
        "date": "" if day is None else day.isoformat(),
        "destination": first["destination.country"].value or "",
        "families": sorted(families),
        "participants": [
            told for role in _PATH_OF_THE_GOODS if (told := _participant(first, role)) is not None
        ],
    }


def _participant(record: Record, role: str) -> Plain | None:
    """A party as a :class:`~redflags.model.results.Participant`; None if nothing is stated."""
    texts = _firm(record, role).texts
    return {"role": role, **texts} if texts else None


_STATED = {
    role: tuple(f"{role}.{attribute}" for attribute in ("name", "business", "city", "country"))
    for role in _PATH_OF_THE_GOODS
}


def goods(records: Sequence[Record], lines: int) -> str:
    """The goods with their quantities; of many lines the first three and the number of others."""
    told = [_line(record) for record in records[:3]]
    text = "; ".join(part for part in told if part) or "goods not stated"
    others = lines - len(told)
    if others <= 0:
        return text
    return f"{text}; and {others} more {'line' if others == 1 else 'lines'}"


def _line(record: Record) -> str:
    amount = record.remembered("amount", _READ_OF_AMOUNTS, partial(_amount, record))
    product = record["product"].written.strip()
    if not product and record["hs_code"].written.strip():
        product = f"tariff heading {record['hs_code'].written.strip()}"
    return shorten(display(" ".join(part for part in (amount, product) if part)))


_READ_OF_AMOUNTS = ("quantity", "unit")


def _amount(record: Record) -> str:
    quantity = record["quantity"]
    return field_table()["quantity"].kind.shown(quantity) or quantity.written.strip()
