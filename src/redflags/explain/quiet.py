"""The assessment of an order of one line on which every rule is false: most orders are such."""

from __future__ import annotations

from redflags.engine.judge import NOTHING_SAID, Judge
from redflags.explain import describe
from redflags.explain.assess import Line, assess
from redflags.explain.evidence import place_of
from redflags.model.record import Record
from redflags.model.results import Assessment
from redflags.policy import Policy


class QuietAssessments:
    """Assessments of orders of which no rule speaks. Safe from several threads.

    They differ in the number, the parties and the goods alone; everything else is that of the
    first of them, which is assessed as every order is.
    """

    def __init__(self, judge: Judge, policy: Policy) -> None:
        self._judge = judge
        self._policy = policy
        self._first: Assessment | None = None

    def of(self, number: str, record: Record) -> Assessment:
        """The assessment of an order of this number, whose one line came from no file."""
        first = self._first
        if first is None:
            line = Line(record, NOTHING_SAID)
            plain = assess(number, [line], [place_of(record)], self._judge, self._policy)
            self._first = first = Assessment.model_validate(plain)
            return first
        return first.model_copy(
            update={
                "order_id": number,
                "parties": describe.parties(record),
                "goods": describe.goods([record], 1),
            }
        )
