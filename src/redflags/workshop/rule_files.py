"""Rule files out of something that is no folder: laid out in a temporary one, within bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from redflags.errors import ConfigurationError
from redflags.rulebook.packs import PACK_FILE
from redflags.rulebook.yaml_text import LARGEST_FILE

MOST_FILES: Final = 5_000
"""Rule files that are read out of one wheel or one revision."""

MOST_BYTES: Final = 64_000_000
"""Bytes of all these files together."""

_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Listed:
    """The rule files of a wheel or a revision. ``sizes`` has the bytes of each by its path, with
    slashes; ``read`` gives their contents. ``name`` is what the user called the whole, and
    ``folder`` the name of its top folder."""

    name: str
    folder: str
    sizes: Mapping[str, int]
    read: Callable[[Iterable[str]], Iterator[tuple[str, bytes]]]


def is_rule_file(path: str) -> bool:
    """Whether a path can be that of a rule file, and can be laid out safely."""
    parts = path.split("/")
    return path.endswith(_ENDINGS) and all(
        part not in ("", ".", "..") and not set(part) & {"\\", "\0", ":"} for part in parts
    )


def root_of(paths: Iterable[str], name: str) -> str:
    """The folder of the rules among these paths: the one called ``rules`` that is nearest to the
    top, else the one that holds the packs.

    Raises :class:`ConfigurationError` where there is none, or several as near.
    """
    folders: dict[PurePosixPath, None] = {}
    packs: dict[PurePosixPath, None] = {}
    for path in paths:
        place = PurePosixPath(path).parent
        if path.endswith("/" + PACK_FILE) or path == PACK_FILE:
            packs.setdefault(place)
        for one in (place, place.parent):
            if one.name == "rules":
                folders.setdefault(one)
    found = _nearest(folders) or _nearest({_holder(pack): None for pack in packs})
    if len(found) == 1:
        return "" if str(found[0]) == "." else str(found[0])
    if not found:
        raise ConfigurationError(f"{name} holds no rules: no folder `rules` and no {PACK_FILE}")
    told = ", ".join(str(one) for one in found[:5])
    raise ConfigurationError(f"{name} has several folders of rules: {told}; name one of them")


def _holder(pack: PurePosixPath) -> PurePosixPath:
    """The folder that holds a pack; of a pack at the top the top itself."""
    return pack.parent


def _nearest(folders: Mapping[PurePosixPath, None]) -> list[PurePosixPath]:
    least = min((len(one.parts) for one in folders), default=0)
    return sorted(one for one in folders if len(one.parts) == least)


@contextmanager
def laid_out(listed: Listed, root: str) -> Iterator[Path]:
    """A temporary folder, of the name that it has there, with the rule files of ``root`` and of
    the folders in it.

    Raises :class:`ConfigurationError` for too many or too large files, and where there is none.
    """
    prefix = f"{root}/" if root else ""
    wanted = {
        path: size
        for path, size in listed.sizes.items()
        if path.startswith(prefix) and path[len(prefix) :].count("/") <= 1 and is_rule_file(path)
    }
    if not wanted:
        raise ConfigurationError(f"{listed.name} has no rule files in {root or 'its top folder'}")
    # Of a file that is too long one byte more is taken than may be read: the loader reports it.
    size = sum(min(one, LARGEST_FILE + 1) for one in wanted.values())
    if len(wanted) > MOST_FILES or size > MOST_BYTES:
        raise ConfigurationError(
            f"{listed.name} has {len(wanted):,} rule files of {size:,} bytes; at most "
            f"{MOST_FILES:,} files of {MOST_BYTES:,} bytes together are read"
        )
    with TemporaryDirectory(prefix="redflags-") as temporary:
        top = Path(temporary) / (PurePosixPath(root).name or listed.folder)
        top.mkdir()
        for path, data in listed.read(wanted):
            place = top / path[len(prefix) :]
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(data[: LARGEST_FILE + 1])
        yield top
