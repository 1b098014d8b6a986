"""Packs: from folders and files to drafts whose parts are still nodes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from redflags.diagnostics import Place
from redflags.errors import ConfigurationError
from redflags.rulebook.findings import Findings, or_list, quoted
from redflags.rulebook.library import Library, PackDraft
from redflags.rulebook.schema import (
    FILE_KEYS,
    OVERLAY_ONLY,
    PACK_KEYS,
    PACK_SOURCE_KEYS,
    PROFILE_KEYS,
    Shapes,
)
from redflags.rulebook.tree import PackSource
from redflags.rulebook.yaml_text import (
    LARGEST_FILE,
    MappingNode,
    Node,
    RefusedNode,
    SequenceNode,
    TextNode,
    read_bytes,
)

PACK_FILE = "pack.yaml"
PROFILES_FILE = "profiles.yaml"
_ENDINGS = (".yaml", ".yml")


class Unreadable:
    """Stands for a file that could not be read, which is reported."""


_UNREADABLE = Unreadable()


def shipped_rules() -> Path:
    """The folder of the shipped packs: in the installed package, else in the source tree."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "rules"
    return installed if installed.is_dir() else package.parent.parent / "rules"


def shipped_folders() -> list[Path]:
    """The folder of each shipped pack, by name."""
    root = shipped_rules()
    if not root.is_dir():
        return []
    return sorted(folder for folder in root.iterdir() if (folder / PACK_FILE).is_file())


def shipped_sources() -> dict[str, PackSource]:
    """The sources of all shipped packs, which every pack may cite."""
    sources: dict[str, PackSource] = {}
    for folder in shipped_folders():
        library = Library(Findings())
        draft = PackDraft(folder.name, "shipped")
        _read_pack_file(library, draft, file_nodes(library, folder / PACK_FILE, folder.name))
        for name, source in draft.sources.items():
            sources.setdefault(name, source)
    return sources


def pack_name(stem: str) -> str:
    """The id of a pack that has no pack.yaml, from the name of its folder or file."""
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:80].strip("-") or "rules"


def read_shipped_pack(library: Library, folder: Path) -> PackDraft:
    """A shipped pack; places name its files as ``car-2020/trade.yaml``."""
    return _read_folder(library, folder, folder.name, "shipped")


def read_given_pack(library: Library, path: Path, written: str) -> PackDraft | None:
    """A pack that the user gave, a folder or a file; places name files as they were written."""
    try:
        if path.is_dir():
            return _read_folder(library, path, written, written)
        if path.name == PACK_FILE:
            shown = written.removesuffix(PACK_FILE).rstrip("/\\")
            return _read_folder(library, path.parent, shown, written)
    except OSError as error:
        _report_unreadable(library.findings, written, error)
        return None
    draft = PackDraft(pack_name(path.stem), written)
    _add_rule_file(library, draft, file_nodes(library, path, written))
    return draft


def read_text_pack(library: Library, node: Node | Unreadable | None, name: str) -> PackDraft:
    """A pack of one text."""
    draft = PackDraft(pack_name(Path(name).stem), name)
    _add_rule_file(library, draft, node)
    return draft


def _read_folder(library: Library, folder: Path, shown: str, origin: str) -> PackDraft:
    draft = PackDraft(pack_name(folder.resolve().name), origin)
    files = sorted(
        (
            file
            for file in folder.iterdir()
            if file.suffix in _ENDINGS and not file.name.startswith(".") and file.is_file()
        ),
        key=lambda file: file.name,
    )
    prefix = f"{shown}/" if shown else ""
    pack_file = folder / PACK_FILE
    if pack_file in files:
        _read_pack_file(library, draft, file_nodes(library, pack_file, prefix + PACK_FILE))
    for file in files:
        if file.name not in (PACK_FILE, PROFILES_FILE):
            _add_rule_file(library, draft, file_nodes(library, file, prefix + file.name))
    if not files:
        inner = sorted(one.parent.name for one in folder.glob(f"*/{PACK_FILE}"))
        remedy = f"it holds the packs {or_list(inner[:5])}: give one of them" if inner else ""
        message = f"the folder {shown or '.'} holds no *.yaml file"
        library.findings.report("RF502", message, None, remedy=remedy)
    return draft


