"""Settings: flags before ``REDFLAGS_*`` variables before the configuration file."""

from __future__ import annotations

import datetime
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from redflags.errors import ConfigurationError
from redflags.policy import ACTIONS, DEFAULT
from redflags.weights import BAND_NAMES

FILE_NAME = "redflags.toml"
PREFIX = "REDFLAGS_"


@dataclass(frozen=True, slots=True)
class Configuration:
    """Every setting of a run. None and empty mean: not set, the default counts."""

    rules: tuple[str, ...] = ()
    only_rules: bool = False
    profile: str | None = None
    overlay: tuple[str, ...] = ()
    format: str | None = None
    output: tuple[str, ...] = ()
    keep_years: int = 5
    fail_on: str = "medium"
    min_score: float = 0.0
    as_of: datetime.date | None = None
    lists_as_of: datetime.date | None = None
    encoding: str | None = None
    delimiter: str | None = None
    input_format: str | None = None
    sheet: str | None = None
    table: str | None = None
    query: str | None = None
    header_row: int | Literal["none"] | None = None
    mapping: str | None = None
    engine: str = "auto"
    rates: str | None = None
    policy: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    decimal: str | None = None
    day_first: bool | None = None


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("is a text")
    return value


def _sheet(value: Any) -> str:
    return _text(str(value) if isinstance(value, int) and not isinstance(value, bool) else value)


def _header_row(value: Any) -> int | Literal["none"]:
    text = str(value).strip().lower()
    if text == "none":
        return "none"
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or not 0 < len(text) < 8:
        raise ValueError("is the number of a row, from 1, or none")
    if int(text) == 0:
        raise ValueError("is the number of a row, from 1, or none")
    return int(text)


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part for part in value.split(os.pathsep) if part)
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise ValueError("is a list of paths")
    return tuple(value)


def _yes_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "yes", "1", "false", "no", "0"):
        return value.lower() in ("true", "yes", "1")
    raise ValueError("is true or false")


def _band(value: Any) -> str:
    if value not in BAND_NAMES[1:]:
        raise ValueError(f"is one of {', '.join(BAND_NAMES[1:])}")
    return str(value)


def _score(value: Any) -> float:
    try:
        score = float("nan" if isinstance(value, bool) else value)
    except (TypeError, ValueError):
        score = float("nan")
    if not 0 <= score <= 100:
        raise ValueError("is a number from 0 to 100")
    return score


def _years(value: Any) -> int:
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or len(text) > 2:
        raise ValueError("is a number of years, at most 99")
    return int(text)


def _date(value: Any) -> datetime.date:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    try:
        return datetime.date.fromisoformat(value if len(value) == 10 else "")
    except (TypeError, ValueError):
        raise ValueError("is a date such as 2026-01-31") from None


def _decimal(value: Any) -> str:
    if value not in (".", ","):
        raise ValueError('is "." or ","')
    return str(value)


def _actions(value: Any) -> tuple[str, ...]:
    given = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(given, list) or not given or not all(one in ACTIONS for one in given):
        raise ValueError(f"is a list of actions: {', '.join(ACTIONS)}")
    return tuple(dict.fromkeys(given))


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "rules": _texts,
    "only_rules": _yes_no,
    "profile": _text,
    "overlay": _texts,
    "format": _text,
    "output": _texts,
    "keep_years": _years,
    "fail_on": _band,
    "min_score": _score,
    "as_of": _date,
    "lists_as_of": _date,
    "encoding": _text,
    "delimiter": _text,
    "input_format": _text,
    "sheet": _sheet,
    "table": _text,
    "query": _text,
    "header_row": _header_row,
    "mapping": _text,
    "engine": _text,
    "rates": _text,
    "numbers.decimal": _decimal,
    "dates.day_first": _yes_no,
    **{f"policy.{band}": _actions for band in DEFAULT},
}
"""Every setting by its dotted name, with what reads it from TOML, a variable or a flag."""

