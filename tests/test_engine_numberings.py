"""Texts keep their number from batch to batch, and so do their combinations."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.engine import numberings
from redflags.engine.numberings import Numberings, Pairs, Vocabulary, few_of

numbers = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=30)


def columns(pairs: list[tuple[int, int]]) -> tuple[pl.Series, pl.Series]:
    return (
        pl.Series([left for left, _ in pairs], dtype=pl.UInt32),
        pl.Series([right for _, right in pairs], dtype=pl.UInt32),
    )


@given(st.lists(st.lists(st.text(max_size=3), max_size=8), max_size=4))
def test_a_text_has_the_same_number_in_every_batch(batches: list[list[str]]) -> None:
    vocabulary, known = Vocabulary(), {}
    for batch in batches:
        found = vocabulary.numbers(pl.Series(batch, dtype=pl.String))
        assert vocabulary.texts(found) == batch
        for text, number in zip(batch, found.to_list(), strict=True):
            assert known.setdefault(text, number) == number
            assert number < vocabulary.count
    assert len(set(known.values())) == len(known)


def test_a_cell_that_is_missing_is_blank() -> None:
    vocabulary = Vocabulary()
    found = vocabulary.numbers(pl.Series(["a", None, ""]))
    assert vocabulary.texts(found) == ["a", "", ""]


@pytest.mark.parametrize("table", [0, 64, 1 << 18])
@given(st.lists(numbers, max_size=4))
def test_a_pair_has_the_same_number_in_every_batch(
    table: int, batches: list[list[tuple[int, int]]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numberings, "LARGEST_TABLE", table)
        pairs, known = Pairs(), {}
        for batch in batches:
            found = pairs.numbers(*columns(batch), (41, 41), len(batch)).to_list()
            for pair, number in zip(batch, found, strict=True):
                assert known.setdefault(pair, number) == number
                assert pairs.pair(number) == pair
                assert 0 < number < pairs.count
        assert len(set(known.values())) == len(known)


@pytest.mark.parametrize("table", [0, 1 << 18])
def test_a_pair_keeps_its_number_while_the_table_grows(
    table: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numberings, "LARGEST_TABLE", table)
    pairs = Pairs()
    first = pairs.numbers(*columns([(0, 0), (1, 1)]), (2, 2), 9).to_list()
    pairs.numbers(*columns([(700, 3), (2, 300)]), (701, 301), 9)
    assert pairs.numbers(*columns([(0, 0), (1, 1)]), (701, 301), 9).to_list() == first


@pytest.mark.parametrize("table", [0, 1 << 18])
def test_what_stands_above_no_number_gets_none(table: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numberings, "LARGEST_TABLE", table)
    found = Pairs().numbers(*columns([(0, 5), (3, 5)]), (4, 6), 9, above=(0, -1))
    assert found.to_list() == [0, 1]


def test_too_many_that_do_not_come_back_are_not_remembered() -> None:
    once, often = pl.Series(range(10)), pl.Series([*range(10)] * 2)
    assert few_of(once, 10).to_list() == list(range(10))
    assert few_of(once, 9).to_list() == []
    assert few_of(often, 4).to_list() == [0, 1, 2, 3]


def test_a_column_that_is_forgotten_takes_its_combinations_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(numberings, "MOST_REMEMBERED", 2)
    known = Numberings()
    column, others = known.of_column("unit"), known.of_column("currency")
    both, three = (
        known.of_columns(("currency", "unit")),
        known.of_columns(("a", "currency", "unit")),
    )
    apart = known.of_columns(("a", "currency"))
    column.numbers(pl.Series(["kg", "t", "g"]))
    known.begin({})
    assert known.of_column("unit") is not column
    assert known.of_columns(("currency", "unit")) is not both
    assert known.of_columns(("a", "currency", "unit")) is not three
    assert known.of_column("currency") is others
    assert known.of_columns(("a", "currency")) is apart


def test_a_column_with_numbers_of_its_own_is_not_numbered_again() -> None:
    known = Numberings()
    known.of_column("unit").numbers(pl.Series(["t"]))
    given = pl.Series(["kg", "t", "kg"]).cast(pl.Categorical(pl.Categories.random()))
    known.begin({"unit": given})
    vocabulary = known.of_column("unit")
    assert vocabulary.numbers(given).to_list() == given.to_physical().to_list()
    known.begin({"unit": given})
    assert known.of_column("unit") is vocabulary
