"""Sums in another currency than a rule's are converted, by every engine in the same way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags import Screener, Transaction
from redflags.cli.main import main
from redflags.engine.columnar import ColumnarEngine
from redflags.engine.durable import DurableEngine, EngineError
from redflags.engine.judge import Judge, Verdicts
from redflags.errors import ConfigurationError
from redflags.model.record import record_of
from redflags.rulebook import RuleBook, parse_rules
from redflags.values.exchange import RateTable
from tests.strategies import book_of

FRIDAY = date(2026, 2, 13)
TABLE = RateTable(
    "EUR",
    [
        (FRIDAY, "USD", Decimal("1.25")),
        (FRIDAY + timedelta(3), "USD", Decimal("2")),
        (FRIDAY, "GBP", Decimal("0.8")),
    ],
    "rates of the test",
)


def rates() -> RateTable | None:
    return TABLE


LEAVES: list[dict[str, Any]] = [
    {"value": {"at_least": "1000 USD"}},
    {"value": {"more_than": "1000 USD"}},
    {"value": {"less_than": "800 EUR"}},
    {"value": {"at_most": "640.0001 GBP"}},
    {"value": {"between": ["799.99 EUR", "800 EUR"]}},
    {"value": {"at_least": "5 KZT"}},
    {"value": {"at_least": "90000000000000 USD"}},
    {"value": {"more_than": {"table": "dear"}}},
    {"date": {"after": "2026-02-14"}},
]
VALUES = [
    "1000",
    "1000.00",
    "800",
    "640",
    "-800",
    "0",
    "999.9999",
    "1.000",
    "n/a",
    "",
    "900000000000000",
]
CURRENCIES = ["USD", "EUR", "GBP", "KZT", "$", "", "XYZ"]
DATES = [
    "2026-02-13",
    "2026-02-15",
    "2026-02-16",
    "2026-02-28",
    "2026-01-01",
    "",
    "13/02/26",
    "n/a",
]

orders = st.fixed_dictionaries(
    {"value": st.sampled_from(VALUES)},
    optional={
        "currency": st.sampled_from(CURRENCIES),
        "date": st.sampled_from(DATES),
        "product": st.sampled_from(["urea", "aluminium paste", ""]),
    },
)


def book(leaves: Iterable[dict[str, Any]]) -> RuleBook:
    rules = [
        {
            "id": f"r{number}", "title": f"Rule {number}", "severity": "low", "fact": "trade",
            "why": "It is generated.", "source": "judgement", "when": leaf,
        }
        for number, leaf in enumerate(leaves)
    ]  # fmt: skip
    tables = {
        "dear": {
            "kind": "money",
            "source": "judgement",
            "rows": [
                {"product.family": "urea", "limit": "500 USD"},
                {"product.family": "aluminium-paste", "limit": "700 EUR"},
            ],
        }
    }
    return parse_rules(json.dumps({"tables": tables, "rules": rules}))


BOOK = book(LEAVES)


def judged(order: dict[str, str]) -> Verdicts:
    return Judge(BOOK, None, rates).verdicts(record_of(Transaction.model_validate(order)))


def durable(lines: list[dict[str, str]]) -> list[Verdicts]:
    try:
        engine = DurableEngine(BOOK, None, rates)
    except EngineError as error:
        pytest.skip(str(error))
    return [engine.verdicts(record_of(Transaction.model_validate(line))) for line in lines]


def columnar(lines: list[dict[str, str]]) -> list[Verdicts]:
    import polars

    frame = polars.DataFrame(lines, schema=dict.fromkeys(lines[0], polars.String))
    engine = ColumnarEngine(BOOK, rates=rates)
    found = {place: one for place, _, one in engine.verdicts(frame)}
    return [found.get(place, Verdicts((), ())) for place in range(len(lines))]


@pytest.mark.parametrize("engine", [durable, columnar])
@settings(max_examples=60, deadline=None)
@given(lines=st.lists(orders, min_size=1, max_size=5))
def test_the_engines_agree(
    engine: Callable[[list[dict[str, str]]], list[Verdicts]], lines: list[dict[str, str]]
) -> None:
    names = sorted({name for line in lines for name in line})
    whole = [{name: line.get(name, "") for name in names} for line in lines]
    assert engine(whole) == [judged(line) for line in whole]


def test_the_engines_agree_on_many_lines() -> None:
    days = [FRIDAY + timedelta(number % 12 - 2) for number in range(4_000)]
    lines = [
        {
            "value": str(500 + number % 700),
            "currency": CURRENCIES[number % 4],
            "date": day.isoformat(),
            "product": ["urea", "aluminium paste"][number % 2],
        }
        for number, day in enumerate(days)
    ]
    assert columnar(lines) == [judged(line) for line in lines]


@pytest.mark.parametrize(
    ("order", "verdict"),
    [
        ({"value": "800 EUR", "date": "2026-02-13"}, True),
        ({"value": "799.99 EUR", "date": "2026-02-13"}, False),
        ({"value": "500 EUR", "date": "2026-02-16"}, True),
        ({"value": "640 GBP", "date": "2026-02-14"}, True),
        ({"value": "800 EUR"}, None),
        ({"value": "800 EUR", "date": "2026-03-16"}, None),
        ({"value": "800 KZT", "date": "2026-02-13"}, None),
        ({"value": "1000 USD"}, True),
    ],
)
def test_a_sum_is_compared_at_the_rate_of_its_day(
    order: dict[str, str], verdict: bool | None
) -> None:
    only = book([LEAVES[0]])
    found = Judge(only, None, rates).verdicts(record_of(Transaction.model_validate(order)))
    assert (bool(found.true), bool(found.unknown)) == (verdict is True, verdict is None)


def sentences(screener: Screener, order: dict[str, str]) -> list[str]:
    found = screener.check(Transaction.model_validate(order))
    return [flag.sentence for flag in found.flags] + [
        because for one in found.incomplete for because in one.because
    ]


def test_the_evidence_tells_the_rate_and_its_day() -> None:
    screener = Screener(book([LEAVES[0]]), rates=TABLE)
    assert sentences(screener, {"value": "800 EUR", "date": "2026-02-15"}) == [
        "The value is 800.00 EUR (1,000.00 USD), at least 1,000.00 USD"
    ]
    found = screener.check(Transaction(value="800 EUR", date="2026-02-15")).flags[0].conditions[0]
    assert found.understood == "800.00 EUR"
    assert found.how == (
        "800.00 EUR = 1,000.00 USD at 1.25 USD for 1 EUR on 2026-02-13 (rates of the test)"
    )


@pytest.mark.parametrize(
    ("order", "field", "because"),
    [
        ({"value": "800 EUR"}, "date", "depends on the date of the order, which is not known"),
        (
            {"value": "800 EUR", "date": "2026-03-16"},
            "value",
            "there is no rate of USD for 2026-03-16 or the 7 days before (rates of the test)",
        ),
    ],
)
def test_what_is_missing_for_a_rate_is_told(
    order: dict[str, str], field: str, because: str
) -> None:
    found = Screener(book([LEAVES[0]]), rates=TABLE).check(Transaction.model_validate(order))
    assert found.incomplete[0].needs == (field,)
    assert because in found.incomplete[0].because[0]


def test_rates_are_asked_for_only_where_currencies_differ() -> None:
    asked = []

    def counting() -> RateTable | None:
        asked.append(1)
        return TABLE

    judge = Judge(book_of({"value": {"at_least": "10000 USD"}}), None, counting)
    for text in ("18000 USD", "", "1,000", "no sum"):
        judge.verdicts(record_of(Transaction(value=text)))
    assert not asked
    judge.verdicts(record_of(Transaction(value="18000 EUR", date="2026-02-13")))
    assert asked


RULE = """
rules:
  - id: dear
    title: A dear order
    severity: medium
    fact: trade
    why: It is dear.
    source: judgement
    when: {value: {at_least: 1000 USD}}
