"""Formats for programs: JSON, JSON Lines, CSV, and output files."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.errors import ConfigurationError
from redflags.model.report import Report
from redflags.writers import (
    BINARY,
    FORMATS,
    format_of,
    formats_of,
    open_binary_output,
    open_output,
    write_report,
)
from tests.handmade_reports import assessment, flag, place, report, varied


def written(made: Report, name: str) -> str:
    stream = io.StringIO()
    write_report(made, name, stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "output", "expected"),
    [
        (None, None, "table"),
        (None, "-", "table"),
        (None, "a.json", "json"),
        (None, "a.JSONL", "jsonl"),
        (None, "a.csv", "csv"),
        (None, "a.txt", "table"),
        (None, "a.html", "html"),
        (None, "A.HTM", "html"),
        (None, "a.md", "md"),
        (None, "a.xlsx", "xlsx"),
        (None, "a.parquet", "parquet"),
        ("csv", "a.json", "csv"),
        ("json", None, "json"),
    ],
)
def test_the_format_is_the_one_named_or_that_of_the_suffix(
    name: str | None, output: str | None, expected: str
) -> None:
    assert format_of(name, output) == expected


@pytest.mark.parametrize(("name", "output"), [("xml", None), (None, "a.docx"), (None, "a")])
def test_an_unknown_format_or_suffix_is_a_configuration_error(
    name: str | None, output: str | None
) -> None:
    with pytest.raises(ConfigurationError, match="format"):
        format_of(name, output)


def test_several_outputs_have_each_its_own_format() -> None:
    assert formats_of(None, ["a.html", "b.csv"]) == [("a.html", "html"), ("b.csv", "csv")]
    assert formats_of("json", ["a.html", "-"]) == [("a.html", "html"), ("-", "json")]
    assert formats_of("json", ["a.html"]) == [("a.html", "json")]
    assert formats_of(None, []) == [("-", "table")]


def test_an_output_that_is_named_twice_is_a_configuration_error(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    same = [str(tmp_path / "a.csv"), str(tmp_path / "link" / "a.csv")]
    with pytest.raises(ConfigurationError, match="named twice"):
        formats_of(None, same)


@pytest.mark.parametrize("made", [varied(), report()], ids=["varied", "empty"])
def test_json_is_the_report_in_the_order_of_the_model(made: Report) -> None:
    text = written(made, "json")
    assert text == json.dumps(made.model_dump(), indent=2, ensure_ascii=False) + "\n"
    assert Report.model_validate_json(text) == made


def test_json_lines_have_one_assessment_a_line_in_the_order_of_rows() -> None:
    lines = written(varied(), "jsonl").splitlines()
    ids = [json.loads(line)["order_id"] for line in lines]
    assert ids == ["O-99", "O-101", "O-110", "O-111"]
    shuffled = report(*reversed(varied().assessments))
    again = [json.loads(line)["order_id"] for line in written(shuffled, "jsonl").splitlines()]
    assert sorted(again) == sorted(ids)
    assert again[2:] == ["O-110", "O-111"]


@given(st.text(alphabet=st.characters(), max_size=40))
def test_any_text_is_valid_json_in_utf8_and_comes_back(text: str) -> None:
    made = report(assessment(order_id=text))
    data = written(made, "json").encode("utf-8")
    assert json.loads(data)["assessments"][0]["order_id"] == text
    line = written(made, "jsonl")
    assert line.count("\n") == 1
    assert json.loads(line)["order_id"] == text


def test_csv_has_a_row_for_each_flag() -> None:
    rows = list(csv.DictReader(io.StringIO(written(varied(), "csv"))))
    assert [(row["order_id"], row["rule"].split("/")[1]) for row in rows] == [
        ("O-99", "embargo"),
        ("O-101", "phone-retailer-bulk-aluminium"),
        ("O-101", "payer"),
        ("O-101", "misfit"),
        ("O-110", "phone-retailer-bulk-aluminium"),
    ]
    assert rows[0]["stop"] == "yes"
    assert rows[0]["severity"] == ""
    assert rows[1]["action"] == "hold; escalate"
    assert (rows[4]["file"], rows[4]["rows"]) == ("orders.csv", "6")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_csv_is_a_formula(start: str) -> None:
    made = report(assessment(order_id=f"{start}cmd|' /C calc'!A0"))
    row = next(csv.DictReader(io.StringIO(written(made, "csv"), newline="")))
    assert row["order_id"] == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize("text", ["NO", "NA", "010121", "1E001", "6.000", "1,5", 'a"b', "a\nb"])
@pytest.mark.parametrize("name", ["table", "json", "jsonl", "csv"])
def test_text_comes_back_as_written_in_every_format(text: str, name: str) -> None:
    made = report(assessment(order_id=text, flags=(flag(sentence=text),)))
    out = written(made, name)
    if name == "csv":
        assert next(csv.DictReader(io.StringIO(out, newline="")))["order_id"] == text
    elif name == "table":
        assert text.replace("\n", " ") in out
    else:
        assert json.dumps(text) in out


def test_a_lone_surrogate_stops_no_format() -> None:
    made = report(assessment(order_id="a\ud800", lines=(place(2, "b\udcff.csv"),)))
    for name in FORMATS:
        if name in BINARY:
            write_report(made, name, io.BytesIO())
        else:
            written(made, name).encode("utf-8")


def test_a_file_of_bytes_appears_whole(tmp_path: Path) -> None:
    path = tmp_path / "report.parquet"
    with open_binary_output(path) as stream:
        stream.write(b"\x00\xff")
        assert not path.exists()
    assert path.read_bytes() == b"\x00\xff"


def test_an_output_file_appears_whole(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    with open_output(path) as stream:
        stream.write("ğ\n")
        assert not path.exists()
    assert path.read_bytes() == "ğ\n".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_after_an_error_the_old_file_stands(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")

    def fail() -> None:
        with open_output(path) as stream:
            stream.write("new")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_output_that_is_a_link_replaces_what_it_points_to(tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("old")
    link.symlink_to(target)
    with open_output(link) as stream:
        stream.write("new")
    assert link.is_symlink()
    assert target.read_text() == "new"


@pytest.mark.parametrize("path", ["missing/report.json", "."])
def test_an_output_that_cannot_be_written_is_a_configuration_error(
    tmp_path: Path, path: str
) -> None:
    with pytest.raises(ConfigurationError, match="cannot write"), open_output(tmp_path / path):
        pass


def test_a_device_is_written_to_directly() -> None:
    with open_output("/dev/null") as stream:
        stream.write("gone")
    assert Path("/dev/null").is_char_device()
