"""Paths into rules and conditions: ``when.quantity.at_least``, ``when.any[2].buyer.country``.

A path is the keys from the outside in, parted by points; ``[2]`` is the second member of a list.
Fields have points of their own, so a path is read along the nodes that are there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from redflags.diagnostics import nearest
from redflags.model.fields import field_table
from redflags.rulebook.findings import or_list, quoted
from redflags.rulebook.yaml_text import MappingNode, Node, SequenceNode, TextNode

LONGEST_PATH = 300
"""Characters that a path may have."""

_INDEX = re.compile(r"\[([0-9]{1,4})\](?:\.|(?=\[)|\Z)", re.ASCII)
_END = re.compile(r"[.\[]|\Z")


@dataclass(frozen=True, slots=True)
class Spot:
    """A value that a path leads to: the mapping or list in which it stands, its number there, and
    the last field named on the way, None where there is none."""

    parent: MappingNode | SequenceNode
    number: int
    field: str | None

    @property
    def node(self) -> Node:
        """The value."""
        if isinstance(self.parent, MappingNode):
            return self.parent.entries[self.number][1]
        return self.parent.items[self.number]

    def put(self, node: Node) -> None:
        """Put another value in its place."""
        if isinstance(self.parent, MappingNode):
            self.parent.entries[self.number] = (self.parent.entries[self.number][0], node)
        else:
            self.parent.items[self.number] = node

    @property
    def key(self) -> tuple[int, int]:
        """The same for the same place, however a path to it is written."""
        return id(self.parent), self.number


@dataclass(frozen=True, slots=True)
class Lost:
    """Where a path ends before its end, and what to write there instead."""

    message: str
    remedy: str = ""


class Paths:
    """Follows paths; keeps the keys of the mappings that it has seen."""

    def __init__(self) -> None:
        self._keys: dict[int, dict[str, int]] = {}
        self._lost: dict[tuple[int, int], Lost] = {}

    def find(self, root: Node, path: str) -> Spot | Lost:
        """Where a path leads from a node, or how far it comes."""
        if len(path) > LONGEST_PATH:
            return Lost(f"the path has more than {LONGEST_PATH} characters")
        self._lost.clear()
        return self._step(root, path, None, None)

    def _step(self, node: Node, rest: str, spot: Spot | None, field: str | None) -> Spot | Lost:
        if not rest:
            return self._leaf(node, spot, field)
        if isinstance(node, MappingNode):
            return self._into_mapping(node, rest, field)
        if isinstance(node, SequenceNode):
            return self._into_list(node, rest, spot, field)
        # A bare value means `is`.
        if isinstance(node, TextNode) and rest == "is" and spot is not None and field is not None:
            return Spot(spot.parent, spot.number, field)
        return Lost(f"a value stands before {quoted(rest)}", f"leave {quoted(rest)} out")

    def _into_mapping(self, node: MappingNode, rest: str, field: str | None) -> Spot | Lost:
        # Keys can be read along a path in many ways: each is tried once.
        known = self._lost.get((id(node), len(rest)))
        if known is not None:
            return known
        keys = self._keys_of(node)
        furthest: Lost | None = None
        for end in sorted((one.start() for one in _END.finditer(rest)), reverse=True):
            number = keys.get(rest[:end])
            if number is None:
                continue
            word = rest[:end]
            after = rest[end + 1 :] if rest[end : end + 1] == "." else rest[end:]
            if rest[end:] == ".":
                return Lost(f"the path ends with a point after {quoted(word)}")
            inner = field if word not in field_table() else word
            found = self._step(node.entries[number][1], after, Spot(node, number, inner), inner)
            if isinstance(found, Spot):
                return found
            furthest = furthest or found
        lost = furthest or _no_key(rest, list(keys))
        self._lost[id(node), len(rest)] = lost
        return lost

    def _into_list(
        self, node: SequenceNode, rest: str, spot: Spot | None, field: str | None
    ) -> Spot | Lost:
        # A bare list of values means `in`.
        if rest == "in" and spot is not None and field is not None:
            return Spot(spot.parent, spot.number, field)
        match = _INDEX.match(rest)
        number = int(match[1]) if match is not None else 0
        if _is_of_texts(node):
            # One way to each value: a member could be set here, and the whole list elsewhere.
            return Lost(
                f"a list of values stands before {quoted(rest)}",
                "set the whole list, or use `add` and `remove` with this path",
            )
        if match is None or not 1 <= number <= len(node.items):
            last = f" to [{len(node.items)}]" if len(node.items) > 1 else ""
            return Lost(f"{quoted(rest)} is no member of a list", f"write [1]{last}")
        at = Spot(node, number - 1, field)
        return self._step(node.items[number - 1], rest[match.end() :], at, field)

    def _leaf(self, node: Node, spot: Spot | None, field: str | None) -> Spot | Lost:
        if spot is None:
            return Lost("the path is empty")
        if isinstance(node, MappingNode) and len(node.entries) == 1 and field is not None:
            key, inner = node.entries[0]
            if key.value in ("is", "in") and isinstance(inner, TextNode | SequenceNode):
                return Spot(node, 0, field)
        if isinstance(node, MappingNode):
            return Lost(
                "the path leads to several values",
                f"name one of them: {or_list([key.value for key, _ in node.entries][:12])}",
            )
        if isinstance(node, SequenceNode) and not _is_of_texts(node):
            last = f" to [{len(node.items)}]" if len(node.items) > 1 else ""
            return Lost("the path leads to a list of blocks", f"name one of them: [1]{last}")
        return spot

    def _keys_of(self, node: MappingNode) -> dict[str, int]:
        found = self._keys.get(id(node))
        if found is None:
            found = {key.value: number for number, (key, _) in enumerate(node.entries)}
            self._keys[id(node)] = found
        return found


def _is_of_texts(node: SequenceNode) -> bool:
    return all(isinstance(item, TextNode) for item in node.items)


def _no_key(rest: str, keys: list[str]) -> Lost:
    match = _END.search(rest)
    word = rest[: match.start()] if match is not None else rest
    close = nearest(rest[:60], keys) or nearest(word[:60], keys)
    if close is None:
        # A field's own name has points in it: it may be the last part that is meant otherwise.
        same = [key for key in keys if rest.startswith(key.partition(".")[0] + ".")]
        close = same[0] if len(same) == 1 else None
    there = f"there are {or_list(keys[:12])}" if keys else "the mapping is empty"
    hint = f"did you mean `{close}`? Otherwise {there}" if close is not None else there
    return Lost(f"nothing stands here under {quoted(rest)}", hint)
