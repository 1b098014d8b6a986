"""Typed columns of a file as text, every value exactly, nothing rounded.

Nothing of this project is imported here: a program of its own does the same with these functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars


def scanned(path: str, kind: str) -> polars.LazyFrame:
    """The table in a file: ``parquet``, ``arrow``, or ``stream`` for a stream of Arrow, which is
    read into memory as a whole."""
    import polars

    # The path is a name here, never a pattern.
    if kind == "parquet":
        return polars.scan_parquet(path, glob=False)
    if kind == "arrow":
        return polars.scan_ipc(path, glob=False, hive_partitioning=False)
    return polars.read_ipc_stream(path).lazy()


def height_of(table: polars.LazyFrame) -> int:
    """How many rows the table has."""
    import polars

    return int(table.select(polars.len()).collect().item())


def frames_of(
    table: polars.LazyFrame, texts: list[polars.Expr], batch_rows: int
) -> Iterator[polars.DataFrame]:
    """These texts in frames of some rows, in the order of the file, with the number of each row,
    from 0, as ``row``."""
    chosen = table.with_row_index("row").select("row", *texts)
    for frame in chosen.collect_batches(chunk_size=batch_rows, maintain_order=True):
        yield from frame.iter_slices(batch_rows)


def as_text(name: str, kind: polars.DataType, *, is_needed: bool = True) -> polars.Expr | None:
    """A column as text with nulls where there is no value; None if it holds no single values.

    Bytes are the text that they encode; they need not be any where the column is not needed."""
    import polars

    column = polars.col(name)
    if kind.is_nested() or kind == polars.Object:
        return None
    if kind == polars.Boolean:
        return polars.when(column).then(polars.lit("yes")).when(~column).then(polars.lit("no"))
    if kind == polars.Datetime:
        zone = "%:z" if getattr(kind, "time_zone", None) else ""
        midnight = column.dt.time() == polars.time(0, 0, 0)
        return (
            polars.when(midnight)
            .then(column.dt.strftime("%Y-%m-%d"))
            .otherwise(column.dt.strftime("%Y-%m-%dT%H:%M:%S%.f" + zone))
        )
    if kind == polars.Duration:
        return column.dt.to_string("iso")
    if kind.is_float():
        # A float that is no number is how many programs write an empty cell.
        return _plain(polars.when(column.is_not_nan()).then(column.cast(polars.String)))
    if kind == polars.Binary and not is_needed:
        return column.bin.encode("hex")
    text = column.cast(polars.String)
    return _plain(text) if kind.is_decimal() else text


def _plain(text: polars.Expr) -> polars.Expr:
    """A number with no needless zeros after the point, and never exactly three digits there: that
    could be a mark of thousands."""
    import polars

    is_fraction = text.str.contains(".", literal=True) & ~text.str.contains("e", literal=True)
    short = text.str.strip_chars_end("0").str.strip_chars_end(".")
    number = polars.when(is_fraction).then(short).otherwise(text)
    number = polars.when(number == "-0").then(polars.lit("0")).otherwise(number)
    could_be_thousands = number.str.contains(r"^-?\d{1,3}\.\d{3}$")
    return polars.when(could_be_thousands).then(number + "0").otherwise(number)
