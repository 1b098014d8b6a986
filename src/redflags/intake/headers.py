"""Which column of a file is which field, and why."""

from __future__ import annotations

import collections.abc
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from redflags.diagnostics import nearest
from redflags.errors import InputError
from redflags.intake import content
from redflags.intake.answers import Answers
from redflags.intake.date_patterns import date_format
from redflags.intake.mapping import Mapping
from redflags.intake.names import field_of, is_known, normal_name
from redflags.intake.open_columns import Column
from redflags.intake.resolution import Samples, resolve
from redflags.intake.systems import shop_of
from redflags.intake.texts import PLAIN_SETTING, Setting
from redflags.model.fields import columns
from redflags.model.transaction import SHORT_COLUMNS
from redflags.values.codes import parse_licence_number

__all__ = ["HeaderMap", "field_of", "is_known", "map_headers"]

_BY_MAPPING = "the mapping says so"


@dataclass(frozen=True, slots=True)
class HeaderMap:
    """The field of each column by position (None: not used), and the names of those not used.

    ``constants`` are fields that have the same text in every row, by path; they have no column.
    ``reasons`` says of each column why it is its field, or none; ``candidates`` which fields it
    could be. ``ambiguous`` has the columns that nothing settles, with their candidates, and
    ``undecided`` their positions.
    ``settings`` say how the cells of a field are to be taken, and ``orders`` in which order the
    columns of a field that has several are joined. ``answers`` are laid over the rows by order
    number.
    """

    names: tuple[str, ...]
    fields: tuple[str | None, ...]
    unused: tuple[str, ...]
    constants: collections.abc.Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    candidates: tuple[tuple[str, ...], ...] = ()
    ambiguous: collections.abc.Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    undecided: frozenset[int] = frozenset()
    settings: collections.abc.Mapping[str, Setting] = field(default_factory=dict)
    orders: collections.abc.Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    answers: Answers | None = None

    @property
    def present(self) -> frozenset[str]:
        """The paths of all fields that have a column, an answer or the same text in every row."""
        found = frozenset(path for path in self.fields if path is not None).union(self.constants)
        return found if self.answers is None else found.union(self.answers.paths)

    def column_of(self, path: str) -> str | None:
        """The header over a field as the file writes it, several with a plus; None if none."""
        if path not in self.fields:
            return None
        if path in self.orders:
            names = [self.names[position] for position in self.orders[path]]
            alone = self.settings.get(path, PLAIN_SETTING).alone
            return " or ".join([*names[:alone], " + ".join(names[alone:])])
        return self.names[self.fields.index(path)]


def map_headers(
    header: Sequence[str],
    source: str = "the input",
    mapping: Mapping | None = None,
    samples: Samples | None = None,
    *,
    must_have: bool = True,
) -> HeaderMap:
    """Find the field of each column: what ``mapping`` says, else the name of the field itself,
    else what the names stand for in twelve languages and in order systems.

    A column whose field the mapping takes from elsewhere is not used; neither is one of which
    nothing says what it is. ``samples`` reads the first cells of the columns, by position, if they
    are needed to choose between the meanings that a name can have.

    Of columns that are named alike none is taken, unless only one of them has any cells.

    Raises :class:`InputError` if no column is a field (unless ``must_have`` is false), and
    :class:`~redflags.errors.ConfigurationError` if the mapping does not fit the header.
    """
    mapping = Mapping() if mapping is None else mapping
    joined = mapping.positions(header, source)
    fields = {place: path for path, places in joined.items() for place in places}
    reasons = dict.fromkeys(fields, _BY_MAPPING)
    taken = dict.fromkeys(mapping.constants, "the mapping")
    taken.update({path: header[places[0]] for path, places in joined.items()})
    candidates: dict[int, tuple[str, ...]] = {}
    others: dict[int, str] = {}
    named = _named(header, fields, mapping)
    if samples is not None and "licence.number" not in {*named, *taken}:
        _tell_licence_number(header, named, samples)
    own = {place: path for path, places in named.items() for place in places}
    stand_ins = _stand_ins(header, {path: named[path] for path in named if path not in taken})
    twins = {path for path, places in named.items() if len(places) > 1} - set(stand_ins)
    for position, name in enumerate(header):
        path = own.get(position)
        if position in fields:
            continue
        if mapping.ignored and mapping.is_ignored(position, name):
            reasons[position] = "the mapping leaves it out"
            continue
        if path is None or (path in twins and path not in taken):
            others[position] = name
            continue
        if path in stand_ins and path not in taken:
            _take_chain(path, stand_ins[path], header, fields, reasons)
            taken[path] = header[stand_ins[path][0]]
            continue
        if path in taken:
            reasons[position] = f"the name of the field; {taken[path][:60]!r} is taken for it"
            candidates[position] = (path,)
            continue
        taken[path] = name
        fields[position] = path
        reasons[position] = "the name of the field"
    settled = resolve(
        {position: name for position, name in others.items() if name.strip()},
        taken,
        samples,
        {position: (header[position], path) for position, path in fields.items()},
    )
    settings = dict(mapping.settings)
    orders = {path: places for path, places in joined.items() if len(places) > 1}
    for path, places in stand_ins.items():
        orders[path] = places
        _stand_in(settings, path, len(places) - 1)
    behind = {id(column.behind) for column in settled}
    for column in settled:
        reasons[column.position] = column.reason
        candidates[column.position] = column.candidates
        if column.field is not None:
            fields[column.position] = column.field
            _note(settings, column)
            chain = column.chain()
            if len(chain) > 1 and id(column) not in behind:
                orders[column.field] = tuple(one.position for one in chain)
                _stand_in(settings, column.field, sum(one.alone for one in chain))
    _count_items(header, fields, reasons, settings, taken)
    if not fields and must_have:
        undecided = [column for column in settled if column.is_open]
        raise InputError(source, _no_header(header, undecided), remedy=_NAMES)
    return HeaderMap(
        names=tuple(header),
        fields=tuple(fields.get(position) for position in range(len(header))),
        unused=tuple(
            name for position, name in enumerate(header) if name and position not in fields
        ),
        constants=mapping.constants,
        reasons=tuple(reasons.get(position, "") for position in range(len(header))),
        candidates=tuple(candidates.get(position, ()) for position in range(len(header))),
        ambiguous={column.name: column.candidates for column in settled if column.is_open},
        undecided=frozenset(column.position for column in settled if column.is_open),
        settings=settings,
        orders=orders,
        answers=mapping.answers,
    )


