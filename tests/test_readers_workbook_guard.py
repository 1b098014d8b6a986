"""Workbooks that are none, damaged, locked or made to do harm: an error and never a crash."""

from __future__ import annotations

import random
import sys
import zipfile
from pathlib import Path

import pytest

from redflags.errors import ConfigurationError, InputError
from redflags.readers import Refused, Row, open_table
from tests import written
from tests.read_back import read_both
from tests.test_readers_excel import changed, with_cells, xlsx
from tests.written import Table

NO_WORKBOOKS = [
    (b"", "the file is empty"),
    (b"order_id;product\n1;a\n", "it looks like text, perhaps CSV"),
    (b"<html><table><tr><td>1</td></tr></table></html>", "it is a web page or XML"),
    (b"\0\1\2\3" * 100, "not a workbook"),
    (b"PK\x03\x04" + b"\0" * 200, "the workbook is damaged"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "the workbook is damaged"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000 + "EncryptedPackage".encode("utf-16-le"),
        "protected by a password",
    ),
]


@pytest.mark.parametrize(("content", "message"), NO_WORKBOOKS)
@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_what_is_no_workbook_is_an_input_error(
    tmp_path: Path, content: bytes, message: str, suffix: str
) -> None:
    path = tmp_path / f"orders{suffix}"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        open_table(path)


def test_other_archives_are_input_errors(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    for member, message in (
        ("orders.csv", "a zip archive that is no workbook"),
        ("xl/workbook.bin", "a binary workbook"),
    ):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(member, "x")
        with pytest.raises(InputError, match=message):
            open_table(path)


def test_an_empty_workbook_and_a_missing_file_are_input_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the workbook is empty"):
        open_table(xlsx(tmp_path, {"Orders": [], "More": []}))
    with pytest.raises(InputError, match="there is no such file"):
        open_table(tmp_path / "missing.xlsx")


def test_a_protected_document_is_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    written.write_ods(path, (("order_id",), [("1",)]))
    locked = changed(
        path,
        "META-INF/manifest.xml",
        lambda data: data.replace(
            b"</manifest:manifest>", b"<!--encryption-data--></manifest:manifest>"
        ),
    )
    with pytest.raises(InputError, match="protected by a password"):
        open_table(locked)


FAR = [
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c><c s="1"\n r="XFD1000000" >\n<v>1</v></c></row>',
    "<row r='1'><c r='A1'><v>1</v></c><c r='XFD1'><v>1</v></c></row>"
    "<row r='900000'><c><v>1</v></c></row>",
    '<row r="1"><c r="A1"><v>1</v></c><c x=">" r="XFD1000000" y="/>" ><v>1</v></c></row>',
    '<row r="1"><c r="XFD1"><v>1</v></c></row><row r="900000"><c x="r="><v>1</v></c></row>',
]


@pytest.mark.parametrize("cells", FAR)
def test_cells_far_apart_are_an_input_error_and_no_crash(tmp_path: Path, cells: str) -> None:
    with pytest.raises(InputError, match="the cells of a sheet are spread over"):
        open_table(with_cells(tmp_path, cells))


def test_empty_cells_far_apart_do_no_harm(tmp_path: Path) -> None:
    path = with_cells(
        tmp_path,
        '<row r="1"><c r="A1" t="inlineStr"><is><t>order_id</t></is></c></row>'
        '<row r="2"><c r="A2"><v>7</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>',
    )
    assert read_both(path).cells == [("7",)]


def ods_with_rows(folder: Path, rows: str) -> Path:
    """A sheet of OpenDocument of which the rows below the header are written by hand."""
    path = folder / "orders.ods"
    written.write_ods(path, (("order_id",), []))
    end = b"</table:table>"
    return changed(path, "content.xml", lambda data: data.replace(end, rows.encode() + end))


SEVEN = '<table:table-cell office:value-type="string"><text:p>7</text:p></table:table-cell>'
NUMBER = '<table:table-cell table:number-columns-repeated="90" office:value = "7"/>'
EMPTY = "<table:table-cell/>"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            f'<table:table-row table:number-rows-repeated="2000000000">{SEVEN}',
            "in row 2000000001; a sheet ends at row 1048576",
        ),
        (f"<table:table-row table:number-rows-repeated = '1048576'>{SEVEN}", "in row 1048577"),
        (
            f'<table:table-row table:number-rows-repeated="&#50;000000">{SEVEN}',
            r"in row 10\^12 or later",
        ),
        (
            f'<table:table-row table:number-rows-repeated="{"9" * 30}">{SEVEN}',
            r"in row 10\^12 or later",
        ),
        (
            f'<table:table-row table:number-rows-repeated="1048575">{EMPTY}</table:table-row>'
            f"<table:table-row>{SEVEN}",
            "in row 1048577",
        ),
        (
            f'<table:table-row table:number-rows-repeated="1000000">{NUMBER}',
            "spread over 1000001 rows and 90 columns",
        ),
        (
            f'<table:table-row table:number-rows-repeated="1000000">{EMPTY * 99}{SEVEN}',
            "spread over 1000001 rows and 100 columns",
        ),
    ],
)
def test_rows_that_one_tag_repeats_too_often_are_an_input_error(
    tmp_path: Path, rows: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        open_table(ods_with_rows(tmp_path, rows + "</table:table-row>"))


def test_repeated_rows_within_a_sheet_are_read_and_empty_ones_below_do_no_harm(
    tmp_path: Path,
) -> None:
    path = ods_with_rows(
        tmp_path,
        f'<table:table-row table:number-rows-repeated="3">{SEVEN}'
        '<table:table-cell table:number-columns-repeated="16383"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048572">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="2000000000"/>',
    )
    assert read_both(path).cells == [("7",)] * 3


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"x")
        with archive.open("xl/worksheets/sheet1.xml", "w") as member:
            for _ in range(120):
                member.write(b" " * 1_000_000)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(InputError, match="the workbook would unpack to 120 megabytes"):
        open_table(path)


def test_without_the_package_the_remedy_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = xlsx(tmp_path, {"Orders": [["order_id"], [1]]})
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'redflags\[excel\]'"):
        open_table(path)


def test_damaged_workbooks_are_errors_or_rows(tmp_path: Path) -> None:
    pick = random.Random(7)
    table: Table = (("order_id", "product"), [(str(number), "urea") for number in range(20)])
    for writer, name in (
        (written.write_xlsx, "a.xlsx"),
        (written.write_xls, "a.xls"),
        (written.write_ods, "a.ods"),
    ):
        path = tmp_path / name
        writer(path, table)
        content = path.read_bytes()
        for _ in range(60):
            data = bytearray(content)
            for _ in range(pick.randint(1, 5)):
                data[pick.randrange(len(data))] = pick.randrange(256)
            path.write_bytes(data[: pick.choice((len(data), pick.randrange(len(data))))])
            try:
                with open_table(path) as opened:
                    rows = list(opened.rows())
            except InputError:
                continue
            assert opened.row_count == len(rows)
            assert all(isinstance(row, Row | Refused) for row in rows)
