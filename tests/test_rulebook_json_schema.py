"""The JSON Schema and the loader accept and refuse the same documents, as far as a schema can
say."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags import load_rules
from redflags.errors import RuleBookError
from redflags.model.fields import field_table
from redflags.rulebook import parse_rules
from redflags.rulebook.json_schema import (
    list_schema,
    pack_schema,
    profiles_schema,
    rule_file_schema,
)
from redflags.rulebook.operators import OPERATORS, fitting_operators
from redflags.rulebook.packs import shipped_folders
from redflags.rulebook.schema import RULE_KEYS
from tests.strategies import LISTS, TABLES, blocks, orders

RULES = Path(__file__).resolve().parent.parent / "rules"
RULE_FILE = jsonschema.Draft202012Validator(rule_file_schema(load_rules()))

_SAYABLE = """
RF201 RF202 RF203 RF204 RF205 RF208 RF209 RF210 RF211 RF212 RF213 RF214 RF216 RF218 RF219
RF301 RF302 RF303 RF304 RF309 RF401 RF405 RF406 RF407 RF409
"""
SAYABLE = frozenset(_SAYABLE.split())
"""Codes of findings that a schema can see."""


def loader_codes(document: Any) -> set[str]:
    try:
        parse_rules(json.dumps(document, ensure_ascii=False))
    except RuleBookError as error:
        return {one.code for one in error.diagnostics}
    return set()


def schema_refuses(document: Any) -> bool:
    return not RULE_FILE.is_valid(document)


def texts_of(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


@pytest.mark.parametrize("path", sorted(RULES.glob("*/*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_file_is_accepted(path: Path) -> None:
    document = texts_of(path)
    if path.name == "pack.yaml":
        jsonschema.validate(document, pack_schema())
    else:
        RULE_FILE.validate(document)
        for listed in (document.get("lists") or {}).values():
            jsonschema.validate(listed, list_schema())


def test_the_profiles_are_accepted_and_an_unknown_pack_is_not() -> None:
    found = profiles_schema(folder.name for folder in shipped_folders())
    document = texts_of(RULES / "profiles.yaml")
    jsonschema.validate(document, found)
    document["bank"]["packs"].append("no-such-pack")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, found)


@pytest.mark.parametrize(
    "made",
    [rule_file_schema(), list_schema(), pack_schema(), profiles_schema(["a"])],
    ids=["rules", "list", "pack", "profiles"],
)
def test_it_is_a_schema(made: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(made)


def test_every_key_field_and_operator_stands_in_it() -> None:
    found = rule_file_schema()["$defs"]
    assert set(found["rule"]["properties"]) == set(RULE_KEYS)
    assert set(field_table()) <= set(found["block"]["properties"])
    for field in field_table().values():
        first = found[f"test of {field.kind.name}"]["anyOf"][0]
        assert set(first["properties"]) == set(fitting_operators(field.kind)) <= set(OPERATORS)


rule = st.fixed_dictionaries(
    {
        "title": st.just("Something is so"),
        "severity": st.sampled_from(["low", "medium", "high", "critical"]),
        "fact": st.sampled_from(["trade", "payment", "new-party"]),
        "when": blocks,
    },
    optional={
        "why": st.just("It was seen."),
        "weight": st.sampled_from(["0.35", ".5", 0.25]),
        "status": st.sampled_from(["draft", "stable", "deprecated"]),
        "kind": st.just("sign"),
        "source": st.sampled_from(
            ["judgement", ["judgement"], {"document": "judgement", "flags": "BIZ-01"},
             [{"document": "car-2020", "flags": ["BIZ-01", "PAY-03"], "note": "x"}]]
        ),
        "ask": st.just([{"of": "sales", "text": "Who is it?"}]),
        "lowers": st.lists(
            st.fixed_dictionaries(
                {"when": blocks, "by": st.sampled_from(["low", "0.5"]), "because": st.just("So.")}
            ),
            max_size=2,
        ),
        "examples": st.lists(
            st.fixed_dictionaries(
                {"name": st.just("x"), "given": orders(), "expect": st.sampled_from(
                    ["flag", "no flag", "incomplete"])}
            ),
            max_size=1,
        ),
        "notes": st.just("Nothing."),
    },
)  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    found = draw(st.lists(rule, min_size=1, max_size=3))
    named = draw(st.lists(blocks, max_size=2))
    document: dict[str, Any] = {
        "lists": LISTS,
        "tables": {
            **TABLES,
            "fits": {"kind": "fit", "source": "judgement", "rows": [
                {"business": "farm", "family": ["urea"], "fit": "normal"}]},
        },
        "conditions": {f"c{number}": one for number, one in enumerate(named)},
        "mitigations": [
            {"fact": "trade", "when": {"buyer.fit": "normal"}, "by": "low", "because": "So."}
        ],
        "rules": [{"id": f"r{number}", **one} for number, one in enumerate(found)],
    }  # fmt: skip
    if named:
        document["rules"][0]["when"] = {"holds": "c0", "any": [{"holds": ["c0"]}]}
    return copy.deepcopy(document)  # what is drawn is shared, and is changed below


@settings(max_examples=60, deadline=None)
@given(documents())
def test_what_the_loader_accepts_the_schema_accepts(document: dict[str, Any]) -> None:
    assert not loader_codes(document)
    RULE_FILE.validate(document)


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(tree, dict):
        for key, value in tree.items():
            found += places(value, (*path, key))
    elif isinstance(tree, list):
        for number, value in enumerate(tree):
            found += places(value, (*path, number))
    return found


OTHERS: list[Any] = [
    "", " ", "x", "judgement", "low", "6", "100 kg", "yes", "stop", 5, -5, 0.5, 1.5, True, [], {},
    ["x"], ["x", "y"], [[]], {"x": "y"}, {"is": "x"}, {"in": ["TR"]}, {"known": "yes"},
    {"known": "maybe"}, {"at_least": "5 kg"}, {"at_least": {"table": "lots"}}, {"under": "3212"},
    {"in_list": "goods"}, {"in_list": {"list": "goods"}}, {"between": ["1 kg"]}, {"list": "goods"},
    {"buyer.country": "TR"}, {"quantity": "5 kg"}, {"quantity": {"at_least": "5"}},
    {"same_as": "buyer.country"}, {"differs_from": ["buyer.name", "payer.name"]},
    {"mentions": ["a"]}, {"before": "2020-01-01"},
]  # fmt: skip
KEYS = ["x", "is", "in", "known", "holds", "all", "quantity", "buyer.country", "kind", "severity",
        "when", "reference", "entries", "rules", "product.family", "limit", "Bad Name"]  # fmt: skip


@st.composite
def changed(draw: st.DrawFn) -> Any:
    """A document with one thing deleted, put in place of another, renamed, or added."""
    document = draw(documents())
    path = draw(st.sampled_from(places(document)[1:]))
    parent = document
    for step in path[:-1]:
        parent = parent[step]
    way = draw(st.sampled_from(["delete", "replace", "rename", "add"]))
    if way == "delete":
        del parent[path[-1]]
    elif way == "replace":
        parent[path[-1]] = copy.deepcopy(draw(st.sampled_from(OTHERS)))
    elif isinstance(parent, dict):
        key = draw(st.sampled_from(KEYS))
        value = parent.pop(path[-1]) if way == "rename" else draw(st.sampled_from(OTHERS))
        parent[key] = copy.deepcopy(value)
    else:
        parent.append(copy.deepcopy(draw(st.sampled_from(OTHERS))))
    return document


EXAMPLE = {"name": "x", "given": {"product": "urea"}, "expect": "flag"}


@pytest.mark.parametrize("key", EXAMPLE)
def test_an_example_without_one_of_its_keys_is_refused_by_both(key: str) -> None:
    example = {name: value for name, value in EXAMPLE.items() if name != key}
    rule = {"id": "r", "title": "x", "severity": "low", "fact": "trade",
            "when": {"product.family": "urea"}, "examples": [example]}  # fmt: skip
    assert loader_codes({"rules": [rule]}) == {"RF203"}
    assert schema_refuses({"rules": [rule]})


@settings(max_examples=400, deadline=None)
@given(changed())
def test_a_changed_document_is_refused_by_both_or_by_neither(document: Any) -> None:
    codes = loader_codes(document)
    if schema_refuses(document):
        assert codes, "the schema refuses what the loader accepts"
    else:
        assert not codes & SAYABLE, "the schema accepts what it could refuse"
