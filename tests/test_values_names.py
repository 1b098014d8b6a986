"""Two spellings of one firm have one key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags import reference
from redflags.values.names import LegalForms, name_key, parse_name, same_name

FORMS = LegalForms(
    ["Ltd", "Limited", "Ltd. Şti.", "Limited Şirketi", "San. ve Tic.", "Sanayi ve Ticaret", "A.Ş.",
     "GmbH", "KG", "GmbH & Co. KG", "LLC", "S.A.R.L.", "ООО", "شركة", "ذ.م.م", "Inc", "Co"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ABC Elektronik San. ve Tic. Ltd. Şti.", "Abc Elektronik"),
        ("ABC ELEKTRONİK SANAYİ VE TİCARET LİMİTED ŞİRKETİ", "abc elektronik"),
        ("Müller GmbH & Co. KG", "Mueller"), ("Foo L.L.C.", "FOO LLC"),
        ("Foo S.A.R.L.", "SARL Foo"),
        ("ООО «Ромашка»", "Romashka"), ("شركة النور ذ.م.م", "النور"), ("A B C Ltd", "ABC Limited"),
        ("Acme GmbH (Berlin)", "Acme"), ("Acme GmbH, attn Mr Smith", "Acme GmbH"),
        ("Acme Ltd c/o Parcel Desk", "Acme"), ("Acme GmbH z.Hd. Herr X", "Acme"),
        ("Acme A.Ş. Mersin Şubesi", "Acme A.Ş."), ("Acme GmbH Niederlassung Köln", "Acme"),
        ("Acme succursale de Lyon", "Acme"), ("Acme sucursal", "Acme"),
        ("ООО Ромашка филиал", "Romashka"), ("شركة النور فرع دبي", "النور"),
        ("Acme Ltd branch", "Acme"),
        ("Smith & Co., Ltd.", "smith"), ("Ltd", "LTD."), ("Foo\u200b Ltd", "foo"),
    ],
)  # fmt: skip
def test_one_firm(one: str, other: str) -> None:
    assert same_name(one, other, FORMS)


@pytest.mark.parametrize(
    ("one", "other"), [("Foo", "Bar"), ("Foo Bar", "Bar Foo"), ("", ""), ("?", "!"), ("Foo", "")]
)
def test_two_firms(one: str, other: str) -> None:
    assert not same_name(one, other, FORMS)


def test_a_name_that_is_a_legal_form_is_its_own_key() -> None:
    assert name_key("Ltd. Şti.", FORMS) == "ltd sti"


@pytest.mark.parametrize(
    ("name", "key"),
    [("(Acme)", "acme"), ("Attn: Bob", "attn bob"), ("Branch", "branch"), ("Attar Ltd", "attar"),
     ("Mersin Şubesi", "mersin"), ("((((", ""), ("Dikkat Ltd", "dikkat")],
)  # fmt: skip
def test_what_is_left_of_a_name_is_never_nothing(name: str, key: str) -> None:
    assert name_key(name, FORMS) == key


def test_a_long_name_of_marks_takes_no_long_time() -> None:
    for piece in ("(", "[(", " c/o", "attn ", ",,", "- "):
        name_key(piece * 100_000, FORMS)


@given(st.text())
def test_a_name_with_a_key_is_the_same_as_itself(name: str) -> None:
    assert same_name(name, name, FORMS) is (name_key(name, FORMS) != "")


def test_names_keep_their_spelling() -> None:
    assert parse_name("  Müller \n GmbH ").value == "Müller GmbH"
    assert parse_name("Mu\u0308ller").value == "Müller"
    assert parse_name("--").value is None
    assert parse_name("").why == "not stated"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ABC Elektronik San. ve Tic. Ltd. Şti.", "Abc Elektronik"),
        ("ABC ELEKTRONİK SANAYİ VE TİCARET LİMİTED ŞİRKETİ", "Abc Elektronik A.Ş."),
        ("ООО «Ромашка»", "OOO Romashka LLC"), ("АО Ромашка", "Romashka JSC"),
        ("ТОВ «Ромашка»", "LLC Romashka"), ("ТОО Пример", "Primer LLP"), ("МЧЖ Пример", "Primer"),
        ("Müller GmbH & Co. KG", "Mueller"), ("Exemple S.A.R.L.", "SARL Exemple"),
        ("Ejemplo S.A. de C.V.", "Ejemplo, S.L."), ("Esempio S.r.l.", "Esempio S.p.A."),
        ("Przykład Sp. z o.o.", "PRZYKLAD"), ("深圳市示例科技有限公司", "深圳市示例科技"),
        ("示例股份有限公司", "示例有限责任公司"),
        ("株式会社例", "例㈱"), ("주식회사 예시", "예시㈜"),
        ("شركة المثال ذ.م.م", "المثال"), ("Al Mithal FZ-LLC", "Al-Mithal L.L.C"),
        ("M/s Example Traders", "Example Traders Pvt. Ltd."), ("The Example Company", "Example"),
        ("Messrs. Example", "EXAMPLE"), ("Firma Beispiel GmbH", "Beispiel"),
        ("Александр Пример", "Aleksandr Primer"), ("Παράδειγμα Α.Ε.", "Paradeigma S.A."),
    ],
)  # fmt: skip
def test_one_firm_with_the_shipped_legal_forms(one: str, other: str) -> None:
    assert same_name(one, other, reference.legal_forms())


@pytest.mark.parametrize(
    ("one", "other"),
    [("Example One Ltd", "Example Two Ltd"), ("有限公司", "株式会社"), ("The", "M/s"),
     ("示例科技有限公司", "示例贸易有限公司"), ("Firma", "Messrs")],
)  # fmt: skip
def test_two_firms_with_the_shipped_legal_forms(one: str, other: str) -> None:
    assert not same_name(one, other, reference.legal_forms())
