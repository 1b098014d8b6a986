"""From one order as JSON to rows of named texts, one for each of its lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from redflags.readers.csv_rows import LONGEST_CELL
from redflags.readers.typed_text import untextual

DEEPEST = 16
"""Objects and lists within each other in one order. A deeper one is set aside."""

MOST_LINES = 10_000
"""Lines of one order. An order with more is set aside."""

_MOST_REPEATED = 50_000_000
"""Characters of what the lines of one order inherit, all lines together."""

_LINES = frozenset(
    {
        "lines",
        "orderlines",
        "lineitems",
        "items",
        "orderitems",
        "positions",
        "products",
        "articles",
        "goods",
        "details",
        "salesorderlines",
        "positionen",
        "zeilen",
        "lignes",
        "articulos",
        "satirlar",
        "kalemler",
        "toitem",
        "orderline",
        "saleorderline",
        "orderrows",
        "orderdetails",
        "orderproducts",
        "orderitem",
        "salesorderitems",
        "salesorderitem",
        "invoicelines",
        "cartitems",
        "auftragspositionen",
        "lineas",
        "partidas",
        "товары",
        "строки",
        "позиции",
        "明细",
        "订单明细",
    }
)
"""Names, without case and marks, under which an order has its lines."""

_WRAPS = frozenset({"results", "edges", "nodes", "items", "value", "records", "data", "elements"})
"""Names under which systems wrap a list: OData ``results``, GraphQL ``edges`` of a ``node``."""

_ABOUT_WRAP = frozenset({"count", "totalcount", "total", "pageinfo", "next", "previous", "nextlink",
                         "odatacount", "odatanextlink", "hasmore", "limit", "offset", "page",
                         "links", "deferred", "metadata"})  # fmt: skip
"""What stands beside a list that is wrapped: how long it is and where its next part is."""

_MOST_IN_WRAP = 8

_OF_LINE = frozenset({"name", "title", "id", "number"})
"""Names that a line and its order, or a party of it, can have alike and that mean another thing in
each. Those of a line are told with the name of the list before them: ``line_items.name``."""

_NUMBERS_OF_ORDERS = frozenset({"number", "ordernumber", "orderno", "orderid", "documentnumber",
                                "documentno", "reference", "orderreference", "salesorder",
                                "name"})  # fmt: skip
"""Names beside which the ``id`` of an order is only that of its record."""


class OrderError(ValueError):
    """An order that cannot be made into rows; the text says why."""


def rows_of(order: Any, is_known: Callable[[str], bool]) -> Iterator[dict[str, str]]:
    """The rows of an order: one, or one for each of its lines.

    Names of nested objects are joined by a dot, values of a list by ``"; "``; true and false are
    yes and no, null is empty. A line inherits what the order says and it does not say itself.

    Raises :class:`OrderError`.
    """
    if not isinstance(order, dict):
        raise OrderError("an order is an object in braces, and this is none")
    order = _unwrapped(order, is_known)
    unpacked = {key: _list_inside(value) for key, value in order.items()}
    name = _lines_of(unpacked, is_known)
    if name is None:
        yield _flat(order)
        return
    lines = unpacked[name]
    common = _flat(_numbered({key: value for key, value in order.items() if key != name}))
    if not lines:
        yield common
        return
    if len(lines) > MOST_LINES:
        raise OrderError(f"the order has more than {MOST_LINES} lines")
    if len(lines) * sum(map(len, common.values())) > _MOST_REPEATED:
        raise OrderError("the order is too long to be repeated for each of its lines")
    spellings = {_folded(key): key for key in common}
    for line in lines:
        if not isinstance(line, dict):
            raise OrderError(f"{name[:40]!r} holds something that is no object in braces")
        row = dict(common)
        for own, text in _flat(line).items():
            key = f"{name.strip()}.{own}" if _folded(own) in _OF_LINE else own
            # A line that does not say it, or says it as nothing, has it from its order.
            if text.strip() or key not in row:
                row[spellings.get(_folded(key), key)] = text
        yield row


def _unwrapped(order: dict[str, Any], is_known: Callable[[str], bool]) -> dict[str, Any]:
    """The object inside, where an object holds nothing but one other: ``{"order": {…}}``."""
    for _ in range(DEEPEST):
        if len(order) != 1:
            break
        ((key, inner),) = order.items()
        if not isinstance(inner, dict):
            break
        # What GraphQL lists are objects of one node each, whatever the names inside.
        if key != "node" and any(is_known(f"{key}.{name}") for name in inner):
            break
        order = inner
    return order


def _list_inside(value: Any) -> Any:
    """The list in an object that only wraps it: ``{"results": […]}``, ``{"edges": [{"node": …}]}``;
    every other value as it is."""
    if not isinstance(value, dict) or not 1 <= len(value) <= _MOST_IN_WRAP:
        return value
    inner = [one for key, one in value.items() if _folded(key) not in _ABOUT_WRAP]
    names = [_folded(key) for key in value if _folded(key) not in _ABOUT_WRAP]
    if len(inner) != 1 or names[0] not in _WRAPS or not isinstance(inner[0], list):
        return value
    if not inner[0] or not all(isinstance(one, dict) for one in inner[0]):
        return value
    return [
        one["node"]
        if one.keys() <= {"node", "cursor"} and isinstance(one.get("node"), dict)
        else one
        for one in inner[0]
    ]


def _numbered(order: dict[str, Any]) -> dict[str, Any]:
    """An order with lines, of which a bare ``number`` is its own; so is a bare ``id`` where nothing
    else could be its number."""
    names = {_folded(key) for key in order}
    renamed = {"number": "order.number"}
    if names.isdisjoint(_NUMBERS_OF_ORDERS):
        renamed["id"] = "order.id"
    return {
        key if "order.number" in order or "order.id" in order else renamed.get(key, key): value
        for key, value in order.items()
    }


def _lines_of(order: dict[str, Any], is_known: Callable[[str], bool]) -> str | None:
    """The name under which an order has its lines: a usual one, or the list of objects of which
    most names are columns by themselves. None if there is no such list."""
    found = [
        key
        for key, value in order.items()
        if isinstance(value, list)
        and (any(isinstance(one, dict) for one in value) or (not value and _folded(key) in _LINES))
    ]
    named = [key for key in found if _folded(key) in _LINES]
    likely = named or [key for key in found if _is_like_lines(order[key], is_known)]
    if len(likely) > 1:
        names = ", ".join(repr(key[:40]) for key in likely[:5])
        raise OrderError(f"the order has several lists that could be its lines: {names}")
    return likely[0] if likely else None


def _is_like_lines(values: list[Any], is_known: Callable[[str], bool]) -> bool:
    first = next((one for one in values if isinstance(one, dict)), {})
    return 2 * sum(map(is_known, first)) > len(first)


def _folded(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _flat(order: dict[str, Any]) -> dict[str, str]:
    """An object as named texts. Raises :class:`OrderError`."""
    found: dict[str, str] = {}
    several: dict[str, list[str]] = {}
    for key, value in order.items():
        if isinstance(value, str) and (name := key.strip()) not in found:
            found[name] = value
        elif isinstance(value, dict | list):
            _flatten(key.strip(), value, 1, isinstance(value, list), found, several)
        else:
            _put(key.strip(), _text(value), found)
    for name, texts in several.items():
        _put(name, "; ".join(text for text in texts if text), found)
    whole = "".join((*found, *found.values()))
    if untextual(whole) or len(whole) > LONGEST_CELL:
        _refuse_odd(found)
    return found


def _refuse_odd(found: dict[str, str]) -> None:
    """Raise :class:`OrderError` for a text or name that no cell can hold."""
    for name, text in found.items():
        reason = untextual(text) or untextual(name)
        if reason:
            raise OrderError(f"{reason} in {name[:40]!r}")
        if len(text) > LONGEST_CELL:
            raise OrderError(f"{name[:40]!r} is longer than {LONGEST_CELL} characters")


def _flatten(
    name: str,
    value: Any,
    depth: int,
    in_list: bool,
    found: dict[str, str],
    several: dict[str, list[str]],
) -> None:
    if depth > DEEPEST:
        raise OrderError(f"{name[:40]!r} is nested deeper than {DEEPEST} levels")
    if isinstance(value, dict):
        for key, inner in value.items():
            inner_name = f"{name}.{key.strip()}" if name else key.strip()
            is_list = in_list or isinstance(inner, list)
            _flatten(inner_name, inner, depth + 1, is_list, found, several)
    elif isinstance(value, list):
        if not all(isinstance(inner, dict) for inner in value) or not value:
            several.setdefault(name, [])
        for inner in value:
            _flatten(name, inner, depth + 1, True, found, several)
    elif in_list:
        several.setdefault(name, []).append(_text(value))
    else:
        _put(name, _text(value), found)


def _put(name: str, text: str, found: dict[str, str]) -> None:
    if name in found:
        raise OrderError(f"{name[:40]!r} is there twice")
    found[name] = text


def _text(value: Any) -> str:
    """A single value; numbers have come as text."""
    if value is None:
        return ""
    if value is True:
        return "yes"
    return "no" if value is False else str(value)
