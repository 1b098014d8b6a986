"""From rows of text to records of typed values."""

from __future__ import annotations

from collections.abc import Iterator

from redflags.intake.headers import HeaderMap
from redflags.model.fields import field_table
from redflags.model.kinds import AS_WRITTEN, Notation
from redflags.model.record import Record, complete
from redflags.model.results import Misread, SetAside
from redflags.readers import Refused, TableSource
from redflags.values.understood import ABSENT, BLANK, Understood

MISREAD_KEPT = 1_000
"""Cells that were not understood and are kept with their text; beyond that they are counted."""


class Records:
    """The records of one file, one by one; rows that could not be split come as SetAside.

    ``misread`` and ``misread_cells`` grow while it is iterated: cells that are given but were not
    understood. Such a cell is an unknown value and no reason to leave the row out.
    """

    def __init__(
        self, source: TableSource, header_map: HeaderMap, notation: Notation = AS_WRITTEN
    ) -> None:
        self.misread: list[Misread] = []
        self.misread_cells = 0
        self._source = source
        self._notation = notation
        self._answers = header_map.answers
        table = field_table()
        self._columns = [
            (position, path, table[path].kind.parse, table[path].is_derived)
            for position, path in enumerate(header_map.fields)
            if path is not None
        ]
        self._names = {
            path: name
            for name, path in zip(header_map.names, header_map.fields, strict=True)
            if path is not None
        }
        self._names.update({path: f"{path} (constant)" for path in header_map.constants})
        self._order = {path: position for position, path in enumerate(self._names)}
        self._constants: dict[str, Understood] = {}
        self._blank_constants: list[str] = []
        self._doubtful_constants: list[str] = []
        for path, text in header_map.constants.items():
            understood = table[path].kind.parse(text, notation)
            if understood is BLANK and table[path].is_derived:
                self._blank_constants.append(path)
                continue
            if understood is not BLANK and understood.value is None:
                self._doubtful_constants.append(path)
            self._constants[path] = understood

    def __iter__(self) -> Iterator[Record | SetAside]:
        file, notation, columns = self._source.name, self._notation, self._columns
        for row in self._source.rows():
            if isinstance(row, Refused):
                yield SetAside(file=file, row=row.row, line=row.line, reason=row.reason)
                continue
            values = self._constants.copy()
            doubtful = []
            blanks = self._blank_constants.copy()
            cells = row.cells
            for position, path, parse, is_derived in columns:
                understood = parse(cells[position], notation)
                if understood is BLANK:
                    if is_derived:
                        blanks.append(path)  # an empty cell of a derived field: derive it
                        continue
                elif understood.value is None:
                    doubtful.append(path)
                values[path] = understood
            complete(values, notation)
            if self._answers is not None:
                number = values.get("order_id", ABSENT).value
                self._answers.lay_over(
                    f"{file}:{row.row}" if number is None else str(number), values
                )
            self._note(row.row, values, doubtful)
            yield Record(values, file, row.row, row.line, frozenset(blanks))

    def _note(self, row: int, values: dict[str, Understood], doubtful: list[str]) -> None:
        # Joining a number with its unit may have settled a cell, or may have unsettled it.
        doubtful += self._doubtful_constants
        doubtful += [path for path in _JOINED if path in values and path not in doubtful]
        for path in sorted(doubtful, key=self._order.__getitem__):
            understood = values[path]
            if understood.value is not None or understood.is_blank or understood is ABSENT:
                continue
            self.misread_cells += 1
            if len(self.misread) < MISREAD_KEPT:
                self.misread.append(
                    Misread(
                        file=self._source.name,
                        row=row,
                        column=self._names[path],
                        written=understood.written,
                        why=understood.why,
                    )
                )


_JOINED = ("quantity", "value")


def records(source: TableSource, header_map: HeaderMap, notation: Notation = AS_WRITTEN) -> Records:
    """Each row of ``source`` as a record of typed values, or as a row set aside."""
    return Records(source, header_map, notation)
