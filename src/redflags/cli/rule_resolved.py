"""A rule with everything it refers to written out, the origin of each line beside it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TextIO

from redflags.rulebook.tree import Rule
from redflags.workshop.resolved import ResolvedLine
from redflags.writers.page import Page, safe, sentence

WIDEST_ORIGIN = 44
"""Characters of an origin; of a longer one the end is shown."""

NARROWEST_TEXT = 30


def write_resolved(rule: Rule, lines: Sequence[ResolvedLine], stream: TextIO) -> None:
    """The lines of a rule, each with the file and line it comes from; a star marks those of an
    overlay. Below them stands why they are so."""
    page = Page(stream)
    widest = max((len(line.origin) for line in lines), default=0)
    left = min(widest, WIDEST_ORIGIN)
    for line in lines:
        origin = line.origin
        if len(origin) > left:
            origin = "…" + origin[len(origin) - left + 1 :]
        text = f"# {line.text}" if line.is_remark else line.text
        head = f"{safe(origin):<{left}} {'*' if line.is_local else ' '} {'  ' * line.depth}"
        hanging = " " * (len(head) + 2)
        room = max(page.width, len(head) + NARROWEST_TEXT)
        wrapped = textwrap.wrap(
            safe(text), room, initial_indent=head, subsequent_indent=hanging, break_on_hyphens=False
        )
        for told in wrapped:
            stream.write(told + "\n")
    if not rule.shaped_by:
        return
    page.blank()
    page.heading("Local changes (*)")
    for change in rule.shaped_by:
        own = "" if change.target == rule.name else f"{change.of} {change.target}: "
        by = ", ".join(part for part in (change.author, change.date) if part)
        signed = f" ({by})" if by else ""
        page.labelled(change.overlay, f"{own}{change.what}. {sentence(change.reason)}{signed}")
        page.labelled("", str(change.place), style="quiet")
