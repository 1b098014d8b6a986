"""Answers to a questionnaire: read from CSV and JSON, laid over lines and columns."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags import Screener
from redflags.errors import InputError
from redflags.intake import Answers, Mapping, read_answers

ORDERS = (
    "order_id,buyer_business,product,quantity,services_declined,asks_to_relabel\n"
    "A,paint manufacturer,aluminium paste,6 t,,no\n"
    "B,paint manufacturer,aluminium paste,6 t,no,yes\n"
    "B,paint manufacturer,aluminium powder,2 t,no,yes\n"
    ",mobile phone shop,aluminium paste,6 t,,\n"
)


def written(folder: Path, text: str, name: str = "answers.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_of_answers_is_read_by_order(tmp_path: Path) -> None:
    found = read_answers(
        written(
            tmp_path,
            "Order ID;Observation;Answer;by;on;question\n"
            "A;cannot_say_use;evet;A. Example;31.01.2026;…\n"
            "A;observations.unusual_urgency;NO;;;\n"
            "B;asks_to_relabel;unknown;B (sales);2026-02-01;\n"
            "C;asks_to_relabel;;;;\n"
            "C;services_declined;not asked;;;\n",
        )
    )
    assert found.by_order == {
        "A": {
            "observations.cannot_say_use": "yes (A. Example, 2026-01-31)",
            "observations.unusual_urgency": "no",
        },
        "B": {"observations.asks_to_relabel": "unknown (B sales, 2026-02-01)"},
    }


@pytest.mark.parametrize("wrapped", ["list", "answers", "questions"])
def test_json_is_read_as_a_list_or_as_the_questionnaire_filled_in(
    tmp_path: Path, wrapped: str
) -> None:
    rows = [
        {"observation": "cannot_say_use", "answer": True, "by": "A", "on": None},
        {"observation": "unusual_urgency", "answer": "no", "would_add": 415, "rules": ["a"]},
        {"observation": "asks_to_relabel", "answer": ""},
    ]
    document: object = {"order_id": "A", wrapped: rows}
    if wrapped == "list":
        document = [{"order_id": "A", **row} for row in rows]
    found = read_answers(written(tmp_path, json.dumps(document), "answers.json"))
    assert found.by_order["A"] == {
        "observations.cannot_say_use": "yes (A)",
        "observations.unusual_urgency": "no",
    }


@pytest.mark.parametrize(
    ("text", "row", "column", "says"),
    [
        ("order_id,observation,answer\nA,canot_say_use,yes\n", 2, "observation", "cannot_say_use"),
        ("order_id,observation,answer\nA,,yes\n", 2, "observation", "questionnaire"),
        ("order_id,observation,answer\nA,buyer_name,yes\n", 2, "observation", "no observation"),
        ("order_id,observation,answer\nA,observations_by,yes\n", 2, "observation", "observation"),
        ("order_id,observation,answer\nA,cannot_say_use,maybe\n", 2, "answer", "yes, no or"),
        ("order_id,observation,answer\n,cannot_say_use,yes\n", 2, "order_id", "name the order"),
        ("order_id,observation,answer,on\nA,cannot_say_use,yes,soon\n", 2, "on", "2026-01-31"),
        (
            "order_id,observation,answer\nA,cannot_say_use,yes\nA,cannot_say_use,no\n",
            3, None, "(row 2)",
        ),
        ("order_id,observation\nA,cannot_say_use\n", None, None, "no column 'answer'"),
        ("order_id,answer,answer,observation\nA,yes,no,cannot_say_use\n", None, None, "several"),
        ("order_id,observation,answer\nA,cannot_say_use,yes,x,y\n", 2, None, ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_row_column_and_remedy(
    tmp_path: Path, text: str, row: int | None, column: str | None, says: str
) -> None:
    with pytest.raises(InputError) as raised:
        read_answers(written(tmp_path, text))
    assert raised.value.row == row
    assert raised.value.column == column
    assert says in str(raised.value)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[" * 100_000, "17", '"x"', "[1]", '[{"answer": ["yes"]}]', "{}", '{"answers": 3}',
     '[{"order_id": "A", "observation": "cannot_say_use", "answer": 1e999}]',
     '[{"order_id": {"a": 1}, "observation": "cannot_say_use", "answer": "yes"}]', "\ufeff["],
)  # fmt: skip
def test_json_that_is_no_answers_is_an_error_and_no_crash(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError):
        read_answers(written(tmp_path, text, "answers.json"))


def test_bytes_that_are_no_text_and_files_that_are_not_there_are_errors(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_bytes(b"\xff\xfe[")
    with pytest.raises(InputError):
        read_answers(path)
    with pytest.raises(InputError):
        read_answers(tmp_path / "none.json")
    with pytest.raises(InputError):
        read_answers(tmp_path / "none.csv")
    with pytest.raises(InputError):
        read_answers(tmp_path)


@given(st.text(), st.text(max_size=40), st.text(max_size=20))
def test_no_text_in_an_answer_crashes(number: str, answer: str, by: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        row = {"order_id": number, "observation": "cannot_say_use", "answer": answer, "by": by}
        path = Path(folder) / "answers.json"
        path.write_text(json.dumps([row]), encoding="utf-8")
        try:
            found = read_answers(path)
        except InputError:
            return
        for texts in found.by_order.values():
            assert set(texts) == {"observations.cannot_say_use"}


def checked(path: Path, answers: Answers | None, engine: str) -> list[tuple[object, ...]]:
    mapping = None if answers is None else replace(Mapping(), answers=answers)
    report = Screener(engine=engine).check_files([str(path)], mapping=mapping)  # type: ignore[arg-type]
    return [
        (
            one.order_id,
            one.bits,
            one.band,
            tuple(flag.rule for flag in one.flags),
            tuple((gap.rule, gap.needs) for gap in one.incomplete),
        )
        for one in report.assessments
    ]


@pytest.mark.parametrize("engine", ["judge", "columnar"])
def test_an_answer_reaches_its_order_and_no_other(tmp_path: Path, engine: str) -> None:
    path = written(tmp_path, ORDERS, "orders.csv")
    before = {one[0]: one for one in checked(path, None, engine)}
    answers = Answers({"A": {"observations.documents_differ": "yes (A. Example)"}})
    after = {one[0]: one for one in checked(path, answers, engine)}
    assert (before["A"][2], after["A"][2]) == ("none", "medium")
    assert {name: one for name, one in after.items() if name != "A"} == {
        name: one for name, one in before.items() if name != "A"
    }
    assert answers.not_met() == ()


@pytest.mark.parametrize("engine", ["judge", "columnar"])
def test_an_answer_outdoes_the_cell_and_an_open_one_does_not(tmp_path: Path, engine: str) -> None:
    path = written(tmp_path, ORDERS, "orders.csv")
    answers = Answers(
        {
            "A": {"observations.asks_to_relabel": "unknown"},
            "B": {"observations.asks_to_relabel": "no"},
            "Z": {"observations.asks_to_relabel": "yes"},
        }
    )
    found = {one[0]: one for one in checked(path, answers, engine)}
    rule = "documents-and-behaviour/goods-to-look-like-something-else"
    assert rule not in [name for name, _ in found["A"][4]]  # type: ignore[attr-defined]
    assert "B" not in found or rule not in found["B"][3]  # type: ignore[operator]
    assert answers.not_met() == ("Z",)


@pytest.mark.parametrize("engine", ["judge", "columnar"])
def test_an_order_without_a_number_is_answered_by_file_and_row(tmp_path: Path, engine: str) -> None:
    path = written(tmp_path, ORDERS, "orders.csv")
    answers = Answers({f"{path}:5": {"observations.cannot_say_use": "yes"}})
    found = {one[0]: one for one in checked(path, answers, engine)}
    assert "bis-know-your-customer/use-withheld-by-unsuited-trade" in found[f"{path}:5"][3]  # type: ignore[operator]
    assert answers.not_met() == ()


def test_both_engines_lay_answers_over_orders_alike(tmp_path: Path) -> None:
    pick = random.Random(11)
    names = ["asks_to_relabel", "services_declined", "cannot_say_use", "owned_by_listed_party"]
    texts = ["yes", "no", "unknown", "yes (A. Example)", "", "not asked", "maybe"]
    goods = ["aluminium paste", "pulse jet engine", "office chairs", "FPGA"]
    trades = ["paint manufacturer", "car rental", "trading company", ""]
    rows = ["order_id,buyer_business,product,quantity,asks_to_relabel,services_declined"]
    rows += [
        f"{number},{pick.choice(trades)},{pick.choice(goods)},6 t,{pick.choice(texts)},"
        f"{pick.choice(texts)}"
        for number in range(200)
    ]
    path = written(tmp_path, "\n".join(rows) + "\n", "orders.csv")
    answers = {
        str(number): {f"observations.{name}": pick.choice(texts[:4]) for name in names[:amount]}
        for number in range(0, 200, 3)
        for amount in [pick.randint(1, 4)]
    }
    assert checked(path, Answers(answers), "judge") == checked(path, Answers(answers), "columnar")
