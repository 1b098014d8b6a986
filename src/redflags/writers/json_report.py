"""The JSON report: one object with the run, the summary, the assessments, and what is
new since an earlier run."""

from __future__ import annotations

from typing import TextIO

from redflags.model.report import Report
from redflags.writers.json_text import indented, json_text


def write_json(report: Report, stream: TextIO) -> None:
    """Write the report as one JSON object, assessment by assessment."""
    stream.write('{\n  "run": ' + _moved(json_text(report.run), 2))
    stream.write(',\n  "summary": ' + _moved(json_text(report.summary), 2))
    stream.write(',\n  "assessments": [')
    for number, line in enumerate(report.assessments.json()):
        stream.write(",\n    " if number else "\n    ")
        stream.write(_moved(indented(line), 4))
    stream.write("\n  ]" if report.assessments else "]")
    compared = "null" if report.baseline is None else _moved(json_text(report.baseline), 2)
    stream.write(f',\n  "baseline": {compared}\n}}\n')


def _moved(text: str, spaces: int) -> str:
    return text.replace("\n", "\n" + " " * spaces)
