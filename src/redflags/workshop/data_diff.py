"""What two rule books say of the same orders: which alerts appear, vanish, or are not as urgent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from redflags.model.report import Report
from redflags.weights import BAND_NAMES

OrderChange = Literal["appears", "vanishes", "raised", "lowered", "score", "flags", "facts"]

ORDER_CHANGES: Mapping[OrderChange, str] = {
    "appears": "no alert before, an alert now",
    "vanishes": "an alert before, none now",
    "raised": "in a higher band now, or a stop now",
    "lowered": "in a lower band now, or no stop any more",
    "score": "in the same band with another score",
    "flags": "with the same score by other rules",
    "facts": "by the same rules on other facts",
}
"""What can become of an order, the gravest first."""


@dataclass(frozen=True, slots=True)
class OrderDiff:
    """An order of which the two rule books say different things. ``gained`` and ``lost`` are the
    rules that flag it only now, and only before, by their names now; scores are of 100."""

    order_id: str
    change: OrderChange
    band_before: str
    band: str
    stop_before: bool
    stop: bool
    score_before: float
    score: float
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    parties: str
    goods: str


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many orders a rule flags with either rule book, by its name now."""

    rule: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class RunCounts:
    """What one rule book makes of the orders: alerts, orders with a rule that cannot be judged,
    and the orders in each band."""

    alerts: int
    incomplete: int
    bands: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DataDiff:
    """What two rule books say of the same orders. ``changes`` counts the orders of each kind of
    change; ``rules`` has those rules that flag another number of orders than before."""

    files: tuple[str, ...]
    orders: int
    before: RunCounts
    after: RunCounts
    changes: Mapping[str, int]
    changed: tuple[OrderDiff, ...]
    rules: tuple[RuleCount, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both say the same of every order."""
        return not self.changed


@dataclass(frozen=True, slots=True)
class _Said:
    """What a run says of an order that it flags."""

    band: str
    stop: bool
    score: float
    bits: int
    flags: Mapping[str, str]
    parties: str
    goods: str

    @property
    def urgency(self) -> int:
        return BAND_NAMES.index(self.band) + self.stop


def data_diff(before: Report, after: Report, names_before: Mapping[str, str]) -> DataDiff:
    """What two runs on the same orders say differently. ``names_before`` has the name before of
    each rule that has another in ``after``; the reports must hold all alerts."""
    names_now = {then: now for now, then in names_before.items()}
    waiting: dict[str, list[_Said]] = {}
    flagged = (Counter[str](), Counter[str]())
    for number, said in _alerts(before, names_now):
        flagged[0].update(said.flags.keys())
        waiting.setdefault(number, []).append(said)
    changed = []
    for number, said in _alerts(after, {}):
        flagged[1].update(said.flags.keys())
        earlier = waiting.get(number)
        changed.append(_order_diff(number, earlier.pop(0) if earlier else None, said, names_before))
    for number, rest in waiting.items():
        changed += [_order_diff(number, said, None, names_before) for said in rest]
    found = sorted((one for one in changed if one is not None), key=_rank)
    counts = Counter(one.change for one in found)
    return DataDiff(
        files=tuple(one.path for one in after.run.inputs),
        orders=after.summary.orders,
        before=_counts(before),
        after=_counts(after),
        changes={kind: counts[kind] for kind in ORDER_CHANGES},
        changed=tuple(found),
        rules=tuple(
            RuleCount(rule, flagged[0][rule], flagged[1][rule])
            for rule in sorted(flagged[0].keys() | flagged[1].keys())
            if flagged[0][rule] != flagged[1][rule]
        ),
    )


def _alerts(report: Report, names: Mapping[str, str]) -> Iterator[tuple[str, _Said]]:
    for plain in report.assessments.plain():
        if plain["flags"]:
            yield plain["order_id"], _said(plain, names)


def _said(plain: Mapping[str, Any], names: Mapping[str, str]) -> _Said:
    return _Said(
        plain["band"],
        plain["stop"],
        plain["score"],
        plain["bits"],
        {names.get(one["rule"], one["rule"]): one["fingerprint"] for one in plain["flags"]},
        plain["parties"],
        plain["goods"],
    )


def _order_diff(
    number: str, before: _Said | None, after: _Said | None, renamed: Mapping[str, str]
) -> OrderDiff | None:
    change = _change(before, after, renamed)
    shown = after or before
    if change is None or shown is None:
        return None
    had = before.flags.keys() if before is not None else set()
    has = after.flags.keys() if after is not None else set()
    return OrderDiff(
        number,
        change,
        "none" if before is None else before.band,
        "none" if after is None else after.band,
        before is not None and before.stop,
        after is not None and after.stop,
        0.0 if before is None else before.score,
        0.0 if after is None else after.score,
        tuple(sorted(has - had)),
        tuple(sorted(had - has)),
        shown.parties,
        shown.goods,
    )


def _change(
    before: _Said | None, after: _Said | None, renamed: Mapping[str, str]
) -> OrderChange | None:
    if before is None or after is None:
        return "vanishes" if after is None else "appears"
    if before.urgency != after.urgency:
        return "raised" if after.urgency > before.urgency else "lowered"
    if before.bits != after.bits:
        return "score"
    if before.flags.keys() != after.flags.keys():
        return "flags"
    # The name of a rule is part of a fingerprint, so of renamed ones it tells nothing.
    differ = any(
        after.flags[rule] != before.flags[rule] for rule in after.flags if rule not in renamed
    )
    return "facts" if differ else None


_ORDER = list(ORDER_CHANGES)


def _rank(one: OrderDiff) -> tuple[int, int, float, str]:
    is_gone = one.change == "vanishes"
    band = one.band_before if is_gone else one.band
    score = one.score_before if is_gone else one.score
    return _ORDER.index(one.change), -BAND_NAMES.index(band), -score, one.order_id


def _counts(report: Report) -> RunCounts:
    summary = report.summary
    return RunCounts(summary.alerts, summary.incomplete, dict(summary.bands))
