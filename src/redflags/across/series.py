"""Columns of numbers: values numbered, groups of each day, bounds compared, for many lines."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Any

from redflags.across.groups import NEVER, Groups
from redflags.across.measures import NOTHING

if TYPE_CHECKING:
    import polars as pl

UNKNOWN = -1
_NOTHING = -2


def compare(low: pl.Series, high: pl.Series, operator: str, operand: Any) -> pl.Series:
    """As :func:`redflags.across.measures.compare`, for many at once."""
    import polars as pl

    if operator == "between":
        first = compare(low, high, "at_least", operand[0])
        return first & compare(low, high, "at_most", operand[1])  # Kleene's, on nulls
    bound = pl.lit(operand, dtype=pl.Int128)
    least, most = low.cast(pl.Int128), high.cast(pl.Int128)
    if operator in ("is", "is_not"):
        inside = (pl.lit(least) <= bound).fill_null(True) & (pl.lit(most) >= bound).fill_null(True)
        alike = (pl.lit(least) == pl.lit(most)).fill_null(False)
        verdict = pl.when(~inside).then(False).when(alike).then(True)
        return pl.select(verdict if operator == "is" else ~verdict).to_series()
    rising = operator in ("at_least", "more_than")
    holds = _HOLDS[operator]
    sure, possible = (least, most) if rising else (most, least)
    found = (
        pl.when(holds(pl.lit(sure), bound).fill_null(False))
        .then(True)
        .when(~holds(pl.lit(possible), bound).fill_null(True))
        .then(False)
    )
    return pl.select(found).to_series()


_HOLDS: Mapping[str, Callable[[Any, Any], Any]] = {
    "at_least": ge,
    "more_than": gt,
    "at_most": le,
    "less_than": lt,
}


def split(rows: pl.DataFrame, node: str, label: str, groups: Groups) -> pl.DataFrame:
    """Rows with the label of a party's group, one for each time in which that is the same."""
    import polars as pl

    labels = pl.Series(groups.labels(), dtype=pl.Int64)
    moving = groups.moving_nodes()
    steady = (
        rows
        if not moving
        else rows.filter(~pl.col(node).is_in(pl.Series(moving, dtype=pl.Int64).implode()))
    )
    found = steady.with_columns(labels.gather(steady[node]).alias(label))
    if len(steady) == len(rows):
        return found
    used = set(rows[node].unique().to_list())
    times: dict[str, list[int]] = {node: [], label: [], "start": [], "end": []}
    for one in moving:
        if one in used:
            moves = list(groups.moves(one))
            ends = [day for day, _ in moves[1:]] + [NEVER + 1]
            for (start, group), end in zip(moves, ends, strict=True):
                for name, value in ((node, one), (label, group), ("start", start), ("end", end)):
                    times[name].append(value)
    table = pl.DataFrame(times, schema=dict.fromkeys(times, pl.Int64))
    parted = (
        rows.join(table, on=node)
        .with_columns(
            since=pl.max_horizontal("since", "start"), until=pl.min_horizontal("until", "end")
        )
        .filter(pl.col("since") < pl.col("until"))
        .select(found.columns)
    )
    return pl.concat([found, parted])


def dense(numbers: pl.Series) -> pl.Series:
    """Whole numbers numbered anew from zero, in their order."""
    import polars as pl

    if not len(numbers):
        return numbers.cast(pl.Int64)
    least, most = whole(numbers.min(), 0), whole(numbers.max(), 0)
    if most - least <= 2 * len(numbers) + 1_000:
        return (numbers - least).cast(pl.Int64)
    return numbers.unique().sort().search_sorted(numbers).cast(pl.Int64)


def begun(since: pl.Series, until: pl.Series, at: pl.Series) -> pl.Series:
    """How many have begun and not ended at each place: both columns are sorted."""
    import polars as pl

    begun = since.search_sorted(at, side="right").cast(pl.Int64)
    return begun - until.search_sorted(at, side="right").cast(pl.Int64)


def whole(value: Any, otherwise: int) -> int:
    """A whole number, or another where there is none."""
    return otherwise if value is None else int(value)


def whole_numbers(values: Sequence[int | None]) -> pl.Series:
    """Whole numbers as a column."""
    import polars as pl

    return pl.Series(list(values), dtype=pl.Int64)


def numbers_of(values: Sequence[Hashable | None], count: int) -> pl.Series:
    """A number for each value, -1 for none; all zero where there are no values."""
    import polars as pl

    if not values:
        return pl.zeros(count, dtype=pl.Int64, eager=True)
    known: dict[Hashable, int] = {}
    return pl.Series(
        [-1 if one is None else known.setdefault(one, len(known)) for one in values],
        dtype=pl.Int64,
    )


def order_numbers(orders: Sequence[Hashable | None]) -> pl.Series:
    """A number for each order; a line without one is an order of its own."""
    import polars as pl

    if isinstance(orders, range):
        return pl.Series(orders, dtype=pl.Int64)
    try:
        texts = pl.Series(orders, dtype=pl.String)
        numbers = texts.cast(pl.Categorical).to_physical().cast(pl.Int64)
    except TypeError:  # an order may be known by something else than a text
        known: dict[Hashable, int] = {}
        numbers = pl.Series(
            [None if one is None else known.setdefault(one, len(known)) for one in orders],
            dtype=pl.Int64,
        )
    if not numbers.null_count():
        return numbers
    own = pl.int_range(len(numbers), dtype=pl.Int64, eager=True) + whole(numbers.max(), 0) + 1
    return numbers.fill_null(own)


def _picked(values: Sequence[Any], lines: pl.Series) -> Iterable[Any]:
    return map(values.__getitem__, lines.to_list())


def amounts_of(values: Sequence[Any], lines: pl.Series) -> pl.Series:
    """The amounts of some lines, in base units."""
    import polars as pl

    return pl.Series(list(_picked(values, lines)), dtype=pl.Int64)


def values_of(values: Sequence[Any], lines: pl.Series) -> pl.Series:
    """A number for each value of some lines, negative where none is known or there is none."""
    import polars as pl

    known: dict[Hashable, int] = {}
    return pl.Series(
        [
            UNKNOWN if one is None else _NOTHING if one is NOTHING
            else known.setdefault(one, len(known))
            for one in _picked(values, lines)
        ],
        dtype=pl.Int64,
    )  # fmt: skip
