"""Batches hold what the row reader gives: cells, rows, lines, refusals, counts and hash."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redflags.errors import ConfigurationError, InputError
from redflags.readers import Refused, Row, open_batches, read_csv
from redflags.readers.batches import CsvBatches
from redflags.readers.blocks import BlockLines

KNOWN = {"a", "b", "c"}.__contains__


def by_rows(path: Path, encoding: str | None) -> tuple[object, ...]:
    source = read_csv(path, encoding=encoding, is_known=KNOWN)
    found = list(source.rows())
    rows = [row for row in found if isinstance(row, Row)]
    refused = [row for row in found if isinstance(row, Refused)]
    return source.header, source.encoding, rows, refused, source.row_count, source.sha256


def by_batches(
    path: Path, encoding: str | None, *, batch_rows: int = 100_000, smallest: int = 1 << 18
) -> tuple[CsvBatches, tuple[object, ...]]:
    table = CsvBatches(
        path,
        encoding=encoding,
        delimiter=None,
        is_known=KNOWN,
        batch_rows=batch_rows,
        smallest_block=smallest,
    )
    rows: list[Row] = []
    refused: list[Refused] = []
    for batch in table.batches(range(len(table.header))):
        assert len(batch.rows) <= batch_rows
        assert batch.frame.columns == [f"c{one}" for one in range(len(table.header))]
        cells = batch.frame.iter_rows()
        rows += [Row(*one) for one in zip(batch.rows, batch.lines, cells, strict=True)]
        refused += batch.refused
    return table, (
        table.header,
        table.encoding,
        rows,
        refused,
        table.row_count,
        table.sha256,
    )


def outcome(read: Callable[[], tuple[object, ...]]) -> tuple[object, ...]:
    try:
        return read()
    except InputError as error:
        return (str(error),)


def assert_same(
    path: Path, encoding: str | None = None, *, batch_rows: int = 3, smallest: int = 8
) -> None:
    assert outcome(
        lambda: by_batches(path, encoding, batch_rows=batch_rows, smallest=smallest)[1]
    ) == (outcome(lambda: by_rows(path, encoding)))


REGULAR = {
    "plain": "a,b,c\n1,2,3\n4,5,6\n",
    "no line end at the end": "a,b,c\n1,2,3",
    "Windows line ends": "a,b,c\r\n1,2,3\r\n4,5,6\r\n",
    "Windows line ends and quotes": 'a,b,c\r\n1,"2,5","3"\r\n"4",5,"6"\r\n',
    "byte order mark": "\ufeffa,b,c\n1,2,3\n",
    "blank rows": "a,b,c\n1,2,3\n,,\n ,\t, \n4,5,6\n,,7\n",
    "quoted blank row": 'a,b,c\n1,2,3\n"","",""\n" ",,\n4,5,6\n',
    "empty cells": 'a,b,c\n,2,\n1,,3\n"",2,""\n',
    "spaces": "a,b,c\n 1 , 2 ,  3\n",
    "quotes": 'a,b,c\n"1,5","say ""x""",""""\n"é",ğ,"1;2"\n',
    "semicolons": 'a;b;c\n1;2,5;3\n4;"5;6";7\n',
    "tabs": "a\tb\tc\n1\t\t3\n",
    "bars": "a|b|c\n1|2|3\n",
    "comment and null words": "a,b,c\n#1,NA,null\nNULL,None,nan\n",
    "header only": "a,b,c\n",
    "announced delimiter": "sep=;\na;b;c\n1;2;3\n",
    "begins as another format": "a,b,c\nx\x01,2,3\nx^,5,6\n\x1f,8,9\n",
    "other spaces": "a,b,c\n\u00a0,\u2028,\u3000\n\x0b,\x0c, \n\x85,\x1c,\x1d\n",
}

DAMAGED = {
    "inch mark": 'a,b,c\n1,2,3\n5" pipe,2,3\n4,5,6\n',
    "two inch marks": 'a,b,c\n5" pipe,6" hose,3\n4,5,6\n',
    "quote before a delimiter": 'a,b,c\nx",2,3\n4,"5",6\n',
    "ragged": "a,b,c\n1,2\n4,5,6\n1,2,3,4\n7,8,9\n",
    "short and long make up for each other": "a,b,c\n1,2\n3,4,5,6\n7,8,9\n",
    "blank lines": "a,b,c\n\n1,2,3\n\n4,5,6\n",
    "quoted line break": 'a,b,c\n1,"2\n3",4\n5,6,7\n',
    "unclosed quote": 'a,b,c\n1,"2,3\n4,5,6\n7,8,9\n',
    "NUL": "a,b,c\n1,\x00,3\n4,5,6\n",
    "end-of-file mark": "a,b,c\n1,2,3\n\x1a",
    "end-of-file mark within": "a,b,c\n1,\x1a,3\n4,5,6\x1a",
    "old line ends": "a,b,c\r1,2,3\r4,5,6\r",
    "mixed line ends": "a,b,c\n1,2,3\r\n4,5,6\n7,8,9\r8,8,8\n",
    "a return before the last cell": "a,b,c\n1,2,\r3\n4,5,\r6\n",
    "two returns": "a,b,c\n1,2,3\r\r\n4,5,6\n",
    "text after a closing quote": 'a,b,c\n"1"x,2,3\n4,5,6\n',
    "space before a quote": 'a,b,c\n1, "2,2", "3"\n4,5,6\n',
    "names once more": "a,b,c\n1,2,3\na,b,c\n4,5,6\n",
    "names once more at the start": "a,b,c\r\na,b,c\r\n4,5,6\r\n",
    "one column": "a\n1\n\n2\n",
}


@pytest.mark.parametrize("name", REGULAR)
@pytest.mark.parametrize("smallest", [1, 8, 1 << 18])
def test_a_regular_text_goes_to_the_fast_reader_and_comes_out_the_same(
    tmp_path: Path, name: str, smallest: int
) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(REGULAR[name].encode())
    assert_same(path, smallest=smallest)
    table, _ = by_batches(path, None)
    assert (table.is_regular, table.why_not) == (True, "")


@pytest.mark.parametrize("name", DAMAGED)
@pytest.mark.parametrize("smallest", [1, 8, 1 << 18])
def test_a_doubtful_text_goes_row_by_row_and_comes_out_the_same(
    tmp_path: Path, name: str, smallest: int
) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(DAMAGED[name].encode())
    assert_same(path, smallest=smallest)
    table, _ = by_batches(path, None)
    assert not table.is_regular
    assert table.why_not


@pytest.mark.parametrize("encoding", ["cp1254", "iso8859-9", "utf-16", "utf-8-sig", "gb18030"])
def test_other_encodings_come_out_the_same(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes('a,b,c\r\n1,"é",2\r\n3,4,5\r\n'.encode(encoding))
    assert_same(path, encoding)


def test_a_byte_undefined_in_its_encoding_sets_its_row_aside(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(b"a,b,c\n1,\xfe,3\n4,\x81,6\n")
    assert_same(path, "cp1254")


def test_a_stray_quote_does_not_cost_the_file(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    lines = ["1,2,3\n"] * 100_000
    lines[50_000] = '5" pipe,2,3\n'
    path.write_text("a,b,c\n" + "".join(lines))
    table = CsvBatches(
        path, encoding=None, delimiter=None, is_known=KNOWN, batch_rows=1_000, smallest_block=1_000
    )
    one_by_one = 0
    real = table._by_rows

    def counted(columns, until):  # type: ignore[no-untyped-def]
        nonlocal one_by_one
        for piece in real(columns, until):
            one_by_one += len(piece.rows)
            yield piece

    table._by_rows = counted  # type: ignore[method-assign]
    assert sum(len(batch.rows) for batch in table.batches([0])) == 100_000
    assert 0 < one_by_one < 1_000
    assert table.why_not.startswith("a quote inside a cell")


def test_only_the_wanted_columns_are_there_in_the_wanted_order(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text('a,b,c\n1,2,3\n,,6\n,,\n5",8,9\n')
    table = open_batches(path, is_known=KNOWN)
    found = list(table.batches([2, 1]))
    assert [batch.frame.columns for batch in found] == [["c2", "c1"]] * len(found)
    assert [row for batch in found for row in batch.frame.rows()] == [
        ("3", "2"),
        ("6", ""),
        ("9", "8"),
    ]


def test_no_wanted_column_still_gives_rows(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("a,b,c\n1,2,3\n4,5,6\n")
    table = open_batches(path, is_known=KNOWN)
    assert [list(batch.rows) for batch in table.batches([])] == [[2, 3]]


def test_standard_input_comes_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"a,b,c\n1,2,3\n"
    stream = io.TextIOWrapper(io.BytesIO(content))
    monkeypatch.setattr("sys.stdin", stream)
    table = open_batches("-", is_known=KNOWN)
    assert [batch.frame.rows() for batch in table.batches([0, 1, 2])] == [[("1", "2", "3")]]
    assert table.sha256 == hashlib.sha256(content).hexdigest()
    table.close()
    assert not stream.buffer.closed


def test_what_cannot_be_read_is_the_error_of_the_row_reader(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        open_batches(tmp_path / "missing.csv")
    with pytest.raises(ConfigurationError, match="a delimiter is one character"):
        open_batches(tmp_path / "missing.csv", delimiter="")


@pytest.mark.parametrize("end", [b"\n", b"\r", b""], ids=["line feed", "return", "none"])
@pytest.mark.parametrize("length", [1_000_001, 8_000_001, 33_000_000])
def test_lines_too_long_come_out_the_same(tmp_path: Path, end: bytes, length: int) -> None:
    path = tmp_path / "orders.csv"
    rest = b"3,4,5" + end if end else b""
    path.write_bytes(b"a,b,c\n1,2,3\n" + b"x" * length + b",1,2" + end + rest)
    assert_same(path, batch_rows=100_000, smallest=1 << 18)


def test_lines_and_blocks_can_take_turns(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(b"one\ntwo\nthree\rfour\nfive\nsix\nseven")
    lines = BlockLines(path)
    assert lines.next() == "one\n"
    assert lines.block(5) == b"two\n"
    assert lines.next() == "two\n"
    assert lines.next() == "three\r"
    assert lines.block(5) == b""
    assert lines.next() == "four\n"
    assert lines.next() == "five\n"
    assert lines.block(6) == b"six\n"
    lines.take(4)
    assert lines.block(100) == b"seven"
    assert lines.next() == "seven"
    assert lines.next() is None
    assert lines.position == path.stat().st_size
    lines.close()


CELLS = st.text(
    alphabet=st.one_of(
        st.sampled_from(',;"\n\r \t|ab5ğ\x1a\x0b'), st.characters(exclude_categories=["Cs"])
    ),
    max_size=6,
)
LINES = st.one_of(
    st.sampled_from(
        [
            b"1,2,3",
            b'"1","2,2","3"',
            b'"a ""b""",2,',
            b",,",
            b" ,\t,",
            b"",
            b'5" pipe,2,3',
            b'1,"2',
            b'3",4,5',
            b"1,2",
            b"1,2,3,4",
            b"\xff,2,3",
            b"1,\x00,3",
            "ğ,é,Ж".encode(),
            b'""",2,3',
            b"x\x01,2,3",
            b'"",,""',
        ]
    ),
    st.lists(CELLS, min_size=1, max_size=4).map(lambda cells: ",".join(cells).encode()),
    st.lists(CELLS, min_size=3, max_size=3).map(
        lambda cells: ",".join(
            '"' + cell.replace('"', '""').replace("\n", "").replace("\r", "") + '"'
            for cell in cells
        ).encode()
    ),
)


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lines=st.lists(LINES, max_size=14),
    end=st.sampled_from([b"\n", b"\r\n", b"\n", b"\r"]),
    last=st.sampled_from([b"", b"\n", b"\x1a"]),
    batch_rows=st.integers(1, 6),
    smallest=st.sampled_from([1, 6, 30, 1 << 18]),
)
def test_any_lines_come_out_as_the_row_reader_gives_them(
    tmp_path: Path,
    lines: list[bytes],
    end: bytes,
    last: bytes,
    batch_rows: int,
    smallest: int,
) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(end.join([b"a,b,c", *lines]) + last)
    assert_same(path, batch_rows=batch_rows, smallest=smallest)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    damage=st.lists(
        st.tuples(
            st.integers(0, 400),
            st.sampled_from([b'"', b"\0", b"\xff", b",", b"\n", b"\r", b"\x1a"]),
        ),
        max_size=6,
    ),
    smallest=st.sampled_from([1, 40, 200]),
)
def test_a_damaged_file_comes_out_as_the_row_reader_gives_it(
    tmp_path: Path, damage: list[tuple[int, bytes]], smallest: int
) -> None:
    content = bytearray("a,b,c\n" + 'O-1,"mağaza, ""x""",5\n' * 12, "utf-8")
    for position, byte in damage:
        content[position % len(content) : position % len(content) + 1] = byte
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    assert_same(path, smallest=smallest)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    content=st.binary(max_size=200),
    encoding=st.sampled_from([None, "utf-8", "utf-16", "cp1254", "ascii", "koi8-r", "utf-7"]),
)
def test_any_bytes_come_out_as_the_row_reader_gives_them(
    tmp_path: Path, content: bytes, encoding: str | None
) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    assert_same(path, encoding)
