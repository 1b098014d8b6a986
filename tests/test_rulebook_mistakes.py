# ruff: noqa: E501 (rows of a table read best on one line)
"""Mistakes in rule files: each is one finding with its code, its place and the nearest word."""

from __future__ import annotations

import pytest

from redflags.diagnostics import Diagnostic, render
from redflags.errors import RuleBookError
from redflags.rulebook import parse_rules
from redflags.rulebook.codes import CODES
from redflags.rulebook.overlay_codes import OVERLAY_CODES

RULE = """rules:
  - id: a-rule
    title: A rule
    severity: high
    fact: trade
    when:
"""
HEAD = "rules:\n  - id: a-rule\n    title: A rule\n"
SIGN = HEAD + "    severity: high\n    fact: trade\n"
WHEN = "    when: {buyer.country: TR}\n"
LISTS = "lists:\n  shops: {kind: business, source: judgement, entries: [mobile-phone-shop]}\n"
ACROSS = SIGN + "    across:\n      same: [consignee]\n      within: 90 days\n      having:\n"
ONE_ORDER = SIGN + "    across:\n      same: [order_id]\n      having:\n"
COUNT = "        count: {at_least: 3}\n"
CODES_LIST = (
    "lists:\n  chips: {kind: tariff-code, source: judgement, "
    "entries: [{value: 854231, tier: one}, {value: 854232, tier: two}]}\n"
)


def findings(text: str) -> list[Diagnostic]:
    with pytest.raises(RuleBookError) as caught:
        parse_rules(text)
    return list(caught.value.diagnostics)


