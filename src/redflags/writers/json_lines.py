"""JSON Lines: one assessment a line, in the order in which the orders stand in the input."""

from __future__ import annotations

from typing import TextIO

from redflags.model.report import Report


def write_json_lines(report: Report, stream: TextIO) -> None:
    """Write the report's assessments, each on a line, in the order of their first row."""
    for line in report.assessments.json_by_row():
        stream.write(line.decode() + "\n")
