"""Examples of rules across orders with one thing changed: the order, those beside it, when they
were placed, what they have in common."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from redflags.explain.evidence import base_fields
from redflags.model.fields import field_table
from redflags.rulebook.tree import Across, Condition, Example, Group, Named, Rule, Same, Test
from redflags.values.dates import parse_date
from redflags.workshop.extents import compared_fields

Order = Mapping[str, str]
Values = Mapping[str, Sequence[str]]

MOST_VALUES = 12
"""Values of one field that are put into orders; of goods all that are known."""

_LINK_FIELDS = {
    "address": ("address",),
    "phone": ("phone",),
    "email": ("email",),
    "website": ("website",),
    "registration": ("registration",),
    "director": ("directors",),
}
"""The fields of a buyer by which it can be linked with another."""

_AMOUNT = re.compile(r"([0-9]+)(?:\.[0-9]+)?(\D*)")
_OTHER = "Example Other"
_LONGEST_LABEL = 50


def changed_windows(rule: Rule, example: Example, values: Values) -> Iterator[Example]:
    """Examples that differ in one thing from one of a rule across orders, with names that say in
    what. What they are to expect is left open."""
    across = rule.across
    assert across is not None
    for name, given, orders in _changes(rule, across, example.given, example.orders, values):
        if given != example.given or tuple(orders) != example.orders:
            told = f"{example.name}, but {name}"
            yield replace(example, name=told, given=given, orders=tuple(orders))


def _changes(
    rule: Rule, across: Across, given: Order, orders: Sequence[Order], values: Values
) -> Iterator[tuple[str, Order, Sequence[Order]]]:
    yield from _other_days(across, given, orders)
    for number in range(len(orders)):
        yield "one order fewer", given, [*orders[:number], *orders[number + 1 :]]
    yield "no other orders", given, ()
    for same in across.same:
        yield from _other_key(same, given, orders)
    for name, changed in _other_amounts(given, orders):
        yield name, *changed
    own = {path for part in rule.when.parts for path in _stated(part)}
    for path in sorted(own):
        for text in _texts(path, values):
            told = _told(path, text)
            yield told, {**given, path: text}, orders
            yield f"{told} in all orders", {**given, path: text}, _with(orders, path, text)
    for path in sorted(_of_others(across)):
        for text in _texts(path, values):
            told = _told(path, text)
            yield f"{told} in the other orders", given, _with(orders, path, text)
            for number in range(len(orders) if len(orders) > 1 else 0):
                one = {**orders[number], path: text}
                yield (
                    f"{told} in one other order",
                    given,
                    [*orders[:number], one, *orders[number + 1 :]],
                )


def _told(path: str, text: str) -> str:
    label = field_table()[path].label
    label = label if len(label) <= _LONGEST_LABEL else path
    return f"{label} {text}" if text else f"{label} not stated"


def _texts(path: str, values: Values) -> Sequence[str]:
    known = values.get(path, ())
    return (*(known if path == "product" else known[:MOST_VALUES]), "")


def _with(orders: Sequence[Order], path: str, text: str) -> list[Order]:
    return [{**one, path: text} for one in orders]


def _other_days(
    across: Across, given: Order, orders: Sequence[Order]
) -> Iterator[tuple[str, Order, Sequence[Order]]]:
    """Other orders at the ends of the window, and just beyond them."""
    day = parse_date(given.get("date", "")).value
    if across.within is None or day is None:
        return
    places = (
        ("just inside the window", across.within - 1),
        ("just before the window", across.within),
        ("in the earlier half of the window", across.within // 2 + 1),
        ("a day later", -1),
    )
    for told, days in places:
        try:
            text = (day - datetime.timedelta(days=days)).isoformat()
        except OverflowError:
            continue
        yield f"the other orders {told}", given, _with(orders, "date", text)
        for number in range(len(orders) if len(orders) > 1 else 0):
            one = {**orders[number], "date": text}
            yield (
                f"one other order {told}", given, [*orders[:number], one, *orders[number + 1 :]],
            )  # fmt: skip


def _other_key(
    same: Same, given: Order, orders: Sequence[Order]
) -> Iterator[tuple[str, Order, Sequence[Order]]]:
    """Orders that have not in common what the window asks for."""
    role = same.path.replace("_", " ")
    if same.kind == "party":
        yield from _each(orders, given, f"another {role}", _of_another_party(same.path))
        yield from _each(orders, given, f"the same {role}", _of_party(same.path, given))
    elif same.kind == "linked":
        yield from _each(orders, given, "nothing to link it", _unlinked(same))
        strange = _of_another_party("buyer")
        yield from _each(orders, given, "another buyer", lambda one: _unlinked(same)(strange(one)))
        yield from _each(orders, given, "the same buyer", _of_party("buyer", given))


def _each(
    orders: Sequence[Order], given: Order, told: str, change: Callable[[Order], Order]
) -> Iterator[tuple[str, Order, Sequence[Order]]]:
    yield f"{told} in the other orders", given, [change(one) for one in orders]
    for number in range(len(orders) if len(orders) > 1 else 0):
        changed = [*orders[:number], change(orders[number]), *orders[number + 1 :]]
        yield f"{told} in one other order", given, changed


def _of_another_party(role: str) -> Callable[[Order], Order]:
    def change(order: Order) -> Order:
        kept = {path: text for path, text in order.items() if not path.startswith(f"{role}.")}
        trade = {
            path: order[path]
            for path in (f"{role}.business", f"{role}.country", f"{role}.size")
            if path in order
        }
        return {**kept, f"{role}.name": _OTHER, **trade}

    return change


def _of_party(role: str, given: Order) -> Callable[[Order], Order]:
    def change(order: Order) -> Order:
        kept = {path: text for path, text in order.items() if not path.startswith(f"{role}.")}
        own = {path: text for path, text in given.items() if path.startswith(f"{role}.")}
        return {**kept, **own}

    return change


def _unlinked(same: Same) -> Callable[[Order], Order]:
    paths = {f"buyer.{name}" for kind in same.by for name in _LINK_FIELDS.get(kind, ())}

    def change(order: Order) -> Order:
        return {
            path: text
            for path, text in order.items()
            if path not in paths and not (path.startswith("payer.") and "payer" in same.by)
        }

    return change


def _other_amounts(
    given: Order, orders: Sequence[Order]
) -> Iterator[tuple[str, tuple[Order, Sequence[Order]]]]:
    """Half and twice the quantity and value, of this order, the others, and all."""
    for path in ("quantity", "value"):
        for told, up, down in (("twice", 2, 1), ("half", 1, 2), ("a tenth of", 1, 10)):
            own = _times(given, path, up, down)
            others = [_times(one, path, up, down) for one in orders]
            yield f"{told} the {path}", (own, orders)
            yield f"{told} the {path} in the other orders", (given, others)
            yield f"{told} the {path} in all orders", (own, others)


def _times(order: Order, path: str, up: int, down: int) -> Order:
    found = _AMOUNT.fullmatch(order.get(path, ""))
    if found is None:
        return order
    number = max(1, int(found[1][:15]) * up // down)
    return {**order, path: f"{number}{found[2]}"}


def _of_others(across: Across) -> set[str]:
    """The stated fields that the conditions of the window ask of the other orders."""
    blocks: list[Group] = [one.block for one in across.having if one.block is not None]
    if across.where is not None:
        blocks.append(across.where)
    found = {path for block in blocks for path in _stated(block)}
    for same in across.same:
        if same.kind == "field" and same.path != "order_id":
            found |= base_fields(same.path)
    return found


def _stated(condition: Condition) -> set[str]:
    """The stated fields behind a condition."""
    if isinstance(condition, Test):
        paths = (condition.field, *compared_fields(condition))
        return {base for path in paths for base in base_fields(path)}
    parts = condition.block.parts if isinstance(condition, Named) else condition.parts
    return set().union(*map(_stated, parts)) if parts else set()
