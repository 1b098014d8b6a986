"""Rules across orders: from the node after `across` to the window of the rule tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TypeVar

from redflags.model.fields import Field, field_table, roles
from redflags.rulebook.conditions import read_condition
from redflags.rulebook.findings import or_list, quoted
from redflags.rulebook.library import Library, texts_of
from redflags.rulebook.operands import Operand, read_operand
from redflags.rulebook.operators import OPERATORS
from redflags.rulebook.schema import ACROSS_KEYS, LINK_KEYS, LINKS
from redflags.rulebook.tree import Across, Group, Having, Same
from redflags.rulebook.yaml_text import MappingNode, Node, RefusedNode, SequenceNode, TextNode
from redflags.values.dates import parse_duration

LONGEST_WINDOW = 3_660
"""Days that a window may reach back: ten years."""

MOST_HAVING = 20
"""Things that may be asked of one window."""

BOUNDS = ("at_least", "more_than", "at_most", "less_than", "between")
"""The operators that compare a measure."""

AMOUNTS = ("quantity", "value")
"""The fields that can be added up."""

BEST_SUPPORTED = "product.family"
"""The set of which a line counts for one member, the best supported."""

Number = TypeVar("Number", int, Fraction)

_LINKED_ROLE = "buyer"
_PLAIN = re.compile(r"[\w\s]{1,60}")
_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)
_TIMES = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,6}))?", re.ASCII)
_MEASURE = re.compile(r"\s*([^()]*?)\s*(?:\(([^()]*)\)\s*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of a window: its word, its meaning, what it is taken of (``nothing``,
    ``amount`` or ``value``) and how its operand reads."""

    word: str
    meaning: str
    of: str
    written: str
    of_one_order: bool = True


_ALL = (
    Measure("count", "the number of orders", "nothing", "count", of_one_order=False),
    Measure("sum", "the total of a quantity or value", "amount", "sum(quantity)"),
    Measure("max", "the largest quantity or value of one line", "amount", "max(value)"),
    Measure(
        "distinct",
        "the number of different values of a field, or of different parties in a role; a line "
        "counts for one product family, its best supported",
        "value",
        "distinct(buyer)",
    ),
    Measure(
        "baseline",
        "the order's total of the quantity or value, in times the median of the totals of the "
        "earlier orders in the window",
        "amount",
        "baseline(quantity)",
        of_one_order=False,
    ),
    Measure(
        "first", "whether no other order of the window is earlier", "nothing", "first",
        of_one_order=False,
    ),
    Measure("some", "another order of the window satisfies this block", "nothing", "some"),
)  # fmt: skip

MEASURES: Mapping[str, Measure] = MappingProxyType({one.word: one for one in _ALL})
"""Every measure of a window by its word."""


def read_across(library: Library, pack: str, node: Node) -> Across | None:
    """The window of a rule; None if it has mistakes, which are reported."""
    found = library.shapes.mapping(node, ACROSS_KEYS, "`across`", ("same", "having"))
    if found is None:
        return None
    same = _same(library, found["same"][1]) if "same" in found else None
    within: int | None = None
    is_right = True
    if "within" in found:
        within = _within(library, found["within"][1])
        is_right = within is not None
    where: Group | None = None
    if "where" in found:
        where = read_condition(library, pack, found["where"][1], "`where`")
        is_right = is_right and where is not None
    having = None
    if "having" in found:
        having = _having(library, pack, found["having"][1], has_end="within" in found)
    if same and "within" not in found and all(one.path != "order_id" for one in same):
        key = found["same"][0]
        message = "the window has no `within`, and its lines are not those of one order"
        library.findings.report("RF606", message, key.place, key.width)
        is_right = False
    if not is_right or not same or not having:
        return None
    return Across(same, within, where, having, node.place)


def _same(library: Library, node: Node) -> tuple[Same, ...] | None:
    items = [node] if isinstance(node, MappingNode) else texts_of(node)
    if not items and not isinstance(node, RefusedNode):
        library.findings.report("RF204", "`same` is empty", node.place)
    read: dict[tuple[str, str], Same] = {}
    is_right = bool(items)
    for item in items:
        one = _linked(library, item) if isinstance(item, MappingNode) else _kept(library, item)
        if one is None:
            is_right = False
        elif (one.kind, one.path) in read:
            message = f"`same` names {quoted(one.path)} twice"
            library.findings.report("RF601", message, item.place, remedy="delete one of the two")
            is_right = False
        else:
            read[one.kind, one.path] = one
    return tuple(read.values()) if is_right else None


def _kept(library: Library, node: Node) -> Same | None:
    """A party or a field that the transactions have in common."""
    text = library.shapes.text(node, "a member of `same`")
    if text is None:
        return None
    if text.value in roles():
        return Same("party", text.value)
    field = field_table().get(text.value)
    if field is None:
        message = f"there is no party or field {quoted(text.value)} to keep together by"
        legal = (*roles(), *field_table(), *LINK_KEYS)
        library.findings.unknown_word("RF601", message, text.value, legal, text.place, text.width)
        return None
    if not _has_one_value(field):
        message = f"{field.path} has several values, and a window is kept together by one"
        library.findings.report("RF601", message, text.place, text.width)
        return None
    return Same("field", field.path)


