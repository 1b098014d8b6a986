"""What `redflags check` does with its outputs, engines and inputs of which nothing comes."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest

from tests.commands import redflags

ORDER = (
    "order_id,date,buyer_business,product,quantity,unit\n"
    "1,2015-07-01,mobile phone shop,aluminium paste,6,t\n"
)


def test_an_output_is_never_written_over_an_input() -> None:
    found = redflags("check", "orders.csv", "-o", "./orders.csv", files={"orders.csv": ORDER})
    assert found.code == 2
    assert "over the input 'orders.csv'" in found.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs the device /dev/full")
def test_a_full_disk_is_said_and_is_no_defect() -> None:
    found = redflags("check", "-", "-f", "json", "-o", "/dev/full", given=ORDER)
    assert found.code == 2
    assert "cannot write" in found.stderr
    assert "defect" not in found.stderr


def test_columns_that_allow_no_rule_are_said_in_every_format() -> None:
    found = redflags("check", "-", "-f", "json", given="order_id,notes\n1,nothing\n")
    assert found.code == 0
    assert "allow no rule" in found.stderr
    assert json.loads(found.stdout)["summary"]["coverage"]["judgeable"] == 0


def test_column_names_are_known_in_usual_spellings() -> None:
    given = ORDER.replace("buyer_business", "BuyerBusiness").replace("order_id", "Order ID")
    assert redflags("check", "-", given=given).code == 1


@pytest.mark.parametrize("engine", ["judge", "columnar", "auto"])
def test_every_engine_says_the_same(engine: str) -> None:
    found = redflags("check", "o.csv", "-f", "json", "--engine", engine, files={"o.csv": ORDER})
    assert found.code == 1
    [assessment] = json.loads(found.stdout)["assessments"]
    assert (assessment["order_id"], assessment["band"]) == ("1", "critical")


def test_an_engine_that_does_not_exist_is_said() -> None:
    found = redflags("check", "-", "--engine", "warp", given=ORDER)
    assert found.code == 2
    assert "judge, columnar, durable" in found.stderr


def test_rows_that_cannot_be_read_are_written_with_their_reasons(tmp_path: Path) -> None:
    source, target = tmp_path / "orders.csv", tmp_path / "aside.csv"
    source.write_text("order_id,product,unit\n1,urea,kg\n2,urea\n", encoding="utf-8")
    finished = redflags("check", str(source), "--set-aside", str(target))
    assert finished.code == 0
    rows = target.read_text(encoding="utf-8").splitlines()
    assert rows[0] == "file,row,line,reason,text"
    assert rows[1].endswith(',3,3,"the row has 2 cells, the header has 3","2,urea"')
    assert len(rows) == 2
    over_itself = redflags("check", str(source), "--set-aside", str(source))
    assert over_itself.code == 2


@pytest.mark.parametrize(
    ("name", "content", "texts"),
    [
        ("o.csv", b"order_id,product\n1,urea\n2\n=1+1,a,b\n", ["2", "'=1+1,a,b"]),
        ("o.csv", b'order_id,product,x\n1,urea,\n2,"a\n3,b,c\n', ['2,"a']),
        ("o.csv", b"order_id,product\n1,urea\n2,a\x00b\n", ["2,a\\x00b"]),
        ("o.tsv", b"order_id\tproduct\n1\turea\n2\t3\t4\n", ["2\t3\t4"]),
        (
            "o.jsonl",
            b'{"order_id": "1", "product": "urea"}\n{"order_id": 2 "product": "p"}\n',
            ['{"order_id": 2 "product": "p"}'],
        ),
        (
            "o.json",
            b'[{"order_id": 1, "product": "urea"}, {"order_id": 2.50, "order_id": 2}]',
            ['{"order_id": 2.50, "order_id": 2}'],
        ),
    ],
)
def test_rows_set_aside_stand_as_they_were_written(
    tmp_path: Path, name: str, content: bytes, texts: list[str]
) -> None:
    source, target = tmp_path / name, tmp_path / "aside.csv"
    source.write_bytes(content)
    redflags("check", str(source), "--set-aside", str(target))
    with target.open(encoding="utf-8", newline="") as stream:
        assert [row["text"] for row in csv.DictReader(stream)] == texts


@pytest.mark.parametrize(
    ("given", "code"), [("2", 0), ("none", 3), ("0", 2), ("x", 2), ("-1", 2), ("9" * 40, 2)]
)
def test_the_row_of_the_names_can_be_stated(given: str, code: int) -> None:
    files = {"o.csv": "a,b,c\norder_id,product,unit\n1,urea,kg\n"}
    assert redflags("check", "o.csv", "--header-row", given, files=files).code == code


def test_what_was_decided_and_what_repeats_is_told() -> None:
    text = "order_id;date;value\n1;13/02/2015;1.234,56\n1;13/02/2015;1.234,56\n2;02/03/2015;x\n"
    finished = redflags("check", "o.csv", files={"o.csv": text})
    assert "repeated   1 row the same as an earlier one" in finished.stdout
    assert "date: “13/02/2015” (row 2) says the day comes first" in finished.stdout
