"""Intake maps headers to fields and gives each cell its typed value."""

from redflags.intake.headers import HeaderMap, map_headers
from redflags.intake.orders import open_orders
from redflags.intake.records import Records, records

__all__ = ["HeaderMap", "Records", "map_headers", "open_orders", "records"]
