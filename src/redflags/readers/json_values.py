"""JSON one value at a time, its numbers as they are written, from a text of any length."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from redflags.errors import InputError
from redflags.readers.typed_text import unmistakable

LONGEST_VALUE = 16_000_000
"""Characters of one order, or of one other value, of a JSON document."""

_PIECE = 1 << 18
_SPACE = " \t\r\n"


class JsonDecoder:
    """Decodes JSON values. A number stays the text that it is written as, save that one such as
    ``1.125`` gets a last zero: in JSON its point is no mark of thousands, as it could be in a
    text. NaN is empty.

    ``twice`` is a name that some object of the value decoded last has twice, else None.
    """

    def __init__(self) -> None:
        self.twice: str | None = None
        self._decode = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_float=unmistakable,
            parse_int=str,
            parse_constant=lambda text: "" if text == "NaN" else text,
            strict=False,
        ).raw_decode

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs) and self.twice is None:
            seen: set[str] = set()
            for name, _ in pairs:
                if name in seen:
                    self.twice = name
                seen.add(name)
        return found

    def decode(self, text: str, start: int) -> tuple[Any, int]:
        """The value that begins at ``start``, and where it ends.

        Raises ``json.JSONDecodeError``, or ``RecursionError`` for one that is nested too deep.
        """
        self.twice = None
        return self._decode(text, start)


class JsonText:
    """A JSON document that is read from its start to its end, memory bounded by one value."""

    def __init__(self, stream: TextIO, name: str) -> None:
        self.decoder = JsonDecoder()
        self.written = ""
        """The value taken last, as it is written."""
        self._stream = stream
        self._name = name
        self._text = ""
        self._position = 0
        self._is_whole = False
        self._line = 1
        self._counted = 0

    @property
    def line(self) -> int:
        """The physical line of what comes next, counted from 1."""
        self._line += self._text.count("\n", self._counted, self._position)
        self._counted = self._position
        return self._line

    def next(self) -> str:
        """The next character that is no space, not taken yet; empty at the end."""
        while True:
            text, position = self._text, self._position
            while position < len(text) and text[position] in _SPACE:
                position += 1
            self._position = position
            if position < len(text):
                return text[position]
            if not self._more():
                return ""

    def value(self) -> Any:
        """The next value, whole. Raises :class:`InputError` if there is none, or a longer one
        than :data:`LONGEST_VALUE`."""
        self.next()
        while True:
            fault: json.JSONDecodeError | None = None
            end = len(self._text)
            try:
                value, end = self.decoder.decode(self._text, self._position)
            except RecursionError:
                raise self.broken("it is nested too deep") from None
            except json.JSONDecodeError as error:
                fault = error
            # A number at the end of what was read so far may go on.
            if fault is None and (
                self._is_whole
                or (end < len(self._text) and self._text[end : end + 1] in _MAY_FOLLOW)
            ):
                self.written = self._text[self._position : end]
                self._position = end
                return value
            if self._is_whole:
                assert fault is not None
                self._position = min(fault.pos, len(self._text))
                raise self.broken(_lower(fault.msg))
            if len(self._text) - self._position > LONGEST_VALUE:
                raise self.broken(
                    f"a value is not right, or longer than {LONGEST_VALUE} characters"
                )
            self._more()

    def elements(self) -> Iterator[Any]:
        """The elements of the list that comes next, one by one."""
        yield from (self.value() for _ in self.inside("[", "]"))

    def members(self) -> Iterator[str]:
        """The names of the object that comes next. The caller takes the value after each."""
        for _ in self.inside("{", "}"):
            name = self.value() if self.next() == '"' else None
            if name is None or self.next() != ":":
                raise self.broken("a name and a colon are missing in an object")
            self._position += 1
            yield name

    def inside(self, opening: str, closing: str) -> Iterator[None]:
        """Stop where each element or member of what comes next begins. The caller takes it."""
        if self.next() != opening:
            raise self.broken(f"{opening} is missing")
        self._position += 1
        if self.next() == closing:
            self._position += 1
            return
        while True:
            yield None
            mark = self.next()
            if mark not in (",", closing) or not mark:
                raise self.broken(f"a comma or {closing} is missing" if mark else "it breaks off")
            self._position += 1
            if mark == closing:
                return

    def skip(self, depth: int = 0) -> None:
        """Pass over the next value, piece by piece where it is long."""
        mark = self.next()
        if mark == "[":
            for _ in self.elements():
                pass
        elif mark == "{" and depth < _DEEPEST_SKIP:
            for _ in self.members():
                self.skip(depth + 1)
        else:
            self.value()

    def _more(self) -> bool:
        """Read on, as much again as there is of the value; False at the end of the text."""
        _ = self.line
        self._text = self._text[self._position :]
        self._position = self._counted = 0
        piece = self._stream.read(max(_PIECE, len(self._text)))
        self._is_whole = not piece
        self._text += piece
        return not self._is_whole

    def broken(self, fault: str) -> InputError:
        """The error of a document that is no JSON, with the place that was come to."""
        line = self.line
        column = self._position - self._text.rfind("\n", 0, self._position)
        return InputError(
            self._name,
            f"not JSON: {fault}, at line {line}, near character {column}",
            remedy="export it again, or one order to a line as JSON Lines (.jsonl)",
        )


_MAY_FOLLOW = _SPACE + ',:]}[{"'
_DEEPEST_SKIP = 4


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
