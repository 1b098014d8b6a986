# ruff: noqa: E501 (rows of a table read best on one line)
"""Hostile and broken YAML: one clear finding each, quickly; text stays text, places are right."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from redflags.diagnostics import Diagnostic
from redflags.errors import RuleBookError
from redflags.rulebook import parse_rules, yaml_text
from redflags.rulebook.findings import Findings
from redflags.rulebook.yaml_text import (
    MOST_VALUES,
    MappingNode,
    RefusedNode,
    SequenceNode,
    TextNode,
    read_bytes,
    read_text,
)


def test_a_tab_before_a_key_is_told_with_its_line() -> None:
    for text in ("rules:\n\t- id: a\n", "rules:\n  - id: a\n  \ttitle: b\n"):
        _, found = read(text)
        assert "begins with a tab; use spaces" in found[0].remedy, found


def read(text: str) -> tuple[object, list[Diagnostic]]:
    findings = Findings()
    return read_text(text, "a.yaml", findings), findings.sorted()


HOSTILE = [
    ("nested lists", "[" * 30_000 + "]" * 30_000, "RF105", 1, 33),
    ("open brackets", "[" * 60_000, "RF105", 1, 33),
    ("nested mappings", "{a: " * 20_000, "RF105", 1, 129),
    ("nested blocks", "".join(" " * n + "a:\n" for n in range(200)) + " " * 200 + "b", "RF105", 33, 33),
    ("dashes", "- " * 30_000, "RF105", 1, 65),
    ("open bracket", "rules: [a, b\n", "RF104", 2, 1),
    ("open quote", 'rules: "abc\n', "RF104", 1, 8),
    ("quote open for lines", "a: b\nc: 'abc\nd: e\nf: g\n", "RF104", 2, 4),
    ("open mapping", "rules: {a: b\nc: d\n", "RF104", 2, 2),
    ("tab", "rules:\n\t- id: a\n", "RF104", 2, 1),
    ("colon in text", "title: a: b\n", "RF104", 1, 9),
    ("at sign", "title: @a\n", "RF104", 1, 8),
    ("bad escape", 'title: "\\q"\n', "RF104", 1, 9),
    ("tag", "rules: !!python/object/apply:os.system ['true']\n", "RF106", 1, 8),
    ("tag of a text", "a: !!int 5\n", "RF106", 1, 4),
    ("plain tag", "a: ! 5\n", "RF106", 1, 4),
    ("anchor", "a: &x 5\n", "RF107", 1, 4),
    ("anchor of a list", "a: &x [5]\n", "RF107", 1, 4),
    ("alias", "a: *x\n", "RF108", 1, 4),
    ("alias as key", "*x : 5\n", "RF108", 1, 1),
    ("second document", "a: b\n---\nc: d\n", "RF109", 2, 1),
    ("same key", "a: 1\nb: 2\na: 3\n", "RF110", 3, 1),
    ("same key in quotes", "a: 1\n'a': 3\n", "RF110", 2, 1),
    ("same key far apart", "a: {b: 1,\n  b: 2}\n", "RF110", 2, 3),
    ("merge key", "a:\n  <<: {b: 1}\n", "RF111", 2, 3),
    ("list as key", "? [a, b]\n: c\n", "RF112", 1, 3),
    ("mapping as key", "{{a: b}: c}\n", "RF112", 1, 2),
    ("nul", "a: b\nc: \0\n", "RF102", 2, 4),
    ("escape character", "a: \x1b[31m\n", "RF102", 1, 4),
    ("delete character", "a: b\x7f\n", "RF102", 1, 5),
    ("noncharacter", "a: \uffff\n", "RF102", 1, 4),
    ("lone surrogate", "a: b\nç: \ud800\n", "RF114", 2, 4),
    ("too many characters", "# " + "x" * 10_000_000, "RF103", 1, 1),
    ("undeclared tag", "a: !x!y 5\n", "RF104", 1, 4),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "code", "line", "column"), HOSTILE)
def test_hostile_text_is_one_finding(
    name: str, text: str, code: str, line: int, column: int
) -> None:
    _, found = read(text)
    assert [one.code for one in found] == [code], found
    assert found[0].place is not None
    assert (found[0].place.line, found[0].place.column) == (line, column), found[0].message
    assert found[0].remedy


@pytest.mark.parametrize(("name", "text", "code", "line", "column"), HOSTILE)
def test_hostile_rule_files_end_as_an_error_with_that_finding(
    name: str, text: str, code: str, line: int, column: int
) -> None:
    with pytest.raises(RuleBookError) as caught:
        parse_rules(text)
    assert code in [one.code for one in caught.value.diagnostics]
    assert len(str(caught.value)) < 500


IN_WHEN = "rules:\n  - id: a\n    when:\n"


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        (IN_WHEN + "      product: urea\n        buyer.city: x\n", "stands too deep"),
        ("rules:\n  - id: a\n    title: One: two\n", "a colon into quotes"),
        (IN_WHEN + "      quantity: > 5 kg\n", "{more_than: 5 kg}"),
        (IN_WHEN + "      quantity: >= 5 kg\n", "{more_than: 5 kg}"),
        ("ask:\n  - of: sales\n    text: {buyer.name} who?\n", "begins with a bracket"),
        ("```yaml\nrules: []\n```\n", "delete the line"),
        (IN_WHEN + "\t  product: urea\n", "begins with a tab"),
    ],
)
def test_text_that_is_no_yaml_is_told_with_the_likely_remedy(text: str, remedy: str) -> None:
    _, [found] = read(text)
    assert found.code == "RF104"
    assert remedy in found.remedy


BAD_BYTES = [
    (b"a: b\nc: \xff\n", "RF101", 2, 4),
    ("ü: ".encode() + b"\xe9t\xe9\n", "RF101", 1, 4),
    (b"\xff\xfea\x00:\x00", "RF101", 1, 1),
    (b"a: \xed\xa0\x80\n", "RF101", 1, 4),
    (b"a: \xc0\x80\n", "RF101", 1, 4),
    (b"# " + b"x" * 10_000_000, "RF103", 1, 1),
]


@pytest.mark.parametrize(("data", "code", "line", "column"), BAD_BYTES)
def test_bytes_that_are_no_text_are_one_finding(
    data: bytes, code: str, line: int, column: int
) -> None:
    findings = Findings()
    assert read_bytes(data, "a.yaml", findings) is None
    found = findings.sorted()
    assert [(one.code, one.place and (one.place.line, one.place.column)) for one in found] == [
        (code, (line, column))
    ]


LARGE = [
    ("[" * 500_000, "RF105"),
    ("{a: " * 200_000, "RF105"),
    ("- " * 400_000, "RF105"),
    ("? " * 400_000, "RF105"),
    ('"' + "a" * 900_000, "RF104"),
    ("&a " * 300_000, "RF104"),
    ("- &a x\n" * 100_000, "RF107"),
    ("- *a\n" * 100_000, "RF108"),
    ("k" * 900_000 + ": 1", "RF104"),
    ("a: b\n" * 100_000, "RF110"),
]


@pytest.mark.parametrize(("text", "code"), LARGE)
def test_large_hostile_text_ends_in_a_few_findings(text: str, code: str) -> None:
    _, found = read(text)
    assert code in [one.code for one in found]
    assert len(found) <= 501


@pytest.mark.parametrize(("name", "text", "code", "line", "column"), HOSTILE)
def test_the_parser_without_c_refuses_the_same(
    name: str, text: str, code: str, line: int, column: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_text, "_LOADER", yaml.BaseLoader)
    _, found = read(text)
    assert [one.code for one in found] == [code]


@pytest.mark.parametrize(
    "text",
    ["NO", "no", "010121", "1E001", "1_000", "0x10", "2020-01-01", "~", "null", "6:30", "NA"],
)
def test_every_scalar_stays_the_text_that_was_written(text: str) -> None:
    node, found = read(f"a: {text}\n")
    assert not found
    assert isinstance(node, MappingNode)
    value = node.entries[0][1]
    assert isinstance(value, TextNode)
    assert value.value == text


def test_places_count_characters_and_lines_of_any_script() -> None:
    node, _ = read("ürün: [الومنيوم, паста]\n# komentar\nşehir:\n  - İstanbul\n")
    assert isinstance(node, MappingNode)
    (first, items), (second, blocks) = node.entries
    assert (first.place.line, first.place.column, first.width) == (1, 1, 4)
    assert isinstance(items, SequenceNode)
    assert [item.place.column for item in items.items] == [8, 18]
    assert (second.place.line, second.place.column) == (3, 1)
    assert isinstance(blocks, SequenceNode)
    assert blocks.items[0].place.line == 4


def test_a_byte_order_mark_moves_no_place() -> None:
    node, found = read("\ufeffa: b\n")
    assert not found
    assert isinstance(node, MappingNode)
    assert node.entries[0][0].place.column == 1


def test_what_is_refused_does_not_hide_what_follows() -> None:
    _, found = read("a: *x\nb: !t 1\nc: 1\nc: 2\n? [k]\n: 1\nd: {<<: 1}\ne: &y 1\n")
    assert [one.code for one in found] == ["RF108", "RF106", "RF110", "RF112", "RF111", "RF107"]


def test_the_value_of_a_refused_key_is_dropped_and_the_rest_kept() -> None:
    node, _ = read("? [k, l]\n: {x: y}\na: 1\na: {b: 2}\nc: 3\n")
    assert isinstance(node, MappingNode)
    assert [(key.value, value.value) for key, value in node.entries if isinstance(value, TextNode)] == [
        ("a", "1"), ("c", "3"),
    ]  # fmt: skip
    assert len(node.entries) == 2


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "---\n", "rules:\n", "lists: {}\n"])
def test_a_file_with_nothing_in_it_has_no_rules_and_no_mistake(text: str) -> None:
    assert parse_rules(text).rules == ()


def codes_of(text: str) -> list[str]:
    """The codes of the findings about a text; none if it is a rule book."""
    try:
        parse_rules(text)
    except RuleBookError as error:
        return [one.code for one in error.diagnostics if one.message and one.remedy]
    return ["none"]


@given(st.text(max_size=300))
def test_any_text_ends_in_a_rule_book_or_in_findings(text: str) -> None:
    assert codes_of(text)


_SPICES = st.sampled_from(
    ["rules:\n", "  - id: a\n", "    when:\n", "      buyer.country: TR\n", "lists:\n", "{", "}", "[",
     "]", "&a ", "*a ", "!t ", "<<: ", "? ", ": ", "- ", "'", '"', "|\n", ">\n", "---\n", "...\n",
     "%YAML 1.1\n", "%TAG ! x\n", "\t", "\0", "\ud800", "#", "a", ",", "\u2028", "holds: ", "any: "]
)  # fmt: skip


@given(st.lists(_SPICES, max_size=40).map("".join))
def test_any_heap_of_yaml_ends_in_a_rule_book_or_in_findings(text: str) -> None:
    assert codes_of(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    findings = Findings()
    node = read_bytes(data, "a.yaml", findings)
    assert node is None or isinstance(node, TextNode | SequenceNode | MappingNode | RefusedNode)


def test_more_values_than_memory_is_given_for_are_one_finding() -> None:
    _, found = read("[" + "a," * (MOST_VALUES + 10) + "]")
    assert [one.code for one in found] == ["RF103"]
    assert str(MOST_VALUES) in found[0].message
