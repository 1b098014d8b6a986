"""Rules of a git revision: read from the repository, while nothing in the folder is touched."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from redflags.errors import ConfigurationError
from redflags.rulebook.yaml_text import LARGEST_FILE
from redflags.workshop.rule_files import Listed, is_rule_file, laid_out, root_of

PATIENCE: Final = 60
"""Seconds that one call of git may take."""

_FILES: Final = (b"100644", b"100755")
"""The modes of files; links and other repositories have others and are passed over."""


@contextmanager
def rules_in_git(given: str) -> Iterator[tuple[Path, str]]:
    """The rules of ``REVISION`` or ``REVISION:PATH`` of the repository around the current folder,
    laid out for as long as the block lasts, and how they are called. As git has it, a path counts
    from the top of the repository, and from the current folder if it begins with ``./``.

    Raises :class:`ConfigurationError` without git, repository, revision, path or rules.
    """
    revision, colon, path = given.partition(":")
    tree = _tree(revision, given)
    place = _from_top(path, given)
    sizes, objects = _listed(tree, place, given)
    if not sizes:
        inside = f" under {path!r}" if colon else ""
        raise ConfigurationError(f"the revision {revision!r} has no rule files{inside}")
    top = PurePosixPath(_git("rev-parse", "--show-toplevel").decode().strip()).name
    listed = Listed(given, top or "rules", sizes, lambda wanted: _contents(wanted, objects, sizes))
    is_file = place in sizes
    # A file of a pack stands for the pack: what stands beside it is needed.
    root = str(PurePosixPath(place).parent).strip(".") if is_file else place
    if not colon:
        root = root_of(sizes, f"the revision {revision!r}")
    with laid_out(listed, root) as folder:
        chosen = folder / PurePosixPath(place).name if is_file else folder
        yield chosen, f"{revision}:{place if is_file else root}"


def _tree(revision: str, given: str) -> str:
    """The object of a revision's files."""
    if not revision or revision.startswith("-") or not revision.isprintable():
        raise ConfigurationError(
            f"{given[:200]!r} is no folder, file, wheel or git revision; check the path"
        )
    found = _run("rev-parse", "--verify", "--quiet", f"{revision}^{{tree}}")
    if found.returncode:
        inside = _run("rev-parse", "--git-dir")
        why = (
            "and the repository has no such revision"
            if inside.returncode == 0
            else "and the current folder is in no git repository"
        )
        raise ConfigurationError(
            f"{given[:200]!r} is no folder, file or wheel, {why}; check the name"
        )
    return found.stdout.decode().strip()


def _from_top(path: str, given: str) -> str:
    """A path of a revision as counted from the top of the repository."""
    if path.startswith(("./", "../")) or path == ".":
        path = _git("rev-parse", "--show-prefix").decode().strip() + path
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and not parts:
            raise ConfigurationError(f"{given[:200]!r} leads out of the repository")
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _listed(tree: str, place: str, given: str) -> tuple[dict[str, int], dict[str, str]]:
    """The rule files under a place, or beside it where it is a file: bytes and objects by path."""
    sizes, objects = _entries(tree, place)
    if place in sizes:
        above = PurePosixPath(place).parent
        sizes, objects = _entries(tree, "" if str(above) == "." else str(above))
    return sizes, objects


def _entries(tree: str, place: str) -> tuple[dict[str, int], dict[str, str]]:
    arguments = ["ls-tree", "-r", "-z", "--full-tree", "--long", tree]
    output = _git("--literal-pathspecs", *arguments, *(["--", place] if place else []))
    sizes: dict[str, int] = {}
    objects: dict[str, str] = {}
    for entry in output.split(b"\0"):
        about, tab, raw = entry.partition(b"\t")
        path = raw.decode("utf-8", "surrogateescape")
        told = about.split()
        if tab and len(told) == 4 and told[0] in _FILES and is_rule_file(path):
            sizes[path] = int(told[3])
            objects[path] = told[2].decode()
    return sizes, objects


def _contents(
    wanted: Iterable[str], objects: dict[str, str], sizes: dict[str, int]
) -> Iterator[tuple[str, bytes]]:
    paths = list(wanted)
    small = [path for path in paths if sizes[path] <= LARGEST_FILE]
    asked = "".join(f"{objects[path]}\n" for path in small).encode()
    output = _git("cat-file", "--batch", given=asked)
    start = 0
    for path in small:
        head = output.index(b"\n", start) + 1
        end = head + sizes[path]
        yield path, output[head:end]
        start = end + 1
    # What is too large is refused by the loader, whatever stands in it.
    for path in paths:
        if sizes[path] > LARGEST_FILE:
            yield path, b" " * (LARGEST_FILE + 1)


def _git(*arguments: str, given: bytes = b"") -> bytes:
    done = _run(*arguments, given=given)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise ConfigurationError(f"git failed: {said[0][:200] if said else 'it says nothing'}")
    return done.stdout


def _run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run git without a shell, a prompt, a pager or hooks."""
    command = ["git", "--no-pager", "-c", "core.fsmonitor=false", *arguments]
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}
    try:
        return subprocess.run(
            command,
            input=given,
            capture_output=True,
            check=False,
            timeout=PATIENCE,
            env={**os.environ, **quiet, "LC_ALL": "C"},
        )
    except FileNotFoundError as error:
        raise ConfigurationError(
            "git is not installed, so a git revision cannot be read; name a folder or a wheel"
        ) from error
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise ConfigurationError(f"git failed: {str(error)[:200]}") from error
