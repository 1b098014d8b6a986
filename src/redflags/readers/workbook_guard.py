"""What a workbook is, and whether it can be opened without harm."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from redflags.errors import InputError
from redflags.readers.ods_guard import refuse_spread
from redflags.readers.text_lines import unreadable

MOST_BYTES: Final = 1 << 31
"""Bytes of a workbook when it is unpacked."""

MOST_CELLS: Final = 40_000_000
"""Cells of the rectangle that the cells of one sheet span; each takes about 32 bytes."""

_SUSPECT_RATIO: Final = 250
_SUSPECT_BYTES: Final = 100_000_000
"""From so many bytes on, a workbook packed to less than a 250th of them is no workbook: XML of
sheets packs to a tenth or, where all rows are alike, a hundredth."""

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_PIECE: Final = 1 << 20

_FAR = re.compile(
    rb"""\br\s*=\s*["'](?:[A-Za-z]*[0-9]{6,}|(?:[A-Za-z]{3,}|[F-Zf-z][A-Za-z])[0-9])"""
)
"""A cell beyond row 99,999 or column EZ. Without one a sheet spans at most 15.6 million cells."""

# The following take too much for a cell rather than too little: that a crafted tag goes unseen
# would be a crash.
_ATTRIBUTE = rb"""\s+[^\s=<>"']+\s*=\s*(?:"[^"]*"|'[^']*')"""
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]+)([0-9]+)["'](?!(?:%s)*+\s*/>)""" % _ATTRIBUTE)
"""The place of a cell that is not empty."""

_ROW = re.compile(rb"""\br\s*=\s*["']([0-9]+)["']""")
_PLACELESS = re.compile(rb"""<(?:\w+:)?c(?!\s+r\s*=\s*["'])[\s>]""")
"""A cell that may have no place of its own but that of its row."""

_NO_RESULT = re.compile(rb"</(?:\w+:)?f>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></|</(?:\w+:)?c>)")
_ERROR = re.compile(rb"""<(?:\w+:)?c\b[^<>]*\bt\s*=\s*["']e["']""")

