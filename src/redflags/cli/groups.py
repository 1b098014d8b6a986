"""Options that belong together, written once and taken by a command as one parameter.

A command that reads orders takes an :class:`InputOptions`; :func:`grouped` spreads it to the
options of its fields, and gives the command the group when it runs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import wraps
from inspect import Parameter
from typing import Any, get_type_hints

from redflags.cli import options


@dataclass(frozen=True, slots=True)
class RuleOptions:
    """Which rules are in force."""

    rules: options.Rules = None
    only_rules: options.OnlyRules = None
    profile: options.Profile = None
    overlay: options.Overlays = None


@dataclass(frozen=True, slots=True)
class DayOptions:
    """The days that count as today, and for dated lists."""

    as_of: options.AsOf = None
    lists_as_of: options.ListsAsOf = None


@dataclass(frozen=True, slots=True)
class InputOptions:
    """How the orders are to be read."""

    encoding: options.Encoding = None
    delimiter: options.Delimiter = None
    mapping: options.MappingFile = None
    input_format: options.InputFormat = None
    sheet: options.Sheet = None
    table: options.Table = None
    query: options.Query = None
    header_row: options.HeaderRow = None


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """A command each of whose parameters that is a group of options is one option for each field
    of the group, in the same place and order."""
    signature = inspect.signature(command, eval_str=True)
    spread: list[Parameter] = []
    groups: dict[str, Any] = {}
    for name, parameter in signature.parameters.items():
        group = parameter.annotation
        if not is_dataclass(group):
            spread.append(parameter.replace(kind=Parameter.KEYWORD_ONLY))
            continue
        groups[name] = group
        hints = get_type_hints(group, include_extras=True)
        spread += [
            Parameter(
                one.name,
                Parameter.KEYWORD_ONLY,
                default=Parameter.empty if one.default is MISSING else one.default,
                annotation=hints[one.name],
            )
            for one in fields(group)
        ]

    @wraps(command)
    def run(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{one.name: given.pop(one.name) for one in fields(group)})
        command(**given)

    run.__annotations__ = {one.name: one.annotation for one in spread}
    run.__signature__ = signature.replace(parameters=spread)  # type: ignore[attr-defined]
    return run
