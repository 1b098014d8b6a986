"""The durable engine: what it takes, what it refuses, and that nothing makes it crash or hang."""

from __future__ import annotations

import datetime
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from redflags import Screener, Transaction
from redflags.engine import durable_rules
from redflags.engine.durable import DurableEngine, EngineError
from redflags.engine.durable_native import native_test
from redflags.engine.durable_plan import LONGEST_PATTERN, plan
from redflags.engine.durable_rules import (
    MOST_PATTERNS,
    MOST_PROPERTIES,
    PatternSet,
    property_name,
)
from redflags.engine.judge import Judge
from redflags.errors import ConfigurationError
from redflags.model import Record
from redflags.model.record import record_of
from redflags.rulebook import RuleBook
from redflags.rulebook.tree import Test
from tests.strategies import LEAVES, book_of

ROOT = Path(__file__).parents[1]


def reason_it_is_missing() -> str:
    try:
        durable_rules.core()
    except EngineError as error:
        return str(error)
    return ""


MISSING = reason_it_is_missing()
needs_durable = pytest.mark.skipif(bool(MISSING), reason=MISSING)


def given_as(order: dict[str, str]) -> Record:
    return record_of(Transaction.model_validate(order))


def only_test(when: dict[str, Any]) -> Test:
    [test] = book_of(when).rules[0].when.parts
    assert isinstance(test, Test)
    return test


# Without the package


@pytest.mark.parametrize(("version", "error", "said"), [
    ((3, 11, 9), ModuleNotFoundError("no module"), r"install redflags\[durable\].*C compiler"),
    ((3, 12, 1), ImportError("undefined symbol: x"), r"damaged: undefined symbol: x"),
    ((3, 13, 0), ModuleNotFoundError("no module"), r"does not run on Python 3\.13"),
    ((3, 13, 0), ImportError("undefined symbol: PyEval_CallObject"), r"Python 3\.11 or 3\.12"),
])  # fmt: skip
def test_the_reason_is_said_where_it_cannot_be_imported(
    monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], error: Exception, said: str
) -> None:
    def refuse(name: str) -> None:
        raise error

    book = book_of({"buyer.country": "TR"})
    monkeypatch.setattr(importlib, "import_module", refuse)
    monkeypatch.setattr(sys, "version_info", version)
    durable_rules.core.cache_clear()
    try:
        with pytest.raises(ConfigurationError, match=said):
            DurableEngine(book)
    finally:
        durable_rules.core.cache_clear()


# The form in which a rule book goes in: needs no package


def whens() -> list[dict[str, Any]]:
    leaves = [{field: test} for field, test in LEAVES]
    weights = [{"quantity": {"at_least": f"{number} kg"}} for number in range(1, 500)]
    return [
        *leaves,
        {"any": weights},
        {"none": weights},
        {"all": weights},
        {"all": [{"any": leaves[start : start + 10]} for start in range(0, 40, 4)]},
        {"any": [{"all": [{"any": leaves[:20]}, {"none": [leaf]}]} for leaf in leaves]},
        {"all": [{"any": [{"all": weights[:150]}, leaf]} for leaf in leaves[:3]]},
    ]


def test_every_set_of_patterns_keeps_the_limits() -> None:
    made = plan(book_of(*whens()).rules)
    assert len(made.levels) > 2
    for level in made.levels:
        for patterns in level:
            assert len(patterns) <= MOST_PATTERNS
            assert len({atom[0] for pattern, _ in patterns for atom in pattern}) <= MOST_PROPERTIES
            assert all(0 < len(pattern) <= LONGEST_PATTERN for pattern, _ in patterns)


def test_constants_are_whole_numbers_within_53_bits_or_short_words() -> None:
    made = plan(book_of(*whens()).rules)
    for level in made.levels:
        for patterns in level:
            for pattern, _ in patterns:
                for _, operator, constant in pattern:
                    assert operator in ("", "$neq", "$lt", "$lte", "$gt", "$gte")
                    if isinstance(constant, str):
                        assert re.fullmatch(r"[\w-]{1,60}", constant, re.ASCII)
                        assert operator in ("", "$neq")
                    else:
                        assert type(constant) is int
                        assert abs(constant) < 2**53


def test_a_property_is_worked_out_before_it_is_read() -> None:
    made = plan(book_of(*whens()).rules)
    known = set(made.tests) | set(made.native)
    for level in made.levels:
        set_here = set()
        for patterns in level:
            for pattern, targets in patterns:
                assert {atom[0] for atom in pattern} <= known
                set_here |= {number for kind, number in targets if kind == "property"}
        known |= set_here


def hash_of(name: str) -> int:
    """How durable-rules identifies a property: FNV-1a, 32 bits (``fnv1Hash32`` in json.c)."""
    value = 2166136261
    for letter in name.encode():
        value = (value ^ letter) * 16777619 % 2**32
    return value


