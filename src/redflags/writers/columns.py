"""The columns of a file as text: what each is taken for, why, and how much of it is understood."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TextIO

from redflags.errors import ConfigurationError
from redflags.model.fields import field_table
from redflags.model.survey import ColumnSurvey, FileSurvey
from redflags.values.text import shown
from redflags.writers.open_notation import remedies
from redflags.writers.page import Page, counted

FORMATS = ("table", "json")
"""The formats in which columns are shown."""

_LABEL = 30


def check_format(name: str) -> None:
    """Raise :class:`ConfigurationError` if columns are not written in a format of this name."""
    if name not in FORMATS:
        raise ConfigurationError(
            f"there is no format {name[:40]!r}; there are {', '.join(FORMATS)}"
        )


def write_columns(files: Sequence[FileSurvey], name: str, stream: TextIO) -> None:
    """Write the columns of some files as ``table`` or ``json``.

    Raises :class:`ConfigurationError` for another format.
    """
    check_format(name)
    if name == "json":
        told = {"files": [file.model_dump(mode="json") for file in files]}
        stream.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
        return
    page = Page(stream)
    for number, file in enumerate(files):
        if number:
            page.blank()
        _table(file, page)


def _table(file: FileSurvey, page: Page) -> None:
    looked = counted(file.rows, "row") + (" looked at" if file.complete else ", the first ones")
    aside = f", {file.set_aside:,} of them set aside" if file.set_aside else ""
    page.heading(f"{'stdin' if file.path == '-' else file.path}: {looked}{aside}")
    for note in file.notes:
        page.paragraph(note, style="quiet")
    for column in file.columns:
        _column(column, page)
    for path, text in file.constants.items():
        page.labelled(f"(constant {text[:12]})", field_table()[path].column, label_width=_LABEL)
    page.blank()
    for remedy in remedies(one.why for column in file.columns for one in column.not_understood):
        page.paragraph(f"{remedy[0].upper()}{remedy[1:]}.")
    used = [column for column in file.columns if column.field is not None]
    undecided = [column for column in file.columns if column.undecided]
    page.paragraph(
        f"{counted(len(used), 'column')} of {len(file.columns):,} used"
        + (f", {len(undecided):,} undecided" if undecided else "")
        + ". `--write-mapping FILE` writes what is taken for what, to be edited and given to "
        "`redflags check` with -m."
    )


def _column(column: ColumnSurvey, page: Page) -> None:
    name = shown(column.header, _LABEL - 2) or f"(column {column.position})"
    if column.field is not None:
        page.labelled(
            name,
            f"{column.column}: {_understood(column)}",
            label_width=_LABEL,
            label_style="heading",
        )
    else:
        could = " or ".join(field_table()[path].column for path in column.candidates)
        told = "not used"
        if column.undecided and could:
            told = f"undecided: {could}"
        elif not column.given:
            told = "not used, empty"
        page.labelled(name, told, label_width=_LABEL, style="medium" if column.undecided else "")
    if column.reason:
        page.labelled("", column.reason, label_width=_LABEL, style="quiet")
    if column.samples:
        samples = " · ".join(shown(text, 40) for text in column.samples)
        page.labelled("", samples, label_width=_LABEL, style="quiet")
    for one in column.not_understood:
        why = (
            one.why if one.written.strip() in one.why else f"“{shown(one.written, 40)}”: {one.why}"
        )
        page.labelled("", f"not understood: {why}", label_width=_LABEL)


def _understood(column: ColumnSurvey) -> str:
    if not column.given:
        return "nothing stated"
    if column.understood == column.given:
        return f"{column.given:,} stated, all understood"
    return f"{column.given:,} stated, {column.understood or 0:,} understood"
