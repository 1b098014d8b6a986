"""The JSON report: one object with the run, the summary, the assessments, the cases, and what is
new since an earlier run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

from redflags.model.report import Report
from redflags.model.results import Assessment
from redflags.writers.json_text import indented, json_text

if TYPE_CHECKING:
    from redflags.writers.explanation import CloseRule


def write_json(report: Report, stream: TextIO) -> None:
    """Write the report as one JSON object, assessment by assessment and case by case."""
    stream.write('{\n  "run": ' + _moved(json_text(report.run), 2))
    stream.write(',\n  "summary": ' + _moved(json_text(report.summary), 2))
    _write_array("assessments", report.assessments.json(), stream)
    _write_array("cases", report.cases.json(), stream)
    compared = "null" if report.baseline is None else _moved(json_text(report.baseline), 2)
    stream.write(f',\n  "baseline": {compared}\n}}\n')


def _write_array(name: str, lines: Iterable[bytes], stream: TextIO) -> None:
    stream.write(f',\n  "{name}": [')
    number = -1
    for number, line in enumerate(lines):
        stream.write(",\n    " if number else "\n    ")
        stream.write(_moved(indented(line), 4))
    stream.write("\n  ]" if number >= 0 else "]")


def write_explanation_json(
    assessment: Assessment, close: Sequence[CloseRule], stream: TextIO
) -> None:
    """Write one order with what would change it and the rules that came close, as one object."""
    told = {
        "assessment": assessment.model_dump(),
        "close": [
            {
                "rule": one.rule,
                "title": one.title,
                "severity": one.severity,
                "held": [held.model_dump() for held in one.held],
                "missing": [missing.model_dump() for missing in one.missing],
            }
            for one in close
        ],
    }
    stream.write(json_text(told) + "\n")


def _moved(text: str, spaces: int) -> str:
    return text.replace("\n", "\n" + " " * spaces)
