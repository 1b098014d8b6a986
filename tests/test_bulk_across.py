"""Rules across orders over large files: judged in columns they say what they say row by row."""

from __future__ import annotations

import csv
import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags import RuleBook, Screener
from redflags.intake.batches import OrderBatch, order_batches
from redflags.rulebook import parse_rules
from redflags.screener import Engine
from tests import across_oracle as oracle
from tests.test_engine_windows import full, messy
from tests.test_engine_windows import rules as rules_with_meaning

ROOT = Path(__file__).parents[1]
NETWORKS = ROOT / "examples" / "networks"
STORIES = sorted(
    path.stem for path in NETWORKS.glob("*.csv") if path.stem not in ("honest", "labels")
)
HONEST = str(NETWORKS / "honest.csv")

Row = dict[str, str]


def report_of(
    engine: Engine, paths: Sequence[str], book: RuleBook | None = None, history: Sequence[str] = ()
) -> dict[str, Any]:
    """A report without what names the engine."""
    told = Screener(book, engine=engine).check_files(paths, history=history).model_dump(mode="json")
    assert told["run"]["settings"].pop("engine") == engine
    del told["run"]["digests"]  # those of a small file stand in its report when read by rows
    return told


def assert_alike(
    paths: Sequence[str], book: RuleBook | None = None, history: Sequence[str] = ()
) -> dict[str, Any]:
    expected = report_of("judge", paths, book, history)
    found = report_of("columnar", paths, book, history)
    for part in ("assessments", "cases", "summary", "run"):
        assert found[part] == expected[part], part
    assert found == expected
    return expected


@pytest.mark.parametrize(
    "paths",
    [
        ["tests/cases/orders.csv"],
        ["examples/orders.csv"],
        ["examples/orders.csv", "tests/cases/orders.csv"],
        ["examples/networks/six-lines.csv", "examples/orders.csv"],
    ],
)
def test_the_shipped_rules_give_one_report_of_a_file(paths: Sequence[str]) -> None:
    assert_alike([str(ROOT / path) for path in paths])


def test_all_stories_together_give_one_report() -> None:
    paths = [HONEST, *(str(NETWORKS / f"{story}.csv") for story in STORIES)]
    found = assert_alike(paths)
    assert len(found["cases"]) > 5


@pytest.mark.parametrize("story", STORIES)
def test_a_story_gives_one_report_with_the_honest_year_as_its_history(story: str) -> None:
    assert_alike([str(NETWORKS / f"{story}.csv")], history=[HONEST])


def test_rows_in_another_order_give_one_report(tmp_path: Path) -> None:
    rows: list[Row] = []
    for story in [*STORIES, "honest"]:
        with (NETWORKS / f"{story}.csv").open(encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file)
    random.Random(1).shuffle(rows)
    assert_alike([file_of(tmp_path, "all.csv", rows)])


