"""What the window of a rule across orders had to do with the outcome of an example."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from redflags.engine.judge import Judge
from redflags.engine.windows import WindowVerdict, rule_window
from redflags.explain.windows import in_one_clause, window_evidence
from redflags.model.record import Record
from redflags.rulebook.tree import Having, Rule

OUTCOMES = {True: "flag", False: "no flag", None: "incomplete"}
"""What an example can expect, by the verdict of the rule."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A condition that decided an outcome, as a sentence, with the test as it is written."""

    test: str
    sentence: str


def window_decided(
    rule: Rule, record: Record, others: Sequence[Record], judge: Judge, outcome: str
) -> tuple[Decided, ...]:
    """What is asked of the window and decided an outcome; empty where one line decided it."""
    found = rule_window(rule, record, others, judge)
    if found is None or rule.across is None or OUTCOMES[found.verdict] != outcome:
        return ()
    if found.verdict is False:
        decided = (_failing(rule, one, record, others, judge) for one in rule.across.having)
        return tuple(one for one in decided if one is not None)
    asked = "; ".join(asked_of(one) for one in rule.across.having)
    told = in_one_clause(window_evidence(rule, record, found))
    needs = "; ".join(f"{what}: {why}" for what, why in found.needs)
    return (Decided(asked, f"{told}; {needs}" if needs else told),)


def _failing(
    rule: Rule, having: Having, record: Record, others: Sequence[Record], judge: Judge
) -> Decided | None:
    """Why one thing that is asked does not hold; None where it does, or may."""
    alone = _asking(rule, having)
    found = rule_window(alone, record, others, judge)
    if found is None or found.verdict is not False:
        return None
    # Of a window that fails nothing is measured, so its opposite is asked for.
    for opposite in opposites(having):
        met = rule_window(_asking(rule, opposite), record, others, judge)
        if met is not None and met.verdict is True:
            measured = tuple((having, number) for _, number in met.measured)
            shown: WindowVerdict = replace(met, measured=measured)
            told = in_one_clause(window_evidence(alone, record, shown))
            return Decided(asked_of(having), told)
    return Decided(asked_of(having), "no other order of the window has what is asked for")


def _asking(rule: Rule, having: Having) -> Rule:
    assert rule.across is not None
    return replace(rule, across=replace(rule.across, having=(having,)))


_OPPOSITES = {
    "at_least": "less_than",
    "less_than": "at_least",
    "more_than": "at_most",
    "at_most": "more_than",
}


def opposites(having: Having) -> Iterator[Having]:
    """What holds where another does not; of a range what lies below it and what lies above, of
    `some` nothing."""
    if having.measure == "first":
        yield replace(having, operand=not having.operand)
    elif having.operator == "between":
        low, high = having.operand
        yield replace(having, operator="less_than", operand=low)
        yield replace(having, operator="more_than", operand=high)
    elif having.operator in _OPPOSITES:
        yield replace(having, operator=_OPPOSITES[having.operator])


def asked_of(having: Having) -> str:
    """What is asked of a window, as its author wrote it."""
    if having.block is not None:
        return "some: {…}"
    if not having.operator:
        return f"{having.measure}: {having.written}"
    of = f"({having.field})" if having.field else ""
    return f"{having.measure}{of}: {{{having.operator}: {having.written}}}"
