"""Exports as order systems write them: what is read of each, and what is set aside.

Every file is written by hand after the habits of a system or a country, with invented firms.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from redflags.intake import open_order_batches, open_orders
from redflags.intake.batches import order_batches
from redflags.intake.records import settled_records
from redflags.model.fields import field_table
from redflags.model.notation import Notation
from redflags.model.record import Record

KNOWN_DAY = Notation().as_of(date(2026, 11, 23))

# name: (text, encoding, what is read of each order, rows set aside)
EXPORTS: dict[str, tuple[str, str, list[str], list[int]]] = {
    "SAP list with rules and a total": (
        "Auftragsliste\n"
        "-----------------------------------------------------------\n"
        "|Auftrag |Datum     |Auftraggeber|Name 1  |Land|Bezeichnung|  Menge|ME|Nettowert|Währg|\n"
        "-----------------------------------------------------------\n"
        "|4500001 |13.02.2026|100234      |Örnek A.|TR  |Harnstoff  |6.000,0|KG|22.000,00|USD  |\n"
        "|4500002 |14.02.2026|100235      |Muster  |DE  |Kugellager |  1.200|ST| 1.200,00|EUR  |\n"
        "|*       |          |            |        |    |           |  7.200|  |23.200,00|     |\n",
        "cp1252",
        [
            "4500001 2026-02-13 Örnek A. TR Harnstoff 6 t 22,000.00 USD",
            "4500002 2026-02-14 Muster DE Kugellager 1200 pieces 1,200.00 EUR",
        ],
        [4, 7],
    ),
    "SAP fields, dates without marks": (
        "VBELN;ERDAT;KUNNR;NAME1;LAND1;ARKTX;KWMENG;VRKME;NETWR;WAERK\n"
        "1;20260213;100;Muster;TR;Paste;6.000,000;KG;1.000,00;EUR\n"
        "2;00000000;101;Beispiel;DE;Urea;5,000;TO;500,00;EUR\n"
        "3;00.00.0000;101;Beispiel;DE;Urea;5,000;TO;500,00-;EUR\n",
        "utf-8",
        [
            "1 2026-02-13 Muster TR Paste 6 t 1,000.00 EUR",
            "2 ? Beispiel DE Urea 5 t 500.00 EUR",
            "3 ? Beispiel DE Urea 5 t -500.00 EUR",
        ],
        [],
    ),
    "Turkish accounting": (
        "Sipariş No;Tarih;Cari Ünvanı;Ülke;Malzeme Açıklaması;Miktar;Birim;Tutar;Döviz\n"
        "SP-1;13.02.2026;ABC Elektronik Ltd. Şti.;Türkiye;Alüminyum pasta;6.000,00;KG;1.234,50;TL\n"
        "SP-2;01.02.2026;Örnek Şirket;Suriye;Üre;1.000,00;KG;5.000,00;USD\n"
        "Genel Toplam;;;;;7.000,00;;;\n",
        "cp1254",
        [
            "SP-1 2026-02-13 ABC Elektronik Ltd. Şti. TR Alüminyum pasta 6 t 1,234.50 TRY",
            "SP-2 2026-02-01 Örnek Şirket SY Üre 1 t 5,000.00 USD",
        ],
        [4],
    ),
    "an American system with signs of currency": (
        "Document Number,Date,Customer,Country,Item,Quantity,Units,Amount,Currency\n"
        'SO1001,2/13/2026,Acme Phones LLC,United States,Aluminum paste,5,DRUM,"$1,234.50",USD\n'
        "SO1002,2/3/2026,Beta Labs,Turkey,Urea,250.5,KG,($200.00),US Dollar\n"
        'Total,,,,,"1,005",,"$1,034.50",\n',
        "utf-8",
        [
            "SO1001 2026-02-13 Acme Phones LLC US Aluminum paste 5 drums 1,234.50 USD",
            "SO1002 2026-02-03 Beta Labs TR Urea 250.5 kg -200.00 USD",
        ],
        [4],
    ),
    "Indian grouping, debit and credit": (
        "SO No,SO Date,Customer,Country,Item Description,Qty,UOM,Amount (INR)\n"
        '1,13-02-2026,Sharma Traders,India,Urea,"1,00,000",KGS,"12,34,567.00 Dr"\n'
        '2,01-02-2026,Verma,India,Paste,250,NOS,"1,234.00 Cr"\n',
        "utf-8",
        [
            "1 2026-02-13 Sharma Traders IN Urea 100 t 1,234,567.00 INR",
            "2 2026-02-01 Verma IN Paste 250 pieces ?",
        ],
        [],
    ),
    "Swiss apostrophes": (
        "Auftrag;Datum;Kunde;Land;Artikel;Menge;Einheit;Betrag;Währung\n"
        "1;13.02.2026;Acme AG;Schweiz;Harnstoff;1'234.50;kg;CHF 12'345.00;CHF\n"
        "2;13.02.2026;Acme AG;Suisse;Harnstoff;1’000;kg;Fr. 100.-;CHF\n",
        "utf-8",
        [
            "1 2026-02-13 Acme AG CH Harnstoff 1234.5 kg 12,345.00 CHF",
            "2 2026-02-13 Acme AG CH Harnstoff 1 t 100.00 CHF",
        ],
        [],
    ),
    "a spreadsheet's line of the delimiter": (
        "sep=;\r\nOrder No;Date;Customer;Buyer Country;Product;Quantity;Unit\r\n"
        "1;2026-02-13;Acme;Deutschland;urea;0,5;t\r\n2;2026-02-13;Acme;DE;paste;.5;t\r\n",
        "utf-8",
        ["1 2026-02-13 Acme DE urea 500 kg ?", "2 2026-02-13 Acme DE paste 500 kg ?"],
        [],
    ),
    "Unicode text of a spreadsheet": (
        "Bestellnummer\tBestelldatum\tKunde\tArtikel\tMenge\tEinheit\r\n"
        "1\t13.02.2026\tMuster GmbH\tAluminiumpaste\t6.000,5\tkg\r\n",
        "utf-16",
        ["1 2026-02-13 Muster GmbH ? Aluminiumpaste 6000.5 kg ?"],
        [],
    ),
    "English names in a Chinese encoding": (
        "Order No,Date,Customer,Country,Product,Quantity,Unit,Amount,Currency\n"
        "D1,2026-02-13,示例公司,土耳其,铝浆,6000,公斤,22000,USD\n"
        "D2,2026年2月14日,示例二,中国,尿素,5,吨,1000,CNY\n",
        "gb18030",
        [
            "D1 2026-02-13 示例公司 TR 铝浆 6 t 22,000.00 USD",
            "D2 2026-02-14 示例二 CN 尿素 5 t 1,000.00 CNY",
        ],
        [],
    ),
    "pages of a printed list": (
        "Order;Date;Customer;Item;Qty;UOM\n1;2026-02-13;Acme;urea;5;kg\n\nPage 2;;;;;\n"
        "Order;Date;Customer;Item;Qty;UOM\n2;2026-02-13;Beta;paste;6;t\n"
        "*** End of report ***;;;;;\n",
        "utf-8",
        ["1 2026-02-13 Acme ? urea 5 kg ?", "2 2026-02-13 Beta ? paste 6 t ?"],
        [4, 5, 7],
    ),
    "the remarks of a query tool": (
        "Order,Date,Customer,Item,Qty,UOM\n1,2026-02-13,Acme,urea,5,kg\n"
        "\n2 records selected.,,,,,\nPrinted by: J. Doe,,,,,\n",
        "utf-8",
        ["1 2026-02-13 Acme ? urea 5 kg ?"],
        [4, 5],
    ),
    "an order that is named as a total is": (
        "Order,Date,Customer,Item,Qty,UOM\nTotal,2026-02-13,Acme,urea,5,kg\nTotal,,,,5,kg\n",
        "utf-8",
        ["Total 2026-02-13 Acme ? urea 5 kg ?"],
        [3],
    ),
    "texts kept as formulas": (
        'order,date,buyer,product,quantity\n="0001","=""2026-02-13""",Acme,urea,="5 kg"\n'
        "0002,2026-02-13,Acme,=A1,5 kg\n",
        "utf-8",
        ["0001 2026-02-13 Acme ? urea 5 kg ?", "0002 2026-02-13 Acme ? =A1 5 kg ?"],
        [],
    ),
    "two-digit years and months in words": (
        "Order,Date,Customer,Product,Quantity\n1,13-Feb-26,Acme,urea,5 kg\n"
        "2,01-Mar-26,Acme,urea,6 t 500 kg\n3,02-Mar-98,Acme,urea,ca. 500 kgs\n",
        "utf-8",
        [
            "1 2026-02-13 Acme ? urea 5 kg ?",
            "2 2026-03-01 Acme ? urea 6.5 t ?",
            "3 ? Acme ? urea 500 kg ?",
        ],
        [],
    ),
    "dates of every kind": (
        "order,date,buyer,product,quantity\n1,13 février 2026,A,u,1 kg\n2,13 Şubat 2026,A,u,1 kg\n"
        "3,13. Februar 2026,A,u,1 kg\n"
        '4,13 de febrero de 2026,A,u,1 kg\n5,"February 13, 2026",A,u,1 kg\n'
        "6,13.2.2026 10:15 Uhr,A,u,1 kg\n7,20260213101500,A,u,1 kg\n8,1447-08-25,A,u,1 kg\n"
        "9,13/02/2569,A,u,1 kg\n10,46066,A,u,1 kg\n11,KW 7/2026,A,u,1 kg\n"
        "12,13/Feb/2026,A,u,1 kg\n",
        "utf-8",
        [f"{number} 2026-02-13 A ? u 1 kg ?" for number in range(1, 8)]
        + [f"{number} ? A ? u 1 kg ?" for number in range(8, 12)]
        + ["12 2026-02-13 A ? u 1 kg ?"],
        [],
    ),
    "negatives, packings and references": (
        "order,date,buyer,product,quantity,unit,value,currency\n"
        '1,2026-02-13,A,urea,"(1,234.50)",kg,"(100.00)",EUR\n2,2026-02-13,A,urea,123-,kg,100-,EUR\n'
        "3,2026-02-13,A,urea,2 x 20' FCL,,,\n4,2026-02-13,A,urea,See DN-304,kg,as per PI 7,EUR\n"
        "5,2026-02-13,A,urea,#N/A,kg,#REF!,EUR\n",
        "utf-8",
        [
            "1 2026-02-13 A ? urea -1234.5 kg -100.00 EUR",
            "2 2026-02-13 A ? urea -123 kg -100.00 EUR",
            "3 2026-02-13 A ? urea 2 containers ?",
            "4 2026-02-13 A ? urea ? ?",
            "5 2026-02-13 A ? urea ? ?",
        ],
        [],
    ),
    "columns named alike": (
        "order,date,buyer,product,country,quantity,quantity\n1,2026-02-13,A,urea,DE,5 kg,6 kg\n",
        "utf-8",
        ["1 2026-02-13 A DE urea ? ?"],
        [],
    ),
}

