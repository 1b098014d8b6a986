"""One rule with everything it refers to written out, and where each line stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from redflags.diagnostics import Place
from redflags.rulebook.changes import Change
from redflags.rulebook.library import PackDraft
from redflags.rulebook.loader import Reading
from redflags.rulebook.overlay_nodes import entry_text, rule_id
from redflags.rulebook.tree import Entry, Rule
from redflags.rulebook.yaml_text import MappingNode, Node, SequenceNode, TextNode

MOST_ENTRIES = 300
"""Entries of one list that are written out."""

MOST_LINES = 5_000
"""Lines of one rule; conditions can hold each other many times over."""


@dataclass(frozen=True, slots=True)
class ResolvedLine:
    """One line: its text, how deep it stands, and its origin, ``file:line``. ``is_local`` says
    that an overlay wrote it, ``is_remark`` that it is said about the lines below and stands in no
    file."""

    text: str
    depth: int
    origin: str = ""
    is_local: bool = False
    is_remark: bool = False


def resolved(reading: Reading, rule: Rule) -> tuple[ResolvedLine, ...]:
    """The lines of a rule as it is in force: local changes made, and the lists, tables and
    conditions that it refers to written out below their names."""
    draft = reading.library.packs[rule.pack]
    node = next(one for one in draft.rules if rule_id(one) == rule.id)
    lines: list[ResolvedLine] = []
    for line in _Writer(reading).node(node, 0, rule.pack):
        if len(lines) >= MOST_LINES:
            lines.append(ResolvedLine("and more", 0, is_remark=True))
            break
        lines.append(line)
    return tuple(lines)


class _Writer:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._library = reading.library
        self._local = {one.origin for one in reading.book.overlays}

    def node(self, node: Node, depth: int, pack: str) -> Iterator[ResolvedLine]:
        """The lines of a mapping, a list or a text."""
        if isinstance(node, MappingNode):
            for key, value in node.entries:
                yield from self._entry(key, value, depth, pack)
        elif isinstance(node, SequenceNode):
            for item in node.items:
                yield from _as_item(self.node(item, depth, pack))
        elif isinstance(node, TextNode):
            yield self._line(_one_line(node.value), depth, node)

    def _line(self, text: str, depth: int, node: Node) -> ResolvedLine:
        return ResolvedLine(text, depth, f"{node.file}:{node.line}", node.file in self._local)

    def _entry(self, key: TextNode, value: Node, depth: int, pack: str) -> Iterator[ResolvedLine]:
        if isinstance(value, TextNode):
            yield self._line(f"{key.value}: {_one_line(value.value)}", depth, value)
            if key.value in ("in_list", "not_in_list", "list"):
                yield from self._list(_full(value.value, pack), depth + 1)
            elif key.value == "table":
                yield from self._table(_full(value.value, pack), depth + 1)
            elif key.value == "holds":
                yield from self._condition(_full(value.value, pack), depth + 1)
            return
        yield self._line(f"{key.value}:", depth, key)
        if key.value == "holds" and isinstance(value, SequenceNode):
            for item in value.items:
                yield from _as_item(self.node(item, depth + 1, pack))
                if isinstance(item, TextNode):
                    yield from self._condition(_full(item.value, pack), depth + 2)
            return
        yield from self.node(value, depth + 1, pack)

    def _draft(self, full: str) -> tuple[PackDraft | None, str]:
        pack, _, name = full.partition("/")
        return self._library.packs.get(pack), name

    def _condition(self, full: str, depth: int) -> Iterator[ResolvedLine]:
        draft, name = self._draft(full)
        if draft is not None and name in draft.conditions:
            yield ResolvedLine(f"the condition {full}", depth, is_remark=True)
            yield from self.node(draft.conditions[name][1], depth, draft.id)

    def _table(self, full: str, depth: int) -> Iterator[ResolvedLine]:
        table = self._library.tables.get(full)
        if table is None:
            return
        yield ResolvedLine(
            f"the table {full} ({table.kind}, {table.source})", depth, is_remark=True
        )
        for draft in self._library.packs.values():
            for name, (_, node) in draft.tables.items():
                extends = _text_at(node, "extends")
                if f"{draft.id}/{name}" == full or (extends and _full(extends, draft.id) == full):
                    if extends:
                        said = f"extended by {draft.id}/{name}"
                        yield ResolvedLine(said, depth, is_remark=True)
                    rows = _at(node, "rows")
                    if rows is not None:
                        yield from self.node(rows, depth, draft.id)

    def _list(self, full: str, depth: int) -> Iterator[ResolvedLine]:
        listed = self._library.lists.get(full)
        draft, name = self._draft(full)
        if listed is None or draft is None:
            return
        about = ", ".join(part for part in (listed.kind, listed.source, listed.vintage) if part)
        count = f"{len(listed.entries)} {'entry' if len(listed.entries) == 1 else 'entries'}"
        yield ResolvedLine(f"the list {full} ({about}; {count})", depth, is_remark=True)
        node = draft.lists[name][1]
        own = _at(node, "entries")
        kept = [entry for entry in listed.entries if entry.place is None]
        if isinstance(own, SequenceNode):
            yield from self._written(own, kept, full, depth)
        else:
            table = _text_at(node, "reference")
            origin = f"shipped table {table}"
            for entry in kept[:MOST_ENTRIES]:
                yield ResolvedLine(f"- {_shown(entry)}", depth, origin)
            yield from _more(len(kept) - MOST_ENTRIES, depth)
            for change in self._removals(full):
                yield ResolvedLine(change.what, depth, _at_line(change.place), True, True)
        for entry in listed.entries:
            if entry.place is not None:
                yield ResolvedLine(f"- {_shown(entry)}", depth, _at_line(entry.place), True)

    def _written(
        self, own: SequenceNode, kept: Sequence[Entry], full: str, depth: int
    ) -> Iterator[ResolvedLine]:
        """The entries of a list as they are written, and which of them an overlay removes."""
        shown = {entry.written: entry for entry in kept}
        removed = ", ".join(_at_line(one.place) for one in self._removals(full))
        for item in own.items[:MOST_ENTRIES]:
            text = entry_text(item)
            if text in shown:
                yield self._line(f"- {_one_line(text)}{_dated(item)}", depth, item)
            else:
                told = f"{_one_line(text)} is removed in {removed}"
                yield replace(self._line(told, depth, item), is_remark=True, is_local=True)
        yield from _more(len(own.items) - MOST_ENTRIES, depth)

    def _removals(self, full: str) -> Iterable[Change]:
        for overlay in self._reading.book.overlays:
            for change in overlay.changes:
                if (change.verb, change.of, change.target) == ("remove", "list", full):
                    yield change


def _full(name: str, pack: str) -> str:
    return name if "/" in name else f"{pack}/{name}"


def _at(node: Node, name: str) -> Node | None:
    if isinstance(node, MappingNode):
        for key, value in node.entries:
            if key.value == name:
                return value
    return None


def _text_at(node: Node, name: str) -> str:
    found = _at(node, name)
    return found.value if isinstance(found, TextNode) else ""


def _at_line(place: Place) -> str:
    return f"{place.file}:{place.line}"


def _one_line(text: str) -> str:
    return " ".join(text.split()) or '""'


def _dated(item: Node) -> str:
    """The dates and attributes of an entry as they are written."""
    if not isinstance(item, MappingNode):
        return ""
    told = [
        f"{key.value} {_one_line(value.value)}"
        for key, value in item.entries
        if key.value != "value" and isinstance(value, TextNode)
    ]
    return f" ({', '.join(told)})" if told else ""


def _shown(entry: Entry) -> str:
    """An entry with its dates and attributes."""
    told = [f"{key} {text}" for key, text in entry.attributes.items() if key not in ("note",)]
    told += [f"from {entry.since}"] if entry.since is not None else []
    told += [f"until {entry.until}"] if entry.until is not None else []
    return entry.written + (f" ({', '.join(told)})" if told else "")


def _more(count: int, depth: int) -> Iterator[ResolvedLine]:
    if count > 0:
        yield ResolvedLine(f"and {count} more entries", depth, is_remark=True)


def _as_item(lines: Iterable[ResolvedLine]) -> Iterator[ResolvedLine]:
    """Lines as an item of a list: a dash before the first, the others below its text."""
    is_first = True
    for line in lines:
        if is_first and not line.is_remark:
            yield replace(line, text=f"- {line.text}")
            is_first = False
        else:
            yield replace(line, depth=line.depth + 1)
