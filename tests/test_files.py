"""Files through the columnar engine and through the judge give the same report."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags import Screener
from redflags.errors import ConfigurationError, InputError
from redflags.intake.batches import PLAIN, PLAIN_DAY, PLAIN_NUMBERS
from redflags.model.kinds import KINDS
from redflags.model.notation import Notation
from redflags.model.record import record_of_texts
from redflags.model.report import Report
from redflags.screener import Engine

ROOT = Path(__file__).parents[1]
FILES = ("tests/cases/orders.csv", "examples/orders.csv")


def report_of(paths: Sequence[str], engine: Engine) -> dict[str, Any]:
    """A report without what names the engine, and without the digests that a small file has when
    it is read row by row."""
    report: Report = Screener(engine=engine).check_files(paths)
    told = report.model_dump(mode="json")
    del told["run"]["settings"]["engine"]
    del told["run"]["digests"]
    return told


@pytest.mark.parametrize("paths", [FILES[:1], FILES[1:], FILES], ids=["cases", "examples", "both"])
def test_the_columnar_engine_gives_the_judge_s_report(paths: Sequence[str]) -> None:
    full = [str(ROOT / path) for path in paths]
    assert report_of(full, "columnar") == report_of(full, "judge")


def made_table(rows: int, seed: int) -> str:
    """Cells of the example orders, shuffled column by column, with orders of several lines."""
    with (ROOT / FILES[0]).open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    header, body = table[0], table[1:]
    pick = random.Random(seed)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(header)
    for _ in range(rows):
        cells = [pick.choice(body)[column] for column in range(len(header))]
        cells[0] = pick.choice(("", f" A-{pick.randrange(rows)} ", f"A-{pick.randrange(rows)}"))
        writer.writerow(cells)
        if pick.random() < 0.05:
            buffer.write("a,ragged,row\n")
    return buffer.getvalue()


@pytest.mark.parametrize("seed", range(3))
def test_orders_whose_lines_are_apart_are_one_in_every_engine(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "made.csv"
    path.write_text(made_table(400, seed), encoding="utf-8")
    expected = report_of([str(path)], "judge")
    assert report_of([str(path)], "columnar") == expected
    assert expected["summary"]["set_aside"] > 0
    assert any(len(one["lines"]) > 1 for one in expected["assessments"])


def test_a_large_file_is_read_in_columns_unless_every_order_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("redflags.files.LARGE_FILE", 100)
    path = str(ROOT / FILES[0])
    used = Screener().check_files([path]).run.settings.engine
    listed = Screener().check_files([path], show_all=True).run.settings.engine
    assert (used, listed) == ("columnar", "judge")
    with pytest.raises(ConfigurationError, match="does not list"):
        Screener(engine="columnar").check_files([path], show_all=True)


def test_an_engine_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="there is no engine"):
        Screener(engine="warp")  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ["judge", "columnar"])
def test_a_file_of_which_no_row_can_be_split_is_no_input(tmp_path: Path, engine: Engine) -> None:
    path = tmp_path / "torn.csv"
    path.write_text("order_id,product\n1\n2\n", encoding="utf-8")
    with pytest.raises(InputError, match="none of the 2 rows"):
        Screener(engine=engine).check_files([str(path)])


@pytest.mark.parametrize("kind", sorted(PLAIN))
@given(data=st.data())
def test_a_plain_text_is_understood(kind: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(PLAIN[kind].pattern, re.ASCII), fullmatch=True))
    understood = KINDS[kind].parse(text)
    assert understood.is_known or understood.is_blank


@pytest.mark.parametrize("decimal", PLAIN_NUMBERS)
@given(data=st.data())
def test_a_plain_number_is_understood_before_a_unit_that_is(
    decimal: str | None, data: st.DataObject
) -> None:
    pattern = re.compile(PLAIN_NUMBERS[decimal].pattern, re.ASCII)
    text = data.draw(st.from_regex(pattern, fullmatch=True))
    cells = [("quantity", text), ("unit", "kg"), ("value", text), ("currency", "EUR")]
    record = record_of_texts(cells, Notation(decimal))
    assert record["quantity"].is_known
    assert record["value"].is_known


@given(
    st.from_regex(re.compile(PLAIN_DAY.pattern, re.ASCII), fullmatch=True),
    st.sampled_from([None, True, False]),
)
def test_a_plain_day_is_understood_whichever_comes_first(text: str, day_first: bool | None) -> None:
    assert KINDS["date"].parse(text, Notation(day_first=day_first)).is_known
