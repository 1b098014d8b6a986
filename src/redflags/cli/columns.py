"""``redflags columns``: what the columns of a file are taken for."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from redflags.cli import options
from redflags.cli.groups import InputOptions, grouped
from redflags.errors import ConfigurationError


@grouped
def columns(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="Files of orders; - is stdin.")
    ],
    *,
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option("--format", "-f", metavar="NAME", help="table or json.")
    ] = "table",
    all_rows: Annotated[
        bool, typer.Option("--all", help="Look at all rows, not only at the first 10,000.")
    ] = False,
    write_mapping: Annotated[
        str | None,
        typer.Option(
            "--write-mapping", metavar="FILE", help="Write a mapping to edit to this new file."
        ),
    ] = None,
    given: InputOptions,
    config: options.Config = None,
) -> None:
    """Show each column of a file: sample values, the field it is taken for and why, or the fields
    it could be, and how many of its values are understood."""
    from redflags.intake import open_orders
    from redflags.intake.survey import ROWS, survey
    from redflags.writers.columns import check_format, write_columns

    check_format(format)
    if write_mapping is not None:
        _check_new(write_mapping, files)
    found = options.settings(config, given)
    surveyed = []
    for file in options.expanded(files):
        source, header = open_orders(
            file,
            encoding=found.encoding,
            delimiter=found.delimiter,
            mapping=options.mapping(found),
            must_have=False,
            selection=options.selection(found),
        )
        with source:
            most = None if all_rows else ROWS
            surveyed.append(survey(source, header, options.notation(found), most))
    if write_mapping is not None:
        from redflags.writers.mapping_file import write_mapping as write
        from redflags.writers.output import open_output

        with open_output(write_mapping) as stream:
            write(surveyed[0], stream)
    with options.standard_output(is_data=format != "table") as stream:
        write_columns(surveyed, format, stream)
    if write_mapping is not None:
        typer.echo(f"a mapping of {files[0]} was written to {write_mapping}", err=True)


def _check_new(path: str, files: list[str]) -> None:
    """Refuse what would be written over, and one mapping of several files."""
    if len(files) > 1:
        raise ConfigurationError("--write-mapping is for one file; give them one after the other")
    if os.path.lexists(path):
        raise ConfigurationError(
            f"cannot write the mapping: {path!r} is there already; name a new file"
        )
