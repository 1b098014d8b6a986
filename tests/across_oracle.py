"""Rules across orders worked out the long way: plain Python over plain orders, every line against
every other, from the meaning of the rule language and from nothing that the engine does.

Orders are mappings of texts from the small vocabularies below, whose meaning stands beside them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

Verdict = bool | None
Order = Mapping[str, str]

DATES: Mapping[str, datetime.date | None] = {
    "2016-01-30": datetime.date(2016, 1, 30),
    "2016-02-28": datetime.date(2016, 2, 28),
    "2016-02-29": datetime.date(2016, 2, 29),
    "2016-03-01": datetime.date(2016, 3, 1),
    "2016-03-29": datetime.date(2016, 3, 29),
    "2016-03-30": datetime.date(2016, 3, 30),
    "2016-03-31": datetime.date(2016, 3, 31),
    "2017-02-28": datetime.date(2017, 2, 28),
    "2017-03-01": datetime.date(2017, 3, 1),
    "": None,
    "2016-02-30": None,
}
PRODUCTS: Mapping[str, str | None] = {
    "urea": "urea",
    "urea, prilled": "urea",
    "ammonium nitrate": "ammonium-nitrate",
    "wooden chairs": None,
}
KG = 10**9
RETURN = "a return"
QUANTITIES: Mapping[str, tuple[str, int] | str | None] = {
    "400 kg": ("mass", 400 * KG),
    "0.4 t": ("mass", 400 * KG),
    "600 kg": ("mass", 600 * KG),
    "1 t": ("mass", 1000 * KG),
    "200 kg": ("mass", 200 * KG),
    "12 pieces": ("count", 12_000),
    "-400 kg": RETURN,
    "400": None,
    "": None,
}
FIRMS: Mapping[str, str | None] = {
    "Delta Trading Ltd": "delta trading",
    "DELTA TRADING LIMITED": "delta trading",
    "Omega Foods GmbH": "omega foods",
    "Kappa Chemie AG": "kappa chemie",
    "": None,
    "n/a": None,
}
PHONES = ("", "+90 212 555 01 01", "0212 555 01 01", "+90 212 555 02 02")
NUMBERS: Mapping[str, str | None] = {
    "": None,
    "+90 212 555 01 01": "1",
    "0212 555 01 01": "1",
    "+90 212 555 02 02": "2",
}


def conjunction(*verdicts: Verdict) -> Verdict:
    if False in verdicts:
        return False
    return None if None in verdicts else True


def disjunction(verdicts: Sequence[Verdict]) -> Verdict:
    if True in verdicts:
        return True
    return None if None in verdicts else False


def day_of(order: Order) -> datetime.date | None:
    return DATES[order.get("date", "")]


def quantity_of(order: Order) -> tuple[str, int] | str | None:
    return QUANTITIES[order.get("quantity", "")]


def family_of(order: Order) -> str | None:
    return PRODUCTS[order["product"]]


def is_urea(order: Order) -> Verdict:
    return family_of(order) == "urea"


def is_precursor(order: Order) -> Verdict:
    return family_of(order) is not None


def is_200_kg(order: Order) -> Verdict:
    quantity = quantity_of(order)
    if quantity == RETURN:
        return False
    if quantity is None or quantity[0] != "mass":
        return None
    return quantity[1] >= 200 * KG  # type: ignore[operator]


def is_to_omega(order: Order) -> Verdict:
    firm = FIRMS[order.get("consignee.name", "")]
    return None if firm is None else firm == "omega foods"


def anything(order: Order) -> Verdict:
    return True


BLOCKS: Sequence[tuple[Any, Callable[[Order], Verdict]]] = (
    (None, anything),
    ({"product.family": "urea"}, is_urea),
    ({"product.family": ["urea", "ammonium-nitrate"]}, is_precursor),
    ({"quantity": {"at_least": "200 kg"}}, is_200_kg),
    ({"consignee.name": "Omega Foods"}, is_to_omega),
)
"""Conditions as a rule file has them, with their meaning."""


class Lines:
    """All lines that are known, and the windows of each."""

    def __init__(self, orders: Sequence[Order]) -> None:
        self.orders = orders
        days = [day for order in orders if (day := day_of(order)) is not None]
        self.earliest = min(days, default=None)

    def number(self, line: int) -> object:
        return self.orders[line].get("order_id") or ("line", line)

    def keys(self, same: str, line: int, day: datetime.date | None) -> object:
        order = self.orders[line]
        if same == "order_id":
            return order.get("order_id") or None
        if same == "linked":
            buyer = FIRMS[order.get("buyer.name", "")]
            return None if buyer is None else self.linked(buyer, day)
        if same == "product.family":
            return family_of(order)
        return FIRMS[order.get(f"{same}.name", "")]

    def linked(self, firm: str, day: datetime.date | None) -> frozenset[str]:
        """The firms that this one is connected with by telephone numbers known on the day."""
        phones: dict[str, set[str]] = {}
        for order in self.orders:
            known = day_of(order)
            if day is not None and known is not None and known > day:
                continue
            for role in ("buyer", "consignee"):
                name = FIRMS[order.get(f"{role}.name", "")]
                phone = NUMBERS[order.get(f"{role}.phone", "")]
                if name is not None:
                    phones.setdefault(name, set()).update({phone} if phone is not None else ())
        found = {firm}
        while True:
            reached = {
                name
                for name, own in phones.items()
                if any(own & phones.get(one, set()) for one in found)
            }
            if reached <= found:
                return frozenset(found)
            found |= reached

    def window(
        self, line: int, same: Sequence[str], within: int | None, where: Callable[[Order], Verdict]
    ) -> dict[int, bool] | None:
        """The lines of the window, and whether they are surely of it; None without a key or,
        where one is needed, a day."""
        day = day_of(self.orders[line])
        key = [self.keys(one, line, day) for one in same]
        if None in key or (within is not None and day is None):
            return None
        found: dict[int, bool] = {}
        for other, order in enumerate(self.orders):
            if [self.keys(one, other, day) for one in same] != key or quantity_of(order) == RETURN:
                continue
            belongs = where(order)
            is_sure = belongs is True
            if belongs is False:
                continue
            if within is not None:
                own = day_of(order)
                assert day is not None
                if own is None:
                    is_sure = False
                elif not day - datetime.timedelta(days=within) < own <= day:
                    continue
            found[other] = is_sure
        return found

    def covers(self, line: int, within: int) -> bool:
        day = day_of(self.orders[line])
        assert day is not None
        return self.earliest is not None and self.earliest <= day - datetime.timedelta(days=within)


Low = int | Fraction
High = int | Fraction | float
UNBOUNDED = float("inf")  # compared with, never added to


def at_least(low: Low, high: High, bound: Low) -> Verdict:
    if low >= bound:
        return True
    return None if high >= bound else False


def at_most(low: Low, high: High, bound: Low) -> Verdict:
    if high <= bound:
        return True
    return None if low <= bound else False


Measure = Callable[[Lines, int, Mapping[int, bool], int | None], Verdict]


def counted(bound: int, compare: Callable[[Low, High, Low], Verdict] = at_least) -> Measure:
    def measure(lines: Lines, line: int, window: Mapping[int, bool], within: int | None) -> Verdict:
        sure = {lines.number(one) for one, is_sure in window.items() if is_sure}
        return compare(len(sure), len({lines.number(one) for one in window}), bound)

    return measure


def amount_of(order: Order) -> int | None:
    """Kilograms, in base units; pieces cannot be converted."""
    quantity = quantity_of(order)
    return quantity[1] if isinstance(quantity, tuple) and quantity[0] == "mass" else None


def totalled(bound: int, compare: Callable[[Low, High, Low], Verdict] = at_least) -> Measure:
    def measure(lines: Lines, line: int, window: Mapping[int, bool], within: int | None) -> Verdict:
        amounts = {one: amount_of(lines.orders[one]) for one in window}
        low = sum(amount or 0 for one, amount in amounts.items() if window[one])
        high: High = sum(amount or 0 for amount in amounts.values())
        if None in amounts.values():
            high = UNBOUNDED
        return compare(low, high, bound * KG)

    return measure


def largest(bound: int) -> Measure:
    def measure(lines: Lines, line: int, window: Mapping[int, bool], within: int | None) -> Verdict:
        amounts = {one: amount_of(lines.orders[one]) for one in window}
        low = max((amount or 0 for one, amount in amounts.items() if window[one]), default=0)
        high: High = max((amount or 0 for amount in amounts.values()), default=0)
        if None in amounts.values():
            high = UNBOUNDED
        return at_least(low, high, bound * KG)

    return measure


def different(
    value: Callable[[Order], str | None],
    bound: int,
    none: Callable[[Order], bool] = lambda order: False,
) -> Measure:
    """Different values; ``none`` says that a line surely has none."""

    def measure(lines: Lines, line: int, window: Mapping[int, bool], within: int | None) -> Verdict:
        counting = {one: value(lines.orders[one]) for one in window if not none(lines.orders[one])}
        sure = {found for one, found in counting.items() if window[one]}
        low = max(len(sure - {None}), 1 if sure else 0)
        missing = sum(found is None for found in counting.values())
        return at_least(low, len(set(counting.values()) - {None}) + missing, bound)

    return measure


def is_first(lines: Lines, line: int, window: Mapping[int, bool], within: int | None) -> Verdict:
    assert within is not None
    day = day_of(lines.orders[line])
    assert day is not None
    others = [one for one in window if lines.number(one) != lines.number(line)]
    days = {one: day_of(lines.orders[one]) for one in others}
    earlier = [window[one] for one in others if (own := days[one]) is None or own < day]
    if True in earlier:
        return False
    return None if earlier or not lines.covers(line, within) else True


def is_not_first(
    lines: Lines, line: int, window: Mapping[int, bool], within: int | None
) -> Verdict:
    verdict = is_first(lines, line, window, within)
    return None if verdict is None else not verdict


def times_the_median(bound: Fraction) -> Measure:
    def measure(lines: Lines, line: int, window: Mapping[int, bool], within: int | None) -> Verdict:
        assert within is not None
        if not lines.covers(line, within):
            return None
        day = day_of(lines.orders[line])
        assert day is not None
        own: list[int] = []
        before: dict[object, list[int]] = {}
        for one in window:
            number = lines.number(one)
            its_day = day_of(lines.orders[one])
            if number == lines.number(line):
                own.append(one)
            elif its_day is None or its_day < day:
                before.setdefault(number, []).append(one)
        if not before:
            return False
        total = _total(lines, own, window)
        if total is None or not all(window[one] for group in before.values() for one in group):
            return None
        totals = [_total(lines, group, window) for group in before.values()]
        amounts = sorted(one[1] for one in totals if one is not None and one[0] == total[0])
        if len(amounts) < len(totals):
            return None
        half = len(amounts) // 2
        middle = (
            Fraction(amounts[half])
            if len(amounts) % 2
            else Fraction(amounts[half - 1] + amounts[half], 2)
        )
        return Fraction(total[1]) >= bound * middle

    return measure


def _total(
    lines: Lines, members: Sequence[int], window: Mapping[int, bool]
) -> tuple[str, int] | None:
    """What some lines come to, if that is known in one unit."""
    amounts = [quantity_of(lines.orders[one]) for one in members]
    known = [one for one in amounts if isinstance(one, tuple)]
    units = {unit for unit, _ in known}
    if len(known) < len(members) or len(units) != 1 or not all(window[one] for one in members):
        return None
    return units.pop(), sum(amount for _, amount in known)


def another(holds: Callable[[Order], Verdict]) -> Measure:
    def measure(lines: Lines, line: int, window: Mapping[int, bool], within: int | None) -> Verdict:
        verdicts: list[Verdict] = []
        for one, is_sure in window.items():
            is_other = one != line if within is None else lines.number(one) != lines.number(line)
            if is_other:
                verdicts.append(conjunction(holds(lines.orders[one]), True if is_sure else None))
        return disjunction(verdicts)

    return measure


def buyer(order: Order) -> str | None:
    return FIRMS[order.get("buyer.name", "")]


def has_no_family(order: Order) -> bool:
    return family_of(order) is None


HAVINGS: Sequence[tuple[dict[str, Any], Measure]] = (
    ({"count": {"at_least": 2}}, counted(2)),
    ({"count": {"at_most": 2}}, counted(2, at_most)),
    ({"sum(quantity)": {"at_least": "1 t"}}, totalled(1000)),
    ({"sum(quantity)": {"at_most": "800 kg"}}, totalled(800, at_most)),
    ({"max(quantity)": {"at_least": "600 kg"}}, largest(600)),
    ({"distinct(buyer)": {"at_least": 2}}, different(buyer, 2)),
    (
        {"distinct(product.family)": {"at_least": 2}},
        different(family_of, 2, has_no_family),
    ),
    ({"first": "yes"}, is_first),
    ({"first": "no"}, is_not_first),
    ({"baseline(quantity)": {"at_least": "2"}}, times_the_median(Fraction(2))),
    ({"baseline(quantity)": {"at_least": "1.5"}}, times_the_median(Fraction(3, 2))),
    ({"some": {"product.family": "urea"}}, another(is_urea)),
    ({"some": {"quantity": {"at_least": "200 kg"}}}, another(is_200_kg)),
)
"""What a window is asked for, with its meaning."""

OF_ONE_ORDER = [one for one in HAVINGS if "(" in next(iter(one[0])) or "some" in one[0]]
OF_ONE_ORDER = [one for one in OF_ONE_ORDER if "baseline(quantity)" not in one[0]]

SAMES: Sequence[tuple[Any, tuple[str, ...]]] = (
    (["buyer"], ("buyer",)),
    (["consignee"], ("consignee",)),
    (["buyer", "consignee"], ("buyer", "consignee")),
    ([{"linked": ["phone"]}], ("linked",)),
    (["product.family", "consignee"], ("product.family", "consignee")),
)


def verdict(
    lines: Lines,
    line: int,
    same: Sequence[str],
    within: int | None,
    when: Callable[[Order], Verdict],
    where: Callable[[Order], Verdict],
    measures: Sequence[Measure],
) -> Verdict:
    """The verdict of a rule on one line."""
    order = lines.orders[line]
    alone = conjunction(when(order), where(order))
    if alone is False or quantity_of(order) == RETURN:
        return False
    if "product.family" in same and family_of(order) is None:
        return False  # goods of no family have none in common with others
    window = lines.window(line, same, within, where)
    if window is None:
        return None
    return conjunction(alone, *(one(lines, line, window, within) for one in measures))
