"""Files that a command writes: never over what it reads, and none twice."""

from __future__ import annotations

import os
from collections.abc import Iterable

from redflags.configuration import FILE_NAME, Configuration
from redflags.errors import ConfigurationError


def settings_files(found: Configuration, config: str | None, *others: str | None) -> list[str]:
    """The files and folders that settings, rules, a mapping and rates are read from."""
    config = FILE_NAME if config is None else config
    named = (config, found.mapping, found.rates, *found.rules, *found.overlay, *others)
    return [one for one in named if one is not None]


def keep_inputs(files: Iterable[str], output: str | None) -> None:
    """Refuse to write over what is read, a file or one in a folder.

    Raises :class:`ConfigurationError`.
    """
    if output is None or output == "-" or not os.path.exists(output):
        return
    for file in files:
        if file != "-" and os.path.exists(file) and _is_in(file, output):
            raise ConfigurationError(f"the output would be written over the input {file!r}")


def keep_apart(outputs: Iterable[str | None]) -> None:
    """Refuse to write two things to one file. Raises :class:`ConfigurationError`."""
    seen: set[str] = set()
    for output in outputs:
        if output is None or output == "-":
            continue
        place = os.path.realpath(output)
        if place in seen:
            raise ConfigurationError(f"two outputs would be written to one file, {output!r}")
        seen.add(place)


def _is_in(file: str, output: str) -> bool:
    if os.path.samefile(file, output):
        return True
    if not os.path.isdir(file):
        return False
    folder, place = os.path.realpath(file), os.path.realpath(output)
    is_read = place.endswith((".yaml", ".yml", ".csv"))
    return is_read and os.path.commonpath([folder, place]) == folder
