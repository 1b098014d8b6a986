"""A record: the values of one order line by dotted path, derived ones worked out when asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel

from redflags import reference
from redflags.model.answers import Alike, Answers
from redflags.model.derived import DERIVATIONS
from redflags.model.fields import field_table
from redflags.model.judgements import AS_SHIPPED, Judgements
from redflags.model.kinds import purchased
from redflags.model.notation import AS_WRITTEN, Notation, Notations
from redflags.model.transaction import Transaction
from redflags.values.codes import parse_licence_number
from redflags.values.exchange import Rates, no_rates
from redflags.values.money import parse_money
from redflags.values.quantity import parse_quantity
from redflags.values.understood import ABSENT, BLANK, Understood, unknown

Told = TypeVar("Told")


class Record(dict[str, Understood]):
    """The values of one line. A missing path is derived if it can be, otherwise it is
    :data:`~redflags.values.understood.ABSENT`; the answer is kept. ``blanks`` are the derived
    fields that were given empty: they are not stated where nothing else says what they are.
    ``given`` are the fields that the order itself states, with their values.

    ``memory`` can be shared by records that are judged alike: whatever is said of the same values
    is said once. The caller keeps it small.
    """

    __slots__ = (
        "blanks", "file", "given", "judgements", "known", "line", "memory", "rates", "row", "told",
    )  # fmt: skip

    def __init__(
        self,
        values: Mapping[str, Understood],
        file: str | None = None,
        row: int | None = None,
        line: int | None = None,
        blanks: frozenset[str] = frozenset(),
        memory: dict[object, Any] | None = None,
    ) -> None:
        super().__init__(values)
        self.memory = memory
        self.blanks = blanks
        self.given: Mapping[str, Understood] = values
        self.judgements = AS_SHIPPED
        self.rates: Rates = no_rates
        self.told: dict[object, Any] = {}  # what explanations have already put in words
        self.known: dict[object, bool | None] = {}  # verdicts that several rules ask for
        self.file = file
        self.row = row
        self.line = line

    def judge_by(self, judgements: Judgements, rates: Rates = no_rates) -> None:
        """Let a site's judgements decide fits and scales, and its exchange rates what a sum is in
        another currency; what others had decided is forgotten."""
        if rates is not self.rates:
            self.rates = rates
            self.known.clear()
        if judgements is self.judgements:
            return
        self.judgements = judgements
        self.known.clear()
        if len(self) == len(self.given):
            return  # nothing is derived yet
        for path in [path for path in self if path.endswith(".fit") or path == "quantity.scale"]:
            if not self.states(path):
                del self[path]

    def __missing__(self, path: str) -> Understood:
        derivation = DERIVATIONS.get(path)
        found = ABSENT if derivation is None else derivation.derive(self)
        if found is ABSENT and path in self.blanks:
            found = BLANK
        self[path] = found
        return found

    def restate(self, path: str, understood: Understood) -> None:
        """Put another value in the place of one that the order states."""
        self[path] = understood
        self.given = {**self.given, path: understood}

    def stated_paths(self) -> frozenset[str]:
        """The fields that the order itself gives."""
        return frozenset(self.given)

    def states(self, path: str) -> bool:
        """Whether the order itself gives the field: a derived one that is given empty is not."""
        return path in self.given

    def states_some(self, paths: Collection[str]) -> bool:
        """Whether the order itself gives one of these fields."""
        return not self.given.keys().isdisjoint(paths)

    def remembered(self, what: object, reads: Sequence[str], tell: Callable[[], Told]) -> Told:
        """What ``tell`` says of the fields in ``reads``, asked for once."""
        if self.memory is None:
            key: tuple[object, ...] = (what, *reads)
            if key not in self.told:
                self.told[key] = tell()
            found: Told = self.told[key]
            return found
        # Parsers give one object for one text. What is kept keeps its values too, so that no
        # other object takes their ids.
        values = tuple(map(self.given.get, reads))
        key = (what, self.blanks, *map(id, values))
        kept = self.memory.get(key)
        if kept is None:
            kept = self.memory[key] = (values, tell())
        told: Told = kept[1]
        return told


class TextRecord(Record):
    """A record of texts that are read when they are asked for.

    ``answers`` are shared by the records of one input: whatever is said of the same texts is said
    once. ``alike`` tells which records have the same texts, where that is known for many at once.
    """

    __slots__ = ("_about", "_alike", "_answers", "notation", "texts")

    def __init__(
        self,
        texts: Mapping[str, str],
        notation: Notation | Notations = AS_WRITTEN,
        file: str | None = None,
        row: int | None = None,
        line: int | None = None,
        answers: Answers | None = None,
        alike: Alike | None = None,
    ) -> None:
        super().__init__({}, file, row, line)
        self.texts = texts
        self._alike = alike
        self.notation = notation
        # The answers about its texts, by the columns that decide them, which are kept beside: so
        # long as they are, nothing else has their id.
        self._about: dict[int, tuple[Sequence[str], dict[object, Any]]] = {}
        self._answers = answers

    def __missing__(self, path: str) -> Understood:
        text = self.texts.get(path)
        found = None if text is None else self._read(path, text)
        if path == "licence.number" and (found is None or found.is_blank):
            found = self._licence_number() or found
        if found is None:
            return super().__missing__(path)
        if found.is_blank and path in DERIVATIONS:
            found = super().__missing__(path)
            found = BLANK if found is ABSENT else found
        elif path in COMPANION_COLUMNS and not found.is_blank:
            companion = self[COMPANION_COLUMNS[path]]
            if companion.value is not None:
                own = self.notation.of(path)
                found = _JOINERS[path](found.written, companion.written, own)
        elif path == "licence.status":
            found = _without_number(found)
        self[path] = found
        return found

    def get(self, path: str, default: Any = None) -> Any:
        """The value of a field that is given or was asked for already, else ``default``; nothing
        is derived for it."""
        return self[path] if path in self or path in self.texts else default

    def _read(self, path: str, text: str) -> Understood:
        return field_table()[path].kind.parse(text, self.notation.of(path))

    def _licence_number(self) -> Understood | None:
        """The number of a licence that stands in the column for its status."""
        status = self.texts.get("licence.status")
        return None if status is None else _number_in(self._read("licence.status", status))

    def states(self, path: str) -> bool:
        """As :meth:`Record.states`."""
        text = self.texts.get(path)
        if text is None:
            return path == "licence.number" and self._licence_number() is not None
        return path not in DERIVATIONS or not self._read(path, text).is_blank

    def states_some(self, paths: Collection[str]) -> bool:
        """As :meth:`Record.states_some`."""
        return not self.texts.keys().isdisjoint(paths) and any(map(self.states, paths))

    def stated_paths(self) -> frozenset[str]:
        """As :meth:`Record.stated_paths`."""
        return frozenset(path for path in self.texts if self.states(path))

    def remembered(self, what: object, reads: Sequence[str], tell: Callable[[], Told]) -> Told:
        """As :meth:`Record.remembered`; ``reads`` are all stated fields that decide the answer."""
        if self._answers is None:
            return super().remembered(what, reads, tell)
        known = self._about.get(id(reads))
        if known is None:
            about = self._answers.about(reads, self.texts, self._alike)
            known = self._about[id(reads)] = reads, about
        found: Told | None = known[1].get(what)
        if found is None:
            found = known[1][what] = tell()
            self._answers.count()
        return found


def record_of(
    transaction: Transaction,
    notation: Notation = AS_WRITTEN,
    memory: dict[object, Any] | None = None,
) -> Record:
    """The record of a transaction: its stated fields; a blank derived field is left to derive.
    ``memory`` is that of :class:`Record`."""
    values: dict[str, Understood] = {}
    blanks: frozenset[str] = frozenset()
    paths, groups = _attributes(), _GROUPS
    for name, value in transaction.__dict__.items():
        if value is None:
            continue
        if isinstance(value, Understood):
            path = paths[name]
            if path in DERIVATIONS and value.is_blank:
                blanks |= {path}
            else:
                values[path] = value
            continue
        group = groups.get((name, id(value)))
        if group is None:
            if len(groups) >= MOST_GROUPS:
                groups.clear()
            group = groups[name, id(value)] = _group_of(name, value)
        values |= group.values
        blanks |= group.blanks
    complete(values, notation)
    return Record(values, blanks=blanks, memory=memory)


class _Group(NamedTuple):
    """What a party or another group of fields of a transaction says, by path. The group is kept
    with it, so that no other can come to have its id."""

    model: BaseModel
    values: Mapping[str, Understood]
    blanks: frozenset[str]


MOST_GROUPS = 16_384
"""Groups of fields of which it is remembered what they say: orders share them."""

_GROUPS: dict[tuple[str, int], _Group] = {}


def _group_of(name: str, model: BaseModel) -> _Group:
    if not isinstance(model, BaseModel):
        raise _never_read(name, model)
    values: dict[str, Understood] = {}
    blanks: set[str] = set()
    for attribute, value in model.__dict__.items():
        if value is not None:
            if not isinstance(value, Understood):
                raise _never_read(f"{name}.{attribute}", value)
            _keep(values, blanks, f"{name}.{attribute}", value)
    return _Group(model, values, frozenset(blanks))


def _never_read(name: str, value: object) -> TypeError:
    return TypeError(
        f"{name} is {str(value)[:40]!r}, which was never read: model_copy and model_construct take "
        "values as they are; make the order by Transaction.model_validate, which takes what "
        "model_dump() gives with the changes laid over it"
    )


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


def altered(record: Record, cells: Mapping[str, str]) -> Record:
    """A record of the same line with other texts in some fields, by path, read as they would be in
    the input; an empty text states nothing. Everything derived is derived anew."""
    if isinstance(record, TextRecord):
        texts = {**record.texts, **cells}
        return TextRecord(texts, record.notation, record.file, record.row, record.line)
    values = {path: record[path] for path in record.stated_paths()}
    blanks = set(record.blanks)
    table = field_table()
    # Whether they have run out was settled with the days as they stood.
    for path in _RUN_OUT:
        if path in values and path not in cells:
            values[path] = table[path].kind.parse(values[path].written)
    status, number = values.get("licence.status", ABSENT), values.get("licence.number", ABSENT)
    if "licence.status" in cells and number.value is not None and number.written == status.written:
        del values["licence.number"]  # it was read from what stands there no longer
    for path, text in cells.items():
        values.pop(path, None)
        blanks.discard(path)
        _keep(values, blanks, path, table[path].kind.parse(text))
    for path, companion in COMPANION_COLUMNS.items():
        # What was joined already stays as it is.
        if path in cells:
            complete_one(values, path, companion)
    _split_licence(values)
    found = Record(values, record.file, record.row, record.line, frozenset(blanks))
    found.judgements = record.judgements
    return found


_RUN_OUT = ("licence.status", "end_use_statement.status")
"""Fields whose value depends on the day on which the run takes place."""


def record_of_texts(
    cells: Iterable[tuple[str, str]],
    notation: Notation | Notations = AS_WRITTEN,
    file: str | None = None,
    row: int | None = None,
    line: int | None = None,
) -> TextRecord:
    """The record of an order line from the text of each of its fields, by path."""
    return TextRecord(dict(cells), notation, file, row, line)


COMPANION_COLUMNS: Mapping[str, str] = {"quantity": "unit", "value": "currency"}
"""Fields whose number and unit can stand in two columns."""


def complete(values: dict[str, Understood], notation: Notation | Notations = AS_WRITTEN) -> None:
    """Join what stands in two columns, the quantity with its unit and the value with its currency,
    and part what stands in one: the number of a licence in the column for its status."""
    for path, companion in COMPANION_COLUMNS.items():
        complete_one(values, path, companion, notation)
    _split_licence(values)


def complete_one(
    values: dict[str, Understood],
    path: str,
    companion: str,
    notation: Notation | Notations = AS_WRITTEN,
) -> None:
    """Join one value with the unit or the currency that stands beside it."""
    beside = values.get(companion, ABSENT)
    if beside.value is None or not _is_given(values, path):
        return
    text, unit = values[path].written, beside.written
    if notation is AS_WRITTEN:  # to look them up with a notation takes longer
        values[path] = _joined_as_written(path, text, unit)
    else:
        values[path] = _JOINERS[path](text, unit, notation.of(path))


def _split_licence(values: dict[str, Understood]) -> None:
    """A column “licence” often has the licence's number instead of how it stands."""
    status = values.get("licence.status")
    number = None if status is None else _number_in(status)
    if status is None or number is None:
        return
    values["licence.status"] = _without_number(status)
    if not _is_given(values, "licence.number"):
        values["licence.number"] = number


