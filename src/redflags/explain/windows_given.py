"""Judging an order with some facts put otherwise where rules look across orders.

The other orders of a window are not judged anew: what a window said of the order as it stands
stands for it still, unless a fact that the window looks at is put otherwise. Then nobody knows what
it would say, and it counts as if it spoke against the order. So an order that is found to be below
the line is so whatever the windows say; that some sets of facts are missed is the price.
"""

from __future__ import annotations

from collections.abc import Sequence

from redflags.engine.judge import Judge, Verdicts
from redflags.engine.reads import GOODS, GOODS_COLUMNS, behind
from redflags.engine.windows import OUTSIDE, WindowVerdict, across_rules, settled
from redflags.explain.assess import Windows
from redflags.model.fields import roles
from redflags.model.record import Record, TextRecord
from redflags.rulebook.tree import Rule

SPEAKS_AGAINST = WindowVerdict(True)
"""What counts for a window that nobody can know."""


class WindowsGiven:
    """Judges the lines of one order together: as they stand, or with some facts put otherwise."""

    def __init__(self, judge: Judge, lines: Sequence[Record], windows: Sequence[Windows]) -> None:
        """``windows`` are what those of each of the lines said."""
        self._judge = judge
        self._lines = list(lines)
        self._windows = list(windows)
        self._looks_at: dict[str, frozenset[str]] = {}

    def __call__(self, records: Sequence[Record]) -> list[Verdicts]:
        """The verdicts on the lines, in their order, where ``records`` stand for them."""
        found = [self._judge.verdicts(record) for record in records]
        if not any(across_rules(verdicts) for verdicts in found):
            return found
        changed: set[str] = set()
        for before, after in zip(self._lines, records, strict=True):
            changed |= changed_paths(before, after)
        return [
            settled(
                verdicts,
                {rule.name: self._said(rule, own, changed) for rule in across_rules(verdicts)},
            )
            for verdicts, own in zip(found, self._windows, strict=True)
        ]

    def _said(self, rule: Rule, windows: Windows, changed: set[str]) -> WindowVerdict:
        if changed and not changed.isdisjoint(self._paths(rule)):
            return SPEAKS_AGAINST
        return windows.get(rule.name, SPEAKS_AGAINST if changed else OUTSIDE)

    def _paths(self, rule: Rule) -> frozenset[str]:
        found = self._looks_at.get(rule.name)
        if found is None:
            found = self._looks_at[rule.name] = looked_at(rule, self._judge)
        return found


def looked_at(rule: Rule, judge: Judge) -> frozenset[str]:
    """The stated fields of an order that decide what window of the rule it is in, and what the
    window says."""
    across = rule.across
    assert across is not None
    # Lines with a negative quantity or value are returns, which are of no window.
    paths = {"order_id", "date", "quantity", "value", GOODS}
    found: set[str] = set()
    for condition in (across.where, *(one.block for one in across.having)):
        if condition is not None:
            found.update(judge.reads_of(condition))
    paths.update(one.path for one in across.same if one.kind == "field")
    paths.update(one.field for one in across.having if one.field and one.field not in roles())
    found.update(*(behind(path) for path in paths))
    if any(one.kind != "field" for one in across.same) or any(
        one.field in roles() for one in across.having
    ):
        # Who a party is, and whom it is linked with, may hang on what is said of any other.
        found.update(roles())
    return frozenset(found.union(GOODS_COLUMNS))


def changed_paths(before: Record, after: Record) -> set[str]:
    """The stated fields that are not as they were; for one of a party its role, too."""
    if before is after:
        return set()
    if isinstance(before, TextRecord) and isinstance(after, TextRecord):
        then, now = before.texts, after.texts
        paths = {path for path in then.keys() | now.keys() if then.get(path) != now.get(path)}
    else:
        stated = {*before.stated_paths(), *after.stated_paths()}
        paths = {path for path in stated if _says(before, path) != _says(after, path)}
    return paths | {path.partition(".")[0] for path in paths}


def _says(record: Record, path: str) -> str | None:
    return record[path].written if record.states(path) else None
