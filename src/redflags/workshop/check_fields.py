"""Checks against a file of orders: fields that real files do not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from redflags.explain.evidence import base_fields
from redflags.rulebook.tree import Condition, Named, Test
from redflags.workshop.checks import ADVICE, Raised, check
from redflags.workshop.subject import Stated, Subject

SELDOM = 5
"""Per cent of the rows below which a field counts as rarely stated (judgement)."""

_ANSWERED = ("observations.", "observed.")
"""Fields that people answer, and that no file of orders has."""


@check("RL701", "a field that the file rarely has", ADVICE)
def rare_field(subject: Subject) -> Iterator[Raised]:
    """A rule cannot hold without a field that the file given with `--data` has no column for, or
    states in fewer than one row of twenty. On such files the rule is nearly always incomplete.

    To do: ask for the column, find another sign of the same, or expect the rule to be silent.

    Bad:

        rules:
          - id: paste-for-a-young-firm
            title: Aluminium paste for a young firm
            severity: low
            fact: new-party
            when: {product.family: aluminium-paste, buyer.incorporated: {after: 2020-01-01}}

    Good:

        rules:
          - id: paste-for-a-phone-shop
            title: Aluminium paste for a phone shop
            severity: low
            fact: trade
            when: {product.family: aluminium-paste, buyer.business: mobile-phone-shop}
    """
    stated = subject.stated
    if stated is None:
        return
    for rule in subject.rules:
        told: set[str] = set()
        for test in _needed(rule.when):
            if test.field.startswith(_ANSWERED) or test.field in told or _is_stated(test, stated):
                continue
            told.add(test.field)
            bases = sorted(base_fields(test.field))
            shown = " or ".join(_often(path, stated) for path in bases[:4])
            yield Raised(f"the rule needs {test.field}: {shown}", test.place, rule.name)


def _needed(condition: Condition) -> Iterator[Test]:
    """The tests without which a condition cannot hold."""
    if isinstance(condition, Test):
        if condition.operator != "known" or condition.operand:
            yield condition
    elif isinstance(condition, Named):
        yield from _needed(condition.block)
    elif condition.kind == "all" or (condition.kind == "any" and len(condition.parts) == 1):
        for part in condition.parts:
            yield from _needed(part)


def _is_stated(test: Test, stated: Mapping[str, Stated]) -> bool:
    return any(
        path in stated and stated[path].given * 100 >= SELDOM * max(1, stated[path].rows)
        for path in (test.field, *base_fields(test.field))
    )


def _often(path: str, stated: Mapping[str, Stated]) -> str:
    found = stated.get(path)
    if found is None:
        return f"the file has no {path}"
    return f"{path} is stated in {found.given} of {found.rows} rows"
