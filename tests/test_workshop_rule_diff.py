"""What differs between two rule books: rule by rule, in words, with the step it deserves."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags import Assessment, RuleBook, Screener, Transaction
from redflags.rulebook import parse_rules
from redflags.weights import BAND_NAMES
from redflags.workshop.narrower import MIRRORED
from redflags.workshop.rule_diff import RuleDiff, rule_diff
from redflags.workshop.rule_sources import SideOfDiff
from redflags.workshop.version_changes import step_between
from tests.strategies import LISTS, TABLES, blocks, leaves, orders

RULE = {
    "id": "one",
    "title": "Paste in bulk",
    "severity": "medium",
    "fact": "trade",
    "why": "It is an example.",
    "when": {"product.family": {"in_list": "goods"}, "quantity": {"at_least": "100 kg"}},
    "lowers": [
        {"when": {"end_user.name": {"known": "yes"}}, "by": "low", "because": "An end user."}
    ],
}
OTHER = {
    "id": "two",
    "title": "Cash",
    "severity": "low",
    "fact": "payment",
    "when": {"payment.method": "cash"},
}
BOOK: dict[str, Any] = {"lists": LISTS, "tables": TABLES, "rules": [RULE, OTHER]}


def side(document: dict[str, Any], name: str = "rules.yaml") -> SideOfDiff:
    book = parse_rules(json.dumps(document), name)
    return SideOfDiff(name, book, frozenset(pack.id for pack in book.packs))


def diff(new: dict[str, Any], old: dict[str, Any] | None = None) -> RuleDiff:
    return rule_diff(side(BOOK if old is None else old), side(new))


def changed(**changes: Any) -> dict[str, Any]:
    """The book with changes of its first rule; a key that is None is left out."""
    document = copy.deepcopy(BOOK)
    rule = document["rules"][0] | changes
    document["rules"][0] = {key: value for key, value in rule.items() if value is not None}
    return document


def listing(**changes: Any) -> dict[str, Any]:
    document = copy.deepcopy(BOOK)
    document["lists"]["goods"] |= changes
    return document


WHEN = RULE["when"]
CHANGES: list[tuple[str, dict[str, Any], str, str, list[str]]] = [
    ("a bound up", changed(when=WHEN | {"quantity": {"at_least": "200 kg"}}), "narrower", "major",
     ["quantity at_least: moved from 100 kg to 200 kg"]),
    ("a bound down", changed(when=WHEN | {"quantity": {"at_least": "50 kg"}}), "wider", "minor",
     ["quantity at_least: moved from 100 kg to 50 kg"]),
    ("another unit", changed(when=WHEN | {"quantity": {"at_least": "0.1 t"}}), "", "none", []),
    ("an operator", changed(when=WHEN | {"quantity": {"less_than": "100 kg"}}), "neither", "major",
     ["quantity: {at_least: 100 kg} became quantity: {less_than: 100 kg}"]),
    ("a condition more", changed(when=WHEN | {"buyer.country": "TR"}), "narrower", "major",
     ["added: buyer.country: {is: TR}"]),
    ("a condition less", changed(when={"quantity": {"at_least": "100 kg"}}), "wider", "minor",
     ["dropped: product.family: {in_list: goods}"]),
    ("values", changed(when=WHEN | {"buyer.country": ["TR", "NO"]}), "narrower", "major",
     ["added: buyer.country: {in: TR, NO}"]),
    ("severity up", changed(severity="high"), "same", "minor",
     ["severity moved from medium to high", "adds 1.322 bits instead of 0.621"]),
    ("severity down", changed(severity="low"), "same", "major",
     ["severity moved from medium to low", "adds 0.234 bits instead of 0.621"]),
    ("weight", changed(weight="0.5"), "same", "minor", ["adds 1.000 bits instead of 0.621"]),
    ("fact", changed(fact="scale"), "same", "major", ["fact moved from trade to scale"]),
    ("a stop", changed(kind="stop", severity=None, fact=None, lowers=None), "same", "major",
     ["was a sign, is a stop", "no longer lowered: An end user."]),
    ("no lowering", changed(lowers=None), "same", "minor", ["no longer lowered: An end user."]),
    ("a lowering more", changed(lowers=[*RULE["lowers"], {"when": {"payer.name": {"known": "yes"}},
     "by": "low", "because": "A payer."}]), "same", "major", ["now lowered by low: A payer."]),
    ("a stronger lowering", changed(lowers=[RULE["lowers"][0] | {"by": "medium"}]), "same",
     "major", ["lowered by medium instead of low: An end user."]),
    ("a narrower lowering", changed(lowers=[RULE["lowers"][0] | {"when": {"all": [
        {"end_user.name": {"known": "yes"}}, {"buyer.country": "TR"}]}}]), "same", "minor",
     ["the lowering “An end user.”: added: buyer.country: {is: TR}"]),
    ("texts", changed(title="Other", why="Other."), "same", "patch",
     ["other text: title, why"]),
    ("status", changed(status="deprecated"), "same", "patch",
     ["status draft became deprecated"]),
    ("an entry more", listing(entries=[*LISTS["goods"]["entries"], "sorbitol"]), "wider", "minor",
     ["product.family in_list: list goods gained sorbitol"]),
    ("an entry less", listing(entries=LISTS["goods"]["entries"][1:]), "narrower", "major",
     ["product.family in_list: list goods lost urea"]),
    ("a list of other source", listing(source="a book"), "", "patch", []),
    ("alternatives", changed(when={"any": [WHEN, {"buyer.country": "TR"}]}), "wider", "minor", []),
    ("a named condition", BOOK | {"conditions": {"bulk": {"quantity": {"at_least": "100 kg"}}},
     "rules": [RULE | {"when": {"holds": "bulk", "product.family": {"in_list": "goods"}}}, OTHER]},
     "", "none", []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("new", "relation", "step", "said"),
    [one[1:] for one in CHANGES],
    ids=[one[0] for one in CHANGES],
)
def test_what_changed_in_words_and_the_step_it_deserves(
    new: dict[str, Any], relation: str, step: str, said: list[str]
) -> None:
    found = diff(new)
    assert found.step == step
    if not relation:
        assert not found.rules
        return
    (change,) = found.rules
    assert (change.kind, change.name, change.relation) == ("changed", "rules/one", relation)
    texts = [detail.text for detail in change.details]
    assert texts == said or (not said and texts)


def test_a_change_inside_a_named_condition_is_told_with_its_name() -> None:
    document = BOOK | {
        "conditions": {"bulk": {"quantity": {"at_least": "100 kg"}}},
        "rules": [RULE | {"when": {"holds": "bulk", "product.family": "urea"}}, OTHER],
    }
    narrower = document | {"conditions": {"bulk": {"quantity": {"at_least": "1 t"}}}}
    (change,) = diff(narrower, document).rules
    assert change.relation == "narrower"
    assert [detail.text for detail in change.details] == [
        "`rules/bulk`: quantity at_least: moved from 100 kg to 1 t"
    ]


def test_rules_that_are_added_removed_and_renamed() -> None:
    renamed = OTHER | {"id": "paid-in-cash"}
    third = OTHER | {"id": "three", "title": "Third", "when": {"buyer.country": "TR"}}
    found = diff(BOOK | {"rules": [renamed, third]})
    told = [(one.kind, one.name, one.name_before) for one in found.rules]
    assert told == [
        ("removed", "rules/one", "rules/one"),
        ("renamed", "rules/paid-in-cash", "rules/two"),
        ("added", "rules/three", None),
    ]
    assert found.names_before == {"rules/paid-in-cash": "rules/two"}
    assert found.step == "major"
    assert diff(BOOK | {"rules": [RULE, OTHER, third]}).step == "minor"


def test_a_rule_of_another_name_and_other_conditions_is_known_by_its_title() -> None:
    other = OTHER | {"id": "new-name", "when": {"payment.method": ["cash", "crypto"]}}
    found = diff(BOOK | {"rules": [RULE, other]})
    assert [(one.kind, one.relation) for one in found.rules] == [("renamed", "wider")]


def test_files_of_other_names_are_the_same_pack() -> None:
    found = rule_diff(side(BOOK, "then.yaml"), side(BOOK, "now.yaml"))
    assert found.is_empty
    assert found.step == "none"
    assert found.names_before == {"now/one": "then/one", "now/two": "then/two"}


def test_judgements_that_change_leave_nothing_to_be_said_of_rules_that_read_them() -> None:
    def judged(value: str) -> dict[str, Any]:
        fits = {
            "kind": "fit",
            "source": "judgement",
            "rows": [
                {
                    "business": "paint-manufacturer",
                    "family": "urea",
                    "fit": value,
                    "because": "ours",
                }
            ],
        }
        rule = OTHER | {"id": "fit", "when": {"buyer.fit": "incompatible"}}
        suits = {"when": {"buyer.fit": "normal"}, "by": "low", "because": "The goods suit."}
        lowered = OTHER | {"lowers": [suits]}
        return BOOK | {"tables": TABLES | {"our-fits": fits}, "rules": [RULE, lowered, rule]}

    found = diff(judged("normal"), judged("incompatible"))
    told = [(one.name, one.relation, one.effects) for one in found.rules]
    both = frozenset({"more", "less"})
    assert told == [("rules/fit", "neither", both), ("rules/two", "same", both)]
    assert [one.what for one in found.others] == ["judgements"]
    assert found.step == "major"


def test_mitigations_lower_and_no_longer_lower() -> None:
    mitigation = {
        "fact": "trade",
        "when": {"end_user.name": {"known": "yes"}},
        "by": "low",
        "because": "An end user is named.",
    }
    with_one = BOOK | {"mitigations": {"named": mitigation}}
    assert diff(with_one).step == "major"
    assert diff(BOOK, with_one).step == "minor"
    more = BOOK | {"mitigations": {"named": mitigation | {"by": "medium"}}}
    assert [one.kind for one in diff(more, with_one).others] == ["changed"]
    assert diff(more, with_one).step == "major"


@pytest.mark.parametrize(
    ("old", "new", "step"),
    [
        ("1.2.3", "1.2.3", "none"),
        ("1.2.3", "1.2.4", "patch"),
        ("1.2.3", "1.3.0", "minor"),
        ("1.2.3", "2.0.0", "major"),
        ("1", "1.1", "minor"),
        ("0.1.0", "0.2.0", "major"),
        ("0.1.0", "0.1.1", "minor"),
        ("1.2.3", "1.2.2", None),
        ("2020-01", "2020-02", None),
        ("", "1", None),
        ("1.2.3.4", "1.2.3.5", None),
        ("9" * 5000, "1.0.0", None),
    ],
)
def test_the_step_between_two_versions(old: str, new: str, step: str | None) -> None:
    assert step_between(old, new) == step


severities = st.sampled_from(["low", "medium", "high", "critical"])


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    rules = []
    for number in range(draw(st.integers(1, 3))):
        rule = {
            "id": f"r{draw(st.integers(0, 4))}-{number}",
            "title": f"Rule {draw(st.integers(0, 3))}",
            "severity": draw(severities),
            "fact": draw(st.sampled_from(["trade", "scale"])),
            "when": draw(blocks),
        }
        if draw(st.booleans()):
            rule["lowers"] = [{"when": draw(leaves), "by": "low", "because": "So it is."}]
        rules.append(rule)
    entries = draw(st.lists(st.sampled_from(["urea", "aluminium-paste", "sorbitol"]), min_size=1,
                            unique=True))  # fmt: skip
    lists = LISTS | {"goods": LISTS["goods"] | {"entries": entries}}
    return {"lists": lists, "tables": TABLES, "rules": rules}


@st.composite
def changed_documents(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A rule book and one in which few things are not the same."""
    old = draw(documents())
    new = copy.deepcopy(old)
    rule = new["rules"][0]
    what = draw(st.sampled_from(["when", "severity", "lowers", "list", "gone", "all", "new"]))
    if what == "when":
        rule["when"] = {draw(st.sampled_from(["all", "any"])): [rule["when"], draw(leaves)]}
    elif what == "severity":
        rule["severity"] = draw(severities)
    elif what == "lowers":
        rule["lowers"] = [{"when": draw(leaves), "by": "medium", "because": "So it is."}]
    elif what == "list":
        new["lists"] = draw(documents())["lists"]
    elif what == "gone":
        del new["rules"][0]
    elif what == "all":
        new = draw(documents())
    else:
        new["rules"].append(rule | {"id": "a-new-one", "when": draw(blocks)})
    return (old, new) if draw(st.booleans()) else (new, old)


