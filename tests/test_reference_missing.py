"""What stands in a cell without a value is not taken for one, and nothing else is taken for it."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from redflags import reference
from redflags.model.kinds import KINDS
from redflags.model.record import record_of_texts
from redflags.values.understood import NOT_STATED

PHRASES = list(
    csv.DictReader(
        files("redflags.reference")
        .joinpath("data/missing_words.csv")
        .read_text(encoding="utf-8")
        .splitlines()
    )
)


@pytest.mark.parametrize(
    "text",
    ["TBC", "tba", "T.B.A.", "k.A.", "k. A.", "-", "--", "—", "...", "?",
     "s/o", "S/O", "N/D", "n/a", "N/A", "#N/A", "#n/a", "#REF!", "\\N", "<NA>", "belirtilmedi",
     "BELİRTİLMEDİ", "не указано", "Не указано.", "无", "未知", "null", "NaN", "(blank)",
     "(boş)", "(n/a)",
     "Unknown", "keine Angabe", "sin datos", "brak danych", "n.v.t.", "غير محدد"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["date", "quantity", "money", "country", "text", "identifier",
                                  "name", "region", "cas", "tariff-code", "business", "phone",
                                  "control-code", "concentration", "names"])  # fmt: skip
def test_it_is_not_stated(kind: str, text: str) -> None:
    found = KINDS[kind].parse(text)
    if (kind, text) == ("region", "NaN"):
        assert found.value == "TH-55"  # Nan is a province of Thailand
    else:
        assert found.is_blank
        assert found.written == text


@pytest.mark.parametrize("kind", ["date", "quantity", "country", "cas", "incoterm"])
@pytest.mark.parametrize("text", ["Date Not Captured", "weight unknown", "NA", "tarih girilmedi"])
def test_where_nothing_could_be_read_the_end_of_the_text_decides(kind: str, text: str) -> None:
    assert KINDS[kind].parse(text).is_blank is ((kind, text) != ("country", "NA"))
    assert KINDS["text"].parse(text).value == text


@pytest.mark.parametrize(
    "text",
    ["See DN-304", "see annex 3", "See attached", "siehe Anlage", "s. Anlage 2", "voir facture",
     "ver factura 12", "bkz. ekte", "см. приложение 1", "详见 附件", "as per attached list"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["date", "quantity", "country"])
def test_it_points_to_another_document(kind: str, text: str) -> None:
    found = KINDS[kind].parse(text)
    if text.startswith("s. "):
        assert found.value is None
    else:
        assert found.why == reference.ELSEWHERE
    assert not found.is_blank


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("country", "NA"), ("country", "na"), ("country", "NO"), ("country", "Norway"),
        ("text", "Na"), ("text", "NA"), ("text", "no"), ("text", "See-through film 50 µm"),
        ("text", "see 2 samples"), ("text", "aluminium paste, not elsewhere specified"),
        ("text", '"'), ("text", "°"), ("text", "%"), ("text", "x"), ("identifier", "$"),
        ("identifier", "0"), ("text", "none of the above applies, see the drawing on page 3"),
        ("yes-no", "no"), ("yes-no", "yok"), ("yes-no", "нет"), ("name", "Nil Trading Ltd"),
        ("name", "Blank & Sons"), ("licence-status", "not applicable"), ("licence-status", "TBD"),
        ("end-user-stated", "not stated"),
    ],
)  # fmt: skip
def test_it_is_a_value(kind: str, text: str) -> None:
    assert KINDS[kind].parse(text).value is not None


@pytest.mark.parametrize("text", ["00.00.0000", "0000-00-00", "00000000", "0000-00-00 00:00:00"])
def test_a_date_of_noughts_was_never_entered(text: str) -> None:
    assert KINDS["date"].parse(text).is_blank


def test_a_number_that_is_not_stated_stays_so_beside_its_unit() -> None:
    record = record_of_texts(
        [("quantity", "n/a"), ("unit", "kg"), ("value", "TBC"), ("currency", "EUR")]
    )
    assert record["quantity"].why == NOT_STATED
    assert record["value"].why == NOT_STATED


def test_a_placeholder_in_a_derived_field_leaves_it_to_derive() -> None:
    record = record_of_texts(
        [("buyer.region", "n/a"), ("buyer.city", "Şanlıurfa"), ("buyer.country", "TR")]
    )
    assert record["buyer.region"].value == "TR-63"


def test_no_phrase_has_a_figure_or_is_long() -> None:
    """The quick look at a text, and that at order numbers, rest on it."""
    for row in PHRASES:
        assert not set(row["phrase"]) & set("123456789"), row
        assert len(row["phrase"]) <= 40, row


def test_no_phrase_is_the_name_of_anything() -> None:
    """A phrase for no value must be no country, unit, currency or product as well."""
    for row in PHRASES:
        if row["means"] != "not_stated" or row["phrase"][0] in "#\\<(":
            continue
        phrase = row["phrase"]
        assert reference.units().find(phrase) is None, phrase
        assert reference.currencies().find(phrase) is None, phrase
        if phrase.isalnum():
            assert reference.countries().find(phrase) is None, phrase
        assert not reference.family_terms().find(phrase), phrase


@pytest.mark.parametrize("text", ["x" * 100_000, "see " * 20_000, "not " * 50, "-" * 5_000])
def test_long_texts_are_passed_over(text: str) -> None:
    assert reference.missing(text) in (None, NOT_STATED)
