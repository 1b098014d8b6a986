"""JSON Lines: one assessment a line, in the order in which the orders stand in the input."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from redflags.model.results import Assessment, Report
from redflags.writers.json_text import json_text


def write_json_lines(report: Report, stream: TextIO) -> None:
    """Write the report's assessments, each on a line, in the order of their first row."""
    files = {read.path: number for number, read in enumerate(report.run.inputs)}

    def first_row(assessment: Assessment) -> tuple[int, int]:
        first = assessment.lines[0] if assessment.lines else None
        if first is None or first.file is None or first.row is None:
            return (len(files), 0)
        return (files.get(first.file, len(files)), first.row)

    write_assessments(sorted(report.assessments, key=first_row), stream)


def write_assessments(assessments: Iterable[Assessment], stream: TextIO) -> None:
    """Write assessments as they come, one a line."""
    for assessment in assessments:
        stream.write(json_text(assessment) + "\n")
