"""``redflags case`` as a user runs it."""

from __future__ import annotations

import json

from tests.commands import redflags

HEADER = (
    "order_id,date,seller_country,buyer_name,buyer_country,buyer_city,buyer_business,product,"
    "quantity\n"
)
SHOP = "TR,Example Phones Ltd,TR,Adana,mobile phone shop,aluminium paste,6 t\n"
ORDERS = (
    HEADER
    + f"1,2015-07-01,{SHOP}2,2015-07-09,{SHOP}"
    + "3,2015-07-02,TR,Other Phones Ltd,TR,Izmir,mobile phone shop,aluminium paste,2 t\n"
    + "4,2015-07-02,DE,Example Paints GmbH,DE,Bonn,paint manufacturer,titanium dioxide,2 t\n"
)
FILES = {"orders.csv": ORDERS}


def test_check_lists_the_case_and_names_the_command_that_shows_it() -> None:
    told = redflags("check", "orders.csv", files=FILES).stdout
    assert "1 case: alerts whose parties are the same or linked" in told
    case = json.loads(redflags("check", "orders.csv", "-f", "json", files=FILES).stdout)["cases"][0]
    assert case["orders"] == ["1", "2"]
    assert f"redflags case orders.csv --case {case['case_id']}" in told
    shown = redflags("case", "orders.csv", "--case", case["case_id"], files=FILES)
    assert shown.code == 0
    assert shown.stdout == redflags("case", "orders.csv", "--order", "2", files=FILES).stdout
    assert f"Case {case['case_id']}" in shown.stdout


def test_orders_may_stand_in_several_files() -> None:
    files = {"a.csv": HEADER + f"1,2015-07-01,{SHOP}", "b.csv": HEADER + f"2,2015-07-09,{SHOP}"}
    assert redflags("case", "a.csv", "b.csv", "--order", "1", files=files).code == 0
    assert redflags("case", "a.csv", "--order", "1", files=files).code == 2


def test_an_order_of_no_case_is_told_to_be_so() -> None:
    for order, why in (("3", "no other alert"), ("4", "raises no flag"), ("9", "does not stand")):
        ran = redflags("case", "orders.csv", "--order", order, files=FILES)
        assert ran.code == 2
        assert ran.stdout == ""
        assert f"order '{order}' belongs to no case" in ran.stderr
        assert why in ran.stderr
        assert "redflags explain" in ran.stderr


def test_a_case_is_named_in_one_way() -> None:
    for names in ((), ("--order", "1", "--case", "abcd")):
        ran = redflags("case", "orders.csv", *names, files=FILES)
        assert ran.code == 2
        assert "name the case" in ran.stderr


def test_an_input_that_is_not_there_is_exit_code_3() -> None:
    assert redflags("case", "missing.csv", "--order", "1").code == 3


def test_a_case_reaches_into_the_history() -> None:
    rule = (
        "rules:\n  - id: several\n    title: Paste again\n    severity: medium\n    fact: network\n"
        "    across:\n      same: [buyer]\n      within: 30 days\n"
        "      where: {product.family: {in: [aluminium-paste]}}\n"
        "      having: {count: {at_least: 2}}\n"
    )
    files = {
        "old.csv": HEADER + f"1,2015-07-01,{SHOP}",
        "new.csv": HEADER + f"2,2015-07-09,{SHOP}",
        "own.yaml": rule,
    }
    options = ("--only-rules", "-r", "own.yaml", "--order", "2")
    assert redflags("case", "new.csv", *options, files=files).code == 2
    ran = redflags("case", "new.csv", "--history", "old.csv", *options, files=files)
    assert ran.code == 0
    assert "“Paste again” looks at 2 orders (1, 2) together" in ran.stdout
    assert "2015-07-01   order 1   no flag of its own" in ran.stdout
