"""What is missing: facts that could lift an order's band, grouped by what would settle them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from redflags.model.fields import field_table
from redflags.model.results import Assessment, Incomplete
from redflags.values.understood import ABSENT, BLANK
from redflags.weights import BAND_NAMES, BANDS
from redflags.writers.page import LABEL, Page, counted, listed

MOST_GROUPS = 8
"""Groups that are shown; the rest is a count."""

MOST_ORDERS = 6
"""Orders that are named for each band of a group."""


HISTORY = "history"
"""The need that stands for other orders and is no field."""


@dataclass(slots=True)
class Gap:
    """Orders that lack the same facts."""

    needs: tuple[str, ...]
    band_of: dict[str, str] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)

    def add(self, order_id: str, band: str, incomplete: Incomplete) -> None:
        known = self.band_of.get(order_id, "none")
        self.band_of[order_id] = max(known, band, key=BAND_NAMES.index)
        self.requests[request(incomplete)] += 1

    @property
    def rank(self) -> tuple[int, int, tuple[str, ...]]:
        bands = [BAND_NAMES.index(band) for band in self.band_of.values()]
        return (-max(bands), -len(bands), self.needs)

    @property
    def told(self) -> str:
        """What to state, as most of the orders need it."""
        return min(self.requests.items(), key=lambda item: (-item[1], item[0]))[0]


class Gaps:
    """The missing facts of many assessments, and the other orders that a rule could not judge."""

    def __init__(self) -> None:
        self._gaps: dict[tuple[str, ...], Gap] = {}
        self.others: set[str] = set()

    def add(self, assessment: Assessment) -> None:
        """Note what an assessment lacks."""
        lifting = _simplest(assessment)
        for band, incomplete in lifting:
            gap = self._gaps.setdefault(incomplete.needs, Gap(incomplete.needs))
            gap.add(assessment.order_id, band, incomplete)
        if assessment.incomplete and not lifting:
            self.others.add(assessment.order_id)

    def ranked(self) -> list[Gap]:
        """The missing facts that could lift a band, the most urgent first."""
        return sorted(self._gaps.values(), key=lambda gap: gap.rank)


def find_gaps(assessments: Iterable[Assessment]) -> tuple[list[Gap], set[str]]:
    """The missing facts that could lift a band, most urgent first, and the other orders that a
    rule could not judge."""
    found = Gaps()
    for assessment in assessments:
        found.add(assessment)
    return found.ranked(), found.others


def write_gaps(assessments: Iterable[Assessment], page: Page) -> None:
    """Write the missing facts that could lift a band, most urgent first; the others as a count."""
    ranked, others = find_gaps(assessments)
    if not ranked and not others:
        return
    page.blank()
    if ranked:
        concerned = {order for gap in ranked for order in gap.band_of}
        page.heading(f"Missing facts that could lift {counted(len(concerned), 'order')}")
        counts = [counted(len(gap.band_of), "order") for gap in ranked[:MOST_GROUPS]]
        for gap, count in zip(ranked, counts, strict=False):
            _write(gap, count, max(LABEL, max(map(len, counts)) + 1), page)
        if len(ranked) > MOST_GROUPS:
            page.paragraph(
                f"and {counted(len(ranked) - MOST_GROUPS, 'further group')} of missing facts; "
                "--format json lists them all"
            )
    if others:
        page.paragraph(
            f"{counted(len(others), 'order')} {'also ' if ranked else ''}could not be judged by "
            "every rule; no cell that is empty or not understood would alone lift the band."
        )


def lifted_band(assessment: Assessment, incomplete: Incomplete) -> str:
    """The band the order would have if this rule came out true.

    A rule that would add nothing and still lift the band can only be a stop.
    """
    if incomplete.would_add == 0:
        return "critical" if incomplete.would_lift else assessment.band
    evidence = (assessment.bits + incomplete.would_add) / 1000
    score = 100 * (1 - math.exp2(-evidence))
    return [name for name, least in BANDS if score >= least][-1]


def _simplest(assessment: Assessment) -> list[tuple[str, Incomplete]]:
    """The incompletes that could lift the band, with the band, but for those that ask for more
    facts than another one and lift no higher, and for those that no cell of the input can settle:
    absent columns are the coverage's business. (A unit can stand in the quantity's own cell.)"""
    lifting = [
        (lifted_band(assessment, one), one)
        for one in assessment.incomplete
        if one.would_lift and set(one.not_in_input) <= {"unit", "currency"}
    ]
    return [
        (band, one)
        for band, one in lifting
        if not any(
            set(other.needs) < set(one.needs)
            and BAND_NAMES.index(reached) >= BAND_NAMES.index(band)
            for reached, other in lifting
        )
    ]


def _write(gap: Gap, count: str, label_width: int, page: Page) -> None:
    page.labelled(count, gap.told, label_style="bold", label_width=label_width)
    for band in reversed(BAND_NAMES):
        orders = [order for order, lifted in gap.band_of.items() if lifted == band]
        if orders:
            noun = "order" if len(orders) == 1 else "orders"
            page.labelled(
                "",
                f"could lift {noun} {listed(orders, MOST_ORDERS)} to {band}",
                label_width=label_width,
            )


def request(incomplete: Incomplete) -> str:
    """What to state, in which columns, and why what stands there is not enough."""
    if not incomplete.needs:
        return "; ".join(incomplete.because) or "state what the rule asks for"
    if HISTORY in incomplete.needs:
        return _request_history(incomplete)
    labels, columns, reasons = [], [], []
    because = incomplete.because
    if len(because) != len(incomplete.needs):
        because = ("",) * len(incomplete.needs)
    for path, reason in zip(incomplete.needs, because, strict=True):
        label, column = named(path)
        labels.append(label)
        why = reason.removeprefix(label + ": ")
        columns.append(f"{column}, not in the file" if why == ABSENT.why else column)
        if why not in ("", ABSENT.why, BLANK.why):
            reasons.append(why)
    noun = "column" if len(columns) == 1 else "columns"
    told = f"state {_joined(labels)} ({noun} {'; '.join(columns)})"
    return f"{told}: {'; '.join(reasons)}" if reasons else told


def _request_history(incomplete: Incomplete) -> str:
    """What to give where other orders would settle a rule: perhaps fields of this one as well."""
    prefix = f"the {HISTORY}: "
    reasons = [one.removeprefix(prefix) for one in incomplete.because]
    fields = [named(path) for path in incomplete.needs if path != HISTORY]
    told = "look at the other orders of the window, or give earlier ones with --history"
    if fields:
        columns = "; ".join(column for _, column in fields)
        told += f", and state {_joined([label for label, _ in fields])} (columns {columns})"
    return f"{told}: {'; '.join(reasons)}"


def named(path: str) -> tuple[str, str]:
    """What a sentence calls a field, and its column."""
    known = field_table().get(path)
    return (known.label, known.column) if known is not None else (path, path.replace(".", "_"))


def _joined(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else ", ".join(labels[:-1]) + " and " + labels[-1]
