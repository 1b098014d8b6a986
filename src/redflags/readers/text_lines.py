"""From bytes to decoded lines: encoding, hash, line ends, and lines that cannot be decoded."""

from __future__ import annotations

import codecs
import errno
import hashlib
import io
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

from redflags.errors import ConfigurationError, InputError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LONGEST_LINE = 8_000_000
"""Characters of one physical line that are kept; the rest of a longer one is skipped."""

_SAMPLE = 8192

_MARKS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_OTHER_FORMATS = (
    (b"PK\x03\x04", "a zip archive, perhaps an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Office file"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PAR1", "a Parquet file"),
)

_OTHER_SUFFIXES = {
    ".xlsx": "an Excel workbook",
    ".xlsm": "an Excel workbook",
    ".xlsb": "an Excel workbook",
    ".xls": "an Excel workbook",
    ".ods": "an OpenDocument spreadsheet",
    ".json": "JSON",
    ".jsonl": "JSON Lines",
    ".ndjson": "JSON Lines",
    ".parquet": "Parquet",
    ".xml": "XML",
    ".pdf": "PDF",
    ".zip": "a zip archive",
    ".gz": "a gzip archive",
    ".yaml": "YAML; rules are given with --rules",
    ".yml": "YAML; rules are given with --rules",
}

# Codecs of the standard library that turn text into text, or that run escapes.
_NOT_FOR_FILES = frozenset(
    {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}
)

_SAVE_AS = "save it as CSV (UTF-8) and check that file"


class HashedBytes(io.RawIOBase):
    """A stream of bytes that is hashed while it is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()

    def readable(self) -> bool:
        """Always: it exists to be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill ``buffer`` and hash what was read; 0 at the end."""
        view = memoryview(buffer).cast("B")
        count: int = self._stream.readinto(view)  # type: ignore[attr-defined]
        self._hash.update(view[:count])
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


class TextLines:
    """The physical lines of a text, each with its line end, in memory one at a time.

    Bytes that are not of the encoding come back as lone surrogates, so that the caller can set
    that line aside and go on; :func:`undecoded` finds them.
    """

    def __init__(self, source: Path | str, *, encoding: str | None = None) -> None:
        """Open a file, or standard input for ``-``.

        Raises :class:`InputError` if it cannot be opened, is no text or is empty, and
        :class:`ConfigurationError` if there is no such encoding.
        """
        self.name = str(source)
        self._pending: str | None = None
        if encoding is not None:
            _check_encoding(encoding)
        self._bytes = HashedBytes(_open(source, self.name))
        self._buffered = io.BufferedReader(self._bytes, buffer_size=1 << 17)
        try:
            sample = self._sample()
            decoder = encoding or _encoding_of(sample, self.name)
        except BaseException:
            self._buffered.close()
            raise
        self.encoding = "utf-8" if decoder == "utf-8-sig" else codecs.lookup(decoder).name
        if self.encoding == "utf-8":
            decoder = "utf-8-sig"  # the same, except that it drops a byte order mark
        wide = self.encoding.startswith(("utf-16", "utf-32"))
        self._text: io.TextIOWrapper | io.StringIO = io.TextIOWrapper(
            self._buffered,
            encoding=decoder,
            errors="surrogatepass" if wide else "surrogateescape",
            newline="",
        )

    def _sample(self) -> bytes:
        try:
            sample = self._buffered.peek(_SAMPLE)[:_SAMPLE]
        except OSError as error:
            raise unreadable(self.name, error) from error
        if not sample:
            raise InputError(self.name, "the file is empty", remedy="give a file with a header row")
        return sample

    def next(self) -> str | None:
        """The next line with its line end, None at the end.

        A line longer than :data:`LONGEST_LINE` comes back cut and one character too long.
        Raises :class:`InputError` if the source breaks off.
        """
        if self._pending is not None:
            line, self._pending = self._pending, None
            return line
        try:
            line = self._text.readline(LONGEST_LINE + 1)
            if len(line) > LONGEST_LINE and not line.endswith("\n"):
                self._skip_rest(line)
        except UnicodeError as error:
            raise InputError(
                self.name,
                f"the text cannot be decoded as {self.encoding}",
                remedy="name the file's encoding with --encoding",
            ) from error
        except OSError as error:
            raise unreadable(self.name, error) from error
        return line or None

    def _skip_rest(self, line: str) -> None:
        cut_at_return = line.endswith("\r")
        while True:
            rest = self._text.readline(LONGEST_LINE)
            if cut_at_return and rest != "\n":
                self._pending = rest or None
                return
            if not rest or rest.endswith("\n"):
                return
            cut_at_return = rest.endswith("\r")
            if cut_at_return and len(rest) < LONGEST_LINE:
                return

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes; complete once the last line was read."""
        return self._bytes.sha256

    def close(self) -> None:
        """Close the file. Standard input stays open."""
        self._text.close()


def undecoded(line: str, encoding: str) -> str:
    """Why a line cannot be used as text: a NUL or a byte that is not of the encoding; else "".

    Positions count from 1, in bytes for encodings of bytes and in characters otherwise.
    """
    if "\0" in line:
        return f"a NUL character at position {line.index(chr(0)) + 1}"
    if line.isascii():
        return ""
    try:
        line.encode("utf-8")
    except UnicodeEncodeError as error:
        before, odd = line[: error.start], ord(line[error.start])
        if not 0xDC80 <= odd <= 0xDCFF:
            return f"half a character (U+{odd:04X}) at position {error.start + 1}"
        try:
            position = len(before.encode(encoding, "surrogateescape"))
        except UnicodeError:
            position = len(before)
        return (
            f"byte 0x{odd - 0xDC00:02X} at position {position + 1} of the line is not valid "
            f"{encoding.upper()}; if the file has another encoding, name it: --encoding cp1254"
        )
    return ""


def _open(source: Path | str, name: str) -> IO[bytes]:
    if name == "-":
        return sys.stdin.buffer
    path = Path(source)
    other = _OTHER_SUFFIXES.get(path.suffix.lower())
    if other is not None:
        raise InputError(name, f"not a CSV file: {other}", remedy=_SAVE_AS)
    try:
        return path.open("rb", buffering=0)
    except (OSError, ValueError) as error:
        raise unreadable(name, error) from error


def unreadable(name: str, error: OSError | ValueError) -> InputError:
    """The error of a source that the system does not let us read."""
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.ENOENT:
        return InputError(name, "there is no such file", remedy="check the path")
    if number in (errno.EISDIR, errno.ENOTDIR):
        return InputError(name, "not a file", remedy="give the CSV file itself")
    if number in (errno.EACCES, errno.EPERM):
        return InputError(name, "the file may not be read", remedy="check its permissions")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return InputError(name, f"the file cannot be read: {reason}", remedy="check the path")


def _check_encoding(encoding: str) -> None:
    try:
        name = codecs.lookup(encoding).name.replace("_", "-")
        # The wrapper refuses what is no text encoding, such as base64.
        io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    except (LookupError, UnicodeError, ValueError) as error:
        raise ConfigurationError(
            f"there is no encoding {encoding[:40]!r}; usual ones are utf-8, utf-16, cp1252 "
            "(western), cp1254 (Turkish), cp1251 (Cyrillic), cp1256 (Arabic)"
        ) from error
    if name in _NOT_FOR_FILES:
        raise ConfigurationError(f"{encoding!r} is no encoding of files")


def _encoding_of(sample: bytes, name: str) -> str:
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return encoding
    for signature, title in _OTHER_FORMATS:
        if sample.startswith(signature):
            raise InputError(name, f"not a CSV file: {title}", remedy=_SAVE_AS)
    if sample.count(0) * 4 > len(sample):
        raise InputError(
            name,
            "the file is full of NUL bytes; it looks like UTF-16 without a byte order mark",
            remedy="name the encoding: --encoding utf-16-le (or utf-16-be)",
        )
    return "utf-8"
