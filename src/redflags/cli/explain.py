"""``redflags explain``: one order, with all evidence and the rules that came close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

from redflags.cli import options
from redflags.cli.groups import DayOptions, InputOptions, RuleOptions, grouped
from redflags.errors import ConfigurationError

if TYPE_CHECKING:
    from redflags.model.results import Band


@grouped
def explain(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The file, folder or database URL; - is stdin.")
    ],
    order: Annotated[str, typer.Option("--order", metavar="ID", help="The order's number.")],
    *,
    chosen: RuleOptions,
    format: Annotated[  # noqa: A002 - the option's name
        str | None, typer.Option("--format", "-f", metavar="NAME", help="text or json.")
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(metavar="BAND", help="The line below which facts would bring the order."),
    ] = None,
    days: DayOptions,
    given: InputOptions,
    answers: options.AnswersFile = None,
    history: options.History = None,
    rates: options.RatesFile = None,
    engine: options.EngineName = None,
    config: options.Config = None,
) -> None:
    """Explain one order: the evidence, the questions to ask, which facts would bring it below the
    line, and the rules that came close."""
    if format not in (None, "text", "json"):
        raise ConfigurationError(f"there is no format {format[:40]!r}; there are text and json")

    found = options.settings(
        config,
        chosen,
        days,
        given,
        fail_on=fail_on,
        rates=rates,
        engine=engine,
    )
    screener = options.screener(found)
    explanation = screener.explain_file(
        options.expanded([file]),
        order,
        **options.reading(found, options.answers(answers)),
        history=options.history(history, screener.rules),
        fail_on=cast("Band", found.fail_on),
    )
    if format == "json":
        from redflags.writers.json_report import write_explanation_json

        with options.standard_output(is_data=True) as stream:
            write_explanation_json(explanation.assessment, explanation.close, stream)
        return
    from redflags.writers.explanation import write_explanation

    with options.standard_output(is_data=False) as stream:
        write_explanation(explanation.assessment, explanation.close, stream)
