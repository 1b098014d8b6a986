"""Which alerts are one case: those that share a party or a group of linked parties, and those that
a rule over several orders names together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from redflags.cases.census import Census
from redflags.cases.firms import Firms
from redflags.cases.parties import Parties

MOST_BUYERS: Mapping[str, int] = {
    "intermediate_consignee": 8,
    "consignee": 8,
    "end_user": 8,
    "payer": 6,
}
"""How many buyers a party may serve in such a role before it is taken for one that serves
everybody, as a port, a mall or a payment service does, and links nothing (judgement). A buyer
always links its own orders."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order that may belong to a case: the number under which its details are kept (None: only
    its number is known), the numbers of its parties (``~number``: it links nothing here), and the
    orders that its flags' windows name."""

    order_id: str
    details: int | None
    parties: tuple[int, ...] = ()
    named: tuple[str, ...] = ()


def numbers_in(orders: Iterable[Order]) -> set[int]:
    """The numbers of the parties of some orders, whether they link these or not."""
    found = {number for order in orders for number in order.parties}
    return {number if number >= 0 else ~number for number in found}


def common_parties(
    parties: Parties, firms: Firms, census: Census, numbers: Collection[int]
) -> dict[int, int]:
    """Those of some parties that serve more buyers of the whole run than :data:`MOST_BUYERS`, with
    how many they serve."""
    found = {}
    for role, most in MOST_BUYERS.items():
        own = [number for number in numbers if parties.seen[number].role == role]
        asked = {firms.firm[number] for number in own}
        if not asked:
            continue
        names = {
            (party.shown, firm)
            for party, firm in zip(parties.seen, firms.firm, strict=True)
            if party.role == role and firm in asked
        }
        of_asked = [identity for identity, firm in firms.known.items() if firm in asked]
        for identity, shown in firms.others.names_in(role, of_asked):
            names.add((shown, firms.known[identity]))
        served = census.served(role, names, most)
        for number in own:
            count = served.get(firms.firm[number])
            if count is not None:
                found[number] = count
    return found


def grouped(
    alerts: Sequence[Order],
    quiet: Mapping[str, Order],
    firms: Firms,
    common: Mapping[int, int],
) -> list[list[Order]]:
    """The orders of each case, two at least. ``quiet`` are orders without a flag; of these, those
    belong to a case that a window names. ``common`` parties link nothing."""
    orders = list(alerts)
    numbers = {order.order_id: number for number, order in enumerate(orders)}
    for alert in alerts:
        for order_id in alert.named:
            if order_id not in numbers:
                numbers[order_id] = len(orders)
                orders.append(quiet.get(order_id) or Order(order_id, None))
    above = list(range(len(orders)))
    first_of_group: dict[int, int] = {}
    for number, order in enumerate(orders):
        for party in order.parties:
            if party >= 0 and party not in common:
                group = firms.group[party]
                _join(above, number, first_of_group.setdefault(group, number))
        for order_id in order.named:
            _join(above, number, numbers[order_id])
    together: dict[int, list[Order]] = {}
    for number, order in enumerate(orders):
        together.setdefault(_root(above, number), []).append(order)
    return [case for case in together.values() if len(case) > 1]


def _root(above: list[int], number: int) -> int:
    """The first of the orders that a number belongs to; the way to it is halved in passing."""
    while above[number] != number:
        above[number] = above[above[number]]
        number = above[number]
    return number


def _join(above: list[int], one: int, other: int) -> None:
    one, other = _root(above, one), _root(above, other)
    above[max(one, other)] = min(one, other)
