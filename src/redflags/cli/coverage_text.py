"""The coverage of the documented red flags, as text for a terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TextIO

from redflags.rulebook.flag_coverage import FlagCoverage
from redflags.writers.page import Page, counted

FORMATS = ("table", "json")
"""The formats of the coverage."""


def write_coverage(found: Sequence[FlagCoverage], name: str, stream: TextIO) -> None:
    """Write the coverage as ``table`` or ``json``."""
    if name == "json":
        rows = [_row(one) for one in found]
        stream.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    else:
        _table(found, stream)


def _row(one: FlagCoverage) -> dict[str, object]:
    return {
        "flag": one.flag.id,
        "statement": one.flag.statement,
        "fact": one.flag.fact,
        "needs": one.flag.evaluable,
        "by_a_tool": one.flag.automate,
        "rules": list(one.rules),
        "observations": list(one.observations),
        "reason": one.reason,
        "gap": one.gap,
    }


def _table(found: Sequence[FlagCoverage], stream: TextIO) -> None:
    page = Page(stream)
    open_ones = [one for one in found if one.gap]
    by_rule = sum(bool(one.rules) for one in found)
    asked = sum(bool(one.observations) for one in found)
    page.heading(
        f"{len(found) - len(open_ones)} of {counted(len(found), 'documented red flag')} accounted "
        f"for: {by_rule} cited by rules, {asked} asked for, "
        f"{sum(bool(one.reason) for one in found)} with a reason"
    )
    for one in found:
        page.labelled(one.flag.id, one.flag.statement, label_style="heading")
        for rule in one.rules:
            page.labelled("", f"rule {rule}")
        for observation in one.observations:
            page.labelled("", f"asked as {observation}")
        if one.reason:
            page.labelled("", one.reason, style="quiet")
        if one.gap:
            page.labelled("", f"not accounted for: {one.gap}", style="medium")
