"""Facts worth asking for: what they could add or take away, in thousandths of a bit."""

from __future__ import annotations

import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from redflags import Screener
from redflags.model.record import record_of_texts
from redflags.model.results import WorthAsking
from redflags.rulebook import parse_rules
from redflags.weights import BAND_NAMES, BITS
from tests.strategies import LEAVES, TEXTS, book_of, orders

DAY = datetime.date(2026, 1, 31)

RULES = """
rules:
  - id: shop
    title: A shop
    severity: high
    fact: trade
    why: It is a shop.
    source: judgement
    when: {buyer.business: mobile-phone-shop}
    lowers:
      - {when: {licence.status: held}, by: medium, because: There is a licence.}
      - {when: {end_use_statement.status: verified}, by: low, because: It was checked.}
  - id: place
    title: A place
    severity: medium
    fact: place
    why: It is a place.
    source: judgement
    when: {consignee.country: SY}
  - id: payer
    title: A payer
    severity: low
    fact: payer
    why: It is a payer.
    source: judgement
    when: {payer.country: TR, payment.method: cash}
  - id: stop
    title: A stop
    kind: stop
    why: It is prohibited.
    source: judgement
    when: {end_user.country: SY}
"""


def asked(texts: dict[str, str], rules: str = RULES) -> dict[tuple[str, ...], WorthAsking]:
    screener = Screener(parse_rules(rules), as_of=DAY)
    found = screener.explain_records([record_of_texts(texts.items())], "O").worth_asking
    return {one.fields: one for one in found}


def test_each_missing_fact_with_what_it_could_add_or_take_away() -> None:
    found = asked(
        {
            "buyer.business": "mobile phone shop",
            "licence.status": "",
            "end_use_statement.status": "verified",
            "consignee.country": "",
            "payer.country": "TR",
            "end_user.country": "DE",
        }
    )
    assert {fields: (one.could_add, one.could_remove) for fields, one in found.items()} == {
        ("consignee.country",): (BITS["medium"], 0),
        ("licence.status",): (0, BITS["medium"]),
        ("payment.method",): (BITS["low"], 0),
    }
    assert found["payment.method",].not_in_input == ("payment.method",)
    assert found["consignee.country",].not_in_input == ()
    assert found["consignee.country",].highest == "high"
    assert found["licence.status",].lowest == "medium"


def test_the_most_stands_first_and_a_stop_before_it() -> None:
    found = asked({"buyer.business": "mobile phone shop", "licence.status": ""})
    assert next(iter(found)) == ("end_user.country",)
    assert found["end_user.country",].could_stop
    assert found["end_user.country",].highest == "critical"
    assert list(found)[1:3] == [("consignee.country",), ("licence.status",)]


def test_facts_that_settle_something_only_together_stand_together() -> None:
    found = asked({"consignee.country": "DE", "end_user.country": "DE"})
    assert ("payer.country", "payment.method") in found
    assert ("payer.country",) not in found


def test_nothing_is_asked_where_all_is_known() -> None:
    assert (
        asked(
            {
                "buyer.business": "bakery",
                "consignee.country": "DE",
                "payer.country": "DE",
                "payment.method": "bank transfer",
                "end_user.country": "DE",
                "licence.status": "held",
            }
        )
        == {}
    )


@settings(deadline=None, max_examples=150)
@given(
    order=orders(),
    whens=st.lists(st.sampled_from(LEAVES), min_size=1, max_size=4),
    data=st.data(),
)
def test_filling_one_missing_field_never_adds_more_than_was_said(
    order: dict[str, str], whens: list[tuple[str, object]], data: st.DataObject
) -> None:
    """Of rules on stated fields: a value filled in can only settle what its absence left open."""
    stated = [(path, test) for path, test in whens if path in TEXTS]
    screener = Screener(book_of(*({path: test} for path, test in stated or [LEAVES[-1]])))
    before = screener.explain_records([record_of_texts(order.items())], "O")
    for one in before.worth_asking:
        path = one.fields[0]
        if len(one.fields) > 1 or path not in TEXTS:
            continue
        text = data.draw(st.sampled_from(TEXTS[path]))
        after = screener.explain_records([record_of_texts((order | {path: text}).items())], "O")
        rules = {flag.rule for flag in before.assessment.flags}
        # A field can be read by other rules that were false; what it settles is bounded.
        if {flag.rule for flag in after.assessment.flags} - rules <= {
            left.rule for left in before.assessment.incomplete if set(left.needs) <= {path}
        }:
            assert after.assessment.bits <= before.assessment.bits + one.could_add
        assert BAND_NAMES.index(one.lowest) <= BAND_NAMES.index(one.highest)


MANY = """
rules:
  - id: many
    title: Many things
    severity: critical
    fact: trade
    why: They are many.
    source: judgement
    when:
      buyer.country: TR
      buyer.city: {mentions: adana}
      consignee.country: TR
      consignee.city: {mentions: adana}
      payer.country: TR
      payment.method: cash
"""
ONE_MORE = """
  - id: one
    title: One thing
    severity: low
    fact: place
    why: It is one.
    source: judgement
    when: {end_user.country: SY}
"""


def test_many_facts_that_settle_one_rule_are_asked_for_only_where_fewer_settle_nothing() -> None:
    alone = asked({"product": "aluminium paste"}, MANY)
    assert [len(fields) for fields in alone] == [6]
    both = asked({"product": "aluminium paste"}, MANY + ONE_MORE)
    assert list(both) == [("end_user.country",)]
