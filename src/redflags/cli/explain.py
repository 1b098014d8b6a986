"""``redflags explain``: one order, with all evidence and the rules that came close."""

from __future__ import annotations

from typing import Annotated

import typer

from redflags.cli import options
from redflags.cli.groups import DayOptions, InputOptions, RuleOptions, grouped


@grouped
def explain(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The file, folder or database URL; - is stdin.")
    ],
    order: Annotated[str, typer.Option("--order", metavar="ID", help="The order's number.")],
    *,
    chosen: RuleOptions,
    days: DayOptions,
    given: InputOptions,
    answers: options.AnswersFile = None,
    history: options.History = None,
    rates: options.RatesFile = None,
    engine: options.EngineName = None,
    config: options.Config = None,
) -> None:
    """Explain one order: the evidence, the questions to ask, and the rules that came close."""
    from redflags.writers.explanation import write_explanation

    found = options.settings(
        config,
        chosen,
        days,
        given,
        rates=rates,
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
