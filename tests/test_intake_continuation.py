"""Rows that continue the order above: what is carried, what is not, and that it is told."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.intake import open_order_batches, open_orders
from redflags.intake.batches import order_batches
from redflags.intake.continuation import ContinuedOrders
from redflags.intake.records import settled_records
from redflags.model.record import Record

HEADER = "Order Reference,Customer,Customer/Country,Order Date,Currency,Product,Quantity,Unit\n"
FIRST = "S1,Example Ltd,Turkey,2026-02-13,EUR,Chair,2,pcs\n"
NEXT = ",,,,,Desk,3,pcs\n"
AGAIN = "S1,,,,,Desk,3,pcs\n"


def read(path: Path) -> tuple[list[list[str]], tuple[str, ...]]:
    """Order number, buyer, country, currency and goods of each line, read one by one; and what is
    told of the file."""
    source, header = open_orders(path)
    with source:
        records = settled_records(source, header)
        lines = [
            [one[path].written for path in SHOWN] for one in records if isinstance(one, Record)
        ]
    return lines, records.settled


SHOWN = ("order_id", "buyer.name", "buyer.country", "date", "currency", "product")


def read_in_batches(path: Path) -> list[list[str]]:
    """The same in batches of columns."""
    source, header = open_order_batches(path)
    found: list[list[str]] = []
    with source:
        for batch in order_batches(source, header):
            found += [list(row) for row in batch.frame.select(SHOWN).iter_rows()]
    return found


CARRIED = ["S1", "Example Ltd", "Turkey", "2026-02-13", "EUR"]
SECOND = "S2,Sample GmbH,Germany,2026-02-14,CHF,Lamp,1,pcs\n"
OWN = ["", "", "", "", ""]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (FIRST + NEXT, [[*CARRIED, "Chair"], [*CARRIED, "Desk"]]),
        (FIRST + NEXT + NEXT, [[*CARRIED, "Chair"], [*CARRIED, "Desk"], [*CARRIED, "Desk"]]),
        (FIRST + ",,,,USD,Desk,3,pcs\n", [[*CARRIED, "Chair"], [*CARRIED[:4], "USD", "Desk"]]),
        (FIRST + ",Other,,,,Desk,3,pcs\n",
         [[*CARRIED, "Chair"], ["", "Other", "", "", "", "Desk"]]),
        (FIRST + ",,,2026-02-15,,Desk,3,pcs\n",
         [[*CARRIED, "Chair"], ["", "", "", "2026-02-15", "", "Desk"]]),
        (FIRST + ",,,,,,3,pcs\n", [[*CARRIED, "Chair"], [*OWN, ""]]),
        (NEXT + FIRST, [[*OWN, "Desk"], [*CARRIED, "Chair"]]),
        (FIRST + "one,cell\n" + NEXT + NEXT,
         [[*CARRIED, "Chair"], [*OWN, "Desk"], [*OWN, "Desk"]]),
        (FIRST + ",Other,,,,Desk,3,pcs\n" + NEXT,
         [[*CARRIED, "Chair"], ["", "Other", "", "", "", "Desk"], [*OWN, "Desk"]]),
        (FIRST + NEXT + SECOND + NEXT,
         [[*CARRIED, "Chair"], [*CARRIED, "Desk"],
          ["S2", "Sample GmbH", "Germany", "2026-02-14", "CHF", "Lamp"],
          ["S2", "Sample GmbH", "Germany", "2026-02-14", "CHF", "Desk"]]),
        # With the number of the row above.
        (FIRST + AGAIN + AGAIN, [[*CARRIED, "Chair"], [*CARRIED, "Desk"], [*CARRIED, "Desk"]]),
        (FIRST + NEXT + AGAIN, [[*CARRIED, "Chair"], [*CARRIED, "Desk"], [*CARRIED, "Desk"]]),
        (FIRST + AGAIN + NEXT, [[*CARRIED, "Chair"], [*CARRIED, "Desk"], [*CARRIED, "Desk"]]),
        (FIRST + "S1,,,2026-02-13,,Desk,3,pcs\n", [[*CARRIED, "Chair"], [*CARRIED, "Desk"]]),
        (FIRST + "S1,,,2026-02-15,,Desk,3,pcs\n" + AGAIN,
         [[*CARRIED, "Chair"], ["S1", "", "", "2026-02-15", "", "Desk"], [*CARRIED, "Desk"]]),
        (FIRST + "S1,,Germany,,,Desk,3,pcs\n" + AGAIN,
         [[*CARRIED, "Chair"], ["S1", "", "Germany", "", "", "Desk"],
          ["S1", "", "Germany", "", "", "Desk"]]),
        (FIRST + SECOND + AGAIN,
         [[*CARRIED, "Chair"], ["S2", "Sample GmbH", "Germany", "2026-02-14", "CHF", "Lamp"],
          ["S1", "", "", "", "", "Desk"]]),
        (AGAIN + FIRST, [["S1", "", "", "", "", "Desk"], [*CARRIED, "Chair"]]),
        (FIRST + "one,cell\n" + AGAIN, [[*CARRIED, "Chair"], [*CARRIED, "Desk"]]),
    ],
)  # fmt: skip
def test_what_belongs_to_the_order_is_carried_where_it_is_plain(
    tmp_path: Path, rows: str, expected: list[list[str]]
) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + rows)
    assert read(path)[0] == expected
    assert read_in_batches(path) == expected


def test_the_run_says_how_many_rows_continue_others(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + FIRST + NEXT + NEXT + SECOND)
    (said,) = read(path)[1]
    assert said.startswith("2 rows name no party and have no order number or that of the row above")
    path.write_text(HEADER + FIRST + SECOND)
    assert read(path)[1] == ()


@pytest.mark.parametrize(
    "header", ["Order Reference,Product,Quantity\n", "Customer,Product,Quantity\n"]
)
def test_without_a_number_and_a_buyer_nothing_is_carried(tmp_path: Path, header: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(header + "S1,Chair,2 pcs\n,Desk,3 pcs\n")
    assert read(path)[1] == ()


def test_an_object_of_json_continues_none(tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_text(
        '{"order_id": "1", "buyer": {"name": "Example"}, "product": "Chair"}\n'
        '{"order_id": "", "buyer": {"name": ""}, "product": "Desk"}\n'
    )
    assert read(path)[1] == ()


PATHS = ("order_id", "buyer.name", "date", "currency", "product", "licence.status")
cells = st.sampled_from(["", "", " ", "a", "b"])
tables = st.lists(st.tuples(st.integers(1, 2), *(cells for _ in PATHS)), max_size=12)
REACHED_ONLY = ("order_id", "buyer.email", "date", "currency", "product", "licence.status")
"""Of the buyer only what is repeated in every line: nothing is carried by the number."""


@given(
    paths=st.sampled_from([PATHS, REACHED_ONLY]),
    table=tables,
    cuts=st.lists(st.integers(0, 12), max_size=3),
)
def test_rows_and_batches_carry_the_same(
    paths: tuple[str, ...], table: list[tuple[int, str, str, str, str, str, str]], cuts: list[int]
) -> None:
    import polars as pl

    rows, row = [], 1
    for gap, *texts in table:
        row += gap
        rows.append((row, texts))
    one_by_one, in_batches = ContinuedOrders(paths), ContinuedOrders(paths)
    expected = [list(one_by_one.texts(number, texts)) for number, texts in rows]
    found: list[list[str]] = []
    edges = [0, *sorted(cuts), len(rows)]
    for start, end in itertools.pairwise(edges):
        part = rows[start:end]
        frame = pl.DataFrame(
            [texts for _, texts in part], schema=dict.fromkeys(paths, pl.String), orient="row"
        )
        numbers = pl.Series([number for number, _ in part], dtype=pl.UInt32)
        found += [list(texts) for texts in in_batches.frame(frame, numbers).iter_rows()]
    assert found == expected
    assert in_batches.count == one_by_one.count
    # What was given stays, and what says that goods may leave is never carried.
    for (_, texts), carried in zip(rows, expected, strict=True):
        assert all(new == old for new, old in zip(carried, texts, strict=True) if old.strip())
        assert carried[-1] == texts[-1]