# YAML text, code, line, column, a word that the message or the remedy must hold.
MISTAKES = [
    # the shape of files and rules
    ("rule:\n  - id: a\n", "RF201", 1, 1, "`rules`"),
    ("- id: a\n", "RF202", 1, 1, "a rule file is a mapping"),
    ("rules: none\n", "RF202", 1, 8, "a list"),
    ("rules:\n  - just text\n", "RF202", 2, 5, "a mapping"),
    (SIGN + WHEN + "    severty: low\n", "RF201", 7, 5, "`severity`"),
    ("rules:\n  - title: A rule\n    severity: high\n    fact: trade\n" + WHEN, "RF203", 2, 5, "id"),
    (SIGN.replace("title: A rule", "title:") + WHEN, "RF204", 3, 11, "empty"),
    (SIGN.replace("a-rule", "A Rule") + WHEN, "RF205", 2, 9, "A Rule"),
    (SIGN + WHEN + SIGN.removeprefix("rules:\n") + WHEN, "RF206", 7, 9, "rules.yaml:2:9"),
    (SIGN.replace("high", "hgih") + WHEN, "RF208", 4, 15, "`high`"),
    (SIGN + WHEN + "    kind: sing\n", "RF209", 7, 11, "`sign`"),
    (SIGN + WHEN + "    status: stabel\n", "RF210", 7, 13, "`stable`"),
    (SIGN.replace("trade", "trad") + WHEN, "RF211", 5, 11, "`trade`"),
    (HEAD + "    fact: trade\n" + WHEN, "RF212", 2, 5, "severity"),
    (HEAD + "    severity: high\n" + WHEN, "RF212", 2, 5, "fact"),
    (HEAD + "    kind: stop\n    severity: high\n" + WHEN, "RF213", 5, 5, "severity"),
    (HEAD + "    kind: stop\n    fact: trade\n" + WHEN, "RF213", 5, 5, "fact"),
    (SIGN + WHEN + "    weight: 1\n", "RF214", 7, 13, "0.35"),
    (SIGN + WHEN + "    weight: 0.0\n", "RF214", 7, 13, "0.35"),
    (SIGN + WHEN + "    weight: 1e-3\n", "RF214", 7, 13, "0.35"),
    (SIGN + WHEN + "    weight: nan\n", "RF214", 7, 13, "0.35"),
    (SIGN, "RF203", 2, 5, "when"),
    (SIGN + WHEN + "    source: judgment\n", "RF215", 7, 13, "`judgement`"),
    (SIGN + WHEN + "    source: [{document: car-2021}]\n", "RF215", 7, 25, "car-2020"),
    (SIGN + WHEN + "    source: {document: judgement, flags: [BIZ-99]}\n", "RF216", 7, 43, "BIZ-"),
    (SIGN + WHEN + "    ask: [{of: custmer, text: Why?}]\n", "RF219", 7, 16, "`customer`"),
    (SIGN + WHEN + '    ask: [{of: sales, text: "Is {buyer.nam} known?"}]\n', "RF217", 7, 29, "`buyer.name`"),
    (SIGN + WHEN + '    ask: [{of: sales, text: "Is {buyer.name known?"}]\n', "RF217", 7, 29, "single"),
    (SIGN + WHEN + "    ask: [{of: sales}]\n", "RF203", 7, 11, "text"),
    (SIGN + WHEN + "    lowers: [{when: {buyer.country: TR}, by: medum, because: x}]\n", "RF208", 7, 46, "`medium`"),
    (SIGN + WHEN + "    lowers: [{when: {buyer.country: TR}, by: 1.5, because: x}]\n", "RF214", 7, 46, "0.35"),
    (SIGN + WHEN + "    lowers: [{when: {buyer.country: TR}, by: medium}]\n", "RF203", 7, 14, "because"),
    (SIGN + WHEN + "    examples: [{name: a, given: {}, expect: flagg}]\n", "RF218", 7, 45, "`flag`"),
    (SIGN + WHEN + "    examples: [{name: a, given: {buyer_contry: TR}, expect: flag}]\n", "RF301", 7, 34, "buyer_country"),
    (SIGN + WHEN + "    examples: [{name: a, given: {buyer_country: TR, buyer.country: TR}, expect: flag}]\n", "RF220", 7, 53, "buyer.country"),
    ("mitigations:\n  a: {fact: trade, when: {buyer.country: TR}, by: low}\n", "RF203", 2, 6, "because"),
    ("mitigations:\n  - {fact: trad, when: {buyer.country: TR}, by: low, because: x}\n", "RF211", 2, 12, "`trade`"),
    # conditions
    (RULE + "      buyer.contry: TR\n", "RF301", 7, 7, "`buyer.country`"),
    (RULE + "      buyer_country: TR\n", "RF301", 7, 7, "`buyer.country`"),
    (RULE + "      not: {buyer.country: TR}\n", "RF301", 7, 7, "`none`"),
    (RULE + "      quantity: {at_leest: 5 kg}\n", "RF302", 7, 18, "`at_least`"),
    (RULE + "      buyer.country: {at_least: 5}\n", "RF303", 7, 23, "in_list"),
    (RULE + "      buyer.age: 2 years\n", "RF303", 7, 18, "less_than"),
    (RULE + "      quantity: [5 kg, 6 kg]\n", "RF303", 7, 17, "between"),
    (RULE + "      quantity: {is: 5 kg}\n", "RF303", 7, 18, "between"),
    (RULE + "      buyer.country: {in: TR}\n", "RF304", 7, 27, "[a, b]"),
    (RULE + "      buyer.country: {is: [TR]}\n", "RF304", 7, 27, "one value"),
    (RULE + "      quantity: {between: [5 kg]}\n", "RF304", 7, 27, "two values"),
    (RULE + "      end_user.name: {known: maybe}\n", "RF304", 7, 30, "yes or no"),
    (RULE + "      date: {before: [2020-01-01]}\n", "RF304", 7, 22, "a date"),
    (RULE + "      buyer.country: Narnia\n", "RF305", 7, 22, "Narnia"),
    (RULE + "      buyer.business: mobile-phone-shp\n", "RF305", 7, 23, "`mobile-phone-shop`"),
    (RULE + "      product.family: {in: [aluminium-past]}\n", "RF305", 7, 29, "`aluminium-paste`"),
    (RULE + "      consignee.fit: incompatibel\n", "RF305", 7, 22, "`incompatible`"),
    (RULE + "      buyer.age: {less_than: two moons}\n", "RF305", 7, 30, "two moons"),
    (RULE + "      hs_code: {under: 8}\n", "RF305", 7, 24, 'did you mean "08"?'),
    (RULE + "      hs_code: {under: [8806, 8]}\n", "RF305", 7, 31, 'did you mean "08"?'),
    ("lists:\n  a: {kind: tariff-code, source: x, entries: [8806, 8]}\n", "RF402", 2, 53, "08"),
    (RULE + "      cas: 7429-90-6\n", "RF305", 7, 12, "check digit"),
    (RULE + "      product: {mentions: '!!'}\n", "RF305", 7, 27, "words"),
    (RULE + "      product: {mentions: lab*}\n", "RF305", 7, 27, "each form of the word"),
    ("lists:\n  w: {kind: text, source: x, entries: ['lab*']}\n" + RULE + "      product: {mentions: {list: w}}\n", "RF305", 9, 34, "each form of the word"),
    (RULE + "      quantity: {at_least: 100 kgg}\n", "RF306", 7, 28, "`kg`"),
    (RULE + "      quantity: {at_least: 10}\n", "RF306", 7, 28, "such as 10 kg or 10 pieces"),
    (RULE + "      quantity: {at_least: 10 kW}\n", "RF306", 7, 28, "such as 10 kg or 10 pieces"),
    (RULE + "      buyer.age: {less_than: 6}\n", "RF305", 7, 30, "6 months or 6 years"),
    (RULE + "      buyer: {business: bakery}\n", "RF301", 7, 7, "write `buyer.business`"),
    (RULE + "      buyer: bakery\n", "RF301", 7, 7, "write `buyer.name`"),
    (LISTS + RULE + "      buyer.business: {in: shops}\n", "RF305", 9, 28, "write `in_list: shops`"),
    (LISTS + RULE + "      buyer.business: {not_in: [shops]}\n", "RF305", 9, 33, "write `not_in_list: shops`"),
    (LISTS + RULE + "      buyer.business: shops\n", "RF305", 9, 23, "write `in_list: shops`"),
    (RULE + "      consignee.country: {is_not: buyer.country}\n", "RF305", 7, 35, "write `differs_from: buyer.country`"),
    (RULE + "      consignee.country: {in: [buyer.country]}\n", "RF305", 7, 32, "write `same_as: buyer.country`"),
    (RULE + "      value: {more_than: 5000}\n", "RF306", 7, 26, "currency"),
    (RULE + "      date: {before: 2022-13-40}\n", "RF403", 7, 22, "2022-13-40"),
    ("conditions:\n  far: {buyer.country: TR}\n" + RULE + "      holds: fra\n", "RF307", 9, 14, "`far`"),
    ("conditions:\n  a: {holds: b}\n  b: {holds: a}\n", "RF308", 3, 14, "a → b → a"),
    ("conditions:\n  a: {holds: a}\n", "RF308", 2, 14, "a → a"),
    (RULE + "      any: []\n", "RF309", 7, 7, "any"),
    (RULE + "      none:\n", "RF309", 7, 7, "none"),
    (RULE + "      all: [{}]\n", "RF309", 7, 13, "empty"),
    (SIGN + "    when:\n", "RF309", 6, 10, "empty"),
    (RULE + "      any: {buyer.country: TR}\n", "RF202", 7, 12, "list of blocks"),
    (RULE + "      holds: {a: b}\n", "RF202", 7, 14, "name"),
    (RULE + "      buyer.country: {in: []}\n", "RF204", 7, 27, "empty"),
    (RULE + "      buyer.country: ''\n", "RF204", 7, 7, "known"),
    (RULE + "      quantity: {between: [6 kg, 5 kg]}\n", "RF310", 7, 27, "6 kg"),
    (RULE + "      quantity: {between: [5 kg, 5 l]}\n", "RF310", 7, 27, "mass"),
    (RULE + "      buyer.age: {between: [2 years, 6 months]}\n", "RF310", 7, 28, "2 years"),
    (RULE + "      value: {between: [5 EUR, 6 USD]}\n", "RF310", 7, 24, "EUR"),
    (LISTS + RULE + "      buyer.business: {in_list: shop}\n", "RF311", 9, 33, "`shops`"),
    (LISTS + RULE + "      buyer.country: {in_list: shops}\n", "RF312", 9, 32, "business"),
    (LISTS + RULE + "      product: {mentions: {list: shops}}\n", "RF312", 9, 34, "text"),
    (CODES_LIST + RULE + "      hs_code: {in_list: {list: chips, teir: one}}\n", "RF313", 9, 40, "`tier`"),
    (CODES_LIST + RULE + "      hs_code: {in_list: {list: chips, tier: tow}}\n", "RF313", 9, 46, "`two`"),
    (RULE + "      quantity: {at_least: {table: limits}}\n", "RF314", 7, 36, "limits"),
    (
        "tables:\n  limits: {kind: money, source: judgement, rows: [{limit: 5 EUR}]}\n"
        + RULE + "      quantity: {at_least: {table: limits}}\n",
        "RF315", 9, 36, "money",
    ),
    (RULE + "      buyer.country: {same_as: buyer.name}\n", "RF316", 7, 32, "name"),
    (RULE + "      buyer.country: {same_as: buyer.country}\n", "RF316", 7, 32, "itself"),
    (RULE + "      buyer.country: {differs_from: payer.contry}\n", "RF301", 7, 37, "`payer.country`"),
    # lists and tables
    ("lists:\n  a: {kind: busines, source: x, entries: [bakery]}\n", "RF401", 2, 13, "`business`"),
    ("lists:\n  a: {kind: country, source: x, entries: [TR, Narnia]}\n", "RF402", 2, 47, "Narnia"),
    ("lists:\n  a: {kind: country, source: x, entries: [{value: TR, from: soon}]}\n", "RF403", 2, 61, "soon"),
    ("lists:\n  a: {kind: country, source: x, entries: [{value: TR, from: 2022-01-02, until: 2022-01-01}]}\n", "RF404", 2, 73, "2022-01-01"),
    ("lists:\n  a: {kind: country, source: x, entries: []}\n", "RF405", 2, 33, "empty"),
    ("lists:\n  a: {kind: country, source: x}\n", "RF406", 2, 6, "entries"),
    ("lists:\n  a: {reference: chpll, source: x}\n", "RF407", 2, 18, "`chpl`"),
    ("lists:\n  a: {kind: country, entries: [TR]}\n", "RF203", 2, 6, "source"),
    ("lists:\n  a: {kind: country, source: x, entries: [{value: TR, form: 2022-01-01}]}\n", "RF201", 2, 55, "`from`"),
    ("lists:\n  chpl: {reference: chpl, kind: country}\n", "RF312", 2, 33, "tariff-code"),
    ("tables:\n  a: {kind: country, source: x, rows: [{limit: TR}]}\n", "RF409", 2, 13, "size"),
    ("tables:\n  a: {kind: quantity, source: x, extends: a, rows: [{limit: 1 kg}]}\n", "RF410", 2, 6, "extends"),
    (
        "tables:\n  a:\n    kind: quantity\n    source: x\n    rows:\n"
        "      - {product.family: urea, limit: 5 kg}\n      - {product.family: urea, limit: 6 kg}\n",
        "RF408", 7, 9, "same",
    ),
    ("tables:\n  a: {kind: quantity, source: x, rows: [{product.family: urea}]}\n", "RF203", 2, 41, "limit"),
    # rules across orders
    (SIGN + "    across: [consignee]\n", "RF202", 6, 13, "a mapping"),
    (SIGN + "    across: {same: [consignee], within: 9 days}\n", "RF203", 6, 13, "having"),
    (SIGN + "    across: {having: {count: {at_least: 3}}, within: 9 days}\n", "RF203", 6, 13, "same"),
    (ACROSS + COUNT + "      haveing: {}\n", "RF201", 11, 7, "`having`"),
    (ACROSS + COUNT + "      where: {buyer.contry: TR}\n", "RF301", 11, 15, "`buyer.country`"),
    (ACROSS + COUNT + "      where: {}\n", "RF309", 11, 14, "empty"),
    (ACROSS + COUNT + "    when: {buyer.contry: TR}\n", "RF301", 11, 12, "`buyer.country`"),
    (ACROSS.replace("[consignee]", "[consigne]") + COUNT, "RF601", 7, 14, "`consignee`"),
    (ACROSS.replace("[consignee]", "[parties.country]") + COUNT, "RF601", 7, 14, "several values"),
    (ACROSS.replace("[consignee]", "[buyer, buyer]") + COUNT, "RF601", 7, 21, "twice"),
    (ACROSS.replace("[consignee]", "[]") + COUNT, "RF204", 7, 13, "empty"),
    (ACROSS.replace("[consignee]", "{linkd: [phone]}") + COUNT, "RF201", 7, 14, "`linked`"),
    (ACROSS.replace("[consignee]", "[{}]") + COUNT, "RF204", 7, 14, "empty"),
    (ACROSS.replace("[consignee]", "[{linked: []}]") + COUNT, "RF204", 7, 23, "empty"),
    (ACROSS.replace("[consignee]", "{linked: [phne]}") + COUNT, "RF602", 7, 23, "`phone`"),
    (ACROSS.replace("90 days", "3 months") + COUNT, "RF603", 8, 15, "90 days"),
    (ACROSS.replace("90 days", "0 days") + COUNT, "RF603", 8, 15, "0 days"),
    (ACROSS.replace("90 days", "3661 days") + COUNT, "RF603", 8, 15, "ten years"),
    (ACROSS.replace("90 days", "-5 days") + COUNT, "RF603", 8, 15, "-5 days"),
    (ACROSS + "        conut: {at_least: 3}\n", "RF604", 10, 9, "`count`"),
    (ACROSS + "        sum(quantity: {at_least: 3}\n", "RF604", 10, 9, "sum(quantity"),
    (ACROSS + "        sum: {at_least: 3 kg}\n", "RF605", 10, 9, "sum(quantity)"),
    (ACROSS + "        count(buyer): {at_least: 3}\n", "RF605", 10, 9, "`count`"),
    (ACROSS + "        sum(buyer.name): {at_least: 3}\n", "RF605", 10, 9, "no amount"),
    (ACROSS + "        max(buyer): {at_least: 3}\n", "RF605", 10, 9, "quantity or value"),
    (ACROSS + "        distinct(destinations): {at_least: 3}\n", "RF605", 10, 9, "several values"),
    (ACROSS + "        sum(quantiy): {at_least: 3 kg}\n", "RF301", 10, 9, "`quantity`"),
    (ACROSS + "        distinct(byer): {at_least: 3}\n", "RF301", 10, 9, "`buyer`"),
    (ACROSS + "        count: 3\n", "RF304", 10, 16, "write `count: {at_least: 3}`"),
    (ACROSS + "        count: {at_leest: 3}\n", "RF302", 10, 17, "`at_least`"),
    (ACROSS + "        count: {is: 3}\n", "RF302", 10, 17, "between"),
    (ACROSS + "        count: {}\n", "RF309", 10, 16, "operator"),
    (ACROSS + "        count: {at_least: 2.5}\n", "RF305", 10, 27, "whole number"),
    (ACROSS + "        count: {at_least: [2]}\n", "RF304", 10, 27, "whole number"),
    (ACROSS + "        count: {between: [5, 2]}\n", "RF310", 10, 26, "5 to 2"),
    (ACROSS + "        count: {between: 2}\n", "RF304", 10, 26, "two values"),
    (ACROSS + "        count: {between: [2]}\n", "RF304", 10, 26, "here are 1"),
    (ACROSS + "        sum(quantity): {at_least: 3}\n", "RF306", 10, 35, "unit"),
    (ACROSS + "        sum(quantity): {at_least: {table: lots}}\n", "RF304", 10, 35, "one value"),
    (ACROSS + "        baseline(quantity): {at_least: 3 kg}\n", "RF305", 10, 40, "2.5"),
    (ACROSS + "        first: maybe\n", "RF304", 10, 16, "yes or no"),
    (ACROSS + "        some: {buyer.contry: TR}\n", "RF301", 10, 16, "`buyer.country`"),
    (ACROSS + "        some: []\n", "RF309", 10, 15, "some"),
    (ACROSS + "        some:\n", "RF309", 10, 14, "empty"),
    (ACROSS + "        {}\n", "RF204", 10, 9, "empty"),
    (ACROSS.replace("      within: 90 days\n", "") + COUNT.replace("count", "max(value)").replace("3", "3 EUR"), "RF606", 7, 7, "within"),
    (ONE_ORDER + COUNT, "RF607", 9, 9, "within one order"),
    (ONE_ORDER + "        first: yes\n", "RF607", 9, 9, "within"),
    (SIGN + WHEN + "    examples: [{name: a, given: {}, orders: [], expect: flag}]\n", "RF608", 7, 37, "across"),
    (ACROSS + COUNT + "    examples: [{name: a, given: {}, orders: [{buyer_contry: TR}], expect: flag}]\n", "RF301", 11, 47, "`buyer_country`"),
    (ACROSS + COUNT + "    examples: [{name: a, given: {}, orders: [none], expect: flag}]\n", "RF202", 11, 46, "a mapping"),
    (ACROSS + COUNT + "    examples: [{name: a, orders: [], expect: flag}]\n", "RF203", 11, 16, "given"),
    # words of other tools and languages, and slips of the pen
    (RULE + "      quantity: {greater_than: 5 kg}\n", "RF302", 7, 18, "did you mean `more_than`"),
    (RULE + "      quantity: {'<=': 5 kg}\n", "RF302", 7, 18, "did you mean `at_most`"),
    (RULE + "      product: {contains: drone}\n", "RF302", 7, 17, "did you mean `mentions`"),
    (RULE + "      hs_code: {starts_with: 8806}\n", "RF302", 7, 17, "did you mean `under`"),
    (RULE + "      buyer.country: {not: TR}\n", "RF302", 7, 23, "did you mean `is_not`"),
    (RULE + "      date: {less_than: 2022-01-01}\n", "RF303", 7, 14, "write `before`"),
    (RULE + "      quantity: 100 kg\n", "RF303", 7, 17, "write `{at_least: 100 kg}`"),
    (RULE + "      quantity: '< 5 kg'\n", "RF303", 7, 17, "write `{less_than: 5 kg}`"),
    (RULE + "      customer.country: TR\n", "RF301", 7, 7, "did you mean `buyer.country`"),
    (RULE + "      qty: {at_least: 5 kg}\n", "RF301", 7, 7, "did you mean `quantity`"),
    (RULE + "      buyer.country: {differs_from: consignee}\n", "RF301", 7, 37, "`consignee.country`"),
    (SIGN + "    when: {buyer.country: TR}\n    lowered_by: []\n", "RF201", 7, 5, "did you mean `lowers`"),
    (SIGN + WHEN + "    buyer.city: Bursa\n", "RF201", 7, 5, "it belongs under `when`"),
    (SIGN + WHEN + "    \u00a0why: x\n", "RF201", 7, 5, "no-break space"),
    (SIGN + "    when:\n      - buyer.country: TR\n", "RF202", 7, 7, "delete the dashes"),
    (SIGN + "    when:\n      buyer.country:TR\n", "RF202", 7, 7, "space behind the colon"),
    (SIGN + WHEN + "    ask: Who?\n", "RF202", 7, 10, "on a line of its own"),
    (SIGN + WHEN + "    ask:\n      - Who?\n", "RF202", 8, 9, "{of: …, text: …}"),
    (SIGN + WHEN + "    lowers: {by: low}\n", "RF202", 7, 13, "put `- ` before its first key"),
    (SIGN + WHEN + "    examples: [{name: a, given: urea, expect: flag}]\n", "RF202", 7, 33, "{product: urea"),
    (SIGN + WHEN + "    examples: [{name: a, given: {notes: a, b}, expect: flag}]\n", "RF301", 7, 44, "a comma parts the entries"),
    (RULE + "      product.family: {is: [urea]}\n", "RF304", 7, 28, "write `in` before a list"),
    (RULE + "      product.family: {in: urea}\n", "RF304", 7, 28, "write `in: [urea]`"),
    (RULE + "      quantity: {between: 5 to 10 kg}\n", "RF304", 7, 27, "between: [10 kg, 20 kg]"),
    (RULE + "      quantity: {at_least: 1,000 kg}\n", "RF305", 7, 28, "thousands: 1000 kg"),
    (RULE + "      quantity: {at_least: 1.000,50 kg}\n", "RF305", 7, 28, "with a point"),
    (RULE + "      quantity: {at_least: '1,000 kg'}\n", "RF305", 7, 28, "mark for thousands"),
    (RULE + "      buyer.country: TR, DE\n", "RF305", 7, 22, "write a list: [TR, DE]"),
    (RULE + "      product.family: urea or acetone\n", "RF305", 7, 23, "write a list: [urea, acetone]"),
    (RULE + "      hs_code: {under: '8806, 8807'}\n", "RF305", 7, 24, "write a list: [8806, 8807]"),
    (RULE + "      hs_code: {under: '88.06; 88.07'}\n", "RF305", 7, 24, "write a list: [88.06, 88.07]"),
    (RULE + "      product.family: мочевина\n", "RF305", 7, 23, "did you mean `urea`"),
    (RULE + "      product.family: üre\n", "RF305", 7, 23, "did you mean `urea`"),
    (RULE + "      end_user.name: unknown\n", "RF305", 7, 22, "{known: no}"),
    (RULE + "      buyer.age: {less_than: 2020}\n", "RF305", 7, 30, "{after: 2020-01-01}"),
    (RULE + "      buyer.age: {less_than: 1.5 years}\n", "RF305", 7, 30, "18 months"),
    (RULE + "      buyer.age: {less_than: -2 years}\n", "RF305", 7, 30, "no length of time"),
    (RULE + "      date: {after: yesterday}\n", "RF403", 7, 21, "2024-02-23"),
    (RULE + "      product: {mentions: 'drone|uav'}\n", "RF305", 7, 27, "as a pattern"),
    (RULE + "      product: {mentions: '^drone'}\n", "RF305", 7, 27, "as a pattern"),
    (RULE + "      buyer.name: {in_list: our-firms}\n", "RF311", 7, 29, "our-firms: {kind: name,"),
    ("lists:\n  a: {kind: firm, source: x, entries: [Acme]}\n", "RF401", 2, 13, "did you mean `name`"),
    ("lists:\n  a: [Acme]\n", "RF202", 2, 6, "{kind: …, source: …"),
    (SIGN + WHEN + "    lowers: [{when: {buyer.city: x}, by: 2, because: x}]\n", "RF214", 7, 42, "a severity"),
    (ACROSS.replace("      having:\n", "      having: [{count: {at_least: 3}}]\n"), "RF202", 9, 15, "delete the dashes"),
    # what is not supported yet
    (RULE + "      buyer.name: {similar_to_list: people}\n", "RF902", 7, 20, "not supported yet"),
    ("disable:\n  - car-2020/a-rule\n", "RF701", 1, 1, "stands in a rule file"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "line", "column", "word"), MISTAKES)
