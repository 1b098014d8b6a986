"""An order in few words: who, what, when, and where to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from redflags.explain.evidence import Plain, shorten
from redflags.model.fields import field_table
from redflags.model.record import Record
from redflags.model.roles import ROLES
from redflags.values.text import display


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


def _told(record: Record, role: str) -> str:
    if not record.states_some(_READ[role]):
        return ""
    # Buyer, consignee and payer are mostly one firm: what it is called does not depend on its role.
    return record.remembered("party", _READ[role], partial(_party, record, role))


_READ = {
    role: tuple(f"{role}.{attribute}" for attribute in ("name", "business", "city", "country"))
    for role in ("buyer", "intermediate_consignee", "consignee", "end_user", "payer")
}


def _party(record: Record, role: str) -> str:
    if not any(record.states(path) for path in _READ[role]):
        return ""
    name = record[f"{role}.name"].value or ""
    business = record[f"{role}.business"].written.strip()
    where = _where(record, role)
    first = name or business
    inner = [part for part in (business if name else "", where) if part]
    if not first:
        return shorten(display(where))
    return shorten(display(first + (f" ({', '.join(inner)})" if inner else "")))


def _is_only_the_buyer_s_country(record: Record, role: str) -> bool:
    *said, country = _READ[role]
    if any(record[path].written.strip() for path in said):
        return False
    return bool(record[country].value == record["buyer.country"].value)


def _where(record: Record, role: str) -> str:
    country = record[f"{role}.country"]
    place = country.value or country.written.strip()
    city = record[f"{role}.city"].written.strip()
    return " ".join(part for part in (city, place) if part)


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
    paths = _STATED[role]
    if not record.states_some(paths):
        return None
    return record.remembered(("participant", role), paths, lambda: _stated(record, role)) or None


_STATED = {
    role: tuple(f"{role}.{attribute}" for attribute in ("name", "business", "city", "country"))
    for role in _PATH_OF_THE_GOODS
}


def _stated(record: Record, role: str) -> Plain:
    """What is stated of a party; nothing at all where every cell is empty."""
    name, business, city, country = (record[path] for path in _STATED[role])
    told = {
        "name": shorten(display(name.written.strip())),
        "business": shorten(display(business.written.strip())),
        "city": shorten(display(city.written.strip())),
        "country": shorten(display(country.value or country.written.strip())),
    }
    return {"role": role, **told} if any(told.values()) else {}


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
