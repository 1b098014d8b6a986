"""``redflags fields``: the columns that a file of orders can have."""

from __future__ import annotations

from typing import Annotated

import typer

from redflags.cli import options


def fields(
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option("--format", "-f", metavar="NAME", help="table, json or csv.")
    ] = "table",
) -> None:
    """List the fields of an order: column, kind, meaning, example."""
    from redflags.writers.field_list import write_fields

    with options.standard_output(is_data=format != "table") as stream:
        write_fields(format, stream)
