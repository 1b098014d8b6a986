"""Writers turn a report into text: for people, for programs, for spreadsheets."""

from redflags.writers.formats import FORMATS, format_of, write_report, write_set_aside
from redflags.writers.output import open_output

__all__ = ["FORMATS", "format_of", "open_output", "write_report", "write_set_aside"]
