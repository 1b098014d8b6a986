"""The report as Markdown: for a ticket, a wiki or a mail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from redflags.model.comparisons import Baseline
from redflags.model.report import Report
from redflags.model.results import Assessment, Flag
from redflags.weights import BAND_NAMES
from redflags.writers.baseline import by_kind, change_told, counts_told
from redflags.writers.gaps import find_gaps
from redflags.writers.harmless import markdown_text
from redflags.writers.local_changes import change_lines, changed_text, overlay_text, shaped_text
from redflags.writers.page import counted, listed, safe, sentence, where
from redflags.writers.unsaid import undecided_columns


def write_markdown(report: Report, stream: TextIO) -> None:
    """Write what to do, each alert with its flags and questions, and what the run rested on."""
    for line in _lines(report):
        stream.write(line + "\n")


def _lines(report: Report) -> Iterator[str]:
    summary = report.summary
    yield f"# {summary.alerts:,} of {counted(summary.orders, 'order')} with red flags"
    yield ""
    yield (
        "A score orders by urgency; it is no probability. A place says nothing about the people "
        "who live there. A flag states facts of an order and accuses nobody."
    )
    if report.baseline is not None:
        yield from _since(report.baseline)
    yield ""
    yield "| Order | Action | Urgency | What stands out | Parties | Goods |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for one in report.assessments:
        if one.is_alert:
            yield "| " + " | ".join(_cells(one)) + " |"
    hidden = summary.alerts - sum(one.is_alert for one in report.assessments)
    if hidden > 0:
        least = f"{report.run.settings.min_score:g}"
        yield ""
        yield f"{counted(hidden, 'alert')} with a score below {least} not shown."
    for one in report.assessments:
        if one.is_alert:
            yield from _alert(one)
    yield from _missing(report)
    yield from _summary(report)


MOST_CHANGED = 50
"""Orders of one kind of change that are told; the rest is a count."""

_MOST_SET_ASIDE = 10


def _since(found: Baseline) -> Iterator[str]:
    """What is new, gone and changed since an earlier run."""
    yield ""
    yield f"## Since {markdown_text(found.path)}"
    yield ""
    yield f"Alerts: {counts_told(found)}."
    for kind, orders in by_kind(found).items():
        yield ""
        for one in orders[:MOST_CHANGED]:
            told = markdown_text(change_told(one))
            yield f"- **{kind}** {markdown_text(one.order_id)}: {told}"
        if len(orders) > MOST_CHANGED:
            more = counted(len(orders) - MOST_CHANGED, "more order")
            yield f"- and {more} {kind}; the JSON of the same check has them all"
    if found.notes:
        yield ""
    for note in found.notes:
        yield f"- note: {markdown_text(note)}"
    yield ""
    yield "## Alerts"


def _cells(one: Assessment) -> Iterator[str]:
    yield markdown_text(one.order_id)
    yield ", ".join(one.action) or "none"
    yield ("stop" if one.stop else one.band) + f" {one.score:.1f}"
    more = f" and {len(one.flags) - 1} more" if len(one.flags) > 1 else ""
    yield markdown_text(sentence(one.flags[0].title)) + more
    yield markdown_text(one.parties or "not stated")
    yield markdown_text(one.goods or "not stated")


def _alert(one: Assessment) -> Iterator[str]:
    yield ""
    yield f"## Order {markdown_text(one.order_id)}"
    yield ""
    yield f"- action: {', '.join(one.action) or 'none'}"
    yield f"- urgency: {'stop' if one.stop else one.band}, score {one.score:.1f} of 100"
    yield f"- parties: {markdown_text(one.parties or 'not stated')}"
    yield f"- goods: {markdown_text(one.goods or 'not stated')}"
    if where(one.lines):
        yield f"- where: {markdown_text(where(one.lines))}"
    if shaped_text(one):
        yield f"- overlay: {markdown_text(shaped_text(one))}"
    yield ""
    for flag in one.flags:
        if flag.kind == "stop" or flag.share > 0:
            yield from _flag(flag)
    beside = [flag.title for flag in one.flags if flag.kind != "stop" and flag.share <= 0]
    if beside:
        told = markdown_text(" ".join(map(sentence, beside)))
        yield f"- also, adding nothing to the score: {told}"
    asked = dict.fromkeys((ask.of, ask.text) for flag in one.flags for ask in flag.ask)
    if asked:
        yield ""
        yield "Questions before the goods leave:"
        yield ""
        for of, text in sorted(asked, key=lambda ask: ask[0] == "customer"):
            yield f"- [ ] {markdown_text(of)}: {markdown_text(text)}"


def _flag(flag: Flag) -> Iterator[str]:
    grade = "stop" if flag.kind == "stop" else flag.severity or "sign"
    share = f", adds {flag.share / 1000:.3f} bits" if flag.kind != "stop" else ""
    yield f"- **{markdown_text(sentence(flag.title))}** ({grade}{share}; `{_code(flag.rule)}`)"
    yield f"  {markdown_text(sentence(flag.sentence))}"
    for lowered in flag.lowered:
        yield f"  Counts less: {markdown_text(sentence(lowered.because))}"
    for change in flag.shaped_by:
        yield f"  {markdown_text(changed_text(change, flag.rule))}"


def _code(name: str) -> str:
    """A rule's name between backticks, which it cannot hold itself."""
    return safe(name).replace("`", "")


def _missing(report: Report) -> Iterator[str]:
    ranked, _ = find_gaps(report.assessments)
    if not ranked:
        return
    yield ""
    yield "## Missing facts that could lift an order"
    yield ""
    for gap in ranked[:20]:
        orders = markdown_text(listed(list(gap.band_of), 6))
        yield f"- {markdown_text(sentence(gap.told))} Orders {orders}."


def _summary(report: Report) -> Iterator[str]:
    summary, run = report.summary, report.run
    bands = ", ".join(f"{name} {summary.bands[name]:,}" for name in reversed(BAND_NAMES)
                      if summary.bands.get(name))  # fmt: skip
    yield ""
    yield "## What this rests on"
    yield ""
    yield (
        f"- rows read {summary.read:,} = assessed {summary.assessed:,} + set aside "
        f"{summary.set_aside:,}"
    )
    for row in summary.rows_set_aside[:_MOST_SET_ASIDE]:
        yield f"  - {markdown_text(f'{row.file}:{row.row} {row.reason}')}"
    yield f"- orders by band: {bands or 'none'}"
    if summary.misread_cells:
        yield f"- {counted(summary.misread_cells, 'cell')} not understood, taken as unknown"
    yield (
        f"- the columns allow {summary.coverage.judgeable:,} of "
        f"{counted(summary.coverage.rules, 'rule')}"
    )
    yield f"- as of {run.as_of or 'no day'}, redflags {run.version}, rule book `{run.rules_sha256}`"
    for overlay in run.overlays:
        yield f"- overlay {markdown_text(overlay_text(overlay))}, SHA-256 `{overlay.sha256}`"
        for line in change_lines(overlay):
            yield f"  - {markdown_text(line)}"
    for one in run.inputs:
        yield f"- file {markdown_text(one.path)}, SHA-256 `{one.sha256}`"
        for told in undecided_columns(one):
            yield f"  - {markdown_text(told)}; a mapping says which"
