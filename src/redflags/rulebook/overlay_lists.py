"""Changes of the entries of lists, made once the lists are read: an entry is the same however it is
spelled, and a list may take its entries from a shipped table."""

from __future__ import annotations

from dataclasses import replace

from redflags.model.kinds import KINDS
from redflags.rulebook.library import Library
from redflags.rulebook.lists import read_entry
from redflags.rulebook.operators import comparison_key
from redflags.rulebook.overlay_nodes import entries_in_words
from redflags.rulebook.overlaying import Overlaying
from redflags.rulebook.overlays import Wish
from redflags.rulebook.tree import Entry, RuleList
from redflags.rulebook.yaml_text import Node


def change_lists(library: Library, overlaying: Overlaying) -> None:
    """Add entries to the lists of the library and remove others, as overlays wish."""
    for name, wishes in overlaying.lists.items():
        listed = library.lists.get(name)
        if listed is not None:
            library.lists[name] = _changed(library, overlaying, listed, wishes)


def _changed(
    library: Library, overlaying: Overlaying, listed: RuleList, wishes: list[Wish]
) -> RuleList:
    kind = KINDS[listed.kind]
    read: dict[int, Entry] = {}
    is_right = True
    for wish in wishes:
        for node in wish.entries:
            entry = read_entry(library, kind, node)
            if entry is None:
                is_right = False
            else:
                read[id(node)] = replace(entry, place=node.place)
    if not is_right:
        return listed
    key = comparison_key(kind)

    def value_of(node: Node) -> object:
        return key(read[id(node)].value)

    def whole_of(node: Node) -> object:
        return _whole(read[id(node)], value_of(node))

    own = {key(entry.value): entry.written for entry in listed.entries}
    found = overlaying.sorted_entries(wishes, value_of, own, whole_of)
    if found is None:
        return listed
    added, removed = found
    kept = [entry for entry in listed.entries if not removed or key(entry.value) not in removed]
    there = {_whole(entry, key(entry.value)) for entry in listed.entries}
    more = [node for node in added if whole_of(node) not in there]
    for node in added:
        if whole_of(node) in there:
            overlaying.repeat(wishes[0], node, None)
    if not kept and not more:
        message = f"the change leaves {listed.name} empty"
        library.findings.report("RF405", message, wishes[0].place)
        return listed
    new = {id(node) for node in more}
    for wish in wishes:
        effect = wish.verb == "remove" or any(id(node) in new for node in wish.entries)
        overlaying.note(wish, entries_in_words(wish), effect=effect)
    return replace(listed, entries=(*kept, *(read[id(node)] for node in more)))


def _whole(entry: Entry, value: object) -> object:
    return value, tuple(sorted(entry.attributes.items())), entry.since, entry.until
