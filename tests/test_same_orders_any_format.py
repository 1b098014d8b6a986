"""The same orders give the same assessments, whatever file or database they come from."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from redflags import Screener
from redflags.readers import Selection
from tests import written
from tests.written import Table

ROOT = Path(__file__).parents[1]
COUNT = 200


def orders() -> Table:
    """Two hundred orders: the labelled cases, the examples, and mixtures of both."""
    names: list[str] = []
    found: list[dict[str, str]] = []
    for path in ("tests/cases/orders.csv", "examples/orders.csv"):
        with (ROOT / path).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                row.pop(None, None)  # type: ignore[call-overload]
                names += [name for name in row if name not in names]
                found.append({name: text or "" for name, text in row.items()})
    pick = random.Random(200)
    while len(found) < COUNT:
        first, second = pick.sample(found, 2)
        mixed = {name: pick.choice((first, second)).get(name, "") for name in names}
        found.append(mixed | {"order_id": f"M-{len(found) // 2}"})
    return names, [[row.get(name, "") for name in names] for row in found]


TABLE = orders()


def without_places(value: Any) -> Any:
    """An assessment without files, rows and lines."""
    if isinstance(value, dict):
        return {
            key: without_places(one)
            for key, one in value.items()
            if key not in ("file", "row", "line")
        }
    return [without_places(one) for one in value] if isinstance(value, list) else value


def assessed(source: str, **options: Any) -> str:
    """The assessments as text, and how many rows were read."""
    report = Screener().check_files([source], show_all=True, **options)
    assert report.summary.read == report.summary.assessed == COUNT
    told = report.model_dump(mode="json")
    return json.dumps(
        [without_places(told["assessments"]), told["summary"]["bands"]], sort_keys=True
    )


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("orders") / "orders.csv"
    written.write_csv(path, TABLE)
    found = assessed(str(path))
    assert found.count('"rule"') > 100  # these orders do say something
    return found


def semicolons(path: Path, table: Table) -> None:
    written.write_csv(path, table, delimiter=";")


WRITERS: dict[str, Callable[[Path, Table], None]] = {
    "semicolons.csv": semicolons,
    "orders.xlsx": written.write_xlsx,
    "orders.xls": written.write_xls,
    "orders.ods": written.write_ods,
    "orders.json": written.write_json,
    "orders.jsonl": written.write_json_lines,
    "orders.parquet": written.write_parquet,
    "orders.feather": written.write_feather,
    "orders.arrows": written.write_arrow_stream,
}


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_orders_give_the_same_assessments(
    tmp_path: Path, expected: str, name: str
) -> None:
    path = tmp_path / name
    WRITERS[name](path, TABLE)
    assert assessed(str(path)) == expected


def test_a_sqlite_table_gives_the_same_assessments(tmp_path: Path, expected: str) -> None:
    path = tmp_path / "orders.db"
    written.write_sqlite(path, TABLE)
    assert assessed(f"sqlite:///{path}?table=orders") == expected


def test_a_postgresql_table_gives_the_same_assessments(postgres_url: str, expected: str) -> None:
    import psycopg

    names = ", ".join(f'"{name}"' for name in TABLE[0])
    texts = names.replace('",', '" text,') + " text"
    marks = ", ".join("%s" for _ in TABLE[0])
    with psycopg.connect(postgres_url) as connection:
        connection.execute(f"CREATE TABLE same_orders (place serial, {texts})")  # type: ignore[arg-type]
        connection.cursor().executemany(
            f"INSERT INTO same_orders ({names}) VALUES ({marks})",  # type: ignore[arg-type]
            TABLE[1],
        )
    # Without an order the database gives rows as it likes.
    query = f"SELECT {names} FROM same_orders ORDER BY place"
    assert assessed(postgres_url, selection=Selection(query=query)) == expected
