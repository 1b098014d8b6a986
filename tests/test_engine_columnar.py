"""The columnar engine says what the judge says, line by line, in any batches."""

from __future__ import annotations

import datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags.engine import columnar, comparisons, groups, numberings
from redflags.engine.columnar import ColumnarEngine
from redflags.engine.judge import Judge, Verdicts
from redflags.model.record import record_of_texts
from redflags.model.validity import expire
from redflags.rulebook import parse_rules
from redflags.rulebook.tree import RuleBook
from tests.strategies import TEXTS, blocks, book_of

AS_OF = datetime.date(2016, 1, 1)


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, str]]:
    """Lines with the same columns."""
    columns = draw(st.lists(st.sampled_from(sorted(TEXTS)), unique=True, min_size=1, max_size=12))
    count = draw(st.integers(1, 12))
    return [{name: draw(st.sampled_from(TEXTS[name])) for name in columns} for _ in range(count)]


def by_judge(
    book: RuleBook, rows: list[dict[str, str]], lists_as_of: datetime.date | None = None
) -> dict[int, Verdicts]:
    judge = Judge(book, lists_as_of)
    found = {}
    for number, row in enumerate(rows):
        record = record_of_texts(row.items())
        expire(record, AS_OF)
        found[number] = judge.verdicts(record)
    return {number: one for number, one in found.items() if one}


def by_columns(
    book: RuleBook,
    rows: list[dict[str, str]],
    size: int,
    lists_as_of: datetime.date | None = None,
    always_cheap: int = 64,
) -> dict[int, Verdicts]:
    engine = ColumnarEngine(book, lists_as_of, as_of=AS_OF, always_cheap=always_cheap)
    found = {}
    for start in range(0, len(rows), size):
        frame = pl.DataFrame(rows[start : start + size], schema=dict.fromkeys(rows[0], pl.String))
        found.update({start + row: one for row, _, one in engine.verdicts(frame)})
    return found


@settings(max_examples=200, deadline=None)
@given(
    st.lists(blocks, min_size=1, max_size=4),
    tables(),
    st.integers(1, 12),
    st.sampled_from([0, 1, 2, 64]),
)
def test_the_verdicts_are_the_judge_s(
    whens: list[dict[str, Any]], rows: list[dict[str, str]], size: int, always_cheap: int
) -> None:
    book = book_of(*whens)
    assert by_columns(book, rows, size, None, always_cheap) == by_judge(book, rows)


@settings(max_examples=50, deadline=None)
@given(st.lists(blocks, min_size=1, max_size=3), tables())
def test_dated_lists_are_read_as_of_the_same_day(
    whens: list[dict[str, Any]], rows: list[dict[str, str]]
) -> None:
    book, day = book_of(*whens), datetime.date(2025, 1, 1)
    assert by_columns(book, rows, 5, day) == by_judge(book, rows, day)


def test_lines_whose_goods_concern_no_rule_are_finished_at_once() -> None:
    book = book_of({"product.family": "urea", "buyer.fit": "incompatible"})
    rows = [{"product": "office chairs", "buyer.business": "Quux and partners"}] * 4
    assert by_columns(book, rows, 4) == {}


DATED = """
lists:
  named: {reference: transshipment-hubs}
rules:
  - id: one
    title: One
    severity: low
    fact: place
    when: {buyer.country: {in_list: named}}
"""


def test_a_column_of_many_texts_that_finishes_most_lines_spares_the_dear_ones() -> None:
    book = book_of(
        {"buyer.name": {"mentions": ["drone"]}, "hs_code": {"under": ["8806"]}},
        {"hs_code": {"under": ["8806"]}, "consignee.name": {"differs_from": "buyer.name"}},
    )
    count = 6_000
    rows = {
        "buyer.name": [f"Example {number} Ltd" for number in range(count)],
        "consignee.name": [f"Sample {number} Ltd" for number in range(count)],
        "hs_code": [f"{94000000 + number}" for number in range(count - 1)] + ["88062210"],
    }
    engine = ColumnarEngine(book, always_cheap=count)
    found = engine.open_lines(pl.DataFrame(rows))
    assert found.places.to_list() == [count - 1]
    assert engine._numberings.of_column("hs_code").count > count - 100
    assert engine._numberings.of_column("buyer.name").count < 1_000


def test_a_value_that_is_in_no_list_is_decided_however_many_dates_there_are() -> None:
    book = parse_rules(DATED)
    first = datetime.date(2022, 6, 1)
    rows = [
        {
            "date": (first + datetime.timedelta(days=number)).isoformat(),
            "buyer.country": "TR" if number % 4 == 0 else "FR",
        }
        for number in range(100)
    ]
    engine = ColumnarEngine(book, always_cheap=4)
    found = engine.open_lines(pl.DataFrame(rows))
    expected = by_judge(book, rows)
    assert found.places.to_list() == list(expected)
    assert found.to_ask().is_empty()
    assert set(expected) < set(range(0, 100, 4))
    assert by_columns(book, rows, 100, None, 4) == expected


def test_however_many_texts_a_rule_depends_on_no_line_is_left_to_the_judge() -> None:
    book = book_of({"buyer.city": "Berlin", "end_user.stated": "not_stated"})
    rows = [{"buyer.city": "Berlin", "end_user.name": f"Firm {one}"} for one in range(300)]
    rows[7]["end_user.name"] = ""
    found = ColumnarEngine(book, always_cheap=0).open_lines(pl.DataFrame(rows))
    assert found.places.to_list() == list(by_judge(book, rows)) == [7]
    assert found.to_ask().is_empty()


