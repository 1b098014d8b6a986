"""Several engines, one meaning: their raw verdicts are equal on generated rule books and orders."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags import Transaction
from redflags.engine.durable import DurableEngine, EngineError
from redflags.engine.judge import Judge, Verdicts
from redflags.model import Record
from redflags.model.record import record_of
from redflags.rulebook import RuleBook
from tests.strategies import LEAVES, TEXTS, blocks, book_of

ROOT = Path(__file__).parents[1]

Orders = Sequence[dict[str, str]]
Batch = Callable[[Orders], Sequence[Verdicts]]


def record(order: dict[str, str]) -> Record:
    return record_of(Transaction.model_validate(order))


def durable(book: RuleBook) -> Batch:
    engine = DurableEngine(book)
    return lambda orders: [engine.verdicts(record(order)) for order in orders]


def columnar(book: RuleBook) -> Batch:
    """Each order is a table of its own: no two have the same columns."""
    polars = pytest.importorskip("polars")
    engines = pytest.importorskip("redflags.engine.columnar")

    def verdicts(order: dict[str, str]) -> Verdicts:
        if not order:  # a table without columns has no rows either
            return Judge(book).verdicts(record(order))
        frame = polars.DataFrame([order])
        found = {place: one for place, _, one in engines.ColumnarEngine(book).verdicts(frame)}
        return found.get(0, Verdicts((), ()))

    return lambda orders: [verdicts(order) for order in orders]


ENGINES: dict[str, Callable[[RuleBook], Batch]] = {"durable": durable, "columnar": columnar}
"""Every engine beside the judge, as a factory: from a rule book to verdicts on orders."""


def made(name: str, book: RuleBook) -> Batch:
    """The engine for a rule book; the test is skipped, with the reason, where it is not there."""
    try:
        return ENGINES[name](book)
    except EngineError as error:
        if "durable-rules" in str(error):
            pytest.skip(str(error))
        raise


ODD_TEXTS = [
    "", " ", "-1", "0", "1e-07", "1e400 kg", "nan", "inf", "9" * 400, "y" * 66_000, "\x00",
    "\u202egnp.exe", "شركة المثال", "９ ｔ", "'\"\\", '","p0":2', "99,999.999999999 kg",
    "9007199.254740993 t", "-6 t", "9223372036854775807 USD", "-1 USD",
]  # fmt: skip

ODD_LEAVES: list[tuple[str, Any]] = [
    ("quantity", {"at_least": "9007 t"}),
    ("quantity", {"less_than": "9008 t"}),
    ("quantity", {"between": ["1 kg", "8000 t"]}),
    ("quantity", {"at_most": "1 mg"}),
    ("value", {"less_than": "18000 USD"}),
    ("value", {"between": ["18000 EUR", "900000000000 EUR"]}),
    ("concentration", {"at_least": "65 % w/w"}),
    ("concentration", {"between": ["3 %", "65 %"]}),
    ("buyer.age", {"more_than": "12 weeks"}),
    ("buyer.age", {"at_most": "12 months"}),
    ("buyer.country", {"is_not": "TR"}),
    ("buyer.country", {"not_in": ["TR", "GB", "NO"]}),
    ("payment.method", {"not_in": ["cash"]}),
    ("licence.status", {"in": ["held", "applied", "refused"]}),
    ("buyer.business", {"in_list": "traders"}),
    ("date", {"before": "2015-07-01"}),
]

odd_leaves = st.sampled_from(ODD_LEAVES + LEAVES).map(lambda leaf: {leaf[0]: leaf[1]})
odd_blocks = st.recursive(
    odd_leaves,
    lambda inner: st.builds(
        lambda kind, parts: {kind: parts},
        st.sampled_from(["all", "any", "none"]),
        st.lists(inner, min_size=1, max_size=6),
    ),
    max_leaves=25,
)
any_blocks = st.one_of(blocks, odd_blocks)


@st.composite
def odd_orders(draw: st.DrawFn) -> dict[str, str]:
    """An order of which any field may be missing, usual or odd."""
    chosen = draw(st.lists(st.sampled_from(sorted(TEXTS)), unique=True))
    return {path: draw(st.sampled_from(TEXTS[path] + ODD_TEXTS)) for path in chosen}


@pytest.mark.parametrize("name", ENGINES)
@settings(max_examples=300, deadline=None)
@given(st.lists(any_blocks, min_size=1, max_size=6), st.lists(odd_orders(), min_size=1, max_size=4))
def test_an_engine_says_what_the_judge_says(
    name: str, whens: list[dict[str, Any]], orders: list[dict[str, str]]
) -> None:
    book = book_of(*whens)
    judge, engine = Judge(book), made(name, book)
    expected = [judge.verdicts(record(order)) for order in orders]
    assert list(engine(orders)) == expected


@pytest.mark.parametrize("name", ENGINES)
def test_verdicts_of_one_order_do_not_depend_on_the_one_before(name: str) -> None:
    book = book_of(*({path: test} for path, test in LEAVES))
    engine = made(name, book)
    full = {path: texts[0] for path, texts in TEXTS.items()}
    empty: dict[str, str] = {}
    assert engine([full, empty, full, empty]) == [
        engine([one])[0] for one in (full, empty, full, empty)
    ]


def test_the_benchmark_finds_no_difference() -> None:
    ended = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "agreement.py", "--decisions", "20000"],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "20,000 decisions" in ended.stdout
