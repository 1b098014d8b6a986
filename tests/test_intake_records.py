"""Rows of text become typed values; text stays as written."""

from __future__ import annotations

from pathlib import Path

import pytest

from redflags.intake import Records, open_orders, records
from redflags.model.notation import Notation
from redflags.model.record import Record
from redflags.model.results import SetAside
from redflags.values.understood import ABSENT, BLANK


def take(
    folder: Path, text: str, notation: Notation | None = None
) -> tuple[list[Record], list[SetAside], Records]:
    path = folder / "orders.csv"
    path.write_text(text, encoding="utf-8")
    source, header = open_orders(path)
    read = records(source, header, notation or Notation())
    found = list(read)
    return (
        [one for one in found if isinstance(one, Record)],
        [one for one in found if isinstance(one, SetAside)],
        read,
    )


def test_codes_keep_their_text_and_get_their_value(tmp_path: Path) -> None:
    found, _, _ = take(
        tmp_path,
        "order_id,buyer_country,consignee_country,hs_code,control_code\n1,NO,NA,010121,1E001\n",
    )
    record = found[0]
    assert [record[path].written for path in list(record)[1:]] == ["NO", "NA", "010121", "1E001"]
    assert record["buyer.country"].value == "NO"
    assert record["consignee.country"].value == "NA"
    assert record["hs_code"].value == "010121"
    assert record["control_code"].value == "1E001"


def test_a_record_knows_where_it_stands(tmp_path: Path) -> None:
    found, _, _ = take(tmp_path, 'product,quantity\n"two\nlines",1 kg\n\npaste,2 kg\n')
    assert [(one.row, one.line) for one in found] == [(2, 2), (4, 5)]
    assert found[0].file == str(tmp_path / "orders.csv")


def test_an_empty_cell_is_not_stated_and_a_missing_column_absent(tmp_path: Path) -> None:
    found, _, _ = take(tmp_path, "product,buyer_name\npaste, \n")
    assert found[0]["buyer.name"] is BLANK
    assert found[0]["payer.name"] is ABSENT


def test_an_empty_cell_of_a_derived_field_asks_to_derive_it(tmp_path: Path) -> None:
    found, _, _ = take(
        tmp_path, "product,product_family,buyer_email,buyer_email_domain\npaste,,a@example.com,\n"
    )
    assert "product.family" not in list(found[0])
    assert found[0]["buyer.email_domain"].value == "example.com"


def test_a_quantity_is_joined_with_its_unit(tmp_path: Path) -> None:
    found, _, read = take(tmp_path, "product,quantity,unit\npaste,6,t\npaste,6000,kg\npaste,6,\n")
    assert found[0]["quantity"].value.amount == found[1]["quantity"].value.amount
    assert found[2]["quantity"].value is None
    assert [(one.row, one.column) for one in read.misread.first] == [(4, "quantity")]


@pytest.mark.parametrize(("decimal", "pieces"), [(".", 6), (",", 6000)])
def test_the_notation_settles_what_a_number_is(tmp_path: Path, decimal: str, pieces: int) -> None:
    found, _, _ = take(tmp_path, "product,quantity\npaste,6.000 pcs\n", Notation(decimal=decimal))
    assert found[0]["quantity"].value.amount == pieces * 1000


def test_cells_that_are_not_understood_are_reported_as_written(tmp_path: Path) -> None:
    _, _, read = take(tmp_path, "product,Buyer Country,date\npaste,Atlantis,2015-07-01\n")
    assert [(one.row, one.column, one.written) for one in read.misread.first] == [
        (2, "Buyer Country", "Atlantis")
    ]
    assert read.misread.first[0].why


def test_of_many_cells_not_understood_the_first_thousand_are_kept(tmp_path: Path) -> None:
    _, _, read = take(tmp_path, "product,buyer_country\n" + "paste,Atlantis\n" * 1200)
    assert read.misread.count == 1200
    assert len(read.misread.first) == 1000


def test_rows_that_cannot_be_split_come_as_set_aside(tmp_path: Path) -> None:
    found, aside, _ = take(tmp_path, "product,quantity\npaste\npaste,1 kg\n")
    assert len(found) == 1
    assert [(one.row, one.reason) for one in aside] == [(2, "the row has 1 cell, the header has 2")]
