"""Phrases for the values of closed vocabularies, and phrases that say nothing of them."""

from __future__ import annotations

import pytest

from redflags import reference
from redflags.model.record import record_of_texts
from redflags.values.understood import NOT_STATED


@pytest.mark.parametrize(
    ("text", "method"),
    [("cash in advance", None), ("Cash-in-advance (CIA)", None), ("cash with order", None),
     ("cash before shipment", None), ("2 % cash discount", None), ("Cash/Bank", None),
     ("net cash 30 days", None), ("cash in advance by wire transfer", "bank_transfer"),
     ("cash", "cash"), ("cash in hand", "cash"), ("paid in cash, in advance", "cash"),
     ("peşin nakit", "cash"), ("cash against documents", "documentary_collection"),
     ("cash on delivery", "cash_on_delivery")],
)  # fmt: skip
def test_cash_in_the_language_of_terms_is_no_cash(text: str, method: str | None) -> None:
    assert reference.choices("payment.method").find(text) == method


@pytest.mark.parametrize(
    "text", ["prepaid card", "Prepaid Visa", "gift cards", "carte prépayée", "hediye kartı"]
)
def test_a_prepaid_card_bears_no_name_and_is_no_ordinary_card(text: str) -> None:
    assert reference.choices("payment.method").find(text) == "prepaid_card"
    assert reference.choices("payment.method").find("credit card") == "card"


def test_a_phrase_that_says_nothing_is_no_value() -> None:
    assert "" not in reference.choices("payment.method").values


@pytest.mark.parametrize(
    ("path", "text"),
    [("end_use_statement.status", "not received"), ("end_use_statement.status", "EUC not on file"),
     ("end_use_statement.status", "liegt nicht vor"), ("end_use_statement.status", "no EUC"),
     ("licence.status", "no licence"), ("licence.status", "keine Genehmigung"),
     ("licence.status", "not yet issued"), ("licence.status", "лицензии нет")],
)  # fmt: skip
def test_a_paper_that_is_not_there_is_not_stated(path: str, text: str) -> None:
    found = record_of_texts({path: text})[path]
    assert found.value is None
    assert found.why == NOT_STATED


@pytest.mark.parametrize(
    ("text", "status"),
    [("no licence required", "not_required"), ("licence granted: no", None),
     ("izin verilmedi", "refused"), ("granted", "held"), ("granted, no. 123/24", "held"),
     ("issued (EX-2024-0033)", "held"), ("pending: 5512/2024", "applied"),
     ("refused, no. 77/24", "refused"), ("granted: no", None), ("granted, 12.05.2024", None),
     ("not granted, no. 123/24", None)],
)  # fmt: skip
def test_a_licence_that_is_not_there_is_not_mistaken(text: str, status: str | None) -> None:
    assert record_of_texts({"licence.status": text})["licence.status"].value == status
