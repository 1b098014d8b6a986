"""Databases by URL: one table or one query as text, read only, no password ever shown."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redflags.errors import ConfigurationError, InputError, RedflagsError
from redflags.intake import open_orders
from redflags.readers import Refused, Row, Selection, open_table
from tests.read_back import read_both


def database(folder: Path, *statements: str, rows: Sequence[Sequence[Any]] = ()) -> str:
    """The URL of a new database with these statements run; ``rows`` go into the first table."""
    path = folder / "orders.db"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    for row in rows:
        connection.execute(f"INSERT INTO orders VALUES ({', '.join('?' * len(row))})", row)
    connection.commit()
    connection.close()
    return f"sqlite:///{path}"


def test_values_are_these_texts(tmp_path: Path) -> None:
    given = ["010121", 6000, 2.5, 6.0, 1.125, 1e-7, None, "", b"abc", " NO "]
    names = [f"c{number}" for number in range(len(given))]
    url = database(tmp_path, f"CREATE TABLE orders ({', '.join(names)})", rows=[given])
    found = read_both(url)
    assert found.header == tuple(names)
    assert found.cells == [
        ("010121", "6000", "2.5", "6", "1.1250", "0.0000001", "", "", "abc", " NO ")
    ]
    assert found.rows[0][:2] == (1, 1)


def test_rows_that_are_all_empty_are_counted_and_passed_over(tmp_path: Path) -> None:
    url = database(tmp_path, "CREATE TABLE orders (a, b)", rows=[(1, 2), (None, " "), (3, None)])
    assert [row[0] for row in read_both(url).rows] == [1, 3]


def test_what_is_no_text_costs_its_row_only_where_it_is_used(tmp_path: Path) -> None:
    url = database(
        tmp_path, "CREATE TABLE orders (product, photo)", rows=[("a", b"\xff"), ("b", None)]
    )
    found = read_both(url)
    assert found.cells == [("b", "")]
    assert found.refused == [(1, 1, "bytes or a group of values, which are no text, in cell 2")]
    source, header = open_orders(url)
    assert header.unused == ("photo",)
    with source:
        assert [row.cells for row in source.rows() if isinstance(row, Row)] == [
            ("a", ""),
            ("b", ""),
        ]


def test_text_that_is_no_utf8_costs_its_row(tmp_path: Path) -> None:
    url = database(
        tmp_path,
        "CREATE TABLE orders (a)",
        "INSERT INTO orders VALUES (CAST(x'41FF' AS TEXT)), ('ok'), ('nul' || char(0))",
    )
    found = read_both(url)
    assert found.cells == [("ok",)]
    assert [reason for _, _, reason in found.refused] == [
        "byte 0xFF, which is not valid UTF-8 in cell 1",
        "a NUL character in cell 1",
    ]


def test_the_hash_is_that_of_the_texts(tmp_path: Path) -> None:
    url = database(tmp_path, "CREATE TABLE orders (a, b)", rows=[("x", None)])
    with open_table(url) as table:
        list(table.rows())
    assert table.sha256 == hashlib.sha256(b"a\x1fb\x1f\x1ex\x1f\x1f\x1e").hexdigest()


def test_a_table_is_read_in_the_order_of_its_key(tmp_path: Path) -> None:
    url = database(
        tmp_path,
        "CREATE TABLE orders (b, a TEXT PRIMARY KEY) WITHOUT ROWID",
        rows=[("x", "3"), ("y", "1"), ("z", "2")],
    )
    assert read_both(url).cells == [("y", "1"), ("z", "2"), ("x", "3")]


def test_the_likeliest_table_is_read(tmp_path: Path) -> None:
    url = database(
        tmp_path,
        "CREATE TABLE customers (id, colour)",
        "CREATE TABLE orders (order_id, product)",
        "CREATE VIEW seen AS SELECT 1 AS colour",
        "INSERT INTO orders VALUES ('1', 'a')",
    )
    found = read_both(url)
    assert found.cells == [("1", "a")]
    assert found.notes == ("read the table 'orders', one of 3",)
    assert read_both(f"{url}?table=customers").header == ("id", "colour")
    assert read_both(url, selection=Selection(table="seen")).cells == [("1",)]


def test_odd_names_of_tables_and_columns_are_only_names(tmp_path: Path) -> None:
    name = "x\"; DROP TABLE orders; --'"
    quoted = name.replace('"', '""')
    url = database(
        tmp_path,
        'CREATE TABLE orders ("a ""b"" :c %s")',
        f'CREATE TABLE "{quoted}" (a)',
        f"INSERT INTO \"{quoted}\" VALUES ('one')",
    )
    assert read_both(url, selection=Selection(table=name)).cells == [("one",)]
    assert read_both(url, selection=Selection(table="orders")).header == ('a "b" :c %s',)


QUERIES = [
    "SELECT order_id, ':x' || '%' AS b FROM orders WHERE order_id < '2'",
    "select order_id, ':x%' as b from orders limit 1;",
    "  -- why; not\n /* ; */ WITH a AS (SELECT * FROM orders) SELECT *, ':x%' FROM a LIMIT 1",
    "VALUES ('1', ':x%')",
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_gives_its_rows(tmp_path: Path, query: str) -> None:
    url = database(tmp_path, "CREATE TABLE orders (order_id)", rows=[("1",), ("2",)])
    assert read_both(url, selection=Selection(query=query)).cells == [("1", ":x%")]


REFUSED_QUERIES = [
    ("DELETE FROM orders", "a query is one SELECT"),
    ("PRAGMA table_info(orders)", "a query is one SELECT"),
    ("ATTACH 'other.db' AS other", "a query is one SELECT"),
    ("-- SELECT\nDROP TABLE orders", "a query is one SELECT"),
    ("", "a query is one SELECT"),
    ("SELECT 1; DELETE FROM orders", "a query is one statement"),
    ("WITH a AS (SELECT 1) DELETE FROM orders", "readonly database"),
    ("WITH a AS (SELECT 1) INSERT INTO orders SELECT * FROM a", "readonly database"),
    ("SELECT FROM", "the database cannot be read"),
    ("SELECT * FROM missing", "no such table: missing"),
    ("SELECT 1 AS a, 2 AS A", "the column 'A' is there twice"),
]


@pytest.mark.parametrize(("query", "message"), REFUSED_QUERIES)
def test_nothing_but_reading_is_done(tmp_path: Path, query: str, message: str) -> None:
    url = database(tmp_path, "CREATE TABLE orders (a)", rows=[("1",)])
    before = (tmp_path / "orders.db").read_bytes()
    with pytest.raises(RedflagsError, match=message):
        read_both(url, selection=Selection(query=query))
    assert (tmp_path / "orders.db").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["orders.db"]


def test_what_cannot_be_read_is_an_input_error(tmp_path: Path) -> None:
    several = database(tmp_path, "CREATE TABLE a (x)", "CREATE TABLE b (x)")
    with pytest.raises(InputError, match="several tables could hold the orders: 'a', 'b'"):
        open_table(several)
    with pytest.raises(InputError, match=r"there is no table 'c'; name one of its tables: 'a'"):
        open_table(several, selection=Selection(table="c"))
    with pytest.raises(InputError, match="the database has no table"):
        open_table(database(tmp_path))
    with pytest.raises(InputError, match="there is no such file"):
        open_table(f"sqlite:///{tmp_path}/missing.db")
    assert not (tmp_path / "missing.db").exists()
    for content in (b"no database", b"SQLite format 3\0" + b"x" * 3000):
        (tmp_path / "bad.db").write_bytes(content)
        with pytest.raises(InputError, match="the database cannot be read: file is not a data"):
            open_table(f"sqlite:///{tmp_path}/bad.db")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("sqlite://", "name the file of the database"),
        ("sqlite:///:memory:", "name the file of the database"),
        ("https://example.com/orders.csv", "there is no such kind of database"),
        ("postgresql://host:port/x", "the URL of the database cannot be read"),
        ("sqlite:///x.db?table=a&table=b", "the URL names several tables"),
    ],
)
def test_an_impossible_url_is_a_configuration_error(url: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        open_table(url)


def test_a_table_and_a_query_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="not both"):
        Selection(table="a", query="SELECT 1")
    url = database(tmp_path, "CREATE TABLE a (x)")
    with pytest.raises(ConfigurationError, match="not both"):
        open_table(f"{url}?table=a", selection=Selection(query="SELECT 1"))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://someone:geheim@127.0.0.1:1/x",
        "postgresql://someone@127.0.0.1:1/x?password=geheim",
        "postgresql://someone:geheim@127.0.0.1:1/x?sslpassword=geheim&table=geheimnis",
        "mysql://someone:geheim@127.0.0.1:1/x",
        "nosuch://someone:geheim@127.0.0.1:1/x",
    ],
)
def test_no_password_is_shown_when_a_server_cannot_be_reached(url: str) -> None:
    with pytest.raises(RedflagsError) as caught:
        open_table(url)
    assert "geheim" not in str(caught.value).replace("geheimnis", "")


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6))
def test_texts_come_back(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    url = database(tmp_path, "CREATE TABLE orders (a TEXT, b TEXT)", rows=rows)
    assert read_both(url).cells == [row for row in rows if any(map(str.strip, row))]


def test_a_postgresql_table_is_read(postgres_url: str) -> None:
    import psycopg

    with psycopg.connect(postgres_url) as connection:
        connection.execute(
            "CREATE TABLE typed (order_id text PRIMARY KEY, quantity numeric(12,3), day date,"
            " at timestamp, paid boolean, tags text[], rate double precision, lasts interval,"
            " number integer, extra jsonb, photo bytea);"
            "INSERT INTO typed VALUES"
            " ('2', 1.125, '2026-01-31', '2026-01-31 09:05', true, '{a,b}', 0.1, '26:00:00',"
            "  7, '{\"a\": 1}', '\\xff'),"
            " ('1', 6.000, 'infinity', '2026-01-31', false, NULL, 'NaN', NULL, NULL, NULL, NULL);"
            "CREATE SCHEMA sales; CREATE TABLE sales.lines (a text);"
            "INSERT INTO sales.lines VALUES ('Şanlıurfa')"
        )
    source, _ = open_orders(f"{postgres_url}&table=typed")
    assert "geheim" not in source.name
    assert source.name.startswith("postgresql://tester:***@/postgres?")
    with source:
        found = [row.cells for row in source.rows() if isinstance(row, Row)]
    nothing = ("", "", "", "", "")
    assert found == [
        ("1", "6", "infinity", "2026-01-31", "no", "", *nothing),
        ("2", "1.1250", "2026-01-31", "2026-01-31T09:05:00", "yes", "a; b", "0.1", "26:00:00",
         "7", "", ""),
    ]  # fmt: skip
    lines = Selection(table="sales.lines")
    assert read_both(postgres_url, selection=lines).cells == [("Şanlıurfa",)]
    query = Selection(query="SELECT order_id::text, '50%' AS b, ':c' FROM typed WHERE number = 7")
    assert read_both(postgres_url, selection=query).cells == [("2", "50%", ":c")]
    with open_table(f"{postgres_url}&table=typed") as table:
        assert sum(isinstance(row, Refused) for row in table.rows()) == 1


@pytest.mark.parametrize(
    "query",
    [
        "WITH a AS (INSERT INTO kept VALUES (2) RETURNING x) SELECT * FROM a",
        "SELECT nextval('kept_numbers')",
        "SELECT * FROM kept; DELETE FROM kept",
        "SELECT $$;$$ FROM kept; DELETE FROM kept",
    ],
)
def test_nothing_but_reading_is_done_in_postgresql(postgres_url: str, query: str) -> None:
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (x int)")
        connection.execute("CREATE SEQUENCE IF NOT EXISTS kept_numbers")
        connection.execute("TRUNCATE kept")
        connection.execute("INSERT INTO kept VALUES (1)")
    with pytest.raises(RedflagsError):
        read_both(postgres_url, selection=Selection(query=query))
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT x FROM kept").fetchall() == [(1,)]
