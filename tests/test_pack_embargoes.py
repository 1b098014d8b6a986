"""Embargoes: every stop of the goods, payer and bank, on the day of the order."""

from __future__ import annotations

import datetime
from functools import cache

import pytest

from redflags import Assessment, Screener, Transaction

DAY = "2024-05-02"
STOPS = ("end_user", "consignee", "intermediate_consignee")
COUNTRY_STOP = "routing-and-destination/goods-go-to-embargoed-country"
TERRITORY_STOP = "routing-and-destination/goods-go-to-embargoed-territory"
WEAPONS_STOP = "routing-and-destination/weapons-go-under-arms-embargo"


@cache
def screener(lists_as_of: datetime.date | None = None) -> Screener:
    return Screener(lists_as_of=lists_as_of)


def check(lists_as_of: datetime.date | None = None, **fields: str) -> Assessment:
    order = {
        "order_id": "E-1",
        "date": DAY,
        "seller_country": "DE",
        "buyer_name": "Example Pumps",
        "buyer_country": "TR",
        "buyer_business": "machinery dealer",
        "product": "diaphragm pumps",
        "hs_code": "841350",
        "quantity": "4 pcs",
        "end_user_name": "Example Waterworks",
    }
    return screener(lists_as_of).check(Transaction.model_validate(order | fields))


def flags(assessment: Assessment) -> set[str]:
    return {flag.rule for flag in assessment.flags}


def test_the_order_without_an_embargo_raises_nothing() -> None:
    assert check().band == "none"


@pytest.mark.parametrize("country", ["IR", "North Korea", "Cuba", "Сирия", "SYR"])
@pytest.mark.parametrize("stop", STOPS)
def test_any_stop_in_an_embargoed_country_is_a_stop(stop: str, country: str) -> None:
    assessment = check(**{f"{stop}_country": country})
    assert assessment.stop
    assert COUNTRY_STOP in flags(assessment)


def test_a_country_on_the_way_is_a_stop_of_the_goods() -> None:
    assert check(transit_countries="AE; IR").stop


def test_a_buyer_without_a_ship_to_receives_the_goods() -> None:
    assert check(buyer_country="IR").stop


def test_a_buyer_there_whose_goods_go_elsewhere_is_a_sign() -> None:
    assessment = check(buyer_country="IR", consignee_country="AE", consignee_name="Example Port")
    assert not assessment.stop
    assert assessment.band == "critical"


@pytest.mark.parametrize("field", ["payer_country", "payment_bank_country", "bank_country"])
def test_payer_and_bank_are_looked_at_by_themselves(field: str) -> None:
    assessment = check(**{field: "IR"})
    assert flags(assessment) == {"payment/paid-from-embargoed-country"}
    assert assessment.band == "critical"
    assert not assessment.stop


@pytest.mark.parametrize(
    ("country", "day", "stopped"),
    [
        ("SY", "2024-05-02", True),
        ("SY", "2025-06-30", True),
        ("SY", "2025-07-01", False),
        ("IR", "1995-05-06", False),
        ("IR", "1995-05-07", True),
    ],
)
def test_an_embargo_counts_on_the_day_of_the_order(country: str, day: str, stopped: bool) -> None:
    assert check(date=day, consignee_country=country).stop == stopped


def test_lists_as_of_another_day_decide_where_that_is_asked_for() -> None:
    later = datetime.date(2026, 1, 1)
    assert not check(later, consignee_country="SY").stop


@pytest.mark.parametrize(
    ("fields", "stopped"),
    [
        ({"consignee_country": "UA", "consignee_region": "UA-43"}, True),
        ({"consignee_country": "UA", "consignee_city": "Simferopol"}, True),
        ({"consignee_country": "Russia", "consignee_city": "Севастополь"}, True),
        ({"consignee_city": "Yalta"}, True),
        ({"consignee_country": "UA", "consignee_region": "UA-46"}, False),
        ({"consignee_country": "UA", "consignee_region": "UA-14"}, False),
        ({"consignee_country": "TR", "consignee_city": "Yalta"}, False),
    ],
)
def test_a_territory_is_known_by_its_region_or_town(fields: dict[str, str], stopped: bool) -> None:
    assessment = check(**fields)
    assert (TERRITORY_STOP in flags(assessment)) == stopped
    assert assessment.stop == stopped


def test_a_region_of_which_a_part_is_embargoed_is_a_sign() -> None:
    found = flags(check(consignee_country="UA", consignee_region="UA-14"))
    assert "routing-and-destination/destination-partly-under-embargo" in found


@pytest.mark.parametrize(
    ("fields", "stopped"),
    [
        ({"product": "anti-aircraft gun mount", "hs_code": ""}, True),
        ({"product": "spare parts", "hs_code": "9305.91"}, True),
        ({"product": "spare parts", "hs_code": "", "control_code": "ML4"}, True),
        ({"product": "office chairs", "hs_code": "940130", "control_code": "EAR99"}, False),
    ],
)
def test_an_arms_embargo_speaks_of_weapons_only(fields: dict[str, str], stopped: bool) -> None:
    assessment = check(consignee_country="LY", **fields)
    assert (WEAPONS_STOP in flags(assessment)) == stopped


def test_an_embargo_on_some_forces_is_a_sign_and_no_stop() -> None:
    assessment = check(consignee_country="LB", product="anti-aircraft gun mount", hs_code="")
    assert not assessment.stop
    assert assessment.band == "critical"


@pytest.mark.parametrize(
    ("country", "day", "rule"),
    [
        ("RU", "2024-05-02", "listed-goods-go-under-dual-use-ban"),
        ("BY", "2024-05-02", "listed-goods-go-under-dual-use-ban"),
        ("BY", "2019-05-02", ""),
    ],
)
def test_listed_goods_meet_a_dual_use_ban(country: str, day: str, rule: str) -> None:
    assessment = check(
        date=day, consignee_country=country, product="microcontrollers", hs_code="854231"
    )
    here = {name for name in flags(assessment) if name.startswith("routing-and-destination/")}
    assert any(name.endswith(rule) for name in here) if rule else not here


def test_without_a_date_an_embargo_with_dates_cannot_be_judged() -> None:
    assessment = check(date="", consignee_country="IR")
    assert not assessment.stop
    open_rule = next(one for one in assessment.incomplete if one.rule == COUNTRY_STOP)
    assert open_rule.needs == ("date",)
    assert open_rule.would_lift


def test_a_cuban_and_a_korean_namesake_are_told_apart() -> None:
    assert not check(consignee_country="South Korea").stop
    assert not check(consignee_country="Korea, Republic of").stop
    assert check(consignee_country="Korea, Democratic People's Republic of").stop
