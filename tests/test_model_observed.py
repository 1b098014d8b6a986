"""Observations: what a person answered, the themes that count once, and what was never asked."""

from __future__ import annotations

import datetime
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags import Screener, Transaction, reference
from redflags.model.fields import columns, field_table
from redflags.model.record import Record, record_of
from redflags.values.answers import parse_answer, written_answer
from redflags.values.understood import ABSENT

SHOP = {"buyer_business": "mobile phone shop", "product": "aluminium paste", "quantity": "6 t"}
PAINT = {"buyer_business": "paint manufacturer", "product": "aluminium paste", "quantity": "6 t"}
THEMES = reference.observation_themes()


@cache
def screener() -> Screener:
    return Screener(lists_as_of=datetime.date(2025, 1, 1))


def record(**given: str) -> Record:
    return record_of(Transaction.model_validate(given))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"), ("no", "no"), ("Evet", "yes"), ("yes (A. Example, 2026-01-31)", "yes"),
        ("no [by phone]", "no"), ("unknown", None), ("unknown (nobody there)", None), ("?", None),
        ("maybe", None), ("yes and no", None), ("(yes)", "yes"), ("yes (a (b))", None), ("", None),
    ],
)  # fmt: skip
def test_an_answer_may_carry_a_note(text: str, value: str | None) -> None:
    assert parse_answer(text).value == value


def test_the_note_is_shown_with_the_answer() -> None:
    assert "A. Example" in parse_answer("yes (A. Example, 2026-01-31)").how
    assert parse_answer("yes (A. Example)").written == "yes (A. Example)"


@pytest.mark.parametrize("text", ["", "unknown", "?", "unknown (on leave)"])
def test_an_answer_that_is_open_is_not_stated(text: str) -> None:
    assert parse_answer(text).is_blank


@pytest.mark.parametrize("text", ["not asked", "Not asked", "not_asked", "nobody was asked"])
def test_not_asked_is_as_if_there_were_no_column(text: str) -> None:
    assert parse_answer(text) is ABSENT
    assert record(unusual_urgency=text)["observed.pressure"].value == "no"


@given(st.sampled_from(["yes", "no", "unknown"]), st.text(), st.text(max_size=30))
def test_a_written_answer_is_read_as_what_it_says(answer: str, by: str, on: str) -> None:
    found = parse_answer(written_answer(answer, by, on))
    assert found.value == (None if answer == "unknown" else answer)
    assert found.is_blank is (answer == "unknown")


def test_every_observation_is_a_field_with_a_short_column() -> None:
    for name in reference.observations():
        path = f"observations.{name}"
        assert field_table()[path].kind.name == "yes-no"
        assert columns()[name] == columns()[f"observations_{name}"] == path
    for theme in THEMES:
        assert field_table()[f"observed.{theme}"].is_derived


def test_what_was_never_asked_is_taken_as_not_noted_and_says_so() -> None:
    for theme in THEMES:
        found = record(**SHOP)[f"observed.{theme}"]
        assert found.value == "no"
        assert found.assumed


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.id)
def test_a_theme_is_noted_by_any_of_its_observations(theme: reference.Theme) -> None:
    for name in theme.observations:
        rest = {one: "no" for one in theme.observations if one != name}
        assert record(**{name: "yes"}, **rest)[f"observed.{theme.id}"].value == "yes"
        assert record(**{name: "no"}, **rest)[f"observed.{theme.id}"].value == "no"
        open_theme = record(**{name: "unknown"}, **rest)[f"observed.{theme.id}"]
        assert open_theme.value is None
        assert open_theme.needs == (f"observations.{name}",)


def test_a_question_without_an_answer_raises_nothing_and_says_what_to_ask() -> None:
    for text in ("", "unknown", "?"):
        assessment = screener().check(
            Transaction.model_validate({**PAINT, "asks_to_relabel": text, "order_id": "1"})
        )
        assert assessment.band == "none"
        needs = {need for one in assessment.incomplete for need in one.needs if one.would_lift}
        assert "observations.asks_to_relabel" in needs


def test_without_columns_no_theme_leaves_a_rule_open() -> None:
    assessment = screener().check(Transaction.model_validate(PAINT))
    assert not [one for one in assessment.incomplete if "observations." in " ".join(one.needs)]


def test_on_an_order_with_something_against_it_the_use_is_asked_for() -> None:
    order = {
        "buyer_business": "fertiliser dealer",
        "product": "sorbitol powder",
        "quantity": "78 t",
    }
    assessment = screener().check(Transaction.model_validate(order))
    assert assessment.flags
    assert any(
        "observations.cannot_say_use" in one.needs
        for one in assessment.incomplete
        if one.would_lift
    )


def test_observations_of_one_theme_count_once() -> None:
    one = screener().check(Transaction.model_validate({**PAINT, "no_web_presence": "yes"}))
    both = screener().check(
        Transaction.model_validate({**PAINT, "no_web_presence": "yes", "no_track_record": "yes"})
    )
    assert one.bits == both.bits > 0


@pytest.mark.parametrize("name", reference.observations())
def test_a_yes_alone_lifts_no_order_of_a_fitting_trade_above_high(name: str) -> None:
    order = Transaction.model_validate({**PAINT, name: "yes"})
    assert screener().check(order).band != "critical"


def test_who_answered_and_when_can_be_stated() -> None:
    given = record(observations_by="A. Example", observations_on="2026-01-31")
    assert given["observations.by"].value == "A. Example"
    assert given["observations.on"].value == datetime.date(2026, 1, 31)
