"""Lists and tables of limits: from nodes to typed entries and rows."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from redflags.model.kind import Kind
from redflags.model.kinds import DATE
from redflags.rulebook.findings import or_list, quoted
from redflags.rulebook.judgement_tables import judgement_kind, read_judgements
from redflags.rulebook.library import Library, texts_of
from redflags.rulebook.reference_lists import REFERENCE_LISTS, reference_list
from redflags.rulebook.schema import ENTRY_KEYS, LIST_KEYS, TABLE_KEYS
from redflags.rulebook.tree import Entry, LimitTable, RuleList, TableRow
from redflags.rulebook.yaml_text import MappingNode, Node, SequenceNode, TextNode

MOST_ROWS = 100
"""Rows of limits that one written row may stand for, where it names several values."""

_OWN_COLUMNS = ("value", "from", "until")


def read_list(library: Library, name: str, node: Node) -> RuleList | None:
    """The list of this full name; None if its mistakes leave nothing to use."""
    shapes = library.shapes
    found = shapes.mapping(node, LIST_KEYS, "a list")
    if found is None:
        return None
    if ("entries" in found) == ("reference" in found):
        message = "a list has either `entries` or `reference`"
        library.findings.report("RF406", message, node.place)
        return None
    if "reference" in found:
        return _shipped(library, name, node, found)
    for wanted in ("kind", "source"):
        if wanted not in found:
            message = f"a list has no `{wanted}`"
            remedy = f"add `{wanted}`: {LIST_KEYS[wanted]}"
            library.findings.report("RF203", message, node.place, remedy=remedy)
    kind_text = shapes.text(found["kind"][1], "the kind of the list") if "kind" in found else None
    kind = library.kind(kind_text, "the list") if kind_text is not None else None
    source = shapes.plain(found, "source", "the list")
    vintage = shapes.plain(found, "vintage", "the list")
    shapes.plain(found, "note", "the list")
    key, written = found["entries"]
    items = shapes.items(written, "the entries of a list")
    if not items:
        if not isinstance(written, MappingNode) and _is_list_or_nothing(written):
            library.findings.report("RF405", "the list is empty", key.place, key.width)
        return None
    if kind is None:
        return None
    entries = [read_entry(library, kind, item) for item in items]
    kept = tuple(entry for entry in entries if entry is not None)
    if len(kept) < len(entries):
        return None
    return RuleList(name, kind.name, source, vintage, kept, node.place)


def _is_list_or_nothing(node: Node) -> bool:
    return isinstance(node, SequenceNode) or (isinstance(node, TextNode) and not node.value)


def _shipped(
    library: Library, name: str, node: Node, found: dict[str, tuple[TextNode, Node]]
) -> RuleList | None:
    shapes = library.shapes
    table = shapes.word(
        found["reference"][1], "the reference table", REFERENCE_LISTS, "RF407",
        f"use {or_list(REFERENCE_LISTS)}",
    )  # fmt: skip
    if table is None:
        return None
    shipped = reference_list(table)
    if "kind" in found:
        text = shapes.text(found["kind"][1], "the kind of the list")
        kind = library.kind(text, "the list") if text is not None else None
        if text is not None and kind is not None and kind.name != shipped.kind:
            message = f"the reference table {quoted(table)} has entries of kind {shipped.kind}"
            library.findings.report("RF312", message, text.place, text.width,
                                    f"write `kind: {shipped.kind}` or delete the line")  # fmt: skip
            return None
    return RuleList(
        name,
        shipped.kind,
        shapes.plain(found, "source", "the list") or shipped.source,
        shapes.plain(found, "vintage", "the list") or shipped.vintage,
        shipped.entries,
        node.place,
    )


def read_entry(library: Library, kind: Kind, node: Node) -> Entry | None:
    """One entry of a list of a kind; None if it was reported."""
    shapes = library.shapes
    if isinstance(node, TextNode):
        value = library.value(kind, node, "the entry", "RF402")
        return None if value is None else Entry(value, node.value.strip())
    found = shapes.mapping(node, ENTRY_KEYS, "an entry", ("value",))
    if found is None or "value" not in found:
        return None
    written = found["value"][1]
    value = library.value(kind, written, "the entry", "RF402")
    since, until = (_day(library, found, key) for key in ("from", "until"))
    if since is not None and until is not None and until < since:
        key = found["until"][0]
        message = f"the entry ends on {until} and begins on {since}"
        library.findings.report("RF404", message, key.place, key.width)
    attributes = {
        key: shapes.plain(found, key, "the entry") for key in found if key not in _OWN_COLUMNS
    }
    if value is None or not isinstance(written, TextNode):
        return None
    return Entry(value, written.value.strip(), attributes, since, until)


def _day(
    library: Library, found: dict[str, tuple[TextNode, Node]], key: str
) -> datetime.date | None:
    if key not in found:
        return None
    day: datetime.date | None = library.value(DATE, found[key][1], f"the day `{key}`", "RF403")
    return day


def read_table(library: Library, name: str, node: Node) -> LimitTable | None:
    """The table of limits of this full name; None if its mistakes leave nothing to use, and for a
    table of fits or scales, which becomes part of the site's judgements."""
    shapes = library.shapes
    if judgement_kind(node) is not None:
        read_judgements(library, name, node)
        return None
    found = shapes.mapping(node, TABLE_KEYS, "a table", ("kind", "source", "rows"))
    if found is None:
        return None
    kind_text = shapes.text(found["kind"][1], "the kind of the table") if "kind" in found else None
    kind = library.kind(kind_text, "the table") if kind_text is not None else None
    if kind is not None and kind_text is not None and not kind.order:
        message = f"values of kind {kind.name} have no size"
        library.findings.report("RF409", message, kind_text.place, kind_text.width)
        kind = None
    source = shapes.plain(found, "source", "the table")
    extends = shapes.plain(found, "extends", "the table")
    shapes.plain(found, "note", "the table")
    if "rows" not in found:
        return None
    key, written = found["rows"]
    items = shapes.items(written, "the rows of a table")
    if not items and _is_list_or_nothing(written):
        library.findings.report("RF405", "the table is empty", key.place, key.width)
    if kind is None:
        return None
    rows: dict[tuple[tuple[str, Any], ...], TableRow] = {}
    for item in items:
        for row in _rows(library, kind, item):
            if row.match in rows:
                message = "another row of the table names the same values"
                library.findings.report("RF408", message, item.place)
            rows[row.match] = row
    return LimitTable(name, kind.name, source, tuple(rows.values()), node.place, extends)


