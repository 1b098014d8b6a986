"""From bytes to decoded lines: encoding, hash, line ends, and lines that cannot be decoded."""

from __future__ import annotations

import codecs
import errno
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from redflags.errors import ConfigurationError, InputError
from redflags.readers.packed import JoinedBytes, PackedBytes, suffix_of

LONGEST_LINE = 8_000_000
"""Characters of one physical line that are kept; the rest of a longer one is skipped."""

SAMPLE: Final = 1 << 16
"""Bytes from the start that are looked at before a line is read."""

_WIDE: Final = "redflags-wide"
"""How bytes that are no UTF-16 or UTF-32 come through: see :func:`_keep_odd`."""

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
    (b"PAR1", "a Parquet file"),
)

_OTHER_OPENINGS = (
    (b"<?xml", "XML"),
    (b"<!doctype", "a web page"),
    (b"<html", "a web page"),
    (b"<table", "a web page"),
    (b'{"', "JSON"),
    (b'[{"', "JSON"),
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
    ".yaml": "YAML; rules are given with --rules",
    ".yml": "YAML; rules are given with --rules",
}

# Codecs of the standard library that turn text into text, or that run escapes.
_NOT_FOR_FILES = frozenset(
    {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}
)

_SAVE_AS = "save it as CSV (UTF-8) and check that file"


class TextLines:
    """The physical lines of a text, each with its line end, in memory one at a time.

    Bytes that are not of the encoding come back as lone surrogates, so that the caller can set
    that line aside and go on; :func:`undecoded` finds them.
    """

    def __init__(
        self,
        source: Path | str,
        *,
        encoding: str | None = None,
        is_known: Callable[[str], bool] | None = None,
    ) -> None:
        """Open a file, or standard input for ``-``, unpacking what is compressed.

        Without ``encoding`` a byte order mark tells it; UTF-16 is known by its NUL bytes; else it
        is UTF-8 or what :func:`~redflags.readers.encodings.judge` finds, which hears of each name
        of a column whether it ``is_known``.

        Raises :class:`InputError` if the source cannot be opened, is no text or is empty, or if
        its encoding cannot be told; :class:`ConfigurationError` if there is no such encoding.
        """
        self.name = str(source)
        self.notes: list[str] = []
        self._pending: str | None = None
        self._source = source
        self._is_known = is_known
        self._is_settled = encoding is not None
        if encoding is not None:
            _check_encoding(encoding)
        self._packed = _open(source, self.name)
        self._buffered = io.BufferedReader(self._packed.stream, buffer_size=1 << 17)
        try:
            self._first = self._read_first()
            decoder = encoding or self._encoding_of_first()
        except BaseException:
            self.close()
            raise
        if self._packed.packing:
            self.notes.append(f"the file was unpacked from {self._packed.packing}")
        self.encoding = codec_name(decoder)
        self._open_text(decoder)

    def _open_text(self, decoder: str) -> None:
        wide = self.encoding.startswith(("utf-16", "utf-32"))
        if self.encoding == "utf-8":
            decoder = "utf-8-sig"  # the same, except that it drops a byte order mark
        self._decoder = decoder
        self._errors = _WIDE if wide else "surrogateescape"
        self._text: io.TextIOWrapper | io.StringIO = io.TextIOWrapper(
            io.BufferedReader(JoinedBytes(self._first, self._buffered), 1 << 17),
            encoding=decoder,
            errors=self._errors,
            newline="",
        )

    def _read_first(self) -> bytes:
        try:
            first = self._buffered.read(SAMPLE)
        except OSError as error:
            raise unreadable(self.name, error) from error
        if not first:
            raise InputError(self.name, "the file is empty", remedy="give a file with a header row")
        return first

    def _encoding_of_first(self) -> str:
        """The encoding that the first bytes have; settled unless they are ASCII only."""
        first = self._first
        found = _encoding_of(first, self.name)
        if found is not None:
            encoding, note = found
            self._is_settled = True
            if note:
                self.notes.append(note)
            return encoding
        if first.isascii():
            return "utf-8"
        try:
            codecs.getincrementaldecoder("utf-8")().decode(first)
        except UnicodeError:
            return self._settle(first)
        self._is_settled = True
        return "utf-8"

    def _settle(self, ahead: bytes) -> str:
        """Settle the encoding of a text that is not all UTF-8, for good.

        A file is read a second time for it, so that all its words have their say; of standard
        input only what lies ``ahead`` is known.
        """
        from redflags.readers.evidence import settle

        self._is_settled = True
        if self.name == "-" or not Path(self._source).is_file():  # a pipe is not read twice
            encoding, note = settle(self.name, io.BytesIO(ahead), self._is_known)
        else:
            again = _open(self._source, self.name)
            try:
                encoding, note = settle(self.name, again.stream, self._is_known)
            except OSError as error:
                raise unreadable(self.name, error) from error
            finally:
                again.close()
        if note:
            self.notes.append(note)
        return encoding

    def first_lines(self) -> tuple[list[str], bool]:
        """The lines within the first bytes, not taken yet, and whether these are all; to be called
        before :meth:`next`.

        The last one is left out where the text goes on, unless it is the only one.
        """
        ends = len(self._first) < SAMPLE
        try:
            text = codecs.getincrementaldecoder(self._decoder)(self._errors).decode(
                self._first, ends
            )
        except UnicodeError as error:
            raise self._undecodable() from error
        return whole_lines(text, ends=ends), ends

    def _undecodable(self) -> InputError:
        return InputError(
            self.name,
            f"the text cannot be decoded as {self.encoding}",
            remedy="name the file's encoding with --encoding",
        )

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
            raise self._undecodable() from error
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
        return self._packed.sha256

    def close(self) -> None:
        """Close the file. Standard input stays open."""
        self._packed.close()


