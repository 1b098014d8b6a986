"""Cells become the text of a field: joined, decoded, with a unit; the same by rows and columns."""

from __future__ import annotations

import datetime
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redflags.intake import HeaderMap, open_order_batches, open_orders, read_mapping, records
from redflags.intake.batches import MisreadSearch, order_batches
from redflags.intake.date_patterns import date_format
from redflags.intake.misread import MisreadCells
from redflags.intake.texts import FieldText, RowTexts, Setting, field_texts, frame_texts
from redflags.model.record import Record
from redflags.values.understood import BLANK


def text_of(setting: Setting, *cells: str) -> str:
    one = FieldText("quantity", tuple(range(len(cells))), setting)
    return one.read(one.joined(cells))


@pytest.mark.parametrize(
    ("setting", "cell", "text"),
    [
        (Setting(), " 6 ", " 6 "),
        (Setting(unit="kg"), "6", "6 kg"),
        (Setting(unit="kg"), " 6.5 ", "6.5 kg"),
        (Setting(unit="kg"), "1 234,5", "1 234,5 kg"),
        (Setting(unit="kg"), "(5)", "(5) kg"),
        (Setting(unit="kg"), "5-", "5- kg"),
        (Setting(unit="kg"), "6 t", "6 t"),
        (Setting(unit="kg"), "see DN-304", "see DN-304"),
        (Setting(unit="kg"), "", ""),
        (Setting(unit="kg"), "  ", "  "),
        (Setting(decimal=","), "6.000", "6000"),
        (Setting(decimal="."), "6.000", "6.0000"),
        (Setting(decimal="."), "6,000", "6000"),
        (Setting(decimal=","), "6,000", "6,0000"),
        (Setting(decimal=","), "1.234,56", "1.234,56"),
        (Setting(decimal=","), "1.234.567", "1.234.567"),
        (Setting(decimal=","), "0.500", "0.500"),
        (Setting(decimal=","), "24 x 1.500 kg", "24 x 1500 kg"),
        (Setting(decimal=",", unit="kg"), "6.000", "6000 kg"),
        (Setting(missing=frozenset({"n/a", "0000"})), " N/A ", ""),
        (Setting(missing=frozenset({"n/a", "0000"})), "0000", ""),
        (Setting(missing=frozenset({"n/a"})), "n/a yet", "n/a yet"),
        (Setting(codes={"Z3": "wire transfer"}), "z3", "wire transfer"),
        (Setting(codes={"a": "one", "A": "two"}), "A", "two"),
        (Setting(codes={"a": "one", "A": "two"}), "a", "one"),
        (Setting(codes={"6": "7"}, unit="kg"), "6", "7"),
    ],
)
def test_a_cell_becomes_the_text_of_its_field(setting: Setting, cell: str, text: str) -> None:
    assert text_of(setting, cell) == text


def test_joined_cells_leave_out_what_says_nothing() -> None:
    join = Setting(join=", ", missing=frozenset({"-"}))
    assert text_of(join, " Street 1", "-", "", "Town ") == "Street 1, Town"
    assert text_of(join, "", "-") == ""
    assert text_of(Setting(codes={"a b": "c"}), "a", "b") == "c"


@pytest.mark.parametrize(
    ("format", "cell", "text"),
    [
        ("day-first", "01/02/2015", "2015-02-01"),
        ("month-first", "01/02/2015", "2015-01-02"),
        ("month-first", "13/02/2015", "2015-02-13"),
        ("%d.%m.%Y", "1.2.2015", "2015-02-01"),
        ("%m/%d/%y", "02/01/15", "2015-02-01"),
        ("%m/%d/%y", "02/01/69", "1969-02-01"),
        ("%Y%m%d", "20150201", "2015-02-01"),
        ("%d-%b-%Y", "01-Feb-2015", "2015-02-01"),
        ("%d %B %y", "1 Şubat 15", "2015-02-01"),
        ("%d.%m.%Y %H:%M", "01.02.2015 13:45", "2015-02-01"),
        ("dd.mm.yyyy", "01.02.2015", "2015-02-01"),
        ("TT.MM.JJJJ", "01.02.2015", "2015-02-01"),
        ("gg.aa.yyyy", "01.02.2015", "01.02.2015"),
        ("MM/DD/YYYY", "02/01/2015", "2015-02-01"),
        ("%d.%m.%Y", "2015-02-01", "2015-02-01"),
        ("%d.%m.%Y", "31.02.2015", "31.02.2015"),
        ("%d.%m.%Y", "Date Not Captured", "Date Not Captured"),
        ("day-first", "", ""),
    ],
)
def test_a_date_is_read_as_its_format_says(format: str, cell: str, text: str) -> None:  # noqa: A002
    found = date_format(format)
    if found is None:
        assert text == cell
    else:
        assert found.read(cell) == text


