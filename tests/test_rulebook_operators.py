"""The operator table: sentences for every verdict, negations, and meaning on single values."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.diagnostics import Place
from redflags.model.kinds import KINDS
from redflags.rulebook.operators import (
    NOT_SUPPORTED,
    OPERATORS,
    SHAPES,
    comparison_key,
    fitting_operators,
    incomparable,
    is_under,
    selected_entries,
    sign,
)
from redflags.rulebook.tree import Entry, ListReference, RuleList
from redflags.values.dates import Age, Duration
from redflags.values.measures import Concentration
from redflags.values.money import Money
from redflags.values.quantity import Quantity

COUNTRY, TEXT, NAME, QUANTITY = (KINDS[name] for name in ("country", "text", "name", "quantity"))
CODE, CONTROL = KINDS["tariff-code"], KINDS["control-code"]
PLACE = Place("a.yaml", 1, 1)


def kilograms(number: int) -> Quantity:
    return Quantity("mass", number * 10**9, "kg", Fraction(number))


def a_list(*entries: Entry, kind: str = "country") -> ListReference:
    return ListReference(RuleList("a/b", kind, "judgement", "", entries, PLACE))


@pytest.mark.parametrize("word", OPERATORS)
@pytest.mark.parametrize("verdict", [True, False, None])
def test_every_operator_has_a_sentence_for_every_verdict(word: str, verdict: bool | None) -> None:
    sentence = OPERATORS[word].sentence("the buyer's country", "Türkiye", "yes", verdict)
    assert "the buyer's country is" in sentence
    assert ("unknown" in sentence) == (verdict is None)
    assert "{" not in sentence


@pytest.mark.parametrize("word", OPERATORS)
def test_the_sentences_of_the_verdicts_differ(word: str) -> None:
    sentences = {OPERATORS[word].sentence("the x", "a", "yes", one) for one in (True, False, None)}
    assert len(sentences) == 3


SENTENCES = [
    ("in_list", "the buyer's business", "mobile phone shop", "telecoms-retail", True,
     "the buyer's business is mobile phone shop, one of telecoms-retail"),
    ("at_least", "the quantity", "6 t", "100 kg", True, "the quantity is 6 t, at least 100 kg"),
    ("at_least", "the quantity", "500 g", "100 kg", False, "the quantity is 500 g, below 100 kg"),
    ("at_least", "the quantity", "6 has no unit", "100 kg", None,
     "the quantity is unknown: 6 has no unit"),
    ("differs_from", "the consignee's country", "Türkiye", "the buyer's country (United Kingdom)",
     True, "the consignee's country is Türkiye, not the buyer's country (United Kingdom)"),
    ("known", "the end user's name", "", "no", True, "the end user's name is not stated"),
    ("known", "the end user's name", "A Ltd", "no", False, "the end user's name is stated: A Ltd"),
    ("known", "the end user's name", "A Ltd", "yes", True, "the end user's name is stated: A Ltd"),
    ("known", "the end user's name", "the input has no such field", "no", None,
     "whether the end user's name is stated is unknown: the input has no such field"),
    ("in", "the countries where the goods stop", "Iraq, Türkiye", "Iraq", True,
     "the countries where the goods stop are Iraq, Türkiye"),
    ("is", "the buyer's business", "bakery", "bakery", True, "the buyer's business is bakery"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "label", "shown", "operand", "verdict", "expected"), SENTENCES)
def test_sentences_read_plainly(
    word: str, label: str, shown: str, operand: str, verdict: bool | None, expected: str
) -> None:
    assert OPERATORS[word].sentence(label, shown, operand, verdict) == expected


def test_negations_point_at_each_other() -> None:
    for operator in OPERATORS.values():
        if operator.negation_of is not None:
            assert OPERATORS[operator.negation_of].negation_of == operator.word
            assert OPERATORS[operator.negation_of].shape == operator.shape
        if operator.is_negative:
            assert operator.negation_of is not None
            assert not OPERATORS[operator.negation_of].is_negative


_countries = st.sampled_from(["TR", "GB", "IQ", "NO", "NA"])
_texts = st.text(max_size=20)
_quantities = st.integers(-10, 10).map(kilograms)
_CASES: dict[str, tuple[str, Any, Any]] = {
    "is": ("text", _texts, _texts),
    "in": ("country", _countries, st.frozensets(_countries, min_size=1)),
    "in_list": (
        "country",
        _countries,
        st.lists(_countries, max_size=4).map(lambda values: a_list(*(Entry(v, v) for v in values))),
    ),
    "at_least": ("quantity", _quantities, _quantities),
    "more_than": ("quantity", _quantities, _quantities),
    "same_as": ("name", _texts, st.lists(_texts, min_size=1, max_size=3).map(tuple)),
}


@pytest.mark.parametrize("word", _CASES)
@given(data=st.data())
def test_negations_are_complementary_on_known_values(word: str, data: st.DataObject) -> None:
    kind_name, values, operands = _CASES[word]
    value, operand, kind = data.draw(values), data.draw(operands), KINDS[kind_name]
    negation = OPERATORS[word].negation_of
    assert negation is not None
    positive = OPERATORS[word].holds(value, operand, kind)
    assert OPERATORS[negation].holds(value, operand, kind) is not positive


def test_the_negations_tried_are_all_there_are() -> None:
    pairs = {frozenset((o.word, o.negation_of)) for o in OPERATORS.values() if o.negation_of}
    assert pairs == {frozenset((word, OPERATORS[word].negation_of)) for word in _CASES}


@given(_quantities, _quantities, _quantities)
def test_between_is_at_least_and_at_most(value: Quantity, one: Quantity, other: Quantity) -> None:
    low, high = sorted((one, other))
    between = OPERATORS["between"].holds(value, (low, high), QUANTITY)
    at_least = OPERATORS["at_least"].holds(value, low, QUANTITY)
    assert between == (at_least and OPERATORS["at_most"].holds(value, high, QUANTITY))


HOLDS = [
    ("is", "text", "PASTE ", "paste", True),
    ("is", "name", "Örnek Telefon Ltd. Şti.", "ornek telefon", True),
    ("is", "identifier", "ex-0001", "EX-0001", True),
    ("is", "control-code", "5a992.c", "5A992.C", True),
    ("in", "text", "Größe", frozenset({"groesse", "GRÖSSE"}), True),
    ("under", "tariff-code", "321290", ("3212",), True),
    ("under", "tariff-code", "3212", ("321290",), False),
    ("under", "tariff-code", "010121", ("01",), True),
    ("under", "control-code", "1C111.A", ("1C111",), True),
    ("under", "control-code", "ML10", ("ML1",), False),
    ("under", "control-code", "ML1.A", ("ML1",), True),
    ("mentions", "text", "spare parts for a DRONE", ("drone", "uav"), True),
    ("mentions", "text", "dronebee", ("drone",), False),
    ("before", "date", datetime.date(2022, 2, 23), datetime.date(2022, 2, 24), True),
    ("before", "date", datetime.date(2022, 2, 24), datetime.date(2022, 2, 24), False),
    ("after", "date", datetime.date(2022, 2, 25), datetime.date(2022, 2, 24), True),
    ("less_than", "age", Age(23, 30, 729), Duration(2, "years"), True),
    ("less_than", "age", Age(24, 0, 730), Duration(2, "years"), False),
    ("at_least", "money", Money("EUR", 50_000), Money("EUR", 50_000), True),
    ("more_than", "concentration", Concentration(350_000, "w/w"), Concentration(120_000), True),
    ("same_as", "country", "TR", ("GB", "TR"), True),
    ("differs_from", "country", "TR", ("GB", "IQ"), True),
]  # fmt: skip


@pytest.mark.parametrize(("word", "kind", "value", "operand", "expected"), HOLDS)
def test_meaning_on_one_known_value(
    word: str, kind: str, value: Any, operand: Any, expected: bool
) -> None:
    assert OPERATORS[word].holds(value, operand, KINDS[kind]) is expected


def test_a_list_of_codes_matches_what_is_below_an_entry() -> None:
    chips = a_list(Entry("8542", "8542"), kind="tariff-code")
    assert OPERATORS["in_list"].holds("854231", chips, CODE)
    assert not OPERATORS["in_list"].holds("8541", chips, CODE)


def test_attributes_choose_entries_of_a_list() -> None:
    entries = (
        Entry("TR", "TR", {"tier": "1"}),
        Entry("GB", "GB", {"tier": "2"}),
        Entry("NO", "NO"),
    )
    chosen = ListReference(a_list(*entries).list, (("tier", frozenset({"1"})),))
    assert [entry.value for entry in selected_entries(chosen)] == ["TR"]
    assert not OPERATORS["in_list"].holds("GB", chosen, COUNTRY)


@pytest.mark.parametrize(
    ("value", "bound"),
    [
        (kilograms(1), Quantity("count", 1000, "piece", Fraction(1))),
        (Money("EUR", 1), Money("USD", 1)),
        (Concentration(1, "w/w"), Concentration(1, "v/v")),
    ],
)
def test_values_that_cannot_be_compared_say_why(value: Any, bound: Any) -> None:
    assert "cannot be compared" in incomparable(value, bound)
    with pytest.raises(TypeError):
        sign(value, bound)


def test_every_operator_fits_a_kind_and_every_kind_has_operators() -> None:
    for kind in KINDS.values():
        assert "known" in fitting_operators(kind)
    for operator in OPERATORS.values():
        assert any(operator.fits(kind) for kind in KINDS.values())
        assert operator.shape in SHAPES
    assert not set(NOT_SUPPORTED) & set(OPERATORS)


@given(_texts)
def test_comparison_keys_are_stable(text: str) -> None:
    for kind in (TEXT, CONTROL):
        key = comparison_key(kind)
        assert key(key(text)) == key(text)


@given(st.from_regex(r"\A[0-9]{2,10}\Z"), st.integers(1, 10))
def test_a_code_is_under_each_of_its_beginnings(code: str, length: int) -> None:
    assert is_under(code, code[:length], CODE)