def whole_lines(text: str, *, ends: bool) -> list[str]:
    """The lines of a text, whatever their ends, without a last one that may be cut short."""
    lines = list(io.StringIO(text, newline=""))
    if not ends and len(lines) > 1:
        lines.pop()
    return lines


def codec_name(encoding: str) -> str:
    """The name that Python has for an encoding; a byte order mark is no matter of the name."""
    name = codecs.lookup(encoding).name
    return "utf-8" if name == "utf-8-sig" else name


def _keep_odd(error: UnicodeError) -> tuple[str, int]:
    """Half characters as they are, and any other bytes as lone surrogates, so that only their
    lines are lost."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    try:
        kept = codecs.lookup_error("surrogatepass")(error)
    except UnicodeError:
        odd = error.object[error.start : error.end]
        return "".join(chr(0xDC00 + byte) for byte in odd), error.end
    return str(kept[0]), kept[1]


codecs.register_error(_WIDE, _keep_odd)


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


def _open(source: Path | str, name: str) -> PackedBytes:
    if name == "-":
        return PackedBytes(standard_input(), name)
    other = _OTHER_SUFFIXES.get(suffix_of(name))
    if other is not None:
        raise InputError(name, f"not a CSV file: {other}", remedy=_SAVE_AS)
    stream: IO[bytes] | None = None
    try:
        stream = Path(source).open("rb", buffering=0)  # noqa: SIM115 - it is closed by its reader
        return PackedBytes(stream, name)
    except (OSError, ValueError) as error:
        if stream is not None:
            stream.close()
        raise unreadable(name, error) from error


def standard_input() -> IO[bytes]:
    """The bytes of standard input. Raises :class:`InputError` if the process was started without
    one."""
    if sys.stdin is None:
        raise InputError("-", "standard input is closed")
    return sys.stdin.buffer


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


def _encoding_of(first: bytes, name: str) -> tuple[str, str] | None:
    """The encoding that the first bytes tell by themselves, and a note; None if they do not."""
    for mark, encoding in _MARKS:
        if first.startswith(mark):
            return encoding, ""
    for signature, title in _OTHER_FORMATS:
        if first.startswith(signature):
            raise InputError(name, f"not a CSV file: {title}", remedy=_SAVE_AS)
    begin = first[:100].lstrip().lower()
    for opening, title in _OTHER_OPENINGS:
        if begin.startswith(opening):
            raise InputError(name, f"not a CSV file: {title}", remedy=_SAVE_AS)
    nuls = first.count(0)
    if nuls * 5 >= len(first) or (nuls > 40 and nuls * 20 >= len(first)):
        encoding = _wide_without_mark(first)
        if encoding:
            return encoding, f"the text is {encoding.upper()} without a byte order mark"
        if nuls * 4 > len(first):
            raise InputError(
                name,
                "the file is full of NUL bytes; it looks like UTF-16 without a byte order mark",
                remedy="name the encoding: --encoding utf-16-le (or utf-16-be)",
            )
    if b"\x1b$" in first and first.isascii():
        try:
            codecs.getincrementaldecoder("iso2022_jp")().decode(first)
        except UnicodeError:
            return None
        return "iso2022_jp", "the text is ISO-2022-JP by its escape sequences"
    return None


def _wide_without_mark(first: bytes) -> str:
    """UTF-16 by the half in which its NUL bytes are, those of ASCII characters; else empty."""
    first = first[:1024]  # what comes later may be damaged
    even, odd = first[::2].count(0), first[1::2].count(0)
    if min(even, odd) * 10 > max(even, odd):
        return ""
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(first)
    except UnicodeError:
        return ""
    return encoding if text.count("\0") * 50 <= len(text) and set(text) & set("\r\n") else ""
