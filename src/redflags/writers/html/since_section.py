"""What is new, gone and changed since an earlier run, on a page."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from redflags.model.comparisons import Baseline, OrderChange
from redflags.writers.baseline import by_kind, change_told, counts
from redflags.writers.html.elements import Child, Markup, bdi, clean, element, framed
from redflags.writers.html.pictures import in_address
from redflags.writers.html.run_section import table
from redflags.writers.page import counted, sentence

MOST_CHANGED = 50
"""Orders of one kind of change that the section tells; the list has all that are alerts."""

MOST_OPEN = 10
"""Orders up to which a kind stands open: what to do today must not be pushed far down."""

_OPEN = ("new", "raised")
_SAYS_OF_ONE = {
    "new": "raises a flag now and did not then",
    "raised": "is in a higher band than then",
    "changed": "is in the same band, with other flags or on other facts",
    "lowered": "is in a lower band than then",
    "gone": "raised a flag then; now it does not, or it is not in the input",
}
_SAYS = {
    "new": "raise a flag now and did not then",
    "raised": "are in a higher band than then",
    "changed": "are in the same band, with other flags or on other facts",
    "lowered": "are in a lower band than then",
    "gone": "raised a flag then; now they do not, or they are not in the input",
}


def changes_of(found: Baseline) -> dict[str, str]:
    """The kind of change of each order that is not as it was, by its number as a page has it."""
    return {clean(one.order_id): one.change for one in found.orders}


def since_section(found: Baseline, listed_orders: Collection[str]) -> Markup:
    """The section; orders that stand in the list of alerts are linked to it."""
    return element(
        "section",
        element("h2", "Since ", bdi(found.path), id="since"),
        element(
            "ul",
            [
                element("li", _count(kind, count, has_filter=bool(listed_orders)))
                for kind, count in counts(found).items()
            ],
            class_="tally",
        ),
        [_kind(kind, orders, listed_orders) for kind, orders in by_kind(found).items()],
        element("ul", [element("li", bdi(sentence(one))) for one in found.notes], class_="quiet")
        if found.notes
        else None,
        aria_labelledby="since",
    )


def _count(kind: str, count: int, *, has_filter: bool) -> Markup:
    """How many alerts are of a kind; those that can be listed as a button that lists them."""
    told = (element("b", f"{count:,}"), " ", kind)
    if not count or kind == "gone" or not has_filter:
        return element("span", *told)
    return element(
        "button",
        *told,
        type="button",
        data_filter="change",
        data_value=kind,
        title="Show these in the list",
    )


def _kind(kind: str, orders: Sequence[OrderChange], listed_orders: Collection[str]) -> Markup:
    shown = orders[:MOST_CHANGED]
    more = len(orders) - len(shown)
    noun, says = ("order", _SAYS_OF_ONE[kind]) if len(orders) == 1 else ("orders", _SAYS[kind])
    return element(
        "details",
        element("summary", element("strong", f"{len(orders):,} {kind}"), f": {noun} that {says}"),
        table(
            ("Order", "What became of it", "Parties", "Goods"),
            [
                (
                    _order(one.order_id, listed_orders),
                    bdi(sentence(change_told(one))),
                    framed(one.parties or "not stated"),
                    bdi(one.goods or "not stated"),
                )
                for one in shown
            ],
            "The most urgent first",
        ),
        element("p", f"and {counted(more, 'more order')}; the JSON of the same check has them all.")
        if more
        else None,
        open=kind in _OPEN and len(orders) <= MOST_OPEN,
        class_="card",
    )


def _order(order_id: str, listed_orders: Collection[str]) -> Child:
    if clean(order_id) not in listed_orders:
        return bdi(order_id)
    return element("a", bdi(order_id), href=f"#order={in_address(clean(order_id))}")
