"""The documented purchase, in every spelling of it, through the command."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from tests.commands import Finished, redflags, redflags_process

HEADER = "order_id,date,buyer_business,product,quantity,unit\n"
SHOP, PASTE = "cep telefonu mağazası", "alüminyum pasta"


def line(business: str = SHOP, product: str = PASTE, quantity: str = "6", unit: str = "t") -> str:
    return f'{HEADER}1,2015-07-01,{business},"{product}",{quantity},{unit}\n'


def check(given: str, *arguments: str) -> tuple[Finished, dict[str, Any]]:
    return reported(redflags("check", "-", "-f", "json", *arguments, given=given))


def reported(found: Finished) -> tuple[Finished, dict[str, Any]]:
    return found, json.loads(found.stdout)


@cache
def outcome(given: str) -> tuple[list[tuple[str, int]], float]:
    """The rules with their shares, and the score, of the one order."""
    _, report = check(given)
    [assessment] = report["assessments"]
    return [(flag["rule"], flag["share"]) for flag in assessment["flags"]], assessment["score"]


def test_the_purchase_is_one_critical_alert() -> None:
    found, report = reported(redflags_process("check", "-", "-f", "json", given=line()))
    assert found.code == 1
    [assessment] = report["assessments"]
    assert assessment["band"] == "critical"
    assert assessment["action"] == ["hold", "escalate"]
    assert report["summary"]["alerts"] == 1


@pytest.mark.parametrize("given", [
    line(quantity="13228", unit="lb"),
    line(quantity="6000", unit="kg"),
    line(quantity="6 tonnes", unit=""),
    line(quantity="6", unit="MT"),
    line(business="CEP TELEFONU MAĞAZASI"),
    line(business="mobile phone shop"),
    line(business="phone shops"),
    line(product="paste of aluminium, 65 %"),
    line(product="paste, aluminium"),
    line(product="Aluminium-Pasten"),
    line(product="ALÜMİNYUM PASTA"),
    line(product="معجون الألومنيوم"),
    line(product="معجون الالمنيوم"),
    line(product="алюминиевая паста"),
    line(product="pâte d'aluminium"),
    line(product="аluminium pаste"),  # two Cyrillic letters
    line(product="alu\u200bminium pas\u00adte"),  # zero-width space, soft hyphen
    line(product="ａｌｕｍｉｎｉｕｍ　ｐａｓｔｅ"),  # full-width letters
])  # fmt: skip
def test_every_spelling_of_it_gives_the_same_rules_and_score(given: str) -> None:
    assert outcome(given) == outcome(line())


def test_by_its_tariff_heading_alone_the_sentence_says_what_else_the_heading_covers() -> None:
    given = (
        "order_id,date,buyer_business,product,hs_code,quantity,unit\n"
        "1,2015-07-01,mobile phone shop,pigment,3212.90,6,t\n"
    )
    found, report = check(given)
    [assessment] = report["assessments"]
    assert found.code == 1
    sentence = assessment["flags"][0]["sentence"]
    assert "3212.90" in sentence
    assert "also covers other pigments" in sentence
    assert assessment["bits"] < 2737


def test_a_tin_of_it_is_nothing_above_low() -> None:
    found, report = check(line(quantity="500", unit="g"), "--all")
    assert found.code == 0
    assert report["assessments"][0]["band"] in ("none", "low")


def needs(report: dict[str, Any]) -> set[str]:
    [assessment] = report["assessments"]
    return {need for one in assessment["incomplete"] if one["would_lift"] for need in one["needs"]}


def test_without_a_unit_the_incomplete_names_the_unit() -> None:
    found, report = check(line(unit=""))
    assert found.code == 0
    assert "unit" in needs(report)


def test_without_a_business_the_incomplete_names_it() -> None:
    found, report = check(line(business=""))
    assert found.code == 0
    assert "buyer.business" in needs(report)


def test_codes_that_look_like_other_things_come_back_as_written() -> None:
    given = (
        "order_id,buyer_country,consignee_country,hs_code,control_code,buyer_business,product,"
        "quantity,unit\n"
        "010121,NO,NA,010121,1E001,mobile phone shop,aluminium paste,6,t\n"
    )
    rules = """
rules:
  - {id: all-of-them, title: All, severity: low, fact: place, source: judgement,
     when: {buyer.country: 'NO', consignee.country: NA, hs_code: {under: '010121'},
            control_code: 1E001}}
