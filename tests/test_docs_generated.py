"""The documentation says what the program does today."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer.main

from redflags import Screener, load_rules
from redflags.cli.main import app
from redflags.configuration import _READERS
from redflags.model.fields import field_table
from redflags.rulebook.codes import CODES
from redflags.rulebook.operators import OPERATORS
from redflags.writers import write_report

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
REMEDY = "run python docs/generate.py"


def _module(name: str) -> ModuleType:
    path = DOCS / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


transcripts = _module("transcripts")
generate = _module("generate")


@pytest.mark.parametrize("name", generate.GENERATED)
def test_a_reference_page_is_up_to_date(name: str) -> None:
    shown = (DOCS / name).read_text(encoding="utf-8")
    if name.endswith("command-line.md") and f"<!-- typer {version('typer')} -->" not in shown:
        pytest.skip("another version of typer words its help differently")
    assert shown == generate.GENERATED[name]().rstrip("\n") + "\n", REMEDY


@pytest.mark.parametrize(
    "path", generate.written_pages(), ids=lambda path: str(path.relative_to(ROOT))
)
def test_output_and_programs_on_a_page_are_what_comes_out_today(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert page == transcripts.filled_in(page), REMEDY


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_inside_the_documentation_resolve(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        goal = (path.parent / file).resolve() if file else path
        assert goal.is_file(), f"{target} leads nowhere"
        assert goal.is_relative_to(ROOT)
        if anchor:
            assert anchor in _anchors(goal), f"{target}: no such heading"


def _anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def _commands(command: Any, name: str) -> list[tuple[str, Any]]:
    found = [(name, command)]
    for inner, one in getattr(command, "commands", {}).items():
        found += _commands(one, f"{name} {inner}")
    return found


@pytest.mark.parametrize(
    ("name", "command"),
    _commands(typer.main.get_command(app), "redflags"),
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_every_command_and_option_stands_in_the_reference(name: str, command: Any) -> None:
    page = (DOCS / "reference" / "command-line.md").read_text(encoding="utf-8")
    section = re.search(rf"^## {name}$(.*?)(?=^## |\Z)", page, flags=re.MULTILINE | re.DOTALL)
    assert section is not None
    for parameter in command.params:
        for option in parameter.opts:
            if option.startswith("-"):
                assert option in section[1]


def test_every_field_operator_code_and_rule_stands_in_the_reference() -> None:
    def page(name: str) -> str:
        return (DOCS / "reference" / name).read_text(encoding="utf-8")

    for path, field in field_table().items():
        shown = path if path.split(".")[0] in ("buyer",) or "." not in path else None
        if shown:
            assert f"`{shown}` | `{field.column}`" in page("fields.md")
    for word in OPERATORS:
        assert f"| `{word}` |" in page("operators.md")
    for one in CODES:
        assert f"## {one}: " in page("diagnostics.md")
    for rule in load_rules().rules:
        assert f"`{rule.name}`" in page("rules.md")


def test_every_setting_is_an_option_or_stands_in_the_page_on_settings() -> None:
    policy = (DOCS / "how-to" / "set-the-policy.md").read_text(encoding="utf-8")
    options = (DOCS / "reference" / "command-line.md").read_text(encoding="utf-8")
    for name in _READERS:
        table, _, inner = name.rpartition(".")
        if table:
            assert f"[{table}]" in policy
            assert inner in policy
        else:
            assert f"--{name.replace('_', '-')}" in options or f"`{name}`" in policy


def test_a_result_fits_the_published_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((DOCS / "reference" / "assessments.schema.json").read_text("utf-8"))
    report = Screener().check_files([str(ROOT / "examples" / "orders.csv")], show_all=True)
    import io

    stream = io.StringIO()
    write_report(report, "json", stream)
    jsonschema.Draft202012Validator(schema).validate(json.loads(stream.getvalue()))


def test_the_picture_shows_real_output_and_asks_for_nothing_from_outside() -> None:
    import io
    from html import unescape

    svg = (DOCS / "images" / "check.svg").read_text(encoding="utf-8")
    addresses = set(re.findall(r"https?://[^\"' )<]+", svg))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    for word in ("<script", "@font-face", "@import", "href", "<image"):
        assert word not in svg
    stream = io.StringIO()
    write_report(Screener().check_files([str(ROOT / "examples" / "orders.csv")]), "table", stream)
    real = " ".join(stream.getvalue().split())
    texts = [
        " ".join(unescape(one).replace("\xa0", " ").split())
        for one in re.findall(r"<text[^>]*>(.*?)</text>", svg, flags=re.DOTALL)
    ]
    shown = [one for one in texts if one and not one.startswith("$") and "orders.csv" not in one]
    assert len(shown) > 30
    for one in shown:
        assert one in real or set(one) <= {"─"}, f"{one}: run python docs/make_picture.py"
