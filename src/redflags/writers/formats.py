"""The output formats: which there are, how one is chosen, and who writes it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, TextIO

from redflags.errors import ConfigurationError

if TYPE_CHECKING:
    from redflags.model.report import Report

FORMATS: Mapping[str, str] = {
    "table": "for people at a terminal",
    "json": "one object with everything",
    "jsonl": "one assessment a line",
    "csv": "one row for each flag",
    "html": "a page to look at, to print and to pass on",
}
"""Every format with what it is for."""

SUFFIXES: Mapping[str, str] = {
    ".txt": "table",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".html": "html",
    ".htm": "html",
}
"""The format that the suffix of an output file stands for."""


def format_of(name: str | None, output: str | None) -> str:
    """The format to write: the one named, else by the suffix of the output file, else the table.

    Raises :class:`ConfigurationError` if there is no such format, or the suffix stands for none.
    """
    if name is not None:
        if name not in FORMATS:
            raise ConfigurationError(
                f"there is no format {name[:40]!r}; there are {', '.join(FORMATS)}"
            )
        return name
    if output is None or output == "-":
        return "table"
    suffix = PurePath(output).suffix.lower()
    if suffix not in SUFFIXES:
        raise ConfigurationError(
            f"the output file {output!r} does not tell the format; name it with --format, or use "
            f"one of the suffixes {', '.join(SUFFIXES)}"
        )
    return SUFFIXES[suffix]


def write_report(report: Report, name: str, stream: TextIO) -> None:
    """Write a report to a text stream in the format of this name."""
    # Each writer is imported when it is used: rich alone costs more than all the others.
    if name == "table":
        from redflags.writers.table import write_table

        write_table(report, stream)
    elif name == "json":
        from redflags.writers.json_report import write_json

        write_json(report, stream)
    elif name == "jsonl":
        from redflags.writers.json_lines import write_json_lines

        write_json_lines(report, stream)
    elif name == "html":
        from redflags.writers.html.report_page import write_html

        write_html(report, stream)
    else:
        from redflags.writers.csv_alerts import write_csv

        write_csv(report, stream)


def write_set_aside(report: Report, stream: TextIO) -> None:
    """Write the rows that could not be read, with reasons, as CSV."""
    from redflags.writers.csv_alerts import write_set_aside as write

    write(report, stream)