def test_a_mistake_is_one_finding_at_its_place(
    text: str, code: str, line: int, column: int, word: str
) -> None:
    found = findings(text)
    assert [one.code for one in found] == [code], render(found)
    assert found[0].place is not None
    assert (found[0].place.line, found[0].place.column) == (line, column), render(found)
    assert word in found[0].message + found[0].remedy, render(found)
    assert found[0].remedy


@pytest.mark.parametrize(("text", "code", "line", "column", "word"), MISTAKES)
def test_the_caret_stands_under_what_is_wrong(
    text: str, code: str, line: int, column: int, word: str
) -> None:
    one = findings(text)[0]
    assert one.source_line == text.split("\n")[line - 1]
    assert 1 <= one.width <= len(one.source_line) - column + 1 or one.width == 1


def test_the_mistakes_cover_every_code_of_a_single_text() -> None:
    elsewhere = {"RF101", "RF102", "RF103", "RF104", "RF105", "RF106", "RF107", "RF108", "RF109"}
    elsewhere |= {"RF110", "RF111", "RF112", "RF113", "RF114", "RF199", "RF207", "RF317", "RF318"}
    elsewhere |= {"RF501", "RF502", "RF503"}
    elsewhere |= {row[0] for row in OVERLAY_CODES}
    assert {row[1] for row in MISTAKES} | elsewhere == set(CODES)


