"""The questionnaire: which questions are worth asking, how they are written, how answers return."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from contextlib import closing
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from redflags import Screener, Transaction, reference
from redflags.cli.main import main
from redflags.errors import OrderNotFoundError
from redflags.files import Opening
from redflags.intake import read_answers
from redflags.model.questions import Questionnaire
from redflags.model.record import Record, record_of
from redflags.questionnaire import questionnaire, questionnaire_of_file
from redflags.writers.questionnaire import FORMATS, write_questionnaire

PAINT = {"buyer_business": "paint manufacturer", "product": "aluminium paste", "quantity": "6 t"}
SORBITOL = {
    "order_id": "S-1",
    "buyer_name": "Farm Supply One",
    "buyer_business": "fertiliser dealer",
    "product": "sorbitol powder",
    "quantity": "78 t",
    "end_user_name": "",
}
CHAIRS = {"order_id": "C-1", "buyer_business": "hotel", "product": "office chairs"}
NASTY = "=1+1 <script>alert('x')</script> | `a` *b* [c](javascript:1)\n# d \u202e\x1b[31m\ud800"


@cache
def screener() -> Screener:
    return Screener()


def record(**given: str) -> Record:
    return record_of(Transaction.model_validate(given))


def asked(order: dict[str, str], most: int | None = 10, **more: str) -> Questionnaire:
    return questionnaire(screener(), [record(**{**order, **more})], "1", most=most)


def test_what_could_add_most_comes_first() -> None:
    found = asked(SORBITOL)
    worth = [one.would_add for one in found.questions if not one.needs]
    assert worth == sorted(worth, reverse=True)
    first = [one.observation for one in found.questions[:3]]
    assert {"implausible_use", "refuses_end_use"} <= set(first)
    assert found.questions[0].would_lift
    assert found.questions[0].band == "high"


@pytest.mark.parametrize("order", [PAINT, SORBITOL], ids=["paint", "sorbitol"])
def test_a_yes_does_what_the_questionnaire_says(order: dict[str, str]) -> None:
    before = screener().check(Transaction.model_validate(order))
    for one in asked(order, most=None).questions:
        after = screener().check(Transaction.model_validate({**order, one.observation: "yes"}))
        if not one.needs:
            assert after.bits - before.bits == one.would_add, one.observation
            assert after.band == one.band


def test_a_no_does_what_the_questionnaire_says() -> None:
    before = screener().check(Transaction.model_validate(SORBITOL))
    lowering = [one for one in asked(SORBITOL, most=None).questions if one.would_lower]
    assert lowering
    for one in lowering:
        after = screener().check(Transaction.model_validate({**SORBITOL, one.observation: "no"}))
        assert before.bits - after.bits == one.would_lower


def test_an_order_with_nothing_against_it_is_asked_nothing() -> None:
    assert asked(CHAIRS).questions == ()
    assert len(asked(CHAIRS, most=None).questions) == len(reference.observations())


def test_what_is_answered_is_not_asked_again_and_is_listed() -> None:
    found = asked(SORBITOL, cannot_say_use="yes (A. Example)", unusual_urgency="unknown")
    assert [one.observation for one in found.answered] == ["cannot_say_use"]
    assert "A. Example" in found.answered[0].told
    names = {
        one.observation
        for one in asked(SORBITOL, None, cannot_say_use="yes", unusual_urgency="?").questions
    }
    assert "cannot_say_use" not in names
    assert "unusual_urgency" in names


def test_the_rest_is_a_count() -> None:
    every = asked(SORBITOL, most=1_000)
    few = asked(SORBITOL, most=3)
    assert len(few.questions) == 3
    assert few.left_out == len(every.questions) - 3
    assert few.questions == every.questions[:3]


def test_an_order_of_many_lines_is_asked_once() -> None:
    lines = [record(**CHAIRS) for _ in range(300)] + [record(**SORBITOL)]
    found = questionnaire(screener(), lines, "1")
    assert found.questions[0].would_add == asked(SORBITOL).questions[0].would_add


def write(found: Questionnaire, name: str) -> str:
    stream = io.StringIO(newline="")
    write_questionnaire(found, name, stream)
    return stream.getvalue()


class Tags(HTMLParser):
    """The tags of a page and the addresses that it asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not {name for name, _ in attrs} & {"src", "href", "onclick", "onload"}
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def nasty() -> Questionnaire:
    given = {**SORBITOL, "buyer_name": NASTY, "order_id": NASTY}
    return questionnaire(screener(), [record(**given)], NASTY)


def test_the_page_stands_by_itself_and_runs_nothing() -> None:
    page = write(nasty(), "html")
    tags = Tags()
    tags.feed(page)
    assert not tags.open
    assert "script" not in tags.seen
    assert "http" not in page
    assert "<script" not in page
    page.encode("utf-8")


def test_text_from_outside_stays_text_in_markdown() -> None:
    page = write(nasty(), "md")
    assert "<script" not in page.replace("\\<script", "")
    assert "](javascript" not in page.replace("\\]", "")
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert len([line for line in page.splitlines() if line.startswith("# ")]) == 1
    page.encode("utf-8")


