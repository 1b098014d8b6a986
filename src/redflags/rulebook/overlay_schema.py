"""JSON Schema (2020-12) of overlays, for editors: made of the loader's own tables of keys.

It never refuses what the loader accepts. Whether a thing of that name is there, and whether a path
leads anywhere in it, is left to the loader.
"""

from __future__ import annotations

from redflags.rulebook import schema
from redflags.rulebook.json_shapes import (
    DIALECT,
    NAME_TEXT,
    TEXT,
    VALUE,
    Schema,
    closed,
    described,
    offered,
    one_or_several,
    ref_to,
    weight,
)
from redflags.rulebook.tree import RuleBook
from redflags.weights import SEVERITIES

_COUNTS = r"\["
"""A path that counts the members of a list: the change says what it replaces."""


def overlay_schema(book: RuleBook | None = None) -> Schema:
    """The schema of an overlay. The names of what ``book`` has are offered."""
    properties: dict[str, Schema] = {
        key: described(meaning) for key, meaning in schema.OVERLAY_KEYS.items()
    }
    properties["overlay"] = {"description": schema.OVERLAY_KEYS["overlay"], **NAME_TEXT}
    names = _names(book)
    for verb in schema.VERBS:
        properties[verb] = {
            "description": schema.OVERLAY_KEYS[verb],
            "type": ["array", "null"],
            "items": _change(verb, names),
        }
    values = one_or_several(TEXT)
    return {
        "$schema": DIALECT,
        "title": "redflags: overlay",
        **closed(properties, required=["overlay"]),
        "$defs": {
            "value": {"anyOf": [values, _new_value(values)]},
            "counted": {**_new_value(values), "required": list(schema.NEW_VALUE_KEYS)},
            "entry": {
                "anyOf": [
                    VALUE,
                    closed(
                        {key: described(told) for key, told in schema.ENTRY_KEYS.items()}
                        | {"value": {"description": schema.ENTRY_KEYS["value"], **VALUE}},
                        required=["value"],
                    ),
                ]
            },
            **{f"set in a {of}": _set(of) for of in schema.VERBS["set"]},
        },
    }


def _names(book: RuleBook | None) -> dict[str, list[str]]:
    """The full names of what can be changed, as far as a rule book tells them."""
    if book is None:
        return {}
    return {
        "rule": [rule.name for rule in book.rules],
        "list": sorted(book.lists),
        "mitigation": [one.name for one in book.mitigations],
        "pack": [pack.id for pack in book.packs],
    }


def _change(verb: str, names: dict[str, list[str]]) -> Schema:
    """One change under a verb: of one thing, with a reason."""
    targets = schema.VERBS[verb]
    keys = schema.KEYS_OF_VERBS[verb]
    properties: dict[str, Schema] = {
        of: {"description": schema.TARGETS[of], **offered(names.get(of, ()), TEXT)}
        for of in targets
    }
    properties |= {key: described(meaning) for key, meaning in keys.items()}
    required = ["reason"]
    found: Schema = {"oneOf": [{"required": [of]} for of in targets]}
    if verb == "set":
        properties["change"] = {"description": keys["change"]}
        required.append("change")
        found["allOf"] = [
            {
                "if": {"required": [of]},
                "then": {"properties": {"change": ref_to(f"set in a {of}")}},
            }
            for of in targets
        ]
    elif verb != "disable":
        properties["entries"] = {
            "description": keys["entries"],
            "type": "array",
            "minItems": 1,
            "items": TEXT if verb == "remove" else ref_to("entry"),
        }
        required.append("entries")
        found |= {
            "if": {"required": ["list"]},
            "then": {"properties": {"path": False}},
            "else": {"required": ["path"], "properties": {"entries": {"items": TEXT}}},
        }
    return {**closed(properties, required=required), **found}


def _new_value(value: Schema) -> Schema:
    keys = schema.NEW_VALUE_KEYS
    properties = {
        "to": {"description": keys["to"], **value},
        "was": {"description": keys["was"], **one_or_several(TEXT)},
    }
    return closed(properties, required=["to"])


def _set(of: str) -> Schema:
    """The paths that lead into a thing, with the values that they may get."""
    found: Schema = {
        "type": "object",
        "minProperties": 1,
        "patternProperties": {_COUNTS: ref_to("counted")},
    }
    legal = schema.SETTABLE.get(of)
    if legal is None:
        return {**found, "additionalProperties": ref_to("value")}
    meanings = {
        "rule": schema.RULE_KEYS, "list": schema.LIST_KEYS, "table": schema.TABLE_KEYS
    }[of]  # fmt: skip
    words: dict[str, Schema] = {
        "severity": {"enum": list(SEVERITIES)},
        "status": {"enum": list(schema.STATUSES)},
        "weight": weight(),
    }
    texts = [key for key, is_text in legal.items() if is_text]
    found["properties"] = {
        key: {
            "description": meanings[key],
            "anyOf": [words.get(key, TEXT), _new_value(words.get(key, TEXT))],
        }
        for key in texts
    }
    inner = "|".join(key for key in legal if key not in texts)
    if inner:
        found["patternProperties"][rf"^({inner})[.\[]"] = ref_to("value")
    return {**found, "additionalProperties": False}
