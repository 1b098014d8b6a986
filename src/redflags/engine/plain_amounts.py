"""Bounds on plain numbers, for whole columns at once.

Quantities and values seldom come twice, so a verdict for each text would be one for each line. But
where the unit and the goods are the same, the verdict of a bound turns at one number at most. The
judge itself is asked where that is, by halving; so rounding, units and densities are its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from redflags.engine.columns import same
from redflags.engine.leaves import Verdict
from redflags.engine.reads import GOODS, behind
from redflags.model.derived import DERIVATIONS
from redflags.model.fields import field_table
from redflags.model.record import COMPANION_COLUMNS
from redflags.rulebook.tree import LimitTable, Test

if TYPE_CHECKING:
    import polars as pl

_DECIMALS = r"(?:[1-9][0-9]{0,8}(?:MARK[0-9]{1,2})?|0MARK(?:[1-9][0-9]?|0[1-9]))"
_GROUPED = r"[1-9][0-9]{0,2}(?:GROUP[0-9]{3}){1,2}(?:MARK[0-9]{1,2})?"

PLAIN_AMOUNTS: Mapping[str | None, str] = {
    None: "^" + _DECIMALS.replace("MARK", "[.,]") + "$",
    ".": f"^(?:{_DECIMALS}|{_GROUPED})$".replace("MARK", r"\.").replace("GROUP", ","),
    ",": f"^(?:{_DECIMALS}|{_GROUPED})$".replace("MARK", ",").replace("GROUP", r"\."),
}
"""By the decimal mark of the column, None where that is open: numbers that can then be read in one
way only, not zero, with at most two decimals."""

HIGHEST = (10**11 - 1, 10**8 - 1, 10**5 - 1)
"""Hundredths up to which a plain amount is understood: with a large unit not all of them are."""

_SINGLE = frozenset({"at_least", "more_than", "at_most", "less_than"})


@dataclasses.dataclass(frozen=True, slots=True)
class Turn:
    """The first number of hundredths from which the verdict of a bound is another, and up to how
    many hundredths that holds. ``is_told``: otherwise the verdict is unknown for all of them.
    ``between`` are the base units of the last amount before the turn and of the first from it."""

    at: int
    top: int
    is_told: bool = True
    between: tuple[int, int] | None = None


NEVER = 10**15
"""Hundredths that no plain amount reaches."""

Ask = Callable[[Test, str], tuple[Verdict, int | None]]
"""The judge's verdict on a test when the amount is this text, and how many base units that is; None
where it is not understood."""

FEW = (1, 100, 12345)
"""Hundredths of small amounts."""


def bounds_of(test: Test, columns: Collection[str]) -> tuple[Test, ...]:
    """The single bounds that a test demands together; none where it is not one of an amount in a
    column. Without a column for its unit no plain amount is understood, which is a verdict, too."""
    amount = AMOUNT_OF.get(test.field, test.field)
    if amount not in COMPANION_COLUMNS or amount not in columns:
        return ()
    if test.field != amount and test.field in columns:
        return ()
    if test.field in AMOUNT_OF:
        return _bounds_of_scale(test)
    if isinstance(test.operand, LimitTable) and not all(
        path == GOODS or _has_few_values(path) for row in test.operand.rows for path, _ in row.match
    ):
        return ()
    if test.operator == "between":
        low, high = test.operand
        return (
            dataclasses.replace(test, operator="at_least", operand=low),
            dataclasses.replace(test, operator="at_most", operand=high),
        )
    return (test,) if test.operator in _SINGLE else ()


AMOUNT_OF = {"quantity.scale": "quantity"}
"""Derived fields that grow with an amount: what is retail, trade and bulk."""

_SCALES = ("retail", "trade", "bulk")


def _bounds_of_scale(test: Test) -> tuple[Test, ...]:
    """A test for some scales as bounds from one scale on, or up to one."""
    if test.operator not in ("is", "in"):
        return ()
    wanted = frozenset({test.operand} if test.operator == "is" else test.operand)
    held = "".join("x" if scale in wanted else "." for scale in _SCALES)
    if "x.x" in held:
        return ()
    one = dataclasses.replace(test, operator="in", operand=wanted)
    if held != ".x.":
        return (one,)
    return (
        dataclasses.replace(one, operand=wanted | {"bulk"}),
        dataclasses.replace(one, operand=wanted | {"retail"}),
    )


def _has_few_values(path: str) -> bool:
    """Whether a stated field has a closed vocabulary."""
    kind = field_table()[path].kind.member
    few = kind.vocabulary is not None or kind.name == "country"
    return few and path not in DERIVATIONS and behind(path) == {path}


def hundredths(column: pl.Series, decimal: str | None) -> pl.Series:
    """The plain amounts of a column in hundredths; null where a text is anything else. ``decimal``
    is the decimal mark of the column, None where that is open."""
    import polars as pl

    plain = column.str.contains(PLAIN_AMOUNTS[decimal])
    if decimal is not None:
        column = column.str.replace_all("," if decimal == "." else ".", "", literal=True)
    if decimal != ".":
        column = column.str.replace(",", ".", literal=True)
    # Eleven digits lie well within what a float holds exactly, so rounding gives them back.
    numbers = column.cast(pl.Float64, strict=False) * 100
    numbers = numbers.zip_with(plain, pl.repeat(None, len(column), dtype=pl.Float64, eager=True))
    return numbers.round().cast(pl.Int64)


def is_from(test: Test) -> bool:
    """The verdict of a bound from its turn on; before, it is the other."""
    if test.field in AMOUNT_OF:
        return "bulk" in test.operand
    return test.operator in ("at_least", "more_than")


def turn_of(
    test: Test,
    beside: str,
    ask: Ask,
    others: Sequence[tuple[int, int]] = (),
    decimal: str | None = None,
) -> Turn | None:
    """Where the verdict of a bound turns, and up to how many hundredths that holds. ``others`` are
    the base units between which it turned with other units and goods: it is looked for there first.
    ``decimal`` is the decimal mark of the amounts.

    None where the unit ``beside`` could run together with the number, or where that takes more
    than a few questions. Amounts of no unit, or of one that is not known, are not understood
    whatever their number; one that is understood and yet not comparable with the bound, such as
    pieces with kilograms, is not so either.
    """
    if any(character.isdigit() for character in beside):
        return None

    def answer(number: int) -> tuple[Verdict, int | None]:
        return ask(test, plain_text(number, decimal))

    low = 1
    first, low_base = answer(low)
    if first is None:
        more = (*FEW, *HIGHEST) if low_base is None else (FEW[-1], HIGHEST[0])
        is_told = any(one is not None for one, _ in map(answer, more))
        return None if is_told else Turn(NEVER, HIGHEST[0], False)
    for high in HIGHEST:
        last, high_base = answer(high)
        if last is not None:
            break
    else:
        return None
    top = high
    if first == last:
        return Turn(low if last is is_from(test) else NEVER, top)
    if last is not is_from(test) or low_base is None or high_base is None:
        return None
    guesses = [-(-base * high // high_base) for pair in others for base in reversed(pair)]
    while high - low > 1:
        middle = guesses.pop(0) if guesses else (low + high) // 2
        if not low < middle < high:
            continue
        found, base = answer(middle)
        if found is None or base is None:
            return None
        if found == first:
            low, low_base = middle, base
        else:
            high, high_base = middle, base
    return Turn(high, top, between=(low_base, high_base))


def plain_text(number: int, decimal: str | None) -> str:
    """So many hundredths as a plain amount with a decimal mark."""
    return f"{number // 100}{decimal or '.'}{number % 100:02}"


@dataclasses.dataclass(frozen=True, slots=True)
class Scale:
    """What a hundredth of a unit comes to, up to so many hundredths: a number, or a name with a
    number; nothing where amounts of the unit come to nothing that is known."""

    hundredth: int | tuple[str, int] | None
    top: int

    def of(self, number: int) -> int | tuple[str, int] | None:
        """What so many hundredths come to."""
        if self.hundredth is None:
            return None
        if isinstance(self.hundredth, tuple):
            return self.hundredth[0], self.hundredth[1] * number
        return self.hundredth * number


def scale_of(beside: str, ask: Callable[[int], tuple[Any, int | None]]) -> Scale | None:
    """The scale of a unit ``beside`` a plain amount. ``ask`` tells of so many hundredths what they
    come to, and how many base units they are; None where they are not understood.

    None where an amount does not come to so many times a hundredth exactly. Amounts are rounded to
    whole base units: where the highest is no more than so many hundredths, all below it are not.
    """
    if any(character.isdigit() for character in beside):
        return None  # it could run together with the number
    told, base = ask(1)
    if base is None:
        return None
    for top in HIGHEST:
        most, most_base = ask(top)
        if most_base is None:
            continue
        found = Scale(told, top)
        return found if most_base == base * top and most == found.of(top) else None
    return None


class Turns:
    """Where one bound turns, by the number of the unit and goods beside the amount."""

    def __init__(self, bound: Test, numbering: object) -> None:
        import polars as pl

        self.bound = bound
        self.numbering = numbering
        self._later = is_from(bound)
        self._at = pl.Series([], dtype=pl.Int64)
        self._top = pl.Series([], dtype=pl.Int64)
        self._told = pl.Series([], dtype=pl.Boolean)
        self._met = pl.Series([], dtype=pl.UInt32)
        self._distinct: list[tuple[int, int, bool]] = []
        self.between: list[tuple[int, int]] = []
        """The base units between which the bound turned, the latest first."""

    def missing(self, numbers: pl.Series, count: int) -> pl.Series:
        """The numbers that occur and whose turn was not asked for; all are below ``count``."""
        import polars as pl

        more = count - len(self._at)
        if more > 0:
            self._at.extend(same(NOT_ASKED, more, pl.Int64))
            self._top.extend(same(-1, more, pl.Int64))
            self._told.extend(same(True, more, pl.Boolean))
            self._note()
        if not self._is_asked:
            found = self._at[numbers]
            if len(found) and found.min() == NOT_ASKED:
                return numbers.filter(found == NOT_ASKED).unique(maintain_order=True)
        return numbers.clear()

    def often_met(self, numbers: pl.Series, times: int) -> pl.Series:
        """Of the numbers that occur and whose turn was not asked for those that have come at
        least so often, in this batch and in those before it that were counted here."""
        import polars as pl

        untold = numbers.filter(self._at[numbers] == NOT_ASKED)
        counts = untold.value_counts(name="times")
        own = counts[untold.name]
        more = len(self._at) - len(self._met)
        if more > 0:
            self._met.extend(same(0, more, pl.UInt32))
        met = self._met[own] + counts["times"]
        self._met = self._met.scatter(own, met)
        return own.filter(met >= times)

    def noted(self, turn: Turn | None) -> Turn | None:
        """The same turn; where it lies is remembered for those that are looked for after it."""
        found = None if turn is None else turn.between
        if found is not None and found not in self.between:
            self.between = [found, *self.between[: MOST_BETWEEN - 1]]
        return turn

    def add(self, numbers: pl.Series, turns: Sequence[Turn | None]) -> None:
        """Remember the turns of these numbers. Without one no amount is low enough to be judged."""
        self._at.scatter(numbers, [one.at if one else 0 for one in turns])
        self._top.scatter(numbers, [one.top if one else -1 for one in turns])
        self._told.scatter(numbers, [one is None or one.is_told for one in turns])
        self._note()

    def _note(self) -> None:
        import polars as pl

        columns = {"at": self._at, "top": self._top, "told": self._told}
        self._distinct = pl.DataFrame(columns).unique().rows()
        self._is_asked = all(at != NOT_ASKED for at, _, _ in self._distinct)
        self._lowest = min((top for _, top, _ in self._distinct), default=-1)
        self._is_told = all(told for _, _, told in self._distinct)

    def verdicts(
        self, amounts: pl.Series, numbers: pl.Series
    ) -> tuple[pl.Series, pl.Series | None]:
        """The verdict of the bound on every line, and the lines on which it cannot be said, if
        there are any."""
        import polars as pl

        is_one = len(self._distinct) == 1
        verdicts = amounts >= (self._at[0] if is_one else self._at[numbers])
        if not self._later:
            verdicts = ~verdicts
        unsettled: pl.Series | None = None
        highest: int | None = amounts.max()  # type: ignore[assignment]
        if highest is not None and highest > self._lowest:
            unsettled = amounts > (self._lowest if is_one else self._top[numbers])
        if amounts.has_nulls():
            nowhere = amounts.is_null()
            unsettled = nowhere if unsettled is None else nowhere | unsettled.fill_null(True)
        untold = None if self._is_told else ~self._told[numbers]
        for where in (unsettled, untold):
            if where is not None and where.any():
                verdicts = same(None, len(amounts), pl.Boolean).zip_with(where, verdicts)
        return verdicts, unsettled if unsettled is not None and unsettled.any() else None


MOST_BETWEEN = 4
"""Places where a bound turned that are tried with other units and goods."""

NOT_ASKED = -1
"""In place of a turn: it was not asked for."""
