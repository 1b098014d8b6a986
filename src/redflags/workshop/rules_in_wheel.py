"""Rules inside a wheel: read out of the archive, which is not installed and runs nothing."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from redflags.errors import ConfigurationError
from redflags.rulebook.yaml_text import LARGEST_FILE
from redflags.workshop.rule_files import Listed, is_rule_file, laid_out, root_of

SUFFIXES: Final = (".whl", ".zip")

MOST_OF_AN_INDEX: Final = 8_000_000
"""Bytes of the index of an archive: some 80,000 files. It is read whole before anything else."""

_END: Final = b"PK\x05\x06"
_END_OF_LARGE: Final = b"PK\x06\x07"
_END_SIZE: Final = 22
_LONGEST_COMMENT: Final = 65_535


@contextmanager
def rules_in_wheel(path: Path, name: str) -> Iterator[tuple[Path, str]]:
    """The folder of the rules of a wheel (or another zip archive), laid out for as long as the
    block lasts, and how it is called.

    Raises :class:`ConfigurationError` for an archive that is damaged, protected or too large, and
    for one without rules.
    """
    try:
        with path.open("rb") as stream:
            _refuse_large_index(stream, name)
            with zipfile.ZipFile(stream) as archive:
                sizes = {
                    one.filename: one.file_size
                    for one in archive.infolist()
                    if is_rule_file(one.filename)
                }
                listed = Listed(name, path.stem, sizes, lambda wanted: _contents(archive, wanted))
                root = root_of(sizes, name)
                with laid_out(listed, root) as folder:
                    yield folder, f"{name}:{root}"
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error) as error:
        raise _unusable(name, f"it is damaged ({str(error)[:100]})") from error
    except RuntimeError as error:  # what zipfile raises for an encrypted member
        raise _unusable(name, "it is protected by a password") from error
    except OSError as error:
        raise _unusable(name, (error.strerror or str(error)).lower()) from error


def _unusable(name: str, why: str) -> ConfigurationError:
    return ConfigurationError(f"the rules of {name[:200]} cannot be read: {why}; build it again")


def _contents(archive: zipfile.ZipFile, wanted: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for path in wanted:
        with archive.open(path) as member:
            yield path, member.read(LARGEST_FILE + 1)


def _refuse_large_index(stream: IO[bytes], name: str) -> None:
    """Refuse an archive whose index would take more memory than any honest one."""
    size = stream.seek(0, 2)
    start = max(0, size - _END_SIZE - _LONGEST_COMMENT - 20)
    stream.seek(start)
    tail = stream.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) - end < _END_SIZE:
        raise _unusable(name, "it is no wheel: a zip archive ends otherwise")
    index = struct.unpack_from("<I", tail, end + 12)[0]
    # Archives of more than four gigabytes say so just before the end.
    if index > MOST_OF_AN_INDEX or tail[max(0, end - 20) : end].startswith(_END_OF_LARGE):
        raise _unusable(name, "it holds too many files")
    stream.seek(0)
