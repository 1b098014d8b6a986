"""Carrying out overlays: on the nodes of packs before they are read, and on their lists after.

Every change finds its place in the packs as they are shipped, before any is made, so that the order
of changes and of files makes no difference. Two that ask for different things in one place are a
mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from redflags.diagnostics import Place
from redflags.model.fields import field_table
from redflags.model.kinds import KINDS
from redflags.rulebook.changes import Change, Overlay, Repeated
from redflags.rulebook.findings import or_list, quoted
from redflags.rulebook.judgement_tables import judgement_kind
from redflags.rulebook.library import Library
from redflags.rulebook.lists import read_entry
from redflags.rulebook.operators import comparison_key
from redflags.rulebook.overlay_nodes import (
    MOST_SHOWN,
    adder,
    entries_in_words,
    entry_text,
    first_key,
    has_key,
    in_rules,
    is_stop,
    place_of,
    rule_id,
    shown,
    texts,
)
from redflags.rulebook.overlay_paths import Lost, Paths, Spot
from redflags.rulebook.overlays import OverlayDraft, Wish
from redflags.rulebook.schema import RULE_KEYS, SETTABLE
from redflags.rulebook.yaml_text import MappingNode, Node, SequenceNode, TextNode
from redflags.values.text import fold


@dataclass(slots=True)
class _Slot:
    """One place where something is set, with every wish for it. ``path`` is the field whose value
    stands there, None where it is that of none."""

    put: Callable[[Node], None]
    old: Node | None
    path: str | None = None
    wishes: list[Wish] = field(default_factory=list)


@dataclass(slots=True)
class _Entries:
    """A list of values in a rule or condition, with every wish to add to it or take from it."""

    node: SequenceNode
    key_of: Callable[[Node], object]
    wishes: list[Wish] = field(default_factory=list)


class Overlaying:
    """Carries out the wishes of all overlays of a load; mistakes are reported where they stand."""

    def __init__(
        self, library: Library, drafts: Sequence[OverlayDraft], shipped: Iterable[str]
    ) -> None:
        """``shipped`` are the ids of all shipped packs, in force or not."""
        self._library = library
        self._drafts = drafts
        self._shipped = frozenset(shipped)
        self._paths = Paths()
        self._things: dict[str, dict[str, Node]] = {}
        self._slots: dict[tuple[int, object], _Slot] = {}
        self._inner: dict[tuple[int, object], _Entries] = {}
        self._disabled: dict[tuple[str, str], list[Wish]] = {}
        self._touched: dict[tuple[str, str], list[Wish]] = {}
        self.lists: dict[str, list[Wish]] = {}
        self.repeated: list[Repeated] = []
        self.made: dict[int, Change] = {}
        """The change that came of each wish, by the wish's id."""

    def change_nodes(self) -> None:
        """Set values, change the lists inside rules, and take switched-off rules out."""
        for draft in self._drafts:
            for wish in draft.wishes:
                self._place(wish)
        self._refuse_disabled()
        for slot in self._slots.values():
            self._set(slot)
        for key, entries in self._inner.items():
            whole = self._slots.get(key)
            if whole is not None:
                self._contradiction(whole.wishes[0], entries.wishes[0], "set", "changed in part")
            else:
                self._change_inner(entries)
        self._disable()

    def overlays(self) -> tuple[Overlay, ...]:
        """What was carried out, by overlay."""
        return tuple(
            Overlay(
                draft.id,
                draft.title,
                draft.origin,
                draft.sha256,
                tuple(self.made[id(wish)] for wish in draft.wishes if id(wish) in self.made),
                draft.place,
            )
            for draft in self._drafts
        )

    def note(
        self, wish: Wish, what: str, *, in_force: bool = True, effect: bool = True, stops: int = 0
    ) -> None:
        """Keep the change that a wish came to."""
        self.made[id(wish)] = Change(
            wish.overlay, wish.verb, wish.of, wish.name.value, what, wish.signed.reason,
            wish.signed.author, wish.signed.date, wish.place, in_force, effect, stops,
        )  # fmt: skip

    # Finding the place of a change.

    def _place(self, wish: Wish) -> None:
        if not self._is_there(wish):
            return
        name = wish.name.value
        if wish.verb == "disable":
            self._disabled.setdefault((wish.of, name), []).append(wish)
            return
        self._touched.setdefault((wish.of, name), []).append(wish)
        if wish.of == "list" and wish.path is None:
            self.lists.setdefault(name, []).append(wish)
            return
        node = self._of(wish.of)[name]
        if wish.path is None or not self._may_set(wish, node, wish.path):
            return
        spot = self._spot(wish, node, wish.path)
        if spot is None:
            return
        if wish.verb == "set":
            key, slot = spot
            self._slots.setdefault(key, slot).wishes.append(wish)
        else:
            self._place_entries(wish, spot)

    def _is_there(self, wish: Wish) -> bool:
        """Whether there is what is to be changed. What is gone is reported, unless its pack is
        shipped and not in force: that is noted."""
        name = wish.name.value
        pack = name.partition("/")[0]
        draft = self._library.packs.get(pack)
        if draft is None and pack in self._shipped:
            self.note(wish, "the pack is not in force", in_force=False, effect=False)
            if wish.of == "list":
                for node in wish.entries:
                    read_entry(self._library, KINDS["text"], node)  # as far as can be said
            return False
        if wish.of == "pack":
            things: Iterable[str] = self._library.packs
            is_there = name in self._library.packs
        elif wish.of == "mitigation":
            return True  # their names are known once they are read: see report_mitigations
        else:
            things = self._of(wish.of)
            is_there = name in things
        if not is_there and (draft is None or not draft.is_partial):
            self._unknown(wish, things)
        return is_there

    def _unknown(self, wish: Wish, legal: Iterable[str]) -> None:
        name = wish.name
        is_worth_it = not self._library.findings.is_full(name.place)
        there = list(legal) if is_worth_it else []
        own = name.value.rpartition("/")[2]
        same = sorted(one for one in there if "/" in one and one.partition("/")[2] == own)
        remedy = f"write its full name: {or_list(same[:MOST_SHOWN])}" if same else ""
        self._library.findings.unknown_word(
            "RF702", f"there is no {wish.of} {quoted(name.value)}", name.value,
            [] if same else there, name.place, name.width, remedy,
        )  # fmt: skip

    def _of(self, of: str) -> dict[str, Node]:
        """All things of a sort by their full names."""
        found = self._things.get(of)
        if found is None:
            found = self._things[of] = {}
            for pack in self._library.packs.values():
                if of == "rule":
                    own = {rule_id(node): node for node in pack.rules}
                else:
                    things = {"list": pack.lists, "table": pack.tables}.get(of, pack.conditions)
                    own = {name: node for name, (_, node) in things.items()}
                found.update({f"{pack.id}/{name}": node for name, node in own.items() if name})
        return found

    def _may_set(self, wish: Wish, node: Node, path: TextNode) -> bool:
        findings = self._library.findings
        if wish.of == "table" and judgement_kind(node) is not None:
            message = f"{wish.name.value} is a table of judgements"
            remedy = "judge otherwise in a table of your own pack"
            findings.report("RF704", message, wish.name.place, wish.name.width, remedy)
            return False
        if wish.of == "condition":
            return True
        legal = SETTABLE[wish.of]
        first = first_key(path.value)
        if first in legal:
            return True
        if first in RULE_KEYS or (wish.of == "list" and first in ("kind", "entries", "reference")):
            message = f"an overlay does not set `{first}` of a {wish.of}"
            remedy = "use `add` and `remove`" if first in ("entries", "reference") else ""
            findings.report("RF704", message, path.place, path.width, remedy)
            return False
        message = f"nothing stands in a {wish.of} under {quoted(first)}"
        findings.unknown_word(
            "RF703", message, first, legal, path.place, path.width, f"use {or_list(legal)}"
        )
        return False

    def _spot(
        self, wish: Wish, node: Node, path: TextNode
    ) -> tuple[tuple[int, object], _Slot] | None:
        """The place in which a value is to be put."""
        found = self._paths.find(node, path.value)
        if isinstance(found, Spot):
            inner = found.node
            if isinstance(inner, TextNode | SequenceNode):
                return found.key, _Slot(found.put, inner, found.field)
            return None  # a refused part, which is reported
        legal = SETTABLE.get(wish.of, {})
        if (
            isinstance(node, MappingNode)
            and legal.get(path.value)
            and not has_key(node, path.value)
        ):
            return (id(node), path.value), _Slot(adder(node, path), None)
        assert isinstance(found, Lost)
        self._library.findings.report("RF703", found.message, path.place, path.width, found.remedy)
        return None

    # Setting a value.

    def _set(self, slot: _Slot) -> None:
        wishes = sorted(slot.wishes, key=place_of)
        first = wishes[0]
        assert first.value is not None
        for other in wishes[1:]:
            assert other.value is not None
            if texts(other.value) != texts(first.value):
                self._contradiction(first, other, "set", "set otherwise")
        is_right = True
        for wish in wishes:
            if wish.was is not None and (slot.old is None or texts(wish.was) != texts(slot.old)):
                has = f"has {shown(slot.old)}" if slot.old is not None else "has none"
                path = wish.path.value if wish.path is not None else ""
                message = f"{quoted(path)} was {shown(wish.was)}, and the pack {has}"
                self._library.findings.report("RF706", message, wish.was.place)
                is_right = False
        if not is_right:
            return
        slot.put(first.value)
        for wish in wishes:
            assert wish.path is not None
            before = f" instead of {shown(slot.old)}" if slot.old is not None else ""
            effect = slot.old is None or texts(slot.old) != texts(first.value)
            what = f"{wish.path.value} is {shown(first.value)}{before}"
            self.note(wish, what, effect=effect)

    def _contradiction(self, first: Wish, other: Wish, one: str, two: str) -> None:
        first, other = sorted((first, other), key=place_of)
        path = "" if other.path is None else f"{quoted(other.path.value)} of "
        message = f"{path}{other.of} {quoted(other.name.value)} is {two} here, and {one} in "
        message += str(first.place)
        self._library.findings.report("RF705", message, other.place)

    # Lists inside rules and conditions.

    def _place_entries(self, wish: Wish, spot: tuple[tuple[int, object], _Slot]) -> None:
        key, slot = spot
        path = wish.path
        assert path is not None
        if not isinstance(slot.old, SequenceNode):
            message = f"{quoted(path.value)} has one text and no list"
            remedy = "set it to a list of texts"
            self._library.findings.report("RF704", message, path.place, path.width, remedy)
            return
        found = self._inner.get(key)
        if found is None:
            found = _Entries(slot.old, self._key_for(slot.path))
            self._inner[key] = found
        found.wishes.append(wish)

    def _key_for(self, path: str | None) -> Callable[[Node], object]:
        """By what the values of a field are the same; without a field, texts."""
        kind = None if path is None else field_table()[path].kind.member

        def key(node: Node) -> object:
            text = node.value if isinstance(node, TextNode) else ""
            if kind is not None:
                understood = self._library.understood(kind, text)
                if understood.value is not None:
                    return comparison_key(kind)(understood.value)
            return fold(text)

        return key

    def _change_inner(self, entries: _Entries) -> None:
        own = {entries.key_of(item): entry_text(item) for item in entries.node.items}
        found = self.sorted_entries(entries.wishes, entries.key_of, own)
        if found is None:
            return
        added, removed = found
        kept = [item for item in entries.node.items if entries.key_of(item) not in removed]
        more = [node for node in added if entries.key_of(node) not in own]
        for node in added:
            if entries.key_of(node) in own:
                self.repeat(entries.wishes[0], node, None)
        if not kept and not more:
            wish = entries.wishes[0]
            self._library.findings.report("RF405", "the change leaves the list empty", wish.place)
            return
        entries.node.items[:] = [*kept, *more]
        new = {id(node) for node in more}
        for wish in entries.wishes:
            path = wish.path.value if wish.path is not None else ""
            effect = wish.verb == "remove" or any(id(one) in new for one in wish.entries)
            self.note(wish, f"{path} {entries_in_words(wish)}", effect=effect)

    def sorted_entries(
        self,
        wishes: Sequence[Wish],
        value_of: Callable[[Node], object],
        own: Mapping[object, str],
        whole_of: Callable[[Node], object] | None = None,
    ) -> tuple[list[Node], set[object]] | None:
        """The entries that are added, each once, and the values that are removed; None with
        mistakes.

        ``value_of`` is what the values of entries are the same by, ``whole_of`` entries with their
        dates and attributes. ``own`` are the values that the list has, with their texts."""
        added: dict[object, Node] = {}
        removed: dict[object, Node] = {}
        is_right = True
        for wish in sorted(wishes, key=place_of):
            for node in wish.entries:
                if wish.verb == "add":
                    other = added.setdefault((whole_of or value_of)(node), node)
                    if other is not node:
                        self.repeat(wish, node, other.place)
                    continue
                removed.setdefault(value_of(node), node)
                if value_of(node) not in own:
                    self._not_there(node, own)
                    is_right = False
        for node in added.values():
            opposite = removed.get(value_of(node))
            if opposite is not None:
                first, second = sorted((node.place, opposite.place))
                verbs = ("added", "removed") if first == node.place else ("removed", "added")
                message = f"the entry {quoted(entry_text(node))} is {verbs[1]} here, and "
                message += f"{verbs[0]} in {first}"
                self._library.findings.report("RF705", message, second)
                is_right = False
        return (list(added.values()), set(removed)) if is_right else None

    def repeat(self, wish: Wish, node: Node, first: Place | None) -> None:
        """Keep an added entry that the list has already."""
        self.repeated.append(Repeated(wish.name.value, entry_text(node), node.place, first))

    def _not_there(self, node: Node, own: Mapping[object, str]) -> None:
        text = entry_text(node)
        width = node.width if isinstance(node, TextNode) else 1
        message = f"there is no entry {quoted(text)} to remove"
        legal = list(own.values()) if len(own) <= 2_000 else []
        self._library.findings.unknown_word("RF707", message, text, legal, node.place, width)

    # Switching off.

    def _refuse_disabled(self) -> None:
        """Report changes of rules that are switched off."""
        of_packs: dict[str, list[Wish]] = {}
        for (of, name), wishes in self._touched.items():
            if of == "rule":
                of_packs.setdefault(name.partition("/")[0], []).extend(wishes)
        for (of, name), wishes in self._disabled.items():
            changed = self._touched.get(("rule", name)) if of == "rule" else of_packs.get(name)
            if changed and of != "mitigation":
                self._contradiction(wishes[0], changed[0], "switched off", "changed")

    def _disable(self) -> None:
        off = {name for of, name in self._disabled if of == "rule"}
        stops = {name for name in off if is_stop(self._of("rule")[name])}
        for pack in self._library.packs.values():
            wishes = self._disabled.get(("pack", pack.id), [])
            for wish in wishes:
                what = f"switched off, with {in_rules(len(pack.rules))}"
                self.note(wish, what, stops=sum(map(is_stop, pack.rules)))
            if wishes:
                pack.rules.clear()
                pack.mitigations.clear()
            elif off:
                pack.rules[:] = [
                    node for node in pack.rules if f"{pack.id}/{rule_id(node)}" not in off
                ]
        for (of, name), wishes in self._disabled.items():
            for wish in wishes if of != "pack" else ():
                is_a_stop = of == "rule" and name in stops
                what = "switched off, a stop" if is_a_stop else "switched off"
                self.note(wish, what, stops=int(is_a_stop))

    @property
    def mitigations(self) -> dict[str, list[Wish]]:
        """The mitigations that are switched off, by full name."""
        return {name: found for (of, name), found in self._disabled.items() if of == "mitigation"}

    def report_mitigations(self, there: Iterable[str]) -> None:
        """Report those switched off that no pack has; ``there`` are the names of all."""
        known = set(there)
        cleared = {name for of, name in self._disabled if of == "pack"}
        for name, wishes in self.mitigations.items():
            if name not in known and name.partition("/")[0] not in cleared:
                for wish in wishes:
                    self._unknown(wish, known)
