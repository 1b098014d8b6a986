# ruff: noqa: E501 - tables of cases are easier to read with one case in a line
"""Overlays: what a local change does to a rule book, what it may not do, and who is told."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags import Screener, Transaction, load_rules
from redflags.diagnostics import Diagnostic, render
from redflags.errors import RuleBookError
from redflags.rulebook import RuleBook, parse_rules
from redflags.rulebook.codes import CODES
from redflags.rulebook.loader import read_rules_text
from redflags.rulebook.overlay_codes import OVERLAY_CODES

RULES = """
lists:
  shops:
    kind: business
    source: judgement
    vintage: "2026-01"
    entries: [mobile-phone-shop, {value: pharmacy, tier: b, until: 2020-12-31}]
  words:
    kind: text
    source: judgement
    entries: [gift, sample]
conditions:
  much: {quantity: {at_least: 100 kg}}
tables:
  lots:
    kind: quantity
    source: judgement
    rows:
      - {product.family: urea, limit: 5 t}
      - {product.family: aluminium-paste, limit: 50 kg}
mitigations:
  checked: {fact: trade, when: {end_use_statement.status: verified}, by: medium, because: Checked.}
rules:
  - id: shop
    title: A shop orders paste
    severity: high
    fact: trade
    when:
      buyer.business: {in_list: shops}
      product.family: [aluminium-paste, urea]
      quantity: {at_least: 100 kg}
      any:
        - buyer.country: TR
        - buyer.country: {in: [SY, IQ]}
    lowers:
      - {when: {end_user.fit: normal}, by: low, because: It fits.}
  - id: held
    title: Much of something
    severity: medium
    weight: 0.4
    fact: scale
    when: {holds: much, consignee.fit: incompatible}
  - id: listed
    title: More than a lot
    severity: low
    fact: scale
    when: {quantity: {more_than: {table: lots}}, notes: {mentions: {list: words}}}
  - id: gathered
    title: Several orders
    severity: high
    fact: network
    across:
      same: [consignee]
      within: 90 days
      where: {product.family: urea}
      having: {count: {at_least: 3}}
  - id: never
    title: A stop
    kind: stop
    when: {buyer.country: SY}
