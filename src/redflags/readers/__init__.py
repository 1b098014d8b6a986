"""Readers turn a source into rows of text. They infer no types and know no fields."""

from redflags.readers.csv_rows import CsvSource, Refused, Row, read_csv

__all__ = ["CsvSource", "Refused", "Row", "read_csv"]
