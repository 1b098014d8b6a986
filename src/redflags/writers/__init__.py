"""Writers turn a report into text: for people, for programs, for spreadsheets."""

from redflags.writers.formats import (
    BINARY,
    FORMATS,
    format_of,
    formats_of,
    write_report,
    write_set_aside,
)
from redflags.writers.output import open_binary_output, open_output

__all__ = [
    "BINARY",
    "FORMATS",
    "format_of",
    "formats_of",
    "open_binary_output",
    "open_output",
    "write_report",
    "write_set_aside",
]
