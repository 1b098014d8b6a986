"""``redflags questionnaire``: the questions worth asking about one order."""

from __future__ import annotations

from typing import Annotated

import typer

from redflags.cli import options
from redflags.cli.groups import DayOptions, InputOptions, RuleOptions, grouped


@grouped
def questionnaire(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The file, folder or database URL; - is stdin.")
    ],
    order: Annotated[str, typer.Option("--order", metavar="ID", help="The order's number.")],
    *,
    chosen: RuleOptions,
    format: Annotated[  # noqa: A002 - the option's name
        str | None,
        typer.Option(
            "--format", "-f", metavar="NAME", help="md, html, csv or json; else by --output."
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")
    ] = None,
    answers: options.AnswersFile = None,
    most: Annotated[
        int, typer.Option(metavar="N", min=1, help="List at most this many questions.")
    ] = 10,
    show_all: Annotated[
        bool, typer.Option("--all", help="List every question, also those that change nothing.")
    ] = False,
    days: DayOptions,
    given: InputOptions,
    rates: options.RatesFile = None,
    config: options.Config = None,
) -> None:
    """List the questions about one order that only a person can answer, the most useful first.

    Fill in answer, by and on (CSV or JSON) and give the file back with --answers.
    """
    from redflags.cli.outputs import keep_inputs, settings_files
    from redflags.files import Opening
    from redflags.questionnaire import questionnaire_of_file
    from redflags.writers.output import open_output
    from redflags.writers.questionnaire import questionnaire_format, write_questionnaire

    name = questionnaire_format(format, output)
    found = options.settings(config, chosen, days, given, rates=rates)
    keep_inputs([file, *settings_files(found, config, answers)], output)
    answered = options.answers(answers)
    asked = questionnaire_of_file(
        options.screener(found),
        options.expanded([file]),
        order,
        Opening(
            found.encoding,
            found.delimiter,
            options.mapping_with(found, answered),
            options.notation(found),
            options.selection(found),
        ),
        most=None if show_all else most,
    )
    if output is None or output == "-":
        with options.standard_output(is_data=True) as stream:
            write_questionnaire(asked, name, stream)
    else:
        with open_output(output) as stream:
            write_questionnaire(asked, name, stream)
        typer.echo(f"{len(asked.questions)} questions; written to {output}", err=True)
