"""A rule book with local changes means the same to every engine, and the same as one that was
written so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags.engine.judge import Judge
from redflags.rulebook import RuleBook, parse_rules
from tests.strategies import LISTS, TABLES, leaves, orders
from tests.test_engine_agreement import ENGINES, made, record

OVERLAY: dict[str, Any] = {
    "overlay": "local",
    "set": [
        {"rule": "rules/bound", "change": {"when.quantity.at_least": "1 t"}, "reason": "Ours."},
        {
            "table": "rules/lots",
            "change": {"rows[1].limit": {"to": "5 t", "was": "50 kg"}},
            "reason": "Ours.",
        },
        {"condition": "rules/near", "change": {"buyer.country.in": ["GB"]}, "reason": "Ours."},
    ],
    "add": [
        {"list": "rules/goods", "entries": ["sorbitol", "turbojet-engine"], "reason": "Ours."},
        {"list": "rules/headings", "entries": ["010121"], "reason": "Ours."},
        {"rule": "rules/any", "path": "when.any[1].product.family.in", "entries": ["sorbitol"],
         "reason": "Ours."},
    ],
    "remove": [
        {"list": "rules/goods", "entries": ["Urea"], "reason": "Ours."},
        {"list": "rules/traders", "entries": ["import-export"], "reason": "Ours."},
    ],
    "disable": [{"rule": "rules/off", "reason": "Ours."}],
}  # fmt: skip


def rules(bound: str, near: list[str], families: list[str], drawn: list[Any]) -> list[Any]:
    own = {"severity": "low", "fact": "trade"}
    return [
        {"id": "bound", "title": "A", **own, "when": {"quantity": {"at_least": bound}}},
        {"id": "any", "title": "B", **own,
         "when": {"any": [{"product.family": {"in": families}}, {"buyer.country": near}]}},
        {"id": "held", "title": "C", **own,
         "when": {"holds": "near", "product.family": {"in_list": "goods"}}},
        {"id": "lot", "title": "D", **own, "when": {"quantity": {"more_than": {"table": "lots"}}}},
        {"id": "code", "title": "E", **own, "when": {"product.headings": {"in_list": "headings"}}},
        {"id": "trade", "title": "F", **own,
         "when": {"buyer.business": {"not_in_list": "traders"}}},
        *({"id": f"r{n}", "title": "G", **own, "when": when} for n, when in enumerate(drawn)),
    ]  # fmt: skip


def overlaid(drawn: list[Any]) -> RuleBook:
    """The book with its local changes laid over it."""
    off = {"id": "off", "title": "H", "kind": "stop", "when": {"buyer.country": {"known": "yes"}}}
    document = {
        "lists": LISTS,
        "tables": TABLES,
        "conditions": {"near": {"buyer.country": {"in": ["TR", "NO"]}}},
        "rules": [*rules("100 kg", ["TR"], ["urea"], drawn), off],
    }
    return parse_rules(json.dumps(document), overlays={"local.yaml": json.dumps(OVERLAY)})


def written(drawn: list[Any]) -> RuleBook:
    """The book that says the same without any."""
    goods = [entry for entry in LISTS["goods"]["entries"] if entry != "urea"]
    lots = TABLES["lots"]["rows"]
    lists = LISTS | {
        "goods": LISTS["goods"] | {"entries": [*goods, "sorbitol", "turbojet-engine"]},
        "headings": LISTS["headings"] | {"entries": [*LISTS["headings"]["entries"], "010121"]},
        "traders": LISTS["traders"] | {"entries": ["general-trading"]},
    }
    document = {
        "lists": lists,
        "tables": {"lots": TABLES["lots"] | {"rows": [{**lots[0], "limit": "5 t"}, *lots[1:]]}},
        "conditions": {"near": {"buyer.country": {"in": ["GB"]}}},
        "rules": rules("1 t", ["TR"], ["urea", "sorbitol"], drawn),
    }
    return parse_rules(json.dumps(document))


def test_it_is_the_book_that_was_written_so() -> None:
    assert overlaid([]).sha256 == written([]).sha256


@pytest.mark.parametrize("name", ENGINES)
@settings(max_examples=60, deadline=None)
@given(st.lists(leaves, max_size=3), st.lists(orders(), min_size=1, max_size=4))
def test_every_engine_says_of_it_what_the_judge_says(
    name: str, drawn: list[Any], given_orders: list[dict[str, str]]
) -> None:
    changed = overlaid(drawn)
    judge, plain = Judge(changed), Judge(written(drawn))
    expected = [judge.verdicts(record(order)) for order in given_orders]
    assert list(made(name, changed)(given_orders)) == expected
    for found, order in zip(expected, given_orders, strict=True):
        other = plain.verdicts(record(order))
        assert [one.name for one in found.true] == [one.name for one in other.true]
        assert [one.name for one in found.unknown] == [one.name for one in other.unknown]
