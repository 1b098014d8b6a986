"""The models at the edges (orders in, assessments out) and the field table derived from them."""

from redflags.model.fields import Field, field_table
from redflags.model.record import Record
from redflags.model.transaction import EndUser, Party, Transaction

__all__ = ["EndUser", "Field", "Party", "Record", "Transaction", "field_table"]
