"""What would change an assessment: facts that would bring it below the line, facts to ask for."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from redflags.engine.judge import Judge
from redflags.explain.assess import Line, Windows
from redflags.explain.counterfactual import MOST_TRIALS, counterfactuals
from redflags.explain.windows_given import WindowsGiven, windows_alone
from redflags.explain.worth_asking import worth_asking
from redflags.model.record import Record
from redflags.model.results import Band, WhatIf

TRIALS_IN_A_FILE = 400
"""Lines that are judged anew for each alert of a file."""


def what_if(
    records: Sequence[Record],
    judge: Judge,
    line: Band,
    as_of: datetime.date | None,
    *,
    windows: Sequence[Windows] | None = None,
    is_whole: bool = True,
    most_trials: int = MOST_TRIALS,
) -> WhatIf:
    """What would change the assessment of an order from the records of its lines.

    ``line`` is the band from which an order is at or above the line. Where the records are not
    those of all lines (``is_whole`` false) no counterfactual can be verified, and none is told.
    ``windows`` are what those of rules across orders said of each record; None: there is no other
    order.
    """
    judge_lines = WindowsGiven(judge, records, windows)
    if windows is None:
        windows = windows_alone(records, [judge.verdicts(one) for one in records], judge)
    asking = worth_asking(records, judge, judge_lines(records), windows)
    if not is_whole:
        return WhatIf(line=line, is_complete=False, worth_asking=asking)
    found = counterfactuals(
        records,
        judge,
        line,
        as_of,
        most_trials=most_trials,
        judge_lines=judge_lines,
        judge_at_least=judge_lines.at_least,
    )
    return WhatIf(
        line=line,
        counterfactuals=found.sets,
        is_complete=found.is_complete,
        worth_asking=asking,
    )


def windows_of(records: Iterable[Record], judged: Iterable[Line]) -> list[Windows]:
    """What the windows of each record said, from the lines that were judged."""
    known = {id(line.record): line.windows for line in judged}
    return [known.get(id(record), {}) for record in records]
