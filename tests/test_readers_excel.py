"""Sheets of workbooks as text: rows as in the spreadsheet, the header found, nothing guessed."""

from __future__ import annotations

import datetime
import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdsTable
from odf.table import TableCell, TableRow
from odf.text import P
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.cell_range import CellRange

from redflags.errors import InputError
from redflags.readers import Row, Selection, open_table
from tests import written
from tests.read_back import Read, read_both
from tests.written import Table

Sheet = dict[str, list[list[Any]]]


def xlsx(folder: Path, sheets: Sheet, *, name: str = "orders.xlsx", epoch: Any = None) -> Path:
    """A workbook with these sheets."""
    book = openpyxl.Workbook()
    if epoch is not None:
        book.epoch = epoch
    del book["Sheet"]
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = folder / name
    book.save(path)
    return path


def changed(source: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """A workbook with one of its members changed."""
    target = source.with_name(f"changed-{source.name}")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == member else data)
    return target


SHEET1 = "xl/worksheets/sheet1.xml"


def with_cells(folder: Path, cells: str) -> Path:
    """A workbook of which the sheet is written by hand."""
    return changed(
        xlsx(folder, {"Orders": [["order_id"]]}),
        SHEET1,
        lambda _: (
            '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/'
            f'spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
        ).encode(),
    )


VALUES: list[tuple[Any, str]] = [
    ("010121", "010121"),
    (" NO ", " NO "),
    ("a\nb", "a\nb"),
    (6000, "6000"),
    (6.0, "6"),
    (-0.5, "-0.5"),
    (0.1, "0.1"),
    (1e-7, "0.0000001"),
    (1e20, "100000000000000000000"),
    # A number of a sheet has no mark of thousands, which a text "1.125" could have.
    (1.125, "1.1250"),
    (1234.125, "1234.125"),
    (True, "yes"),
    (False, "no"),
    (datetime.date(2026, 1, 31), "2026-01-31"),
    (datetime.datetime(2026, 1, 31), "2026-01-31"),
    (datetime.datetime(2026, 1, 31, 9, 5), "2026-01-31T09:05:00"),
    (datetime.time(9, 5), "09:05:00"),
    (datetime.timedelta(hours=26), "26:00:00"),
    (None, ""),
]


@pytest.mark.parametrize(("value", "text"), VALUES)
def test_each_value_of_xlsx_is_this_text(tmp_path: Path, value: Any, text: str) -> None:
    path = xlsx(tmp_path, {"Orders": [["order_id", "notes"], ["1", value]]})
    assert read_both(path).cells == [("1", text)]


