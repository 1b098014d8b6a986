"""A thousand damaged files: each row is read or set aside, alike by rows and by batches."""

from __future__ import annotations

import gzip
import random
import time
from pathlib import Path

import pytest

from redflags.errors import InputError
from redflags.readers import Refused, Row, open_table
from redflags.readers.batches import CsvBatches

KNOWN = {"order_id", "product", "quantity", "unit", "buyer_name"}.__contains__
FILES = 1_000
LONGEST_SECONDS = 20.0

NAMES = ("order_id", "product", "quantity", "unit", "buyer_name")
PRODUCTS = (
    "aluminium paste", '"paint, red"', '"5 "" pipe"', "Kırmızı boya", "铝膏", "", 'hose 3"',
    '"two\nlines"', "A4; ruled", "1.234,56",
)  # fmt: skip
ODD = (
    b'"',
    b"\0",
    b"\xff",
    b",",
    b";",
    b"\n",
    b"\r",
    b"\x1a",
    b"\\",
    b"\xf0\x9f",
    b"",
    b"\t",
    b"|",
)


def whole_file(pick: random.Random) -> bytes:
    """A file as a program writes it, in one of many ways."""
    delimiter = pick.choice([",", ";", "\t", "|", "||", "+|"])
    end = pick.choice(["\n", "\r\n", "\r"])
    encoding = pick.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1254", "gb18030"])
    lines = ["Orders of Example Ltd", ""] if pick.random() < 0.2 else []
    lines.append(delimiter.join(NAMES))
    for number in range(pick.randrange(1, 60)):
        product = pick.choice(PRODUCTS)
        row = (f"O-{number}", product, str(number), "kg", "Example Ltd")
        line = delimiter.join(row)
        lines.append('"' + line.replace('"', '""') + '"' if pick.random() < 0.01 else line)
    content = (end.join(lines) + end).encode(encoding, "replace")
    return gzip.compress(content) if pick.random() < 0.1 else content


def damaged(content: bytes, pick: random.Random) -> bytes:
    """The file with some bytes changed, put in, taken out or cut off."""
    found = bytearray(content)
    for _ in range(pick.choice([0, 1, 1, 2, 5, 20])):
        place = pick.randrange(len(found) + 1)
        kind = pick.randrange(5)
        if kind == 0 and place < len(found):
            found[place] ^= 1 << pick.randrange(8)
        elif kind == 1:
            found[place:place] = pick.choice(ODD)
        elif kind == 2:
            found[place : place + 1] = pick.choice(ODD)
        elif kind == 3:
            del found[place : place + pick.randrange(1, 40)]
        elif pick.random() < 0.2:
            del found[place:]
    return bytes(found)


def by_rows(path: Path) -> object:
    try:
        with open_table(path, is_known=KNOWN) as source:
            found = list(source.rows())
    except InputError as error:
        return str(error)
    assert source.row_count == len(found)
    assert all(len(one.cells) == len(source.header) for one in found if isinstance(one, Row))
    return source.header, source.encoding, source.notes, source.sha256, found


def by_batches(path: Path) -> object:
    rows: list[Row | Refused] = []
    try:
        with CsvBatches(
            path, encoding=None, delimiter=None, is_known=KNOWN, batch_rows=7, smallest_block=64
        ) as table:
            for batch in table.batches(range(len(table.header))):
                cells = batch.frame.iter_rows()
                rows += [Row(*one) for one in zip(batch.rows, batch.lines, cells, strict=True)]
                rows += batch.refused
    except InputError as error:
        return str(error)
    assert table.row_count == len(rows)
    rows.sort(key=lambda one: one.row)
    return table.header, table.encoding, table.notes, table.sha256, rows


@pytest.mark.parametrize("part", range(10))
def test_every_row_of_a_damaged_file_is_read_or_set_aside(tmp_path: Path, part: int) -> None:
    pick = random.Random(part)
    path = tmp_path / "orders.csv"
    read = 0
    for _ in range(FILES // 10):
        path.write_bytes(damaged(whole_file(pick), pick))
        start = time.process_time()
        found = by_rows(path)
        assert found == by_batches(path)
        assert time.process_time() - start < LONGEST_SECONDS
        read += not isinstance(found, str)
    assert read > FILES // 20  # most of them are still tables
