"""Cases: alerts that belong together, because their parties are the same or are linked."""

from redflags.cases.book import CaseBook
from redflags.cases.file import case_file
from redflags.cases.finding import case_by_id, case_of_order

__all__ = ["CaseBook", "case_by_id", "case_file", "case_of_order"]
