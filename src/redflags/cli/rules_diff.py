"""``redflags rules diff``: what differs between two versions of rules, and on which orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

from redflags.cli import options
from redflags.cli.groups import DayOptions, InputOptions, grouped
from redflags.cli.progress import progress_on_terminal
from redflags.errors import ConfigurationError

if TYPE_CHECKING:
    from redflags.configuration import Configuration
    from redflags.model.report import Report
    from redflags.rulebook import RuleBook
    from redflags.screener import Engine


@grouped
def diff(
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD",
            help="Rules before: a folder, file or wheel, a git revision (REV or REV:PATH), or "
            "'shipped'.",
        ),
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Rules now, named in the same ways.")],
    *,
    data: Annotated[
        list[str] | None,
        typer.Option(
            "--data",
            metavar="FILE",
            help="Orders to judge with both. Repeatable; no standard input.",
        ),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option("--format", "-f", metavar="NAME", help="table, json or markdown.")
    ] = "table",
    examples: Annotated[
        int, typer.Option(metavar="N", min=0, help="Orders shown of each kind of change.")
    ] = 5,
    with_shipped: Annotated[
        bool | None,
        typer.Option(
            "--with-shipped/--alone",
            help="Set the shipped packs that neither has beside both, or nothing. Without "
            "either: only where the rules refer to them.",
        ),
    ] = None,
    days: DayOptions,
    given: InputOptions,
    history: options.History = None,
    rates: options.RatesFile = None,
    engine: options.EngineName = None,
    config: options.Config = None,
) -> None:
    """Show what differs between two versions of rules: rules added, removed, narrower, wider, the
    step of the version that this deserves; with --data which alerts appear, vanish or change.

    Exit code 0: nothing differs. 1: something does. 2: the rules cannot be used. 3: an input
    cannot be read.
    """
    from redflags.workshop.data_diff import data_diff
    from redflags.workshop.diff_output import FORMATS, summary, write_diff
    from redflags.workshop.rule_diff import rule_diff
    from redflags.workshop.rule_sources import two_sides

    format = "markdown" if format == "md" else format  # noqa: A001
    if format not in FORMATS:
        raise ConfigurationError(
            f"there is no format {format[:40]!r}; there are {', '.join(FORMATS)}"
        )
    found = options.settings(config, days, given, rates=rates, engine=engine)
    files = _files(data)
    sides = two_sides(old, new, with_shipped=with_shipped)
    differing = rule_diff(*sides)
    by_data = None
    if files:
        earlier = _files(history)
        before, after = (_checked(one.book, files, earlier, found) for one in sides)
        by_data = data_diff(before, after, differing.names_before)
    with options.standard_output(is_data=format != "table") as stream:
        write_diff(differing, by_data, format, stream, examples=examples)
    typer.echo(summary(differing, by_data), err=True)
    is_same = differing.is_empty and (by_data is None or by_data.is_empty)
    raise typer.Exit(0 if is_same else 1)


def _files(given: list[str] | None) -> list[str]:
    """The files of orders. Raises ``ConfigurationError`` for standard input, which cannot be read
    twice, and ``InputError``."""
    if not given:
        return []
    if "-" in given:
        raise ConfigurationError(
            "the orders are judged twice, and standard input can be read once; save them to a file"
        )
    return options.expanded(given)


def _checked(book: RuleBook, files: list[str], history: list[str], found: Configuration) -> Report:
    from redflags.policy import Policy
    from redflags.screener import Screener

    screener = Screener(
        book,
        policy=Policy(found.policy),
        as_of=found.as_of,
        lists_as_of=found.lists_as_of,
        engine=cast("Engine", found.engine),
        rates=found.rates,
    )
    with progress_on_terminal() as progress:
        return screener.check_files(
            files,
            encoding=found.encoding,
            delimiter=found.delimiter,
            notation=options.notation(found),
            mapping=options.mapping(found),
            selection=options.selection(found),
            history=history,
            progress=progress,
        )
