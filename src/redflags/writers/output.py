"""Output files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from redflags.errors import ConfigurationError


@contextmanager
def open_output(path: Path | str) -> Iterator[TextIO]:
    """A text stream (UTF-8) that becomes the file ``path``, as :func:`open_binary_output`."""
    with _opened(path, "", {"encoding": "utf-8", "newline": ""}) as stream:
        yield stream


@contextmanager
def open_binary_output(path: Path | str) -> Iterator[BinaryIO]:
    """A stream of bytes that becomes the file ``path`` when the block ends without error.

    Until then it is a temporary file beside it, so that no half-written file stands under the
    final name; on an error that is removed. Devices and pipes are written to directly.
    Raises :class:`ConfigurationError` if the file cannot be written.
    """
    with _opened(path, "b", {}) as stream:
        yield stream


@contextmanager
def _opened(path: Path | str, kind: str, options: dict[str, Any]) -> Iterator[Any]:
    try:
        final = Path(os.path.realpath(path))
        if final.is_dir():
            raise ConfigurationError(f"cannot write {str(path)!r}: it is a folder")
        if final.exists() and not final.is_file():
            with final.open("w" + kind, **options) as stream:
                yield stream
            return
        part = final.with_name(f".{final.name[:100]}.{os.getpid()}.part")
        try:
            with part.open("x" + kind, **options) as stream:
                yield stream
            if final.exists():
                part.chmod(final.stat().st_mode)
            part.replace(final)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise
    except (OSError, ValueError) as error:
        if isinstance(error, BrokenPipeError):
            raise
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ConfigurationError(f"cannot write {str(path)[:200]!r}: {reason}") from error
