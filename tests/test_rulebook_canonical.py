# ruff: noqa: E501 (rows of a table read best on one line)
"""The hash of a rule book: the same for the same meaning, another for another."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from redflags.rulebook import load_rules, parse_rules

BOOK: dict[str, Any] = {
    "lists": {
        "shops": {
            "kind": "business",
            "source": "judgement",
            "entries": ["mobile-phone-shop", "electronics-retailer", {"value": "car-rental", "tier": "two"}],
        },
    },
    "conditions": {"abroad": {"consignee.country": {"differs_from": ["buyer.country", "payer.country"]}}},
    "tables": {
        "limits": {
            "kind": "quantity",
            "source": "judgement",
            "rows": [{"limit": "1 t"}, {"product.family": "urea", "limit": "50 kg"}],
        }
    },
    "mitigations": [
        {"fact": "trade", "when": {"payer.relation": "same_group"}, "by": "low", "because": "Known."},
        {"fact": "scale", "when": {"buyer.size": "large"}, "by": "low", "because": "Large."},
    ],
    "rules": [
        {
            "id": "one",
            "title": "One",
            "severity": "high",
            "fact": "trade",
            "source": [{"document": "car-2020", "flags": ["BIZ-01", "BIZ-03"]}, "judgement"],
            "when": {
                "buyer.business": {"in_list": "shops"},
                "quantity": {"at_least": "100 kg", "less_than": {"table": "limits"}},
                "product.family": {"in": ["aluminium-paste", "aluminium-powder"]},
                "any": [{"holds": "abroad"}, {"payer.name": {"known": "no"}}],
                "value": {"between": ["5 EUR", "500 EUR"]},
            },
            "ask": [{"of": "sales", "text": "Who?"}, {"of": "customer", "text": "Why?"}],
        },
        {"id": "two", "title": "Two", "kind": "stop", "when": {"licence.status": "refused"}},
    ],
}  # fmt: skip


def dump(book: Any, **style: Any) -> str:
    return str(yaml.safe_dump(book, sort_keys=False, allow_unicode=True, **style))


def shuffled(thing: Any, chance: random.Random, path: tuple[str, ...] = ()) -> Any:
    """The same rule book in another order; the ends of a range keep theirs."""
    if isinstance(thing, dict):
        keys = list(thing)
        chance.shuffle(keys)
        return {key: shuffled(thing[key], chance, (*path, key)) for key in keys}
    if isinstance(thing, list):
        items = [shuffled(item, chance, path) for item in thing]
        if path[-1] != "between":
            chance.shuffle(items)
        return items
    return thing


@given(
    st.randoms(use_true_random=False),
    st.sampled_from([True, False, None]),
    st.sampled_from(["'", '"', None]),
)
def test_order_and_spelling_change_no_hash(chance: random.Random, flow: Any, quote: Any) -> None:
    plain = parse_rules(dump(BOOK))
    other = parse_rules(dump(shuffled(BOOK, chance), default_flow_style=flow, default_style=quote))
    assert other.sha256 == plain.sha256
    assert other.packs[0].sha256 == plain.packs[0].sha256


def test_units_comments_and_names_of_conditions_change_no_hash() -> None:
    text = dump(BOOK)
    changed = text.replace("100 kg", "0.1 t").replace("abroad", "elsewhere") + "# a comment\n"
    assert changed != text
    assert parse_rules(changed).sha256 == parse_rules(text).sha256


CHANGES = [
    ("100 kg", "101 kg"),
    ("at_least", "more_than"),
    ("- aluminium-powder", "- urea"),
    ("severity: high", "severity: critical"),
    ("fact: trade", "fact: place"),
    ("title: One", "title: Another"),
    ("any:", "none:"),
    ("known: 'no'", "known: 'yes'"),
    ("500 EUR", "501 EUR"),
    ("tier: two", "tier: one"),
    ("value: car-rental", "value: jeweller"),
    ("limit: 50 kg", "limit: 51 kg"),
    ("differs_from", "same_as"),
    ("id: two", "id: three"),
    ("because: Known.", "because: Unknown."),
    ("- BIZ-03", "- BIZ-04"),
]


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_a_change_of_meaning_changes_the_hash(before: str, after: str) -> None:
    text = dump(BOOK)
    assert text.count(before) >= 1
    assert parse_rules(text.replace(before, after, 1)).sha256 != parse_rules(text).sha256


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_the_hash_tells_bounds_apart(one: int, other: int) -> None:
    text = dump(BOOK)
    first = parse_rules(text.replace("100 kg", f"{one} g")).sha256
    second = parse_rules(text.replace("100 kg", f"{other} g")).sha256
    assert (first == second) == (one == other)


def test_files_and_their_names_change_no_hash(tmp_path: Path) -> None:
    head = "id: local\ntitle: Local\nversion: '1'\n"
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    for folder in (whole, parts):
        folder.mkdir()
        (folder / "pack.yaml").write_text(head)
    (whole / "all.yaml").write_text(dump(BOOK))
    for number, key in enumerate(BOOK):
        (parts / f"{number}.yaml").write_text(dump({key: BOOK[key]}))
    one, other = (load_rules([folder], shipped=False) for folder in (whole, parts))
    assert one.sha256 == other.sha256


def test_conditions_held_many_times_do_not_grow_the_work() -> None:
    conditions = {"c0": {"buyer.country": "TR"}}
    conditions.update({f"c{n}": {"holds": [f"c{n - 1}"] * 2} for n in range(1, 10)})  # type: ignore[dict-item]
    book = {
        "conditions": conditions,
        "rules": [
            {
                "id": f"r{n}",
                "title": "x",
                "severity": "low",
                "fact": "place",
                "when": {"holds": "c9"},
            }
            for n in range(200)
        ],
    }
    assert len(parse_rules(dump(book)).rules) == 200
