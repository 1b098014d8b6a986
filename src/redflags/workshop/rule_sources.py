"""Two rule books to compare: out of folders, rule files, wheels, git revisions or this version."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from redflags.errors import ConfigurationError
from redflags.rulebook.loader import Reading, read_rules
from redflags.rulebook.packs import shipped_folders, shipped_rules
from redflags.rulebook.tree import RuleBook
from redflags.workshop.lint import expanded
from redflags.workshop.rules_in_git import rules_in_git
from redflags.workshop.rules_in_wheel import SUFFIXES, rules_in_wheel

SHIPPED = "shipped"
"""The name that stands for the packs of this version."""


@dataclass(frozen=True, slots=True)
class SourceOfRules:
    """Where rules were found: ``name`` as the user gave it; ``packs`` are the paths of the packs,
    each with what files in it are to be called."""

    name: str
    packs: tuple[tuple[Path, str], ...]


@dataclass(frozen=True, slots=True)
class SideOfDiff:
    """One of two rule books: its name, the book, and the ids of the packs that are compared. The
    others are shipped packs that stand beside both."""

    name: str
    book: RuleBook
    compared: frozenset[str]


def two_sides(
    old: str, new: str, *, with_shipped: bool | None = None
) -> tuple[SideOfDiff, SideOfDiff]:
    """The rule books of two sources: each a folder of packs, a pack, a rule file, a wheel, a git
    revision (``REVISION`` or ``REVISION:PATH``) or ``shipped``, the packs of this version.

    With ``with_shipped`` those shipped packs that neither has stand beside both; with None only
    where the rules refer to them and cannot be read without.

    Raises :class:`ConfigurationError` for a source that cannot be used, and
    :class:`~redflags.errors.RuleBookError` for rules that cannot be loaded.
    """
    with rules_from(old) as one, rules_from(new) as other:
        readings = [_read(source, ()) for source in (one, other)]
        ids = [frozenset(reading.library.packs) for reading in readings]
        is_in_need = any(reading.findings.any_found for reading in readings)
        if with_shipped or (with_shipped is None and is_in_need):
            beside = [
                (folder, folder.name)
                for folder in shipped_folders()
                if folder.name not in ids[0] | ids[1]
            ]
            readings = [_read(source, beside) for source in (one, other)]
        books = [reading.rule_book() for reading in readings]
    return SideOfDiff(old, books[0], ids[0]), SideOfDiff(new, books[1], ids[1])


def _read(source: SourceOfRules, beside: Sequence[tuple[Path, str]]) -> Reading:
    called = {os.fspath(path): name for path, name in (*source.packs, *beside)}
    return read_rules(list(called), shipped=False, called=called)


@contextmanager
def rules_from(given: str) -> Iterator[SourceOfRules]:
    """The packs of a source, for as long as the block lasts."""
    path = Path(given)
    if given and _exists(path):
        if path.is_file() and path.suffix.lower() in SUFFIXES:
            with rules_in_wheel(path, given) as (folder, name):
                yield _source(given, folder, name)
        else:
            yield _source(given, path, given)
    elif given == SHIPPED:
        yield _source(given, shipped_rules(), SHIPPED)
    elif given.lower().endswith(SUFFIXES):
        raise ConfigurationError(f"there is no file {given[:200]!r}; check the path")
    else:
        with rules_in_git(given) as (folder, name):
            yield _source(given, folder, name)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _source(given: str, path: Path, name: str) -> SourceOfRules:
    found = []
    for one in expanded([path]):
        inner = os.path.relpath(one, path)
        shown = name.rstrip("/") if inner == "." else f"{name.rstrip('/')}/{inner}"
        # A file that stands for its pack is called as the pack.
        found.append((Path(one), os.path.normpath(shown) if ".." in inner else shown))
    return SourceOfRules(given, tuple(found))
