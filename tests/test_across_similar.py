"""Parties that may be one are reported, and only these."""

from __future__ import annotations

import time

from redflags.across.groups import clusters
from redflags.across.identity import PartySeen
from redflags.across.similar import perhaps_same
from tests.test_across_groups import seen


def pairs(*parties: PartySeen) -> list[tuple[str, str]]:
    known = {one.identity: one for one in reversed(parties)}
    return [(one.one.shown, one.other.shown) for one in perhaps_same(known, known.__getitem__)]


def test_nearly_the_same_name_in_one_country_is_reported_and_not_merged() -> None:
    one = seen("buyer", "Delta Trading Ltd", country="TR")
    other = seen("consignee", "Delta Tradinq", country="TR")
    assert pairs(one, other, seen("buyer", "Delta Tradinq", country="DE")) == [
        ("Delta Trading Ltd", "Delta Tradinq")
    ]
    assert clusters([one, other], []) == []


def test_a_letter_wrong_at_either_end_and_words_in_another_order_are_found() -> None:
    one = seen("buyer", "Delta Trading", country="TR")
    for name in ("Belta Trading", "Delta Tradinc"):
        assert len(pairs(one, seen("buyer", name, country="TR"))) == 1


def test_two_registration_numbers_are_two_firms() -> None:
    one = seen("buyer", "Delta Trading", country="TR", registration="10001")
    assert pairs(one, seen("buyer", "Delta Tradinq", country="TR", registration="20002")) == []


def test_a_mention_that_fits_two_firms_is_perhaps_each_of_them() -> None:
    bare = seen("buyer", "Delta", country="TR")
    one = seen("buyer", "Delta Ltd", country="TR", registration="10001")
    two = seen("buyer", "Delta GmbH", country="TR", registration="20002")
    assert pairs(bare, one) == []
    assert pairs(bare, one, two) == [("Delta", "Delta Ltd"), ("Delta", "Delta GmbH")]
    nowhere = seen("buyer", "Delta")
    german = seen("buyer", "Delta AG", country="DE")
    assert ("Delta", "Delta AG") in pairs(nowhere, one, german)


def test_many_names_alike_cost_no_square() -> None:
    parties = [
        seen("buyer", f"Example Trading {number:05d}", country="TR") for number in range(4_000)
    ]
    known = {one.identity: one for one in parties}
    began = time.process_time()
    perhaps_same(known, known.__getitem__)
    assert time.process_time() - began < 10
