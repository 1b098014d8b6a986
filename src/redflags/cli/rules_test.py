"""``redflags rules test``: the examples of rules, what they try and what they notice."""

from __future__ import annotations

from typing import Annotated

import typer

from redflags.cli import options
from redflags.errors import ConfigurationError


def run_tests(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH...",
            help="Rule files, folders of packs, overlays. None: the shipped packs.",
        ),
    ] = None,
    coverage: Annotated[
        bool,
        typer.Option(
            "--coverage", help="Name conditions, list entries and lowerings that nothing tries."
        ),
    ] = False,
    mutate: Annotated[
        bool,
        typer.Option("--mutate", help="Change each condition; name changes that nothing notices."),
    ] = False,
    suggest: Annotated[
        bool,
        typer.Option("--suggest", help="Propose examples that would notice those changes."),
    ] = False,
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option("--format", "-f", metavar="NAME", help="table or json.")
    ] = "table",
    alone: Annotated[
        bool, typer.Option("--alone", help="Do not set the shipped packs beside the files.")
    ] = False,
    overlay: options.Overlays = None,
) -> None:
    """Run the examples of rules: what came out otherwise than expected, and the condition that
    decided.

    Exit code 1: an example failed; 2: the rules cannot be loaded.
    """
    from redflags.workshop.rule_tests import rules_tested
    from redflags.workshop.rule_tests_output import FORMATS, summary, write_tested

    if format not in FORMATS:
        raise ConfigurationError(
            f"there is no format {format[:40]!r}; there are {', '.join(FORMATS)}"
        )
    tested = rules_tested(
        paths or [],
        with_coverage=coverage,
        with_mutation=mutate,
        with_suggestions=suggest,
        shipped=not alone,
        overlays=overlay or (),
    )
    with options.standard_output(is_data=format != "table") as stream:
        write_tested(tested, format, stream)
    typer.echo(summary(tested), err=True)
    if tested.failed:
        raise typer.Exit(1)
