"""Intake maps headers to fields and gives each cell its typed value."""

from redflags.intake.answers import Answers, read_answers
from redflags.intake.headers import HeaderMap, map_headers
from redflags.intake.mapping import Mapping
from redflags.intake.mapping_file import read_mapping
from redflags.intake.orders import open_order_batches, open_orders
from redflags.intake.records import Records, records

__all__ = [
    "Answers",
    "HeaderMap",
    "Mapping",
    "Records",
    "map_headers",
    "open_order_batches",
    "open_orders",
    "read_answers",
    "read_mapping",
    "records",
]
