"""``redflags rules``: the rules in force, as a list and one by one."""

from __future__ import annotations

from typing import Annotated

import typer

from redflags.cli import options
from redflags.cli.groups import RuleOptions, grouped


@grouped
def list_rules(
    chosen: RuleOptions,
    config: options.Config = None,
) -> None:
    """List the rules in force: name, severity, base fact and title."""
    from redflags.cli.rule_text import write_list

    found = options.settings(config, chosen)
    book = options.rule_book(found)
    with options.standard_output(is_data=False) as stream:
        write_list(book, stream)


@grouped
def show_rule(
    name: Annotated[str, typer.Argument(metavar="ID", help="A rule, as pack/id or id.")],
    resolved: Annotated[
        bool,
        typer.Option(
            "--resolved",
            help="Write out the lists, tables and conditions it refers to, and where each line "
            "stands; a star marks the lines of an overlay.",
        ),
    ] = False,
    *,
    chosen: RuleOptions,
    config: options.Config = None,
) -> None:
    """Show one rule: why, conditions, what lowers it, questions, sources, examples."""
    from redflags.cli.rule_text import find_rule, write_rule

    found = options.settings(config, chosen)
    if not resolved:
        rule = find_rule(options.rule_book(found), name)
        with options.standard_output(is_data=False) as stream:
            write_rule(rule, stream)
        return
    from redflags.cli.rule_resolved import write_resolved
    from redflags.workshop.resolved import resolved as resolved_lines

    reading = options.rule_reading(found)
    rule = find_rule(reading.rule_book(), name)
    with options.standard_output(is_data=False) as stream:
        write_resolved(rule, resolved_lines(reading, rule), stream)


@grouped
def coverage(
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option("--format", "-f", metavar="NAME", help="table or json.")
    ] = "table",
    *,
    chosen: RuleOptions,
    config: options.Config = None,
) -> None:
    """Account for every documented red flag: the rules that cite it, the question that asks for
    it, or the reason why neither."""
    from redflags.cli.coverage_text import FORMATS, write_coverage
    from redflags.errors import ConfigurationError
    from redflags.rulebook.flag_coverage import flag_coverage

    if format not in FORMATS:
        raise ConfigurationError(
            f"there is no format {format[:40]!r}; there are {', '.join(FORMATS)}"
        )
    found = options.settings(config, chosen)
    book = options.rule_book(found)
    with options.standard_output(is_data=format == "json") as stream:
        write_coverage(flag_coverage(book), format, stream)
