"""Sizes of grains: sieve numbers, and bounds that no grain exceeds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags import reference
from redflags.model.record import record_of_texts
from redflags.values.quantity import parse_quantity
from redflags.values.understood import Understood


def _size(text: str) -> Understood:
    return record_of_texts({"particle_size": text})["particle_size"]


@pytest.mark.parametrize(
    ("text", "nanometres"),
    [
        ("325 mesh", 45_000), ("-325 mesh", 45_000), ("−325 Mesh", 45_000), ("mesh 200", 75_000),
        ("-100 +325 mesh", 150_000), ("-100 mesh +325 mesh", 150_000), ("100-200 mesh", 150_000),
        ("100/325 mesh", 150_000), ("200 US mesh", 75_000), ("<= 200 µm", 200_000),
        ("< 200 µm", 199_999), ("<45um", 44_999), ("max. 63 µm", 63_000), ("0-63 µm", 63_000),
        ("20 µm - 63 µm", 63_000), ("20 to 63 micron", 63_000), ("-63 µm", 63_000),
        ("до 63 мкм", 63_000), ("bis zu 63 µm", 63_000), ("0 - 0,2 mm", 200_000),
        ("20 micron", 20_000), ("63 µm", 63_000), ("0.1 mm", 100_000), ("200 nm", 200),
    ],
)  # fmt: skip
def test_the_size_that_no_grain_exceeds(text: str, nanometres: int) -> None:
    found = _size(text)
    assert found.value is not None, found.why
    assert (found.value.dimension, found.value.amount) == ("length", nanometres)


@pytest.mark.parametrize(
    "text", ["+100 mesh", "> 100 µm", ">= 63 µm", "333 mesh", "D50: 20 µm", "d90 < 45 µm", "45",
             "95 % < 63 µm", "mesh", "fine"],
)  # fmt: skip
def test_what_leaves_the_largest_grain_open_is_unknown(text: str) -> None:
    assert _size(text).value is None
    assert _size(text).why


@pytest.mark.parametrize(
    ("text", "unit", "nanometres"),
    [("<45", "µm", 44_999), ("0-63", "µm", 63_000), ("325", "mesh", 45_000),
     ("-325", "mesh", 45_000), ("45", "µm", 45_000), ("0-0.2", "mm", 200_000)],
)  # fmt: skip
def test_the_unit_may_stand_in_the_header(text: str, unit: str, nanometres: int) -> None:
    found = parse_quantity(text, unit, reference.units())
    assert found.value is not None, found.why
    assert found.value.amount == nanometres


def test_a_sieve_without_a_sign_is_shown_as_assumed() -> None:
    assert _size("325 mesh").assumed
    assert not _size("-325 mesh").assumed


@pytest.mark.parametrize("text", ["10 rolls of mesh", "< 5 kg", "5-10 m", "2-3 t"])
def test_quantities_of_other_goods_stay_what_they_were(text: str) -> None:
    found = record_of_texts({"quantity": text})["quantity"]
    assert found.value is None
    assert "sieve" not in found.why


@given(st.text(alphabet="0123456789.,-–+<>µumesh nkto/ ", max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    found = _size(text)
    assert found.value is None or not found.why
