"""The view for people: alerts first, then what is missing, then a summary that adds up."""

from __future__ import annotations

from functools import partial
from typing import TextIO

from rich.text import Text

from redflags.model.report import Report
from redflags.model.results import Assessment, Flag
from redflags.weights import BAND_NAMES
from redflags.writers.baseline import write_baseline
from redflags.writers.cases import write_cases
from redflags.writers.gaps import write_gaps
from redflags.writers.local_changes import shaped_text
from redflags.writers.page import STYLES, Page, counted, safe, sentence, where
from redflags.writers.summary import write_summary


def write_table(report: Report, stream: TextIO, *, width: int | None = None) -> None:
    """Write the report for a person at a terminal, or for a text file (100 columns)."""
    page = Page(stream, width=width)
    alerts = [one for one in report.assessments if one.is_alert]
    if report.baseline is not None:
        write_baseline(report.baseline, page)
        page.blank()
    _headline(report, page)
    for rank, assessment in enumerate(alerts, start=1):
        page.blank()
        _alert(rank, assessment, page)
    hidden = report.summary.alerts - len(alerts)
    if hidden > 0:
        page.blank()
        page.paragraph(
            f"{counted(hidden, 'alert')} with a score below {report.run.settings.min_score:g} "
            "not shown (--min-score)"
        )
    if alerts:
        _hint(alerts[0], page)
    write_cases(report.cases, page, partial(_case_command, report))
    write_gaps(report.assessments, page)
    _silent([one for one in report.assessments if not one.is_alert and not one.incomplete], page)
    write_summary(report, page)


def _headline(report: Report, page: Page) -> None:
    summary = report.summary
    if summary.alerts == 0:
        page.heading(f"No rule matched in {counted(summary.orders, 'order')}")
        return
    bands = ", ".join(
        f"{summary.bands[band]:,} {band}"
        for band in reversed(BAND_NAMES[1:])
        if summary.bands.get(band)
    )
    orders = counted(summary.orders, "order")
    verb = "raises" if summary.alerts == 1 else "raise"
    page.heading(f"{summary.alerts:,} of {orders} {verb} red flags: {bands}")


def _alert(rank: int, assessment: Assessment, page: Page) -> None:
    number = f"{rank}."
    band = "stop" if assessment.stop else assessment.band
    page.spread(
        [
            (f"{number:<3} {_actions(assessment)}", "bold"),
            (_grade(assessment), band),
            (f"order {assessment.order_id}", "bold"),
            (where(assessment.lines), "quiet"),
        ]
    )
    page.labelled("parties", assessment.parties or "not stated", indent=4, label_style="quiet")
    page.labelled("goods", assessment.goods or "not stated", indent=4, label_style="quiet")
    if shaped_text(assessment):
        page.labelled("overlay", shaped_text(assessment), indent=4, label_style="quiet")
    ranked = sorted(assessment.flags, key=lambda flag: (flag.kind != "stop", -flag.share))
    for flag in ranked:
        if flag.kind == "stop" or flag.share > 0:
            _flag(flag, assessment, page)
    beside = [flag.title for flag in ranked if flag.kind != "stop" and flag.share <= 0]
    if beside:
        page.labelled("also", _titles(beside), indent=4, style="quiet", label_style="quiet")


def _actions(assessment: Assessment) -> str:
    return ", ".join(assessment.action).upper() or "NO ACTION"


def _grade(assessment: Assessment) -> str:
    if assessment.stop:
        return f"STOP, score {assessment.score:.1f}" if assessment.bits else "STOP"
    return f"{assessment.band} {assessment.score:.1f}"


def _flag(flag: Flag, assessment: Assessment, page: Page) -> None:
    label = "STOP" if flag.kind == "stop" else flag.severity or "sign"
    page.labelled(
        label,
        Text(safe(sentence(flag.title)), style="bold"),
        indent=4,
        label_style=STYLES.get(label.lower(), ""),
    )
    told = Text(safe(sentence(flag.sentence)))
    if len(assessment.lines) > 1 and flag.lines and set(flag.lines) != set(assessment.lines):
        told.append(f" [{safe(where(flag.lines))}]", style="dim")
    for lowered in flag.lowered:
        told.append(f" Counts less: {safe(sentence(lowered.because))}", style="dim")
    if told:
        page.labelled("", told, indent=4)


def _titles(titles: list[str]) -> str:
    """Titles of flags that add nothing to the score, as another one says the same."""
    return " ".join(sentence(title) for title in titles) + " (adds nothing to the score)"


def _hint(first: Assessment, page: Page) -> None:
    file = next((line.file for line in first.lines if line.file is not None), None)
    if file is not None and file != "-":
        page.blank()
        page.paragraph(
            f"Evidence, questions to ask and sources: "
            f"redflags explain {_quoted(file)} --order {_quoted(first.order_id)}",
            style="quiet",
        )


def _case_command(report: Report, case_id: str) -> str:
    inputs = [_quoted(read.path) for read in report.run.inputs[:3]]
    more = " …" if len(report.run.inputs) > 3 else ""
    return f"redflags case {' '.join(inputs)}{more} --case {case_id}"


def _quoted(word: str) -> str:
    plain = all(letter.isalnum() or letter in "._-/:@+" for letter in word)
    return word if word and plain else "'" + word.replace("'", "'\\''") + "'"


def _silent(assessments: list[Assessment], page: Page) -> None:
    if not assessments:
        return
    page.blank()
    page.heading(f"No rule matched what the file states: {counted(len(assessments), 'order')}")
    for one in assessments:
        page.spread([(one.order_id, ""), (where(one.lines), "quiet"), (one.goods, "")])
