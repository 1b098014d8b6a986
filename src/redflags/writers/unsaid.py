"""What a result does not say about its input where its format has no room for it."""

from __future__ import annotations

from redflags.model.fields import field_table, roles
from redflags.model.report import Report
from redflags.model.results import InputRead
from redflags.writers.page import counted, listed, safe

WITHOUT_SUMMARY = frozenset({"csv", "jsonl", "parquet"})
"""Formats of alerts alone: they have no summary of what was read."""

_MOST_NAMES = 4


def undecided_columns(read: InputRead) -> list[str]:
    """What the columns that are left out for want of a decision could be, one text for each."""
    told: list[str] = []
    rivals: dict[str, list[str]] = {}
    for name, candidates in read.ambiguous_columns.items():
        if len(candidates) == 1:
            rivals.setdefault(candidates[0], []).append(name)
            continue
        could = " or ".join(path.replace(".", "_") for path in candidates)
        told.append(f"{name} could be {could}")
    for path, names in rivals.items():
        column = path.replace(".", "_")
        if len(names) == 1 and read.unused_columns.count(names[0]) > 1:
            told.append(f"several columns named {names[0]} could be {column}, none is read")
        elif len(names) == 1:
            told.append(f"{names[0]} could be {column}, but {_why_not(path)}, it is not read")
        else:
            told.append(f"{listed(names, _MOST_NAMES)} could each be {column}, none is read")
    return told


def _why_not(path: str) -> str:
    """Why a column that has one meaning only is not taken for it."""
    if path.partition(".")[0] in roles():
        return "neither its name nor its cells say so for sure"
    if field_table()[path].kind.vocabulary is not None:
        return "its cells are not understood as that"
    return "its cells do not say so"


def rows_left_out(report: Report) -> list[str]:
    """That rows were set aside, with the first of them, as a text for standard error."""
    summary = report.summary
    if not summary.set_aside:
        return []
    were = "was" if summary.set_aside == 1 else "were"
    first = next(iter(summary.rows_set_aside), None)
    which = "" if first is None else f", the first {_named(first.file)}:{first.row}: {first.reason}"
    return [
        safe(
            f"{counted(summary.set_aside, 'row')} of {summary.read:,} {were} set aside{which}; "
            "--set-aside FILE writes them"
        )
    ]


def columns_left_out(report: Report) -> list[str]:
    """Which columns are not read, it being undecided what they are: a text for each input."""
    told = ((read.path, undecided_columns(read)) for read in report.run.inputs)
    return [
        safe(f"{_named(path)}: {listed(some, _MOST_NAMES)}; a mapping says which (-m)")
        for path, some in told
        if some
    ]


def _named(path: str) -> str:
    return "stdin" if path == "-" else path