def test_no_cell_of_the_table_steers_a_spreadsheet_and_it_comes_back(tmp_path: Path) -> None:
    order = {**SORBITOL, "order_id": "=1+1"}
    found = questionnaire(screener(), [record(**order)], "=1+1")
    rows = list(csv.DictReader(io.StringIO(write(found, "csv"), newline="")))
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+-@" and cell]
    rows[0]["answer"] = "yes"
    path = tmp_path / "answers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    answers = read_answers(path)
    assert answers.by_order == {"=1+1": {f"observations.{found.questions[0].observation}": "yes"}}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_for_an_order_with_nothing_to_ask(name: str) -> None:
    assert write(asked(CHAIRS), name)


ORDERS = (
    "order_id,buyer_business,product,quantity\n"
    "S-1,fertiliser dealer,sorbitol powder,78 t\n"
    "C-1,hotel,office chairs,6 pcs\n"
)


@pytest.fixture
def orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    return "orders.csv"


def test_an_order_that_is_not_there_is_said(orders: str) -> None:
    with pytest.raises(OrderNotFoundError):
        questionnaire_of_file(screener(), orders, "nothing", Opening())
    assert main(["questionnaire", orders, "--order", "nothing"]) == 2


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_answers_come_back_and_change_check_explain_and_the_next_questionnaire(
    orders: str, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name = f"questions.{suffix}"
    assert main(["questionnaire", orders, "--order", "S-1", "-o", name]) == 0
    path = Path(name)
    text = path.read_text(encoding="utf-8")
    if suffix == "json":
        document = json.loads(text)
        first = document["questions"][0]["observation"]
        document["questions"][0].update(answer="yes", by="A. Example", on="2026-01-31")
        path.write_text(json.dumps(document), encoding="utf-8")
    else:
        rows = list(csv.reader(io.StringIO(text, newline="")))
        first = rows[1][1]
        rows[1][-3:] = ["yes", "A. Example", "2026-01-31"]
        path.write_text("\n".join(",".join(f'"{c}"' for c in row) for row in rows), "utf-8")
    capsys.readouterr()
    assert main(["check", orders, "-f", "json"]) == 1
    before = json.loads(capsys.readouterr().out)["assessments"][0]
    assert main(["check", orders, "-f", "json", "--answers", name]) == 1
    captured = capsys.readouterr()
    assert captured.err == ""
    after = json.loads(captured.out)["assessments"][0]
    assert (before["order_id"], after["order_id"]) == ("S-1", "S-1")
    assert after["bits"] > before["bits"]
    assert after["band"] == "high"
    assert main(["explain", orders, "--order", "S-1", "--answers", name]) == 0
    assert "A. Example, 2026-01-31" in " ".join(capsys.readouterr().out.split())
    assert main(["questionnaire", orders, "--order", "S-1", "--answers", name, "-f", "json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert first not in [one["observation"] for one in again["questions"]]
    assert [one["observation"] for one in again["answered"]] == [first]


def test_answers_to_an_order_that_is_not_there_are_reported(
    orders: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("answers.csv").write_text(
        "order_id,observation,answer\nX-9,cannot_say_use,yes\n", encoding="utf-8"
    )
    main(["check", orders, "--answers", "answers.csv"])
    assert re.search(r"answers for 1 order not in the input: X-9", capsys.readouterr().err)


def test_bad_answers_exit_3_and_an_impossible_format_2(
    orders: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("answers.csv").write_text("order_id,observation,answer\nX,y,yes\n", encoding="utf-8")
    assert main(["check", orders, "--answers", "answers.csv"]) == 3
    assert main(["questionnaire", orders, "--order", "S-1", "-f", "pdf"]) == 2
    assert main(["questionnaire", orders, "--order", "S-1", "-o", "a.xlsx"]) == 2
    assert main(["questionnaire", orders, "--order", "S-1", "-o", orders]) == 2
    assert Path(orders).read_text(encoding="utf-8") == ORDERS
    assert "Traceback" not in capsys.readouterr().err


def test_the_sheet_of_a_workbook_can_be_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for title, number in (("January", "S-1"), ("February", "S-2")):
        sheet = book.create_sheet(title)
        sheet.append(list(SORBITOL))
        sheet.append([number if key == "order_id" else text for key, text in SORBITOL.items()])
    del book["Sheet"]
    path = str(tmp_path / "orders.xlsx")
    book.save(path)
    assert main(["questionnaire", path, "--order", "S-2", "--sheet", "February"]) == 0
    assert "S-2" in capsys.readouterr().out
    assert main(["questionnaire", path, "--order", "S-2", "--sheet", "January"]) == 2
    assert main(["questionnaire", path, "--order", "S-2", "--sheet", "March"]) == 3
    assert "March" in capsys.readouterr().err


def test_the_table_of_a_database_can_be_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "orders.db"
    with closing(sqlite3.connect(path)) as connection:
        for title, number in (("january", "S-1"), ("february", "S-2")):
            connection.execute(
                f"CREATE TABLE {title} ({', '.join(f'{one} TEXT' for one in SORBITOL)})"
            )
            cells = {**SORBITOL, "order_id": number}.values()
            connection.execute(
                f"INSERT INTO {title} VALUES ({','.join('?' * len(SORBITOL))})", (*cells,)
            )
        connection.commit()
    url = f"sqlite:///{path}"
    assert main(["questionnaire", url, "--order", "S-2", "--table", "february"]) == 0
    assert "S-2" in capsys.readouterr().out
    assert main(["questionnaire", url, "--order", "S-2", "--table", "january"]) == 2
