"""Rows that continue the order above: some systems write what belongs to the whole order only in
the first row of it, and so does a sheet in which these cells are merged.

Such a row has nothing of any party, and it names goods. Where it stands right below a row of a
numbered order it is a further line of that order, and what belongs to the whole order is carried to
it: with no order number and no date, or with the number of the row above. Below a row that was set
aside nobody knows whose line one without a number is: nothing is carried, and it is an order of its
own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

_MAY_BE_REPEATED = (".email", ".phone", ".registration")
"""Ends of the paths that web shops repeat in each line, beside the number and the date."""


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
    _same_number: _SameNumber | None = None

    def __post_init__(self) -> None:
        carried = tuple(path for path in self.paths if path in _of_order())
        has_buyer = any(path.startswith("buyer.") for path in carried)
        if has_buyer and NUMBER in carried and GOODS in self.paths:
            self._carried = carried
            self._blank = tuple(path for path in carried if path not in _MAY_BE_GIVEN)
            self._same_number = _SameNumber(carried)

    def texts(self, row: int, texts: Sequence[str]) -> Sequence[str]:
        """The texts of a row by the order of ``paths``, with what is carried to it."""
        if self._same_number is None:
            return texts
        said = self._without_number(row, dict(zip(self.paths, texts, strict=True)))
        if self._same_number.carry(said):
            self.count += 1
        return list(said.values())

    def _without_number(self, row: int, said: dict[str, str]) -> dict[str, str]:
        is_next, self._last_row = row - self._last_row <= 1, row
        if any(said[path].strip() for path in self._blank) or not said[GOODS].strip():
            # Of an order without a number nobody can tell which rows continue it.
            self._head = dict(said) if said[NUMBER].strip() else None
            return said
        if not is_next:
            self._head = None
        if self._head is not None:
            self.count += 1
            _fill(said, self._head, self._carried)
        return said

    def frame(self, frame: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
        """As :meth:`texts` for a batch of rows."""
        if self._same_number is None or frame.is_empty():
            return frame
        frame, count = self._same_number.frame(self._frame_without_number(frame, rows))
        self.count += count
        return frame

    def _frame_without_number(self, frame: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
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
        return _filled(frame, carried, heads)


class _SameNumber:
    """Carries what belongs to an order to rows with its number that have nothing else of it.

    Web shops repeat the number, and at most the day and how to reach the buyer. The row from which
    is carried is the last one of that number, with no other between, that has more than these.
    """

    __slots__ = ("_carried", "_head", "_number", "_repeated", "_telling")

    def __init__(self, carried: tuple[str, ...]) -> None:
        self._carried = carried
        repeated = [path for path in carried if path == "date" or path.endswith(_MAY_BE_REPEATED)]
        self._repeated = tuple(repeated)
        self._telling = tuple(
            path for path in carried if path not in (NUMBER, *repeated, *_MAY_BE_GIVEN)
        )
        self._number = ""
        self._head: dict[str, str] | None = None

    def carry(self, said: dict[str, str]) -> bool:
        """Carry to one row, and say whether anything was."""
        number = said[NUMBER].strip()
        if number != self._number:
            self._number, self._head = number, None
        if any(said[path].strip() for path in self._telling):
            self._head = dict(said) if number else None
            return False
        if self._head is None or not said[GOODS].strip():
            return False
        if any(said[path].strip() not in ("", self._head[path].strip()) for path in self._repeated):
            return False
        _fill(said, self._head, self._carried)
        return True

    def frame(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, int]:
        """As :meth:`carry` for a batch of rows: the rows, and to how many was carried."""
        if not self._telling:
            return frame, 0
        import polars as pl

        numbers = frame[NUMBER].str.strip_chars()
        is_same = (numbers == numbers.shift(1, fill_value=self._number)) & (numbers != "")
        is_bare = is_same & (frame[GOODS].str.strip_chars() != "")
        for path in self._telling:  # most files are done with the first of them
            if not is_bare.any():
                break
            is_bare = is_bare & (frame[path].str.strip_chars() == "")
        first_number, first_head = self._number, self._head
        self._remember(frame, numbers)
        if not is_bare.any():
            return frame, 0
        block = (~is_same).cum_sum().alias("block")
        tells = self._tells(frame)
        place = pl.int_range(frame.height, dtype=pl.Int64, eager=True)
        found = (
            pl.DataFrame({"block": block, "tells": tells & (numbers != ""), "place": place})
            .select(pl.when(pl.col("tells")).then(pl.col("place")).forward_fill().over("block"))
            .to_series()
        )
        # Rows before the first other number may be of an order that began in the batch before.
        before = (block == 0) if first_head is not None and first_number else block != block
        has_head = found.is_not_null() | before
        texts = frame.select(self._carried)
        heads = texts[found.fill_null(0)]
        if first_head is not None:
            heads = heads.select(
                pl.when(pl.lit(found.is_null()))
                .then(pl.lit(first_head[path]))
                .otherwise(pl.col(path))
                .alias(path)
                for path in self._carried
            )
        carried = is_bare & has_head
        for path in self._repeated:
            own = texts[path].str.strip_chars()
            carried = carried & ((own == "") | (own == heads[path].str.strip_chars()))
        return _filled(frame, carried, heads), int(carried.sum())

    def _remember(self, frame: pl.DataFrame, numbers: pl.Series) -> None:
        """Keep the number of the last row, and the last row of it that tells more."""
        last = numbers[-1]
        if last != self._number:
            self._number, self._head = last, None
        if not last:
            return
        others = (numbers != last).arg_true()
        start = others[-1] + 1 if len(others) else 0
        if start:
            self._head = None
        places = self._tells(frame[start:]).arg_true()
        if len(places):
            row = frame.row(start + places[-1])
            self._head = dict(zip(frame.columns, row, strict=True))

    def _tells(self, frame: pl.DataFrame) -> pl.Series:
        """Which rows have anything of the order beside what is repeated."""
        import polars as pl

        is_blank = [pl.col(path).str.strip_chars() == "" for path in self._telling]
        return frame.select(~pl.all_horizontal(is_blank)).to_series()


def _fill(said: dict[str, str], head: Mapping[str, str], carried: Sequence[str]) -> None:
    for path in carried:
        if not said[path].strip():
            said[path] = head[path]


def _filled(frame: pl.DataFrame, carried: pl.Series, heads: pl.DataFrame) -> pl.DataFrame:
    """The frame with the blank cells of some rows filled from rows of the same height."""
    import polars as pl

    return frame.with_columns(
        pl.when(pl.lit(carried) & (pl.col(path).str.strip_chars() == ""))
        .then(heads[path])
        .otherwise(pl.col(path))
        .alias(path)
        for path in heads.columns
    )


def continued(count: int) -> tuple[str, ...]:
    """The note on so many rows that continue an order; none if there are none."""
    if not count:
        return ()
    rows = (
        "1 row names no party and has" if count == 1 else f"{count:,} rows name no party and have"
    )
    return (
        f"{rows} no order number or that of the row above; taken for further lines of that order, "
        "with its date, parties and terms",
    )
