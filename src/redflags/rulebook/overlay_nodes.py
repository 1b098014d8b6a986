"""What overlays ask of nodes: what a value says, and how it reads in a sentence."""

from __future__ import annotations

from collections.abc import Callable

from redflags.diagnostics import Place
from redflags.rulebook.findings import quoted
from redflags.rulebook.overlays import Wish
from redflags.rulebook.yaml_text import MappingNode, Node, SequenceNode, TextNode

MOST_SHOWN = 5
"""Values of a list that a sentence names."""


def rule_id(node: Node) -> str:
    """The id of a rule as it is written; empty where there is none."""
    if isinstance(node, MappingNode):
        for key, value in node.entries:
            if key.value == "id" and isinstance(value, TextNode):
                return value.value
    return ""


def is_stop(node: Node) -> bool:
    """Whether a rule is written as a stop."""
    return isinstance(node, MappingNode) and any(
        key.value == "kind" and isinstance(value, TextNode) and value.value == "stop"
        for key, value in node.entries
    )


def first_key(path: str) -> str:
    """The first key of a path."""
    return path.partition(".")[0].partition("[")[0]


def texts(node: Node) -> object:
    """What a value says: two that say the same are equal."""
    if isinstance(node, SequenceNode):
        return [texts(item) for item in node.items]
    return " ".join(node.value.split()) if isinstance(node, TextNode) else ""


def shown(node: Node | None) -> str:
    """A value for use in a sentence."""
    if isinstance(node, SequenceNode):
        members = [item.value for item in node.items if isinstance(item, TextNode)]
        more = f" and {len(members) - MOST_SHOWN} more" if len(members) > MOST_SHOWN else ""
        return quoted(", ".join(members[:MOST_SHOWN])).strip("`") + more
    return quoted(node.value).strip("`") if isinstance(node, TextNode) else ""


def entry_text(node: Node) -> str:
    """The value of an entry as it is written."""
    if isinstance(node, MappingNode):
        for key, value in node.entries:
            if key.value == "value" and isinstance(value, TextNode):
                return value.value.strip()
        return ""
    return node.value.strip() if isinstance(node, TextNode) else ""


def entries_in_words(wish: Wish) -> str:
    """What a wish does to a list, as a clause: ``also holds …``."""
    names = [entry_text(node) for node in wish.entries]
    more = f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else ""
    told = ", ".join(quoted(name).strip("`") for name in names[:MOST_SHOWN]) + more
    return f"also holds {told}" if wish.verb == "add" else f"no longer holds {told}"


def in_rules(count: int) -> str:
    """All the rules of a pack, in words."""
    return "its only rule" if count == 1 else f"all its {count} rules"


def place_of(wish: Wish) -> Place:
    """Where a wish stands, by which wishes are put in order."""
    return wish.place


def has_key(node: MappingNode, name: str) -> bool:
    """Whether a key stands in a mapping."""
    return any(key.value == name for key, _ in node.entries)


def adder(node: MappingNode, path: TextNode) -> Callable[[Node], None]:
    """What puts a value into a mapping under a key that is not there yet."""

    def add(value: Node) -> None:
        node.entries.append((path, value))

    return add
