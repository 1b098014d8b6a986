"""``redflags fields``: the columns that a file of orders can have."""

from __future__ import annotations

from typing import Annotated

import typer

from redflags.cli import options


def fields(
    field: Annotated[
        str | None,
        typer.Argument(
            metavar="FIELD",
            help="List the words that this field takes: product.family, buyer.business.",
        ),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option("--format", "-f", metavar="NAME", help="table, json or csv.")
    ] = "table",
) -> None:
    """List the fields of an order: column, kind, meaning, example. With a field: its words."""
    from redflags.writers.field_list import write_fields, write_words

    with options.standard_output(is_data=format != "table") as stream:
        if field is None:
            write_fields(format, stream)
        else:
            write_words(field, format, stream)
