"""The whole output of a check: what was run, its counts, the assessments and the cases."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pydantic import Field

from redflags.model.cases import Case
from redflags.model.comparisons import Baseline
from redflags.model.kept import KeptModels
from redflags.model.results import Assessment, Result, Run, Summary


class Assessments(KeptModels[Assessment]):
    """Assessments, the most urgent first: stops, then by evidence, then by order number.

    A run adds them as plain values in the order of their first rows (:meth:`add`), and then calls
    :meth:`sort`. Each is made a model when it is asked for.
    """

    model = Assessment

    def __init__(self, assessments: Iterable[Assessment] = ()) -> None:
        """Hold these, in this order."""
        super().__init__()
        self._keys: list[tuple[bool, int, str]] = []
        assessments = tuple(assessments)
        for assessment in assessments:
            self.add(assessment.model_dump())
        # A run adds orders as they stand in the files; of these only their places tell.
        files: dict[str | None, int] = {}
        rows = []
        for assessment in assessments:
            first = assessment.lines[0] if assessment.lines else None
            row = None if first is None else first.row
            rows.append(
                (row is None, files.setdefault(first.file if first else None, len(files)), row or 0)
            )
        self._order = range(len(rows))
        self._by_row: Sequence[int] | None = sorted(self._order, key=rows.__getitem__)

    def add(self, plain: dict[str, Any]) -> int:
        """Add an assessment as plain values under the names of its model; its number."""
        self._keys.append((not plain["stop"], -plain["bits"], plain["order_id"]))
        return self._kept.add(plain)

    def added(self, number: int) -> dict[str, Any]:
        """The assessment that was added under a number, as plain values."""
        found: dict[str, Any] = self._kept.plain(number)
        return found

    def put(self, number: int, plain: dict[str, Any]) -> None:
        """Put an assessment that says more of the same order in the place of the one that was
        added under a number."""
        self._kept.put(number, plain)

    def sort(self) -> None:
        """Put the most urgent first. To be called once all are added."""
        self._order = array("Q", sorted(range(len(self._keys)), key=self._keys.__getitem__))
        self._keys = []

    def plain(self) -> Iterator[dict[str, Any]]:
        """Each assessment as plain values, in order: quicker than models where only a little is
        read."""
        return map(self._kept.plain, self._order)

    def json_by_row(self) -> Iterator[bytes]:
        """Each assessment as one line of JSON, in the order of first rows."""
        return map(self._kept.text, self._by_row or range(len(self._order)))


class Cases(KeptModels[Case]):
    """Cases, the most urgent first: stops, then by evidence, then by their first order.

    A run adds them as plain values (:meth:`add`) and then calls :meth:`sort`.
    """

    model = Case

    def __init__(self, cases: Iterable[Case] = ()) -> None:
        """Hold these, in this order."""
        super().__init__()
        self._keys: list[tuple[bool, int, str, str]] = []
        for case in cases:
            self.add(case.model_dump())
        self._order = range(len(self._kept))

    def add(self, plain: dict[str, Any]) -> None:
        """Add a case as plain values under the names of its model."""
        self._kept.add(plain)
        self._keys.append((not plain["stop"], -plain["bits"], plain["orders"][0], plain["case_id"]))

    def sort(self) -> None:
        """Put the most urgent first. To be called once all are added."""
        self._order = array("Q", sorted(range(len(self._keys)), key=self._keys.__getitem__))
        self._keys = []

    def plain(self) -> Iterator[dict[str, Any]]:
        """Each case as plain values, in order: quicker than models where only a little is read."""
        return map(self._kept.plain, self._order)


class Report(Result):
    """The whole output of a check."""

    run: Run
    summary: Summary
    assessments: Assessments
    cases: Cases = Field(default_factory=Cases)
    baseline: Baseline | None = None
