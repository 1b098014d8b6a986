"""JSON Schema (2020-12) of rule files, packs and profiles, for editors.

It is made of the loader's own tables: keys, fields, kinds, operators and words. It never refuses
what the loader accepts; what depends on other files (names of lists and conditions) or on
understanding a value it leaves to the loader. Words of a vocabulary are offered and not demanded
where the loader understands other words for them too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from redflags import reference
from redflags.model.fields import Field, columns, field_table
from redflags.model.kind import Kind
from redflags.model.kinds import KINDS
from redflags.rulebook import schema
from redflags.rulebook.json_shapes import (
    DIALECT,
    NAME_TEXT,
    TEXT,
    VALUE,
    Schema,
    closed,
    described,
    free_names,
    offered,
    one_or_several,
    ref_to,
    weight,
)
from redflags.rulebook.judgement_tables import JUDGEMENT_KINDS
from redflags.rulebook.library import LONGEST_OPERAND
from redflags.rulebook.operators import OPERATORS, Operator, fitting_operators
from redflags.rulebook.reference_lists import REFERENCE_LISTS
from redflags.rulebook.tree import RuleBook
from redflags.weights import SEVERITIES

_WITH_UNIT = r"[^0-9\s.,'+-]"
"""What a quantity or an amount has beside its number."""


def rule_file_schema(book: RuleBook | None = None) -> Schema:
    """The schema of a rule file. The names of lists and conditions of ``book`` are offered."""
    properties: dict[str, Schema] = {
        key: {"description": meaning} for key, meaning in schema.FILE_KEYS.items()
    }
    properties["lists"] |= free_names(ref_to("list"))
    properties["conditions"] |= free_names(ref_to("block"))
    properties["tables"] |= free_names(ref_to("table"))
    properties["mitigations"] |= {
        "anyOf": [
            free_names(ref_to("mitigation")),
            {"type": "array", "items": ref_to("mitigation")},
        ]
    }
    properties["rules"] |= {"type": ["array", "null"], "items": ref_to("rule")}
    return {
        "$schema": DIALECT,
        "title": "redflags: rule file",
        "type": ["object", "null"],
        "properties": properties,
        "additionalProperties": False,
        "$defs": _definitions(_Names(book)),
    }


def list_schema(book: RuleBook | None = None) -> Schema:
    """The schema of one list, as it stands after its name."""
    found = _definitions(_Names(book))
    kept = {name: found[name] for name in ("list", "entry", "text")}
    return {"$schema": DIALECT, "title": "redflags: list", **ref_to("list"), "$defs": kept}


def pack_schema() -> Schema:
    """The schema of ``pack.yaml``."""
    source = closed(
        {key: described(meaning) for key, meaning in schema.PACK_SOURCE_KEYS.items()},
        required=[key for key in schema.PACK_SOURCE_KEYS if key != "url"],
    )
    properties = {key: described(meaning) for key, meaning in schema.PACK_KEYS.items()}
    properties["id"] = {"description": schema.PACK_KEYS["id"], **NAME_TEXT}
    properties["sources"] = {"description": schema.PACK_KEYS["sources"], **free_names(source)}
    return {
        "$schema": DIALECT,
        "title": "redflags: pack",
        **closed(properties, required=["id", "title", "version"]),
    }


def profiles_schema(packs: Iterable[str]) -> Schema:
    """The schema of ``profiles.yaml``; ``packs`` are the ids of the shipped packs."""
    chosen = {"anyOf": [{"const": "all"}, {"type": "array", "items": {"enum": sorted(packs)}}]}
    profile = closed(
        {
            "title": described(schema.PROFILE_KEYS["title"]),
            "packs": {"description": schema.PROFILE_KEYS["packs"], **chosen},
        },
        required=list(schema.PROFILE_KEYS),
    )
    return {
        "$schema": DIALECT,
        "title": "redflags: profiles",
        "type": "object",
        "additionalProperties": profile,
    }


class _Names:
    """The full names that an editor is offered."""

    def __init__(self, book: RuleBook | None) -> None:
        self.lists: dict[str, list[str]] = {}
        self.sources = {"judgement"}
        for pack in () if book is None else book.packs:
            self.sources |= {one.id for one in pack.sources}
            for listed in pack.lists:
                self.lists.setdefault(listed.kind, []).append(listed.name)


def _definitions(names: _Names) -> dict[str, Schema]:
    kinds = {field.kind.name: field.kind for field in field_table().values()}
    tests = {f"test of {name}": _test(kind, names) for name, kind in sorted(kinds.items())}
    return {
        "text": TEXT,
        "block": _block(),
        "rule": _rule(names),
        "mitigation": _mitigation(),
        "list": _list(),
        "entry": _entry(),
        "table": _table(),
        **tests,
    }


def _block() -> Schema:
    groups = {
        key: {"description": meaning, "type": "array", "minItems": 1, "items": ref_to("block")}
        for key, meaning in (
            ("all", "all of these blocks must hold"),
            ("any", "one of these blocks must hold"),
            ("none", "none of these blocks may hold"),
        )
    }
    holds = one_or_several(TEXT)
    fields = {path: _field(field) for path, field in field_table().items()}
    properties = {
        **groups,
        "holds": {"description": "named conditions that must hold", **holds},
        **fields,
    }
    return {**closed(properties), "minProperties": 1}


def _field(field: Field) -> Schema:
    return {
        "description": f"{field.meaning}. {field.kind.title}; such as {field.example}",
        **ref_to(f"test of {field.kind.name}"),
    }


def _test(kind: Kind, names: _Names) -> Schema:
    """What may stand after a field of a kind: operators, a value, or a list of values."""
    fitting = [OPERATORS[word] for word in fitting_operators(kind)]
    operators = {
        one.word: {
            "description": f"the field {one.meaning}",
            **_SHAPES[one.shape](kind, one, names),
        }
        for one in fitting
    }
    ways: list[Schema] = [{**closed(operators), "minProperties": 1}]
    if "is" in operators:
        ways.append(_value(kind))
    if "in" in operators:
        ways.append({"type": "array", "items": _value(kind), "minItems": 1})
    return {"anyOf": ways}


def _value(kind: Kind) -> Schema:
    member = kind.member
    plain = VALUE
    if member.name in ("quantity", "money"):
        plain = {"type": "string", "pattern": _WITH_UNIT, "maxLength": LONGEST_OPERAND}
    words = member.vocabulary() if member.vocabulary is not None else ()
    return offered(words, plain)


def _shape_of_list(kind: Kind, operator: Operator, names: _Names) -> Schema:
    name = offered(names.lists.get(kind.member.name, ()), TEXT)
    chosen = {
        "type": "object",
        "properties": {"list": name},
        "required": ["list"],
        "additionalProperties": one_or_several(TEXT),
    }
    return {"anyOf": [name, chosen]}


def _shape_of_bound(kind: Kind, operator: Operator, names: _Names) -> Schema:
    table = closed({"table": TEXT}, required=["table"])
    return {"anyOf": [_value(kind), table]}


def _shape_of_range(kind: Kind, operator: Operator, names: _Names) -> Schema:
    return {"type": "array", "items": _value(kind), "minItems": 2, "maxItems": 2}


def _shape_of_phrases(kind: Kind, operator: Operator, names: _Names) -> Schema:
    listed = closed({"list": offered(names.lists.get("text", ()), TEXT)}, required=["list"])
    return {"anyOf": [one_or_several(TEXT), listed]}


def _shape_of_fields(kind: Kind, operator: Operator, names: _Names) -> Schema:
    same = [
        path for path, field in field_table().items() if field.kind.member.name == kind.member.name
    ]
    return one_or_several({"enum": same})


_SHAPES: Mapping[str, Callable[[Kind, Operator, _Names], Schema]] = {
    "value": lambda kind, operator, names: _value(kind),
    "values": lambda kind, operator, names: {
        "type": "array",
        "items": _value(kind),
        "minItems": 1,
    },
    "list": _shape_of_list,
    "bound": _shape_of_bound,
    "range": _shape_of_range,
    "date": lambda kind, operator, names: {**VALUE, "examples": ["2022-02-24"]},
    "prefixes": lambda kind, operator, names: one_or_several(VALUE),
    "phrases": _shape_of_phrases,
    "fields": _shape_of_fields,
    "yes-no": lambda kind, operator, names: {"enum": ["yes", "no"]},
}
"""The schema of each shape of operand."""


def _lowering() -> dict[str, Schema]:
    keys = schema.LOWERING_KEYS
    return {
        "when": {"description": keys["when"], **ref_to("block")},
        "by": {
            "description": keys["by"],
            "anyOf": [{"enum": list(SEVERITIES)}, weight()],
        },
        "because": described(keys["because"]),
    }


def _mitigation() -> Schema:
    keys = schema.MITIGATION_KEYS
    properties = {
        "id": {"description": keys["id"], **NAME_TEXT},
        "fact": {"description": keys["fact"], "enum": list(reference.base_facts())},
        **_lowering(),
    }
    return closed(properties, required=[key for key in keys if key != "id"])


def _rule(names: _Names) -> Schema:
    properties: dict[str, Schema] = {
        key: {"description": meaning} for key, meaning in schema.RULE_KEYS.items()
    }
    properties["id"] |= NAME_TEXT
    for key in ("title", "why", "notes"):
        properties[key] |= TEXT
    properties["kind"] |= {"enum": list(schema.KINDS_OF_RULES)}
    properties["severity"] |= {"enum": list(SEVERITIES)}
    properties["weight"] |= weight()
    properties["fact"] |= {"enum": list(reference.base_facts())}
    properties["status"] |= {"enum": list(schema.STATUSES)}
    properties["source"] |= _sources(names)
    properties["when"] |= ref_to("block")
    properties["lowers"] |= {
        "type": ["array", "null"],
        "items": closed(_lowering(), required=schema.LOWERING_KEYS),
    }
    properties["ask"] |= {
        "type": ["array", "null"],
        "items": closed(
            {
                "of": {
                    "description": schema.QUESTION_KEYS["of"],
                    "enum": list(schema.ADDRESSEES),
                },
                "text": described(schema.QUESTION_KEYS["text"]),
            },
            required=schema.QUESTION_KEYS,
        ),
    }
    properties["examples"] |= {"type": ["array", "null"], "items": _example()}
    weighed = ("severity", "weight", "fact", "lowers")
    return {
        **closed(properties, required=["id", "title"]),
        "anyOf": [{"required": ["when"]}, {"required": ["across"]}],
        "if": {"properties": {"kind": {"const": "stop"}}, "required": ["kind"]},
        "then": {"properties": dict.fromkeys(weighed, False)},
        "else": {"required": ["severity", "fact"]},
    }


def _sources(names: _Names) -> Schema:
    document = offered(sorted(names.sources), TEXT)
    source = closed(
        {
            "document": {"description": schema.SOURCE_KEYS["document"], **document},
            "flags": {
                "description": schema.SOURCE_KEYS["flags"],
                **one_or_several({"enum": list(reference.red_flag_catalogue())}, least=0),
            },
            "note": described(schema.SOURCE_KEYS["note"]),
        },
        required=["document"],
    )
    return one_or_several({"anyOf": [document, source]})


def _example() -> Schema:
    texts = {"anyOf": [{"type": ["string", "number", "boolean", "null"]},
                       {"type": "array", "items": TEXT}]}  # fmt: skip
    order = closed(dict.fromkeys((*field_table(), *columns()), texts))
    properties: dict[str, Schema] = {
        key: {"description": meaning} for key, meaning in schema.EXAMPLE_KEYS.items()
    }
    properties["name"] |= TEXT
    properties["given"] |= order
    properties["expect"] |= {"enum": list(schema.EXPECTATIONS)}
    properties["orders"] |= {"type": ["array", "null"], "items": order}
    return closed(properties, required=schema.REQUIRED_OF_EXAMPLES)


def _list() -> Schema:
    properties: dict[str, Schema] = {
        key: {"description": meaning, **TEXT} for key, meaning in schema.LIST_KEYS.items()
    }
    properties["kind"] = {"description": schema.LIST_KEYS["kind"], "enum": list(KINDS)}
    properties["reference"] = {
        "description": schema.LIST_KEYS["reference"],
        "enum": list(REFERENCE_LISTS),
    }
    properties["entries"] = {
        "description": schema.LIST_KEYS["entries"],
        "type": "array",
        "minItems": 1,
        "items": ref_to("entry"),
    }
    return {
        **closed(properties),
        "oneOf": [{"required": ["kind", "source", "entries"]}, {"required": ["reference"]}],
        "if": {"required": ["entries"]},
        "then": {"properties": {"reference": False}},
    }


def _entry() -> Schema:
    keys = {key: described(meaning) for key, meaning in schema.ENTRY_KEYS.items()}
    return {"anyOf": [VALUE, closed(keys, required=["value"])]}


def _table() -> Schema:
    sized = [name for name, kind in KINDS.items() if kind.order]
    properties: dict[str, Schema] = {
        key: {"description": meaning, **TEXT} for key, meaning in schema.TABLE_KEYS.items()
    }
    properties["kind"] = {
        "description": schema.TABLE_KEYS["kind"],
        "enum": [*sized, *JUDGEMENT_KINDS],
    }
    rows: Schema = {"type": "array", "minItems": 1}
    properties["rows"] = {"description": schema.TABLE_KEYS["rows"], **rows}
    limits = {
        path: one_or_several(VALUE, least=0)
        for path, field in field_table().items()
        if not field.kind.order
    }
    row_of_limits = closed({**limits, "limit": VALUE}, required=["limit"])
    fits = _row(schema.FIT_ROW_KEYS, ("business", "family"), required=("business", "family", "fit"))
    scales = _row(
        schema.SCALE_ROW_KEYS, ("family",), required=("family", "retail_below", "bulk_from")
    )
    of_kind = {name: {"properties": {"kind": {"const": name}}} for name in JUDGEMENT_KINDS}
    return {
        **closed(properties, required=["kind", "source", "rows"]),
        "if": of_kind["fit"],
        "then": {"properties": {"rows": {"items": fits}, "extends": False}},
        "else": {
            "if": of_kind["scale"],
            "then": {"properties": {"rows": {"items": scales}, "extends": False}},
            "else": {"properties": {"rows": {"items": row_of_limits}}},
        },
    }


def _row(keys: schema.Keys, several: Iterable[str], required: Iterable[str]) -> Schema:
    many = set(several)
    properties = {
        key: {
            "description": meaning,
            **(one_or_several(VALUE, least=0) if key in many else VALUE),
        }
        for key, meaning in keys.items()
    }
    return closed(properties, required=required)
