"""The pack on orders that differ from the stories in firms, goods, units, spelling and trade: what
is of the same class is found, what is honest stays at or below medium."""

from __future__ import annotations

import datetime
from functools import cache

import pytest

from redflags import Assessment, Screener, Transaction
from redflags.scoring import is_at_least

Order = dict[str, str]

START = datetime.date(2023, 3, 6)


@cache
def screener() -> Screener:
    return Screener()


def last_of(rows: list[Order], days: int = 9) -> Assessment:
    """The assessment of the last order, with the others as history, some days between them."""
    orders = [
        Transaction.model_validate(
            {
                "order_id": f"V-{number}",
                "date": (START + datetime.timedelta(days=days * number)).isoformat(),
                "seller_country": "DE",
                "end_user_name": "",
                **row,
            }
        )
        for number, row in enumerate(rows)
    ]
    return screener().check(orders[-1], history=orders[:-1])


def rules_of(assessment: Assessment) -> set[str]:
    return {
        flag.rule.removeprefix("networks/")
        for flag in assessment.flags
        if flag.rule.startswith("networks/")
    }


def buyer(business: str, product: str, quantity: str, **more: str) -> Order:
    return {
        "buyer_name": "Vexilon Works",
        "buyer_country": "TR",
        "buyer_business": business,
        "product": product,
        "quantity": quantity,
        **more,
    }


IN_PARTS = (
    ("car rental", "aluminium powder", "15 kg", 4),
    ("mobile phone shop", "ammonium nitrate 34.5 % N", "0.7 t", 3),
    ("textile shop", "urea", "1500 kg", 4),
    ("textile shop", "nitric acid 65 %", "90 kg", 4),
    ("textile shop", "sulphuric acid 96 %", "4 canisters of 60 l", 3),
    ("car parts dealer", "sorbitol powder, 25 kg bags", "16 bags", 3),
    ("Textilhandel", "Salpetersäure 65 %", "90 l", 3),
    ("jeweller", "hydrogen peroxide 35 %", "110 kg", 3),
    ("restaurant", "hexamine tablets", "45 kg", 3),
    ("car rental", "video transmitter 5.8 GHz", "20 pcs", 3),
    ("car rental", "potassium nitrate", "200 lb", 4),
    ("oto yedek parça", "alüminyum pasta", "0,04 t", 3),
)


@pytest.mark.parametrize(("business", "product", "quantity", "count"), IN_PARTS)
def test_a_quantity_in_parts_is_found_in_any_goods_and_units(
    business: str, product: str, quantity: str, count: int
) -> None:
    found = last_of([buyer(business, product, quantity)] * count)
    assert any(rule.endswith("-in-parts") for rule in rules_of(found)), rules_of(found)
    assert is_at_least(found.band, "high")


@pytest.mark.parametrize(("business", "product", "quantity", "count"), IN_PARTS)
def test_the_same_parts_half_a_year_apart_are_no_whole(
    business: str, product: str, quantity: str, count: int
) -> None:
    found = last_of([buyer(business, product, quantity)] * count, days=180)
    assert not any(rule.endswith("-in-parts") for rule in rules_of(found))


@pytest.mark.parametrize(
    ("business", "product", "quantity"),
    [
        ("confectionery manufacturer", "sorbitol", "400 kg"),
        ("food ingredients wholesaler", "sorbitol", "400 kg"),
        ("chemical distributor", "sulphuric acid 96 %", "240 l"),
        ("fertiliser dealer", "ammonium nitrate 27 %", "900 kg"),
        ("farm cooperative", "urea", "3 t"),
        ("paint manufacturer", "aluminium paste", "80 kg"),
        ("agricultural supplies dealer", "potassium nitrate", "100 kg"),
        ("model and hobby shop", "servo motor", "40 pcs"),
        ("university", "acetone", "60 l"),
    ],
)
def test_trades_that_use_or_deal_in_the_goods_order_every_week(
    business: str, product: str, quantity: str
) -> None:
    found = last_of([buyer(business, product, quantity)] * 20, days=7)
    assert rules_of(found) == set()


