"""A record: the values of one order line by dotted path, derived ones worked out when asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from redflags import reference
from redflags.model.derived import DERIVATIONS
from redflags.model.fields import field_table
from redflags.model.kinds import AS_WRITTEN, Notation, Notations, purchased
from redflags.model.transaction import Transaction
from redflags.values.codes import parse_licence_number
from redflags.values.money import parse_money
from redflags.values.quantity import parse_quantity
from redflags.values.understood import ABSENT, BLANK, Understood, unknown


class Record(dict[str, Understood]):
    """The values of one line. A missing path is derived if it can be, otherwise it is
    :data:`~redflags.values.understood.ABSENT`; the answer is kept. ``stated`` are the paths that
    were given; ``blanks`` the derived fields that were given empty: they are not stated where
    nothing else says what they are."""

    __slots__ = ("blanks", "file", "line", "row", "stated", "told")

    def __init__(
        self,
        values: Mapping[str, Understood],
        file: str | None = None,
        row: int | None = None,
        line: int | None = None,
        blanks: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(values)
        self.blanks = blanks
        self.stated = frozenset(values)
        self.told: dict[object, Any] = {}  # what explanations have already put in words
        self.file = file
        self.row = row
        self.line = line

    def __missing__(self, path: str) -> Understood:
        derivation = DERIVATIONS.get(path)
        found = ABSENT if derivation is None else derivation.derive(self)
        if found is ABSENT and path in self.blanks:
            found = BLANK
        self[path] = found
        return found


def record_of(transaction: Transaction, notation: Notation = AS_WRITTEN) -> Record:
    """The record of a transaction: its stated fields; a blank derived field is left to derive."""
    values: dict[str, Understood] = {}
    blanks: set[str] = set()
    stated = transaction.__dict__
    for name, path in _attributes().items():
        value = stated[name]
        if value is None:
            continue
        if isinstance(value, BaseModel):
            for attribute, inner in value.__dict__.items():
                if inner is not None:
                    _keep(values, blanks, f"{name}.{attribute}", inner)
        else:
            _keep(values, blanks, path, value)
    complete(values, notation)
    return Record(values, blanks=frozenset(blanks))


def _keep(values: dict[str, Understood], blanks: set[str], path: str, value: Understood) -> None:
    if value.is_blank and path in DERIVATIONS:
        blanks.add(path)
    else:
        values[path] = value


@lru_cache(maxsize=1)
def _attributes() -> Mapping[str, str]:
    """From each attribute of a transaction to the path of its field."""
    paths = {field.column: path for path, field in field_table().items()}
    return {name: paths.get(name, name) for name in Transaction.model_fields}


def record_of_texts(
    cells: Iterable[tuple[str, str]],
    notation: Notation | Notations = AS_WRITTEN,
    file: str | None = None,
    row: int | None = None,
    line: int | None = None,
) -> Record:
    """The record of an order line from the text of each of its fields, by path."""
    values: dict[str, Understood] = {}
    blanks: set[str] = set()
    table = field_table()
    for path, text in cells:
        _keep(values, blanks, path, table[path].kind.parse(text, notation.of(path)))
    complete(values, notation)
    return Record(values, file, row, line, frozenset(blanks))


COMPANION_COLUMNS: Mapping[str, str] = {"quantity": "unit", "value": "currency"}
"""Fields whose number and unit can stand in two columns."""


def complete(values: dict[str, Understood], notation: Notation | Notations = AS_WRITTEN) -> None:
    """Join what stands in two columns, the quantity with its unit and the value with its currency,
    and part what stands in one: the number of a licence in the column for its status."""
    unit = values.get("unit", ABSENT)
    if unit.value is not None and _is_given(values, "quantity"):
        own = notation.of("quantity")
        values["quantity"] = _quantity(values["quantity"].written, unit.written, own)
    currency = values.get("currency", ABSENT)
    if currency.value is not None and _is_given(values, "value"):
        own = notation.of("value")
        values["value"] = _money(values["value"].written, currency.written, own)
    _split_licence(values)


def _split_licence(values: dict[str, Understood]) -> None:
    """A column “licence” often has the licence's number instead of how it stands."""
    status = values.get("licence.status")
    if status is None or status.value is not None or status.is_blank:
        return
    number = parse_licence_number(status.written)
    if number.value is None:
        return
    why = f"“{number.value}” is the number of a licence, which does not say how it stands"
    values["licence.status"] = unknown(status.written, why)
    if not _is_given(values, "licence.number"):
        values["licence.number"] = number


def _is_given(values: Mapping[str, Understood], path: str) -> bool:
    """Whether a field says anything: “n/a” says nothing, whatever its unit."""
    return path in values and not values[path].is_blank


@lru_cache(maxsize=65_536)
def _quantity(text: str, unit: str, notation: Notation) -> Understood:
    if not text.strip():
        return BLANK
    found = parse_quantity(text, unit, reference.units(), decimal=notation.decimal)
    found = purchased(found, notation)
    return replace(found, written=_joined(text, unit))


@lru_cache(maxsize=65_536)
def _money(text: str, currency: str, notation: Notation) -> Understood:
    if not text.strip():
        return BLANK
    found = parse_money(text, currency, reference.currencies(), decimal=notation.decimal)
    return replace(found, written=_joined(text, currency))


def _joined(text: str, unit: str) -> str:
    """A number with its unit, as one reads them across two columns."""
    return text if unit.strip().lower() in text.lower().split() else f"{text} {unit}"