PATHS = ("order_id", "date", "buyer.name", "buyer.country", "product", "quantity", "value")


def told(record: Record, path: str) -> str:
    understood = record[path]
    if understood.value is None:
        return "?"
    return (
        str(understood.value)
        if path.endswith("country")
        else field_table()[path].kind.shown(understood)
    )


@pytest.fixture
def export(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    text, encoding, _, _ = EXPORTS[request.param]
    path = tmp_path / "export.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(("export", "name"), [(one, one) for one in EXPORTS], indirect=["export"])
def test_what_is_read_of_an_export(export: Path, name: str) -> None:
    _, _, orders, aside = EXPORTS[name]
    source, header = open_orders(export)
    with source:
        rows = list(settled_records(source, header, KNOWN_DAY))
    found = [" ".join(told(one, path) for path in PATHS) for one in rows if isinstance(one, Record)]
    assert found == orders
    assert [one.row for one in rows if not isinstance(one, Record)] == aside


@pytest.mark.parametrize("export", EXPORTS, indirect=True)
def test_read_in_columns_the_same_rows_are_set_aside(export: Path) -> None:
    source, header = open_orders(export)
    with source:
        rows = list(settled_records(source, header, KNOWN_DAY))
    in_columns, header = open_order_batches(export)
    with in_columns:
        batches = list(order_batches(in_columns, header))
    assert [one for batch in batches for one in batch.set_aside] == [
        one for one in rows if not isinstance(one, Record)
    ]
    assert [row for batch in batches for row in batch.rows] == [
        one.row for one in rows if isinstance(one, Record)
    ]
    texts = [text for batch in batches for text in batch.frame["order_id"]]
    assert [text.strip() for text in texts] == [
        one["order_id"].written.strip() for one in rows if isinstance(one, Record)
    ]


def test_columns_named_alike_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(EXPORTS["columns named alike"][0])
    source, header = open_orders(path)
    source.close()
    assert dict(header.ambiguous) == {"quantity": ("quantity",)}
