"""A mapping file to edit: what each column of a file is taken for, in TOML with comments."""

from __future__ import annotations

from collections import Counter
from typing import TextIO

from redflags.model.fields import field_table
from redflags.model.survey import ColumnSurvey, FileSurvey
from redflags.values.text import display

_HEAD = """\
# Which column of {path} is which field. Edit it and give it with -m:
#   redflags check FILE -m THIS_FILE
# `redflags fields` lists the fields. A line that begins with # says nothing.

[columns]                          # field = "header", ["header", "header"] or "#3" for the third
"""

_TAIL = """
# More tables that a mapping can have:
# [constants]                      # a field that is the same in every row
# seller_country = "DE"
# [numbers]
# decimal = ","                    # how numbers are written that can be read in two ways
# [dates]
# format = "day-first"             # or "month-first", "excel" (the numbers of days), "%d.%m.%Y"
# [missing]
# values = ["n/a", "0000"]         # texts that state nothing
# [codes.payment_method]
# Z3 = "wire transfer"             # codes of your own and what they stand for
"""


def write_mapping(file: FileSurvey, stream: TextIO) -> None:
    """Write a mapping of a file; read back, it takes the same columns for the same fields."""
    stream.write(_HEAD.format(path=display(file.path)))
    names = Counter(_key(column.header) for column in file.columns)
    given: dict[str, list[ColumnSurvey]] = {}
    for column in file.columns:
        if column.column is not None:
            given.setdefault(column.column, []).append(column)
    for name, columns in given.items():
        columns.sort(key=lambda column: column.place)
        alone = [f"[{_named(column, names)}]" for column in columns if column.alone]
        named = [_named(column, names) for column in columns if not column.alone]
        right = named[0] if len(columns) == 1 else f"[{', '.join(named)}]"
        right = f"[{', '.join([*alone, right])}]" if alone else right
        stream.write(_line(f"{name} = {right}", columns[0].reason))
    for column in file.columns:
        if column.undecided:
            for path in column.candidates:
                line = f"# {field_table()[path].column} = {_named(column, names)}"
                stream.write(_line(line, column.reason))
    _table(stream, "units", "the unit of numbers that have none", _units(given))
    _table(stream, "dates", "how dates are written", _dates(given))
    constants = {field_table()[path].column: text for path, text in file.constants.items()}
    _table(stream, "constants", "the same in every row", constants)
    unused = [_named(column, names) for column in file.columns if column.field is None]
    if unused:
        stream.write("\n[ignore]                           # left out whatever their names say\n")
        stream.write("columns = [\n" + "".join(f"  {name},\n" for name in unused) + "]\n")
    stream.write(_TAIL)


def _units(given: dict[str, list[ColumnSurvey]]) -> dict[str, str]:
    return {name: columns[0].unit for name, columns in given.items() if columns[0].unit}


def _dates(given: dict[str, list[ColumnSurvey]]) -> dict[str, str]:
    return {name: columns[0].dates for name, columns in given.items() if columns[0].dates}


def _table(stream: TextIO, name: str, comment: str, values: dict[str, str]) -> None:
    if values:
        stream.write(f"\n{f'[{name}]':<35}# {comment}\n")
        stream.writelines(f"{key} = {quoted(text)}\n" for key, text in values.items())


def _line(left: str, comment: str) -> str:
    return f"{left:<34} # {display(comment)}\n"


def _key(name: str) -> str:
    """Names that are one to whoever writes a mapping."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _named(column: ColumnSurvey, names: Counter[str]) -> str:
    """A column as a mapping names it: by its header, or by its place where that is not enough."""
    key = _key(column.header)
    header = column.header
    is_plain = bool(key) and names[key] == 1 and header.strip() == header and "#" not in header
    if not is_plain or any("\ud800" <= letter <= "\udfff" for letter in header):
        return quoted(f"#{column.position}")
    return quoted(header)


def quoted(text: str) -> str:
    """A text as a basic string of TOML."""
    return '"' + "".join(_escaped(letter) for letter in text) + '"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    code = ord(letter)
    if code < 32 or 127 <= code < 160 or 0xD800 <= code <= 0xDFFF or code in (0x2028, 0x2029):
        return f"\\u{code if not 0xD800 <= code <= 0xDFFF else 0xFFFD:04x}"
    return letter
