"""The end of the view for people: counts that add up, what was set aside, what was covered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from redflags.model.report import Report
from redflags.model.results import Coverage, InputRead, Misread, Run, Summary
from redflags.weights import BAND_NAMES
from redflags.writers.local_changes import change_lines, overlay_text
from redflags.writers.open_notation import remedies
from redflags.writers.page import Page, counted, listed
from redflags.writers.unsaid import undecided_columns

MOST_SET_ASIDE = 10
MOST_COLUMNS = 8
MOST_EXAMPLES = 3
MOST_RULES = 6
LONGEST_CELL = 40


def write_summary(report: Report, page: Page) -> None:
    """Write counts, rows set aside, cells not understood, coverage, and what the run rested on."""
    summary = report.summary
    page.blank()
    page.heading("Summary")
    page.labelled(
        "rows",
        f"read {summary.read:,} = assessed {summary.assessed:,} + set aside {summary.set_aside:,}",
    )
    page.labelled(
        "orders",
        f"{summary.orders:,}, of which {counted(summary.alerts, 'alert')}; "
        f"{summary.incomplete:,} with a rule that could not be judged",
    )
    page.labelled("bands", _counts(summary.bands, tuple(reversed(BAND_NAMES))) or "none")
    page.labelled("actions", _counts(summary.actions, ACTIONS) or "none")
    _set_aside(summary, page)
    if summary.duplicate_rows:
        page.labelled(
            "repeated",
            f"{counted(summary.duplicate_rows, 'row')} the same as an earlier one in every column "
            "used; judged like any other",
        )
    _misread(summary, page)
    _coverage(summary.coverage, page)
    _run(report.run, page)
    page.blank()
    page.paragraph(
        "A score orders by urgency; it is no probability. No alert says only that no rule matched "
        "what the file states."
    )


ACTIONS = ("escalate", "hold", "ask", "note")
"""The actions, the gravest first."""


def _counts(counts: Mapping[str, int], order: Sequence[str]) -> str:
    names = [name for name in order if name in counts]
    names += sorted(name for name in counts if name not in order)
    return ", ".join(f"{name} {counts[name]:,}" for name in names if counts[name])


def _set_aside(summary: Summary, page: Page) -> None:
    if not summary.set_aside:
        return
    rows = summary.rows_set_aside
    for number, row in enumerate(rows[:MOST_SET_ASIDE]):
        page.labelled("" if number else "set aside", f"{row.file}:{row.row} {row.reason}")
    more = summary.set_aside - min(len(rows), MOST_SET_ASIDE)
    if more > 0:
        page.labelled("", f"and {counted(more, 'more row')}")


def _misread(summary: Summary, page: Page) -> None:
    if not summary.misread_cells:
        return
    first = f" (examples from the first {len(summary.misread):,})"
    page.labelled(
        "cells",
        f"{summary.misread_cells:,} given but not understood, taken as unknown"
        + (first if len(summary.misread) < summary.misread_cells else ""),
    )
    columns: dict[str, list[Misread]] = {}
    for cell in summary.misread:
        columns.setdefault(cell.column, []).append(cell)
    counts = {column: len(cells) for column, cells in columns.items()}
    counts.update((one.column, one.cells) for one in summary.misread_columns)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for column, count in ranked[:MOST_COLUMNS]:
        cells = columns.get(column, [])
        page.labelled("", f"{column} {count:,}" + (f": {_examples(cells)}" if cells else ""))
    if len(ranked) > MOST_COLUMNS:
        page.labelled("", f"and {counted(len(ranked) - MOST_COLUMNS, 'more column')}")
    for remedy in remedies(cell.why for cell in summary.misread):
        page.labelled("", remedy)


def _examples(cells: Sequence[Misread]) -> str:
    first: dict[str, Misread] = {}
    for cell in cells:
        first.setdefault(cell.written, cell)
    commonest = Counter(cell.written for cell in cells).most_common(MOST_EXAMPLES)
    told = []
    for written, count in commonest:
        others = f" and {counted(count - 1, 'other')}" if count > 1 else ""
        told.append(f"row {first[written].row}{others}, {_reason(first[written])}")
    return "; ".join(told)


def _reason(cell: Misread) -> str:
    """Why it was not understood, with the text unless the reason already holds it."""
    text = cell.written.strip()
    if len(text) > LONGEST_CELL:
        text = text[: LONGEST_CELL - 1] + "…"
    return cell.why if text.removesuffix("…") in cell.why else f"“{text}”: {cell.why}"


def _coverage(coverage: Coverage, page: Page) -> None:
    page.labelled(
        "coverage",
        f"the columns of this input allow {coverage.judgeable:,} of "
        f"{counted(coverage.rules, 'rule')}"
        + (
            f"; never to be triggered: {listed(coverage.never, MOST_RULES)}"
            if coverage.never
            else ""
        ),
    )
    if coverage.helpful:
        told = [f"{one.column} ({counted(one.rules, 'rule')})" for one in coverage.helpful]
        page.labelled("", f"columns that would help most: {listed(told, MOST_RULES)}")


def _run(run: Run, page: Page) -> None:
    packs = [f"{pack.id} {pack.version} ({counted(pack.rules, 'rule')})" for pack in run.packs]
    dates = f"as of {run.as_of}" + (f", lists as of {run.lists_as_of}" if run.lists_as_of else "")
    page.labelled("rules", f"{listed(packs, MOST_RULES) or 'none'}; {dates}")
    for overlay in run.overlays:
        page.labelled("overlay", overlay_text(overlay))
        for line in change_lines(overlay):
            page.labelled("", line)
    for label, inputs in (("input", run.inputs), ("history", run.history)):
        for read in inputs:
            _input(label, read, page)


def _input(label: str, read: InputRead, page: Page) -> None:
    unused = (
        f"; columns not used: {listed(read.unused_columns, MOST_COLUMNS)}"
        if read.unused_columns
        else ""
    )
    page.labelled(label, f"{read.path} ({counted(read.rows, 'row')}{unused})")
    for note in read.notes:
        page.labelled("", note)
    for told in undecided_columns(read)[:MOST_COLUMNS]:
        page.labelled("", f"{told}; a mapping says which (-m)")
