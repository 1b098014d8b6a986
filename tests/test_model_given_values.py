"""Values as programs hold them: what each is read as, also those of numpy and pandas."""

from __future__ import annotations

import datetime
import enum
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from redflags import Transaction
from redflags.model.given_values import text_of


class Unit(str, enum.Enum):  # noqa: UP042 - a StrEnum would show itself as its text
    TONNE = "t"


class Size(int, enum.Enum):
    SIX = 6


class Weight(float):
    """A number of another package, say, that shows itself in its own way."""

    def __repr__(self) -> str:
        return f"Weight({float(self)})"


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("6 t", "6 t"),
        (None, ""),
        (True, "yes"),
        (6.5, "6.5"),
        (6.0, "6"),
        (Weight(6.5), "6.5"),
        (Decimal("6.50"), "6.50"),
        (datetime.date(2015, 7, 1), "2015-07-01"),
        (datetime.datetime(2015, 7, 1, 23, 59), "2015-07-01"),
        (Unit.TONNE, "t"),
        (Size.SIX, "6"),
        (float("nan"), ""),
        (Decimal("NaN"), ""),
        (["AE", "TR"], "AE; TR"),
    ],
    ids=repr,
)
def test_a_value_is_read_as_the_text_it_would_be_written_as(given: Any, text: str) -> None:
    assert text_of(given) == text


def test_values_of_numpy_are_read_as_those_of_python() -> None:
    np = pytest.importorskip("numpy")
    for given, text in [
        (np.float64(6.5), "6.5"),
        (np.float64(6.0), "6"),
        (np.float32(0.1), "0.1"),
        (np.longdouble("1.5"), "1.5"),
        (np.int64(6), "6"),
        (np.uint8(6), "6"),
        (np.bool_(True), "yes"),
        (np.bool_(False), "no"),
        (np.str_("6 t"), "6 t"),
        (np.datetime64("2015-07-01"), "2015-07-01"),
        (np.datetime64("2015-07-01T23:59:00.000000001"), "2015-07-01"),
        (np.datetime64("NaT"), ""),
        (np.float64("nan"), ""),
        (np.float32("nan"), ""),
        (np.array(6), "6"),
        (np.array(["AE", "TR"]), "AE; TR"),
        ([np.int64(5), np.float64(6.5)], "5; 6.5"),
    ]:
        assert text_of(given) == text, repr(given)
    for given in [
        np.timedelta64(3, "D"),
        np.complex64(1),
        np.bytes_(b"6 t"),
        np.array([[1]]),
        [np.array([1])],
    ]:
        with pytest.raises(ValueError, match=r"written as text, a number or a date, not as \w+"):
            text_of(given)


def test_values_of_pandas_are_read_as_those_of_python() -> None:
    pd = pytest.importorskip("pandas")
    assert text_of(pd.Timestamp("2015-07-01 10:00")) == "2015-07-01"
    assert text_of(pd.NaT) == text_of(pd.NA) == ""
    with pytest.raises(ValueError, match="not as Period"):
        text_of(pd.Period("2015-07"))


def test_rows_of_a_data_frame_are_orders() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(
        {
            "order_id": [7, 8],
            "date": pd.to_datetime(["2015-07-01", None]),
            "quantity": [6.5, None],
            "unit": ["t", None],
            "buyer_country": pd.array(["TR", None], dtype="string"),
        }
    )
    full, empty = (Transaction.model_validate(row) for row in frame.to_dict("records"))
    texts = {
        "order_id": "7", "date": "2015-07-01", "quantity": "6.5", "unit": "t",
        "buyer_country": "TR",
    }  # fmt: skip
    assert full == Transaction.model_validate(texts)
    assert empty == Transaction.model_validate({**dict.fromkeys(texts, ""), "order_id": "8"})


@pytest.mark.parametrize("given", [b"6 t", object(), datetime.timedelta(3), 6j, [None], {"a": 1}])
def test_anything_else_is_refused(given: Any) -> None:
    with pytest.raises(ValidationError):
        Transaction.model_validate({"quantity": given})
