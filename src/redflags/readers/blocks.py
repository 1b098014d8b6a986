"""A text that can be taken line by line and, between rows, in blocks of whole lines."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

from redflags.readers.encodings import is_of_lines
from redflags.readers.packed import JoinedBytes
from redflags.readers.text_lines import (
    LONGEST_LINE,
    SAMPLE,
    TextLines,
    codec_name,
    unreadable,
    whole_lines,
)

_MARK: Final = b"\xef\xbb\xbf"
_FURTHER: Final = 1 << 16
_WITHOUT_LINE_END: Final = 4 * LONGEST_LINE
"""Bytes without a line feed after which the rest is left to the line reader for good."""

_AHEAD: Final = 1 << 20
"""Bytes of standard input by which its encoding is judged."""

_LONGEST_HEADER: Final = 1 << 20


class BlockLines(TextLines):
    """Lines as :class:`TextLines` gives them, and blocks of bytes that begin where the next line
    would. Of the text only what lies between the last line and the end of a block is in memory.
    """

    def __init__(
        self,
        source: Path | str,
        *,
        encoding: str | None = None,
        is_known: Callable[[str], bool] | None = None,
    ) -> None:
        """Open a file, or standard input for ``-``; options and errors as in :class:`TextLines`."""
        self.position = 0
        """Bytes of text that were taken so far."""
        self._held = b""
        self._at = 0
        self._bits: io.StringIO | None = None
        super().__init__(source, encoding=encoding, is_known=is_known)

    def _open_text(self, decoder: str) -> None:
        self.has_blocks = is_of_lines(self.encoding)
        """Whether blocks can be cut from this text; after a line without end they cannot."""
        if not self.has_blocks:
            super()._open_text(decoder)
            return
        self._text = io.StringIO()
        self._held = self._first
        self._first = b""
        if self.encoding == "utf-8" and self._held.startswith(_MARK):
            self._at = self.position = len(_MARK)

    def first_lines(self) -> tuple[list[str], bool]:
        """The lines within the first bytes; as in :class:`TextLines`."""
        if not self.has_blocks:
            return super().first_lines()
        ends = len(self._held) < SAMPLE
        while b"\n" not in self._held and not ends and len(self._held) <= _LONGEST_HEADER:
            ends = not self._fill(len(self._held))
        text = self._held[self._at :].decode(self.encoding, "surrogateescape")
        return whole_lines(text, ends=ends), ends

    @property
    def is_between_lines(self) -> bool:
        """Whether the next line begins where the next block would."""
        return self._bits is None

    def next(self) -> str | None:
        """The next line with its line end, None at the end; as in :class:`TextLines`."""
        if not self.has_blocks:
            return super().next()
        if self._bits is not None:
            line = super().next()
            if line is not None:
                return line
            self._bits = None
        end = self._held.find(b"\n", self._at)
        while end < 0:
            searched = len(self._held) - self._at
            if searched > _WITHOUT_LINE_END:
                self._give_up_blocks()
                return super().next()
            if not self._fill(max(_FURTHER, searched)):
                end = len(self._held) - 1
                break
            end = self._held.find(b"\n", self._at + searched)
        if end < self._at:
            return None
        bit = self._held[self._at : end + 1]
        self._at = end + 1
        self.position += len(bit)
        if not self._is_settled and not bit.isascii():
            self._look_at(bit)
        text = bit.decode(self.encoding, "surrogateescape")
        inner = text.find("\r")
        if len(text) <= LONGEST_LINE and (inner < 0 or text[inner:] in ("\r\n", "\r")):
            return text
        # Old line ends within it, or a line to be cut: as any other text.
        self._text = self._bits = io.StringIO(text, newline="")
        return super().next()

    def block(self, size: int) -> bytes:
        """The next whole lines, about ``size`` bytes of them, not taken yet; empty at the end and
        where no line ends. The last block of a file may lack its line end.

        Raises :class:`~redflags.errors.InputError` if the source breaks off.
        """
        if not self.has_blocks or self._bits is not None:
            return b""
        missing = size - (len(self._held) - self._at)
        if missing > 0:
            self._fill(missing)
            if len(self._held) < size:
                return self._held
        end = self._held.rfind(b"\n", self._at, self._at + size)
        return self._held[self._at : end + 1] if end >= 0 else b""

    def take(self, count: int) -> None:
        """Take the ``count`` bytes of a block, which are of the encoding."""
        if not self._is_settled:
            self._is_settled = not self._held[self._at : self._at + count].isascii()
        self._at += count
        self.position += count

    def _look_at(self, bit: bytes) -> None:
        """Settle the encoding by the first line beyond ASCII, which was just taken."""
        try:
            bit.decode("utf-8")
            self._is_settled = True
        except UnicodeError:
            if self.name == "-" and len(self._held) - self._at < _AHEAD:
                self._fill(_AHEAD)
            ahead = bit + self._held[self._at : self._at + _AHEAD - len(bit)]
            self.encoding = codec_name(self._settle(ahead))

    def _fill(self, count: int) -> bool:
        """Hold ``count`` further bytes, or as many as there are; whether there were any."""
        try:
            read = self._buffered.read(count)
        except OSError as error:
            raise unreadable(self.name, error) from error
        self._held = self._held[self._at :] + read
        self._at = 0
        return bool(read)

    def _give_up_blocks(self) -> None:
        self.has_blocks = False
        rest = self._held[self._at :]
        if not self._is_settled and not rest.isascii():
            self._look_at(rest)
        joined = io.BufferedReader(JoinedBytes(rest, self._buffered), 1 << 17)
        self._held, self._at = b"", 0
        self._text = io.TextIOWrapper(
            joined, encoding=self.encoding, errors="surrogateescape", newline=""
        )
