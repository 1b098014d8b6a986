"""Imports run one way: each package knows only what stands before it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "redflags"

MAY_IMPORT = {
    "errors": {"diagnostics"},  # for annotations only
    "version": set(),
    "weights": set(),
    "diagnostics": {"errors"},
    "values": {"diagnostics", "errors"},
    "reference": {"values", "diagnostics", "errors"},
    "model": {"reference", "values", "diagnostics", "errors"},
    "rulebook": {"model", "reference", "values", "diagnostics", "errors", "weights"},
    "across": {"rulebook", "model", "reference", "values", "diagnostics", "errors"},
    "engine": {"across", "rulebook", "model", "reference", "values", "diagnostics", "errors"},
    "scoring": {"weights"},
    "policy": {"errors"},
    "explain": {
        "across",
        "engine",
        "scoring",
        "policy",
        "rulebook",
        "model",
        "reference",
        "values",
        "diagnostics",
        "errors",
        "weights",
    },
    "cases": {
        "across",
        "scoring",
        "policy",
        "rulebook",
        "model",
        "reference",
        "values",
        "errors",
        "weights",
    },
    "readers": {"values", "diagnostics", "errors"},
    "intake": {"readers", "model", "reference", "values", "diagnostics", "errors"},
    "writers": {"model", "reference", "values", "diagnostics", "errors", "weights"},
    "bystanders": {"engine", "across", "model"},
    "packed_lines": set(),
    "bulk_lines": {"packed_lines", "explain", "engine", "intake", "model"},
    "bulk_judging": {"bulk_lines", "explain", "engine", "model"},
    "bulk": {
        "bulk_judging",
        "bulk_lines",
        "across",
        "bystanders",
        "files",
        "explain",
        "engine",
        "intake",
        "readers",
        "rulebook",
        "model",
        "errors",
    },
    "files": {
        "explain",
        "engine",
        "intake",
        "readers",
        "rulebook",
        "model",
        "errors",
    },
    "second_look": {"files", "explain", "engine", "model"},
    "single_orders": {"files", "explain", "engine", "policy", "rulebook", "model", "errors"},
    "arguments": {"intake", "readers", "model", "diagnostics", "errors", "weights"},
    "run_summary": {"files", "explain", "policy", "rulebook", "model", "weights"},
    "run_record": {
        "explain",
        "intake",
        "readers",
        "policy",
        "rulebook",
        "model",
        "reference",
        "values",
    },
    "screener": {
        "arguments",
        "cases",
        "run_record",
        "run_summary",
        "second_look",
        "single_orders",
        "bulk",
        "files",
        "explain",
        "engine",
        "scoring",
        "policy",
        "intake",
        "readers",
        "writers",
        "rulebook",
        "model",
        "reference",
        "values",
        "errors",
        "version",
        "weights",
    },
    "questionnaire": {
        "screener",
        "files",
        "explain",
        "engine",
        "scoring",
        "intake",
        "rulebook",
        "model",
        "reference",
        "values",
        "errors",
        "weights",
    },
    "workshop": {
        "screener",
        "explain",
        "engine",
        "scoring",
        "intake",
        "readers",
        "writers",
        "rulebook",
        "model",
        "reference",
        "values",
        "diagnostics",
        "errors",
        "version",
        "weights",
    },
    "triage": {
        "screener",
        "run_record",
        "scoring",
        "policy",
        "intake",
        "readers",
        "rulebook",
        "model",
        "errors",
        "version",
        "weights",
    },
    "configuration": {"policy", "model", "values", "diagnostics", "errors", "weights"},
    "cli": {
        "cases",
        "workshop",
        "triage",
        "questionnaire",
        "files",
        "screener",
        "configuration",
        "explain",
        "engine",
        "scoring",
        "policy",
        "intake",
        "readers",
        "writers",
        "rulebook",
        "model",
        "reference",
        "values",
        "diagnostics",
        "errors",
        "version",
        "weights",
    },
    "__main__": {"cli"},
    "__init__": {
        "arguments",
        "explain",
        "intake",
        "readers",
        "reference",
        "values",
        "writers",
        "screener",
        "policy",
        "rulebook",
        "model",
        "errors",
        "version",
    },
}
HEAVY = {
    "charset_normalizer",
    "zstandard",
    "polars",
    "pandas",
    "numpy",
    "babel",
    "durable",
    "durable_rules_engine",
    "python_calamine",
    "sqlalchemy",
    "psycopg",
    "xlsxwriter",
}


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def package_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Every module that a file imports, at whatever depth of nesting."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found.add(node.module or "")
            if node.module == "redflags":
                found.update(f"redflags.{alias.name}" for alias in node.names)
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_imports_only_what_stands_before_it(path: Path) -> None:
    package = package_of(path)
    for name in imported(path):
        if name.startswith("redflags."):
            target = name.split(".")[1]
            assert target == package or target in MAY_IMPORT[package], f"{package} <- {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_module_imports_a_heavy_package_when_it_is_loaded(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        assert not {name.split(".")[0] for name in names} & HEAVY


def test_the_order_has_no_circle() -> None:
    """Packages can be put in a line so that each imports only earlier ones (errors and
    diagnostics know each other's names in annotations alone)."""
    waiting = {name: {one for one in may if one != name} for name, may in MAY_IMPORT.items()}
    waiting["errors"] = set()
    while waiting:
        ready = {name for name, may in waiting.items() if not may & waiting.keys()}
        assert ready, f"a circle among {sorted(waiting)}"
        for name in ready:
            del waiting[name]


def test_every_package_is_named() -> None:
    assert {package_of(path) for path in modules()} <= MAY_IMPORT.keys()