def test_values_of_xls_are_these_texts(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Orders")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    given = ["order_id", "010121", 6000, 0.1, 1.125, True, datetime.date(2026, 1, 31)]
    names = ["order_id", "hs_code", "quantity", "value", "notes", "end_use", "date"]
    for column, (name, value) in enumerate(zip(names, given, strict=True)):
        sheet.write(0, column, name)
        sheet.write(1, column, value, *([day] if isinstance(value, datetime.date) else []))
    path = tmp_path / "orders.xls"
    book.save(str(path))
    assert read_both(path).cells == [
        ("order_id", "010121", "6000", "0.1", "1.1250", "yes", "2026-01-31")
    ]


def ods(folder: Path, rows: list[list[dict[str, Any]]]) -> Path:
    """A document with cells of these attributes; ``text`` is what is shown."""
    document = OpenDocumentSpreadsheet()
    sheet = OdsTable(name="Orders")
    for row in rows:
        line = TableRow()
        for attributes in row:
            shown = attributes.pop("text", None)
            cell = TableCell(**attributes)
            if shown is not None:
                cell.addElement(P(text=shown))
            line.addElement(cell)
        sheet.addElement(line)
    sheet.addElement(TableRow(numberrowsrepeated=1_048_000))
    document.spreadsheet.addElement(sheet)
    path = folder / "orders.ods"
    document.save(str(path))
    return path


def test_values_of_ods_are_these_texts(tmp_path: Path) -> None:
    def name(text: str) -> dict[str, Any]:
        return {"valuetype": "string", "text": text}

    path = ods(
        tmp_path,
        [
            [name("order_id"), name("quantity"), name("date"), name("notes"), name("value")],
            [
                name("010121"),
                {"valuetype": "float", "value": "1.5", "text": "1,50"},
                {"valuetype": "date", "datevalue": "2026-01-31", "text": "31.01.26"},
                {"valuetype": "boolean", "booleanvalue": "true", "text": "WAHR"},
                {"valuetype": "currency", "value": "7", "text": "7,00 €"},
                {"numbercolumnsrepeated": 16_000},
            ],
        ],
    )
    found = read_both(path)
    assert found.rows == [(2, 2, ("010121", "1.5", "2026-01-31", "yes", "7"))]


def test_dates_of_either_calendar_are_the_same(tmp_path: Path) -> None:
    rows = {"Orders": [["order_id", "date"], ["1", datetime.date(2026, 1, 31)]]}
    for epoch in (None, CALENDAR_MAC_1904):
        assert read_both(xlsx(tmp_path, rows, epoch=epoch)).cells == [("1", "2026-01-31")]


HEADERS: dict[str, tuple[list[list[Any]], list[tuple[int, ...]], tuple[str, ...], str]] = {
    "on the first row": ([["order_id", "product"], [1, "a"]], [(2,)], ("order_id", "product"), ""),
    "below titles": (
        [["Orders of May"], [], ["as of", datetime.date(2026, 5, 31)], ["order_id", "x"], [1, 2]],
        [(5,)],
        ("order_id", "x"),
        "the header is on row 4; 3 rows above it were passed over",
    ),
    "right of the first column": (
        [[None, None], [None, "order_id", "product"], [None, 1, "a"]],
        [(3,)],
        ("", "order_id", "product"),
        "the header is on row 2; 1 row above it was passed over",
    ),
    "with blank rows below": (
        [["order_id", "product"], [], [1, "a"], [None, " "], [2, "b"], []],
        [(3,), (5,)],
        ("order_id", "product"),
        "",
    ),
    "with empty columns at its end": (
        [["order_id", "product", None, " "], [1, "a"]],
        [(2,)],
        ("order_id", "product"),
        "",
    ),
    "of unknown names": (
        [["Bericht"], ["Nr.", "Ware", "Menge"], ["1", "Paste", "6 t"]],
        [(3,)],
        ("Nr.", "Ware", "Menge"),
        "the header is on row 2; 1 row above it was passed over",
    ),
    "with a date in a title that is a name": (
        [["Date", "2026"], ["date", "order_id", "product"], ["2026-01-01", 1, "a"]],
        [(3,)],
        ("date", "order_id", "product"),
        "the header is on row 2; 1 row above it was passed over",
    ),
}


@pytest.mark.parametrize("name", HEADERS)
def test_the_header_is_found(tmp_path: Path, name: str) -> None:
    rows, places, header, note = HEADERS[name]
    found = read_both(xlsx(tmp_path, {"Orders": rows}))
    assert found.header == header
    assert [row[:1] for row in found.rows] == places
    assert found.notes == ((note,) if note else ())


def test_a_header_in_two_rows_is_one(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path,
        {
            "Orders": [
                ["Orders of May"],
                ["Order", "Buyer", None, "Consignee", None, "Product", "Notes"],
                ["order_id", "Name", "Country", "Name", "Country", None, None],
                ["1", "B", "TR", "C", "SY", "urea", "n"],
            ]
        },
    )
    book = openpyxl.load_workbook(path)
    for cells in ("A1:G1", "B2:C2", "D2:E2", "F2:F3"):
        book["Orders"].merge_cells(cells)
    book.save(path)
    header = (
        "order_id", "Buyer Name", "Buyer Country", "Consignee Name", "Consignee Country",
        "Product", "Notes",
    )  # fmt: skip
    found = read_both(path)
    assert found.header == header
    assert found.rows == [(4, 4, ("1", "B", "TR", "C", "SY", "urea", "n"))]
    assert found.notes == ("the header is on rows 2 and 3; 1 row above it was passed over",)


def test_the_sheet_is_chosen(tmp_path: Path) -> None:
    orders = [["order_id", "product"], [1, "a"]]
    path = xlsx(
        tmp_path,
        {"Read me": [["This is the export"]], "Empty": [], "Orders": orders, "2": [["x"], [5]]},
    )
    found = read_both(path)
    assert (found.cells, found.notes) == (
        [("1", "a")],
        ("read the sheet 'Orders', one of 4",),
    )
    for wanted in ("Orders", "orders ", "3"):
        assert read_both(path, selection=Selection(sheet=wanted)).cells == [("1", "a")]
    # A name goes before a number.
    assert read_both(path, selection=Selection(sheet="2")).cells == [("5",)]
    for wanted, message in (
        ("5", "there is no sheet '5'; name one of its sheets: 'Read me', 'Empty', 'Orders', '2'"),
        ("0", "there is no sheet '0'"),
        ("Empty", "the sheet 'Empty' is empty"),
    ):
        with pytest.raises(InputError, match=message):
            open_table(path, selection=Selection(sheet=wanted))


def test_one_of_several_sheets_is_not_guessed(tmp_path: Path) -> None:
    orders = [["order_id", "product"], [1, "a"]]
    path = xlsx(tmp_path, {"May": orders, "June": orders, "Notes": [["x"]]})
    with pytest.raises(InputError, match=r"several sheets .*: 'May', 'June'; name one with --shee"):
        read_both(path)


def test_a_hidden_sheet_is_read_only_if_there_is_no_other(tmp_path: Path) -> None:
    orders = [["order_id", "product"], [1, "a"]]
    path = xlsx(tmp_path, {"Old": orders, "New": [["order_id"], [2]]})
    book = openpyxl.load_workbook(path)
    book["Old"].sheet_state = "hidden"
    book.save(path)
    assert read_both(path).cells == [("2",)]
    book["New"]["A1"], book["New"]["A2"] = None, None
    book.save(path)
    assert read_both(path).cells == [("1", "a")]


def test_what_cannot_be_read_in_a_cell_is_told(tmp_path: Path) -> None:
    rows = [["order_id", "quantity"], ["1", "=1+1"], ["2", "#N/A"], ["3", 5]]
    found = read_both(xlsx(tmp_path, {"Orders": rows}))
    assert found.cells == [("1", ""), ("2", ""), ("3", "5")]
    assert found.notes == (
        "1 cell of the workbook holds an error such as #N/A and is read as empty",
        "1 formula of the workbook has no stored result and is read as empty; open and save it in "
        "a spreadsheet program",
    )


def test_a_formula_is_its_stored_result(tmp_path: Path) -> None:
    path = with_cells(
        tmp_path,
        '<row r="1"><c r="A1" t="inlineStr"><is><t>order_id</t></is></c></row>'
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row>'
        '<row r="3"><c r="A3" t="str"><f>"a"</f><v>a</v></c></row>',
    )
    found = read_both(path)
    assert (found.cells, found.notes) == ([("2",), ("a",)], ())


def merged(path: Path, *ranges: str) -> Path:
    """The book with these cells merged. Only cells that have a text are cleared: ``merge_cells``
    would make a million empty ones of a whole column."""
    book = openpyxl.load_workbook(path)
    sheet = book["Orders"]
    for cells in map(CellRange, ranges):
        first = (cells.min_row, cells.min_col)
        for row in range(cells.min_row, min(cells.max_row, sheet.max_row) + 1):
            for column in range(cells.min_col, min(cells.max_col, sheet.max_column) + 1):
                if (row, column) != first:
                    sheet.cell(row, column).value = None
        sheet.merged_cells.add(cells.coord)
    book.save(path)
    return path


def test_a_cell_merged_over_several_rows_counts_in_each_of_them(tmp_path: Path) -> None:
    rows = [
        ["order_id", "Buyer", "product", "quantity"],
        ["1", "Example Ltd", "urea", "5 t"],
        ["1", None, "acetone", "6 t"],
        [None, None, None, None],
        [None, None, "sorbitol", "7 t"],
        ["2", "Sample Ltd", "urea", None],
    ]
    path = merged(xlsx(tmp_path, {"Orders": rows}), "A2:A5", "B2:B5", "C6:D6")
    found = read_both(path)
    assert found.cells == [
        ("1", "Example Ltd", "urea", "5 t"),
        ("1", "Example Ltd", "acetone", "6 t"),
        ("1", "Example Ltd", "sorbitol", "7 t"),
        ("2", "Sample Ltd", "urea", ""),
    ]
    assert found.notes == ("4 cells below a merged one are read as what the merged one says",)


@pytest.mark.parametrize("cells", ["A1:A3", "A2:A1048576", "XFD2:XFD9", "A3:C3", "C9:C10"])
def test_merged_cells_at_odd_places_change_nothing_else(tmp_path: Path, cells: str) -> None:
    rows = [["order_id", "product"], ["1", "urea"], ["2", "acetone"]]
    path = merged(xlsx(tmp_path, {"Orders": rows}), cells)
    last = "" if cells == "A3:C3" else "acetone"
    assert [product for _, product in read_both(path).cells] == ["urea", last]


def test_cells_right_of_the_header_are_told(tmp_path: Path) -> None:
    path = xlsx(tmp_path, {"Orders": [["order_id"], [1, "stray"], [2]]})
    found = read_both(path)
    assert found.cells == [("1",), ("2",)]
    assert found.notes == (
        "1 row has cells right of the last name of the header, which were passed over",
    )


def test_names_that_are_there_twice_are_kept_and_numbered_if_unknown(tmp_path: Path) -> None:
    path = xlsx(tmp_path, {"Orders": [["order_id", "Order_ID", "Notes", "notes "], [1, 2, 3, 4]]})
    with open_table(path, is_known=lambda name: name == "order_id") as found:
        assert found.header == ("order_id", "Order_ID", "Notes", "notes (2)")
        assert [row.cells for row in found.rows() if isinstance(row, Row)] == [("1", "2", "3", "4")]
        assert found.notes == ("names that are there twice were given a number: notes (2)",)


TITLED: Sheet = {"Orders": [["Export of May"], [], ["order_id", "product", "x"], [1, "paste", 2]]}


@pytest.mark.parametrize(
    ("header_row", "header", "first", "note"),
    [
        (None, ("order_id", "product", "x"), 4, "the header is on row 3"),
        (3, ("order_id", "product", "x"), 4, "the header is on row 3"),
        (4, ("1", "paste", "2"), None, "the header is on row 4"),
        (
            "none",
            ("#1", "#2", "#3"),
            1,
            "the sheet has no header; its columns are #1, #2 and so on",
        ),
    ],
)
def test_the_row_of_the_names_can_be_stated(
    tmp_path: Path, header_row: Any, header: Any, first: Any, note: str
) -> None:
    path = xlsx(tmp_path, TITLED)
    selection = Selection(header_row=header_row)
    with open_table(path, is_known=lambda name: name == "order_id", selection=selection) as found:
        rows = list(found.rows())
        assert found.header == header
        assert (rows[0].row if rows else None) == first
        assert note in found.notes[0]


@pytest.mark.parametrize("header_row", [2, 9, 5_000_000])
def test_a_row_without_names_is_an_input_error(tmp_path: Path, header_row: int) -> None:
    path = xlsx(tmp_path, TITLED)
    for sheet in (None, "Orders"):
        selection = Selection(header_row=header_row, sheet=sheet)
        with pytest.raises(InputError, match=f"no row {header_row} with names of columns"):
            open_table(path, selection=selection)


def test_the_content_and_not_the_suffix_tells_the_kind(tmp_path: Path) -> None:
    table: Table = (("order_id",), [("1",)])
    written.write_xlsx(tmp_path / "a.xls", table)
    written.write_xls(tmp_path / "b.xlsx", table)
    written.write_ods(tmp_path / "c.xlsx", table)
    for name, kind in (("a.xls", "xlsx"), ("b.xlsx", "xls"), ("c.xlsx", "ods")):
        assert read_both(tmp_path / name).cells == [("1",)]
        with open_table(tmp_path / name) as opened:
            assert opened.encoding == kind
    plain = tmp_path / "export"
    written.write_xlsx(plain, table)
    assert read_both(plain, selection=Selection(format="excel")).cells == [("1",)]


def test_the_hash_is_that_of_the_file(tmp_path: Path) -> None:
    path = xlsx(tmp_path, {"Orders": [["order_id"], [1]]})
    with open_table(path) as table:
        list(table.rows())
    assert table.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


CELL = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufffe\uffff"
    ),
    max_size=12,
)


def usual(text: str) -> str:
    """A text that means the same in each of these formats: XML drops some spaces, and an
    underscore before an x and four digits is an escape in xlsx."""
    return " ".join(text.replace("_x", "-x").split())


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=5))
@pytest.mark.parametrize(
    ("name", "writer"),
    [
        ("orders.xlsx", written.write_xlsx),
        ("orders.xls", written.write_xls),
        ("orders.ods", written.write_ods),
    ],
)
def test_texts_come_back(
    tmp_path: Path, name: str, writer: Callable[[Path, Table], None], rows: list[tuple[str, str]]
) -> None:
    clean = [(usual(first), usual(second)) for first, second in rows]
    path = tmp_path / name
    writer(path, (("product", "notes"), clean))
    found: Read = read_both(path)
    assert found.cells == [row for row in clean if any(map(str.strip, row))]
