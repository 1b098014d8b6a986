"""A text that can be taken line by line and, between rows, in blocks of whole lines."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Final

from redflags.readers.text_lines import LONGEST_LINE, HashedBytes, TextLines, unreadable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_MARK: Final = b"\xef\xbb\xbf"
_FURTHER: Final = 1 << 16
_WITHOUT_LINE_END: Final = 4 * LONGEST_LINE
"""Bytes without a line feed after which the rest is left to the line reader for good."""

_SINGLE_BYTE: Final = ("cp125", "iso8859-", "koi8-")
"""Encodings in which each byte is a character and the line feed is one byte."""


class BlockLines(TextLines):
    """Lines as :class:`TextLines` gives them, and blocks of bytes that begin where the next line
    would. Of the text only what lies between the last line and the end of a block is in memory.
    """

    def __init__(self, source: Path | str, *, encoding: str | None = None) -> None:
        """Open a file, or standard input for ``-``; errors as in :class:`TextLines`."""
        super().__init__(source, encoding=encoding)
        self.has_blocks = self.encoding in ("utf-8", "ascii") or self.encoding.startswith(
            _SINGLE_BYTE
        )
        """Whether blocks can be cut from this text; after a line without end they cannot."""
        self.position = 0
        """Bytes that were taken so far."""
        self._held = b""
        self._at = 0
        self._bits: io.StringIO | None = None
        if not self.has_blocks:
            return
        # Nothing may read ahead of this object, nor close the bytes when it is thrown away.
        assert isinstance(self._text, io.TextIOWrapper)
        self._text.detach()
        self._text = io.StringIO()
        if self.encoding == "utf-8":
            self._fill(_FURTHER)
            if self._held.startswith(_MARK):
                self._at = self.position = len(_MARK)

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
        """Take the ``count`` bytes of a block."""
        self._at += count
        self.position += count

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
        joined = io.BufferedReader(_Joined(self._held[self._at :], self._buffered), 1 << 17)
        self._held, self._at = b"", 0
        self._text = io.TextIOWrapper(
            joined, encoding=self.encoding, errors="surrogateescape", newline=""
        )

    def close(self) -> None:
        """Close the file. Standard input stays open."""
        self._buffered.close()


class _Joined(io.RawIOBase):
    """Bytes that were read already, then those of a stream."""

    def __init__(self, first: bytes, then: io.BufferedReader[HashedBytes]) -> None:
        self._first = memoryview(first)
        self._then = then

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        if self._first:
            count = min(len(view), len(self._first))
            view[:count] = self._first[:count]
            self._first = self._first[count:]
            return count
        return self._then.readinto(view)
