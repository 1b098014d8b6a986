"""Chinese without spaces: what is parted off, what another character makes another thing of."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags import reference
from redflags.values.han import HanWords, has_runs
from redflags.values.text import fold

SOME = HanWords(["手机", "硝酸", "硝酸铵", "雷管", "导爆索"])


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("铝银浆", {"aluminium-paste"}),
        ("鋁銀漿 65%", {"aluminium-paste"}),
        ("2吨球形铝粉", {"aluminium-powder"}),
        ("工业级硝酸铵颗粒 50kg/袋", {"ammonium-nitrate"}),
        ("硝酸铵用于采矿", {"ammonium-nitrate"}),
        ("双氧水35%", {"hydrogen-peroxide"}),
        ("雷管和导爆索", {"detonators", "detonating-cord"}),
        ("铝粉、镁粉", {"aluminium-powder", "magnesium-powder"}),
        ("涡轮喷气发动机,推力160N", {"turbojet-engine"}),
        ("航模涡喷发动机 P100", {"model-jet-engine"}),
        ("山梨醇粉", {"sorbitol"}),
        ("手机", {"mobile-phone"}),
        ("手机壳", set()),
        ("硝酸银", set()),
        ("盐酸左氧氟沙星片", set()),
        ("硝酸铵造粒机", set()),
        ("磷酸铁锂电池", set()),
        ("不含丙酮洗甲水", set()),
        ("铝粉漆", set()),
        ("薯片", set()),
        ("アルミ粉", set()),
    ],
)  # fmt: skip
def test_goods_are_found_in_chinese_and_other_things_of_like_names_are_not(
    text: str, families: set[str]
) -> None:
    assert {match.id for match in reference.family_terms().find(text)} == families


def test_every_chinese_term_of_goods_is_found_as_its_own_family() -> None:
    index = reference.family_terms()
    terms = [term for term in index.terms if term.language == "zh"]
    assert terms
    wrong = [
        term.text
        for term in terms
        if term.id not in {match.id for match in index.find(f"工业级{term.text}产品")}
    ]
    assert wrong == []


def test_the_longest_word_is_parted_off_and_what_is_strange_stays_with_it() -> None:
    assert SOME.part("硝酸铵").split() == ["硝酸铵"]
    assert SOME.part("硝酸银").split() == ["硝酸银"]
    assert SOME.part("雷管及导爆索").split() == ["雷管", "&", "导爆索"]
    assert SOME.part("新手机").split() == ["新", "手机"]
    assert SOME.part("无手机").split() != ["手机"]


@given(st.text(alphabet="手机硝酸铵银雷管和无 a1、，"))
def test_parting_loses_no_character_but_what_counts_for_nothing(text: str) -> None:
    parted = SOME.part(text)
    assert set(fold(parted)) - set(fold(text)) <= set(" &无")
    if not has_runs(text):
        assert parted == text


def test_a_long_run_is_parted_in_a_time_that_grows_with_its_length() -> None:
    began = time.process_time()
    SOME.part("手机硝酸铵" * 2_000)
    SOME.part("银" * 10_000)
    SOME.part("手机" + "店" * 10_000)
    assert time.process_time() - began < 2
