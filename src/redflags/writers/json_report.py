"""The JSON report: one object with the run, the summary, the assessments, and what is
new since an earlier run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from redflags.model.report import Report
from redflags.model.results import Assessment
from redflags.writers.json_text import indented, json_text

if TYPE_CHECKING:
    from redflags.writers.explanation import CloseRule


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
