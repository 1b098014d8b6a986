"""The lines of large files that stay open, as columns, and which rows are one order."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from redflags.explain.evidence import Plain
from redflags.intake.batches import OrderBatch
from redflags.model.kind import LONGEST_TEXT
from redflags.packed_lines import PART, PackedLines

if TYPE_CHECKING:
    import polars as pl

    from redflags.engine.columnar import OpenLines
    from redflags.engine.judge import Standing

AT_ONCE = 5_000
"""Open lines that are taken out of the columns at a time."""

LAID_OUT_AT_ONCE = 5_000
"""Lines that are put on the sheet of windows at a time: while they are, each combination of their
texts has a record."""

OpenLine = tuple[int, int, Plain, "Standing", dict[str, Any], "SameTexts", int]
"""A line that stays open: its number among those kept, its file's number, its place, how the rules
stand on it, its texts, and the lines with which it was taken, with its place among these."""


class SameTexts:
    """Which of some lines have the same texts in some columns: a hash of 64 bits for each, from a
    seed of the run, so that nobody can make two meet."""

    def __init__(self, texts: pl.DataFrame, seed: int) -> None:
        self._texts = texts
        self._seed = seed
        self._columns = frozenset(texts.columns)
        self._hashes: dict[int, tuple[Sequence[str], list[int]]] = {}

    def number(self, place: int, reads: Sequence[str]) -> int:
        """That of one line."""
        return self.numbers(reads)[place]

    def numbers(self, reads: Sequence[str]) -> list[int]:
        """Those of all lines."""
        found = self._hashes.get(id(reads))
        if found is None:
            found = self._hashes[id(reads)] = reads, self._hashed(reads)
        return found[1]

    def _hashed(self, reads: Sequence[str]) -> list[int]:
        columns = sorted(self._columns.intersection(reads))
        if not columns:
            return [0] * self._texts.height
        return self._texts.select(columns).hash_rows(seed=self._seed).to_list()


@dataclass(slots=True)
class KeptLines:
    """The lines that stay open, as columns of text, with the hash of their order's number and
    their place among all rows."""

    lines: PackedLines = field(default_factory=PackedLines)
    standings: list[Standing] = field(default_factory=list)
    numbers: list[int] | None = None
    seed: int = field(default_factory=lambda: secrets.randbits(63))

    def add(
        self, file: int, batch: OrderBatch, hashes: pl.Series, before: int, found: OpenLines
    ) -> None:
        """Add those of a batch of a file, by its number, before which there were so many rows."""
        import polars as pl

        keys = pl.DataFrame(
            {
                _HASH: hashes.gather(found.places),
                _PLACE: found.places.cast(pl.UInt64) + before,
                _ROW: batch.rows.gather(found.places).cast(pl.UInt64),
            }
        ).with_columns(pl.lit(file, dtype=pl.UInt32).alias(_FILE))
        self.lines.add(keys, batch.frame[found.places])
        self.standings += found.standings

    def mark(self) -> tuple[int, int]:
        """How much there is, for :meth:`cut`."""
        return len(self.lines), len(self.standings)

    def cut(self, mark: tuple[int, int]) -> None:
        """Forget what was added since."""
        self.lines.cut(mark[0])
        del self.standings[mark[1] :]

    def order_count(self) -> int:
        """Of how many orders lines are open."""
        return self.lines.keys()[_HASH].n_unique() if self.lines else 0

    def by_row(self) -> Iterator[Part]:
        """The lines that stay open, in the order of all rows, some thousands at a time, each time
        of one file."""
        if not self.lines:
            return
        keys = self.lines.keys().with_row_index("line").sort(_PLACE)
        for of_file in keys.partition_by(_FILE, maintain_order=True):
            for start in range(0, of_file.height, LAID_OUT_AT_ONCE):
                some = of_file.slice(start, LAID_OUT_AT_ONCE)
                texts = self.lines.texts_at(some)
                given = [one.name for one in texts if one.null_count() < texts.height]
                yield Part(some[_FILE][0], texts.select(given), some["line"].to_list(), some[_ROW])

    def part_quiet(
        self, speaks: Sequence[bool], members: bytearray, numbers: OrderNumbers
    ) -> QuietOrders:
        """Take out the lines of orders none of whose lines ``speaks``. Of those that are of some
        window the first line that may be of one (``members``) is kept, to be looked up."""
        import polars as pl

        if not self.lines:
            return QuietOrders(self.lines, numbers)
        keys = self.lines.keys()
        told = keys[_HASH].filter(pl.Series(speaks, dtype=pl.Boolean)).unique().implode()
        stays = keys[_HASH].is_in(told)
        quiet = keys.filter(~stays & (pl.Series(list(members), dtype=pl.UInt8) != 0))
        quiet = quiet.sort(_PLACE).unique(_HASH, keep="first", maintain_order=True)
        self.numbers = stays.arg_true().to_list()
        self.standings = [self.standings[place] for place in self.numbers]
        whole, self.lines = self.lines, self.lines.chosen(keys.filter(stays))
        return QuietOrders(whole.chosen(quiet), numbers)

    def by_order(
        self, numbers: OrderNumbers, names: Sequence[str]
    ) -> Iterator[tuple[list[Plain], list[OpenLine]]]:
        """Orders by their first rows: the places of all their lines, and of each line that stays
        open its place, how the rules stand on it, and its texts by column. The columns are let go:
        they are taken for the last time."""
        import polars as pl

        if not self.lines:
            return
        held, self.lines = self.lines, PackedLines()
        keys = held.keys().with_row_index("line")
        rows = numbers.rows_of(keys[_HASH].unique())
        firsts = rows.group_by(_HASH).agg(
            pl.col(_PLACE).min().alias("first"), pl.len().alias("lines")
        )
        order = keys.join(firsts, on=_HASH, how="left").sort("first", _PLACE)
        several = firsts.filter(pl.col("lines") > 1)[_HASH].implode()
        places: dict[int, list[Plain]] = {}
        for hashed, file, row, line in (
            rows.filter(pl.col(_HASH).is_in(several))
            .select(_HASH, "file", "row", "text_line")
            .iter_rows()
        ):
            places.setdefault(hashed, []).append({"file": names[file], "row": row, "line": line})
        current: int | None = None
        lines: list[OpenLine] = []
        for hashed, one in self._lines(held, order, rows, names):
            if hashed != current and lines:
                yield places.get(current or 0) or [lines[0][2]], lines
                lines = []
            current = hashed
            lines.append(one)
        yield places.get(current or 0) or [lines[0][2]], lines

    def _lines(
        self,
        held: PackedLines,
        order: pl.DataFrame,
        rows: pl.DataFrame,
        names: Sequence[str],
    ) -> Iterator[tuple[int, OpenLine]]:
        """Lines in a given order, each with the hash of its order."""
        own = rows.select(_PLACE, "file", "row", "text_line")
        for start in range(0, order.height, AT_ONCE):
            part = order.slice(start, AT_ONCE)
            where = part.select(_PLACE).join(own, on=_PLACE, how="left", maintain_order="left")
            texts = held.texts_at(part)
            columns = texts.columns
            same = SameTexts(texts, self.seed)
            for nth, (hashed, line, (_, file, row, text_line), cells) in enumerate(
                zip(part[_HASH], part["line"], where.iter_rows(), texts.iter_rows(), strict=True)
            ):
                place = {"file": names[file], "row": row, "line": text_line}
                given = dict(zip(columns, cells, strict=True))
                number = line if self.numbers is None else self.numbers[line]
                yield hashed, (number, file, place, self.standings[line], given, same, nth)


@dataclass(slots=True)
class Part:
    """Some lines of one file: its number, their texts, their numbers among those kept, and their
    rows in it."""

    file: int
    texts: pl.DataFrame
    lines: list[int]
    rows: pl.Series


@dataclass(slots=True)
class QuietOrders:
    """Orders of which no rule speaks, and of which some line may be of a window: that line of
    each."""

    lines: PackedLines
    numbers: OrderNumbers

    def texts(self, paths: Sequence[str]) -> Iterator[tuple[int, pl.DataFrame]]:
        """Each combination of texts in some columns, file by file with its number."""
        import polars as pl

        if not self.lines:
            return
        found: dict[int, list[pl.DataFrame]] = {}
        for part, file in self.lines.keys().select(PART, _FILE).unique(PART).sort(PART).iter_rows():
            texts = self.lines.texts(part, paths)
            if texts.columns:
                found.setdefault(file, []).append(texts.unique())
        for file, several in found.items():
            yield file, pl.concat(several, how="diagonal").unique()

    def find(
        self, wanted: Collection[str], names: Sequence[str]
    ) -> Iterator[tuple[list[Plain], int, Plain, dict[str, str]]]:
        """Those of these numbers: the places of their lines; and of the line that is kept the
        number of its file, its place and its texts."""
        import polars as pl

        if not self.lines or not wanted:
            return
        hashes = pl.Series(list(wanted), dtype=pl.String).hash()
        keys = self.lines.keys()
        found = keys.filter(keys[_HASH].is_in(hashes.implode()))
        rows = self.numbers.rows_of(found[_HASH]).sort(_PLACE)
        of_order: dict[int, list[Plain]] = {}
        at: dict[int, Plain] = {}
        for hashed, place, file, row, line in rows.select(
            _HASH, _PLACE, "file", "row", "text_line"
        ).iter_rows():
            at[place] = {"file": names[file], "row": row, "line": line}
            of_order.setdefault(hashed, []).append(at[place])
        for start in range(0, found.height, AT_ONCE):
            some = found.slice(start, AT_ONCE)
            texts = self.lines.texts_at(some)
            own = some.select(_HASH, _PLACE, _FILE).iter_rows()
            for (hashed, place, file), cells in zip(own, texts.iter_rows(), strict=True):
                yield of_order[hashed], file, at[place], _given(texts.columns, cells)


def _given(columns: Sequence[str], texts: Sequence[str | None]) -> dict[str, str]:
    return {path: text for path, text in zip(columns, texts, strict=True) if text is not None}


_HASH = "\0hash"
_PLACE = "\0place"
_FILE = "\0file"
_ROW = "\0row"
"""Columns of keys."""


@dataclass(slots=True)
class OrderNumbers:
    """Which row belongs to which order, in twelve to sixteen bytes a row: orders are told apart by
    64 bits of their numbers' hash (of four million orders two would share one in one of two
    million runs)."""

    batches: list[tuple[int, pl.Series, pl.Series, pl.Series]] = field(default_factory=list)
    count_before: int = 0
    _height: int = 0
    _all: frozenset[int] | None = None

    def mark(self) -> tuple[int, int]:
        """How much there is, for :meth:`cut`."""
        return len(self.batches), self._height

    def cut(self, mark: tuple[int, int]) -> None:
        """Forget what was added since."""
        del self.batches[mark[0] :]
        self._height = mark[1]

    def add(self, number: int, file: str, batch: OrderBatch) -> pl.Series:
        """Note the rows of a batch; the hash of each row's order."""
        import polars as pl

        frame, rows, lines = batch.frame, batch.rows, batch.lines

        self.count_before, self._height = self._height, self._height + len(rows)
        if "order_id" in frame.columns:
            ids = frame["order_id"].str.strip_chars()
            unnumbered = (ids == "") | (ids.str.len_chars() > LONGEST_TEXT)
        else:
            ids = pl.repeat("", len(rows), dtype=pl.String, eager=True)
            unnumbered = pl.repeat(True, len(rows), dtype=pl.Boolean, eager=True)
        if unnumbered.any():
            own = pl.select(pl.concat_str(pl.lit(f"{file}:"), rows.cast(pl.String))).to_series()
            ids = ids.zip_with(~unnumbered, own)
        hashes = ids.hash()
        if lines.equals(rows):  # as in a file without cells of several lines: kept once
            lines = rows = _narrow(rows)
        self.batches.append((number, hashes, _narrow(rows), _narrow(lines)))
        return hashes

    def __contains__(self, number: object) -> bool:
        """Whether there is an order of this number."""
        import polars as pl

        if self._all is None:
            self._all = frozenset(
                pl.concat([hashes for _, hashes, _, _ in self.batches]).unique().to_list()
                if self.batches
                else ()
            )
        return pl.Series([str(number)]).hash()[0] in self._all

    def count(self) -> int:
        """How many orders there are."""
        import polars as pl

        if not self.batches:
            return 0
        return pl.concat([hashes for _, hashes, _, _ in self.batches]).n_unique()

    def rows_of(self, wanted: pl.Series) -> pl.DataFrame:
        """All rows of these orders: hash, place among all rows, file number, row and line."""
        import polars as pl

        found, before = [], 0
        for number, hashes, rows, lines in self.batches:
            places = hashes.is_in(wanted.implode()).arg_true()
            found.append(
                pl.DataFrame(
                    {
                        _HASH: hashes.gather(places),
                        _PLACE: places.cast(pl.UInt64) + before,
                        "row": rows.gather(places).cast(pl.UInt64),
                        "text_line": lines.gather(places).cast(pl.UInt64),
                    }
                ).with_columns(pl.lit(number, dtype=pl.UInt32).alias("file"))
            )
            before += len(rows)
        return pl.concat(found)


def _narrow(numbers: pl.Series) -> pl.Series:
    """Whole numbers in four bytes each where that is enough."""
    import polars as pl

    highest: int | None = numbers.max()  # type: ignore[assignment]
    return numbers.cast(pl.UInt32) if highest is not None and highest < 2**32 else numbers
