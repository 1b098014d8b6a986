"""The case file of a case or an order among those of a run."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from redflags.cases.finding import case_by_id
from redflags.errors import CaseNotFoundError
from redflags.model.case_file import KEEP_YEARS, CaseFile, file_of_case, file_of_order
from redflags.model.cases import Case
from redflags.model.report import Report
from redflags.model.results import Assessment
from redflags.values.text import shown


def case_file(
    report: Report,
    *,
    order_id: str | None = None,
    case_id: str | None = None,
    keep_years: int = KEEP_YEARS,
) -> CaseFile:
    """The file of a case, or that of one order, which tells the case it belongs to.

    Raises :class:`~redflags.errors.CaseNotFoundError` where there is no such case, or no alert
    has that number.
    """
    if case_id is not None:
        case = case_by_id(report, case_id)
        orders = _alerts(report, frozenset(case.orders))
        return file_of_case(report.run, case, orders, keep_years=keep_years)
    order = next(_alerts(report, (order_id or "",)), None)
    if order is None:
        raise CaseNotFoundError(
            f"order {shown(order_id or '')!r} raises no flag, or is not in the input: there is "
            "nothing to put into a case file"
        )
    return file_of_order(report.run, order, _case_with(report, order), keep_years=keep_years)


def _alerts(report: Report, names: Collection[str]) -> Iterator[Assessment]:
    for number, line in enumerate(report.assessments.json()):
        plain = json.loads(line)
        if plain["order_id"] in names and plain["flags"]:
            yield report.assessments[number]


def _case_with(report: Report, order: Assessment) -> Case | None:
    for number, plain in enumerate(report.cases.plain()):
        if order.order_id in plain["orders"]:
            return report.cases[number]
    return None