def file_of(folder: Path, name: str, rows: Sequence[Row]) -> str:
    path = folder / name
    names = sorted({field for row in rows for field in row}) or ["product"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


# Rules that look at parties by every sort of link, and at what a line alone says.

OWN_RULES: Sequence[dict[str, Any]] = (
    {"when": {"product.family": "urea"}},
    {"when": {"product.family": "ammonium-nitrate", "quantity": {"at_least": "500 kg"}}},
    {"when": {"buyer.country": {"differs_from": "consignee.country"}}},
    {"when": {"payer.name": {"known": "yes"}}},
)
LINKED_RULES: Sequence[dict[str, Any]] = tuple(
    {"across": {"same": [same], "within": "90 days", **where, "having": having}}
    for same in (
        {"linked": ["phone"]},
        {"linked": ["phone", "address", "email", "website", "director", "registration"]},
        {"linked": ["payer"]},
        {"linked": ["payer", "phone", "email"]},
        "end_user",
        "consignee.country",
    )
    for where in (
        {},
        {"where": {"product.family": ["urea", "ammonium-nitrate"]}},
        {"where": {"quantity": {"at_least": "500 kg"}}},
    )
    for having in (
        {"count": {"at_least": 2}},
        {"distinct(buyer)": {"at_least": 2}},
        {"sum(quantity)": {"at_least": "1 t"}},
        {"first": "yes"},
        {"some": {"outcome": "refused"}},
    )
)


@cache
def _book(text: str) -> RuleBook:
    return parse_rules(text)


def book_of(*rules: dict[str, Any]) -> RuleBook:
    facts, severities = ("trade", "scale", "place", "payer"), ("low", "medium", "high")
    written = [
        {
            "id": f"r{number}",
            "title": f"Rule {number}",
            "severity": severities[number % 3],
            "fact": "network" if "across" in rule else facts[number % 4],
            **rule,
        }
        for number, rule in enumerate(rules)
    ]
    return _book(json.dumps({"rules": written}))


across_rules = st.one_of(
    rules_with_meaning().map(lambda one: one[0]), st.sampled_from(LINKED_RULES)
)
books = st.builds(
    lambda across, own: book_of(*across, *own),
    st.lists(across_rules, min_size=1, max_size=3),
    st.lists(st.sampled_from(OWN_RULES), max_size=2, unique_by=str),
)

PHONES = [*oracle.PHONES, "+49 40 123456 7"]
FIRMS = sorted(oracle.FIRMS)
linked = st.fixed_dictionaries(
    {
        "order_id": st.sampled_from(["", "n/a", *(f"O-{number}" for number in range(7))]),
        "date": st.sampled_from(sorted(oracle.DATES)),
        "product": st.sampled_from([*sorted(oracle.PRODUCTS), "wooden chairs", ""]),
        "quantity": st.sampled_from(sorted(oracle.QUANTITIES)),
        "buyer.name": st.sampled_from([*FIRMS, "Sigma Bau", "Rho Import", "Tau Export"]),
        "buyer.country": st.sampled_from(["TR", "", "DE"]),
    },
    optional={
        "buyer.phone": st.sampled_from(PHONES),
        "buyer.address": st.sampled_from(["", "1 Centre Road, Mersin", "Centre Rd. 1, Mersin"]),
        "buyer.email": st.sampled_from(["a@firm.example", "b@firm.example", "a@gmail.com", ""]),
        "buyer.registration": st.sampled_from(["", "TR 123456", "HRB 98765"]),
        "buyer.directors": st.sampled_from(["", "Ayşe Example", "Ayşe Example; Tom Test"]),
        "consignee.name": st.sampled_from(FIRMS),
        "consignee.country": st.sampled_from(["TR", "SY", ""]),
        "consignee.phone": st.sampled_from(PHONES),
        "forwarder.name": st.sampled_from(["", "Example Freight"]),
        "forwarder.phone": st.sampled_from(PHONES),
        "seller.name": st.sampled_from(["", "Omega Foods GmbH"]),
        "payer.name": st.sampled_from(["", "Payer One", "Payer Two", "Delta Trading Ltd"]),
        "payer.country": st.sampled_from(["", "NL"]),
        "end_user.name": st.sampled_from(["", "stock", "University Four", "as buyer"]),
        "outcome": st.sampled_from(["", "refused", "delivered", "cancelled"]),
    },
)
"""Orders whose parties share what links them."""

lines = st.one_of(full, messy, linked, linked)
odd = st.builds(
    lambda line, path, text: {**line, path: text},
    linked,
    st.sampled_from(["date", "quantity", "buyer.name", "buyer.country", "product", "order_id"]),
    st.sampled_from(["01/02/2016", "13/02/2016", "1.000", "no such", " ", "-", "?", "'", "1/2/16"]),
)
"""One cell is odd, or can be read in two ways."""

tables = st.lists(st.one_of(lines, lines, lines, odd), min_size=1, max_size=14)


def in_batches_of(rows: int) -> Callable[..., Iterator[OrderBatch]]:
    """The reading of batches, with so many rows in each."""

    def batches(*given: Any) -> Iterator[OrderBatch]:
        for whole in order_batches(*given):
            for start in range(0, max(whole.frame.height, 1), rows):
                yield OrderBatch(
                    whole.frame.slice(start, rows),
                    whole.rows.slice(start, rows),
                    whole.lines.slice(start, rows),
                    whole.set_aside if start == 0 else (),
                    whole.cells.slice(start, rows),
                    whole.read.slice(start, rows),
                    whole.read_rows.slice(start, rows),
                )

    return batches


@settings(max_examples=200)
@given(book=books, table=tables, data=st.data())
def test_generated_files_give_one_report(book: RuleBook, table: list[Row], data: Any) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(table)), max_size=2)))
    parts = [table[start:end] for start, end in zip([0, *cuts], [*cuts, len(table)], strict=True)]
    parts = [part for part in parts if part]
    is_history = data.draw(st.booleans()) and len(parts) > 1
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        # Windows over many lines are measured in another way, and of the rows there are more.
        patch.setattr("redflags.across.windows.FEW_LINES", data.draw(st.integers(-1, 14)))
        patch.setattr("redflags.bulk.order_batches", in_batches_of(data.draw(st.integers(1, 15))))
        paths = [file_of(Path(folder), f"{n}.csv", part) for n, part in enumerate(parts)]
        history = [paths.pop(data.draw(st.sampled_from((0, -1))))] if is_history else []
        assert_alike(paths, book, history)


ORDER = {"date": "2016-03-01", "product": "urea", "quantity": "600 kg", "buyer.country": "TR"}
CHAIRS = {**ORDER, "product": "wooden chairs"}
SAME_PHONE = {"buyer.phone": "+90 212 555 01 01"}
SUM_OF_LINKED = {
    "across": {
        "same": [{"linked": ["phone", "payer"]}],
        "within": "90 days",
        "where": {"product.family": "urea"},
        "having": {"sum(quantity)": {"at_least": "1 t"}, "distinct(buyer)": {"at_least": 2}},
    }
}
FIRST = {
    "across": {
        "same": ["consignee.country"],
        "within": "30 days",
        "where": {"product.family": "urea"},
        "having": {"first": "yes"},
    }
}