def file_nodes(library: Library, path: Path, shown: str) -> Node | Unreadable | None:
    """The nodes of a file; None if there is nothing in it."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        _report_unreadable(library.findings, shown, error)
        return _UNREADABLE
    return unless_refused(library.findings, shown, read_bytes(data, shown, library.findings))


def unless_refused(findings: Findings, file: str, node: Node | None) -> Node | Unreadable | None:
    """The node, or the sign of a file that was refused as a whole."""
    return _UNREADABLE if node is None and findings.has_any_in(file) else node


def _report_unreadable(findings: Findings, shown: str, error: Exception) -> None:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    message = f"cannot be opened: {why.lower()}"
    findings.report("RF113", message, Place(shown, 1, 1))


def _read_pack_file(library: Library, draft: PackDraft, node: Node | Unreadable | None) -> None:
    if isinstance(node, Unreadable):
        draft.is_partial = True
        return
    if node is None:
        return
    shapes = library.shapes
    found = shapes.mapping(node, PACK_KEYS, "pack.yaml", ("id", "title", "version"))
    if found is None:
        draft.is_partial = True
        return
    name = shapes.name(found["id"][1], "the id of a pack") if "id" in found else None
    if name is not None:
        draft.id = name.value
    draft.title = shapes.plain(found, "title", "the pack")
    draft.version = shapes.plain(found, "version", "the pack") or "0"
    draft.licence = shapes.plain(found, "licence", "the pack")
    if "sources" in found:
        for key, value in shapes.named(found["sources"][1], "`sources`"):
            source = _pack_source(shapes, key, value)
            if source is not None:
                draft.sources[key.value] = source


def _pack_source(shapes: Shapes, key: TextNode, node: Node) -> PackSource | None:
    if shapes.name(key, "the id of a source") is None:
        return None
    required = [name for name in PACK_SOURCE_KEYS if name != "url"]
    found = shapes.mapping(node, PACK_SOURCE_KEYS, "a source", required)
    if found is None:
        return None
    title, year, read, verified, url = (
        " ".join(shapes.plain(found, name, "the source").split()) for name in PACK_SOURCE_KEYS
    )
    return PackSource(key.value, title, year, read, verified, url)


def _add_rule_file(library: Library, draft: PackDraft, node: Node | Unreadable | None) -> None:
    if isinstance(node, Unreadable):
        draft.is_partial = True
        return
    if node is None or (isinstance(node, TextNode) and not node.value):
        return
    shapes = library.shapes
    if not isinstance(node, MappingNode):
        shapes.wrong_shape(node, f"a rule file is a mapping with {or_list(FILE_KEYS)}")
        draft.is_partial = True
        return
    for key, value in node.entries:
        if key.value == "rules":
            draft.rules += shapes.items(value, "`rules`")
        elif key.value == "mitigations":
            _add_mitigations(shapes, draft, value)
        elif key.value in FILE_KEYS:
            things = {
                "lists": draft.lists, "tables": draft.tables, "conditions": draft.conditions
            }[key.value]  # fmt: skip
            _add_named(shapes, things, key.value.removesuffix("s"), value)
        elif key.value in OVERLAY_ONLY:
            message = f"`{key.value}` stands in a rule file, and changes what packs have"
            remedy = "give the file with --overlay, without rules in it"
            library.findings.report("RF701", message, key.place, key.width, remedy)
        else:
            shapes.unknown_key(key, FILE_KEYS, "a rule file")


def _add_named(
    shapes: Shapes, things: dict[str, tuple[TextNode, Node]], what: str, node: Node
) -> None:
    for key, value in shapes.named(node, f"`{what}s`"):
        if shapes.name(key, f"the name of a {what}") is None:
            continue
        first = things.setdefault(key.value, (key, value))
        if first[0] is not key:
            report_twice(shapes.findings, "RF207", what, key, first[0].place)


def report_twice(findings: Findings, code: str, what: str, name: TextNode, first: Place) -> None:
    """Report the second thing of one name, and say where the first stands."""
    message = f"there is another {what} {quoted(name.value)}, in {first}"
    findings.report(code, message, name.place, name.width)


def _add_mitigations(shapes: Shapes, draft: PackDraft, node: Node) -> None:
    if isinstance(node, SequenceNode):
        draft.mitigations += [(None, item) for item in node.items]
        return
    for key, value in shapes.named(node, "`mitigations`"):
        if shapes.name(key, "the name of a mitigation") is not None:
            draft.mitigations.append((key, value))


def chosen_packs(library: Library, profile: str | None, available: Mapping[str, Path]) -> list[str]:
    """The ids of the shipped packs that a profile names; every pack without a profile.

    Raises :class:`ConfigurationError` for a profile that does not exist.
    """
    if profile is None:
        return list(available)
    path = shipped_rules() / PROFILES_FILE
    node = file_nodes(library, path, PROFILES_FILE)
    if not isinstance(node, MappingNode):
        if not isinstance(node, Unreadable | RefusedNode):
            message = "profiles.yaml has no profiles"
            library.findings.report("RF202", message, Place(PROFILES_FILE, 1, 1))
        return []
    profiles = {key.value: _profile(library, value, available) for key, value in node.entries}
    if profile not in profiles:
        names: Sequence[str] = sorted(profiles)
        raise ConfigurationError(f"there is no profile {quoted(profile)}; use {or_list(names)}")
    return profiles[profile]


def _profile(library: Library, node: Node, available: Mapping[str, Path]) -> list[str]:
    shapes = library.shapes
    found = shapes.mapping(node, PROFILE_KEYS, "a profile", PROFILE_KEYS)
    if found is None or "packs" not in found:
        return []
    shapes.plain(found, "title", "the profile")
    packs = found["packs"][1]
    if isinstance(packs, TextNode) and packs.value == "all":
        return list(available)
    chosen: list[str] = []
    for item in shapes.items(packs, "`packs`"):
        text = shapes.text(item, "the id of a pack")
        if text is None:
            continue
        if text.value in available:
            chosen.append(text.value)
        else:
            message = f"there is no shipped pack {quoted(text.value)}"
            library.findings.unknown_word(
                "RF503", message, text.value, available, text.place, text.width
            )
    return chosen
