"""Counting, column by column, what a file states and how much of it is understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from redflags.intake.headers import HeaderMap
from redflags.intake.records import settled_rows
from redflags.intake.texts import PLAIN_SETTING
from redflags.model.fields import field_table
from redflags.model.notation import AS_WRITTEN, Notation
from redflags.model.record import Record
from redflags.model.survey import ColumnSurvey, FileSurvey, NotUnderstood
from redflags.readers import Refused, TableSource

ROWS = 10_000
"""Rows at the start of a file that are looked at unless all are wanted."""

_SAMPLES = 3
_LONGEST_SAMPLE = 200


@dataclass(slots=True)
class _Count:
    """What was seen of one column or field."""

    given: int = 0
    understood: int = 0
    samples: list[str] = field(default_factory=list)
    not_understood: dict[str, str] = field(default_factory=dict)

    def see(self, text: str) -> None:
        """Note the text of a cell."""
        if not text.strip():
            return
        self.given += 1
        if len(self.samples) < _SAMPLES:
            sample = text.strip()[:_LONGEST_SAMPLE]
            if sample not in self.samples:
                self.samples.append(sample)

    def judge(self, record: Record, path: str) -> None:
        """Note what a field of a row was understood as."""
        found = record.get(path)
        if found is None or found.is_blank:
            return
        self.given += 1
        if found.value is not None:
            self.understood += 1
        elif len(self.not_understood) < _SAMPLES:
            self.not_understood.setdefault(found.written[:_LONGEST_SAMPLE], found.why)


def survey(
    source: TableSource,
    header: HeaderMap,
    notation: Notation = AS_WRITTEN,
    most: int | None = ROWS,
) -> FileSurvey:
    """Look at the first ``most`` rows of a file, or at all.

    The same parsers count as when the file is checked, and the columns are read in the notation
    that these rows settle. Raises
    :class:`~redflags.errors.InputError` if the source breaks off.
    """
    every = source.rows()
    looked_at = list(islice(every, most))
    complete = most is None or len(looked_at) < most or next(iter(every), None) is None
    reading = settled_rows(source, header, looked_at, notation)
    cells = [_Count() for _ in header.names]
    fields = {path: _Count() for path in header.fields if path is not None}
    set_aside = 0
    for row in looked_at:
        if isinstance(row, Refused):
            set_aside += 1
            continue
        record = reading.record(row)
        if record is None:
            set_aside += 1
            continue
        for count, text in zip(cells, row.cells, strict=False):
            count.see(text)
        for path, count in fields.items():
            count.judge(record, path)
    return FileSurvey(
        path=source.name,
        encoding=source.encoding,
        delimiter=source.delimiter,
        rows=len(looked_at),
        complete=complete,
        set_aside=set_aside,
        columns=tuple(_columns(header, cells, fields)),
        constants=dict(header.constants),
        notes=(*source.notes, *reading.settled),
    )


def _columns(
    header: HeaderMap, cells: Sequence[_Count], fields: Mapping[str, _Count]
) -> list[ColumnSurvey]:
    found = []
    for position, (name, path) in enumerate(zip(header.names, header.fields, strict=True)):
        count = cells[position] if path is None else fields[path]
        setting = PLAIN_SETTING if path is None else header.settings.get(path, PLAIN_SETTING)
        order = () if path is None else header.orders.get(path, ())
        place = order.index(position) if order else 0
        found.append(
            ColumnSurvey(
                position=position + 1,
                header=name,
                field=path,
                column=None if path is None else field_table()[path].column,
                candidates=header.candidates[position],
                undecided=position in header.undecided,
                reason=header.reasons[position],
                samples=tuple(cells[position].samples),
                given=count.given,
                understood=None if path is None else count.understood,
                not_understood=tuple(
                    NotUnderstood(written=written, why=why)
                    for written, why in count.not_understood.items()
                ),
                unit=setting.unit,
                dates=setting.date.text if setting.date is not None else "",
                joined=bool(order),
                place=place,
                alone=place < setting.alone,
            )
        )
    return found
