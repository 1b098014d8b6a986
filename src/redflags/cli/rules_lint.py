"""``redflags rules lint``: what is wrong, or will be stumbled over, in rule files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from redflags.cli import options
from redflags.errors import ConfigurationError

if TYPE_CHECKING:
    from redflags.configuration import Configuration
    from redflags.workshop.subject import Stated


def lint(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH...",
            help="Rule files, folders of packs, overlays. None: the shipped packs.",
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Advice counts too: exit code 1 for any finding.")
    ] = False,
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option("--format", "-f", metavar="NAME", help="table, json, sarif or github.")
    ] = "table",
    data: Annotated[
        list[str] | None,
        typer.Option(
            "--data", metavar="FILE", help="Orders: which fields do they state? Repeatable."
        ),
    ] = None,
    alone: Annotated[
        bool, typer.Option("--alone", help="Do not set the shipped packs beside the files.")
    ] = False,
    explain: Annotated[
        str | None,
        typer.Option("--explain", metavar="CODE", help="Show the page of a code instead."),
    ] = None,
    as_of: options.AsOf = None,
    mapping: options.MappingFile = None,
    config: options.Config = None,
) -> None:
    """Lint rules: contradictions, rules that say nothing of their own, lone circumstances that
    raise alarms, words that accuse, missing examples, stale lists.

    Exit code 1: errors were found (with --strict any finding); 2: the rules cannot be loaded.
    """
    from redflags.workshop.lint import lint_paths
    from redflags.workshop.lint_output import FORMATS, summary, write_lint

    if explain is not None:
        _explain(explain)
        return
    if format not in FORMATS:
        raise ConfigurationError(
            f"there is no format {format[:40]!r}; there are {', '.join(FORMATS)}"
        )
    found = options.settings(config, as_of=as_of, mapping=mapping)
    assert found.as_of is not None
    stated = _stated(data, found) if data else None
    report = lint_paths(paths or [], as_of=found.as_of, stated=stated, shipped=not alone)
    with options.standard_output(is_data=format != "table") as stream:
        write_lint(report, format, stream)
    typer.echo(summary(report), err=True)
    if report.cannot_be_loaded:
        raise typer.Exit(2)
    if report.errors or (strict and report.findings):
        raise typer.Exit(1)


def _stated(files: list[str], found: Configuration) -> dict[str, Stated]:
    from redflags.intake import open_orders
    from redflags.intake.survey import survey
    from redflags.workshop.lint import stated_in

    surveys = []
    for file in options.expanded(files):
        source, header = open_orders(file, mapping=options.mapping(found), must_have=False)
        with source:
            surveys.append(survey(source, header, options.notation(found)))
    return stated_in(surveys)


def _explain(code: str) -> None:
    from redflags.workshop.pages import page_of

    with options.standard_output(is_data=False) as stream:
        stream.write(page_of(code))
