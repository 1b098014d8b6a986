"""This project's engines as the comparison runs them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl
from engine_work import Hits, rule_book

from redflags.engine.batch import Lines as Numbered
from redflags.engine.columnar import ColumnarEngine
from redflags.engine.judge import Judge, Standing, Verdicts
from redflags.model.record import Record, record_of_texts

BATCH = 100_000
"""Lines in a batch, as when a file is read."""


class Columnar:
    """The columnar engine over batches: as texts, and as texts that are numbered already with
    amounts that are read already, as the other engines of columns are given them."""

    def __init__(self, data: Path) -> None:
        book = rule_book()
        self._names = [rule.id for rule in book.rules]
        self._judge = Judge(book)
        self._engine = ColumnarEngine(book)
        texts = pl.read_parquet(data / "texts.parquet")
        _load_reference_tables(texts)
        self._batches = [texts.slice(start, BATCH) for start in range(0, texts.height, BATCH)]
        self._numbered: list[Numbered] | None = None

    def understand_and_judge(self) -> Hits:
        """Judge all lines from their texts."""
        return self._hits(self._batches)

    def judge(self) -> Hits:
        """Judge all lines, whose texts are numbered and whose amounts are whole numbers. What a
        unit or a text means to a rule is still worked out, once for each that is new."""
        if self._numbered is None:
            self._numbered = [self._engine.number(batch) for batch in self._batches]
        return self._hits(self._numbered)

    def _hits(self, batches: Sequence[pl.DataFrame] | Sequence[Numbered]) -> Hits:
        hits: dict[str, list[int]] = {}
        for number, batch in enumerate(batches):
            found, start = self._engine.open_lines(batch), number * BATCH
            for rule, places in found.true().items():
                hits.setdefault(self._names[rule], []).extend((places + start).to_list())
            for place in found.to_ask().to_list():
                self._ask(hits, start + found.places[place], found.standings[place])
        return hits

    def _ask(self, hits: Hits, number: int, standing: Standing) -> None:
        """What only the judge can tell of a line."""
        frame = self._batches[number // BATCH]
        record = record_of_texts(zip(frame.columns, frame.row(number % BATCH), strict=True))
        for rule in self._judge.verdicts(record, Standing(open=standing.open)).true:
            hits.setdefault(rule.id, []).append(number)


class Lines:
    """The judge or the durable engine, one line at a time."""

    def __init__(self, data: Path, lines: int, durable: bool) -> None:
        book = rule_book()
        if durable:
            from redflags.engine.durable import DurableEngine

            self._verdicts = DurableEngine(book).verdicts
        else:
            self._verdicts = Judge(book).verdicts
        self._frame = pl.read_parquet(data / "texts.parquet", n_rows=lines)
        self._records: list[Record] = []
        _load_reference_tables(self._frame)

    def understand_and_judge(self) -> Hits:
        """Make the record of each line and judge it; the records are kept for :meth:`judge`."""
        columns = self._frame.columns
        hits: dict[str, list[int]] = {}
        for number, cells in enumerate(self._frame.iter_rows()):
            record = record_of_texts(zip(columns, cells, strict=True))
            self._records.append(record)
            _note(hits, number, self._verdicts(record))
        return hits

    def judge(self) -> Hits:
        """Judge the records, whose texts have been understood."""
        hits: dict[str, list[int]] = {}
        for number, record in enumerate(self._records):
            _note(hits, number, self._verdicts(record))
        return hits


def _note(hits: dict[str, list[int]], number: int, verdicts: Verdicts) -> None:
    for rule in verdicts.true:
        hits.setdefault(rule.id, []).append(number)


def _load_reference_tables(frame: pl.DataFrame) -> None:
    """Read one line in every field, so that no engine pays for the start."""
    record = record_of_texts(zip(frame.columns, frame.row(0), strict=True))
    for path in (*frame.columns, "product.family"):
        record[path]
