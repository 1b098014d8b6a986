"""A page of text for a terminal: labelled paragraphs, wrapped to its width, safe to look at."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.text import Text

from redflags.model.results import LinePlace
from redflags.values.text import display

NARROWEST, WIDEST = 40, 120
"""The widths that are used. Lines over 120 characters tire the eye."""

WIDTH_OF_A_FILE = 100
"""The width where the output is no terminal."""

LABEL = 11
"""Columns of a label: the longest, ``escalation``, and a space."""

STYLES = {
    "stop": "bold white on red",
    "critical": "bold white on red",
    "high": "bold red",
    "medium": "bold yellow",
    "low": "cyan",
    "none": "dim",
    "heading": "bold",
    "quiet": "dim",
}
"""The colour of each band. The word itself always stands beside it."""


class Page:
    """Writes paragraphs to a stream. Texts from outside go through :func:`safe` here, once."""

    def __init__(self, stream: TextIO, *, width: int | None = None) -> None:
        is_terminal = bool(getattr(stream, "isatty", lambda: False)())
        if width is None:
            # Where the output is no terminal, COLUMNS in the environment still decides.
            given = os.environ.get("COLUMNS", "")
            width = shutil.get_terminal_size().columns if is_terminal else WIDTH_OF_A_FILE
            if not is_terminal and given.isdecimal() and len(given) < 5:
                width = int(given)
        self.width = max(NARROWEST, min(WIDEST, width))
        self._console = Console(
            file=stream,
            width=self.width,
            force_terminal=is_terminal,  # FORCE_COLOR must not put escapes into a file
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )

    def blank(self) -> None:
        """An empty line."""
        self._print(Text(""))

    def heading(self, text: str) -> None:
        """A heading with a line under it, as wide as the page."""
        self._wrapped(Text(safe(text), style=STYLES["heading"]), 0)
        self._print(Text("─" * self.width, style=STYLES["quiet"]))

    def spread(self, parts: Iterable[tuple[str, str]], indent: int = 0) -> None:
        """Parts of one line, each with its style, three spaces between them; wrapped if need be
        without breaking a part that fits into a line."""
        line = Text(" " * indent)
        empty = True
        for words, style in parts:
            part = Text(safe(words), style=STYLES.get(style, style))
            if not empty and line.cell_len + 3 + part.cell_len > self.width:
                self._wrapped(line, indent)
                line, empty = Text(" " * indent), True
            if not empty:
                line.append("   ")
            line.append_text(part)
            empty = False
        self._wrapped(line, indent)

    def labelled(
        self,
        label: str,
        text: str | Text,
        *,
        style: str = "",
        indent: int = 0,
        label_style: str = "",
        label_width: int = LABEL,
    ) -> None:
        """A paragraph with a label in a column of its own."""
        body = text if isinstance(text, Text) else Text(safe(text), style=STYLES.get(style, style))
        left = indent + label_width
        lines = body.wrap(self._console, max(20, self.width - left))
        for number, line in enumerate(lines or [Text("")]):
            head = Text(" " * indent)
            if number == 0:
                head.append(safe(label), style=STYLES.get(label_style, label_style))
            head.append(" " * max(1, left - head.cell_len))
            line.rstrip()
            head.append_text(line)
            self._print(head)

    def paragraph(self, text: str, *, style: str = "", indent: int = 0) -> None:
        """A wrapped paragraph."""
        self._wrapped(Text(" " * indent + safe(text), style=STYLES.get(style, style)), indent)

    def _wrapped(self, text: Text, indent: int) -> None:
        if text.cell_len <= self.width:
            self._print(text)
            return
        body = text[indent:]
        for line in body.wrap(self._console, self.width - indent):
            line.rstrip()
            self._print(Text(" " * indent).append_text(line))

    def _print(self, text: Text) -> None:
        text.rstrip()
        if not self._console.is_terminal:
            self._console.file.write(text.plain + "\n")  # half the time of rich's own way
            return
        self._console.print(text, no_wrap=True, overflow="ignore", crop=False)


def safe(text: str) -> str:
    """Text from outside made harmless for a terminal: one line, nothing that steers it."""
    # The same characters as in display(); half characters would stop the stream's encoder.
    return display(text).encode("utf-8", "replace").decode("utf-8")


def sentence(text: str) -> str:
    """The text as a sentence: a capital at the start and a full stop at the end."""
    text = text.strip()
    if not text:
        return ""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "…")) else ".")


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: ``1 order``, ``2 orders``, ``1,200 orders``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(names: Iterable[str], most: int, rest: str = "more") -> str:
    """Names with commas, at most ``most`` of them and the number of the others."""
    names = list(names)
    if len(names) <= most:
        return ", ".join(names)
    return ", ".join(names[:most]) + f" and {len(names) - most:,} {rest}"


def where(lines: Iterable[LinePlace], most: int = 6) -> str:
    """Where lines stand: ``orders.csv:2,3,7``; empty for an order that came from no file."""
    rows: dict[str, list[str]] = {}
    for line in lines:
        if line.file is not None:
            rows.setdefault(line.file, []).append("" if line.row is None else str(line.row))
    told = []
    for file, numbers in rows.items():
        shown = ",".join(numbers[:most]) + (
            f" +{len(numbers) - most}" if len(numbers) > most else ""
        )
        told.append(f"{'stdin' if file == '-' else file}:{shown}")
    return "; ".join(told)
