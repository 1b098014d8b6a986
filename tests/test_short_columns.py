"""A short column beside that of the full name: one meaning, whatever the order of the two."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from redflags import Screener, Transaction
from redflags.intake import open_orders
from redflags.intake.headers import map_headers
from redflags.intake.mapping_file import read_mapping
from redflags.intake.records import settled_records
from redflags.intake.survey import survey
from redflags.model.record import Record
from redflags.writers.mapping_file import write_mapping

PAIRS = [
    ("end_use_statement", "end_use_statement_status", "end_use_statement.status"),
    ("licence", "licence_status", "licence.status"),
    ("license", "licence", "licence.status"),
    ("refuses_end_use", "observations_refuses_end_use", "observations.refuses_end_use"),
]
CELLS = [("verified", "refused"), ("verified", ""), ("", "refused"), ("", ""), (" ", "refused")]


def written(order: dict[str, Any], path: str) -> str:
    group, _, attribute = path.partition(".")
    found = getattr(getattr(Transaction.model_validate(order), group), attribute)
    return str(found.written)


@pytest.mark.parametrize(("short", "full", "path"), PAIRS)
@pytest.mark.parametrize("cells", CELLS)
def test_the_full_name_counts_and_else_the_short_one(
    short: str, full: str, path: str, cells: tuple[str, str], tmp_path: Path
) -> None:
    given = {short: cells[0], full: cells[1], "product": "paste"}
    expected = (cells[1] or cells[0]).strip()
    told = set()
    for names in itertools.permutations(given):
        assert written({name: given[name] for name in names}, path).strip() == expected
        file = tmp_path / "orders.csv"
        row = [given[name] for name in names]
        file.write_text(f"{','.join(names)}\n{','.join(row)}\n")
        source, header = open_orders(file)
        with source:
            (record,) = (one for one in settled_records(source, header) if isinstance(one, Record))
        told.add(record[path].written.strip())
    assert told == {expected}


def test_a_missing_value_is_not_stated() -> None:
    order = {"end_use_statement": "verified", "end_use_statement_status": None}
    assert written(order, "end_use_statement.status") == "verified"


def test_the_same_name_twice_is_still_ambiguous() -> None:
    found = map_headers(["product", "licence", "licence", "licence_status"])
    assert "licence.status" not in found.fields


@pytest.mark.parametrize(
    ("cells", "fields"),
    [
        (["EX-2026/0012", "", "EX-2026/0044"], ("licence.number", "licence.status")),
        (["EX-2026/0012", "held"], ("licence.status", "licence.status")),
        (["", ""], ("licence.status", "licence.status")),
    ],
)
def test_a_licence_beside_its_status_may_be_its_number(
    cells: list[str], fields: tuple[str, str]
) -> None:
    header = ["product", "licence", "licence_status"]
    assert map_headers(header, samples=lambda: {1: cells}).fields[1:] == fields


def test_both_engines_and_a_written_mapping_say_the_same(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "order_id,product,quantity,buyer_business,end_use_statement,end_use_statement_status\n"
        "A1,aluminium paste,6 t,mobile phone shop,received,\n"
        "A2,aluminium paste,6 t,mobile phone shop,,verified\n"
        "A3,aluminium paste,6 t,mobile phone shop,refused,verified\n"
    )
    source, header = open_orders(path)
    with source, (tmp_path / "mapping.toml").open("w", encoding="utf-8") as stream:
        surveyed = survey(source, header)
        write_mapping(surveyed, stream)
    assert not any(column.undecided for column in surveyed.columns)
    again = read_mapping(tmp_path / "mapping.toml")
    assert again.columns["end_use_statement.status"] == (
        "end_use_statement_status",
        "end_use_statement",
    )
    reports = [
        Screener(engine=engine)
        .check_files([path], mapping=mapping)
        .model_dump(mode="json")["assessments"]
        for engine in ("judge", "columnar")
        for mapping in (None, again)
    ]
    assert len(reports[0]) == 3
    assert all(report == reports[0] for report in reports)