_FROM_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\b[^<>]*\bdate1904\s*=\s*["'](?:1|true|on)["']""")


@dataclass(slots=True)
class Workbook:
    """The kind of a workbook (``xlsx``, ``xls`` or ``ods``), and how many of its cells hold an
    error, such as #N/A, or a formula without a stored result. ``counts_days`` is whether it is
    known that the days of its sheets are counted from 1900."""

    kind: str
    counts_days: bool = False
    errors: int = 0
    without_result: int = 0


def inspected(path: Path, name: str) -> Workbook:
    """The kind of a workbook that can be opened.

    Raises :class:`InputError` for what is none, for one with a password, and for one that would
    take more memory than any honest one.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(len(_OLE))
            if start == _OLE:
                _refuse_password(stream, name)
                return Workbook("xls")
            if not start.startswith(_ZIP):
                raise InputError(
                    name,
                    f"not a workbook{_instead(start)}",
                    remedy="name the file as what it is, or save it as an Excel workbook",
                )
            stream.seek(0)
            return _inspected_zip(stream, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise InputError(
            name, f"the workbook is damaged: {error}", remedy="save it again"
        ) from error
    except RuntimeError as error:  # what zipfile raises for an encrypted member
        raise locked(name) from error
    except (OSError, ValueError) as error:
        raise unreadable(name, error) from error


def _instead(start: bytes) -> str:
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<"):
        return "; it is a web page or XML, as some systems name .xls"
    if not start:
        return "; the file is empty"
    return "" if b"\0" in start else "; it looks like text, perhaps CSV"


def _refuse_password(stream: IO[bytes], name: str) -> None:
    rest = b""
    while piece := stream.read(_PIECE):
        if _ENCRYPTED in rest + piece:
            raise locked(name)
        rest = piece[-len(_ENCRYPTED) :]


def locked(name: str) -> InputError:
    """The error of a workbook that cannot be read without its password."""
    return InputError(name, "the workbook is protected by a password", remedy="save it without one")


def _inspected_zip(stream: IO[bytes], name: str) -> Workbook:
    with zipfile.ZipFile(stream) as archive:
        members = archive.infolist()
        unpacked = sum(member.file_size for member in members)
        packed = sum(member.compress_size for member in members)
        if unpacked > MOST_BYTES or (
            unpacked > _SUSPECT_BYTES and unpacked > packed * _SUSPECT_RATIO
        ):
            raise InputError(
                name,
                f"the workbook would unpack to {unpacked // 1_000_000} megabytes",
                remedy="save the sheet as CSV",
            )
        names = {member.filename.lower() for member in members}
        kind = _kind(names, name)
        book = Workbook(kind, counts_days=kind == "xlsx")
        if book.kind == "ods" and "meta-inf/manifest.xml" in names:
            manifest = next(m for m in members if m.filename.lower() == "meta-inf/manifest.xml")
            with archive.open(manifest) as opened:
                if b"encryption-data" in opened.read(_PIECE):
                    raise locked(name)
        for member in members:
            # Every member is unpacked once: one that is longer than it says is found damaged here.
            with archive.open(member) as opened:
                is_far = _take_note(opened, book)
            if is_far:
                with archive.open(member) as opened:
                    _refuse_far_cells(opened, name)
            if book.kind == "ods" and member.filename.lower() == "content.xml":
                with archive.open(member) as opened:
                    refuse_spread(opened, name, MOST_CELLS)
        return book


def _kind(names: set[str], name: str) -> str:
    if "content.xml" in names:
        return "ods"
    if "xl/workbook.bin" in names:
        raise InputError(
            name, "a binary workbook (.xlsb) is not read", remedy="save it as .xlsx or CSV"
        )
    if any(one.startswith("xl/") for one in names):
        return "xlsx"
    raise InputError(
        name,
        "a zip archive that is no workbook",
        remedy="unpack it and give the files inside",
    )


def _pieces(opened: IO[bytes]) -> Iterator[bytes]:
    """A member in pieces that end where a row or a cell begins, as far as there are such."""
    rest = b""
    while piece := opened.read(_PIECE):
        text = rest + piece
        cut = max(text.rfind(b"<c"), text.rfind(b"<row"), text.rfind(b":c "))
        if cut <= 0 or len(text) - cut > 4 * _PIECE:  # a text without end: no cell is in it
            yield text
            rest = b""
            continue
        cut = text.rfind(b"<", 0, cut + 1)
        yield text[:cut]
        rest = text[cut:]
    yield rest


def _take_note(opened: IO[bytes], book: Workbook) -> bool:
    """Read a member to its end and count what it holds that cannot be read; whether it has a cell
    far from the first one. Only sheets of xlsx have what is looked for."""
    is_far = False
    for text in _pieces(opened) if book.kind == "xlsx" else iter(lambda: opened.read(_PIECE), b""):
        if book.kind != "xlsx":
            continue
        if b"date1904" in text and _FROM_1904.search(text):
            book.counts_days = False
        if b"</f>" in text or b":f>" in text:
            book.without_result += len(_NO_RESULT.findall(text))
        if b't="e"' in text or b"t='e'" in text:
            book.errors += len(_ERROR.findall(text))
        is_far = is_far or _FAR.search(text) is not None
    return is_far


def _refuse_far_cells(opened: IO[bytes], name: str) -> None:
    """Raise :class:`InputError` if the cells that hold something span too large a rectangle,
    of which every cell would take memory."""
    rows: set[int] = set()
    rows_by_tag: set[int] = set()
    columns: set[int] = {1}
    is_placeless = False
    for text in _pieces(opened):
        for column, row in set(_CELL.findall(text)):
            columns.add(_number_of(column))
            rows.add(_row(row))
        rows_by_tag.update(map(_row, _ROW.findall(text)))
        is_placeless = is_placeless or _PLACELESS.search(text) is not None
    if is_placeless:
        rows |= rows_by_tag
    if not rows:
        return
    wide = max(columns) - min(columns) + 1
    if (max(rows) - min(rows) + 1) * wide > MOST_CELLS:
        raise InputError(
            name,
            f"the cells of a sheet are spread over {max(rows)} rows and {wide} columns",
            remedy="delete what stands far from the table, or save the sheet as CSV",
        )


_BEYOND: Final = 10**9


def _row(digits: bytes) -> int:
    return int(digits) if len(digits) <= 20 else _BEYOND


def _number_of(column: bytes) -> int:
    if len(column) > 6:
        return _BEYOND
    number = 0
    for letter in column.upper():
        number = number * 26 + letter - 64
    return number
