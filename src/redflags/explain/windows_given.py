"""Judging an order with some facts put otherwise where rules look across orders.

Where there is no other order, windows are judged anew. Where there are others they are not: what a
window said of the order as it stands stands for it still, unless a fact that the window looks at is
put otherwise. Then nobody knows what it would say, and it counts as if it spoke against the order.
So an order that is found to be below the line is so whatever the windows say, with at most the
score that is told; that some sets of facts are missed is the price. To say that no part of a set
does so, it is asked the other way round, too: as if such a window spoke for the order.
"""

from __future__ import annotations

from collections.abc import Sequence

from redflags.across.identity import PARTY_PATHS
from redflags.engine.judge import Judge, Verdicts
from redflags.engine.reads import GOODS, GOODS_COLUMNS, behind
from redflags.engine.windows import (
    OUTSIDE,
    WindowSheet,
    WindowVerdict,
    across_rules,
    is_return,
    settled,
)
from redflags.explain.assess import Windows
from redflags.model.fields import roles
from redflags.model.record import Record, TextRecord
from redflags.rulebook.tree import Rule

SPEAKS_AGAINST = WindowVerdict(True)
"""What counts for a window with facts that it was not asked with; :data:`OUTSIDE` speaks for the
order."""

_RETURN = "\0return"
"""Returns are of no window. The name is one that no field has."""


class WindowsGiven:
    """Judges the lines of one order together: as they stand, or with some facts put otherwise."""

    def __init__(
        self, judge: Judge, lines: Sequence[Record], windows: Sequence[Windows] | None
    ) -> None:
        """``windows`` are what those of each of the lines said; None: there is no other order."""
        self._judge = judge
        self._lines = list(lines)
        self._windows = windows
        self._looks_at: dict[str, frozenset[str]] = {}

    def __call__(self, records: Sequence[Record]) -> list[Verdicts]:
        """The verdicts on the lines, in their order, where ``records`` stand for them; windows that
        nobody knows speak against the order."""
        return self._verdicts(records, SPEAKS_AGAINST)

    def at_least(self, records: Sequence[Record]) -> list[Verdicts]:
        """The same, where windows that nobody knows speak for the order."""
        return self._verdicts(records, OUTSIDE)

    def _verdicts(self, records: Sequence[Record], not_known: WindowVerdict) -> list[Verdicts]:
        found = [self._judge.verdicts(record) for record in records]
        if not any(across_rules(verdicts) for verdicts in found):
            return found
        if self._windows is None:
            own = windows_alone(records, found, self._judge)
            return [settled(one, said) for one, said in zip(found, own, strict=True)]
        changed: set[str] = set()
        for before, after in zip(self._lines, records, strict=True):
            changed |= changed_paths(before, after)
        return [
            settled(
                verdicts,
                {
                    rule.name: self._said(rule, own, changed, not_known)
                    for rule in across_rules(verdicts)
                },
            )
            for verdicts, own in zip(found, self._windows, strict=True)
        ]

    def _said(
        self, rule: Rule, windows: Windows, changed: set[str], not_known: WindowVerdict
    ) -> WindowVerdict:
        if changed and not changed.isdisjoint(self._paths(rule)):
            return not_known
        return windows.get(rule.name, not_known if changed else OUTSIDE)

    def _paths(self, rule: Rule) -> frozenset[str]:
        found = self._looks_at.get(rule.name)
        if found is None:
            found = self._looks_at[rule.name] = looked_at(rule, self._judge)
        return found


def windows_alone(
    records: Sequence[Record], verdicts: Sequence[Verdicts], judge: Judge
) -> list[Windows]:
    """What the windows of the lines of one order say where there is no other."""
    sheet = WindowSheet(judge)
    asked = {
        sheet.add(record, "the order"): across_rules(one)
        for record, one in zip(records, verdicts, strict=True)
    }
    found = sheet.judge(asked)
    return [found[number] for number in asked]


def looked_at(rule: Rule, judge: Judge) -> frozenset[str]:
    """The stated fields of an order that decide what window of the rule it is in, and what the
    window says."""
    across = rule.across
    assert across is not None
    found: set[str] = {"order_id", "date", _RETURN}
    for condition in (across.where, *(one.block for one in across.having)):
        if condition is not None:
            found.update(judge.reads_of(condition))
    paths = {one.path for one in across.same if one.kind == "field"}
    paths.update(one.field for one in across.having if one.field and one.field not in roles())
    if "quantity" in paths:
        paths.add(GOODS)  # mass is compared with volume by the density of the goods
    found.update(*(behind(path) for path in paths))
    if any(one.kind != "field" for one in across.same) or any(
        one.field in roles() for one in across.having
    ):
        # Who a party is, and whom it is linked with, may hang on what is said of any other.
        found.update(roles())
    return frozenset(found.union(GOODS_COLUMNS) if GOODS in found else found)


def changed_paths(before: Record, after: Record) -> set[str]:
    """The stated fields that are not as they were; for one that says who a party is its role, too,
    and whether the line is a return, where that is not as it was."""
    if before is after:
        return set()
    if isinstance(before, TextRecord) and isinstance(after, TextRecord):
        then, now = before.texts, after.texts
        paths = {path for path in then.keys() | now.keys() if then.get(path) != now.get(path)}
    else:
        stated = {*before.stated_paths(), *after.stated_paths()}
        paths = {path for path in stated if _says(before, path) != _says(after, path)}
    found = paths | {role for role, own in PARTY_PATHS.items() if not paths.isdisjoint(own)}
    return found | {_RETURN} if is_return(before) is not is_return(after) else found


def _says(record: Record, path: str) -> str | None:
    return record[path].written if record.states(path) else None
