"""What is new, gone and changed since an earlier run, for a person."""

from __future__ import annotations

from redflags.model.comparisons import Baseline, OrderChange
from redflags.writers.page import Page, counted, listed

MOST_ORDERS = 15
"""Orders of one kind of change that are told; the rest is a count."""

MOST_RULES = 3


def write_baseline(found: Baseline, page: Page) -> None:
    """Write a section on the changes: counts, then the orders, new and raised ones first."""
    page.heading(f"Since {found.path}")
    page.labelled("alerts", counts_told(found))
    for kind, orders in by_kind(found).items():
        for number, one in enumerate(orders[:MOST_ORDERS]):
            told = f"{one.order_id}: {change_told(one)}"
            page.labelled("" if number else kind, told, label_style="bold")
        if len(orders) > MOST_ORDERS:
            more = len(orders) - MOST_ORDERS
            page.labelled("", f"and {counted(more, 'more order')}; --format json has them all")
    for note in found.notes:
        page.labelled("note", note, style="quiet")


def counts_told(found: Baseline) -> str:
    """How many alerts are new, gone and changed, and how many as they were."""
    return ", ".join(f"{count:,} {word}" for word, count in counts(found).items())


def counts(found: Baseline) -> dict[str, int]:
    """How many alerts there are of each kind of change, the most pressing first."""
    return {
        "new": found.new,
        "raised": found.raised,
        "changed": found.changed,
        "lowered": found.lowered,
        "gone": found.gone,
        "as they were": found.unchanged,
    }


def by_kind(found: Baseline) -> dict[str, list[OrderChange]]:
    """The orders of each kind of change, in the order of the comparison."""
    kinds: dict[str, list[OrderChange]] = {}
    for one in found.orders:
        kinds.setdefault(one.change, []).append(one)
    return kinds


def change_told(one: OrderChange) -> str:
    """What became of one order, beside its number and the kind of change."""
    if one.change == "new":
        return f"{one.band} {one.score:.1f}, {_rules(one.new_flags)}"
    if one.change == "gone":
        return f"was {one.band_before} {one.score_before:.1f}, no longer raised or not there"
    if one.band == one.band_before and one.score == one.score_before:
        said = f"{one.band} {one.score:.1f} as before"
    else:
        said = f"{one.band} {one.score:.1f}, was {one.band_before} {one.score_before:.1f}"
    parts = [
        f"{word} {_rules(rules)}"
        for word, rules in (
            ("new", one.new_flags),
            ("gone", one.gone_flags),
            ("on other facts", one.changed_flags),
            ("over more orders", one.grown_flags),
        )
        if rules
    ]
    return "; ".join([said, *parts])


def _rules(names: tuple[str, ...]) -> str:
    return listed((name.partition("/")[2] or name for name in names), MOST_RULES)
