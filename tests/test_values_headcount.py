"""The size of a firm from a number of employees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.model.record import record_of_texts
from redflags.values.headcount import BY_STAFF_ALONE, size_of_staff


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("3 employees", "micro"), ("1-5 employees", "micro"), ("2-9", "micro"), ("<10", "micro"),
        ("< 10 Mitarbeiter", "micro"), ("fewer than 10 staff", "micro"), ("up to 9", "micro"),
        ("5 сотрудников", "micro"), ("Employees: 7", "micro"), ("12 çalışan", "small"),
        ("ca. 30 MA", "small"), ("10-49", "small"), ("51-200", "medium"), ("249 people", "medium"),
        ("250 salariés", "large"), ("250+", "large"), ("1,200 employees", "large"),
        ("1.200 Mitarbeiter", "large"), ("more than 250 employees", "large"),
    ],
)  # fmt: skip
def test_a_number_of_employees_is_a_size(text: str, size: str) -> None:
    assert record_of_texts({"buyer.size": text})["buyer.size"].value == size


@pytest.mark.parametrize(
    "text", ["3", "12", "10000", "11-50", "1-10", "more than 20 employees", "9-2", "2024-05",
             "turnover 3 m", "3 sites", "three"],
)  # fmt: skip
def test_what_spans_two_sizes_or_counts_something_else_is_unknown(text: str) -> None:
    found = record_of_texts({"buyer.size": text})["buyer.size"]
    assert found.value is None
    assert found.why


def test_that_the_turnover_is_not_known_is_shown_as_assumed() -> None:
    found = size_of_staff("7 employees")
    assert found is not None
    assert found.assumed == BY_STAFF_ALONE


@given(st.integers(0, 10**6))
def test_the_classes_are_those_of_the_recommendation(number: int) -> None:
    found = size_of_staff(f"{number} employees")
    assert found is not None
    bounds = {"micro": (0, 9), "small": (10, 49), "medium": (50, 249), "large": (250, 10**6)}
    least, most = bounds[found.value]
    assert least <= number <= most


@given(st.text(alphabet="0123456789 .,-+<>employs", max_size=90))
def test_no_text_breaks_the_reading(text: str) -> None:
    found = size_of_staff(text)
    assert found is None or (found.value is None) == bool(found.why)
