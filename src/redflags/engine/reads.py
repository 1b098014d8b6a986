"""Which stated fields a condition looks at: what an engine has to read before it can judge it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache

from redflags.model.derived import DERIVATIONS
from redflags.model.fields import field_table
from redflags.rulebook.tree import Condition, LimitTable, ListReference, Named, Test

COMPANIONS: Mapping[str, tuple[str, ...]] = {
    "quantity": ("unit",),
    "value": ("currency", "date"),
    "licence.status": ("licence.until",),
    "licence.number": ("licence.status",),
    "end_use_statement.status": ("end_use_statement.date",),
}
"""Fields whose value depends on that of another stated field."""

GOODS = "product.family"
"""What the goods are: worked out once for each product text and then known by its number."""

COMPARED_BY_DENSITY = ("quantity", "particle_size")
"""Fields of which mass is compared with volume by the density of the goods."""

GOODS_COLUMNS = ("product", "cas", "hs_code", GOODS)
"""The columns that say what the goods are."""


def tests_of(condition: Condition) -> Iterator[Test]:
    """Every test of a condition; one that stands in several places comes several times."""
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Named):
        yield from tests_of(condition.block)
    else:
        for part in condition.parts:
            yield from tests_of(part)


def fields_of(test: Test) -> frozenset[str]:
    """The fields that a test itself compares, stated or derived."""
    fields = {test.field}
    operand = test.operand
    if test.operator in ("same_as", "differs_from"):
        fields.update(operand)
    if isinstance(operand, LimitTable):
        fields.update(path for row in operand.rows for path, _ in row.match)
    if isinstance(operand, ListReference) and operand.list.is_dated:
        fields.add("date")
    if test.field in COMPARED_BY_DENSITY:
        fields.add(GOODS)
    return frozenset(fields)


def read_by(test: Test) -> frozenset[str]:
    """The stated fields that decide a test; those behind ``product.family`` stand as that."""
    return frozenset().union(*(behind(path) for path in fields_of(test)))


def read_beside_goods(test: Test) -> frozenset[str]:
    """As :func:`read_by`, where what the goods are is known by the number of their kind: that
    tells all that a derived field reads of them in the columns ``product`` and ``cas``."""
    return frozenset().union(*(beside_goods(path) for path in fields_of(test)))


@cache
def beside_goods(path: str) -> frozenset[str]:
    """As :func:`read_beside_goods`, for the value of one field."""
    found = behind(path)
    return found - {"product", "cas"} if GOODS in found else found


def compares_columns(test: Test, columns: Collection[str]) -> bool:
    """Whether a test compares single values of stated fields, each in a column of its own that
    alone decides it."""
    if test.operator not in ("same_as", "differs_from"):
        return False
    return all(
        path in columns and behind(path) == {path} and not field_table()[path].kind.is_set
        for path in (test.field, *test.operand)
    )


@cache
def behind(path: str) -> frozenset[str]:
    """The stated fields that a field rests on, itself among them; those behind
    ``product.family`` stand as that."""
    if path == GOODS:
        return frozenset({GOODS})
    found = {path, *COMPANIONS.get(path, ())}
    if path in DERIVATIONS:
        found.update(*(behind(one) for one in DERIVATIONS[path].reads))
    return frozenset(found)


def cost(condition: Condition) -> int:
    """How many stated fields the dearest test of a condition reads; none for an empty block."""
    return max((len(read_by(test)) for test in tests_of(condition)), default=0)


@cache
def takes_for_granted(path: str) -> bool:
    """Whether a derived field, or one that it rests on, assumes what is not stated."""
    derivation = DERIVATIONS.get(path)
    return derivation is not None and (
        derivation.assumes or any(takes_for_granted(one) for one in derivation.reads)
    )