def test_no_two_property_names_look_the_same_to_durable_rules() -> None:
    names = [property_name(number) for number in range(MOST_PROPERTIES)]
    names += ["id", "sid", "begin", "$s", "$forward"]
    assert len({hash_of(name) for name in names}) == len(names)


@pytest.mark.parametrize(("when", "is_native"), [
    ({"quantity": {"at_least": "100 kg"}}, True),
    ({"quantity": {"between": ["1 kg", "7 t"]}}, True),
    ({"quantity": {"at_least": "9007 t"}}, True),
    ({"quantity": {"at_least": "9008 t"}}, False),
    ({"quantity": {"between": ["1 kg", "9008 t"]}}, False),
    ({"quantity": {"more_than": {"table": "lots"}}}, False),
    ({"value": {"less_than": "10000 USD"}}, True),
    ({"concentration": {"more_than": "12 %"}}, True),
    ({"buyer.age": {"less_than": "2 years"}}, True),
    ({"date": {"before": "2015-08-01"}}, True),
    ({"buyer.country": "TR"}, True),
    ({"licence.status": {"in": ["held", "applied"]}}, True),
    ({"buyer.business": {"not_in_list": "traders"}}, True),
    ({"destinations": {"in": ["SY", "TR"]}}, False),
    ({"product": {"mentions": ["paste"]}}, False),
    ({"buyer.name": {"is": "Example One"}}, False),
    ({"hs_code": {"under": ["3212"]}}, False),
    ({"licence.status": {"known": "no"}}, False),
])  # fmt: skip
def test_only_what_was_proven_exact_is_decided_by_durable_rules(
    when: dict[str, Any], is_native: bool
) -> None:
    assert (native_test(only_test(when)) is not None) is is_native


# With the package


@needs_durable
def test_an_exception_is_not_lost_and_leaves_no_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    patterns = PatternSet([[("p0", "", 1)], [("p1", "$gte", 5)]])
    assert patterns.matches('"p0":1,"p1":7') == [0, 1]

    class Failing:
        """The core, but for one call that fails."""

        def __init__(self, failing: str) -> None:
            self._failing = failing

        def __getattr__(self, name: str) -> Any:
            if name == self._failing:
                raise RuntimeError("it failed")
            return getattr(durable_rules.core(), name)

    for name in ("start_action_for_state", "complete_and_start_action", "retract_fact"):
        with monkeypatch.context() as changed:
            changed.setattr(patterns, "_core", Failing(name))
            with pytest.raises(RuntimeError, match="it failed"):
                patterns.matches('"p0":1,"p1":7')
        assert patterns.facts() == []
        assert patterns.matches('"p1":5') == [1]
        assert patterns.facts() == []


@needs_durable
def test_what_durable_rules_cannot_read_is_an_error_and_the_next_fact_is_judged() -> None:
    patterns = PatternSet([[("p0", "", 1)]])
    for fact in ('"p0":1e-07', '"p0":1e+22', '"p0":', '"p0":1,"p1":inf'):
        with pytest.raises(EngineError, match="error code"):
            patterns.matches(fact)
        assert patterns.matches('"p0":1') == [0]
    assert patterns.facts() == []


@needs_durable
def test_lists_count_on_the_day_that_is_given() -> None:
    book = book_of({"product.family": {"in_list": "goods"}})
    values = given_as({"product": "aluminium paste", "date": "2014-01-01"})
    assert not DurableEngine(book).verdicts(values)
    for day in (datetime.date(2016, 1, 1), datetime.date(2010, 1, 1)):
        assert DurableEngine(book, day).verdicts(values) == Judge(book, day).verdicts(values)
    assert DurableEngine(book, datetime.date(2016, 1, 1)).verdicts(values).true == book.rules


@needs_durable
def test_verdicts_come_in_the_order_of_the_rule_book() -> None:
    book = book_of(*[{"buyer.country": "TR"}] * 30, *[{"payer.country": "TR"}] * 30)
    values = given_as({"buyer.country": "TR"})
    assert DurableEngine(book).verdicts(values) == Judge(book).verdicts(values)


@needs_durable
def test_the_shipped_packs_fit() -> None:
    book = Screener().rules
    assert isinstance(book, RuleBook)
    assert len(DurableEngine(book).pattern_sets) < len(book.rules)


# Each in a process of its own: what is wrong with compiled code ends the process

CASES = re.findall(
    r"^def (\w+)\(\) -> None:", (ROOT / "tests" / "durable_child.py").read_text("utf-8"), re.M
)


@needs_durable
@pytest.mark.parametrize("case", CASES)
def test_nothing_crashes_hangs_or_differs(case: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.durable_child", case],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stdout.strip()) == (0, "same"), ended.stderr[-3000:]
