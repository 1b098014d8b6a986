"""What a column name stands for, whatever its spelling."""

from __future__ import annotations

import re

from redflags.intake.recognition import recognise
from redflags.model.fields import columns

_BETWEEN_WORDS = re.compile(r"[\s.\-_/]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def field_of(name: str) -> str | None:
    """The path of the field whose own name this is: ``Buyer Country`` is ``buyer.country``.

    Names in other languages and of other systems are not the field's own;
    :func:`~redflags.intake.recognition.recognise` knows them.
    """
    return columns().get(normal_name(name))


def is_known(name: str) -> bool:
    """Whether a column name says anything: it is that of a field, or it is recognised."""
    return field_of(name) is not None or bool(recognise(name))


def normal_name(name: str) -> str:
    """A column name without case, with one underscore for whatever stands between its words:
    ``Order ID``, ``order-id`` and ``OrderId`` are the same."""
    spaced = _HUMP.sub("_", name[:200].strip())
    return _BETWEEN_WORDS.sub("_", spaced.lower()).strip("_")