@pytest.mark.parametrize(
    "business",
    ["general trading company", "hardware store", "building materials wholesaler", ""],
)
def test_a_trade_that_is_unusual_unknown_or_general_stays_at_medium(business: str) -> None:
    found = last_of([buyer(business, "aluminium paste", "40 kg")] * 12, days=7)
    assert "pigment-paste-or-hexamine-in-parts" in rules_of(found)
    assert found.band == "medium"


LINKS = (
    ({"buyer_phone": "+90 414 555 12 12"}, {"buyer_phone": "0090 (414) 555-1212"}),
    ({"buyer_email": "pazar@vexilon.example"}, {"buyer_email": "Pazar@Vexilon.example "}),
    ({"buyer_email": "vexilon@gmail.com"}, {"buyer_email": "vexilon@gmail.com"}),
    ({"buyer_website": "https://vexilon.example/"}, {"buyer_website": "www.vexilon.example"}),
    ({"buyer_directors": "Ada Ornek; Can Misal"}, {"buyer_directors": "CAN MİSAL"}),
    ({"buyer_address": "Ova Mah. 3. Sok. No:4", "buyer_city": "Kilis"},
     {"buyer_address": "Ova Mahallesi 3. Sokak No 4", "buyer_city": "KİLİS"}),
    ({"payer_name": "Zan Tur"}, {"payer_name": "ZAN TUR LTD. ŞTİ."}),
)  # fmt: skip


@pytest.mark.parametrize(("first", "second"), LINKS, ids=[next(iter(one)) for one, _ in LINKS])
def test_linked_buyers_count_together_however_the_link_is_written(
    first: Order, second: Order
) -> None:
    one = buyer("car rental", "aluminium paste", "60 kg", payer_country="TR") | first
    other = buyer("textile shop", "aluminium paste", "60 kg", payer_country="TR") | second
    other["buyer_name"] = "Another Firm"
    found = last_of([one, other])
    assert "pigment-paste-or-hexamine-in-parts" in rules_of(found)
    assert is_at_least(found.band, "high")
    unlinked = {name: text for name, text in other.items() if name not in second}
    assert "pigment-paste-or-hexamine-in-parts" not in rules_of(last_of([one, unlinked]))


@pytest.mark.parametrize("word", ["refused", "abgelehnt", "reddedildi", "declined"])
@pytest.mark.parametrize(
    ("business", "product", "quantity"),
    [
        ("electronics retailer", "UAV autopilot", "3 pcs"),
        ("textile shop", "nitric acid 65 %", "60 l"),
        ("car rental", "thermal imaging camera", "4 pcs"),
    ],
)
def test_a_refused_order_is_known_again_under_another_name(
    word: str, business: str, product: str, quantity: str
) -> None:
    first = buyer(business, product, quantity, buyer_phone="+971 4 555 0177", outcome=word)
    again = buyer("trading company", product, quantity, buyer_phone="+97145550177", outcome="")
    again["buyer_name"] = "Lendrake Technologies"
    found = last_of([first, again], days=60)
    assert "refused-order-returns-through-linked-buyer" in rules_of(found)
    assert is_at_least(found.band, "high")
    assert rules_of(last_of([first, again], days=400)) == set()


def sent(name: str, country: str, product: str, quantity: str, **consignee: str) -> Order:
    return {
        "buyer_name": name,
        "buyer_country": country,
        "buyer_business": "model and hobby shop",
        "product": product,
        "quantity": quantity,
        "consignee_name": "Marzen Center",
        "consignee_country": "IQ",
        "consignee_business": "",
        **consignee,
    }


