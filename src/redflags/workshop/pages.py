"""The page of every code of a finding, from the checks themselves and the loader's table."""

from __future__ import annotations

from redflags.diagnostics import nearest
from redflags.errors import ConfigurationError
from redflags.rulebook.codes import CODES
from redflags.workshop.checks import Check, all_checks

LEVELS = {
    "error": "An error: the rule does not do what it is meant to, or raises alarms for honest "
    "orders.",
    "advice": "Advice: it counts only with `--strict`.",
}


def page_of(code: str) -> str:
    """The page of a code, in Markdown. Raises :class:`ConfigurationError` for an unknown code."""
    plain = code.strip().upper()
    checks = {one.code: one for one in all_checks()}
    if plain in checks:
        return check_page(checks[plain])
    if plain in CODES:
        one = CODES[plain]
        return f"## {one.code}: {one.title}\n\n{one.meaning}\n\nTo do: {one.remedy}.\n"
    close = nearest(plain, [*checks, *CODES])
    hint = f"; did you mean {close}?" if close is not None else ""
    raise ConfigurationError(f"there is no code {code[:40]!r}{hint}")


def check_page(check: Check) -> str:
    """The page of one check, in Markdown."""
    page = check.page
    return (
        f"## {check.code}: {check.title}\n\n{page.meaning}\n\n{LEVELS[check.level]}\n\n"
        f"To do: {page.remedy}.\n\nFound in:\n\n```yaml\n{page.bad}```\n\n"
        f"Not in:\n\n```yaml\n{page.good}```\n"
    )
