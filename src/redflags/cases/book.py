"""The alerts of a run, put together into cases when all of them are known."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from redflags.cases.census import Census
from redflags.cases.firms import firms_of
from redflags.cases.grouping import Order, common_parties, grouped
from redflags.cases.linking import Linking
from redflags.cases.telling import told
from redflags.model.goods import evidence
from redflags.model.kept import KeptJson
from redflags.model.record import Record
from redflags.model.report import Cases
from redflags.policy import Policy
from redflags.weights import bits_of_weight

Plain = dict[str, Any]


class CaseBook:
    """Takes the assessments of a run as they come, and puts those with a flag into cases.

    In memory it holds of an alert its id, the numbers of its parties and the orders that its
    flags' windows name; the rest is kept as JSON, beyond a size on disk. The order in which lines
    and alerts come changes nothing.

    ``keep_quiet``: orders without a flag are kept too, as a rule over several orders may name
    them.
    """

    def __init__(self, policy: Policy, *, keep_quiet: bool = False) -> None:
        self.census = Census()
        self._policy = policy
        self._keep_quiet = keep_quiet
        self._details = KeptJson()
        self._alerts: list[Order] = []
        self._quiet: dict[str, Order] = {}

    def add(self, assessment: Plain, lines: Sequence[Record]) -> None:
        """Add an assessment as plain values, with the lines of its order that a rule speaks of."""
        if not assessment["flags"] and not self._keep_quiet:
            return
        who = tuple(dict.fromkeys(number for line in lines for number in self.census.note(line)))
        flags = [_flag(flag, assessment["order_id"]) for flag in assessment["flags"]]
        kept = self._details.add(
            {
                **{name: assessment[name] for name in _KEPT},
                "alert": bool(flags),
                "date": _first_date(lines),
                "families": _families(lines),
                "flags": flags,
                "who": who,
            }
        )
        named = tuple(dict.fromkeys(one for flag in flags for one in flag["names"]))
        order = Order(assessment["order_id"], kept, who, named)
        if flags:
            self._alerts.append(order)
        else:
            self._quiet[order.order_id] = order

    def cases(self, least_score: float = 0.0) -> Cases:
        """The cases, the most urgent first, without those below a score; a stop always counts."""
        found = Cases()
        if len(self._alerts) > 1 or self._quiet:
            self._find(found, least_score)
        found.sort()
        return found

    def _find(self, found: Cases, least_score: float) -> None:
        firms = firms_of(self.census)
        common = common_parties(self.census, firms)
        linking = Linking(self.census.seen, firms, common)
        for orders in grouped(self._alerts, self._quiet, firms, common):
            case = told([self._plain(order) for order in orders], linking, self._policy)
            if case["stop"] or case["score"] >= least_score:
                found.add(case)

    def _plain(self, order: Order) -> Plain:
        if order.details is not None:
            plain: Plain = self._details.plain(order.details)
            return plain
        return {
            "order_id": order.order_id,
            "date": None,
            "alert": False,
            "stop": False,
            "score": 0.0,
            "band": "none",
            "parties": "",
            "goods": "",
            "families": [],
            "flags": [],
            "lines": [],
            "who": (),
        }


_KEPT = ("order_id", "stop", "score", "band", "parties", "goods", "lines")


def _flag(flag: Plain, order_id: str) -> Plain:
    """What a case tells of a flag. ``bits`` are those left after its lowerings, before other flags
    of the same fact are looked at; ``names`` the other orders that its window names."""
    window = flag.get("window") or {}
    weight = flag["weight"]
    lowered = sum(one["by"] for one in flag["lowered"])
    return {
        **{name: flag[name] for name in ("rule", "title", "kind", "severity", "fact")},
        "bits": 0 if weight is None else max(0, bits_of_weight(weight) - lowered),
        "ask": [(one["of"], one["text"]) for one in flag["ask"]],
        "names": [one for one in window.get("orders", ()) if one != order_id],
    }


def _first_date(lines: Iterable[Record]) -> str | None:
    days = [line["date"].value for line in lines]
    known = [day for day in days if isinstance(day, datetime.date)]
    return min(known).isoformat() if known else None


def _families(lines: Iterable[Record]) -> list[str]:
    """The family of each line that is supported best."""
    found = set()
    for line in lines:
        families = line["product.family"]
        if families.value:
            found.add(evidence(families)[0].family)
    return sorted(found)