KITS = (
    (("servo motor", "8 pcs"), ("rc receiver", "2 pcs"), ("GNSS receiver module", "3 pcs"),
     ("carbon fibre tube", "4 kg")),
    (("video transmitter", "2 pcs"), ("model aircraft piston engine 50 cc", "2 pcs"),
     ("UAV autopilot", "2 pcs"), ("servo motor", "12 pcs")),
    (("pan-tilt motion control unit", "1 pc"), ("thermal imaging camera core", "1 pc"),
     ("video transmitter", "2 pcs"), ("servo motor", "4 pcs")),
)  # fmt: skip


@pytest.mark.parametrize("business", ["mobile phone shop", "textile shop", "car rental"])
@pytest.mark.parametrize("kit", KITS, ids=["steering", "flying", "watching"])
def test_a_kit_for_one_consignee_is_found_whatever_it_is_for(
    kit: tuple[tuple[str, str], ...], business: str
) -> None:
    firms = (("Talvero", "GR"), ("Sundrel", "TR"), ("Ikvona", "TR"), ("Corbeth", "GB"))
    rows = [
        sent(name, country, product, quantity, consignee_business=business)
        for (name, country), (product, quantity) in zip(firms, kit, strict=True)
    ]
    found = last_of(rows, days=30)
    assert "kit-for-one-consignee" in rules_of(found)
    assert is_at_least(found.band, "high")


@pytest.mark.parametrize("business", ["university", "drone manufacturer", "aircraft manufacturer"])
@pytest.mark.parametrize("kit", KITS[:2], ids=["steering", "flying"])
def test_a_kit_for_those_who_build_with_it_is_none(
    kit: tuple[tuple[str, str], ...], business: str
) -> None:
    rows = [
        sent(f"Dealer {place}", "GB", product, quantity, consignee_business=business)
        for place, (product, quantity) in enumerate(kit)
    ]
    found = last_of(rows, days=30)
    assert "kit-for-one-consignee" not in rules_of(found)
    assert is_at_least("medium", found.band)


@pytest.mark.parametrize("relation", ["same group", "parent company", "Konzern"])
def test_a_payer_of_the_same_group_explains_the_orders_of_several_buyers(relation: str) -> None:
    rows = [
        buyer(
            "paint manufacturer", "aluminium paste", "2 t",
            payer_name="Halvorn Holding", payer_country="TR", payer_relation=relation,
        )
        | {"buyer_name": name}
        for name in ("Halvorn Coatings", "Halvorn Inks", "Halvorn Plastics")
    ]  # fmt: skip
    assert is_at_least("medium", last_of(rows).band)


def test_a_farm_cooperative_pays_for_its_members_in_season() -> None:
    rows = [
        buyer(
            "farm", "urea", "20 t", payer_name="Ova Kooperatifi", payer_country="TR",
            payer_business="farm cooperative",
        )
        | {"buyer_name": f"Farm of {name}"}
        for name in ("Ali", "Berk", "Cem", "Deniz", "Efe")
    ]  # fmt: skip
    assert is_at_least("medium", last_of(rows, days=1).band)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("aluminium paste", "60 kg"), ("UAV autopilot", "3 pcs")),
        (("thermal imaging camera core", "2 pcs"), ("potassium nitrate", "60 kg")),
        (("servo motor", "30 pcs"), ("nitric acid 65 %", "20 l")),
    ],
)
def test_two_kinds_of_goods_that_hardly_a_trade_joins_are_seen_together(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    one = buyer("car rental", *first, buyer_phone="+90 414 555 12 12")
    other = buyer("textile shop", *second, buyer_phone="0414 555 12 12")
    other["buyer_name"] = "Another Firm"
    found = last_of([one, other], days=120)
    assert {"precursors-where-flight-parts-went", "flight-parts-where-precursors-went"} & rules_of(
        found
    )
    assert is_at_least(found.band, "high")


def test_a_file_without_the_columns_leaves_the_rules_open_and_flags_nothing() -> None:
    rows = [{"buyer_name": "Vexilon", "product": "sorbitol", "quantity": "400 kg"}] * 5
    assert rules_of(last_of(rows)) == set()
