"""``redflags verify``: repeat a run, and say that it says the same, or what differs."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated

import typer

from redflags.cli import options
from redflags.errors import ConfigurationError

if TYPE_CHECKING:
    from redflags.intake import Mapping
    from redflags.model.results import Run


def verify(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="The JSON report of the run to be repeated.")
    ],
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="The files that it was made on.")
    ],
    rules: Annotated[
        list[str] | None,
        typer.Option(
            "--rules", "-r", metavar="PATH", help="Where the added rules are now. Repeatable."
        ),
    ] = None,
    overlay: Annotated[
        list[str] | None,
        typer.Option("--overlay", metavar="FILE", help="Where the overlays are now. Repeatable."),
    ] = None,
    mapping: options.MappingFile = None,
    answers: options.AnswersFile = None,
    history: options.History = None,
    rates: options.RatesFile = None,
    digests: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="The digests of the run, if they were moved."),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        str | None, typer.Option("--format", "-f", metavar="NAME", help="text or json.")
    ] = None,
) -> None:
    """Repeat a run with its recorded settings and say whether it says the same.

    Settings come from the report alone, not from files, variables or the day. Exit code 0: the
    same. 1: something differs. 2: the report or the rules cannot be used. 3: an input cannot be
    read.
    """
    if format not in (None, "text", "json"):
        raise ConfigurationError(f"there is no format {format[:40]!r}; there are text and json")
    from redflags.rulebook import load_rules
    from redflags.triage.earlier import read_report
    from redflags.triage.verify import Again, verify
    from redflags.writers.verification import write_verification

    earlier = read_report(run)
    recorded = earlier.run.settings
    book = load_rules(
        rules or recorded.rules,
        profile=recorded.profile,
        shipped=not recorded.only_rules,
        overlays=overlay or [one.path for one in earlier.run.overlays],
    )
    if history is None:
        history = [one.path for one in earlier.run.history]
    again = Again(
        book,
        _mapping(earlier.run, mapping, answers),
        digests,
        options.history(history, book),
        rates,
    )
    found = verify(earlier, options.expanded(files), again)
    with options.standard_output(is_data=format == "json") as stream:
        write_verification(found, stream, as_json=format == "json")
    raise typer.Exit(0 if found.same else 1)


def _mapping(run: Run, mapping: str | None, answers: str | None) -> Mapping | None:
    """The mapping and the answers of the run, where they are now, or where they were."""
    from redflags.intake import Mapping, read_answers, read_mapping

    if mapping is None and run.mapping is not None:
        mapping = run.mapping.path
    if answers is None and run.answers is not None:
        answers = run.answers.path
    found = None if mapping is None else read_mapping(mapping)
    if answers is None:
        return found
    return dataclasses.replace(found or Mapping(), answers=read_answers(answers))
