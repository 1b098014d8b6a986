"""What only a system can mean: items of web shops, names under addresses, bare numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from redflags.intake import HeaderMap, Mapping, map_headers, open_orders, records
from redflags.model.fields import field_table
from redflags.model.notation import Notation
from redflags.model.record import Record


def mapped(header: str, *cells: tuple[str, ...], mapping: Mapping | None = None) -> HeaderMap:
    samples = {position: list(column) for position, column in enumerate(cells)}
    return map_headers(header.split(";"), mapping=mapping, samples=lambda: samples)


def unit_of(found: HeaderMap) -> str:
    return found.settings["quantity"].unit if "quantity" in found.settings else ""


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Name;Lineitem quantity;Lineitem name", "pcs"),
        ("Order Number;Item Name;Quantity (- Refund)", "pcs"),
        ("Order Number;Item Name;Quantity;Address 1&2 (Billing)", "pcs"),
        ("payment_method_title;line_items.name;quantity", "pcs"),
        ("Lineitem name;Quantity (kg)", "kg"),
        ("Lineitem name;Quantity;Unit", ""),
        ("Order Number;Item Name;Quantity", ""),
        ("Order Number;Item Name;Qty;Weight", ""),
    ],
)
def test_a_web_shop_counts_items(header: str, unit: str) -> None:
    assert unit_of(mapped(header)) == unit


def test_what_a_mapping_says_of_the_quantity_counts_before_the_shop() -> None:
    stated = Mapping(columns={"quantity": ("Quantity",)})
    assert unit_of(mapped("Lineitem name;Quantity", mapping=stated)) == ""
    same = Mapping(constants={"unit": "kg"})
    assert unit_of(mapped("Lineitem name;Quantity", mapping=same)) == ""


@pytest.mark.parametrize("name", ["Lineitem quantity", "Quantity"])
def test_the_unit_in_a_cell_counts_before_that_of_the_shop(tmp_path: Path, name: str) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(f"Name,Lineitem name,{name}\n#1,Urea,12\n#2,Urea,5 kg\n#3,Urea,0.5 t\n")
    found = [one for one in records(*open_orders(file), Notation()) if isinstance(one, Record)]
    show = field_table()["quantity"].kind.show
    assert [show(one["quantity"].value) for one in found] == ["12 pieces", "5 kg", "500 kg"]


ADDRESS = "Main Street 5, Leeds"


@pytest.mark.parametrize(
    ("header", "cells", "path"),
    [
        ("Delivery Address", ("Al Nour Transport", "Sample Paints"), "consignee.name"),
        ("Lieferadresse", ("Beispiel Spedition GmbH",), "consignee.name"),
        ("Adresse de livraison", ("Transports Exemple SARL",), "consignee.name"),
        ("Teslimat adresi", ("Örnek Nakliyat A.Ş.",), "consignee.name"),
        ("Invoice Address", ("Sample Rent a Car", "Sample Paints"), "payer.name"),
        ("Delivery Address", ("Example Phones", "Example Phones, Jane"), "consignee.name"),
        ("Delivery Address", (ADDRESS, "Sample Paints"), "consignee.address"),
        ("Delivery Address", ("Main Street", "Muster Weg"), "consignee.address"),
        ("Delivery Address", ("Hauptstrasse Leipzig",), "consignee.address"),
        ("Delivery Address", ("Beirut", "Gaziantep"), "consignee.address"),
        ("Delivery Address", ("Mersin Free Zone",), "consignee.address"),
        ("Invoice Address", (ADDRESS,), "buyer.address"),
    ],
)
def test_names_under_an_address_are_names(header: str, cells: tuple[str, ...], path: str) -> None:
    found = mapped(f"Customer;{header};Goods", ("Example Phones", "Sample Paints"), cells)
    assert found.fields[1] == path
    assert ("its cells are names" in found.reasons[1]) == path.endswith(".name")


def test_an_address_beside_the_name_or_the_city_is_an_address() -> None:
    cells = ("Al Nour Transport",)
    for beside in ("Ship To", "Delivery City"):
        found = mapped(f"Delivery Address;{beside};Customer;Goods", cells)
        assert found.fields[0] == "consignee.address", beside


@pytest.mark.parametrize(
    ("header", "name", "path"),
    [
        ("Verkaufsbel.;Auftragg.;Auftr.Mng.;Ware", "Verkaufsbel.", "order_id"),
        ("Verkaufsbel.;Auftragg.;Auftr.Mng.;Ware", "Auftragg.", "buyer.name"),
        ("Verkaufsbel.;Auftragg.;Auftr.Mng.;Ware", "Auftr.Mng.", "quantity"),
        ("VBELN;Kundenauftrag;Ware", "Kundenauftrag", "order_id"),
        ("VBELN;Ware", "VBELN", "order_id"),
        ("*ContactName;*Description;*AccountCode", "*AccountCode", None),
        ("AccountCode;Item Description", "AccountCode", "buyer.registration"),
        ("Num;Customer;Memo/Description", "Memo/Description", "product"),
        ("Customer;Memo/Description;Product/Service", "Product/Service", "product"),
        (
            "Customer;Product/Service;Product/Service full name",
            "Product/Service full name",
            "product",
        ),
    ],
)
def test_names_of_systems_are_known(header: str, name: str, path: str | None) -> None:
    found = mapped(header)
    position = found.names.index(name)
    assert found.fields[position] == path
    assert position not in found.undecided


@pytest.mark.parametrize("header", ["ContactName;Description;AccountCode", "*AccountCode;Goods"])
def test_an_account_of_the_ledger_is_no_number_of_the_buyer(header: str) -> None:
    found = mapped(header)
    position = next(place for place, name in enumerate(found.names) if "AccountCode" in name)
    assert "ledger account" in found.reasons[position]


@pytest.mark.parametrize(
    ("header", "cells", "path"),
    [
        ("No.;Sell-to Customer No.;Sell-to Customer Name;Goods", ("SO-1", "SO-2"), "order_id"),
        ("No.;Sell-to Customer Name;Sell-to Customer No.;Goods", ("1001", "1001"), "order_id"),
        ("No.;Sell-to Customer No.;Goods", ("yes", "no"), None),
        ("No.;Goods;Sell-to Customer No.", ("1896-S", "1900-S"), None),
        ("No.;Customer;Goods", ("SO-1", "SO-2"), None),
        ("No.;Sell-to Customer No.;Document No.;Goods", ("1896-S",), None),
    ],
)
def test_a_bare_number_is_the_orders_where_the_customer_of_dynamics_stands_behind(
    header: str, cells: tuple[str, ...], path: str | None
) -> None:
    assert mapped(header, cells, ("C-1", "C-2")).fields[0] == path
