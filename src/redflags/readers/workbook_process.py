"""A workbook that is read by a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from redflags.errors import ConfigurationError, InputError
from redflags.readers import workbook_child
from redflags.readers.text_lines import unreadable
from redflags.readers.workbook_guard import locked


class WorkbookProcess:
    """The questions that :class:`~redflags.readers.workbook_child.Book` answers, asked across a
    pipe. Whatever goes wrong on the other side is an :class:`InputError` here."""

    def __init__(self, path: Path, name: str, *, by_content: bool) -> None:
        """Open the workbook. Raises :class:`InputError`, and :class:`ConfigurationError` where
        the package that reads workbooks is missing."""
        try:
            import python_calamine  # noqa: F401 - only to see whether it is there
        except ImportError as error:
            raise ConfigurationError(
                f"{name}: reading a workbook needs the package python-calamine; install it: "
                "pip install 'redflags[excel]'"
            ) from error
        self._name = name
        program = os.path.abspath(workbook_child.__file__)
        try:
            self._process = subprocess.Popen(
                [sys.executable or "python3", "-I", program, json.dumps(sys.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "RUST_BACKTRACE": "0"},
            )
        except OSError as error:
            raise ConfigurationError(
                f"{name}: workbooks are read by a process of their own, which cannot be started: "
                f"{error.strerror or error}"
            ) from error
        try:
            self._one("open", path=os.path.abspath(path), by_content=by_content)
        except BaseException:
            self.close()
            raise

    def sheets(self) -> list[tuple[str, bool]]:
        """Name of each sheet of cells, and whether it is shown."""
        return [(str(name), bool(shown)) for name, shown in self._one("sheets")]

    def top(self, sheet: str, count: int) -> dict[str, Any] | None:
        """The first rows of a sheet, as :meth:`~redflags.readers.workbook_child.Book.top`."""
        found: dict[str, Any] | None = self._one("top", name=sheet, count=count)
        return found

    def rows(self, sheet: str, first: int) -> Iterator[list[str]]:
        """The rows of a sheet from a position on."""
        self._ask("rows", name=sheet, first=first)
        while (rows := self._answer()) is not None:
            yield from rows

    def _one(self, ask: str, **details: Any) -> Any:
        self._ask(ask, **details)
        return self._answer()

    def _ask(self, ask: str, **details: Any) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # that it has gone is seen when it does not answer
            self._process.stdin.write(json.dumps({"ask": ask, **details}).encode() + b"\n")
            self._process.stdin.flush()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        told = self._process.stdout.readline()
        if not told.endswith(b"\n"):
            raise self._damaged("what reads it breaks off, or takes too much memory")
        answer = json.loads(told)
        if "fault" not in answer:
            return answer["answer"]
        if answer["fault"] == "password":
            raise locked(self._name)
        if answer["fault"] == "system":
            raise unreadable(self._name, OSError(answer["text"]))
        raise self._damaged(answer["text"])

    def _damaged(self, reason: str) -> InputError:
        return InputError(
            self._name,
            f"the workbook is damaged: {' '.join(reason.split())[:200]}",
            remedy="save it again",
        )

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process.wait()
