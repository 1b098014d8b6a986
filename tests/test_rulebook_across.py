"""Rules across orders: how they are read, written in the canonical form, and told in words."""

from __future__ import annotations

import io
from fractions import Fraction

import pytest

from redflags.cli.rule_text import write_rule
from redflags.rulebook import parse_rules
from redflags.rulebook.across import MEASURES
from redflags.rulebook.across_words import having_in_words, when_parts, window_in_words
from redflags.rulebook.schema import LINKS
from redflags.rulebook.tree import Across, Rule, Same
from redflags.values.quantity import Quantity

HEAD = """rules:
  - id: a-rule
    title: A rule
    severity: high
    fact: network
"""


def rule_of(body: str) -> Rule:
    return parse_rules(HEAD + body).rules[0]


def across_of(same: str, within: str | None, having: str) -> Across:
    body = f"    across:\n      same: {same}\n      having: {having}\n"
    body += f"      within: {within}\n" if within is not None else ""
    found = rule_of(body).across
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("[consignee]", (Same("party", "consignee"),)),
        ("consignee", (Same("party", "consignee"),)),
        (
            "[buyer, consignee.country]",
            (Same("party", "buyer"), Same("field", "consignee.country")),
        ),
        ("[product.family]", (Same("field", "product.family"),)),
        ("{linked: [address, phone]}", (Same("linked", "buyer", ("address", "phone")),)),
        ("[{linked: phone}]", (Same("linked", "buyer", ("phone",)),)),
        (
            "[{linked: [phone, phone]}, consignee]",
            (Same("linked", "buyer", ("phone",)), Same("party", "consignee")),
        ),
        (
            "[buyer, {linked: [phone]}]",
            (Same("party", "buyer"), Same("linked", "buyer", ("phone",))),
        ),
    ],
)
def test_same_takes_parties_fields_and_links(written: str, same: tuple[Same, ...]) -> None:
    assert across_of(written, "90 days", "{count: {at_least: 2}}").same == same


@pytest.mark.parametrize(
    ("written", "days"),
    [("90 days", 90), ("1 day", 1), ("12 weeks", 84), ("six weeks", 42), ("3660 days", 3660),
     ("30 Tage", 30)],
)  # fmt: skip
def test_a_window_reaches_back_whole_days(written: str, days: int) -> None:
    assert across_of("[buyer]", written, "{count: {at_least: 2}}").within == days


def test_the_lines_of_one_order_are_a_window_without_within() -> None:
    across = across_of("[order_id, product.family]", None, "{sum(quantity): {at_least: 1 t}}")
    assert across.within is None


def test_what_is_asked_of_a_window_is_typed() -> None:
    across = across_of(
        "[buyer]",
        "90 days",
        "{count: {at_least: 2, at_most: 9}, sum(quantity): {at_least: 1 t}, "
        "max(value): {less_than: 5 EUR}, distinct(consignee): {between: [2, 4]}, "
        "baseline( quantity ): {more_than: 2.5}, first: no}",
    )
    asked = [(one.measure, one.field, one.operator, one.operand) for one in across.having]
    assert asked[:2] == [("count", "", "at_least", 2), ("count", "", "at_most", 9)]
    assert asked[2][:3] == ("sum", "quantity", "at_least")
    assert isinstance(asked[2][3], Quantity)
    assert asked[2][3].amount == 10**12
    assert asked[3][3].currency == "EUR"
    assert asked[4] == ("distinct", "consignee", "between", (2, 4))
    assert asked[5] == ("baseline", "quantity", "more_than", Fraction(5, 2))
    assert asked[6] == ("first", "", "", False)


def test_some_takes_one_block_or_several() -> None:
    one = across_of("[buyer]", "9 days", "{some: {product.family: urea}}").having
    two = across_of(
        "[buyer]", "9 days", "{some: [{product.family: urea}, {product.family: sorbitol}]}"
    ).having
    assert [having.measure for having in (*one, *two)] == ["some"] * 3
    assert all(having.block is not None for having in (*one, *two))


WHERE = """    across:
      same: [buyer]
      within: 90 days
      where: {product.family: urea}
      having: {count: {at_least: 2}}
"""


def test_when_holds_what_one_line_alone_can_say() -> None:
    rule = rule_of("    when: {buyer.country: TR}\n" + WHERE)
    assert [part.field for part in rule.when.parts] == ["buyer.country", "product.family"]  # type: ignore[union-attr]
    assert [part.field for part in when_parts(rule)] == ["buyer.country"]  # type: ignore[union-attr]
    assert rule.across is not None
    assert rule.across.where is not None
    assert rule.when.parts[1] is rule.across.where.parts[0]
    assert rule_of(WHERE).when.parts == rule.across.where.parts or rule_of(WHERE).when.parts
    assert not rule_of(WHERE.replace("      where: {product.family: urea}\n", "")).when.parts


def test_named_conditions_stand_in_a_window() -> None:
    text = "conditions:\n  many: {quantity: {at_least: 9 kg}}\n" + HEAD + WHERE
    rule = parse_rules(text.replace("{product.family: urea}", "{holds: many}")).rules[0]
    assert rule.across is not None
    assert rule.across.where is not None
    assert rule.across.where.parts[0].name == "rules/many"  # type: ignore[union-attr]


BASE = HEAD + WHERE


