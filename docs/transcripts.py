"""Fills in what commands and programs print, on every page that shows them.

A page is worked through from top to bottom in an empty folder that has ``examples/`` in it:

- ``<!-- file: NAME -->`` before a fenced block: the block is the content of that file.
- a ``console`` block: after each ``$ command`` stands what the command prints.
- ``<!-- show: 1-20 -->`` before it: only these lines. ``<!-- show: "Summary" 3 -->``: three lines
  from the first one that begins so. Several parts are separated by a semicolon.
- ``<!-- prints -->`` before a ``text`` block: what the ``python`` block before it prints.
- ``<!-- not run: WHY -->``: the block is left as it is; tests/test_docs_blocks.py lists these.
- ``<!-- wrong: CODES -->`` before a file that is meant to be refused or found fault with, with the
  codes of its findings, or without any where it is no rule file.
- ``<!-- part of: PACK/RULE -->`` before lines of a shipped rule.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from redflags.cli.main import main as redflags

ROOT = Path(__file__).resolve().parent.parent
AS_OF = "2026-11-30"
"""The day on which every command of the documentation is taken to run."""

_BLOCK = re.compile(
    r"(?P<before>(?:^<!--[^\n]*-->\n)*)^```(?P<language>[a-z]*)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_DIRECTIVE = re.compile(
    r"<!-- (?P<name>file|show|prints|not run|wrong|part of)(?:: (?P<value>.*?))? -->"
)


def filled_in(page: str) -> str:
    """The page with all that it shows of output made anew."""
    with _folder():
        state = _State()
        return _BLOCK.sub(lambda block: state.block(block), page)


class _State:
    """One page on the way from top to bottom."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"__name__": "__page__"}
        self.printed = ""

    def block(self, block: re.Match[str]) -> str:
        directives = {
            found["name"]: found["value"] for found in _DIRECTIVE.finditer(block["before"])
        }
        language, body = block["language"], block["body"]
        if "not run" in directives:
            return block[0]
        if "file" in directives:
            path = Path(directives["file"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, encoding="utf-8")
        elif language == "console":
            body = _console(body, directives.get("show"))
        elif language == "python":
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                exec(compile(body, "page", "exec"), self.names)
            self.printed = printed.getvalue()
        elif "prints" in directives:
            body = self.printed
        return f"{block['before']}```{language}\n{body}```"


def _console(body: str, show: str | None) -> str:
    shown = []
    for line in body.splitlines():
        if line.startswith("$ "):
            output = run(line[2:])
            shown.append(f"{line}\n{_excerpt(output, show)}")
    return "".join(shown)


def _excerpt(output: str, show: str | None) -> str:
    if show is None:
        return output
    lines = output.splitlines()
    parts: list[str] = []
    end = 0
    for part in show.split(";"):
        first, last = _range(part.strip(), lines)
        if first > end:
            parts.append("…")
        parts += lines[first:last]
        end = last
    if end < len(lines):
        parts.append("…")
    return "".join(f"{line}\n" for line in parts)


def _range(part: str, lines: list[str]) -> tuple[int, int]:
    named = re.fullmatch(r'"(.+)" (\d+)', part)
    if named:
        first = next(
            (number for number, line in enumerate(lines) if line.strip().startswith(named[1])), None
        )
        if first is None:
            raise ValueError(f"no line of the output begins with {named[1]!r}")
        return first, min(len(lines), first + int(named[2]))
    first, last = part.split("-")
    return int(first) - 1, min(len(lines), int(last))


def run(command: str) -> str:
    """What a command prints, on both streams."""
    words = shlex.split(command)
    if words[0] == "redflags" and not set(command) & set("|<>;&$"):
        return _in_process(words[1:])
    with tempfile.TemporaryDirectory() as programs:
        for name, arguments in (("redflags", "-m redflags.cli.main "), ("python", "")):
            program = Path(programs) / name
            program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {arguments}"$@"\n')
            program.chmod(0o755)
        done = subprocess.run(
            ["bash", "-c", command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            env={
                **os.environ,
                "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
                "PYTHONPATH": str(ROOT / "src"),
            },
        )
    return done.stdout.decode("utf-8")


def _in_process(arguments: list[str]) -> str:
    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        redflags(arguments)
    printed.flush()
    data = printed.detach().getvalue()  # type: ignore[union-attr]
    return data.decode("utf-8")


@contextlib.contextmanager
def _folder() -> Iterator[None]:
    """An empty folder with the examples in it, as the working folder; settings are put aside."""
    before, environment = Path.cwd(), dict(os.environ)
    for name in environment:
        if name.startswith("REDFLAGS_"):
            del os.environ[name]
    os.environ["REDFLAGS_AS_OF"] = AS_OF
    os.environ["COLUMNS"] = "80"  # the width of help texts
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(
            ROOT / "examples", Path(folder) / "examples", ignore=shutil.ignore_patterns("__*")
        )
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)
            os.environ.clear()
            os.environ.update(environment)
