"""A CSV of flags for spreadsheets: one row for each flag of each alert."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import TextIO

from redflags.model.report import Report
from redflags.model.results import Assessment, LinePlace

COLUMNS = (
    "order_id",
    "file",
    "rows",
    "score",
    "bits",
    "band",
    "action",
    "stop",
    "rule",
    "title",
    "severity",
    "fact",
    "share",
    "sentence",
)
"""The columns, in order. A flag's file and rows are those that it speaks of."""

_STEERS_A_SPREADSHEET = ("=", "+", "-", "@", "\t", "\r")


def write_csv(report: Report, stream: TextIO) -> None:
    """Write the header and a row for each flag, alerts in the order of the report."""
    # Line ends as in RFC 4180; with any other the csv module leaves a lone CR unquoted.
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for assessment in report.assessments:
        writer.writerows([_harmless(cell) for cell in row] for row in _flag_rows(assessment))


def write_set_aside(report: Report, stream: TextIO) -> None:
    """Write the rows that could not be split into cells as CSV: where each stands, why, and the
    row itself, to be mended and taken back."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(("file", "row", "line", "reason", "text"))
    for row in report.summary.rows_set_aside:
        cells = (row.file, str(row.row), str(row.line), row.reason, row.text)
        writer.writerow([_harmless(cell) for cell in cells])


def _flag_rows(assessment: Assessment) -> Iterator[tuple[str, ...]]:
    for flag in assessment.flags:
        lines = flag.lines or assessment.lines
        yield (
            assessment.order_id,
            "; ".join(dict.fromkeys(line.file for line in lines if line.file is not None)),
            _rows(lines),
            f"{assessment.score:.1f}",
            str(assessment.bits),
            assessment.band,
            "; ".join(assessment.action),
            "yes" if flag.kind == "stop" else "no",
            flag.rule,
            flag.title,
            flag.severity or "",
            flag.fact or "",
            str(flag.share),
            flag.sentence,
        )


def _rows(lines: Sequence[LinePlace]) -> str:
    return "; ".join(str(line.row) for line in lines if line.row is not None)


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula, and that every encoding can write."""
    if cell.startswith(_STEERS_A_SPREADSHEET):
        cell = "'" + cell
    return cell.encode("utf-8", "backslashreplace").decode("utf-8")
