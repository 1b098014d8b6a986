"""A record: the values of one order line by dotted path, derived ones worked out when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel

from redflags import reference
from redflags.model.derived import DERIVATIONS
from redflags.model.fields import field_table
from redflags.model.kinds import AS_WRITTEN, Notation, purchased
from redflags.model.transaction import Transaction
from redflags.values.money import parse_money
from redflags.values.quantity import parse_quantity
from redflags.values.understood import ABSENT, BLANK, Understood

Told = TypeVar("Told")

MOST_REMEMBERED = 200_000
"""Answers that a run remembers for texts that come again."""


class Record(dict[str, Understood]):
    """The values of one line. A missing path is derived if it can be, otherwise it is
    :data:`~redflags.values.understood.ABSENT`; the answer is kept. ``blanks`` are the derived
    fields that were given empty: they are not stated where nothing else says what they are."""

    __slots__ = ("_stated", "blanks", "file", "line", "row", "told")

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
        self._stated = frozenset(values)
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

    def states(self, path: str) -> bool:
        """Whether the order itself gives the field: a derived one that is given empty is not."""
        return path in self._stated

    def remembered(self, what: object, reads: Sequence[str], tell: Callable[[], Told]) -> Told:
        """What ``tell`` says of the fields in ``reads``, asked for once."""
        if what not in self.told:
            self.told[what] = tell()
        found: Told = self.told[what]
        return found


class TextRecord(Record):
    """A record of texts that are read when they are asked for.

    ``memory`` is shared by the records of one run: whatever is said of the same texts is said
    once. It holds at most :data:`MOST_REMEMBERED` answers.
    """

    __slots__ = ("memory", "notation", "texts")

    def __init__(
        self,
        texts: Mapping[str, str],
        notation: Notation = AS_WRITTEN,
        file: str | None = None,
        row: int | None = None,
        line: int | None = None,
        memory: dict[object, Any] | None = None,
    ) -> None:
        super().__init__({}, file, row, line)
        self.texts = texts
        self.notation = notation
        self.memory = memory

    def __missing__(self, path: str) -> Understood:
        text = self.texts.get(path)
        if text is None:
            return super().__missing__(path)
        found = field_table()[path].kind.parse(text, self.notation)
        if found is BLANK and path in DERIVATIONS:
            found = super().__missing__(path)
            found = BLANK if found is ABSENT else found
        elif path in COMPANION_COLUMNS:
            companion = self[COMPANION_COLUMNS[path]]
            if companion.value is not None:
                found = _JOINERS[path](found.written, companion.written, self.notation)
        self[path] = found
        return found

    def states(self, path: str) -> bool:
        """As :meth:`Record.states`."""
        text = self.texts.get(path)
        if text is None or path not in DERIVATIONS:
            return text is not None
        return field_table()[path].kind.parse(text, self.notation) is not BLANK

    def remembered(self, what: object, reads: Sequence[str], tell: Callable[[], Told]) -> Told:
        """As :meth:`Record.remembered`; ``reads`` are all stated fields that decide the answer."""
        if self.memory is None:
            return super().remembered(what, reads, tell)
        key = (what, *map(self.texts.get, reads))
        found: Told | None = self.memory.get(key)
        if found is None:
            if len(self.memory) >= MOST_REMEMBERED:
                self.memory.clear()
            found = self.memory[key] = tell()
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
) -> TextRecord:
    """The record of an order line from the text of each of its fields, by path."""
    return TextRecord(dict(cells), notation, file, row, line)


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


_JOINERS: Mapping[str, Callable[[str, str, Notation], Understood]] = {
    "quantity": _quantity,
    "value": _money,
}
