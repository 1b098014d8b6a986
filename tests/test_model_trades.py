"""A description of a trade is composed of its goods and of what is done with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags import reference
from redflags.model.kinds import BUSINESS
from redflags.model.trades import GENERAL_LINES, recognise
from redflags.reference.trades import COMMERCE, NEUTRAL


def line(text: str) -> str | None:
    value: str | None = BUSINESS.parse(text).value
    return value


@pytest.mark.parametrize(
    "text",
    ["phone store", "smartphone shop", "mobile phones", "telecom shop", "retail of mobile phones",
     "Handel mit Mobiltelefonen", "Mobilfunkhändler", "Handyladen in Berlin",
     "magasin de téléphonie", "négoce de téléphones mobiles", "venta de celulares",
     "cep telefonu satış", "telefon", "продажа сотовых телефонов", "متجر هواتف محمولة",
     "بيع الهواتف المحمولة", "used mobile phone dealer", "phone repair shop",
     "shop for mobile phones and accessories", "mobile phone trader"],
)  # fmt: skip
def test_a_phone_shop_in_any_words(text: str) -> None:
    assert line(text) == "mobile-phone-shop"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("electronics retail", "electronics-retailer"),
        ("sale and repair of computers", "electronics-retailer"),
        ("mobile phone wholesaler", "electronics-distributor"),
        ("import and export of mobile phones", "electronics-distributor"),
        ("оптовая торговля мобильными телефонами", "electronics-distributor"),
        ("exchange office", "money-exchange"),
        ("money transfer office", "money-exchange"),
        ("clothing shop", "textile-trader"),
        ("tienda de ropa", "textile-trader"),
        ("carpet trader", "textile-trader"),
        ("Teppichhändler", "textile-trader"),
        ("تجارة السجاد", "textile-trader"),
        ("agricultural company", "farm-or-cooperative"),
        ("nail salon", "hairdresser-beauty"),
        ("textile machinery manufacturer", "machinery-manufacturer"),
        ("farm machinery dealer", "machinery-trader"),
        ("завод удобрений", "fertiliser-manufacturer"),
        ("мастерская по ремонту автомобилей", "garage-vehicle-repair"),
        ("مصنع دهانات", "paint-manufacturer"),
        ("fabricant de peinture", "paint-manufacturer"),
        ("gübre bayii", "agriculture-supplier"),
        ("aluminium trader", "metals-trader"),
        ("jewellery", "jeweller"),
        ("general trading LLC", "general-trading"),
        ("umbrella trader", "household-goods-shop"),
        ("bookshop", "household-goods-shop"),
        ("mobilya mağazası", "household-goods-shop"),
        ("négociant en vins", "food-wholesaler"),
        ("gıda toptancısı", "food-wholesaler"),
        ("косметика опт", "cosmetics-trader"),
        ("jouets en gros", "toy-company"),
        ("手机批发商", "electronics-distributor"),
        ("服装贸易有限公司", "textile-trader"),
        ("珠寶店", "jeweller"),
        ("trader", "general-trading"),
        ("Gen. Trdg. Co", "general-trading"),
        ("mfr of paints", "paint-manufacturer"),
        ("furniture mfg.", "furniture-manufacturer"),
        ("whl. clothing", "textile-trader"),
        ("Tekstil San. ve Tic. A.Ş.", "textile-trader"),
        ("trading in building materials LLC", "building-materials-wholesaler"),
        ("medical & surgical equipment trading", "medical-supplier"),
    ],
)
def test_goods_and_commerce_together_name_the_line(text: str, expected: str) -> None:
    assert line(text) == expected


@pytest.mark.parametrize(
    "text",
    ["flower trader", "coal merchant", "coal factory", "ice merchant", "widget trader",
     "Kohlenhandel", "négociant en charbon"],
)  # fmt: skip
def test_a_trader_in_goods_without_a_line_is_not_a_general_trader(text: str) -> None:
    found = BUSINESS.parse(text)
    assert found.value is None
    assert found.why


@pytest.mark.parametrize(
    "text",
    ["phone case manufacturer", "wholesale of mobile phone cases",
     "fabricant de coques de téléphone", "fertiliser", "steel"],
)  # fmt: skip
def test_goods_that_only_modify_another_noun_or_stand_alone_name_no_line(text: str) -> None:
    assert line(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NACE 47.42", "mobile-phone-shop"),
        ("NACE Rev. 2: 47.42", "mobile-phone-shop"),
        ("nace kodu 47.42.01", "mobile-phone-shop"),
        ("47.42", "mobile-phone-shop"),
        ("APE 4742Z", "mobile-phone-shop"),
        ("WZ 2008 47.42.0", "mobile-phone-shop"),
        ("ATECO 20.30.00", "paint-manufacturer"),
        ("PKD 47.77.Z", "jeweller"),
        ("ОКВЭД 77.11", "car-rental"),
        ("UK SIC 96020", "hairdresser-beauty"),
        ("SIC 5731", None),
        ("4742", None),
        ("NACE 46.69", None),
        ("NACE 99.99", None),
        ("12.50", None),
        ("47.42 EUR", None),
        ("2016.05.01", None),
    ],
)
def test_a_class_of_the_european_classification_names_the_line(
    text: str, expected: str | None
) -> None:
    assert line(text) == expected


def test_a_bare_number_of_a_class_is_taken_as_one_and_says_so() -> None:
    assert BUSINESS.parse("47.42").assumed
    assert not BUSINESS.parse("NACE 47.42").assumed


def test_a_description_of_two_lines_is_open_and_says_between_which() -> None:
    why = BUSINESS.parse("wholesale and retail of mobile phones").why
    assert "electronics distributor" in why
    assert "mobile phone shop" in why


def test_the_evidence_names_the_goods_and_the_commerce() -> None:
    how = BUSINESS.parse("phone store").how
    assert "phone" in how
    assert "store" in how


def test_every_class_of_goods_and_every_word_exist() -> None:
    lines, goods = set(reference.business_lines()), reference.trade_goods()
    assert lines >= GENERAL_LINES
    for one in goods.values():
        assert set(one.lines) <= set(COMMERCE)
        assert set(one.lines.values()) <= lines - GENERAL_LINES
        assert one.alone in {"", *lines}
    words = {term.id for term in reference.trade_words().terms}
    assert words == {*goods, *COMMERCE, NEUTRAL}


def test_every_class_of_goods_has_nouns_in_seven_languages() -> None:
    spoken: dict[str, set[str]] = {}
    for term in reference.trade_words().terms:
        spoken.setdefault(term.id, set()).add(term.language)
    for identifier, languages in spoken.items():
        assert languages >= {"en", "tr", "ar", "ru", "de", "fr", "es"}, identifier


_WORDS = ["mobile phones", "carpet", "trader", "shop", "wholesale", "of", "and", "Laden",
          "производство", "general", "import", "cases", "محل", "هواتف", "satış",
          "10", ",", "GmbH"]  # fmt: skip


@given(st.lists(st.sampled_from(_WORDS), max_size=8))
def test_any_mixture_of_words_is_a_line_or_open_with_the_reason(words: list[str]) -> None:
    found = recognise(" ".join(words))
    assert (found.value is None) is bool(found.why)
    if found.value is not None:
        assert found.value in reference.business_lines()


@given(st.text())
def test_any_text_can_be_described(text: str) -> None:
    recognise(text)


def test_a_long_description_takes_no_long_time() -> None:
    for piece in ("phone shop ", "Handyladen", "shop", "trader of "):
        recognise(piece * 5_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Schuhgeschäft", "textile-trader"),
        ("Schuhladen", "textile-trader"),
        ("Papierfabrik", "paper-manufacturer"),
        ("usine de papier", "paper-manufacturer"),
        ("papeterie industrielle", "paper-manufacturer"),
        ("papeterie", "household-goods-shop"),
        ("造纸厂", "paper-manufacturer"),
        ("charcuterie", "butcher"),
        ("fabricant de charcuterie", "food-manufacturer"),
        ("steel mill", "metal-fabricator"),
        ("commerce général", "general-trading"),
        ("fishing cooperative", "fishing-fish-farming"),
        ("terzi", "textile-trader"),
        ("photo studio", "photo-studio"),
    ],
)
def test_shops_and_works_are_told_apart(text: str, expected: str) -> None:
    assert BUSINESS.parse(text).value == expected


@pytest.mark.parametrize(
    "text", ["fabricant de papeterie", "Hersteller von Schreibwaren", "paper bag factory"]
)
def test_a_maker_of_what_a_shop_sells_is_not_that_shop(text: str) -> None:
    assert BUSINESS.parse(text).value is None
