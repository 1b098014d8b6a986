"""The packs on goods: each stands alone, and speaks of what the law and the lists name."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path
from typing import Literal

import pytest

from redflags import Assessment, Screener, Transaction, load_rules, reference
from redflags.rulebook import shipped_rules

PACKS = ("car-2020", "explosives-precursors", "high-priority-items", "unmanned-aircraft")
PRIVATE = {
    "date": "2024-06-12",
    "seller_country": "DE",
    "buyer_country": "DE",
    "buyer_business": "private individual",
    "quantity": "20 kg",
    "licence": "",
}
CHIPS = {
    "seller_country": "US",
    "buyer_country": "AE",
    "buyer_business": "trading company",
    "product": "integrated circuits",
    "hs_code": "854239",
    "end_user_name": "",
}


@cache
def screener() -> Screener:
    return Screener()


def check(order: dict[str, str]) -> Assessment:
    return screener().check(Transaction.model_validate(order))


def rules_of(order: dict[str, str]) -> set[str]:
    return {flag.rule for flag in check(order).flags}


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_stands_alone(pack: str) -> None:
    book = load_rules([shipped_rules() / pack], shipped=False)
    assert [one.id for one in book.packs] == [pack]
    assert book.rules


@pytest.mark.parametrize(
    "row", reference.list_table("eu_2019_1148_annex1"), ids=lambda row: row["substance"]
)
def test_every_restricted_substance_is_stopped_above_its_limit_and_not_at_it(
    row: dict[str, str],
) -> None:
    limit, basis = row["limit_value_number"], " N" if row["limit_basis"] == "nitrogen w/w" else ""
    order = PRIVATE | {"cas": row["cas"], "product": row["substance"]}
    above = check(order | {"concentration": f"{int(limit) + 1} %{basis}"})
    at_it = check(order | {"concentration": f"{limit} %{basis}"})
    assert above.stop
    assert not at_it.stop
    assert "explosives-precursors/private-buyer-above-limit" not in {
        flag.rule for flag in at_it.flags
    }


@pytest.mark.parametrize("business", ["chemical manufacturer", "university", "metal plating"])
def test_a_professional_buyer_is_not_stopped(business: str) -> None:
    order = PRIVATE | {"product": "nitric acid", "concentration": "65 %"}
    assert check(order).stop
    assert not check(order | {"buyer_business": business}).stop


def test_the_law_counts_from_its_own_day_and_in_its_own_countries() -> None:
    order = PRIVATE | {"product": "nitric acid", "concentration": "65 %"}
    assert not check(order | {"date": "2019-06-12"}).stop
    assert not check(order | {"buyer_country": "CH"}).stop
    acid = PRIVATE | {"product": "hydrochloric acid", "concentration": "33 %"}
    assert not check(acid).stop
    assert check(acid | {"buyer_country": "GB"}).stop
    assert not check(acid | {"buyer_country": "GB", "date": "2023-06-12"}).stop


@pytest.mark.parametrize(
    "row", reference.list_table("eu_2019_1148_annex2"), ids=lambda row: row["substance"]
)
def test_every_reportable_substance_is_known_by_its_number_and_by_its_name(
    row: dict[str, str],
) -> None:
    for goods in ({"cas": row["cas"]}, {"product": row["substance"]}):
        order = goods | {"buyer_business": "money exchange", "quantity": "30 t"}
        assert "car-2020/precursor-bulk-for-unfitting-trade" in rules_of(order), goods


@pytest.mark.parametrize("row", reference.list_table("chpl_hs"), ids=lambda row: row["hs6"])
def test_every_heading_of_the_high_priority_list_counts_from_its_day(row: dict[str, str]) -> None:
    order = CHIPS | {"product": "goods as per list", "hs_code": row["hs6"] + "00"}
    rule = "high-priority-items/high-priority-goods-transshipment-point"
    assert rule in rules_of(order | {"date": "2024-06-12"})
    before = datetime.date.fromisoformat(row["from"]) - datetime.timedelta(days=1)
    assert rule not in rules_of(order | {"date": before.isoformat()})


def test_the_tiers_of_the_list_are_told_apart() -> None:
    rule = "high-priority-items/top-tier-goods-trader-transshipment-point"
    order = CHIPS | {"date": "2024-06-12"}
    assert rule in rules_of(order)
    assert rule not in rules_of(order | {"product": "ball bearings", "hs_code": "848210"})


@pytest.mark.parametrize(
    "change",
    [
        {"buyer_country": "US"},
        {"buyer_country": "FR"},
        {"date": "2015-06-12"},
        {"product": "office chairs", "hs_code": "940130"},
        {"buyer_business": "electronics manufacturer"},
    ],
)
def test_no_single_circumstance_of_the_chips_order_counts_alone(change: dict[str, str]) -> None:
    found = rules_of(CHIPS | {"date": "2024-06-12"} | change)
    assert not {name for name in found if name.startswith("high-priority-items/")}


def test_a_refused_licence_stops_goods_that_leave_the_country() -> None:
    order = {"seller_country": "DE", "buyer_country": "IN", "product": "valves"}
    assert check(order | {"licence": "refused"}).stop
    assert not check(order | {"licence": "refused", "buyer_country": "DE"}).stop
    assert not check(order | {"licence": "held"}).stop


PHONE_SHOP = "car-2020/phone-retailer-bulk-aluminium"


@pytest.mark.parametrize(
    ("business", "product", "quantity", "rule", "amount"),
    [
        ("mobile phone shop", "Aluminium paste 25 kg pail", "240 pails", PHONE_SHOP, "6 t"),
        ("mobile phone shop", "Aluminium paste 25 kg pail", "240 cans", PHONE_SHOP, "6 t"),
        ("mobile phone shop", "Aluminium paste 25 kg pail", "240 pcs", PHONE_SHOP, "6 t"),
        ("mobile phone shop", "Aluminiumpaste Eimer 25 kg", "4 Stk", PHONE_SHOP, "100 kg"),
        ("mobile phone shop", "Aluminium paste", "1 big bag", PHONE_SHOP, "at least 250 kg"),
        ("private individual", "UAV autopilot", "60 cartons",
         "unmanned-aircraft/more-than-hobby-number", "60 cartons"),
        ("farm", "urea 50 kg sack", "5000 pcs",
         "explosives-precursors/more-than-the-trade-uses", "250 t"),
    ],
)  # fmt: skip
def test_a_bound_of_a_rule_sees_what_packages_hold(
    business: str, product: str, quantity: str, rule: str, amount: str
) -> None:
    order = {"buyer_business": business, "product": product, "quantity": quantity}
    flag = next(flag for flag in check(order).flags if flag.rule == rule)
    told = next(one for one in flag.conditions if one.field == "quantity")
    assert amount in f"{told.sentence} {told.how}"
    if "pail" in product or "Eimer" in product:
        assert "as the product text says" in told.assumed
        assert told.assumed in flag.sentence


@pytest.mark.parametrize(
    ("business", "product", "quantity", "rule"),
    [
        ("mobile phone shop", "Aluminiumpaste Eimer 25 kg", "3 Stk", PHONE_SHOP),
        ("mobile phone shop", "Aluminium paste 500 g tin", "3 tins", PHONE_SHOP),
        ("private individual", "video transmitter, 25 kg box", "1 pc",
         "unmanned-aircraft/more-than-hobby-number"),
    ],
)  # fmt: skip
def test_a_bound_that_packages_do_not_reach_is_not_reached(
    business: str, product: str, quantity: str, rule: str
) -> None:
    found = check({"buyer_business": business, "product": product, "quantity": quantity})
    assert rule not in {flag.rule for flag in found.flags}
    assert rule not in {one.rule for one in found.incomplete}


@pytest.mark.parametrize(
    ("business", "product", "quantity", "rule", "needs", "because"),
    [
        ("mobile phone shop", "Aluminium paste", "240 pails", PHONE_SHOP, "quantity",
         "the quantity is in pails and the bound in kilograms: its mass is needed, or what one "
         "pail holds"),
        ("mobile phone shop", "Aluminium paste 25 kg", "240 pcs", PHONE_SHOP, "quantity",
         "or what one piece holds (the product text says 25 kg, and not of which package)"),
        ("mobile phone shop", "Aluminium paste 25 kg pail", "240", PHONE_SHOP, "unit",
         "240 has no unit: it could be kilograms or pails of 25 kg"),
        ("private individual", "UAV autopilot", "1 carton",
         "unmanned-aircraft/more-than-hobby-number", "quantity",
         "how many pieces 1 carton holds is not stated"),
        ("Knopffabrik", "Wasserstoffperoxid 50 %", "22000 kg",
         "explosives-precursors/more-than-the-trade-uses", "buyer.business",
         "the buyer's business: no known trade is recognised in “Knopffabrik”"),
    ],
)  # fmt: skip
def test_what_leaves_a_bound_open_is_what_is_missing(
    business: str, product: str, quantity: str, rule: str, needs: str, because: str
) -> None:
    found = check({"buyer_business": business, "product": product, "quantity": quantity})
    one = next((one for one in found.incomplete if one.rule == rule), None)
    assert one is not None, [(one.rule, one.needs) for one in found.incomplete]
    assert needs in one.needs
    assert because in one.because[one.needs.index(needs)]
    if needs != "quantity":
        assert "quantity" not in one.needs
    assert not any("the two cannot be compared" in reason for reason in one.because)


@pytest.mark.parametrize("engine", ["judge", "columnar"])
def test_packages_are_the_same_in_a_file(
    engine: Literal["judge", "columnar"], tmp_path: Path
) -> None:
    lines = [
        ("mobile phone shop", "Aluminium paste 25 kg pail", "240", "pails"),
        ("mobile phone shop", "Aluminium paste 25 kg pail", "3", "pails"),
        ("mobile phone shop", "Aluminium paste 25 kg pail", "240", ""),
        ("mobile phone shop", "Aluminium paste 25 kg", "240", "pcs"),
        ("mobile phone shop", "Aluminium paste", "1", "IBC"),
        ("restaurant", "Ammonium nitrate 50 kg sack", "300", "sacks"),
        ("restaurant", "Ammonium nitrate 50 kg sack", "300", "Units"),
        ("restaurant", "Ammonium nitrate 50 kg sack", "300", "pallets"),
        ("private individual", "UAV autopilot", "3", "cartons"),
        ("Knopffabrik", "Wasserstoffperoxid 50 %", "22000", "kg"),
    ]
    path = tmp_path / "orders.csv"
    header = "order_id,buyer_business,product,quantity,unit"
    rows = [f"{number},{','.join(line)}" for number, line in enumerate(lines)]
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    found = {
        one.order_id: one for one in Screener(engine=engine).check_files([str(path)]).assessments
    }
    assert len(found) == len(lines)
    for number, (business, product, quantity, unit) in enumerate(lines):
        order = {"buyer_business": business, "product": product, "quantity": quantity, "unit": unit}
        one, alone = found[str(number)], check(order)
        assert [flag.sentence for flag in one.flags] == [flag.sentence for flag in alone.flags]
        own = {(gap.rule, gap.needs, gap.because) for gap in one.incomplete}
        assert own == {(gap.rule, gap.needs, gap.because) for gap in alone.incomplete}
