"""The page of a report without a browser: its data, its plots, and what it leaves out."""

from __future__ import annotations

import base64
import gzip
import io
import json
import random
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.model.results import Participant
from redflags.writers import write_report
from redflags.writers.html import elements, packing, plots
from redflags.writers.html.elements import Markup, element
from redflags.writers.html.packing import Alerts, loaded
from redflags.writers.html.pictures import flow
from tests.handmade_reports import assessment, condition, flag, report, varied


def page(made: Any) -> str:
    stream = io.StringIO()
    write_report(made, "html", stream)
    return stream.getvalue()


def block(text: str, name: str) -> str:
    [found] = re.findall(rf'<script type="[^"]*" id="data-{name}">(.*?)</script>', text, re.DOTALL)
    return str(found)


def test_the_page_says_what_a_score_and_a_place_are_not() -> None:
    for made in (varied(), report()):
        told = page(made)
        assert "it is no probability" in told
        assert "A place says nothing about the people who live there" in told
        assert "clear" not in re.sub(r"<style>.*?</style>", "", told, flags=re.DOTALL)


def test_an_element_escapes_what_it_holds_and_takes_no_handler() -> None:
    made = element("p", "<b>&", Markup("<i>x</i>"), None, ["a", ["b"]], title="\"'<", hidden=True)
    assert made == '<p title="&quot;&#x27;&lt;" hidden>&lt;b&gt;&amp;<i>x</i>ab</p>'
    with pytest.raises(ValueError, match="no attribute"):
        element("p", onclick="x")
    with pytest.raises(ValueError, match="no element"):
        element("p onclick=x")


@given(st.text(max_size=50))
def test_any_text_in_an_element_comes_back_as_text(text: str) -> None:
    from html.parser import HTMLParser

    told: list[str] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            told.append(data)

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag == "p"

    reader = Reader()
    reader.feed(element("p", text))
    reader.close()
    assert "".join(told) == packing.clean(text)


def test_few_alerts_stand_in_the_page_as_plain_data_and_many_are_packed() -> None:
    one = json.loads(assessment().model_dump_json())
    few, many = Alerts(), Alerts()
    for _ in range(3):
        few.add(loaded(json.dumps(one).encode()))
    for _ in range(packing.MOST_PLAIN + 1):
        many.add(loaded(json.dumps(one).encode()))
    plain = json.loads(block("".join(few.blocks()), "evidence-0"))
    assert len(plain) == 3
    packed = gzip.decompress(base64.b64decode(block("".join(many.blocks()), "evidence-0")))
    assert json.loads(packed)[0] == plain[0]
    assert len("".join(many.blocks())) < 250 * len(many.rows)


def test_what_later_versions_say_of_an_alert_reaches_the_page() -> None:
    one = json.loads(assessment().model_dump_json())
    one["what_if"] = {"line": "medium", "counterfactuals": [], "worth_asking": []}
    one["flags"][0]["window"] = {"orders": ["O-1"]}
    one["flags"][0]["conditions"][0]["newer"] = "kept"
    alerts = Alerts()
    alerts.add(one)
    [found] = json.loads(block("".join(alerts.blocks()), "evidence-0"))
    assert found["what_if"]["line"] == "medium"
    assert found["flags"][0]["window"] == {"orders": ["O-1"]}
    assert found["conditions"][0][-1] == {"newer": "kept"}


def test_conditions_that_flags_share_stand_once() -> None:
    shared = condition()
    flags = (flag(conditions=(shared,)), flag(rule="site/other", conditions=(shared, condition())))
    alerts = Alerts()
    alerts.add(json.loads(assessment(flags=flags).model_dump_json()))
    [found] = json.loads(block("".join(alerts.blocks()), "evidence-0"))
    assert len(found["conditions"]) == 1
    assert [one["conditions"] for one in found["flags"]] == [[0], [0, 0]]


def test_beyond_the_most_listed_the_page_says_how_many_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(packing, "MOST_LISTED", 2)
    told = page(report(*(assessment(order_id=f"O-{number}") for number in range(5))))
    assert "The 2 most urgent are listed" in told
    assert "3 more are in the JSON, CSV and workbook of the same check" in told
    assert told.count('"order":["O-0","O-1"]') == 1


