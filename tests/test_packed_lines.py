"""Packed lines come out as they went in: all, some of them, in any order."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from redflags.packed_lines import OWN, PART, PackedLines

TEXTS = st.text(max_size=20) | st.none()
BATCHES = st.lists(
    st.lists(
        st.sampled_from(["product", "buyer.name", "quantity"]), min_size=1, unique=True
    ).flatmap(
        lambda columns: st.lists(
            st.fixed_dictionaries(dict.fromkeys(columns, TEXTS)), min_size=1, max_size=6
        )
    ),
    min_size=1,
    max_size=5,
)
"""Batches of lines, each with columns of its own."""

Lines = list[dict[str, str | None]]


def packed(batches: list[Lines]) -> PackedLines:
    found = PackedLines()
    number = 0
    for lines in batches:
        texts = pl.DataFrame(lines, schema=dict.fromkeys(lines[0], pl.String))
        found.add(pl.DataFrame({"number": range(number, number + len(lines))}), texts)
        number += len(lines)
    return found


def stated(lines: Lines) -> Lines:
    return [{name: text for name, text in one.items() if text is not None} for one in lines]


@given(BATCHES, st.data())
def test_lines_come_out_in_the_order_in_which_they_are_asked_for(
    batches: list[Lines], data: st.DataObject
) -> None:
    lines = packed(batches)
    whole = [line for one in batches for line in one]
    for _ in range(2):  # what is unpacked already says the same
        places = data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=12))
        keys = lines.keys()[places]
        assert keys["number"].to_list() == places
        assert stated(lines.texts_at(keys).to_dicts()) == stated([whole[one] for one in places])


@given(BATCHES, st.data())
def test_lines_that_are_chosen_are_left_batch_by_batch(
    batches: list[Lines], data: st.DataObject
) -> None:
    lines = packed(batches)
    whole = [line for one in batches for line in one]
    places = data.draw(st.sets(st.integers(0, len(whole) - 1)))
    chosen = lines.chosen(lines.keys()[data.draw(st.permutations(sorted(places)))])
    assert len(chosen) == lines.keys()[sorted(places)][PART].n_unique()
    if places:
        keys = chosen.keys()
        assert keys["number"].to_list() == sorted(places)
        assert stated(chosen.texts_at(keys).to_dicts()) == stated(
            [whole[one] for one in sorted(places)]
        )


@given(BATCHES, st.integers(0, 5))
def test_what_is_cut_was_never_there(batches: list[Lines], count: int) -> None:
    lines = packed(batches)
    if len(lines):
        lines.texts_at(lines.keys())
    lines.cut(count)
    assert len(lines) == min(count, len(batches))
    left = [line for one in batches[:count] for line in one]
    if left:
        assert stated(lines.texts_at(lines.keys()).to_dicts()) == stated(left)


def test_only_the_columns_are_unpacked_that_are_asked_for() -> None:
    lines = packed([[{"product": "acetone", "quantity": "5 t"}]])
    assert lines.texts(0, ["buyer.name", "quantity"]).to_dicts() == [{"quantity": "5 t"}]
    assert lines.keys()[OWN].to_list() == [0]
