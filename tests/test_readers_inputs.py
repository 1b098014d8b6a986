"""Folders and patterns stand for their readable files, in sorted order, and nothing is hidden."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from redflags.errors import InputError
from redflags.readers.formats import format_by_name, input_format, size_as_text
from redflags.readers.inputs import expand
from redflags.readers.selection import DEFAULT, Selection

FILES = (
    "b.csv", "a.XLSX", "c.json.gz", "d.jsonl", "e.csv.zst", "f.parquet", ".hidden.csv",
    "~$a.XLSX", "notes.md", "archive.gz", "deeper/g.csv",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in FILES:
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text("order_id\n1\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_folder_stands_for_its_readable_files(folder: Path) -> None:
    found, passed_over = expand(["in"])
    assert found == [
        os.path.join("in", name)
        for name in ("a.XLSX", "b.csv", "c.json.gz", "d.jsonl", "e.csv.zst", "f.parquet")
    ]
    assert passed_over == [
        os.path.join("in", name)
        for name in (".hidden.csv", "archive.gz", "deeper", "notes.md", "~$a.XLSX")
    ]


def test_a_pattern_stands_for_the_files_that_it_fits(folder: Path) -> None:
    assert expand(["in/*.csv"]) == (["in/b.csv"], [])
    assert expand(["in/?.csv", "in/[bd].*"]) == (["in/b.csv", "in/d.jsonl"], [])
    assert expand(["in/**/*.csv"]) == (["in/b.csv", "in/deeper/g.csv"], [])
    assert expand(["in/.*.csv", "in/b.csv"]) == (["in/.hidden.csv", "in/b.csv"], [])
    assert expand(["in/*.??*"])[1] == ["in/archive.gz", "in/notes.md", "in/~$a.XLSX"]


def test_a_file_is_read_once_and_in_its_place(folder: Path) -> None:
    assert expand(["in/d.jsonl", "-", "in/*.csv", "in/b.csv"])[0] == [
        "in/d.jsonl",
        "-",
        "in/b.csv",
    ]


def test_a_file_with_a_star_in_its_name_is_itself(folder: Path) -> None:
    (folder / "in" / "*.csv").write_text("order_id\n1\n")
    assert expand(["in/*.csv"]) == (["in/*.csv"], [])


def test_other_inputs_stay_as_they_are(folder: Path) -> None:
    given = ["-", "sqlite:///o.db?table=a", "postgresql://h/d?x=[*]", "missing.csv", "in/notes.md"]
    assert expand(given) == (given, [])


def test_a_folder_or_pattern_without_a_readable_file_is_an_error(folder: Path) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(InputError, match="empty: the folder has no file of a known format"):
        expand(["empty"])
    with pytest.raises(InputError, match=r"in/\*\.doc: the pattern fits no file"):
        expand(["in/*.doc"])
    with pytest.raises(InputError, match=r"in/\*\.md: the pattern fits no file"):
        expand(["in/*.md"])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", "csv"),
        ("a.TXT", "csv"),
        ("a.json", "json"),
        ("a.jsonl.gz", "jsonl"),
        ("a.ndjson", "jsonl"),
        ("a.parquet", "parquet"),
        ("a.feather", "arrow"),
        ("a.xlsm", "excel"),
        ("a.ods", "excel"),
        ("a.gz", None),
        ("a", None),
        (".csv", None),
    ],
)
def test_the_suffix_tells_the_format(name: str, kind: str | None) -> None:
    assert format_by_name(name) == kind
    assert input_format(name, DEFAULT) == (kind or "csv")
    assert input_format(name, Selection(format="json")) == "json"


def test_a_url_is_a_database_and_a_dash_standard_input() -> None:
    assert input_format("sqlite:///a.csv", DEFAULT) == "sql"
    assert input_format("postgresql+psycopg://h/d", Selection(format="json")) == "sql"
    assert input_format("-", DEFAULT) == "csv"
    assert input_format("C://a.csv", DEFAULT) == "csv"


def test_sizes_are_as_if_of_text(folder: Path) -> None:
    for name, times in (("a.XLSX", 20), ("b.csv", 1), ("c.json.gz", 20), ("f.parquet", 20)):
        assert size_as_text(f"in/{name}") == times * len("order_id\n1\n")
    assert size_as_text(f"sqlite:///{folder}/in/b.csv?table=x") == len("order_id\n1\n")
    assert size_as_text("-") is None
    assert size_as_text("missing.csv") is None
    large = size_as_text("postgresql://h/d")
    assert large is not None
    assert large > 10**9
