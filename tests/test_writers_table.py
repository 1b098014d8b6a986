"""The view for people: what an officer reads first."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from redflags.model.report import Report
from redflags.model.results import Flag, Lowered
from redflags.writers.explanation import write_explanation
from redflags.writers.table import write_table
from tests.handmade_reports import assessment, flag, incomplete, place, report, stop, varied

GOLDEN = Path(__file__).parent / "golden"
FORBIDDEN = ("clear", "approved", "legal", "fraud", "front company", "violation", "hit")


def table(made: Report, width: int | None = None) -> str:
    stream = io.StringIO()
    write_table(made, stream, width=width)
    return stream.getvalue()


def explanation(width: int | None = None) -> str:
    stream = io.StringIO()
    made = assessment(flags=(flag(), stop()), incomplete=(incomplete(),))
    write_explanation(made, (), stream, width=width)
    return stream.getvalue()


@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_table_is_as_the_golden_file(width: int) -> None:
    assert table(varied(), width) == (GOLDEN / f"table-{width}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [80, 100])
def test_the_explanation_is_as_the_golden_file(width: int) -> None:
    expected = (GOLDEN / f"explanation-{width}.txt").read_text(encoding="utf-8")
    assert explanation(width) == expected


def waterfall(*flags: Flag) -> str:
    """The lines on how the score comes about, each paragraph on one line."""
    stream = io.StringIO()
    write_explanation(assessment(flags=flags), (), stream, width=120)
    told = stream.getvalue().partition("How the score comes about")[2].partition("\n\n")[0]
    return told.replace("\n           ", " ")


def idle(number: int, **changes: Any) -> Flag:
    return flag(rule=f"p/{number}", title=f"Sign {number}", severity="high", share=0, **changes)


def test_flags_that_add_nothing_fold_into_one_line() -> None:
    told = waterfall(flag(), *(idle(number) for number in range(7)), idle(8, fact="payer"))
    assert told.count("+0.000") == 1
    assert "8 more flags add nothing: of each fact only the strongest flag counts" in told
    assert "(trade 7, payer 1)" in told
    assert "low ones" not in told
    assert "low ones" in waterfall(flag(), idle(1), idle(2).model_copy(update={"severity": "low"}))


def test_one_flag_that_adds_nothing_and_one_that_was_lowered_say_why() -> None:
    assert "another flag speaks of the same fact, trade" in waterfall(flag(), idle(1))
    lowered = (Lowered(by=1322, because="A statement explains it."),)
    told = waterfall(flag(), idle(1), idle(2), idle(3, lowered=lowered))
    assert told.count("+0.000") == 2
    assert "A statement explains it" in told


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120])
def test_no_line_is_wider_than_the_page(width: int) -> None:
    made = report(
        assessment(
            order_id="O" * 300,
            parties="移动电话店 " * 60,
            goods="x" * 500,
            lines=tuple(place(row) for row in range(2, 300)),
            flags=(flag(title="t" * 200, sentence="word " * 100),),
            incomplete=(incomplete(needs=("unit", "date"), because=("a" * 200, "b")),),
        )
    )
    assert max(cell_len(line) for line in table(made, width).splitlines()) <= width
    assert max(cell_len(line) for line in explanation(width).splitlines()) <= width


def test_a_file_is_written_as_wide_as_columns_says_and_without_colour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    assert table(varied()) == table(varied(), 60)
    monkeypatch.delenv("COLUMNS")
    assert table(varied()) == table(varied(), 100)
    assert "\x1b" not in table(varied())


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def on_terminal(made: Report) -> str:
    stream = Terminal()
    write_table(made, stream, width=100)
    return stream.getvalue()


def test_a_terminal_gets_colour_beside_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = on_terminal(varied())
    assert "\x1b[" in text
    assert "critical 85.0" in text


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")
    for code in ("\x1b[31", "\x1b[1;31", "\x1b[33", "41m"):
        assert code not in on_terminal(varied())


def test_alerts_come_first_with_action_score_band_order_and_place() -> None:
    lines = [line for line in table(varied()).splitlines() if line[:1].isdigit()]
    assert lines[1] == "1.  ESCALATE   STOP   order O-99   orders.csv:2"
    assert lines[2] == "2.  HOLD, ESCALATE   critical 85.0   order O-101   orders.csv:2"
    assert lines[3] == "3.  ASK   medium 37.2   order O-110   orders.csv:5,6,9"


def test_flags_stand_by_share_and_those_without_a_share_beside_them() -> None:
    text = table(varied())
    order = ["Telephone retailer orders", "The payer is neither", "also       Goods at odds"]
    assert sorted(order, key=text.index) == order


def test_the_summary_adds_up_and_names_what_was_set_aside() -> None:
    text = table(varied())
    assert "read 40 = assessed 38 + set aside 2" in text
    assert "orders.csv:17 the row has 12 cells, the header has 14" in text
    assert "1 given but not understood" in text
    assert "50 of 52 rules" in text
    assert "end_user_name (2 rules)" in text
    assert "car-2020/one" in text


def test_missing_facts_are_grouped_by_what_would_settle_them() -> None:
    text = table(varied())
    assert "2 orders   state the unit (column unit): 6 has no unit" in text
    assert "could lift orders O-110, O-111 to high" in text
    assert "could lift order O-111 to critical" in text
    assert "the date" not in text


def test_a_group_that_asks_for_more_facts_and_lifts_no_higher_is_left_out() -> None:
    simple = incomplete(needs=("unit",))
    wider = incomplete(needs=("unit", "date"), because=("6 has no unit", "not stated"))
    assert "the date" not in table(report(assessment(incomplete=(wider, simple))))
    higher = incomplete(needs=("unit", "date"), because=("", ""), would_add=2737)
    made = report(assessment(bits=0, flags=(), incomplete=(higher, simple)))
    assert "state the unit and the date of the order" in table(made)


def test_a_column_that_the_file_has_not_is_said_to_be_missing() -> None:
    gap = incomplete(
        needs=("end_user.name",),
        because=("the end user's name: the input has no such field",),
    )
    text = table(report(assessment(incomplete=(gap,))))
    assert "state the end user's name (column end_user_name, not in the file)" in text


def test_alerts_left_out_by_the_score_are_counted() -> None:
    assert "2 alerts with a score below 0 not shown" in table(report(assessment(), alerts=3))


def test_with_no_alert_the_words_promise_nothing() -> None:
    text = table(report()).lower()
    assert "no rule matched" in text
    assert "no alert says only that no rule matched what the file states" in " ".join(text.split())
    for word in FORBIDDEN:
        assert word not in text.replace("white", "")


@given(st.text(alphabet=st.characters(), max_size=30))
def test_nothing_in_the_input_steers_the_terminal(text: str) -> None:
    made = report(
        assessment(
            order_id=text, parties=text, goods=text, flags=(flag(title=text, sentence=text),)
        )
    )
    out = table(made)
    out.encode("utf-8")
    assert all(letter.isprintable() or letter == "\n" for letter in out)


@pytest.mark.parametrize("text", ["[red]x[/red]", "[/]", "[link=http://x]y[/link]", ":smile:"])
def test_markup_in_the_input_is_text(text: str) -> None:
    assert text in table(report(assessment(order_id=text)))


def test_the_explanation_shows_how_the_score_comes_about() -> None:
    text = explanation()
    assert "+2.737" in text
    assert "= 2.737" in text
    assert "13228 lb = 6000.12 kg" in text
    assert "What will Shop X do with 6000.12 kg of paste?" in text
    assert "tip him off" in text


def write_golden_files() -> None:
    """Write the golden files anew: python -m tests.test_writers_table, then read the difference."""
    GOLDEN.mkdir(exist_ok=True)
    for width in (80, 100, 120):
        (GOLDEN / f"table-{width}.txt").write_text(table(varied(), width), encoding="utf-8")
    for width in (80, 100):
        (GOLDEN / f"explanation-{width}.txt").write_text(explanation(width), encoding="utf-8")


if __name__ == "__main__":
    write_golden_files()
