"""``redflags check``: files of orders in, ranked and explained alerts out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from redflags.cli import options
from redflags.cli.groups import DayOptions, InputOptions, RuleOptions, grouped
from redflags.cli.outputs import keep_apart, keep_inputs, settings_files
from redflags.cli.progress import progress_on_terminal
from redflags.errors import ConfigurationError
from redflags.weights import BAND_NAMES

if TYPE_CHECKING:
    from redflags.model.report import Report

MOST_ON_A_PAGE = 200
"""Alerts, the most urgent, for which a page tells what would change them unasked: ten seconds."""

_Line = Literal["low", "medium", "high", "critical"]


@grouped
def check(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="Files of orders, folders, database URLs; - is stdin."),
    ],
    *,
    chosen: RuleOptions,
    format: Annotated[  # noqa: A002 - the option's name
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="NAME",
            help="table, html, md, json, jsonl, csv, xlsx, parquet; else by --output.",
        ),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write to this file, such as a.html. Repeatable."
        ),
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(metavar="BAND", help="Exit 1 from this band: low, medium, high, critical."),
    ] = None,
    min_score: Annotated[
        str | None,
        typer.Option(metavar="N", help="Leave out alerts with a lower score; never stops."),
    ] = None,
    days: DayOptions,
    set_aside: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Write the rows that could not be read, with reasons, as CSV."
        ),
    ] = None,
    show_all: Annotated[
        bool, typer.Option("--all", help="List orders in which no rule matched, too.")
    ] = False,
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="A JSON report of an earlier run: show what is new, gone, changed.",
        ),
    ] = None,
    fail_on_new: Annotated[
        bool,
        typer.Option(
            "--fail-on-new",
            help="Exit 1 only for orders that are new or raised since --baseline.",
        ),
    ] = False,
    digests: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Write a digest of each order, so that verify can name orders."
        ),
    ] = None,
    counterfactuals: Annotated[
        bool,
        typer.Option(
            "--counterfactuals",
            help="Work out which facts would bring each alert below --fail-on. Takes its time.",
        ),
    ] = False,
    given: InputOptions,
    answers: options.AnswersFile = None,
    history: options.History = None,
    rates: options.RatesFile = None,
    engine: options.EngineName = None,
    config: options.Config = None,
) -> None:
    """Check orders and show what needs attention, the most urgent first.

    Exit code 0: nothing at or above --fail-on (medium). 1: alerts. 2: usage, settings or rules
    are wrong. 3: an input cannot be read.
    """
    from redflags.writers import formats_of, open_output, write_set_aside

    found = options.settings(
        config,
        chosen,
        days,
        given,
        format=format,
        output=output or None,
        fail_on=fail_on,
        min_score=min_score,
        rates=rates,
        engine=engine,
    )
    files = options.expanded(files)
    screener = options.screener(found)
    earlier = options.history(history, screener.rules)
    read = [*files, *earlier, *settings_files(found, config, answers, baseline)]
    for one in (*found.output, set_aside, digests):
        keep_inputs(read, one)
    keep_apart([*found.output, set_aside])
    if digests is not None and digests in (*found.output, set_aside, "-"):
        raise ConfigurationError(f"the digests need a file of their own, not {digests!r}")
    if fail_on_new and baseline is None:
        raise ConfigurationError("--fail-on-new needs --baseline, which names the earlier report")
    if baseline is not None:
        from redflags.triage.earlier import read_report

        before = read_report(baseline)
    # A format named by a flag or a file stands; a file name given by a flag outdoes a setting.
    outputs = formats_of(found.format if not output or format else None, found.output)
    answered = options.answers(answers)
    if digests is not None:
        from redflags.intake.digests import OrderDigests

        collected = OrderDigests()
    with progress_on_terminal() as progress:
        report = screener.check_files(
            files,
            **options.reading(found, answered),
            history=earlier,
            show_all=show_all,
            fail_on=cast(_Line, found.fail_on),
            min_score=found.min_score,
            # A page shows them beside its alerts; of all only who asks for them waits.
            counterfactuals=counterfactuals or any(one == "html" for _, one in outputs),
            most_counterfactuals=None if counterfactuals else MOST_ON_A_PAGE,
            digests=None if digests is None else collected,
            progress=progress,
        )
    options.report_not_met(answered)
    if digests is not None:
        from redflags.triage.digest_files import write_digests

        with open_output(digests) as stream:
            noted = write_digests(collected, stream, digests)
        run = report.run.model_copy(update={"digests": noted})
        report = report.model_copy(update={"run": run})
    if baseline is not None:
        from redflags.triage.baseline import with_baseline

        report = with_baseline(report, before)
    if set_aside is not None:
        with open_output(set_aside) as stream:
            write_set_aside(report, stream)
    if not report.summary.coverage.judgeable:
        typer.echo(
            "redflags: the columns of this input allow no rule to be judged; `redflags fields` "
            "lists the names that columns can have",
            err=True,
        )
    _warn(report, outputs, keeps_rows=set_aside is not None)
    for place, name in outputs:
        _write(report, name, place)
    written = [place for place, _ in outputs if place != "-"]
    if written:
        typer.echo(f"{_outcome(report)}; written to {', '.join(written)}", err=True)
    if fail_on_new and report.baseline is not None:
        from redflags.triage.baseline import is_news

        raise typer.Exit(1 if is_news(report.baseline, found.fail_on) else 0)
    raise typer.Exit(1 if reaches(report, found.fail_on) else 0)


def reaches(report: Report, line: str) -> bool:
    """Whether any order, shown or not, is in the band ``line`` or above."""
    bands = BAND_NAMES[BAND_NAMES.index(line) :]
    return any(report.summary.bands.get(band) for band in bands)


def _warn(report: Report, outputs: list[tuple[str, str]], *, keeps_rows: bool) -> None:
    """Say on standard error what no output says: that rows or columns were left out."""
    from redflags.writers.unsaid import WITHOUT_SUMMARY, columns_left_out, rows_left_out

    if not all(name in WITHOUT_SUMMARY for _, name in outputs):
        return
    # Where a file is written, the line that says so counts the rows.
    is_counted = keeps_rows or any(place != "-" for place, _ in outputs)
    rows = [] if is_counted else rows_left_out(report)
    for warning in (*rows, *columns_left_out(report)):
        typer.echo(f"redflags: {warning}", err=True)


def _write(report: Report, name: str, place: str) -> None:
    """Write the report to a file, or to standard output."""
    from redflags.writers import BINARY, open_binary_output, open_output, write_report

    if place == "-":
        with options.standard_output(is_data=name != "table") as stream:
            if name not in BINARY:
                write_report(report, name, stream)
            elif stream.isatty():
                raise ConfigurationError(f"a terminal cannot show {name}; name a file with -o")
            else:
                write_report(report, name, stream.buffer)
        return
    if name in BINARY:
        with open_binary_output(place) as data:
            write_report(report, name, data)
    else:
        with open_output(place) as text:
            write_report(report, name, text)


def _outcome(report: Report) -> str:
    summary = report.summary
    raising = "order raises" if summary.orders == 1 else "orders raise"
    return (
        f"{summary.alerts} of {summary.orders} {raising} red flags; rows read {summary.read} = "
        f"assessed {summary.assessed} + set aside {summary.set_aside}"
    )
