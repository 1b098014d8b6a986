# ruff: noqa: E501 (rows of a table read best on one line)
"""Packs, profiles and what the loader makes of well-formed rule files."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from redflags.errors import ConfigurationError, RuleBookError
from redflags.rulebook import load_rules, packs, parse_rules
from redflags.rulebook.reference_lists import REFERENCE_LISTS, reference_list
from redflags.rulebook.tree import Group, LimitTable, ListReference, Named, Test
from redflags.values.dates import Duration
from redflags.weights import BITS, bits_of_weight

RULE = """rules:
  - id: a-rule
    title: A rule
    severity: high
    fact: trade
    when:
"""
WHOLE = RULE + "      buyer.country: TR\n"
PACK = "id: local\ntitle: Local rules\nversion: 1.2.0\nlicence: CC0-1.0\n"


def the_tests(condition: str) -> list[Test]:
    parts = parse_rules(RULE + f"      {condition}\n").rules[0].when.parts
    return [part for part in parts if isinstance(part, Test)]


def codes(*extra: Path | str, shipped: bool = False) -> list[str]:
    with pytest.raises(RuleBookError) as caught:
        load_rules(extra, shipped=shipped)
    return [one.code for one in caught.value.diagnostics]


# --- conditions -----------------------------------------------------------------------------------

OPERANDS = [
    ("buyer.country: Türkei", "is", "TR", "Türkei"),
    ("buyer.country: [TR, Iraq]", "in", frozenset({"TR", "IQ"}), "TR, Iraq"),
    ("buyer.business: mobile phone shop", "is", "mobile-phone-shop", "mobile phone shop"),
    ("product.family: urea", "is", "urea", "urea"),
    ("hs_code: {under: [3212.90, '01']}", "under", ("01", "321290"), "3212.90, 01"),
    ("control_code: {under: 1C}", "under", ("1C",), "1C"),
    ("product: {mentions: drone}", "mentions", ("drone",), "“drone”"),
    ("product: {mentions: [drone, İHA]}", "mentions", ("drone", "İHA"), "“drone”, “İHA”"),
    ("end_user.name: {known: no}", "known", False, "no"),
    ("end_user.name: {known: 'yes'}", "known", True, "yes"),
    ("date: {after: 2022-02-24}", "after", datetime.date(2022, 2, 24), "2022-02-24"),
    ("buyer.age: {less_than: 2 years}", "less_than", Duration(2, "years"), "2 years"),
    ("payer.country: {differs_from: [buyer.country, consignee.country]}", "differs_from",
     ("buyer.country", "consignee.country"), "buyer.country, consignee.country"),
    ("destinations: IQ", "is", "IQ", "IQ"),
    ("licence.status: {not_in: [held, exception]}", "not_in", frozenset({"held", "exception"}),
     "held, exception"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "operator", "operand", "written"), OPERANDS)
def test_operands_are_typed(condition: str, operator: str, operand: object, written: str) -> None:
    (test,) = the_tests(condition)
    assert (test.operator, test.operand, test.written) == (operator, operand, written)


def test_several_operators_in_one_mapping_all_hold() -> None:
    low, high = the_tests("quantity: {at_least: 1 kg, less_than: 1 t}")
    assert (low.operator, high.operator) == ("at_least", "less_than")
    assert low.operand < high.operand


def test_groups_and_named_conditions() -> None:
    rule = parse_rules(
        "conditions:\n  far: {holds: near, date: {known: yes}}\n  near: {buyer.country: TR}\n"
        + RULE
        + "      any: [{buyer.country: TR}, {payer.country: IQ, date: {known: yes}}]\n"
        + "      none: [{holds: far}]\n      holds: [far, near]\n"
    ).rules[0]
    some, none, far, near = rule.when.parts
    assert isinstance(some, Group)
    assert isinstance(none, Group)
    assert (some.kind, none.kind) == ("any", "none")
    assert isinstance(some.parts[0], Test)
    assert isinstance(some.parts[1], Group)
    assert isinstance(far, Named)
    assert isinstance(near, Named)
    assert far.name == "rules/far"
    assert far.block.parts[0] == Named("rules/near", near.block, far.block.parts[0].place)


def test_phrases_may_come_from_a_list() -> None:
    text = "lists:\n  words: {kind: text, source: judgement, entries: [drone, hava aracı]}\n"
    test = (
        parse_rules(text + RULE + "      product: {mentions: {list: words}}\n")
        .rules[0]
        .when.parts[0]
    )
    assert isinstance(test, Test)
    assert test.operand == ("drone", "hava aracı")


def test_lists_keep_attributes_and_dates() -> None:
    text = (
        "lists:\n  hubs:\n    kind: country\n    source: judgement\n    vintage: '2024'\n    entries:\n"
        "      - {value: AE, from: 2022-01-01, until: 2023-12-31, tier: one, note: x}\n      - NO\n"
    )
    book = parse_rules(text + RULE + "      destinations: {in_list: {list: hubs, tier: [one]}}\n")
    hubs = book.lists["rules/hubs"]
    first, second = hubs.entries
    assert (hubs.kind, hubs.source, hubs.vintage, hubs.is_dated) == (
        "country",
        "judgement",
        "2024",
        True,
    )
    assert (first.value, first.since, first.until) == (
        "AE", datetime.date(2022, 1, 1), datetime.date(2023, 12, 31),
    )  # fmt: skip
    assert first.attributes == {"tier": "one", "note": "x"}
    assert (second.value, second.attributes) == ("NO", {})
    test = book.rules[0].when.parts[0]
    assert isinstance(test, Test)
    assert test.operand == ListReference(hubs, (("tier", frozenset({"one"})),))
    assert test.written == "hubs (tier one)"


def test_tables_of_limits() -> None:
    text = (
        "tables:\n  limits:\n    kind: quantity\n    source: judgement\n    rows:\n"
        "      - {limit: 1 t}\n"
        "      - {product.family: [urea, aluminium-paste], buyer.business: mobile-phone-shop, limit: 5 kg}\n"
    )
    book = parse_rules(text + RULE + "      quantity: {more_than: {table: limits}}\n")
    test = book.rules[0].when.parts[0]
    assert isinstance(test, Test)
    table = test.operand
    assert isinstance(table, LimitTable)
    assert [dict(row.match) for row in table.rows] == [
        {},
        {"product.family": "urea", "buyer.business": "mobile-phone-shop"},
        {"product.family": "aluminium-paste", "buyer.business": "mobile-phone-shop"},
    ]
    assert [row.written for row in table.rows] == ["1 t", "5 kg", "5 kg"]


@pytest.mark.parametrize("name", REFERENCE_LISTS)
def test_every_reference_table_is_a_list(name: str) -> None:
    shipped = reference_list(name)
    assert shipped.entries
    assert shipped.source
    book = parse_rules(f"lists:\n  mine: {{reference: {name}}}\n")
    mine = book.lists["rules/mine"]
    assert (mine.entries, mine.kind, mine.source) == (shipped.entries, shipped.kind, shipped.source)


def test_no_row_of_a_reference_table_is_lost() -> None:
    from redflags import reference

    assert len(reference_list("chpl").entries) == len(reference.list_table("chpl_hs"))
    regions = reference.list_table("conflict_adjacent_regions")
    assert len(reference_list("conflict-adjacent-regions").entries) == len(regions)
    hubs = {row["country"] for row in reference.list_table("transshipment_hubs")}
    assert {entry.value for entry in reference_list("transshipment-hubs").entries} == hubs


def test_measures_on_countries_and_on_territories_are_lists_of_their_own() -> None:
    from redflags import reference

    countries = reference_list("embargo-measures")
    territories = reference_list("embargoed-territories")
    rows = [row for row in reference.list_table("embargo_measures") if row["confidence"] != "low"]
    assert len(countries.entries) + len(territories.entries) == len(rows)
    assert {str(entry.value)[:2] for entry in territories.entries} == {"UA"}
    assert "UA" not in {entry.value for entry in countries.entries}


def test_every_measure_counts_from_a_day_and_says_whom_it_covers() -> None:
    for name in ("embargo-measures", "embargoed-territories"):
        for entry in reference_list(name).entries:
            assert entry.since is not None
            assert entry.attributes["covers"] in ("whole", "part")
            assert entry.attributes["legal_basis"]


# --- rules ----------------------------------------------------------------------------------------


def test_weight_replaces_that_of_the_severity() -> None:
    plain = parse_rules(WHOLE).rules[0]
    own = parse_rules(WHOLE + "    weight: .5\n").rules[0]
    assert (plain.weight, plain.bits) == (0.60, BITS["high"])
    assert (own.severity, own.weight, own.bits) == ("high", 0.5, 1000)


def test_a_stop_has_no_weight() -> None:
    rule = parse_rules(
        "rules:\n  - {id: a, title: A, kind: stop, when: {licence.status: refused}}\n"
    ).rules[0]
    assert rule.is_stop
    assert (rule.severity, rule.fact, rule.weight, rule.bits) == (None, None, None, 0)


def test_lowerings_are_bits_of_a_severity_or_a_weight() -> None:
    lowers = "    lowers:\n      - {when: {payer.country: TR}, by: %s, because: It is known.}\n"
    by_word = parse_rules(WHOLE + lowers % "medium").rules[0].lowers[0]
    by_weight = parse_rules(WHOLE + lowers % "0.2").rules[0].lowers[0]
    assert (by_word.bits, by_word.by, by_word.because) == (BITS["medium"], "medium", "It is known.")
    assert (by_weight.bits, by_weight.by) == (bits_of_weight(0.2), "0.2")


def test_sources_take_title_and_year_from_the_pack() -> None:
    text = WHOLE + "    source: [{document: car-2020, flags: [BIZ-01], note: x}, judgement]\n"
    first, second = parse_rules(text).rules[0].sources
    assert (first.document, first.flags, first.year, first.note) == (
        "car-2020",
        ("BIZ-01",),
        "2020",
        "x",
    )
    assert "Conflict Armament Research" in first.title
    assert second.document == "judgement"


def test_examples_name_fields_by_their_paths() -> None:
    text = WHOLE + (
        "    examples:\n      - name: a\n        given: {buyer_business: bakery, licence: held, "
        "product.family: [urea, detonator], quantity: '6', unit: ''}\n        expect: no flag\n"
    )
    example = parse_rules(text).rules[0].examples[0]
    assert example.expect == "no flag"
    assert example.given == {
        "buyer.business": "bakery",
        "licence.status": "held",
        "product.family": "urea; detonator",
        "quantity": "6",
        "unit": "",
    }


def test_mitigations_have_a_name_of_their_own_or_of_their_content() -> None:
    body = (
        "fact: trade, when: {payer.relation: same_group}, by: low, because: They belong together."
    )
    named = parse_rules(f"mitigations:\n  group: {{{body}}}\n").mitigations
    listed = parse_rules(f"mitigations:\n  - {{id: group, {body}}}\n").mitigations
    unnamed = parse_rules(f"mitigations:\n  - {{{body}}}\n").mitigations
    assert [one.name for one in (*named, *listed)] == ["rules/group", "rules/group"]
    assert (named[0].fact, named[0].bits, named[0].by) == ("trade", BITS["low"], "low")
    assert unnamed[0].name.startswith("rules/mitigation-")


# --- packs and profiles ---------------------------------------------------------------------------


def test_the_default_profile_takes_every_shipped_pack() -> None:
    book = load_rules()
    assert book.profile == "exporter"
    assert [pack.id for pack in book.packs] == [one.name for one in packs.shipped_folders()]
    assert "car-2020" in [pack.id for pack in book.packs]
    assert book.sha256 == load_rules(profile=None).sha256


def test_an_unknown_profile_names_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="exporter"):
        load_rules(profile="exportr")


def test_a_folder_with_pack_file_is_that_pack(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text(
        PACK + "sources:\n  law: {title: Law, year: '2020', read: all, verified: yes}\n"
    )
    (tmp_path / "one.yaml").write_text(WHOLE + "    source: {document: law}\n")
    (tmp_path / "two.yml").write_text("lists:\n  a: {kind: country, source: x, entries: [TR]}\n")
    (tmp_path / ".hidden.yaml").write_text("[")
    (tmp_path / "notes.txt").write_text("[")
    pack = load_rules([tmp_path], shipped=False).packs[0]
    assert (pack.id, pack.title, pack.version, pack.licence) == (
        "local",
        "Local rules",
        "1.2.0",
        "CC0-1.0",
    )
    assert [rule.name for rule in pack.rules] == ["local/a-rule"]
    assert [one.name for one in pack.lists] == ["local/a"]
    assert pack.rules[0].sources[0].title == "Law"
    same = load_rules([tmp_path / "pack.yaml"], shipped=False).packs[0]
    assert same.sha256 == pack.sha256


def test_a_file_is_a_pack_named_after_its_stem(tmp_path: Path) -> None:
    file = tmp_path / "My Rules_2.yaml"
    file.write_text(WHOLE)
    pack = load_rules([str(file)], shipped=False).packs[0]
    assert (pack.id, pack.version, pack.licence) == ("my-rules-2", "0", "")


def test_a_pack_may_use_lists_and_conditions_of_another(tmp_path: Path) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text(
        "lists:\n  a: {kind: country, source: x, entries: [TR]}\nconditions:\n  c: {date: {known: yes}}\n"
    )
    two.write_text(RULE + "      buyer.country: {in_list: one/a}\n      holds: one/c\n")
    assert load_rules([two, one], shipped=False).rules[0].name == "two/a-rule"
    two.write_text(RULE + "      buyer.country: {in_list: a}\n      holds: c\n")
    assert codes(one, two) == ["RF311", "RF307"]


@pytest.mark.parametrize(
    ("name", "remedies"),
    [
        ("one/b", ["did you mean `one/a`? Otherwise use `one/a` or `one/tr`"]),
        ("one/nothing-like-it", ["use `one/a` or `one/tr`"]),
        ("on/a", ["no pack `on` is in force", "did you mean `one`?", "--rules"]),
        ("three/a", ["no pack `three` is in force: add it with --rules"]),
        ("two/a", ["define it under `lists`"]),
        ("empty/a", ["the pack `empty` has none; use a list of your own"]),
    ],
)
def test_a_list_of_another_pack_that_is_not_there(
    tmp_path: Path, name: str, remedies: list[str]
) -> None:
    one, two, empty = tmp_path / "one.yaml", tmp_path / "two.yaml", tmp_path / "empty.yaml"
    empty.write_text("")
    one.write_text(
        "lists:\n  a: {kind: country, source: x, entries: [TR]}\n"
        "  tr: {kind: country, source: x, entries: [TR]}\n"
    )
    two.write_text(RULE + f"      buyer.country: {{in_list: {name}}}\n")
    with pytest.raises(RuleBookError) as caught:
        load_rules([two, one, empty], shipped=False)
    (found,) = caught.value.diagnostics
    assert found.code == "RF311"
    assert all(remedy in found.remedy for remedy in remedies), found.remedy


def test_a_list_may_have_a_hundred_thousand_names(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    entries = "".join(
        f"      - Example Trading House number {number} Ltd\n" for number in range(100_000)
    )
    file.write_text(
        f"lists:\n  watched:\n    kind: name\n    source: judgement\n    entries:\n{entries}"
        + RULE
        + "      buyer.name: {in_list: watched}\n"
    )
    (found,) = load_rules([file], shipped=False).lists.values()
    assert len(found.entries) == 100_000


def test_all_mistakes_of_all_files_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("id: Local\ntitle: x\n")
    (tmp_path / "a.yaml").write_text("rules: [")
    (tmp_path / "b.yaml").write_bytes(b"rules: \xff")
    (tmp_path / "c.yaml").write_text(
        RULE + "      buyer.contry: TR\n      holds: in-the-broken-file\n"
    )
    other = tmp_path / "other.yaml"
    other.write_text("rulez: []\n")
    with pytest.raises(RuleBookError) as caught:
        load_rules([tmp_path, "missing.yaml", other], shipped=False)
    found = [(one.code, Path(one.place.file).name) for one in caught.value.diagnostics if one.place]
    assert sorted(found) == [
        ("RF101", "b.yaml"), ("RF104", "a.yaml"), ("RF113", "missing.yaml"), ("RF201", "other.yaml"),
        ("RF203", "pack.yaml"), ("RF205", "pack.yaml"), ("RF301", "c.yaml"),
    ]  # fmt: skip


def test_places_name_files_as_the_user_wrote_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.yaml").write_text("x: 1\n")
    monkeypatch.chdir(tmp_path)
    for given, expected in (
        ("mine", "mine/a.yaml"),
        (os.path.join("mine", "a.yaml"), "mine/a.yaml"),
    ):
        with pytest.raises(RuleBookError) as caught:
            load_rules([given], shipped=False)
        assert caught.value.diagnostics[0].place is not None
        assert caught.value.diagnostics[0].place.file == expected


def test_a_list_in_two_files_of_a_pack_is_reported_with_both_places(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        text = "lists:\n  places: {kind: country, source: x, entries: [TR]}\n"
        (tmp_path / name).write_text(text)
    with pytest.raises(RuleBookError) as caught:
        load_rules([tmp_path], shipped=False)
    (found,) = caught.value.diagnostics
    assert found.code == "RF207"
    assert found.place is not None
    assert found.place.file.endswith("b.yaml")
    assert "a.yaml:2:3" in found.message


def test_two_packs_of_one_id_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rules.yaml").write_text(WHOLE)
    assert codes(tmp_path / "a" / "rules.yaml", tmp_path / "b" / "rules.yaml") == ["RF501"]


def test_the_same_path_twice_is_one_pack(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(WHOLE)
    assert len(load_rules([file, str(file)], shipped=False).packs) == 1


def test_a_folder_without_rule_files_names_the_packs_inside(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "pack.yaml").write_text(PACK)
    with pytest.raises(RuleBookError) as caught:
        load_rules([tmp_path], shipped=False)
    assert [one.code for one in caught.value.diagnostics] == ["RF502"]
    assert "inner" in caught.value.diagnostics[0].remedy


@pytest.mark.parametrize("path", ["", "\0", "no/such/file.yaml", "x" * 5_000])
def test_paths_that_cannot_be_opened_are_findings(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the empty path is the folder that one is in
    assert codes(path) in (["RF113"], ["RF502"])


def test_a_profile_with_a_wrong_pack_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "pack.yaml").write_text(PACK.replace("local", "mine"))
    (tmp_path / "profiles.yaml").write_text(
        "exporter: {title: x, packs: [mien]}\nbank: {title: y, packs: [mine]}\n"
    )
    monkeypatch.setattr(packs, "shipped_rules", lambda: tmp_path)
    with pytest.raises(RuleBookError) as caught:
        load_rules()
    found = caught.value.diagnostics[0]
    assert (found.code, "`mine`" in found.remedy) == ("RF503", True)