_TABLES = frozenset(name.split(".")[0] for name in _READERS if "." in name)


def load_configuration(
    flags: Mapping[str, Any],
    *,
    config: str | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Configuration:
    """The settings in force. A flag that is None was not given.

    ``config`` is the file of ``--config``; without it ``redflags.toml`` of the ``folder``, else
    ``[tool.redflags]`` of its ``pyproject.toml``. Paths in the file are relative to it.

    Raises :class:`ConfigurationError` for an unknown or unusable setting, or an unreadable file.
    """
    settings = _from_file(config, Path.cwd() if folder is None else folder)
    settings.update(_from_environment(os.environ if environment is None else environment))
    for name, value in flags.items():
        if value is not None:
            settings[name] = _read(name, value, f"--{name.replace('_', '-')}")
    named = {name: value for name, value in settings.items() if "." not in name}
    policy = {
        name.removeprefix("policy."): value
        for name, value in settings.items()
        if name.startswith("policy.")
    }
    return Configuration(
        **named,
        policy=policy,
        decimal=settings.get("numbers.decimal"),
        day_first=settings.get("dates.day_first"),
    )


def _read(name: str, value: Any, shown: str) -> Any:
    try:
        return _READERS[name](value)
    except ValueError as error:
        raise ConfigurationError(f"{shown} {error}, not {_short(value)}") from None


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    names = {PREFIX + name.replace(".", "_").upper(): name for name in _READERS}
    found: dict[str, Any] = {}
    for variable, value in sorted(environment.items()):
        if not variable.startswith(PREFIX):
            continue
        if variable not in names:
            raise ConfigurationError(_unknown(f"variable {variable}", variable, names))
        if value:
            found[names[variable]] = _read(names[variable], value, f"the variable {variable}")
    return found


def _from_file(config: str | None, folder: Path) -> dict[str, Any]:
    if config is not None:
        path = Path(config)
        table = _toml(path)
        return _from_table(_tool(table) if path.name == "pyproject.toml" else table, path)
    path = folder / FILE_NAME
    if path.is_file():
        return _from_table(_toml(path), path)
    path = folder / "pyproject.toml"
    if path.is_file() and b"redflags" in path.read_bytes():
        return _from_table(_tool(_toml(path)), path)
    return {}


def _tool(table: Mapping[str, Any]) -> Mapping[str, Any]:
    tools = table.get("tool")
    ours = tools.get("redflags") if isinstance(tools, Mapping) else None
    return ours if isinstance(ours, Mapping) else {}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ConfigurationError(
            f"the configuration file {path} cannot be read: {reason or 'nested too deep'}"
        ) from error


def _from_table(table: Mapping[str, Any], path: Path) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if key in _TABLES and isinstance(value, Mapping):
            flat.update({f"{key}.{inner}": one for inner, one in value.items()})
        else:
            flat[key] = value
    found: dict[str, Any] = {}
    for name, value in flat.items():
        if name in _TABLES:
            raise ConfigurationError(f"{path}: {name} is a table, written as [{name}]")
        if name not in _READERS:
            raise ConfigurationError(
                f"{path}: {_unknown(f'setting {name[:60]!r}', name, _READERS)}"
            )
        found[name] = _read(name, value, f"{path}: {name}")
    for name in ("rules", "overlay"):
        if name in found:
            found[name] = tuple(str(path.parent / one) for one in found[name])
    for name in ("mapping", "rates"):
        if name in found:
            found[name] = str(path.parent / found[name])
    if "output" in found:
        found["output"] = tuple(
            one if one == "-" else str(path.parent / one) for one in found["output"]
        )
    return found


def _unknown(what: str, name: str, legal: Mapping[str, Any]) -> str:
    from redflags.diagnostics import nearest  # only a mistake needs it

    close = nearest(name[:100], legal)
    help_ = f"did you mean {close}?" if close else f"there are {', '.join(legal)}"
    return f"there is no {what}; {help_}"
