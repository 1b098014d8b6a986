"""Lint: every check finds its bad example and passes its good one; shipped packs lint clean."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from redflags.workshop.checks import ERROR, Check, all_checks, read_page
from redflags.workshop.lint import LintReport, lint_paths, lint_text
from redflags.workshop.subject import Stated

AS_OF = datetime.date(2026, 11, 23)
STATED = {
    "product": Stated(100, 100),
    "quantity": Stated(100, 100),
    "buyer.business": Stated(90, 100),
    "buyer.incorporated": Stated(2, 100),
}
RULES = Path(__file__).resolve().parent.parent / "rules"


def codes(report: LintReport) -> list[str]:
    return [one.diagnostic.code for one in report.findings]


def lint(text: str) -> LintReport:
    return lint_text(text, as_of=AS_OF, stated=STATED)


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.code)
def test_a_check_finds_its_bad_example(check: Check) -> None:
    report = lint(check.page.bad)
    assert not report.cannot_be_loaded, report.findings
    assert check.code in codes(report)
    for finding in report.findings:
        assert finding.diagnostic.place is not None
        assert finding.diagnostic.remedy


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.code)
def test_a_check_passes_its_good_example(check: Check) -> None:
    report = lint(check.page.good)
    assert not report.cannot_be_loaded, report.findings
    assert check.code not in codes(report)


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.code)
def test_a_page_says_what_is_wrong_and_what_to_do(check: Check) -> None:
    page = check.page
    assert len(page.meaning) > 60
    assert len(page.remedy) > 10
    assert check.title == check.title.strip().rstrip(".")
    assert check.code.startswith("RL")


def test_a_page_without_one_of_its_parts_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks"):
        read_page("Only a meaning.")


def test_the_shipped_packs_lint_clean_at_the_strictest_level() -> None:
    report = lint_paths([], as_of=AS_OF)
    assert report.findings == ()
    assert report.rules > 100
    assert all(reason for _, reason in report.allowed)


def test_the_sources_of_the_shipped_packs_lint_like_what_is_shipped() -> None:
    report = lint_paths([RULES], as_of=AS_OF)
    assert report.findings == ()
    assert report.rules == lint_paths([], as_of=AS_OF).rules


def test_errors_of_the_loader_are_among_the_findings() -> None:
    report = lint("rules:\n  - id: a\n    title: A\n    colour: red\n")
    assert report.cannot_be_loaded
    assert "RF201" in codes(report)
    assert all(one.level == ERROR for one in report.findings if one.diagnostic.code[:2] == "RF")


def write(folder: Path, **files: str) -> None:
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


PACK = "id: own\ntitle: Own rules\nversion: '1'\n"
RULE = """
rules:
  - id: paste-in-cash
    title: Aluminium paste is paid for in cash
    severity: low
    fact: payment
    why: It was seen once.
    source: judgement
    when: {product.family: aluminium-paste, payment.method: {in: CASH}}
    ask: [{of: sales, text: Who paid?}]
    examples:
      - name: paid in notes
        given: {product: aluminium paste, payment.method: cash}
        expect: flag
