"""The same table written by the usual writers of each format."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

Table = tuple[Sequence[str], Sequence[Sequence[str]]]
"""The names of the columns, and rows of texts."""


def write_csv(path: Path, table: Table, *, delimiter: str = ",", encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(table[0])
        writer.writerows(table[1])


def write_json_lines(path: Path, table: Table) -> None:
    path.write_text(
        "".join(json.dumps(dict(zip(table[0], row, strict=True))) + "\n" for row in table[1]),
        encoding="utf-8",
    )


def write_json(path: Path, table: Table) -> None:
    orders = [dict(zip(table[0], row, strict=True)) for row in table[1]]
    path.write_text(json.dumps({"orders": orders}, ensure_ascii=False, indent=1), encoding="utf-8")


def write_parquet(path: Path, table: Table) -> None:
    _frame(table).write_parquet(path)


def write_feather(path: Path, table: Table) -> None:
    _frame(table).write_ipc(path)


def write_arrow_stream(path: Path, table: Table) -> None:
    _frame(table).write_ipc_stream(path)


def _frame(table: Table):  # type: ignore[no-untyped-def]
    import polars

    return polars.DataFrame(
        {
            name: polars.Series([row[place] for row in table[1]], dtype=polars.String)
            for place, name in enumerate(table[0])
        }
    )


def write_xlsx(path: Path, table: Table) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for number, row in enumerate((table[0], *table[1]), start=1):
        for column, text in enumerate(row, start=1):
            if text:
                cell = sheet.cell(number, column)
                cell.value = text
                cell.data_type = "s"  # a text is a text, also one that begins with "="
    book.save(path)


def write_xls(path: Path, table: Table) -> None:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Orders")
    for number, row in enumerate((table[0], *table[1])):
        for column, text in enumerate(row):
            if text:
                sheet.write(number, column, text)
    book.save(str(path))


def write_ods(path: Path, table: Table) -> None:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table as Sheet
    from odf.table import TableCell, TableRow
    from odf.teletype import addTextToElement
    from odf.text import P

    document = OpenDocumentSpreadsheet()
    sheet = Sheet(name="Orders")
    for row in (table[0], *table[1]):
        line = TableRow()
        for text in row:
            cell = TableCell(valuetype="string") if text else TableCell()
            if text:
                paragraph = P()
                addTextToElement(paragraph, text)
                cell.addElement(paragraph)
            line.addElement(cell)
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    document.save(str(path))


def write_sqlite(path: Path, table: Table) -> None:
    with sqlite3.connect(path) as connection:
        names = ", ".join(f'"{name}" TEXT' for name in table[0])
        connection.execute(f"CREATE TABLE orders ({names})")
        marks = ", ".join("?" for _ in table[0])
        connection.executemany(f"INSERT INTO orders VALUES ({marks})", table[1])
    connection.close()
