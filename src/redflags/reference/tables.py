"""Reading the data files that lie in this package: comma-separated, UTF-8, one header row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.resources import files

SEPARATOR = "|"
"""Between the entries of a cell that holds several."""


def read_rows(name: str) -> Iterator[list[str]]:
    """The rows of the data file ``name`` (without ``.csv``), header left out, cells as text.

    Raises FileNotFoundError if there is no such file.
    """
    rows = csv.reader(_text(name).splitlines(keepends=True))
    next(rows)
    return rows


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of the data file ``name`` as mappings from the header to the text of the cell.

    Raises FileNotFoundError if there is no such file.
    """
    return list(csv.DictReader(_text(name).splitlines(keepends=True)))


def split_cell(cell: str) -> tuple[str, ...]:
    """The entries of a cell that holds several, those that are blank left out."""
    return tuple(entry for entry in cell.split(SEPARATOR) if entry)


def public_id(stored: str) -> str:
    """The id of a family or a line of business as rules write it: with hyphens."""
    return stored.replace("_", "-")


def _text(name: str) -> str:
    source = files("redflags.reference").joinpath("data").joinpath(f"{name}.csv")
    return source.read_text(encoding="utf-8")
