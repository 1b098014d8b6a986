"""Windows over many lines at once: presences in time, sorted once, counted by their ends.

A line is present in the window of a key from its own day (or from the day on which its party came
to the key's group) to the day on which it is too old (or its party left). What a window holds on
a day is then what has begun until that day less what has ended: two searches in two sorted
columns for every line that is asked for. A value is counted once while presences of it overlap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from redflags.across.facts import TOO_SHORT, Facts
from redflags.across.groups import ALWAYS, NEVER, Groups
from redflags.across.measures import (
    PERHAPS,
    UNKNOWN_AMOUNT,
    UNKNOWN_CONDITION,
    UNKNOWN_VALUE,
    Measure,
    Measured,
)
from redflags.across.members import Present
from redflags.across.series import (
    UNKNOWN,
    amounts_of,
    begun,
    compare,
    dense,
    numbers_of,
    order_numbers,
    split,
    values_of,
    whole,
    whole_numbers,
)

if TYPE_CHECKING:
    import polars as pl

VECTORED = frozenset({"count", "sum", "max", "distinct", "some", "first"})
"""The measures that are taken here; the median of a baseline is not."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One measure for every line asked for: verdicts (null is unknown), bounds (null is none), and
    why a verdict is unknown: ``why_open`` where ``is_open``, else ``why``."""

    verdict: pl.Series
    low: pl.Series | None
    high: pl.Series | None
    why: str
    is_open: pl.Series | None = None
    why_open: str = ""

    def told(self, places: pl.Series) -> list[Measured]:
        """What was measured for some of the lines asked for."""

        def picked(series: pl.Series | None) -> list[Any]:
            return [None] * len(places) if series is None else series.gather(places).to_list()

        columns = map(picked, (self.verdict, self.low, self.high, self.is_open))
        return [
            Measured(verdict, low, high, "" if verdict is not None else self._reason(is_open))
            for verdict, low, high, is_open in zip(*columns, strict=True)
        ]

    def _reason(self, is_open: bool | None) -> str:
        return self.why_open if is_open else self.why


class Columns:
    """The lines that can be of a window of the lines asked for, as presences."""

    def __init__(self, facts: Facts, asked: Sequence[int]) -> None:
        import polars as pl

        self._facts = facts
        frame = pl.DataFrame(
            {
                "line": pl.int_range(len(facts.days), dtype=pl.Int64, eager=True),
                "day": facts.column(facts.days, whole_numbers),
                "where": pl.Series(list(facts.where), dtype=pl.Boolean),
                "fixed": numbers_of(facts.fixed or (), len(facts.days)),
                **{
                    f"node{place}": facts.column(nodes, whole_numbers)
                    for place, (_, nodes) in enumerate(facts.parties)
                },
            }
        )
        self._nodes = [f"node{place}" for place in range(len(facts.parties))]
        queries = frame[pl.Series(list(asked), dtype=pl.Int64)]
        self.asked = queries["line"]
        members = self._reached(frame, queries)
        end = pl.lit(NEVER + 1, dtype=pl.Int64)
        if facts.within is None:
            since, until, is_sure = (
                pl.lit(ALWAYS, dtype=pl.Int64),
                end,
                pl.col("where").fill_null(False),
            )
        else:
            since = pl.col("day").fill_null(ALWAYS)
            until = (pl.col("day") + facts.within).fill_null(end)
            is_sure = pl.col("where").fill_null(False) & pl.col("day").is_not_null()
        rows = members.with_columns(since=since, until=until, sure=is_sure)
        asked_at = queries.with_columns(since=pl.col("day").fill_null(NEVER))
        asked_at = asked_at.with_columns(until=pl.col("since") + 1)
        for place, (groups, _) in enumerate(facts.parties):
            rows = split(rows, f"node{place}", f"key{place}", groups)
            asked_at = split(asked_at, f"node{place}", f"key{place}", groups)
        asked_at = self.asked.to_frame().join(
            asked_at, on="line", how="left", maintain_order="left"
        )
        rows, asked_at = self._with_keys(rows, asked_at)
        dated = asked_at["since"].filter(asked_at["since"] < NEVER)
        self._first = whole(dated.min(), 0)
        self._last = whole(dated.max(), 0)
        self._width = self._last - self._first + 3
        self.rows = self._clipped(rows)
        self.keys = asked_at["key"]
        self.days = self._at(asked_at["since"])
        self.at = self.keys * self._width + self.days

    def _reached(self, frame: pl.DataFrame, queries: pl.DataFrame) -> pl.DataFrame:
        """The lines that can ever be of one window with those asked for."""
        import polars as pl

        able = pl.col("where").is_null() | pl.col("where")
        for node in self._nodes:
            able &= pl.col(node) >= 0
        if self._facts.fixed is not None:
            able &= pl.col("fixed") >= 0
        members = frame.filter(able)
        blocks = [
            self._facts.column(groups.blocks(), whole_numbers).alias(f"block{place}")
            for place, (groups, _) in enumerate(self._facts.parties)
        ]
        names = ["fixed", *(block.name for block in blocks)]

        def reach(lines: pl.DataFrame) -> pl.DataFrame:
            return lines.with_columns(
                [
                    block.gather(lines[node]).alias(block.name)
                    for block, node in zip(blocks, self._nodes, strict=True)
                ]
            )

        wanted = reach(queries).select(names).unique()
        return reach(members).join(wanted, on=names, how="semi").select(frame.columns)

    def _with_keys(
        self, rows: pl.DataFrame, asked: pl.DataFrame
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Rows and lines asked for with one number for each key."""
        import polars as pl

        parts = ["fixed", *(f"key{place}" for place in range(len(self._nodes)))]
        both = pl.concat([rows.select(parts), asked.select(parts)])
        key = both[parts[0]]
        for part in parts[1:]:
            key = dense(key * (whole(both[part].max(), 0) + 1) + both[part])
        key = key.alias("key")
        return (
            rows.drop(parts).with_columns(key[: len(rows)]),
            asked.drop(parts).with_columns(key[len(rows) :]),
        )

    def _clipped(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The presences in the days that are asked for, counted from the first of these."""
        import polars as pl

        after = self._last + 1
        since = pl.col("since").clip(self._first, after)
        until = (
            pl.when(pl.col("until") > NEVER)
            .then(after + 1)
            .otherwise(pl.col("until").clip(self._first, after))
        )
        rows = rows.with_columns(since=since - self._first, until=until - self._first)
        return rows.filter(rows["since"] < rows["until"])

    def _at(self, days: pl.Series) -> pl.Series:
        return days.clip(self._first, self._last + 1) - self._first

    # What is measured

    def take(self, measure: Measure) -> Taken:
        """One measure for all lines asked for."""
        if measure.kind == "count":
            low, high = self._different(self._of_orders(self.rows), "order")
            return _compared(measure, low, high, PERHAPS)
        if measure.kind == "sum":
            return self._sum(measure)
        if measure.kind == "max":
            return self._largest(measure)
        if measure.kind == "distinct":
            return self._distinct(measure)
        return self._some(measure) if measure.kind == "some" else self._earlier(measure)

    def counts(self, places: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
        """For some of the lines asked for: the orders and the lines surely of their windows, and
        the lines that may be."""
        at = self.at.gather(places)
        sure = self.rows.filter(self.rows["sure"])
        orders = self._present(self._united(self._of_orders(sure), "order"), at)
        perhaps = self._present(self.rows.filter(~self.rows["sure"]), at)
        return orders, self._present(sure, at), perhaps

    def _of_orders(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.with_columns(order=self._order_numbers().gather(rows["line"]))

    def _order_numbers(self) -> pl.Series:
        """A number for each order; a line without one is an order of its own."""

        return self._facts.column(self._facts.orders, order_numbers)

    def _present(self, rows: pl.DataFrame, at: pl.Series | None = None) -> pl.Series:
        """How many presences there are of each key and day asked for."""
        since = (rows["key"] * self._width + rows["since"]).sort()
        until = (rows["key"] * self._width + rows["until"]).sort()
        return begun(since, until, self.at if at is None else at)

    def _different(self, rows: pl.DataFrame, value: str) -> tuple[pl.Series, pl.Series]:
        """How many different values are present, of those that surely are and of all."""
        sure = self._values_present(rows.filter(rows["sure"]), value)
        return sure, sure if rows["sure"].all() else self._values_present(rows, value)

    def _values_present(self, rows: pl.DataFrame, value: str) -> pl.Series:
        return self._present(self._united(rows, value))

    def _united(self, rows: pl.DataFrame, value: str) -> pl.DataFrame:
        """Presences of one value in one key where these overlap only in the first of them."""
        import polars as pl

        width = self._width
        numbers = dense(rows[value])
        several = whole(numbers.max(), 0) + 1
        pair = rows["key"] * several + numbers
        codes = pl.DataFrame(
            {"key": rows["key"], "from": pair * width + rows["since"], "pair": pair,
             "to": pair * width + rows["until"]}
        ).sort("from")  # fmt: skip
        before = codes["to"].cum_max().shift(1, fill_value=-1)
        start = pl.max_horizontal(pl.col("from"), before.alias("before"))
        codes = codes.with_columns(start=start).filter(pl.col("start") < pl.col("to"))
        base = pl.col("pair") * width
        return codes.select("key", "pair", since=pl.col("start") - base, until=pl.col("to") - base)

    def _sum(self, measure: Measure) -> Taken:
        import polars as pl

        rows, amounts = self.rows, amounts_of(measure.values, self.rows["line"])
        known, is_sure = amounts.is_not_null(), rows["sure"]
        low = self._total(rows.filter(known & is_sure), amounts.filter(known & is_sure))
        more = self._total(rows.filter(known & ~is_sure), amounts.filter(known & ~is_sure))
        is_open = self._present(rows.filter(~known)) > 0
        high = pl.select(pl.when(~is_open).then(low + more)).to_series()
        return _compared(measure, low, high, PERHAPS, is_open, UNKNOWN_AMOUNT)

    def _total(self, rows: pl.DataFrame, amounts: pl.Series) -> pl.Series:
        """What the amounts that are present come to, for each line asked for."""
        import polars as pl

        if not len(rows):
            return pl.zeros(len(self.at), dtype=pl.Int128, eager=True)
        sums = []
        for edge in ("since", "until"):
            codes = pl.DataFrame(
                {"code": rows["key"] * self._width + rows[edge], "amount": amounts}
            ).sort("code")
            running = pl.concat(
                [pl.Series([0], dtype=pl.Int128), codes["amount"].cast(pl.Int128).cum_sum()]
            )
            places = codes["code"].search_sorted(self.at, side="right")
            sums.append(running.gather(places))
        return sums[0] - sums[1]

    def _largest(self, measure: Measure) -> Taken:
        import polars as pl

        rows, amounts = self.rows, amounts_of(measure.values, self.rows["line"])
        known, is_sure = amounts.is_not_null(), rows["sure"]
        low = self._tops(rows.filter(known & is_sure), amounts.filter(known & is_sure))
        top = low if is_sure.all() else self._tops(rows.filter(known), amounts.filter(known))
        is_open = self._present(rows.filter(~known)) > 0
        high = pl.select(pl.when(~is_open).then(top)).to_series()
        taken = _compared(measure, low, high, PERHAPS, is_open, UNKNOWN_AMOUNT)
        # An empty window has no largest amount, whatever it is compared with.
        nothing = ~is_open & top.is_null()
        verdict = pl.select(pl.when(nothing).then(False).otherwise(taken.verdict)).to_series()
        return replace(taken, verdict=verdict)

    def _tops(self, rows: pl.DataFrame, amounts: pl.Series) -> pl.Series:
        """The largest of the amounts that are present; None where none is."""
        import polars as pl

        width = self._width
        coming = pl.DataFrame(
            {"code": rows["key"] * width + rows["since"], "to": rows["key"] * width + rows["until"],
             "amount": amounts}
        ).sort("code")  # fmt: skip
        starts, ends, sizes = (coming[name].to_list() for name in ("code", "to", "amount"))
        found: list[int | None] = [None] * len(self.at)
        heap: list[tuple[int, int]] = []
        place, count = 0, len(starts)
        key = -1
        codes = self.at.to_list()
        for query in self.at.arg_sort().to_list():
            code = codes[query]
            if code // width != key:
                key, heap = code // width, []
            while place < count and starts[place] <= code:
                if ends[place] > code:
                    heappush(heap, (-sizes[place], ends[place]))
                place += 1
            while heap and heap[0][1] <= code:
                heappop(heap)
            found[query] = -heap[0][0] if heap else None
        return pl.Series(found, dtype=pl.Int64)

    def _distinct(self, measure: Measure) -> Taken:
        import polars as pl

        rows = self.rows
        if measure.party is not None:
            groups, nodes = measure.party
            column = pl.Series("counted", list(nodes), dtype=pl.Int64).gather(rows["line"])
            rows = self._split_again(rows.with_columns(counted=column), groups)
        else:
            rows = rows.with_columns(value=values_of(measure.values, rows["line"]))
        low, high = self._different(rows.filter(rows["value"] >= 0), "value")
        unknown = rows.filter(rows["value"] == UNKNOWN)
        maybe = self._present(unknown)
        least = (self._present(unknown.filter(unknown["sure"])) > 0).cast(pl.Int64)
        low = pl.select(pl.max_horizontal(low, least)).to_series()
        return _compared(measure, low, high + maybe, PERHAPS, maybe > 0, UNKNOWN_VALUE)

    def _split_again(self, rows: pl.DataFrame, groups: Groups) -> pl.DataFrame:
        """The presences of rows by the group of the counted party."""
        import polars as pl

        real = rows.filter(pl.col("counted") >= 0).with_columns(
            since=pl.col("since") + self._first, until=pl.col("until") + self._first
        )
        after = self._last + 2
        real = real.with_columns(
            until=pl.when(pl.col("until") >= after).then(NEVER + 1).otherwise(pl.col("until"))
        )
        known = self._clipped(split(real, "counted", "value", groups)).drop("counted")
        unknown = rows.filter(pl.col("counted") < 0).with_columns(
            value=pl.lit(UNKNOWN, dtype=pl.Int64)
        )
        return pl.concat([known, unknown.select(known.columns)])

    def _some(self, measure: Measure) -> Taken:
        """Whether another order has a line of which the condition holds."""
        import polars as pl

        rows = self._of_orders(self.rows)
        verdict = pl.Series(list(measure.values), dtype=pl.Boolean).gather(rows["line"])
        sure = self._others(rows.filter(rows["sure"] & verdict.fill_null(False))) > 0
        maybe = self._others(rows.filter(verdict.fill_null(True))) > 0
        found = pl.select(pl.when(sure).then(True).when(~maybe).then(False)).to_series()
        return Taken(found, None, None, UNKNOWN_CONDITION)

    def _earlier(self, measure: Measure) -> Taken:
        """Whether no other order is of an earlier day."""
        import polars as pl

        rows, facts = self._of_orders(self.rows), self._facts
        if facts.within is not None:
            day = pl.col("day").fill_null(ALWAYS) + 1 - self._first
            rows = rows.with_columns(since=pl.max_horizontal("since", day))
            rows = rows.filter(rows["since"] < rows["until"])
        wanted = measure.operand is not False
        sure = self._others(rows.filter(rows["sure"]))
        maybe = self._others(rows) > 0
        seen = sure > 0
        if facts.within is None:
            covered = pl.repeat(True, len(sure), eager=True)
        elif facts.earliest is None:
            covered = pl.repeat(False, len(sure), eager=True)
        else:
            covered = self.days + self._first >= facts.earliest + facts.within
        found = pl.when(seen).then(not wanted).when(~maybe & covered).then(wanted)
        low = pl.select(pl.when(seen).then(sure)).to_series()
        return Taken(pl.select(found).to_series(), low, None, PERHAPS, ~covered, TOO_SHORT)

    def _others(self, rows: pl.DataFrame) -> pl.Series:
        """How many orders are present, the order of the line asked for left out."""
        import polars as pl

        if not len(rows):
            return pl.zeros(len(self.at), dtype=pl.Int64, eager=True)
        distinct = rows["order"].unique().sort()
        several = len(distinct)
        numbers = distinct.search_sorted(rows["order"]).cast(pl.Int64)
        united = self._united(rows.with_columns(order=numbers), "order")
        own = self._order_numbers().gather(self.asked)
        place = distinct.search_sorted(own).cast(pl.Int64)
        is_here = (
            distinct.gather(pl.select(pl.min_horizontal(place, several - 1)).to_series()) == own
        )
        pair = self.keys * several + place
        width = self._width
        since = (united["pair"] * width + united["since"]).sort()
        until = (united["pair"] * width + united["until"]).sort()
        mine = begun(since, until, pair * width + self.days)
        mine = pl.select(pl.when(is_here).then(mine).otherwise(0)).to_series()
        return self._present(united) - mine

    # Evidence

    def standing(self, taken: Mapping[int, Taken]) -> tuple[pl.Series, pl.Series]:
        """Of what was taken under some numbers, the sum of two to the power of the number for all
        that is false, and the places of the lines asked for of which nothing is."""
        import polars as pl

        false = pl.zeros(len(self.at), dtype=pl.Int64, eager=True)
        for number, one in taken.items():
            false = false + (~one.verdict).fill_null(False).cast(pl.Int64) * (1 << number)
        return false, (false == 0).arg_true()

    def members(self, places: Sequence[int]) -> Iterator[tuple[int, ...]]:
        """The latest lines of the windows of some of the lines asked for, in order of time."""
        facts = self._facts
        asked, keys, days = self.asked.to_list(), self.keys.to_list(), self.days.to_list()
        present = Present(
            self._in_time({keys[place] for place in places}), self._first, facts.within
        )
        known: dict[tuple[int, int], tuple[int, ...]] = {}
        for place in places:
            key, day, line = keys[place], days[place], asked[place]
            latest = known.get((key, day))
            if latest is None:
                latest = known[key, day] = tuple(present.latest(key, day)[::-1])
            if line in latest or facts.where[line] is False:
                yield latest
            else:
                yield (line, *latest[1:])  # it is earlier in order than the latest fifty

    def _in_time(self, keys: set[int]) -> pl.DataFrame:
        import polars as pl

        rows = self.rows.filter(self.rows["key"].is_in(pl.Series(list(keys)).implode()))
        orders = self._facts.orders
        order = pl.Series("order", [str(orders[line]) for line in rows["line"].to_list()])
        return (
            rows.with_columns(order.cast(pl.String), day=pl.col("day").fill_null(ALWAYS))
            .sort("key", "day", "order", "line")
            .select("key", "day", "line", "since", "until")
        )


def _compared(
    measure: Measure,
    low: pl.Series,
    high: pl.Series,
    why: str,
    is_open: pl.Series | None = None,
    why_open: str = "",
) -> Taken:
    found = compare(low, high, measure.operator, measure.operand)
    return Taken(found, low, high, why, is_open, why_open)
