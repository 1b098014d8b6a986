"""The arithmetic of evidence."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.errors import ConfigurationError
from redflags.policy import ACTIONS, DEFAULT, Policy
from redflags.scoring import (
    Sign,
    band_of,
    best_of_facts,
    bits_of,
    is_at_least,
    score_of,
    weigh,
)
from redflags.weights import BAND_NAMES, BITS, SEVERITIES, bits_of_weight

FACTS = ("trade", "scale", "place", "payer")


@st.composite
def signs(draw: st.DrawFn, prefix: str = "r") -> list[Sign]:
    count = draw(st.integers(0, 8))
    found = []
    for number in range(count):
        severity = draw(st.sampled_from(sorted(BITS)))
        found.append(
            Sign(
                f"{prefix}{number}",
                draw(st.sampled_from(FACTS)),
                severity,
                draw(st.integers(0, BITS[severity])),
            )
        )
    return found


@pytest.mark.parametrize("severity", sorted(SEVERITIES))
def test_a_lone_sign_lands_in_the_band_it_is_named_after(severity: str) -> None:
    evidence = weigh([Sign("r", "trade", severity, BITS[severity])])
    assert band_of(evidence.bits, flagged=True) == severity


def test_two_mediums_of_different_facts_make_a_high() -> None:
    evidence = weigh([Sign("a", "trade", "medium", 621), Sign("b", "place", "medium", 621)])
    assert band_of(evidence.bits, flagged=True) == "high"


def test_two_signs_of_one_fact_count_as_the_stronger() -> None:
    evidence = weigh([Sign("a", "trade", "high", 1322), Sign("b", "trade", "critical", 2737)])
    assert evidence.bits == 2737
    assert evidence.shares == {"b": 2737}


def test_many_lows_are_worth_at_most_one_medium() -> None:
    evidence = weigh([Sign(f"r{n}", fact, "low", 234) for n, fact in enumerate(FACTS)])
    assert evidence.bits == BITS["medium"]


@pytest.mark.parametrize(
    ("bits", "score"), [(0, 0.0), (1000, 50.0), (2000, 75.0), (621, 35.0), (2737, 85.0)]
)
def test_the_score_is_a_hundred_times_one_less_two_to_the_minus_bits(
    bits: int, score: float
) -> None:
    assert score_of(bits) == score


@given(signs(), st.randoms())
def test_the_order_of_signs_changes_nothing(found: list[Sign], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert weigh(found) == weigh(shuffled)


@given(signs())
def test_the_strongest_of_each_fact_have_the_bits_of_all(found: list[Sign]) -> None:
    assert bits_of(*best_of_facts(found)) == weigh(found).bits


@given(signs(), signs("more"))
def test_a_further_sign_never_lowers_the_evidence(few: list[Sign], more: list[Sign]) -> None:
    assert weigh(few + more).bits >= weigh(few).bits


@given(signs())
def test_shares_add_up_to_the_evidence(found: list[Sign]) -> None:
    evidence = weigh(found)
    assert sum(evidence.shares.values()) == evidence.bits
    assert all(
        share <= sign.bits for sign in found for share in [evidence.shares.get(sign.rule, 0)]
    )


@given(st.integers(0, 40_000), st.integers(0, 40_000))
def test_more_evidence_is_never_a_lower_band(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert is_at_least(band_of(high, flagged=True), band_of(low, flagged=True))
    assert score_of(high) >= score_of(low)


def test_without_a_flag_there_is_no_band_and_a_stop_is_critical() -> None:
    assert band_of(0, flagged=False) == "none"
    assert band_of(0, flagged=True, stop=True) == "critical"


@pytest.mark.parametrize("weight", [-0.1, 1.0, 2.0])
def test_a_weight_outside_its_range_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        bits_of_weight(weight)


def test_bands_are_ordered() -> None:
    for low, high in itertools.pairwise(BAND_NAMES):
        assert is_at_least(high, low)
        assert not is_at_least(low, high)


def test_the_default_policy_covers_stops_and_every_band_of_alerts() -> None:
    assert set(DEFAULT) == {"stop", *BAND_NAMES} - {"none"}
    assert {action for actions in DEFAULT.values() for action in actions} <= set(ACTIONS)


def test_a_policy_keeps_the_defaults_that_it_does_not_name() -> None:
    policy = Policy({"medium": ("hold",)})
    assert policy.action("medium", stop=False) == ("hold",)
    assert policy.action("critical", stop=False) == ("hold", "escalate")
    assert policy.action("critical", stop=True) == ("escalate",)
    assert policy.action("none", stop=False) == ()


@pytest.mark.parametrize("actions", [{"sever": ("hold",)}, {"high": ("shout",)}])
def test_a_policy_with_a_word_that_does_not_exist_is_refused(
    actions: dict[str, tuple[str, ...]],
) -> None:
    with pytest.raises(ConfigurationError, match="the policy"):
        Policy(actions)
