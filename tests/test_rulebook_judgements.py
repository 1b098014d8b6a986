"""A site's own tables: which goods suit which trade, how much is much, further limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from redflags import Screener, Transaction, load_rules
from redflags.engine.judge import Judge
from redflags.errors import RuleBookError
from redflags.model.record import record_of
from redflags.rulebook import parse_rules
from redflags.rulebook.tree import RuleBook

SITE = """\
tables:
  our-fit:
    kind: fit
    source: judgement
    rows:
      - business: [car rental, restaurant]
        family: turbojet-engine
        fit: normal
        because: they hire out stage machines
  our-scale:
    kind: scale
    source: judgement
    rows:
      - {family: urea, retail_below: 1 t, bulk_from: 50 t}
  our-quantities:
    kind: quantity
    source: judgement
    extends: explosives-precursors/usual-quantities
    rows:
      - {buyer.business: school, product.family: sulphuric-acid, limit: 10 t}
      - {buyer.business: hotel, product.family: urea, limit: 1 kg}
"""
TURBINE = {"buyer_business": "car rental", "product": "small turbojet engine", "quantity": "1 pcs"}
UREA = {"buyer_business": "mobile phone shop", "product": "urea", "quantity": "6 t"}
MORE = "explosives-precursors/more-than-the-trade-uses"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> RuleBook:
    path = tmp_path_factory.mktemp("site") / "our-rules.yaml"
    path.write_text(SITE, encoding="utf-8")
    return load_rules([path])


def flags(book: RuleBook, order: dict[str, str]) -> set[str]:
    return {flag.rule for flag in Screener(book).check(Transaction.model_validate(order)).flags}


def value(book: RuleBook, order: dict[str, str], field: str) -> object:
    record = record_of(Transaction.model_validate(order))
    Judge(book).verdicts(record)
    return record[field].value


def test_a_site_s_fit_wins_over_the_shipped_one_and_says_so(site: RuleBook) -> None:
    assert "car-2020/goods-at-odds-with-buyer" in flags(load_rules(), TURBINE)
    assert "car-2020/goods-at-odds-with-buyer" not in flags(site, TURBINE)
    record = record_of(Transaction.model_validate(TURBINE))
    Judge(site).verdicts(record)
    assert record["buyer.fit"].value == "normal"
    assert "they hire out stage machines" in record["buyer.fit"].how
    assert "our-rules/our-fit" in record["buyer.fit"].assumed


def test_pairs_that_a_site_does_not_name_stay_as_shipped(site: RuleBook) -> None:
    other = TURBINE | {"product": "model jet engine"}
    assert value(site, other, "buyer.fit") == value(load_rules(), other, "buyer.fit")


def test_a_site_s_scale_wins_over_the_shipped_one(site: RuleBook) -> None:
    assert value(load_rules(), UREA, "quantity.scale") == "bulk"
    assert value(site, UREA, "quantity.scale") == "trade"


def test_what_an_order_states_wins_over_every_table(site: RuleBook) -> None:
    assert value(site, TURBINE | {"buyer_fit": "unusual"}, "buyer.fit") == "unusual"
    assert value(site, UREA | {"quantity_scale": "bulk"}, "quantity.scale") == "bulk"


def test_a_record_that_goes_from_one_judge_to_another_forgets_what_the_first_derived(
    site: RuleBook,
) -> None:
    record = record_of(Transaction.model_validate(TURBINE))
    for book, fit in ((load_rules(), "incompatible"), (site, "normal"), (load_rules(), None)):
        Judge(book).verdicts(record)
        assert record["buyer.fit"].value == (fit or "incompatible")


def test_rows_of_an_extending_table_are_added_and_win(site: RuleBook) -> None:
    school = {"buyer_business": "school", "product": "sulphuric acid", "quantity": "4000 l"}
    hotel = {"buyer_business": "hotel", "product": "urea", "quantity": "5 kg"}
    kept = {"buyer_business": "school", "product": "nitric acid", "quantity": "4000 l"}
    shipped = load_rules()
    assert (MORE in flags(shipped, school), MORE in flags(site, school)) == (True, False)
    assert (MORE in flags(shipped, hotel), MORE in flags(site, hotel)) == (False, True)
    assert (MORE in flags(shipped, kept), MORE in flags(site, kept)) == (True, True)


def test_a_site_s_tables_are_part_of_the_hash_of_the_rule_book(site: RuleBook) -> None:
    assert site.sha256 != load_rules().sha256
    reworded = parse_rules(SITE.split("  our-quantities")[0].replace("normal", "unusual"))
    same = parse_rules(SITE.split("  our-quantities")[0].replace("1 t", "1000 kg"))
    plain = parse_rules(SITE.split("  our-quantities")[0])
    assert reworded.sha256 != plain.sha256 == same.sha256


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("fit: normal", "fit: perfect", "RF305"),
        ("car rental, restaurant", "car rental, no such trade at all", "RF305"),
        ("family: turbojet-engine", "family: turbojet-engines", "RF305"),
        ("        fit: normal\n", "", "RF203"),
        ("because: they", "reason: they", "RF201"),
        ("retail_below: 1 t", "retail_below: 1 pcs", "RF305"),
        ("retail_below: 1 t", "retail_below: 60 t", "RF305"),
        ("family: urea, retail", "family: [urea, urea], retail", "RF408"),
        ("kind: scale\n", "kind: scale\n    extends: y\n", "RF410"),
        ("extends: explosives-precursors/usual-quantities", "extends: a/b", "RF314"),
        ("extends: explosives-precursors/usual-quantities", "extends: our-quantities", "RF410"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_site_s_table_is_reported(
    old: str, new: str, code: str, tmp_path: Path
) -> None:
    path = tmp_path / "our-rules.yaml"
    assert old in SITE
    path.write_text(SITE.replace(old, new), encoding="utf-8")
    with pytest.raises(RuleBookError) as caught:
        load_rules([path])
    assert code in {one.code for one in caught.value.diagnostics}


def test_two_packs_that_judge_the_same_are_a_mistake(tmp_path: Path) -> None:
    paths = [tmp_path / "one.yaml", tmp_path / "two.yaml"]
    for path in paths:
        path.write_text(SITE, encoding="utf-8")
    with pytest.raises(RuleBookError) as caught:
        load_rules(paths)
    assert {one.code for one in caught.value.diagnostics} == {"RF408"}
