"""Options that several commands share, and what follows from them."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Any, TextIO, TypedDict, cast

import typer

from redflags.configuration import Configuration, load_configuration

if TYPE_CHECKING:
    from redflags.intake import Answers, Mapping
    from redflags.model.notation import Notation
    from redflags.readers import Selection
    from redflags.rulebook import RuleBook
    from redflags.rulebook.loader import Reading
    from redflags.screener import Engine, Screener

Rules = Annotated[
    list[str] | None,
    typer.Option(
        "--rules", "-r", metavar="PATH", help="Add the rules of a file or folder. Repeatable."
    ),
]
OnlyRules = Annotated[
    bool | None,
    typer.Option("--only-rules", help="Use the rules of --rules alone, no shipped packs."),
]
Profile = Annotated[str | None, typer.Option(metavar="NAME", help="The shipped packs for a trade.")]
Overlays = Annotated[
    list[str] | None,
    typer.Option(
        "--overlay", metavar="FILE", help="Local changes to the rules in force. Repeatable."
    ),
]
AsOf = Annotated[
    str | None, typer.Option(metavar="DATE", help="Use this day (2026-01-31) as today.")
]
ListsAsOf = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Judge dated lists as of this day, not the order's own."),
]
Encoding = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Encoding of the input, such as cp1254, if not UTF-8."),
]
Delimiter = Annotated[
    str | None, typer.Option(metavar="CHAR", help="Delimiter of the input; 'tab' for a tab.")
]
InputFormat = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="csv, json, jsonl, parquet, arrow or excel; else by the suffix."
    ),
]
Sheet = Annotated[
    str | None, typer.Option(metavar="NAME|N", help="The sheet of a workbook, by name or number.")
]
Table = Annotated[str | None, typer.Option(metavar="NAME", help="The table of a database.")]
Query = Annotated[
    str | None, typer.Option(metavar="SELECT", help="A query to a database, instead of a table.")
]
HeaderRow = Annotated[
    str | None,
    typer.Option(
        metavar="N|none", help="The row of a table that names its columns; none: no row does."
    ),
]
MappingFile = Annotated[
    str | None,
    typer.Option(
        "--mapping", "-m", metavar="FILE", help="Which column is which field, in a TOML file."
    ),
]
History = Annotated[
    list[str] | None,
    typer.Option(
        "--history",
        metavar="FILE",
        help="Earlier orders, which rules across orders see and which are not assessed. "
        "Repeatable.",
    ),
]
EngineName = Annotated[
    str | None,
    typer.Option(
        "--engine", metavar="NAME", help="auto, judge, columnar or durable: all say the same."
    ),
]
RatesFile = Annotated[
    str | None,
    typer.Option(
        "--rates", metavar="FILE", help="Exchange rates by day, CSV, instead of those shipped."
    ),
]
AnswersFile = Annotated[
    str | None,
    typer.Option("--answers", metavar="FILE", help="Answers to a questionnaire, CSV or JSON."),
]
Config = Annotated[
    str | None, typer.Option(metavar="FILE", help="Settings; without it ./redflags.toml.")
]


def settings(config: str | None, *groups: Any, **flags: Any) -> Configuration:
    """The settings in force, with today as the as-of date where none is set. ``groups`` are
    groups of options, whose fields count as flags."""
    for group in groups:
        flags.update({one.name: getattr(group, one.name) for one in fields(group)})
    for name in ("rules", "overlay"):
        if not flags.get(name):
            flags[name] = None
    found = load_configuration(flags, config=config)
    if found.as_of is not None:
        return found
    # The clock is read here, once, and nowhere else.
    flags["as_of"] = datetime.date.today()
    return load_configuration(flags, config=config)


def rule_book(found: Configuration) -> RuleBook:
    """The rules in force. Raises ``RuleBookError`` or ``ConfigurationError``."""
    return rule_reading(found).rule_book()


def rule_reading(found: Configuration) -> Reading:
    """The rules in force with the files that they were read from. Raises ``ConfigurationError``."""
    from redflags.errors import ConfigurationError
    from redflags.rulebook.loader import DEFAULT_PROFILE, read_rules

    if found.only_rules and not found.rules:
        raise ConfigurationError("--only-rules needs --rules, which names the rules to use")
    return read_rules(
        found.rules,
        profile=DEFAULT_PROFILE if found.profile is None else found.profile,
        shipped=not found.only_rules,
        overlays=found.overlay,
    )


def screener(found: Configuration) -> Screener:
    """A screener with the rules, policy and dates in force."""
    from redflags.policy import Policy
    from redflags.screener import Screener

    return Screener(
        rule_book(found),
        policy=Policy(found.policy),
        as_of=found.as_of,
        lists_as_of=found.lists_as_of,
        engine=cast("Engine", found.engine),
        rates=found.rates,
    )


def notation(found: Configuration) -> Notation:
    """How numbers and dates of the input are written, where a setting says so."""
    from redflags.model.notation import Notation

    return Notation(decimal=found.decimal, day_first=found.day_first).as_of(found.as_of)


def mapping(found: Configuration) -> Mapping | None:
    """What the mapping file says, where one is set. Raises ``ConfigurationError``."""
    from redflags.intake import read_mapping

    return None if found.mapping is None else read_mapping(found.mapping)


def selection(found: Configuration) -> Selection:
    """What is to be read of the inputs. Raises ``ConfigurationError``."""
    from redflags.readers import Selection

    return Selection(
        format=found.input_format,
        sheet=found.sheet,
        table=found.table,
        query=found.query,
        header_row=found.header_row,
    )


def expanded(inputs: list[str]) -> list[str]:
    """The inputs with folders and patterns replaced by their files; those passed over are named
    on standard error. Raises ``InputError``."""
    from redflags.readers.inputs import expand
    from redflags.values.text import display

    found, passed_over = expand(inputs)
    if passed_over:
        shown = ", ".join(display(one) for one in passed_over[:10])
        more = f" and {len(passed_over) - 10} more" if len(passed_over) > 10 else ""
        typer.echo(
            f"redflags: not read, being of no known format or hidden: {shown}{more}", err=True
        )
    return found


def history(given: list[str] | None, book: RuleBook) -> list[str]:
    """The inputs of earlier orders; that no rule looks at them is said on standard error. Raises
    ``InputError``."""
    if not given:
        return []
    found = expanded(given)
    if not book.across_rules:
        typer.echo(
            "redflags: no rule in force looks across orders, so --history is not read", err=True
        )
    return found


def answers(path: str | None) -> Answers | None:
    """The answers of a file, where one is named. Raises ``InputError``."""
    from redflags.intake import read_answers

    return None if path is None else read_answers(path)


def mapping_with(found: Configuration, given: Answers | None) -> Mapping | None:
    """What the mapping file says, with answers laid over the orders. Raises
    ``ConfigurationError``."""
    import dataclasses

    from redflags.intake import Mapping

    known = mapping(found)
    if given is None:
        return known
    return dataclasses.replace(Mapping() if known is None else known, answers=given)


class HowToRead(TypedDict):
    """How inputs are to be read, under the names that the screener has for it."""

    encoding: str | None
    delimiter: str | None
    notation: Notation
    mapping: Mapping | None
    selection: Selection


def reading(found: Configuration, given: Answers | None) -> HowToRead:
    """How the settings in force say that inputs are to be read, with answers laid over them.
    Raises ``ConfigurationError``."""
    return {
        "encoding": found.encoding,
        "delimiter": found.delimiter,
        "notation": notation(found),
        "mapping": mapping_with(found, given),
        "selection": selection(found),
    }


def report_not_met(given: Answers | None) -> None:
    """Say on standard error for which orders there are answers and no order."""
    lost = () if given is None else given.not_met()
    if not lost or given is None:
        return
    from redflags.values.text import display

    shown = ", ".join(display(number)[:60] for number in lost[:5])
    more = f" and {len(lost) - 5} more" if len(lost) > 5 else ""
    noun = "order" if len(lost) == 1 else "orders"
    typer.echo(
        f"redflags: {given.source} has answers for {len(lost)} {noun} not in the input: "
        f"{shown}{more}",
        err=True,
    )


class PipeClosedError(Exception):
    """Whoever read standard output has gone."""


@contextmanager
def standard_output(*, is_data: bool) -> Iterator[TextIO]:
    """Standard output to write to; for data in UTF-8 with plain line ends, whatever the locale.

    Raises :class:`PipeClosedError` instead of ``BrokenPipeError``, of which click would make exit
    code 1, and that means alerts.
    """
    if sys.stdout is None:  # the process was started without one
        from redflags.errors import ConfigurationError

        raise ConfigurationError("cannot write the output: standard output is closed")
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if is_data and reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace", newline="")
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise PipeClosedError from error
    except OSError as error:
        from redflags.errors import ConfigurationError

        # What could not be written would be tried again, in vain, when the process ends.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise ConfigurationError(f"cannot write the output: {error.strerror}") from error