"""
    for form in ("json", "jsonl"):
        found = redflags("check", "-", "-r", "all.yaml", "-f", form, given=given,
                         files={"all.yaml": rules})  # fmt: skip
        report = json.loads(found.stdout)
        [assessment] = report.get("assessments", [report])
        [flag] = [one for one in assessment["flags"] if one["rule"] == "all/all-of-them"]
        assert [one["written"] for one in flag["conditions"]] == ["NO", "NA", "010121", "1E001"]
        assert assessment["order_id"] == "010121"
    for form in ("table", "csv"):
        found = redflags("check", "-", "-f", form, given=given)
        assert "010121" in found.stdout


def test_the_summary_adds_up_and_rows_that_cannot_be_split_are_named() -> None:
    given = (
        HEADER
        + '1,2015-07-01,pipe fitter,5" pipe,6,pcs\n'
        + "2,2015-07-01,too,few\n"
        + "3,2015-07-01,mobile phone shop,aluminium paste,6,t\n"
        + "4,2015-07-01,a,b,c,d,too many\n"
        + "5,2015-07-01,nul\0here,b,1,kg\n"
    )
    _, report = check(given)
    summary = report["summary"]
    assert (summary["read"], summary["assessed"], summary["set_aside"]) == (5, 2, 3)
    assert [one["row"] for one in summary["rows_set_aside"]] == [3, 5, 6]
    assert summary["orders"] == 2


@pytest.mark.parametrize(("given", "word"), [
    (b"", "empty"),
    (b"1,2015-07-01,shop,paste,6,t\n", "no column name is known"),
])  # fmt: skip
def test_an_input_that_cannot_be_read_is_said_and_ends_with_3(given: bytes, word: str) -> None:
    found = redflags("check", "-", given=given)
    assert found.code == 3
    assert found.stdout == ""
    assert word in found.stderr
    assert "Traceback" not in found.stderr


TEN_MISTAKES = """\
lists:
  shops: {kind: busines, source: judgement, entries: [bakery]}
colour: red
rules:
  - id: one
    title: One
    severity: hi
    fact: trade
    when: {buyer.contry: TR}
  - id: two
    title: Two
    severity: low
    fact: trad
    when: {quantity: {at_leest: 1 kg}}
  - id: three
    titel: Three
    severity: low
    fact: trade
    when: {buyer.country: {at_least: 5}}
  - id: two
    title: Four
    severity: low
    fact: trade
    when: {quantity: {at_least: 1 stone}}
  - id: five
    title: Five
    severity: low
    fact: trade
    when: {holds: nothing-here}
"""


def test_ten_mistakes_in_a_rule_file_are_ten_errors_with_places() -> None:
    found = redflags("check", "-", "-r", "bad.yaml", given=line(), files={"bad.yaml": TEN_MISTAKES})
    assert found.code == 2
    assert found.stdout == ""
    places = [
        row.split(": ")[0] for row in found.stderr.splitlines() if row.startswith("bad.yaml:")
    ]
    assert {place.split(":")[1] for place in places} >= {"2", "3", "7", "9", "13", "14", "16"}
    assert len(places) >= 10
    assert "Traceback" not in found.stderr
    for nearest in ("business", "high", "buyer.country", "trade", "at_least", "title"):
        assert nearest in found.stderr


@pytest.mark.parametrize("rules", [
    b"[" * 60_000,
    b"a: &x [1]\nb: *x\n",
    b"a: !!python/object/apply:os.system ['true']\n",
    b"rules: [\x00]\n",
    b"rules: ['\xed\xa0\x80']\n",
], ids=["brackets", "alias", "tag", "nul", "surrogate"])  # fmt: skip
def test_a_hostile_rule_file_is_one_clear_error(rules: bytes) -> None:
    found = redflags("check", "-", "-r", "bad.yaml", given=line(), files={"bad.yaml": rules})
    assert found.code == 2
    assert found.stdout == ""
    assert found.stderr.count("bad.yaml:1:") + found.stderr.count("bad.yaml:2:") >= 1
    assert "Traceback" not in found.stderr


def test_fail_on_decides_the_exit_code() -> None:
    assert redflags("check", "-", "--fail-on", "critical", given=line()).code == 1
    low = line(business="automotive parts manufacturer", product="hydrogen peroxide",
               quantity="1000", unit="l")  # fmt: skip
    assert redflags("check", "-", "--fail-on", "critical", given=low).code == 0
