"""What came of the examples of rules, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, TextIO

from redflags.diagnostics import Place
from redflags.values.text import display
from redflags.workshop.coverage import PackCoverage
from redflags.workshop.example_run import Ran
from redflags.workshop.mutation import PackMutation
from redflags.workshop.new_rule import example_text
from redflags.workshop.rule_tests import RulesTested
from redflags.writers.page import Page, counted, listed

FORMATS = ("table", "json")
"""The formats of the command."""

MOST_SHOWN = 25
"""Rows of one sort that a terminal shows; JSON has all of them."""


def write_tested(tested: RulesTested, name: str, stream: TextIO) -> None:
    """Write what came of the examples as ``table`` or ``json``."""
    if name == "json":
        stream.write(json.dumps(_tested(tested), ensure_ascii=False, indent=2) + "\n")
        return
    page = Page(stream)
    for ran in tested.failed:
        _failure(page, ran)
    if tested.without:
        page.paragraph(f"without examples: {listed(tested.without, 10)}")
    if tested.coverage is not None:
        _coverage(page, tested.coverage)
    if tested.mutation is not None:
        _mutation(page, tested.mutation)
    if tested.suggestions:
        page.heading("Examples that would notice more")
        for rule, found in groupby(tested.suggestions, key=lambda one: one.rule.name):
            page.labelled("", f"{rule}:")
            for one in found:
                stream.write(example_text(one.name, one.given, one.expect, one.orders))
        page.blank()


def summary(tested: RulesTested) -> str:
    """One line on the run."""
    packs = counted(len(tested.packs), "pack")
    failed = f"{len(tested.failed)} failed" if tested.failed else "all as expected"
    return (
        f"{counted(tested.examples, 'example')} of {counted(tested.rules, 'rule')} in {packs}: "
        f"{failed}"
    )


def _failure(page: Page, ran: Ran) -> None:
    page.heading(f"{ran.rule.name}: {ran.example.name or 'an example without a name'}")
    page.labelled("expected", ran.example.expect)
    page.labelled("came out", ran.outcome)
    for one in ran.decided:
        page.labelled("because", f"{one.sentence} ({one.test})")
    page.labelled("place", str(ran.example.place), style="quiet")
    page.blank()


def _share(of: tuple[int, int]) -> str:
    done, all_ = of
    return f"{done} of {all_}" if all_ else "none"


def _coverage(page: Page, found: Sequence[PackCoverage]) -> None:
    page.heading("Tried by examples")
    for one in found:
        page.labelled(
            "",
            f"{one.pack}: conditions {_share(one.conditions)}, entries of lists "
            f"{_share(one.entries)}, lowerings {_share(one.lowerings)}",
        )
    page.blank()
    rows = [one for pack in found for one in pack.untried if one.what != "entry"]
    _listed(page, "Never decisive", ((f"{one.about}: {one.text}", one.place) for one in rows))
    by_list: dict[str, list[str]] = {}
    for pack in found:
        for entry in pack.untried:
            if entry.what == "entry":
                by_list.setdefault(entry.about, []).append(entry.text)
    if by_list:
        page.heading("Entries never tried")
        for name in sorted(by_list)[:MOST_SHOWN]:
            page.labelled("", f"{name}: {listed(map(display, by_list[name]), 6)}")
        _rest(page, len(by_list))


def _mutation(page: Page, found: Sequence[PackMutation]) -> None:
    page.heading("Changes that examples notice")
    for one in found:
        noticed = {kind: of for kind, of in one.noticed.items() if of[1]}
        parts = [f"{kind} {_share(of)}" for kind, of in noticed.items()] or ["no changes"]
        page.labelled("", f"{one.pack}: {', '.join(parts)}")
    if len(found) > 1:
        every = [of for one in found for of in one.noticed.values()]
        together = (sum(done for done, _ in every), sum(of for _, of in every))
        page.labelled("", f"together: {_share(together)}")
    page.blank()
    rows = [one for pack in found for one in pack.survivors]
    _listed(page, "Not noticed", ((f"{one.about}: {one.text}", one.place) for one in rows))


def _listed(page: Page, title: str, rows: Iterable[tuple[str, Place]]) -> None:
    found = list(rows)
    if not found:
        return
    page.heading(f"{title} ({len(found)})")
    for text, place in found[:MOST_SHOWN]:
        page.labelled("", f"{text} ({place})")
    _rest(page, len(found))
    page.blank()


def _rest(page: Page, count: int) -> None:
    if count > MOST_SHOWN:
        page.labelled("", f"and {count - MOST_SHOWN} more; `-f json` has all", style="quiet")


def _place(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line, "column": place.column}


def _tested(tested: RulesTested) -> dict[str, Any]:
    found: dict[str, Any] = {
        "packs": list(tested.packs),
        "rules": tested.rules,
        "examples": tested.examples,
        "without_examples": list(tested.without),
        "failed": [
            {
                "rule": ran.rule.name,
                "example": ran.example.name,
                "expected": ran.example.expect,
                "came_out": ran.outcome,
                "because": [{"test": one.test, "sentence": one.sentence} for one in ran.decided],
                **_place(ran.example.place),
            }
            for ran in tested.failed
        ],
    }
    if tested.coverage is not None:
        found["coverage"] = [
            {
                "pack": one.pack,
                "conditions": _counts(one.conditions),
                "entries": _counts(one.entries),
                "lowerings": _counts(one.lowerings),
                "untried": [
                    {"what": row.what, "about": row.about, "text": row.text, **_place(row.place)}
                    for row in one.untried
                ],
            }
            for one in tested.coverage
        ]
    if tested.mutation is not None:
        found["mutation"] = [
            {
                "pack": one.pack,
                "noticed": {kind: _counts(of) for kind, of in one.noticed.items()},
                "survivors": [
                    {"kind": row.kind, "about": row.about, "text": row.text, **_place(row.place)}
                    for row in one.survivors
                ],
            }
            for one in tested.mutation
        ]
    if tested.suggestions is not None:
        found["suggestions"] = [
            {
                "rule": one.rule.name,
                "name": one.name,
                "given": dict(one.given),
                "orders": [dict(order) for order in one.orders],
                "expect": one.expect,
                "notices": one.notices,
            }
            for one in tested.suggestions
        ]
    return found


def _counts(of: tuple[int, int]) -> dict[str, int]:
    return {"done": of[0], "of": of[1]}
