"""Quantities are exact, and units and spellings of one amount are one amount."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags import reference
from redflags.values.quantity import (
    BASE,
    Quantity,
    Unit,
    UnitTable,
    convert,
    format_quantity,
    parse_quantity,
)


def unit(name: str, dimension: str, factor: Fraction | int, package: bool = False) -> Unit:
    return Unit(name, dimension, Fraction(factor), name, package)


KG, G, MG = unit("kg", "mass", 10**9), unit("g", "mass", 10**6), unit("mg", "mass", 10**3)
T = unit("t", "mass", 10**12)
TON = Unit("t", "mass", Fraction(10**12), "t", assumed="a ton is taken as a metric tonne")
LB = unit("lb", "mass", Fraction(45359237, 10**8) * 10**9)
L, ML, M3 = unit("l", "volume", 10**9), unit("ml", "volume", 10**6), unit("m3", "volume", 10**12)
M, MM, UM = unit("m", "length", 10**9), unit("mm", "length", 10**6), unit("um", "length", 10**3)
INCH = unit("in", "length", 25_400_000)
PIECE, DOZEN = unit("piece", "count", 1000), unit("dozen", "count", 12_000)
DRUM, BOX = unit("drum", "count", 1000, True), unit("box", "count", 1000, True)
UNITS = UnitTable(
    (spelling, found)
    for found, spellings in [
        (KG, "kg кг kilogram كغ KGM"), (G, "g gr г"), (MG, "mg"), (T, "t tonne MT т طن"),
        (TON, "ton"), (LB, "lb lbs"), (L, "l litre л"), (ML, "ml"), (M3, "m³ cbm"), (M, "m"),
        (MM, "mm"), (UM, "µm um"), (INCH, '" in'), (PIECE, "pcs piece Stück шт adet"),
        (DOZEN, "dozen"), (DRUM, "drum Fass Fässer varil"), (BOX, "box"),
    ]
    for spelling in spellings.split()
)  # fmt: skip
SIX_TONNES = 6 * 10**12


@pytest.mark.parametrize(
    "text",
    ["6 t", "6t", "6000 kg", "6000kg", "6 000 kg", "6 tonnes", "6 MT", "6 mt", "6 Mt", "6 T",
     "kg 6000", "6 t.", "6-t", "6000000 g", "6,000.0 kg", "6 т", "٦ طن", "6000 КГ", "6000 кg",
     "6 tonne(s)", "24 x 250 kg", "24 drums of 250 kg", "6e3 kg", "ca. 6 t", "~6 t"],
)  # fmt: skip
def test_six_tonnes_in_any_spelling(text: str) -> None:
    quantity = parse_quantity(text, None, UNITS).value
    assert quantity == Quantity("mass", SIX_TONNES, "t", Fraction(6))


@pytest.mark.parametrize(
    ("text", "dimension", "amount"),
    [
        ("45 µm", "length", 45_000), ("45 um", "length", 45_000), ('10"', "length", 254_000_000),
        ("10 ″", "length", 254_000_000), ("2 drums", "count", 2_000), ("2 DRUMS", "count", 2_000),
        ("2 Fässer", "count", 2_000), ("2 VARİL", "count", 2_000), ("2 boxes", "count", 2_000),
        ("12 STÜCK", "count", 12_000), ("1.5 dozen", "count", 18_000),
        ("5 m3", "volume", 5 * 10**12),
        ("-5 kg", "mass", -5 * 10**9), ("0 kg", "mass", 0), ("5 шт.", "count", 5_000),
    ],
)  # fmt: skip
def test_read(text: str, dimension: str, amount: int) -> None:
    quantity = parse_quantity(text, None, UNITS).value
    assert (quantity.dimension, quantity.amount) == (dimension, amount)


@pytest.mark.parametrize(
    ("text", "beside", "number"),
    [
        ("1/2 t", None, Fraction(1, 2)), ("½ t", None, Fraction(1, 2)),
        ("1⁄2 t", None, Fraction(1, 2)), ("1 1/2 t", None, Fraction(3, 2)),
        ("1½ t", None, Fraction(3, 2)), ("2 ½ t", None, Fraction(5, 2)),
        ("2-1/2 t", None, Fraction(5, 2)), ("⅓ t", None, Fraction(1, 3)),
        ("3 5/8 t", None, Fraction(29, 8)), ("½", "t", Fraction(1, 2)),
        ("1 3/4", "t", Fraction(7, 4)), ("1/2 t", "t", Fraction(1, 2)),
    ],
)  # fmt: skip
def test_fractions_are_exact(text: str, beside: str | None, number: Fraction) -> None:
    quantity = parse_quantity(text, beside, UNITS).value
    assert (quantity.number, quantity.amount) == (number, round(number * 10**12))


@pytest.mark.parametrize(
    "text",
    ["4/5 kg", "1/25 kg", "24/12 kg", "2/2 t", "0/2 t", "1/2/3 t", "1/0 t", "1 5/4 t", "½ ½ t"],
)
def test_what_can_be_packs_is_no_fraction(text: str) -> None:
    assert parse_quantity(text, None, UNITS).value is None


@pytest.mark.parametrize(
    ("text", "beside", "needs"), [("½", None, ("unit",)), ("1/2 quux", None, ("unit",)),
                                  ("1/2 kg", "t", ("quantity", "unit"))]
)  # fmt: skip
def test_a_fraction_without_a_unit_is_unknown(
    text: str, beside: str | None, needs: tuple[str, ...]
) -> None:
    found = parse_quantity(text, beside, UNITS)
    assert (found.value, found.needs) == (None, needs)


@pytest.mark.parametrize("beside", ["t", "T", "tonne", "MT"])
@pytest.mark.parametrize("text", ["6", "6 t"])
def test_the_unit_may_stand_beside(text: str, beside: str) -> None:
    assert parse_quantity(text, beside, UNITS).value.amount == SIX_TONNES


@pytest.mark.parametrize(
    ("text", "beside", "why", "needs"),
    [
        ("6", None, "6 has no unit", ("unit",)),
        ("6", " ", "6 has no unit", ("unit",)),
        ("6 quux", None, '"quux" is no unit that is known', ("unit",)),
        ("6", "quux", '"quux" is no unit that is known', ("unit",)),
        ("6 kg", "t", 'the quantity says "kg" and the unit says "t"', ("quantity", "unit")),
        ("6.000 kg", None, "6.000 can be 6 or 6000", ()),
        ("2 drums of 1.000 l", None, "1.000 can be 1 or 1000", ()),
        ("some", "kg", '"some" has no number', ()),
        ("", "kg", "not stated", ()),
        ("5-6 t", None, '"5-6 t" is a range', ()),
        ("6 t 7 x 5", None, '"6 t 7 x 5" has more than one number', ()),
        ("1e18 t", None, '"1e18 t" is too large', ()),
    ],
)
def test_unknown_with_its_reason(
    text: str, beside: str | None, why: str, needs: tuple[str, ...]
) -> None:
    quantity = parse_quantity(text, beside, UNITS)
    assert quantity.value is None
    assert quantity.why == why
    assert quantity.needs == needs


def test_a_conversion_is_told() -> None:
    assert parse_quantity("13228 lb", None, UNITS).how == "13228 lb = 6000.12 kg"
    assert parse_quantity("6 t", None, UNITS).how == "6 t = 6000 kg"
    assert parse_quantity("6000 kg", None, UNITS).how == ""
    assert parse_quantity("2 drums", None, UNITS).how == ""
    assert parse_quantity("45 µm", None, UNITS).how == ""


def test_what_is_assumed_of_a_unit_is_told() -> None:
    assert parse_quantity("6 ton", None, UNITS).assumed == "a ton is taken as a metric tonne"
    assert parse_quantity("6 tons", None, UNITS).assumed == "a ton is taken as a metric tonne"


def test_a_spelling_of_two_units_in_another_case_is_not_found() -> None:
    table = UnitTable([("mg", MG), ("Mg", T)])
    assert table.find("mg") is MG
    assert table.find("Mg") is T
    assert table.find("MG") is None


def test_a_cyrillic_abbreviation_is_no_latin_one_drawn_alike() -> None:
    assert UnitTable([("ct", BOX)]).find("ст") is None


@given(st.decimals(0, 10**6, places=3))
def test_grams_and_kilograms_agree(number: object) -> None:
    in_kilograms = parse_quantity(f"{number} kg", None, UNITS, decimal=".").value
    grams = Fraction(str(number)) * 1000
    in_grams = parse_quantity(f"{grams} g", None, UNITS, decimal=".").value
    assert in_kilograms == in_grams


@given(st.integers(-(2**62), 2**62), st.sampled_from(sorted(BASE)))
def test_every_quantity_can_be_shown(amount: int, dimension: str) -> None:
    text = format_quantity(Quantity(dimension, amount, "piece", Fraction(amount)))
    assert len(text.partition(" ")[0].partition(".")[2]) <= 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("6000 kg", "6 t"), ("13228 lb", "6000.12 kg"), ("6001 kg", "6.001 t"),
        ("999 kg", "999 kg"),
        ("500 g", "500 g"), ("0.25 g", "250 mg"), ("0 kg", "0 kg"), ("-2 t", "-2 t"),
        ("2.5 l", "2.5 l"), ("20 ml", "20 ml"), ("45 µm", "45 µm"), ("3 mm", "3 mm"),
        ("42 pcs", "42 pieces"), ("1 piece", "1 piece"), ("2 drum", "2 drums"),
        ("1 drum", "1 drum"),
        ("2 box", "2 boxes"), ("2 dozen", "24 pieces"),
    ],
)  # fmt: skip
def test_shown(text: str, said: str) -> None:
    assert format_quantity(parse_quantity(text, None, UNITS).value) == said


def test_order_within_a_dimension_only() -> None:
    kilogram, gram = (Quantity("mass", n, "g", Fraction(n)) for n in (10**9, 10**6))
    assert gram < kilogram
    assert kilogram >= gram
    with pytest.raises(TypeError):
        assert gram < Quantity("count", 1, "piece", Fraction(1))


def test_mass_and_volume_by_density() -> None:
    litres = parse_quantity("100 l", None, UNITS).value
    mass = convert(litres, "mass", Fraction("1.4"))
    assert format_quantity(mass) == "140 kg"
    assert convert(mass, "volume", Fraction("1.4")) == litres
    assert convert(litres, "volume", Fraction(2)) is litres
    with pytest.raises(ValueError, match="cannot be converted"):
        convert(litres, "count", Fraction(1))
    with pytest.raises(ValueError, match="positive"):
        convert(litres, "mass", Fraction(0))


@pytest.mark.parametrize("unit", ["bidones de 50 kg", "drums of 50 kg", "Säcke à 50 kg"])
def test_a_unit_that_carries_its_content_is_counted_by_it(unit: str) -> None:
    found = parse_quantity("40", unit, reference.units())
    assert found.value == parse_quantity("2 t", None, reference.units()).value
    assert "50 kg" in found.how
