"""Columns that are needed again and again, made without a query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def same(value: object, count: int, dtype: type[pl.DataType]) -> pl.Series:
    """A column of one value. Where Polars' own functions start a query, which takes longer than
    the column, this does not."""
    import polars as pl

    return pl.Series([value], dtype=dtype).new_from_index(0, count)


def counted(count: int) -> pl.Series:
    """The whole numbers from zero up to a count."""
    import polars as pl

    if len(_counted) == 0 or len(_counted[0]) < count:
        _counted[:] = [pl.int_range(max(count, 1 << 17), dtype=pl.UInt32, eager=True)]
    return _counted[0][:count]


_counted: list[pl.Series] = []
"""The longest such column so far: to take a part of it costs nothing."""


def where(holds: pl.Series) -> pl.Series:
    """The places where something holds: several times faster than ``arg_true``."""
    return counted(len(holds)).filter(holds)


def either(one: pl.Series | None, other: pl.Series | None) -> pl.Series | None:
    """Where one of two things holds; one that is not there holds nowhere."""
    if one is None or other is None:
        return other if one is None else one
    return one | other


def where_null(columns: Iterable[pl.Series], count: int) -> pl.Series:
    """Where some of the columns, which are of this length, is null."""
    import polars as pl

    some = same(False, count, pl.Boolean)
    for one in columns:
        if one.has_nulls():
            some = some | one.is_null()
    return some