def of(number: str, buyer: str, *parts: Row, **more: str) -> Row:
    row = {"order_id": number, "buyer.name": buyer}
    for part in parts:
        row |= part
    return row | {name.replace("__", "."): text for name, text in more.items()}


TWO = [of("A-1", "Alpha Ltd", ORDER, SAME_PHONE), of("A-2", "Beta Ltd", ORDER, SAME_PHONE)]

# Rows, the rule, and which orders have a flag.
CASES: Sequence[tuple[str, Sequence[Row], dict[str, Any], set[str]]] = (
    ("two linked buyers", TWO, SUM_OF_LINKED, {"A-1", "A-2"}),
    ("lines of no family tell who shares a telephone",
     [of("A-1", "Alpha Ltd", ORDER), of("A-2", "Beta Ltd", ORDER),
      of("C-1", "Alpha Ltd", CHAIRS, SAME_PHONE), of("C-2", "Beta Ltd", CHAIRS, SAME_PHONE)],
     SUM_OF_LINKED, {"A-1", "A-2"}),
    ("and that it is one which many share",
     [*TWO, *(of(f"C-{n}", f"Firm {chr(70 + n) * 3} Ltd", CHAIRS, SAME_PHONE) for n in range(9))],
     SUM_OF_LINKED, set()),
    ("from the day on which many have it",
     [*TWO, *(of(f"C-{n}", f"Firm {chr(70 + n) * 3} Ltd", CHAIRS, SAME_PHONE, date="2016-03-02")
              for n in range(9)),
      of("A-3", "Alpha Ltd", ORDER, SAME_PHONE, date="2016-03-03")],
     SUM_OF_LINKED, {"A-1", "A-2"}),
    ("and that it is a forwarder's",
     [*TWO, of("C-1", "Alpha Ltd", CHAIRS, forwarder__name="Example Freight",
               forwarder__phone="+90 212 555 01 01")],
     SUM_OF_LINKED, set()),
    ("who paid for whom in lines of no family",
     [of("A-1", "Alpha Ltd", ORDER), of("A-2", "Beta Ltd", ORDER),
      of("C-1", "Alpha Ltd", CHAIRS, payer__name="Payer One"),
      of("C-2", "Beta Ltd", CHAIRS, payer__name="PAYER ONE")],
     SUM_OF_LINKED, {"A-1", "A-2"}),
    ("a payer of a later day links nothing yet",
     [of("A-1", "Alpha Ltd", ORDER), of("A-2", "Beta Ltd", ORDER),
      of("C-1", "Alpha Ltd", CHAIRS, payer__name="Payer One", date="2016-04-01"),
      of("C-2", "Beta Ltd", CHAIRS, payer__name="PAYER ONE")],
     SUM_OF_LINKED, set()),
    ("a quiet line first, and one that a window takes away",
     [of("A-1", "Gamma Ltd", CHAIRS), *TWO, of("A-2", "Delta Ltd", CHAIRS),
      of("A-3", "Gamma Ltd", CHAIRS, SAME_PHONE), of("A-3", "Omega Ltd", ORDER)],
     SUM_OF_LINKED, {"A-1", "A-2"}),
    ("how far back the orders go is told by lines of no family",
     [of("C-1", "Alpha Ltd", CHAIRS, date="2015-01-01"),
      of("A-1", "Alpha Ltd", ORDER, consignee__country="SY")],
     FIRST, {"A-1"}),
    ("of what one day brought the first rows are named first",
     [of("A-2", "Beta Ltd", ORDER, SAME_PHONE), of("A-1", "Alpha Ltd", ORDER, SAME_PHONE),
      of("A-2", "Beta Ltd", ORDER, SAME_PHONE, date="2016-02-20")],
     SUM_OF_LINKED, {"A-1", "A-2"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "rule", "flagged"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_every_line_says_of_parties_counts(
    tmp_path: Path, rows: Sequence[Row], rule: dict[str, Any], flagged: set[str]
) -> None:
    found = assert_alike([file_of(tmp_path, "all.csv", rows)], book_of(rule))
    assert {one["order_id"] for one in found["assessments"] if one["flags"]} == flagged
    split = [file_of(tmp_path, f"{n}.csv", [row]) for n, row in enumerate(rows)]
    found = assert_alike(split, book_of(rule))
    assert {one["order_id"] for one in found["assessments"] if one["flags"]} == flagged


def test_dates_that_later_rows_settle_are_forgotten_as_they_were_read_first(tmp_path: Path) -> None:
    rows = [
        of("C-1", "Alpha Ltd", CHAIRS, date="02/01/2016"),
        of("A-1", "Alpha Ltd", ORDER, date="05/03/2016", consignee__country="SY"),
        of("C-2", "Alpha Ltd", CHAIRS, date="28/03/2016"),
    ]
    found = assert_alike([file_of(tmp_path, "all.csv", rows)], book_of(FIRST))
    assert [one["order_id"] for one in found["assessments"] if one["flags"]] == ["A-1"]
