"""The JSON report: one object with the run, the summary and the assessments."""

from __future__ import annotations

from typing import TextIO

from redflags.model.results import Report
from redflags.writers.json_text import json_text


def write_json(report: Report, stream: TextIO) -> None:
    """Write the report as one JSON object, assessment by assessment."""
    stream.write('{\n  "run": ' + _indented(json_text(report.run, indent=2), 2))
    stream.write(',\n  "summary": ' + _indented(json_text(report.summary, indent=2), 2))
    stream.write(',\n  "assessments": [')
    for number, assessment in enumerate(report.assessments):
        stream.write(",\n    " if number else "\n    ")
        stream.write(_indented(json_text(assessment, indent=2), 4))
    stream.write("\n  ]\n}\n" if report.assessments else "]\n}\n")


def _indented(text: str, spaces: int) -> str:
    return text.replace("\n", "\n" + " " * spaces)