def _has_one_value(field: Field) -> bool:
    return not field.kind.is_set or field.path == BEST_SUPPORTED


def _linked(library: Library, node: Node) -> Same | None:
    found = library.shapes.mapping(node, LINK_KEYS, "a member of `same`")
    if not found:
        if isinstance(node, MappingNode) and not node.entries:
            library.findings.report("RF204", "a member of `same` is empty", node.place)
        return None
    kinds: list[str] = []
    items = texts_of(found["linked"][1])
    if not items and not isinstance(found["linked"][1], RefusedNode):
        library.findings.report("RF204", "`linked` is empty", found["linked"][1].place)
    for item in items:
        word = library.shapes.word(item, "a kind of link", tuple(LINKS), "RF602")
        if word is not None:
            kinds.append(word)
    if not kinds or len(kinds) < len(items):
        return None
    return Same("linked", _LINKED_ROLE, tuple(dict.fromkeys(kinds)))


def _within(library: Library, node: Node) -> int | None:
    text = library.shapes.text(node, "`within`")
    if text is None:
        return None
    # What is read of a length of time leaves signs out: -5 days is none.
    is_plain = _PLAIN.fullmatch(text.value) is not None
    duration = parse_duration(text.value).value if is_plain else None
    if duration is not None and duration.unit in ("days", "weeks"):
        days: int = duration.count * (7 if duration.unit == "weeks" else 1)
        if 1 <= days <= LONGEST_WINDOW:
            return days
    message = f"`within` cannot be {quoted(text.value)}"
    library.findings.report("RF603", message, text.place, text.width)
    return None


def _having(library: Library, pack: str, node: Node, *, has_end: bool) -> tuple[Having, ...] | None:
    if not isinstance(node, MappingNode):
        remedy = "delete the dashes, and write each as `count: {at_least: 2}`"
        library.shapes.wrong_shape(node, "`having` is a mapping of measures", remedy=remedy)
        return None
    if not node.entries:
        library.findings.report("RF204", "`having` is empty", node.place)
        return None
    read: list[Having] = []
    is_right = True
    for key, value in node.entries:
        one = _measured(library, pack, key, value, has_end=has_end)
        is_right = is_right and bool(one)
        read += one or ()
    if len(read) > MOST_HAVING:
        message = f"`having` asks for {len(read)} things; the most is {MOST_HAVING}"
        library.findings.report("RF317", message, node.place)
        return None
    return tuple(read) if is_right else None


def _measured(
    library: Library, pack: str, key: TextNode, node: Node, *, has_end: bool
) -> list[Having] | None:
    """What one entry of `having` asks; None if it has mistakes."""
    match = _MEASURE.fullmatch(key.value) if len(key.value) <= 200 else None
    word, of = (match[1], match[2]) if match is not None else (key.value, None)
    measure = MEASURES.get(word)
    if measure is None:
        message = f"there is no measure {quoted(key.value)} of a window"
        library.findings.unknown_word("RF604", message, word, MEASURES, key.place, key.width)
        return None
    if not has_end and not measure.of_one_order:
        message = f"`{word}` makes no sense within one order"
        library.findings.report("RF607", message, key.place, key.width)
        return None
    if measure.of == "nothing" and of is not None:
        message = f"`{word}` is taken of the window itself and has nothing in brackets"
        library.findings.report("RF605", message, key.place, key.width, f"write `{word}`")
        return None
    if word == "some":
        return _some(library, pack, node)
    if word == "first":
        return _first(library, node)
    path = _of(library, measure, of, key)
    return None if path is None else _compared(library, pack, measure, path, node)


def _of(library: Library, measure: Measure, of: str | None, key: TextNode) -> str | None:
    """What the measure is taken of: a field or a role; empty for `count`."""
    if measure.of == "nothing":
        return ""
    path = (of or "").strip()
    legal = AMOUNTS if measure.of == "amount" else (*roles(), *field_table())
    remedy = f"write `{measure.written}`"
    if not path:
        message = f"`{measure.word}` wants a field in brackets"
        library.findings.report("RF605", message, key.place, key.width, remedy)
        return None
    if measure.of == "amount" and path in field_table() and path not in AMOUNTS:
        message = f"`{measure.word}` does not fit {path}, which is no amount of the order"
        remedy = f"use {or_list(AMOUNTS)}"
        library.findings.report("RF605", message, key.place, key.width, remedy)
        return None
    if path not in legal:
        is_role = measure.of == "amount" and path in roles()
        message = f"there is no field {quoted(path)} to take `{measure.word}` of"
        library.findings.unknown_word(
            "RF605" if is_role else "RF301", message, path, legal, key.place, key.width,
            f"use {or_list(AMOUNTS)}" if measure.of == "amount" else "",
        )  # fmt: skip
        return None
    if path not in roles() and not _has_one_value(field_table()[path]):
        message = f"{path} has several values, and a line counts for one"
        library.findings.report("RF605", message, key.place, key.width, remedy)
        return None
    return path