def test_all_batches_have_the_same_columns() -> None:
    engine = ColumnarEngine(book_of({"product.family": "urea"}))
    list(engine.verdicts(pl.DataFrame({"product": ["urea"]})))
    with pytest.raises(ValueError, match="the same columns"):
        list(engine.verdicts(pl.DataFrame({"product": ["urea"], "quantity": ["1 kg"]})))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(blocks, min_size=1, max_size=4),
    tables(),
    st.integers(1, 5),
    st.sampled_from([0, 64]),
    st.booleans(),
)
def test_what_is_remembered_between_batches_changes_nothing(
    whens: list[dict[str, Any]],
    rows: list[dict[str, str]],
    size: int,
    always_cheap: int,
    is_numbered: bool,
) -> None:
    """Twice through the same engine, which forgets after every text, and with the texts of a
    batch numbered beforehand."""
    book = book_of(*whens)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numberings, "MOST_REMEMBERED", 1)
        patch.setattr(comparisons, "MOST_REMEMBERED", 1)
        patch.setattr(groups, "MOST_OUTCOMES", 2)
        patch.setattr(columnar, "MOST_KINDS", 2)
        engine = ColumnarEngine(book, as_of=AS_OF, always_cheap=always_cheap)
        schema = dict.fromkeys(rows[0], pl.String)
        frames = [
            pl.DataFrame(rows[start : start + size], schema=schema)
            for start in range(0, len(rows), size)
        ]
        judged = by_judge(book, rows)
        judge = Judge(book)
        batches = [engine.number(frame) for frame in frames] if is_numbered else frames
        for _ in range(2):
            found: dict[int, Verdicts] = {}
            for number, batch in enumerate(batches):
                opened = engine.open_lines(batch)
                for place, standing in zip(opened.places, opened.standings, strict=True):
                    record = record_of_texts(rows[number * size + place].items())
                    expire(record, AS_OF)
                    found[number * size + place] = judge.verdicts(record, standing)
            assert {number: one for number, one in found.items() if one} == judged


WIDE = """
rules:
  - id: one
    title: One
    severity: low
    fact: place
    when:
      any:
        - all:
            - consignee.name: {differs_from: buyer.name}
            - quantity.scale: bulk
            - buyer.fit: incompatible
        - destinations: [TR]
"""


@pytest.mark.parametrize("always_cheap", [0, 1, 3, 64])
@pytest.mark.parametrize("table", [0, 1 << 18])
def test_many_columns_with_many_texts_are_judged_right(
    always_cheap: int, table: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numberings, "LARGEST_TABLE", table)
    book = parse_rules(WIDE)
    rows = [
        {
            "product": ("urea", "aluminium paste", "office chair")[number % 3],
            "quantity": str(100 * number + number % 7),
            "unit": ("kg", "t", "drums", "?")[number % 4],
            "buyer.name": f"Example {number % 5}",
            "buyer.business": ("mobile phone shop", "paint manufacturer", "")[number % 3],
            "buyer.country": ("DE", "TR", "FR", "")[number % 4],
            "consignee.name": f"Example {number % 3}",
            "consignee.country": ("", "TR", "PL", "FR", "DE")[number % 5],
        }
        for number in range(60)
    ]
    assert by_columns(book, rows, 20, None, always_cheap) == by_judge(book, rows)


def test_a_batch_without_lines_is_no_trouble() -> None:
    engine = ColumnarEngine(book_of({"product.family": "urea"}, {"quantity": {"at_least": "1 kg"}}))
    empty = pl.DataFrame(schema={"product": pl.String, "quantity": pl.String, "unit": pl.String})
    for _ in range(2):
        found = engine.open_lines(empty)
        assert found.places.to_list() == []
        assert found.standings == []
        assert found.to_ask().to_list() == []


LIMITED = {
    "product": ["nitric acid", "nitric acid 2 %", "nitric acid 68 %", "nitric acid 3 % or 60 %",
                "nitric acid > 12 %", "hydrogen peroxide 35 %", "ammonium nitrate 27 % N",
                "ammonium nitrate 34 %", "cotton 100 %", "acetone", "n/a", "99 %", ""],
    "cas": ["7697-37-2", "7722-84-1", "6484-52-2", "67-64-1", "", "see below"],
    "concentration": ["", "2 %", "65 % w/w", "27 % N", "unknown"],
    "product.family": ["", "oxidising-acids", "nonsense"],
    "buyer.business": ["", "mobile phone shop", "private individual"],
}  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(sorted(LIMITED)), unique=True, min_size=1).flatmap(
        lambda names: st.lists(
            st.fixed_dictionaries({name: st.sampled_from(LIMITED[name]) for name in names}),
            min_size=1,
            max_size=30,
        )
    ),
    st.sampled_from([0, 64]),
)
def test_limits_for_substances_are_known_by_the_kind_of_the_goods(
    rows: list[dict[str, str]], always_cheap: int
) -> None:
    whens: list[dict[str, Any]] = [
        {"product.limit": "above"},
        {"product.limit": {"in": ["not_above", "not_listed"]}, "buyer.business": {"known": "yes"}},
        {"product.exempt": "no", "product.limit": {"known": "yes"}},
        {"product": {"mentions": "acid"}, "product.limit": {"is_not": "above"}},
    ]
    book = book_of(*whens)
    assert by_columns(book, rows, 30, None, always_cheap) == by_judge(book, rows)
