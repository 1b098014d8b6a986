"""Parquet as text: every value written out exactly, nothing rounded, nothing guessed."""

from __future__ import annotations

import datetime
import hashlib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redflags.errors import InputError
from redflags.intake import open_orders, records
from redflags.model.record import Record
from redflags.readers import Row, open_batches, open_table
from redflags.readers.parquet import ParquetSource

RETAIL = Path(__file__).parents[2] / "shared" / "data" / "online_retail.parquet"
TOKYO = "Asia/Tokyo"


def write(folder: Path, **columns: Any) -> Path:
    path = folder / "orders.parquet"
    pl.DataFrame(columns).write_parquet(path)
    return path


def texts(path: Path) -> list[str]:
    """The first column, after a check that batches and rows say the same."""
    with open_table(path) as source:
        found = [row.cells for row in source.rows() if isinstance(row, Row)]
    with open_batches(path) as table:
        cells = [
            row
            for batch in table.batches(range(len(table.header)))
            for row in batch.frame.iter_rows()
        ]
        assert cells == found
        assert table.row_count == source.row_count == len(found)
        assert table.sha256 == source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    return [row[0] for row in found]


WRITTEN: dict[str, tuple[pl.Series, list[str]]] = {
    "text": (pl.Series(["NO", " 010121", "", None]), ["NO", " 010121", "", ""]),
    "integers": (pl.Series([1, -5, 0, None]), ["1", "-5", "0", ""]),
    "large integers": (pl.Series([2**64 - 1], dtype=pl.UInt64), ["18446744073709551615"]),
    "whole floats": (pl.Series([6.0, -0.0, 1e20]), ["6", "0", "100000000000000000000"]),
    "floats": (pl.Series([0.1, -0.5, 1e-7, 2.55]), ["0.1", "-0.5", "0.0000001", "2.55"]),
    "three digits after the point": (
        pl.Series([1.125, 0.5, 1234.125]),
        ["1.1250", "0.5", "1234.125"],
    ),
    "floats that are no number": (pl.Series([float("nan"), float("inf"), None]), ["", "inf", ""]),
    "short floats": (pl.Series([0.1, 16777216.0], dtype=pl.Float32), ["0.1", "16777216"]),
    "decimals": (
        pl.Series([Decimal("1.50"), Decimal("100.00"), Decimal("-0.50"), None]),
        ["1.5", "100", "-0.5", ""],
    ),
    "dates": (pl.Series([datetime.date(2015, 7, 1), None]), ["2015-07-01", ""]),
    "times of day and midnight": (
        pl.Series(
            [
                datetime.datetime(2015, 7, 1),
                datetime.datetime(2015, 7, 1, 9, 5),
                datetime.datetime(2015, 7, 1, 9, 5, 1, 500),
            ]
        ),
        ["2015-07-01", "2015-07-01T09:05:00", "2015-07-01T09:05:01.000500"],
    ),
    "times in a zone": (
        pl.Series([datetime.datetime(2015, 7, 1, tzinfo=datetime.UTC)]).dt.convert_time_zone(TOKYO),
        ["2015-07-01T09:00:00+09:00"],
    ),
    "truth": (pl.Series([True, False, None]), ["yes", "no", ""]),
    "categories": (pl.Series(["a", None], dtype=pl.Categorical), ["a", ""]),
    "closed words": (pl.Series(["a", None], dtype=pl.Enum(["a"])), ["a", ""]),
    "bytes that are text": (pl.Series([b"a", "ğ".encode()]), ["a", "ğ"]),
    "nothing at all": (pl.Series([None, None]), ["", ""]),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_each_type_is_written_like_this(tmp_path: Path, name: str) -> None:
    series, expected = WRITTEN[name]
    assert texts(write(tmp_path, a=series)) == expected


def test_rows_count_as_if_the_names_were_the_first(tmp_path: Path) -> None:
    path = write(tmp_path, product=["paste", "powder"], note=[None, "x"])
    with ParquetSource(path, batch_rows=1) as source:
        assert list(source.rows()) == [Row(2, 2, ("paste", "")), Row(3, 3, ("powder", "x"))]
    with ParquetSource(path, batch_rows=1) as table:
        batches = list(table.batches([1]))
    assert [list(batch.rows) for batch in batches] == [[2], [3]]
    assert [batch.frame.columns for batch in batches] == [["c1"], ["c1"]]
    assert (table.encoding, table.delimiter, table.is_regular) == ("parquet", "", True)


def test_a_column_of_lists_is_an_error_only_if_it_is_used(tmp_path: Path) -> None:
    path = write(tmp_path, product=["paste"], tags=[["a", "b"]], group=[{"x": 1}])
    source, header = open_orders(path)
    assert header.unused == ("tags", "group")
    assert [row.cells for row in source.rows() if isinstance(row, Row)] == [("paste", "", "")]
    used = write(tmp_path, product=[["paste", "powder"]])
    with pytest.raises(InputError, match="column product: each cell of this column holds several"):
        open_orders(used)
    with open_batches(used) as table, pytest.raises(InputError, match="column product"):
        list(table.batches([0]))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a Parquet file"),
        (b"product\npaste\n", "not a Parquet file"),
        (b"PAR1", "a Parquet file that cannot be read"),
        (b"PAR1" + b"\0" * 100 + b"PAR1", "a Parquet file that cannot be read"),
    ],
)
def test_what_is_no_parquet_is_an_input_error(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "orders.parquet"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        open_table(path)


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        open_batches(tmp_path / "missing.parquet")


def test_bytes_that_are_no_text_are_an_input_error(tmp_path: Path) -> None:
    path = write(tmp_path, a=pl.Series([b"\xff"]))
    with pytest.raises(InputError, match=r"row 2, column a: .* bytes that are no UTF-8 text"):
        texts(path)


def test_bytes_that_are_no_text_matter_only_in_a_column_that_is_used(tmp_path: Path) -> None:
    product = pl.Series([b"urea", "pâte".encode()])
    path = write(tmp_path, product=product, digest=pl.Series([b"ab", b"\xff\x00"]))
    source, header = open_orders(path)
    assert header.unused == ("digest",)
    cells = [row.cells for row in source.rows() if isinstance(row, Row)]
    assert cells == [("urea", "6162"), ("pâte", "ff00")]
    product = pl.Series([None, b"urea", b"p\xe2te"])
    used, _ = open_orders(write(tmp_path, product=product, digest=pl.Series([b"\xff"] * 3)))
    with pytest.raises(InputError, match="row 4, column product"):
        list(used.rows())


@pytest.mark.usefixtures("sound_files")
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(values=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=9))
def test_a_float_comes_back_as_it_was(tmp_path: Path, values: list[float]) -> None:
    found = texts(write(tmp_path, a=pl.Series(values, dtype=pl.Float64)))
    assert [float(text) for text in found] == values
    assert not any("e" in text for text in found)


