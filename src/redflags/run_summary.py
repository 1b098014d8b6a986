"""The summary of a run: what was read, what was assessed, and what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from redflags.explain.coverage import coverage
from redflags.explain.evidence import Plain
from redflags.files import Gathered
from redflags.model.results import Summary
from redflags.policy import ACTIONS
from redflags.rulebook import RuleBook
from redflags.weights import BAND_NAMES


@dataclass(slots=True)
class Counts:
    """What the summary counts of the orders that were assessed."""

    bands: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    alerts: int = 0
    incomplete: int = 0

    def add(self, assessment: Plain) -> None:
        """Count one assessment."""
        self.bands[assessment["band"]] += 1
        self.actions.update(assessment["action"])
        self.alerts += bool(assessment["flags"])
        self.incomplete += bool(assessment["incomplete"])


def run_summary(rules: RuleBook, gathered: Gathered, counted: Counts) -> Summary:
    """The summary of what was gathered from files, when all of it is assessed."""
    bands = dict.fromkeys(reversed(BAND_NAMES), 0) | counted.bands
    bands["none"] += gathered.quiet_orders
    return Summary(
        read=gathered.assessed + len(gathered.set_aside),
        assessed=gathered.assessed,
        set_aside=len(gathered.set_aside),
        orders=sum(bands.values()),
        alerts=counted.alerts,
        incomplete=counted.incomplete,
        bands=bands,
        actions=dict.fromkeys(reversed(ACTIONS), 0) | counted.actions,
        coverage=coverage(rules, frozenset.union(*gathered.present) if gathered.present else ()),
        rows_set_aside=tuple(gathered.set_aside),
        misread=tuple(gathered.misread.first),
        misread_cells=gathered.misread.count,
        misread_columns=gathered.misread.columns(),
        duplicate_rows=gathered.duplicate_rows,
    )
