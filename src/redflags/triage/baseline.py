"""What is new since an earlier run: alerts that were not there, that changed, and that are gone.

Orders are the same by their number; those without one by the fingerprint of their alert, so that a
row that only moved is no news. That the window of a rule across orders holds more orders than then
is news, though the flag has the same fingerprint; that it holds fewer is not: a file that reaches
less far back sees fewer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, cast

from redflags.model.comparisons import Baseline, OrderChange
from redflags.model.report import Report
from redflags.model.results import Band, Run
from redflags.scoring import is_at_least
from redflags.triage.earlier import EarlierFlag, EarlierOrder, EarlierReport, orders_now
from redflags.weights import BAND_NAMES

Kind = Literal["new", "raised", "lowered", "changed", "gone"]

_ORDER: Sequence[Kind] = ("new", "raised", "changed", "lowered", "gone")


def with_baseline(report: Report, earlier: EarlierReport) -> Report:
    """The report with what is new, gone and changed since an earlier one."""
    return report.model_copy(update={"baseline": baseline(report, earlier)})


def baseline(report: Report, earlier: EarlierReport) -> Baseline:
    """What is new, gone and changed in a report since an earlier one."""
    now = orders_now(report.assessments.json())
    changes, unchanged = [], 0
    for before, after in _pairs(earlier.orders, now):
        kind = _kind(before, after)
        if kind is None:
            unchanged += bool(after is not None and after.flags)
        else:
            changes.append(_change(kind, before, after))
    changes.sort(key=_rank)
    counts = Counter(one.change for one in changes)
    return Baseline(
        path=earlier.path,
        sha256=earlier.sha256,
        notes=tuple(_notes(earlier.run, report.run)),
        new=counts["new"],
        raised=counts["raised"],
        lowered=counts["lowered"],
        changed=counts["changed"],
        gone=counts["gone"],
        unchanged=unchanged,
        orders=tuple(changes),
    )


def is_news(found: Baseline, line: str) -> bool:
    """Whether an order is at or above a band that was not there, or was in a lower band."""
    return any(
        one.change in ("new", "raised") and is_at_least(one.band, line) for one in found.orders
    )


def _pairs(
    before: Iterable[EarlierOrder], after: Iterable[EarlierOrder]
) -> Iterator[tuple[EarlierOrder | None, EarlierOrder | None]]:
    """The same order in both runs; None where it is not."""
    before = list(before)
    by_fingerprint = any(one.fingerprint for one in before)
    waiting: dict[object, list[EarlierOrder]] = {}
    for one in before:
        waiting.setdefault(_key(one, by_fingerprint), []).append(one)
    for one in after:
        found = waiting.get(_key(one, by_fingerprint))
        yield (found.pop(0) if found else None), one
    for rest in waiting.values():
        for one in rest:
            yield one, None


def _key(order: EarlierOrder, by_fingerprint: bool) -> tuple[bool, str]:
    if by_fingerprint and not order.has_number and order.fingerprint:
        return False, order.fingerprint
    return True, order.order_id


def _kind(before: EarlierOrder | None, after: EarlierOrder | None) -> Kind | None:
    had = before is not None and bool(before.flags)
    has = after is not None and bool(after.flags)
    if not had:
        return "new" if has else None
    if not has:
        return "gone"
    assert before is not None
    assert after is not None
    rise = _urgency(after) - _urgency(before)
    if rise:
        return "raised" if rise > 0 else "lowered"
    if before.flags.keys() == after.flags.keys() and not any(
        _differ(flag, before.flags[rule]) or _has_grown(flag, before.flags[rule])
        for rule, flag in after.flags.items()
    ):
        return None
    return "changed"


def _urgency(order: EarlierOrder) -> int:
    return BAND_NAMES.index(order.band) + order.stop


def _change(kind: Kind, before: EarlierOrder | None, after: EarlierOrder | None) -> OrderChange:
    shown = after or before
    assert shown is not None
    had: Mapping[str, EarlierFlag] = {} if before is None else before.flags
    has: Mapping[str, EarlierFlag] = {} if after is None else after.flags
    both = sorted(has.keys() & had.keys())
    return OrderChange(
        order_id=shown.order_id,
        change=kind,
        band=_band(after),
        band_before=_band(before),
        score=0.0 if after is None else after.score,
        score_before=0.0 if before is None else before.score,
        new_flags=tuple(sorted(has.keys() - had.keys())),
        gone_flags=tuple(sorted(had.keys() - has.keys())),
        changed_flags=tuple(rule for rule in both if _differ(has[rule], had[rule])),
        grown_flags=tuple(rule for rule in both if _has_grown(has[rule], had[rule])),
        parties=shown.parties,
        goods=shown.goods,
        fingerprint=shown.fingerprint,
    )


def _differ(one: EarlierFlag, other: EarlierFlag) -> bool:
    """Whether two flags rest on other facts; of a report without fingerprints nobody knows."""
    return one.fingerprint != other.fingerprint and "" not in (one.fingerprint, other.fingerprint)


def _has_grown(now: EarlierFlag, then: EarlierFlag) -> bool:
    """Whether the window of a rule across orders holds more orders than it did."""
    return now.orders > then.orders > 0


def _band(order: EarlierOrder | None) -> Band:
    return cast("Band", "none" if order is None else order.band)


def _rank(one: OrderChange) -> tuple[int, int, float, str]:
    urgent = BAND_NAMES.index(one.band if one.change != "gone" else one.band_before)
    return _ORDER.index(one.change), -urgent, -one.score, one.order_id


def _notes(before: Run, after: Run) -> Iterator[str]:
    """What else differs, so that a change may come of it."""
    if before.version != after.version:
        yield f"version {before.version} then, {after.version} now"
    if before.rules_sha256 != after.rules_sha256:
        yield "the rules are not those of then"
    if before.as_of != after.as_of:
        yield f"as of {before.as_of or 'no day'} then, {after.as_of or 'no day'} now"
    if before.lists_as_of != after.lists_as_of:
        yield "dated lists are judged as of another day"
    if before.settings.min_score != after.settings.min_score:
        yield (
            f"orders below a score of {before.settings.min_score:g} were left out then, below "
            f"{after.settings.min_score:g} now"
        )
    if (before.mapping and before.mapping.sha256) != (after.mapping and after.mapping.sha256):
        yield "the mapping is not that of then"
    if (before.answers and before.answers.sha256) != (after.answers and after.answers.sha256):
        yield "the answers are not those of then"
