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
from redflags.model.judgements import AS_SHIPPED, Judgements
from redflags.model.kinds import AS_WRITTEN, Notation, purchased
from redflags.model.transaction import Transaction
from redflags.values.money import parse_money
from redflags.values.quantity import parse_quantity
from redflags.values.understood import ABSENT, BLANK, Understood


class Record(dict[str, Understood]):
    """The values of one line. A missing path is derived if it can be, otherwise it is
    :data:`~redflags.values.understood.ABSENT`; the answer is kept. ``stated`` are the paths that
    were given; ``blanks`` the derived fields that were given empty: they are not stated where
    nothing else says what they are."""

    __slots__ = ("blanks", "file", "judgements", "line", "row", "stated", "told")

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
        self.judgements = AS_SHIPPED
        self.stated = frozenset(values)
        self.told: dict[object, Any] = {}  # what explanations have already put in words
        self.file = file
        self.row = row
        self.line = line

    def judge_by(self, judgements: Judgements) -> None:
        """Let a site's judgements decide fits and scales; what others had decided is forgotten."""
        if judgements is self.judgements:
            return
        self.judgements = judgements
        for path in [path for path in self if path.endswith(".fit") or path == "quantity.scale"]:
            if path not in self.stated:
                del self[path]

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
    if value is BLANK and path in DERIVATIONS:
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
    notation: Notation = AS_WRITTEN,
    file: str | None = None,
    row: int | None = None,
    line: int | None = None,
) -> Record:
    """The record of an order line from the text of each of its fields, by path."""
    values: dict[str, Understood] = {}
    blanks: set[str] = set()
    table = field_table()
    for path, text in cells:
        _keep(values, blanks, path, table[path].kind.parse(text, notation))
    complete(values, notation)
    return Record(values, file, row, line, frozenset(blanks))


COMPANION_COLUMNS: Mapping[str, str] = {"quantity": "unit", "value": "currency"}
"""Fields whose number and unit can stand in two columns."""


def complete(values: dict[str, Understood], notation: Notation = AS_WRITTEN) -> None:
    """Join what stands in two columns: the quantity with its unit, the value with its currency."""
    unit = values.get("unit", ABSENT)
    if unit.value is not None and "quantity" in values:
        values["quantity"] = _quantity(values["quantity"].written, unit.written, notation)
    currency = values.get("currency", ABSENT)
    if currency.value is not None and "value" in values:
        values["value"] = _money(values["value"].written, currency.written, notation)


@lru_cache(maxsize=65_536)
def _quantity(text: str, unit: str, notation: Notation) -> Understood:
    if not text.strip():
        return BLANK
    found = purchased(parse_quantity(text, unit, reference.units(), decimal=notation.decimal))
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