def _named(
    header: Sequence[str], given: collections.abc.Mapping[int, str], mapping: Mapping
) -> dict[str, list[int]]:
    """The columns whose names are those of fields themselves, by field."""
    found: dict[str, list[int]] = {}
    for position, name in enumerate(header):
        path = field_of(name)
        if path is None or position in given:
            continue
        if not (mapping.ignored and mapping.is_ignored(position, name)):
            found.setdefault(path, []).append(position)
    return found


def _tell_licence_number(
    header: Sequence[str], named: dict[str, list[int]], samples: Samples
) -> None:
    """Beside the status of the licence a column “licence” may have its number."""
    places = named.get(_STATUS, [])
    short = [place for place in places if normal_name(header[place]) in SHORT_COLUMNS]
    if len(places) != 2 or len(short) != 1:
        return
    texts = content.distinct(samples().get(short[0], ()))
    if texts and all(parse_licence_number(text).value is not None for text in texts):
        places.remove(short[0])
        named["licence.number"] = short


_STATUS = "licence.status"


def _stand_ins(
    header: Sequence[str], named: collections.abc.Mapping[str, Sequence[int]]
) -> dict[str, tuple[int, ...]]:
    """The fields that have a column of their own name and one of a short name, or several short
    ones: the short name counts where the own one says nothing."""
    ranks = {name: rank for rank, name in enumerate(SHORT_COLUMNS, start=1)}
    found = {}
    for path, places in named.items():
        names = [normal_name(header[place]) for place in places]
        if len(places) > 1 and len(set(names)) == len(names):
            found[path] = tuple(
                sorted(places, key=lambda place: ranks.get(normal_name(header[place]), 0))
            )
    return found


def _take_chain(
    path: str,
    places: Sequence[int],
    header: Sequence[str],
    fields: dict[int, str],
    reasons: dict[int, str],
) -> None:
    first = header[places[0]][:60]
    for place in places:
        fields[place] = path
        reasons[place] = f"a short name of the field, where {first!r} says nothing"
    reasons[places[0]] = "the name of the field"


def _count_items(
    header: Sequence[str],
    fields: dict[int, str],
    reasons: dict[int, str],
    settings: dict[str, Setting],
    taken: collections.abc.Mapping[str, str],
) -> None:
    """Note that a quantity beside columns of a web shop counts items: unless another unit is
    stated, in the cell, in a column of its own or in the mapping."""
    places = [position for position, path in fields.items() if path == "quantity"]
    setting = settings.get("quantity", PLAIN_SETTING)
    if len(places) != 1 or setting.unit or "unit" in taken or "unit" in fields.values():
        return
    shop = shop_of(header)
    if shop and reasons[places[0]] != _BY_MAPPING:
        settings["quantity"] = replace(setting, unit="pcs")
        reasons[places[0]] += f"; {shop} counts items"


def _note(settings: dict[str, Setting], column: Column) -> None:
    """What the name of a column says of its cells, unless the mapping says something else."""
    path = str(column.field)
    setting = settings.get(path, PLAIN_SETTING)
    if column.unit and not setting.unit:
        setting = replace(setting, unit=column.unit)
    if column.date_format and setting.date is None:
        setting = replace(setting, date=date_format(column.date_format))
    if setting != PLAIN_SETTING:
        settings[path] = setting


def _stand_in(settings: dict[str, Setting], path: str, alone: int) -> None:
    """Of the columns of a field so many are the whole text by themselves."""
    if alone:
        settings[path] = replace(settings.get(path, PLAIN_SETTING), alone=alone)


_NAMES = (
    "the first row must name the columns; `redflags fields` lists their names, and a mapping file "
    "(--mapping) gives others a meaning"
)


def _no_header(header: Sequence[str], undecided: Sequence[Column]) -> str:
    if undecided:
        could = [
            f"{column.name[:40]!r} could be {' or '.join(column.candidates)}"
            for column in undecided[:3]
        ]
        return f"no column is told for sure: {'; '.join(could)}"
    shown = ", ".join(repr(name[:40]) for name in header[:5]) + (", …" if len(header) > 5 else "")
    message = f"no column name is known among {shown}"
    for name in header[:50]:
        close = nearest(normal_name(name)[:60], columns()) if name else None
        if close:
            return f"{message}; did you mean {close!r}?"
    return message
