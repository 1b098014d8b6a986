"""How CSV files are laid out: delimiters, headers, odd quoting, footers; by rows and batches."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redflags.errors import ConfigurationError, InputError
from redflags.readers import Refused, Row, Selection, TableSource, open_batches, open_table
from redflags.readers.layout import HeaderRow

NAMES = ("order_id", "product", "quantity", "unit", "buyer_name", "buyer_country", "date", "line")
KNOWN = {*NAMES, "buyer name", "buyer country", "sipariş", "ürün", "sold-to party"}.__contains__


def read(
    path: Path,
    is_known: Callable[[str], bool] | None = KNOWN,
    header_row: HeaderRow = None,
    **options: str | None,
) -> tuple[TableSource, list[Row | Refused]]:
    """What both paths read, after a check that it is the same."""
    selection = Selection(header_row=header_row)
    with open_table(path, is_known=is_known, selection=selection, **options) as source:
        found = list(source.rows())
    table = open_batches(path, is_known=is_known, batch_rows=2, selection=selection, **options)
    rows: list[Row | Refused] = []
    for batch in table.batches(range(len(table.header))):
        cells = batch.frame.iter_rows()
        rows += [Row(*one) for one in zip(batch.rows, batch.lines, cells, strict=True)]
        rows += batch.refused
    assert sorted(rows, key=lambda one: one.row) == found
    assert (table.header, table.encoding, table.delimiter, table.notes, table.row_count) == (
        source.header,
        source.encoding,
        source.delimiter,
        source.notes,
        source.row_count,
    )
    assert source.row_count == len(found)
    return source, found


def write(folder: Path, content: str | bytes, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


DELIMITERS = [
    ",", ";", "\t", "|", "^", "~", ":", "\x1f", "\x01", "¦", "#", "+|", "||", "|~|", "::", "@@",
    "~|~", "<>", "|;|", "§", "^|^", "=>", ";;",
]  # fmt: skip


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_delimiter_is_found(tmp_path: Path, delimiter: str, end: str) -> None:
    rows = [
        ["order_id", "product", "quantity", "unit"],
        ["O-1", "aluminium paste; grey" if delimiter == "," else "paste, grey", "1.5", "kg"],
        ["O-2", "", "", "pcs"],
        ["O-3", 'pipe 5" wide', "1", ""],
    ]
    path = write(tmp_path, "".join(delimiter.join(row) + end for row in rows))
    source, found = read(path)
    assert source.delimiter == delimiter
    assert source.header == tuple(rows[0])
    assert [len(one.cells) for one in found if isinstance(one, Row)] == [4, 4, 4]
    assert found[1] == Row(3, 3, ("O-2", "", "", "pcs"))
    assert found[2] == Row(4, 4, ("O-3", 'pipe 5" wide', "1", ""))


@pytest.mark.parametrize("delimiter", ["x", ".", "-", "_", " ", "ab", "0x1F", "\\x1f", "tab", "--"])
def test_a_stated_delimiter_is_taken_as_it_is(tmp_path: Path, delimiter: str) -> None:
    mark = {"0x1F": "\x1f", "\\x1f": "\x1f", "tab": "\t"}.get(delimiter, delimiter)
    path = write(tmp_path, mark.join(("DATE", "LINE", "ITEM")) + "\n" + mark.join("123") + "\n")
    source, found = read(path, delimiter=delimiter)
    assert source.header == ("DATE", "LINE", "ITEM")
    assert found == [Row(2, 2, ("1", "2", "3"))]


@pytest.mark.parametrize("delimiter", ["+|", "||", "|~|"])
def test_a_long_delimiter_respects_quotes(tmp_path: Path, delimiter: str) -> None:
    rows = [["order_id", "product", "unit"], [f'"a{delimiter}b"', '"say ""x"""', '"2\n3"']]
    path = write(tmp_path, "".join(delimiter.join(row) + "\n" for row in rows))
    source, found = read(path)
    assert found == [Row(2, 2, (f"a{delimiter}b", 'say "x"', "2\n3"))]
    assert source.delimiter == delimiter


