"""Keys of plain names, told for whole columns: those that the parser of names gives."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from redflags import reference
from redflags.across.plain_names import plain_name_keys
from redflags.model.fields import field_table
from redflags.values.names import name_key

FORMS = reference.legal_forms()
MARKS = ("Ünal", "Öz", "&", "-", "c/o", "M/s", "n/a", "7", "42", "A", "b")
PLAIN = ("Alpha", "BETA", "Mueller", "Aero", "Trading", "branch", "of", "care", "attn", "The")
WORDS = st.sampled_from(
    sorted(
        {
            *MARKS,
            *PLAIN,
            *FORMS.single,
            *FORMS.several,
            *reference.end_user_words().first_words,
            *reference.first_words_of_no_names(),
        }
    )
)
NAMES = st.one_of(
    st.text("aAbBeoIİı1 .&(", max_size=12),
    st.lists(WORDS, max_size=5).map(" ".join),
    st.lists(WORDS, max_size=3).map(lambda words: " ".join([*words, "Ltd"])),
    st.sampled_from(["  Alpha", "Alpha  Beta", "Alpha\tBeta", "Alpha " * 50]),
)


@given(st.lists(NAMES, max_size=8))
@example(["Ltd", "GmbH Ltd", "Alpha Ltd Ltd", "Alpha and Ltd", "The Alpha", "Alpha Co", "NA", "No"])
@example(["Alpha Ltd attn Beta", "Alpha c o Beta", "Alpha Branch Hull", "Stock Ltd", "Own Stock"])
def test_the_key_of_a_plain_name_is_that_of_the_name_and_it_names_a_firm(names: list[str]) -> None:
    keys = plain_name_keys(pl.Series(names, dtype=pl.String))
    for name, key in zip(names, keys, strict=True):
        if key is not None:
            assert key == name_key(name, FORMS) != ""
            assert field_table()["end_user.name"].kind.parse(name).value == name
            assert not reference.is_placeholder_name(name)
            assert reference.end_user_words().find(name) is None


@pytest.mark.parametrize(
    "name", ["Example 8805 Ltd", "Receiver 12", "NORTH Trading GmbH", "Aero 7"]
)
def test_usual_names_are_plain(name: str) -> None:
    (key,) = plain_name_keys(pl.Series([name]))
    assert key == name_key(name, FORMS)


@pytest.mark.parametrize(
    "name", ["", "stock", "Ünal", "Alpha & Beta", "A Beta", "The Alpha", "Ltd"]
)
def test_others_are_left_to_the_parser(name: str) -> None:
    assert plain_name_keys(pl.Series([name])).to_list() == [None]
