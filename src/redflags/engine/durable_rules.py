"""The one place that calls durable-rules: sets of patterns, and which of them a fact matches.

The compiled core is called directly, without the package's ``Host``: that starts timer threads,
swallows what is raised between two firings, and writes the session's state after each of them.
What is used of the core is what was found exact: one fact at a time, asserted and retracted, in
one session, matched by single-fact patterns that are plain conjunctions.
"""

from __future__ import annotations

import contextlib
import importlib
import itertools
import json
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from redflags.errors import ConfigurationError

MOST_PATTERNS = 60
"""Patterns in one set. The core keeps at most 64 open branches for one fact (``MAX_STACK_SIZE`` in
its ``events.c``). A conjunction is at one branch at a time, so 60 can never need more."""

MOST_PROPERTIES = 240
"""Properties that the patterns of one set may read: a fact has room for 255 with its own two."""

MOST_SETS = 2_000
"""Sets for one rule book: each takes up to a few megabytes and time for every order."""

_SESSION = "0"
_BEGIN = "begin"
_RETRACTION = '{"id":1,"sid":"0"}'
_NOTHING_MATCHED = 1

Part = tuple[str, str, int | str]
"""One condition of a pattern: a property, an operator of durable-rules ("" for equality), and a
whole number or a short text."""

_numbers = itertools.count()


class EngineError(ConfigurationError):
    """An engine that cannot be used: it is not installed, or the rule book does not fit it."""


@cache
def core() -> Any:
    """The compiled module of durable-rules. Raises :class:`EngineError` with the reason if it
    cannot be imported."""
    try:
        return importlib.import_module("durable_rules_engine")
    except ModuleNotFoundError:
        if sys.version_info >= (3, 13):
            raise EngineError(_NOT_HERE) from None
        raise EngineError(
            "the durable engine needs the package durable-rules, which is not installed; "
            "install redflags[durable] (it is compiled on the spot and needs a C compiler), "
            "or use the engine judge"
        ) from None
    except ImportError as error:
        why = _NOT_HERE if sys.version_info >= (3, 13) else f"durable-rules is damaged: {error}"
        raise EngineError(why) from None


_NOT_HERE = (
    "the durable engine does not run on Python 3.13 or later: durable-rules 2.0.28, its last "
    "release, cannot be imported there; use the engine judge, or Python 3.11 or 3.12"
)


def property_name(number: int) -> str:
    """The name of a property within a set. The core tells properties apart by a 32-bit hash of
    the name alone; the few names that there are have different ones."""
    return f"p{number}"


class PatternSet:
    """Some patterns made ready to be matched. Not safe from several threads at once.

    A pattern is a sequence of parts that must all hold; it is known by its position.
    """

    def __init__(self, patterns: Sequence[Sequence[Part]]) -> None:
        self._core = core()
        self._most_firings = len(patterns) + 1
        definition = {
            f"r{number}": {"all": [{"m": _pattern(parts)}]} for number, parts in enumerate(patterns)
        }
        definition[f"r{len(patterns)}"] = {"all": [{"m": {_BEGIN: 1}}]}
        self._definition = json.dumps(definition)
        self._handle: int | None = None
        self._is_begun = False
        self._begin()

    def _begin(self) -> None:
        """Begin the session with a firing. Until the first one the core has not set all that it
        frees when a session is deleted, and would free what is not its own."""
        try:
            self._handle = self._core.create_ruleset(f"redflags-{next(_numbers)}", self._definition)
        except self._core.error as error:
            raise EngineError(f"durable-rules refuses the rule book: {error}") from error
        self._match(f'"{_BEGIN}":1')
        self._is_begun = True

    def matches(self, properties: str) -> list[int]:
        """The positions of the patterns that a fact matches.

        ``properties`` are its properties as JSON members, without braces. No fact stays behind,
        whatever is raised. Raises :class:`EngineError` if the core reports an error.
        """
        if not self._is_begun:
            self._begin()
        return self._match(properties)

    def _match(self, properties: str) -> list[int]:
        found: list[int] = []
        try:
            result, state = self._core.assert_fact(
                self._handle, f'{{"id":1,"sid":"{_SESSION}",{properties}}}'
            )
            if result == _NOTHING_MATCHED:
                return found
            if result:
                raise EngineError(f"durable-rules did not take a fact: result {result}")
            started = self._core.start_action_for_state(self._handle, state)
            message = None if started is None else started[1]
            while message is not None:
                found.append(int(message[3 : message.index('"', 3)]))
                if len(found) > self._most_firings:
                    raise EngineError("durable-rules fired a rule more than once")
                message = self._core.complete_and_start_action(self._handle, state)
            self._core.retract_fact(self._handle, _RETRACTION)
        except BaseException as error:
            # Something may be half done: what follows begins afresh.
            self.delete()
            if isinstance(error, self._core.error):
                raise EngineError(f"durable-rules failed: {error}") from error
            raise
        return found

    def facts(self) -> list[Any]:
        """The facts that the core still holds: none between two calls of :meth:`matches`."""
        held: list[Any] = []
        if self._is_begun:
            held = json.loads(self._core.get_facts(self._handle, _SESSION))
        return held

    def delete(self) -> None:
        """Drop the patterns and whatever the core holds for them; :meth:`matches` makes them
        again."""
        handle, is_begun = self._handle, self._is_begun
        self._handle, self._is_begun = None, False
        if handle is None:
            return
        with contextlib.suppress(self._core.error):
            if is_begun:
                self._core.delete_state(handle, _SESSION)
            self._core.delete_ruleset(handle)


def delete_all(sets: Iterable[PatternSet]) -> None:
    """Give back the memory of several sets."""
    for one in sets:
        one.delete()


def _pattern(parts: Sequence[Part]) -> dict[str, Any]:
    conditions: list[dict[str, Any]] = [
        {operator: {name: value}} if operator else {name: value} for name, operator, value in parts
    ]
    return conditions[0] if len(conditions) == 1 else {"$and": conditions}
