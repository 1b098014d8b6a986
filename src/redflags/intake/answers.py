"""Answers to the questionnaire: read from CSV or JSON, and laid over the orders they belong to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from redflags import reference
from redflags.diagnostics import nearest
from redflags.errors import InputError
from redflags.intake.names import field_of, normal_name
from redflags.model.fields import field_table
from redflags.readers import Refused, open_table
from redflags.values.answers import NOT_ASKED, parse_answer, written_answer
from redflags.values.dates import parse_date
from redflags.values.text import shown
from redflags.values.understood import ABSENT, Understood

if TYPE_CHECKING:
    import polars as pl

COLUMNS: Final = ("order_id", "observation", "answer", "by", "on")
"""The columns of a file of answers; the first three are required, others are not looked at."""

LARGEST_JSON: Final = 50_000_000
"""Bytes of a JSON file of answers. A questionnaire for ten thousand orders has less."""

_LONGEST_AUTHOR: Final = 100
_UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers by order number: for each, the text by path of the observation.

    ``met`` gathers the orders that were found while files are read, so that answers to orders that
    are nowhere can be reported (:meth:`not_met`).
    """

    by_order: Mapping[str, Mapping[str, str]]
    source: str = "the answers"
    met: set[str] = field(default_factory=set, compare=False)

    @property
    def paths(self) -> frozenset[str]:
        """The observations that are answered for some order."""
        return frozenset(path for answers in self.by_order.values() for path in answers)

    def not_met(self) -> tuple[str, ...]:
        """The orders with answers that no file had, in the order of the answers."""
        return tuple(number for number in self.by_order if number not in self.met)

    def lay_over(self, number: str, values: dict[str, Understood]) -> None:
        """Put the answers for an order into the values of one of its lines.

        An answer outdoes what the line itself says; one that is unknown only fills what is blank.
        """
        answers = self.by_order.get(number)
        if answers is None:
            return
        self.met.add(number)
        table = field_table()
        for path, text in answers.items():
            if not _is_open(text) or _is_silent(values.get(path, ABSENT)):
                values[path] = table[path].kind.parse(text)

    def lay_over_columns(self, frame: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
        """The same for a batch of columns of text; ``keys`` are the order numbers of its lines.

        Lines of other orders get the words for "nobody was asked" where there is no such column.
        """
        import polars as pl

        paths = sorted(self.paths)
        present = keys.unique().implode()
        here = pl.Series(list(self.by_order), dtype=pl.String)
        found = here.filter(here.is_in(present)).to_list()
        self.met.update(found)
        table = pl.DataFrame(
            {
                "key": found,
                **{
                    f"answer {path}": [self.by_order[key].get(path) for key in found]
                    for path in paths
                },
            },
            schema={"key": pl.String, **{f"answer {path}": pl.String for path in paths}},
        )
        joined = frame.with_columns(keys.alias("key")).join(
            table, on="key", how="left", maintain_order="left"
        )
        columns = []
        for path in paths:
            answer = pl.col(f"answer {path}")
            own = pl.col(path) if path in frame.columns else pl.lit(NOT_ASKED)
            keeps: pl.Expr = answer.is_null()
            if path in frame.columns:
                # An answer that is open fills only what nobody answered in the file either.
                silent = [text for text in frame[path].unique() if _is_silent(parse_answer(text))]
                keeps |= answer.str.starts_with(_UNKNOWN) & ~own.is_in(silent)
            columns.append(pl.when(keeps).then(own).otherwise(answer).alias(path))
        return joined.with_columns(columns).drop("key", *(f"answer {path}" for path in paths))


def _is_open(text: str) -> bool:
    return text.startswith(_UNKNOWN)


def _is_silent(own: Understood) -> bool:
    """Whether a cell is empty or says that nobody was asked."""
    return not own.written.strip()


def read_answers(path: Path | str) -> Answers:
    """Read a file of answers, JSON by its suffix and otherwise a table, with the columns
    :data:`COLUMNS`. A row without an answer is a question still open and is passed over.

    Raises :class:`InputError` with file, row and column for whatever is wrong in it: an
    observation that does not exist, an answer that is neither yes, no nor unknown, a day that is
    none, two answers that contradict each other.
    """
    source = str(path)
    rows = _json_rows(source) if source.lower().endswith(".json") else _table_rows(source)
    found: dict[str, dict[str, str]] = {}
    first: dict[tuple[str, str], tuple[str, int]] = {}
    for row, cells in rows:
        read = _read_row(source, row, cells)
        if read is None:
            continue
        number, observed, answer, text = read
        known = first.setdefault((number, observed), (answer, row))
        if known[0] != answer:
            raise InputError(
                source,
                f"order {shown(number)} has the answers {known[0]} (row {known[1]}) and {answer} "
                f"to {observed.partition('.')[2]}",
                remedy="keep the one that is right",
                row=row,
            )
        found.setdefault(number, {})[observed] = text
    return Answers(found, source)


def _read_row(source: str, row: int, cells: Mapping[str, str]) -> tuple[str, str, str, str] | None:
    answer = cells.get("answer", "").strip()
    if not answer or parse_answer(answer) is ABSENT:
        return None
    number = cells.get("order_id", "").strip()
    if number[:1] == "'" and number[1:2] in ("=", "+", "-", "@"):
        number = number[1:]  # the questionnaire puts it there so that no spreadsheet runs the cell
    if not number:
        raise InputError(
            source,
            "an answer without an order",
            remedy="name the order",
            row=row,
            column="order_id",
        )
    observed = _observation(source, row, cells.get("observation", "").strip())
    understood = parse_answer(answer)
    if understood.value is None and not understood.is_blank:
        raise InputError(
            source,
            understood.why,
            remedy="answer with yes, no or unknown",
            row=row,
            column="answer",
        )
    meaning = understood.value or _UNKNOWN
    by, on = cells.get("by", "").strip()[:_LONGEST_AUTHOR], cells.get("on", "").strip()
    if on:
        day = parse_date(on)
        if day.value is None:
            raise InputError(source, day.why, remedy="write it as 2026-01-31", row=row, column="on")
        on = day.value.isoformat()
    note = understood.how.partition("answered: ")[2]
    return number, observed, meaning, written_answer(meaning, by or note, on)


def _observation(source: str, row: int, name: str) -> str:
    path = field_of(name) if name else None
    if path is None or path.partition(".")[2] not in reference.observations():
        close = nearest(normal_name(name)[:60], reference.observations())
        raise InputError(
            source,
            f"there is no observation {name[:60]!r}",
            remedy=f"did you mean {close!r}?" if close else "take the names from the questionnaire",
            row=row,
            column="observation",
        )
    return path


def _table_rows(source: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    with open_table(source, is_known=lambda name: normal_name(name) in COLUMNS) as table:
        names = [normal_name(name) for name in table.header]
        _require(source, names)
        table.require([place for place, name in enumerate(names) if name in COLUMNS])
        for row in table.rows():
            if isinstance(row, Refused):
                raise InputError(source, row.reason, row=row.row)
            yield row.row, dict(zip(names, row.cells, strict=False))


def _require(source: str, names: Sequence[str]) -> None:
    for name in COLUMNS[:3]:
        if names.count(name) != 1:
            has = "several columns" if name in names else "no column"
            raise InputError(
                source,
                f"it has {has} {name!r}",
                remedy=f"a file of answers has the columns {', '.join(COLUMNS)}",
            )


def _json_rows(source: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The answers of a JSON file: a list of objects, or what the questionnaire wrote, filled in.
    Rows are counted from 1."""
    document = _json(source)
    number = ""
    if isinstance(document, dict):
        number = str(document.get("order_id") or "")
        document = document.get("questions", document.get("answers"))
    if not isinstance(document, list):
        raise InputError(
            source,
            "it holds no list of answers",
            remedy=f"write a list of objects with {', '.join(COLUMNS)}",
        )
    for row, one in enumerate(document, start=1):
        if not isinstance(one, dict):
            raise InputError(source, "an answer is an object", row=row)
        cells = {"order_id": number}
        for name in COLUMNS:
            value = one.get(name)
            if isinstance(value, list | dict):
                raise InputError(source, "it is no text", row=row, column=name)
            if value is not None:
                cells[name] = (
                    {True: "yes", False: "no"}.get(value, "")
                    if isinstance(value, bool)
                    else _whole_text(value)
                )
        yield row, cells


def _whole_text(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    return text.encode("utf-8", "replace").decode("utf-8")


def _json(source: str) -> Any:
    try:
        with open(source, "rb") as stream:
            data = stream.read(LARGEST_JSON + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(source, f"cannot be opened: {reason.lower()}") from error
    if len(data) > LARGEST_JSON:
        raise InputError(source, f"it is larger than {LARGEST_JSON:,} bytes")
    try:
        return json.loads(data.decode("utf-8-sig"), parse_int=str, parse_float=str)
    except UnicodeDecodeError as error:
        raise InputError(source, "it is not UTF-8", remedy="save it as UTF-8") from error
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise InputError(source, f"it is no JSON: {reason}") from error
