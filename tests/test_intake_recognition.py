"""Headers of real exports, by language and by system: what each can mean by itself."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.intake.names import field_of, is_known
from redflags.intake.recognition import label_of, recognise
from redflags.model.fields import field_table
from redflags.reference.headers import header_names

ENGLISH = {
    "Sold-to party": "buyer.name",
    "Sold To": "buyer.name",
    "Customer Name": "buyer.name",
    "CUSTOMER COUNTRY": "buyer.country",
    "customerCountryCode": "buyer.country",
    "Country of the buyer": "buyer.country",
    "Buyer's country": "buyer.country",
    "Country (Buyer)": "buyer.country",
    "Ship To": "consignee.name",
    "ShipToCountry": "consignee.country",
    "ship_to_city": "consignee.city",
    "Ship-to party country code": "consignee.country",
    "Delivery address": "consignee.address",
    "Consignee country": "consignee.country",
    "Country of consignee": "consignee.country",
    "Recipient Name": "consignee.name",
    "End User": "end_user.name",
    "Country of end user": "end_user.country",
    "Intermediate Consignee Name": "intermediate_consignee.name",
    "Paid by": "payer.name",
    "Notify Party": "notify_party.name",
    "Freight Forwarder": "forwarder.name",
    "Vendor name": "seller.name",
    "Shipper Country": "exporter.country",
    "Customer e-mail": "buyer.email",
    "Customer VAT No.": "buyer.registration",
    "Customer since": "buyer.customer_since",
    "Customer industry": "buyer.business",
    "Bill To Country": "bill_to.country",
    "Billing Address": "bill_to.address",
    "HS Code": "hs_code",
    "HTS": "hs_code",
    "Commodity code": "hs_code",
    "ECCN": "control_code",
    "CAS No.": "cas",
    "CAS #": "cas",
    "Description of goods": "product",
    "Item Description": "product",
    "UoM": "unit",
    "U/M": "unit",
    "Qty": "quantity",
    "quantity.value": "quantity",
    "total.currencyCode": "currency",
    "price.currency": "currency",
    "Qty.:": "quantity",
    "1. Order Qty *": "quantity",
    "Net value": "value",
    "Line Total": "value",
    "Doc. currency": "currency",
    "Curr.": "currency",
    "PO number": "order_id",
    "PO #": "order_id",
    "Order No.": "order_id",
    "Order Date": "date",
    "Incoterms": "incoterm",
    "Terms of delivery": "incoterm",
    "Payment Terms": "payment.terms",
    "Mode of transport": "ship_via",
    "Country of destination": "destination.country",
    "Destination Country": "destination.country",
    "Intended use": "end_use",
    "Export licence no.": "licence.number",
    "License valid until": "licence.until",
    "End-user certificate": "end_use_statement.status",
    "Remarks": "notes",
    "Unit price": "-",
    "Country of origin": "-",
    "Requested delivery date": "-",
    "Gross weight": "-",
    "SKU": "-",
}
GERMAN = {
    "Käufer": "buyer.name",
    "Kaeufer": "buyer.name",
    "KÄUFER": "buyer.name",
    "Auftraggeber": "buyer.name",
    "Auft.geber": "buyer.name",
    "Kundenname": "buyer.name",
    "Käufer Land": "buyer.country",
    "Käuferland": "buyer.country",
    "Land des Käufers": "buyer.country",
    "Land (Kunde)": "buyer.country",
    "Kundenort": "buyer.city",
    "Kundenbranche": "buyer.business",
    "Branche des Kunden": "buyer.business",
    "Warenempfänger": "consignee.name",
    "Name Warenempfänger": "consignee.name",
    "Lieferland": "consignee.country",
    "Empfängerland": "consignee.country",
    "Lieferadresse": "consignee.address",
    "Endverwender": "end_user.name",
    "Land des Endverwenders": "end_user.country",
    "Regulierer": "payer.name",
    "Rechnungsempfänger": "bill_to.name",
    "Spediteur": "forwarder.name",
    "Lieferant": "seller.name",
    "Ausführer": "exporter.name",
    "Warenbezeichnung": "product",
    "Materialkurztext": "product",
    "Bezeichnung": "product",
    "Menge": "quantity",
    "Auftragsmenge": "quantity",
    "KMng": "quantity",
    "Basismengeneinheit": "unit",
    "VME": "unit",
    "ME": "unit",
    "Nettowert": "value",
    "Belegwährung": "currency",
    "Währg": "currency",
    "Auftragsnummer": "order_id",
    "Verkaufsbeleg": "order_id",
    "Pos.": "line",
    "Bestelldatum": "date",
    "Zolltarifnummer": "hs_code",
    "Stat. Warennummer": "hs_code",
    "AL-Nummer": "control_code",
    "Konzentration (%)": "concentration",
    "Korngröße": "particle_size",
    "Bestimmungsland": "destination.country",
    "Endverwendung": "end_use",
    "Lieferbedingungen": "incoterm",
    "Zahlungsbedingung": "payment.terms",
    "Zahlungsart": "payment.method",
    "Versandart": "ship_via",
    "Ausfuhrgenehmigung": "licence.status",
    "EVE": "end_use_statement.status",
    "Bemerkungen": "notes",
    "Kundennummer": "buyer.number",
    "Kd.-Nr.": "buyer.number",
    "Kunden-PLZ": "-",
    "Ursprungsland": "-",
    "Einzelpreis": "-",
    "Artikelnummer": "-",
    "Liefertermin": "-",
}
FRENCH = {
    "Acheteur": "buyer.name",
    "Donneur d'ordre": "buyer.name",
    "Nom du client": "buyer.name",
    "Pays de l'acheteur": "buyer.country",
    "Pays acheteur": "buyer.country",
    "Ville du client": "buyer.city",
    "Destinataire": "consignee.name",
    "Pays du destinataire": "consignee.country",
    "Adresse de livraison": "consignee.address",
    "Pays de livraison": "consignee.country",
    "Utilisateur final": "end_user.name",
    "Pays de l'utilisateur final": "end_user.country",
    "Payeur": "payer.name",
    "Fournisseur": "seller.name",
    "Exportateur": "exporter.name",
    "Transitaire": "forwarder.name",
    "Désignation": "product",
    "Libellé article": "product",
    "Quantité": "quantity",
    "Qté": "quantity",
    "Unité de mesure": "unit",
    "Montant HT": "value",
    "Devise": "currency",
    "N° commande": "order_id",
    "Numéro de commande": "order_id",
    "Date de commande": "date",
    "Code douanier": "hs_code",
    "N° CAS": "cas",
    "Pays de destination": "destination.country",
    "Utilisation finale": "end_use",
    "Conditions de paiement": "payment.terms",
    "Mode de paiement": "payment.method",
    "Mode de transport": "ship_via",
    "Remarques": "notes",
    "Code client": "buyer.number",
    "Prix unitaire": "-",
    "Pays d'origine": "-",
    "Code postal client": "-",
}
SPANISH = {
    "Comprador": "buyer.name",
    "Nombre del cliente": "buyer.name",
    "País del comprador": "buyer.country",
    "País cliente": "buyer.country",
    "Ciudad del cliente": "buyer.city",
    "Destinatario": "consignee.name",
    "País del destinatario": "consignee.country",
    "Dirección de entrega": "consignee.address",
    "Usuario final": "end_user.name",
    "Pagador": "payer.name",
    "Proveedor": "seller.name",
    "Exportador": "exporter.name",
    "Descripción": "product",
    "Mercancía": "product",
    "Cantidad": "quantity",
    "Cant.": "quantity",
    "Unidad de medida": "unit",
    "Importe": "value",
    "Moneda": "currency",
    "Nº pedido": "order_id",
    "Número de pedido": "order_id",
    "Fecha de pedido": "date",
    "Partida arancelaria": "hs_code",
    "País de destino": "destination.country",
    "Uso final": "end_use",
    "Forma de pago": "payment.method",
    "Observaciones": "notes",
    "Código cliente": "buyer.number",
    "Precio unitario": "-",
    "País de origen": "-",
}
TURKISH = {
    "Alıcı": "buyer.name",
    "ALICI": "buyer.name",
    "Müşteri adı": "buyer.name",
    "Müşteri Ünvanı": "buyer.name",
    "Alıcı ülkesi": "buyer.country",
    "Alıcının ülkesi": "buyer.country",
    "ALICI ÜLKE": "buyer.country",
    "Musteri ulkesi": "buyer.country",
    "Müşteri şehri": "buyer.city",
    "Müşteri faaliyet alanı": "buyer.business",
    "Sevk adresi": "consignee.address",
    "Sevk ülkesi": "consignee.country",
    "Teslimat ülkesi": "consignee.country",
    "Teslim alan": "consignee.name",
    "Son kullanıcı": "end_user.name",
    "Son kullanıcının ülkesi": "end_user.country",
    "Ödeyen": "payer.name",
    "Ödemeyi yapanın ülkesi": "payer.country",
    "Satıcı": "seller.name",
    "İhracatçı": "exporter.name",
    "Ürün adı": "product",
    "Malın cinsi": "product",
    "Miktar": "quantity",
    "Birim": "unit",
    "Ölçü birimi": "unit",
    "Tutar": "value",
    "Para birimi": "currency",
    "Döviz cinsi": "currency",
    "Sipariş no": "order_id",
    "Sipariş tarihi": "date",
    "GTİP": "hs_code",
    "CAS numarası": "cas",
    "Varış ülkesi": "destination.country",
    "Kullanım amacı": "end_use",
    "Teslim şekli": "incoterm",
    "Ödeme şekli": "payment.method",
    "Cari kodu": "buyer.number",
    "Birim fiyat": "-",
    "Menşe ülke": "-",
}
SYSTEMS = {
    "KUNNR": "buyer.number",
    "KUNAG": "buyer.number",
    "KUNWE": "consignee.number",
    "LAND1": "*.country",
    "NAME1": "*.name",
    "ORT01": "*.city",
    "KNA1-LAND1": "buyer.country",
    "LFA1-NAME1": "seller.name",
    "LAND1_WE": "consignee.country",
    "NAME1_AG": "buyer.name",
    "Land RG": "payer.country",
    "MATNR": "product",
    "MAKTX": "product",
    "ARKTX": "product",
    "VBAP-ARKTX": "product",
    "MENGE": "quantity",
    "KWMENG": "quantity",
    "MEINS": "unit",
    "VRKME": "unit",
    "NETWR": "value",
    "WAERK": "currency",
    "WAERS": "currency",
    "VBELN": "order_id",
    "POSNR": "line",
    "AUDAT": "date",
    "ERDAT": "date",
    "INCO1": "incoterm",
    "ZTERM": "payment.terms",
    "STAWN": "hs_code",
    "WERKS": "-",
    "NETPR": "-",
    "partner_id": "buyer.name",
    "partner_id/name": "buyer.name",
    "partner_id/country_id/code": "buyer.country",
    "order_id/partner_id/country_id": "buyer.country",
    "partner_shipping_id/country_id": "consignee.country",
    "product_uom_qty": "quantity",
    "order_line/product_uom": "unit",
    "price_subtotal": "value",
    "price_unit": "-",
    "date_order": "date",
    "CustAccount": "buyer.number",
    "SalesId": "order_id",
    "SalesName": "buyer.name",
    "DeliveryName": "consignee.name",
    "DeliveryCountryRegionId": "consignee.country",
    "Sell-to Customer Name": "buyer.name",
    "Sell-to Country/Region Code": "buyer.country",
    "Ship-to Country/Region Code": "consignee.country",
    "SalesQty": "quantity",
    "SalesUnit": "unit",
    "LineAmount": "value",
    "CurrencyCode": "currency",
    "Shipping Country": "consignee.country",
    "Shipping Addressee": "consignee.name",
}
EVERY = [
    (name, path)
    for table in (ENGLISH, GERMAN, FRENCH, SPANISH, TURKISH, SYSTEMS)
    for name, path in table.items()
]


@pytest.mark.parametrize(("name", "path"), EVERY)
def test_a_header_has_its_meaning_and_a_reason(name: str, path: str) -> None:
    found = recognise(name)
    assert [one.path for one in found] == [path]
    assert found[0].why
    assert is_known(name)


@pytest.mark.parametrize(
    ("name", "path", "unit"),
    [
        ("Gewicht (kg)", "weight", "kg"),
        ("Nettogewicht [KG]:", "weight", "KG"),
        ("weight_kg", "weight", "kg"),
        ("Poids en kg", "weight", "kg"),
        ("Ağırlık (kg)", "weight", "kg"),
        ("Menge in t", "quantity", "t"),
        ("Qty (pcs)", "quantity", "pcs"),
        ("Stückzahl", "quantity", "Stück"),
        ("Net value EUR", "value", "EUR"),
        ("Betrag (€)", "value", "€"),
        ("Amount USD", "value", "USD"),
        ("Conc. (%)", "concentration", "%"),
        ("Quantity (per order)", "", ""),
        ("Menge (Farbe)", "", ""),
        ("Gewicht (Stück)", "", ""),
    ],
)
def test_a_unit_in_a_header_is_that_of_its_numbers(name: str, path: str, unit: str) -> None:
    assert [(one.path, one.unit) for one in recognise(name)] == ([(path, unit)] if path else [])


@pytest.mark.parametrize(
    ("name", "format"),
    [("Order Date (DD/MM/YYYY)", "DD/MM/YYYY"), ("Datum (TT.MM.JJJJ)", "TT.MM.JJJJ")],
)
def test_a_date_format_in_a_header_is_that_of_its_dates(name: str, format: str) -> None:  # noqa: A002
    assert [(one.path, one.date_format) for one in recognise(name)] == [("date", format)]


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("Amount", {"value", "quantity"}),
        ("Importer", {"buyer.name", "consignee.name"}),
        ("Nombre", {"*.name", "quantity"}),
        ("Price", {"value", "-"}),
        ("Destination", {"destination.country", "consignee.city"}),
    ],
)
def test_a_header_with_two_meanings_keeps_both(name: str, paths: set[str]) -> None:
    assert {one.path for one in recognise(name)} == paths


@pytest.mark.parametrize(
    "name",
    ["", " ", "#", "::", "colour", "xyz", "12", "Paste", "Muster GmbH", "1,5", "\x00", "a" * 300],
)
def test_what_is_no_header_is_not_recognised(name: str) -> None:
    assert recognise(name) == ()


def test_the_own_names_of_fields_are_not_taken_from_the_table() -> None:
    assert field_of("Käufer") is None
    for field in field_table().values():
        assert field_of(field.column) == field.path


def test_everything_that_can_be_meant_can_be_said() -> None:
    for names in header_names().whole.values():
        for name in names:
            for one in recognise(name.header):
                assert one.path == "-" or label_of(one.path)


@given(st.text(max_size=250))
def test_no_text_raises_anything(name: str) -> None:
    for one in recognise(name):
        assert one.strength in (1, 2, 3, 4)
        assert one.why


WORDS = ["ship", "to", "land", "des", "Käufers", "(", ")", "kg", "/", "_", ".", "1", "No", "Ort"]


@given(st.lists(st.sampled_from(WORDS), max_size=60).map("".join))
def test_no_pile_of_words_raises_anything(name: str) -> None:
    assert isinstance(recognise(name), tuple)


def test_long_and_odd_headers_take_no_time() -> None:
    start = time.process_time()
    for number in range(300):
        for piece in ("land", "(", " ", "kunde", "_1", "des", "VBAP-", "a"):
            recognise(f"{number}" + piece * 400)
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Buyer / Käufer", "buyer.name"),
        ("Ware (Goods)", "product"),
        ("Quantity/Menge", "quantity"),
        ("Ürün / Product", "product"),
        ("Customer/Client", "buyer.name"),
        ("Quantity - Miktar", "quantity"),
        ("Kunde / Menge", ""),
    ],
)
def test_a_header_in_two_languages_means_what_both_mean(name: str, path: str) -> None:
    assert [one.path for one in recognise(name)] == ([path] if path else [])


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("HS Code (6 digits)", "hs_code"),
        ("Country code (ISO 2)", "*.country"),
        ("Buyer country (ISO)", "buyer.country"),
        ("Montant (HT)", "value"),
        ("Betrag (netto)", "value"),
        ("Gewicht (netto)", "weight"),
        ("Gewicht (brutto)", ""),
        ("Menge (ME)", "quantity"),
        ("Menge VME", "quantity"),
        ("OrderQuantityUnit", "unit"),
        ("Confirmed Quantity Unit", ""),
        ("Date (order)", "date"),
        ("Date (delivery)", ""),
        ("Date (modified)", ""),
        ("Name (contact)", ""),
        ("Quantity (kg)", "quantity"),
        ("Lieferadresse: Ort", "consignee.city"),
        ("Delivery Address - Country", "consignee.country"),
        ("Ship-To Address: City", "consignee.city"),
        ("Sold-to pt", "buyer.name"),
        ("Kunde (Name)", "buyer.name"),
        ("Consignee name and address", "consignee.address"),
        ("Käufer/Land", "buyer.country"),
        ("KAEUFER_LAND_ISO", "buyer.country"),
        ("Art.-Bez.", "product"),
    ],
)
def test_what_stands_beside_a_name_must_fit_it(name: str, path: str) -> None:
    assert [one.path for one in recognise(name)] == ([path] if path else [])


@pytest.mark.parametrize(
    ("strong", "weak"),
    [
        ("Item Description", "Product name"),
        ("Product name", "Description"),
        ("Description", "Description 2"),
        ("Net value", "Order total"),
        ("Order date", "Document date"),
        ("Document date", "Created on"),
        ("Created on", "Invoice date"),
        ("Auftragsnummer", "Bestellnummer"),
        ("Belegnummer", "Rechnungsnummer"),
        ("Customer country", "Customer country code"),
        ("Auftragsmenge", "Liefermenge"),
        ("Currency code", "Local currency"),
        ("Customer name", "Customer"),
        ("VRKME", "MEINS"),
        ("AUDAT", "ERDAT"),
        ("VBELN", "BSTNK"),
    ],
)
def test_of_two_names_for_one_field_the_surer_one_is_stronger(strong: str, weak: str) -> None:
    one, other = recognise(strong), recognise(weak)
    assert {meaning.path for meaning in one} == {meaning.path for meaning in other}
    assert one[0].strength > other[0].strength
