"""Every block of code in the README and the documentation is tried, by the rule for its kind.

Output of commands and programs is made anew by ``docs/transcripts.py``, and
``tests/test_docs_generated.py`` compares it. Here stands the rest: that each block falls under a
rule at all, that files which pages show are what they pretend to be, and which blocks are left out.
"""

from __future__ import annotations

import ast
import csv
import datetime
import io
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer.main

from redflags import load_rules
from redflags.cli.main import app
from redflags.configuration import load_configuration
from redflags.errors import RedflagsError
from redflags.intake import read_mapping
from redflags.rulebook.findings import Findings
from redflags.rulebook.packs import PACK_FILE, shipped_rules
from redflags.rulebook.yaml_text import MappingNode, Node, SequenceNode, TextNode, read_text
from redflags.workshop.checks import ERROR, all_checks
from redflags.workshop.lint import lint_paths
from tests.test_docs_generated import DOCS, PAGES, ROOT, generate, transcripts

AS_OF = datetime.date.fromisoformat(transcripts.AS_OF)

NOT_RUN = {
    ("README.md", "$ make demo    # checks examples/orders.csv and prints the ranked alerts"),
    ("README.md", "$ python -m venv .venv"),
    ("README.md", "$ python benchmarks/engines.py --orders 300000 --lines 5000 --runs 3"),
    ("README.md", "$ python benchmarks/check_million.py --runs 3"),
    ("docs/how-to/install.md", "$ python -m venv .venv"),
    ("docs/explanation/durable-engine.md", "$ python benchmarks/agreement.py"),
    ("docs/explanation/engines.md", "$ python benchmarks/agreement.py"),
    ("docs/explanation/engines.md", "$ python benchmarks/one_order.py"),
    (
        "docs/explanation/performance.md",
        "$ python benchmarks/engines.py --orders 300000 --lines 5000 --runs 3",
    ),
    (
        "docs/explanation/performance.md",
        "$ python benchmarks/check_million.py --rows 1000 --runs 3",
    ),
    ("docs/explanation/performance.md", "$ python benchmarks/check_million.py --runs 3"),
    (
        "docs/explanation/performance.md",
        "$ python benchmarks/check_million.py --rows 4000000 --runs 1",
    ),
    (
        "docs/explanation/performance.md",
        "$ python benchmarks/check_million.py --rows 20000 --runs 1 --all-rows 20000",
    ),
    ("docs/explanation/performance.md", "$ python benchmarks/across.py --whole"),
    ("docs/explanation/performance.md", "$ python benchmarks/messy.py --runs 1"),
    (
        "docs/explanation/performance.md",
        "$ python benchmarks/flat_memory.py --orders 10000000 --engine judge",
    ),
}
"""All blocks that are not run, by page and first line. Each says on its page why."""

LANGUAGES = {"bash", "console", "csv", "json", "python", "text", "toml", "yaml"}
GENERATED = {DOCS / name for name in generate.GENERATED}


@dataclass(frozen=True)
class Block:
    """One fenced block of a page, with what the comments before it say."""

    page: Path
    line: int
    language: str
    body: str
    says: dict[str, str | None]

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def first(self) -> str:
        """Its first line."""
        return self.body.partition("\n")[0]


def _blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in transcripts._BLOCK.finditer(text):
        says = {
            one["name"]: one["value"] for one in transcripts._DIRECTIVE.finditer(found["before"])
        }
        line = text.count("\n", 0, found.start("language")) + 1
        yield Block(page, line, found["language"], found["body"], says)


BLOCKS = [block for page in PAGES for block in _blocks(page)]
WRITTEN = [block for block in BLOCKS if block.page not in GENERATED]
"""The blocks of pages written by hand; a generated page is compared as a whole."""


def test_every_fence_opens_or_closes_a_block_that_is_tried() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        fences = re.findall(r"^[ \t>]*(?:```|~~~)", text, flags=re.MULTILINE)
        assert len(fences) == 2 * sum(block.page == page for block in BLOCKS), page.name
        told = re.findall(r"^<!-- .* -->$", text, flags=re.MULTILINE)
        known = [one for one in told if transcripts._DIRECTIVE.fullmatch(one)]
        others = [one for one in told if one not in known]
        # What is no directive is the note at the head of a generated page.
        assert not others or page in GENERATED, others


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_block_has_a_language_and_a_rule_that_tries_it(block: Block) -> None:
    assert block.language in LANGUAGES
    if block.page in GENERATED:
        return
    is_tried = {
        "bash": "file" in block.says,
        "console": block.first.startswith("$ "),
        "csv": "file" in block.says,
        "json": "file" in block.says,
        "python": True,
        "text": "prints" in block.says or "file" in block.says,
        "toml": "file" in block.says,
        "yaml": "file" in block.says or "part of" in block.says,
    }
    assert is_tried[block.language] or "not run" in block.says


def test_the_blocks_that_are_not_run_are_these_and_each_says_why() -> None:
    left_out = [block for block in BLOCKS if "not run" in block.says]
    found = {(block.page.relative_to(ROOT).as_posix(), block.first) for block in left_out}
    assert found == NOT_RUN
    assert all(block.says["not run"] for block in left_out)


@pytest.mark.parametrize("block", [one for one in WRITTEN if "not run" in one.says], ids=str)
def test_a_command_that_is_not_run_could_be(block: Block) -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for line in block.body.splitlines():
        words = shlex.split(line[2:], comments=True) if line.startswith("$ ") else []
        if words[:1] == ["make"]:
            assert words[1] in targets
        elif words[:1] == ["python"] and words[1] != "-m":
            program = (ROOT / words[1]).read_text(encoding="utf-8")
            ast.parse(program)
            for option in words[2:]:
                assert not option.startswith("--") or f'"{option}"' in program


