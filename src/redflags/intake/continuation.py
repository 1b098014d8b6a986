"""Rows that continue the order above: some systems write what belongs to the whole order only in
the first row of it, and so does a sheet in which these cells are merged.

Such a row has no order number, no date and nothing of any party, and it names goods. Where it
stands right below a row of a numbered order it is a further line of that order, and what belongs to
the whole order is carried to it. Below a row that was set aside nobody knows whose line it is:
nothing is carried, and it is an order of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from redflags.model.fields import field_table, roles

if TYPE_CHECKING:
    import polars as pl

    from redflags.readers import TableSource, TextBatches

NUMBER, GOODS = "order_id", "product"

_OF_ORDER = frozenset(
    {
        NUMBER, "date", "currency", "destination.country", "incoterm", "ship_via",
        "transit_countries", "payment.method", "payment.terms", "payment.bank_country",
    }
)  # fmt: skip
_SHEETS = frozenset({"xlsx", "xls", "ods", "xlsb"})
_MAY_BE_GIVEN = frozenset({"currency"})
"""Fields of the order that systems repeat in each line."""


@cache
def _of_order() -> frozenset[str]:
    """The fields that belong to an order as a whole. What a licence, a statement or an answer says
    is not among them: it may have been given for one of the lines."""
    parties = {path for path in field_table() if path.partition(".")[0] in roles()}
    return _OF_ORDER | parties


def may_continue(source: TableSource | TextBatches) -> bool:
    """Whether rows of this source may continue others: those of a text or a sheet, in which
    somebody sees what stands above, and not the objects of JSON or the rows of a database."""
    return bool(source.delimiter) or source.encoding in _SHEETS


@dataclass(slots=True)
class ContinuedOrders:
    """Carries what belongs to an order to the rows that continue it. Rows come in the order of
    the input; ``count`` is how many continued an order so far."""

    paths: Sequence[str]
    count: int = 0
    _carried: tuple[str, ...] = ()
    _blank: tuple[str, ...] = ()
    _last_row: int = -1
    _head: dict[str, str] | None = field(default=None)

    def __post_init__(self) -> None:
        carried = tuple(path for path in self.paths if path in _of_order())
        has_buyer = any(path.startswith("buyer.") for path in carried)
        if has_buyer and NUMBER in carried and GOODS in self.paths:
            self._carried = carried
            self._blank = tuple(path for path in carried if path not in _MAY_BE_GIVEN)

    def texts(self, row: int, texts: Sequence[str]) -> Sequence[str]:
        """The texts of a row by the order of ``paths``, with what is carried to it."""
        if not self._carried:
            return texts
        is_next, self._last_row = row - self._last_row <= 1, row
        said = dict(zip(self.paths, texts, strict=True))
        if any(said[path].strip() for path in self._blank) or not said[GOODS].strip():
            # Of an order without a number nobody can tell which rows continue it.
            self._head = said if said[NUMBER].strip() else None
            return texts
        if not is_next:
            self._head = None
        if self._head is None:
            return texts
        self.count += 1
        for path in self._carried:
            if not said[path].strip():
                said[path] = self._head[path]
        return list(said.values())

    def frame(self, frame: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
        """As :meth:`texts` for a batch of rows."""
        if not self._carried or frame.is_empty():
            return frame
        import polars as pl

        last, self._last_row = self._last_row, int(rows[-1])
        first_head, numbers = self._head, frame[NUMBER].str.strip_chars()
        continues = numbers == ""
        if continues.any():
            blank = [pl.col(path).str.strip_chars() == "" for path in self._blank]
            continues = frame.select(
                pl.all_horizontal(blank) & (pl.col(GOODS).str.strip_chars() != "")
            ).to_series()
        places = (~continues).arg_true()
        if len(places):
            head = dict(zip(frame.columns, frame.row(places[-1]), strict=True))
            self._head = head if head[NUMBER].strip() else None
        if not continues.any():
            return frame
        gaps = rows.cast(pl.Int64).diff().fill_null(int(rows[0]) - last) > 1
        state = (
            pl.DataFrame({"continues": continues, "gap": gaps, "number": numbers})
            .select(
                pl.when(~pl.col("continues"))
                .then(pl.col("number") != "")
                .when(pl.col("gap"))
                .then(pl.lit(False))
                .forward_fill()
                .fill_null(first_head is not None)
            )
            .to_series()
        )
        if not state[-1]:
            self._head = None
        carried = continues & state
        self.count += int(carried.sum())
        heads = frame.select(
            pl.when(pl.lit(carried))
            .then(pl.lit(None, dtype=pl.String))
            .otherwise(pl.col(path))
            .forward_fill()
            .fill_null(pl.lit("" if first_head is None else first_head[path]))
            .alias(path)
            for path in self._carried
        )
        return frame.with_columns(
            pl.when(pl.lit(carried) & (pl.col(path).str.strip_chars() == ""))
            .then(heads[path])
            .otherwise(pl.col(path))
            .alias(path)
            for path in self._carried
        )


def continued(count: int) -> tuple[str, ...]:
    """The note on so many rows that continue an order; none if there are none."""
    if not count:
        return ()
    rows = (
        "1 row has neither an order number nor a party and stands"
        if count == 1
        else f"{count:,} rows have neither an order number nor a party and stand"
    )
    return (
        f"{rows} below a row with both; taken for further lines of that order, with its date, "
        "parties and terms",
    )
