"""Tables and words as code, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(one) for one in row) + " |" for row in lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def code(word: str) -> str:
    """A word as code."""
    return f"`{word}`"


def codes(words: Iterable[str]) -> str:
    """Words as code, with commas."""
    return ", ".join(code(word) for word in words)
