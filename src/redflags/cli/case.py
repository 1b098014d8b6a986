"""``redflags case``: one case, its orders in time with their parties, links and questions."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated, cast

import typer

from redflags.cli import options
from redflags.cli.groups import DayOptions, InputOptions, RuleOptions, grouped
from redflags.cli.outputs import keep_inputs, settings_files
from redflags.errors import ConfigurationError

if TYPE_CHECKING:
    from redflags.model.case_file import CaseFile
    from redflags.model.report import Report
    from redflags.model.results import Band


@grouped
def case(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="Files of orders, folders, database URLs; - is stdin."),
    ],
    *,
    order: Annotated[
        str | None, typer.Option("--order", metavar="ID", help="The number of an order in it.")
    ] = None,
    case_id: Annotated[
        str | None, typer.Option("--case", metavar="ID", help="The case's id, or how it begins.")
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        str | None,
        typer.Option(
            "--format", "-f", metavar="NAME", help="Of a case file: html, md, json; else by -o."
        ),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write a case file, such as case.html: that of the case, or of the --order alone.",
        ),
    ] = None,
    chosen: RuleOptions,
    days: DayOptions,
    given: InputOptions,
    answers: options.AnswersFile = None,
    history: options.History = None,
    rates: options.RatesFile = None,
    engine: options.EngineName = None,
    config: options.Config = None,
) -> None:
    """Show one case: alerts whose parties are the same or linked, as one. With -o write a case file
    to print, to fill in and to keep."""
    from redflags.cases import case_by_id, case_file, case_of_order
    from redflags.writers.case_file import case_file_formats
    from redflags.writers.cases import write_case

    if case_id is not None and order is not None:
        raise ConfigurationError("name the case by --case or by --order, not by both")
    if case_id is None and order is None:
        raise ConfigurationError(
            "name the case: --case with its id, or --order with one of its orders; "
            "`redflags check` lists the cases"
        )
    files = options.expanded(files)
    outputs = case_file_formats(format, output or ())
    found = options.settings(config, chosen, days, given, rates=rates, engine=engine)
    screener = options.screener(found)
    earlier = options.history(history, screener.rules)
    for one in output or ():
        keep_inputs([*files, *earlier, *settings_files(found, config, answers)], one)
    answered = options.answers(answers)

    def checked(counterfactuals: bool | Collection[str]) -> Report:
        return screener.check_files(
            files,
            **options.reading(found, answered),
            history=earlier,
            fail_on=cast("Band", found.fail_on),
            counterfactuals=counterfactuals,
        )

    # What would change an order is worked out for the orders of the file alone; which those of a
    # case are is known when all is read, and standard input can be read once only.
    wanted: bool | Collection[str] = bool(outputs) and "-" in files
    report = checked({order} if outputs and order is not None else wanted)
    if outputs and case_id is not None and not wanted:
        report = checked(frozenset(case_by_id(report, case_id).orders))
    options.report_not_met(answered)
    if outputs:
        _write(
            case_file(report, order_id=order, case_id=case_id, keep_years=found.keep_years), outputs
        )
        return
    shown = (
        case_by_id(report, case_id) if case_id is not None else case_of_order(report, order or "")
    )
    with options.standard_output(is_data=False) as stream:
        write_case(shown, stream)


def _write(file: CaseFile, outputs: list[tuple[str, str]]) -> None:
    """Write a case file to each output in its format."""
    from redflags.values.text import display
    from redflags.writers import open_output
    from redflags.writers.case_file import write_case_file

    for place, name in outputs:
        if place == "-":
            with options.standard_output(is_data=True) as stream:
                write_case_file(file, name, stream)
            continue
        with open_output(place) as stream:
            write_case_file(file, name, stream)
    written = [place for place, _ in outputs if place != "-"]
    if written:
        typer.echo(
            f"case file of {file.about} {display(file.id)}; written to {', '.join(written)}",
            err=True,
        )