@pytest.mark.parametrize(
    "change",
    [
        ("90 days", "91 days"),
        ("[buyer]", "[consignee]"),
        ("[buyer]", "[{linked: [phone]}]"),
        ("urea", "sorbitol"),
        ("at_least: 2", "at_least: 3"),
        ("at_least: 2", "more_than: 2"),
        ("count", "distinct(buyer)"),
        ("{count: {at_least: 2}}", "{first: yes}"),
        ("{count: {at_least: 2}}", "{first: no}"),
        ("{count: {at_least: 2}}", "{some: {product.family: urea}}"),
        ("{count: {at_least: 2}}", "{baseline(quantity): {at_least: 2}}"),
        ("      where: {product.family: urea}\n", ""),
    ],
)
def test_the_hash_of_a_rule_book_holds_the_window(change: tuple[str, str]) -> None:
    assert change[0] in BASE
    assert parse_rules(BASE).sha256 != parse_rules(BASE.replace(*change)).sha256


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[buyer, consignee]", "[consignee, buyer]"),
        ("{linked: [phone, email]}", "[{linked: [email, phone]}]"),
    ],
)
def test_the_order_of_what_is_kept_together_says_nothing(one: str, other: str) -> None:
    first, second = (parse_rules(BASE.replace("[buyer]", same)) for same in (one, other))
    assert first.sha256 == second.sha256


@pytest.mark.parametrize(
    ("one", "other"),
    [("90 days", "ninety days"), ("84 days", "12 weeks"), ("1 t", "1000 kg"), ("2.5", "2.50")],
)
def test_the_hash_does_not_tell_how_a_window_is_written(one: str, other: str) -> None:
    having = "{sum(quantity): {at_least: 1 t}, baseline(quantity): {at_least: 2.5}}"
    text = BASE.replace("{count: {at_least: 2}}", having)
    if one not in text:
        text = text.replace("90 days", one)
    if other == "ninety days":
        other = "90 Days"
    assert parse_rules(text).sha256 == parse_rules(text.replace(one, other)).sha256


def test_an_example_has_the_transactions_beside_it() -> None:
    text = WHERE + (
        "    examples:\n      - name: two\n        given: {buyer_name: Delta Trading}\n"
        "        orders: [{buyer_name: Delta Trading, quantity: 5 kg}, {}]\n        expect: flag\n"
    )
    [example] = rule_of(text).examples
    assert example.orders == ({"buyer.name": "Delta Trading", "quantity": "5 kg"}, {})
    without = rule_of(text.replace(", {}]", "]"))
    assert parse_rules(HEAD + text).sha256 != parse_rules(HEAD + text.replace(", {}]", "]")).sha256
    assert without.examples[0].orders == example.orders[:1]


@pytest.mark.parametrize(
    ("same", "within", "told"),
    [
        ("[consignee]", "180 days",
         "transactions with the same consignee, in the 180 days that end with the order's"),
        ("[buyer, consignee.country]", "1 day",
         "transactions with the same buyer and the same consignee's country, in the day of the "
         "order"),
        ("{linked: [phone, email, payer]}", "9 days",
         "transactions with buyers linked by telephone number, e-mail address or payer, in the 9 "
         "days that end with the order's"),
        ("[order_id]", None, "the lines of one order"),
        ("[order_id, consignee]", None, "the lines of one order with the same consignee"),
    ],
)  # fmt: skip
def test_a_window_in_words(same: str, within: str | None, told: str) -> None:
    assert window_in_words(across_of(same, within, "{max(value): {at_least: 2 EUR}}")) == told


@pytest.mark.parametrize(
    ("having", "told"),
    [
        ("{count: {at_least: 1200}}", "number of orders at least 1,200"),
        ("{sum(quantity): {at_least: 1 t}}", "total of quantity at least 1 t"),
        ("{max(value): {more_than: 5 EUR}}", "largest value of a line more than 5.00 EUR"),
        ("{distinct(buyer): {between: [2, 3]}}", "number of different buyers between 2 and 3"),
        ("{distinct(product.family): {at_least: 2}}",
         "number of different product families at least 2"),
        ("{distinct(consignee.country): {at_least: 2}}",
         "number of different consignee's countries at least 2"),
        ("{baseline(value): {at_least: 2.50}}",
         "value of the order against the median of the earlier orders, at least 2.5 times"),
        ("{first: yes}", "no earlier order"),
        ("{first: no}", "an earlier order"),
        ("{some: {buyer.country: TR}}",
         "another transaction of the window for which all of these hold"),
    ],
)  # fmt: skip
def test_what_is_asked_of_a_window_in_words(having: str, told: str) -> None:
    assert having_in_words(across_of("[buyer]", "9 days", having).having[0]) == told


def test_a_rule_is_shown_with_its_window() -> None:
    stream = io.StringIO()
    write_rule(rule_of("    when: {buyer.country: TR}\n" + WHERE), stream)
    shown = stream.getvalue()
    assert "transactions with the same buyer, in the 90 days" in shown
    assert "- asked for: number of orders at least 2" in shown
    assert shown.count("product.family is urea") == 1
    assert shown.index("buyer.country is TR") < shown.index("product.family is urea")


def test_the_words_of_the_language_have_a_meaning() -> None:
    for word, measure in MEASURES.items():
        assert measure.word == word
        assert measure.meaning
        assert measure.written.startswith(word)
    assert set(LINKS) == {
        "address", "phone", "email", "website", "registration", "payer", "director",
    }  # fmt: skip