@settings(max_examples=60, deadline=None)
@given(documents())
def test_a_rule_book_does_not_differ_from_itself(document: dict[str, Any]) -> None:
    found = diff(document, document)
    assert found.is_empty
    assert found.step == "none"


@settings(max_examples=120, deadline=None)
@given(changed_documents())
def test_the_other_way_round_it_is_the_mirror_image(
    pair: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    old, new = pair
    there, back = diff(new, old), diff(old, new)
    turned = {"added": "removed", "removed": "added", "renamed": "renamed", "changed": "changed"}
    told = {(one.kind, one.name, one.name_before or one.name, one.relation) for one in there.rules}
    mirrored = {
        (
            turned[one.kind],
            (one.name_before or one.name),
            one.name,
            None if one.relation is None else MIRRORED[one.relation],
        )
        for one in back.rules
    }
    assert told == mirrored
    assert there.is_empty == back.is_empty


def says(book: RuleBook, order: dict[str, str]) -> Assessment:
    return Screener(book).check(Transaction.model_validate(order))


@settings(max_examples=150, deadline=None)
@given(changed_documents(), st.lists(orders(), min_size=1, max_size=6))
def test_a_change_does_to_alerts_only_what_its_step_says(
    pair: tuple[dict[str, Any], dict[str, Any]], given_orders: list[dict[str, str]]
) -> None:
    one, other = side(pair[0]), side(pair[1])
    step = rule_diff(one, other).step
    for order in given_orders:
        before, after = says(one.book, order), says(other.book, order)
        was = (before.stop, BAND_NAMES.index(before.band), before.bits)
        now = (after.stop, BAND_NAMES.index(after.band), after.bits)
        if step in ("none", "patch"):
            assert was == now
        elif step == "minor":
            assert was <= now
