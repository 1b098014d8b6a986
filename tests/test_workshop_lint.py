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
