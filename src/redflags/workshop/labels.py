"""Labels: which orders of the past were of concern and which were honest, read from a table."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from redflags.diagnostics import nearest
from redflags.errors import InputError
from redflags.intake.names import normal_name
from redflags.readers import Refused, open_table
from redflags.values.text import fold, shown

ORDER_COLUMN = "order_id"

LABEL_COLUMNS = ("label", "kind")
"""The columns that can hold the label; a file has one of them."""

WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(
        ("of concern", "concern", "documented", "suspicious", "confirmed", "true alarm",
         "true positive", "positive", "bad", "yes", "true", "1"), True
    ),
    **dict.fromkeys(
        ("honest", "benign", "harmless", "legitimate", "false alarm", "false positive", "negative",
         "good", "no", "false", "0"), False
    ),
    **dict.fromkeys(
        ("", "unknown", "unlabelled", "undecided", "open", "not known", "n/a", "-", "?"), None
    ),
}  # fmt: skip
"""What a label can say: True is of concern, False honest, None that nobody knows."""

SAID = {True: "of concern", False: "honest"}
"""The two classes in words."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels by order number: True is of concern, False honest. ``undecided`` counts the rows that
    say that nobody knows; their orders are as those without a row."""

    by_order: Mapping[str, bool]
    source: str
    undecided: int = 0


def read_labels(path: str) -> Labels:
    """Read a table with the columns ``order_id`` and ``label`` (or ``kind``); others are not
    looked at. The same label twice is one.

    Raises :class:`InputError` with file, row and column for whatever is wrong in it: a word that
    is no label, a label without an order, two labels that contradict each other.
    """
    found: dict[str, bool] = {}
    rows: dict[str, int] = {}
    undecided = 0
    for row, number, text in _rows(path):
        label = _meaning(path, row, text)
        if label is None:
            undecided += 1
            continue
        if not number:
            raise InputError(
                path, "a label without an order", remedy="name the order", row=row,
                column=ORDER_COLUMN,
            )  # fmt: skip
        if found.setdefault(number, label) != label:
            raise InputError(
                path,
                f"order {shown(number)} is {SAID[found[number]]} (row {rows[number]}) and "
                f"{SAID[label]}",
                remedy="keep the label that is right",
                row=row,
            )
        rows.setdefault(number, row)
    return Labels(found, path, undecided)


def _meaning(path: str, row: int, text: str) -> bool | None:
    word = " ".join(fold(unicodedata.normalize("NFKC", text[:100])).replace("_", " ").split())
    if word in WORDS:
        return WORDS[word]
    if text.strip() in WORDS:
        return WORDS[text.strip()]
    close = nearest(word[:40], WORDS)
    remedy = "write of concern or honest; leave it empty where nobody knows"
    raise InputError(
        path,
        f"{shown(text)!r} is no label",
        remedy=f"did you mean {close!r}?" if close else remedy,
        row=row,
        column="label",
    )


def _rows(path: str) -> Iterator[tuple[int, str, str]]:
    """Row, order number and label of each row."""
    known = (ORDER_COLUMN, *LABEL_COLUMNS)
    with open_table(path, is_known=lambda name: normal_name(name) in known) as table:
        names = [normal_name(name) for name in table.header]
        number = _place(path, names, (ORDER_COLUMN,))
        label = _place(path, names, LABEL_COLUMNS)
        table.require([number, label])
        for row in table.rows():
            if isinstance(row, Refused):
                raise InputError(path, row.reason, row=row.row)
            cells = [*row.cells, *[""] * (len(names) - len(row.cells))]
            yield row.row, cells[number].strip(), cells[label]


def _place(path: str, names: Sequence[str], wanted: Sequence[str]) -> int:
    """The place of the first of these columns that there is."""
    for name in wanted:
        if names.count(name) > 1:
            raise InputError(path, f"it has several columns {name!r}", remedy="keep one of them")
        if name in names:
            return names.index(name)
    raise InputError(
        path,
        f"it has no column {wanted[0]!r}",
        remedy=f"a file of labels has the columns {ORDER_COLUMN} and {LABEL_COLUMNS[0]}",
    )
