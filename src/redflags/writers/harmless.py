"""Texts from outside made harmless for what opens the output: spreadsheets and Markdown.

Terminals have :func:`redflags.writers.page.safe`, pages :mod:`redflags.writers.html.elements`.
"""

from __future__ import annotations

import re
import unicodedata

from redflags.values.text import display

FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠|%")
"""What a spreadsheet may take for the start of a formula or a command, full-width forms too."""

# A spreadsheet that splits at semicolons or tabs would see a cell begin after one of them.
_INNER_START = re.compile('([;\t]\\s*"?)(?=[=+@＝＋＠])')
_MARKDOWN = re.compile(r"([\\`*\[\]#|<>~&!]|(?<![^\W_])_|_(?![^\W_]))")
_MARKDOWN_START = re.compile(r"^(\s*\d*)([-+.)])(?=\s|$)")


def spreadsheet_cell(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula, and that every encoding can write.

    It is as written but for an apostrophe before what would begin a formula, and for characters
    that direct the machine or the eye: these become escapes, or are left out.
    """
    if not cell.isascii() or not cell.isprintable():
        cell = "".join(map(_shown, cell))
    first = cell.lstrip(" \u00a0\u3000")[:1]
    if first in FORMULA_STARTS and first:
        cell = "'" + cell
    if ";" in cell or "\t" in cell:
        cell = _INNER_START.sub(r"\1'", cell)
    return cell


def _shown(character: str) -> str:
    if character.isprintable() or character in "\n\r\t":
        return character
    category = unicodedata.category(character)
    if category == "Cf":  # among them those that turn the direction of reading
        return character if character in "\u200c\u200d" else ""
    if category in ("Zs", "Zl", "Zp"):
        return character if category == "Zs" else " "
    if category in ("Cc", "Cs"):
        code = ord(character)
        return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
    return character


def markdown_text(text: str) -> str:
    """Text from outside as Markdown that is only text: no markup, no HTML, no address."""
    plain = display(text).encode("utf-8", "replace").decode("utf-8")
    plain = _MARKDOWN.sub(r"\\\1", plain)
    plain = _MARKDOWN_START.sub(r"\1\\\2", plain)
    # An address would be made a link by many readers of Markdown.
    return plain.replace("://", ":\\//").replace("www.", "www\\.")
