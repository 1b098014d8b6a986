"""Which lines may be of the windows of a rule across orders, as a condition on one line."""

from __future__ import annotations

from redflags import reference
from redflags.engine.reads import GOODS
from redflags.rulebook.tree import Condition, Group, Rule, Test


def membership(rule: Rule) -> Group:
    """What has to hold of a line for it to be of a window of this rule: its ``where``; and goods of
    some family, where windows are kept together by that. An empty one always holds."""
    across = rule.across
    assert across is not None
    parts: tuple[Condition, ...] = () if across.where is None else (across.where,)
    if any(one.kind == "field" and one.path == GOODS for one in across.same):
        families = frozenset(reference.families())
        some = Test(GOODS, "in", families, "of some family", across.place)
        parts = (*parts, some)
    return Group("all", parts, across.place)
