"""A file of bytes that is read from its start as often as wanted, standard input too."""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path
from typing import IO, Protocol

from redflags.readers.text_lines import HashedBytes, unreadable

_IN_MEMORY = 1 << 22


class SupportsRead(Protocol):
    """What gives bytes."""

    def read(self, size: int, /) -> object:
        """So many bytes or fewer; none at the end."""


class Rereadable:
    """The bytes of a file; those of standard input, for ``-``, are kept in a temporary file."""

    def __init__(self, source: Path | str) -> None:
        """Raises :class:`InputError` if the file cannot be opened."""
        self._name = str(source)
        self._path: Path | None = None
        self._kept: IO[bytes] | None = None
        self._hashed: HashedBytes | None = None
        if self._name == "-":
            kept = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by close
            try:
                shutil.copyfileobj(sys.stdin.buffer, kept)
            except OSError as error:
                kept.close()
                raise unreadable(self._name, error) from error
            self._kept = kept
        else:
            self._path = Path(source)
            self.open().close()

    def open(self, *, hashed: bool = False) -> IO[bytes]:
        """The bytes from the start; ``hashed`` for :meth:`finish`.

        Raises :class:`InputError` if the file cannot be opened.
        """
        raw: io.RawIOBase
        if self._kept is not None:
            self._kept.seek(0)
            raw = _Unclosed(self._kept)
        else:
            assert self._path is not None
            try:
                file = self._path.open("rb", buffering=0)
            except (OSError, ValueError) as error:
                raise unreadable(self._name, error) from error
            raw = file
        if hashed:
            raw = self._hashed = HashedBytes(io.BufferedReader(raw, buffer_size=1 << 17))
        return io.BufferedReader(raw, buffer_size=1 << 17)

    def finish(self, stream: SupportsRead) -> str:
        """SHA-256 of the bytes, in hexadecimal, after reading what is left of them.

        Raises :class:`InputError` if the source breaks off.
        """
        assert self._hashed is not None
        try:
            while stream.read(1 << 17):
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

    def readinto(self, buffer: object) -> int:
        data = self._stream.read(len(buffer))  # type: ignore[arg-type]
        buffer[: len(data)] = data  # type: ignore[index]
        return len(data)
