"""What a call from Python may be given, and what is said of anything else.

A value that is no setting is a :class:`~redflags.errors.ConfigurationError`, as it is at the
command line; a thing of the wrong type is a ``TypeError`` that says what to give instead.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AnyMapping
from typing import Any

from redflags.diagnostics import nearest
from redflags.errors import ConfigurationError
from redflags.intake import Mapping
from redflags.model.notation import Notation
from redflags.readers import Selection
from redflags.weights import BAND_NAMES

Paths = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]
"""Inputs: paths, ``-`` for standard input or URLs of databases; one of them alone is one input."""

_FRAME = (
    "write a data frame to a Parquet or CSV file and give its path, or make a Transaction of each "
    "of its rows"
)


def day_given(name: str, given: Any) -> datetime.date | None:
    """A day, or None. Raises ``TypeError`` for anything else, also for a day with a time: whether
    it means the day there or in another place is for the caller to say."""
    if given is None:
        return None
    if isinstance(given, datetime.datetime):
        raise TypeError(f"{name} is a datetime.date, not a datetime; give {name}.date()")
    if not isinstance(given, datetime.date):
        raise TypeError(f"{name} is a datetime.date, not {type(given).__name__}")
    return given


def must_be_band(name: str, given: Any) -> None:
    """Raise :class:`ConfigurationError` for what is no band."""
    if given not in BAND_NAMES:
        close = nearest(str(given)[:40], BAND_NAMES)
        raise ConfigurationError(
            f"{name} is one of {', '.join(BAND_NAMES)}, not {str(given)[:40]!r}"
            + (f"; did you mean {close!r}?" if close else "")
        )


def must_be(name: str, given: Any, kind: type, remedy: str, *, or_none: bool = False) -> None:
    """Raise ``TypeError`` for what is not of a type; ``remedy`` says what makes one."""
    if (given is None and or_none) or isinstance(given, kind):
        return
    raise TypeError(f"{name} is a {kind.__name__}, not {type(given).__name__}; {remedy}")


def must_be_score(name: str, given: Any) -> None:
    """Raise :class:`ConfigurationError` for what is no number from 0 to 100."""
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    if not is_number or not 0 <= given <= 100:
        raise ConfigurationError(f"{name} is a number from 0 to 100, not {given!r}")


def must_say_how(
    encoding: Any, delimiter: Any, mapping: Any, notation: Any, selection: Any
) -> None:
    """Raise ``TypeError`` unless these say how inputs are to be read."""
    for name, given in (("encoding", encoding), ("delimiter", delimiter)):
        must_be(name, given, str, "leave it out to have it found", or_none=True)
    must_be("mapping", mapping, Mapping, "read_mapping makes one of a file", or_none=True)
    must_be("notation", notation, Notation, "write Notation(decimal=',')")
    must_be("selection", selection, Selection, "write Selection(sheet='Orders')")


def inputs_given(name: str, given: Any) -> Sequence[str]:
    """As :func:`paths_given`, of at least one input. Raises :class:`ConfigurationError` for none:
    a pattern that no file matches is not to pass for orders without a flag."""
    paths = paths_given(name, given)
    if not paths:
        raise ConfigurationError(f"{name} names no input; give at least one file")
    return paths


def paths_given(name: str, given: Any) -> Sequence[str]:
    """Inputs as texts; one path alone is one input. Raises ``TypeError`` for what is no path."""
    if isinstance(given, str | os.PathLike):
        given = [given]
    if not isinstance(given, Iterable) or isinstance(given, AnyMapping | bytes):
        remedy = _FRAME if hasattr(given, "columns") else "give a list of files"
        raise TypeError(f"{name} are paths of files, not {type(given).__name__}; {remedy}")
    if hasattr(given, "columns") or hasattr(given, "schema"):
        raise TypeError(f"{name} are paths of files, not {type(given).__name__}; {_FRAME}")
    return [_path_given(name, one) for one in given]


def _path_given(name: str, given: Any) -> str:
    path = os.fspath(given) if isinstance(given, str | os.PathLike) else None
    if not isinstance(path, str):
        remedy = _FRAME if hasattr(given, "columns") else "give a path"
        if hasattr(type(given), "model_fields"):
            remedy = "check judges a Transaction"
        raise TypeError(f"{name} are paths of files, not {type(given).__name__}; {remedy}")
    return path
