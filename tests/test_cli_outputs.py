"""Reports and case files at the command line: several at once, each in its own format."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import polars
import pytest

from tests.commands import redflags

HEADER = "order_id,date,buyer_name,buyer_country,buyer_business,consignee_name,consignee_country,"
HEADER += "consignee_business,product,quantity,unit\n"
ORDERS = HEADER + (
    "A-1,2015-01-19,Example Digital Ltd,GB,IT services,Örnek Telefon,TR,mobile phone shop,"
    "model jet engine,2,pieces\n"
    "A-2,2015-05-21,Example Digital Ltd,GB,IT services,Örnek Market,TR,mobile phone shop,"
    "UAV autopilot,4,pieces\n"
    "A-3,2015-06-02,Example Paints Ltd,GB,paint maker,,,,aluminium paste,6,t\n"
)


@pytest.mark.parametrize("name", ["html", "md", "json", "csv"])
def test_a_report_goes_to_standard_output_in_the_format_named(name: str) -> None:
    finished = redflags("check", "-", "-f", name, given=ORDERS)
    assert finished.code == 1
    assert "A-1" in finished.stdout
    starts = {"html": "<!DOCTYPE html>", "md": "# ", "json": "{", "csv": "order_id,"}
    assert finished.stdout.startswith(starts[name])


def test_several_outputs_are_written_at_once(tmp_path: Path) -> None:
    names = ["a.html", "a.md", "a.json", "a.jsonl", "a.csv", "a.xlsx", "a.parquet", "a.txt"]
    outputs = [part for name in names for part in ("-o", str(tmp_path / name))]
    finished = redflags("check", "-", *outputs, given=ORDERS)
    assert finished.code == 1
    assert finished.stdout == ""
    assert finished.stderr.count("written to") == 1
    assert sorted(os.listdir(tmp_path)) == sorted(names)
    assert (tmp_path / "a.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["Alerts", "Flags", "Questions", "Run"]
    assert [row[0].value for row in book["Alerts"].iter_rows(min_row=2)] == ["A-1", "A-2"]
    found = polars.read_parquet(io.BytesIO((tmp_path / "a.parquet").read_bytes()))
    assert found["order_id"].unique().sort().to_list() == ["A-1", "A-2"]
    assert found["date"].dtype == polars.Date


def test_an_unknown_suffix_is_said_before_anything_is_read(tmp_path: Path) -> None:
    finished = redflags("check", "nothing.csv", "-o", "a.html", "-o", "a.docx")
    assert finished.code == 2
    assert "a.docx" in finished.stderr
    assert "does not tell the format" in finished.stderr


def test_no_output_is_written_over_an_input() -> None:
    files = {"orders.csv": ORDERS}
    finished = redflags("check", "orders.csv", "-o", "a.html", "-o", "orders.csv", files=files)
    assert finished.code == 2
    assert "written over the input" in finished.stderr


RULES = """\
rules:
  - id: watched
    title: Goods that we watch.
    severity: low
    fact: precursor
    when: {product: {mentions: [flour]}}
