"""Reports made by hand, for the tests of the writers."""

from __future__ import annotations

from typing import Any

from redflags.model.report import Report
from redflags.model.results import (
    Ask,
    Assessment,
    Citation,
    ConditionEvidence,
    Coverage,
    Flag,
    HelpfulColumn,
    Incomplete,
    InputRead,
    LinePlace,
    Lowered,
    Misread,
    PackUsed,
    Run,
    SetAside,
    Settings,
    Summary,
)


def place(row: int = 2, file: str = "orders.csv") -> LinePlace:
    return LinePlace(file=file, row=row, line=row)


def condition(**changes: Any) -> ConditionEvidence:
    values: dict[str, Any] = {
        "field": "quantity",
        "operator": "at_least",
        "operand": "100 kg",
        "written": "13228",
        "understood": "6000.12 kg",
        "how": "13228 lb = 6000.12 kg",
        "place": place(),
        "column": "quantity",
        "verdict": "true",
        "sentence": "the quantity is 6000.12 kg, at least 100 kg",
    }
    return ConditionEvidence(**(values | changes))


def flag(**changes: Any) -> Flag:
    values: dict[str, Any] = {
        "rule": "car-2020/phone-retailer-bulk-aluminium",
        "title": "Telephone retailer orders aluminium paste or powder in bulk",
        "kind": "sign",
        "severity": "critical",
        "fact": "trade",
        "weight": 0.85,
        "share": 2737,
        "sentence": "The buyer's business is mobile phone shop; the quantity is 6000.12 kg, at "
        "least 100 kg",
        "why": "Aluminium paste is a pigment. A telephone retailer has no evident use for it.",
        "conditions": (condition(),),
        "lowered": (),
        "ask": (Ask(of="customer", text="What will Shop X do with 6000.12 kg of paste?"),),
        "source": (
            Citation(
                document="car-2020", title="Procurement Networks", year="2020", flags=("B-1",)
            ),
        ),
        "lines": (place(),),
    }
    return Flag(**(values | changes))


def stop(**changes: Any) -> Flag:
    values: dict[str, Any] = {
        "rule": "site/embargo",
        "title": "Goods under embargo",
        "kind": "stop",
        "severity": None,
        "fact": None,
        "weight": None,
        "share": 0,
        "sentence": "The country of destination is Somewhere",
    }
    return flag(**(values | changes))


def incomplete(**changes: Any) -> Incomplete:
    values: dict[str, Any] = {
        "rule": "car-2020/precursor-bulk",
        "title": "Precursor in bulk",
        "needs": ("unit",),
        "because": ("the unit: 6 has no unit",),
        "would_add": 1322,
        "would_lift": True,
    }
    return Incomplete(**(values | changes))


def assessment(**changes: Any) -> Assessment:
    values: dict[str, Any] = {
        "order_id": "O-101",
        "lines": (place(),),
        "score": 85.0,
        "bits": 2737,
        "band": "critical",
        "action": ("hold", "escalate"),
        "stop": False,
        "flags": (flag(),),
        "incomplete": (),
        "parties": "Shop X (mobile phone shop, Sanliurfa TR), paid by Example Car Hire (TR)",
        "goods": "13228 lb aluminium paste",
    }
    return Assessment(**(values | changes))


def report(*assessments: Assessment, **changes: Any) -> Report:
    summary: dict[str, Any] = {
        "read": 40,
        "assessed": 38,
        "set_aside": 2,
        "orders": 36,
        "alerts": sum(one.is_alert for one in assessments),
        "incomplete": sum(bool(one.incomplete) for one in assessments),
        "bands": {"none": 33, "critical": 1, "high": 1, "medium": 1, "low": 0},
        "actions": {"hold": 2, "escalate": 1, "ask": 1},
        "coverage": Coverage(
            rules=52,
            judgeable=50,
            never=("car-2020/one", "car-2020/two"),
            helpful=(HelpfulColumn(column="end_user_name", rules=2),),
        ),
        "rows_set_aside": (
            SetAside(
                file="orders.csv",
                row=17,
                line=18,
                reason="the row has 12 cells, the header has 14",
            ),
            SetAside(file="orders.csv", row=30, line=31, reason="a NUL character at position 3"),
        ),
        "misread": (
            Misread(
                file="orders.csv",
                row=9,
                column="quantity",
                written="6.000",
                why="6.000 can be six or six thousand",
            ),
        ),
        "misread_cells": 1,
    }
    run = Run(
        version="0.1.0",
        as_of="2026-01-31",
        lists_as_of=None,
        packs=(
            PackUsed(
                id="car-2020", title="Procurement", version="0.1.0", sha256="ab" * 32, rules=52
            ),
        ),
        rules_sha256="cd" * 32,
        inputs=(
            InputRead(path="orders.csv", sha256="ef" * 32, rows=40, unused_columns=("colour",)),
        ),
        settings=Settings(
            profile="exporter",
            engine="judge",
            fail_on="medium",
            min_score=0.0,
            policy={"critical": ("hold", "escalate")},
        ),
    )
    return Report(run=run, summary=Summary(**(summary | changes)), assessments=assessments)


def varied() -> Report:
    """A report with a bit of everything."""
    return report(
        assessment(
            order_id="O-99",
            stop=True,
            bits=0,
            score=0.0,
            action=("escalate",),
            flags=(stop(),),
            goods="1 piece 移动电话店 autopilot",
        ),
        assessment(
            flags=(
                flag(),
                flag(
                    rule="car-2020/payer",
                    title="The payer is neither buyer nor consignee",
                    severity="medium",
                    fact="payer",
                    weight=0.35,
                    share=422,
                    sentence="The payer's name is Example Car Hire, not the buyer's name (Shop X)",
                    lowered=(Lowered(by=200, because="The payer belongs to the same group"),),
                ),
                flag(
                    rule="car-2020/misfit",
                    title="Goods at odds with the buyer's business",
                    severity="high",
                    share=0,
                ),
            )
        ),
        assessment(
            order_id="O-110",
            lines=(place(5), place(6), place(9)),
            score=37.2,
            bits=671,
            band="medium",
            action=("ask",),
            flags=(flag(severity="medium", share=671, lines=(place(6),)),),
            incomplete=(incomplete(),),
        ),
        assessment(
            order_id="O-111",
            lines=(place(12),),
            score=0.0,
            bits=0,
            band="none",
            action=(),
            flags=(),
            incomplete=(
                incomplete(),
                incomplete(
                    needs=("buyer.business",),
                    because=("the buyer's business: not stated",),
                    would_add=2737,
                ),
                incomplete(needs=("date",), because=("the date: not stated",), would_lift=False),
            ),
        ),
    )
