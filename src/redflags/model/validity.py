"""What has run out by the as-of date: licences and end-use statements, and nothing else."""

from __future__ import annotations

import datetime
from dataclasses import replace

from redflags.model.record import Record
from redflags.values.dates import age_on

STATEMENT_MONTHS = 12
"""How long a customer's statement is good for: twelve months, as Regulation (EU) 2019/1148,
article 8, has it for statements of professional buyers; taken for every end-use statement."""


def expire(record: Record, as_of: datetime.date | None) -> None:
    """Mark a licence past its last day, and a statement past its term, as of a day.

    A licence that has run out is no longer held, so its status becomes ``not_determined``. With no
    day given nothing runs out.
    """
    if as_of is None:
        return
    if record.states("licence.until") and record.states("licence.status"):
        licence, last = record["licence.status"], record["licence.until"].value
        if last is not None and last < as_of and licence.value in ("held", "exception"):
            run_out = f"good until {last}, which has passed"
            record.restate("licence.status", replace(licence, value="not_determined", how=run_out))
    if record.states("end_use_statement.date") and record.states("end_use_statement.status"):
        statement, day = record["end_use_statement.status"], record["end_use_statement.date"].value
        if (
            day is not None
            and day <= as_of
            and age_on(day, as_of).months >= STATEMENT_MONTHS
            and statement.value in ("received", "verified")
        ):
            run_out = f"signed on {day}, over {STATEMENT_MONTHS} months ago"
            record.restate(
                "end_use_statement.status", replace(statement, value="expired", how=run_out)
            )
