"""Values as JSON text that is always valid UTF-8."""

from __future__ import annotations

import json
from typing import Any

import orjson
from pydantic import BaseModel

from redflags.model.kept import as_json


def json_text(value: BaseModel | dict[str, Any]) -> str:
    """A value as indented JSON, letters of all scripts as they are, keys in the order of the
    model.

    Half characters (lone surrogates) become escapes, as no encoding can write them.
    """
    # mode "python": the models hold JSON types only, and pydantic's own JSON refuses surrogates.
    plain = value.model_dump() if isinstance(value, BaseModel) else value
    try:
        return orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode()
    except TypeError:
        return indented(as_json(plain))


def indented(line: bytes) -> str:
    """One line of JSON in many."""
    try:
        return orjson.dumps(orjson.loads(line), option=orjson.OPT_INDENT_2).decode()
    except (ValueError, TypeError):  # half characters are no JSON to orjson
        return json.dumps(json.loads(line), indent=2)
