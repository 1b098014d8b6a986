"""A Parquet file of flags, for data tools: the rows of the CSV with their types."""

from __future__ import annotations

from typing import Any, BinaryIO

from redflags.model.report import Report
from redflags.writers.flag_rows import COLUMNS, flag_rows


def write_parquet(report: Report, stream: BinaryIO) -> None:
    """Write a row for each flag. Texts are as they stand in the report, nothing is escaped: no
    reader of Parquet runs a text. Half characters, which UTF-8 cannot hold, become ``?``."""
    import polars as pl

    types: dict[str, Any] = dict.fromkeys(COLUMNS, pl.String)
    types |= {"score": pl.Float64, "bits": pl.Int64, "share": pl.Int64, "stop": pl.Boolean}
    types["date"] = pl.Date
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for assessment in report.assessments:
        for row in flag_rows(assessment):
            for name, value in row.items():
                columns[name].append(_whole(value) if isinstance(value, str) else value)
    columns["date"] = [_day(text) for text in columns["date"]]
    pl.DataFrame(columns, schema=types, strict=True).write_parquet(stream, compression="zstd")


def _whole(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _day(text: str) -> Any:
    import datetime

    return datetime.date.fromisoformat(text) if text else None
