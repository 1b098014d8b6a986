"""The packs on goods: each stands alone, and speaks of what the law and the lists name."""

from __future__ import annotations

import datetime
from functools import cache

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
