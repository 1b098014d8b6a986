"""JSON and JSON Lines as text: numbers as written, nested names, one row for each line."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import random
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redflags.errors import ConfigurationError, InputError
from redflags.intake import open_orders
from redflags.readers import Refused, Row, Selection, open_table
from redflags.readers.json_orders import DEEPEST, MOST_LINES
from redflags.readers.json_source import MOST_COLUMNS, JsonSource
from redflags.readers.json_values import JsonText
from tests.read_back import Read, read_both


def read(folder: Path, text: str | bytes, name: str = "orders.json", **options: Any) -> Read:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_both(path, **options)


VALUES = [
    ('"010121"', "010121"),
    ('"NO"', "NO"),
    ('" a "', " a "),
    ('"line\\nbreak"', "line\nbreak"),
    ("6000", "6000"),
    ("-0", "-0"),
    ("12345678901234567890123", "12345678901234567890123"),
    ("1.50", "1.50"),
    ("1e5", "1e5"),
    ("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"),
    # In JSON a point is no mark of thousands, in a text it could be.
    ("1.125", "1.1250"),
    ('"1.125"', "1.125"),
    ("true", "yes"),
    ("false", "no"),
    ("null", ""),
    ("NaN", ""),
    ('["a", 2, null, true]', "a; 2; yes"),
    ("[]", ""),
    ('"\\ud83d\\ude00"', "😀"),
]


@pytest.mark.parametrize(("written", "text"), VALUES)
@pytest.mark.parametrize("name", ["orders.json", "orders.jsonl"])
def test_each_value_is_this_text(tmp_path: Path, written: str, text: str, name: str) -> None:
    orders = [f'{{"order_id": "1", "notes": {written}}}', '{"order_id": "2"}']
    whole = "[" + ",".join(orders) + "]" if name.endswith(".json") else "\n".join(orders)
    found = read(tmp_path, whole, name)
    assert found.header == ("order_id", "notes")
    assert found.cells == [("1", text), ("2", "")]


SHAPES: dict[str, tuple[str, tuple[str, ...], list[tuple[str, ...]]]] = {
    "nested parties": (
        '[{"order_id": 1, "buyer": {"name": "B", "country": "TR"}, "product": "urea"}]',
        ("order_id", "buyer.name", "buyer.country", "product"),
        [("1", "B", "TR", "urea")],
    ),
    "names of all orders": (
        '[{"order_id": 1}, {"product": "urea"}, {"ORDER_ID": 3}]',
        ("order_id", "product"),
        [("1", ""), ("", "urea"), ("3", "")],
    ),
    "lines inherit": (
        '[{"order_id": 1, "notes": "n", "lines": [{"product": "a"}, {"product": "b", "notes": "m"},'
        ' {"product": "c", "notes": null}]}]',
        ("order_id", "notes", "product"),
        [("1", "n", "a"), ("1", "m", "b"), ("1", "n", "c")],
    ),
    "lines under a name of their own": (
        '[{"order_id": 1, "posten": [{"product": "a", "quantity": 1}]}]',
        ("order_id", "product", "quantity"),
        [("1", "a", "1")],
    ),
    "no lines": ('[{"order_id": 1, "lines": []}]', ("order_id",), [("1",)]),
    "lists of objects that are no lines": (
        '[{"order_id": 1, "product": "a", "files": [{"n": "x"}, {"n": "y"}]}]',
        ("order_id", "product", "files.n"),
        [("1", "a", "x; y")],
    ),
    "one order": ('{"order_id": 1, "product": "a"}', ("order_id", "product"), [("1", "a")]),
    "one order with lines": (
        '{"order_id": 1, "items": [{"product": "a"}, {"product": "b"}]}',
        ("order_id", "product"),
        [("1", "a"), ("1", "b")],
    ),
    "an order inside": (
        '{"order": {"order_id": 1, "lines": [{"product": "a"}]}}',
        ("order_id", "product"),
        [("1", "a")],
    ),
    "a list inside": (
        '{"page": 1, "customers": [{"id": 7}], "orders": [{"order_id": 1}]}',
        ("order_id",),
        [("1",)],
    ),
    "a list deeper inside": ('{"d": {"results": [{"order_id": 1}]}}', ("order_id",), [("1",)]),
    "the list with known names": (
        '{"a": [{"x": 1}], "b": [{"order_id": 1}]}',
        ("order_id",),
        [("1",)],
    ),
    "an export with its own date": (
        '{"date": "2026-01-01", "orders": [{"order_id": 1}]}',
        ("order_id",),
        [("1",)],
    ),
    "one after another": (
        '{\n "order_id": 1\n}\n{\n "order_id": 2\n}\n',
        ("order_id",),
        [("1",), ("2",)],
    ),
    "lines that have names of their own": (
        '[{"id": 7, "name": "#1", "line_items": [{"id": 8, "name": "urea", "quantity": 2}]}]',
        ("id", "name", "line_items.id", "line_items.name", "quantity"),
        [("7", "#1", "8", "urea", "2")],
    ),
    "an order that has a number of its own": (
        '[{"id": 7, "number": "A1", "items": [{"number": 1, "product": "urea"}]}]',
        ("id", "order.number", "items.number", "product"),
        [("7", "A1", "1", "urea")],
    ),
    "an order that has an id only": (
        '[{"id": 7, "lines": [{"product": "urea"}, {"product": "sand"}]}]',
        ("order.id", "product"),
        [("7", "urea"), ("7", "sand")],
    ),
    "an id of an order without lines": (
        '[{"id": 7, "product": "urea"}]',
        ("id", "product"),
        [("7", "urea")],
    ),
    "lists of OData": (
        '{"d": {"results": [{"SalesOrder": "1", "to_Item": {"results": [{"product": "a"},'
        ' {"product": "b"}]}, "to_Partner": {"results": [{"Customer": "9"}]}}]}}',
        ("SalesOrder", "to_Partner.results.Customer", "product"),
        [("1", "9", "a"), ("1", "9", "b")],
    ),
    "lists of GraphQL": (
        '{"data": {"orders": {"edges": [{"node": {"order_id": "1", "lineItems": {"edges":'
        ' [{"node": {"product": "a"}, "cursor": "x"}, {"node": {"product": "b"}}],'
        ' "pageInfo": {"hasNextPage": false}}}}]}}}',
        ("order_id", "product"),
        [("1", "a"), ("1", "b")],
    ),
    "what only looks like a list that is wrapped": (
        '[{"order_id": 1, "product": "a", "payment": {"value": [1, 2], "data": "x"}}]',
        ("order_id", "product", "payment.data", "payment.value"),
        [("1", "a", "x", "1; 2")],
    ),
    "a list beside something that is no account of it": (
        '[{"order_id": 1, "items": {"items": [{"product": "a"}], "notes": "n"}}]',
        ("order_id", "items.notes", "items.items.product"),
        [("1", "n", "a")],
    ),
    "orders that say nothing": (
        '[{"order_id": 1}, {}, {"order_id": null}, {"order_id": " "}]',
        ("order_id",),
        [("1",)],
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_each_shape_is_these_rows(tmp_path: Path, name: str) -> None:
    text, header, cells = SHAPES[name]
    found = read(tmp_path, text)
    assert (found.header, found.cells, found.refused) == (header, cells, [])


def test_rows_count_order_lines_and_lines_are_those_of_the_file(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        '[\n{"order_id": 1, "lines": [{"product": "a"},\n {"product": "b"}]},\n\n'
        ' {"order_id": 2}, {}, 5,\n{"order_id": 3, "order_id": 4}, {"order_id": 5}]',
    )
    assert found.rows == [
        (1, 2, ("1", "a")),
        (2, 2, ("1", "b")),
        (3, 5, ("2", "")),
        (7, 6, ("5", "")),
    ]
    assert found.refused == [
        (5, 5, "an order is an object in braces, and this is none"),
        (6, 6, "'order_id' is there twice in an object"),
    ]


BAD_LINES = [
    ("{bad", "the line is not JSON: expecting property name enclosed in double quotes at char"),
    ('{"order_id": 1', "the line is not JSON"),
    ('{"order_id": 1} {"order_id": 2}', "something follows the order at character 17 of the line"),
    ("[1]", "an order is an object in braces, and this is none"),
    ('"text"', "an order is an object in braces, and this is none"),
    ('{"order_id": 1, "order_id": 2}', "'order_id' is there twice in an object"),
    ('{"order_id": 1, "Order_ID": 2}', "'Order_ID' is there twice"),
    ('{"buyer": {"name": "a"}, "buyer.name": "b"}', "'buyer.name' is there twice"),
    ('{"order_id": "\\ud800"}', "half a character (U+D800) in 'order_id'"),
    ('{"order_id": "\\u0000"}', "a NUL character in 'order_id'"),
    ('{"order_id": 1, "lines": [{"product": "a"}, 5]}', "'lines' holds something that is no obj"),
    ('{"lines": [{"product": "a"}], "items": [{"product": "b"}]}', "the order has several lists"),
    (
        '{"order_id": 1' + ', "a": {"b": 1' * DEEPEST + "}" * (DEEPEST + 1),
        "nested deeper than 16 levels",
    ),
    ("[" * 100_000, "the line is nested too deep"),
    ('{"order_id": "' + "x" * 1_000_001 + '"}', "'order_id' is longer than 1000000 characters"),
    (
        '{"order_id": 1, "lines": [' + ",".join(["{}"] * (MOST_LINES + 1)) + "]}",
        "the order has more than 10000 lines",
    ),
    (
        '{"notes": "' + "x" * 900_000 + '", "lines": [' + ",".join(["{}"] * 100) + "]}",
        "the order is too long to be repeated for each of its lines",
    ),
]


@pytest.mark.parametrize(("line", "reason"), BAD_LINES, ids=[bad[1][:40] for bad in BAD_LINES])
def test_a_bad_line_is_set_aside_and_the_rest_goes_on(
    tmp_path: Path, line: str, reason: str
) -> None:
    text = f'{{"order_id": "A"}}\r\n\r\n{line}\n{{"order_id": "B"}}'
    found = read(tmp_path, text, "orders.ndjson")
    assert [row[:2] for row in found.rows] == [(1, 1), (3, 4)]
    ((row, place, why),) = found.refused
    assert (row, place) == (2, 3)
    assert reason in why


def test_a_byte_that_is_no_utf8_costs_its_line_only(tmp_path: Path) -> None:
    found = read(tmp_path, b'{"order_id":"1"}\n{"order_id":"\xff"}\n{"order_id":"3"}', "o.jsonl")
    assert found.cells == [("1",), ("3",)]
    assert found.refused == [(2, 2, "byte 0xFF, which is not valid UTF-8 in 'order_id'")]


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ('[{"order_id": "ş"}]'.encode("utf-8-sig"), {}),
        ('[{"order_id": "ş"}]'.encode("utf-16"), {}),
        ('[{"order_id": "ş"}]'.encode("utf-16-le"), {}),
        ('[{"order_id": "ş"}]'.encode("utf-32"), {}),
        ('[{"order_id": "ş"}]'.encode("cp1254"), {"encoding": "cp1254"}),
        ('\x1e{"order_id": "ş"}\n\x1a'.encode(), {"selection": Selection(format="jsonl")}),
    ],
)
def test_every_encoding_of_json_is_read(
    tmp_path: Path, content: bytes, options: dict[str, Any]
) -> None:
    assert read(tmp_path, content, **options).cells == [("ş",)]


BROKEN = [
    ("", "the file is empty"),
    ("  \n", "the file is empty"),
    ("[]", "there is no order in it"),
    ("{}", "there is no order in it"),
    ('"text"', "there is no order in it"),
    ("nonsense", "not JSON: expecting value, at line 1, near character 1"),
    ('[{"order_id": 1},\n {"order_id": ', "not JSON: expecting value, at line 2"),
    ('[{"order_id": 1} {"order_id": 2}]', r"a comma or \] is missing, at line 1"),
    ('[{"order_id": 1}', "it breaks off"),
    ('[{"order_id": 1}]]', "not JSON"),
    ("[" * 200_000, "nested too deep"),
    ('{"a":' * 200_000, "nested too deep"),
    ('{"a": [{"product": 1}], "b": [{"product": 1}]}', "several lists could be the orders"),
    ('{"a" 1}', "a name and a colon are missing"),
    ("\xff\xfe\x00", "not JSON"),
]


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_a_document_that_cannot_be_read_is_an_input_error(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, text)


def test_what_stands_in_a_file_outdoes_its_suffix(tmp_path: Path) -> None:
    lines = read(tmp_path, '{"order_id": 1}\n{"order_id": 2}\n{bad\n', "lines.json")
    assert lines.cells == [("1",), ("2",)]
    assert [refused[1] for refused in lines.refused] == [3]
    assert lines.notes == ("read as one order to a line, as which it is written",)
    document = read(tmp_path, '[\n{"order_id": 1}\n]', "document.jsonl")
    assert document.cells == [("1",)]
    assert document.notes == ("read as one JSON document, as which it is written",)


def test_the_run_says_which_list_the_orders_are(tmp_path: Path) -> None:
    found = read(tmp_path, '{"data": {"list": [{"order_id": 1}]}}')
    assert found.notes == ("the orders are the list 'data.list' of the document",)


def test_too_many_names_are_an_input_error(tmp_path: Path) -> None:
    text = "\n".join(json.dumps({f"n{number}": 1}) for number in range(MOST_COLUMNS + 1))
    with pytest.raises(InputError, match="more than 2000 different names"):
        read(tmp_path, text, "orders.jsonl")


def test_standard_input_can_be_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = b'{"order_id": 1}\n{"order_id": 2}\n'

    class Stdin:
        buffer = io.BytesIO(content)

    monkeypatch.setattr("sys.stdin", Stdin)
    with open_table("-", selection=Selection(format="jsonl")) as table:
        assert [row.cells for row in table.rows() if isinstance(row, Row)] == [("1",), ("2",)]
    assert table.sha256 == hashlib.sha256(content).hexdigest()
    with pytest.raises(ConfigurationError, match="excel cannot be read from standard input"):
        open_table("-", selection=Selection(format="excel"))


def test_an_unknown_encoding_is_a_configuration_error(tmp_path: Path) -> None:
    for encoding in ("no-such", "base64"):
        with pytest.raises(ConfigurationError, match="there is no encoding"):
            read(tmp_path, "[]", encoding=encoding)


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        open_table(tmp_path / "missing.json")


def test_dotted_names_are_fields(tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    path.write_text('[{"order_id": 1, "buyer": {"name": "B", "colour": "red"}}]')
    source, header = open_orders(path)
    source.close()
    assert header.fields == ("order_id", "buyer.name", None)
    assert header.unused == ("buyer.colour",)


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
TABLE = st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=5)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=TABLE, ascii_only=st.booleans(), indent=st.sampled_from([None, 1]))
def test_what_the_standard_writer_writes_comes_back(
    tmp_path: Path, rows: list[tuple[str, str, str]], ascii_only: bool, indent: int | None
) -> None:
    names = ("product", "buyer_name", "notes")
    orders = [dict(zip(names, row, strict=True)) for row in rows]
    expected = [row for row in rows if any(map(str.strip, row))]
    whole = json.dumps(orders, ensure_ascii=ascii_only, indent=indent)
    assert read(tmp_path, whole).cells == expected
    lines = "\n".join(json.dumps(order, ensure_ascii=ascii_only) for order in orders)
    assert read(tmp_path, lines, "orders.jsonl").cells == expected


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)))
def test_a_number_comes_back_as_it_was(tmp_path: Path, number: float) -> None:
    ((text,),) = read(tmp_path, json.dumps([{"quantity": number}])).cells
    assert type(number)(text) == number
    assert text.rstrip("0") == json.dumps(number).rstrip("0")


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.integers(1, 40), max_size=30), seed=st.integers(0, 5))
def test_a_document_may_come_in_any_pieces(tmp_path: Path, pieces: list[int], seed: int) -> None:
    """Where reading stops for a moment, in a number or a name, changes nothing."""
    text = '[{"a": 12345, "b": [1, 2.50, {"c": null}]}, 17, {"d": "x\\u015fy", "e": true}]'

    left = list(pieces)

    class Slow(io.StringIO):
        def read(self, size: int | None = -1, /) -> str:
            return super().read(left.pop() if left else 1 + seed)

    found = list(JsonText(Slow(text), "x").elements())
    assert found == [
        {"a": "12345", "b": ["1", "2.50", {"c": None}]},
        "17",
        {"d": "xşy", "e": True},
    ]


def damaged(content: bytes, pick: random.Random) -> bytes:
    """Some bytes changed, left out or put in, or the end cut off."""
    data = bytearray(content)
    for _ in range(pick.randint(1, 6)):
        place = pick.randrange(len(data))
        change = pick.randrange(4)
        if change == 0:
            data[place] = pick.randrange(256)
        elif change == 1:
            del data[place : place + pick.randrange(1, 9)]
        elif change == 2:
            data[place:place] = bytes(pick.choice(b'{}[]",:\\\n\x00\xff') for _ in range(3))
        elif len(data) > 40:
            del data[max(20, place) :]
    return bytes(data)


@pytest.mark.parametrize("name", ["orders.json", "orders.jsonl"])
def test_damaged_files_lose_nothing_in_silence(tmp_path: Path, name: str) -> None:
    pick = random.Random(name)
    orders = [
        {"order_id": f"A-{number}", "buyer": {"name": "Ünal", "country": "TR"}, "quantity": 1.5}
        for number in range(8)
    ]
    content = (
        json.dumps(orders, indent=1)
        if name == "orders.json"
        else "\n".join(json.dumps(order) for order in orders)
    ).encode()
    path = tmp_path / name
    read_count = 0
    started = time.monotonic()
    for _ in range(500):
        path.write_bytes(damaged(content, pick))
        try:
            with open_table(path) as table:
                found = list(table.rows())
        except InputError:
            continue
        read_count += 1
        assert table.row_count == len(found)
        assert all(isinstance(one, Row | Refused) for one in found)
    assert read_count > (20 if name == "orders.json" else 300)
    assert time.monotonic() - started < 60


def test_a_long_file_is_read_in_little_memory(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "orders.json"
    order = json.dumps({"order_id": "A", "notes": "x" * 1000})
    path.write_text("[" + ",".join([order] * 8000) + "]")
    tracemalloc.start()
    try:
        with JsonSource(path, is_lines=False) as table:
            assert sum(1 for _ in table.rows()) == 8000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000, peak


@pytest.mark.parametrize("name", ["orders.json.gz", "orders.jsonl.gz"])
def test_a_packed_file_is_unpacked(tmp_path: Path, name: str) -> None:
    order = '{"order_id": "A"}'
    text = f"[{order}]" if ".json." in name else f"{order}\n{order}\n"
    content = gzip.compress(text.encode())
    found = read(tmp_path, content, name)
    assert found.cells == [("A",)] * text.count("A")
    with open_table(tmp_path / name) as table:
        list(table.rows())
    assert table.sha256 == hashlib.sha256(content).hexdigest()
    for damaged_content, message in (
        (content[:-12], "breaks off|damaged"),
        (content[:-8] + b"\0" * 8, "data is damaged"),
        (b"\x28\xb5\x2f\xfd" + b"\0" * 10, "is not gzip data"),
    ):
        with pytest.raises(InputError, match=message):
            read(tmp_path, damaged_content, name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_read_though_it_gives_its_bytes_once(tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=('{"order_id": "A"}\n',))
    writer.start()
    with open_table(path) as table:
        assert [row.cells for row in table.rows() if isinstance(row, Row)] == [("A",)]
    writer.join()
