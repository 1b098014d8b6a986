"""Who stands beside which buyer, counted part by part, is what a count of all lines says."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.cases import census_columns
from redflags.cases.census import Census

NAMES = ("Payer", "Bank", "Example Ltd", "Nova", "Orion", "Delta", "")
LINE = st.tuples(
    st.sampled_from(NAMES), st.sampled_from(["One Ltd", "ONE", "Two", "Three", "Ä", ""])
)
FIRMS = st.sets(st.tuples(st.sampled_from(NAMES), st.integers(0, 3)), max_size=8)


@given(st.lists(st.lists(LINE, max_size=6), max_size=8), FIRMS, st.integers(0, 3))
def test_buyers_counted_in_many_parts_are_those_of_all_lines(
    batches: list[list[tuple[str, str]]], names: set[tuple[str, int]], most: int
) -> None:
    census = Census()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(census_columns, "_LARGEST_PART", 2)
        patch.setattr(census_columns, "_LEAST_AT_ONCE", 3)
        for batch in batches:
            columns = ["payer.name", "buyer.name"]
            census.note_batch(
                pl.DataFrame(batch, schema=dict.fromkeys(columns, pl.String), orient="row")
            )
        found = census.served("payer", names, most)
    beside: dict[int, set[str]] = {}
    for payer, buyer in (line for batch in batches for line in batch):
        for name, firm in names:
            if name == payer and buyer:
                beside.setdefault(firm, set()).add(buyer.lower().removesuffix(" ltd"))
    assert found == {firm: len(own) for firm, own in beside.items() if len(own) > most}
