"""Tables by which a site changes judgements: which goods suit which trade, how much is much; and
tables of limits that extend others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from redflags.diagnostics import Place
from redflags.model.judgements import Judgements, SiteFit, SiteScale
from redflags.model.kinds import KINDS
from redflags.rulebook.findings import quoted
from redflags.rulebook.library import Library, texts_of
from redflags.rulebook.schema import FIT_ROW_KEYS, SCALE_ROW_KEYS, TABLE_KEYS
from redflags.rulebook.tree import LimitTable, TableRow
from redflags.rulebook.yaml_text import MappingNode, Node, TextNode
from redflags.values.quantity import Quantity

JUDGEMENT_KINDS = ("fit", "scale")
"""The kinds of tables that hold judgements and no limits."""


def judgement_kind(node: Node) -> str | None:
    """The kind of a table of judgements; None for a table of limits."""
    if isinstance(node, MappingNode):
        for key, value in node.entries:
            if key.value == "kind" and isinstance(value, TextNode):
                return value.value if value.value in JUDGEMENT_KINDS else None
    return None


def read_judgements(library: Library, name: str, node: Node) -> None:
    """Read a table of fits or scales into the library; its mistakes are reported.

    Where two tables judge the same, that is a mistake: nobody could say which one counts.
    """
    shapes = library.shapes
    found = shapes.mapping(node, TABLE_KEYS, "a table", ("kind", "source", "rows"))
    if found is None or "rows" not in found:
        return
    for key in ("source", "note"):
        shapes.plain(found, key, "the table")
    if "extends" in found:
        key_node = found["extends"][0]
        message = "a table of judgements adds to the shipped ones by itself"
        library.findings.report(
            "RF410", message, key_node.place, key_node.width, "delete `extends`"
        )
    key_node, written = found["rows"]
    items = shapes.items(written, "the rows of a table")
    if not items:
        library.findings.report("RF405", "the table is empty", key_node.place, key_node.width)
    read = _fit_row if judgement_kind(node) == "fit" else _scale_row
    for item in items:
        read(library, name, item)


def _fit_row(library: Library, table: str, node: Node) -> None:
    shapes = library.shapes
    found = shapes.mapping(node, FIT_ROW_KEYS, "a row", ("business", "family", "fit"))
    if found is None or not {"business", "family", "fit"} <= found.keys():
        return
    value = library.value(KINDS["fit"], found["fit"][1], "the fit")
    reason = shapes.plain(found, "because", "the row") or "as the site has judged"
    if value is None:
        return
    for business in _values(library, "business", found["business"][1]):
        for family in _values(library, "family", found["family"][1]):
            _enter(
                library, library.fits, (business, family), SiteFit(value, reason, table), node.place
            )


def _scale_row(library: Library, table: str, node: Node) -> None:
    shapes = library.shapes
    required = ("family", "retail_below", "bulk_from")
    found = shapes.mapping(node, SCALE_ROW_KEYS, "a row", required)
    if found is None or not set(required) <= found.keys():
        return
    shapes.plain(found, "because", "the row")
    low, high = (
        library.value(KINDS["quantity"], found[key][1], f"`{key}`")
        for key in ("retail_below", "bulk_from")
    )
    if not isinstance(low, Quantity) or not isinstance(high, Quantity):
        return
    if low.dimension != high.dimension or low.amount > high.amount:
        message = "`retail_below` is no smaller amount of the same sort as `bulk_from`"
        library.findings.report("RF305", message, node.place, remedy="write 5 kg and 100 kg")
        return
    for family in _values(library, "family", found["family"][1]):
        _enter(library, library.scales, family, SiteScale(low, high, table), node.place)


def _values(library: Library, kind: str, node: Node) -> list[Any]:
    read = [library.value(KINDS[kind], item, f"the {kind}") for item in texts_of(node)]
    return [value for value in read if value is not None]


def _enter(library: Library, into: dict[Any, Any], key: Any, value: Any, place: Place) -> None:
    if key in into:
        message = f"{into[key].table} judges the same already"
        library.findings.report("RF408", message, place)
    into.setdefault(key, value)


def judgements_of(library: Library, pack: str) -> Judgements:
    """The judgements that the tables of a pack hold."""
    own = f"{pack}/"
    return Judgements(
        {key: one for key, one in library.fits.items() if one.table.startswith(own)},
        {key: one for key, one in library.scales.items() if one.table.startswith(own)},
    )


def together(parts: Sequence[Judgements]) -> Judgements:
    """The judgements of several packs as one."""
    fits = {key: one for part in parts for key, one in part.fits.items()}
    scales = {key: one for part in parts for key, one in part.scales.items()}
    return Judgements(fits, scales)


def extend_tables(library: Library) -> None:
    """Add the rows of tables that extend others to these. Rows of two packs that extend the same
    table and name the same values are a mistake."""
    added: dict[str, dict[tuple[tuple[str, Any], ...], TableRow]] = {}
    for table in sorted(filter(None, library.tables.values()), key=lambda one: one.name):
        if not table.extends:
            continue
        pack = table.name.partition("/")[0]
        full = table.extends if "/" in table.extends else f"{pack}/{table.extends}"
        target = library.tables.get(full)
        if target is None:
            if full not in library.tables:
                message = f"there is no table {quoted(table.extends)}"
                library.findings.unknown_word(
                    "RF314", message, table.extends, library.tables, table.place, 1
                )
            continue
        if target.extends or target.kind != table.kind:
            message = f"{target.name} extends a table itself or holds another kind of limits"
            library.findings.report("RF410", message, table.place)
            continue
        rows = added.setdefault(full, {})
        for row in table.rows:
            if row.match in rows:
                message = f"another table that extends {full} names the same values"
                library.findings.report("RF408", message, table.place)
            rows[row.match] = row
    for full, rows in added.items():
        target = library.tables[full]
        if isinstance(target, LimitTable):
            merged = {row.match: row for row in target.rows} | rows
            library.tables[full] = replace(target, rows=tuple(merged.values()))
