"""The command line: exit codes, streams, and errors as messages."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from redflags.cli.main import main
from redflags.model.fields import field_table

ALUMINIUM = (
    "order_id,date,buyer_business,product,quantity,unit\n"
    "1,2015-07-01,cep telefonu mağazası,alüminyum pasta,6,t\n"
)
QUIET = "order_id,date,product,quantity,buyer_country\nO-1,2024-05-02,office chairs,12 pcs,FR\n"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("REDFLAGS_"):
            monkeypatch.delenv(name)


class Ran:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def call(*arguments: str) -> Ran:
        code = main(list(arguments))
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return Ran(code, captured.out, captured.err)

    return call


def orders(text: str = ALUMINIUM, name: str = "orders.csv") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def test_an_alert_exits_1_and_is_shown_on_standard_output(run) -> None:
    ran = run("check", orders())
    assert ran.code == 1
    assert ran.err == ""
    assert "critical" in ran.out
    assert "order 1" in ran.out
    assert "read 1 = assessed 1 + set aside 0" in ran.out


def test_without_an_alert_it_exits_0(run) -> None:
    ran = run("check", orders(QUIET))
    assert ran.code == 0
    assert "No rule matched" in ran.out


def test_json_has_what_was_promised(run) -> None:
    report = json.loads(run("check", orders(), "-f", "json", "--as-of", "2026-01-31").out)
    assert list(report) == ["run", "summary", "assessments", "cases", "baseline"]
    assert report["run"]["as_of"] == "2026-01-31"
    assert report["run"]["inputs"][0]["rows"] == 1
    assert report["summary"]["read"] == 1
    assert report["assessments"][0]["order_id"] == "1"
    assert report["assessments"][0]["band"] == "critical"


def test_json_lines_and_csv_hold_the_same_order(run) -> None:
    name = orders()
    line = json.loads(run("check", name, "-f", "jsonl").out)
    rows = list(csv.DictReader(io.StringIO(run("check", name, "-f", "csv").out, newline="")))
    assert line["order_id"] == rows[0]["order_id"] == "1"
    assert len(rows) == len(line["flags"])


def test_the_suffix_of_the_output_decides_the_format(run) -> None:
    ran = run("check", orders(), "-o", "report.json")
    assert ran.code == 1
    assert ran.out == ""
    assert "written to report.json" in ran.err
    assert json.loads(Path("report.json").read_text(encoding="utf-8"))["summary"]["alerts"] == 1


def test_codes_come_back_as_written(run) -> None:
    text = "order_id,buyer_country,consignee_country,hs_code,control_code,product\n"
    ran = run("check", orders(text + "1E001,NO,NA,010121,1E001,x\n"), "-f", "json", "--all")
    assert json.loads(ran.out)["assessments"][0]["order_id"] == "1E001"


def test_several_files_are_one_run(run) -> None:
    ran = run("check", orders(), orders(QUIET, "more.csv"), "-f", "json")
    assert json.loads(ran.out)["summary"]["read"] == 2


def test_all_lists_orders_in_which_no_rule_matched(run) -> None:
    name = orders(QUIET)
    assert "O-1" not in run("check", name).out
    assert "O-1" in run("check", name, "--all").out


@pytest.mark.parametrize(("line", "code"), [("low", 1), ("critical", 1)])
def test_fail_on_decides_the_exit_code(run, line: str, code: int) -> None:
    assert run("check", orders(), "--fail-on", line).code == code


def test_the_exit_code_counts_alerts_that_are_not_shown(run) -> None:
    ran = run("check", orders(), "--min-score", "100")
    assert ran.code == 1
    assert "below 100 not shown" in ran.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check"], "Missing argument"),
        (["check", "orders.csv", "--bogus"], "No such option"),
        (["bogus"], "No such command"),
        (["check", "orders.csv", "-f", "xml"], "no format 'xml'"),
        (["check", "orders.csv", "-o", "a.docx"], "does not tell the format"),
        (["check", "orders.csv", "--fail-on", "severe"], "--fail-on is one of"),
        (["check", "orders.csv", "--min-score", "x"], "--min-score is a number"),
        (["check", "orders.csv", "--as-of", "yesterday"], "--as-of is a date"),
        (["check", "orders.csv", "--encoding", "quux"], "no encoding 'quux'"),
        (["check", "orders.csv", "--delimiter", '"'], "a delimiter is one character"),
        (["check", "orders.csv", "--only-rules"], "--only-rules needs --rules"),
        (["check", "orders.csv", "--config", "none.toml"], "cannot be read"),
        (["check", "orders.csv", "-o", "none/report.json"], "cannot write"),
        (["explain", "orders.csv", "--order", "99"], "no order '99'"),
        (["explain", "orders.csv"], "Missing option"),
        (["rules", "show", "phone-retailer-bulk-aluminum"], "did you mean"),
        (["fields", "product.family", "-f", "xml"], "no format 'xml'"),
        (["fields", "product.famly"], "did you mean product.family?"),
        (["fields", "quantity"], "no fixed words"),
        (["fields", "-f", "xml"], "no format 'xml'"),
    ],
)
def test_wrong_usage_exits_2_with_a_message(run, arguments: list[str], message: str) -> None:
    orders()
    ran = run(*arguments)
    assert ran.code == 2
    assert message in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.csv", None, "no such file"),
        ("orders.xlsx", b"PK\x03\x04", "the workbook is damaged"),
        ("empty.csv", b"", "empty"),
        ("headless.csv", b"O-1,paste,6 t\n", "no column name is known"),
        ("twice.csv", b"product,product\n", "could be product"),
    ],
)
def test_an_input_that_cannot_be_read_exits_3_and_nothing_is_half_done(
    run, name: str, content: bytes | None, message: str
) -> None:
    if content is not None:
        Path(name).write_bytes(content)
    ran = run("check", orders(), name, "-o", "report.json")
    assert ran.code == 3
    assert message in ran.err
    assert ran.out == ""
    assert not Path("report.json").exists()


def test_rows_set_aside_are_shown_and_the_rest_is_done(run) -> None:
    ran = run("check", orders(ALUMINIUM + 'ragged,row\nx,y,"z,1,2,3\n'))
    assert ran.code == 1
    assert "read 3 = assessed 1 + set aside 2" in ran.out
    assert "orders.csv:3 the row has 2 cells, the header has 6" in ran.out


def test_mistakes_in_rules_exit_2_with_place_and_caret(run) -> None:
    Path("site.yaml").write_text("rules:\n  - id: a\n    tittle: b\n")
    ran = run("check", orders(), "-r", "site.yaml")
    assert ran.code == 2
    assert "site.yaml:3:5" in ran.err
    assert "^^^^^^" in ran.err
    assert ran.out == ""


def test_a_setting_from_the_file_in_the_folder_counts(run) -> None:
    name = orders()
    Path("redflags.toml").write_text('format = "jsonl"\n')
    assert json.loads(run("check", name).out)["order_id"] == "1"
    assert run("check", name, "-f", "table").out.startswith("1 of 1 order")


def test_explain_shows_evidence_questions_and_the_score(run) -> None:
    ran = run("explain", orders(), "--order", "1")
    assert ran.code == 0
    for part in ("Order 1", "bits of evidence", "column buyer_business", "Questions"):
        assert part in " ".join(ran.out.split())


def test_a_row_without_a_number_is_explained_by_its_place(run) -> None:
    ran = run("explain", orders("product,quantity\npaste,6 t\n"), "--order", "orders.csv:2")
    assert ran.code == 0
    assert "Order orders.csv:2" in ran.out


def test_rules_are_listed_and_shown(run) -> None:
    assert "car-2020/phone-retailer-bulk-aluminium" in run("rules", "list").out
    shown = run("rules", "show", "phone-retailer-bulk-aluminium").out
    assert "quantity at least 100 kg" in shown


def test_fields_are_listed_in_every_format(run) -> None:
    rows = json.loads(run("fields", "-f", "json").out)
    assert [row["path"] for row in rows] == list(field_table())
    table = list(csv.DictReader(io.StringIO(run("fields", "-f", "csv").out)))
    assert [row["column"] for row in table] == [row["column"] for row in rows]
    assert "hs_code" in run("fields").out


@pytest.mark.parametrize(
    ("field", "word", "meaning"),
    [
        ("product.family", "model-jet-engine", "model jet engine"),
        ("product_family", "aluminium-paste", "aluminium paste"),
        ("buyer.business", "mobile-phone-shop", "mobile phone shop"),
        ("payment.method", "cash", "cash"),
    ],
)
def test_the_words_of_a_field_are_listed(run, field: str, word: str, meaning: str) -> None:
    told = json.loads(run("fields", field, "-f", "json").out)
    rows = {one["word"]: one["meaning"] for one in told}
    assert rows[word].lower() == meaning
    assert dict(list(csv.reader(io.StringIO(run("fields", field, "-f", "csv").out)))[1:]) == rows
    assert word in run("fields", field).out


def test_the_version_names_packs_and_hashes(run) -> None:
    ran = run("--version")
    assert ran.code == 0
    assert ran.out.startswith("redflags ")
    assert "car-2020" in ran.out
    assert "sha256" in ran.out


def test_an_unforeseen_error_is_a_message_and_no_traceback(
    run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("surprise")

    monkeypatch.setattr("redflags.cli.options.screener", fail)
    ran = run("check", orders())
    assert ran.code == 70
    assert "RuntimeError in fail" in ran.err


def test_an_interruption_exits_130(run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("redflags.cli.options.screener", interrupt)
    assert run("check", orders()).code == 130


def process(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
    return subprocess.run(
        [sys.executable, "-m", "redflags.cli.main", *arguments],
        input=stdin,
        capture_output=True,
        env=environment,
        check=False,
    )


def test_standard_input_is_checked_and_data_are_utf8_in_any_locale() -> None:
    ran = process("check", "-", "-f", "json", stdin=ALUMINIUM.encode())
    assert ran.returncode == 1
    report = json.loads(ran.stdout.decode("utf-8"))
    assert "mağazası" in ran.stdout.decode("utf-8")
    assert report["run"]["inputs"][0]["path"] == "-"


def test_the_table_is_written_in_a_locale_without_its_letters() -> None:
    ran = process("check", "-", stdin=ALUMINIUM.encode())
    assert ran.returncode == 1
    assert ran.stderr == b""
    assert b"critical" in ran.stdout


def test_a_reader_that_goes_away_is_no_error() -> None:
    rows = "".join(f"{n},2015-07-01,phone shop,aluminium paste,6,t\n" for n in range(400))
    Path("many.csv").write_text(ALUMINIUM + rows, encoding="utf-8")
    child = subprocess.Popen(
        [sys.executable, "-m", "redflags.cli.main", "check", "many.csv", "-f", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.read(10)
    child.stdout.close()
    assert child.stderr.read() == b""
    child.stderr.close()
    assert child.wait() == 141


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, redflags.cli.main as m; m.main(['--help']);"
        "print(sorted(set(sys.modules) & {'pydantic', 'rich', 'yaml', 'rapidfuzz', 'anyascii',"
        "'redflags.reference', 'redflags.model', 'redflags.rulebook'}), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert ran.stderr.strip() == b"[]"
    assert b"check" in ran.stdout
