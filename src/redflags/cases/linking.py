"""The parties of a case, and why its orders belong together, each reason in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redflags.across.groups import Link
from redflags.across.identity import PartySeen
from redflags.cases.census import LINKING_ROLES
from redflags.cases.firms import Firms
from redflags.values.text import display, shown

Plain = dict[str, Any]

MOST_NAMED = 50
"""Orders that a link names; its sentence says how many there are."""

MOST_IN_SENTENCE = 6
"""Orders that the sentence of a link names."""

_SHARED: Mapping[str, str] = {
    "address": "have the same address",
    "phone": "have the same telephone number",
    "email": "have the same e-mail address",
    "website": "have the same web site or mail domain",
    "registration": "have the same registration number",
    "director": "have the same director",
    "payer": "are paid for by the same payer",
}
_HUBS: Mapping[str, str] = {
    "address": "the address",
    "phone": "the telephone number",
    "email": "the e-mail address",
    "website": "the web site or mail domain",
    "director": "the director",
    "payer": "the payer",
}


@dataclass(frozen=True, slots=True)
class Linking:
    """What links the orders of a run. ``common`` are parties that serve too many buyers to link
    anything, with how many these are."""

    seen: Sequence[PartySeen]
    firms: Firms
    common: Mapping[int, int]

    def parties(self, orders: Sequence[Plain]) -> list[Plain]:
        """The parties of these orders, each firm once; those in most orders first."""
        found: dict[int, Plain] = {}
        for order in orders:
            here = set()
            for number in _numbers(order):
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

    def links(self, orders: Sequence[Plain]) -> list[Plain]:
        """Why these orders belong together: parties in several of them, details that parties
        share, rules that name several of them."""
        return [*self._parties_in_common(orders), *self._details(orders), *_windows(orders)]

    def _parties_in_common(self, orders: Sequence[Plain]) -> Iterator[Plain]:
        """The firms that stand in several orders, except those that serve everybody."""
        where: dict[int, dict[str, dict[str, None]]] = {}
        names: dict[int, set[str]] = {}
        for order in orders:
            for number in order["who"]:
                if number >= 0 and number not in self.common:
                    firm, party = self.firms.firm[number], self.seen[number]
                    names.setdefault(firm, set()).add(_named(party))
                    roles = where.setdefault(firm, {})
                    roles.setdefault(party.role, {})[order["order_id"]] = None
        place = {order["order_id"]: number for number, order in enumerate(orders)}
        found = []
        for firm, roles in where.items():
            together = sorted({one for role in roles.values() for one in role}, key=place.__getitem__)
            if len(together) > 1:
                name = fullest(names[firm])
                told = " and ".join(
                    f"{_role(role)} in {_counted(list(roles[role]))}"
                    for role in LINKING_ROLES
                    if role in roles
                )
                found.append(
                    _link(
                        "payer" if set(roles) == {"payer"} else "party",
                        [name],
                        together,
                        f"{name} is {told}",
                    )
                )
        yield from sorted(found, key=lambda one: (-len(one["orders"]), one["sentence"]))

    def _details(self, orders: Sequence[Plain]) -> Iterator[Plain]:
        """The details that hold the case's firms together, also by way of firms without an
        alert."""
        inside: dict[str, dict[str, None]] = {}  # orders by the names of parties
        starts: dict[int, int] = {}
        firms: dict[int, set[int]] = {}
        for order in orders:
            for number in order["who"]:
                if number < 0 or number in self.common:
                    continue
                party, group = self.seen[number], self.firms.group[number]
                inside.setdefault(party.shown, {})[order["order_id"]] = None
                firms.setdefault(group, set()).add(self.firms.firm[number])
                first = starts.setdefault(group, number)
                if party.shown < self.seen[first].shown:
                    starts[group] = number
        place = {order["order_id"]: number for number, order in enumerate(orders)}
        for group, number in sorted(starts.items(), key=lambda one: self.seen[one[1]].shown):
            if len(firms[group]) < 2:
                continue
            for link in _pruned(self.firms.links(number), inside):
                named = {**inside.get(link.one, {}), **inside.get(link.other, {})}
                names = [display(link.one), display(link.other)]
                told = [
                    name if written in inside else f"{name} (in no alert)"
                    for name, written in zip(names, (link.one, link.other), strict=True)
                ]
                yield _link(
                    link.kind,
                    names,
                    sorted(named, key=place.__getitem__),
                    f"{told[0]} and {told[1]} {_SHARED[link.kind]} ({shown(link.written)})",
                    link.written,
                )

    def left_out(self, orders: Sequence[Plain]) -> list[str]:
        """What stands in these orders and is no link because too many share it."""
        found: dict[str, None] = {}
        for order in orders:
            for number in _numbers(order):
                party = self.seen[number]
                if number in self.common:
                    found[
                        f"{_named(party)} is {_role(party.role)} for {self.common[number]} buyers, "
                        "too many for a link"
                    ] = None
                for one in party.attributes:
                    hub = self.firms.hubs.get((one.kind, one.written))
                    if hub is not None:
                        found[
                            f"{_HUBS.get(one.kind, one.kind)} {shown(one.written)} links nobody: "
                            f"{hub.why}"
                        ] = None
        return sorted(found)

    def perhaps_same(self, orders: Sequence[Plain]) -> list[str]:
        """Parties of these orders that may be one with another and were not taken for it."""
        return []


def _numbers(order: Plain) -> Iterator[int]:
    """The numbers of the parties of an order, whether they link or not."""
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
    """The spelling of a name to show: the longest, of several the first in the alphabet."""
    return min(spellings, key=lambda name: (-len(name), name))


def _named(party: PartySeen) -> str:
    name = shown(party.shown)
    return f"{name} ({party.country})" if party.country else name


def _role(role: str) -> str:
    return f"the {role.replace('_', ' ')}"


def _counted(orders: Sequence[str]) -> str:
    named = ", ".join(shown(one) for one in orders[:MOST_IN_SENTENCE])
    if len(orders) == 1:
        return f"order {named}"
    more = len(orders) - MOST_IN_SENTENCE
    return f"{len(orders):,} orders ({named}{f' and {more:,} more' if more > 0 else ''})"


def _link(
    kind: str, parties: list[str], orders: list[str], sentence: str, written: str = ""
) -> Plain:
    return {
        "kind": kind,
        "parties": parties,
        "orders": orders[:MOST_NAMED],
        "written": written,
        "sentence": sentence,
    }


def _pruned(links: Sequence[Link], inside: Mapping[str, object]) -> list[Link]:
    """The links without those that lead only to firms outside the case."""
    by_name: dict[str, set[int]] = {}
    for place, link in enumerate(links):
        by_name.setdefault(link.one, set()).add(place)
        by_name.setdefault(link.other, set()).add(place)
    leaves = [name for name, at in by_name.items() if len(at) == 1 and name not in inside]
    dropped: set[int] = set()
    for name in leaves:
        for place in by_name[name] - dropped:
            dropped.add(place)
            link = links[place]
            other = link.other if link.one == name else link.one
            by_name[other].discard(place)
            if len(by_name[other]) == 1 and other not in inside:
                leaves.append(other)
    return [link for place, link in enumerate(links) if place not in dropped]


def _windows(orders: Sequence[Plain]) -> Iterator[Plain]:
    """The rules that look at several orders together, each with all orders that it names."""
    place = {order["order_id"]: number for number, order in enumerate(orders)}
    found: dict[tuple[str, str], dict[str, None]] = {}
    for order in orders:
        for flag in order["flags"]:
            if flag["names"]:
                named = found.setdefault((flag["rule"], flag["title"]), {})
                named.update(dict.fromkeys((order["order_id"], *flag["names"])))
    for (_, title), named in sorted(found.items()):
        together = sorted((one for one in named if one in place), key=place.__getitem__)
        if len(together) > 1:
            yield _link("window", [], together, f"“{title}” names {_counted(together)} together")