@pytest.mark.usefixtures("sound_files")
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    values=st.lists(
        st.decimals(-(10**12), 10**12, places=4, allow_nan=False), min_size=1, max_size=9
    )
)
def test_a_decimal_comes_back_exactly(tmp_path: Path, values: list[Decimal]) -> None:
    found = texts(write(tmp_path, a=pl.Series(values, dtype=pl.Decimal(30, 4))))
    assert [Fraction(text) for text in found] == [Fraction(value) for value in values]


def test_typed_cells_get_their_values(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        product=["paste"],
        quantity=pl.Series([Decimal("1.125")]),
        unit=["t"],
        date=[datetime.datetime(2015, 7, 1)],
        hs_code=["010121"],
    )
    source, header = open_orders(path)
    with source:
        (record,) = records(source, header)
    assert isinstance(record, Record)
    assert record["quantity"].value == next(_weighing(tmp_path, "1125 kg"))
    assert record["date"].value == datetime.date(2015, 7, 1)
    assert record["hs_code"].value == "010121"


def _weighing(folder: Path, text: str) -> Any:
    path = folder / "orders.csv"
    path.write_text(f"product,quantity\npaste,{text}\n")
    source, header = open_orders(path)
    with source:
        for record in records(source, header):
            yield record["quantity"].value


@pytest.mark.skipif(not RETAIL.exists(), reason="the retail data is not beside the project")
def test_the_retail_data_is_read_whole() -> None:
    with open_batches(RETAIL) as table:
        assert sum(len(batch.rows) for batch in table.batches([0, 2, 3])) == 541_909
    assert table.row_count == 541_909
