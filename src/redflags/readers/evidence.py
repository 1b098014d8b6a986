"""What the bytes of a text that is no UTF-8 say about its encoding, gathered over all of it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from redflags.errors import InputError
from redflags.readers.encodings import Verdict, judge, title_of

_CHUNK: Final = 1 << 20
_MOST_LINES: Final = 3_000
_MOST_BYTES: Final = 1 << 28
_LONGEST: Final = 4_000
"""Bytes of a line that are weighed; where a text has no line ends, of each piece of it."""

_MANY: Final = 1_000
_FEW_WORDS: Final = 3

_ODD = re.compile("[\udc80-\udcff]")


def settle(
    name: str, stream: io.RawIOBase | io.BytesIO, is_known: Callable[[str], bool] | None
) -> tuple[str, str]:
    """The encoding of a text that is not UTF-8 throughout, and a note that states it.

    UTF-8 stays where most lines beyond ASCII are UTF-8, where one line among a thousand is not,
    and where too little is there to judge by: the rows with such bytes are then set aside.

    Raises :class:`InputError` if several encodings are as likely, would give different letters,
    and more than one line in a hundred is concerned.
    """
    lines: list[bytes] = []
    well = total = 0
    for line in _lines(stream):
        total += 1
        if line.isascii():
            continue
        if _is_mostly_utf8(line):
            well += 1
        else:
            lines.append(line)
        if len(lines) + well >= _MOST_LINES:
            break
    odd = len(lines)
    if not odd or well >= odd or (odd == 1 and total >= _MANY):
        return "utf-8", ""
    verdict = _judged(tuple(lines), is_known)
    if verdict.encoding is not None:
        return verdict.encoding, _stated(verdict, well)
    if verdict.candidates and verdict.word_count >= _FEW_WORDS and odd * 100 >= total:
        titles = " or ".join(map(title_of, verdict.candidates[:4]))
        raise InputError(
            name,
            f"the text is no UTF-8; by its words ({_quoted(verdict)}) it could be {titles}",
            remedy="name the encoding: "
            + " or ".join(f"--encoding {one}" for one in verdict.candidates[:2]),
        )
    return "utf-8", ""


@lru_cache(maxsize=4)
def _judged(lines: tuple[bytes, ...], is_known: Callable[[str], bool] | None) -> Verdict:
    """The verdict on some lines: a file is opened several times, and judged once."""
    return judge(lines, is_known)


def _stated(verdict: Verdict, well: int) -> str:
    """``well`` counts lines that are UTF-8 nevertheless: their letters come out wrong."""
    assert verdict.encoding is not None
    noun = "word" if verdict.word_count == 1 else "words"
    told = (
        f"the text is no UTF-8; it was read as {title_of(verdict.encoding)}, judged by "
        f"{verdict.word_count} {noun} such as {_quoted(verdict)}; --encoding names another"
    )
    if not well:
        return told
    lines = "1 line looks" if well == 1 else f"{well:,} lines look"
    return f"{told}; {lines} like UTF-8 all the same, so letters with accents are wrong there"


def _quoted(verdict: Verdict) -> str:
    return ", ".join(f"'{word[:40]}'" for word in verdict.words)


def _lines(stream: io.RawIOBase | io.BytesIO) -> Iterator[bytes]:
    """The lines of a stream, none longer than is weighed."""
    rest = b""
    count = 0
    while count < _MOST_BYTES and (chunk := stream.read(_CHUNK)):
        count += len(chunk)
        parts = (rest + chunk).replace(b"\r", b"\n").split(b"\n")
        rest = parts.pop()
        for part in parts:
            yield from _pieces(part)
        if len(rest) > _CHUNK:
            yield from _pieces(rest)
            rest = b""
    yield from _pieces(rest)


def _pieces(line: bytes) -> Iterator[bytes]:
    """A line in pieces, cut where a character of one byte stands."""
    while len(line) > _LONGEST:
        cut = max(line.rfind(mark, 0, _LONGEST) for mark in (b" ", b",", b";", b"\t")) + 1
        yield line[: cut or _LONGEST]
        line = line[cut or _LONGEST :]
    if line:
        yield line


def _is_mostly_utf8(line: bytes) -> bool:
    """Whether a line has more characters of UTF-8 than bytes that are none."""
    text = line.decode("utf-8", "surrogateescape")
    odd = len(_ODD.findall(text))
    return len(text) - len(text.encode("ascii", "ignore")) > 2 * odd
