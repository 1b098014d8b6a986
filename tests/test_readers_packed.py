"""Compressed files are read as what they hold; damage is an error, and nothing grows unbounded."""

from __future__ import annotations

import gzip
import hashlib
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from redflags.errors import InputError
from redflags.readers import open_batches, open_table
from redflags.readers.packed import packing_of, suffix_of

KNOWN = {"order_id", "product"}.__contains__
ROWS = b"".join(b"O-%d,paint no %d\n" % (number, number) for number in range(30_000))
CONTENT = b"order_id,product\n" + ROWS


def zstd(content: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(content)


def zstd_stream(content: bytes) -> bytes:
    """As a pipe writes it: the size is not stated."""
    return zstandard.ZstdCompressor(write_content_size=False, write_checksum=True).compress(content)


PACKERS = {"gzip": (gzip.compress, ".gz"), "zstd": (zstd, ".zst"), "stream": (zstd_stream, ".zst")}
packers = pytest.mark.parametrize(("pack", "suffix"), PACKERS.values(), ids=PACKERS)
Pack = Callable[[bytes], bytes]


def read(path: Path) -> tuple[int, str]:
    """How many rows there are, by both paths, and the hash."""
    with open_table(path, is_known=KNOWN) as source:
        count = sum(1 for _ in source.rows())
    with open_batches(path, is_known=KNOWN) as table:
        assert sum(len(batch.rows) for batch in table.batches([0, 1])) == count
        assert table.is_regular
    assert table.sha256 == source.sha256
    assert table.notes == source.notes
    return count, source.sha256


@packers
@pytest.mark.parametrize("name", ["orders.csv", "orders", "ORDERS.CSV"])
def test_a_compressed_file_is_read_and_hashed_as_it_lies(
    tmp_path: Path, pack: Pack, suffix: str, name: str
) -> None:
    path = tmp_path / (name + suffix)
    path.write_bytes(pack(CONTENT))
    assert read(path) == (30_000, hashlib.sha256(path.read_bytes()).hexdigest())


@packers
def test_a_compressed_file_is_known_without_its_suffix(
    tmp_path: Path, pack: Pack, suffix: str
) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(pack(CONTENT))
    with open_table(path, is_known=KNOWN) as source:
        assert any("unpacked from" in note for note in source.notes)
        assert source.header == ("order_id", "product")


@packers
def test_parts_in_a_row_are_one_text(tmp_path: Path, pack: Pack, suffix: str) -> None:
    path = tmp_path / f"orders.csv{suffix}"
    path.write_bytes(pack(b"order_id,product\n") + pack(b"") + pack(ROWS) + b"\0" * 600)
    assert read(path)[0] == 30_000


@packers
@pytest.mark.parametrize("encoding", ["cp1254", "utf-16", "gb18030"])
def test_encodings_are_found_within(tmp_path: Path, pack: Pack, suffix: str, encoding: str) -> None:
    product = "铝膏，示例有限公司" if encoding == "gb18030" else "Kırmızı boya, ağır"
    text = "order_id;product\n" + "O-1;paint\n" * 20_000 + f"O-2;{product}\n" * 9
    path = tmp_path / f"orders.csv{suffix}"
    path.write_bytes(pack(text.encode(encoding)))
    with open_table(path, is_known=KNOWN) as source:
        assert list(source.rows())[-1][2] == ("O-2", product)


@packers
@pytest.mark.parametrize("kept", [5, 30, 1000, -1, -5])
def test_a_file_that_breaks_off_is_an_input_error(
    tmp_path: Path, pack: Pack, suffix: str, kept: int
) -> None:
    path = tmp_path / f"orders.csv{suffix}"
    path.write_bytes(pack(CONTENT)[:kept])
    for opener in (open_table, open_batches):
        with pytest.raises(InputError, match="data break"), opener(path) as source:
            for _ in source.rows() if hasattr(source, "rows") else source.batches([0]):
                pass


@packers
@pytest.mark.parametrize("place", [8, 100, 5_000, -10])
def test_a_damaged_file_is_an_input_error_or_read_whole(
    tmp_path: Path, pack: Pack, suffix: str, place: int
) -> None:
    content = bytearray(pack(CONTENT))
    content[place] ^= 0x55
    path = tmp_path / f"orders.csv{suffix}"
    path.write_bytes(content)
    try:
        with open_table(path, is_known=KNOWN) as source:
            count = sum(1 for _ in source.rows())
    except InputError:
        return
    assert source.row_count == count


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_name_that_promises_too_much_is_an_input_error(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"orders.csv{suffix}"
    path.write_bytes(b"order_id,product\n")
    with pytest.raises(InputError, match=r"the file is not (gzip|zstd) data"):
        open_table(path)


def test_an_empty_file_is_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv.gz"
    for content in (b"", gzip.compress(b"")):
        path.write_bytes(content)
        with pytest.raises(InputError, match="the file is empty"):
            open_table(path)


def test_bytes_after_the_end_are_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv.gz"
    path.write_bytes(gzip.compress(CONTENT) + b"more")
    with pytest.raises(InputError, match="is damaged"):
        read(path)


@packers
def test_what_unpacks_without_end_takes_little_memory(
    tmp_path: Path, pack: Pack, suffix: str
) -> None:
    path = tmp_path / f"orders.csv{suffix}"
    path.write_bytes(pack(b"order_id,product\n" + b"O-1,paint\n" * 8_000_000))
    tracemalloc.start()
    with open_table(path, is_known=KNOWN) as source:
        rows = source.rows()
        for _ in range(1000):
            next(rows)
        _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200_000_000


@pytest.mark.parametrize(
    ("name", "suffix", "packing"),
    [
        ("orders.csv", ".csv", ""),
        ("orders.csv.gz", ".csv", "gzip"),
        ("orders.JSONL.ZST", ".jsonl", "zstd"),
        ("orders.gz", "", "gzip"),
        ("a.b/orders", "", ""),
        ("-", "", ""),
    ],
)
def test_the_suffixes_tell_format_and_compression(name: str, suffix: str, packing: str) -> None:
    assert (suffix_of(name), packing_of(name)) == (suffix, packing)
