"""Overlays: from files of local changes to wishes, which are carried out in ``overlaying``."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from redflags.diagnostics import Place
from redflags.model.kinds import DATE
from redflags.rulebook.findings import Findings, or_list, quoted
from redflags.rulebook.library import Library
from redflags.rulebook.packs import Unreadable, file_nodes, unless_refused
from redflags.rulebook.rules import (
    SEVERITY_OF_A_SIGN,
    STATUS_OF_A_RULE,
    WEIGHT_OF_A_SIGN,
    read_weight,
)
from redflags.rulebook.schema import (
    FILE_KEYS,
    KEYS_OF_VERBS,
    NEW_VALUE_KEYS,
    OVERLAY_KEYS,
    OVERLAY_ONLY,
    SETTABLE,
    STATUSES,
    TARGETS,
    VERBS,
    Keys,
)
from redflags.rulebook.yaml_text import MappingNode, Node, SequenceNode, TextNode, read_text
from redflags.weights import SEVERITIES

MOST_CHANGES = 5_000
"""Changes that an overlay may hold; one with more is a pack of its own."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Why a change was made, by whom and when; author and date may be empty."""

    reason: str
    author: str
    date: str


@dataclass(frozen=True, slots=True)
class Wish:
    """One change as it was written. ``of`` and ``name`` say what is to be changed; ``path`` leads
    into it; ``value`` is what is set, ``was`` what it replaces, ``entries`` what is added or
    removed."""

    overlay: str
    verb: str
    of: str
    name: TextNode
    signed: Signed
    place: Place
    path: TextNode | None = None
    value: Node | None = None
    was: Node | None = None
    entries: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class OverlayDraft:
    """An overlay whose wishes are not yet carried out."""

    id: str
    title: str
    origin: str
    sha256: str
    place: Place
    wishes: tuple[Wish, ...]


_Found = Mapping[str, tuple[TextNode, Node]]


def read_overlays(
    library: Library, paths: Sequence[Path | str], texts: Mapping[str, str]
) -> list[OverlayDraft]:
    """The overlays of some files, and of texts by their names; each file once, in an order that
    does not depend on the one in which they are given.

    Raises ``TypeError`` for one path in place of a sequence of them."""
    if isinstance(paths, str | os.PathLike):
        raise TypeError("overlays is a sequence of paths, not one path")
    findings = library.findings
    drafts: list[OverlayDraft] = []
    seen: set[str] = set()
    for given in paths:
        written = os.fspath(given)
        same = os.path.realpath(written) if "\0" not in written else written
        if same in seen:
            continue
        seen.add(same)
        drafts += _overlay(library, file_nodes(library, Path(written), written), written)
    for name, text in texts.items():
        node = unless_refused(findings, name, read_text(text, name, findings))
        drafts += _overlay(library, node, name)
    first: dict[str, OverlayDraft] = {}
    for draft in sorted(drafts, key=lambda one: (one.id, one.origin)):
        other = first.setdefault(draft.id, draft)
        if other is not draft:
            message = f"{draft.origin} and {other.origin} are both the overlay `{draft.id}`"
            findings.report("RF709", message, Place(draft.origin, 1, 1))
    return list(first.values())


def _overlay(library: Library, node: Node | Unreadable | None, file: str) -> list[OverlayDraft]:
    """The overlay of a file, in a list; none where the file cannot be used."""
    if isinstance(node, Unreadable):
        return []
    shapes = library.shapes
    if not isinstance(node, MappingNode):
        place = Place(file, 1, 1) if node is None else node.place
        message = f"an overlay is a mapping with {or_list(OVERLAY_KEYS)}"
        library.findings.report("RF202", message, place)
        return []
    rules = [key for key, _ in node.entries if key.value in FILE_KEYS]
    if rules:
        message = f"`{rules[0].value}` stands in an overlay, which changes what packs have"
        remedy = "rules, lists and conditions of your own stand in a pack, given with --rules"
        library.findings.report("RF701", message, rules[0].place, rules[0].width, remedy)
        return []
    found = shapes.mapping(node, OVERLAY_KEYS, "an overlay", ("overlay",)) or {}
    name = (
        shapes.name(found["overlay"][1], "the name of an overlay") if "overlay" in found else None
    )
    title = shapes.plain(found, "title", "the overlay")
    whole = _signed(library, found, "the overlay", Signed("", "", ""))
    wishes: list[Wish] = []
    said: list[object] = []
    own = "" if name is None else name.value
    for verb in VERBS:
        if verb not in found:
            continue
        items = shapes.items(found[verb][1], f"`{verb}`")
        for item in items:
            wishes += _wishes(library, own, verb, item, whole)
            said.append([verb, _said(item)])
    if len(wishes) > MOST_CHANGES:
        message = f"the overlay has {len(wishes)} changes; the most is {MOST_CHANGES}"
        library.findings.report("RF710", message, node.place)
        return []
    if name is None:
        return []
    head = [own, title, whole.author, whole.date]
    sha256 = hashlib.sha256(_json([head, sorted(said, key=_json)]).encode("utf-8", "replace"))
    return [OverlayDraft(own, title, file, sha256.hexdigest(), name.place, tuple(wishes))]


