"""Exports as order systems and people write them: what is read of each, row by row and in batches,
nothing shifted and nothing lost."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from redflags.intake import open_order_batches, open_orders
from redflags.intake.batches import order_batches
from redflags.intake.records import settled_records
from redflags.model.record import Record

SHOWN = ("order_id", "buyer.name", "buyer.country", "product", "quantity")

CHAIR = ("1", "Example", "TR", "Chair", "2 pieces")
DESK = ("2", "Sample", "DE", "Desk", "3 pieces")

HEADER = ["Order", "Customer", "Country", "Product", "Quantity", "Unit"]
ROWS = [["1", "Example", "TR", "Chair", "2", "pcs"], ["2", "Sample", "DE", "Desk", "3", "pcs"]]


def table(mark: str, end: str = "\n", rows: list[list[str]] | None = None) -> str:
    """The two orders with a mark between cells."""
    return "".join(mark.join(row) + end for row in [HEADER, *(ROWS if rows is None else rows)])


STYLES: dict[str, tuple[str, bytes, list[tuple[str, ...]], int]] = {
    "a list printed by SAP": (
        "list.txt",
        "07.11.2026            Dynamische Listenausgabe            1\n"
        "----------------------------------------------------------\n"
        "|Verk.beleg|Pos. |Auftraggeber |Land|Materialbezeichnung |Menge     |ME |\n"
        "----------------------------------------------------------\n"
        "|4711      |10   |Beispiel GmbH|DE  |Bürostuhl           |1.200,500 |KG |\n"
        "|4712      |10   |Muster AG    |CH  |Tisch               |4,000     |ST |\n"
        "----------------------------------------------------------\n".encode(),
        [("4711", "Beispiel GmbH", "DE", "Bürostuhl", "1200.5 kg"),
         ("4712", "Muster AG", "CH", "Tisch", "4 pieces")],
        2,
    ),
    "a table of Markdown": (
        "orders.txt",
        b"| Order | Customer | Country | Product | Quantity | Unit |\n|---|:--|---|---|--:|---|\n"
        b"| 1 | Example | TR | Chair | 2 | pcs |\n| 2 | Sample | DE | Desk | 3 | pcs |\n",
        [CHAIR, DESK],
        1,
    ),
    "what psql prints": (
        "orders.txt",
        b" order_id | buyer_name | buyer_country | product | quantity | unit \n"
        b"----------+------------+---------------+---------+----------+------\n"
        b" 1        | Example    | TR            | Chair   |        2 | pcs\n"
        b" 2        | Sample     | DE            | Desk    |        3 | pcs\n(2 rows)\n\n",
        [CHAIR, DESK],
        2,
    ),
    "a first line for Excel": (
        "o.csv", b"sep=;\r\n" + table(";", "\r\n").encode(), [CHAIR, DESK], 0
    ),
    "the same with a mark": (
        "o.csv", b"\xef\xbb\xbfsep=;\r\n" + table(";", "\r\n").encode(), [CHAIR, DESK], 0
    ),
    "Unicode text of Excel": ("o.txt", table("\t", "\r\n").encode("utf-16"), [CHAIR, DESK], 0),
    "an old Macintosh": ("o.csv", table(";", "\r").encode("mac-roman"), [CHAIR, DESK], 0),
    "a delimiter of three characters": ("o.csv", table("~|~").encode(), [CHAIR, DESK], 0),
    "a delimiter at the end of each row": ("o.txt", table("|", "|\n").encode(), [CHAIR, DESK], 0),
    "units below the names": (
        "o.csv",
        table(";", rows=[["", "", "", "", "pcs", ""], *ROWS]).encode(),
        [CHAIR, DESK],
        1,
    ),
    "totals at the end": (
        "o.csv",
        table(";", rows=[*ROWS, ["Total", "", "", "", "5", ""]]).encode(),
        [CHAIR, DESK],
        1,
    ),
    "only the first row of an order has what belongs to it": (
        "o.csv",
        table(";", rows=[ROWS[0], ["", "", "", "Lamp", "4", "pcs"], ROWS[1]]).encode(),
        [CHAIR, ("1", "Example", "TR", "Lamp", "4 pieces"), DESK],
        0,
    ),
    "Turkish capitals": (
        "o.csv",
        "SİPARİŞ NO;MÜŞTERİ ADI;ÜLKE;ÜRÜN AÇIKLAMASI;MİKTAR;BİRİM\r\n"
        "1;Örnek Ltd. Şti.;TÜRKİYE;SANDALYE;1.250,50;KG\r\n".encode("cp1254"),
        [("1", "Örnek Ltd. Şti.", "TR", "SANDALYE", "1250.5 kg")],
        0,
    ),
    "Chinese": (
        "o.csv",
        "订单号,客户名称,国家,产品名称,数量,单位\n1,示例公司,土耳其,椅子,100,公斤\n".encode("gb18030"),
        [("1", "示例公司", "TR", "椅子", "100 kg")],
        0,
    ),
    "Russian": (
        "o.csv",
        "Номер заказа;Покупатель;Страна покупателя;Наименование товара;Кол-во;Ед. изм.\r\n"
        "1;ООО Пример;Казахстан;Стул офисный;1 200,5;кг\r\n".encode("cp1251"),
        [("1", "ООО Пример", "KZ", "Стул офисный", "1200.5 kg")],
        0,
    ),
    "Arabic": (
        "o.csv",
        "رقم الطلب,اسم العميل,البلد,المنتج,الكمية,الوحدة\n"
        "١٢,شركة المثال,العراق,كرسي,١٬٢٠٠٫٥,كغم\n".encode(),
        [("١٢", "شركة المثال", "IQ", "كرسي", "1200.5 kg")],
        0,
    ),
    "the answer of an OData service": (
        "o.json",
        json.dumps(
            {
                "d": {
                    "results": [
                        {"SalesOrder": "1", "SoldToPartyName": "Example", "Country": "TR",
                         "Product": "Chair", "Quantity": "2", "Unit": "PC"}
                    ]
                }
            }
        ).encode(),
        [CHAIR],
        0,
    ),
    "the answer of GraphQL": (
        "o.json",
        json.dumps(
            {
                "data": {
                    "orders": {
                        "edges": [
                            {"node": {"order_id": one[0], "product": one[3],
                                      "buyer": {"name": one[1], "country": one[2]},
                                      "quantity": f"{one[4]} {one[5]}"}}
                            for one in ROWS
                        ]
                    }
                }
            }
        ).encode(),
        [CHAIR, DESK],
        0,
    ),
    "JSON Lines with a mark": (
        "o.jsonl",
        b"\xef\xbb\xbf"
        + "".join(
            json.dumps({"order_id": one[0], "buyer": {"name": one[1], "country": one[2]},
                        "product": one[3], "quantity": int(one[4]), "unit": one[5]}) + "\n"
            for one in ROWS
        ).encode(),
        [CHAIR, DESK],
        0,
    ),
}  # fmt: skip
"""By what it is: a name and the bytes of a file, what is read of it, and the rows set aside."""


def shown(record: Record) -> tuple[str, ...]:
    from redflags.model.fields import field_table

    told = [str(record[path].value) for path in SHOWN[:-1]]
    return (*told, field_table()["quantity"].kind.shown(record["quantity"]))


@pytest.mark.parametrize("style", STYLES)
def test_a_style_is_read_row_by_row(tmp_path: Path, style: str) -> None:
    name, data, expected, set_aside = STYLES[style]
    path = tmp_path / name
    path.write_bytes(data)
    source, header = open_orders(path)
    with source:
        found = list(settled_records(source, header))
        assert [shown(one) for one in found if isinstance(one, Record)] == expected
        assert len(found) == source.row_count == len(expected) + set_aside
    for position, field in enumerate(header.fields):
        if field is not None:
            assert header.reasons[position], header.names[position]


@pytest.mark.parametrize("style", STYLES)
def test_a_style_is_read_alike_in_batches(tmp_path: Path, style: str) -> None:
    name, data, _, set_aside = STYLES[style]
    path = tmp_path / name
    path.write_bytes(data)
    source, header = open_orders(path)
    with source:
        rows = [one for one in settled_records(source, header) if isinstance(one, Record)]
        written = [tuple(one[path].written.strip() for path in SHOWN[:4]) for one in rows]
    batches, header = open_order_batches(path)
    with batches:
        read = list(order_batches(batches, header))
    found = [
        tuple(map(str.strip, row)) for one in read for row in one.frame.select(SHOWN[:4]).rows()
    ]
    assert found == written
    assert sum(len(one.set_aside) for one in read) == set_aside


def test_cells_merged_over_the_lines_of_an_order_belong_to_all_of_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Orders of the quarter"])
    sheet.merge_cells("A1:F1")
    sheet.append(HEADER)
    sheet.append(["1", "Example", "TR", "Chair", 2, "pcs"])
    sheet.append([None, None, None, "Lamp", 4, "pcs"])
    sheet.append(["2", "Sample", "DE", "Desk", 3, "pcs"])
    for column in "ABC":
        sheet.merge_cells(f"{column}3:{column}4")
    path = tmp_path / "orders.xlsx"
    book.save(path)
    source, header = open_orders(path)
    with source:
        records = settled_records(source, header)
        found = [shown(one) for one in records if isinstance(one, Record)]
    assert found == [CHAIR, ("1", "Example", "TR", "Lamp", "4 pieces"), DESK]
    assert "3 cells below a merged one are read as what the merged one says" in source.notes
