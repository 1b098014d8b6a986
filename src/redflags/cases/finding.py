"""One case among those of a run: by its id, or by an order in it."""

from __future__ import annotations

import json

from redflags.errors import CaseNotFoundError
from redflags.model.cases import Case
from redflags.model.report import Report
from redflags.values.text import shown

SHORTEST_PREFIX = 4
"""Characters of a case's id that may stand for all of it, where no other case begins so."""


def case_of_order(report: Report, order_id: str) -> Case:
    """The case that an order belongs to.

    Raises :class:`~redflags.errors.CaseNotFoundError` where it belongs to none.
    """
    for place, plain in enumerate(report.cases.plain()):
        if order_id in plain["orders"]:
            return report.cases[place]
    why = (
        "no other alert has its parties or is linked to them"
        if _is_alert(report, order_id)
        else "it raises no flag, or does not stand in the input"
    )
    raise CaseNotFoundError(
        f"order {shown(order_id)!r} belongs to no case: {why}; `redflags explain` with the same "
        "options explains it alone"
    )


def case_by_id(report: Report, case_id: str) -> Case:
    """The case of an id, or of the first characters of one.

    Raises :class:`~redflags.errors.CaseNotFoundError` where there is none, or more than one.
    """
    wanted = case_id.strip().lower()
    found = [
        place
        for place, plain in enumerate(report.cases.plain())
        if plain["case_id"].startswith(wanted)
    ]
    if len(wanted) < SHORTEST_PREFIX or not found:
        raise CaseNotFoundError(
            f"there is no case {shown(case_id)!r}; the input makes {_count(len(report.cases))}, "
            "which `redflags check` lists. The id of a case follows from its orders: it is "
            "another one when an order comes or goes, and --order finds it still"
        )
    if len(found) > 1:
        raise CaseNotFoundError(
            f"{len(found)} cases begin with {shown(case_id)!r}; give more of it"
        )
    return report.cases[found[0]]


def _count(number: int) -> str:
    return "1 case" if number == 1 else f"{number:,} cases" if number else "no case"


def _is_alert(report: Report, order_id: str) -> bool:
    return any(
        one["order_id"] == order_id and bool(one["flags"])
        for one in map(json.loads, report.assessments.json())
    )
