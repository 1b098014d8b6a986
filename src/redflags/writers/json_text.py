"""Values as JSON text that is always valid UTF-8."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import BaseModel

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def json_text(value: BaseModel | dict[str, Any], *, indent: int | None = None) -> str:
    """A value as JSON, letters of all scripts as they are, keys in the order of the model.

    Half characters (lone surrogates) become escapes, as no encoding can write them.
    """
    # mode "python": the models hold JSON types only, and pydantic's own JSON refuses surrogates.
    plain = value.model_dump() if isinstance(value, BaseModel) else value
    text = json.dumps(plain, ensure_ascii=False, indent=indent, allow_nan=False)
    return _LONE_SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