def test_a_page_of_long_alerts_ends_before_it_is_too_large() -> None:
    """Texts that no packing makes short, of which a page can hold fewer."""
    letters = random.Random(7)
    many = [
        assessment(
            order_id=f"O-{number}",
            flags=tuple(
                flag(rule=f"p/{one}", conditions=(), sentence=letters.randbytes(4_000).hex())
                for one in range(4)
            ),
        )
        for number in range(900)
    ]
    told = page(report(*many))
    assert 8_000_000 < len(told) < 15_000_000
    assert re.search(r"The [0-9]+ most urgent are listed", told)


def test_long_evidence_of_few_alerts_is_packed() -> None:
    long = flag(conditions=(), sentence="x" * 40_000)
    made = report(*(assessment(order_id=f"O-{n}", flags=(long,)) for n in range(100)))
    assert '"packed":true' in page(made)


def test_months_between_are_shown_and_many_become_years() -> None:
    few = plots.by_month([("2026-01-31", "high"), ("2026-04-01", "low"), ("", "low")])
    for month in ("2026-01", "2026-02", "2026-03", "2026-04"):
        assert month in few
    assert "1 without a date" in few
    many = plots.by_month((f"{2000 + n // 12}-{n % 12 + 1:02}-01", "low") for n in range(60))
    assert "by year of the order" in many
    assert "2003-05" not in many


def test_time_that_no_alert_falls_in_keeps_its_place() -> None:
    told = plots.by_month([("2015-03-02", "high"), ("2024-03-05", "low")])
    assert "by year of the order" in told
    assert all(f">{year}<" in told for year in range(2015, 2025))
    far = plots.by_month([("1901-01-01", "high"), ("2099-12-31", "low")])
    assert far.count("<rect") < 20


def test_one_bar_more_is_drawn_and_not_counted() -> None:
    bars = [plots.Bar(f"rule {number}", 1) for number in range(plots.MOST_BARS + 2)]
    assert "more" not in plots.bars("Rules", "", bars[:-1])
    assert "rule 12" in plots.bars("Rules", "", bars[:-1])
    assert "and 2 more" in plots.bars("Rules", "", bars)


def test_names_of_places_side_by_side_leave_each_other_room() -> None:
    long = "Democratic Republic of the Congo"
    told = plots.flows([("Kenya", long, long)], ("a", "b", "c"))
    assert told is not None
    assert told.count(f"<title>{long} 1</title>") == 2
    assert "Democratic Republ… 1" in told
    short = plots.flows([("Kenya", long, "Iraq")], ("a", "b", "c"))
    assert short is not None
    assert f">{long} 1</text>" in short


@given(st.integers(min_value=1, max_value=10**9))
def test_an_axis_has_few_whole_marks(most: int) -> None:
    marks = plots._ticks(most)
    assert marks[0] == 0
    assert marks[-1] <= most
    assert 1 <= len(marks) <= 6
    assert len({second - first for first, second in pairwise(marks)}) <= 1


def test_the_flow_marks_each_border_and_keeps_those_who_pay_apart() -> None:
    def party(role: str, country: str) -> Participant:
        return Participant(role=role, name=f"Example {role}", country=country)

    told = flow(
        [party("buyer", "GB"), party("consignee", "TR"), party("payer", "AE")], destination="IQ"
    )
    assert told is not None
    assert told.count("over a border") == 2
    assert told.index("Example consignee") < told.index("Iraq") < told.index("Example payer")
    assert flow([], "IQ") is None


def test_flows_merge_the_rare_into_others() -> None:
    routes = [(f"land {number}", "x", "y") for number in range(30)]
    told = plots.flows(routes, ("a", "b", "c"))
    assert told is not None
    assert "others 22" in told
    assert plots.flows([("–", "–", "–")], ("a", "b", "c")) is None


def test_the_parties_of_an_order_are_read_from_the_left() -> None:
    told = str(elements.framed("مثال, to Example <b>"))
    assert told == '<bdi dir="ltr">مثال, to Example &lt;b&gt;</bdi>'
    for asset in ("list.js", "detail.js"):
        assert "framed(row.parties" in elements.asset(asset)
