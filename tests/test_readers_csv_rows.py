"""CSV as text: nothing guessed, nothing shifted, nothing dropped in silence."""

from __future__ import annotations

import csv
import hashlib
import io
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redflags.errors import ConfigurationError, InputError
from redflags.readers import CsvSource, Refused, Row, read_csv
from redflags.readers.own_text import LONGEST_KEPT

KNOWN = {"order_id", "product", "quantity", "a", "b", "c"}.__contains__


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, content: bytes | str, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, **options: str | None) -> tuple[CsvSource, list[Row], list[Refused]]:
    source = read_csv(path, is_known=KNOWN, **options)
    found = list(source.rows())
    rows = [row for row in found if isinstance(row, Row)]
    return source, rows, [row for row in found if isinstance(row, Refused)]


TROUBLES = {
    "plain": ("a,b\n1,2\n3,4\n", [(2, 2, ("1", "2")), (3, 3, ("3", "4"))], []),
    "no line end at the end": ("a,b\n1,2", [(2, 2, ("1", "2"))], []),
    "Windows line ends": ("a,b\r\n1,2\r\n", [(2, 2, ("1", "2"))], []),
    "old Macintosh line ends": ("a,b\r1,2\r", [(2, 2, ("1", "2"))], []),
    "header only": ("a,b\n", [], []),
    "byte order mark": ("\ufeffa,b\n1,2\n", [(2, 2, ("1", "2"))], []),
    "blank rows count and are no data": (
        "a,b\n\n1,2\n  \n,\n3,4\n",
        [(3, 3, ("1", "2")), (6, 6, ("3", "4"))],
        [],
    ),
    "blank line before the header": ("\na,b\n1,2\n", [(3, 3, ("1", "2"))], []),
    "line that announces the delimiter": ("sep=;\na;b\n1;2\n", [(3, 3, ("1", "2"))], []),
    "end-of-file mark": ("a,b\n1,2\n\x1a", [(2, 2, ("1", "2"))], []),
    "end-of-file mark after text": ("a,b\n1,2\x1a", [(2, 2, ("1", "2"))], []),
    "codes stay text": (
        "a,b\nNO,010121\nNA,1E001\n",
        [(2, 2, ("NO", "010121")), (3, 3, ("NA", "1E001"))],
        [],
    ),
    "spaces stay": ("a,b\n 1 , 2\n", [(2, 2, (" 1 ", " 2"))], []),
    "quoted delimiter": ('a,b\n"1,5",2\n', [(2, 2, ("1,5", "2"))], []),
    "doubled quotes": ('a,b\n"say ""x""",2\n', [(2, 2, ('say "x"', "2"))], []),
    "inch mark in an unquoted cell": ('a,b\n5" pipe,2\n', [(2, 2, ('5" pipe', "2"))], []),
    "quoted line break": (
        'a,b\n"x\r\ny",2\n3,4\n',
        [(2, 2, ("x\r\ny", "2")), (3, 4, ("3", "4"))],
        [],
    ),
    "too few cells": (
        "a,b\n1\n3,4\n",
        [(3, 3, ("3", "4"))],
        [(2, 2, "the row has 1 cell, the header has 2")],
    ),
    "too many cells": (
        "a,b\n1,2,3\n3,4\n",
        [(3, 3, ("3", "4"))],
        [(2, 2, "the row has 3 cells, the header has 2")],
    ),
    "quote inside a quoted cell": (
        'a,b\n"5" pipe",2\n3,4\n',
        [(3, 3, ("3", "4"))],
        [(2, 2, "cell 1 begins with a quote and has another one inside that is not doubled")],
    ),
    "unclosed quote": (
        'a,b\n1,"2\n3,4\n5,6\n',
        [(3, 3, ("3", "4")), (4, 4, ("5", "6"))],
        [(2, 2, "the quote at the start of cell 2 is not closed")],
    ),
    "unclosed quote before a quoted cell": (
        'a,b\n1,"2\n3,"4,5"\n',
        [(3, 3, ("3", "4,5"))],
        [(2, 2, "the quote at the start of cell 2 is not closed")],
    ),
    "ragged over several lines": (
        'a,b\n"1\n2",3,4\n5,6\n',
        [(4, 4, ("5", "6"))],
        [
            (
                2,
                2,
                "the row has 3 cells, the header has 2, when its quoted cell is read over 2 lines",
            ),
            (3, 3, "the row has 3 cells, the header has 2"),
        ],
    ),
    "stray quotes around whole rows": (
        'a,b,c\n"1,2,3\n4,5,6\n7",8,9\n',
        [],
        [
            (
                2,
                2,
                "its quoted cell runs from line 2 to line 4, and each of these lines looks like a "
                "row of its own; a closing quote may be missing",
            )
        ],
    ),
    "NUL": (
        b"a,b\n1,\x002\n3,4\n",
        [(3, 3, ("3", "4"))],
        [(2, 2, "a NUL character at position 3")],
    ),
    "Turkish code page": (
        b"a,b\nma\xf0aza,2\n3,4\n",
        [(2, 2, ("mağaza", "2")), (3, 3, ("3", "4"))],
        [],
    ),
    "bad byte in UTF-8": (
        "a,b\nmağaza,2\n5,6\n".encode() + b"ma\xf0aza,2\n3,4\n",
        [(2, 2, ("mağaza", "2")), (3, 3, ("5", "6")), (5, 5, ("3", "4"))],
        [
            (
                4,
                4,
                "byte 0xF0 at position 3 of the line is not valid UTF-8; if the file has another "
                "encoding, name it: --encoding cp1254",
            )
        ],
    ),
    "bad byte in a quoted cell over lines": (
        b'a,b\n"x\n\xff",2\n3,4\n',
        [(3, 4, ("3", "4"))],
        [
            (
                2,
                2,
                "byte 0xFF at position 4 of the line is not valid UTF-8; if the file has another "
                "encoding, name it: --encoding cp1254",
            )
        ],
    ),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_each_trouble_gives_these_rows_and_these_set_aside(folder: Path, name: str) -> None:
    content, rows, refused = TROUBLES[name]
    source, found, aside = read(write(folder, content))
    assert [tuple(row) for row in found] == rows
    assert [row[:3] for row in aside] == refused
    assert source.row_count == len(rows) + len(refused)


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [
        ("order_id,product", ","),
        ("order_id;product", ";"),
        ("order_id\tproduct", "\t"),
        ("order_id|product", "|"),
        ("order_id;some, other, thing;product", ";"),
        ("order_id", ","),
        ("nothing known;at all", ";"),
    ],
)
def test_the_delimiter_is_the_one_that_gives_most_known_names(
    folder: Path, header: str, delimiter: str
) -> None:
    source, _, _ = read(write(folder, header + "\n"))
    assert source.delimiter == delimiter


