"""Fingerprints: the same for the same rule on the same facts of the same order, in every run."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags import Screener
from redflags.model.record import record_of_texts
from redflags.model.results import Assessment
from redflags.rulebook import parse_rules
from tests.commands import Finished, redflags, redflags_process
from tests.strategies import LEAVES, book_of, orders

ROOT = Path(__file__).parents[1]
EXAMPLES = (ROOT / "examples" / "orders.csv").read_text(encoding="utf-8")

RULE = """
conditions:
  paste: {product.family: aluminium-paste}
rules:
  - id: first
    title: %(title)s
    severity: %(severity)s
    fact: trade
    why: %(title)s
    source: judgement
    when: {holds: paste, quantity: {at_least: %(bound)s}, buyer.fit: incompatible,
           payer.name: {differs_from: buyer.name}}
"""
PLAIN = {"title": "A rule", "severity": "high", "bound": "100 kg"}
ORDER = {
    "order_id": "O-1",
    "product": "aluminium paste",
    "quantity": "6 t",
    "buyer.business": "mobile phone shop",
    "buyer.name": "Örnek Telefon Ltd",
    "payer.name": "Example Car Hire",
}


def assessed(rules: str, *lines: Mapping[str, str]) -> Assessment:
    records = [record_of_texts(texts.items()) for texts in lines]
    return Screener(parse_rules(rules)).explain_records(records, "O-1").assessment


def test_the_form_of_a_fingerprint_never_changes() -> None:
    """Dispositions of years hang on it: a change of this figure breaks them all."""
    found = assessed(RULE % PLAIN, ORDER)
    assert found.flags[0].fingerprint == "92eb1088b3e847b012db8165682f31b8"
    assert found.fingerprint == "cd5bbf3fa58794ba34f2c0a90847932f"


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": "6000 kg"},
        {"product": "paste, aluminium"},
        {"product": "alüminyum pasta"},
        {"buyer.business": "cep telefonu mağazası"},
        {"buyer.name": "ORNEK TELEFON"},
        {"buyer.city": "Ankara"},
        {"notes": "collects at the gate"},
    ],
)
def test_other_words_for_the_same_facts_keep_it(changes: dict[str, str]) -> None:
    one, other = assessed(RULE % PLAIN, ORDER), assessed(RULE % PLAIN, ORDER | changes)
    assert one.flags[0].fingerprint == other.flags[0].fingerprint
    assert one.fingerprint == other.fingerprint


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": "6001 kg"},
        {"buyer.business": "bakery"},
        {"payer.name": "Example Exchange"},
        {"buyer.name": "Another Ltd"},
        {"order_id": "O-2"},
    ],
)
def test_other_facts_change_it(changes: dict[str, str]) -> None:
    one, other = assessed(RULE % PLAIN, ORDER), assessed(RULE % PLAIN, ORDER | changes)
    assert other.flags
    assert one.flags[0].fingerprint != other.flags[0].fingerprint
    assert one.fingerprint != other.fingerprint


@pytest.mark.parametrize(
    "changes", [{"title": "Other words"}, {"severity": "low"}, {"bound": "0.09 t"}]
)
def test_the_words_the_weight_and_the_bound_of_a_rule_are_no_part_of_it(
    changes: dict[str, str],
) -> None:
    one, other = assessed(RULE % PLAIN, ORDER), assessed(RULE % (PLAIN | changes), ORDER)
    assert one.flags[0].fingerprint == other.flags[0].fingerprint


def test_another_rule_keeps_the_flag_and_changes_the_alert_only_where_it_speaks() -> None:
    other_rule = (
        RULE % PLAIN
        + """
  - id: second
    title: Another
    severity: low
    fact: place
    why: It is another.
    source: judgement
    when: {buyer.country: TR}
"""
    )
    one, silent = assessed(RULE % PLAIN, ORDER), assessed(other_rule, ORDER)
    spoken = assessed(other_rule, ORDER | {"buyer.country": "TR"})
    assert one.fingerprint == silent.fingerprint
    assert one.fingerprint != spoken.fingerprint
    assert one.flags[0].fingerprint in {flag.fingerprint for flag in spoken.flags}


def test_no_flag_has_no_fingerprint() -> None:
    assert assessed(RULE % PLAIN, ORDER | {"quantity": "1 kg"}).fingerprint == ""


def test_every_line_of_a_flag_counts_whatever_their_order() -> None:
    more = ORDER | {"quantity": "7 t"}
    one, other = assessed(RULE % PLAIN, ORDER, more), assessed(RULE % PLAIN, more, ORDER)
    assert one.fingerprint == other.fingerprint
    assert one.fingerprint != assessed(RULE % PLAIN, ORDER).fingerprint
    assert one.fingerprint == assessed(RULE % PLAIN, ORDER, more, ORDER).fingerprint


@given(order=orders(), whens=st.lists(st.sampled_from(LEAVES), min_size=1, max_size=5))
def test_both_kinds_of_record_have_the_same(
    order: dict[str, str], whens: list[tuple[str, object]]
) -> None:
    """Read row by row or in columns, with a memory or without."""
    book = book_of(*({path: test} for path, test in whens))
    screener = Screener(book)
    lazy = screener.explain_records([record_of_texts(order.items())], "O").assessment
    again = screener.explain_records([record_of_texts(order.items())], "O").assessment
    assert lazy.fingerprint == again.fingerprint
    assert [flag.fingerprint for flag in lazy.flags] == [flag.fingerprint for flag in again.flags]
    assert len({flag.fingerprint for flag in lazy.flags}) == len(lazy.flags)


ACROSS = """
rules:
  - id: several
    title: Paste again
    severity: medium
    fact: network
    why: It is ordered again.
    source: judgement
    across:
      same: [%(same)s]
      within: %(within)s
      where: {product.family: aluminium-paste}
      having: {count: {at_least: %(count)s}, sum(quantity): {at_least: 100 kg}}
