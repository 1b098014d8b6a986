"""Every kind of input at the command line: formats, sheets, databases, folders, standard input."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path

import pytest

from tests import written
from tests.commands import redflags
from tests.written import Table

ROOT = Path(__file__).parents[1]


def example() -> Table:
    with (ROOT / "examples" / "orders.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    width = len(rows[0])
    return rows[0], [(row + [""] * width)[:width] for row in rows[1:]]


TABLE = example()


def orders_in(text: str) -> list[str]:
    return [one["order_id"] for one in json.loads(text)["assessments"]]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    path = tmp_path_factory.mktemp("orders") / "orders.csv"
    written.write_csv(path, TABLE)
    finished = redflags("check", str(path), "-f", "json")
    assert finished.code == 1
    return orders_in(finished.stdout)


@pytest.mark.parametrize("format_", ["json", "jsonl"])
def test_standard_input_is_of_the_named_format(
    tmp_path: Path, expected: list[str], format_: str
) -> None:
    writer = {"json": written.write_json, "jsonl": written.write_json_lines}[format_]
    writer(tmp_path / "o", TABLE)
    given = (tmp_path / "o").read_bytes()
    finished = redflags("check", "-", "--input-format", format_, "-f", "json", given=given)
    assert (finished.code, orders_in(finished.stdout)) == (1, expected)
    variables = {"REDFLAGS_INPUT_FORMAT": format_}
    again = redflags("check", "-", "-f", "json", given=given, variables=variables)
    assert orders_in(again.stdout) == expected
    explained = redflags(
        "explain", "-", "--input-format", format_, "--order", expected[0], given=given
    )
    assert explained.code == 0
    assert expected[0] in explained.stdout


def test_a_sheet_is_chosen(tmp_path: Path, expected: list[str]) -> None:
    import openpyxl

    path = tmp_path / "orders.xlsx"
    written.write_xlsx(path, TABLE)
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book["Sheet"]).title = "Copy"
    book.save(path)
    finished = redflags("check", str(path))
    assert finished.code == 3
    assert "several sheets could hold the orders: 'Sheet', 'Copy'; name one with --sheet" in (
        finished.stderr
    )
    for wanted in ("Copy", "2"):
        finished = redflags("check", str(path), "--sheet", wanted, "-f", "json")
        assert (finished.code, orders_in(finished.stdout)) == (1, expected)
    settings = {"redflags.toml": "sheet = 2\n"}
    finished = redflags("check", str(path), "-f", "json", files=settings)
    assert orders_in(finished.stdout) == expected


def test_a_database_is_read_by_table_and_query(tmp_path: Path, expected: list[str]) -> None:
    path = tmp_path / "orders.db"
    written.write_sqlite(path, TABLE)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE copied AS SELECT * FROM orders")
    connection.close()
    url = f"sqlite:///{path}"
    for options in (
        (f"{url}?table=orders",),
        (url, "--table", "copied"),
        (url, "--query", "SELECT * FROM orders"),
    ):
        finished = redflags("check", *options, "-f", "json")
        assert (finished.code, orders_in(finished.stdout)) == (1, expected)
    query = f"SELECT * FROM orders WHERE order_id = '{expected[0]}'"
    finished = redflags("check", url, "--query", query, "-f", "json")
    assert orders_in(finished.stdout) == expected[:1]
    finished = redflags("check", url)
    assert finished.code == 3
    assert "several tables could hold the orders" in finished.stderr
    finished = redflags("check", url, "--query", "DELETE FROM orders")
    assert finished.code == 2
    explained = redflags("explain", f"{url}?table=orders", "--order", expected[0])
    assert explained.code == 0


def test_a_password_is_in_no_output() -> None:
    finished = redflags("check", "postgresql://someone:geheim@127.0.0.1:1/x")
    assert finished.code == 3
    assert "geheim" not in finished.stdout + finished.stderr
    assert "postgresql://someone:***@127.0.0.1:1/x" in finished.stderr


def test_a_folder_is_one_input(tmp_path: Path, expected: list[str]) -> None:
    half = len(TABLE[1]) // 2
    written.write_csv(tmp_path / "a.csv", (TABLE[0], TABLE[1][:half]))
    written.write_json_lines(tmp_path / "b.jsonl", (TABLE[0], TABLE[1][half:]))
    (tmp_path / "notes.md").write_text("no orders")
    # Each file settles the notation of its columns by itself, so the two say less than the whole.
    both = redflags("check", str(tmp_path / "a.csv"), str(tmp_path / "b.jsonl"), "-f", "json")
    assert set(orders_in(both.stdout)) >= set(expected)
    for given in (str(tmp_path), str(tmp_path / "[ab].*")):
        finished = redflags("check", given, "-f", "json")
        assert (finished.code, orders_in(finished.stdout)) == (1, orders_in(both.stdout))
        explained = redflags("explain", given, "--order", expected[-1])
        assert explained.code == 0
    finished = redflags("check", str(tmp_path))
    assert "not read, being of no known format or hidden: " in finished.stderr
    assert "notes.md" in finished.stderr


def test_an_output_into_the_folder_that_is_read_writes_over_nothing(tmp_path: Path) -> None:
    written.write_csv(tmp_path / "a.csv", TABLE)
    before = (tmp_path / "a.csv").read_bytes()
    finished = redflags("check", str(tmp_path), "-o", str(tmp_path / "a.csv"))
    assert finished.code == 2
    assert (tmp_path / "a.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("empty-folder",), 3, "the folder has no file of a known format"),
        (("*.nothing",), 3, "the pattern fits no file of a known format"),
        (("o.jsonl", "--input-format", "word"), 2, "there is no input format 'word'"),
        (("-", "--input-format", "excel"), 2, "excel cannot be read from standard input"),
        (("o.jsonl", "--table", "a", "--query", "SELECT 1"), 2, "give a table or a query"),
        (("ftp://host/o.csv",), 2, "there is no such kind of database"),
    ],
)
def test_mistakes_have_their_code_and_message(
    tmp_path: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    if arguments == ("empty-folder",):
        arguments = (str(tmp_path),)
    finished = redflags("check", *arguments, files={"o.jsonl": '{"order_id": 1}'})
    assert finished.code == code
    assert message in finished.stderr
    assert "Traceback" not in finished.stderr


def test_a_large_file_of_lines_goes_through_columns(tmp_path: Path) -> None:
    """The same report from the columnar engine as from the judge."""
    path = tmp_path / "orders.jsonl"
    written.write_json_lines(path, TABLE)
    with path.open("a") as file:
        file.write("{bad\n")
    reports = []
    for engine in ("judge", "columnar"):
        finished = redflags("check", str(path), "--engine", engine, "-f", "json")
        assert finished.code == 1
        report = json.loads(finished.stdout)
        del report["run"]["settings"]["engine"], report["run"]["digests"]
        reports.append(report)
    assert reports[0] == reports[1]
    assert reports[0]["summary"]["set_aside"] == 1