"""
ORDER = {
    "buyer_business": "mobile phone shop",
    "product": "aluminium paste",
    "quantity": "150 kg",
    "buyer_country": "TR",
}


def book(*overlays: str, rules: str = RULES) -> RuleBook:
    texts = {f"o{number}.yaml": text for number, text in enumerate(overlays)}
    return parse_rules(rules, overlays=texts)


def overlay(text: str, name: str = "house") -> str:
    return f"overlay: {name}\n{text}"


def setting(change: str, of: str = "rule: rules/shop") -> str:
    return overlay(f"set:\n  - {of}\n    change: {{{change}}}\n    reason: Ours.\n")


def entries(verb: str, of: str, names: str, more: str = "") -> str:
    text = f"{verb}:\n  - {of}\n    entries: [{names}]\n    reason: Ours.\n"
    return overlay(text + (f"    {more}\n" if more else ""))


def findings(*overlays: str) -> list[Diagnostic]:
    texts = {f"o{number}.yaml": text for number, text in enumerate(overlays)}
    return read_rules_text(RULES, overlays=texts).findings.sorted()


def flags(found: RuleBook, **more: str) -> list[str]:
    order = Transaction.model_validate(ORDER | more)
    return [flag.rule for flag in Screener(found).check(order).flags]


def same_book(one: RuleBook, text: str) -> bool:
    return one.sha256 == parse_rules(text).sha256


SETTINGS = [
    ("severity: critical", "severity: high", "severity: critical"),
    ("weight: '.5'", "    severity: high\n    fact: trade", "    severity: high\n    weight: '.5'\n    fact: trade"),
    ("status: stable", "    severity: high\n    fact: trade", "    severity: high\n    status: stable\n    fact: trade"),
    ("title: A shop", "title: A shop orders paste", "title: A shop"),
    ("when.quantity.at_least: 250 kg", "      quantity: {at_least: 100 kg}", "      quantity: {at_least: 250 kg}"),
    ("when.product.family: urea", "product.family: [aluminium-paste, urea]", "product.family: urea"),
    ("when.product.family.in: [urea]", "product.family: [aluminium-paste, urea]", "product.family: [urea]"),
    ("'when.any[1].buyer.country': {to: AE, was: TR}", "- buyer.country: TR", "- buyer.country: AE"),
    ("'when.any[1].buyer.country.is': {to: AE, was: TR}", "- buyer.country: TR", "- buyer.country: AE"),
    ("'when.any[2].buyer.country': {to: [SY], was: [SY, IQ]}", "in: [SY, IQ]", "in: [SY]"),
    ("'when.any[2].buyer.country.in': {to: [SY], was: [SY, IQ]}", "in: [SY, IQ]", "in: [SY]"),
    ("'lowers[1].by': {to: high, was: low}", "by: low", "by: high"),
    ("when.buyer.business.in_list: rules/shops", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("change", "old", "new"), SETTINGS)
def test_a_set_value_makes_the_book_that_the_pack_would_make_with_it(
    change: str, old: str, new: str
) -> None:
    assert old in RULES
    found = book(setting(change))
    assert same_book(found, RULES.replace(old, new, 1))
    shop = found.rule("rules/shop")
    assert shop is not None
    assert [one.overlay for one in shop.shaped_by] == ["house"]


OF_OTHERS = [
    ("condition: rules/much", "quantity.at_least: 1 t", "much: {quantity: {at_least: 100 kg}}", "much: {quantity: {at_least: 1 t}}", "held"),
    ("table: rules/lots", "'rows[2].limit': {to: 80 kg, was: 50 kg}", "limit: 50 kg", "limit: 80 kg", "listed"),
    ("list: rules/shops", "vintage: '2026-11'", '"2026-01"', '"2026-11"', "shop"),
    ("rule: rules/gathered", "across.within: 30 days", "within: 90 days", "within: 30 days", "gathered"),
    ("rule: rules/gathered", "across.having.count.at_least: 5", "at_least: 3", "at_least: 5", "gathered"),
]  # fmt: skip


@pytest.mark.parametrize(("of", "change", "old", "new", "rule"), OF_OTHERS)
def test_a_change_of_what_a_rule_refers_to_shapes_the_rule(
    of: str, change: str, old: str, new: str, rule: str
) -> None:
    found = book(setting(change, of))
    assert same_book(found, RULES.replace(old, new, 1))
    assert [one.id for one in found.rules if one.shaped_by] == [rule]


ENTRIES = [
    ("add", "list: rules/shops", "bakery", "entries: [mobile-phone-shop", "entries: [bakery, mobile-phone-shop"),
    ("add", "list: rules/shops", "{value: bakery, tier: b}", "entries: [mobile-phone-shop", "entries: [{value: bakery, tier: b}, mobile-phone-shop"),
    ("remove", "list: rules/shops", "pharmacy", ", {value: pharmacy, tier: b, until: 2020-12-31}", ""),
    ("remove", "list: rules/shops", "Mobile Phone Shop", "mobile-phone-shop, ", ""),
    ("remove", "list: rules/words", "GIFT", "gift, ", ""),
    ("add", "list: rules/words", "muster", "gift, ", "gift, muster, "),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "of", "names", "old", "new"), ENTRIES)
def test_entries_come_and_go(verb: str, of: str, names: str, old: str, new: str) -> None:
    assert old in RULES
    assert same_book(book(entries(verb, of, names)), RULES.replace(old, new, 1))


@pytest.mark.parametrize("path", ["when.product.family", "when.product.family.in"])
def test_lists_inside_a_rule_gain_and_lose_members(path: str) -> None:
    path = f"path: {path}"
    more = book(entries("add", "rule: rules/shop", "sorbitol, urea", path))
    assert same_book(
        more, RULES.replace("[aluminium-paste, urea]", "[aluminium-paste, urea, sorbitol]")
    )
    less = book(entries("remove", "rule: rules/shop", "Urea", path))
    assert same_book(less, RULES.replace("[aluminium-paste, urea]", "[aluminium-paste]"))


def test_a_rule_that_is_switched_off_raises_nothing() -> None:
    off = overlay("disable:\n  - {rule: rules/shop, reason: Ours.}\n")
    assert flags(book()) == ["rules/shop"]
    assert flags(book(off)) == []
    assert book(off).rule("rules/shop") is None
    start, end = RULES.index("  - id: shop"), RULES.index("  - id: held")
    assert same_book(book(off), RULES[:start] + RULES[end:])


def test_with_all_rules_switched_off_there_is_no_alert() -> None:
    by_pack = book(overlay("disable:\n  - {pack: rules, reason: Ours.}\n"))
    one_by_one = "".join(
        f"  - {{rule: rules/{name}, reason: Ours.}}\n"
        for name in ("shop", "held", "listed", "gathered", "never")
    )
    for found in (by_pack, book(overlay("disable:\n" + one_by_one))):
        assert found.rules == ()
        assert flags(found, buyer_country="SY") == []
    assert by_pack.mitigations == ()


def test_a_mitigation_that_is_switched_off_lowers_nothing_and_shapes_the_rules_of_its_fact() -> (
    None
):
    off = book(overlay("disable:\n  - {mitigation: rules/checked, reason: Ours.}\n"))
    order = Transaction.model_validate(ORDER | {"end_use_statement_status": "verified"})
    assert Screener(book()).check(order).bits < Screener(off).check(order).bits
    assert [rule.id for rule in off.rules if rule.shaped_by] == ["shop"]


def test_each_flag_says_which_change_shaped_it_and_no_other_does() -> None:
    text = overlay(
        "title: Ours\nauthor: Export control\ndate: 2026-11-02\nset:\n"
        "  - rule: rules/shop\n    change: {severity: critical, status: stable}\n"
        "    reason: It came up.\n    author: Management\n"
    )
    order = Transaction.model_validate(ORDER | {"buyer_country": "SY"})
    found = {flag.rule: flag.shaped_by for flag in Screener(book(text)).check(order).flags}
    assert found["rules/never"] == ()
    first, second = found["rules/shop"]
    assert first.change == "severity is critical instead of high"
    assert second.change == "status is stable"
    assert (first.reason, first.author, first.date) == ("It came up.", "Management", "2026-11-02")
    assert (first.overlay, first.verb, first.target) == ("house", "set", "rules/shop")
    assert first.place == "o0.yaml:7:14"
    assert all(not flag.shaped_by for flag in Screener(book()).check(order).flags)


def test_a_change_that_says_what_the_pack_says_shapes_nothing() -> None:
    found = book(setting("severity: high, when.quantity.at_least: 100 kg"))
    assert found.sha256 == book().sha256
    assert not any(rule.shaped_by for rule in found.rules)
    assert [change.has_effect for change in found.overlays[0].changes] == [False, False]


def test_an_overlay_of_other_rules_leaves_fingerprints_alone() -> None:
    order = Transaction.model_validate(ORDER)
    without = Screener(book()).check(order)
    with_it = Screener(book(setting("severity: critical", "rule: rules/held"))).check(order)
    assert with_it == without
    bound = Screener(book(setting("when.quantity.at_least: 120 kg"))).check(order)
    assert bound.fingerprint == without.fingerprint


# The order of files and of changes.

CHANGES = [
    setting("severity: critical").removeprefix("overlay: house\n"),
    setting("when.quantity.at_least: 250 kg").removeprefix("overlay: house\n"),
    setting("severity: low", "rule: rules/held").removeprefix("overlay: house\n"),
    setting("severity: critical").removeprefix("overlay: house\n"),
    entries("add", "list: rules/shops", "bakery, school").removeprefix("overlay: house\n"),
    entries("add", "list: rules/shops", "school").removeprefix("overlay: house\n"),
    entries("remove", "list: rules/shops", "pharmacy").removeprefix("overlay: house\n"),
    entries("add", "rule: rules/shop", "sorbitol", "path: when.product.family").removeprefix("overlay: house\n"),
    entries("remove", "rule: rules/shop", "urea", "path: when.product.family").removeprefix("overlay: house\n"),
    "disable:\n  - {rule: rules/never, reason: Ours.}\n",
    "disable:\n  - {rule: rules/listed, reason: Ours.}\n",
]  # fmt: skip
"""Changes that do not contradict each other."""


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(range(len(CHANGES))), unique=True, min_size=1).flatmap(st.permutations)
)
def test_overlays_in_any_order_make_the_same_book(numbers: list[int]) -> None:
    texts = {f"{n}.yaml": overlay(CHANGES[n], f"overlay-{n}") for n in numbers}
    turned = dict(reversed(texts.items()))
    one, other = parse_rules(RULES, overlays=texts), parse_rules(RULES, overlays=turned)
    assert one == other
    assert one.overlays == other.overlays
    assert len(one.overlays) == len(numbers)


def test_the_order_of_changes_within_an_overlay_makes_no_difference_to_its_hash() -> None:
    both = "".join(
        f"  - rule: rules/{name}\n    change: {{severity: low}}\n    reason: Ours.\n"
        for name in ("shop", "held")
    )
    parts = both.split("  - ")
    turned = "  - " + parts[2] + "  - " + parts[1]
    first, second = (book(overlay("set:\n" + text)) for text in (both, turned))
    assert first.sha256 == second.sha256
    assert first.overlays[0].sha256 == second.overlays[0].sha256
    assert first.overlays[0].sha256 != book(setting("severity: low")).overlays[0].sha256


# Mistakes.

SHOP_OFF = overlay("disable:\n  - {rule: rules/shop, reason: Ours.}\n")
MISTAKES = [
    # of the file
    ("", "RF202", 1, 1, "overlay"),
    ("- a\n", "RF202", 1, 1, "mapping"),
    ("set: []\n", "RF203", 1, 1, "`overlay`"),
    ("overlay: Our House\n", "RF205", 1, 10, "Our House"),
    (overlay("sett: []\n"), "RF201", 2, 1, "`set`"),
    (overlay("rules: []\n"), "RF701", 2, 1, "--rules"),
    (overlay("date: some day\n"), "RF403", 2, 7, "some day"),
    (overlay("set: {}\n"), "RF202", 2, 6, "list"),
    (overlay("set: &a []\n"), "RF107", 2, 6, "anchor"),
    (overlay("set: !!python/object:os.system []\n"), "RF106", 2, 6, "tag"),
    # of a change
    (overlay("set: [a]\n"), "RF202", 2, 7, "mapping"),
    (overlay("disable:\n  - {reason: Ours.}\n"), "RF203", 3, 5, "rule, pack or mitigation"),
    (overlay("disable:\n  - {rule: rules/shop}\n"), "RF203", 3, 5, "`reason`"),
    (overlay("disable:\n  - {rule: rules/shop, reason: ''}\n"), "RF204", 3, 32, "reason"),
    (overlay("disable:\n  - {rule: rules/shop, pack: rules, reason: Ours.}\n"), "RF708", 3, 24, "a rule and a pack"),
    (overlay("disable:\n  - {list: rules/shops, reason: Ours.}\n"), "RF201", 3, 6, "list"),
    (overlay("set:\n  - {rule: rules/shop, reason: Ours.}\n"), "RF203", 3, 5, "`change`"),
    (setting(""), "RF204", 4, 13, "`change`"),
    (setting("severity: sever"), "RF208", 4, 24, "sever"),
    (setting("severity: [low]"), "RF202", 4, 24, "a text"),
    (setting("status: stale"), "RF210", 4, 22, "`stable`"),
    (setting("weight: 1.5"), "RF214", 4, 22, "1.5"),
    (setting("when.quantity.at_least: {was: 5 kg}"), "RF203", 4, 38, "`to`"),
    (setting("when.quantity.at_least: {to: 5 kg, from: 6 kg}"), "RF201", 4, 49, "from"),
    (setting("when.quantity.at_least: []"), "RF204", 4, 38, "empty"),
    (setting("'lowers[1].by': high"), "RF203", 4, 14, "was"),
    (entries("add", "list: rules/shops", ""), "RF204", 4, 5, "entries"),
    (entries("add", "list: rules/shops", "bakery", "path: entries"), "RF201", 6, 5, "path"),
    (entries("add", "rule: rules/shop", "urea"), "RF203", 3, 5, "path"),
    # a target that is gone
    (setting("severity: low", "rule: rules/shp"), "RF702", 3, 11, "`rules/shop`"),
    (setting("severity: low", "rule: shop"), "RF702", 3, 11, "rules/shop"),
    (setting("severity: low", "rule: other/shop"), "RF702", 3, 11, "rules/shop"),
    (entries("add", "list: rules/shop", "bakery"), "RF702", 3, 11, "`rules/shops`"),
    (setting("quantity.at_least: 1 t", "condition: rules/many"), "RF702", 3, 16, "rules/many"),
    (overlay("disable:\n  - {pack: rulse, reason: Ours.}\n"), "RF702", 3, 12, "`rules`"),
    (overlay("disable:\n  - {mitigation: rules/cheked, reason: Ours.}\n"), "RF702", 3, 18, "`rules/checked`"),
    (overlay("disable:\n  - {mitigation: car-2021/checked, reason: Ours.}\n"), "RF702", 3, 18, "rules/checked"),
    (setting("when.quantity.more_than: 5 kg"), "RF703", 4, 14, "at_least"),
    (setting("when.quantty.at_least: 5 kg"), "RF703", 4, 14, "quantity"),
    (setting("wen.quantity.at_least: 5 kg"), "RF703", 4, 14, "`when`"),
    (setting("when: x"), "RF703", 4, 14, "several values"),
    (setting("when.any: [x]"), "RF703", 4, 14, "[1] to [2]"),
    (setting("'when.any[3].buyer.country': {to: AE, was: TR}"), "RF703", 4, 14, "[2]"),
    (setting("'when.product.family[1]': {to: urea, was: urea}"), "RF703", 4, 14, "whole list"),
    (setting("'when.any[1]buyer.country': {to: AE, was: TR}"), "RF703", 4, 14, "[2]"),
    (setting("when.quantity.at_least.x: 5 kg"), "RF703", 4, 14, "x"),
    (entries("remove", "list: rules/shops", "bakery"), "RF707", 4, 15, "bakery"),
    (entries("remove", "list: rules/words", "gft"), "RF707", 4, 15, "`gift`"),
    (entries("remove", "rule: rules/shop", "sorbitol", "path: when.product.family"), "RF707", 4, 15, "sorbitol"),
    (setting("when.quantity.at_least: {to: 250 kg, was: 50 kg}"), "RF706", 4, 56, "100 kg"),
    (setting("weight: {to: '.5', was: '.4'}"), "RF706", 4, 38, "none"),
    # what an overlay does not change
    (setting("id: shops"), "RF704", 4, 14, "`id`"),
    (setting("fact: scale"), "RF704", 4, 14, "`fact`"),
    (setting("entries: [bakery]", "list: rules/shops"), "RF704", 4, 14, "`add`"),
    (entries("add", "rule: rules/held", "urea", "path: when.holds"), "RF704", 6, 11, "one text"),
    # what the loader says of the outcome, where the change stands
    (setting("when.quantity.at_least: 250 kgg"), "RF306", 4, 38, "`kg`"),
    (setting("when.buyer.business.in_list: shop"), "RF311", 4, 43, "`shops`"),
    (setting("'when.any[2].buyer.country.in': {to: SY, was: [SY, IQ]}"), "RF304", 4, 51, "in"),
    (setting("severity: low", "rule: rules/never"), "RF213", 4, 14, "severity"),
    (entries("add", "list: rules/shops", "baker y shop x"), "RF402", 4, 15, "baker y"),
    (entries("remove", "list: rules/shops", "no such trade"), "RF402", 4, 15, "no such trade"),
    (entries("remove", "list: rules/words", "gift, sample"), "RF405", 3, 5, "empty"),
    (entries("remove", "rule: rules/shop", "urea, aluminium-paste", "path: when.product.family"), "RF405", 3, 5, "empty"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "line", "column", "word"), MISTAKES)
def test_a_mistake_is_one_finding_at_its_place(
    text: str, code: str, line: int, column: int, word: str
) -> None:
    found = findings(text)
    assert [one.code for one in found] == [code], render(found)
    assert found[0].place is not None
    assert found[0].place.file == "o0.yaml"
    assert (found[0].place.line, found[0].place.column) == (line, column), render(found)
    assert word in found[0].message + found[0].remedy, render(found)
    assert found[0].remedy


CONTRADICTIONS = [
    (setting("severity: low"), setting("severity: critical")),
    (setting("when.product.family: [urea]"), setting("when.product.family.in: [sorbitol]")),
    (setting("'when.any[1].buyer.country': {to: AE, was: TR}"), setting("'when.any[1].buyer.country.is': {to: SA, was: TR}")),
    (setting("when.product.family: [urea]"), entries("add", "rule: rules/shop", "sorbitol", "path: when.product.family")),
    (entries("add", "list: rules/shops", "bakery"), entries("remove", "list: rules/shops", "bakery")),
    (entries("add", "list: rules/shops", "Pharmacy"), entries("remove", "list: rules/shops", "pharmacy")),
    (entries("add", "rule: rules/shop", "sorbitol, UREA", "path: when.product.family"), entries("remove", "rule: rules/shop", "urea", "path: when.product.family")),
    (SHOP_OFF, setting("severity: low")),
    (SHOP_OFF, entries("add", "rule: rules/shop", "sorbitol", "path: when.product.family")),
    (overlay("disable:\n  - {pack: rules, reason: Ours.}\n"), setting("severity: low")),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), CONTRADICTIONS)
def test_changes_that_contradict_each_other_are_a_mistake_that_names_both_places(
    one: str, other: str
) -> None:
    for texts in itertools.permutations((one, other.replace("overlay: house", "overlay: second"))):
        found = findings(*texts)
        wrong = [diagnostic for diagnostic in found if diagnostic.code == "RF705"]
        assert len(wrong) == 1, render(found)
        assert {diagnostic.code for diagnostic in found} <= {"RF705", "RF707"}
        assert wrong[0].place is not None
        assert wrong[0].place.file == "o1.yaml"
        assert "o0.yaml:" in wrong[0].message


def test_an_entry_that_is_added_and_removed_in_one_overlay_is_a_mistake() -> None:
    add = entries("add", "list: rules/shops", "pharmacy")
    remove = entries("remove", "list: rules/shops", "pharmacy").removeprefix("overlay: house\n")
    assert [one.code for one in findings(add + remove)] == ["RF705"]


def test_two_overlays_of_one_name_are_a_mistake() -> None:
    found = findings(setting("severity: low"), setting("status: stable"))
    assert [one.code for one in found] == ["RF709"]


def test_the_mistakes_cover_every_code_of_overlays() -> None:
    elsewhere = {"RF705", "RF709", "RF710"}
    codes = {row[1] for row in MISTAKES} | elsewhere
    assert {row[0] for row in OVERLAY_CODES} <= codes
    assert codes <= set(CODES)


def test_a_mistake_of_a_pack_and_one_of_an_overlay_are_reported_together() -> None:
    with pytest.raises(RuleBookError) as caught:
        parse_rules(
            RULES.replace("fact: network", "fact: netwrk"),
            overlays={"o.yaml": setting("severity: lo")},
        )
    assert {one.code for one in caught.value.diagnostics} == {"RF208", "RF211"}


# Files, and the shipped packs.


def test_a_file_given_twice_counts_once_and_a_missing_one_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "house.yaml"
    change = "set:\n  - rule: car-2020/phone-retailer-bulk-aluminium\n"
    change += (
        "    change: {when.quantity.at_least: {to: 250 kg, was: 100 kg}}\n    reason: Drums.\n"
    )
    path.write_text(overlay(change), encoding="utf-8")
    found = load_rules(overlays=[path, str(path), tmp_path / "." / "house.yaml"])
    assert [one.id for one in found.overlays] == ["house"]
    assert found.sha256 != load_rules().sha256
    changed = [rule.name for rule in found.rules if rule.shaped_by]
    assert changed == ["car-2020/phone-retailer-bulk-aluminium"]
    with pytest.raises(TypeError, match="a sequence of paths"):
        load_rules(overlays=str(path))
    with pytest.raises(RuleBookError) as caught:
        load_rules(overlays=[tmp_path / "none.yaml", tmp_path])
    assert [one.code for one in caught.value.diagnostics] == ["RF113", "RF113"]


def test_changes_of_shipped_packs_that_the_profile_leaves_out_are_passed_over_and_said() -> None:
    text = setting("severity: low", "rule: car-2020/phone-retailer-bulk-aluminium")
    found = book(text)
    assert found.sha256 == book().sha256
    assert [change.is_in_force for change in found.overlays[0].changes] == [False]


def test_entries_of_a_list_that_takes_a_shipped_table_come_and_go() -> None:
    rules = (
        "lists:\n  hubs: {reference: transshipment-hubs}\nrules:\n"
        "  - {id: hub, title: A hub, severity: low, fact: place,"
        " when: {buyer.country: {in_list: hubs}}}\n"
    )
    own = parse_rules(rules).lists["rules/hubs"].entries
    gone, new = own[0].written, "IS"
    text = overlay(
        f"add:\n  - {{list: rules/hubs, entries: [{new}], reason: Ours.}}\n"
        f"remove:\n  - {{list: rules/hubs, entries: [{gone}], reason: Ours.}}\n"
    )
    changed = parse_rules(rules, overlays={"o.yaml": text}).lists["rules/hubs"].entries
    assert {one.written for one in changed} == ({one.written for one in own} - {gone}) | {new}


# Any text whatever.

pieces = st.sampled_from(
    ["overlay: a\n", "set:\n", "add:\n", "remove:\n", "disable:\n", "  - rule: rules/shop\n",
     "  - list: rules/shops\n", "  - pack: rules\n", "    change: {", "severity: low", "when.any[",
     "'when.any[1]': ", "when.quantity.at_least: ", "{to: 5 kg, was: 100 kg}", "}\n", "5 t",
     "    reason: x\n", "    entries: [", "urea", "bakery", "]\n", "    path: when.product.family\n",
     "&a ", "*a", "!!x ", "---\n", "\t", "\x00", "\ud800", "[", "{", "date: 2026-01-01\n", "rules:\n",
     "date: ", "{value: bakery}", "<<: ", "? ", "|\n", "\n"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(pieces, max_size=30).map("".join)))
def test_any_text_gives_findings_with_places(text: str) -> None:
    for one in findings(text):
        assert one.code in CODES
        assert one.message
        assert one.remedy
        assert one.place is not None


@pytest.mark.parametrize(
    "text",
    [
        overlay("set: " + "[" * 100_000),
        overlay("disable:\n" + "  - {rule: rules/shop, reason: x}\n" * 20_000),
        overlay("set:\n  - rule: rules/shop\n    reason: x\n    change:\n"
                + "".join(f"      when.{'a.' * 140}{n}: x\n" for n in range(1_500))),
        overlay("add:\n  - list: rules/words\n    reason: x\n    entries: ["
                + ", ".join(f"w{n}" for n in range(60_000)) + "]\n"),
        overlay("remove:\n  - list: rules/words\n    reason: x\n    entries: ["
                + ", ".join(f"w{n}" for n in range(60_000)) + "]\n"),
        overlay("".join(f"set{n}: x\n" for n in range(40_000))),
    ],
    ids=["deep", "switched off", "paths", "added", "removed", "keys"],
)  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    before = time.process_time()
    findings(text)
    assert time.process_time() - before < 10


def test_what_the_rules_are_made_of_is_yaml() -> None:
    assert set(yaml.safe_load(RULES)) == {"lists", "conditions", "tables", "mitigations", "rules"}
