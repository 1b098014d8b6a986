"""The value that a test meets, in the measure of its bound, and what is missing to compare them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from redflags.engine.leaves import in_currency, limit_in, undecided_fields
from redflags.model import goods
from redflags.model.fields import field_table
from redflags.model.record import Record
from redflags.rulebook.tree import LimitTable, Test
from redflags.values.amounts import Quantity, format_quantity
from redflags.values.measures import Concentration
from redflags.values.money import Money
from redflags.values.understood import ABSENT, Understood


def compared(test: Test, record: Record) -> Understood:
    """The value that a test meets. Of one in another currency or measure than the bound it also
    says what it comes to in that, and what that rests on; or, as ``why``, why that is not known."""
    understood = record[test.field]
    bound: Any = test.operand
    if isinstance(bound, LimitTable):
        if open_fields := limit_needs(test, record):
            label = field_table()[open_fields[0]].label
            why = understood.why or f"which limit applies follows from {label}, which is not known"
            return replace(understood, why=why)
        bound = limit_in(bound, record)
    elif test.operator == "between":
        bound = bound[0]
    if isinstance(bound, Quantity):
        return _as_quantity(test.field, understood, bound, record)
    if isinstance(understood.value, Money) and isinstance(bound, Money):
        return _as_money(understood, understood.value, bound, record)
    if isinstance(understood.value, Concentration) and isinstance(bound, Concentration):
        return _as_share(understood, understood.value, bound)
    return understood


def limit_needs(test: Test, record: Record) -> tuple[str, ...]:
    """The fields that are not known and decide which limit of a table applies, if it is open."""
    table = test.operand
    if not isinstance(table, LimitTable) or limit_in(table, record) is not ABSENT:
        return ()
    return undecided_fields(table, record)


def _as_quantity(path: str, understood: Understood, bound: Quantity, record: Record) -> Understood:
    families, value = record["product.family"], understood.value
    if value is None:
        return goods.told_apart(families, understood, bound.dimension)
    if not isinstance(value, Quantity):
        return understood
    found = goods.measured(families, value, bound.dimension)
    if found.amount is None:
        return replace(understood, why=found.why, needs=(path,))
    assumed = "; ".join(part for part in (understood.assumed, found.assumed) if part)
    if found.is_least:
        return replace(understood, why=found.why, needs=(path,), assumed=assumed)
    if found.amount is value:
        return understood
    told = f"{format_quantity(value)} = {format_quantity(found.amount)}"
    how = "; ".join(part for part in (understood.how, told) if part)
    return replace(understood, how=how, assumed=assumed, detail=Understood(value=found.amount))


def _as_money(understood: Understood, value: Money, bound: Money, record: Record) -> Understood:
    other = in_currency(record, value, bound)
    if other.value is None:
        return replace(understood, why=other.why, needs=other.needs)
    how = "; ".join(part for part in (understood.how, other.how) if part)
    return replace(understood, how=how, detail=other)


def _as_share(understood: Understood, value: Concentration, bound: Concentration) -> Understood:
    if value.basis == bound.basis or "" in (value.basis, bound.basis):
        return understood
    why = f"the share is stated {value.basis} and the bound {bound.basis}"
    return replace(understood, why=why)
