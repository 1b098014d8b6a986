"""Running the command as a user does: a process of its own, in an empty folder."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


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
    """Run ``redflags`` with these arguments, this standard input and these files beside it."""
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("REDFLAGS_", "COLUMNS", "NO_COLOR", "FORCE_COLOR"))
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (files or {}).items():
            data = content.encode() if isinstance(content, str) else content
            (Path(folder) / name).write_bytes(data)
        finished = subprocess.run(
            [sys.executable, "-m", "redflags", *arguments],
            input=given.encode() if isinstance(given, str) else given,
            cwd=folder,
            env=environment | {"PYTHONUTF8": "1"} | dict(variables or {}),
            capture_output=True,
            check=False,
        )
    return Finished(finished.returncode, finished.stdout.decode(), finished.stderr.decode())


def redflags_in_process(*arguments: str, files: Mapping[str, str] | None = None) -> Finished:
    """The same within this process, which is many times faster: for commands that are tried in
    many ways."""
    from redflags.cli.main import main

    out, err = io.StringIO(), io.StringIO()
    before = gc.get_threshold()
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        for name, content in (files or {}).items():
            Path(name).write_bytes(content.encode())
        try:
            code = main(list(arguments))
        finally:
            gc.set_threshold(*before)
    return Finished(code, out.getvalue(), err.getvalue())
