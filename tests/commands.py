"""Running the command as a user does: in an empty folder, with a standard input of its own."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from unittest import mock


class Finished(NamedTuple):
    """What a command left: exit code, standard output, standard error."""

    code: int
    stdout: str
    stderr: str


def redflags(
    *arguments: str,
    given: str | bytes = b"",
    files: Mapping[str, str | bytes] | None = None,
    variables: Mapping[str, str] | None = None,
) -> Finished:
    """Run ``redflags`` with these arguments, this standard input and these files beside it.

    It runs within this process, which is many times faster; ``tests/test_cli_process.py`` shows for
    each command that a process of its own says the same.
    """
    from redflags.cli.main import main

    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    stdin = io.TextIOWrapper(io.BytesIO(_bytes(given)), encoding="utf-8")
    before = gc.get_threshold()
    with (
        _folder(files),
        mock.patch.dict(os.environ, _environment(variables), clear=True),
        mock.patch.object(sys, "stdin", stdin),
        contextlib.redirect_stdout(streams[0]),
        contextlib.redirect_stderr(streams[1]),
    ):
        try:
            code = main(list(arguments))
        finally:
            gc.set_threshold(*before)
    for stream in streams:
        stream.flush()
    out, err = (stream.buffer.getvalue().decode() for stream in streams)  # type: ignore[attr-defined]
    return Finished(code, out, err)


def redflags_process(
    *arguments: str,
    given: str | bytes = b"",
    files: Mapping[str, str | bytes] | None = None,
    variables: Mapping[str, str] | None = None,
) -> Finished:
    """The same in a process of its own."""
    with _folder(files):
        finished = subprocess.run(
            [sys.executable, "-m", "redflags", *arguments],
            input=_bytes(given),
            env=_environment(variables),
            capture_output=True,
            check=False,
        )
    return Finished(finished.returncode, finished.stdout.decode(), finished.stderr.decode())


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _environment(variables: Mapping[str, str] | None) -> dict[str, str]:
    """The variables of this process without those that change what a command does."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("REDFLAGS_", "COLUMNS", "NO_COLOR", "FORCE_COLOR"))
    }
    return kept | {"PYTHONUTF8": "1"} | dict(variables or {})


@contextlib.contextmanager
def _folder(files: Mapping[str, str | bytes] | None) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name, content in (files or {}).items():
            Path(name).write_bytes(_bytes(content))
        yield
