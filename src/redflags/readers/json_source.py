"""JSON documents and JSON Lines as tables of text, read twice: for the columns and for the rows."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, TextIO

from redflags.errors import ConfigurationError, InputError
from redflags.readers.closing import Closing
from redflags.readers.csv_rows import Refused, Row
from redflags.readers.json_orders import OrderError, rows_of
from redflags.readers.json_values import JsonDecoder, JsonText
from redflags.readers.own_text import OwnTexts
from redflags.readers.rereadable import Rereadable
from redflags.readers.text_lines import LONGEST_LINE, unreadable

MOST_COLUMNS: Final = 2_000
"""Different names in one file."""

_SAMPLE: Final = 1 << 16
_DEEPEST_LIST: Final = 4
_SURVEYED: Final = 200
"""Objects of a list whose names tell whether it is the list of orders."""

_MOST_LAYOUTS: Final = 1_000
"""Orders with the same names in the same order are laid out alike; so many such kinds are kept."""

_CONTAINERS = frozenset(
    {
        "orders",
        "salesorders",
        "transactions",
        "shipments",
        "exports",
        "documents",
        "entries",
        "records",
        "rows",
        "data",
        "result",
        "results",
        "value",
        "list",
    }
)
"""Names, without case, of a list of orders in an object that also says other things."""


class Order(NamedTuple):
    """A physical line, the order that begins there, why it cannot be used, or empty, and the text
    of the order."""

    line: int
    value: Any
    reason: str
    text: str


class JsonSource(Closing):
    """A JSON file of orders as a table of text.

    Rows count order lines from 1; ``line`` is the physical line on which the order begins. The
    columns are all names of all orders. An order that cannot be used is set aside; in a document
    that is no JSON nothing can be told apart, so that is an error.
    """

    delimiter = ""

    def __init__(
        self,
        source: Path | str,
        *,
        is_lines: bool,
        encoding: str | None = None,
        is_known: Callable[[str], bool] | None = None,
    ) -> None:
        """Open the file, or standard input for ``-``, and read its names.

        ``is_lines`` is what its name says; what stands in it decides. Raises
        :class:`InputError` if it cannot be read and :class:`ConfigurationError` for an encoding
        that is not there.
        """
        self.name = str(source)
        self.row_count = 0
        self.sha256 = ""
        self.notes: tuple[str, ...] = ()
        self._is_known = is_known or (lambda name: False)
        self._file = Rereadable(source)
        try:
            self.encoding, self._decoder = _encoding(self._file, self.name, encoding)
            self._is_lines = _looks_like_lines(self._sample(), is_lines)
            self._path: tuple[str, ...] | None = None
            if self._is_lines != is_lines:
                told = "one order to a line" if self._is_lines else "one JSON document"
                self.notes += (f"read as {told}, as which it is written",)
            if not self._is_lines:
                self._find_list()
            self._positions: dict[str, int] = {}
            self._layouts: dict[tuple[str, ...], tuple[int, ...]] = {}
            self.header = self._read_names()
        except BaseException:
            self.close()
            raise

    @property
    def share_read(self) -> float:
        """Which share of the file is read, from 0 to 1; 0 for standard input."""
        return self._file.share_read

    def require(self, columns: object) -> None:
        """Every column is text."""

    def rows(self) -> Iterator[Row | Refused]:
        """Every order line in the order of the file; orders that say nothing are passed over."""
        texts = OwnTexts()
        with self._text(hashed=True) as text:
            place = 0
            for line, order, reason, written in self._orders(text):
                cells: list[tuple[str, ...]] = []
                if not reason:
                    try:
                        cells = [self._cells(row) for row in rows_of(order, self._is_known)]
                    except OrderError as error:
                        reason = str(error)
                if reason:
                    place += 1
                    self.row_count += 1
                    yield Refused(place, line, reason, texts.keep(written))
                for row in cells:
                    place += 1
                    if any(map(str.strip, row)):
                        self.row_count += 1
                        yield Row(place, line, row)
            self.sha256 = self._file.finish(text.buffer)
        self.close()

    def close(self) -> None:
        """Close the file. Standard input stays open."""
        self._file.close()

    def _text(self, *, hashed: bool = False) -> io.TextIOWrapper:
        """The text from its start. Closing it closes the file."""
        is_wide = "16" in self.encoding or "32" in self.encoding
        return io.TextIOWrapper(
            self._file.open(hashed=hashed),
            encoding=self._decoder,
            errors="surrogatepass" if is_wide else "surrogateescape",
            newline="\n",
        )

    def _sample(self) -> str:
        with self._text() as text:
            return text.read(_SAMPLE)

    def _read_names(self) -> tuple[str, ...]:
        names: dict[str, str] = {}
        known: set[str] = set()
        first_reason = ""
        with self._text() as text:
            for line, order, reason, _ in self._orders(text):
                try:
                    if reason:
                        raise OrderError(reason)
                    for row in rows_of(order, self._is_known):
                        if row.keys() <= known:
                            continue
                        for name in row:
                            names.setdefault(name.lower(), name)
                        known.update(row)
                        if len(known) > MOST_COLUMNS:
                            raise InputError(
                                self.name,
                                f"the orders have more than {MOST_COLUMNS} different names",
                                remedy="give each value the same name in every order",
                                row=line,
                            )
                except OrderError as error:
                    first_reason = first_reason or f"line {line}: {error}"
        if not names:
            raise InputError(
                self.name,
                f"there is no order in it; {first_reason}"
                if first_reason
                else "there is no order in it",
                remedy="give a list of orders, each an object in braces",
            )
        positions = {name: position for position, name in enumerate(names)}
        self._positions = {name: positions[name.lower()] for name in known}
        return tuple(names.values())

    def _cells(self, row: dict[str, str]) -> tuple[str, ...]:
        names = tuple(row)
        if names == self.header:
            return tuple(row.values())
        places = self._layouts.get(names)
        if places is None:
            places = self._places(names)
            if len(self._layouts) < _MOST_LAYOUTS:
                self._layouts[names] = places
        cells = [""] * len(self.header)
        for place, text in zip(places, row.values(), strict=True):
            cells[place] = text
        return tuple(cells)

    def _places(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """Which columns these names are."""
        places: list[int] = []
        taken: set[int] = set()
        for name in names:
            place = self._positions.get(name)
            if place is None:
                raise InputError(self.name, "the file was changed while it was read")
            if place in taken:
                raise OrderError(f"{name[:40]!r} is there twice")
            taken.add(place)
            places.append(place)
        return tuple(places)

    def _orders(self, text: TextIO) -> Iterator[Order]:
        try:
            yield from _of_lines(text) if self._is_lines else self._of_document(text)
        except OSError as error:
            raise unreadable(self.name, error) from error
        except UnicodeError as error:
            raise InputError(
                self.name,
                f"the text cannot be decoded as {self.encoding}",
                remedy="name the file's encoding with --encoding",
            ) from error

    def _of_document(self, stream: TextIO) -> Iterator[Order]:
        text = JsonText(stream, self.name)
        if self._path is not None:
            yield from _found(text, self._path)
        while text.next():
            if self._path is not None:
                raise text.broken("something follows after the end")
            yield _one(text)

    def _find_list(self) -> None:
        """Find where in the document the list of orders is: ``_path`` holds the names that lead
        there, none for a list by itself; it is None for one order, or several one after another.
        """
        lists: dict[tuple[str, ...], set[str]] = {}
        said: list[str] = []
        with self._text() as stream:
            text = JsonText(stream, self.name)
            if not text.next():
                raise InputError(
                    self.name, "the file is empty", remedy="give a list of orders as JSON"
                )
            is_list = text.next() == "["
            self._survey(text, (), lists, said)
            if text.next():
                return
        if is_list:
            self._path = ()
            return
        named = {path: of for path, of in lists.items() if path[-1].casefold() in _CONTAINERS}
        if not named and any(map(self._says_of_order, said)):
            return
        likely = named or lists
        if not likely:
            return
        most = max(map(len, likely.values()))
        best = [path for path, of in likely.items() if len(of) == most]
        if len(best) > 1:
            names = ", ".join(repr(".".join(path)[:60]) for path in best[:5])
            raise InputError(
                self.name,
                f"several lists could be the orders: {names}",
                remedy="leave only the list of orders in the document",
            )
        self._path = best[0]
        self.notes += (f"the orders are the list {'.'.join(best[0])[:80]!r} of the document",)

    def _says_of_order(self, name: str) -> bool:
        """Whether a name, or what is left of it without the first ones, is that of a field."""
        while name:
            if self._is_known(name):
                return True
            name = name.partition(".")[2]
        return False

    def _survey(
        self,
        text: JsonText,
        path: tuple[str, ...],
        lists: dict[tuple[str, ...], set[str]],
        said: list[str],
    ) -> None:
        """Note the lists of objects down to some depth, with the known names of their objects,
        and the first names that the document itself says."""
        mark = text.next()
        if mark == "[" and len(path) < _DEEPEST_LIST:
            for number, element in enumerate(text.elements()):
                if not isinstance(element, dict) or number >= _SURVEYED:
                    continue
                known = lists.setdefault(path, set())
                try:
                    for row in rows_of(element, self._is_known) if path else ():
                        known.update(filter(self._is_known, row))
                except OrderError:
                    continue
        elif mark == "{" and len(path) < _DEEPEST_LIST:
            for name in text.members():
                self._survey(text, (*path, name), lists, said)
        else:
            text.value()
            if len(said) < MOST_COLUMNS:
                said.append(".".join(path))


def _found(text: JsonText, path: tuple[str, ...]) -> Iterator[Order]:
    """The orders of the list to which these names lead."""
    if not path:
        yield from _each(text)
        return
    for name in text.members():
        if name == path[0] and text.next() == ("{" if path[1:] else "["):
            yield from _found(text, path[1:])
        else:
            text.skip()


def _each(text: JsonText) -> Iterator[Order]:
    for _ in text.inside("[", "]"):
        yield _one(text)


def _one(text: JsonText) -> Order:
    text.next()
    line = text.line
    value = text.value()
    return Order(line, value, _twice(text.decoder), text.written)


def _twice(decoder: JsonDecoder) -> str:
    return "" if decoder.twice is None else f"{decoder.twice[:40]!r} is there twice in an object"


def _of_lines(text: TextIO) -> Iterator[Order]:
    """The orders of a text with one to a line; a line that is none has its reason."""
    decoder = JsonDecoder()
    number = 0
    while line := text.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE and not line.endswith("\n"):
            while (rest := text.readline(LONGEST_LINE)) and not rest.endswith("\n"):
                pass
            reason = f"the line is longer than {LONGEST_LINE} characters"
            yield Order(number, None, reason, line)
            continue
        line = line.strip(_SPACE)
        if not line:
            continue
        try:
            value, end = decoder.decode(line, 0)
        except json.JSONDecodeError as error:
            fault = error.msg[:1].lower() + error.msg[1:]
            reason = f"the line is not JSON: {fault} at character {error.pos + 1}"
            yield Order(number, None, reason, line)
            continue
        except RecursionError:
            yield Order(number, None, "the line is nested too deep", line)
            continue
        if end < len(line):
            end += len(line[end:]) - len(line[end:].lstrip(_SPACE))
            reason = f"something follows the order at character {end + 1} of the line"
            yield Order(number, None, reason, line)
            continue
        yield Order(number, value, _twice(decoder), line)


_SPACE: Final = " \t\r\n\x1a\x1e\ufeff"
"""Characters around an order that mean nothing: also the marks of old ends of files and of JSON
text sequences."""


def _looks_like_lines(sample: str, is_lines: bool) -> bool:
    """Whether a text has one order to a line, if its name says so or not."""
    lines = [line for line in sample.split("\n") if line.strip(_SPACE)][:2]
    if not lines:
        return is_lines
    first = lines[0].strip(_SPACE)
    if is_lines:
        return not (
            first in ("[", "{")
            or (first.startswith("[") and len(lines) == 1)
            or first.startswith("[{")
        )
    second = lines[1].strip(_SPACE) if len(lines) > 1 else ""
    if not second.startswith("{") or second == "{":
        return False
    try:
        value, end = JsonDecoder().decode(first, 0)
    except (json.JSONDecodeError, RecursionError):
        return False
    return isinstance(value, dict) and end == len(first)


def _encoding(file: Rereadable, name: str, stated: str | None) -> tuple[str, str]:
    """The name of the encoding, and the decoder that also drops a byte order mark."""
    import codecs

    if stated is not None:
        try:
            found = codecs.lookup(stated).name
            io.TextIOWrapper(io.BytesIO(), encoding=stated).close()
        except (LookupError, ValueError) as error:
            raise ConfigurationError(f"there is no encoding {stated[:40]!r}") from error
        return found, "utf-8-sig" if found == "utf-8" else stated
    with file.open() as stream:
        start = stream.read(4)
    if not start:
        raise InputError(name, "the file is empty", remedy="give a list of orders as JSON")
    found = json.detect_encoding(start)
    if found.startswith("utf-8"):
        return "utf-8", "utf-8-sig"
    return found, found
