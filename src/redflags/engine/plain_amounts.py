"""Bounds on plain numbers, for whole columns at once.

Quantities and values seldom come twice, so a verdict for each text would be one for each line. But
where the unit and the goods are the same, the verdict of a bound turns at one number at most. The
judge itself is asked where that is, by halving; so rounding, units and densities are its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
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


@dataclasses.dataclass(frozen=True, slots=True)
class Turn:
    """The first number of hundredths from which the verdict of a bound is another, and up to how
    many hundredths that holds. ``is_told``: otherwise the verdict is unknown for all of them."""

    at: int
    top: int
    is_told: bool = True


NEVER = 10**15
"""Hundredths that no plain amount reaches."""

Ask = Callable[[Test, str], tuple[Verdict, bool]]
"""The judge's verdict on a test when the amount is this text, and whether it is understood."""

FEW = (1, 100, 12345)
"""Hundredths of small amounts."""


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


def is_from(test: Test) -> bool:
    """The verdict of a bound from its turn on; before, it is the other."""
    return test.operator in ("at_least", "more_than")


def turn_of(test: Test, beside: str, ask: Ask) -> Turn | None:
    """Where the verdict of a bound turns, and up to how many hundredths that holds.

    None where the unit ``beside`` could run together with the number, or where that takes more
    than a few questions. An amount that is understood and yet not comparable with the bound, such
    as pieces with kilograms, is not so whatever its number.
    """
    if any(character.isdigit() for character in beside):
        return None

    def answer(number: int) -> tuple[Verdict, bool]:
        return ask(test, f"{number // 100}.{number % 100:02}")

    low = 1
    first = answer(low)[0]
    if first is None:
        answers = [answer(number) for number in (*FEW, *HIGHEST)]
        if all(verdict is None for verdict, _ in answers) and any(read for _, read in answers):
            return Turn(NEVER, HIGHEST[0], False)
        return None
    high = next((number for number in HIGHEST if answer(number)[0] is not None), None)
    if high is None:
        return None
    last = answer(high)[0]
    if first == last:
        return Turn(low if last is is_from(test) else NEVER, high)
    if last is not is_from(test):
        return None
    top = high
    while high - low > 1:
        middle = (low + high) // 2
        found = answer(middle)[0]
        if found is None:
            return None
        low, high = (middle, high) if found == first else (low, middle)
    return Turn(high, top)


def spread(
    amounts: pl.Series, numbers: pl.Series, turns: Mapping[int, Turn | None], later: bool
) -> tuple[pl.Series, pl.Series | None] | None:
    """The verdict of a bound on every line, which is ``later`` from its turn on, and the lines on
    which that cannot be said, if there are any. ``numbers`` are those of the unit and goods of
    each line, ``turns`` the turn of each that occurs; None if no turn is known."""
    import polars as pl

    known = {one for one in turns.values() if one is not None}
    if not known:
        return None
    highest: int | None = amounts.max()  # type: ignore[assignment]
    is_low = highest is None or highest <= min(one.top for one in known)
    settled: pl.Series | None = None
    if len(known) == 1 and None not in turns.values():
        (turn,) = known
        verdicts = amounts >= turn.at
        told = pl.repeat(False, len(amounts), eager=True) if not turn.is_told else None
        if not is_low:
            settled = amounts <= turn.top
    else:
        places = pl.Series(list(turns), dtype=pl.UInt32)
        most = max(turns) + 1

        def by_line(values: list[int]) -> pl.Series:
            return pl.zeros(most, dtype=pl.Int64, eager=True).scatter(places, values)[numbers]

        verdicts = amounts >= by_line([one.at if one else 0 for one in turns.values()])
        told = None
        if not all(one.is_told for one in known):
            told = by_line([int(one.is_told) if one else 1 for one in turns.values()]) == 1
        if not is_low or None in turns.values():
            # Where there is no turn, no amount is low enough to be judged.
            settled = amounts <= by_line([one.top if one else -1 for one in turns.values()])
    if not later:
        verdicts = ~verdicts
    unsettled = None
    if settled is not None and not settled.all():
        unsettled = ~settled
    if amounts.has_nulls():
        nowhere = amounts.is_null()
        unsettled = nowhere if unsettled is None else nowhere | unsettled.fill_null(True)
    for open_lines in (unsettled, None if told is None else ~told):
        if open_lines is not None:
            nothing = pl.repeat(None, len(amounts), dtype=pl.Boolean, eager=True)
            verdicts = nothing.zip_with(open_lines, verdicts)
    return verdicts, unsettled
