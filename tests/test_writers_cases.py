"""Cases as a person reads them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from redflags.model.cases import Case, CaseAsk, CaseFamily, CaseFlag, CaseLink, CaseOrder, CaseParty
from redflags.model.report import Cases, Report
from redflags.writers.cases import write_case
from redflags.writers.json_report import write_json
from redflags.writers.table import write_table
from tests.handmade_reports import assessment, place, report

GOLDEN = Path(__file__).parent / "golden"


def case(**changes: Any) -> Case:
    values: dict[str, Any] = {
        "case_id": "0123456789abcdef",
        "orders": ("O-7", "O-9", "O-8"),
        "parties": (
            CaseParty(
                name="Örnek Telefon Ltd. Şti.",
                country="TR",
                roles=("buyer", "payer"),
                orders=2,
                also_written=("ORNEK TELEFON",),
            ),
            CaseParty(name="هواتف المثال", country="", roles=("end_user",), orders=1),
        ),
        "links": (
            CaseLink(
                kind="party",
                parties=("Örnek Telefon Ltd. Şti. (TR)",),
                orders=("O-7", "O-9"),
                sentence="Örnek Telefon Ltd. Şti. (TR) is the buyer in 2 orders (O-7, O-9)",
            ),
            CaseLink(
                kind="phone",
                parties=("A", "B"),
                orders=("O-8", "O-9"),
                written="+90 212 555 01 00",
                sentence="A and B have the same telephone number (+90 212 555 01 00)",
            ),
            CaseLink(kind="window", parties=(), orders=("O-7", "O-8"), sentence="“R” names two"),
            CaseLink(kind="payer", parties=("C",), orders=("O-7",), sentence="C is the payer"),
        ),
        "score": 74.0,
        "bits": 1943,
        "band": "high",
        "action": ("hold",),
        "stop": False,
        "flags": (
            CaseFlag(
                rule="car-2020/a", title="Paste for a shop", kind="sign", severity="high",
                fact="trade", share=1322, orders=("O-7", "O-9"),
            ),
            CaseFlag(
                rule="car-2020/b", title="Paid by another", kind="sign", severity="medium",
                fact="payer", share=621, orders=("O-9",),
            ),
            CaseFlag(
                rule="car-2020/c", title="Small shop", kind="sign", severity="low",
                fact="trade", share=0, orders=("O-7",),
            ),
        ),
        "families": (
            CaseFamily(family="aluminium-paste", title="aluminium paste", orders=("O-7", "O-9"),
                       first_date="2015-03-01", last_date="2015-04-01"),
        ),
        "ask": (
            CaseAsk(of="sales", text="Who visited the shop?", orders=("O-7",)),
            CaseAsk(of="customer", text="What is it for?", orders=("O-7", "O-9")),
        ),
        "timeline": (
            CaseOrder(
                order_id="O-7", date="2015-03-01", alert=True, score=60.0, band="high",
                parties="Örnek Telefon (TR)", goods="400 kg paste", flags=("car-2020/a",),
                lines=(place(2),),
            ),
            CaseOrder(
                order_id="O-9", date="2015-04-01", alert=True, score=74.0, band="high",
                flags=("car-2020/a", "car-2020/b", "car-2020/c", "x/unknown"), lines=(place(5),),
            ),
            CaseOrder(order_id="O-8", alert=False),
        ),
        "perhaps_same": ("A (TR) and Aa (TR) may be one firm",),
        "left_out": ("the address Mall Road 5 links nobody: 52 firms share it",),
        "first_date": "2015-03-01",
        "last_date": "2015-04-01",
    }  # fmt: skip
    return Case(**(values | changes))


def with_cases(*cases: Case) -> Report:
    return report(assessment()).model_copy(update={"cases": Cases(cases)})


def table(made: Report, width: int) -> str:
    stream = io.StringIO()
    write_table(made, stream, width=width)
    return stream.getvalue()


def page(one: Case, width: int) -> str:
    stream = io.StringIO()
    write_case(one, stream, width=width)
    return stream.getvalue()


@pytest.mark.parametrize("width", [80, 100])
def test_the_list_of_cases_is_as_the_golden_file(width: int) -> None:
    made = with_cases(case(), case(case_id="f" * 16, stop=True, bits=0, score=0.0, families=()))
    expected = (GOLDEN / f"cases-{width}.txt").read_text(encoding="utf-8")
    assert table(made, width) == expected


@pytest.mark.parametrize("width", [80, 100])
def test_the_page_of_a_case_is_as_the_golden_file(width: int) -> None:
    expected = (GOLDEN / f"case-{width}.txt").read_text(encoding="utf-8")
    assert page(case(), width) == expected


def test_without_cases_nothing_is_said_of_them() -> None:
    assert "case" not in table(report(assessment()), 100)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_wider_than_the_page(width: int) -> None:
    party = CaseParty(name="移动电话店 " * 40, country="CN", roles=("buyer",), orders=200)
    many = case(
        orders=tuple(f"O-{number:05d}" for number in range(300)),
        parties=(party,) * 150,
        links=(CaseLink(kind="address", parties=("x",), sentence="s" * 300),) * 150,
        ask=tuple(CaseAsk(of="sales", text=f"{number} " * 60) for number in range(50)),
        perhaps_same=("p" * 300,),
    )
    told = page(many, width)
    assert max(cell_len(line) for line in told.splitlines()) <= width
    assert max(cell_len(line) for line in table(with_cases(many), width).splitlines()) <= width


def test_what_is_left_out_of_a_page_is_counted() -> None:
    many = case(
        links=(CaseLink(kind="address", parties=("x",), sentence="s"),) * 150,
        ask=tuple(CaseAsk(of="sales", text=f"Question {number}") for number in range(50)),
    )
    told = page(many, 100)
    assert "and 50 more links" in told
    assert "and 20 more questions" in told
    listed = table(with_cases(*(case(case_id=f"{number:016d}") for number in range(14))), 100)
    assert "14 cases" in listed
    assert "and 4 more cases" in listed


@pytest.mark.parametrize("text", ["\x1b[31mred", "a\u202eb", "one\ntwo", "[bold]x", "\ud800"])
def test_texts_from_outside_do_no_harm(text: str) -> None:
    one = case(
        parties=(CaseParty(name=text, country="", roles=("buyer",), orders=1),),
        links=(CaseLink(kind="party", parties=(text,), sentence=text),),
        orders=(text, "B"),
    )
    for told in (page(one, 100), table(with_cases(one), 100)):
        assert "\x1b" not in told
        assert "\u202e" not in told
        told.encode()
        if text == "[bold]x":
            assert text in told


def test_the_json_report_holds_the_cases_as_they_are() -> None:
    made = with_cases(case(), case(case_id="f" * 16))
    stream = io.StringIO()
    write_json(made, stream)
    told = json.loads(stream.getvalue())
    assert told["cases"] == [json.loads(one.model_dump_json()) for one in made.cases]
    assert Report.model_validate(told) == made
