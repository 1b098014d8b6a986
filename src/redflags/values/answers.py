"""Answers of a person to a question: yes, no or unknown, with who gave it and when in brackets."""

from __future__ import annotations

import re
from dataclasses import replace

from redflags.values.text import fold, shown
from redflags.values.truth import parse_yes_no
from redflags.values.understood import ABSENT, NOT_STATED, Understood

NOT_ASKED = "not asked"
"""What stands in a cell when nobody was asked: the same as no column."""

_WITH_NOTE = re.compile(r"^([^()\[\]]{1,40})[(\[]([^()\[\]]{1,200})[)\]]\s*$")
_NOT_ASKED = frozenset(fold(text) for text in (NOT_ASKED, "not_asked", "nobody was asked"))
_SAID_UNKNOWN = parse_yes_no("unknown").why


def parse_answer(text: str) -> Understood:
    """Yes or no, also as ``yes (A. Example, 2026-01-31)``; the note becomes the explanation.

    An answer that says it is unknown is not stated, like an empty one; one that says that nobody
    was asked is :data:`~redflags.values.understood.ABSENT`, as if there were no such column.
    """
    noted = _WITH_NOTE.match(text)
    answer = text if noted is None else noted[1]
    if fold(answer) in _NOT_ASKED:
        return ABSENT
    found = parse_yes_no(answer)
    if found.value is None and found.why == _SAID_UNKNOWN:
        return Understood(written=text, why=NOT_STATED)
    if noted is None or found.value is None:
        return replace(found, written=text) if text.strip() else found
    parts = [part for part in (found.how, f"answered: {shown(noted[2].strip())}") if part]
    return replace(found, written=text, how="; ".join(parts))


def written_answer(answer: str, by: str = "", on: str = "") -> str:
    """An answer as one text, with who gave it and when; :func:`parse_answer` reads it."""
    parts = (" ".join(re.sub(r"[()\[\]]", " ", part).split()) for part in (by, on))
    note = ", ".join(part for part in parts if part)
    return f"{answer} ({note[:200]})" if note else answer