def _rows(library: Library, kind: Kind, node: Node) -> list[TableRow]:
    """One written row: it stands for several where a field has a list of values."""
    if not isinstance(node, MappingNode):
        library.shapes.wrong_shape(node, "a row is a mapping of fields and `limit`")
        return []
    limit: Any = None
    written = ""
    has_limit = False
    choices: list[list[tuple[str, Any]]] = []
    for key, value in node.entries:
        if key.value == "limit":
            has_limit = True
            limit = library.value(kind, value, "the limit")
            written = value.value.strip() if isinstance(value, TextNode) else ""
            continue
        one = library.field(key)
        if one is None:
            continue
        if one.kind.order:
            message = f"a row names values, and {one.path} has sizes"
            library.findings.report("RF303", message, key.place, key.width,
                                    "name a field such as product.family")  # fmt: skip
            continue
        members = [library.value(one.kind, text, "the value") for text in texts_of(value)]
        choices.append([(one.path, member) for member in members if member is not None])
    if not has_limit:
        library.findings.report("RF203", "a row has no `limit`", node.place)
    if limit is None:
        return []
    combined = itertools.islice(itertools.product(*choices), MOST_ROWS + 1)
    rows = [TableRow(tuple(sorted(match, key=_path)), limit, written) for match in combined]
    if len(rows) > MOST_ROWS:
        message = f"the row stands for more than {MOST_ROWS} rows"
        library.findings.report("RF317", message, node.place, remedy="split the row")
        return []
    return rows


def _path(pair: tuple[str, Any]) -> str:
    return pair[0]
