"""``redflags backtest``: exit codes, formats, and texts from outside that stay texts."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.browser import NoBrowserError, browser
from tests.commands import redflags

GOLDEN = Path(__file__).parent / "golden"
RULES = """\
rules:
  - id: watched-in-bulk
    title: Watched goods in bulk
    severity: high
    fact: trade
    when: {product.family: [sorbitol, urea], quantity: {at_least: 1 t}}
  - id: cash
    title: Paid for in cash
    severity: low
    fact: payment
    when: {payment.method: cash}
"""
ORDERS = """\
order_id,product,quantity,payment_method
A-1,urea,2 t,cash
A-2,urea,3 t,
A-3,sorbitol,2 t,
A-4,paper,2 t,cash
A-5,paper,1 t,
A-6,paper,1 t,cash
"""
LABELS = """\
order_id,label
A-1,of concern
A-2,of concern
A-3,honest
A-4,honest
A-5,
A-9,of concern
"""
FILES = {"rules.yaml": RULES, "orders.csv": ORDERS, "labels.csv": LABELS}
TRY = ("backtest", "--data", "orders.csv", "--labels", "labels.csv", "-r", "rules.yaml",
       "--only-rules")  # fmt: skip


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ((), 0),
        (("-f", "json"), 0),
        (("-f", "md"), 0),
        (("-f", "svg"), 0),
        (("--fail-on", "high"), 0),
        (("-f", "pdf"), 2),
        (("-o", "out.pdf"), 2),
        (("-o", "labels.csv", "-f", "json"), 2),
        (("-o", "orders.csv", "-f", "json"), 2),
        (("--labels", "orders.csv"), 3),
        (("--labels", "no-such.csv"), 3),
        (("--data", "no-such.csv"), 3),
        (("--data", "-", "--labels", "-"), 2),
        (("--fail-on", "none"), 2),
        (("-r", "no-such.yaml"), 2),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_exit_codes(more: tuple[str, ...], code: int) -> None:
    finished = redflags(*TRY, *more, files=FILES)
    assert finished.code == code
    assert bool(finished.stdout) == (code == 0)
    assert "defect" not in finished.stderr


def test_labels_from_standard_input() -> None:
    finished = redflags(
        "backtest", "--data", "orders.csv", "--labels", "-", "-r", "rules.yaml", "--only-rules",
        "-f", "json", given=LABELS, files={"rules.yaml": RULES, "orders.csv": ORDERS},
    )  # fmt: skip
    assert json.loads(finished.stdout)["orders"]["concern"] == 2


@pytest.mark.parametrize(("name", "ending"), [("table", "txt"), ("markdown", "md")])
def test_the_text_is_as_the_golden_file(name: str, ending: str) -> None:
    expected = (GOLDEN / f"backtest.{ending}").read_text(encoding="utf-8")
    assert written(name) == expected


def written(name: str) -> str:
    """What is written, with what stands on standard error below it."""
    finished = redflags(*TRY, "-f", name, files=FILES)
    return finished.stdout + finished.stderr


def test_a_narrow_terminal_has_each_figure_on_a_line() -> None:
    finished = redflags(*TRY, files=FILES, variables={"COLUMNS": "50"})
    assert max(map(len, finished.stdout.splitlines())) <= 50
    assert "False alarms  2: 100 % (34–100)" in finished.stdout


def test_json_has_every_figure() -> None:
    plain = json.loads(redflags(*TRY, "-f", "json", files=FILES).stdout)
    assert plain["orders"] == {"concern": 2, "honest": 2, "unlabelled": 2, "all": 6}
    assert (plain["not_in_data"], plain["undecided"]) == (["A-9"], 1)
    at_low = plain["at_line"]["low"]
    assert at_low["flagged"] == {"concern": 2, "honest": 2, "unlabelled": 1, "all": 5}
    assert at_low["recall"]["value"] == 1.0
    assert at_low["precision"]["value"] == 0.5
    rules = {one["rule"]: one for one in plain["rules"]}
    assert rules["rules/watched-in-bulk"]["alone"]["concern"] == 1
    assert rules["rules/watched-in-bulk"]["needed"]["concern"] == 2
    assert rules["rules/cash"]["alone"] == {"concern": 0, "honest": 1, "unlabelled": 1, "all": 2}
    assert len(plain["at_score"]) == 101
    assert plain["proposal"] is None


@pytest.mark.parametrize("name", ["html", "svg", "json", "md", "txt"])
def test_the_suffix_of_the_file_names_the_format(name: str, tmp_path: Path) -> None:
    place = tmp_path / f"out.{name}"
    finished = redflags(*TRY, "-o", str(place), files=FILES)
    assert (finished.code, finished.stdout) == (0, "")
    assert f"written to {place}" in finished.stderr
    text = place.read_text(encoding="utf-8")
    assert text.startswith(
        {"html": "<!DOCTYPE", "svg": "<svg", "json": "{", "md": "#", "txt": "B"}[name]
    )


def test_the_picture_is_well_formed_and_loads_nothing() -> None:
    text = redflags(*TRY, "-f", "svg", files=FILES).stdout
    root = ElementTree.fromstring(text)
    kinds = [one.tag.rpartition("}")[2] for one in root.iter()]
    assert kinds.count("polyline") >= 6
    assert kinds.count("polygon") >= 2
    assert set(re.findall(r"https?://[^\"' )<]+", text)) == {"http://www.w3.org/2000/svg"}


def test_there_is_no_curve_where_there_is_nothing_to_draw() -> None:
    files = FILES | {"labels.csv": "order_id,label\n"}
    text = redflags(*TRY, "-f", "svg", files=files).stdout
    assert 'polygon class="recall"' not in text
    assert 'polyline class="load"' in text


def test_texts_from_outside_stay_texts() -> None:
    evil = "<script>alert(1)</script>|\x1b[31m"
    files = {
        "rules.yaml": RULES.replace("title: Paid", 'title: "<script>x</script> | \\e[0m Paid'
                                    ).replace("in cash", 'in cash"'),
        "orders.csv": ORDERS.replace("A-1", evil),
        "labels.csv": LABELS.replace("A-9", evil + "x").replace("A-1", evil),
    }  # fmt: skip
    for name in ("table", "markdown", "html", "svg", "json"):
        finished = redflags(*TRY, "-f", name, files=files)
        assert finished.code == 0
        assert "\x1b" not in finished.stdout
        assert name in ("table", "json") or "<script>" not in finished.stdout


def test_a_browser_shows_the_page_and_finds_nothing_wrong(tmp_path: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    place = tmp_path / "out.html"
    redflags(*TRY, "-o", str(place), files=FILES)
    problems: list[str] = []
    with ExitStack() as stack:
        try:
            opened = stack.enter_context(browser())
        except NoBrowserError as error:
            pytest.skip(str(error))
        page = opened.new_page(viewport={"width": 390, "height": 800})
        page.on("console", lambda message: problems.append(message.text))
        page.on("request", lambda request: problems.append(request.url))
        page.goto(place.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert [one["id"] for one in axe.run(page).response["violations"]] == []
    assert problems == [place.as_uri()]


def write_golden_files() -> None:
    """Write the golden files anew: python -m tests.test_cli_backtest, then read the difference."""
    for name, ending in (("table", "txt"), ("markdown", "md")):
        (GOLDEN / f"backtest.{ending}").write_text(written(name), encoding="utf-8")


if __name__ == "__main__":
    write_golden_files()
