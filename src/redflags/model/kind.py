"""What a kind of values is: how a text of it is parsed, validated and shown.

A kind is also the pydantic validator of the attributes annotated with it, so that
``Annotated[Understood | None, COUNTRY]`` is the one place where a field's kind is written down.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pydantic
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from redflags import reference
from redflags.model.given_values import text_of
from redflags.model.notation import AS_WRITTEN, Notation
from redflags.values.understood import BLANK, NOT_STATED, Understood, unknown

LONGEST_TEXT = 100_000
"""Characters that are kept of one value. A longer one is unknown: no trade document has it."""


_ANY_TEXT = frozenset({"text", "identifier", "phone", "name", "names", "control-code"})
"""Kinds whose parser takes any text for a value, also one that says that there is none."""

_PLACES = frozenset({"country", "countries", "region", "regions"})
"""Kinds in which “s/o” and “n.a.” would be read as codes."""

_SURROGATE = re.compile("[\ud800-\udfff]")

Parser = Callable[[str, Notation], Understood]
Vocabulary = Callable[[], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value.

    ``order`` says whether values can be compared by size; ``element`` is the kind of the members
    of a set; ``vocabulary`` gives the legal values and their titles where these are closed.
    """

    name: str
    title: str
    parse_text: Parser
    show: Callable[[Any], str] = str
    order: bool = False
    element: Kind | None = None
    is_code: bool = False
    is_free_text: bool = False
    vocabulary: Vocabulary | None = None
    parse_operand: Parser | None = None
    _cached: Parser = field(init=False, repr=False, compare=False)
    _as_written: Callable[[str], Understood] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_cached", lru_cache(maxsize=65_536)(self._read))
        # To look up a text alone is much quicker than with its notation, which has to be hashed.
        object.__setattr__(self, "_as_written", lru_cache(maxsize=65_536)(self._read))

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def is_set(self) -> bool:
        """Whether a field of this kind holds a set of values."""
        return self.element is not None

    @property
    def member(self) -> Kind:
        """The kind of one member: the kind itself unless it is a set."""
        return self if self.element is None else self.element

    def parse(self, text: str, notation: Notation = AS_WRITTEN) -> Understood:
        """The value of one text; blank text is :data:`BLANK`. Never raises."""
        if len(text) > 500:
            return self._read(text, notation)
        return self._as_written(text) if notation is AS_WRITTEN else self._cached(text, notation)

    def _read(self, text: str, notation: Notation = AS_WRITTEN) -> Understood:
        if len(text) > LONGEST_TEXT:
            return unknown(text[:200] + "…", f"longer than {LONGEST_TEXT:,} characters")
        if not text.isprintable() and _SURROGATE.search(text):
            return unknown(_SURROGATE.sub("\ufffd", text), "it has half a character in it")
        if not text.strip():
            return BLANK
        first = self.name in _ANY_TEXT or (self.name in _PLACES and not text.strip().isalnum())
        why = reference.missing(text, is_free_text=True) if first else None
        # A number such as SEE-DN-304 is a number, and a name is a name.
        if why == NOT_STATED or (why is not None and self.is_free_text):
            return unknown(text, why)
        understood = self.parse_text(text, notation)
        # A stated family decides for all goods: one that says nothing stays an unknown family.
        if (
            understood.value is None
            and self.name != "families"
            and (why := reference.missing(text))
        ):
            return unknown(text, why)
        return understood

    def operand(self, text: str) -> Understood:
        """The value of a text in a rule file, of one member where the kind is a set."""
        kind = self.member
        return (kind.parse_operand or kind.parse_text)(text, AS_WRITTEN)

    def shown(self, understood: Understood) -> str:
        """The value as a person reads it; empty when it is unknown."""
        if understood.value is None:
            return ""
        if self.element is not None:
            members = sorted(self.element.show(item) for item in understood.value)
            return ", ".join(members) or "none"
        return self.show(understood.value)

    def validate(self, value: Any, info: ValidationInfo | None = None) -> Understood | None:
        """Turn what a caller gave into an :class:`Understood`.

        Raises ``ValueError`` for a type that no value is written in.
        """
        if value is None:
            return BLANK
        if isinstance(value, Understood):
            return value
        notation = AS_WRITTEN
        if info is not None and isinstance(info.context, Notation):
            notation = info.context
        return self.parse(text_of(value), notation)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            self.validate,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda understood: None if understood is None else understood.written
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        kinds = ["string", "null"]
        if self.order:
            kinds.insert(1, "number")
        described: JsonSchemaValue = {"type": kinds, "description": self.title}
        if self.is_set:
            described = {
                "anyOf": [
                    {"type": kinds},
                    {"type": "array", "items": {"type": "string"}},
                ],
                "description": self.title,
            }
        return described


def stated(meaning: str, label: str, example: str, path: str | None = None) -> Any:
    """A field that orders state: its meaning, what sentences call it, and an example."""
    return _field(meaning, label, example, path, is_derived=False)


def derived(meaning: str, label: str, example: str, path: str | None = None) -> Any:
    """A field that follows from others; a value that the order states wins."""
    return _field(meaning, label, example, path, is_derived=True)


def _field(meaning: str, label: str, example: str, path: str | None, *, is_derived: bool) -> Any:
    return pydantic.Field(
        default=None,
        description=meaning,
        title=label,
        json_schema_extra={"example": example, "path": path, "derived": is_derived},
    )
