"""Readers turn a source into rows or columns of text. They infer no types and know no fields."""

from redflags.readers.batches import TextBatch, TextBatches, open_batches
from redflags.readers.csv_rows import CsvSource, Refused, Row, read_csv
from redflags.readers.selection import Selection
from redflags.readers.tables import TableSource, open_table

__all__ = [
    "CsvSource",
    "Refused",
    "Row",
    "Selection",
    "TableSource",
    "TextBatch",
    "TextBatches",
    "open_batches",
    "open_table",
    "read_csv",
]
