"""Bounds on plain numbers, settled for whole columns, are the judge's verdicts on every line."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags.engine import reads
from redflags.engine.columnar import ColumnarEngine
from redflags.engine.judge import Judge, Standing
from redflags.engine.plain_amounts import hundredths, turn_of
from redflags.model.notation import Notation
from redflags.model.record import record_of_texts
from redflags.rulebook.tree import Test
from tests.strategies import book_of

BOUNDS = [
    {"quantity": {"at_least": "100 kg"}},
    {"quantity": {"more_than": "100 kg"}},
    {"quantity": {"less_than": "0.5 t"}},
    {"quantity": {"at_most": "100 l"}},
    {"quantity": {"between": ["1 kg", "7 t"]}},
    {"quantity": {"more_than": "10 pieces"}},
    {"quantity": {"more_than": {"table": "lots"}}},
    {"value": {"at_least": "10000 USD"}},
    {"value": {"between": ["9000 USD", "9999.99 USD"]}},
    {"none": [{"value": {"less_than": "1 EUR"}}]},
    {"quantity.scale": "bulk"},
    {"quantity.scale": "trade"},
    {"quantity.scale": {"in": ["retail"]}},
    {"quantity.scale": {"in": ["retail", "bulk"]}},
    {"quantity.scale": {"in": ["trade", "bulk"]}},
]
TRADES = ["mobile phone shop", "paint manufacturer", "Quux and partners", ""]
UNITS = ["kg", "t", "lb", "g", "mg", "µg", "l", "pcs", "drums", "drums of 25 kg", "345 kg", "", "?"]
UNITS += ["IBC", "pallets", "sacks", "dozen"]
PRODUCTS = [
    "office chairs",
    "hydrogen peroxide 50 %",
    "aluminium paste",
    "urea",
    "mobile phone",
    "",
]
PRODUCTS += ["aluminium paste 25 kg pail", "aluminium paste 25 kg", "hydrogen peroxide Fass 200 l"]
ODD = [
    "46.775",
    "1,000",
    "1.000",
    "1.234,5",
    "1,234.50",
    "12,345,678",
    "1.23,4",
    "0,5",
    "0,50",
    "12,",
    "0",
    "0.00",
    "-5",
    "007",
    "6 t",
    "1e3",
    "nan",
    "",
    "9" * 30,
    "1.5.2",
]

amounts = st.one_of(
    st.decimals(min_value=0, max_value=2_000_000_000, places=2).map(str),
    st.integers(0, 10**10).map(str),
    st.sampled_from(["100", "100.00", "99.99", "100.01", "220.46", "220.47", "0.01", "9999.99"]),
    st.sampled_from(ODD),
)
amounts = st.builds(
    lambda text, mark: text.replace(".", mark, 1), amounts, st.sampled_from([".", ","])
)
lines = st.fixed_dictionaries(
    {
        "product": st.sampled_from(PRODUCTS),
        "buyer.business": st.sampled_from(TRADES),
        "quantity": amounts,
        "unit": st.sampled_from(UNITS),
        "value": amounts,
        "currency": st.sampled_from(["USD", "EUR", "$", ""]),
    }
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(lines, min_size=1, max_size=15),
    st.lists(st.sampled_from(BOUNDS), min_size=1, max_size=3),
    st.sampled_from([None, ".", ","]),
    st.sampled_from([(0, 0), (0, 1), (1, 2), (64, 3)]),
    st.sampled_from([(), ("unit",), ("currency",), ("unit", "currency", "product")]),
)
def test_a_bound_on_a_plain_number_is_the_judge_s(
    rows: list[dict[str, str]],
    whens: list[dict[str, object]],
    decimal: str | None,
    cheap: tuple[int, int],
    missing: tuple[str, ...],
) -> None:
    rows = [{path: row[path] for path in row if path not in missing} for row in rows]
    notation = Notation(decimal=decimal)
    book = book_of(*whens)
    judge = Judge(book)
    always, to_a_turn = cheap
    engine = ColumnarEngine(book, notation=notation, always_cheap=always, lines_to_a_turn=to_a_turn)
    engine.open_lines(
        pl.DataFrame(rows[: len(rows) // 2], schema=dict.fromkeys(rows[0], pl.String))
    )
    found = engine.open_lines(pl.DataFrame(rows))
    standing = dict(zip(found.places.to_list(), found.standings, strict=True))
    for place, row in enumerate(rows):
        record = record_of_texts(row.items(), notation)
        known = standing.get(place, Standing())
        assert judge.verdicts(record, known) == judge.verdicts(record), row


@given(
    st.integers(1, 10**12),
    st.integers(1, 10**6),
    st.lists(st.tuples(st.integers(0, 10**13), st.integers(0, 10**13)), max_size=3),
)
def test_a_turn_is_the_same_wherever_it_is_looked_for_first(
    bound: int, hundredth: int, others: list[tuple[int, int]]
) -> None:
    test = the_test_of({"quantity": {"at_least": "100 kg"}})
    asked = []

    def ask(test: Test, amount: str) -> tuple[bool | None, int | None]:
        asked.append(amount)
        base = int(amount.replace(".", "")) * hundredth
        return base >= bound, base

    alone = turn_of(test, "kg", ask)
    assert turn_of(test, "kg", ask, others) == alone
    assert alone is not None
    if alone.between is not None:
        del asked[:]
        assert turn_of(test, "kg", ask, [alone.between]) == alone
        assert len(asked) <= 5


def the_test_of(when: dict[str, object]) -> Test:
    (rule,) = book_of(when).rules
    (test,) = reads.tests_of(rule.when)
    return test


def test_bounds_that_ask_the_same_are_judged_once() -> None:
    bulk = {"quantity.scale": "bulk"}
    book = book_of(bulk, {**bulk, "buyer.country": "TR"}, {**bulk, "buyer.country": "DE"})
    tests = [test for rule in book.rules for test in reads.tests_of(rule.when)]
    assert [len(alike) for alike in Judge(book).alike(tests)] == [3, 1, 1]
    engine = ColumnarEngine(book, always_cheap=0, lines_to_a_turn=0)
    frame = pl.DataFrame(
        {
            "product": ["urea"] * 4,
            "quantity": ["1", "9000", "9000", "9000"],
            "unit": ["kg"] * 4,
            "buyer.country": ["DE", "DE", "TR", ""],
        }
    )
    found = engine.open_lines(frame)
    told = zip(found.places.to_list(), found.standings, strict=True)
    assert {place: (one.true, one.unknown) for place, one in told} == {
        1: ((0, 2), ()),
        2: ((0, 1), ()),
        3: ((0,), (1, 2)),
    }


def test_lines_with_plain_amounts_are_settled_without_the_judge() -> None:
    engine = ColumnarEngine(
        book_of({"quantity": {"at_least": "100 kg"}}), always_cheap=0, lines_to_a_turn=0
    )
    frame = pl.DataFrame({"quantity": ["99.99", "100", "100.01", "0.1"], "unit": ["kg"] * 4})
    found = engine.open_lines(frame)
    assert found.places.to_list() == [1, 2]
    assert found.standings == [Standing(true=(0,))] * 2


@pytest.mark.parametrize(
    ("decimal", "written"),
    [(None, ["99,99", "100,0", "100.01", "0,1"]), (",", ["99,99", "100", "1.100,01", "0,1"]),
     (".", ["99.99", "100", "1,100.01", "0.1"])],
)  # fmt: skip
def test_plain_amounts_with_either_decimal_mark_are_settled_without_the_judge(
    decimal: str | None, written: list[str]
) -> None:
    book = book_of({"quantity": {"at_least": "100 kg"}})
    notation = Notation(decimal=decimal)
    engine = ColumnarEngine(book, notation=notation, always_cheap=0, lines_to_a_turn=0)
    found = engine.open_lines(pl.DataFrame({"quantity": written, "unit": ["kg"] * 4}))
    assert found.places.to_list() == [1, 2]
    assert found.standings == [Standing(true=(0,))] * 2


@pytest.mark.parametrize("beside", [{}, {"unit": [""] * 3}, {"unit": ["strange units"] * 3}])
def test_amounts_of_no_unit_are_unknown_without_asking_the_judge(
    beside: dict[str, list[str]],
) -> None:
    book = book_of({"quantity": {"at_least": "100 kg"}})
    engine = ColumnarEngine(book, always_cheap=0, lines_to_a_turn=0)
    found = engine.open_lines(pl.DataFrame({"quantity": ["1", "99.5", "7000"], **beside}))
    assert [(one.unknown, one.open) for one in found.standings] == [((0,), ())] * 3


def test_what_is_bulk_is_settled_without_the_judge() -> None:
    engine = ColumnarEngine(book_of({"quantity.scale": "trade"}), always_cheap=0, lines_to_a_turn=0)
    amounts = [str(number) for number in range(1, 2_000)]
    frame = pl.DataFrame(
        {"product": ["urea"] * len(amounts), "quantity": amounts, "unit": ["kg"] * len(amounts)}
    )
    found = engine.open_lines(frame)
    assert not found.to_ask().len()
    judge = Judge(book_of({"quantity.scale": "trade"}))
    for place in (0, 500, 1_500, 1_998):
        record = record_of_texts(
            [("product", "urea"), ("quantity", amounts[place]), ("unit", "kg")]
        )
        assert bool(judge.verdicts(record)) == (place in found.places)


def test_categorical_columns_say_what_their_texts_say() -> None:
    rows = {
        "buyer.country": ["TR", "GB", "Nowhereland", "TR"],
        "consignee.country": ["Türkiye", "TR", "TR", ""],
        "payer.country": ["NL", "GB", "TR", "TR"],
    }
    book = book_of(
        {"buyer.country": {"differs_from": "consignee.country"}},
        {"payer.country": {"same_as": ["buyer.country", "consignee.country"]}},
        {"buyer.country": {"in": ["TR"]}},
    )
    frame = pl.DataFrame(rows)
    coded = frame.select(pl.all().cast(pl.Categorical(pl.Categories.random())))
    judge = Judge(book)
    for given_frame in (frame, coded, coded[1:], frame[2:]):
        found = ColumnarEngine(book).open_lines(given_frame)
        standing = dict(zip(found.places.to_list(), found.standings, strict=True))
        for place, cells in enumerate(given_frame.iter_rows()):
            record = record_of_texts(zip(rows, cells, strict=True))
            known = standing.get(place, Standing())
            assert not known.open
            assert judge.verdicts(record, known) == judge.verdicts(record)


@pytest.mark.parametrize(
    ("decimal", "text", "expected"),
    [(None, "1", 100), (None, "0.01", 1), (None, "999999999.99", 99_999_999_999),
     (None, "12.3", 1230), (None, "12,3", 1230), (None, "0,01", 1), (None, "0", None),
     (None, "0.00", None), (None, "1.234", None), (None, "1,234", None), (None, "1\n", None),
     (None, "٣", None), (None, " 1", None), (None, "1.", None), (None, "1e2", None),
     (None, "1000000000", None), (None, "inf", None), (None, "", None), (None, "1,2.3", None),
     (",", "12,3", 1230), (",", "1.234", 123_400), (",", "1.234.567,8", 123_456_780),
     (",", "12.3", None), (",", "1234.567", None), (",", "0,5", 50), (",", "1,234", None),
     (".", "12.3", 1230), (".", "1,234", 123_400), (".", "1,234,567.8", 123_456_780),
     (".", "12,3", None), (".", "1,23", None), (".", "0,123", None)],
)  # fmt: skip
def test_only_plain_numbers_are_read_in_hundredths(
    decimal: str | None, text: str, expected: int | None
) -> None:
    assert hundredths(pl.Series([text]), decimal).to_list() == [expected]
