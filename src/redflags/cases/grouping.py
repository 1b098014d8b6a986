"""Which alerts are one case: those that share a party or a group of linked parties, and those that
a rule over several orders names together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from redflags.cases.census import Census
from redflags.cases.firms import Firms

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


def common_parties(census: Census, firms: Firms) -> dict[int, int]:
    """The parties that serve more buyers than :data:`MOST_BUYERS`, with how many they serve."""
    served: dict[tuple[int, str], set[int]] = {}
    for number, buyers in census.buyers.items():
        key = (firms.firm[number], census.seen[number].role)
        served.setdefault(key, set()).update(firms.firm[buyer] for buyer in buyers)
    found = {}
    for number in census.buyers:
        firm, role = firms.firm[number], census.seen[number].role
        count = len(served[firm, role] - {firm})
        if count > MOST_BUYERS[role]:
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
