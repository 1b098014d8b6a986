"""What the system that wrote a file means by a name: told by the other columns of that system."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from redflags.intake import content
from redflags.intake.open_columns import Column, Resolution
from redflags.intake.recognition import Meaning, recognise

_SHOPS = ("Shopify", "WooCommerce")
"""Systems of web shops, which sell by the item."""

_BARE_NUMBERS = frozenset({"No.", "Nr."})
"""What the number of a document is called where the table is that of the documents."""

_DYNAMICS = "Dynamics"


def settle_systems(work: Resolution) -> None:
    """Of a word that a system uses in a sense of its own take that sense where other columns are
    that system's, and only there; see also :func:`_is_number_of_the_order`."""
    votes = _systems(
        [column.meanings for column in work.columns]
        + [recognise(column.name) for column in work.settled]
    )
    for column in work.columns:
        own = [one for one in column.meanings if not one.is_language]
        if own and len(own) < len(column.meanings):
            spoken = [one for one in own if votes[one.origin]]
            column.meanings = spoken or [one for one in column.meanings if one.is_language]
    for column in work.columns:
        if votes[_DYNAMICS] and _is_number_of_the_order(work, column):
            why = (
                f"{_DYNAMICS} field {column.name}: the number of the document; its cells are codes"
                ", and the customer stands behind it"
            )
            column.meanings = [Meaning("order_id", 2, _DYNAMICS, why, is_language=False)]


def shop_of(names: Iterable[str]) -> str:
    """The web shop of which some column is; empty if there is none."""
    votes = _systems(recognise(name) for name in names)
    return next((shop for shop in _SHOPS if votes[shop]), "")


def _systems(every: Iterable[Iterable[Meaning]]) -> Counter[str]:
    """How many columns are of each system, by names that nothing else has."""
    return Counter(
        next(iter(origins))
        for meanings in every
        if len(origins := {one.origin for one in meanings if one.path}) == 1
        and not any(one.is_language for one in meanings)
    )


def _is_number_of_the_order(work: Resolution, column: Column) -> bool:
    """Whether a bare number is that of the order: in the table of goods it is that of the goods."""
    if column.meanings or column.name.strip() not in _BARE_NUMBERS or "order_id" in work.taken:
        return False
    behind = next((one for one in work.columns if one.position == column.position + 1), None)
    return (
        content.are_codes(column.texts)
        and behind is not None
        and any(one.role in ("buyer", "bill_to") for one in behind.meanings)
        and not any(one.path == "order_id" for each in work.columns for one in each.meanings)
    )