def _compared(
    library: Library, pack: str, measure: Measure, path: str, node: Node
) -> list[Having] | None:
    if not isinstance(node, MappingNode):
        wanted = f"`{measure.word}` has a comparison, such as {{at_least: …}}"
        shown = node.value.strip()[:40] if isinstance(node, TextNode) else ""
        remedy = f"write `{measure.written}: {{at_least: {shown or '…'}}}`"
        library.shapes.wrong_shape(node, wanted, "RF304", remedy)
        return None
    if not node.entries:
        library.findings.report("RF309", f"`{measure.word}` has no operator", node.place)
        return None
    found: list[Having] = []
    for key, value in node.entries:
        if key.value not in BOUNDS:
            message = f"`{key.value[:60]}` cannot compare the {measure.word} of a window"
            library.findings.unknown_word(
                "RF302", message, key.value, BOUNDS, key.place, key.width, f"use {or_list(BOUNDS)}"
            )
            continue
        read = _operand(library, pack, measure, path, key.value, value)
        if read is not None:
            found.append(Having(measure.word, path, key.value, read[0], None, read[1], key.place))
    return found if len(found) == len(node.entries) else None


def _operand(
    library: Library, pack: str, measure: Measure, path: str, operator: str, node: Node
) -> Operand | None:
    if measure.of == "amount" and measure.word != "baseline":
        if isinstance(node, MappingNode):
            # A limit of a table follows from one order, and a window has many.
            wanted = f"`{operator}` of a window wants one value, such as 1 t or 5000 EUR"
            library.shapes.wrong_shape(node, wanted, "RF304")
            return None
        return read_operand(library, pack, field_table()[path], OPERATORS[operator], node)
    read = _times if measure.word == "baseline" else _count
    if operator != "between":
        value = read(library, node)
        return None if value is None else (value, _text(node))
    if not isinstance(node, SequenceNode) or len(node.items) != 2:
        if isinstance(node, SequenceNode):
            message = f"`between` wants two values, and here are {len(node.items)}"
            library.findings.report("RF304", message, node.place)
        else:
            library.shapes.wrong_shape(node, "`between` wants two values: [low, high]", "RF304")
        return None
    low, high = (read(library, item) for item in node.items)
    if low is None or high is None:
        return None
    written = f"{_text(node.items[0])} to {_text(node.items[1])}"
    if low > high:
        library.findings.report("RF310", f"{written} runs backwards", node.place)
        return None
    return (low, high), written


def _text(node: Node) -> str:
    return node.value.strip() if isinstance(node, TextNode) else ""


def _count(library: Library, node: Node) -> int | None:
    return _number(library, node, "a whole number", _whole)


def _whole(text: str) -> int | None:
    return int(text) if _COUNT.fullmatch(text) is not None else None


def _times(library: Library, node: Node) -> Fraction | None:
    return _number(library, node, "a number such as 3 or 2.5", _decimal)


def _decimal(text: str) -> Fraction | None:
    match = _TIMES.fullmatch(text)
    return None if match is None else Fraction(f"{match[1]}.{match[2] or 0}")


def _number(
    library: Library, node: Node, wanted: str, parse: Callable[[str], Number | None]
) -> Number | None:
    text = library.shapes.text(node, "the value") if isinstance(node, TextNode) else None
    if text is None:
        if not isinstance(node, TextNode):
            library.shapes.wrong_shape(node, f"the value is {wanted}", "RF304")
        return None
    value = parse(text.value.strip())
    if value is None:
        message = f"the value cannot be understood: {quoted(text.value)} is not {wanted}"
        library.findings.report("RF305", message, text.place, text.width, f"write {wanted}")
    return value


def _first(library: Library, node: Node) -> list[Having] | None:
    text = library.shapes.text(node, "`first`")
    if text is None:
        return None
    word = text.value.strip()
    if word not in ("yes", "no"):
        message = f"`first` wants yes or no, and here is {quoted(word)}"
        library.findings.report("RF304", message, text.place, text.width, "write yes or no")
        return None
    return [Having("first", "", "", word == "yes", None, word, text.place)]


def _some(library: Library, pack: str, node: Node) -> list[Having] | None:
    """A block, or a list of blocks of which each is satisfied by some transaction."""
    items = node.items if isinstance(node, SequenceNode) else [node]
    if not items:
        library.findings.report("RF309", "`some` has nothing in it", node.place)
    found: list[Having] = []
    for item in items:
        block = read_condition(library, pack, item, "`some`")
        if block is not None:
            found.append(Having("some", "", "", None, block, "", item.place))
    return found if found and len(found) == len(items) else None
