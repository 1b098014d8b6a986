"""What a check is, and what it finds: a stable code, a level, a sentence with its place.

A check is one function. Its docstring is the page of its code: what it means, what to do, and a
bad and a good example, which the tests run.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from redflags.diagnostics import Diagnostic, Place

if TYPE_CHECKING:
    from redflags.workshop.subject import Subject

Level = Literal["error", "advice"]

ERROR: Level = "error"
"""The rule does not do what its author means, or breaks a principle of the score."""

ADVICE: Level = "advice"
"""The rule works; somebody who reads it, or its alerts, will stumble over this."""


@dataclass(frozen=True, slots=True)
class Raised:
    """What a check says of one place; ``about`` is the full name of the rule, list or condition."""

    message: str
    place: Place
    about: str = ""
    remedy: str = ""
    width: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a lint: the diagnostic, how grave it is, and what it speaks of."""

    level: Level
    diagnostic: Diagnostic
    about: str = ""


Run = Callable[["Subject"], Iterator[Raised]]


@dataclass(frozen=True, slots=True)
class CheckPage:
    """The parts of a check's docstring: its meaning, what to do, and the two examples in YAML."""

    meaning: str
    remedy: str
    bad: str
    good: str


@dataclass(frozen=True, slots=True)
class Check:
    """One check. ``is_whole`` says that it needs every file of the rule book: it is not asked
    while the loader refuses some of it."""

    code: str
    title: str
    level: Level
    run: Run
    is_whole: bool = False

    @property
    def page(self) -> CheckPage:
        """The parts of its docstring."""
        return read_page(inspect.getdoc(self.run) or "")


_REGISTER: dict[str, Check] = {}


def check(code: str, title: str, level: Level, *, is_whole: bool = False) -> Callable[[Run], Run]:
    """Register a function as the check of a code."""

    def register(run: Run) -> Run:
        assert code not in _REGISTER, f"two checks have the code {code}"
        _REGISTER[code] = Check(code, title, level, run, is_whole)
        return run

    return register


def all_checks() -> tuple[Check, ...]:
    """Every check, in the order of its code."""
    # Their modules register them when they are imported.
    from redflags.workshop import (  # noqa: F401
        check_allowances,
        check_combination,
        check_conditions,
        check_examples,
        check_fields,
        check_lists,
        check_overlays,
        check_redundancy,
        check_rules,
        check_texts,
        check_windows,
    )

    return tuple(_REGISTER[code] for code in sorted(_REGISTER))


_SECTIONS = re.compile(
    r"\A(?P<meaning>.*?)\n\nTo do: (?P<remedy>.*?)\n\n"
    r"Bad:\n\n(?P<bad>.*?)\n\nGood:\n\n(?P<good>.*)\Z",
    re.DOTALL,
)


def read_page(text: str) -> CheckPage:
    """The parts of a check's docstring. Raises ``ValueError`` where one of them is missing."""
    found = _SECTIONS.match(text)
    if found is None:
        raise ValueError(f"the docstring of a check lacks one of its parts: {text[:60]!r}")
    return CheckPage(
        meaning=" ".join(found["meaning"].split()),
        remedy=" ".join(found["remedy"].split()).rstrip("."),
        bad=_unindented(found["bad"]),
        good=_unindented(found["good"]),
    )


def _unindented(text: str) -> str:
    return inspect.cleandoc("\n" + text) + "\n"