"""


def test_a_file_of_a_pack_stands_for_its_pack(tmp_path: Path) -> None:
    lists = (
        "lists: {cash: {kind: payment-method, source: judgement, vintage: '2026-11', "
        "entries: [cash]}}"
    )
    rule = RULE.replace("{in: CASH}", "{in_list: cash}")
    write(tmp_path / "own", pack=PACK, lists=lists, rules=rule)
    for path in ("own/rules.yaml", "own/lists.yaml", "own", ".", "own/pack.yaml"):
        report = lint_paths([tmp_path / path], as_of=AS_OF)
        assert (report.packs, report.findings) == (("own",), ())


def test_rules_are_compared_with_those_shipped(tmp_path: Path) -> None:
    text = (RULES / "car-2020" / "goods-and-trades.yaml").read_text(encoding="utf-8")
    (tmp_path / "copy.yaml").write_text(
        text.replace("in_list: telecoms-retail", "in_list: car-2020/telecoms-retail").replace(
            "holds: sensitive-goods", "holds: car-2020/sensitive-goods"
        ),
        encoding="utf-8",
    )
    report = lint_paths([tmp_path / "copy.yaml"], as_of=AS_OF)
    equal = [one.diagnostic.message for one in report.findings if one.diagnostic.code == "RL201"]
    assert any("car-2020/goods-at-odds-with-buyer" in message for message in equal)
    alone = lint_paths([tmp_path / "copy.yaml"], as_of=AS_OF, shipped=False)
    assert "RF311" in codes(alone)


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ("{quantity: {at_least: 1 t, at_most: 500 kg}}", "RL101"),
        ("{quantity: {more_than: 500 kg, at_most: 0.5 t}}", "RL101"),
        ("{quantity: {between: [1 kg, 2 kg], less_than: 900 g}}", "RL101"),
        ("{buyer.country: {in: [TR, DE], is: FR}}", "RL101"),
        ("{buyer.country: {is: TR, is_not: Türkiye}}", "RL101"),
        ("{hs_code: {under: '3212', not_in_list: codes}}", "RL101"),
        ("{hs_code: {under: ['3212', '7603'], is: '854231'}}", "RL101"),
        ("{date: {before: 2020-01-01, after: 2019-12-31}}", "RL101"),
        ("{buyer.age: {less_than: 2 years, at_least: 24 months}}", "RL101"),
        ("{buyer.age: {less_than: 1 month, at_least: 60 days}}", "RL101"),
        ("{product.family: {in: [urea, sorbitol], not_in: [urea, sorbitol]}}", "RL101"),
        ("{product: {mentions: [paste]}, none: [{product: {mentions: [Paste, tin]}}]}", "RL101"),
        ("{product.exempt: {is_not: no}, none: [{product.exempt: yes}]}", "RL101"),
        ("{concentration: {at_least: 12 %, less_than: 3 %}}", "RL101"),
        ("{buyer.name: {known: no}, payer.name: {differs_from: buyer.name}}", "RL102"),
        ("{buyer.name: {known: no, same_as: payer.name}}", "RL102"),
        ("{all: [{buyer.city: {known: no}}, {buyer.city: Izmir}]}", "RL102"),
        ("{value: {at_least: 1 USD, less_than: 100 EUR}}", "RL103"),
        ("{quantity: {at_least: 1 m, less_than: 100 kg}}", "RL103"),
        ("{concentration: {at_least: 3 % w/w, less_than: 12 % v/v}}", "RL103"),
        ("{any: [{quantity: {at_least: 1 kg}}, {quantity: {less_than: 1 t}}]}", "RL105"),
        ("{product.exempt: [yes, no]}", "RL105"),
        ("{hs_code: {under: '3212'}, none: [{hs_code: {under: '8542'}}]}", "RL105"),
        ("{hs_code: {under: '321290', in_list: codes}}", "RL106"),
        ("{buyer.country: {in: [TR], not_in: [SY]}}", "RL106"),
        ("{any: [{buyer.country: TR}, {buyer.country: [TR, SY]}]}", "RL107"),
        ("{any: [{buyer.country: TR}, {buyer.country: Türkiye}]}", "RL107"),
    ],
)
def test_what_can_never_or_always_hold_is_found(when: str, code: str) -> None:
    assert code in codes(lint(_with(when)))


@pytest.mark.parametrize(
    "when",
    [
        "{quantity: {at_least: 500 kg, at_most: 0.5 t}}",
        "{quantity: {at_least: 500 kg, at_most: 100 l}}",
        "{quantity: {at_least: {table: lots}, less_than: 1 g}}",
        "{hs_code: {under: '3212', in: ['321290', '760310']}}",
        "{hs_code: {in_list: codes, not_in: ['321290']}}",
        "{date: {before: 2020-01-02, after: 2019-12-31}}",
        "{buyer.age: {less_than: 1 month, at_least: 29 days}}",
        "{buyer.age: {at_least: 1 year, less_than: 53 weeks}}",
        "{product.family: {in: [urea], not_in: [sorbitol]}}",
        "{destinations: {in: [TR]}, all: [{destinations: {in: [SY]}}]}",
        "{product: {mentions: [paste]}, all: [{product: {mentions: [tin]}}]}",
        "{buyer.fit: {in: [normal, unusual, incompatible, reseller]}}",
        "{concentration: {at_least: 12 %, less_than: 30 % w/w}}",
        "{buyer.country: {in_list: dated}, none: [{buyer.country: TR}]}",
        "{buyer.country: TR, none: [{buyer.country: {in_list: dated}}]}",
        "{value: {at_least: 1 USD}, none: [{value: {at_least: 100 USD}}]}",
        "{payer.name: {known: yes, differs_from: [buyer.name, seller.name]}}",
        "{payer.name: {differs_from: buyer.name, same_as: seller.name}}",
    ],
)
def test_what_can_hold_is_left_alone(when: str) -> None:
    found = codes(lint(_with(when)))
    assert not [code for code in found if code[:3] == "RL1" or code[:2] == "RF"]


def _with(when: str) -> str:
    return f"""
lists:
  codes: {{kind: tariff-code, source: judgement, vintage: "2026", entries: ["3212"]}}
  dated: {{kind: country, source: judgement, vintage: "2026",
           entries: [{{value: TR, from: 2020-01-01}}, {{value: SY, from: 2020-01-01}}]}}
tables:
  lots: {{kind: quantity, source: judgement, rows: [{{product.family: urea, limit: 5 t}}]}}
rules:
  - {{id: a, title: A, severity: low, fact: trade, when: {when}}}
"""