@pytest.mark.parametrize(("written", "delimiter"), [("\\t", "\t"), ("tab", "\t"), (";", ";")])
def test_a_stated_delimiter_is_used(folder: Path, written: str, delimiter: str) -> None:
    source, rows, _ = read(write(folder, f"a{delimiter}b\n1{delimiter}2\n"), delimiter=written)
    assert source.delimiter == delimiter
    assert rows[0].cells == ("1", "2")


@pytest.mark.parametrize("delimiter", ["", '"', "\n", "\0", '|"|', "x" * 11])
def test_an_impossible_delimiter_is_a_configuration_error(folder: Path, delimiter: str) -> None:
    with pytest.raises(ConfigurationError, match="a delimiter is one character"):
        read(write(folder, "a,b\n"), delimiter=delimiter)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding(folder: Path, encoding: str) -> None:
    text = "a,b\r\nmağaza,Алюминий\r\n"
    _, rows, refused = read(write(folder, text.encode(encoding)))
    assert rows == [Row(2, 2, ("mağaza", "Алюминий"))]
    assert refused == []


@pytest.mark.parametrize("encoding", ["cp1254", "utf-16-le", "iso8859-9"])
def test_a_stated_encoding_is_used(folder: Path, encoding: str) -> None:
    source, rows, _ = read(write(folder, "a,b\nmağaza,2\n".encode(encoding)), encoding=encoding)
    assert rows[0].cells == ("mağaza", "2")
    assert source.encoding == encoding


@pytest.mark.parametrize("encoding", ["quux", "rot13", "base64", "unicode_escape", "", "a\0b"])
def test_an_impossible_encoding_is_a_configuration_error(folder: Path, encoding: str) -> None:
    with pytest.raises(ConfigurationError, match="encoding"):
        read(write(folder, "a,b\n"), encoding=encoding)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "no header row"),
        (b"\x1a", "no header row"),
        (b'a,"b\n', "the header cannot be read: the quote at the start of cell 2 is not closed"),
        (b"a,\xf0\n", "the header cannot be read: byte 0xF0 at position 3"),
        (b"a,\0\n1,2\n3,4\n5,6\n", "the header cannot be read: a NUL"),
        (b"a,b\0\0\0\0\0\0\n1,2", "it looks like UTF-16 without a byte order mark"),
        (b"PK\x03\x04rest", "not a CSV file: a zip archive"),
        (b"%PDF-1.7", "not a CSV file: a PDF"),
    ],
)
def test_what_cannot_be_read_at_all_is_an_input_error(
    folder: Path, content: bytes, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read(write(folder, content))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("orders.xlsx", "not a CSV file: an Excel workbook"),
        ("ORDERS.XLS", "not a CSV file"),
        ("orders.json", "not a CSV file"),
        ("missing.csv", "there is no such file"),
        (".", "not a file"),
        ("a\0b", "cannot be read"),
        ("x" * 5000, "cannot be read"),
    ],
)
def test_a_path_that_is_no_csv_file_is_an_input_error(
    folder: Path, name: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_csv(folder / name)


def test_the_hash_is_of_the_bytes(folder: Path) -> None:
    content = b"\xef\xbb\xbfa,b\r\n1,2\r\n\x1a"
    source, _, _ = read(write(folder, content))
    assert source.sha256 == hashlib.sha256(content).hexdigest()


def test_standard_input_is_read_for_a_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(b"a,b\n1,2\n"))
    monkeypatch.setattr("sys.stdin", stream)
    source = read_csv("-", is_known=KNOWN)
    assert [row.cells for row in source.rows() if isinstance(row, Row)] == [("1", "2")]
    assert not stream.buffer.closed