"""
SEVERAL = {"same": "buyer", "within": "30 days", "count": "2"}
HEADER = "order_id,date,buyer_name,buyer_registration,product,quantity"
WINDOWS = (
    ",2025-03-01,Example Phones Ltd,,aluminium paste,600 kg",
    ",2025-03-05,Example Phones Ltd,,aluminium paste,700 kg",
    ",2025-03-09,Example Phones Ltd,,aluminium paste,700 kg",
    ",2025-03-01,Other Phones Ltd,,aluminium paste,600 kg",
    ",2025-03-05,Other Phones Ltd,,aluminium paste,700 kg",
    ",2025-03-05,,HRB 123456,aluminium paste,700 kg",
    ",2025-03-05,,HRB 123456,aluminium paste,700 kg",
)


def of_windows(*rows: str, **changes: str) -> list[str]:
    """The fingerprints of the flags of a rule across orders, one for each alert."""
    found = redflags(
        "check", "orders.csv", "-r", "rules.yaml", "--only-rules", "-f", "json",
        files={
            "orders.csv": "\n".join([HEADER, *rows]),
            "rules.yaml": ACROSS % (SEVERAL | changes),
        },
    )  # fmt: skip
    flags = [one["flags"] for one in json.loads(found.stdout)["assessments"] if one["flags"]]
    assert all(len(one) == 1 for one in flags)
    return sorted(one[0]["fingerprint"] for one in flags)


def test_alerts_of_different_windows_differ() -> None:
    """By whom, by the day with which the window ends, and by what the order brings to it."""
    found = of_windows(*WINDOWS)
    assert len(found) == 5
    # Of one window, and the same in everything that is stated: the two without a name.
    assert len(set(found)) == 4
    larger = of_windows(*(row.replace("700 kg", "800 kg") for row in WINDOWS))
    assert not set(found) & set(larger)


def test_a_window_keeps_its_fingerprint_whatever_else_is_ordered() -> None:
    """Other orders of the window come and go with how far files reach; later ones are none of
    its business."""
    one = of_windows(*WINDOWS[:2])
    assert of_windows(*WINDOWS[1::-1]) == one
    earlier = ",2025-02-20,Example Phones Ltd,,aluminium paste,900 kg"
    assert set(one) <= set(of_windows(earlier, *WINDOWS[:2]))
    later = ",2025-03-20,EXAMPLE PHONES LTD.,,paste of aluminium,1 t"
    assert set(one) < set(of_windows(*WINDOWS[:2], later))
    worded = [row.replace("700 kg", "0.7 t").replace("Phones Ltd", "PHONES") for row in WINDOWS[:2]]
    assert of_windows(*worded) == one


def test_the_bounds_of_a_window_are_no_part_of_a_fingerprint_and_its_key_is() -> None:
    one = of_windows(*WINDOWS[:2])
    assert of_windows(*WINDOWS[:2], within="60 days") == one
    assert set(one) < set(of_windows(*WINDOWS[:2], count="1"))
    assert of_windows(*WINDOWS[:2], same="buyer, product.family") != one
    assert of_windows(*WINDOWS[:2], same="linked: [phone]") != one


def fingerprints(found: Finished) -> dict[str, tuple[str, list[str]]]:
    return {
        one["fingerprint"]: (
            one["order_id"] if ":" not in one["order_id"] else "",
            sorted(flag["fingerprint"] for flag in one["flags"]),
        )
        for one in json.loads(found.stdout)["assessments"]
        if one["flags"]
    }


def test_rows_in_another_order_a_renamed_file_and_another_engine_keep_them_all() -> None:
    header, *rows = EXAMPLES.splitlines()
    rows = [row for row in rows if row.count('"') % 2 == 0][:40]
    files = {"orders.csv": "\n".join([header, *rows])}
    once = fingerprints(redflags("check", "orders.csv", "-f", "json", files=files))
    random.Random(4).shuffle(rows)
    files = {"renamed.csv": "\n".join([header, *rows])}
    options = ("-f", "json", "--engine", "columnar")
    again = fingerprints(redflags_process("check", "renamed.csv", *options, files=files))
    assert once == again
    assert len(once) >= 10
