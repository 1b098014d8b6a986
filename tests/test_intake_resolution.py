"""Whole headers of exports: which column is which field, and which is left open."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags.errors import InputError
from redflags.intake import HeaderMap, Mapping, map_headers
from redflags.model.fields import columns, field_table
from redflags.reference.tables import read_rows


def taken(found: HeaderMap) -> dict[str, str]:
    return {path: name for name, path in zip(found.names, found.fields, strict=True) if path}


def mapped(text: str, *cells: list[str]) -> HeaderMap:
    """The fields of a header written with semicolons, and the first cells of its columns."""
    samples = dict(enumerate(cells))
    return map_headers(text.split(";"), samples=lambda: samples)


MAIN = ("buyer.name", "buyer.country", "product", "quantity", "unit", "value", "currency")


@pytest.mark.parametrize(
    ("header", "names"),
    [
        (
            "KUNNR;NAME1;LAND1;MATNR;MAKTX;KWMENG;VRKME;NETWR;WAERK",
            "NAME1;LAND1;MAKTX;KWMENG;VRKME;NETWR;WAERK",
        ),
        (
            "VBELN;POSNR;AUDAT;KUNNR;NAME1;LAND1;ORT01;MATNR;ARKTX;MENGE;MEINS;NETWR;WAERS;WERKS",
            "NAME1;LAND1;ARKTX;MENGE;MEINS;NETWR;WAERS",
        ),
        (
            "Auftraggeber;Name 1;Länderschlüssel;Material;Materialkurztext;Auftragsmenge;"
            "Mengeneinheit;Nettowert;Belegwährung",
            "Name 1;Länderschlüssel;Materialkurztext;Auftragsmenge;Mengeneinheit;Nettowert;"
            "Belegwährung",
        ),
        (
            "Auft.geber;Name 1;Land;Bezeichnung;KMng;ME;Nettowert;Währg",
            "Name 1;Land;Bezeichnung;KMng;ME;Nettowert;Währg",
        ),
        (
            "Auftraggeber;Länderschlüssel;Bezeichnung;Auftragsmenge;VME;Nettowert;Belegwährung",
            "Auftraggeber;Länderschlüssel;Bezeichnung;Auftragsmenge;VME;Nettowert;Belegwährung",
        ),
        (
            "Kunde;Kundenland;Artikelbezeichnung;Menge;Einheit;Gesamtpreis;Währung;Einzelpreis",
            "Kunde;Kundenland;Artikelbezeichnung;Menge;Einheit;Gesamtpreis;Währung",
        ),
        (
            "Customer;Country;Item Description;Qty;UoM;Amount;Curr.;Unit Price",
            "Customer;Country;Item Description;Qty;UoM;Amount;Curr.",
        ),
        (
            "Client;Pays;Désignation;Qté;Unité;Montant HT;Devise",
            "Client;Pays;Désignation;Qté;Unité;Montant HT;Devise",
        ),
        (
            "Cliente;País;Descripción;Cant.;Unidad;Importe;Moneda",
            "Cliente;País;Descripción;Cant.;Unidad;Importe;Moneda",
        ),
        (
            "Müşteri;Ülke;Ürün adı;Miktar;Birim;Tutar;Para birimi;Birim fiyat",
            "Müşteri;Ülke;Ürün adı;Miktar;Birim;Tutar;Para birimi",
        ),
        (
            "partner_id/name;partner_id/country_id;order_line/product_id/name;"
            "order_line/product_uom_qty;order_line/product_uom;order_line/price_subtotal;currency_id",
            "partner_id/name;partner_id/country_id;order_line/product_id/name;"
            "order_line/product_uom_qty;order_line/product_uom;order_line/price_subtotal;currency_id",
        ),
        (
            "SalesName;CustomerCountryRegionId;ItemName;SalesQty;SalesUnit;LineAmount;CurrencyCode",
            "SalesName;CustomerCountryRegionId;ItemName;SalesQty;SalesUnit;LineAmount;CurrencyCode",
        ),
        (
            "Customer;Billing Country;Item: Display Name;Quantity;Units;Amount;Currency",
            "Customer;Billing Country;Item: Display Name;Quantity;Units;Amount;Currency",
        ),
    ],
)
def test_an_export_needs_no_help(header: str, names: str) -> None:
    found = taken(mapped(header))
    assert [found.get(path) for path in MAIN] == names.split(";")


def test_sold_to_and_ship_to_are_told_apart() -> None:
    found = taken(
        mapped("KUNAG;NAME1_AG;LAND1_AG;KUNWE;NAME1_WE;LAND1_WE;ORT01_WE;ARKTX;KWMENG;VRKME")
    )
    assert found["buyer.country"] == "LAND1_AG"
    assert found["consignee.name"] == "NAME1_WE"
    assert found["consignee.city"] == "ORT01_WE"


def test_repeated_attributes_belong_to_the_party_that_they_follow() -> None:
    found = mapped("Auftraggeber;Name 1;Land;Ort;Warenempfänger;Name 1;Land;Ort;Ware")
    assert found.fields == (
        None, "buyer.name", "buyer.country", "buyer.city",
        None, "consignee.name", "consignee.country", "consignee.city", "product",
    )  # fmt: skip


def test_a_number_is_followed_by_its_name_whatever_comes_later() -> None:
    found = mapped("KUNNR;NAME1;LAND1;MAKTX;KUNWE;Land WE")
    assert found.fields == (
        None, "buyer.name", "buyer.country", "product", None, "consignee.country",
    )  # fmt: skip


def test_an_address_right_after_a_party_is_its_own() -> None:
    found = mapped("Kundenname;Straße;PLZ;Ort;Land;E-Mail;Ware;Lieferadresse;Lieferland;Empfänger")
    assert found.fields[:6] == (
        "buyer.name", "buyer.address", None, "buyer.city", "buyer.country", "buyer.email",
    )  # fmt: skip
    apart = mapped("Kundenname;Ware;Straße;Ort;Empfänger")
    assert set(apart.ambiguous) == {"Straße", "Ort"}


def test_the_second_of_two_names_is_not_taken_for_the_party() -> None:
    found = mapped("Kunde;Name;Ort;Ware", ["Muster GmbH", "Beispiel AG"], ["Max", "Eva"])
    assert found.fields == ("buyer.name", None, "buyer.city", "product")


def test_a_name_beside_its_code_is_preferred() -> None:
    found = mapped("Customer;Country Code;Country Name;Goods")
    assert found.fields == ("buyer.name", None, "buyer.country", "product")
    assert mapped("Customer;Country Code;Goods").fields[1] == "buyer.country"


def test_repeated_attributes_that_follow_no_party_stay_open() -> None:
    found = mapped("Kunde;Ware;Land;Menge;Land;Empfänger")
    assert "buyer.country" not in taken(found)
    assert found.ambiguous["Land"] == ("buyer.country", "consignee.country")


@pytest.mark.parametrize(
    ("header", "column", "candidates"),
    [
        ("Customer;Country;Ship To;Goods;Qty", "Country", ("buyer.country", "consignee.country")),
        ("Country;Goods;Qty", "Country", ("buyer.country",)),
        ("Name;Land;Ware;Menge", "Name", ("buyer.name",)),
        ("Goods;Amount", "Amount", ("value", "quantity")),
        ("Importer;Goods;Qty", "Importer", ("buyer.name", "consignee.name")),
        ("Kunde;Käufer;Ware", "Kunde", ("buyer.name",)),
        ("Kunde;Käufer;Ware", "Käufer", ("buyer.name",)),
        ("Material;Menge", "Material", ("product",)),
        ("Goods;Qty;Destination", "Destination", ("destination.country", "consignee.city")),
    ],
)
def test_what_nothing_settles_is_listed_with_its_candidates(
    header: str, column: str, candidates: tuple[str, ...]
) -> None:
    found = mapped(header)
    position = found.names.index(column)
    assert found.fields[position] is None
    assert found.ambiguous[column] == candidates
    assert position in found.undecided
    assert column in found.unused
    assert found.reasons[position]


@pytest.mark.parametrize(
    ("header", "column", "path"),
    [
        ("Customer;Country;Goods;Qty", "Country", "buyer.country"),
        ("Customer;Country;Ship To;Ship-to country;Goods", "Country", "buyer.country"),
        ("Customer;Country;Ship To;Country of destination;Goods", "Country", "buyer.country"),
        ("Customer;City;Goods", "City", "buyer.city"),
        ("Kundennummer;Name;Ware", "Name", "buyer.name"),
        ("Goods;Qty;Amount", "Amount", "value"),
        ("Goods;Value;Amount", "Amount", "quantity"),
        ("Buyer;Importer;Goods", "Importer", "consignee.name"),
        ("Bill To;Ship To;Goods", "Bill To", "buyer.name"),
        ("Bill To Country;Ship To;Goods", "Bill To Country", "buyer.country"),
        ("Sold To;Bill To;Ship To;Goods", "Bill To", "payer.name"),
        ("Customer;Bill To Country;Goods", "Bill To Country", "buyer.country"),
        ("Ware;Gewicht (kg)", "Gewicht (kg)", "quantity"),
        ("Ware;Nettogewicht;Gewichtseinheit", "Gewichtseinheit", "unit"),
        ("Ware;Menge;Nettogewicht (kg)", "Nettogewicht (kg)", "quantity"),
        ("Ware;Menge;ME;Nettogewicht (kg)", "Menge", "quantity"),
        ("Menge;ME;Nettogewicht;Gewichtseinheit", "ME", "unit"),
        ("KWMENG;VRKME;MEINS;MAKTX", "VRKME", "unit"),
        ("MENGE;MEINS;MAKTX", "MEINS", "unit"),
        ("Nombre;País;Cliente;Mercancía", "Nombre", "buyer.name"),
        ("Nombre;Pays;Acheteur;Marchandise", "Nombre", "quantity"),
        ("Açıklama;Ürün adı;Miktar", "Açıklama", "notes"),
        ("Name;Customer name;Goods", "Customer name", "buyer.name"),
        ("Customer;Customer name;Goods", "Customer name", "buyer.name"),
        ("Order Date;Created on;Goods", "Order Date", "date"),
        ("VBELN;PO number;Goods", "VBELN", "order_id"),
    ],
)
def test_what_the_other_columns_settle_is_taken(header: str, column: str, path: str) -> None:
    found = mapped(header)
    assert (found.fields[found.names.index(column)] or "") == path


@pytest.mark.parametrize(
    ("header", "cells", "paths"),
    [
        ("Material;Menge", [["Aluminiumpaste", "Kugellager"]], ("product", "quantity")),
        ("Material;Menge", [["100-200", "100-201"]], (None, "quantity")),
        ("MATNR;MENGE", [["Nitric acid 65 %", "Sorbitol"]], ("product", "quantity")),
        ("KUNNR;Ware", [["Örnek Telefon", "Muster GmbH"]], ("buyer.name", "product")),
        ("KUNNR;Ware", [["0000100234", "0000100235"]], ("buyer.registration", "product")),
        ("Kunde;Ware", [["10023", "C-10024"]], ("buyer.registration", "product")),
        ("Kunde;Ware", [["Muster GmbH", "3M"]], ("buyer.name", "product")),
        ("Ship To;Ware", [["DE", "Turkey", "FR"]], ("consignee.country", "product")),
        ("Destination;Ware", [["Syria", "IQ"]], ("destination.country", "product")),
        ("Destination;Ware", [["Hamburg", "Gaziantep"]], (None, "product")),
        ("Status;Ware", [["delivered", "cancelled"]], ("outcome", "product")),
        ("Status;Ware", [["3", "7"]], (None, "product")),
        ("Amount;Ware", [["120 EUR", "14 USD"]], ("value", "product")),
        ("Amount;Ware", [["120 kg", "14 t"]], ("quantity", "product")),
        ("Kunde;Käufer;Ware", [["Muster GmbH"], ["", " "]], ("buyer.name", None, "product")),
    ],
)
def test_cells_choose_between_the_meanings_of_a_name(
    header: str, cells: list[list[str]], paths: tuple[str | None, ...]
) -> None:
    found = mapped(header, *cells)
    assert found.fields == paths
    for path, reason in zip(found.fields, found.reasons, strict=True):
        assert reason, path


def test_the_weaker_of_two_columns_is_named_with_the_field_it_could_be() -> None:
    found = mapped("Material;Bezeichnung;Menge")
    assert found.fields[:2] == (None, "product")
    assert found.candidates[0] == ("product",)
    assert "Bezeichnung" in found.reasons[0]
    assert found.ambiguous == {}


def test_a_customer_number_is_no_name_and_stands_in_only_for_want_of_one() -> None:
    with_name = mapped("KUNNR;NAME1;MAKTX")
    assert with_name.fields == (None, "buyer.name", "product")
    alone = mapped("KUNNR;MAKTX")
    assert alone.fields == ("buyer.registration", "product")
    assert "nothing else" in alone.reasons[0]


def test_the_names_of_fields_always_win() -> None:
    found = mapped("Käufer;buyer_name;Menge;quantity;Description;product")
    assert found.fields == (None, "buyer.name", None, "quantity", None, "product")


def test_what_a_header_says_of_its_cells_is_kept() -> None:
    found = mapped("Ware;Gewicht (kg);Wert EUR;Datum (TT.MM.JJJJ)")
    assert found.settings["quantity"].unit == "kg"
    assert found.settings["value"].unit == "EUR"
    date = found.settings["date"].date
    assert date is not None
    assert date.read("01.02.2015") == "2015-02-01"


HEADERS = sorted({row[0] for row in read_rows("header_names")} | set(columns()))


@settings(max_examples=300)
@given(
    st.lists(
        st.one_of(st.sampled_from(HEADERS), st.sampled_from(HEADERS), st.text(max_size=12)),
        min_size=1,
        max_size=25,
    ),
    st.lists(st.sampled_from(["", "12", "C-9", "Muster GmbH", "DE", "5 kg", "7 EUR"]), max_size=4),
)
def test_any_header_is_settled_column_by_column(header: list[str], cells: list[str]) -> None:
    """No field comes twice, every unused column has a reason, and a field's own name is its."""
    samples = dict.fromkeys(range(len(header)), cells)
    try:
        found = map_headers(header, samples=lambda: samples)
    except InputError:
        return
    used = [path for path in found.fields if path is not None]
    assert len(used) == len(set(used))
    assert set(used) <= set(field_table())
    for name, path, reason, candidates in zip(
        found.names, found.fields, found.reasons, found.candidates, strict=True
    ):
        assert reason or not name.strip()
        assert path is None or not candidates
        assert set(candidates) <= set(field_table())
    for position in found.undecided:
        assert found.fields[position] is None
        assert found.candidates[position]


def test_a_mapping_that_leaves_a_column_out_frees_its_field() -> None:
    found = map_headers(["Käufer", "Kunde", "Ware"], mapping=Mapping(ignored=("Kunde",)))
    assert found.fields == ("buyer.name", None, "product")
    assert found.reasons[1] == "the mapping leaves it out"


def test_many_columns_take_no_time() -> None:
    header = ["Country"] * 3_000 + ["Ware"]
    found = map_headers(header)
    assert found.present == {"product"}
    assert len(found.undecided) == 3_000
