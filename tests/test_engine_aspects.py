"""Texts that are one kind to some tests are alike to them, whatever else the line holds."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags import reference
from redflags.engine import reads as engine_reads
from redflags.engine.aspects import SAME_NAME, Aspect, Look, looks_of
from redflags.engine.columnar import ColumnarEngine
from redflags.engine.groups import Group
from redflags.engine.judge import Judge
from redflags.engine.reads import GOODS, read_beside_goods
from redflags.model.record import Record, record_of_texts
from redflags.rulebook import load_rules, parse_rules
from redflags.rulebook.tree import RuleBook
from redflags.values.names import same_name

NAMES = [
    "Example One Ltd", "EXAMPLE ONE", "Example Two (agent)", "n/a", "", "same as buyer", "various",
    "stock", "university", "see annex 3", "???", "Örnek İki A.Ş.", "none", "Holding One", "㊗",
]  # fmt: skip
PLACES = ["Şanlıurfa", "Hamburg", "Dubai, Jebel Ali Free Zone", "PO Box 12", "", "n/a", "Mosul"]
COUNTRIES = ["TR", "Türkiye", "SY", "IQ", "AE", "Nowhereland", "", "n/a", "RU", "DE"]
TRADES = ["mobile phone shop", "trading company", "Quux and partners", "", "bank", "hospital"]
DAYS = ["2014-07-31", "2014-08-01", "2022-02-24", "2022-02-25", "2023-12-20", "2025-06-01", "", "x"]
POOLS: dict[str, list[str]] = {
    "date": DAYS,
    "product": ["aluminium paste", "urea, 50 kg bags", "office chairs", "turbojet engine", ""],
    "hs_code": ["3212.90", "8411", "854231", "", "what", "8542"],
    "quantity": ["6", "6000", "0.5", "", "n/a"],
    "unit": ["kg", "t", "pcs", ""],
    "licence.status": ["held", "refused", "DE-2021-12345", "", "what"],
    "transit_countries": ["TR", "AE; XX", "", "n/a", "KG, RU"],
    "buyer.phone": ["+90 212 1", "+49 40 5", "040 12", "", "n/a", "+999 1", "0090 1"],
    "buyer.email": ["a@gmail.com", "b@gmail.com", "x@example.com", "no address", ""],
    "buyer.incorporated": ["2013-01-01", "2021-12-31", "", "x"],
    "consignee.region": ["TR-63", "SY-HL", "", "x"],
    **{
        f"{role}.{attribute}": texts
        for role in ("buyer", "consignee", "end_user", "payer", "intermediate_consignee")
        for attribute, texts in {
            "name": NAMES, "country": COUNTRIES, "city": PLACES, "address": PLACES,
            "business": TRADES,
        }.items()
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load_rules()


def told(look: Look, cells: Mapping[str, str]) -> Hashable:
    if isinstance(look, str):
        return cells.get(look)
    own = record_of_texts((path, cells[path]) for path in look.columns)
    if look.part != SAME_NAME:
        return look.tell(own)
    one, other = (own[path].value for path in look.columns)
    if one is None or other is None:
        return None
    return same_name(one, other, reference.legal_forms())


@st.composite
def two_lines(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, str]]:
    """Two lines of the same goods that differ in a few columns."""
    columns = draw(st.lists(st.sampled_from(sorted(POOLS)), unique=True, min_size=2, max_size=20))
    one = {path: draw(st.sampled_from(POOLS[path])) for path in columns}
    other = dict(one)
    changed = [path for path in columns if path not in ("product", "hs_code")]
    for path in draw(st.lists(st.sampled_from(changed or columns), max_size=3)):
        if path in changed:
            other[path] = draw(st.sampled_from(POOLS[path]))
    return one, other


@settings(max_examples=150, deadline=None)
@given(lines=two_lines())
def test_lines_that_look_alike_to_a_test_have_one_verdict(
    book: RuleBook, lines: tuple[dict[str, str], dict[str, str]]
) -> None:
    one, other = lines
    given_columns = frozenset(one)
    judge = judge_of(book)
    records: list[Record] = [record_of_texts(line.items()) for line in lines]
    for rule in book.rules:
        for test in engine_reads.tests_of(rule.when):
            reads = tuple(
                sorted(
                    path
                    for path in read_beside_goods(test)
                    if path in given_columns or path == GOODS
                )
            )
            if not reads:
                continue
            looks = looks_of([test], reads, given_columns)
            if all(told(look, one) == told(look, other) for look in looks if look != GOODS):
                found = [judge.verdict(test, record) for record in records]
                assert found[0] == found[1], (rule.name, test.field, test.operator, looks)


_JUDGES: dict[int, Judge] = {}


def judge_of(book: RuleBook) -> Judge:
    return _JUDGES.setdefault(id(book), Judge(book))


RULES = """
rules:
  - id: one
    title: One
    severity: low
    fact: payer
    when: {payer.name: {known: yes}, buyer.phone_country: {differs_from: buyer.country}}
  - id: two
    title: Two
    severity: low
    fact: end-user
    when: {end_user.stated: {in: [generic, not_stated]}}
"""


def groups_of(columns: list[str]) -> dict[tuple[str, ...], Group]:
    engine = ColumnarEngine(parse_rules(RULES))
    engine.number(pl.DataFrame({path: ["x"] for path in columns}))
    return {group.reads: group for group in engine._groups.groups}


def test_a_telephone_number_is_its_country_and_a_name_is_whether_there_is_one() -> None:
    found = groups_of(["buyer.country", "buyer.phone", "payer.name", "buyer.name", "end_user.name"])
    assert found["buyer.country", "buyer.phone"].looks == (
        Aspect("buyer.country", "state", ("buyer.country",)),
        Aspect("buyer.phone_country", "state", ("buyer.phone",)),
    )
    assert found["payer.name",].looks == (Aspect("payer.name", "given", ("payer.name",)),)
    assert [
        look.part for look in found["buyer.name", "end_user.name"].looks if isinstance(look, Aspect)
    ] == ["given", "same name", "state"]


def test_many_numbers_of_one_country_are_asked_once() -> None:
    engine = ColumnarEngine(parse_rules(RULES.split("  - id: two")[0]), always_cheap=0)
    count = 3_000
    frame = pl.DataFrame(
        {
            "payer.name": [f"Payer {number}" for number in range(count)],
            "buyer.country": ["DE"] * count,
            "buyer.phone": [f"+49 40 {number % 200}" for number in range(count)],
        }
    )
    assert engine.open_lines(frame).places.is_empty()
    for group in engine._groups.groups:
        assert group.outcome_of is None or (group.outcome_of != 0).sum() <= 2
