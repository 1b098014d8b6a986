"""What is new, gone and changed since an earlier run, for a person."""

from __future__ import annotations

from redflags.model.results import Baseline, OrderChange
from redflags.writers.page import Page, counted, listed

MOST_ORDERS = 15
"""Orders of one kind of change that are told; the rest is a count."""

MOST_RULES = 3


def write_baseline(found: Baseline, page: Page) -> None:
    """Write a section on the changes: counts, then the orders, new and raised ones first."""
    page.heading(f"Since {found.path}")
    counts = (
        f"{found.new:,} new, {found.raised:,} raised, {found.changed:,} changed, "
        f"{found.lowered:,} lowered, {found.gone:,} gone, {found.unchanged:,} as they were"
    )
    page.labelled("alerts", counts)
    kinds: dict[str, list[OrderChange]] = {}
    for one in found.orders:
        kinds.setdefault(one.change, []).append(one)
    for kind, orders in kinds.items():
        for number, one in enumerate(orders[:MOST_ORDERS]):
            page.labelled("" if number else kind, _told(one), label_style="bold")
        if len(orders) > MOST_ORDERS:
            more = len(orders) - MOST_ORDERS
            page.labelled("", f"and {counted(more, 'more order')}; --format json has them all")
    for note in found.notes:
        page.labelled("note", note, style="quiet")


def _told(one: OrderChange) -> str:
    said = f"{one.order_id}: "
    if one.change == "new":
        return said + f"{one.band} {one.score:.1f}, {_rules(one.new_flags)}"
    if one.change == "gone":
        return said + f"was {one.band_before} {one.score_before:.1f}, no longer raised or not there"
    if one.band == one.band_before and one.score == one.score_before:
        said += f"{one.band} {one.score:.1f} as before"
    else:
        said += f"{one.band} {one.score:.1f}, was {one.band_before} {one.score_before:.1f}"
    parts = [
        f"{word} {_rules(rules)}"
        for word, rules in (
            ("new", one.new_flags),
            ("gone", one.gone_flags),
            ("on other facts", one.changed_flags),
        )
        if rules
    ]
    return "; ".join([said, *parts])


def _rules(names: tuple[str, ...]) -> str:
    return listed((name.partition("/")[2] or name for name in names), MOST_RULES)