@pytest.mark.parametrize("block", [one for one in BLOCKS if one.language == "python"], ids=str)
def test_a_program_parses(block: Block) -> None:
    ast.parse(block.body)


FILES = [block for block in WRITTEN if "file" in block.says]


@pytest.mark.parametrize("page", sorted({block.page for block in FILES}),
                         ids=lambda page: str(page.relative_to(ROOT)))  # fmt: skip
def test_the_files_of_a_page_are_what_they_pretend_to_be(page: Path, tmp_path: Path) -> None:
    later = page.read_text(encoding="utf-8")
    for block in (one for one in FILES if one.page == page):
        name = block.says["file"]
        assert name is not None
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.body, encoding="utf-8")
        folder = str(Path(name).parent)
        assert later.count(Path(name).name) > 1 or folder in later, f"{block}: nothing uses it"
        _TRIED[path.suffix](path, block)


def _rules(path: Path, block: Block) -> None:
    # Beside it stand the files of its pack that the page has shown so far.
    is_pack = (path.parent / PACK_FILE).is_file()
    report = lint_paths([path.parent if is_pack else path], as_of=AS_OF)
    here = [
        one for one in report.findings
        if one.diagnostic.place is None or one.diagnostic.place.file == str(path)
    ]  # fmt: skip
    found = {one.diagnostic.code for one in here if one.level == ERROR}
    assert found == set((block.says.get("wrong") or "").split()), here


def _toml(path: Path, block: Block) -> None:
    is_mapping = "columns" in tomllib.loads(block.body)
    try:
        if is_mapping:
            read_mapping(path)
        else:
            load_configuration({}, config=str(path), environment={})
    except RedflagsError:
        assert "wrong" in block.says
    else:
        assert "wrong" not in block.says


def _json(path: Path, block: Block) -> None:
    json.loads(block.body)


def _csv(path: Path, block: Block) -> None:
    first, *rest = csv.reader(io.StringIO(block.body), delimiter=_separator(block.first))
    assert len(first) > 1
    assert rest
    assert all(len(row) == len(first) for row in rest)


def _separator(line: str) -> str:
    return max(",;\t", key=line.count)


def _program(path: Path, block: Block) -> None:
    """A program is run by a command of its page."""
    assert path.name in "".join(
        one.body for one in WRITTEN if one.page == block.page and one.language == "console"
    )


_TRIED = {
    ".yaml": _rules, ".toml": _toml, ".json": _json, ".csv": _csv, ".py": _program,
    ".sh": _program,
}  # fmt: skip


def _plain(node: Node | None) -> Any:
    """A node as lists, dicts and texts."""
    if isinstance(node, MappingNode):
        return {key.value: _plain(value) for key, value in node.entries}
    if isinstance(node, SequenceNode):
        return [_plain(one) for one in node.items]
    assert isinstance(node, TextNode)
    return node.value


def _yaml(text: str) -> Any:
    findings = Findings()
    node = read_text(text, "block.yaml", findings)
    assert not findings.any_found
    return _plain(node)


def _shipped() -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted(shipped_rules().glob("*/*.yaml")):
        for rule in _yaml(path.read_text(encoding="utf-8")).get("rules", ()):
            found[f"{path.parent.name}/{rule['id']}"] = rule
    return found


SHIPPED = _shipped()


@pytest.mark.parametrize("block", [one for one in WRITTEN if "part of" in one.says], ids=str)
def test_a_part_of_a_shipped_rule_is_as_it_is_shipped(block: Block) -> None:
    shown = _yaml(block.body)
    [rule] = shown["rules"] if isinstance(shown, dict) else shown
    name = block.says["part of"]
    assert name is not None
    for key, value in rule.items():
        shipped = SHIPPED[name][key]
        # Of a list the first ones may be shown.
        assert value == (shipped[: len(value)] if isinstance(value, list) else shipped)


def test_the_page_of_the_shipped_rules_shows_each_as_it_is_shipped() -> None:
    page = (DOCS / "reference" / "rules.md").read_text(encoding="utf-8")
    shown = re.findall(
        r"^`([\w/-]+)` · [^\n]*\n.*?^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL
    )
    assert {name for name, _ in shown} == {rule.name for rule in load_rules().rules}
    for name, text in shown:
        for key, value in _yaml(text).items():
            assert SHIPPED[name][key] == value, name


def test_the_examples_of_the_linter_are_those_that_its_tests_run() -> None:
    tried = {text for check in all_checks() for text in (check.page.bad, check.page.good)}
    shown = [one for one in BLOCKS if one.page.name == "lint.md"]
    assert shown
    assert {one.body for one in shown} <= tried


COMMAND = typer.main.get_command(app)


def _told() -> list[tuple[str, str]]:
    """Every command of the program that stands in a sentence, with its page."""
    found = []
    for page in PAGES:
        if page in GENERATED:
            continue
        text = transcripts._BLOCK.sub("", page.read_text(encoding="utf-8"))
        for words in re.findall(r"`(redflags [^`]+)`", text):
            found.append((str(page.relative_to(ROOT)), " ".join(words.split())))
    return sorted(set(found))


@pytest.mark.parametrize(("page", "words"), _told())
def test_a_command_in_a_sentence_is_one_of_the_program(page: str, words: str) -> None:
    command: Any = COMMAND
    for word in shlex.split(words.replace("…", ""))[1:]:
        inner = getattr(command, "commands", {})
        if word.startswith("-"):
            options = {one for parameter in command.params for one in parameter.opts}
            assert word.split("=")[0] in options | {"--help"}, f"{page}: no option {word}"
        elif inner:
            assert word in inner, f"{page}: no command {word}"
            command = inner[word]
