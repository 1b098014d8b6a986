"""Bounds on plain numbers, for whole columns at once.

Quantities and values seldom come twice, so a verdict for each text would be one for each line. But
where the unit and the goods are the same, the verdict of a bound turns at one number at most. The
judge itself is asked where that is, by halving; so rounding, units and densities are its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from redflags.engine.leaves import Verdict
from redflags.model.notation import Notation, Notations
from redflags.model.record import COMPANION_COLUMNS
from redflags.rulebook.tree import LimitTable, Test

if TYPE_CHECKING:
    import polars as pl

PLAIN_AMOUNT = r"^(?:[1-9][0-9]{0,8}(?:\.[0-9]{1,2})?|0\.(?:[1-9][0-9]?|0[1-9]))$"
"""Numbers that can be read in one way only, not zero, with at most two decimals."""

HIGHEST = (10**11 - 1, 10**8 - 1, 10**5 - 1)
"""Hundredths up to which a plain amount is understood: with a large unit not all of them are."""

_SINGLE = frozenset({"at_least", "more_than", "at_most", "less_than"})

Turn = tuple[int, bool]
"""The first number of hundredths from which the verdict is the second; before, it is the other."""

Ask = Callable[[Test, str], Verdict]
"""The judge's verdict on a test when the amount is this text."""


def bounds_of(
    test: Test, columns: Sequence[str], notation: Notation | Notations
) -> tuple[Test, ...]:
    """The single bounds that a test demands together; none where it is not one of an amount in a
    column with its unit beside it."""
    if COMPANION_COLUMNS.get(test.field) not in columns or test.field not in columns:
        return ()
    if notation.of(test.field).decimal == "," or isinstance(test.operand, LimitTable):
        return ()
    if test.operator == "between":
        low, high = test.operand
        return (
            dataclasses.replace(test, operator="at_least", operand=low),
            dataclasses.replace(test, operator="at_most", operand=high),
        )
    return (test,) if test.operator in _SINGLE else ()


def hundredths(column: pl.Series) -> pl.Series:
    """The plain amounts of a column in hundredths; null where a text is anything else."""
    import polars as pl

    # Eleven digits lie well within what a float holds exactly, so rounding gives them back.
    numbers = column.cast(pl.Float64, strict=False) * 100
    plain = column.str.contains(PLAIN_AMOUNT)
    numbers = numbers.zip_with(plain, pl.repeat(None, len(column), dtype=pl.Float64, eager=True))
    return numbers.round().cast(pl.Int64)


def turn_of(test: Test, beside: str, ask: Ask) -> tuple[Turn, int] | None:
    """Where the verdict of a bound turns, and up to how many hundredths that holds.

    None where the judge says unknown anywhere it is asked, or where the unit ``beside`` could run
    together with the number.
    """
    if any(character.isdigit() for character in beside):
        return None

    def verdict(number: int) -> Verdict:
        return ask(test, f"{number // 100}.{number % 100:02}")

    low = 1
    first = verdict(low)
    if first is None:
        return None
    high = next((number for number in HIGHEST if verdict(number) is not None), None)
    if high is None:
        return None
    last = verdict(high)
    if first == last:
        return (low, bool(last)), high
    top = high
    while high - low > 1:
        middle = (low + high) // 2
        found = verdict(middle)
        if found is None:
            return None
        low, high = (middle, high) if found == first else (low, middle)
    return (high, bool(last)), top


def spread(
    numbers: pl.Series, codes: pl.Series, turns: Sequence[tuple[Turn, int] | None]
) -> pl.Series:
    """The verdict of a bound on every line, from the turn of its combination of unit and goods;
    null where it has none, or where the amount is not plain."""
    import polars as pl

    def lines(values: list[int] | list[bool], dtype: type[pl.DataType]) -> pl.Series | int:
        """A value for each line; where all are the same, that one."""
        return values[0] if len(set(values)) == 1 else pl.Series(values, dtype=dtype).gather(codes)

    # Where there is no turn, no amount is low enough to be judged.
    known = [one if one is not None else ((0, True), 0) for one in turns]
    turn = lines([one[0][0] for one in known], pl.Int64)
    then = lines([one[0][1] for one in known], pl.Boolean)
    top = lines([one[1] for one in known], pl.Int64)
    verdicts = numbers >= turn
    if then is False:
        verdicts = ~verdicts
    elif then is not True:
        verdicts = verdicts == then
    judged = numbers <= top
    if judged.all():
        return verdicts
    nothing = pl.repeat(None, len(numbers), dtype=pl.Boolean, eager=True)
    return verdicts.zip_with(judged, nothing)
