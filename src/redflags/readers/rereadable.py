"""A file of bytes that is read from its start as often as wanted, standard input too."""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path
from typing import IO, Any, Protocol, cast

from redflags.readers.packed import PackedBytes
from redflags.readers.text_lines import standard_input, unreadable

_IN_MEMORY = 1 << 22
_PIECE = 1 << 17


class SupportsRead(Protocol):
    """What gives bytes."""

    def read(self, size: int, /) -> object:
        """So many bytes or fewer; none at the end."""


class Rereadable:
    """The bytes of a file, unpacked if they are packed; those of standard input, for ``-``, and
    of a pipe are kept in a temporary file. ``share_read`` is that of the last reading with a
    hash, 0 for what is kept."""

    def __init__(self, source: Path | str) -> None:
        """Raises :class:`InputError` if the file cannot be opened."""
        self._name = str(source)
        self._path: Path | None = None
        self._kept: IO[bytes] | None = None
        self._packed: PackedBytes | None = None
        self._file: io.FileIO | None = None
        self._size = 0
        if self._name == "-":
            self._keep(standard_input())
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
        """The bytes from the start, unpacked; ``hashed`` for :meth:`finish`.

        Raises :class:`InputError` if the file cannot be opened or is not packed as its name says.
        """
        raw: io.RawIOBase
        if self._kept is not None:
            self._kept.seek(0)
            raw = _Unclosed(self._kept)
        else:
            raw = self._opened()
        try:
            packed = PackedBytes(cast("IO[bytes]", raw), self._name)
        except OSError as error:
            raw.close()
            raise unreadable(self._name, error) from error
        if hashed:
            self._packed = packed
            self._file = raw if isinstance(raw, io.FileIO) else None
        return io.BufferedReader(_Closing(packed), buffer_size=_PIECE)

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
        assert self._packed is not None
        try:
            while stream.read(_PIECE):
                pass
            while self._packed.stream.read(_PIECE):
                pass
        except OSError as error:
            raise unreadable(self._name, error) from error
        return self._packed.sha256

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


class _Closing(io.RawIOBase):
    """Unpacked bytes whose closing closes the file beneath."""

    def __init__(self, packed: PackedBytes) -> None:
        self._packed = packed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        return int(self._packed.stream.readinto(buffer) or 0)

    def close(self) -> None:
        if not self.closed:
            self._packed.close()
        super().close()
