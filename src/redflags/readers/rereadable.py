"""A file of bytes that is read from its start as often as wanted, standard input too."""

from __future__ import annotations

import gzip
import io
import shutil
import sys
import tempfile
import zlib
from pathlib import Path
from typing import IO, Any, Protocol

from redflags.errors import InputError
from redflags.readers.text_lines import HashedBytes, unreadable

_IN_MEMORY = 1 << 22
_PIECE = 1 << 17
_GZIP = b"\x1f\x8b"
_ZSTANDARD = b"\x28\xb5\x2f\xfd"


class SupportsRead(Protocol):
    """What gives bytes."""

    def read(self, size: int, /) -> object:
        """So many bytes or fewer; none at the end."""


class Rereadable:
    """The bytes of a file, unpacked if they are gzip; those of standard input, for ``-``, and
    of a pipe are kept in a temporary file. ``share_read`` is that of the last reading with a
    hash, 0 for what is kept."""

    def __init__(self, source: Path | str) -> None:
        """Raises :class:`InputError` if the file cannot be opened."""
        self._name = str(source)
        self._path: Path | None = None
        self._kept: IO[bytes] | None = None
        self._hashed: HashedBytes | None = None
        self._file: io.FileIO | None = None
        self._size = 0
        if self._name == "-":
            self._keep(sys.stdin.buffer)
            return
        self._path = Path(source)
        with self._opened() as file:
            if file.seekable():
                self._size = file.seek(0, io.SEEK_END)
            else:  # a pipe gives its bytes once
                self._keep(file)

    def _keep(self, stream: Any) -> None:
        kept = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by close
        try:
            shutil.copyfileobj(stream, kept)
        except BaseException as error:
            kept.close()
            if isinstance(error, OSError):
                raise unreadable(self._name, error) from error
            raise
        self._kept = kept

    def _opened(self) -> io.FileIO:
        assert self._path is not None
        try:
            return self._path.open("rb", buffering=0)
        except (OSError, ValueError) as error:
            raise unreadable(self._name, error) from error

    def open(self, *, hashed: bool = False) -> io.BufferedReader[Any]:
        """The bytes from the start; ``hashed`` for :meth:`finish`.

        Raises :class:`InputError` if the file cannot be opened or is packed in a way that is not
        read.
        """
        raw: io.RawIOBase
        if self._kept is not None:
            self._kept.seek(0)
            raw = _Unclosed(self._kept)
        else:
            raw = self._opened()
            if hashed:
                self._file = raw
        below: io.BufferedReader[Any] = io.BufferedReader(raw, buffer_size=_PIECE)
        try:
            start = below.peek(4)
            if start.startswith(_ZSTANDARD):
                raise InputError(
                    self._name, "the file is packed as Zstandard", remedy="unpack it: unzstd FILE"
                )
        except OSError as error:
            below.close()
            raise unreadable(self._name, error) from error
        except BaseException:
            below.close()
            raise
        if not hashed and not start.startswith(_GZIP):
            return below
        if hashed:
            self._hashed = HashedBytes(below)
            below = io.BufferedReader(self._hashed, buffer_size=_PIECE)
        if not start.startswith(_GZIP):
            return below
        return io.BufferedReader(_Unpacked(below, self._name), buffer_size=_PIECE)

    @property
    def share_read(self) -> float:
        """Which share of the bytes is read, from 0 to 1."""
        if self._file is None or not self._size:
            return 0.0
        return 1.0 if self._file.closed else min(self._file.tell() / self._size, 1.0)

    def finish(self, stream: SupportsRead) -> str:
        """SHA-256 of the bytes as they lie on disk, in hexadecimal, after reading what is left.

        Raises :class:`InputError` if the source breaks off.
        """
        assert self._hashed is not None
        try:
            while stream.read(_PIECE):
                pass
            while self._hashed.read(_PIECE):
                pass
        except OSError as error:
            raise unreadable(self._name, error) from error
        return self._hashed.sha256

    def close(self) -> None:
        """Let go of what was kept. Standard input stays open."""
        if self._kept is not None:
            self._kept.close()


class _Unclosed(io.RawIOBase):
    """A stream whose closing leaves the one beneath open."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Unpacked(io.RawIOBase):
    """The bytes in a gzip file."""

    def __init__(self, below: io.BufferedReader[Any], name: str) -> None:
        self._below = below
        self._name = name
        self._gzip = gzip.GzipFile(fileobj=below, mode="rb")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        try:
            data = self._gzip.read(len(buffer))
        except EOFError as error:
            raise InputError(
                self._name, "the packed file breaks off", remedy="copy or pack it again"
            ) from error
        except (zlib.error, gzip.BadGzipFile) as error:
            raise InputError(
                self._name, f"the packed file is damaged: {error}", remedy="pack it again"
            ) from error
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._gzip.close()
            self._below.close()
        super().close()
