"""Pieces of JSON Schema from which those of rule files and overlays are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from redflags.rulebook.library import LONGEST_OPERAND

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"

LONGEST_NAME = 80
MOST_OFFERED = 400
"""Words of one vocabulary that an editor is offered."""

# YAML has no numbers for the loader: every scalar is the text that was written.
TEXT: Schema = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
VALUE: Schema = {**TEXT, "maxLength": LONGEST_OPERAND}
NAME_TEXT: Schema = {
    "type": ["string", "integer", "boolean"],
    "pattern": NAME,
    "maxLength": LONGEST_NAME,
    "minimum": 0,
}


def ref_to(name: str) -> Schema:
    """A reference to one of the schema's own definitions."""
    return {"$ref": f"#/$defs/{name}"}


def described(meaning: str) -> Schema:
    """A text with something in it, and what it is for."""
    return {"description": meaning, **TEXT}


def free_names(of: Schema) -> Schema:
    """A mapping of free names; nothing after the colon is an empty one."""
    return {
        "type": ["object", "null"],
        "propertyNames": {"pattern": NAME, "maxLength": LONGEST_NAME},
        "additionalProperties": of,
    }


def closed(properties: Mapping[str, Any], required: Iterable[str] = ()) -> Schema:
    """A mapping with these keys and no others."""
    found: Schema = {
        "type": "object",
        "properties": dict(properties),
        "additionalProperties": False,
    }
    needed = list(required)
    return {**found, "required": needed} if needed else found


def one_or_several(of: Schema, least: int = 1) -> Schema:
    """One thing, or a list of at least ``least`` of them."""
    return {"anyOf": [of, {"type": "array", "items": of, "minItems": least}]}


def offered(words: Iterable[str], otherwise: Schema) -> Schema:
    """Words that an editor offers, and anything else that the loader may understand."""
    found = list(words)
    if not found or len(found) > MOST_OFFERED:
        return otherwise
    return {"anyOf": [{"enum": found}, otherwise]}


def weight() -> Schema:
    """The weight of a sign: between 0 and 1, neither included."""
    return {
        "anyOf": [
            {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
            {"type": "string", "pattern": r"^\s*0?\.(?=[0-9]*[1-9])[0-9]{1,12}\s*$"},
        ]
    }