TEN = """lists:
  shops: {kind: busines, source: judgement, entries: [bakery]}
conditions:
  circle: {holds: circle}
rules:
  - id: one
    title: First
    severity: hihg
    fact: trade
    when:
      buyer.contry: TR
      quantity: {at_least: 100}
  - id: one
    title: Second
    fact: trade
    when:
      buyer.country: {at_least: 3}
      buyer.business: {in_list: shops}
      holds: sqare
    wehn: {buyer.country: TR}
    examples: [{name: a, given: {}, expect: maybe}]
"""


def test_ten_mistakes_are_ten_findings_in_order() -> None:
    found = findings(TEN)
    assert [(one.code, one.place.line) for one in found if one.place] == [
        ("RF401", 2), ("RF308", 4), ("RF208", 8), ("RF301", 11), ("RF306", 12), ("RF212", 13),
        ("RF206", 13), ("RF303", 17), ("RF307", 19), ("RF201", 20), ("RF218", 21),
    ]  # fmt: skip


def test_names_that_are_used_twice_name_the_first_place() -> None:
    again = "{kind: country, source: x, entries: [TR]}"
    found = findings(f"lists:\n  a: {again}\nmitigations:\n  - {{id: m, fact: trade, when: "
                     "{buyer.country: TR}, by: low, because: x}\n  - {id: m, fact: trade, when: "
                     "{buyer.country: GB}, by: low, because: x}\n")  # fmt: skip
    assert [(one.code, one.place and one.place.line) for one in found] == [("RF207", 5)]
    assert "rules.yaml:4:10" in found[0].message