"""


def test_a_file_of_rates_is_named_by_flag_or_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("r.yaml").write_text(RULE)
    Path("o.csv").write_text("order_id,date,value\n1,2026-02-13,800 EUR\n")
    Path("rates.csv").write_text("date,currency,rate\n2026-02-13,USD,1.25\n")
    Path("other.csv").write_text("date,currency,rate\n2026-02-13,USD,1.2\n")
    check = ["check", "o.csv", "-r", "r.yaml", "--only-rules", "-f", "json"]
    assert main([*check, "--rates", "rates.csv"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["run"]["settings"]["rates"] == "rates.csv"
    assert "1.25 USD for 1 EUR on 2026-02-13 (rates.csv)" in json.dumps(told)
    Path("redflags.toml").write_text('rates = "other.csv"\n')
    assert main(check) == 0
    assert main([*check, "--rates", "rates.csv"]) == 1
    for command in (["explain"], ["questionnaire", "-f", "md"]):
        capsys.readouterr()
        own = [*command, "o.csv", "--order", "1", "-r", "r.yaml", "--only-rules"]
        assert main([*own, "--rates", "rates.csv"]) == 0
        assert "800.00 EUR" in capsys.readouterr().out or command[0] == "questionnaire"


def test_rates_that_cannot_be_read_are_a_mistake_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("o.csv").write_text("order_id,date,value\n1,2026-02-13,800 EUR\n")
    Path("rates.csv").write_text("date,currency,rate\n2026-02-13,USD,many\n")
    assert main(["check", "o.csv", "--rates", "rates.csv"]) == 2
    assert "row 2, column rate" in capsys.readouterr().err
    with pytest.raises(ConfigurationError, match="cannot be read"):
        Screener(rates="no-such-file.csv")
