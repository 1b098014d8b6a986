"""A mapping file says which column is which field, and what is the same in every row."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redflags.errors import ConfigurationError, InputError
from redflags.intake import Mapping, Records, map_headers, open_orders, read_mapping, records
from redflags.intake.orders import open_order_batches
from redflags.model.record import Record
from redflags.values.understood import ABSENT, BLANK
from tests.commands import redflags


def mapping(folder: Path, text: str) -> Mapping:
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path)


def take(folder: Path, toml: str, text: str) -> tuple[list[Record], Records]:
    path = folder / "orders.csv"
    path.write_text(text, encoding="utf-8")
    source, header = open_orders(path, mapping=mapping(folder, toml))
    with source:
        read = records(source, header)
        return [one for one in read if isinstance(one, Record)], read


def test_columns_and_constants_are_read(tmp_path: Path) -> None:
    found = mapping(
        tmp_path,
        '[columns]\nproduct = "Description"\nbuyer_country = "Land"\nconsignee.country = " To "\n'
        '"end_user.name" = "User"\n[constants]\ncurrency = "GBP"\nunit = "pcs"\nline = 1\n'
        "date = 2015-07-01\n",
    )
    assert found.columns == {
        "product": "Description",
        "buyer.country": "Land",
        "consignee.country": "To",
        "end_user.name": "User",
    }
    assert found.constants == {
        "currency": "GBP",
        "unit": "pcs",
        "line": "1",
        "date": "2015-07-01",
    }
    assert found.source == str(tmp_path / "mapping.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[colums]\n", r"there is no table 'colums'; did you mean columns\?"),
        ("[other]\n", r"there is no table 'other'; there are columns, constants, join"),
        ('columns = "x"\n', r"columns is a table, written as \[columns\]"),
        ('[columns]\nprodct = "x"\n', r"columns.prodct: there is no field.* did you mean product"),
        ('[columns]\nquux = "x"\n', "`redflags fields` lists them"),
        ('[columns]\nbuyer.contry = "x"\n', r"columns.buyer.contry: .* did you mean buyer_country"),
        ("[columns]\nproduct = 1\n", r'columns.product is the name of a column, written as "name"'),
        ('[columns]\nproduct = " "\n', "columns.product is the name of a column"),
        (
            '[columns]\nbuyer_name = "a"\nbuyer.name = "b"\n',
            r"columns.buyer.name: the field buyer.name is given twice; columns.buyer_name has it",
        ),
        (
            '[columns]\nunit = "a"\n[constants]\nunit = "kg"\n',
            r"constants.unit: the field unit is given twice; columns.unit has it too",
        ),
        ("[constants]\nunit = [1]\n", r'constants.unit is one value, written as "value"'),
        ('[constants]\nbuyer_country = "Atlantis"\n', "constants.buyer.country|buyer_country cann"),
        ("", "maps nothing"),
        ("[columns]\nproduct = []\n", "columns.product is the name of a column"),
        ('[columns]\nproduct = ["a", 1]\n', "columns.product is the name of a column"),
        (f"[columns]\nproduct = {['a'] * 21}\n", "columns.product has more than 20 columns"),
        ("[columns]\njoin = 1\n", "columns.join is a short text"),
        ('[join]\nprodct = ","\n', r"join.prodct: there is no field.* did you mean product"),
        ('[units]\nquantity = "stones of doom"\n', "units.quantity cannot be understood"),
        ('[units]\nproduct = "kg"\n', "units.product: product has no unit"),
        ("[units]\nquantity = 1\n", 'units.quantity is a unit, written as "kg"'),
        ('[units]\nvalue = "kg"\n', "units.value cannot be understood"),
        ('[numbers]\ndecimal = ";"\n', "numbers.decimal is the decimal mark"),
        ('[numbers]\ndate = ","\n', "numbers.date: date holds no number"),
        ('[dates]\nformat = "soon"\n', "dates.format is how dates are written"),
        ("[dates]\nformat = 1\n", "dates.format is how dates are written"),
        ('[dates]\nquantity = "day-first"\n', "dates.quantity: quantity holds no date"),
        ('[codes]\nZ3 = "x"\n', r"codes has a table for each field, written as \[codes.field\]"),
        ("[codes.payment.method]\n", r"codes.payment.method is empty"),
        ('[codes.payment.metod]\nZ3 = "x"\n', "codes.payment.metod: there is no field"),
        (
            '[codes.payment.method]\nZ3 = "moonbeams"\n',
            r'codes.payment.method."Z3" cannot be understood',
        ),
        (
            '[codes.payment.method]\nZ3 = "wire"\n[codes.payment.method.more]\nZ4 = "wire"\n',
            "has codes and tables",
        ),
        (
            '[codes.payment_method]\nZ3 = "cash"\n[codes.payment.method]\nZ4 = "cash"\n',
            "codes.payment.method: the field payment.method is given twice",
        ),
        ("[codes" + ".a" * 12 + ']\nZ = "x"\n', "nested too deep"),
        ("[missing]\nvalues = [[1]]\n", "missing.values is a list of texts"),
        ("[missing]\ndate = []\n", "missing.date is a list of texts"),
        ('[ignore]\ncolumn = "x"\n', "ignore.column: there is only ignore.columns"),
        ("[ignore]\ncolumns = [1]\n", "ignore.columns is a list of columns"),
        ('[columns]\nproduct = "a\n', r"cannot be read: .*line 2"),
        ('[columns]\nproduct = "a"\nproduct = "b"\n', r"cannot be read: .*line 3"),
        ("a" + ".a" * 5000 + " = 1", "mapping.toml"),
        ("[columns]\na = " + "[" * 50_000, "cannot be read|written as"),
        ("[columns]\n" + "a." * 20 + 'a = "x"\n', "nested too deep"),
    ],
)
def test_each_mistake_has_its_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as error:
        mapping(tmp_path, text)
    assert "mapping.toml" in str(error.value)
    assert len(str(error.value)) < 12_000


def test_a_mapping_file_that_is_not_there_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        read_mapping(tmp_path / "none.toml")


def test_a_name_counts_as_written_and_else_by_its_spelling() -> None:
    exact = Mapping({"product": "Goods"})
    assert map_headers(["goods", "Goods"], mapping=exact).fields == (None, "product")
    assert map_headers(["GOODS ", "x"], mapping=exact).fields == ("product", None)


def test_a_column_is_named_by_its_place_even_where_that_is_another_one_s_name() -> None:
    assert map_headers(["a", "b"], mapping=Mapping({"product": "#2"})).fields == (None, "product")
    assert map_headers(["#2", "b"], mapping=Mapping({"product": "#2"})).fields == (None, "product")
    assert map_headers(["", "x"], mapping=Mapping({"product": "#1"})).fields == ("product", None)


def test_several_columns_make_one_field() -> None:
    found = map_headers(["a", "b", "c"], mapping=Mapping({"product": ("c", "a")}))
    assert found.fields == ("product", None, "product")
    assert found.orders == {"product": (2, 0)}
    assert found.column_of("product") == "c + a"


def test_an_ignored_column_is_not_used_unless_a_field_names_it() -> None:
    given = Mapping({"notes": "Menge"}, ignored=("Menge", "ware", "#3"))
    found = map_headers(["Menge", "Ware", "Betrag", "Kunde"], mapping=given)
    assert found.fields == ("notes", None, None, "buyer.name")
    assert found.unused == ("Ware", "Betrag")


def test_a_mapping_file_may_only_say_how_cells_are_taken(tmp_path: Path) -> None:
    found = mapping(tmp_path, '[units]\nquantity = "kg"\n[missing]\nquantity = [0]\n')
    assert found.columns == {}
    assert found.settings["quantity"].unit == "kg"
    assert found.settings["quantity"].missing == {"0"}


def test_a_mapped_column_does_not_count_by_its_own_name_and_others_still_do() -> None:
    found = map_headers(
        ["order_id", "product", "quantity"], mapping=Mapping({"end_use": "product"})
    )
    assert found.fields == ("order_id", "end_use", "quantity")
    assert found.present == {"order_id", "end_use", "quantity"}


def test_a_column_of_a_field_that_comes_from_elsewhere_is_named_as_not_used() -> None:
    found = map_headers(
        ["product", "Description", "currency"],
        mapping=Mapping({"product": "Description"}, {"currency": "GBP"}),
    )
    assert found.fields == (None, "product", None)
    assert found.unused == ("product", "currency")
    assert found.present == {"product", "currency"}
    assert found.column_of("currency") is None


@pytest.mark.parametrize(
    ("columns", "header", "message"),
    [
        ({"product": "Godos"}, ["Goods"], r"x.csv has no column 'Godos'; did you mean 'Goods'\?"),
        ({"product": "Ware"}, ["Goods"], r"has no column 'Ware'; use a name of its first row"),
        ({"product": ("Goods", "Kind")}, ["Goods"], "x.csv has no column 'Kind'"),
        ({"product": ("Goods", "Goods")}, ["Goods"], "'Goods' is given to product already"),
        ({"product": "#3"}, ["Goods", "Kind"], "x.csv has 2 columns, so there is no #3"),
        ({"product": "#0"}, ["Goods"], "x.csv has no column '#0'"),
        ({"product": "Goods"}, ["Goods", "Goods"], "name the one by its place, such as '#1'"),
        ({"product": "A b"}, ["a_b", "A-B"], "x.csv has several columns like 'A b'"),
        (
            {"product": "Goods", "end_use": "goods"},
            ["Goods"],
            "the column 'goods' is given to product already",
        ),
        ({"product": "_"}, ["-", "x"], "has no column '_'"),
    ],
)
def test_a_mapping_that_does_not_fit_the_header_is_a_configuration_error(
    columns: dict[str, str], header: list[str], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        map_headers(header, "x.csv", Mapping(columns))


def test_without_any_column_constants_do_not_make_orders() -> None:
    with pytest.raises(InputError, match="no column name is known"):
        map_headers(["a", "b"], mapping=Mapping({}, {"unit": "kg"}))


def test_a_constant_is_as_a_column_with_that_value_in_every_row(tmp_path: Path) -> None:
    toml = '[constants]\nunit = "kg"\nbuyer_country = "Norway"\npayer_name = ""\nbuyer_fit = ""\n'
    found, _ = take(tmp_path, toml, "product,quantity\npaste,6\npowder,7\n")
    plain, _ = take(
        tmp_path,
        '[columns]\nproduct = "product"\n',
        "product,quantity,unit,buyer_country,payer_name,buyer_fit\n"
        "paste,6,kg,Norway,,\npowder,7,kg,Norway,,\n",
    )
    for one, other in zip(found, plain, strict=True):
        assert dict(one) == dict(other)
        assert one.blanks == other.blanks == {"buyer.fit"}
    assert found[1]["buyer.country"].value == "NO"
    assert found[1]["payer.name"] is BLANK
    assert found[1]["payer.country"] is ABSENT


def test_a_constant_that_is_not_understood_is_reported_after_the_columns(tmp_path: Path) -> None:
    _, read = take(
        tmp_path,
        '[constants]\nquantity = "some"\n',
        "product,date\npaste,31/02/2015\n",
    )
    assert [one.column for one in read.misread.first] == ["date", "quantity (constant)"]
    assert read.misread.count == 2


def test_mapped_names_help_to_find_the_delimiter(tmp_path: Path) -> None:
    found, _ = take(
        tmp_path, '[columns]\nproduct = "Ware, neu"\n', "Nummer;Ware, neu;Land\n1;paste;NO\n"
    )
    assert found[0]["product"].written == "paste"


def test_batches_take_the_same_mapping(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("Ware;Zahl\npaste;6\n")
    table, header = open_order_batches(
        path, mapping=mapping(tmp_path, '[columns]\nproduct = "Ware"\n[constants]\nunit = "kg"\n')
    )
    with table:
        assert header.fields == ("product", None)
        assert header.constants == {"unit": "kg"}
        assert [batch.frame.rows() for batch in table.batches([0])] == [[("paste",)]]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=80),
        st.text(max_size=80).map(lambda text: f"[columns]\n{text}".encode("utf-8", "replace")),
        st.text(max_size=40).map(
            lambda text: f"[constants]\nproduct = '{text}'\n".encode("utf-8", "replace")
        ),
    )
)
def test_no_mapping_file_raises_anything_but_a_configuration_error(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "mapping.toml"
    path.write_bytes(content)
    try:
        found = read_mapping(path)
    except ConfigurationError:
        return
    assert found.columns or found.constants or found.settings or found.ignored


ORDERS = "Nummer,Ware,Menge,Kunde\nO-1,aluminium paste,6,mobile phone shop\n"
TOML = (
    '[columns]\norder_id = "Nummer"\nproduct = "Ware"\nquantity = "Menge"\n'
    'buyer_business = "Kunde"\n[constants]\nunit = "t"\n'
)


def test_the_command_takes_a_mapping() -> None:
    files = {"orders.csv": ORDERS, "mapping.toml": TOML}
    given = redflags("check", "orders.csv", "-m", "mapping.toml", "-f", "csv", files=files)
    assert (given.code, given.stderr) == (1, "")
    assert "O-1" in given.stdout
    explained = redflags(
        "explain", "orders.csv", "--order", "O-1", "--mapping", "mapping.toml", files=files
    )
    assert explained.code == 0
    assert "aluminium paste" in explained.stdout


def test_a_setting_names_the_mapping_beside_itself() -> None:
    files = {"orders.csv": ORDERS, "mapping.toml": TOML}
    files["redflags.toml"] = 'mapping = "mapping.toml"\n'
    assert redflags("check", "orders.csv", files=files).code == 1


def test_a_wrong_mapping_ends_the_command_with_one_sentence() -> None:
    files = {"orders.csv": ORDERS, "mapping.toml": '[columns]\nproduct = "Wrae"\n'}
    given = redflags("check", "orders.csv", "-m", "mapping.toml", files=files)
    assert given.code == 2
    assert "columns.product: orders.csv has no column 'Wrae'; did you mean 'Ware'?" in " ".join(
        given.stderr.split()
    )
    assert "Traceback" not in given.stderr


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("46066", "2026-02-13"), ("46066.75", "2026-02-13"), ("46066,5", "2026-02-13"),
        ("61", "1900-03-01"), (" 46066 ", "2026-02-13"),
        # What is no such number is read as any date, or not at all.
        ("2026-02-13", "2026-02-13"), ("60", None), ("0", None), ("-46066", None),
        ("460660", None), ("13.02.2026", "2026-02-13"), ("soon", None),
    ],
)  # fmt: skip
def test_numbers_of_days_are_dates_where_the_mapping_says_so(
    tmp_path: Path, cell: str, said: str | None
) -> None:
    toml = '[columns]\ndate = "When"\nproduct = "Goods"\n[dates]\ndate = "excel"\n'
    (one,), _ = take(tmp_path, toml, f'When;Goods\n"{cell}";Chair\n')
    found = one["date"].value
    assert (None if found is None else found.isoformat()) == said


def test_without_that_a_number_is_no_date(tmp_path: Path) -> None:
    (one,), _ = take(tmp_path, '[columns]\ndate = "When"\n', "When;Goods\n46066;Chair\n")
    assert one["date"].value is None