def test_a_list_with_mistakes_is_not_reported_again_where_it_is_used() -> None:
    text = "lists:\n  shops: {kind: business, source: x, entries: [Narnia]}\n"
    found = findings(text + RULE + "      buyer.business: {in_list: shops}\n")
    assert [one.code for one in found] == ["RF402"]


def test_a_condition_in_a_circle_is_not_reported_again_where_it_is_held() -> None:
    text = "conditions:\n  a: {holds: b}\n  b: {holds: c}\n  c: {holds: b}\n"
    found = findings(text + RULE + "      holds: a\n")
    assert [one.code for one in found] == ["RF308"]


def test_phrases_cannot_have_dates() -> None:
    text = "lists:\n  words: {kind: text, source: x, entries: [{value: drone, from: 2020-01-01}]}\n"
    found = findings(text + RULE + "      product: {mentions: {list: words}}\n")
    assert [one.code for one in found] == ["RF318"]


def test_conditions_that_hold_each_other_do_not_grow_without_end() -> None:
    text = "conditions:\n  c0: {buyer.country: TR}\n"
    text += "".join(f"  c{n}: {{holds: [c{n - 1}, c{n - 1}]}}\n" for n in range(1, 60))
    found = findings(text + RULE + "      holds: c59\n")
    assert {one.code for one in found} == {"RF317"}
    assert found[0].place is not None
    assert found[0].place.line == 13


