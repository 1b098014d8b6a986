"""Names of persons in two columns: joined to one, unless the party has a name of its own."""

from __future__ import annotations

import pytest

from redflags.intake import HeaderMap, map_headers

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
        ("Company (Billing);First Name (Billing);Last Name (Billing)", [FIRMS, GIVEN, FAMILY],
         "Company (Billing)"),
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
