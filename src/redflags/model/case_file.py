"""A case file: what was known of an order or a case on a day, to be answered, signed and kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import Field

from redflags.model.cases import Case
from redflags.model.results import Assessment, Citation, Result, Run

KEEP_YEARS = 5
"""Whole years that a case file is kept where no setting says otherwise.

Five, as article 27(3) of regulation (EU) 2021/821 asks of exporters of dual-use items (at least
five years from the end of the calendar year of the export; read in the consolidated Romanian text
of 15 November 2025) and 15 CFR 762.6(a) of those subject to the Export Administration Regulations
of the United States (five years from the latest of export, known re-export or diversion, and end of
the transaction; read in an edition of 2014). Other duties are longer: 31 CFR 501.601 asks for ten
years since 12 March 2025 where sanctions of the United States apply (90 FR 13286). Both periods
begin with the export and not with the check, so this is the least. A site says its own
(``keep_years``)."""


class FileQuestion(Result):
    """A question with room for what comes of it."""

    of: str
    text: str
    orders: tuple[str, ...] = ()
    answer: str = ""
    by: str = Field(default="", description="Who answered or who asked")
    on: str = Field(default="", description="The day")
    document: str = Field(default="", description="The paper that shows it")


class CaseFile(Result):
    """The file of an order, or of a case."""

    about: Literal["order", "case"]
    id: str = Field(description="The order's number, or the case's id")
    as_of: str = Field(description="The day of the check; empty where none was set")
    keep_until: str = Field(description="The day until which to keep it; empty without a day")
    keep_years: int
    run: Run
    case: Case | None = Field(default=None, description="The case, or that of the order")
    orders: tuple[Assessment, ...] = Field(description="The alerts that it speaks of, in time")
    questions: tuple[FileQuestion, ...] = Field(
        description="Each once; those for the customer last, as asking can tip him off"
    )
    sources: tuple[Citation, ...]


def file_of_order(
    run: Run, order: Assessment, case: Case | None = None, *, keep_years: int = KEEP_YEARS
) -> CaseFile:
    """The file of one order, with the case that it belongs to."""
    return _file("order", order.order_id, run, (order,), case, keep_years)


def file_of_case(
    run: Run, case: Case, orders: Iterable[Assessment], *, keep_years: int = KEEP_YEARS
) -> CaseFile:
    """The file of a case; of ``orders`` those count that belong to it."""
    place = {order_id: number for number, order_id in enumerate(case.orders)}
    own = sorted(
        (one for one in orders if one.order_id in place), key=lambda one: place[one.order_id]
    )
    return _file("case", case.case_id, run, tuple(own), case, keep_years)


def _file(
    about: Literal["order", "case"],
    name: str,
    run: Run,
    orders: Sequence[Assessment],
    case: Case | None,
    keep_years: int,
) -> CaseFile:
    return CaseFile(
        about=about,
        id=name,
        as_of=run.as_of,
        # The end of that calendar year: the usual periods count from the end of a year.
        keep_until=f"{int(run.as_of[:4]) + keep_years:04d}-12-31" if run.as_of else "",
        keep_years=keep_years,
        run=run,
        case=case,
        orders=tuple(orders),
        questions=_questions(orders),
        sources=_sources(orders),
    )


def _questions(orders: Iterable[Assessment]) -> tuple[FileQuestion, ...]:
    asked: dict[tuple[str, str], list[str]] = {}
    for order in orders:
        for flag in order.flags:
            for ask in flag.ask:
                raising = asked.setdefault((ask.of, ask.text), [])
                if order.order_id not in raising:
                    raising.append(order.order_id)
    ranked = sorted(asked.items(), key=lambda one: one[0][0] == "customer")
    return tuple(
        FileQuestion(of=of, text=text, orders=tuple(raising)) for (of, text), raising in ranked
    )


def _sources(orders: Iterable[Assessment]) -> tuple[Citation, ...]:
    """The documents behind the flags, each once, with all their flags that are cited."""
    found: dict[str, Citation] = {}
    flags: dict[str, dict[str, None]] = {}
    for order in orders:
        for flag in order.flags:
            for one in flag.source:
                found.setdefault(one.document, one)
                flags.setdefault(one.document, {}).update(dict.fromkeys(one.flags))
    return tuple(
        one.model_copy(update={"flags": tuple(sorted(flags[name]))}) for name, one in found.items()
    )