def test_a_cell_over_a_million_characters_is_set_aside(folder: Path) -> None:
    _, rows, refused = read(write(folder, "a,b\n" + "x" * 1_000_001 + ",2\n3,4\n"))
    assert [row.cells for row in rows] == [("3", "4")]
    (row,) = refused
    assert row[:3] == (2, 2, "a cell is longer than 1000000 characters")
    assert len(row[3]) == LONGEST_KEPT + 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", ""])
def test_a_line_too_long_is_set_aside_and_the_next_is_read(folder: Path, end: str) -> None:
    for length in (7_999_999, 8_000_000, 8_000_001, 16_000_001):
        rest = f"3,4{end}" if end else ""
        path = write(folder, f"a,b{end or chr(10)}" + "x" * length + end + rest)
        _, rows, refused = read(path)
        assert [row.cells for row in rows] == ([("3", "4")] if end else [])
        assert [row.row for row in refused] == [2]


@pytest.mark.parametrize(
    "content",
    [
        '"' * 1_000_000,
        "a,b\n" + '"' * 1_000_000,
        "a,b\n" + '"\n' * 500_000,
        "a,b\n" + '1,"\n' * 300_000,
        "a,b\n" + 'x",""",\n' * 200_000,
        "a,b\n" + '1,"2\n' + "3,4\n" * 200_000,
        "a,b\n" + ('1,"2\n' + "3,4\n" * 99) * 3_000,
        "a,b\n" + "," * 2_000_000,
    ],
    ids=["header", "one line", "lone", "opened", "reopened", "never closed", "again", "commas"],
)
def test_hostile_quotes_end_quickly(folder: Path, content: str) -> None:
    path = write(folder, content)
    start = time.process_time()
    try:
        source, rows, refused = read(path)
        assert source.row_count == len(rows) + len(refused)
    except InputError:
        pass
    assert time.process_time() - start < 20


SPACE = " \t\r\n\f\v"
CELLS = st.text(
    alphabet=st.one_of(
        st.sampled_from(',;"\n\r \t|ab5'),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=12,
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=8))
def test_what_a_csv_writer_wrote_comes_back_text_for_text(
    folder: Path, rows: list[tuple[str, str]]
) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(["a", "b"])
    writer.writerows(rows)
    text = buffer.getvalue().removesuffix("\x1a")
    source, found, refused = read(write(folder, text.encode()), delimiter=",")
    assert refused == []
    assert [row.cells for row in found] == [row for row in rows if any(c.strip(SPACE) for c in row)]
    assert source.row_count == len(found)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    damage=st.lists(
        st.tuples(st.integers(0, 400), st.sampled_from([b'"', b"\0", b"\xff", b",", b"\n", b"\r"])),
        max_size=12,
    )
)
def test_damaged_bytes_are_rows_or_set_aside_or_one_input_error(
    folder: Path, damage: list[tuple[int, bytes]]
) -> None:
    content = bytearray("a,b,c\n" + 'O-1,"mağaza, ""x""",5\n' * 12, "utf-8")
    for position, byte in damage:
        content[position % len(content) : position % len(content) + 1] = byte
    try:
        source, rows, refused = read(write(folder, bytes(content)))
    except InputError:
        return
    assert source.row_count == len(rows) + len(refused)
    assert source.sha256 == hashlib.sha256(content).hexdigest()
    assert all(len(row.cells) == len(source.header) for row in rows)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=300),
    encoding=st.sampled_from(
        [
            None,
            "utf-8",
            "utf-16",
            "utf-16-le",
            "utf-32",
            "utf-7",
            "cp1254",
            "shift_jis",
            "gb18030",
            "iso2022_jp",
            "hz",
        ]
    ),
)
def test_any_bytes_in_any_encoding_raise_nothing_but_input_errors(
    folder: Path, content: bytes, encoding: str | None
) -> None:
    try:
        source, rows, refused = read(write(folder, content), encoding=encoding)
    except InputError:
        return
    assert source.row_count == len(rows) + len(refused)
