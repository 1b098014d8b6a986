"""The entry of the command line: commands, exit codes, and errors as messages.

Nothing heavy is imported here: each command imports what it needs when it runs, so that help
comes at once.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import Annotated

import typer

from redflags.cli.backtest import backtest
from redflags.cli.case import case
from redflags.cli.check import check
from redflags.cli.columns import columns
from redflags.cli.explain import explain
from redflags.cli.fields import fields
from redflags.cli.options import PipeClosedError
from redflags.cli.questionnaire import questionnaire
from redflags.cli.rules import coverage, list_rules, show_rule
from redflags.cli.rules_diff import diff
from redflags.cli.rules_lint import lint
from redflags.cli.rules_new import new
from redflags.cli.rules_test import run_tests
from redflags.cli.schema import schema
from redflags.cli.verify import verify
from redflags.errors import InputError, RedflagsError, RuleBookError

ALERTS, USAGE, UNREADABLE, BROKEN, INTERRUPTED, PIPE_CLOSED = 1, 2, 3, 70, 130, 141
"""Exit codes other than 0. 70 is a defect of this program; 130 and 141 are those of a shell."""

app = typer.Typer(
    name="redflags",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: rich would double the time until it appears
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
rules_app = typer.Typer(help="The rules in force.", no_args_is_help=True, rich_markup_mode=None)
app.command(short_help="Check files of orders: ranked alerts.")(check)
app.command(short_help="Explain one order of a file.")(explain)
app.command(short_help="Show one case: alerts that belong together.")(case)
app.command(short_help="Show what the columns of a file are taken for.")(columns)
app.command(short_help="Questions worth asking about one order.")(questionnaire)
app.command(short_help="Repeat a run: the same, or what differs.")(verify)
app.command(short_help="Try rules on orders whose outcome is known.")(backtest)
app.command(short_help="List the columns that a file can have.")(fields)
app.command(short_help="Print the JSON Schema of rule files, for editors.")(schema)
app.add_typer(rules_app, name="rules")
rules_app.command("list")(list_rules)
rules_app.command("show")(show_rule)
rules_app.command("coverage")(coverage)
rules_app.command("new", short_help="Write a commented rule with examples.")(new)
rules_app.command("test", short_help="Run the examples of rules.")(run_tests)
rules_app.command("diff", short_help="Compare two versions of rules.")(diff)
rules_app.command("lint", short_help="Lint rule files: errors and advice.")(lint)


def _version(wanted: bool) -> None:
    if not wanted:
        return
    from redflags.version import __version__

    typer.echo(f"redflags {__version__}")
    from redflags.rulebook import load_rules

    book = load_rules()
    for pack in book.packs:
        typer.echo(f"{pack.id} {pack.version}, {len(pack.rules)} rules, sha256 {pack.sha256}")
    typer.echo(f"rule book, {len(book.rules)} rules, sha256 {book.sha256}")
    raise typer.Exit


@app.callback()
def redflags(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Show version, packs and hashes."
        ),
    ] = False,
) -> None:
    """Check export orders against rule packs: ranked, explained alerts.

    A score orders urgency and is no probability; no alert says only that no rule matched what the
    file states.
    """


def run() -> None:
    """Run the command line and leave the process with its exit code."""
    # A command makes many small objects and few circles: looking for those less often saves a
    # tenth of a small check and a third of a large one.
    gc.set_threshold(200_000, 50, 1000)
    sys.exit(main(sys.argv[1:]))


def main(arguments: list[str]) -> int:
    """Run the command line; every error becomes a message on standard error and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    try:
        code = app(arguments, standalone_mode=False, prog_name="redflags")
        if sys.stdout is not None:
            sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except (BrokenPipeError, PipeClosedError):
        # The reader has gone: nothing to say, and nothing more to flush at exit.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except (KeyboardInterrupt, typer.Abort):
        _say("interrupted")
        return INTERRUPTED
    except RuleBookError as error:
        from redflags.diagnostics import render

        count = len(error.diagnostics)
        noun = "mistake" if count == 1 else "mistakes"
        _say(f"{render(error.diagnostics)}\n\n{count} {noun} in the rule files")
        return USAGE
    except InputError as error:
        _say(f"redflags: {error}")
        return UNREADABLE
    except RedflagsError as error:
        _say(f"redflags: {error}")
        return USAGE
    except Exception as error:  # no traceback ever: a user cannot act on it
        # Usage errors are classes of click, which typer has inside it or beside it by its version.
        show = getattr(error, "show", None)
        if show is not None:
            show(file=sys.stderr)
            return USAGE
        _say(f"redflags: this is a defect of redflags, please report it: {_defect(error)}")
        return BROKEN


def _say(message: str) -> None:
    from redflags.values.text import display

    print("\n".join(display(line) for line in message.split("\n")), file=sys.stderr)


def _defect(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = ""
    if trace is not None:
        code = trace.tb_frame.f_code
        place = f" in {code.co_name} ({os.path.basename(code.co_filename)}:{trace.tb_lineno})"
    return f"{type(error).__name__}{place}: {str(error)[:200]}"


if __name__ == "__main__":
    run()
