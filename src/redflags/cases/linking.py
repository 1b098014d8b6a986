"""The parties of a case: each firm once, what too many share to link it, and whom it may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redflags.across.identity import PartySeen
from redflags.across.similar import PerhapsSame
from redflags.cases.census import LINKING_ROLES
from redflags.cases.firms import Firms
from redflags.values.text import display, shown

Plain = dict[str, Any]

_HUBS: Mapping[str, str] = {
    "address": "the address",
    "phone": "the telephone number",
    "email": "the e-mail address",
    "website": "the web site or mail domain",
    "director": "the director",
}


@dataclass(frozen=True, slots=True)
class Linking:
    """What links the orders of a run. ``common`` are parties that serve too many buyers to link
    anything, with how many these are; ``perhaps`` has for each firm the pairs of parties, one of
    them its own, that may be one."""

    seen: Sequence[PartySeen]
    firms: Firms
    common: Mapping[int, int]
    perhaps: Mapping[int, Sequence[PerhapsSame]]

    def links(self, number: int) -> bool:
        """Whether a party of an order links it to others."""
        return number >= 0 and number not in self.common

    def parties(self, orders: Sequence[Plain]) -> list[Plain]:
        """The parties of these orders, each firm once; those in most orders first."""
        found: dict[int, Plain] = {}
        for order in orders:
            here = set()
            for number in numbers_of(order):
                party, firm = self.seen[number], self.firms.firm[number]
                told = found.setdefault(
                    firm, {"names": set(), "countries": set(), "roles": set(), "orders": 0}
                )
                told["orders"] += firm not in here
                here.add(firm)
                told["names"].add(display(party.shown))
                told["countries"].add(party.country)
                told["roles"].add(party.role)
        return sorted(
            (_party(told) for told in found.values()),
            key=lambda one: (
                -one["orders"],
                LINKING_ROLES.index(one["roles"][0]),
                one["name"],
                one["country"],
            ),
        )

    def left_out(self, orders: Sequence[Plain]) -> list[str]:
        """What stands in these orders and is no link because too many share it."""
        found: set[str] = set()
        for order in orders:
            for number in numbers_of(order):
                party = self.seen[number]
                if number in self.common:
                    found.add(
                        f"{name_with_country(party)} is {role_in_words(party.role)} for "
                        f"{self.common[number]:,} buyers, too many for a link"
                    )
                for one in party.attributes:
                    sharing = self.firms.hubs.get((one.kind, one.key))
                    if sharing is not None and one.kind in _HUBS:
                        why = f"{sharing:,} firms share it"
                        if not sharing:
                            why = "it belongs to one who serves many"
                        found.add(f"{_HUBS[one.kind]} {shown(one.written)} links nobody: {why}")
        return sorted(found)

    def perhaps_same(self, orders: Sequence[Plain]) -> list[str]:
        """Parties of these orders that may be one with another of an alert, in this case or not,
        and were not taken for it."""
        firms = {self.firms.firm[number] for order in orders for number in numbers_of(order)}
        return sorted(
            {
                f"{name_with_country(pair.one)} and {name_with_country(pair.other)} are perhaps "
                f"one: {pair.why}"
                for firm in firms
                for pair in self.perhaps.get(firm, ())
            }
        )


def numbers_of(order: Plain) -> Iterator[int]:
    """The numbers of the parties of an order, whether they link it or not."""
    for number in order["who"]:
        yield number if number >= 0 else ~number


def _party(told: Plain) -> Plain:
    name = fullest(told["names"])
    countries = told["countries"] - {""}
    return {
        "name": name,
        "country": min(countries) if countries else "",
        "roles": [role for role in LINKING_ROLES if role in told["roles"]],
        "orders": told["orders"],
        "also_written": sorted(told["names"] - {name}),
    }


def fullest(spellings: set[str]) -> str:
    """The spelling of a name to show: rather not in capitals throughout, the longest, of several
    the first in the alphabet."""
    return min(spellings, key=lambda name: (name.isupper(), -len(name), name))


def name_with_country(party: PartySeen) -> str:
    """A party as sentences call it: ``Example Ltd (GB)``."""
    name = shown(party.shown)
    return f"{name} ({party.country})" if party.country else name


def role_in_words(role: str) -> str:
    """A role as sentences call it: ``the end user``."""
    return f"the {role.replace('_', ' ')}"
