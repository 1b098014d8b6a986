"""Operands: from the node after an operator to the typed operand of the rule tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from redflags.diagnostics import Place
from redflags.model.fields import Field, field_table
from redflags.model.kind import Kind
from redflags.model.kinds import DATE
from redflags.rulebook.findings import or_list, quoted
from redflags.rulebook.library import Library, texts_of
from redflags.rulebook.meant import is_pattern
from redflags.rulebook.operators import SHAPES, Operator, sign
from redflags.rulebook.schema import shape_of
from redflags.rulebook.tree import LimitTable, ListReference, RuleList
from redflags.rulebook.yaml_text import MappingNode, Node, RefusedNode, SequenceNode, TextNode
from redflags.values.dates import Duration
from redflags.values.text import tokens

Operand = tuple[Any, str]
"""The typed operand and how it reads in a sentence."""


def read_operand(
    library: Library, pack: str, field: Field, operator: Operator, node: Node
) -> Operand | None:
    """The operand of one test; None if it has mistakes, which are reported."""
    if isinstance(node, RefusedNode):
        return None
    return _SHAPES[operator.shape](library, pack, field, operator, node)


def _is_a_name(library: Library, pack: str, field: Field, operator: Operator, node: Node) -> bool:
    """Whether a value is the name of a field or of a list, which is reported."""
    if not isinstance(node, TextNode) or library.understood(field.kind, node.value).is_known:
        return False
    name = node.value.strip()
    is_negative = operator.word in ("is_not", "not_in")
    if name in field_table():
        what, word = "a field", "differs_from" if is_negative else "same_as"
    elif f"{pack}/{name}" in library.lists or name in library.lists:
        what, word = "a list", "not_in_list" if is_negative else "in_list"
    else:
        return False
    message = f"{quoted(name)} is the name of {what}, and `{operator.word}` wants a value"
    library.findings.report(
        "RF305", message, node.place, node.width, f"write `{word}: {name[:60]}`"
    )
    return True


_OF_LISTS = {"is": "in", "is_not": "not_in"}


def _wrong(library: Library, operator: Operator, node: Node) -> None:
    wanted = f"`{operator.word}` wants {SHAPES[operator.shape]}"
    remedy = f"write `{operator.word}: {_SHOWN[operator.shape]}`"
    if isinstance(node, SequenceNode) and operator.word in _OF_LISTS:
        remedy = f"write `{_OF_LISTS[operator.word]}` before a list"
    if isinstance(node, TextNode) and operator.shape == "values":
        remedy = f"write `{operator.word}: [{node.value.strip()[:60]}]`"
    library.shapes.wrong_shape(node, wanted, "RF304", remedy)


_SHOWN = {
    "value": "value", "values": "[a, b]", "list": "name-of-the-list", "bound": "10 kg",
    "range": "[10 kg, 20 kg]", "date": "2022-02-24", "prefixes": '["8806", "8807"]',
    "phrases": "[drone, drones]", "fields": "buyer.country", "yes-no": "yes",
}  # fmt: skip


def _value(
    library: Library, pack: str, field: Field, operator: Operator, node: Node
) -> Operand | None:
    if not isinstance(node, TextNode):
        _wrong(library, operator, node)
        return None
    if _is_a_name(library, pack, field, operator, node):
        return None
    value = library.value(field.kind, node, "the value")
    return None if value is None else (value, node.value.strip())


def _values(
    library: Library, pack: str, field: Field, operator: Operator, node: Node
) -> Operand | None:
    if not isinstance(node, SequenceNode):
        if not _is_a_name(library, pack, field, operator, node):
            _wrong(library, operator, node)
        return None
    if _is_empty(library, node):
        return None
    names = [_is_a_name(library, pack, field, operator, item) for item in node.items]
    if any(names):
        return None
    values = [library.value(field.kind, item, "the value") for item in node.items]
    if any(value is None for value in values):
        return None
    return frozenset(values), _joined(node.items)


def _joined(nodes: list[Node]) -> str:
    return ", ".join(node.value.strip() for node in nodes if isinstance(node, TextNode))


def _is_empty(library: Library, node: SequenceNode) -> bool:
    if not node.items:
        library.findings.report("RF204", "the list of values is empty", node.place)
    return not node.items


def _list(
    library: Library, pack: str, field: Field, operator: Operator, node: Node
) -> Operand | None:
    name, where = _named(library, operator, node, "list", with_attributes=True)
    if name is None:
        return None
    found = library.find(library.lists, "RF311", "list", name, pack, field.kind.member.name)
    if found is None:
        return None
    if found.kind != field.kind.member.name:
        message = f"the list {quoted(name.value)} has entries of kind {found.kind}, and "
        message += f"{field.path} is of kind {field.kind.name}"
        library.findings.report("RF312", message, name.place, name.width)
        return None
    selected = _attributes(library, found, where)
    if selected is None:
        return None
    shown = "; ".join(f"{key} {', '.join(sorted(values))}" for key, values in selected)
    written = f"{name.value} ({shown})" if shown else name.value
    return ListReference(found, tuple(selected)), written


def _named(
    library: Library, operator: Operator, node: Node, key: str, *, with_attributes: bool = False
) -> tuple[TextNode | None, list[tuple[TextNode, Node]]]:
    """A name, written as a text or as ``{list: name}``, with the other entries beside it."""
    if isinstance(node, TextNode):
        return library.shapes.text(node, f"the name of the {key}"), []
    if not isinstance(node, MappingNode):
        _wrong(library, operator, node)
        return None, []
    name: TextNode | None = None
    others: list[tuple[TextNode, Node]] = []
    has_name = False
    for entry, value in node.entries:
        if entry.value == key:
            has_name = True
            name = library.shapes.text(value, f"the name of the {key}")
        elif with_attributes:
            others.append((entry, value))
        else:
            library.shapes.unknown_key(entry, (key,), f"`{operator.word}`")
    if not has_name:
        _wrong(library, operator, node)
    return name, others


def _attributes(
    library: Library, found: RuleList, where: list[tuple[TextNode, Node]]
) -> list[tuple[str, frozenset[str]]] | None:
    """The attributes that entries must have; None if the list has no such attribute or value."""
    selected: list[tuple[str, frozenset[str]]] = []
    is_right = True
    for key, node in where:
        values = {
            entry.attributes[key.value] for entry in found.entries if key.value in entry.attributes
        }
        if not values:
            legal = {name for entry in found.entries for name in entry.attributes}
            message = f"no entry of the list has an attribute {quoted(key.value)}"
            remedy = f"use {or_list(sorted(legal))}" if legal else "delete the attribute"
            library.findings.unknown_word(
                "RF313", message, key.value, legal, key.place, key.width, remedy
            )
            is_right = False
            continue
        wanted = [library.shapes.text(item, "the attribute") for item in texts_of(node)]
        for text in wanted:
            if text is not None and text.value not in values:
                message = f"no entry of the list has the {key.value} {quoted(text.value)}"
                library.findings.unknown_word(
                    "RF313", message, text.value, values, text.place, text.width
                )
                is_right = False
        if not wanted:
            library.findings.report("RF204", "the attribute is empty", node.place)
        is_right = is_right and bool(wanted) and None not in wanted
        selected.append((key.value, frozenset(text.value for text in wanted if text is not None)))
    return sorted(selected) if is_right else None


def _bound(
    library: Library, pack: str, field: Field, operator: Operator, node: Node
) -> Operand | None:
    if not isinstance(node, MappingNode):
        return _value(library, pack, field, operator, node)
    name, _ = _named(library, operator, node, "table")
    if name is None:
        return None
    found: LimitTable | None = library.find(library.tables, "RF314", "table", name, pack)
    if found is None:
        return None
    if found.kind != field.kind.name:
        message = f"the table {quoted(name.value)} has limits of kind {found.kind}, and "
        message += f"{field.path} is of kind {field.kind.name}"
        library.findings.report("RF315", message, name.place, name.width)
        return None
    return found, name.value


def _range(
    library: Library, pack: str, field: Field, operator: Operator, node: Node
) -> Operand | None:
    if not isinstance(node, SequenceNode) or len(node.items) != 2:
        if isinstance(node, SequenceNode):
            message = f"`{operator.word}` wants two values, and here are {len(node.items)}"
            library.findings.report("RF304", message, node.place)
        else:
            _wrong(library, operator, node)
        return None
    low, high = (library.value(field.kind, item, "the value") for item in node.items)
    if low is None or high is None:
        return None
    low_text, high_text = (item.value.strip() for item in node.items if isinstance(item, TextNode))
    try:
        is_reversed = _sign(low, high) > 0
        message = f"{quoted(low_text)} is more than {quoted(high_text)}"
    except TypeError as error:
        is_reversed, message = True, f"the two ends cannot be compared: {error}"
    if is_reversed:
        library.findings.report("RF310", message, node.place)
        return None
    return (low, high), f"{low_text} to {high_text}"


def _sign(low: Any, high: Any) -> int:
    if isinstance(low, Duration):
        low, high = _days(low), _days(high)
        return int(low > high) - int(low < high)
    return sign(low, high)


def _days(duration: Duration) -> int:
    """Thousandths of a day, months and years counted by the Gregorian mean, to order durations."""
    sizes = {"days": 1_000, "weeks": 7_000, "months": 30_437, "years": 365_243}
    return duration.count * sizes[duration.unit]


def _date(
    library: Library, pack: str, field: Field, operator: Operator, node: Node
) -> Operand | None:
    if not isinstance(node, TextNode):
        _wrong(library, operator, node)
        return None
    day = library.value(DATE, node, "the date", "RF403")
    return None if day is None else (day, node.value.strip())


def _prefixes(
    library: Library, pack: str, field: Field, operator: Operator, node: Node
) -> Operand | None:
    if isinstance(node, MappingNode):
        _wrong(library, operator, node)
        return None
    if isinstance(node, SequenceNode) and _is_empty(library, node):
        return None
    texts = texts_of(node)
    codes = [library.value(field.kind, item, "the code") for item in texts]
    if any(code is None for code in codes):
        return None
    return tuple(sorted(set(codes))), _joined(texts)


def _phrases(
    library: Library, pack: str, field: Field, operator: Operator, node: Node
) -> Operand | None:
    if isinstance(node, MappingNode):
        return _phrases_of_list(library, pack, operator, node)
    if isinstance(node, SequenceNode) and _is_empty(library, node):
        return None
    phrases: list[str] = []
    is_right = True
    for item in texts_of(node):
        text = library.shapes.text(item, "the phrase")
        if text is None or not tokens(text.value):
            if text is not None:
                message = f"the phrase {quoted(text.value)} has no letter or digit"
                library.findings.report("RF305", message, text.place, text.width, "write words")
            is_right = False
        elif is_pattern(text.value):
            _report_pattern(library, text.value, text.place, text.width)
            is_right = False
        else:
            phrases.append(text.value.strip())
    written = ", ".join(f"“{phrase}”" for phrase in phrases)
    return (tuple(dict.fromkeys(phrases)), written) if is_right else None


def _phrases_of_list(
    library: Library, pack: str, operator: Operator, node: MappingNode
) -> Operand | None:
    name, _ = _named(library, operator, node, "list")
    if name is None:
        return None
    found = library.find(library.lists, "RF311", "list", name, pack, "text")
    if found is None:
        return None
    if found.kind != "text":
        message = f"the list {quoted(name.value)} has entries of kind {found.kind}, not text"
        library.findings.report("RF312", message, name.place, name.width, "use a list of kind text")
        return None
    if found.is_dated:
        message = f"the list {quoted(name.value)} has entries with dates"
        library.findings.report("RF318", message, name.place, name.width)
        return None
    pattern = next((one.written for one in found.entries if is_pattern(one.written)), None)
    if pattern is not None:
        _report_pattern(library, pattern, name.place, name.width)
        return None
    return tuple(dict.fromkeys(entry.written for entry in found.entries)), name.value


def _report_pattern(library: Library, phrase: str, place: Place, width: int) -> None:
    message = f"{quoted(phrase)} is written as a pattern, and a phrase is found as whole words only"
    remedy = "write each form of the word: [drone, drones]"
    library.findings.report("RF305", message, place, width, remedy)


def _fields(
    library: Library, pack: str, field: Field, operator: Operator, node: Node
) -> Operand | None:
    if isinstance(node, MappingNode):
        _wrong(library, operator, node)
        return None
    if isinstance(node, SequenceNode) and _is_empty(library, node):
        return None
    paths: list[str] = []
    is_right = True
    for item in texts_of(node):
        text = library.shapes.text(item, "the field")
        other = library.field(text, field.path) if text is not None else None
        if text is None or other is None:
            is_right = False
        elif not _comparable(field.kind, other.kind):
            message = f"{field.path} is of kind {field.kind.name}, and "
            message += f"{other.path} of kind {other.kind.name}"
            library.findings.report("RF316", message, text.place, text.width)
            is_right = False
        elif other.path == field.path:
            message = f"{field.path} is compared with itself"
            library.findings.report("RF316", message, text.place, text.width, "name another field")
            is_right = False
        else:
            paths.append(other.path)
    paths = list(dict.fromkeys(paths))
    return (tuple(paths), ", ".join(paths)) if is_right else None


def _comparable(kind: Kind, other: Kind) -> bool:
    return kind.member.name == other.member.name


def _yes_no(
    library: Library, pack: str, field: Field, operator: Operator, node: Node
) -> Operand | None:
    if not isinstance(node, TextNode):
        _wrong(library, operator, node)
        return None
    word = node.value.strip()
    if word in ("yes", "no"):
        return word == "yes", word
    message = f"`{operator.word}` wants yes or no, and here is "
    message += quoted(word) if word else shape_of(node)
    library.findings.report("RF304", message, node.place, node.width, "write yes or no")
    return None


_SHAPES: Mapping[str, Callable[[Library, str, Field, Operator, Node], Operand | None]] = {
    "value": _value,
    "values": _values,
    "list": _list,
    "bound": _bound,
    "range": _range,
    "date": _date,
    "prefixes": _prefixes,
    "phrases": _phrases,
    "fields": _fields,
    "yes-no": _yes_no,
}