_json = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def _said(node: Node) -> object:
    """What a node says, whatever its layout; the order of keys does not count."""
    if isinstance(node, TextNode):
        return " ".join(node.value.split())
    if isinstance(node, SequenceNode):
        return [_said(item) for item in node.items]
    if isinstance(node, MappingNode):
        return {key.value: _said(value) for key, value in node.entries}
    return None


def _signed(library: Library, found: _Found, what: str, whole: Signed) -> Signed:
    shapes = library.shapes
    date = whole.date
    if "date" in found:
        day = library.value(DATE, found["date"][1], f"the date of {what}", "RF403")
        date = "" if day is None else day.isoformat()
    reason = shapes.plain(found, "reason", what) if "reason" in found else ""
    return Signed(
        " ".join(reason.split()),
        " ".join(shapes.plain(found, "author", what).split()) or whole.author,
        date,
    )


def _wishes(library: Library, overlay: str, verb: str, node: Node, whole: Signed) -> list[Wish]:
    shapes = library.shapes
    what = f"a change under `{verb}`"
    keys: Keys = {one: TARGETS[one] for one in VERBS[verb]} | dict(KEYS_OF_VERBS[verb])
    own_key = {"set": ["change"], "add": ["entries"], "remove": ["entries"]}.get(verb, [])
    found = shapes.mapping(node, keys, what, (*own_key, "reason"))
    if found is None:
        return []
    signed = _signed(library, found, what, whole)
    named = [one for one in VERBS[verb] if one in found]
    if not named and any(key in TARGETS for key in _keys(node)):
        return []  # the wrong thing is named, which is reported
    if not named:
        message = f"{what} names no {or_list(VERBS[verb])}"
        remedy = f"add `{VERBS[verb][0]}`: {TARGETS[VERBS[verb][0]]}"
        library.findings.report("RF203", message, node.place, remedy=remedy)
        return []
    if len(named) > 1:
        key = found[named[1]][0]
        message = f"{what} is of one thing, and names a {named[0]} and a {named[1]}"
        library.findings.report("RF708", message, key.place, key.width)
        return []
    of = named[0]
    name = shapes.text(found[of][1], f"the {of}")
    path = _path(library, found, of, what, node)
    if name is None or isinstance(path, bool):
        return []
    first = Wish(overlay, verb, of, name, signed, node.place, path)
    if verb == "disable":
        return [first]
    if verb == "set":
        return _settings(library, found, first)
    if "entries" not in found:
        return []
    entries = _entries(library, found["entries"], first)
    return [_with(first, entries=entries)] if entries else []


def _keys(node: Node) -> list[str]:
    return [key.value for key, _ in node.entries] if isinstance(node, MappingNode) else []


def _path(
    library: Library, found: _Found, of: str, what: str, node: Node
) -> TextNode | bool | None:
    """The path of a change of entries, None where there is none to be, False if it is wrong."""
    if "path" in found and of == "list":
        key = found["path"][0]
        message = "a list has its entries in one place, and no path leads to them"
        library.findings.report("RF201", message, key.place, key.width, "delete `path`")
        return False
    if "entries" in found and of != "list" and "path" not in found:
        remedy = "add `path`: where its list stands, such as when.product.family.in"
        library.findings.report("RF203", f"{what} of a {of} has no `path`", node.place,
                                remedy=remedy)  # fmt: skip
        return False
    if "path" not in found:
        return None
    return library.shapes.text(found["path"][1], "the path") or False


