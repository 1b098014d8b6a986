"""Loading: every file is read and every mistake found before anything is said."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from redflags.errors import RuleBookError
from redflags.rulebook import packs as packs_of
from redflags.rulebook.canonical import book_hash, pack_hash
from redflags.rulebook.changes import Repeated
from redflags.rulebook.conditions import read_conditions
from redflags.rulebook.findings import Findings
from redflags.rulebook.judgement_tables import extend_tables, judgements_of, together
from redflags.rulebook.library import Library, PackDraft
from redflags.rulebook.lists import read_list, read_table
from redflags.rulebook.overlay_lists import change_lists
from redflags.rulebook.overlaying import Overlaying
from redflags.rulebook.overlays import OverlayDraft, read_overlays
from redflags.rulebook.rules import read_mitigation, read_rule
from redflags.rulebook.shaping import Shaping, facts_of, shaped_rules
from redflags.rulebook.tree import Mitigation, Pack, PackSource, Rule, RuleBook
from redflags.rulebook.yaml_text import MappingNode, Node, TextNode, read_text

DEFAULT_PROFILE = "exporter"
"""The profile where none is asked for: every shipped pack."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a load made of its files: the rule book of all that could be read, everything that has
    a name, and every mistake. With mistakes the rule book is in parts and is not to be used.
    ``repeated`` are the entries that overlays add to lists that have them."""

    book: RuleBook
    library: Library
    findings: Findings
    repeated: tuple[Repeated, ...] = ()

    def rule_book(self) -> RuleBook:
        """The rule book. Raises :class:`RuleBookError` where there are mistakes."""
        if self.findings.any_found:
            raise RuleBookError(self.findings.sorted())
        return self.book


def load_rules(
    extra: Sequence[Path | str] = (),
    *,
    profile: str | None = DEFAULT_PROFILE,
    shipped: bool = True,
    overlays: Sequence[Path | str] = (),
) -> RuleBook:
    """The rule book of the shipped packs of a profile and of the packs in ``extra``.

    ``extra`` names folders or files; each is a pack and always in force. ``profile`` None takes
    every shipped pack; ``shipped=False`` takes none. ``overlays`` names files of local changes to
    these packs; their order makes no difference.

    Raises :class:`RuleBookError` with every mistake of every file, and
    :class:`~redflags.errors.ConfigurationError` for a profile that does not exist.
    """
    for name, given in (("extra", extra), ("overlays", overlays)):
        if isinstance(given, str | os.PathLike):  # the letters of one path would be taken for paths
            raise TypeError(f"{name} is a sequence of paths, not one path: [{str(given)!r}]")
    reading = read_rules(extra, profile=profile, shipped=shipped, overlays=overlays)
    return reading.rule_book()


def read_rules(
    extra: Sequence[Path | str] = (),
    *,
    profile: str | None = DEFAULT_PROFILE,
    shipped: bool = True,
    instead: bool = False,
    called: Mapping[str, str] | None = None,
    overlays: Sequence[Path | str] = (),
    overlay_texts: Mapping[str, str] | None = None,
) -> Reading:
    """As :func:`load_rules`, with the mistakes beside what could be read of the rest.

    With ``instead`` a pack in ``extra`` takes the place of the shipped one of the same id, so that
    the source of a shipped pack can be read beside the others. ``called`` says what a path in
    ``extra`` is to be called in places, where that is not the path itself. ``overlay_texts`` are
    overlays that are in no file, by names for their places. Raises
    :class:`~redflags.errors.ConfigurationError` for a profile that does not exist.
    """
    findings = Findings()
    library = Library(findings)
    drafts: list[PackDraft] = []
    if shipped:
        folders = {folder.name: folder for folder in packs_of.shipped_folders()}
        chosen = packs_of.chosen_packs(library, profile, folders)
        drafts += [packs_of.read_shipped_pack(library, folders[name]) for name in chosen]
    seen: set[str] = set()
    for given in extra:
        written = os.fspath(given)
        path = Path(written)
        same = os.path.realpath(path) if "\0" not in written else written
        if same in seen:
            continue
        seen.add(same)
        name = written if called is None else called.get(written, written)
        draft = packs_of.read_given_pack(library, path, name)
        if draft is not None:
            if instead:
                drafts = [one for one in drafts if one.id != draft.id or one.origin != "shipped"]
            drafts.append(draft)
    local = read_overlays(library, overlays, overlay_texts or {})
    return _resolve(library, drafts, profile if shipped else None, local)


def parse_rules(
    text: str, name: str = "rules.yaml", *, overlays: Mapping[str, str] | None = None
) -> RuleBook:
    """The rule book of one text, as one pack named after the stem of ``name``. ``overlays`` are
    the texts of local changes by the names of their files.

    Raises :class:`RuleBookError` with every mistake.
    """
    return read_rules_text(text, name, overlays=overlays).rule_book()


def read_rules_text(
    text: str, name: str = "rules.yaml", *, overlays: Mapping[str, str] | None = None
) -> Reading:
    """As :func:`parse_rules`, with the mistakes beside what could be read of the rest."""
    findings = Findings()
    library = Library(findings)
    node = packs_of.unless_refused(findings, name, read_text(text, name, findings))
    local = read_overlays(library, (), overlays or {})
    return _resolve(library, [packs_of.read_text_pack(library, node, name)], None, local)


def _resolve(
    library: Library,
    drafts: Sequence[PackDraft],
    profile: str | None,
    local: Sequence[OverlayDraft],
) -> Reading:
    findings = library.findings
    for draft in drafts:
        first = library.packs.setdefault(draft.id, draft)
        if first is not draft:
            message = f"{draft.origin} and {first.origin} both have the id `{draft.id}`"
            findings.report("RF501", message, None)
    shipped = [folder.name for folder in packs_of.shipped_folders()] if local else ()
    overlaying = Overlaying(library, local, shipped)
    overlaying.change_nodes()
    _read_all(library, lambda draft: draft.lists, library.lists, read_list)
    change_lists(library, overlaying)
    _read_all(library, lambda draft: draft.tables, library.tables, read_table)
    extend_tables(library)
    read_conditions(library)
    packs = tuple(_pack(library, draft) for draft in library.packs.values())
    if local:
        packs = _overlaid(library, packs, overlaying)
    packs = tuple(
        pack if findings.any_found else replace(pack, sha256=pack_hash(pack)) for pack in packs
    )
    judgements = together([pack.judgements for pack in packs])
    sha256 = "" if findings.any_found else book_hash(packs)
    book = RuleBook(packs, profile, sha256, judgements, overlaying.overlays())
    return Reading(book, library, findings, tuple(overlaying.repeated))


def _overlaid(library: Library, packs: Sequence[Pack], overlaying: Overlaying) -> tuple[Pack, ...]:
    """The packs without the mitigations that are switched off, and with rules that know what
    shapes them."""
    mitigations = [one for pack in packs for one in pack.mitigations]
    overlaying.report_mitigations(one.name for one in mitigations)
    gone = overlaying.mitigations
    extended = {
        one.name: one.extends if "/" in one.extends else f"{name.partition('/')[0]}/{one.extends}"
        for name, one in library.tables.items()
        if one is not None and one.extends
    }
    changes = [change for overlay in overlaying.overlays() for change in overlay.changes]
    shaping = Shaping(changes, extended, facts_of(mitigations))
    return tuple(
        replace(
            pack,
            rules=shaped_rules(pack.rules, shaping),
            mitigations=tuple(one for one in pack.mitigations if one.name not in gone),
        )
        for pack in packs
    )


Thing = TypeVar("Thing")


def _read_all(
    library: Library,
    things_of: Callable[[PackDraft], Mapping[str, tuple[TextNode, Node]]],
    into: dict[str, Thing | None],
    read: Callable[[Library, str, Node], Thing | None],
) -> None:
    for draft in library.packs.values():
        for name, (_, node) in things_of(draft).items():
            full = f"{draft.id}/{name}"
            into[full] = read(library, full, node)


def _pack(library: Library, draft: PackDraft) -> Pack:
    rules = _rules(library, draft)
    own = f"{draft.id}/"
    lists = [one for name, one in library.lists.items() if one and name.startswith(own)]
    return Pack(
        id=draft.id,
        title=draft.title,
        version=draft.version,
        licence=draft.licence,
        sources=tuple(draft.sources[name] for name in sorted(draft.sources)),
        rules=tuple(sorted(rules, key=lambda rule: rule.name)),
        lists=tuple(sorted(lists, key=lambda one: one.name)),
        mitigations=_mitigations(library, draft),
        sha256="",
        origin=draft.origin,
        judgements=judgements_of(library, draft.id),
    )


@cache
def _shipped_sources() -> dict[str, PackSource]:
    return packs_of.shipped_sources()


def _rules(library: Library, draft: PackDraft) -> list[Rule]:
    first: dict[str, TextNode] = {}
    rules: list[Rule] = []
    for node in draft.rules:
        text = _id_of(node)
        if text is not None and first.setdefault(text.value, text) is not text:
            packs_of.report_twice(library.findings, "RF206", "rule", text, first[text.value].place)
        rule = read_rule(library, draft, node, _shipped_sources)
        if rule is not None:
            rules.append(rule)
    return rules


def _id_of(node: Node) -> TextNode | None:
    if isinstance(node, MappingNode):
        for key, value in node.entries:
            if key.value == "id" and isinstance(value, TextNode) and value.value:
                return value
    return None


def _mitigations(library: Library, draft: PackDraft) -> tuple[Mitigation, ...]:
    read: dict[str, Mitigation] = {}
    places: dict[str, TextNode | None] = {}
    for name, node in draft.mitigations:
        found = read_mitigation(library, draft, name, node)
        if found is None:
            continue
        mitigation, text = found
        first = places.get(mitigation.name)
        if mitigation.name in read and text is not None and first is not None:
            packs_of.report_twice(library.findings, "RF207", "mitigation", text, first.place)
        read.setdefault(mitigation.name, mitigation)
        places.setdefault(mitigation.name, text)
    return tuple(read[name] for name in sorted(read))
