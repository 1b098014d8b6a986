"""What is said of columns that are left out for want of a decision."""

from __future__ import annotations

import pytest

from redflags.model.results import InputRead
from redflags.writers.unsaid import undecided_columns


@pytest.mark.parametrize(
    ("ambiguous", "unused", "told"),
    [
        (
            {"Status": ("outcome",)},
            ("Status",),
            "Status could be outcome, but its cells are not understood as that, it is not read",
        ),
        (
            {"Status": ("outcome",)},
            ("Status", "Status"),
            "several columns named Status could be outcome, none is read",
        ),
        (
            {"Material": ("product",)},
            ("Material",),
            "Material could be product, but its cells do not say so, it is not read",
        ),
        (
            {"Land": ("buyer.country",)},
            ("Land", "x"),
            "Land could be buyer_country, but neither its name nor its cells say so for sure, it "
            "is not read",
        ),
        (
            {"Kunde": ("buyer.name",), "Käufer": ("buyer.name",)},
            ("Kunde", "Käufer"),
            "Kunde, Käufer could each be buyer_name, none is read",
        ),
        (
            {"Amount": ("value", "quantity")},
            ("Amount",),
            "Amount could be value or quantity",
        ),
    ],
)
def test_one_column_is_not_told_as_several(
    ambiguous: dict[str, tuple[str, ...]], unused: tuple[str, ...], told: str
) -> None:
    read = InputRead(
        path="-", sha256="0", rows=1, unused_columns=unused, ambiguous_columns=ambiguous
    )
    assert undecided_columns(read) == [told]
