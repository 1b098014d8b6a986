"""YAML as text with places: one loop over parser events, and nothing that builds objects.

Every scalar stays the text that was written, so ``NO``, ``010121`` and ``1E001`` are what they
look like. Tags, anchors, aliases, merge keys, duplicate keys and a second document are refused
while reading, deep nesting and large files before they can cost anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from redflags.diagnostics import Place
from redflags.rulebook.findings import Findings, line_breaks, position, quoted

DEEPEST = 32
"""Levels to which lists and mappings may stand in each other."""

LARGEST_FILE = 10_000_000
"""Bytes that a rule file may have. A list of 100,000 names takes three to six million."""

MOST_VALUES = 1_000_000
"""Texts, lists and mappings that a rule file may have; each takes about 200 bytes of memory."""

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

# What YAML 1.1 does not allow in a text. DEL and the C1 controls are left out with them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


# A rule book has tens of thousands of nodes and few of them are ever asked for their place: it is
# made when asked for, and nodes are not frozen, which would make them three times as slow to build.
@dataclass(slots=True, eq=False)
class _Placed:
    file: str
    line: int
    column: int

    @property
    def place(self) -> Place:
        """Where the node begins."""
        return Place(self.file, self.line, self.column)


@dataclass(slots=True, eq=False)
class TextNode(_Placed):
    """A scalar: its text, where it begins and how many characters wide it is on that line.

    ``is_plain`` is False for a text in quotes or in a block."""

    value: str
    width: int
    is_plain: bool = True


@dataclass(slots=True, eq=False)
class SequenceNode(_Placed):
    """A list of nodes."""

    items: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class MappingNode(_Placed):
    """A mapping in the order of the file; no key stands in it twice."""

    entries: list[tuple[TextNode, Node]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class RefusedNode(_Placed):
    """A part of the file that was refused and reported; readers pass over it in silence."""


Node = TextNode | SequenceNode | MappingNode | RefusedNode


def width_of(node: Node) -> int:
    """The width of the caret under a node."""
    return node.width if isinstance(node, TextNode) else 1


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read; ``key`` is the key whose value comes next."""

    node: SequenceNode | MappingNode
    seen: dict[str, TextNode] = field(default_factory=dict)
    key: TextNode | None = None
    is_key_next: bool = True
    is_dropped: bool = False


def read_bytes(data: bytes, file: str, findings: Findings) -> Node | None:
    """The nodes of a file's bytes, or None where there are none or the file cannot be used."""
    if len(data) > LARGEST_FILE:
        message = f"the file has more than {LARGEST_FILE} bytes"
        findings.report("RF103", message, Place(file, 1, 1))
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        findings.add_text(file, data.decode("utf-8", "replace"))
        line, column = position(before, len(before))
        remedy = ""
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            remedy = "the file is UTF-16: save it as UTF-8"
        findings.report(
            "RF101",
            f"byte 0x{data[error.start]:02x} at offset {error.start} is not UTF-8",
            Place(file, line, column),
            remedy=remedy,
        )
        return None
    return read_text(text, file, findings)


def read_text(text: str, file: str, findings: Findings) -> Node | None:
    """The nodes of a text, or None where there are none or the text cannot be used.

    Everything refused is reported to ``findings``. Time grows with the length of the text.
    """
    text = text.removeprefix("\ufeff")
    findings.add_text(file, text)
    if len(text) > LARGEST_FILE:
        message = f"the file has more than {LARGEST_FILE} characters"
        findings.report("RF103", message, Place(file, 1, 1))
        return None
    for pattern, code, what in (
        (_SURROGATE, "RF114", "is half of a character (a lone surrogate)"),
        (_CONTROL, "RF102", "is a control character"),
    ):
        found = pattern.search(text)
        if found is not None:
            place = Place(file, *position(text, found.start()))
            findings.report(code, f"U+{ord(found.group()):04X} {what}", place)
            return None
    try:
        return _Reader(file, findings).read(text)
    except yaml.MarkedYAMLError as error:
        _report_malformed(error, file, findings)
    except yaml.YAMLError as error:
        message = f"the text is not well-formed YAML: {str(error).splitlines()[0][:100]}"
        findings.report("RF104", message, Place(file, 1, 1))
    return None


