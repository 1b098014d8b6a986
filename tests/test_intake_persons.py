"""Names of persons in two columns: joined to one, unless the party has a name of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from redflags.errors import ConfigurationError
from redflags.intake import HeaderMap, map_headers, open_order_batches, open_orders
from redflags.intake.batches import order_batches
from redflags.intake.mapping_file import read_mapping
from redflags.intake.records import settled_records
from redflags.intake.survey import survey as surveyed
from redflags.model.record import Record
from redflags.writers.mapping_file import write_mapping

GIVEN, FAMILY = ["Max", "Eva"], ["Muster", "Roth"]
GOODS, COUNTS = ["chair", "desk"], ["1", "2"]
FIRMS, BLANK, CODES = ["Acme GmbH", "Bolt Ltd"], ["", ""], ["10012", "10013"]


def mapped(header: str, *cells: list[str]) -> HeaderMap:
    columns = [*cells, GOODS, COUNTS]
    return map_headers(f"{header};Product;Qty".split(";"), samples=lambda: dict(enumerate(columns)))


@pytest.mark.parametrize(
    ("header", "cells", "path", "places"),
    [
        ("First Name (Billing);Last Name (Billing)", [GIVEN, FAMILY], "buyer.name", (0, 1)),
        ("Customer surname;Customer first name", [FAMILY, GIVEN], "buyer.name", (1, 0)),
        ("Kunde Vorname;Kunde Nachname", [GIVEN, FAMILY], "buyer.name", (0, 1)),
        ("Müşteri adı;Müşteri soyadı", [GIVEN, FAMILY], "buyer.name", (0, 1)),
        ("Kundennr;Name;Vorname", [CODES, FAMILY, GIVEN], "buyer.name", (2, 1)),
        ("ship_first_name;ship_last_name;Customer", [GIVEN, FAMILY, FIRMS], "consignee.name",
         (0, 1)),
        ("Company (Billing);First Name (Billing);Last Name (Billing)", [BLANK, GIVEN, FAMILY],
         "buyer.name", (1, 2)),
        ("Customer;First name;Last name", [CODES, GIVEN, FAMILY], "buyer.name", (1, 2)),
    ],
)  # fmt: skip
def test_two_parts_of_a_name_are_one(
    header: str, cells: list[list[str]], path: str, places: tuple[int, ...]
) -> None:
    found = mapped(header, *cells)
    assert found.orders == {path: places}
    assert [position for position, field in enumerate(found.fields) if field == path] == sorted(
        places
    )


@pytest.mark.parametrize(
    ("header", "cells", "name"),
    [
        ("Customer;First name;Last name", [FIRMS, GIVEN, FAMILY], "Customer"),
        ("Customer name;Customer first name", [["Max Muster", "Eva Roth"], GIVEN],
         "Customer name"),
        ("Customer company;Customer first name", [FIRMS, GIVEN], "Customer company"),
        ("Customer name;Email;Customer first name", [FIRMS, BLANK, GIVEN], "Customer name"),
        ("buyer_name;Buyer first name;Buyer last name", [FIRMS, GIVEN, FAMILY], "buyer_name"),
        ("Customer name;Customer first name", [FIRMS, BLANK], "Customer name"),
    ],
)  # fmt: skip
def test_a_whole_name_is_not_joined(header: str, cells: list[list[str]], name: str) -> None:
    found = mapped(header, *cells)
    assert not found.orders
    assert found.names[found.fields.index("buyer.name")] == name


def test_half_a_name_is_none() -> None:
    found = mapped("Customer surname;Customer country", FAMILY, ["DE", "FR"])
    assert found.fields[0] is None
    assert found.reasons[0].endswith("it is half a name")


def test_whose_name_it_is_stays_open_for_both_parts() -> None:
    found = mapped("Vorname;Name", GIVEN, FAMILY)
    assert found.fields[:2] == (None, None)
    assert found.undecided == {0, 1}
    assert found.ambiguous.keys() == {"Vorname", "Name"}


SOME_FIRMS = ["Acme GmbH", ""]


@pytest.mark.parametrize(
    ("header", "cells", "column", "names"),
    [
        ("First Name (Billing);Last Name (Billing);Company (Billing)", [GIVEN, FAMILY, SOME_FIRMS],
         "Company (Billing) or First Name (Billing) + Last Name (Billing)",
         ["Acme GmbH", "Eva Roth"]),
        ("Billing Name;Billing Company", [["Max Muster", "Eva Roth"], SOME_FIRMS],
         "Billing Company or Billing Name", ["Acme GmbH", "Eva Roth"]),
    ],
)  # fmt: skip
def test_a_person_stands_in_where_no_firm_is_named(
    tmp_path: Path, header: str, cells: list[list[str]], column: str, names: list[str]
) -> None:
    path, mapping = tmp_path / "orders.csv", tmp_path / "mapping.toml"
    rows = [f"{header};Product;Qty", *map(";".join, zip(*cells, GOODS, COUNTS, strict=True))]
    path.write_text("\n".join(rows) + "\n")
    source, found = open_orders(path)
    with source:
        assert found.column_of("buyer.name") == column
        survey = surveyed(source, found)
    with mapping.open("w") as stream:
        write_mapping(survey, stream)
    for given in (None, read_mapping(mapping)):
        source, found = open_orders(path, mapping=given)
        with source:
            records = [one for one in settled_records(source, found) if isinstance(one, Record)]
        assert [record["buyer.name"].written for record in records] == names
        batches, found = open_order_batches(path, mapping=given)
        with batches:
            frames = [batch.frame["buyer.name"] for batch in order_batches(batches, found)]
        assert [name for frame in frames for name in frame] == names


@pytest.mark.parametrize(
    "columns", ['[["A", "B"], ["C"]]', '[["A"], "B"]', "[[]]", '[["A"], []]', '[["A"], [1]]']
)
def test_lists_in_a_list_are_one_column_each_but_the_last(tmp_path: Path, columns: str) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(f"[columns]\nbuyer_name = {columns}\n")
    with pytest.raises(ConfigurationError, match=r"columns\.buyer_name"):
        read_mapping(path)
