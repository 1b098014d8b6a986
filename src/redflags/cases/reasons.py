"""Why the orders of a case belong together, each reason in a sentence with the orders it names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from redflags.across.groups import Link
from redflags.cases.census import LINKING_ROLES
from redflags.cases.linking import Linking, fullest, name_with_country, role_in_words
from redflags.values.text import display, shown

Plain = dict[str, Any]

MOST_NAMED = 50
"""Orders that a link names; its sentence says how many there are."""

MOST_IN_SENTENCE = 6
"""Orders, and parties, that the sentence of a link names."""

_SHARED: Mapping[str, str] = {
    "address": "have the same address",
    "phone": "have the same telephone number",
    "email": "have the same e-mail address",
    "website": "have the same web site or mail domain",
    "registration": "have the same registration number",
    "director": "have the same director",
    "payer": "are paid for by the same payer",
}


@dataclass(slots=True)
class _Sharing:
    """A detail, the firms that have it, and how it is written."""

    firms: set[int] = field(default_factory=set)
    written: set[str] = field(default_factory=set)


def reasons(orders: Sequence[Plain], linking: Linking) -> list[Plain]:
    """Why these orders belong together: parties in several of them, details that parties share,
    rules that name several of them. As :class:`~redflags.model.cases.CaseLink`."""
    case = _Case(orders, linking)
    return [*case.parties_in_common(), *case.details(), *case.windows()]


class _Case:
    """The firms of a case that link its orders, with the orders of each."""

    def __init__(self, orders: Sequence[Plain], linking: Linking) -> None:
        self._orders = orders
        self._linking = linking
        self._place = {order["order_id"]: number for number, order in enumerate(orders)}
        self._numbers: dict[int, set[int]] = {}  # of each firm, the parties seen
        self._where: dict[int, dict[str, dict[str, None]]] = {}  # its orders by its role
        self._above: dict[object, object] = {}
        for order in orders:
            here = []
            for number in order["who"]:
                if linking.links(number):
                    firm = linking.firms.firm[number]
                    here.append(firm)
                    self._numbers.setdefault(firm, set()).add(number)
                    roles = self._where.setdefault(firm, {})
                    roles.setdefault(linking.seen[number].role, {})[order["order_id"]] = None
            self._join(here)

    def parties_in_common(self) -> list[Plain]:
        """The firms that stand in several orders."""
        found = []
        for firm, roles in self._where.items():
            together = self._orders_of([firm])
            if len(together) < 2:
                continue
            name = self._name(firm)
            told = " and ".join(
                f"{role_in_words(role)} in {_counted(list(roles[role]))}"
                for role in LINKING_ROLES
                if role in roles
            )
            kind = "payer" if set(roles) == {"payer"} else "party"
            found.append(_link(kind, [name], together, f"{name} is {told}"))
        return sorted(found, key=lambda one: (-len(one["orders"]), one["sentence"]))

    def details(self) -> list[Plain]:
        """The details that firms of the case share; and where these do not hold it together, the
        links that do so by way of firms without an alert."""
        sharing: dict[tuple[str, str], _Sharing] = {}
        hubs = self._linking.firms.hubs
        for firm, numbers in self._numbers.items():
            for number in numbers:
                for one in self._linking.seen[number].attributes:
                    if (one.kind, one.key) not in hubs:
                        held = sharing.setdefault((one.kind, one.key), _Sharing())
                        held.firms.add(firm)
                        held.written.add(one.written)
        shared = [
            (kind, held)
            for (kind, _), held in sharing.items()
            if len(held.firms) > 1 and len(self._orders_of(held.firms)) > 1
        ]
        for _, held in shared:
            self._join(held.firms)
        # Who has the same mail address has the same domain, too.
        mail = {frozenset(held.firms) for kind, held in shared if kind == "email"}
        found = [
            self._detail(kind, held)
            for kind, held in shared
            if kind != "website" or frozenset(held.firms) not in mail
        ]
        found.sort(key=lambda one: (one["kind"], -len(one["parties"]), one["sentence"]))
        return [*found, *self._by_others()]

    def _detail(self, kind: str, held: _Sharing) -> Plain:
        names = sorted(self._name(firm) for firm in held.firms)
        written = min(held.written)
        sentence = f"{_together(names)} {_SHARED[kind]} ({shown(written)})"
        return _link(kind, names, self._orders_of(held.firms), sentence, written)

    def _by_others(self) -> Iterator[Plain]:
        """Links between firms of the case that go by way of firms outside it."""
        groups: dict[int, list[int]] = {}
        for numbers in self._numbers.values():
            for number in numbers:
                groups.setdefault(self._linking.firms.group[number], []).append(number)
        inside: dict[str, int] = {}
        for firm, numbers in self._numbers.items():
            for number in numbers:
                inside[self._linking.seen[number].shown] = firm
        for group in sorted(groups.values(), key=self._first_name):
            firms = {self._linking.firms.firm[number] for number in group}
            if len({self._root(firm) for firm in firms}) < 2:
                continue
            first = min(group, key=lambda number: self._linking.seen[number].shown)
            for link in self._needed(self._linking.firms.links(first), inside):
                yield self._by_other(link, inside)

    def _first_name(self, numbers: Iterable[int]) -> str:
        return min(self._linking.seen[number].shown for number in numbers)

    def _needed(self, links: Sequence[Link], inside: Mapping[str, int]) -> list[Link]:
        """The links that join what is still apart, without those that lead only outside."""
        kept = []
        for link in _pruned(links, inside):
            ends = [inside.get(link.one, link.one), inside.get(link.other, link.other)]
            if self._root(ends[0]) != self._root(ends[1]):
                self._join(ends)
                kept.append(link)
        return _pruned(kept, inside)

    def _by_other(self, link: Link, inside: Mapping[str, int]) -> Plain:
        ends = (link.one, link.other)
        told = [
            self._name(inside[end]) if end in inside else f"{shown(end)} (in no alert)"
            for end in ends
        ]
        if link.kind == "payer" and link.written in ends:
            payer = ends.index(link.written)
            sentence = f"{told[payer]} pays for {told[1 - payer]}"
        else:
            sentence = f"{told[0]} and {told[1]} {_SHARED[link.kind]} ({shown(link.written)})"
        orders = self._orders_of(inside[end] for end in ends if end in inside)
        return _link(link.kind, [display(end) for end in ends], orders, sentence, link.written)

    def windows(self) -> list[Plain]:
        """The rules that look at several orders together, each with all orders that it names."""
        found: dict[tuple[str, str], dict[str, None]] = {}
        for order in self._orders:
            for flag in order["flags"]:
                if flag["names"]:
                    named = found.setdefault((flag["rule"], flag["title"]), {})
                    named.update(dict.fromkeys((order["order_id"], *flag["names"])))
        told = []
        for (_, title), named in sorted(found.items()):
            together = self._in_time(one for one in named if one in self._place)
            if len(together) > 1:
                sentence = f"“{shown(title, 120)}” looks at {_counted(together)} together"
                told.append(_link("window", [], together, sentence))
        return told

    def _name(self, firm: int) -> str:
        seen = self._linking.seen
        return fullest({name_with_country(seen[number]) for number in self._numbers[firm]})

    def _orders_of(self, firms: Iterable[int]) -> list[str]:
        return self._in_time(
            {one for firm in firms for role in self._where[firm].values() for one in role}
        )

    def _in_time(self, orders: Iterable[str]) -> list[str]:
        return sorted(orders, key=self._place.__getitem__)

    def _root(self, one: object) -> object:
        above = self._above
        while above.setdefault(one, one) != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    def _join(self, these: Collection[object]) -> None:
        roots = [self._root(one) for one in these]
        for root in roots[1:]:
            self._above[self._root(root)] = self._root(roots[0])


def _together(names: Sequence[str]) -> str:
    if len(names) > MOST_IN_SENTENCE:
        more = len(names) - MOST_IN_SENTENCE + 1
        return f"{', '.join(names[: MOST_IN_SENTENCE - 1])} and {more:,} others"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 2 else names)


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