@pytest.mark.parametrize(
    "text",
    ["", "%d", "%d.%m", "%Y", "%q", "%d%d%m%Y", "dd.mm", "yyyy", "hh:mm", "%", "d" * 80, "1/2/3"],
)
def test_what_describes_no_date_is_no_format(text: str) -> None:
    assert date_format(text) is None


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_format_and_no_text_raise_anything(text: str, cell: str) -> None:
    found = date_format(text)
    if found is not None:
        assert isinstance(found.read(cell), str)


@given(st.dates(datetime.date(1970, 1, 1), datetime.date(2060, 1, 1)))
def test_a_date_written_by_a_format_comes_back(day: datetime.date) -> None:
    for pattern in ("%d.%m.%Y", "%m/%d/%y", "%Y%m%d", "%d-%B-%Y", "%Y-%d-%m"):
        found = date_format(pattern)
        assert found is not None
        assert found.read(day.strftime(pattern)) == day.isoformat()


def test_formats_and_texts_made_to_be_slow_are_not() -> None:
    start = time.process_time()
    found = date_format("%d" + " " * 40 + "%m %Y %H %M %S")
    assert found is not None
    for cell in ("1" * 60, " " * 60, "1 " * 30, "1" + " " * 58 + "x"):
        found.read(cell)
    setting = Setting(decimal=",", unit="kg", date=date_format("day-first"))
    for cell in ("1.000" * 400, "1," * 5_000, "9" * 50_000, "(" * 10_000, "1 " * 99):
        text_of(setting, cell)
    assert time.process_time() - start < 2


CELLS = st.sampled_from(
    [
        "",
        " ",
        "6",
        "60",
        "6.5",
        "06",
        "6.000",
        "1,5",
        "6 t",
        "n/a",
        "Z3",
        "kg",
        "01/02/2015",
        "1.2.2015",
        "x y",
        "-5",
        "ü",
    ]
)
SETTINGS = st.builds(
    Setting,
    join=st.sampled_from([" ", ", ", ""]),
    missing=st.sampled_from([frozenset[str](), frozenset({"n/a", "x y"})]),
    codes=st.sampled_from([{}, {"Z3": "wire transfer", "kg": ""}]),
    decimal=st.sampled_from([None, ".", ","]),
    date=st.sampled_from([None, date_format("day-first"), date_format("%d.%m.%Y")]),
    unit=st.sampled_from(["", "kg"]),
)


@settings(max_examples=150)
@given(
    st.lists(st.tuples(*[CELLS] * 5), min_size=1, max_size=12),
    st.dictionaries(st.sampled_from(["quantity", "unit", "value", "product"]), SETTINGS),
    st.permutations(["quantity", "unit", "value", "product", "product"]),
    st.sampled_from([{}, {"currency": "EUR"}, {"currency": " "}]),
)
def test_rows_and_columns_give_the_same_texts(
    rows: list[tuple[str, ...]],
    chosen: dict[str, Setting],
    fields: list[str],
    constants: dict[str, str],
) -> None:
    places = tuple(place for place, path in enumerate(fields) if path == "product")
    header = HeaderMap(
        tuple("abcde"),
        tuple(fields),
        (),
        constants,
        settings=chosen,
        orders={"product": places[::-1]},
    )
    by_row = RowTexts(header)
    frame = pl.DataFrame(rows, schema={f"c{place}": pl.String for place in range(5)}, orient="row")
    found = frame_texts(field_texts(header), frame)
    assert found.columns == by_row.paths
    assert found.rows() == [tuple(by_row.of(cells)) for cells in rows]


TOML = """
[columns]
product = ["Ware", "Zusatz"]
buyer_address = ["#7", "Strasse"]
quantity = "Gewicht"
value = "Betrag"
date = "Tag"
payment_method = "ZW"
join = ", "
[join]
product = " / "
[units]
quantity = "kg"
value = "EUR"
[numbers]
decimal = ","
[dates]
format = "%d.%m.%y"
[codes.payment.method]
Z3 = "wire transfer"
[missing]
values = ["k.A."]
date = ["00.00.00"]
"""
TABLE = (
    "Ware;Zusatz;Strasse;Gewicht;Betrag;Tag;Ort;ZW;Einheit\n"
    "Paste;fein;Weg 1;6.000;1.500;01.02.15;Köln;Z3;\n"
    "Paste;k.A.;k.A.;6;2,5 USD;00.00.00;Bonn;z3;t\n"
    ";k.A.;Weg 3;k.A.;;k.A.;;bar;k.A.\n"
)


def opened(folder: Path) -> tuple[Path, Path]:
    (folder / "m.toml").write_text(TOML, encoding="utf-8")
    (folder / "o.csv").write_text(TABLE, encoding="utf-8")
    return folder / "o.csv", folder / "m.toml"


