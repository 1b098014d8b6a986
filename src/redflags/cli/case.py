"""``redflags case``: one case, its orders in time with their parties, links and questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from redflags.cli import options
from redflags.cli.check import keep_inputs
from redflags.errors import ConfigurationError

if TYPE_CHECKING:
    from redflags.model.case_file import CaseFile


def case(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE", help="Files of orders, folders, database URLs; - is stdin."),
    ],
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
    rules: options.Rules = None,
    only_rules: options.OnlyRules = None,
    profile: options.Profile = None,
    as_of: options.AsOf = None,
    lists_as_of: options.ListsAsOf = None,
    encoding: options.Encoding = None,
    delimiter: options.Delimiter = None,
    mapping: options.MappingFile = None,
    input_format: options.InputFormat = None,
    sheet: options.Sheet = None,
    table: options.Table = None,
    query: options.Query = None,
    header_row: options.HeaderRow = None,
    answers: options.AnswersFile = None,
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
    for one in output or ():
        keep_inputs(files if answers is None else [*files, answers], one)
    outputs = case_file_formats(format, output or ())
    found = options.settings(
        config,
        rules=rules,
        only_rules=only_rules,
        profile=profile,
        as_of=as_of,
        lists_as_of=lists_as_of,
        encoding=encoding,
        delimiter=delimiter,
        mapping=mapping,
        input_format=input_format,
        sheet=sheet,
        table=table,
        query=query,
        header_row=header_row,
        engine=engine,
    )
    given = options.answers(answers)
    report = options.screener(found).check_files(
        files,
        encoding=found.encoding,
        delimiter=found.delimiter,
        notation=options.notation(found),
        mapping=options.mapping_with(found, given),
        selection=options.selection(found),
    )
    options.report_not_met(given)
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
