"""``redflags explain``: one order, with all evidence and the rules that came close."""

from __future__ import annotations

from typing import Annotated

import typer

from redflags.cli import options


def explain(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The file, folder or database URL; - is stdin.")
    ],
    order: Annotated[str, typer.Option("--order", metavar="ID", help="The order's number.")],
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
    history: options.History = None,
    engine: options.EngineName = None,
    config: options.Config = None,
) -> None:
    """Explain one order: the evidence, the questions to ask, and the rules that came close."""
    from redflags.writers.explanation import write_explanation

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
    screener = options.screener(found)
    explanation = screener.explain_file(
        options.expanded([file]),
        order,
        encoding=found.encoding,
        delimiter=found.delimiter,
        notation=options.notation(found),
        mapping=options.mapping_with(found, options.answers(answers)),
        selection=options.selection(found),
        history=options.history(history, screener.rules),
    )
    with options.standard_output(is_data=False) as stream:
        write_explanation(explanation.assessment, explanation.close, stream)
