"""Every documented red flag is accounted for: by a rule, by a question, or with a plain reason."""

from __future__ import annotations

import json
from functools import cache

import pytest

from redflags import load_rules, reference
from redflags.cli.main import main
from redflags.rulebook import parse_rules
from redflags.rulebook.flag_coverage import FlagCoverage, flag_coverage


@cache
def covered() -> dict[str, FlagCoverage]:
    return {one.flag.id: one for one in flag_coverage(load_rules())}


def test_every_flag_of_the_catalogue_has_its_row_once() -> None:
    assert list(covered()) == list(reference.red_flag_catalogue())
    assert len(covered()) == 131


def test_no_flag_is_unaccounted_for() -> None:
    gaps = {name: one.gap for name, one in covered().items() if one.gap}
    assert gaps == {}


def test_a_flag_that_may_only_be_asked_is_asked_for_or_has_its_reason() -> None:
    for one in covered().values():
        if one.flag.automate == "ask":
            assert one.observations or one.reason, one.flag.id


def test_a_flag_that_no_tool_may_decide_says_why_and_no_rule_cites_it() -> None:
    never = [one for one in covered().values() if one.flag.automate == "never"]
    assert {one.flag.id for one in never} == {"BIZ-07", "PTY-21", "NET-13"}
    for one in never:
        assert one.reason
        assert not one.rules
        assert not one.observations


def test_flags_of_history_and_links_have_a_rule_across_orders_or_say_what_is_missing() -> None:
    across = {rule.name for rule in load_rules().across_rules}
    for one in covered().values():
        if one.flag.evaluable == "history_or_links":
            reason = reference.flag_reasons().get(one.flag.id)
            if reason is None:
                assert across & set(one.rules), one.flag.id
            else:
                assert reason.kind == "across-orders"


def test_every_flag_of_networks_that_a_tool_may_decide_has_a_rule_across_orders() -> None:
    across = {rule.name for rule in load_rules().across_rules}
    networks = [one for one in covered().values() if one.flag.group == "NET"]
    assert len(networks) == 17
    left = {one.flag.id for one in networks if not across & set(one.rules)}
    assert left == {"NET-09", "NET-13", "NET-16"}


def test_papers_that_a_tool_may_judge_are_rules_on_stated_fields() -> None:
    for one in covered().values():
        if one.flag.evaluable == "documents" and one.flag.automate == "yes":
            assert one.rules


def test_without_rules_nothing_is_accounted_for_but_what_has_a_reason() -> None:
    book = parse_rules(
        "rules:\n- {id: a, title: A, severity: low, fact: trade, when: {product.harm: by_nature}}\n"
    )
    for one in flag_coverage(book):
        assert bool(one.gap) is not bool(one.reason)


def test_the_command_prints_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "coverage", "-f", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["flag"] for row in rows] == list(covered())
    assert [tuple(row["rules"]) for row in rows] == [one.rules for one in covered().values()]
    assert main(["rules", "coverage"]) == 0
    out = capsys.readouterr().out
    assert "of 131 documented red flags accounted for" in " ".join(out.split())
    assert "asked as services_declined" in out
    assert main(["rules", "coverage", "-f", "xml"]) == 2


def test_every_observation_asks_for_flags_that_exist_and_is_read_by_a_rule() -> None:
    asked = {name for one in covered().values() for name in one.observations}
    assert asked == set(reference.observations())
    for one in reference.observations().values():
        assert one.flags
        assert set(one.flags) <= reference.red_flag_catalogue().keys()
        for flag in one.flags:
            assert reference.red_flag_catalogue()[flag].automate == "ask"


def test_reasons_speak_of_flags_that_exist() -> None:
    assert reference.flag_reasons().keys() <= reference.red_flag_catalogue().keys()
