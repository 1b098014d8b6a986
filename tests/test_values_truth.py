"""Kleene's tables, and yes and no in seven languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.values.truth import all_of, any_of, both, either, negation, parse_yes_no

T, F, U = True, False, None
VALUES = st.sampled_from([T, F, U])


@pytest.mark.parametrize(
    ("a", "b", "conjunction", "disjunction"),
    [
        (T, T, T, T), (T, F, F, T), (T, U, U, T),
        (F, T, F, T), (F, F, F, F), (F, U, F, U),
        (U, T, U, T), (U, F, F, U), (U, U, U, U),
    ],
)  # fmt: skip
def test_tables(a: bool, b: bool, conjunction: bool, disjunction: bool) -> None:
    assert both(a, b) is conjunction
    assert either(a, b) is disjunction


def test_negation() -> None:
    assert [negation(value) for value in (T, F, U)] == [F, T, U]


@given(st.lists(VALUES))
def test_many_are_as_two_and_two(values: list[bool | None]) -> None:
    conjunction: bool | None = True
    disjunction: bool | None = False
    for value in values:
        conjunction, disjunction = both(conjunction, value), either(disjunction, value)
    assert all_of(values) is conjunction
    assert any_of(values) is disjunction


@given(VALUES, VALUES)
def test_de_morgan(a: bool | None, b: bool | None) -> None:
    assert negation(both(a, b)) is either(negation(a), negation(b))


@pytest.mark.parametrize(
    "text", ["yes", "YES", "y", "true", "1", "evet", "Ja", "oui", "sí", "да", "نعم", "✓", "doğru"]
)
def test_yes(text: str) -> None:
    assert parse_yes_no(text).value == "yes"


@pytest.mark.parametrize(
    "text", ["no", "N", "false", "0", "hayır", "HAYIR", "nein", "non", "нет", "لا", "✗"]
)
def test_no(text: str) -> None:
    assert parse_yes_no(text).value == "no"


@pytest.mark.parametrize(
    "text", ["?", "unknown", "bilinmiyor", "", "  ", "maybe", "2", "غير معروف"]
)
def test_neither(text: str) -> None:
    answer = parse_yes_no(text)
    assert answer.value is None
    assert answer.why