def test_a_mapping_is_honoured_row_by_row(tmp_path: Path) -> None:
    path, toml = opened(tmp_path)
    source, header = open_orders(path, mapping=read_mapping(toml))
    with source:
        read = records(source, header)
        found = [one for one in read if isinstance(one, Record)]
    first, second, third = found
    assert first["product"].written == "Paste / fein"
    assert first["buyer.address"].written == "Köln, Weg 1"
    assert first["quantity"].value.amount == 6000 * 10**9
    assert first["value"].value.amount == 1500 * 10**4
    assert first["value"].value.currency == "EUR"
    assert first["date"].value == datetime.date(2015, 2, 1)
    assert first["payment.method"].value == second["payment.method"].value == "bank_transfer"
    assert second["product"].written == "Paste"
    assert second["buyer.address"].written == "Bonn"
    assert second["quantity"].value.amount == 6 * 10**12
    assert second["value"].value.currency == "USD"
    assert second["date"] is BLANK
    for blank in ("product", "quantity", "value", "date"):
        assert third[blank] is BLANK
    assert read.misread.first == []
    assert header.column_of("buyer.address") == "Ort + Strasse"


def test_a_mapping_is_honoured_in_columns_as_row_by_row(tmp_path: Path) -> None:
    path, toml = opened(tmp_path)
    source, header = open_orders(path, mapping=read_mapping(toml))
    with source:
        by_row = [
            {field: one[field].written.strip() for field in one if one.states(field)}
            for one in records(source, header)
            if isinstance(one, Record)
        ]
    table, header = open_order_batches(path, mapping=read_mapping(toml))
    with table:
        batches = list(order_batches(table, header))
    misread = MisreadCells()
    search = MisreadSearch(header, "o.csv")
    for batch in batches:
        search.note(batch, misread)
    assert misread.count == 0
    rows = [row for batch in batches for row in batch.frame.iter_rows(named=True)]
    assert len(rows) == len(by_row) == 3
    for row, record in zip(rows, by_row, strict=True):
        assert row.keys() == record.keys()
        for field, text in row.items():
            if field not in ("quantity", "value"):  # told with their unit
                assert text.strip() == record[field]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(*[CELLS] * 9), min_size=1, max_size=8))
def test_any_cells_are_judged_alike_by_rows_and_columns(
    tmp_path: Path, rows: list[tuple[str, ...]]
) -> None:
    from redflags.model.record import record_of_texts

    path, toml = opened(tmp_path)
    body = "".join(";".join(cells) + ";O\n" for cells in rows)
    path.write_text(TABLE.splitlines()[0] + ";order_id\n" + body, encoding="utf-8")
    source, header = open_orders(path, mapping=read_mapping(toml))
    with source:
        expected = [dict(one) for one in records(source, header) if isinstance(one, Record)]
    table, header = open_order_batches(path, mapping=read_mapping(toml))
    with table:
        found = [
            record_of_texts(row.items())
            for batch in order_batches(table, header)
            for row in batch.frame.iter_rows(named=True)
        ]
    assert len(found) == len(expected)
    for record, values in zip(found, expected, strict=True):
        assert {path: record[path] for path in values} == values


@pytest.mark.parametrize("with_mapping", [False, True])
def test_both_engines_give_one_report_of_a_recognised_file(
    tmp_path: Path, with_mapping: bool
) -> None:
    from redflags import Screener

    path = tmp_path / "o.csv"
    path.write_text(
        "Auftrag;Kunde;Branche;Land;Ware;Gewicht (kg);Betrag EUR;Zahlungsart;Datum (TT.MM.JJJJ)\n"
        "1;Örnek Telefon;Handyladen;TR;Aluminiumpaste;6000;22.000,00;Z3;01.02.2015\n"
        "2;Beispiel Farben;Farbenhersteller;DE;Aluminiumpaste;12.000;54.000;Z1;13.02.2015\n"
        "3;Muster;Handyladen;TR;Aluminiumpaste;6 t;;k.A.;k.A.\n",
        encoding="utf-8",
    )
    (tmp_path / "m.toml").write_text(
        '[numbers]\ndecimal = ","\n[missing]\nvalues = "k.A."\n'
        '[codes.payment.method]\nZ1 = "bank transfer"\nZ3 = "cash"\n',
        encoding="utf-8",
    )
    mapping = read_mapping(tmp_path / "m.toml") if with_mapping else None
    reports = []
    for engine in ("judge", "columnar"):
        report = Screener(engine=engine).check_files([str(path)], mapping=mapping)  # type: ignore[arg-type]
        told = report.model_dump()
        told["run"]["settings"].pop("engine")
        del told["run"]["digests"]  # those of a small file stand in its report when read by rows
        reports.append(told)
    assert reports[0] == reports[1]
    assert reports[0]["summary"]["alerts"] == 2
    assert (reports[0]["summary"]["misread_cells"] == 0) is with_mapping
