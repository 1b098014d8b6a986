"""Trade terms are found however they are written, and not where they are not meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags.values.inflection import bases_of_term_word, bases_of_text_word, figures_in
from redflags.values.phrases import PhraseSet
from redflags.values.terms import Head, Term, TermIndex

INDEX = TermIndex(
    [
        Term(found, text, language, "high")
        for found, language, texts in [
            ("aluminium-paste", "en", "aluminium paste"),
            ("aluminium-paste", "de", "Aluminiumpaste"),
            ("aluminium-paste", "fr", "pâte d'aluminium"),
            ("aluminium-paste", "es", "pasta de aluminio"),
            ("aluminium-paste", "tr", "alüminyum pasta"),
            ("aluminium-paste", "ru", "алюминиевая паста"),
            ("aluminium-paste", "ar", "معجون الألومنيوم"),
            ("phone-shop", "en", "mobile phone shop"),
            ("phone-shop", "en", "phone shop"),
            ("phone-shop", "tr", "cep telefonu mağazası"),
            ("phone-shop", "de", "Handyladen"),
            ("phone-shop", "ru", "магазин мобильных телефонов"),
            ("phone-shop", "ar", "محل هواتف"),
            ("phone-repair", "en", "phone repair shop"),
            ("seed-shop", "en", "seed and fertiliser shop"),
            ("ammonium-nitrate", "en", "ammonium nitrate"),
            ("can", "en", "calcium ammonium nitrate"),
            ("acetone", "en", "acetone"),
            ("acetone", "de", "Aceton"),
            ("acetone", "fr", "acétone"),
            ("acetone", "tr", "aseton"),
            ("acetone", "ru", "ацетон"),
            ("acetone", "ar", "أسيتون"),
            ("imu", "en", "IMU"),
            ("uav", "tr", "İHA"),
            ("drone", "en", "drone"),
            ("battery", "en", "battery"),
            ("sulphuric-acid", "en", "sulphuric acid"),
            ("fibre", "en", "carbon fibre"),
            ("uçak", "tr", "uçak parçası"),
        ]
        for text in [texts]
    ],
    exclusions=[("drone", "drone bee")],
)


def ids(text: str) -> set[str]:
    return {match.id for match in INDEX.find(text)}


@pytest.mark.parametrize(
    "text",
    ["aluminium paste", "ALUMINIUM PASTE", "paste, aluminium", "paste of aluminium, 65 %",
     "aluminum paste", "aluminium leafing paste", "aluminium pastes", "Aluminium-Pasten",
     "Aluminium Paste", "Aluminiumpasten", "pâtes d’aluminium", "pasta de aluminio",
     "alüminyum pasta", "ALÜMİNYUM PASTALAR", "алюминиевой пасты", "пасты алюминиевые",
     "معجون ألومنيوم", "معجون الالومنيوم", "alumi\u200bnium раste", "ａluminium paste",
     "battery and aluminium paste"],
)  # fmt: skip
def test_aluminium_paste_in_any_writing(text: str) -> None:
    assert "aluminium-paste" in ids(text)


@pytest.mark.parametrize(
    "text",
    ["aluminium foil and wallpaper paste", "aluminium & paste", "aluminium / paste",
     "aluminium; paste", "алюминиевая фольга и паста", "aluminium foil for the wall paste",
     "aluminium", "paste", "", "aluminiumpastel"],
)  # fmt: skip
def test_no_aluminium_paste(text: str) -> None:
    assert "aluminium-paste" not in ids(text)


@pytest.mark.parametrize(
    "text",
    ["phone shops", "phoneshop", "mobilephone shop", "shop for mobile phones", "phone-shop",
     "cep telefonu mağazaları", "CEP TELEFONU MAĞAZASI", "Handyläden", "Handylaeden",
     "магазины мобильных телефонов", "محلات هواتف", "محل الهواتف"],
)  # fmt: skip
def test_phone_shops_in_any_writing(text: str) -> None:
    assert ids(text) == {"phone-shop"}


@pytest.mark.parametrize(
    "text",
    ["acetone-free remover", "acetone free", "without acetone", "non acetone", "ohne Aceton",
     "Aceton-frei", "sans acétone", "sans l'acétone", "без ацетона", "بدون أسيتون",
     "aseton içermez", "asetonsuz"],
)  # fmt: skip
def test_what_is_called_absent_is_not_found(text: str) -> None:
    assert "acetone" not in ids(text)


@pytest.mark.parametrize(
    "text",
    ["acetone", "acetone, free on board", "acetone free of charge", "acetone-free and acetone",
     "duty free acetone", "2 l Aceton", "ацетона"],
)  # fmt: skip
def test_what_is_there_is_found(text: str) -> None:
    assert "acetone" in ids(text)


def test_a_term_within_a_longer_one_of_another_id_is_not_found() -> None:
    assert ids("calcium ammonium nitrate 50 kg bags") == {"can"}
    assert ids("phone repair shop") == {"phone-repair"}
    assert ids("calcium ammonium nitrate, ammonium nitrate") == {"can", "ammonium-nitrate"}


def test_an_exclusion_voids_its_id_between_the_same_barriers() -> None:
    assert ids("drone bee") == set()
    assert ids("drone bees, two drones") == set()
    assert ids("bee drone") == {"drone"}
    assert ids("drone bee costume / drone") == {"drone"}


def test_a_term_that_has_an_and_is_found_across_it() -> None:
    assert ids("seed and fertiliser shops") == {"seed-shop"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("IMU", {"imu"}), ("imus", {"imu"}), ("iha", {"uav"}), ("IHAs", {"uav"}), ("imun", set()),
        ("batteries", {"battery"}), ("sulfuric acid", {"sulphuric-acid"}),
        ("carbon fibers", {"fibre"}), ("uçağın parçaları", {"uçak"}),
    ],
)  # fmt: skip
def test_inflection_and_spelling(text: str, found: set[str]) -> None:
    assert ids(text) == found


def test_the_best_match_comes_first_and_tells_how_it_was_found() -> None:
    first, second = INDEX.find("drones, then mobile phone shop")
    assert (first.id, first.term, first.words, first.characters) == (
        "phone-shop", "mobile phone shop", 3, 15,
    )  # fmt: skip
    assert (first.exact, first.position, first.language) == (True, 2, "en")
    assert (second.id, second.exact, second.position) == ("drone", False, 0)


HEADED = TermIndex(
    [
        Term("acid", "nitric acid", "en", "high"),
        Term("acid", "Salpetersäure", "de", "high"),
        Term("acid", "acide nitrique", "fr", "high"),
        Term("acid", "nitrik asit", "tr", "high"),
        Term("acid", "азотная кислота", "ru", "high"),
        Term("acid", "حمض النتريك", "ar", "high"),
        Term("fuse", "safety fuse", "en", "high"),
    ],
    heads=[
        Head(noun, language, frozenset({"acid"}), only_before)
        for noun, language, only_before in [
            ("pump", "en", False), ("tester", "en", False), ("tank", "en", False),
            ("Pumpe", "de", False), ("pompe", "fr", False), ("pompası", "tr", False),
            ("насос", "ru", False), ("مضخة", "ar", False), ("bag", "en", True),
            ("pompa", "tr", True),
        ]
    ],
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["nitric acid pump", "nitric acid hand pump", "nitric acid pumps", "pump for nitric acid",
     "pump for concentrated nitric acid", "bag for nitric acid", "Salpetersäure-Pumpe",
     "Pumpe für Salpetersäure", "pompe à acide nitrique", "nitrik asit pompası",
     "nitrik asit için pompa", "насос для азотной кислоты", "مضخة لحمض النتريك"],
)  # fmt: skip
def test_a_term_that_modifies_a_head_noun_is_not_found(text: str) -> None:
    assert HEADED.find(text) == ()


@pytest.mark.parametrize(
    "text",
    ["nitric acid", "nitric acid for pump cleaning", "nitric acid, pump", "nitric acid and pump",
     "nitric acid with pump", "nitric acid 20 bags", "nitric acid bag", "pump, nitric acid",
     "nitric acid in tank", "nitric acid 1000 l tank", "acide nitrique (pompe)", "nitrik asit"],
)  # fmt: skip
def test_goods_beside_a_head_noun_of_their_own_are_found(text: str) -> None:
    assert [match.id for match in HEADED.find(text)] == ["acid"]


def test_a_head_noun_voids_its_own_families_only() -> None:
    assert [match.id for match in HEADED.find("safety fuse tester")] == ["fuse"]


def test_a_small_word_of_another_language_in_a_term_must_stand_in_the_text() -> None:
    index = TermIndex([Term("tea", "salon de thé", "fr", "high")])
    assert [match.id for match in index.find("Salon de Thé")] == ["tea"]
    assert index.find("nail salon") == ()


def test_every_match_is_found_with_its_place() -> None:
    found = INDEX.find_all("acetone, drone, acetone")
    assert [(match.id, match.position, match.end) for match in found] == [
        ("acetone", 0, 1), ("drone", 1, 2), ("acetone", 2, 3),
    ]  # fmt: skip
    assert INDEX.layout("acetone, drone") == (("acetone", "drone"), frozenset({0, 1}))


@given(st.permutations(["aluminium", "paste", "65"]))
def test_the_order_of_words_makes_no_difference(words: list[str]) -> None:
    assert ids(" ".join(words)) == {"aluminium-paste"}


@given(st.text())
def test_any_text_can_be_searched_and_found_text_stays_found(text: str) -> None:
    INDEX.find(text)
    assert "battery" in ids(f"battery / {text}")


def test_phrases_are_whole_words_in_their_order() -> None:
    phrases = PhraseSet(["front line", "Front", "düğün", ""])
    assert phrases.find("near the FRONT-LINE") == "front line"
    assert phrases.find("a front") == "Front"
    assert phrases.find("frontline") is None
    assert phrases.find("line front") == "Front"
    assert phrases.find("DÜĞÜN salonu") == "düğün"
    assert phrases.find("") is None


LANGUAGES = ("en", "de", "fr", "es", "tr", "ru", "ar")


@given(st.from_regex(r"\A[a-zжыوال]{0,6}[0-9]{1,3}[a-zжыوال]{0,6}\Z"), st.sampled_from(LANGUAGES))
def test_inflection_leaves_figures_as_they_are(word: str, language: str) -> None:
    for base in (*bases_of_text_word(word, language), *bases_of_term_word(word, language)):
        assert figures_in(base) == figures_in(word)


@pytest.mark.parametrize("text", ["part 2n2222 4711", "part 2n2222s 4711", "part 2n 2222 4711"])
def test_a_term_with_figures_is_found_beside_numbers_of_articles(text: str) -> None:
    index = TermIndex([Term("transistor", "2N2222", "en", "high")])
    assert [match.id for match in index.find(text)] == ["transistor"]
    assert index.find("part 2n2223 4711") == ()
