"""What differs between two runs: alerts since an earlier report, and a run that was repeated."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from redflags.model.results import Band, Result


class OrderChange(Result):
    """An order whose alert is not what it was in an earlier run."""

    order_id: str
    change: Literal["new", "raised", "lowered", "changed", "gone"]
    band: Band = Field(description="The band now")
    band_before: Band
    score: float
    score_before: float
    new_flags: tuple[str, ...] = Field(default=(), description="Rules that raise a flag only now")
    gone_flags: tuple[str, ...] = Field(default=(), description="Rules that did so only then")
    changed_flags: tuple[str, ...] = Field(
        default=(), description="Rules that do so on other facts than then"
    )
    grown_flags: tuple[str, ...] = Field(
        default=(), description="Rules across orders whose window holds more orders than then"
    )
    parties: str = ""
    goods: str = ""
    fingerprint: str = ""


class Baseline(Result):
    """What is new, gone and changed since an earlier run."""

    path: str = Field(description="The report of the earlier run")
    sha256: str
    notes: tuple[str, ...] = Field(
        default=(), description="What else differs between the runs: rules, settings, version"
    )
    new: int
    raised: int
    lowered: int
    changed: int
    gone: int
    unchanged: int
    orders: tuple[OrderChange, ...] = Field(description="New and raised first; unchanged ones not")


class Difference(Result):
    """One thing that is not what it was when a run was made."""

    what: Literal[
        "rule",
        "list",
        "pack",
        "overlay",
        "mapping",
        "answers",
        "rates",
        "history",
        "input",
        "digests",
        "order",
        "count",
        "result",
    ]
    name: str
    detail: str


class Verification(Result):
    """What came of repeating a run."""

    path: str = Field(description="The report of the run")
    same: bool
    orders: int = Field(description="Orders that were judged again")
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = Field(default=(), description="What differs and changes nothing")