def _number_in(status: Understood) -> Understood | None:
    """The number of a licence that is given as its status."""
    if status.value is not None or status.is_blank:
        return None
    number = parse_licence_number(status.written)
    return None if number.value is None else number


def _without_number(status: Understood) -> Understood:
    number = _number_in(status)
    if number is None:
        return status
    why = f"“{number.value}” is the number of a licence, which does not say how it stands"
    return unknown(status.written, why)


def _is_given(values: Mapping[str, Understood], path: str) -> bool:
    """Whether a field says anything: “n/a” says nothing, whatever its unit."""
    return path in values and not values[path].is_blank


@lru_cache(maxsize=65_536)
def _joined_as_written(path: str, text: str, unit: str) -> Understood:
    return _JOINERS[path](text, unit, AS_WRITTEN)


@lru_cache(maxsize=65_536)
def _quantity(text: str, unit: str, notation: Notation) -> Understood:
    if not text.strip():
        return BLANK
    found = parse_quantity(text, unit, reference.units(), decimal=notation.decimal)
    return _with_unit(purchased(found, notation), text, unit)


@lru_cache(maxsize=65_536)
def _money(text: str, currency: str, notation: Notation) -> Understood:
    if not text.strip():
        return BLANK
    found = parse_money(text, currency, reference.currencies(), decimal=notation.decimal)
    return _with_unit(found, text, currency)


def _with_unit(found: Understood, text: str, unit: str) -> Understood:
    """What was read of a number and its unit, as one reads the two columns. A text that says that
    it gives no value, “see DN-304”, is no number of an odd unit."""
    why = None if found.value is not None else reference.missing(text)
    if why is not None:
        return unknown(text, why)
    return replace(found, written=_joined(text, unit))


def _joined(text: str, unit: str) -> str:
    """A number with its unit, as one reads them across two columns."""
    return text if unit.strip().lower() in text.lower().split() else f"{text} {unit}"


_JOINERS: Mapping[str, Callable[[str, str, Notation], Understood]] = {
    "quantity": _quantity,
    "value": _money,
}