LAYOUTS: dict[str, tuple[str, list[tuple[int, tuple[str, ...]]], list[int], str]] = {
    # name: (content, rows read, rows set aside, a part of the notes)
    "title lines": (
        "Orders of Example Ltd\nReport as of 2026-01-31\n\n"
        "order_id,product,quantity\nO-1,paste,5\n",
        [(5, ("O-1", "paste", "5"))],
        [],
        "the header is on row 4; 2 rows above it with text were passed over",
    ),
    "title lines as wide as the table": (
        "Orders;;\nReport as of;2026-01-31;\n;;\norder_id;product;quantity\nO-1;paste;5\n",
        [(5, ("O-1", "paste", "5"))],
        [],
        "the header is on row 4; 2 rows above it with text were passed over",
    ),
    "title with a known word": (
        "date,2026-01-31\norder_id,product,quantity,date\nO-1,paste,5,x\n",
        [(3, ("O-1", "paste", "5", "x"))],
        [],
        "the header is on row 2; 1 row above it with text was passed over",
    ),
    "announced delimiter and title": (
        "sep=;\nOrders, all\norder_id;product\nO-1;paste, grey\n",
        [(4, ("O-1", "paste, grey"))],
        [],
        "the header is on row 3",
    ),
    "announced rare delimiter": (
        "sep=^\norder_id^product\nO-1^paste\n",
        [(3, ("O-1", "paste"))],
        [],
        "",
    ),
    "title over several lines": (
        '"Orders\nof Example Ltd",,\norder_id,product,quantity\nO-1,paste,5\n',
        [(3, ("O-1", "paste", "5"))],
        [],
        "the header is on row 2",
    ),
    "names under merged cells": (
        ",,buyer,,seller,\norder_id,product,name,country,name,country\nO-1,paste,A,TR,B,DE\n",
        [(3, ("O-1", "paste", "A", "TR", "B", "DE"))],
        [],
        "the header is on rows 1 and 2",
    ),
    "nothing known, title above": (
        "Auszug vom 31.01.2026\n\nNr;Ware;Menge\n1;Paste;5\n2;Farbe;6\n",
        [(4, ("1", "Paste", "5")), (5, ("2", "Farbe", "6"))],
        [],
        "the header is on row 3",
    ),
    "every row ends with a delimiter": (
        "order_id;product;quantity\nO-1;paste;5;\n;;;\nO-2;;;\n",
        [(2, ("O-1", "paste", "5")), (4, ("O-2", "", ""))],
        [],
        "each row ends with one empty cell more than the header",
    ),
    "most rows end with a delimiter, one with a cell": (
        "order_id;product;quantity\nO-1;paste;5;\nO-2;paint;6;\nO-3;glue;;7\n",
        [],
        [2, 3, 4],
        "",
    ),
    "every row ends with a delimiter but a footer": (
        "order_id;product;quantity\nO-1;paste;5;\nO-2;paint;6;\nend of report\n",
        [(2, ("O-1", "paste", "5")), (3, ("O-2", "paint", "6"))],
        [4],
        "each row ends with one empty cell more than the header",
    ),
    "only the header ends with delimiters": (
        "order_id;product;;\nO-1;paste\nO-2;paint\n",
        [(2, ("O-1", "paste")), (3, ("O-2", "paint"))],
        [],
        "the header ends with 2 empty cells more",
    ),
    "one row with one cell too many is never shifted": (
        "order_id,product,quantity\nO-1,paste, grey,\n",
        [],
        [2],
        "",
    ),
    "rows in quotes as a whole": (
        '"order_id;product;quantity"\n"O-1;paste;5"\n"O-2;""5 """" pipe; red"";6"\n',
        [(2, ("O-1", "paste", "5")), (3, ("O-2", '5 " pipe; red', "6"))],
        [],
        "rows that stood in quotes as a whole were taken out of them",
    ),
    "some rows in quotes as a whole": (
        'order_id,product,quantity\nO-1,paste,5\n"O-2,""paint, red"",6"\nO-3,glue,7\n',
        [
            (2, ("O-1", "paste", "5")),
            (3, ("O-2", "paint, red", "6")),
            (4, ("O-3", "glue", "7")),
        ],
        [],
        "rows that stood in quotes as a whole were taken out of them",
    ),
    "rows in quotes as a whole, one of them ragged": (
        '"order_id,product,unit"\n"O-1,""a, b"",kg"\n"O-2,c"\n"O-3,d,kg"\nEnd\n',
        [(2, ("O-1", "a, b", "kg")), (4, ("O-3", "d", "kg"))],
        [3, 5],
        "rows that stood in quotes",
    ),
    "rows in quotes as a whole under a title": (
        '"Orders of 2026"\n\n"order_id,product,unit"\n"O-1,""a, b"",kg"\n"O-3,d,kg"\n',
        [(4, ("O-1", "a, b", "kg")), (5, ("O-3", "d", "kg"))],
        [],
        "the header is on row 3; 1 row above it",
    ),
    "names of the columns once more on each page": (
        "order_id;product\r\nO-1;paste\r\norder_id;product\r\nO-2;order_id\r\n",
        [(2, ("O-1", "paste")), (4, ("O-2", "order_id"))],
        [3],
        "",
    ),
    "nothing known and one row that is wider": (
        "Nr,Ware\nx,paste,grey\n",
        [],
        [2],
        "",
    ),
    "one column in quotes is no row in quotes": (
        '"product"\n"paste;grey"\n"paint;red"\n',
        [(2, ("paste;grey",)), (3, ("paint;red",))],
        [],
        "",
    ),
    "backslash before quotes": (
        'order_id,product,quantity\nO-1,"5\\" pipe, red",5\nO-2,"say \\"x\\"",6\nO-3,"C:\\\\",7\n',
        [
            (2, ("O-1", '5" pipe, red', "5")),
            (3, ("O-2", 'say "x"', "6")),
            (4, ("O-3", "C:\\", "7")),
        ],
        [],
        "a backslash stands before each quote",
    ),
    "backslash that is text": (
        'order_id,product,quantity\nO-1,"C:\\dir\\",5\nO-2,"a ""b""",6\n',
        [(2, ("O-1", "C:\\dir\\", "5")), (3, ("O-2", 'a "b"', "6"))],
        [],
        "",
    ),
    "footers": (
        "order_id;product;quantity\nO-1;paste;5\nTotal;;5\nTotal;;;5\nEnd of report\n",
        [(2, ("O-1", "paste", "5")), (3, ("Total", "", "5"))],
        [4, 5],
        "",
    ),
    "space after the delimiter": (
        'order_id, product, quantity\nO-1, "paste, grey", 5\nO-2, "paint", 6\n',
        [(2, ("O-1", "paste, grey", "5")), (3, ("O-2", "paint", "6"))],
        [],
        "",
    ),
    "rows of delimiters only": (
        "order_id;product;quantity\n;;\nO-1;paste;5\n;;;;;\n",
        [(3, ("O-1", "paste", "5"))],
        [],
        "",
    ),
    "rows of a long delimiter only": (
        "order_id+|product+|unit\n+|+|\nO-1+|+++|||\n+|+\n",
        [(3, ("O-1", "++", "||"))],
        [4],
        "",
    ),
    "end-of-file mark on a line of its own": (
        "order_id;product\r\nO-1;paste\r\n\x1a\r\n",
        [(2, ("O-1", "paste"))],
        [],
        "",
    ),
    "mixed line ends": (
        "order_id;product\r\nO-1;paste\nO-2;paint\rO-3;glue\r\n",
        [(2, ("O-1", "paste")), (3, ("O-2", "paint")), (4, ("O-3", "glue"))],
        [],
        "",
    ),
    "decimal commas": (
        "order_id;quantity;unit\nO-1;1,5;kg\nO-2;2,5;kg\nO-3;3,5;kg\n",
        [(2, ("O-1", "1,5", "kg")), (3, ("O-2", "2,5", "kg")), (4, ("O-3", "3,5", "kg"))],
        [],
        "",
    ),
    "names unknown that are there twice": (
        "order_id,note,Note\nO-1,x,y\n",
        [(2, ("O-1", "x", "y"))],
        [],
        "names that are there twice were given a number: Note (2)",
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_layout_gives_these_rows(tmp_path: Path, name: str) -> None:
    content, rows, aside, note = LAYOUTS[name]
    source, found = read(write(tmp_path, content))
    assert [(one.row, one.cells) for one in found if isinstance(one, Row)] == rows
    assert [one.row for one in found if isinstance(one, Refused)] == aside
    assert note in "; ".join(source.notes)
    assert not note or source.notes


def test_rows_that_do_not_end_as_the_first_ones_are_set_aside(tmp_path: Path) -> None:
    regular = "O-1;paste;5;\n" * 300
    path = write(tmp_path, f"order_id;product;unit\n{regular}O-2;a;b;c\n{regular}O-3;a;b\n;;;\n")
    _, found = read(path)
    refused = [one for one in found if isinstance(one, Refused)]
    assert [one.row for one in refused] == [302, 603]
    assert "end with 1 empty beyond them" in refused[0].reason
    assert len(found) == 602


def test_names_under_merged_cells_are_joined(tmp_path: Path) -> None:
    content = LAYOUTS["names under merged cells"][0]
    source, _ = read(write(tmp_path, content))
    assert source.header == (
        "order_id", "product", "buyer name", "buyer country", "seller name", "seller country",
    )  # fmt: skip


@pytest.mark.parametrize(
    "content", ["<?xml version='1'?>", " <HTML>", '{"orders": 1}', '[{"a": 1}]']
)
def test_what_begins_as_another_format_is_an_input_error(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError, match=r"not a CSV file: (XML|a web page|JSON)"):
        read(write(tmp_path, content))


def test_a_stated_header_row_is_taken(tmp_path: Path) -> None:
    path = write(tmp_path, "order_id,product\n\nNr,Ware\n1,paste\n")
    source, found = read(path, header_row=3)
    assert (source.header, found) == (("Nr", "Ware"), [Row(4, 4, ("1", "paste"))])


@pytest.mark.parametrize("row", [2, 9, 0, -1])
def test_a_header_row_that_has_no_names_is_an_input_error(tmp_path: Path, row: int) -> None:
    path = write(tmp_path, "order_id,product\n\n1,paste\n")
    with pytest.raises(InputError, match=f"no row {row} with names"):
        read(path, header_row=row)


def test_a_file_without_header_has_numbered_columns(tmp_path: Path) -> None:
    path = write(tmp_path, "\ufeffO-1;paste;1,5\nO-2;paint;2,5\nend\n")
    source, found = read(path, header_row="none")
    assert source.header == ("#1", "#2", "#3")
    assert source.delimiter == ";"
    assert found[0] == Row(1, 1, ("O-1", "paste", "1,5"))
    assert [type(one) for one in found] == [Row, Row, Refused]
    assert source.notes == ("the file has no header; its columns are #1, #2 and so on",)


def test_a_known_name_that_is_there_twice_stays_as_it_is(tmp_path: Path) -> None:
    source, found = read(write(tmp_path, "order_id,product,Product\n1,2,3\n"), KNOWN)
    assert source.header == ("order_id", "product", "Product")
    assert found == [Row(2, 2, ("1", "2", "3"))]
    assert source.notes == ()


@pytest.mark.parametrize("delimiter", ["", '"', "\n", "a\rb", "\0", "x" * 11, "\ud800"])
def test_an_impossible_delimiter_is_a_configuration_error(tmp_path: Path, delimiter: str) -> None:
    with pytest.raises(ConfigurationError, match="delimiter"):
        read(write(tmp_path, "a,b\n"), delimiter=delimiter)


SPACE = " \t\r\n\f\v"
CELLS = st.text(
    alphabet=st.one_of(
        st.sampled_from(",;\"\n\r \t|ab5^~:+\\'="),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0\x1a"),
    ),
    max_size=8,
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=8),
    delimiter=st.sampled_from([",", ";", "\t", "|", "^", "~", ":", "\x1f", "$"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\r\n", "\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]),
    is_told=st.booleans(),
)
def test_what_a_csv_writer_wrote_comes_back_text_for_text(
    tmp_path: Path,
    rows: list[tuple[str, ...]],
    delimiter: str,
    quoting: int,
    end: str,
    encoding: str,
    is_told: bool,
) -> None:
    if end == "\n":  # the writer of Python 3.11 leaves a lone return without quotes
        rows = [tuple(cell.replace("\r", "") for cell in row) for row in rows]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, quoting=quoting, lineterminator=end)
    names = ("order_id", "product", "quantity", "unit")
    writer.writerow(names)
    writer.writerows(rows)
    path = write(tmp_path, buffer.getvalue().encode(encoding))
    told: dict[str, str] = {}
    if is_told or encoding == "gb18030":
        told = {"delimiter": delimiter, "encoding": encoding}
    source, found = read(path, **told)
    assert source.header == names
    given = [row for row in rows if any(cell.strip(SPACE) for cell in row)]
    # A cell over lines each of which looks like a row is the one thing that is set aside.
    refused = [one for one in found if isinstance(one, Refused)]
    assert all("looks like a row" in one.reason for one in refused)
    if not refused:
        assert [one.cells for one in found if isinstance(one, Row)] == given
    assert len(found) == len(given)


def test_a_first_row_of_nothing_but_delimiters_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(",,,\n,,,\n", encoding="utf-8")
    with pytest.raises(InputError, match="header"):
        open_table(path)
