"""A quantity in the measure of a bound: packages as what they hold, litres as kilograms.

Every comparison of an amount with a bound goes this way, so that no rule knows what another one
does not.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from redflags import reference
from redflags.model.contents import Content
from redflags.values.amounts import Quantity, convert, format_quantity, noun_of
from redflags.values.packages import plural_of, with_article
from redflags.values.understood import Understood

_BY_CONTENT = frozenset({"mass", "volume"})

_OUTER = frozenset(
    {"pallet", "container", "tank", "carton", "box", "bundle", "tray", "set", "big-bag"}
)
"""Packages that can hold several of the container that a product text names."""

_LEAST_HELD = {"ibc": 300, "big-bag": 250}
"""How much the largest packages hold at the least, in kilograms or litres (judgement). A container
is left out: the word also means a can."""

_ONE_BY_ONE = frozenset({"set", "pair", "cylinder", "tube", "bottle", "can"})
"""Packages that are counted as one piece of goods each: a set of a transmitter and a receiver."""

_IN = {"mass": "kilograms", "volume": "litres", "count": "pieces", "length": "metres"}
_WANTED = {
    "mass": "its mass",
    "volume": "its volume",
    "count": "the number of pieces",
    "length": "its length",
}


class Measured(NamedTuple):
    """What a quantity is in a dimension, and what that assumes.

    ``amount`` is None where it cannot be had; ``why`` then says what is missing. Of an amount that
    ``is_least`` it is known that it is no smaller: it can lie above a bound and never below one;
    ``why`` says what is missing to tell.
    """

    amount: Quantity | None
    assumed: str = ""
    is_least: bool = False
    why: str = ""


def measured_in(
    quantity: Quantity, dimension: str, density: Fraction | None, content: Content | None
) -> Measured:
    """A quantity of goods in a dimension. ``density`` is that of the goods in kilograms a litre,
    ``content`` what the product text says of their packages."""
    if quantity.dimension == dimension:
        is_least = dimension == "count" and _hides_pieces(quantity)
        return Measured(quantity, "", is_least, _hidden(quantity) if is_least else "")
    bought, unpacked = _unpacked(quantity, dimension, content)
    amount, weighed = comparable(bought, dimension, density)
    if amount is not None:
        return Measured(amount, "; ".join(part for part in (unpacked, weighed) if part))
    held, assumed = _at_least(quantity, dimension)
    if held is not None:
        why = f"{assumed}, and how much it holds is not stated"
        return Measured(held, assumed, True, why)
    return Measured(None, why=_why_not(quantity, bought, dimension, content))


def comparable(
    amount: Quantity, dimension: str, density: Fraction | None
) -> tuple[Quantity | None, str]:
    """The quantity in another dimension, with the assumption that this rests on; None if it
    cannot be had. Mass and volume are converted by ``density`` in kilograms a litre."""
    if amount.dimension == dimension:
        return amount, ""
    if density is None or {amount.dimension, dimension} != {"mass", "volume"}:
        return None, ""
    return (
        convert(amount, dimension, density),
        f"a litre is taken to weigh {float(density):g} kg",
    )


def missing_unit(found: Understood, dimension: str, content: Content | None) -> Understood:
    """A quantity without a unit, with what it could be where the product text names a container: a
    bare number is as well so many kilograms as so many sacks, and neither is taken for granted."""
    is_bare = found.value is None and found.needs == ("unit",) and found.why.endswith("has no unit")
    if not is_bare or content is None or not content.container or dimension not in _BY_CONTENT:
        return found
    packed = f"{plural_of(content.noun)} of {format_quantity(content.amount)}"
    return replace(found, why=f"{found.why}: it could be {_IN[dimension]} or {packed}")


def _unpacked(quantity: Quantity, dimension: str, content: Content | None) -> tuple[Quantity, str]:
    """A number of packages, or of pieces that a container is named for, as what they hold, with
    the assumption that this rests on."""
    if content is None or quantity.dimension != "count" or dimension not in _BY_CONTENT:
        return quantity, ""
    holds = format_quantity(content.amount)
    if not quantity.is_package:
        if not content.container:
            return quantity, ""
        count = Fraction(quantity.amount, 1000)
        container = with_article(content.noun)
        said = f"each piece is taken for {container} of {holds}, as the product text says"
    else:
        if _holds_several(quantity, content):
            return quantity, ""
        unit = reference.units().find(quantity.unit)
        count = Fraction(quantity.amount) / (Fraction(1000) if unit is None else unit.factor)
        said = f"each {noun_of(quantity)} is taken to hold {holds}, as the product text says"
    number = content.amount.number * count
    return replace(content.amount, amount=int(content.amount.amount * count), number=number), said


def _holds_several(quantity: Quantity, content: Content) -> bool:
    """Whether a package can hold several of the containers that the product text speaks of."""
    return (
        bool(content.container) and quantity.unit != content.container and (quantity.unit in _OUTER)
    )


def _at_least(quantity: Quantity, dimension: str) -> tuple[Quantity | None, str]:
    """What so many of the largest packages hold at the least, where their content is not stated.

    It shows that a lot is bulk, never that it is not: the largest hold many times as much.
    """
    least = _LEAST_HELD.get(quantity.unit)
    measure = reference.units().find({"mass": "kg", "volume": "l"}.get(dimension, ""))
    unit = reference.units().find(quantity.unit)
    if least is None or measure is None or unit is None or quantity.amount <= 0:
        return None, ""
    number = Fraction(quantity.amount) / unit.factor * least
    held = Quantity(dimension, int(number * measure.factor), measure.id, number)
    noun = with_article(noun_of(quantity))
    return held, f"{noun} is taken to hold at least {least} {measure.symbol}"


def _hides_pieces(quantity: Quantity) -> bool:
    """Whether goods that count by the piece are counted by the carton: three pallets of telephones
    are at least three, and more."""
    return quantity.is_package and quantity.unit not in _ONE_BY_ONE and quantity.amount > 0


def _hidden(quantity: Quantity) -> str:
    verb = "holds" if quantity.number == 1 else "hold"
    return f"how many pieces {format_quantity(quantity)} {verb} is not stated"


def _why_not(quantity: Quantity, bought: Quantity, dimension: str, content: Content | None) -> str:
    """What is missing to compare a quantity, which is stated, with a bound of another dimension."""
    if quantity.dimension == "count" and bought.dimension == "count":
        noun = noun_of(quantity)
        given = plural_of(noun)
        wanted = f"{_WANTED[dimension]} is needed"
        if dimension in _BY_CONTENT:
            wanted = f"{_WANTED[dimension]} is needed, or what one {noun} holds"
            if content is not None and quantity.is_package:
                wanted += f" (how many {plural_of(content.noun)} that is, is not stated)"
            elif content is not None:
                stated = format_quantity(content.amount)
                wanted += f" (the product text says {stated}, and not of which package)"
    else:
        given, wanted = _IN[quantity.dimension], f"{_WANTED[dimension]} is needed"
        if quantity.dimension == "count":
            given = f"{plural_of(noun_of(quantity))} of {format_quantity(bought)}"
    return f"the quantity is in {given} and the bound in {_IN[dimension]}: {wanted}"