def test_a_chain_of_conditions_as_long_as_the_file_is_one_finding() -> None:
    text = "conditions:\n  c0: {buyer.country: TR}\n"
    text += "".join(f"  c{n}: {{holds: c{n - 1}}}\n" for n in range(1, 5_000))
    assert [one.code for one in findings(text)] == ["RF317"]
    backwards = "conditions:\n"
    backwards += "".join(f"  c{n}: {{holds: c{n - 1}}}\n" for n in range(5_000, 0, -1))
    assert [one.code for one in findings(backwards + "  c0: {holds: c5000}\n")] == ["RF308"]


def test_a_file_of_thousands_of_mistakes_is_cut_short() -> None:
    found = findings("".join(f"key{n}: x\n" for n in range(3_000)))
    assert len(found) == 501
    assert [one.code for one in found if one.place is None] == ["RF199"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (RULE + "".join(f"      buyer.contry{n}: TR\n" for n in range(30_000)), "RF301"),
        (
            "conditions:\n"
            + "".join(f"  c{n}: {{holds: [c{n + 1}, c{n // 2}]}}\n" for n in range(9_000)),
            "RF308",
        ),
        (
            "lists:\n  a: {kind: business, source: x, entries: [" + "zzq, " * 100_000 + "]}\n",
            "RF402",
        ),
    ],
)
def test_files_full_of_mistakes_end_with_the_first_few_hundred(text: str, code: str) -> None:
    found = findings(text)
    assert len(found) == 501
    assert found[0].code == code


def test_text_of_a_file_is_shown_safely() -> None:
    found = findings(RULE + '      "buyer.\\u001b[31mcountry\\u202e": TR\n')
    shown = render(found)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    found = findings("x" * 5_000 + ": 1\n")
    assert len(render(found)) < 1_000
