"""The output formats: which there are, how one is chosen, and who writes it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO, TextIO

from redflags.errors import ConfigurationError

if TYPE_CHECKING:
    from redflags.model.report import Report

FORMATS: Mapping[str, str] = {
    "table": "for people at a terminal",
    "json": "one object with everything",
    "jsonl": "one assessment a line",
    "csv": "one row for each flag",
    "html": "a page to look at, to print and to pass on",
    "md": "Markdown, for a ticket or a mail",
    "xlsx": "a workbook with alerts, flags and questions",
    "parquet": "one row for each flag, for data tools",
}
"""Every format with what it is for."""

BINARY = frozenset({"xlsx", "parquet"})
"""The formats that are no text."""

SUFFIXES: Mapping[str, str] = {
    ".txt": "table",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".html": "html",
    ".htm": "html",
    ".md": "md",
    ".markdown": "md",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
}
"""The format that the suffix of an output file stands for."""


def format_of(name: str | None, output: str | None) -> str:
    """The format to write: the one named, else by the suffix of the output file, else the table.

    Raises :class:`ConfigurationError` if there is no such format, the suffix stands for none, or
    the package that writes it is absent.
    """
    if name is not None:
        if name not in FORMATS:
            raise ConfigurationError(
                f"there is no format {name[:40]!r}; there are {', '.join(FORMATS)}"
            )
        found = name
    elif output is None or output == "-":
        found = "table"
    else:
        suffix = PurePath(output).suffix.lower()
        if suffix not in SUFFIXES:
            raise ConfigurationError(
                f"the output file {output[:200]!r} does not tell the format; name it with "
                f"--format, or use one of the suffixes {', '.join(SUFFIXES)}"
            )
        found = SUFFIXES[suffix]
    if found == "xlsx":
        from redflags.writers.xlsx import check_available

        check_available()
    return found


def formats_of(name: str | None, outputs: Sequence[str]) -> list[tuple[str, str]]:
    """Each output with its format. ``name`` decides that of a single output, and of several that
    of those whose suffix does not tell.

    Raises :class:`ConfigurationError` as :func:`format_of`, or if a file is named twice.
    """
    if not outputs:
        return [("-", format_of(name, None))]
    if len(outputs) == 1:
        return [(outputs[0], format_of(name, outputs[0]))]
    check_named_once(outputs)
    return [
        (one, format_of(None if PurePath(one).suffix.lower() in SUFFIXES else name, one))
        for one in outputs
    ]


def check_named_once(outputs: Sequence[str]) -> None:
    """Raise :class:`ConfigurationError` if two outputs are one file."""
    places: set[str] = set()
    for one in outputs:
        place = one if one == "-" else os.path.realpath(one)
        if place in places:
            raise ConfigurationError(f"the output {one[:200]!r} is named twice")
        places.add(place)


_WRITERS: Mapping[str, tuple[str, str]] = {
    "table": ("table", "write_table"),
    "json": ("json_report", "write_json"),
    "jsonl": ("json_lines", "write_json_lines"),
    "csv": ("csv_alerts", "write_csv"),
    "html": ("html.report_page", "write_html"),
    "md": ("markdown", "write_markdown"),
    "xlsx": ("xlsx", "write_xlsx"),
    "parquet": ("parquet_alerts", "write_parquet"),
}


def write_report(report: Report, name: str, stream: TextIO | BinaryIO) -> None:
    """Write a report in the format of this name: to a stream of bytes for those in
    :data:`BINARY`, to one of text for the others.

    Raises :class:`ConfigurationError` for a format that is not there."""
    if name not in _WRITERS:
        raise ConfigurationError(f"there is no format {name!r}; there are {', '.join(_WRITERS)}")
    # Each writer is imported when it is used: rich alone costs more than all the others.
    module, function = _WRITERS[name]
    getattr(import_module(f"redflags.writers.{module}"), function)(report, stream)


def write_set_aside(report: Report, stream: TextIO) -> None:
    """Write the rows that could not be read, with reasons, as CSV."""
    from redflags.writers.csv_alerts import write_set_aside as write

    write(report, stream)
