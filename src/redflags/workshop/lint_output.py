"""What a lint found, as text, JSON, SARIF, or annotations of a GitHub workflow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO
from urllib.parse import quote

from redflags.diagnostics import render
from redflags.rulebook.codes import CODES
from redflags.values.text import display
from redflags.version import __version__
from redflags.workshop.checks import ERROR, Finding, all_checks
from redflags.workshop.lint import LintReport
from redflags.writers.page import counted

FORMATS = ("table", "json", "sarif", "github")
"""The formats of a lint."""


def write_lint(report: LintReport, name: str, stream: TextIO) -> None:
    """Write what a lint found in one of :data:`FORMATS`."""
    if name == "json":
        stream.write(_json(_report(report)))
    elif name == "sarif":
        stream.write(_json(_sarif(report)))
    elif name == "github":
        stream.writelines(_github(report))
    elif report.findings:
        stream.write(_text(report) + "\n")


def summary(report: LintReport) -> str:
    """One line on a lint: what was looked at and what was found."""
    packs = counted(len(report.packs), "pack")
    looked = f"{counted(report.rules, 'rule')} of {packs}"
    if report.overlays:
        overlays = counted(len(report.overlays), "overlay")
        looked = f"{looked} and {overlays}" if report.packs else overlays
    found = f"{counted(report.errors, 'error')}, {report.advice} advice"
    allowed = f", {len(report.allowed)} allowed by comments" if report.allowed else ""
    return f"{looked}: {found}{allowed}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _text(report: LintReport) -> str:
    text = "\n\n".join(
        render([one.diagnostic]) + ("" if one.level == ERROR else "\n  (advice)")
        for one in report.findings
    )
    return "\n".join(display(line) for line in text.split("\n"))


def _report(report: LintReport) -> dict[str, Any]:
    return {
        "packs": list(report.packs),
        "overlays": list(report.overlays),
        "rules": report.rules,
        "errors": report.errors,
        "advice": report.advice,
        "findings": [_finding(one) for one in report.findings],
        "allowed": [{**_finding(one), "reason": reason} for one, reason in report.allowed],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    one = finding.diagnostic
    place = one.place
    return {
        "code": one.code,
        "level": finding.level,
        "message": one.message,
        "about": finding.about or None,
        "file": None if place is None else place.file,
        "line": None if place is None else place.line,
        "column": None if place is None else place.column,
        "remedy": one.remedy,
    }


_SARIF_LEVELS = {"error": "error", "advice": "warning"}
_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def _sarif(report: LintReport) -> dict[str, Any]:
    """SARIF 2.1.0 (OASIS): one run, a rule for each code that was found."""
    found = [(one, None) for one in report.findings]
    found += [(one, reason) for one, reason in report.allowed]  # type: ignore[misc]
    codes = sorted({one.diagnostic.code for one, _ in found})
    described = {check.code: (check.title, check.page.meaning) for check in all_checks()}
    described |= {one.code: (one.title, one.meaning) for one in CODES.values()}
    rules = [
        {
            "id": code,
            "name": code,
            "shortDescription": {"text": described[code][0]},
            "fullDescription": {"text": described[code][1]},
        }
        for code in codes
    ]
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "redflags", "version": __version__, "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "results": [_result(one, reason, codes) for one, reason in found],
            }
        ],
    }


def _result(finding: Finding, reason: str | None, codes: list[str]) -> dict[str, Any]:
    one = finding.diagnostic
    result: dict[str, Any] = {
        "ruleId": one.code,
        "ruleIndex": codes.index(one.code),
        "level": _SARIF_LEVELS[finding.level],
        "message": {"text": f"{one.message}. To do: {one.remedy}."},
    }
    if one.place is not None:
        region = {
            "startLine": one.place.line,
            "startColumn": one.place.column,
            "endColumn": one.place.column + max(1, one.width),
        }
        artifact = {"uri": quote(one.place.file.replace("\\", "/"))}
        result["locations"] = [
            {"physicalLocation": {"artifactLocation": artifact, "region": region}}
        ]
    if reason is not None:
        result["suppressions"] = [{"kind": "inSource", "justification": reason}]
    return result


def _github(report: LintReport) -> Iterator[str]:
    """Workflow commands; what would end one early is written in per cents."""
    for finding in report.findings:
        one = finding.diagnostic
        kind = "error" if finding.level == ERROR else "warning"
        where = ""
        if one.place is not None:
            where = (
                f"file={_property(one.place.file)},line={one.place.line},col={one.place.column},"
            )
        message = _data(f"{one.message} – {one.remedy}" if one.remedy else one.message)
        yield f"::{kind} {where}title={_property(one.code)}::{message}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
