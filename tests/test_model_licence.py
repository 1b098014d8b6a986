"""A column “licence” holds how a licence stands, or its number, or neither."""

from __future__ import annotations

import pytest

from redflags.model.record import record_of_texts
from redflags.values.codes import parse_licence_number


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("no licence needed", "not_required"), ("No License Required", "not_required"),
        ("NLR", "not_required"), ("keine Ausfuhrgenehmigung erforderlich", "not_required"),
        ("izin gerekmez", "not_required"), ("aucune licence requise", "not_required"),
        ("no se requiere licencia", "not_required"), ("applied", "applied"), ("pending", "applied"),
        ("beantragt", "applied"), ("en cours", "applied"), ("başvuruldu", "applied"),
        ("Ausfuhrgenehmigung liegt vor", "held"), ("licence accordée", "held"),
        ("lisans mevcut", "held"), ("licencia vigente", "held"), ("abgelehnt", "refused"),
        ("no licence on file", None), ("licence not yet granted", None), ("maybe", None),
    ],
)  # fmt: skip
def test_words_are_a_status(text: str, status: str | None) -> None:
    record = record_of_texts([("licence.status", text)])
    assert record["licence.status"].value == status
    assert "licence.number" not in record


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("EX-2026/0012", "EX-2026/0012"), ("Licence No. 4711", "4711"),
        ("GBSIE2026/00123", "GBSIE2026/00123"),
        ("Lizenz-Nr. A 1234567", "A 1234567"), ("D1234567", "D1234567"), ("№ 123456", "123456"),
        ("Lisans No: 2026/15", "2026/15"), ("export license # D 123456", "D 123456"),
        ("13/02/2026", None), ("2026-02-13", None), ("12", None),
        ("see file 123 on the desk", None),
        ("licence", None), ("valid until 2026", None), ("", None), ("x" * 300 + "123", None),
        ("applied 12345 last week", None),
    ],
)  # fmt: skip
def test_a_number_is_a_number(text: str, number: str | None) -> None:
    assert parse_licence_number(text).value == number


def test_the_number_goes_to_its_own_field_and_says_nothing_of_the_status() -> None:
    record = record_of_texts([("licence.status", "EX-2026/0012")])
    assert record["licence.number"].value == "EX-2026/0012"
    assert record["licence.status"].value is None
    assert "does not say how it stands" in record["licence.status"].why


def test_a_stated_number_is_kept() -> None:
    cells = [("licence.status", "EX-2026/0012"), ("licence.number", "A-1")]
    assert record_of_texts(cells)["licence.number"].value == "A-1"
