"""From rows of text to records of typed values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from redflags.intake.continuation import ContinuedOrders, continued, may_continue
from redflags.intake.digests import OrderDigests
from redflags.intake.duplicates import DuplicateRows
from redflags.intake.headers import HeaderMap
from redflags.intake.misread import MisreadCells
from redflags.intake.notation import NotationScan, in_sheet, is_open
from redflags.intake.report_rows import looked_at, no_order
from redflags.intake.texts import RowTexts
from redflags.model.fields import field_table
from redflags.model.notation import AS_WRITTEN, Notation, Notations
from redflags.model.record import COMPANION_COLUMNS, Record, complete
from redflags.model.results import Misread, SetAside
from redflags.readers import Refused, Row, TableSource
from redflags.readers.own_text import OwnTexts
from redflags.values.understood import ABSENT, Understood


class Records:
    """The records of one file, one by one; rows that could not be split come as SetAside.

    ``misread`` and ``duplicates`` grow while it is iterated, and so do ``digests`` where some are
    set: cells that are given but were not understood. Such a cell is an unknown value and no
    reason to leave the row out.
    """

    def __init__(
        self,
        source: TableSource,
        header_map: HeaderMap,
        notation: Notation | Notations = AS_WRITTEN,
    ) -> None:
        self.misread = MisreadCells()
        self.duplicates = DuplicateRows()
        self.digests: OrderDigests | None = None
        self._settled: tuple[str, ...] = ()
        self._source = source
        self._rows: Iterable[Row | Refused] | None = None
        self._notation = notation
        self._answers = header_map.answers
        table = field_table()
        self._texts = RowTexts(header_map)
        self._looked_at = looked_at(self._texts.paths)
        self._orders = ContinuedOrders(self._texts.paths if may_continue(source) else ())
        self._columns = [
            (place, path, table[path].kind.parse, notation.of(path), table[path].is_derived)
            for place, path in enumerate(self._texts.paths)
        ]
        self._names = {path: str(header_map.column_of(path)) for path in self._texts.paths}
        self._names.update({path: f"{path} (constant)" for path in header_map.constants})
        self._order = {path: position for position, path in enumerate(self._names)}
        self._constants: dict[str, Understood] = {}
        self._blank_constants: list[str] = []
        self._doubtful_constants: list[str] = []
        for path, text in header_map.constants.items():
            understood = table[path].kind.parse(text, notation.of(path))
            if understood.is_blank and table[path].is_derived:
                self._blank_constants.append(path)
                continue
            if not understood.is_blank and understood.value is None:
                self._doubtful_constants.append(path)
            self._constants[path] = understood

    @property
    def settled(self) -> tuple[str, ...]:
        """What the columns say of their notation, and which rows continue others; complete when
        all was iterated."""
        return (*self._settled, *continued(self._orders.count))

    def __iter__(self) -> Iterator[Record | SetAside]:
        file = self._source.name
        for row in self._source.rows() if self._rows is None else self._rows:
            if isinstance(row, Refused):
                yield set_aside(file, row)
                continue
            texts = self._texts.of(row.cells)
            reason = self._no_order(texts)
            yield no_order_line(file, row, reason, texts) if reason else self._record(row, texts)

    def record(self, row: Row) -> Record | None:
        """The values of one row, None for one that is no order; what is not understood is
        noted."""
        texts = self._texts.of(row.cells)
        return None if self._no_order(texts) else self._record(row, texts)

    def _no_order(self, texts: Sequence[str]) -> str:
        if not self._looked_at:
            return ""
        return no_order(dict(zip(self._texts.paths, texts, strict=True)), self._looked_at)

    def _record(self, row: Row, texts: Sequence[str]) -> Record:
        texts = self._orders.texts(row.row, texts)
        values = self._constants.copy()
        doubtful = []
        blanks = self._blank_constants.copy()
        self.duplicates.add(texts)
        for place, path, parse, own, is_derived in self._columns:
            understood = parse(texts[place], own)
            if understood.is_blank:
                if is_derived:
                    blanks.append(path)  # an empty cell of a derived field: derive it
                    continue
            elif understood.value is None:
                doubtful.append(path)
            values[path] = understood
        complete(values, self._notation)
        if self._answers is not None:
            number = values.get("order_id", ABSENT).value
            named = f"{self._source.name}:{row.row}" if number is None else str(number)
            self._answers.lay_over(named, values)
        if self.digests is not None:
            number = values.get("order_id", ABSENT).value
            self.digests.add(number, self._texts.paths, texts)
        self._note(row.row, values, doubtful)
        return Record(values, self._source.name, row.row, row.line, frozenset(blanks))

    def _note(self, row: int, values: dict[str, Understood], doubtful: list[str]) -> None:
        # Joining a number with its unit may have settled a cell, or may have unsettled it.
        doubtful += self._doubtful_constants
        doubtful += [path for path in _JOINED if path in values and path not in doubtful]
        for path in sorted(doubtful, key=self._order.__getitem__):
            understood = values[path]
            if understood.value is not None or understood.is_blank or understood is ABSENT:
                continue
            self.misread.add(
                Misread(
                    file=self._source.name,
                    row=row,
                    column=self._names[path],
                    written=understood.written,
                    why=understood.why,
                )
            )


_JOINED = ("quantity", "value")


def no_order_line(file: str, row: Row, reason: str, texts: Sequence[str]) -> SetAside:
    """A row of a file that is no order, as it is told."""
    text = OwnTexts().keep_cells(texts)
    return SetAside(file=file, row=row.row, line=row.line, reason=reason, text=text)


def set_aside(file: str, row: Refused) -> SetAside:
    """A row of a file that could not be split, as it is told."""
    return SetAside(file=file, row=row.row, line=row.line, reason=row.reason, text=row.text)


def records(
    source: TableSource, header_map: HeaderMap, notation: Notation | Notations = AS_WRITTEN
) -> Records:
    """Each row of ``source`` as a record of typed values, or as a row set aside. ``notation`` is
    that of the whole input, or of each of its columns."""
    return Records(source, header_map, notation)


def settled_records(
    source: TableSource, header_map: HeaderMap, stated: Notation = AS_WRITTEN
) -> Records:
    """As :func:`records`, each column read in the notation that its own texts settle.

    For that all rows are read before the first is understood, and held in memory; ``settled`` of
    the result says which column is read how, and why. What ``stated``, the user's setting, says
    wins.
    """
    stated = in_sheet(source, stated)
    if not NotationScan(RowTexts(header_map).paths, stated).fields:
        return Records(source, header_map, stated)
    return settled_rows(source, header_map, list(source.rows()), stated)


def settled_rows(
    source: TableSource,
    header_map: HeaderMap,
    rows: Sequence[Row | Refused],
    stated: Notation = AS_WRITTEN,
) -> Records:
    """As :func:`settled_records` for rows that are read already: all of them settle the notation,
    and they are what is iterated."""
    stated = in_sheet(source, stated)
    texts = RowTexts(header_map)
    scan = NotationScan(texts.paths, stated)
    read = [(row.row, texts.of(row.cells)) for row in rows if isinstance(row, Row)]
    settles = _some_is_open(scan.fields, texts.paths, [cells for _, cells in read], stated)
    if settles:
        for number, cells in read:
            scan.add_row(cells, number)
    found = Records(source, header_map, scan.notations() if settles else stated)
    found._rows = rows
    found._settled = settlements(scan, header_map) if settles else ()
    return found


def _some_is_open(
    fields: Iterable[str], paths: Sequence[str], rows: Sequence[Sequence[str]], stated: Notation
) -> bool:
    places = {path: place for place, path in enumerate(paths)}
    for path in fields:
        beside = COMPANION_COLUMNS.get(path)
        columns = [path] if beside not in places else [path, str(beside)]
        wanted = [places[one] for one in columns]
        distinct = {tuple(cells[place] for place in wanted) for cells in rows}
        if any(is_open(columns, cells, stated) for cells in distinct):
            return True
    return False


def settlements(scan: NotationScan, header_map: HeaderMap) -> tuple[str, ...]:
    """What the columns say about their notation, each as a sentence without a full stop."""
    return tuple(
        f"{header_map.column_of(path) or path}: {one.reason}"
        for path, one in scan.columns().items()
    )
