"""Arrow files, streams and Feather as text, as Parquet is read."""

from __future__ import annotations

import datetime
import random
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redflags.errors import ConfigurationError, InputError
from redflags.intake import open_orders
from redflags.readers import Row, Selection, open_batches, open_table
from tests import written
from tests.read_back import read_both


@pytest.mark.parametrize("suffix", [".arrow", ".feather", ".ipc", ".FEATHER"])
@pytest.mark.parametrize("compression", ["uncompressed", "lz4", "zstd"])
def test_each_type_is_written_as_in_parquet(tmp_path: Path, suffix: str, compression: str) -> None:
    frame = pl.DataFrame(
        {
            "text": ["NO", "010121", None],
            "whole": [1, -5, None],
            "float": [6.0, 1.125, float("nan")],
            "decimal": pl.Series([Decimal("6.000"), Decimal("1.50"), None], dtype=pl.Decimal(9, 3)),
            "date": [datetime.date(2026, 1, 31), None, None],
            "at": [datetime.datetime(2026, 1, 31), datetime.datetime(2026, 1, 31, 9, 5), None],
            "truth": [True, False, None],
            "word": pl.Series(["a", "b", None], dtype=pl.Categorical),
        }
    )
    path = tmp_path / f"orders{suffix}"
    frame.write_ipc(path, compression=compression)  # type: ignore[arg-type]
    assert read_both(path).rows == [
        (2, 2, ("NO", "1", "6", "6", "2026-01-31", "2026-01-31", "yes", "a")),
        (3, 3, ("010121", "-5", "1.1250", "1.5", "", "2026-01-31T09:05:00", "no", "b")),
        (4, 4, ("", "", "", "", "", "", "", "")),
    ]
    with open_table(path) as table:
        assert table.encoding == "arrow"


def test_a_stream_in_a_file_is_read_too(tmp_path: Path) -> None:
    for name in ("orders.arrows", "orders.arrow"):
        written.write_arrow_stream(tmp_path / name, (("order_id",), [("1",), ("2",)]))
        assert read_both(tmp_path / name).cells == [("1",), ("2",)]


def test_a_column_of_lists_is_an_error_only_if_it_is_used(tmp_path: Path) -> None:
    path = tmp_path / "orders.arrow"
    pl.DataFrame({"product": ["a"], "tags": [["x", "y"]]}).write_ipc(path)
    source, header = open_orders(path)
    assert header.unused == ("tags",)
    assert [row.cells for row in source.rows() if isinstance(row, Row)] == [("a", "")]
    pl.DataFrame({"product": [["x", "y"]]}).write_ipc(path)
    with pytest.raises(InputError, match="column product: each cell of this column holds several"):
        open_orders(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not an Arrow file"),
        (b"order_id\n1\n", "not an Arrow file"),
        (b"FEA1" + b"\0" * 100, "first version of Feather"),
        (b"ARROW1\0\0" + b"\0" * 100, "an Arrow file that cannot be read"),
        (b"\xff\xff\xff\xff" + b"\x7f" * 100, "an Arrow file that cannot be read"),
    ],
)
def test_what_is_no_arrow_is_an_input_error(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "orders.arrow"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        open_table(path)


@pytest.mark.parametrize("name", ["orders.arrow", "orders.arrows", "orders.parquet"])
def test_damaged_files_are_errors_or_rows(tmp_path: Path, name: str) -> None:
    pick = random.Random(name)
    path = tmp_path / name
    table = (("order_id", "product"), [(str(number), "urea") for number in range(50)])
    writer = {
        "orders.arrow": written.write_feather,
        "orders.arrows": written.write_arrow_stream,
        "orders.parquet": written.write_parquet,
    }[name]
    writer(path, table)
    content = path.read_bytes()
    for _ in range(20):
        data = bytearray(content)
        for _ in range(pick.randint(1, 4)):
            data[pick.randrange(len(data))] = pick.randrange(256)
        path.write_bytes(data[: pick.choice((len(data), pick.randrange(len(data))))])
        try:
            with open_table(path) as opened:
                rows = list(opened.rows())
        except InputError:
            continue
        assert opened.row_count == len(rows)


ZSTD = b"\x28\xb5\x2f\xfd"


def fatal(folder: Path) -> Path:
    """A file that says that the texts of a column unpack to two exabytes: Polars asks for so much
    memory and ends the process."""
    path = folder / "orders.arrow"
    texts = [f"{number} drums of aluminium paste" for number in range(2_000)]
    pl.DataFrame({"order_id": range(2_000), "notes": texts}).write_ipc(path, compression="zstd")
    content = path.read_bytes()
    # Before the packed bytes of a column stands how many bytes they unpack to.
    place = content.rindex(ZSTD)
    path.write_bytes(content[: place - 8] + (1 << 61).to_bytes(8, "little") + content[place:])
    return path


def test_a_file_that_ends_the_process_that_reads_it_is_an_input_error(tmp_path: Path) -> None:
    path = fatal(tmp_path)
    for opened in (open_table, open_batches):
        with pytest.raises(InputError, match="reading it ends the program that reads; export it"):
            opened(path)


def test_a_damaged_column_of_bytes_is_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "orders.arrow"
    digests = [b"a digest of order %d" % number for number in range(500)]
    pl.DataFrame({"order_id": range(500), "digest": digests}).write_ipc(path, compression="zstd")
    content = bytearray(path.read_bytes())
    place = content.rindex(ZSTD) + 20
    content[place] ^= 255
    content[place + 1] ^= 255
    path.write_bytes(content)
    with open_table(path) as table, pytest.raises(InputError, match="that cannot be read: zstd"):
        list(table.rows())


def test_a_file_is_read_by_another_process_once_for_each_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    run = subprocess.run
    monkeypatch.setattr(
        subprocess, "run", lambda *given, **how: started.append(given) or run(*given, **how)
    )
    path = tmp_path / "orders.arrow"
    written.write_feather(path, (("order_id",), [("1",)]))
    assert read_both(path).cells == [("1",)]
    assert len(started) == 1
    written.write_feather(path, (("order_id",), [("1",), ("22",)]))
    assert read_both(path).cells == [("1",), ("22",)]
    assert len(started) == 2


@pytest.mark.parametrize(
    ("program", "message"),
    [("/nowhere/python", "cannot be started: No such file"), ("/bin/false", "is no Python with")],
)
def test_where_no_other_process_can_be_started_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, message: str
) -> None:
    path = tmp_path / "orders.arrow"
    written.write_feather(path, (("order_id",), [("1",)]))
    monkeypatch.setattr(sys, "executable", program)
    with pytest.raises(ConfigurationError, match=message):
        open_table(path)


def test_a_name_without_a_suffix_can_be_told(tmp_path: Path) -> None:
    path = tmp_path / "export"
    written.write_feather(path, (("order_id",), [("1",)]))
    assert read_both(path, selection=Selection(format="arrow")).cells == [("1",)]
    written.write_parquet(path, (("order_id",), [("1",)]))
    assert read_both(path, selection=Selection(format="parquet")).cells == [("1",)]


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@pytest.mark.usefixtures("sound_files")
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(TEXT, TEXT), max_size=6), is_stream=st.booleans())
def test_texts_come_back(tmp_path: Path, rows: list[tuple[str, str]], is_stream: bool) -> None:
    path = tmp_path / "orders.arrow"
    writer = written.write_arrow_stream if is_stream else written.write_feather
    writer(path, (("product", "notes"), rows))
    assert read_both(path).cells == rows
