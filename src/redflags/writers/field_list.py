"""The field table as text: the columns that a file of orders can have."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from typing import TextIO

from redflags.diagnostics import nearest
from redflags.errors import ConfigurationError
from redflags.model.fields import Field, field_table, roles

KEYS = ("column", "path", "kind", "meaning", "example", "derived")


def write_fields(name: str, stream: TextIO) -> None:
    """Write every field as ``table``, ``json`` or ``csv``.

    Raises :class:`ConfigurationError` for another format.
    """
    if name == "json":
        rows = [_row(field) for field in field_table().values()]
        stream.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    elif name == "csv":
        writer = csv.DictWriter(stream, KEYS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_row(field) for field in field_table().values())
    elif name == "table":
        _table(stream)
    else:
        raise _no_format(name)


def write_words(path: str, name: str, stream: TextIO) -> None:
    """Write the words that a field takes, each with its meaning, as ``table``, ``json`` or
    ``csv``: the families of goods, the lines of business, the ways of payment.

    Raises :class:`ConfigurationError` for a field that does not exist or takes any text, and for
    another format.
    """
    field = field_table().get(path) or next(
        (one for one in field_table().values() if one.column == path), None
    )
    if field is None:
        close = nearest(path[:60], field_table())
        meant = f"; did you mean {close}?" if close else ""
        raise ConfigurationError(f"there is no field {path[:60]!r}{meant}")
    vocabulary = field.kind.member.vocabulary
    if vocabulary is None:
        raise ConfigurationError(f"{field.path} takes {field.kind.title}, and no fixed words")
    words = vocabulary()
    if name == "json":
        rows = [{"word": word, "meaning": meaning} for word, meaning in words.items()]
        stream.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    elif name == "csv":
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerows([("word", "meaning"), *words.items()])
    elif name == "table":
        _table_of_words(field, words, stream)
    else:
        raise _no_format(name)


def _table_of_words(field: Field, words: Mapping[str, str], stream: TextIO) -> None:
    from redflags.writers.page import Page

    page = Page(stream)
    page.heading(f"Words of {field.path}")
    for word, meaning in words.items():
        page.labelled(word, meaning, label_width=30)


def _no_format(name: str) -> ConfigurationError:
    return ConfigurationError(f"there is no format {name[:40]!r}; there are table, json, csv")


def _row(field: Field) -> dict[str, str | bool]:
    return {
        "column": field.column,
        "path": field.path,
        "kind": field.kind.name,
        "meaning": field.meaning,
        "example": field.example,
        "derived": field.is_derived,
    }


def _table(stream: TextIO) -> None:
    """The fields by group, those of the parties once, as they are the same for each."""
    from redflags.writers.page import Page

    page = Page(stream)
    every = list(field_table().values())
    parties = roles()
    shared = [field for field in every if field.path.startswith("buyer.")]
    other = [
        field
        for field in every
        if field.path.split(".")[0] not in parties or field.path == "end_user.stated"
    ]
    for title, group in (
        ("Stated in the order", [field for field in other if not field.is_derived]),
        ("Worked out, unless the order states it", [field for field in other if field.is_derived]),
        (
            f"Of each party ({', '.join(parties)}): the role and _ before the column",
            shared,
        ),
    ):
        page.heading(title)
        for field in group:
            column = field.column.removeprefix("buyer_") if group is shared else field.column
            mark = " (worked out)" if field.is_derived and group is shared else ""
            page.labelled(
                column, f"{field.meaning}{mark}. Example: {field.example}", label_width=30
            )
        page.blank()
