"""Bytes of a file as they lie on disk, hashed, and what they hold when they are compressed."""

from __future__ import annotations

import hashlib
import io
import sys
import zlib
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING, Final, Protocol

from redflags.errors import InputError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

SUFFIXES: Final = {".gz": "gzip", ".zst": "zstd"}
"""The compressions that are read, by the last suffix of a name."""

_SIGNATURES: Final = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"))

_LARGEST_WINDOW: Final = 1 << 27
"""Memory that a Zstandard file may ask for; the limit of its own command line tool."""

_SUSPICIOUS: Final = 1 << 30
_MOST_TIMES: Final = 500
"""A file that unpacks to over a gigabyte and over 500 times its size is no table of orders."""


class HashedBytes(io.RawIOBase):
    """A stream of bytes that is hashed and counted while it is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self.count = 0

    def readable(self) -> bool:
        """Always: it exists to be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill ``buffer`` and hash what was read; 0 at the end."""
        view = memoryview(buffer).cast("B")
        count: int = self._stream.readinto(view)  # type: ignore[attr-defined]
        self._hash.update(view[:count])
        self.count += count
        return count

    def close(self) -> None:
        """Close the stream beneath, unless it is standard input."""
        if not self.closed and self._stream is not getattr(sys.stdin, "buffer", None):
            self._stream.close()
        super().close()

    @property
    def sha256(self) -> str:
        """SHA-256 of all bytes read so far, in hexadecimal."""
        return self._hash.hexdigest()


class JoinedBytes(io.RawIOBase):
    """Bytes that were read already, then those of a stream, which stays the caller's to close."""

    def __init__(self, first: bytes, then: io.RawIOBase | io.BufferedIOBase) -> None:
        self._first = memoryview(first)
        self._then = then

    def readable(self) -> bool:
        """Always: it exists to be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill ``buffer``; 0 at the end."""
        view = memoryview(buffer).cast("B")
        if self._first:
            count = min(len(view), len(self._first))
            view[:count] = self._first[:count]
            self._first = self._first[count:]
            return count
        return int(self._then.readinto(view) or 0)


class PackedBytes:
    """The bytes of a source to read, unpacked where they begin as gzip or Zstandard data do.

    ``stream`` gives the unpacked bytes, in memory a little at a time; ``packing`` is the name of
    the compression or empty; ``sha256`` is that of the bytes as they lie on disk.
    """

    def __init__(self, source: IO[bytes], name: str) -> None:
        """Look at the first bytes of ``source``, an unbuffered stream or standard input.

        Raises ``OSError`` if they cannot be read, and :class:`InputError` if the name promises a
        compression that the bytes have not.
        """
        self._hashed = HashedBytes(source)
        first = b""
        try:
            while len(first) < 4 and (more := self._hashed.read(4 - len(first))):
                first += more
        except BaseException:
            self._hashed.close()
            raise
        self.packing = next(
            (title for signature, title in _SIGNATURES if first.startswith(signature)), ""
        )
        promised = packing_of(name)
        if promised and first and promised != self.packing:
            self._hashed.close()
            raise InputError(
                name, f"the file is not {promised} data", remedy="name the file as what it is"
            )
        joined = JoinedBytes(first, self._hashed)
        self.stream: io.RawIOBase = (
            _Unpacked(joined, self._hashed, self.packing, name) if self.packing else joined
        )

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes of the file, complete once the stream was read to its end."""
        return self._hashed.sha256

    def close(self) -> None:
        """Close the source. Standard input stays open."""
        self._hashed.close()


def packing_of(name: Path | str) -> str:
    """The compression that the last suffix of a name promises, or empty."""
    return SUFFIXES.get(PurePath(str(name)).suffix.lower(), "") if str(name) != "-" else ""


def suffix_of(name: Path | str) -> str:
    """The suffix that tells the format: ``.csv`` of ``orders.csv`` and of ``orders.csv.gz``."""
    path = PurePath(str(name))
    if path.suffix.lower() in SUFFIXES:
        path = PurePath(path.stem)
    return path.suffix.lower()


class _Engine(Protocol):
    """What the decompressing objects of both packages have."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, /) -> bytes: ...


class _Unpacked(io.RawIOBase):
    """The bytes that packed bytes hold, several packed parts in a row being one text."""

    def __init__(self, packed: io.RawIOBase, below: HashedBytes, packing: str, name: str) -> None:
        self._packed = packed
        self._below = below
        self._packing = packing
        self._name = name
        # So little at once that what it unpacks to, at most some thousand times as much, is
        # bounded: no object of either package has to be trusted with a limit.
        self._bite = 1 << 15 if packing == "gzip" else 1 << 12
        self._engine: _Engine = self._new_engine()
        self._waiting = memoryview(b"")
        self._rest = b""
        self._has_begun = False
        self._is_over = False
        self.count = 0

    def readable(self) -> bool:
        """Always: it exists to be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill ``buffer``; 0 at the end.

        Raises :class:`InputError` if the packed bytes are damaged or break off.
        """
        view = memoryview(buffer).cast("B")
        while not self._waiting and not self._is_over:
            self._waiting = memoryview(self._more())
        count = min(len(view), len(self._waiting))
        view[:count] = self._waiting[:count]
        self._waiting = self._waiting[count:]
        self.count += count
        if self.count > _SUSPICIOUS and self.count > _MOST_TIMES * self._below.count:
            raise self._error(
                f"unpacks to more than {_MOST_TIMES} times its size", "unpack it yourself"
            )
        return count

    def _more(self) -> bytes:
        packed = self._rest or self._packed.read(self._bite) or b""
        self._rest = b""
        if not packed:
            self._is_over = True
            if self._has_begun:
                raise self._error("breaks off; the file is not complete", "copy it again")
            return b""
        if self._engine.eof:
            packed = packed.lstrip(b"\0")  # old tape archives and some tools pad with zeros
            if not packed:
                return b""
            self._engine = self._new_engine()
        self._has_begun = True
        try:
            text = self._engine.decompress(packed)
        except Exception as error:
            if not isinstance(error, zlib.error) and type(error).__name__ != "ZstdError":
                raise
            raise self._error("is damaged", "copy it again, or unpack it yourself") from error
        if self._engine.eof:
            self._rest = self._engine.unused_data
            self._has_begun = False
        return text

    def _new_engine(self) -> _Engine:
        if self._packing == "gzip":
            return zlib.decompressobj(wbits=31)
        import zstandard

        return zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW).decompressobj()

    def _error(self, what: str, remedy: str) -> InputError:
        return InputError(
            self._name,
            f"the {self._packing} data {what} (after {self.count} bytes of text)",
            remedy=remedy,
        )
