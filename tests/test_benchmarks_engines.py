"""The comparison of engines gives every engine the same work, and all find the same."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from redflags.engine.judge import Judge
from redflags.model.record import record_of_texts
from redflags.rulebook.operators import comparison_key

ORDERS = 3_000

Hits = Mapping[str, list[int]]


@pytest.fixture(scope="module", autouse=True)
def _benchmarks_can_be_imported() -> Iterator[None]:
    folder = str(Path(__file__).parents[1] / "benchmarks")
    sys.path.insert(0, folder)
    yield
    sys.path.remove(folder)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import engine_work

    folder = tmp_path_factory.mktemp("orders")
    texts, typed = engine_work.make_orders(ORDERS)
    texts.write_parquet(folder / "texts.parquet")
    typed.write_parquet(folder / "typed.parquet")
    typed.write_csv(folder / "typed.csv")
    return folder


@pytest.fixture(scope="module")
def rules() -> Any:
    import engine_work

    return engine_work.rules_as_tree(engine_work.rule_book())


@pytest.fixture(scope="module")
def expected(data: Path) -> dict[str, list[int]]:
    """What the judge says, order by order."""
    import engine_work

    judge = Judge(engine_work.rule_book())
    frame = pl.read_parquet(data / "texts.parquet")
    hits: dict[str, list[int]] = {}
    for number, cells in enumerate(frame.iter_rows()):
        verdicts = judge.verdicts(record_of_texts(zip(frame.columns, cells, strict=True)))
        assert not verdicts.unknown, cells
        for rule in verdicts.true:
            hits.setdefault(rule.id, []).append(number)
    return hits


def sorted_hits(hits: Hits) -> dict[str, list[int]]:
    return {rule: sorted(numbers) for rule, numbers in hits.items() if numbers}


def test_most_rules_hold_for_some_order(expected: Hits, rules: Mapping[str, Any]) -> None:
    assert len(expected) * 3 >= len(rules) * 2


def test_two_firms_never_share_a_name(data: Path) -> None:
    from redflags.model.fields import field_table

    key = comparison_key(field_table()["buyer.name"].kind)
    names = pl.read_parquet(data / "texts.parquet")["buyer.name"].unique().to_list()
    assert len({key(name) for name in names}) == len(names)


def test_the_columnar_engine_finds_it(data: Path, expected: Hits) -> None:
    from engine_own import Columnar

    engine = Columnar(data)
    assert sorted_hits(engine.understand_and_judge()) == expected
    assert sorted_hits(engine.judge()) == expected


@pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp:DeprecationWarning")
@pytest.mark.parametrize(
    ("name", "package"),
    [("closures", "redflags"), ("durable_rules", "durable"), ("zen", "zen"),
     ("rule_engine", "rule_engine")],
)  # fmt: skip
def test_row_engines_find_it(
    name: str, package: str, data: Path, rules: Mapping[str, Any], expected: Hits
) -> None:
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    import engine_peers

    made = getattr(engine_peers, name)(rules)
    judge, prepare = made if isinstance(made, tuple) else (made, dict)
    few = 400 if name == "rule_engine" else ORDERS
    hits: dict[str, list[int]] = {}
    for order in pl.read_parquet(data / "typed.parquet", n_rows=few).iter_rows(named=True):
        for rule in judge(prepare(order)):
            hits.setdefault(rule, []).append(order["number"])
    below = {rule: [one for one in numbers if one < few] for rule, numbers in expected.items()}
    assert sorted_hits(hits) == sorted_hits(below)


@pytest.mark.parametrize("coded", [False, True])
@pytest.mark.parametrize("name", ["pandas", "duckdb"])
def test_column_engines_find_it(
    name: str, coded: bool, data: Path, rules: Mapping[str, Any], expected: Hits
) -> None:
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed")
    import engine_peers

    make: Callable[..., Callable[[], Hits]] = getattr(engine_peers, name)
    assert sorted_hits(make(rules, data, coded)()) == expected


def test_the_picture_shows_every_engine(tmp_path: Path) -> None:
    import engine_plot

    path = tmp_path / "engines.svg"
    engine_plot.draw(path, [("our own", 1_200_000.0, True), ("A & B", 900.0, False)], "a test")
    drawn = path.read_text(encoding="utf-8")
    assert "1.2 million" in drawn
    assert "A &amp; B" in drawn
    assert drawn.count("<rect") == 3
