"""``redflags backtest``: what rules would have caught, on orders whose outcome is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

from redflags.cli import options
from redflags.cli.groups import DayOptions, InputOptions, RuleOptions, grouped
from redflags.cli.outputs import keep_inputs, settings_files
from redflags.cli.progress import progress_on_terminal
from redflags.errors import ConfigurationError

if TYPE_CHECKING:
    from redflags.model.results import Band


@grouped
def backtest(
    *,
    data: Annotated[
        list[str],
        typer.Option("--data", metavar="FILE", help="Orders of the past. Repeatable."),
    ],
    labels: Annotated[
        str,
        typer.Option(
            "--labels",
            metavar="FILE",
            help="A table with order_id and label: of concern, honest, or empty.",
        ),
    ],
    chosen: RuleOptions,
    format: Annotated[  # noqa: A002 - the option's name
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="NAME",
            help="table, json, markdown, html or svg; else by --output.",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to this file, such as a.html."),
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(metavar="BAND", help="The line: low, medium, high or critical."),
    ] = None,
    days: DayOptions,
    given: InputOptions,
    history: options.History = None,
    rates: options.RatesFile = None,
    engine: options.EngineName = None,
    config: options.Config = None,
) -> None:
    """Judge orders of the past whose outcome is known: precision, recall and alert load of each
    rule and band with intervals, what each rule adds, and what another line would catch.

    Orders without a label are never taken for honest. Exit code 0: done, whatever came of it. 2:
    usage, settings or rules are wrong. 3: an input cannot be read.
    """
    from redflags.intake.digests import OrderDigests
    from redflags.workshop.backtest import backtest as worked_out
    from redflags.workshop.backtest_output import format_of, write_backtest
    from redflags.workshop.backtest_words import summary
    from redflags.workshop.labels import read_labels
    from redflags.writers import open_output

    name = format_of(format, output)
    found = options.settings(
        config, chosen, days, given, fail_on=fail_on, rates=rates, engine=engine
    )
    if labels == "-" and "-" in data:
        raise ConfigurationError("orders and labels cannot both come from standard input")
    files = options.expanded(data)
    keep_inputs([*files, labels, *settings_files(found, config)], output)
    known = read_labels(labels)
    screener = options.screener(found)
    digests = OrderDigests()
    line = cast("Band", found.fail_on)
    with progress_on_terminal() as progress:
        report = screener.check_files(
            files,
            encoding=found.encoding,
            delimiter=found.delimiter,
            notation=options.notation(found),
            mapping=options.mapping(found),
            selection=options.selection(found),
            history=options.history(history, screener.rules),
            fail_on=line,
            digests=digests,
            progress=progress,
        )
    present = {number for number, _ in digests.of_orders() if number}
    done = worked_out(report, screener.rules, known, present, line)
    if output is None or output == "-":
        with options.standard_output(is_data=name != "table") as stream:
            write_backtest(done, name, stream)
    else:
        with open_output(output) as stream:
            write_backtest(done, name, stream)
    typer.echo(summary(done) + (f"; written to {output}" if output else ""), err=True)
