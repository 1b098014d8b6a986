"""Rows of a printed list that are no orders, and those that are although they look like it."""

from __future__ import annotations

import pytest

from redflags.intake.report_rows import looked_at, no_order

PATHS = ("order_id", "buyer.name", "product", "quantity", "unit")
LOOKED = looked_at(PATHS)


def why(*texts: str) -> str:
    return no_order(dict(zip(PATHS, texts, strict=True)), LOOKED)


@pytest.mark.parametrize(
    "first",
    [
        "Total", "TOTAL:", "Summe", "Toplam", "Итого", "Totale", "Totaal", "Razem", "合计",
        "Page 3 of 7", "Seite 2", "12 rows selected", "End of report",
        "Prepared by: A. Example", "Printed on 2025-03-01", "Erstellt von: A. Muster",
        "Hazırlayan: A. Örnek", "Préparé par A. Exemple", "Elaborado por: A. Ejemplo",
        "Составил: А. Пример", "Sporządził: A. Przykład", "制表人：例", "أعده: مثال",
    ],
)  # fmt: skip
def test_totals_and_remarks_are_no_orders(first: str) -> None:
    assert "total or a remark" in why(first, "", "", "", "")
    assert "total or a remark" in why(first, "", "", "12", "kg")


@pytest.mark.parametrize(
    "row",
    [
        ("Prepared by: A. Example", "Acme GmbH", "", "", ""),
        ("Total", "", "chair", "2", "pcs"),
        ("Totaliser 3", "", "", "", ""),
        ("Prepared", "", "", "", ""),
        ("Razem-12", "", "", "", ""),
        ("S-1", "", "", "2", "pcs"),
    ],
)
def test_a_row_that_says_more_is_an_order(row: tuple[str, ...]) -> None:
    assert why(*row) == ""


def test_lines_of_marks_and_of_units_are_no_orders() -> None:
    assert "line of marks" in why("-----", "---", "----", "---", "---")
    assert "states units" in why("", "", "", "", "kg")
    assert why("", "", "", "12", "kg") == ""


def test_of_two_columns_no_row_is_told() -> None:
    assert looked_at(("order_id", "product")) == ()
