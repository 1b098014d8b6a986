"""Whether a file of typed columns can be read without ending the program that reads it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from redflags.errors import ConfigurationError, InputError
from redflags.readers import column_child
from redflags.readers.batches import BATCH_ROWS


def refuse_deadly(path: Path, name: str, kind: str) -> None:
    """Let a process of its own read the file first, once for each state of it.

    A program that carries its Python within itself has none to start: there it is read at once.

    Raises :class:`InputError` if that process is ended by it, :class:`ConfigurationError` if there
    can be none, and ``OSError`` if there is no file.
    """
    found = os.stat(path)
    if getattr(sys, "frozen", False):
        return
    state = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    if not _survives(os.path.abspath(path), kind, name, state):
        raise InputError(
            name,
            "the file is damaged: reading it ends the program that reads",
            remedy="export it again",
        )


@lru_cache(maxsize=512)
def _survives(path: str, kind: str, name: str, state: tuple[int, ...]) -> bool:
    """Whether the process came to its end. ``state`` tells one content of the file from another."""
    program = os.path.abspath(column_child.__file__)
    asked = [json.dumps(sys.path), path, kind, str(BATCH_ROWS)]
    try:
        ran = subprocess.run(
            [sys.executable or "python3", "-I", program, *asked],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "RUST_BACKTRACE": "0"},
            check=False,
        )
    except OSError as error:
        raise _cannot_start(name, error.strerror or str(error)) from error
    words = ran.stdout.decode(errors="replace").split()
    if column_child.READY not in words:
        raise _cannot_start(name, f"{sys.executable or 'python3'} is no Python with polars")
    return column_child.ENDED in words


def _cannot_start(name: str, reason: str) -> ConfigurationError:
    return ConfigurationError(
        f"{name}: such files are first read by a process of their own, which cannot be started: "
        f"{reason}"
    )
