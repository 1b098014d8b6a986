"""Exports of order systems with their own headers: which column is taken for which field, which is
not, and how the words of their cells are understood."""

from __future__ import annotations

import pytest

from redflags.intake import HeaderMap, map_headers
from redflags.model.fields import field_table
from redflags.model.notation import AS_WRITTEN


def mapped(*columns: tuple[str, ...]) -> HeaderMap:
    """The fields of columns, each given as its name and its first cells."""
    samples = {position: list(column[1:]) for position, column in enumerate(columns)}
    return map_headers([column[0] for column in columns], samples=lambda: samples)


EXPORTS: dict[str, list[tuple[tuple[str, ...], str | None]]] = {
    "SAP, list of orders": [
        (("Sales Document", "4500001", "4500002"), "order_id"),
        (("Item (SD)", "000010", "000020"), None),
        (("Document Date", "02.03.2015"), "date"),
        (("Sold-To Party", "100234", "100235"), None),
        (("Name of Sold-to party", "Example Phones", "Beispiel GmbH"), "buyer.name"),
        (("Country Key", "TR", "DE"), "buyer.country"),
        (("Name of the ship-to party", "Sample Depot", "Beispiel GmbH"), "consignee.name"),
        (("Country of the ship-to party", "TR", "DE"), "consignee.country"),
        (("Name of payer", "Sample Bank", "Beispiel GmbH"), "payer.name"),
        (("Industry key", "Mobile phone shop", "Paint manufacturer"), "buyer.business"),
        (("Item Description", "Aluminium paste"), "product"),
        (("Order Quantity (Item)", "6.000,000"), "quantity"),
        (("Sales Unit", "KG"), "unit"),
        (("Net Value (Item)", "22.000,00"), "value"),
        (("Document Currency", "USD"), "currency"),
        (("Requested deliv.date", "12.03.2015"), None),
    ],
    "Dynamics, order lines": [
        (("SalesOrderNumber", "SO-1", "SO-2"), "order_id"),
        (("SalesOrderName", "Example Phones", "Example Paints"), "buyer.name"),
        (("InvoiceCustomerAccountNumber", "US-001", "US-002"), None),
        (("DeliveryAddressName", "Sample Forwarding", "Example Paints"), "consignee.name"),
        (("DeliveryAddressCountryRegionId", "ARE", "USA"), "consignee.country"),
        (("LineOfBusinessId", "Mobile phone shop", "Paint manufacturer"), "buyer.business"),
        (("LineDescription", "Turbojet engine"), "product"),
        (("OrderedSalesQuantity", "4"), "quantity"),
        (("RequestedShippingDate", "2024-03-12"), None),
    ],
    "Odoo, orders with lines": [
        (("Order Reference", "S1", ""), "order_id"),
        (("Customer", "Example Phones", ""), "buyer.name"),
        (("Order Lines/Product", "[ALP] Aluminium paste", "[URE] Urea"), "product"),
        (("Order Lines/Description", "Aluminium paste, leafing", "Urea"), None),
        (("Order Lines/Quantity", "6,000.00", "900.00"), "quantity"),
        (("Order Lines/Product/HS Code", "321290", "310210"), "hs_code"),
    ],
    "NetSuite, saved search": [
        (("Document Number", "SO4411", "SO4412"), "order_id"),
        (("Name", "Example Phones", "Example Textiles"), "buyer.name"),
        (("Customer Category", "Mobile phone shop", "Paint manufacturer"), "buyer.business"),
        (("Billing Addressee", "Sample Rent a Car", "Example Textiles"), "payer.name"),
        (("Billing Country", "United Arab Emirates", "Turkey"), "payer.country"),
        (("Shipping Addressee", "Sample Depot", "Example Textiles"), "consignee.name"),
        (("Description", "Hydrogen peroxide 50 %"), "product"),
        (("Item Rate", "1.10"), None),
    ],
    "Xero, sales invoices": [
        (("*ContactName", "Example Phones", "Example Paints"), "buyer.name"),
        (("POAddressLine1", "1 High St"), "buyer.address"),
        (("POCity", "Leeds"), "buyer.city"),
        (("POPostalCode", "LS1"), None),
        (("POCountry", "United Kingdom"), "buyer.country"),
        (("*InvoiceNumber", "INV-1", "INV-2"), "order_id"),
        (("*Description", "Aluminium paste"), "product"),
        (("*Quantity", "6000"), "quantity"),
        (("*UnitAmount", "3.60"), None),
        (("*AccountCode", "200"), None),
    ],
    "Shopify, orders": [
        (("Name", "#1001", "#1001", "#1002"), "order_id"),
        (("Lineitem quantity", "12"), "quantity"),
        (("Lineitem name", "Sodium chlorate 25 kg", "Flower pot"), "product"),
        (("Billing Name", "Jane Sample", "Joe Sample"), "buyer.name"),
        (("Billing Street", "High St 1, Floor 2", "High St 2"), "buyer.address"),
        (("Billing Address1", "High St 1", "High St 2"), None),
        (("Billing Company", "Example Phones", "Example Pots"), "buyer.name"),
        (("Billing Country", "GB"), "buyer.country"),
        (("Shipping Name", "Sam Sample", "Joe Sample"), "consignee.name"),
        (("Shipping Company", "", ""), None),
        (("Cancelled at", ""), None),
    ],
    "Shopify, private buyers": [
        (("Name", "#1001", "#1002"), "order_id"),
        (("Lineitem name", "Flower pot", "Vase"), "product"),
        (("Billing Name", "Jane Sample", "Joe Sample"), "buyer.name"),
        (("Billing Company", "", ""), None),
    ],
    "WooCommerce, order lines": [
        (("Order Number", "727"), "order_id"),
        (("Company (Billing)", "Example Phones", "Example Pots"), "buyer.name"),
        (("Address 1&2 (Billing)", "High St 1"), "buyer.address"),
        (("Address 1&2 (Shipping)", "Depot 4"), "consignee.address"),
        (("Payment Method Title", "Direct Bank Transfer"), "payment.method"),
        (("Order Total Amount", "500"), None),
        (("Item Name", "Sodium chlorate 25 kg"), "product"),
        (("Quantity (- Refund)", "12"), "quantity"),
        (("Item Cost", "40"), None),
    ],
    "a marketplace": [
        (("order-id", "026-1", "026-2"), "order_id"),
        (("purchase-date", "2024-03-05T08:11:00+00:00"), "date"),
        (("payments-date", "2024-03-06T08:11:00+00:00"), None),
        (("buyer-name", "Jane Sample", "Joe Sample"), "buyer.name"),
        (("product-name", "Sodium chlorate 25 kg"), "product"),
        (("quantity-purchased", "12"), "quantity"),
        (("shipping-price", "20"), None),
    ],
    "1C": [
        (("Номер", "00УТ-000123", "00УТ-000124"), "order_id"),
        (("Дата", "05.03.2024 0:00:00"), "date"),
        (("Контрагент", "ООО Пример", "ООО Образец"), "buyer.name"),
        (("ИНН", "7700000000", "7700000001"), "buyer.registration"),
        (("Вид деятельности", "Салон сотовой связи"), "buyer.business"),
        (("Страна", "РОССИЯ"), "buyer.country"),
        (("Адрес доставки", "ул. Примерная, 1"), "consignee.address"),
        (("Грузополучатель", "ООО Образец", "ООО Пример"), "consignee.name"),
        (("Плательщик", "ИП Прокат", "ООО Пример"), "payer.name"),
        (("Номенклатура", "Пудра алюминиевая"), "product"),
        (("Артикул", "А-1"), None),
    ],
    "Netsis": [
        (("FISNO", "S1", "S2"), "order_id"),
        (("CARI_ISIM", "Örnek Telefon", "Örnek Boya"), "buyer.name"),
        (("GRUP_ISIM", "CEP TELEFONU MAĞAZASI", "BOYA İMALATI"), "buyer.business"),
        (("TESLIM_CARI_ISIM", "Örnek Depo", "Örnek Boya"), "consignee.name"),
        (("STOK_ADI", "Alüminyum pasta"), "product"),
        (("STHAR_GCMIK", "6000.00000000"), "quantity"),
        (("STHAR_NF", "3.60"), None),
        (("STHAR_TUTAR", "21600.00"), "value"),
    ],
    "Kingdee": [
        (("单据编号", "X1", "X2"), "order_id"),
        (("客户", "示例手机店", "示例涂料有限公司"), "buyer.name"),
        (("客户分类", "零售", "制造"), None),
        (("收货方", "示例仓库", "示例涂料有限公司"), "consignee.name"),
        (("收货国家", "土耳其", "中国"), "consignee.country"),
        (("付款方", "示例租车", "示例涂料有限公司"), "payer.name"),
        (("物料编码", "ALP"), None),
        (("物料名称", "铝银浆"), "product"),
        (("销售数量", "1.2"), "quantity"),
        (("含税单价", "25000.00"), None),
        (("结算币别", "人民币"), "currency"),
        (("收款条件", "月结30天"), "payment.terms"),
        (("要货日期", "2024/3/15"), None),
        (("所属行业", "手机店", "涂料制造"), "buyer.business"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("system", EXPORTS)
def test_the_columns_of_a_system_are_taken_for_what_they_are(system: str) -> None:
    columns = EXPORTS[system]
    found = mapped(*(column for column, _ in columns))
    assert dict(zip(found.names, found.fields, strict=True)) == {
        column[0]: path for column, path in columns
    }


MAIN = (
    "order_id", "date", "buyer.name", "buyer.country", "buyer.city", "consignee.name",
    "consignee.country", "product", "quantity", "unit", "value", "currency",
)  # fmt: skip


@pytest.mark.parametrize(
    "header",
    [
        "Numero ordine;Data ordine;Cliente;Paese;Città;Destinatario;Paese di consegna;Descrizione;"
        "Q.tà;U.M.;Importo netto;Valuta",
        "Número do pedido;Data do pedido;Comprador;País;Cidade;Destinatário;País de entrega;"
        "Produto;Quantidade;Unidade;Valor líquido;Moeda",
        "Ordernummer;Orderdatum;Klant;Land;Plaats;Ontvanger;Afleverland;Omschrijving;Aantal;"
        "Eenheid;Netto bedrag;Valuta",
        "Nr zamówienia;Data zamówienia;Kontrahent;Kraj;Miasto;Odbiorca;Kraj dostawy;"
        "Nazwa towaru;Ilość;J.m.;Wartość netto;Waluta",
    ],
)
def test_exports_in_the_languages_of_goods_and_trades_are_read(header: str) -> None:
    assert map_headers(header.split(";")).fields == MAIN


@pytest.mark.parametrize(
    ("columns", "path", "name"),
    [
        (("SalesOrder ID", "SalesOrder Number"), "order_id", "SalesOrder Number"),
        (("Item Name", "Item Desc"), "product", "Item Name"),
        (("Billing Name", "Billing Company"), "buyer.name", "Billing Company or Billing Name"),
        (("CF.End User", "Goods"), "end_user.name", "CF.End User"),
    ],
)
def test_of_two_names_side_by_side_the_plainer_is_taken(
    columns: tuple[str, str], path: str, name: str
) -> None:
    found = mapped(*((column, f"{column} one", "other words") for column in columns))
    assert found.column_of(path) == name


@pytest.mark.parametrize(
    ("name", "code"),
    [("Turchia", "TR"), ("Turquia", "TR"), ("Turkije", "TR"), ("Niemcy", "DE"), ("Siria", "SY")],
)
def test_countries_are_known_in_these_languages(name: str, code: str) -> None:
    assert field_table()["buyer.country"].kind.parse(name, AS_WRITTEN).value == code


@pytest.mark.parametrize(
    "groups",
    [("Gold", "Silver"), ("EXPORT", "DOMESTIC"), ("A", "B"), ("Government", "Retail"), ("Gold",)],
)
def test_groups_of_customers_by_rank_or_place_are_no_trades(groups: tuple[str, ...]) -> None:
    found = mapped(("Customer", "Example", "Sample"), ("Customer group", *groups), ("Goods", "x"))
    assert found.fields == ("buyer.name", None, "product")
    assert found.ambiguous == {"Customer group": ("buyer.business",)}


def test_a_stated_trade_counts_before_a_group_of_customers() -> None:
    found = mapped(
        ("Customer", "Example"), ("Customer group", "Paint manufacturer"),
        ("Industry", "Mobile phone shop"), ("Ship To", "Sample"), ("Goods", "x"),
    )  # fmt: skip
    assert found.fields[1:3] == (None, "buyer.business")


def test_an_item_in_a_header_is_no_unit() -> None:
    for name in ("Order Quantity (Item)", "Quantity (Line)", "Quantity Item"):
        found = mapped(("Customer", "Example"), ("Goods", "x"), (name, "6000"))
        assert found.fields[2] == "quantity", name
        assert "quantity" not in found.settings, name
    assert mapped(("Goods", "x"), ("Quantity (kg)", "6")).settings["quantity"].unit == "kg"


def test_a_name_of_nobody_stays_open_where_no_party_is_named() -> None:
    found = mapped(("Name", "Example", "Sample"), ("Item", "Aluminium paste"), ("Qty", "3"))
    assert found.ambiguous == {"Name": ("buyer.name",)}


def test_codes_without_a_number_sign_are_no_order_numbers() -> None:
    found = mapped(("Name", "C1001", "C1002"), ("Bill To", "Example", "Sample"), ("Goods", "x"))
    assert "order_id" not in found.present


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("payment.terms", "NT45", "credit"),
        ("payment.terms", "Net60", "credit"),
        ("payment.terms", "30D", "credit"),
        ("payment.terms", "21 T", "credit"),
        ("payment.terms", "60j", "credit"),
        ("payment.terms", "90 GÜN", "credit"),
        ("payment.terms", "月结45天", "credit"),
        ("payment.terms", "款到发货", "prepayment"),
        ("payment.terms", "0001", None),
        ("payment.terms", "Z030", None),
        ("payment.terms", "ZB05", None),
        ("payment.terms", "N2", None),
        ("payment.terms", "30", None),
        ("payment.terms", "30 pieces", None),
        ("payment.terms", "NT0", None),
        ("payment.terms", "NT" + "9" * 400, None),
        ("payment.method", "Havale", "bank_transfer"),
        ("payment.method", "电汇", "bank_transfer"),
        ("payment.method", "信用证", "letter_of_credit"),
        ("payment.method", "现金", "cash"),
        ("payment.method", "SEPA DD", "direct_debit"),
        ("payment.method", "Bonifico", "bank_transfer"),
        ("payment.method", "gotówka", "cash"),
        ("payment.terms", "60 gg DF", "credit"),
        ("outcome", "已取消", "cancelled"),
        ("ship_via", "海运", "sea"),
    ],
)
def test_words_of_systems_are_understood(path: str, text: str, value: str | None) -> None:
    assert field_table()[path].kind.parse(text, AS_WRITTEN).value == value


@pytest.mark.parametrize(
    ("text", "currency"),
    [("100 人民币", "CNY"), ("100 美元", "USD"), ("100 British Pound", "GBP"), ("5 港币", "HKD")],
)
def test_currencies_are_known_by_the_names_that_systems_write(text: str, currency: str) -> None:
    value = field_table()["value"].kind.parse(text, AS_WRITTEN).value
    assert value is not None
    assert value.currency == currency


def test_a_number_of_nobody_is_no_field_that_could_be_chosen() -> None:
    found = mapped(("AG-Nummer", "7"), ("代码", "8"))
    assert found.candidates[1] == ()
    assert found.ambiguous == {}