"""
READ = {
    "orders.csv": ORDERS,
    "own.yaml": RULES,
    "mapping.toml": '[constants]\nseller_country = "DE"\n',
    "redflags.toml": "",
    "before.json": "{}",
}


@pytest.mark.parametrize(
    "given",
    [
        ("-r", "own.yaml", "-f", "json", "-o", "own.yaml"),
        ("-m", "mapping.toml", "-f", "json", "-o", "mapping.toml"),
        ("-m", "mapping.toml", "--set-aside", "mapping.toml"),
        ("-f", "json", "-o", "redflags.toml"),
        ("--baseline", "before.json", "-o", "before.json"),
        ("-r", ".", "-f", "json", "-o", "own.yaml"),
    ],
)
def test_nothing_that_is_read_is_written_over(given: tuple[str, ...]) -> None:
    finished = redflags("check", "orders.csv", *given, files=READ)
    assert finished.code == 2
    assert "written over the input" in finished.stderr


@pytest.mark.parametrize(
    "given",
    [
        ("-o", "a.json", "--set-aside", "a.json"),
        ("-o", "a.csv", "--set-aside", "./a.csv"),
        ("-f", "json", "-o", "a", "-f", "csv", "-o", "a"),
    ],
)
def test_two_outputs_have_a_file_each(given: tuple[str, ...]) -> None:
    finished = redflags("check", "orders.csv", *given, files={"orders.csv": ORDERS})
    assert finished.code == 2
    assert not finished.stdout


@pytest.mark.skipif(os.name == "nt", reason="a shell closes the streams")
@pytest.mark.parametrize(
    ("closed", "arguments", "code"),
    [("<&-", "check -", 3), (">&-", "check orders.csv", 2),
     ("2>&-", "check orders.csv -o a.json", 1)],
)  # fmt: skip
def test_a_closed_stream_is_no_defect(
    tmp_path: Path, closed: str, arguments: str, code: int
) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    finished = subprocess.run(
        ["/bin/sh", "-c", f'"{sys.executable}" -m redflags {arguments} {closed}'],
        cwd=tmp_path, capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert finished.returncode == code, finished.stderr
    assert "defect" not in finished.stderr
    assert (tmp_path / "a.json").exists() == (closed == "2>&-")


def test_the_case_file_of_an_order_is_about_that_order(tmp_path: Path) -> None:
    names = ["case.html", "case.md", "case.json"]
    outputs = [part for name in names for part in ("-o", str(tmp_path / name))]
    finished = redflags(
        "case", "-", "--order", "A-2", "--as-of", "2015-06-30", *outputs, given=ORDERS
    )
    assert finished.code == 0, finished.stderr
    assert "case file of order A-2; written to" in finished.stderr
    file = json.loads((tmp_path / "case.json").read_text(encoding="utf-8"))
    assert file["about"] == "order"
    assert [one["order_id"] for one in file["orders"]] == ["A-2"]
    assert file["keep_until"] == "2020-12-31"
    assert file["case"]["orders"] == ["A-1", "A-2"]
    assert all(one["answer"] == one["by"] == one["document"] == "" for one in file["questions"])
    assert file["run"]["packs"]
    for name in ("case.html", "case.md"):
        told = (tmp_path / name).read_text(encoding="utf-8")
        for part in ("Örnek Market", "2020-12-31", "tip him off", file["run"]["rules_sha256"]):
            assert part in told


def test_the_case_file_of_a_case_holds_all_its_alerts_in_time(tmp_path: Path) -> None:
    report = json.loads(redflags("check", "-", "-f", "json", given=ORDERS).stdout)
    [case] = report["cases"]
    path = tmp_path / "case.json"
    finished = redflags("case", "-", "--case", case["case_id"], "-o", str(path), given=ORDERS)
    assert finished.code == 0
    file = json.loads(path.read_text(encoding="utf-8"))
    assert [one["order_id"] for one in file["orders"]] == ["A-1", "A-2"]
    assert file["case"] == case


def test_an_order_without_a_flag_has_no_case_file(tmp_path: Path) -> None:
    path = tmp_path / "case.html"
    finished = redflags("case", "-", "--order", "A-3", "-o", str(path), given=ORDERS)
    assert finished.code == 2
    assert "raises no flag" in finished.stderr
    assert not path.exists()


def test_the_years_to_keep_are_a_setting() -> None:
    files = {"orders.csv": ORDERS, "redflags.toml": "keep_years = 10\n"}
    finished = redflags(
        "case", "orders.csv", "--order", "A-1", "-f", "json", "--as-of", "2026-01-31", files=files
    )
    assert json.loads(finished.stdout)["keep_until"] == "2036-12-31"


@pytest.mark.parametrize("name", ["html", "md"])
@pytest.mark.parametrize("command", [("check", "-"), ("case", "-", "--order", "A-1")])
def test_no_page_says_what_it_must_not(command: tuple[str, ...], name: str) -> None:
    page = redflags(*command, "-f", name, given=ORDERS).stdout
    assert "A-1" in page
    for word in (" clear ", "Clear", "approved", "fraud", "front company"):
        assert word not in page, word


RAGGED = "order_id,product,quantity\nA-1,urea,5 t\nA-2,urea\n"
NAMED_ALIKE = "order_id,product,quantity,quantity\nA-1,urea,5 t,6 t\n"


@pytest.mark.parametrize("name", ["csv", "jsonl"])
def test_a_format_without_a_summary_leaves_no_row_out_in_silence(name: str) -> None:
    finished = redflags("check", "-", "-f", name, given=RAGGED)
    assert finished.stderr == (
        "redflags: 1 row of 2 was set aside, the first stdin:3: the row has 2 cells, the header "
        "has 3; --set-aside FILE writes them\n"
    )


@pytest.mark.parametrize("name", ["table", "json", "html", "md"])
def test_a_format_with_a_summary_says_it_there(name: str) -> None:
    finished = redflags("check", "-", "-f", name, given=RAGGED)
    assert finished.stderr == ""
    assert "the row has 2 cells" in finished.stdout


def test_rows_that_are_kept_in_a_file_need_no_warning(tmp_path: Path) -> None:
    kept = str(tmp_path / "kept.csv")
    assert redflags("check", "-", "-f", "csv", "--set-aside", kept, given=RAGGED).stderr == ""
    out = str(tmp_path / "out.csv")
    written_to = redflags("check", "-", "-o", out, given=RAGGED).stderr
    assert written_to.startswith("0 of 1 order raises red flags; rows read 2 = assessed 1 + set")


def test_columns_that_are_named_alike_are_told_in_every_format(tmp_path: Path) -> None:
    out = str(tmp_path / "out.csv")
    told = (
        "several columns named quantity could be quantity, none is read; a mapping says which (-m)"
    )
    for arguments in (("-f", "csv"), ("-o", out)):
        finished = redflags("check", "-", *arguments, given=NAMED_ALIKE)
        assert f"redflags: stdin: {told}\n" in finished.stderr
    for name in ("table", "md"):
        said = " ".join(redflags("check", "-", "-f", name, given=NAMED_ALIKE).stdout.split())
        assert told.removesuffix(" (-m)") in said
    columns = " ".join(redflags("columns", "-", given=NAMED_ALIKE).stdout.split())
    assert "English for the quantity; 2 columns are named so" in columns
