"""A text that looks like a name beyond doubt is read as one."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags import reference
from redflags.model.fields import field_table
from redflags.model.plain_names import are_plain_names
from redflags.values.names import name_key

NO_NAMES = [
    "n/a", "N.A.", "na", "none", "same as buyer", "SAME_AS_BUYER", "(same as buyer)", "unknown",
    "tbd", "???", "-", "", " ", "#N/A", "<null>", "k. A.", "siehe Anlage", "to be advised", "\\N",
    "not applicable", "\u200bn/a", "ｎ/ａ", "n/a n/a", "idem", "---", "不明", "نامعلوم", "x",
]  # fmt: skip
words = st.sampled_from([*NO_NAMES, "Example", "Müller", "株式会社", "GmbH", "1", "\u0301", "\x1f"])
texts = st.one_of(
    st.text(max_size=12),
    st.lists(words, max_size=4).map(" ".join),
    st.lists(words, max_size=3).map("_".join),
)


@given(st.lists(texts, min_size=1, max_size=8))
def test_what_is_plainly_a_name_is_understood_and_has_a_key(found: list[str]) -> None:
    kind = field_table()["payer.name"].kind
    plain = are_plain_names(pl.Series(found, dtype=pl.String))
    for text, is_plain in zip(found, plain.to_list(), strict=True):
        if is_plain:
            understood = kind.parse(text)
            assert understood.value is not None
            assert not understood.is_blank
            assert name_key(understood.value, reference.legal_forms()) != ""


@pytest.mark.parametrize("text", NO_NAMES[:-1])
def test_what_says_that_there_is_no_name_is_not_plainly_one(text: str) -> None:
    if field_table()["payer.name"].kind.parse(text).value is None:
        assert are_plain_names(pl.Series([text])).to_list() == [False]


def test_names_of_firms_are_plainly_names() -> None:
    names = ["Example 12 Ltd", "Müller Chemie GmbH", "Örnek ve Oğulları A.Ş.", "3 Sisters"]
    assert are_plain_names(pl.Series(names)).all()
    assert are_plain_names(pl.Series([], dtype=pl.String)).is_empty()
