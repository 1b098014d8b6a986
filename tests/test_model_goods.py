"""What follows from the goods of an order: limits, headings, listing, the content of packages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags import Transaction
from redflags.model.contents import content_of_package
from redflags.model.record import Record, record_of
from redflags.values.quantity import format_quantity


def record(**fields: str) -> Record:
    return record_of(Transaction.model_validate(fields))


@pytest.mark.parametrize(
    ("product", "concentration", "limit", "exempt"),
    [
        ("hydrogen peroxide", "3 %", "not_above", "yes"),
        ("hydrogen peroxide", "12 %", "not_above", "yes"),
        ("hydrogen peroxide", "12.1 %", "above", "no"),
        ("hydrogen peroxide 6 %", "", "not_above", "yes"),
        ("hydrogen peroxide", "", None, "no"),
        ("hydrogen peroxide", "strong", None, "no"),
        ("nitric acid", "3 %", "not_above", "yes"),
        ("nitric acid", "65 %", "above", "no"),
        ("nitromethane", "16 %", "not_above", "yes"),
        ("ammonium nitrate", "16 % N", "not_above", "yes"),
        ("ammonium nitrate", "33.5 % N", "above", "no"),
        ("ammonium nitrate", "80 %", "above", "no"),
        ("ammonium nitrate 33.5 %", "", "above", "no"),
        ("nitrate d'ammonium 33,5 %", "", "above", "no"),
        ("amonyum nitrat %33", "", "above", "no"),
        ("CAN fertiliser 27 %", "", "above", "no"),
        ("Kalkammonsalpeter", "27", "above", "no"),
        ("ammonium nitrate", "16 %", "not_above", "yes"),
        ("ammonium nitrate", "40 %", "not_above", "yes"),
        ("ammonium nitrate prills, moisture max. 0.3 %", "", None, "no"),
        ("nitric acid, 0,5 % iron", "", None, "no"),
        ("nitric acid in water 65 %", "", "above", "no"),
        ("nitric acid 65 % iron-free", "", "above", "no"),
        ("hydrogen peroxide, 10 % discount", "", None, "no"),
        ("Salpetersäure (zzgl. 7 % MwSt)", "", None, "no"),
        ("CAN fertiliser", "27 % N", "above", "no"),
        ("calcium ammonium nitrate", "15 % N", "not_above", "yes"),
        ("nitric acid", "68-70 %", "above", "no"),
        ("nitric acid", "min. 65 %", "above", "no"),
        ("nitric acid", "max. 3 %", "not_above", "yes"),
        ("nitric acid", "2-5 %", None, "no"),
        ("nitric acid", "min. 2 %", None, "no"),
        ("nitric acid 68-70 %", "", "above", "no"),
        ("hydrogen peroxide", "0.5", None, "no"),
        ("ammonium nitrate", "min. 34 %", "above", "no"),
        ("ammonium nitrate", ">99 %", "above", "no"),
        ("ammonium nitrate", "30-50 %", None, "no"),
        ("ammonium nitrate", "max 15 % N", "not_above", "yes"),
        ("hydrochloric acid", "9 %", "not_above", "yes"),
        ("hydrochloric acid", "33 %", "above", "no"),
        ("phosphoric acid", "30 %", "not_above", "yes"),
        ("acetone", "99 %", "not_listed", "no"),
        ("carpets", "3 %", "not_listed", "no"),
    ],
)
def test_a_concentration_not_above_the_limit_exempts(
    product: str, concentration: str, limit: str | None, exempt: str
) -> None:
    found = record(product=product, concentration=concentration)
    assert (found["product.limit"].value, found["product.exempt"].value) == (limit, exempt)


def test_how_a_percentage_of_a_nitrate_was_read_is_shown_as_assumed() -> None:
    assert "taken as nitrogen" in record(product="ammonium nitrate 33.5 %")["product.limit"].assumed
    assert "taken as ammonium nitrate" in (
        record(product="ammonium nitrate", concentration="80 %")["product.limit"].assumed
    )


def test_that_goods_are_not_exempt_for_want_of_a_concentration_is_shown_as_assumed() -> None:
    assert record(product="nitric acid")["product.exempt"].assumed
    assert not record(product="nitric acid", concentration="65 %")["product.exempt"].assumed


def test_goods_that_nobody_knows_are_neither_exempt_nor_not() -> None:
    assert record(concentration="3 %")["product.exempt"].value is None


@pytest.mark.parametrize(
    ("heading", "known_by"),
    [
        ("310230", "sole_heading"),
        ("283421", "sole_heading"),
        ("360360", "sole_heading"),
        ("310210", "heading"),
        ("321290", "heading"),
        ("854231", "heading"),
    ],
)
def test_a_heading_that_covers_one_substance_is_as_good_as_its_name(
    heading: str, known_by: str
) -> None:
    assert record(product="article 4711", hs_code=heading)["product.known_by"].value == known_by


@pytest.mark.parametrize(
    ("fields", "headings"),
    [
        ({"hs_code": "8542.31"}, frozenset({"854231"})),
        ({"hs_code": "", "product": "chips"}, frozenset()),
        ({"hs_code": ""}, None),
        ({}, None),
        ({"product": "chips"}, frozenset()),
        ({"hs_code": "chips"}, None),
    ],
)
def test_an_order_without_a_tariff_code_is_under_no_heading(
    fields: dict[str, str], headings: frozenset[str] | None
) -> None:
    assert record(**fields)["product.headings"].value == headings


@pytest.mark.parametrize(
    ("fields", "listed"),
    [
        ({"control_code": "3A001"}, "yes"),
        ({"control_code": "ML10"}, "yes"),
        ({"control_code": "EAR99"}, "no"),
        ({"control_code": "NLR"}, "no"),
        ({"control_code": "ECCN: EAR99"}, "no"),
        ({"control_code": "ECCN: none"}, "no"),
        ({"control_code": "AL: N"}, "no"),
        ({"control_code": "nicht gelistet"}, "no"),
        ({"control_code": "ECCN 2B231.a"}, "yes"),
        ({"control_code": ""}, "no"),
        ({}, "no"),
        ({"licence": "held"}, "yes"),
        ({"licence": "refused"}, "yes"),
        ({"licence": "not required"}, "no"),
        ({"licence": "", "control_code": ""}, "no"),
        ({"licence": "applied", "control_code": "EAR99"}, "yes"),
    ],
)
def test_goods_are_listed_where_the_order_treats_them_so(
    fields: dict[str, str], listed: str
) -> None:
    assert record(product="a valve", **fields)["product.controlled"].value == listed


def test_an_order_that_says_nothing_of_its_goods_says_nothing_of_lists_and_licences() -> None:
    for path in ("product.headings", "product.controlled", "licence.in_hand", "product.exempt"):
        assert record()[path].value is None
        assert record(date="2024-01-01")[path].needs


@pytest.mark.parametrize(
    ("fields", "in_hand"),
    [
        ({"licence": "held"}, "yes"),
        ({"licence": "exception"}, "yes"),
        ({"licence": "applied", "licence_number": "EX-1"}, "no"),
        ({"licence": "refused"}, "no"),
        ({"licence": "", "licence_number": "EX-1"}, "yes"),
        ({"licence": "", "licence_number": ""}, "no"),
        ({}, "no"),
        ({"licence": "who knows"}, None),
    ],
)
def test_a_licence_is_in_hand_where_one_is_held_or_its_number_stated(
    fields: dict[str, str], in_hand: str | None
) -> None:
    assert record(product="a valve", **fields)["licence.in_hand"].value == in_hand


@pytest.mark.parametrize(
    ("product", "content"),
    [
        ("urea, 50 kg bags", "50 kg"),
        ("calcium ammonium nitrate 50 kg bags", "50 kg"),
        ("25kg sacks of sulphur", "25 kg"),
        ("Harnstoff 25-kg-Sack", "25 kg"),
        ("acetone in 200 l drums", "200 l"),
        ("urea", None),
        ("urea 50 kg or 25 kg bags", None),
        ("aluminium powder 45 µm", None),
        ("nitric acid 65 %", None),
        ("engine 140 N", None),
        ("0 kg bags", None),
    ],
)
def test_the_content_of_a_package_is_read_where_the_text_states_one(
    product: str, content: str | None
) -> None:
    found = content_of_package(product)
    assert (None if found is None else format_quantity(found.amount)) == content


@pytest.mark.parametrize(
    ("product", "quantity", "scale"),
    [
        ("calcium ammonium nitrate 50 kg bags", "400 bags", "bulk"),
        ("calcium ammonium nitrate 50 kg bags", "1 bag", "trade"),
        ("calcium ammonium nitrate 25 kg bags", "1 bag", "retail"),
        ("acetone, 200 l drums", "4 drums", "bulk"),
        ("calcium ammonium nitrate 50 kg", "400 pieces", None),
        ("calcium ammonium nitrate", "400 bags", None),
        ("aluminium paste", "30 IBC", "bulk"),
        ("aluminium paste", "1 big bag", "bulk"),
        ("acetone", "1 IBC", None),
        ("acetone", "2 containers", None),
        ("calcium ammonium nitrate 50 kg bags", "2 t", "bulk"),
        ("calcium ammonium nitrate 50 kg bags", "3 pallets", None),
        ("acetone 1 l bottle", "300 cartons", None),
        ("calcium ammonium nitrate 50 kg bags", "400 packages", "bulk"),
        ("calcium ammonium nitrate 50 kg bags", "1 big bag", None),
        ("aluminium paste 25 kg pails", "1 big bag", "bulk"),
        ("carbon fibre fabric 200 g/m2", "5 rolls", None),
    ],
)
def test_packages_count_as_what_they_hold(product: str, quantity: str, scale: str | None) -> None:
    found = record(product=product, quantity=quantity)["quantity.scale"]
    assert found.value == scale
    if scale is not None and not quantity.endswith("t"):
        assert "taken to hold" in found.assumed


@pytest.mark.parametrize(
    ("product", "container"),
    [
        ("ammonium nitrate 50 kg sack", "sack of 50 kg"),
        ("sacks of 50 kg urea", "sack of 50 kg"),
        ("urea, 50-kg bags, white", "bag of 50 kg"),
        ("urea 50kg/bag", "bag of 50 kg"),
        ("urea, bag (50 kg)", "bag of 50 kg"),
        ("aluminium paste 25 kg plastic pail", "pail of 25 kg"),
        ("acetone 200 l per drum", "drum of 200 l"),
        ("aluminium paste, in pails of 25 kg net", "pail of 25 kg"),
        ("ACETONE DRUM 200 L", "drum of 200 l"),
        ("Salpetersäure Fass 200 l", "drum of 200 l"),
        ("Aceton 200-l-Fass", "drum of 200 l"),
        ("Aceton Kunststoffkanister à 20 l", "jerrycan of 20 l"),
        ("Harnstoff Papiersack, 25 kg", "sack of 25 kg"),
        ("Aluminiumpaste 25 kg Eimer", "pail of 25 kg"),
        ("acide nitrique bidon de 20 L", "drum of 20 l"),
        ("fût 200 L acétone", "drum of 200 l"),
        ("urea saco de 25 kg", "bag of 25 kg"),
        ("urea sacco da 25 kg", "bag of 25 kg"),
        ("mocznik worek 25 kg", "bag of 25 kg"),
        ("карбамид, мешок 50 кг", "bag of 50 kg"),
        ("amonyum nitrat 50 kg'lık çuval", "bag of 50 kg"),
        ("نترات الأمونيوم كيس 50 كغ", "bag of 50 kg"),
        ("硝酸铵 50公斤/袋", "bag of 50 kg"),
        ("sulphuric acid IBC 1000 l", "IBC of 1000 l"),
        ("calcium ammonium nitrate 50 kg", None),
        ("CAN 50 kg", None),
        ("hexamine p.a. 500 g", None),
        ("acetone 12 x 1 l bottles", None),
        ("urea, 40 bags of 25 kg", None),
        ("urea pallet 1000 kg", None),
        ("urea 25 kg for can coating", None),
        ("aluminium paste 25 kg top quality", None),
    ],
)
def test_a_container_is_read_beside_its_content(product: str, container: str | None) -> None:
    found = content_of_package(product)
    assert found is not None
    said = f"{found.noun} of {format_quantity(found.amount)}" if found.container else None
    assert said == container


@pytest.mark.parametrize(
    ("product", "quantity", "scale"),
    [
        ("calcium ammonium nitrate 50 kg bags", "400 pieces", "bulk"),
        ("calcium ammonium nitrate 50 kg bags", "400 ea", "bulk"),
        ("calcium ammonium nitrate 50 kg bags", "400 Units", "bulk"),
        ("Kalkammonsalpeter Sack 50 kg", "400 Stk", "bulk"),
        ("calcium ammonium nitrate 25 kg bag", "1 piece", "retail"),
        ("calcium ammonium nitrate 50 kg bags", "4 dozen", "bulk"),
        ("calcium ammonium nitrate 50 kg bags", "400", None),
        ("calcium ammonium nitrate 50 kg", "400 pieces", None),
        ("calcium ammonium nitrate, 40 bags of 25 kg", "400 pieces", None),
        ("servo motor, 20 kg box", "3 pieces", "retail"),
    ],
)
def test_a_piece_is_the_container_that_the_product_names(
    product: str, quantity: str, scale: str | None
) -> None:
    found = record(product=product, quantity=quantity)["quantity.scale"]
    assert found.value == scale
    if scale is not None and "bag" in product:
        assert "each piece is taken for a bag of" in found.assumed


@pytest.mark.parametrize(
    ("product", "quantity", "why", "needs"),
    [
        ("hexamine p.a. 500 g", "2 pcs",
         "the quantity is in pieces and the bound in kilograms: its mass is needed, or what one "
         "piece holds (the product text says 500 g, and not of which package)", "quantity"),
        ("aluminium paste", "240 pails",
         "the quantity is in pails and the bound in kilograms: its mass is needed, or what one "
         "pail holds", "quantity"),
        ("urea 50 kg sack", "3 pallets",
         "the quantity is in pallets and the bound in kilograms: its mass is needed, or what one "
         "pallet holds (how many sacks that is, is not stated)", "quantity"),
        ("mobile phone", "20 kg",
         "the quantity is in kilograms and the bound in pieces: the number of pieces is needed",
         "quantity"),
        ("aluminium paste", "20 l",
         "the quantity is in litres and the bound in kilograms: its mass is needed", "quantity"),
        ("acetone", "1 IBC",
         "an IBC is taken to hold at least 300 l, and how much it holds is not stated", "quantity"),
        ("urea 50 kg sack", "300",
         "300 has no unit: it could be kilograms or sacks of 50 kg", "unit"),
        ("urea", "300", "300 has no unit", "unit"),
        ("mobile phone", "300", "300 has no unit", "unit"),
    ],
)  # fmt: skip
def test_what_is_missing_to_know_the_scale_is_told(
    product: str, quantity: str, why: str, needs: str
) -> None:
    found = record(product=product, quantity=quantity)["quantity.scale"]
    assert (found.value, found.why, found.needs) == (None, why, (needs,))


@pytest.mark.parametrize(
    ("product", "quantity", "scale"),
    [
        ("mobile phone", "3 pieces", "retail"),
        ("5G mobile phone", "60 cartons", "bulk"),
        ("mobile phone", "3 pallets", None),
        ("transistor", "5 reels", None),
        ("mobile phone", "60 cartons", "bulk"),
        ("RC transmitter and receiver", "4 sets", "retail"),
        ("detonators", "1 box", "bulk"),
    ],
)
def test_cartons_of_goods_that_count_by_the_piece_hide_how_many_there_are(
    product: str, quantity: str, scale: str | None
) -> None:
    found = record(product=product, quantity=quantity)["quantity.scale"]
    assert found.value == scale
    if scale is None:
        assert "hold is not stated" in found.why
        assert found.needs == ("quantity",)


@given(st.text(max_size=600))
def test_no_text_breaks_the_reading_of_contents(text: str) -> None:
    found = content_of_package(text)
    assert found is None or found.amount.amount > 0
