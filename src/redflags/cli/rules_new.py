"""``redflags rules new``: a commented rule with examples, to begin with."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from redflags.cli import options
from redflags.errors import ConfigurationError

if TYPE_CHECKING:
    from redflags.workshop.new_rule import Wanted


def new(
    name: Annotated[
        str | None, typer.Option("--id", metavar="NAME", help="Name of the rule.")
    ] = None,
    title: Annotated[
        str | None, typer.Option(metavar="TEXT", help="One line that states facts of the order.")
    ] = None,
    severity: Annotated[
        str | None, typer.Option(metavar="WORD", help="low, medium, high or critical.")
    ] = None,
    fact: Annotated[
        str | None, typer.Option(metavar="WORD", help="The base fact that the sign speaks of.")
    ] = None,
    when: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CONDITION",
            help="'FIELD OPERATOR VALUE', such as 'quantity at_least 100 kg' or 'buyer.country in "
            "TR, AE'. Repeatable.",
        ),
    ] = None,
    why: Annotated[str | None, typer.Option(metavar="TEXT", help="Why it is a red flag.")] = None,
    ask: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What to ask the sales staff.")
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="A new file to write to.")
    ] = None,
) -> None:
    """Write a new rule with comments and examples that pass. On a terminal it asks for what is not
    given."""
    from redflags import reference
    from redflags.rulebook import load_rules
    from redflags.weights import SEVERITIES
    from redflags.workshop.new_rule import NewRule, new_rule_text, read_condition

    if output is not None and os.path.lexists(output):
        raise ConfigurationError(
            f"cannot write the rule: {output!r} is there already; name a new file"
        )
    asks = sys.stdin.isatty() and sys.stderr.isatty()
    wanted = [read_condition(one) for one in when or []]
    made = NewRule(
        id=_given(name, "--id", "Name of the rule (such as bulk-paste-for-shops)", asks),
        title=_given(title, "--title", "Title: one line that states facts of the order", asks),
        severity=_one_of(severity, "--severity", "Severity", list(SEVERITIES), asks),
        fact=_one_of(fact, "--fact", "Fact", list(reference.base_facts()), asks),
        when=tuple(wanted or _asked_conditions(asks)),
        why=why or "",
        ask=ask or "",
    )
    text = new_rule_text(made, load_rules())
    if output is None:
        with options.standard_output(is_data=True) as stream:
            stream.write(text)
        return
    from redflags.writers.output import open_output

    with open_output(output) as stream:
        stream.write(text)
    typer.echo(f"{output} is written; next: redflags rules test {output}", err=True)


def _given(text: str | None, option: str, question: str, asks: bool) -> str:
    if text is not None and text.strip():
        return text
    if not asks:
        raise ConfigurationError(f"{option} is needed where there is no terminal to ask on")
    return str(typer.prompt(question, err=True))


def _one_of(text: str | None, option: str, question: str, legal: list[str], asks: bool) -> str:
    from redflags.diagnostics import nearest

    if text is None and asks:
        text = str(typer.prompt(f"{question} ({', '.join(legal)})", err=True))
    text = _given(text, option, question, False)
    if text not in legal:
        close = nearest(text[:60], legal)
        meant = f", did you mean {close}?" if close is not None else ""
        raise ConfigurationError(f"{option} cannot be {text[:60]!r}{meant}; use {', '.join(legal)}")
    return text


def _asked_conditions(asks: bool) -> list[Wanted]:
    from redflags.workshop.new_rule import read_condition

    if not asks:
        raise ConfigurationError("--when is needed where there is no terminal to ask on")
    found: list[Wanted] = []
    while True:
        question = "Condition: FIELD OPERATOR VALUE" + ("; empty to end" if found else "")
        text = str(typer.prompt(question, default="" if found else None, err=True))
        if not text.strip():
            return found
        try:
            found.append(read_condition(text))
        except ConfigurationError as error:
            typer.echo(str(error), err=True)
