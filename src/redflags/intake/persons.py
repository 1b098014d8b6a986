"""The name of a person that stands in two columns: ``First name | Last name``, ``Vorname | Name``.

The two are one name, read in the order in which it is said, unless a column has the name of the
party as a whole: then they are those of somebody who works there. Where that column is for firms
alone, as web shops have it, a row with no firm in it has a person for a buyer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from redflags.intake import content
from redflags.intake.open_columns import Column, Resolution
from redflags.intake.recognition import FAMILY_NAME, GIVEN_NAME, label_of, names_a_firm

Cells = Mapping[int, Sequence[str]]
"""The first cells of each column, by position."""


def join_person_names(work: Resolution, cells: Cells) -> None:
    """Make one column of the two parts of a name: the first stands for both."""
    roles = [column.only.role for column in work.columns if column.only and _is_part(column)]
    for role in dict.fromkeys(roles):
        given = _columns(work, f"{role}.{GIVEN_NAME}")
        family = _columns(work, f"{role}.{FAMILY_NAME}")
        blank, whole = _whole_names(work, f"{role}.name")
        is_named = bool(whole) or f"{role}.name" in work.taken
        firms = f"{role}.name" not in work.taken and all(names_a_firm(one.name) for one in whole)
        if len(given) == len(family) == 1 and firms:
            for column in blank:
                column.drop(f"{column.meanings[0].why}; none of its cells looked at says anything")
            _join(given + family, f"{role}.name", cells)
        elif len(whole) == len(given + family) == 1 and _belong(
            whole[0], (given + family)[0], cells
        ):
            _join(given + whole + family, f"{role}.name", cells)
        else:
            because = "the whole name has a column of its own" if is_named else "it is half a name"
            for column in given + family:
                column.drop(f"{column.meanings[0].why}; {because}")


def person_behind_firm(firm: Column, person: Column) -> None:
    """Take the name of a person where that of the firm is blank."""
    names = " and ".join(repr(column.name[:60]) for column in person.chain())
    told = f"{firm.name[:60]!r}, and where that is blank {names}"
    firm.meanings = [replace(firm.meanings[0], why=f"{firm.meanings[0].why}; {told}")]
    firm.behind, firm.alone = person, True
    person.meanings = []


def settle_joined(work: Resolution) -> None:
    """What became of the first column of a field is so for those that belong to it."""
    behind = {id(column.behind) for column in work.columns}
    for column in work.columns:
        if id(column) not in behind:
            for other in column.chain()[1:]:
                other.field, other.reason = column.field, column.reason
                other.candidates, other.is_open = column.candidates, column.is_open


def _is_part(column: Column) -> bool:
    path = column.meanings[0].path if column.only else ""
    return path.endswith((f".{GIVEN_NAME}", f".{FAMILY_NAME}"))


def _columns(work: Resolution, path: str) -> list[Column]:
    return [column for column in work.columns if column.only and column.only.path == path]


def _whole_names(work: Resolution, path: str) -> tuple[list[Column], list[Column]]:
    """The columns for the name of a party: those that are blank, and those that are not. What has
    codes under the name of a party alone is its number."""
    found = [
        column
        for column in _columns(work, path)
        if not (column.meanings[0].is_role and content.are_codes(column.texts))
    ]
    return (
        [column for column in found if not column.texts],
        [column for column in found if column.texts],
    )


def _belong(whole: Column, part: Column, cells: Cells) -> bool:
    """Whether a name and a part of a name beside it are the two parts of one: ``Vorname | Name``.

    Not those of a firm and of somebody there, and not where the name has the part in it already.
    """
    if whole.meanings[0].is_role or names_a_firm(whole.name):
        return False
    if abs(whole.position - part.position) != 1:
        return False
    rows = zip(cells.get(whole.position, ()), cells.get(part.position, ()), strict=False)
    pairs = [(name.strip(), half.strip()) for name, half in rows if name.strip() and half.strip()]
    return bool(pairs) and not any(half in name for name, half in pairs)


def _join(parts: list[Column], path: str, cells: Cells) -> None:
    first, second = parts
    meaning = first.meanings[0]
    told = f"{first.name[:60]!r} and {second.name[:60]!r} are the parts of {label_of(path)}"
    first.meanings = [replace(meaning, path=path, why=f"{meaning.origin}: {told}")]
    first.behind = second
    second.meanings = []
    rows = zip(cells.get(first.position, ()), cells.get(second.position, ()), strict=False)
    first.texts = content.distinct([f"{one} {other}" for one, other in rows])
