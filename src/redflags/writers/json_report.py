"""The JSON report: one object with the run, the summary, the assessments and the cases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from redflags.model.report import Report
from redflags.writers.json_text import indented, json_text


def write_json(report: Report, stream: TextIO) -> None:
    """Write the report as one JSON object, assessment by assessment and case by case."""
    stream.write('{\n  "run": ' + _moved(json_text(report.run), 2))
    stream.write(',\n  "summary": ' + _moved(json_text(report.summary), 2))
    _write_array("assessments", report.assessments.json(), stream)
    _write_array("cases", report.cases.json(), stream)
    stream.write("\n}\n")


def _write_array(name: str, lines: Iterable[bytes], stream: TextIO) -> None:
    stream.write(f',\n  "{name}": [')
    number = -1
    for number, line in enumerate(lines):
        stream.write(",\n    " if number else "\n    ")
        stream.write(_moved(indented(line), 4))
    stream.write("\n  ]" if number >= 0 else "]")


def _moved(text: str, spaces: int) -> str:
    return text.replace("\n", "\n" + " " * spaces)
