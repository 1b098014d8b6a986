"""Calls from Python: what may be given, and what is said of anything else."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import redflags
from redflags import Party, Policy, RedflagsError, Report, Screener, Transaction, write_report
from redflags.errors import ConfigurationError, OrderLinesError
from redflags.model.record import record_of
from tests.alone import rules_on_one_order

CASES = Path(__file__).parent / "cases" / "orders.csv"
PASTE = Transaction.model_validate(
    {
        "order_id": "A-1",
        "buyer_business": "mobile phone shop",
        "product": "aluminium paste",
        "quantity": "6 t",
    }
)


class Frame:
    """Something like a data frame."""

    columns = ("order_id",)


@cache
def screener() -> Screener:
    return Screener(rules_on_one_order())


def files(paths: Any = CASES, **settings: Any) -> Report:
    return screener().check_files(paths, **settings)


def asked(what: str, *given: Any, **settings: Any) -> Any:
    """What a screener says, called without regard for types."""
    return getattr(screener(), what)(*given, **settings)


def made(what: Any, *given: Any, **settings: Any) -> Any:
    """An object, made without regard for types."""
    return what(*given, **settings)


@pytest.mark.parametrize("paths", [CASES, str(CASES), [CASES], [str(CASES)], (CASES,)], ids=repr)
def test_one_path_is_one_input(paths: Any) -> None:
    assert files(paths).summary.read == 34
    told = screener().explain_file(paths, "O-101").assessment
    assert told.order_id == "O-101"


def test_one_path_of_history_is_one_input() -> None:
    assert screener().check_files(CASES, history=CASES).summary.read == 34


NOT_CALLED_SO: list[tuple[Callable[[], object], type[Exception], str]] = [
    (lambda: files([]), ConfigurationError, "names no input"),
    (lambda: files(Frame()), TypeError, "not Frame; write a data frame to a Parquet or CSV file"),
    (lambda: files([Frame()]), TypeError, "not Frame; write a data frame to a Parquet or CSV file"),
    (lambda: files([PASTE]), TypeError, "not Transaction; check judges a Transaction"),
    (lambda: files(3), TypeError, "paths are paths of files, not int"),
    (lambda: files([b"orders.csv"]), TypeError, "not bytes"),
    (lambda: files(history=[3]), TypeError, "history are paths of files, not int"),
    (lambda: files(fail_on="hihg"), ConfigurationError, "did you mean 'high'"),
    (lambda: files(fail_on=3), ConfigurationError, "fail_on is one of none, low"),
    (lambda: files(min_score="x"), ConfigurationError, "a number from 0 to 100"),
    (lambda: files(min_score=101), ConfigurationError, "a number from 0 to 100"),
    (lambda: files(mapping="m.toml"), TypeError, "mapping is a Mapping, not str; read_mapping"),
    (lambda: files(notation="x"), TypeError, "notation is a Notation, not str"),
    (lambda: files(selection="x"), TypeError, "selection is a Selection, not str"),
    (lambda: files(delimiter=3), TypeError, "delimiter is a str, not int"),
    (lambda: files(counterfactuals="O-101"), TypeError, "give a list"),
    (lambda: asked("explain_file", CASES, "O-101", fail_on="x"), ConfigurationError, "fail_on"),
    (lambda: asked("explain_file", [], "O-101"), ConfigurationError, "names no input"),
    (lambda: asked("what_if", PASTE, fail_on="x"), ConfigurationError, "fail_on is one"),
    (lambda: asked("explain", PASTE, fail_on="x"), ConfigurationError, "fail_on is one"),
    (lambda: asked("explain", [record_of(PASTE)]), TypeError, "a Transaction .* not Record"),
    (lambda: asked("check", []), OrderLinesError, "at least one line"),
    (lambda: asked("what_if", []), OrderLinesError, "at least one line"),
    (lambda: asked("explain", []), OrderLinesError, "at least one line"),
    (
        lambda: made(Screener, as_of=datetime.datetime(2026, 1, 31)),
        TypeError,
        r"give as_of\.date\(\)",
    ),
    (
        lambda: made(Screener, lists_as_of=datetime.datetime(2026, 1, 31)),
        TypeError,
        "not a datetime",
    ),
    (lambda: made(Screener, as_of="2026-01-31"), TypeError, r"as_of is a datetime\.date, not str"),
    (lambda: made(Screener, policy={"low": ["note"]}), TypeError, "policy is a Policy, not dict"),
    (lambda: made(Policy, "low"), TypeError, "a mapping of bands to lists of actions, not str"),
    (lambda: made(Policy, {"low": "note"}), ConfigurationError, r"are a list: \['note'\]"),
    (lambda: write_report(files(), "jsn", io.StringIO()), ConfigurationError, "there are table"),
]


@pytest.mark.parametrize(("call", "error", "message"), NOT_CALLED_SO)
def test_a_wrong_call_says_what_to_give(
    call: Callable[[], object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize(
    ("order", "where"),
    [
        (PASTE.model_copy(update={"product": "urea"}), "product"),
        (PASTE.model_copy(update={"buyer": {"country": "TR"}}), "buyer"),
        (
            PASTE.model_copy(update={"buyer": Party().model_copy(update={"country": "TR"})}),
            r"buyer\.country",
        ),
        (made(Transaction.model_construct, product="urea"), "product"),
    ],
)
def test_values_that_were_never_read_are_told(order: Transaction, where: str) -> None:
    with pytest.raises(TypeError, match=rf"{where} is .* which was never read: .*model_validate"):
        screener().check(order)


def test_an_order_is_changed_by_reading_what_it_dumps() -> None:
    changed = Transaction.model_validate({**PASTE.model_dump(), "quantity": "500 g"})
    assert screener().check(changed).bits < screener().check(PASTE).bits


def test_a_malformed_order_is_pydantics_error_and_all_others_are_ours() -> None:
    with pytest.raises(ValidationError):
        Transaction.model_validate({"byer": "x"})
    for call in (
        lambda: files("no such file.csv"),
        lambda: files([]),
        lambda: screener().check([]),
    ):
        with pytest.raises(RedflagsError):
            call()


def test_an_order_is_explained_as_it_is_checked() -> None:
    told = screener().explain(PASTE)
    assert told.assessment.model_copy(update={"what_if": None}) == screener().check(PASTE)
    assert told.assessment.what_if == screener().what_if(PASTE)
    assert screener().explain([PASTE], "P-1").assessment.order_id == "A-1"
    unnumbered = Transaction.model_validate({"product": "aluminium paste"})
    assert screener().explain(unnumbered, "P-1").assessment.order_id == "P-1"


def test_an_order_is_explained_over_its_history() -> None:
    whole = Screener()
    parts = [
        Transaction.model_validate(
            {
                "order_id": f"S-{day}",
                "date": f"2015-07-0{day}",
                "buyer_name": "Example One",
                "buyer_business": "farm supplies",
                "product": "urea",
                "quantity": "400 kg",
            }
        )
        for day in range(1, 6)
    ]
    told = whole.explain(parts[-1], history=parts[:-1]).assessment
    assert [flag.rule for flag in told.flags] == [
        flag.rule for flag in whole.check(parts[-1], history=parts[:-1]).flags
    ]
    assert told.what_if == whole.what_if(parts[-1], history=parts[:-1])


@pytest.mark.parametrize("name", redflags.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(redflags, name) is not None
    assert name in dir(redflags)
