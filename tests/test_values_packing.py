"""Quantities with their packing are multiplied out where that is the only reading."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags import reference
from redflags.model.goods import NOT_APPLICABLE
from redflags.model.kinds import QUANTITY, RETURNED
from redflags.model.record import record_of_texts
from redflags.values.quantity import format_quantity, parse_quantity

UNITS = reference.units()


def read(text: str, unit: str | None = None) -> str:
    found = parse_quantity(text, unit, UNITS)
    return format_quantity(found.value) if found.value is not None else f"? {found.why}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("24 - 12 oz bottles", "8.165 kg"), ("10 - 500 g pkgs.", "5 kg"),
        ("48 – 6 oz jars", "8.165 kg"),
        ("12 - 550 ml bottles", "6.6 l"), ("32 - 1 kg pkgs.", "32 kg"),
        ("24 - 0.5 l bottles", "12 l"),
        ("6x25kg", "150 kg"), ("6 x 25 kg", "150 kg"), ("6X25KG", "150 kg"), ("6×25 kg", "150 kg"),
        ("6*25kg", "150 kg"), ("6 х 25 кг", "150 kg"), ("25kg x 6", "150 kg"),
        ("25 kg x 6 drums", "150 kg"), ("200 L drums x 5", "1000 l"), ("2 x 20 x 5 kg", "200 kg"),
        ("4×1000L IBC", "4000 l"), ("12 x 500 ml bottles", "6 l"), ("40 x 25-kg bags", "1 t"),
        ("792 drums of 60 kg", "47.52 t"), ("20 bags à 25 kg", "500 kg"),
        ("20 bags @ 25 kg", "500 kg"),
        ("20 Säcke zu je 25 kg", "500 kg"), ("10 bidons de 20 L", "200 l"),
        ("3 fûts de 200 litres", "600 l"), ("10 sacos de 50 kg", "500 kg"),
        ("12 мешков по 25 кг", "300 kg"), ("500 torba 50 kg", "25 t"), ("20 bags 25 kg", "500 kg"),
        ("5 drums 200L each", "1000 l"), ("5 drums (200 L each)", "1000 l"),
        ("5 drums (of 200 L)", "1000 l"), ("10 bags, 25 kg per bag", "250 kg"),
        ("10 bags, 25 kg/bag", "250 kg"), ("40 25 kg bags", "1 t"), ("40 25-kg bags", "1 t"),
        ("1 pallet (40 bags of 25 kg)", "1 t"), ("1 drum (200 l)", "200 l"),
        ("5 cases of 12 bottles of 1 l", "60 l"), ("10 boxes x 24 pcs", "240 pieces"),
        ("5 cases, 12 bottles each", "60 bottles"), ("250 kg in 10 drums", "250 kg"),
        ("10 drums = 2500 kg", "2.5 t"), ("10 x 25 kg = 250 kg", "250 kg"),
        ("-6 x 25 kg", "-150 kg"),
        ("10 drums, 2500 kg total", "2.5 t"), ("5 kg (11 lb)", "5 kg"), ("500 kg net", "500 kg"),
        ("6 t 500 kg", "6.5 t"), ("1 t + 200 kg", "1.2 t"), ("6 t, 500 kg", "6.5 t"),
        ("1 t und 200 kg", "1.2 t"), ("5 lb 3 oz", "2.353 kg"), ("1 t + 1500 kg", "2.5 t"),
        ("10 bags + 5 bags", "15 bags"), ("12 Dtzd", "144 pieces"),
        ("10 Tsd. Stück", "10000 pieces"), ("500 kg gross", "500 kg"), ("net 500 kg", "500 kg"),
        ("500 kg total", "500 kg"),
        ("ca. 500 kg", "500 kg"), ("abt 500 kgs", "500 kg"), ("20 MT +/- 5%", "20 t"),
        ("20 MT (±10 %)", "20 t"), ("½ t", "500 kg"), ("1½ t", "1.5 t"), ("5 公斤", "5 kg"),
        ("10 吨", "10 t"), ("10 FAS", "10 drums"), ("10 KAR", "10 cartons"), ("3 PAL", "3 pallets"),
        ("50 PCE", "50 pieces"), ("50 ST", "50 pieces"), ("6 TO", "6 t"), ("5 KGM", "5 kg"),
        ("2 TNE", "2 t"), ("3 LTR", "3 l"), ("7 C62", "7 pieces"), ("7 H87", "7 pieces"),
        ("1 x 40' container", "1 container"), ("2 x 20ft container", "2 containers"),
        ("10 FT", "3.048 m"), ("1 000 kg", "1 t"), ("20 x 1 000 kg", "20 t"),
        ("25 litri", "25 l"), ("25 litrów", "25 l"), ("2 tony", "2 t"), ("3 quintali", "300 kg"),
        ("40 worków po 25 kg", "1 t"), ("30 fusti da 200 kg", "6 t"), ("100 peças", "100 pieces"),
        ("24 big bags 1000 kg", "24 t"), ("12 big bags 500 kg", "6 t"), ("20 FIBC à 1 t", "20 t"),
    ],
)  # fmt: skip
def test_read(text: str, said: str) -> None:
    assert read(text) == said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2-3 t", "is a range"), ("10 kg - 12 kg", "is a range"), ("2 to 3 t", "is a range"),
        ("2 bis 3 t", "is a range"), ("2–3 t", "is a range"), ("20-25 kg bags", "is a range"),
        ("20 - 25 kg bags", "can be a range or packages of 25"),
        ("> 5 kg", "is a bound"), ("≥ 5 kg", "is a bound"), ("max. 5 kg", "is a bound"),
        ("up to 5 kg", "is a bound"), ("5 kg max", "is a bound"), ("5 kg or more", "is a bound"),
        ("bis zu 5 kg", "is a bound"), ("en az 5 kg", "is a bound"), ("5+ kg", ""),
        ("10 drums (250 kg)", "250 kg can be all of it or each"),
        ("10 drums / 250 kg", "can be all of it or each"),
        ("250 kg (10 drums)", "can be all or each"),
        ("4 boxes 12 kg", "can be all of it or each"),
        ("2 pallets (40 bags of 25 kg each)", "can be all or each"),
        ("10 x 25 kg = 300 kg", "states two amounts: 250 kg and 300 kg"),
        ("5 kg (12 lb)", "states two amounts: 5 kg and 5.443 kg"),
        ("5 kg/bag", "not how many"), ("25 kg bag", "not how many"),
        ("750 cc per bottle", "not how many"),
        ("6 t 1500 kg", "states two amounts: 6 t and 1.5 t"), ("500 kg 6 t", "states two amounts"),
        ("-6 t 500 kg", ""), ("1 kg + 2 l", ""), ("10 bags + 5 drums", ""), ("1+1 kg", ""),
        ("9e17 t + 9e17 t", ""), ("6 t + -1 kg", ""), ("3 ft 6 in", ""), ("1 t + 2", ""),
        ("1200 x 800 x 3 mm", "more than one number"),
        ("6 x 2.000 kg", "2.000 can be 2 or 2000"), ("B12 x 5 kg", ""), ("25 x", ""),
        ("x 25 kg", ""),
        ("6 x quux of 5 kg", ""), ("4/5 kg", ""), ("5 x -3 kg", ""), ("(6 x 25 kg", ""),
        ("1e18 x 1e18 t", ""), ("9" * 30 + " x 25 kg", "too large"),
        ("1 x " * 40 + "5 kg", ""), ("10 kg x 10 kg", ""),
    ],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_is_unknown(text: str, why: str) -> None:
    found = read(text)
    assert found.startswith("?")
    assert why in found


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("40", "drums of 60 kg", "2.4 t"), ("40", "25 kg bags", "1 t"),
        ("40", "bag (25 kg)", "1 t"),
        ("40", "25-kg bag", "1 t"), ("40", "Sack 25 kg", "1 t"),
        ("10", "24 - 12 oz bottles", "81.647 kg"),
        ("2", "20x1kg carton", "40 kg"), ("6x25", "kg", "150 kg"), ("6x25kg", "kg", "150 kg"),
        ("6x25kg", "KGM", "150 kg"), ("6x25kg", "BAG", "150 kg"), ("6 bags x 25", "kg", "150 kg"),
        ("6 bags of 25 kg", "bags", "150 kg"), ("10 x 24", "pcs", "240 pieces"),
        ("-40", "drums of 60 kg", "-2.4 t"), ("40", "25 kg/bag", "1 t"),
        ("1.000,5", "25 kg bags", "25012.5 kg"),
    ],
)  # fmt: skip
def test_the_unit_beside_may_say_what_one_holds(text: str, unit: str, said: str) -> None:
    assert read(text, unit) == said


@pytest.mark.parametrize(
    ("text", "unit"),
    [("6x25kg", "l"), ("6x25kg", "quux"), ("6 bags of 25 kg", "drum"), ("40", "20-25 kg bags"),
     ("40", "bag of 1.000 kg"), ("40", "M8x30"), ("40", "12/24 V")],
)  # fmt: skip
def test_a_unit_beside_that_does_not_fit_makes_it_unknown(text: str, unit: str) -> None:
    assert read(text, unit).startswith("?")


def test_what_is_taken_for_granted_is_told() -> None:
    said = parse_quantity("500 torba 50 kg", None, UNITS)
    assert said.assumed == "50 kg is taken as the content of each bag"
    assert parse_quantity("500 kg gross", None, UNITS).assumed != ""
    assert parse_quantity("20 MT +/- 5%", None, UNITS).assumed == (
        "the amount is stated with a tolerance"
    )
    assert parse_quantity("6 x 25 kg", None, UNITS).assumed == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("240 pails", "240 pails"), ("1 pail", "1 pail"), ("240 PAILS", "240 pails"),
        ("5 Eimer", "5 pails"), ("3 buckets", "3 buckets"), ("240 cans", "240 cans"),
        ("2 lots", "2 lots"), ("1 lot", "1 lot"), ("2 kits", "2 kits"), ("2 sets", "2 sets"),
        ("300 sacks", "300 sacks"), ("300 bags", "300 bags"), ("12 Säcke", "12 sacks"),
        ("4 jars", "4 jars"), ("1 pouch", "1 pouch"), ("3 vials", "3 vials"),
        ("6 boxes", "6 boxes"),
        ("30 IBC", "30 IBCs"), ("1 IBC", "1 IBC"), ("1 big bag", "1 big bag"),
        ("10 pails + 5 cans", "15 pails"), ("½ pail", "0.5 pails"),
    ],
)  # fmt: skip
def test_a_package_is_called_by_a_word_near_to_the_one_that_was_written(
    text: str, said: str
) -> None:
    assert read(text) == said


@pytest.mark.parametrize(("text", "unit"), [("5 pails", "cans"), ("5 sacks", "bag")])
def test_words_for_one_package_do_not_contradict_each_other(text: str, unit: str) -> None:
    assert read(text, unit) == read(f"5 {unit}")


PACKAGES = st.sampled_from(["bags", "drums", "Säcke", "boxes", "мешков", "çuval"])


@given(st.integers(1, 9999), st.integers(1, 999), PACKAGES, st.sampled_from(["kg", "l", "g"]))
def test_every_way_of_packing_is_one_amount(n: int, each: int, package: str, unit: str) -> None:
    plain = parse_quantity(f"{n * each} {unit}", None, UNITS).value
    for text in (
        f"{n} x {each} {unit}", f"{each} {unit} x {n}", f"{n} {package} of {each} {unit}",
        f"{n} {package} x {each}{unit}", f"{n}x{each}{unit}", f"{n} {package}, {each} {unit} each",
    ):  # fmt: skip
        assert parse_quantity(text, None, UNITS).value == plain, text
    assert parse_quantity(str(n), f"{package} of {each} {unit}", UNITS).value == plain


@given(st.text(alphabet="0123456789 xX×()-–/.,=kglbagsdrumofeach½", max_size=60))
def test_what_is_shown_of_a_value_is_read_as_that_value(text: str) -> None:
    found = parse_quantity(text, None, UNITS, decimal=".").value
    if found is None or found.dimension == "count":
        return
    again = parse_quantity(format_quantity(found), None, UNITS, decimal=".").value
    # Shown with three decimals of the unit it is shown in.
    assert again.dimension == found.dimension
    assert abs(again.amount - found.amount) <= max(10**6, abs(found.amount) // 1000)


@pytest.mark.parametrize("text", ["-5 t", "(5) t", "5- t", "−5 t", "-5,000 kg", "-20 x 250 kg"])
def test_a_negative_quantity_is_a_return(text: str) -> None:
    record = record_of_texts([("quantity", text), ("product", "aluminium paste")])
    found = record["quantity"]
    if text == "-5,000 kg":
        assert found.value is None
        return
    assert found.value.amount == -5 * 10**12
    assert RETURNED in found.how
    assert record["quantity.scale"].value == NOT_APPLICABLE
    assert RETURNED in record["quantity.scale"].how


def test_the_minus_of_an_erp_stands_behind_the_number() -> None:
    record = record_of_texts([("quantity", "5.000,00-"), ("unit", "KG")])
    assert record["quantity"].value.number == Fraction(-5000)


def test_nothing_is_no_purchase_and_no_return() -> None:
    assert QUANTITY.parse("0 kg").why == "0 kg is no quantity of a purchase"


@pytest.mark.parametrize(
    "text", ["Storno", "CANCELLED", "iade", "Rücksendung", "возврат", "retour"]
)
def test_a_line_that_was_undone_says_so_in_its_outcome(text: str) -> None:
    found = record_of_texts([("outcome", text)])["outcome"].value
    assert found == ("cancelled" if text in ("Storno", "CANCELLED") else "returned")
