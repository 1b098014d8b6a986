"""A CSV of flags for spreadsheets: one row for each flag of each alert."""

from __future__ import annotations

import csv
from typing import TextIO

from redflags.model.report import Report
from redflags.writers.flag_rows import COLUMNS as COLUMNS
from redflags.writers.flag_rows import flag_rows
from redflags.writers.harmless import spreadsheet_cell


def write_csv(report: Report, stream: TextIO) -> None:
    """Write the header and a row for each flag, alerts in the order of the report."""
    # Line ends as in RFC 4180; with any other the csv module leaves a lone CR unquoted.
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for assessment in report.assessments:
        for row in flag_rows(assessment):
            told = row | {
                "score": f"{assessment.score:.1f}",
                "stop": "yes" if row["stop"] else "no",
            }
            writer.writerow([spreadsheet_cell(str(told[name])) for name in COLUMNS])


def write_set_aside(report: Report, stream: TextIO) -> None:
    """Write the rows that could not be split into cells as CSV: where each stands, why, and the
    row itself, to be mended and taken back."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(("file", "row", "line", "reason", "text"))
    for row in report.summary.rows_set_aside:
        cells = (row.file, str(row.row), str(row.line), row.reason, row.text)
        writer.writerow([spreadsheet_cell(cell) for cell in cells])
