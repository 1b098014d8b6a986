"""The JSON Schema of overlays and their loader accept and refuse the same documents, as far as a
schema can say."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags import load_rules
from redflags.errors import RuleBookError
from redflags.rulebook import parse_rules
from redflags.rulebook.overlay_schema import overlay_schema
from redflags.rulebook.schema import KEYS_OF_VERBS, OVERLAY_KEYS, SETTABLE, VERBS
from tests.test_rulebook_json_schema import places
from tests.test_rulebook_overlays import RULES

OVERLAY_FILE = jsonschema.Draft202012Validator(overlay_schema(load_rules()))

_SAYABLE = """
RF201 RF202 RF203 RF204 RF205 RF208 RF210 RF214 RF304 RF701 RF704 RF708
"""
SAYABLE = frozenset(_SAYABLE.split())
"""Codes of findings that a schema can see. (A list that a text takes the place of is not one.)"""


def loader_codes(document: Any) -> set[str]:
    text = json.dumps(document, ensure_ascii=False)
    try:
        parse_rules(RULES, overlays={"house.yaml": text})
    except RuleBookError as error:
        return {one.code for one in error.diagnostics}
    return set()


def test_it_is_a_schema_with_every_key_of_the_loader() -> None:
    for book in (None, load_rules()):
        found = overlay_schema(book)
        jsonschema.Draft202012Validator.check_schema(found)
        assert set(found["properties"]) == set(OVERLAY_KEYS)
        for verb, targets in VERBS.items():
            keys = found["properties"][verb]["items"]["properties"]
            assert set(keys) == {*targets, *KEYS_OF_VERBS[verb]}
        for of, legal in SETTABLE.items():
            texts = {key for key, is_text in legal.items() if is_text}
            assert set(found["$defs"][f"set in a {of}"]["properties"]) == texts


def test_an_editor_is_offered_the_rules_and_lists_in_force() -> None:
    items = overlay_schema(load_rules())["properties"]["disable"]["items"]["properties"]
    assert "car-2020/phone-retailer-bulk-aluminium" in items["rule"]["anyOf"][0]["enum"]


signed = st.fixed_dictionaries(
    {"reason": st.just("Ours.")},
    optional={"author": st.just("Export control"), "date": st.just("2026-11-02")},
)


def one(*choices: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda said, why: said | why, st.sampled_from(choices), signed)


sets = one(
    {"rule": "rules/shop", "change": {"severity": "critical"}},
    {"rule": "rules/held", "change": {"weight": ".5", "status": {"to": "stable"}}},
    {"rule": "rules/held", "change": {"weight": 0.25, "title": "Much"}},
    {"rule": "rules/listed", "change": {"severity": {"to": "medium", "was": "low"}}},
    {"rule": "rules/gathered", "change": {"across.within": "30 days"}},
    {"condition": "rules/much", "change": {"quantity.at_least": {"to": "1 t", "was": "100 kg"}}},
    {"table": "rules/lots", "change": {"rows[1].limit": {"to": "6 t", "was": "5 t"}}},
    {"list": "rules/words", "change": {"vintage": "2026-11", "note": "Gone through."}},
    {"rule": "car-2020/phone-retailer-bulk-aluminium", "change": {"severity": "low"}},
)
adds = one(
    {"list": "rules/shops", "entries": ["bakery", {"value": "school", "from": "2020-01-01"}]},
    {"list": "rules/words", "entries": ["muster"]},
    {"rule": "rules/shop", "path": "when.product.family", "entries": ["sorbitol"]},
    {"list": "car-2020/telecoms-retail", "entries": [{"value": "bakery", "note": "Ours."}]},
)
removes = one(
    {"list": "rules/shops", "entries": ["pharmacy"]},
    {"rule": "rules/shop", "path": "when.product.family.in", "entries": ["Urea"]},
)
disables = one({"rule": "rules/never"}, {"mitigation": "rules/checked"}, {"pack": "car-2020"})


def several(of: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(of, max_size=2, unique_by=json.dumps)


overlays = st.fixed_dictionaries(
    {"overlay": st.just("house")},
    optional={
        "title": st.just("Ours"),
        "author": st.just("Export control"),
        "date": st.just("2026-11-02"),
        "set": several(sets),
        "add": several(adds),
        "remove": several(removes),
        "disable": several(disables),
    },
).map(copy.deepcopy)


@settings(max_examples=100, deadline=None)
@given(overlays)
def test_what_the_loader_accepts_the_schema_accepts(document: dict[str, Any]) -> None:
    assert loader_codes(document) <= {"RF705"}  # two drawn changes may contradict each other
    OVERLAY_FILE.validate(document)


OTHERS: list[Any] = [
    "", " ", "x", "low", "stable", "5 kg", 5, -5, 0.5, 1.5, True, [], {}, ["x"], [[]],
    ["urea", ""], {"to": "x"}, {"to": "x", "was": "y"}, {"to": []}, {"was": "y"},
    {"to": {"a": "b"}},
    {"value": "bakery"}, {"value": []}, {"rule": "rules/shop", "reason": "x"}, "rules/shop",
    {"list": "rules/shops", "entries": ["bakery"], "reason": "x"}, "rules/words", "2026-11-02",
    {"severity": "low"}, {"when.quantity.at_least": "5 kg"}, {"when.any[1].buyer.country": "AE"},
    {"when.any[1].buyer.country": {"to": "AE", "was": "TR"}}, {"weight": 2}, {"id": "x"},
]  # fmt: skip
KEYS = ["x", "rule", "list", "pack", "condition", "table", "mitigation", "change", "entries",
        "path", "reason", "set", "add", "severity", "weight", "when", "when.quantity.at_least",
        "rows[1].limit",
        "when.any[1].buyer.country", "id", "fact", "vintage", "rules", "to", "was", "value",
        "Bad Name"]  # fmt: skip


@st.composite
def changed(draw: st.DrawFn) -> Any:
    """A document with one thing deleted, put in place of another, renamed, or added."""
    document = draw(overlays)
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


@settings(max_examples=500, deadline=None)
@given(changed())
def test_a_changed_document_is_refused_by_both_or_by_neither(document: Any) -> None:
    codes = loader_codes(document)
    if OVERLAY_FILE.is_valid(document):
        assert not codes & SAYABLE, "the schema accepts what it could refuse"
    else:
        assert codes, "the schema refuses what the loader accepts"


@pytest.mark.parametrize("document", [None, [], "x", 5, {}, {"overlay": []}, {"overlay": ""}])
def test_what_is_no_overlay_is_refused_by_both(document: Any) -> None:
    assert loader_codes(document)
    assert not OVERLAY_FILE.is_valid(document)
