"""The alerts of a run, put together into cases when all of them are known."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from redflags.across.known import without_collector
from redflags.cases.census import Census
from redflags.cases.firms import firms_of, perhaps_of
from redflags.cases.grouping import Order, common_parties, grouped, numbers_in
from redflags.cases.linking import Linking
from redflags.cases.parties import Parties
from redflags.cases.telling import told
from redflags.model.goods import evidence
from redflags.model.kept import KeptJson
from redflags.model.notation import Notation, Notations
from redflags.model.record import Record
from redflags.model.report import Cases
from redflags.policy import Policy
from redflags.rulebook.tree import Rule
from redflags.weights import bits_of_weight

if TYPE_CHECKING:
    import polars as pl

    PartyTexts = tuple[str, Notation | Notations, pl.DataFrame]

Plain = dict[str, Any]
DaysOf = Callable[[Collection[str]], Mapping[str, datetime.date]]


class _Noted(NamedTuple):
    """An order as it came: the number under which its details are kept, those of its lines among
    the parties', and the orders that its flags' windows name."""

    order_id: str
    details: int
    lines: tuple[int, ...]
    named: tuple[str, ...]


class CaseBook:
    """Takes the assessments of a run as they come, and puts those with a flag into cases.

    In memory it holds of an alert its id, the numbers of its lines and the orders that its
    flags' windows name; the rest is kept as JSON, beyond a size on disk. The order in which lines
    and alerts come changes nothing.

    ``across_rules`` are the rules over several orders: where there are any, orders without a flag
    are kept too, as such a rule may name them.
    """

    def __init__(self, policy: Policy, across_rules: Iterable[Rule] = ()) -> None:
        self.census = Census()
        self._parties = Parties()
        self._policy = policy
        self._comparing = {rule.name: _only_compares(rule) for rule in across_rules}
        self._details = KeptJson()
        self._alerts: list[_Noted] = []
        self._quiet: dict[str, _Noted] = {}

    def add(self, assessment: Plain, lines: Sequence[Record]) -> None:
        """Add an assessment as plain values, with the lines of its order that a rule speaks of."""
        if not assessment["flags"] and not self._comparing:
            return
        flags = [self._flag(flag, assessment["order_id"]) for flag in assessment["flags"]]
        kept = self._details.add(
            {
                **{name: assessment[name] for name in _KEPT},
                "alert": bool(flags),
                "date": _first_date(lines),
                "families": _families(lines),
                "flags": flags,
            }
        )
        named = tuple(dict.fromkeys(one for flag in flags for one in flag["names"]))
        noted = tuple(dict.fromkeys(map(self._parties.note, lines)))
        order = _Noted(assessment["order_id"], kept, noted, named)
        if flags:
            self._alerts.append(order)
        else:
            self._quiet[order.order_id] = order

    def stand_by(self, parties: Iterable[PartyTexts]) -> None:
        """Note the parties of lines of orders without a flag that are not added themselves: the
        role, the notation of the input, and texts in columns named by the paths of fields."""
        for role, notation, texts in parties:
            self._parties.stand_by(role, notation, texts)

    def named(self) -> set[str]:
        """The orders that windows of alerts name and that were not added."""
        added = {order.order_id for order in self._alerts}.union(self._quiet)
        return {one for alert in self._alerts for one in alert.named} - added

    def cases(self, least_score: float = 0.0, days_of: DaysOf | None = None) -> Cases:
        """The cases, the most urgent first, without those below a score; a stop always counts.

        ``days_of`` gives the days of orders that were never added, being earlier ones that a
        window names.
        """
        found = Cases()
        if len(self._alerts) > 1 or any(alert.named for alert in self._alerts):
            with without_collector():
                self._find(found, least_score, days_of)
        found.sort()
        return found

    def _find(self, found: Cases, least_score: float, days_of: DaysOf | None) -> None:
        parties = self._parties
        parties.settle()
        firms = firms_of(parties, self.census)
        named = {one for alert in self._alerts for one in alert.named}
        alerts = [self._order(one) for one in self._alerts]
        quiet = {one: self._order(self._quiet[one]) for one in named & self._quiet.keys()}
        standing = numbers_in([*alerts, *quiet.values()])
        common = common_parties(parties, firms, self.census, standing)
        groups = grouped(alerts, quiet, firms, common)
        grouped_parties = numbers_in(one for orders in groups for one in orders)
        perhaps = perhaps_of(parties, firms, grouped_parties)
        linking = Linking(parties.seen, firms, common, perhaps)
        earlier = {one.order_id for orders in groups for one in orders if one.details is None}
        days = days_of(earlier) if earlier and days_of is not None else {}
        for orders in groups:
            case = told([self._plain(order, days) for order in orders], linking, self._policy)
            if case["stop"] or case["score"] >= least_score:
                found.add(case)

    def _order(self, noted: _Noted) -> Order:
        numbers = dict.fromkeys(
            number for line in noted.lines for number in self._parties.of_line(line)
        )
        return Order(noted.order_id, noted.details, tuple(numbers), noted.named)

    def _flag(self, flag: Plain, order_id: str) -> Plain:
        """What a case tells of a flag. ``bits`` are those left after its lowerings, before other
        flags of the same fact are looked at; ``names`` the other orders that its window names."""
        weight = flag["weight"]
        lowered = sum(one["by"] for one in flag["lowered"])
        told = {
            **{name: flag[name] for name in ("rule", "title", "kind", "severity", "fact")},
            "bits": 0 if weight is None else max(0, bits_of_weight(weight) - lowered),
            "ask": [(one["of"], one["text"]) for one in flag["ask"]],
            "names": [],
        }
        window = flag["window"]
        if window is not None and not self._comparing.get(flag["rule"], False):
            told["names"] = [one for one in window["orders"] if one != order_id]
            told["links"] = window["links"]
            told["measured"] = window["sentences"]
        return told

    def _plain(self, order: Order, days: Mapping[str, datetime.date]) -> Plain:
        if order.details is not None:
            plain: Plain = self._details.plain(order.details)
            plain["who"] = order.parties
            return plain
        day = days.get(order.order_id)
        return {
            "order_id": order.order_id,
            "date": None if day is None else day.isoformat(),
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


def _only_compares(rule: Rule) -> bool:
    """Whether a rule only measures an order by the orders before it: those are no part of what it
    says."""
    across = rule.across
    return across is not None and {one.measure for one in across.having} <= {"baseline", "first"}


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
