"""What the run rested on: counts that add up, what was not read or understood, rules and files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from redflags.model.report import Report
from redflags.model.results import OverlayUsed, Run, Summary
from redflags.writers.html.elements import Child, Markup, bdi, element
from redflags.writers.local_changes import change_lines, overlay_text
from redflags.writers.page import counted, listed
from redflags.writers.unsaid import undecided_columns

MOST_ROWS = 200
"""Rows of a table of what was set aside or not understood."""


def run_section(report: Report) -> Markup:
    """The last section of the page."""
    return element(
        "section",
        element("h2", "What this rests on", id="run"),
        facts(_counts(report.summary)),
        _set_aside(report.summary),
        _misread(report.summary),
        _never(report.summary),
        rules_table(report.run),
        inputs_table(report.run),
        aria_labelledby="run",
    )


def facts(rows: Iterable[tuple[str, Child]]) -> Markup:
    """Labels and what they stand for."""
    return element(
        "dl",
        [[element("dt", label), element("dd", told)] for label, told in rows],
        class_="facts",
    )


def table(
    heads: Sequence[str], rows: Iterable[Sequence[Child]], caption: str, *, more: int = 0
) -> Markup:
    """A table that stacks its cells on a narrow screen."""
    return element(
        "div",
        element(
            "table",
            element("caption", caption),
            element("thead", element("tr", [element("th", one, scope="col") for one in heads])),
            element(
                "tbody",
                [
                    element(
                        "tr",
                        [
                            element("td", cell, data_label=head.lower())
                            for head, cell in zip(heads, row, strict=True)
                        ],
                    )
                    for row in rows
                ],
            ),
            class_="stacks",
        ),
        element("p", f"and {counted(more, 'more row')}", class_="quiet") if more > 0 else None,
    )


def _counts(summary: Summary) -> list[tuple[str, Child]]:
    told: list[tuple[str, Child]] = [
        (
            "Rows",
            f"read {summary.read:,} = assessed {summary.assessed:,} + set aside "
            f"{summary.set_aside:,}",
        ),
        (
            "Orders",
            f"{summary.orders:,}, of which {counted(summary.alerts, 'alert')}; "
            f"{summary.incomplete:,} with a rule that could not be judged",
        ),
    ]
    if summary.duplicate_rows:
        told.append(
            (
                "Repeated",
                f"{counted(summary.duplicate_rows, 'row')} the same as an earlier one in every "
                "column used; judged like any other",
            )
        )
    if summary.misread_cells:
        told.append(
            ("Cells", f"{summary.misread_cells:,} given but not understood, taken as unknown")
        )
    return told


def _folded(label: str, inner: Child) -> Markup:
    return element("details", element("summary", label), inner)


def _set_aside(summary: Summary) -> Markup | None:
    if not summary.set_aside:
        return None
    rows = summary.rows_set_aside[:MOST_ROWS]
    return _folded(
        f"{counted(summary.set_aside, 'row')} set aside",
        table(
            ("File", "Row", "Line", "Why"),
            [(bdi(one.file), f"{one.row}", f"{one.line}", bdi(one.reason)) for one in rows],
            "Rows that could not be split into cells",
            more=summary.set_aside - len(rows),
        ),
    )


def _misread(summary: Summary) -> Markup | None:
    if not summary.misread_cells:
        return None
    cells = summary.misread[:MOST_ROWS]
    return _folded(
        f"{counted(summary.misread_cells, 'cell')} not understood",
        table(
            ("File", "Row", "Column", "Written", "Why"),
            [
                (bdi(one.file), f"{one.row}", bdi(one.column), bdi(one.written[:200]), bdi(one.why))
                for one in cells
            ],
            "Cells that are given but were not understood; their values are unknown",
            more=summary.misread_cells - len(cells),
        ),
    )


def _never(summary: Summary) -> Markup | None:
    never = summary.coverage.never
    if not never:
        return None
    return _folded(
        f"{counted(len(never), 'rule')} that the columns of this input can never trigger",
        element("ul", [element("li", element("code", name)) for name in never]),
    )


def rules_table(run: Run) -> Markup:
    """The rules and settings that were in force, with their hashes."""
    settings = run.settings
    policy = "; ".join(f"{band}: {', '.join(told)}" for band, told in settings.policy.items())
    dates = run.as_of or "not set"
    if run.lists_as_of:
        dates += f"; lists as of {run.lists_as_of}"
    rows: list[tuple[str, Child]] = [
        ("As of", dates),
        ("The line", f"{settings.fail_on} (--fail-on)"),
        ("Policy", policy or "none"),
        ("Profile", settings.profile or "none: every pack"),
        ("Engine", f"{settings.engine}, redflags {run.version}"),
        ("Rule book", element("code", run.rules_sha256)),
    ]
    for label, used in (
        ("Mapping", run.mapping),
        ("Answers", run.answers),
        ("Exchange rates", run.rates),
    ):
        if used is not None:
            rows.append((label, [bdi(used.path), " ", element("code", used.sha256)]))
    packs = [
        (
            one.title,
            element("code", one.id),
            one.version,
            f"{one.rules:,}",
            element("code", one.sha256),
        )
        for one in run.packs
    ]
    return element(
        "div",
        element("h3", "Rules and settings"),
        facts(rows),
        table(("Pack", "Id", "Version", "Rules", "SHA-256"), packs, "Rule packs in force"),
        [_overlay(one) for one in run.overlays],
    )


def _overlay(overlay: OverlayUsed) -> Markup:
    """What a file of local changes changes of the packs."""
    return element(
        "div",
        element("h4", "Local changes: ", bdi(overlay_text(overlay))),
        element("ul", [element("li", bdi(line)) for line in change_lines(overlay)]),
        element("p", "SHA-256 ", element("code", overlay.sha256), class_="quiet"),
    )


def inputs_table(run: Run) -> Markup:
    """The files as they were read, with their hashes."""
    rows = []
    for one in (*run.inputs, *run.history):
        notes = list(one.notes)
        if one in run.history:
            notes.insert(0, "earlier orders, which windows reach into and which are not assessed")
        if one.unused_columns:
            notes.append(f"columns not used: {listed(one.unused_columns, 20)}")
        notes += [f"{told}; a mapping says which" for told in undecided_columns(one)]
        rows.append(
            (
                bdi("standard input" if one.path == "-" else one.path),
                f"{one.rows:,}",
                element("ul", [element("li", bdi(note)) for note in notes]) if notes else "",
                element("code", one.sha256),
            )
        )
    return element(
        "div",
        element("h3", "Files"),
        table(("File", "Rows", "Remarks", "SHA-256"), rows, "Inputs as they were read"),
    )