def _settings(library: Library, found: _Found, first: Wish) -> list[Wish]:
    if "change" not in found:
        return []
    node = found["change"][1]
    if not isinstance(node, MappingNode):
        wanted = "`change` is a mapping of paths and their new values"
        library.shapes.wrong_shape(node, wanted)
        return []
    if not node.entries:
        library.findings.report("RF204", "`change` is empty", node.place)
    wishes: list[Wish] = []
    for path, value in node.entries:
        was: Node | None = None
        new: Node | None = value
        if isinstance(value, MappingNode):
            told = library.shapes.mapping(value, NEW_VALUE_KEYS, "a new value", ("to",)) or {}
            new = told["to"][1] if "to" in told else None
            was = told["was"][1] if "was" in told else None
            if was is not None and not _is_value(library, was, "`was`"):
                continue
        if "[" in path.value and was is None:
            message = f"the path {quoted(path.value)} counts, and does not say what it replaces"
            remedy = "write {to: the new value, was: the value that the pack has}"
            library.findings.report("RF203", message, path.place, path.width, remedy)
            continue
        if new is not None and _may_be(library, first.of, path.value, new):
            wishes.append(_with(first, path=path, value=new, was=was, place=path.place))
    return wishes


def _with(
    wish: Wish,
    *,
    path: TextNode | None = None,
    value: Node | None = None,
    was: Node | None = None,
    entries: tuple[Node, ...] = (),
    place: Place | None = None,
) -> Wish:
    return Wish(
        wish.overlay, wish.verb, wish.of, wish.name, wish.signed, place or wish.place,
        path or wish.path, value, was, entries,
    )  # fmt: skip


def _may_be(library: Library, of: str, path: str, node: Node) -> bool:
    """Whether a new value may stand at a path, as far as can be said without the pack."""
    if not SETTABLE.get(of, {}).get(path):
        return _is_value(library, node, "the new value")
    if of == "rule" and path == "severity":
        legal = tuple(SEVERITIES)
        return library.shapes.word(node, SEVERITY_OF_A_SIGN, legal, "RF208") is not None
    if of == "rule" and path == "status":
        return library.shapes.word(node, STATUS_OF_A_RULE, STATUSES, "RF210") is not None
    if of == "rule" and path == "weight":
        return read_weight(library, node, WEIGHT_OF_A_SIGN) is not None
    return library.shapes.text(node, f"the {path} of a {of}") is not None


def _is_value(library: Library, node: Node, what: str) -> bool:
    """Whether a node is a text or a list of texts; what else it is, is reported."""
    shapes = library.shapes
    if isinstance(node, SequenceNode):
        if not node.items:
            library.findings.report("RF204", f"{what} is empty", node.place)
            return False
        read = [shapes.text(item, f"a member of {what}") for item in node.items]
        return None not in read
    if isinstance(node, TextNode):
        return shapes.text(node, what) is not None
    shapes.wrong_shape(node, f"{what} is a text or a list of texts")
    return False


def _entries(library: Library, entry: tuple[TextNode, Node], wish: Wish) -> tuple[Node, ...]:
    shapes = library.shapes
    key, node = entry
    items = shapes.items(node, "`entries`")
    if not items and (isinstance(node, SequenceNode) or not _is_something(node)):
        library.findings.report("RF204", "`entries` is empty", key.place, key.width)
    if wish.of == "list" and wish.verb == "add":
        return tuple(items)
    read = [shapes.text(item, "an entry") for item in items]
    return tuple(text for text in read if text is not None)


def _is_something(node: Node) -> bool:
    return isinstance(node, MappingNode) or (isinstance(node, TextNode) and bool(node.value))


def is_overlay_text(text: str) -> bool:
    """Whether a text is meant as an overlay: it has keys of one, and none of a rule file."""
    if not any(f"{key}:" in text for key in OVERLAY_ONLY):
        return False
    return _is_overlay(read_text(text, "", Findings()))


def is_overlay_file(path: str) -> bool:
    """Whether a file is meant as an overlay; one that cannot be read is none."""
    if not path.endswith((".yaml", ".yml")) or not os.path.isfile(path):
        return False
    library = Library(Findings())
    return _is_overlay(file_nodes(library, Path(path), path))


def _is_overlay(node: Node | Unreadable | None) -> bool:
    if not isinstance(node, MappingNode):
        return False
    keys = {key.value for key, _ in node.entries}
    return not keys.isdisjoint(OVERLAY_ONLY) and keys.isdisjoint(FILE_KEYS)
