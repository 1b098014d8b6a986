"""Reading a workbook, as a program of its own: what breaks here does not break the caller.

The package that reads workbooks is fast and, met by a damaged file, may end the process that it
runs in. So it runs in one of its own, which takes one request a line and answers in lines, all
JSON. It is started by its path and imports nothing of this project but one module beside it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

MOST_MEMORY = 8 << 30
"""Bytes of address space; a sheet of a million rows and 36 columns takes about three of these."""

MOST_SECONDS = 1_800
"""Seconds of computing for one workbook."""

ROWS_AT_ONCE = 500


class Book:
    """An open workbook, of which one sheet at a time is in memory."""

    def __init__(self, path: str, *, by_content: bool) -> None:
        """Open it; ``by_content`` where its suffix says another kind than it is."""
        from python_calamine import CalamineWorkbook

        self._to_text = _typed_text()
        if by_content:
            with open(path, "rb") as stream:
                self._book = CalamineWorkbook.from_filelike(stream)
        else:
            self._book = CalamineWorkbook.from_path(path)
        self._sheet: Any = None

    def sheets(self) -> list[list[Any]]:
        """Name of each sheet of cells, and whether it is shown."""
        from python_calamine import SheetTypeEnum, SheetVisibleEnum

        return [
            [one.name, one.visible == SheetVisibleEnum.Visible]
            for one in self._book.sheets_metadata
            if one.typ == SheetTypeEnum.WorkSheet
        ]

    def top(self, name: str, count: int) -> dict[str, Any] | None:
        """The first rows from the first that is not blank on, and how many are ``above`` them;
        which cells are merged, or None where the format does not say; and how many columns the
        sheet has. None for an empty sheet."""
        sheet = self._loaded(name)
        if sheet.start is None:
            return None
        above = sheet.start[0]
        return {
            "above": above,
            "rows": list(islice(self._texts(sheet, above), count)),
            "merged": sheet.merged_cell_ranges,
            "width": sheet.start[1] + sheet.width,
        }

    def rows(self, name: str, first: int) -> Iterator[list[list[str]]]:
        """The rows from a position on, some at a time."""
        texts = self._texts(self._loaded(name), first)
        while piece := list(islice(texts, ROWS_AT_ONCE)):
            yield piece

    def _loaded(self, name: str) -> Any:
        if self._sheet is None or self._sheet.name != name:
            self._sheet = None
            self._sheet = self._book.get_sheet_by_name(name)
        return self._sheet

    def _texts(self, sheet: Any, first: int) -> Iterator[list[str]]:
        to_text = self._to_text
        if sheet.start is None:
            return
        left = [""] * sheet.start[1]
        for row in islice(sheet.iter_rows(), first, None):
            yield left + [value if type(value) is str else to_text(value) for value in row]


def _typed_text() -> Any:
    """The function of the module beside this one, loaded without the package around it."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "typed_text.py")
    spec = importlib.util.spec_from_file_location("_typed_text", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.typed_text


def fault(error: BaseException) -> dict[str, str]:
    """What is told of an error: its kind (password, system or damaged) and its text."""
    kind = "system" if isinstance(error, OSError) else "damaged"
    if type(error).__name__ == "PasswordError":
        kind = "password"
    return {"fault": kind, "text": str(error)[:300]}


def _limit() -> None:
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 5))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answers(request: dict[str, Any], book: Book | None) -> Iterator[Any]:
    assert book is not None
    if request["ask"] == "sheets":
        yield book.sheets()
    elif request["ask"] == "top":
        yield book.top(request["name"], request["count"])
    else:
        yield from book.rows(request["name"], request["first"])
        yield None


def main() -> None:
    """Answer requests until there are no more. The first argument is the path to import from."""
    sys.path[:] = json.loads(sys.argv[1])
    _limit()
    book: Book | None = None
    for line in sys.stdin.buffer:
        request = json.loads(line)
        try:
            if request["ask"] == "open":
                book = Book(request["path"], by_content=request["by_content"])
                answers: Iterator[Any] = iter([True])
            else:
                answers = _answers(request, book)
            for answer in answers:
                _say({"answer": answer})
        except BaseException as error:  # what Rust code gives up with is no Exception
            _say(fault(error))


def _say(told: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