class _Reader:
    """Turns the parser's events into nodes."""

    def __init__(self, file: str, findings: Findings) -> None:
        self._file = file
        self._findings = findings
        self._open: list[_Open] = []
        self._root: Node | None = None

    def read(self, text: str) -> Node | None:
        documents = values = 0
        events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                if event.tag is not None or event.anchor is not None:
                    self._refuse_extras(event)
                self._put(self._scalar(event))
                values += 1
                if values > MOST_VALUES:
                    message = f"the file has more than {MOST_VALUES} values"
                    self._findings.report("RF103", message, self._place(event))
                    return None
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                if event.tag is not None or event.anchor is not None:
                    self._refuse_extras(event)
                if len(self._open) >= DEEPEST:
                    message = f"lists and mappings stand more than {DEEPEST} levels deep"
                    self._findings.report("RF105", message, self._place(event))
                    return None
                self._begin(event)
                values += 1
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._end()
            elif kind is yaml.AliasEvent:
                message = f"the alias {quoted('*' + str(event.anchor))} is not allowed"
                place = self._place(event)
                self._findings.report("RF108", message, place, len(str(event.anchor)) + 1)
                self._put(RefusedNode(place.file, place.line, place.column))
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    message = "a second document begins here"
                    self._findings.report("RF109", message, self._place(event), 3)
                    return self._root
        return self._root

    def _place(self, event: Any) -> Place:
        return Place(self._file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _scalar(self, event: Any) -> TextNode:
        start, end = event.start_mark, event.end_mark
        width = end.column - start.column if end.line == start.line else 1_000
        return TextNode(
            self._file,
            start.line + 1,
            start.column + 1,
            event.value,
            max(1, width),
            not event.style,
        )

    def _refuse_extras(self, event: Any) -> None:
        if event.tag is not None:
            message = f"the tag {quoted(str(event.tag))} is not allowed"
            self._findings.report("RF106", message, self._place(event))
        if event.anchor is not None:
            message = f"the anchor {quoted('&' + str(event.anchor))} is not allowed"
            place = self._place(event)
            self._findings.report("RF107", message, place, len(str(event.anchor)) + 1)

    def _begin(self, event: Any) -> None:
        mark = event.start_mark
        make = MappingNode if type(event) is yaml.MappingStartEvent else SequenceNode
        node: SequenceNode | MappingNode = make(self._file, mark.line + 1, mark.column + 1)
        is_key = bool(self._open) and self._awaits_key(self._open[-1])
        if is_key:
            self._findings.report("RF112", "a key is a list or a mapping", node.place)
        else:
            self._put(node)
        self._open.append(_Open(node, is_dropped=is_key))

    def _end(self) -> None:
        ended = self._open.pop()
        if ended.is_dropped:
            # It stood where a key belongs: the value that follows is dropped as well.
            parent = self._open[-1]
            parent.key, parent.is_key_next = None, False

    @staticmethod
    def _awaits_key(parent: _Open) -> bool:
        return isinstance(parent.node, MappingNode) and parent.is_key_next

    def _put(self, node: Node) -> None:
        if not self._open:
            self._root = node
            return
        parent = self._open[-1]
        if isinstance(parent.node, SequenceNode):
            parent.node.items.append(node)
        elif parent.is_key_next:
            parent.key = self._key(parent, node)
            parent.is_key_next = False
        else:
            if parent.key is not None:
                parent.node.entries.append((parent.key, node))
            parent.key, parent.is_key_next = None, True

    def _key(self, parent: _Open, node: Node) -> TextNode | None:
        """The key if it can be used; its value is read and dropped otherwise."""
        if not isinstance(node, TextNode):
            return None
        if node.value == "<<" and node.is_plain:
            message = "the merge key `<<` is not allowed"
            self._findings.report("RF111", message, node.place, node.width)
            return None
        first = parent.seen.setdefault(node.value, node)
        if first is not node:
            message = f"the key {quoted(node.value)} stands here twice, first in line "
            message += f"{first.place.line}, column {first.place.column}"
            self._findings.report("RF110", message, node.place, node.width)
            return None
        return node


_REMEDIES = (
    ("mapping values are not allowed", "put a text that holds a colon into quotes"),
    ("'\\t'", "indent with spaces, not with tabs"),
    ("cannot start any token", "put a text that begins with this character into quotes"),
    ("quoted scalar", "close the quotation mark"),
    ("flow mapping", "close the bracket `{`, and part its entries by commas"),
    ("flow sequence", "close the bracket `[`, and part its entries by commas"),
    ("block scalar", "nothing may follow `>` and `|`; a comparison is `{more_than: 5 kg}`"),
    ("block mapping", "indent the keys of one mapping alike, and write `key: value`"),
    ("expected ':'", "write `key: value`, indented like the keys beside it"),
    ("block collection", "indent the entries of one list alike"),
)


def _of_line(line: str, place: Place, words: str) -> str:
    """A remedy that the line itself shows; empty where it shows none."""
    before = line[: place.column - 1]
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return f"line {place.line} begins with a tab; use spaces"
    if line.lstrip().startswith("```"):
        return "delete the line: it marks code in a text and is no part of a rule file"
    if "mapping values" in words and ": " not in before:
        return "the line stands too deep: indent it like the key above it, or part them by a line"
    if "expected key" in words and before.rstrip().endswith(("}", "]")):
        return "put a text that begins with a bracket into quotes"
    return ""


def _report_malformed(error: yaml.MarkedYAMLError, file: str, findings: Findings) -> None:
    mark: Any = error.problem_mark or error.context_mark
    if "end of stream" in str(error.problem) and "quoted scalar" in str(error.context):
        mark = error.context_mark or mark  # where the quote opens, and not where the file ends
    place = Place(file, mark.line + 1, mark.column + 1) if mark is not None else Place(file, 1, 1)
    words = " ".join(str(part) for part in (error.context, error.problem) if part)
    remedy = next((help_ for sign, help_ in _REMEDIES if sign in words), "")
    lines = line_breaks().split(findings.texts.get(file, ""))
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    remedy = _of_line(line, place, words) or remedy
    findings.report("RF104", f"the text is not well-formed YAML: {words[:160]}", place, 1, remedy)
