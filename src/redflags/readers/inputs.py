"""Folders and patterns as inputs: the files that they stand for."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence

from redflags.errors import InputError
from redflags.readers.formats import format_by_name, is_database

_PATTERN = frozenset("*?[")


def expand(inputs: Sequence[str]) -> tuple[list[str], list[str]]:
    """The inputs with each folder and pattern replaced by its files in sorted order, and the
    files passed over: hidden ones, lock files of spreadsheet programs (``~$``), and those whose
    suffix is of no known format.

    A folder stands for the files directly in it, folders within it being passed over too. A file
    whose name holds ``*`` is itself; as in a shell, a pattern fits hidden files only where it says
    the dot. A file named or found twice is read once.

    Raises :class:`InputError` for a folder without a readable file, and a pattern that fits none.
    """
    found: dict[str, None] = {}
    passed_over: list[str] = []
    for one in inputs:
        if one == "-" or is_database(one):
            found[one] = None
        elif os.path.isdir(one):
            names = [os.path.join(one, name) for name in _listed(one)]
            _add(names, (".", "~$"), found, passed_over, "the folder has", one)
        elif _PATTERN.isdisjoint(one) or os.path.lexists(one):
            found[one] = None
        else:
            names = sorted(glob.glob(one, recursive=True))
            _add(names, ("~$",), found, passed_over, "the pattern fits", one)
    return list(found), list(dict.fromkeys(passed_over))


def _listed(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError as error:
        raise InputError(
            folder,
            f"the folder cannot be read: {error.strerror or error}",
            remedy="check its permissions",
        ) from error


def _add(
    names: Sequence[str],
    hidden: tuple[str, ...],
    found: dict[str, None],
    passed_over: list[str],
    what: str,
    source: str,
) -> None:
    count = 0
    for name in names:
        is_hidden = os.path.basename(name).startswith(hidden)
        if os.path.isfile(name) and not is_hidden and format_by_name(name) is not None:
            found[name] = None
            count += 1
        else:
            passed_over.append(name)
    if not count:
        raise InputError(
            source,
            f"{what} no file of a known format",
            remedy="give files such as .csv, .xlsx, .json, .jsonl, .parquet",
        )
