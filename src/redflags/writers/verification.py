"""What came of repeating a run, for a person or as JSON."""

from __future__ import annotations

from typing import TextIO

from redflags.model.comparisons import Verification
from redflags.writers.json_text import json_text
from redflags.writers.page import Page, counted, sentence

MOST_OF_A_KIND = 20
"""Differences of one kind that are shown to a person; JSON has them all."""


def write_verification(found: Verification, stream: TextIO, *, as_json: bool = False) -> None:
    """Write whether a run says the same again, or what differs."""
    if as_json:
        stream.write(json_text(found) + "\n")
        return
    page = Page(stream)
    orders = counted(found.orders, "order")
    if found.same:
        page.paragraph(f"same: {orders} judged again say what {found.path} says", style="bold")
    else:
        page.heading(f"Not the same as {found.path}: {orders} judged again")
        last, shown = "", 0
        for number, one in enumerate(found.differences):
            shown = shown + 1 if one.what == last else 1
            if shown <= MOST_OF_A_KIND:
                label = "" if one.what == last else one.what
                page.labelled(label, f"{one.name}: {one.detail}.", label_style="bold")
            last = one.what
            following = found.differences[number + 1 : number + 2]
            if shown > MOST_OF_A_KIND and (not following or following[0].what != last):
                page.labelled("", f"and {shown - MOST_OF_A_KIND} more; --format json has them all")
    for note in found.notes:
        page.labelled("note", sentence(note), style="quiet")
