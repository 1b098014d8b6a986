"""A workbook for colleagues: alerts, their flags, the questions, and what the run rested on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from redflags.errors import ConfigurationError
from redflags.model.comparisons import Baseline
from redflags.model.report import Report
from redflags.model.results import Assessment
from redflags.writers.baseline import counts_told
from redflags.writers.flag_rows import COLUMNS, flag_rows
from redflags.writers.harmless import spreadsheet_cell
from redflags.writers.unsaid import undecided_columns

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_575
"""Rows below the header that a sheet can hold."""

LONGEST_CELL = 32_000
"""Characters of a cell; a workbook allows 32,767."""

NOTE = (
    "A score orders by urgency; it is no probability. A place says nothing about the people who "
    "live there. A flag states facts of an order and accuses nobody."
)

_ALERTS = ("order_id", "band", "stop", "score", "action", "flags", "strongest", "parties",
           "goods", "destination", "date", "file", "rows")  # fmt: skip
_CHANGES = ("order_id", "change", "band", "band_before", "score", "score_before", "new_flags",
            "gone_flags", "changed_flags", "grown_flags", "parties", "goods",
            "fingerprint")  # fmt: skip
_QUESTIONS = ("order_id", "band", "of", "question", "answer", "by", "on", "document")


def check_available() -> None:
    """Raise :class:`ConfigurationError` if the package that writes workbooks is absent."""
    try:
        import xlsxwriter  # noqa: F401
    except ImportError:
        raise ConfigurationError(
            "an xlsx file needs the package XlsxWriter; install redflags[excel], or write csv"
        ) from None


def write_xlsx(report: Report, stream: BinaryIO) -> None:
    """Write the workbook. Every text is a text: nothing in a cell is a formula or a link.

    Raises :class:`ConfigurationError` if the package that writes it is absent.
    """
    check_available()
    from xlsxwriter import Workbook

    book = Workbook(
        stream,
        {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
            "in_memory": True,
        },
    )
    sheets = [
        _Sheet(book, "Alerts", _ALERTS, (14, 9, 6, 7, 15, 7, 46, 60, 40, 11, 11, 24, 12)),
        _Sheet(book, "Flags", COLUMNS, (14, 24, 10, 7, 7, 9, 15, 6, 40, 46, 9, 12, 7, 80)),
        _Sheet(book, "Questions", _QUESTIONS, (14, 9, 12, 80, 40, 16, 12, 24)),
    ]
    alerts, flags, questions = sheets
    for assessment in report.assessments:
        if not assessment.is_alert:
            continue
        alerts.add(_alert(assessment))
        for row in flag_rows(assessment):
            row["stop"] = "yes" if row["stop"] else "no"
            flags.add([row[name] for name in COLUMNS])
        for of, text in _asked(assessment):
            questions.add([assessment.order_id, assessment.band, of, text, "", "", "", ""])
    if report.baseline is not None:
        sheets.append(_changes(book, report.baseline))
    for sheet in sheets:
        sheet.close()
    run = _Sheet(book, "Run", ("what", "value"), (28, 100))
    for label, value in _run(report, sheets):
        run.add([label, value])
    run.close()
    book.close()


def _changes(book: Workbook, found: Baseline) -> _Sheet:
    """The sheet of what is new, gone and changed since an earlier run."""
    widths = (14, 10, 9, 11, 7, 11, 46, 46, 46, 46, 60, 40, 34)
    sheet = _Sheet(book, "Changes", _CHANGES, widths)
    for one in found.orders:
        cells = (getattr(one, name) for name in _CHANGES)
        sheet.add(["; ".join(cell) if isinstance(cell, tuple) else cell for cell in cells])
    return sheet


class _Sheet:
    """A sheet with a header that stays in sight and filters."""

    def __init__(
        self, book: Workbook, name: str, heads: Sequence[str], widths: Sequence[int]
    ) -> None:
        self.name = name
        self.left_out = 0
        self._heads = heads
        self._sheet: Worksheet = book.add_worksheet(name)
        self._row = 0
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        bold = book.add_format({"bold": True, "bottom": 1})
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width, self._wrapped)
        for column, head in enumerate(heads):
            self._sheet.write_string(0, column, head, bold)
        self._sheet.freeze_panes(1, 1)

    def add(self, cells: Sequence[Any]) -> None:
        """Add a row; beyond what a sheet can hold it is counted only."""
        if self._row >= MOST_ROWS:
            self.left_out += 1
            return
        self._row += 1
        for column, cell in enumerate(cells):
            if isinstance(cell, int | float):
                self._sheet.write_number(self._row, column, cell, self._wrapped)
            elif cell:
                text = spreadsheet_cell(str(cell))
                if len(text) > LONGEST_CELL:
                    text = text[: LONGEST_CELL - 1] + "…"
                self._sheet.write_string(self._row, column, text, self._wrapped)

    def close(self) -> None:
        """Put filters on the columns."""
        if self._row:
            self._sheet.autofilter(0, 0, self._row, len(self._heads) - 1)


def _alert(one: Assessment) -> list[Any]:
    files = dict.fromkeys(line.file for line in one.lines if line.file is not None)
    rows = "; ".join(str(line.row) for line in one.lines if line.row is not None)
    return [
        one.order_id, one.band, "yes" if one.stop else "no", one.score, ", ".join(one.action),
        len(one.flags), one.flags[0].title, one.parties, one.goods, one.destination, one.date,
        "; ".join(files), rows,
    ]  # fmt: skip


def _asked(one: Assessment) -> Iterable[tuple[str, str]]:
    """Its questions, each once; those for the customer last, as asking can tip him off."""
    found = dict.fromkeys((ask.of, ask.text) for flag in one.flags for ask in flag.ask)
    return sorted(found, key=lambda ask: ask[0] == "customer")


def _run(report: Report, sheets: Sequence[_Sheet]) -> Iterable[tuple[str, Any]]:
    summary, run = report.summary, report.run
    yield "bear in mind", NOTE
    yield "as of", run.as_of
    yield "redflags", run.version
    yield "rows read", summary.read
    yield "rows assessed", summary.assessed
    yield "rows set aside", summary.set_aside
    yield "orders", summary.orders
    yield "alerts", summary.alerts
    for band, count in summary.bands.items():
        yield f"orders in band {band}", count
    for one in run.inputs:
        yield "file", f"{one.path}, SHA-256 {one.sha256}"
        for told in undecided_columns(one):
            yield "note", f"{told}; a mapping says which"
    if report.baseline is not None:
        found = report.baseline
        yield "compared with", f"{found.path}, SHA-256 {found.sha256}"
        yield "since then", counts_told(found)
        for note in found.notes:
            yield "note", note
    for pack in run.packs:
        yield "pack", f"{pack.id} {pack.version}, SHA-256 {pack.sha256}"
    yield "rule book", f"SHA-256 {run.rules_sha256}"
    for sheet in sheets:
        if sheet.left_out:
            yield (
                f"not in the sheet {sheet.name}",
                f"{sheet.left_out:,} rows: a sheet holds no more; the CSV and JSON have all",
            )
